"""What a publication says, leaf by leaf, so that another can be held against it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from ttpack.model.ids import NOT_HERE, NOT_HERE_WORDS
from ttpack.views.blocks import (
    Block,
    Bullets,
    Callout,
    Cards,
    Cell,
    Facts,
    Figure,
    Flow,
    Inlines,
    Instrument,
    Link,
    Mark,
    Page,
    Paragraph,
    Picture,
    Prose,
    Section,
    Table,
    Text,
)
from ttpack.views.words import plain

WITHHELD = f"something that blocks it is {NOT_HERE_WORDS}"
"""What an edition says in place of the blockers of a gate that its readers may not read, however many."""

_STUB = re.compile(f"{WITHHELD}|{NOT_HERE}|{NOT_HERE_WORDS}")
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = " \t\n,;:.()[]{}*_`|-"
_SEPARATORS = frozenset({",", ";", "and", ""})

Cells = dict[str, Cell]


@dataclass
class Said:
    """What stands in one scope (a record, else a page): texts by their sort, facts by name, rows by first cell."""

    texts: dict[str, set[str]] = field(default_factory=dict)
    facts: dict[str, list[Inlines]] = field(default_factory=dict)
    rows: dict[str, list[Cells]] = field(default_factory=dict)

    def add(self, sort: str, text: str) -> None:
        """Note a text of a sort."""
        self.texts.setdefault(sort, set()).add(text)

    def says(self, sort: str, text: str) -> bool:
        """Whether a text is said here; one with stubs, whether all the rest of it stands in one text."""
        known = self.texts.get(sort, set())
        return text in known or matches(text, known)


def holds_stub(text: str) -> bool:
    """Whether a reader sees that something is not in this edition."""
    return _STUB.search(text) is not None


def matches(text: str, known: Iterable[str]) -> bool:
    """Whether a text with stubs says nothing beside them that is not in one of the known texts."""
    if not holds_stub(text):
        return False
    rest = [part for given in _STUB.split(text) if (part := given.strip(_BETWEEN))]
    return not rest or any(all(part in one for part in rest) for one in known)


def within(text: str, whole: str) -> bool:
    """Whether all words of a text stand in the whole one, in their order."""
    words = iter(_WORD.findall(whole))
    return all(word in words for word in _WORD.findall(text))


def same_inlines(given: Inlines, known: Iterable[Inlines]) -> bool:
    """Whether words are among those known: the same, the same beside stubs, or a list of some of the same records."""
    options = tuple(known)
    words = plain(given)
    texts = {plain(one) for one in options}
    if words in texts or matches(words, texts):
        return True
    records = _listed(given)
    return records is not None and any(records <= (_listed(one) or frozenset()) for one in options)


def cell_text(cell: Cell) -> str:
    """What a cell says, a drawing with its lines."""
    if isinstance(cell, Picture):
        return cell.svg
    return "".join(item.meaning if isinstance(item, Mark) else plain((item,)) for item in cell)


def same_cell(cell: Cell, known: Cell | None) -> bool:
    """Whether a cell says nothing that the known one does not; an empty cell says nothing."""
    if known is None:
        return False
    if isinstance(cell, Picture) or isinstance(known, Picture):
        return cell_text(cell) == cell_text(known)
    text, other = cell_text(cell), cell_text(known)
    return not text.strip() or text == other or same_inlines(cell, (known,))


def said_by(pages: Sequence[Page]) -> dict[str, Said]:
    """What pages say in each scope: below the id of a record, or the address of a page."""
    found: dict[str, Said] = {}
    for page in pages:
        scope = page.anchor or page.slug
        found.setdefault(scope, Said()).add("page", page.title)
        for block in page.blocks:
            _note(block, scope, found)
    return found


def _note(block: Block, scope: str, found: dict[str, Said]) -> None:  # noqa: C901, PLR0912  one case a block
    said = found.setdefault(scope, Said())
    match block:
        case Section():
            inner = block.anchor or scope
            said.add("section", block.title)
            for chip in block.chips:
                found.setdefault(inner, Said()).add("chip", chip.label)
            for one in block.blocks:
                _note(one, inner, found)
        case Callout():
            said.add("callout", block.title)
            for one in block.blocks:
                _note(one, scope, found)
        case Paragraph():
            said.add("paragraph", plain(block.inlines))
        case Prose():
            said.add("prose", block.markdown)
        case Bullets():
            for item in block.items:
                said.add("bullet", plain(item))
        case Facts():
            for name, inlines in block.rows:
                said.facts.setdefault(name, []).append(inlines)
        case Cards():
            for card in block.items:
                said.add("card", card_text(card.title, card.value, card.text))
        case Flow():
            said.add("caption", block.caption)
            for step in block.steps:
                said.add("step", card_text(step.label, step.title, step.note))
                for name, value in step.facts:
                    said.add(f"step {step.label}", f"{name}: {value}")
        case Picture():
            said.add("picture", block.svg)
        case Figure():
            said.add("figure", card_text(block.digest, block.alt, block.caption))
        case Instrument():
            said.add("instrument", block.data)
            for one in block.blocks:
                _note(one, scope, found)
        case Table():
            _note_table(block, scope, found)


def _note_table(table: Table, scope: str, found: dict[str, Said]) -> None:
    said = found[scope]
    said.add("caption", table.caption)
    heads = heads_of(table)
    for row in table.rows:
        if row.group:
            said.add("group", cell_text(row.cells[0]))
            continue
        cells = dict(zip(heads, row.cells, strict=False))
        first = cell_text(row.cells[0]) if row.cells else ""
        for one in {scope, row.anchor or scope}:
            found.setdefault(one, Said()).rows.setdefault(first, []).append(cells)


def heads_of(table: Table) -> tuple[str, ...]:
    """The heads of a table's columns, with their units; equal ones are told apart by their place."""
    found: list[str] = []
    for column in table.columns:
        head = f"{column.title} [{column.unit}]"
        found.append(head if head not in found else f"{head} {len(found)}")
    return tuple(found)


def card_text(*parts: str) -> str:
    """The parts of a card or a step as one text."""
    return " | ".join(parts)


def _listed(inlines: Inlines) -> frozenset[str] | None:
    """The records that words list and nothing else; None for any other words."""
    found = set()
    for item in inlines:
        if isinstance(item, Link):
            found.add(f"{item.record} {item.label}")
        elif not isinstance(item, Text) or item.text.strip() not in _SEPARATORS:
            return None
    return frozenset(found)
