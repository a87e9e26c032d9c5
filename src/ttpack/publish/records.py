"""Where each record stands in a publication, so that every mention of it can lead there."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ttpack.publish.error import PublishError
from ttpack.views.blocks import Block, Callout, Instrument, Page, Prose, Publication, Section, Table

SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# Files and folders that the site engine writes beside the pages.
RESERVED_SLUGS = frozenset({"404", "assets", "search", "sitemap", "fonts"})
_LEVELS = 6  # of headings; what is deeper, or stands in a callout, is set as words
_RECORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9.@_-]*")


@dataclass(frozen=True, slots=True)
class Target:
    """A place in the publication: a page, and an anchor on it ("" for the page itself)."""

    slug: str
    anchor: str

    def address(self, suffix: str = ".html") -> str:
        """The relative address from any page of the site."""
        return f"{self.slug}{suffix}" + (f"#{self.anchor}" if self.anchor else "")


def index_records(publication: Publication) -> dict[str, Target]:
    """Record ids and page slugs with the place where each stands first.

    Raises:
        PublishError: two pages have one slug, or a slug or anchor cannot be an address.
    """
    index: dict[str, Target] = {}
    for page in publication.pages:
        if not SLUG.fullmatch(page.slug) or page.slug in RESERVED_SLUGS:
            raise PublishError(f"page address {page.slug!r} is not usable: lower-case letters, digits and hyphens")
        if page.slug in index:
            raise PublishError(f"two pages have the address {page.slug!r}")
        index[page.slug] = Target(page.slug, "")
    for page in publication.pages:
        if page.anchor:
            index.setdefault(page.anchor, Target(page.slug, ""))
        for anchor in _anchors(page.blocks):
            if not _RECORD.fullmatch(anchor):
                raise PublishError(f"{anchor!r} cannot be an anchor: letters, digits, hyphens, dots and @")
            index.setdefault(anchor, Target(page.slug, anchor))
    return index


def _anchors(blocks: tuple[Block, ...]) -> Iterator[str]:
    for block in blocks:
        match block:
            case Section():
                if block.anchor:
                    yield block.anchor
                yield from _anchors(block.blocks)
            case Callout() | Instrument():
                yield from _anchors(block.blocks)
            case Table():
                yield from (row.anchor for row in block.rows if row.anchor)
            case _:
                pass


def headings(publication: Publication) -> dict[str, str]:
    """Titles of the pages and sections that are headings, by the label that stands at each."""
    found: dict[str, str | None] = {page.slug: page.title for page in publication.pages}
    for page in publication.pages:
        for label, title in _places(page.blocks, page.slug, 2):
            found.setdefault(label, title)
    return {label: title for label, title in found.items() if title is not None}


def _places(blocks: tuple[Block, ...], slug: str, level: int) -> Iterator[tuple[str, str | None]]:
    """Every label of a page in order, with the title that it stands at, or None where it stands at words or a row."""
    for block in blocks:
        match block:
            case Section():
                if block.anchor:
                    yield f"{slug}#{block.anchor}", block.title if level <= _LEVELS else None
                yield from _places(block.blocks, slug, level + 1)
            case Callout():
                yield from _places(block.blocks, slug, _LEVELS + 1)
            case Instrument():
                yield from _places(block.blocks, slug, level)
            case Table():
                yield from ((f"{slug}#{row.anchor}", None) for row in block.rows if row.anchor)
            case _:
                pass


def collect_prose(pages: tuple[Page, ...]) -> dict[str, str]:
    """Every author's text that the pages show, with the record (or page) that shows it first."""
    found: dict[str, str] = {}
    for page in pages:
        for text, record in _prose(page.blocks, page.anchor or page.slug):
            found.setdefault(text, record)
    return found


def _prose(blocks: tuple[Block, ...], record: str) -> Iterator[tuple[str, str]]:
    for block in blocks:
        match block:
            case Prose(markdown):
                yield markdown, record
            case Section():
                yield from _prose(block.blocks, block.anchor or record)
            case Callout() | Instrument():
                yield from _prose(block.blocks, record)
            case _:
                pass
