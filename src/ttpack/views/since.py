"""What a reader who knows an earlier revision has to see: marks beside records that changed, and their history."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from ttpack.views.blocks import Block, Chip, Link, Page, Picture, Row, Section, Table
from ttpack.views.history import history_section

if TYPE_CHECKING:
    from ttpack.analysis.history import Event

_SHOWN_EVENTS = 5


@dataclass(frozen=True, slots=True)
class Since:
    """The revision that a reader knows, and the records whose meaning changed after it."""

    revision: str
    records: frozenset[str]


def told(pages: Sequence[Page], since: Since | None, history: "Mapping[str, Sequence[Event]]") -> list[Page]:
    """Pages whose records carry a mark where they changed since, and what happened to them where something did."""
    return [replace(page, blocks=_page_blocks(page, since, history)) for page in pages]


def _page_blocks(page: Page, since: Since | None, history: "Mapping[str, Sequence[Event]]") -> tuple[Block, ...]:
    blocks = tuple(_block(block, since, history) for block in page.blocks)
    return (*blocks, *_life(page.anchor, history))


def _block(block: Block, since: Since | None, history: "Mapping[str, Sequence[Event]]") -> Block:
    if isinstance(block, Table) and since is not None:
        return replace(block, rows=tuple(_row(row, since) for row in block.rows))
    if not isinstance(block, Section):
        return block
    inner = tuple(_block(one, since, history) for one in block.blocks)
    if not block.anchor:
        return replace(block, blocks=inner)
    changed = since is not None and block.anchor in since.records
    chips = (*block.chips, Chip(f"changed since {since.revision}", "warning")) if since and changed else block.chips
    return replace(block, blocks=(*inner, *_life(block.anchor, history)), chips=chips, changed=changed)


def _row(row: Row, since: Since) -> Row:
    """The row, marked where the record that it is about changed: the one that stands in it, or that it names first."""
    first = row.cells[0] if row.cells else ()
    named = () if isinstance(first, Picture) else (part.record for part in first if isinstance(part, Link))
    record = row.anchor or next(iter(named), "")
    return replace(row, changed=True) if record in since.records else row


def _life(record: str, history: "Mapping[str, Sequence[Event]]") -> tuple[Block, ...]:
    """Its history, but for a record that was entered and never touched again."""
    events = history.get(record, ()) if record else ()
    return (history_section(events, _SHOWN_EVENTS),) if len(events) > 1 else ()
