"""The files of one edition of a release, as a bag: site, PDF, documents, data, and what is said of all of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import ttpack
from ttpack.model.json_text import dumps
from ttpack.publish.documents import write_documents
from ttpack.publish.release import bag, bill, crate
from ttpack.publish.release.files import FileDigest, digests
from ttpack.publish.release.layout import BILL, DOCUMENTS, FORMAT, RECORD
from ttpack.publish.release.statement import SIGNATURE, Signer, signed_statement
from ttpack.publish.site import write_site
from ttpack.publish.typst import write_pdf
from ttpack.views.documents.contents import DocumentContent
from ttpack.views.edition_content import EditionContent, released

_INDEX = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Release</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'">
<meta http-equiv="refresh" content="0; url=data/index.html"></head>
<body><p><a href="data/index.html">To the pages of this release</a></p></body></html>
"""


@dataclass(frozen=True)
class ReleaseFacts:
    """What a release record says besides what its files are.

    `commit` is of the internal edition alone. `redaction` says what the edition holds, `others` what was withheld
    from each other edition (internal edition alone). `since` is the revision that changes are told from.
    """

    revision: str
    moment: datetime
    rules: str
    commit: str = ""
    since: str = ""
    redaction: Mapping[str, Any] = field(default_factory=dict)
    others: Mapping[str, Any] = field(default_factory=dict)


Seal = Callable[[bytes], bytes]


def write_edition(
    content: EditionContent, facts: ReleaseFacts, folder: Path, seal: Seal | None = None, signer: Signer | None = None
) -> str:
    """Write the bag of an edition into an empty folder and return the digest of its tag manifest.

    `seal` returns a PDF with the organisation's seal, `signer` signs the release record. Without them the
    bytes depend on the content alone. Raises PublishError or OSError.
    """
    content = released(content, facts.revision)
    payload = folder / bag.PAYLOAD
    seconds = int(facts.moment.timestamp())
    write_site(content.publication, payload, seconds, release=facts.revision)
    write_documents(content.documents, payload / DOCUMENTS, seconds)
    write_pdf(content.publication, payload / "package.pdf", {"package.json": content.data.encode()}, seconds)
    (payload / "package.json").write_text(content.data, "utf-8", newline="\n")
    identifier = f"{content.package.manifest.id} {facts.revision} {content.edition.name}"
    (payload / BILL).write_bytes(bill.bill_of_materials(identifier, facts.moment.astimezone(UTC)))
    unsealed = _sealed(payload, seal) if seal else {}
    _describe(content, facts, payload, identifier)
    record = _record(content, facts, digests(payload), unsealed)
    (payload / RECORD).write_bytes(record)
    more = ["index.html"]
    (folder / "index.html").write_text(_INDEX, "ascii", newline="\n")
    if signer:
        (folder / SIGNATURE).write_bytes(signed_statement(record, signer))
        more.append(SIGNATURE)
    return bag.write_bag(folder, digests(payload), _information(content, facts), more)


def _sealed(payload: Path, seal: Seal) -> dict[str, str]:
    """Seal every PDF; what each was before, which is what two builders compare."""
    before = {}
    for one in digests(payload):
        if one.path.endswith(".pdf"):
            path = payload / one.path
            before[one.path] = one.digest
            path.write_bytes(seal(path.read_bytes()))
    return before


def _describe(content: EditionContent, facts: ReleaseFacts, payload: Path, identifier: str) -> None:
    manifest = content.package.manifest
    titles = {"index.html": "The site", "package.pdf": content.publication.title, "package.json": "All records as data"}
    for one in content.documents:
        for ending in ("pdf", "docx", "json"):
            titles[f"{DOCUMENTS}/{one.file_name}.{ending}"] = one.publication.title
    described = crate.crate(
        f"{content.publication.title}, revision {facts.revision}, {content.edition.name} edition",
        f"Release of a technology transfer package for {content.edition.title}.",
        identifier,
        manifest.licence or "",
        [replace(one, digest="") if one.path.endswith(".pdf") else one for one in digests(payload)],
        titles,
        facts.moment.astimezone(UTC),
    )
    (payload / crate.NAME).write_bytes(described)


def _record(
    content: EditionContent, facts: ReleaseFacts, files: list[FileDigest], unsealed: Mapping[str, str]
) -> bytes:
    """The release record as canonical JSON text: it names every other file of the payload."""
    manifest = content.package.manifest
    record: dict[str, Any] = {
        "format": FORMAT,
        "package": {"id": manifest.id, "title": content.publication.title, "product": content.publication.product},
        "revision": facts.revision,
        "edition": {"name": content.edition.name, "title": content.edition.title},
        "moment": facts.moment.astimezone(UTC).isoformat(),
        "as_of": content.check.as_of,
        "since": facts.since,
        "schema_version": str(manifest.schema_version),
        "rules": facts.rules,
        "built_with": {"ttpack": ttpack.__version__, **bill.built_with()},
        "check": content.check.counts,
        "documents": [_document(one) for one in content.documents],
        "redaction": dict(facts.redaction),
        "files": [one.as_json() for one in files],
        "before_sealing": dict(sorted(unsealed.items())),
    }
    if facts.commit:
        record["commit"] = facts.commit
        record["editions"] = dict(facts.others)
    return f"{dumps(record, sort_keys=True)}\n".encode()


def _document(one: DocumentContent) -> dict[str, Any]:
    """What the release record says of a controlled document."""
    said = one.publication
    return {
        "record": one.record,
        "number": said.document_number,
        "title": said.title,
        "revision": said.revision,
        "status": said.status,
        "digest": said.digest,
        "file_name": one.file_name,
        "approvals": [
            {"name": a.name, "role": a.role, "meaning": a.meaning, "date": a.date, "reference": a.reference}
            for a in said.approvals
        ],
    }


def _information(content: EditionContent, facts: ReleaseFacts) -> dict[str, str]:
    return {
        "Bag-Software-Agent": f"ttpack {ttpack.__version__}",
        "Bagging-Date": facts.moment.astimezone(UTC).date().isoformat(),
        "External-Identifier": f"{content.package.manifest.id} {facts.revision} {content.edition.name}",
        "External-Description": content.publication.title,
    }
