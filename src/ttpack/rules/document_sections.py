"""The rule on the sections of controlled documents: the kinds, fields and titles they name are there (DOC-08)."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from ttpack.analysis.controlled_documents.document_types import plain_name
from ttpack.analysis.controlled_documents.layout import type_sections
from ttpack.analysis.controlled_documents.shown import PackageRecords
from ttpack.model.documents import Document
from ttpack.model.findings import Place, Problem
from ttpack.model.kinds import KINDS
from ttpack.model.package import Package
from ttpack.model.publication import DocumentSection
from ttpack.model.record import Record
from ttpack.rules.registry import CONSISTENCY, Context, Outcome, rule


@rule("DOC-08", CONSISTENCY, basis="format.md, Digests: a document is what its sections show")
def section_names_nothing(package: Package, context: Context) -> Iterator[Outcome]:
    """A section of a controlled document names a kind or a field that there is not, or a title that its type lacks.

    `kinds` are full names of kinds; `where` and `fields` are dotted names of fields that at least one of these kinds
    has. A title in `sections` is one of the document's type. A title that is not is a remark: the document has no such
    section.
    Why: a section that selects nothing by a slip of the pen is printed as if there were nothing to show.
    Resolve: write kind, field or title as it is; where a type lacks a section, give it as a section of the document's
    own, with title and kinds.
    """
    for name, sections in sorted(package.manifest.document_types.items()):
        for place, section in enumerate(sections):
            yield from _section(package.manifest, f"document_types.{name}[{place}]", section)
    records = PackageRecords(package)
    for document in package.of(Document):
        if document.external:
            continue
        known = {plain_name(one.title): one.title for one in type_sections(package.raw[document.id], records)}
        for place, given in enumerate(document.sections):
            field = f"sections[{place}]"
            if isinstance(given, DocumentSection):
                yield from _section(document, field, given)
            elif plain_name(given) not in known:
                yield _title(document, document.at(field), given, known)


def _title(document: Document, place: Place, title: str, known: Mapping[str, str]) -> Problem:
    has = f"has {', '.join(known.values())}" if known else "is no standard type and none of the package's own"
    kind = f"its type, {document.document_type!r}," if document.document_type else "a document without a type"
    message = f"{document.name} has no section {title!r}: {kind} {has}"
    return Problem(place, message, kind="information")


def _section(record: Record, field: str, section: DocumentSection) -> Iterator[Problem]:
    unknown = [kind for kind in section.kinds if kind not in KINDS]
    for kind in unknown:
        message = f"the section {section.title!r} of {record.name} shows the kind {kind!r}, which there is not"
        yield Problem(record.at(f"{field}.kinds"), message, _meant(kind, list(KINDS)))
    kinds = [KINDS[kind] for kind in section.kinds if kind in KINDS]
    if section.where and not section.kinds:
        message = f"the section {section.title!r} of {record.name} has a condition and no kinds that it could hold for"
        yield Problem(record.at(f"{field}.where"), message, "name the kinds that it shows")
    for name, paths in (("where", tuple(section.where)), ("fields", section.fields)):
        for path in paths if kinds else ():
            head = path.partition(".")[0]
            if not head.startswith("x-") and not any(head in kind.model_fields for kind in kinds):
                heads = sorted({one for kind in kinds for one in kind.model_fields})
                message = (
                    f"the section {section.title!r} of {record.name} names a field {path!r} that none of its kinds has"
                )
                yield Problem(record.at(f"{field}.{name}"), message, _meant(head, heads))


def _meant(word: str, known: Sequence[str]) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]}?" if close else ""
