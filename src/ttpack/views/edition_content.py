"""Everything that one edition says, before any face: the pages of the package, its controlled documents, its data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ttpack.analysis.editions.edition import Edition
from ttpack.analysis.editions.redact import redacted
from ttpack.model.package import Package
from ttpack.rules.answer import Check
from ttpack.views.blocks import Page, Publication
from ttpack.views.data import package_data
from ttpack.views.publication import publication
from ttpack.views.since import Since

if TYPE_CHECKING:
    from ttpack.analysis.history import Event
    from ttpack.analysis.readiness.history import ReadinessHistory


@dataclass(frozen=True)
class Known:
    """What is known of a revision, from which each edition is made.

    `ahead` is the check of each receiving site as if it stood at its next gate. `change` is the page on what changed
    since an earlier revision and `since` which records; `history` the life of each record, `readiness` how the
    readiness of each receiving site grew.
    """

    package: Package
    check: Check
    ahead: Mapping[str, Check]
    change: Page | None = None
    since: Since | None = None
    history: "Mapping[str, Sequence[Event]]" = field(default_factory=dict)
    readiness: "Mapping[str, ReadinessHistory]" = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DocumentContent:
    """A controlled document as a publication of its own, under a file name without its ending, with its data."""

    record: str
    file_name: str
    publication: Publication
    data: str


@dataclass(frozen=True)
class EditionContent:
    """One edition: the package as its readers may know it, all pages, each controlled document, the data as JSON."""

    edition: Edition
    package: Package
    check: Check
    publication: Publication
    documents: tuple[DocumentContent, ...]
    data: str


def edition_content(known: Known, edition: Edition) -> EditionContent:
    """What an edition says; nothing that its readers may not read goes into it."""
    package = redacted(known.package, edition)
    pages = publication(package, known.check, known.ahead, known.change, known.since, known.history, known.readiness)
    return EditionContent(edition, package, known.check, pages, (), package_data(package, known.check))
