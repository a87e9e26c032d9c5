"""A page cut to what a forge accepts: the longest lists lose rows first, and say how many; then parts from the end."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from ttpack.views.blocks import Block, Bullets, Callout, Facts, Page, Paragraph, Section, Strong, Table, Text

Fits = Callable[[Page], bool]
Listing = Table | Bullets | Facts
_CAPS = (1000, 300, 100, 50, 25, 10, 5, 3, 1, 0)
_NAMES = 120
"""Characters that a title or summary keeps where nothing else would fit."""


def shortened(page: Page, fits: Fits) -> Page:
    """The page itself where it fits, else as much of it as fits; what is less always fits where more does.

    Raises ValueError where not even one sentence fits.
    """
    if fits(page):
        return page
    caps = [len(_rows(listing)) for listing in _listings(page.blocks)]
    for cap in _CAPS:
        lower = [min(cap, rows) for rows in caps]
        if fits(_capped(page, lower)):
            return _capped(page, _refined(page, fits, caps, lower))
        caps = lower
    return _without_end(_capped(page, caps), fits)


def folding(blocks: Sequence[Block], longest: int) -> tuple[Block, ...]:
    """The blocks with every section folded that is marked so or shows more than that many rows."""
    return tuple(
        replace(block, blocks=folding(block.blocks, longest), folded=block.folded or _count(block) > longest)
        if isinstance(block, Section)
        else block
        for block in blocks
    )


def _count(section: Section) -> int:
    return sum(len(_rows(listing)) for listing in _listings(section.blocks))


def _refined(page: Page, fits: Fits, upper: list[int], lower: list[int]) -> list[int]:
    """Row counts between two sets, the lower of which fits: lists at the end are cut, and the first of those least."""
    count = len(lower)
    cut = _first(1, count, lambda number: fits(_capped(page, [*upper[:-number], *lower[-number:]])))
    at = count - cut
    caps = [*upper[:at], *lower[at:]]

    def enough(less: int) -> bool:
        return fits(_capped(page, [*caps[:at], upper[at] - less, *caps[at + 1 :]]))

    caps[at] = upper[at] - _first(0, upper[at] - lower[at], enough)
    return caps


def _first(low: int, high: int, holds: Callable[[int], bool]) -> int:
    """The smallest number from `low` to `high` for which something holds that holds for `high`, by halving."""
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if holds(middle) else (middle + 1, high)
    return high


def _without_end(page: Page, fits: Fits) -> Page:
    """The leading blocks that fit, of a page whose lists are already cut."""
    total = len(page.blocks)
    named = replace(page, title=page.title[:_NAMES], summary=page.summary[:_NAMES])

    def kept(dropped: int) -> Page:
        rest = f"{dropped} further parts are too long to be shown here; the whole record has them."
        return replace(named, blocks=(*page.blocks[: total - dropped], Paragraph((Text(rest),))))

    if total and fits(kept(total)):
        return kept(_first(1, total, lambda dropped: fits(kept(dropped))))
    bare = Page(page.slug, "Too long to be shown", ())
    if not fits(bare):
        raise ValueError("the budget holds not even a sentence")
    return bare


def _listings(blocks: Sequence[Block]) -> Iterator[Listing]:
    for block in blocks:
        if isinstance(block, Section | Callout):
            yield from _listings(block.blocks)
        elif isinstance(block, Table | Bullets | Facts):
            yield block


def _rows(listing: Listing) -> Sequence[object]:
    return listing.items if isinstance(listing, Bullets) else listing.rows


def _capped(page: Page, caps: Sequence[int]) -> Page:
    return replace(page, blocks=_cut_blocks(page.blocks, iter(caps)))


def _cut_blocks(blocks: Sequence[Block], caps: Iterator[int]) -> tuple[Block, ...]:
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Section | Callout):
            done.append(replace(block, blocks=_cut_blocks(block.blocks, caps)))
        elif isinstance(block, Table | Bullets | Facts):
            done += _cut(block, next(caps))
        else:
            done.append(block)
    return tuple(done)


def _cut(listing: Listing, cap: int) -> Iterator[Block]:
    rows = _rows(listing)
    if len(rows) <= cap:
        yield listing
        return
    if isinstance(listing, Table):
        while cap and listing.rows[cap - 1].group:  # a heading of rows that are cut
            cap -= 1
        left = sum(not row.group for row in listing.rows[cap:])
        name = f"{listing.caption}: " if listing.caption and not cap else ""
    else:
        left, name = len(rows) - cap, ""
    if cap:
        yield _head(listing, cap)
    if left:
        yield Paragraph((Strong(f"{name}{left} more"), Text(", not shown here; the whole record has them.")))


def _head(listing: Listing, cap: int) -> Listing:
    match listing:
        case Table():
            return replace(listing, rows=listing.rows[:cap])
        case Bullets():
            return replace(listing, items=listing.items[:cap])
        case Facts():
            return replace(listing, rows=listing.rows[:cap])
