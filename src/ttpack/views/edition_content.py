"""Everything that one edition says, before any face: the pages of the package, its controlled documents, its data."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING

from ttpack.analysis.editions.edition import Edition
from ttpack.analysis.editions.redact import redacted, without_internal_fields
from ttpack.model.package import Package
from ttpack.model.pictures import CleanPicture
from ttpack.rules.answer import Check
from ttpack.views.agreement import Whole, agreed, agreed_facts, what_the_whole_says
from ttpack.views.blocks import (
    Block,
    Callout,
    Facts,
    Inlines,
    Instrument,
    Page,
    Publication,
    Section,
    Table,
    Text,
)
from ttpack.views.data import package_data
from ttpack.views.documents.approvals import Signatures, package_approvals
from ttpack.views.documents.contents import DocumentContent
from ttpack.views.documents.of_edition import documents_of
from ttpack.views.documents.pages import with_files
from ttpack.views.edition_change import Earlier, edition_change
from ttpack.views.edition_check import agreed_check, agreed_gate
from ttpack.views.figures import figures_in
from ttpack.views.publication import publication, whole_package_document
from ttpack.views.since import Since
from ttpack.views.studies import visible

if TYPE_CHECKING:
    from ttpack.analysis.history import Event
    from ttpack.analysis.readiness.history import ReadinessHistory
    from ttpack.analysis.run_evaluation.evaluation import RunEvaluation

__all__ = ["DOCUMENT_FILES", "DocumentContent", "EditionContent", "Known", "edition_content", "released"]
DOCUMENT_FILES = ("pdf", "docx", "json")
"""The endings of the files that each controlled document has."""


@dataclass(frozen=True)
class Known:
    """What is known of a revision, from which each edition is made.

    `ahead` is the check of each receiving site as if it stood at its next gate. `change` is the page on what changed
    since an earlier revision and `since` which records, `earlier` that revision; `history` the life of each record,
    `readiness` how the readiness of each receiving site grew.
    `picture` gives an attachment as a picture, by its path; without it figures are told in words. `signatures`
    says what became of the signatures of approvals, `runs` what the data of each run say.
    """

    package: Package
    check: Check
    ahead: Mapping[str, Check]
    change: Page | None = None
    since: Since | None = None
    history: "Mapping[str, Sequence[Event]]" = field(default_factory=dict)
    readiness: "Mapping[str, ReadinessHistory]" = field(default_factory=dict)
    earlier: Earlier | None = None
    picture: Callable[[str], CleanPicture] | None = None
    signatures: Signatures = field(default_factory=dict)
    runs: "Mapping[str, RunEvaluation]" = field(default_factory=dict)

    @cached_property
    def whole(self) -> tuple[Publication, Whole]:
        """All that the whole package says, but for what git tells: what every edition is held against."""
        check = replace(self.check, commit=None)
        found = publication(self.package, check, self.ahead, self.change, self.since, runs=self.runs)
        plain = without_internal_fields(self.package)
        bare = publication(plain, check, self.ahead, self.change, self.since, runs=self.runs)
        return found, what_the_whole_says(found.pages, bare.pages)


@dataclass(frozen=True)
class EditionContent:
    """One edition: the package as its readers may know it, all pages, each controlled document, the data as JSON."""

    edition: Edition
    package: Package
    check: Check
    publication: Publication
    documents: tuple[DocumentContent, ...]
    data: str


def edition_content(
    known: Known, edition: Edition, folder: str = "", endings: Sequence[str] = DOCUMENT_FILES
) -> EditionContent:
    """What an edition says; nothing that its readers may not read goes into it.

    `folder` is where the files of documents lie, as seen from a page of the site; "" where none are made. `endings`
    say which files each document has.
    """
    if edition.internal:
        package, check = known.package, known.check
        pages = publication(
            package, check, known.ahead, known.change, known.since, known.history, known.readiness, runs=known.runs
        )
    else:
        package = redacted(known.package, edition)
        check, pages = _agreed(known, package, edition)
    approvals = package_approvals(package, whole_package_document(package), edition, known.signatures)
    pages = replace(pages, pages=_with_edition(pages.pages, edition), edition=edition.name, generated_for=edition.title)
    pages = replace(pages, approvals=approvals)
    documents = documents_of(known.package, package, edition, known.since, known.signatures)
    documents = tuple(replace(one, publication=_illustrated(known, one.publication)) for one in documents)
    pages = _illustrated(known, replace(pages, pages=with_files(pages.pages, documents, folder, endings)))
    return EditionContent(edition, package, check, pages, documents, package_data(package, check))


def released(content: EditionContent, revision: str) -> EditionContent:
    """The same content with the address at which a release of it is published, where the package says so.

    Records have one address each: a document prints that of the record on the site.
    """
    site = content.package.manifest.site_address
    if not site:
        return content
    address = f"{site.rstrip('/')}/{revision}/{content.edition.name}/data/"
    places: dict[str, str] = {}
    for page in content.publication.pages:
        for anchor in filter(None, (page.anchor, *_anchors(page.blocks))):
            places.setdefault(anchor, page.slug)
    documents = tuple(
        replace(one, publication=replace(one.publication, address=address, places=places)) for one in content.documents
    )
    return replace(content, publication=replace(content.publication, address=address), documents=documents)


def _illustrated(known: Known, given: Publication) -> Publication:
    """A publication with the pictures of the figures that stand in it, and no others."""
    if known.picture is None:
        return given
    files = {one.digest: one.file for page in given.pages for one in figures_in(page.blocks)}
    return replace(given, pictures={digest: known.picture(files[digest]) for digest in sorted(files)})


def _anchors(blocks: Sequence[Block]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Section():
                yield block.anchor
                yield from _anchors(block.blocks)
            case Callout() | Instrument():
                yield from _anchors(block.blocks)
            case Table():
                yield from (row.anchor for row in block.rows)
            case _:
                pass


def _agreed(known: Known, package: Package, edition: Edition) -> tuple[Check, Publication]:
    """The check and the pages of a redacted package, with only what those of the whole package say too.

    Git is not asked for anything: who changed what and when is content that nobody labelled.
    """
    check = agreed_check(package, known.check)
    ahead = {
        site: agreed_gate(package, known.package, agreed_check(package, full), full, site)
        for site, full in known.ahead.items() if site in package.records
    }  # fmt: skip
    change, since = None, None
    if known.earlier and known.change:
        change, since = edition_change(known.earlier, known.package, package, edition)
    draft = known.check.counts["errors"] > 0
    runs = visible(known.runs, known.package, package)
    pages = publication(package, check, ahead, change, since, draft=draft, runs=runs)
    whole, said = known.whole
    return check, replace(
        pages,
        pages=agreed(pages.pages, said),
        cover_facts=agreed_facts(pages.cover_facts, whole.cover_facts),
    )


def _with_edition(pages: Sequence[Page], edition: Edition) -> tuple[Page, ...]:
    """The pages, the first of which says for whom they are."""
    row: tuple[str, Inlines] = ("Edition", (Text(f"{edition.name}, for {edition.title}"),))
    first, *others = pages
    blocks: list[Block] = []
    told = False
    for block in first.blocks:
        blocks.append(Facts((*block.rows, row)) if isinstance(block, Facts) and not told else block)
        told = told or isinstance(block, Facts)
    return (replace(first, blocks=tuple(blocks) if told else (Facts((row,)), *blocks)), *others)
