"""Controlled documents on the site: the list of them, and a page each with its control data and its outline."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from ttpack.analysis.controlled_documents.documents import ControlledDocument, approvals_of, controlled_documents
from ttpack.analysis.controlled_documents.shown import document_layout
from ttpack.model.documents import Document
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Bullets,
    Code,
    Column,
    Facts,
    Inline,
    Inlines,
    Link,
    Page,
    Paragraph,
    Prose,
    Row,
    Section,
    Table,
    Text,
    WebLink,
)
from ttpack.views.documents.contents import DocumentContent
from ttpack.views.prose_references import resolve
from ttpack.views.record import record_section
from ttpack.views.words import chip, label, reference, references

FILES = (("pdf", "PDF"), ("docx", "Word"), ("json", "Data"))
_CONTROL = frozenset({"number", "document_type", "revision", "effective_date", "owner", "shows"})
GROUP = "Documents"


def document_pages(package: Package) -> list[Page]:
    """The list of controlled documents, those kept elsewhere included, and a page for each of our own."""
    own = controlled_documents(package)
    external = [one for one in package.of(Document) if one.external]
    if not own and not external:
        return []
    blocks: list[Block] = []
    if own:
        blocks.append(_list(package, own))
    if external:
        sections = tuple(record_section(package, one) for one in external)
        blocks.append(Section("Documents kept elsewhere", sections))
    pages = [Page("documents", "Documents", tuple(blocks), GROUP, "Each a view of records of this package.")]
    return pages + [_page(package, one) for one in own]


def _list(package: Package, own: Sequence[ControlledDocument]) -> Table:
    rows = tuple(
        Row(
            (
                (Text(one.number),),
                (Link(one.record, one.title, one.record),),
                (Text(label(one.document_type)),),
                (Text(one.revision),),
                chip(one.status),
                (Text(one.effective_date),),
                _approved_by(package, one),
            )
        )
        for one in own
    )
    heads = ("Number", "Title", "Type", "Revision", "Status", "Effective", "Approvals")
    return Table(tuple(map(Column, heads)), rows, "Controlled documents", filterable=len(rows) > 10)  # noqa: PLR2004


def _approved_by(package: Package, one: ControlledDocument) -> Inlines:
    found: list[Inline] = []
    for record in one.approvals:
        role = getattr(package.records.get(record), "role", None)
        words = package.label(role) if role else package.label(record)
        found += [*((Text(", "),) if found else ()), Link(record, words, record)]
    return tuple(found)


def _page(package: Package, one: ControlledDocument) -> Page:
    """Control data and outline; what the document says stands on the pages of its records and in its own files."""
    record = package.records[one.record]
    assert isinstance(record, Document)  # noqa: S101  controlled_documents gives nothing else
    rest = record_section(package, replace_body(record), skip=_CONTROL)
    blocks: list[Block] = [
        Facts(tuple(_control(package, one, record))),
        *((Prose(resolve(package, record.body)),) if record.body else ()),
        Section("What it shows", tuple(_outline(package, one))),
        *((Section("More on the document", rest.blocks),) if rest.blocks else ()),
    ]
    title = f"{one.number} {one.title}" if one.number != one.record else one.title
    return Page(f"document-{one.file_name}", title, tuple(blocks), GROUP, anchor=one.record)


def replace_body(record: Document) -> Document:
    """The record without its text, which the page shows itself."""
    return record.model_copy(update={"body": None})


def _control(package: Package, one: ControlledDocument, record: Document) -> Iterator[tuple[str, Inlines]]:
    yield "Number", (Text(one.number),)
    yield "Title", (Text(one.title),)
    yield "Type", (Text(label(one.document_type)),)
    yield "Revision", (Text(one.revision or "none"),)
    yield "Status", chip(one.status)
    if one.owner:
        yield "Owner", (reference(package, one.owner),)
    if one.effective_date:
        yield "Effective date", (Text(one.effective_date),)
    yield "Audience", (Text(", ".join(one.audience)),)
    approvals = [one.id for one in approvals_of(package, record)]
    yield "Approvals of this revision", references(package, approvals) if approvals else (Text("none yet"),)


def _outline(package: Package, one: ControlledDocument) -> Iterator[Block]:
    laid = document_layout(package, one.record)
    for section in laid.sections:
        if section.records:
            items = tuple((reference(package, record),) for record in section.records)
            yield Section(section.section.title, (Bullets(items),))
    if laid.quoted:
        yield Section("Quoted", (Bullets(tuple((reference(package, one),) for one in sorted(laid.quoted))),))
    if not laid.records:
        yield Paragraph((Text("It shows no record."),))


def with_files(
    pages: Sequence[Page],
    documents: Sequence[DocumentContent],
    folder: str,
    endings: Sequence[str] = ("pdf", "docx", "json"),
) -> tuple[Page, ...]:
    """The pages of the site with the digest of each document, and links to its files in a folder beside the pages."""
    by_record: Mapping[str, DocumentContent] = {one.record: one for one in documents}
    return tuple(_with_files(page, by_record.get(page.anchor), folder, endings) for page in pages)


def _with_files(page: Page, content: DocumentContent | None, folder: str, endings: Sequence[str]) -> Page:
    if content is None or not page.slug.startswith("document-"):
        return page
    rows: list[tuple[str, Inlines]] = [("Content digest", (Code(content.publication.digest),))]
    links: list[Inline] = []
    for ending, words in FILES:
        if ending in endings and folder:
            address = f"{folder}/{content.file_name}.{ending}"
            links += [*((Text(", "),) if links else ()), WebLink(address, words)]
    if links:
        rows.append(("Files", tuple(links)))
    first, *others = page.blocks
    if isinstance(first, Facts):
        return replace(page, blocks=(Facts((*first.rows, *rows)), *others))
    return replace(page, blocks=(Facts(tuple(rows)), *page.blocks))
