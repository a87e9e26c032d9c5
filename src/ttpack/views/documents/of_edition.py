"""The controlled documents of an edition, which say nothing that the documents of the whole package do not say."""

from typing import TYPE_CHECKING

from ttpack.analysis.editions.edition import Edition
from ttpack.analysis.editions.redact import without_internal_fields
from ttpack.model.documents import Document
from ttpack.model.package import Package
from ttpack.views.agreement import agreed, what_the_whole_says
from ttpack.views.documents.approvals import Signatures
from ttpack.views.documents.chapters import chapters
from ttpack.views.documents.contents import DocumentContent, document_publications, edition_documents
from ttpack.views.since import Since

if TYPE_CHECKING:
    from ttpack.views.blocks import Page


def documents_of(
    whole: Package,
    package: Package,
    edition: Edition,
    since: Since | None = None,
    signatures: Signatures | None = None,
) -> tuple[DocumentContent, ...]:
    """Every controlled document of an edition, by number; `package` is what its readers may know of the whole.

    What changed `since` a revision is told in the internal edition alone. `signatures` says what became of those of
    approvals.
    """
    if edition.internal:
        return document_publications(package, edition, since, signatures=signatures)
    bare = without_internal_fields(whole)
    said: dict[str, tuple[Page, ...]] = {}
    for one in edition_documents(package, edition):
        record, full, plain = (some.get(one.record, Document) for some in (package, whole, bare))
        if record and full:
            known = what_the_whole_says(chapters(whole, full), chapters(bare, plain or full))
            said[one.record] = tuple(agreed(chapters(package, record), known))
    return document_publications(package, edition, None, said, signatures)
