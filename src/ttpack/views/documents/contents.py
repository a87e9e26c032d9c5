"""Each controlled document as a publication of its own: control data, chapters, and the records it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ttpack.analysis.controlled_documents.documents import ControlledDocument, controlled_documents
from ttpack.analysis.controlled_documents.extract import extract
from ttpack.analysis.controlled_documents.shown import document_layout, own_document_words
from ttpack.analysis.editions.edition import Edition
from ttpack.model.documents import Document
from ttpack.model.json_text import dumps
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Code,
    Column,
    Inlines,
    Page,
    Paragraph,
    Publication,
    RevisionLine,
    Row,
    Strong,
    Table,
    Text,
)
from ttpack.views.documents.approvals import Signatures, cover_approvals
from ttpack.views.documents.chapters import chapters
from ttpack.views.since import Since, told
from ttpack.views.words import label, reference, references


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """A controlled document as a publication of its own, under a file name without its ending, with its data."""

    record: str
    file_name: str
    publication: Publication
    data: str


def edition_documents(package: Package, edition: Edition) -> tuple[ControlledDocument, ...]:
    """The documents that an edition holds, by number."""
    found = controlled_documents(package)
    return tuple(one for one in found if edition.documents is None or one.record in edition.documents)


def document_publications(
    package: Package,
    edition: Edition,
    since: Since | None = None,
    said: Mapping[str, tuple[Page, ...]] | None = None,
    signatures: Signatures | None = None,
) -> tuple[DocumentContent, ...]:
    """Every controlled document of an edition, by number; `package` is the one that the edition's readers may know.

    `said` gives the chapters of documents that are already made, by record id; `signatures` says what became of those
    of approvals.
    """
    found = edition_documents(package, edition)
    return tuple(_content(package, one, edition, since, said or {}, signatures or {}) for one in found)


def _content(  # noqa: PLR0913, PLR0917  what is known besides the document
    package: Package,
    one: ControlledDocument,
    edition: Edition,
    since: Since | None,
    said: Mapping[str, tuple[Page, ...]],
    signatures: Signatures,
) -> DocumentContent:
    record = package.records[one.record]
    assert isinstance(record, Document)  # noqa: S101  controlled_documents gives nothing else
    pages = said[one.record] if one.record in said else chapters(package, record, since)
    publication = Publication(
        title=one.title,
        document_number=one.number,
        revision=one.revision,
        status=one.status,
        edition=edition.name,
        effective_date=one.effective_date,
        product=package.manifest.product or package.manifest.name,
        pages=(*told(pages, since, {}), _records_page(package, one)),
        cover_facts=_cover(package, record, one),
        approvals=cover_approvals(package, record, one.digest, edition, signatures),
        generated_for=edition.title,
        owner=package.label(one.owner) if one.owner else "",
        digest=one.digest,
        revisions=_revisions(package, record, one),
    )
    return DocumentContent(one.record, one.file_name, publication, _data(package, one, edition))


def _cover(package: Package, record: Document, one: ControlledDocument) -> tuple[tuple[str, Inlines], ...]:
    rows: list[tuple[str, Inlines]] = [("Document type", (Text(label(one.document_type)),))]
    for name in ("site", "unit_operation", "about"):
        value = getattr(record, name)
        if value:
            rows.append((label(name), (reference(package, value),)))
    if one.supersedes:
        rows.append(("Supersedes", (Text(", ".join(one.supersedes)),)))
    if record.superseded_by:
        rows.append(("Superseded by", (Text(record.superseded_by),)))
    if record.distribution:
        rows.append(("Distribution", references(package, record.distribution)))
    if record.retention:
        rows.append(("Retention", (Text(record.retention),)))
    return tuple(rows)


def _revisions(package: Package, record: Document, one: ControlledDocument) -> tuple[RevisionLine, ...]:
    """The history as its owner wrote it; the present revision is added where it says what it supersedes."""
    lines = [
        RevisionLine(
            str(line.revision),
            line.on.isoformat() if line.on else "",
            "; ".join(filter(None, (line.summary, ", ".join(map(package.label, line.change_records))))),
        )
        for line in record.revisions
    ]
    if one.supersedes and one.revision not in {line.revision for line in lines}:
        lines.append(RevisionLine(one.revision, one.effective_date, f"supersedes {', '.join(one.supersedes)}"))
    return tuple(lines)


def _records_page(package: Package, one: ControlledDocument) -> Page:
    """What the content digest is made of: every record shown or quoted, with its digest."""
    shown = document_layout(package, one.record).shown
    rows = tuple(
        Row(
            (
                (Strong(record),),
                (Text(package.label(record)),),
                (Text("shown" if record in shown else "own words" if record == one.record else "quoted"),),
                (Text(digest),),
            )
        )
        for record, digest in sorted(one.digests.items())
    )
    text = "The content digest of this document is the SHA-256 of the ids and digests of these records. A record that "
    text += "changes asks for a new revision of this document."
    heads = ("Record", "Title", "How", "Digest (SHA-256)")
    table = Table(tuple(map(Column, heads)), rows, "Records and their digests")
    digest = Paragraph((Text("Content digest: "), Code(one.digest)))
    return Page("records-and-digests", "Records and digests", (Paragraph((Text(text),)), digest, table))


def _data(package: Package, one: ControlledDocument, edition: Edition) -> str:
    """The records shown or quoted as JSON text, numbers with their digits, each with its digest."""
    with_status = document_layout(package, one.record).with_status
    own = extract(package, frozenset(one.digests) - {one.record}, with_status=with_status)
    records: list[dict[str, Any]] = []
    for record_id, digest in sorted(one.digests.items()):
        if record_id in own.raw:
            body = own.records[record_id].body
            records.append({**own.raw[record_id], **({"body": body} if body else {}), "record_digest": digest})
    document = {
        "record": one.record, "number": one.number, "title": one.title, "type": one.document_type,
        "revision": one.revision, "status": one.status, "owner": one.owner, "effective_date": one.effective_date,
        "supersedes": list(one.supersedes), "edition": edition.name, "digest": one.digest,
        "own_words": dict(own_document_words(package, one.record)),
    }  # fmt: skip
    return dumps({"document": document, "records": records}) + "\n"
