"""An edition never states what the whole package does not state: its pages, without what only its absence computed.

Answers are computed on what an edition holds, so one may come out another than on everything. Each leaf (paragraph,
fact, row, card, drawing ...) stays only where the pages of the whole package say it too, in the same place.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from ttpack.model.ids import NOT_HERE_WORDS
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
    Page,
    Paragraph,
    Picture,
    Prose,
    Row,
    Section,
    Step,
    Table,
    Text,
)
from ttpack.views.said import (
    Cells,
    Said,
    card_text,
    cell_text,
    heads_of,
    holds_stub,
    matches,
    said_by,
    same_cell,
    same_inlines,
    within,
)
from ttpack.views.words import counted, plain

_STUB: Inlines = (Text(NOT_HERE_WORDS),)
_NOTHING = Said()


@dataclass(frozen=True, slots=True)
class Whole:
    """What the pages of the whole package say; and what they say without the fields that only the internal edition has.

    Words that lack such a field agree with the whole where all of them stand there too, in their order.
    """

    said: Mapping[str, Said]
    bare: Mapping[str, Said]

    def says(self, scope: str, sort: str, text: str) -> bool:
        """Whether a text of a sort is said in a scope."""
        said = self.said.get(scope, _NOTHING)
        if said.says(sort, text):
            return True
        return self.bare.get(scope, _NOTHING).says(sort, text) and any(
            within(text, one) for one in said.texts.get(sort, ())
        )

    def states(self, scope: str, name: str, inlines: Inlines) -> bool:
        """Whether a fact is stated in a scope."""
        known = self.said.get(scope, _NOTHING).facts.get(name, [])
        if same_inlines(inlines, known):
            return True
        return same_inlines(inlines, self.bare.get(scope, _NOTHING).facts.get(name, [])) and any(
            within(plain(inlines), plain(one)) for one in known
        )

    def rows(self, scope: str, first: str) -> list[Cells]:
        """The rows of a scope that begin with a cell; all of them for one that is not in the edition."""
        rows = self.said.get(scope, _NOTHING).rows
        return rows.get(first, []) or ([one for given in rows.values() for one in given] if holds_stub(first) else [])

    def has_cell(self, scopes: Sequence[str], first: str, cell: Cell, head: str, known: Cell | None) -> bool:
        """Whether a cell of a row says what the known one says."""
        if same_cell(cell, known):
            return True
        if known is None or not within(cell_text(cell), cell_text(known)):
            return False
        bare = (one for scope in scopes for one in self.bare.get(scope, _NOTHING).rows.get(first, ()))
        return any(same_cell(cell, one.get(head)) for one in bare)


def agreed(pages: Sequence[Page], whole: Whole) -> tuple[Page, ...]:
    """The pages with only what the whole publication says too; each tells how much of it was left out."""
    return tuple(_page(page, whole) for page in pages)


def agreed_facts(
    facts: Sequence[tuple[str, Inlines]], whole: Sequence[tuple[str, Inlines]]
) -> tuple[tuple[str, Inlines], ...]:
    """Those facts that are among the whole publication's."""
    known: dict[str, list[Inlines]] = {}
    for name, inlines in whole:
        known.setdefault(name, []).append(inlines)
    return tuple((name, inlines) for name, inlines in facts if same_inlines(inlines, known.get(name, ())))


def what_the_whole_says(pages: Sequence[Page], bare: Sequence[Page]) -> Whole:
    """What the pages of the whole package say, and those without its internal fields; read once for all editions."""
    said = said_by(pages)
    return Whole(said, said if bare is pages else said_by(bare))


def _page(page: Page, whole: Whole) -> Page:
    scope = page.anchor or page.slug
    holder = _Holder(whole)
    blocks = holder.blocks(page.blocks, scope)
    if holder.left_out:
        blocks = (_told(holder.left_out), *blocks)
    return replace(page, blocks=blocks)


def _told(count: int) -> Callout:
    verb = "rests" if count == 1 else "rest"
    return Callout("note", f"{counted(count, 'part')} of this page {verb} on what this edition does not hold")


@dataclass
class _Holder:
    """Holds the blocks of one page against the whole, and counts what it leaves out."""

    whole: Whole
    left_out: int = 0

    def blocks(self, given: Sequence[Block], scope: str) -> tuple[Block, ...]:
        """The blocks that may stay, each with what of it may stay."""
        return tuple(one for block in given for one in self.block(block, scope))

    def block(self, block: Block, scope: str) -> tuple[Block, ...]:  # noqa: C901, PLR0911  one case a block
        """A block as far as it may stay."""
        match block:
            case Section():
                return self._section(block, scope)
            case Callout():
                if not self._says(scope, "callout", block.title):
                    return ()
                return (replace(block, blocks=self.blocks(block.blocks, scope)),)
            case Paragraph():
                return (block,) if self._says(scope, "paragraph", plain(block.inlines)) else ()
            case Prose():
                return (block,) if self._says(scope, "prose", block.markdown) else ()
            case Bullets():
                items = tuple(item for item in block.items if self._says(scope, "bullet", plain(item)))
                return (replace(block, items=items),) if items else ()
            case Facts():
                rows = tuple(row for given in block.rows if (row := self._fact(given, scope)))
                return (Facts(rows),) if rows else ()
            case Cards():
                cards = tuple(
                    one for one in block.items
                    if self._says(scope, "card", card_text(one.title, one.value, one.text))
                )  # fmt: skip
                return (Cards(cards),) if cards else ()
            case Flow():
                steps = tuple(step for given in block.steps if (step := self._step(given, scope)))
                return (replace(block, steps=steps),) if steps else ()
            case Picture():
                return (block,) if self._says(scope, "picture", block.svg) else ()
            case Figure():
                words = card_text(block.digest, block.alt, block.caption)
                return (block,) if self._says(scope, "figure", words) else ()
            case Instrument():
                shown = self.blocks(block.blocks, scope)
                return (replace(block, blocks=shown),) if self._says(scope, "instrument", block.data) else shown
            case Table():
                return self._table(block, scope)

    def _says(self, scope: str, sort: str, text: str) -> bool:
        return self._keep(self.whole.says(scope, sort, text))

    def _keep(self, agrees: bool) -> bool:  # noqa: FBT001  the one thing it is told
        self.left_out += not agrees
        return agrees

    def _section(self, section: Section, scope: str) -> tuple[Block, ...]:
        inner = section.anchor or scope
        blocks = self.blocks(section.blocks, inner)
        if not section.anchor and section.blocks and not blocks:
            return ()
        chips = tuple(chip for chip in section.chips if self._says(inner, "chip", chip.label))
        title = section.title
        if not section.anchor and not self._says(scope, "section", title):
            title = NOT_HERE_WORDS.capitalize()
        return (replace(section, title=title, blocks=blocks, chips=chips),)

    def _fact(self, row: tuple[str, Inlines], scope: str) -> tuple[str, Inlines] | None:
        name, inlines = row
        if self._keep(self.whole.states(scope, name, inlines)):
            return row
        return (name, _STUB) if name in self.whole.said.get(scope, _NOTHING).facts else None

    def _step(self, step: Step, scope: str) -> Step | None:
        if not self._says(scope, "step", card_text(step.label, step.title, step.note)):
            return None
        facts = tuple(
            (name, value) for name, value in step.facts if self._says(scope, f"step {step.label}", f"{name}: {value}")
        )
        return replace(step, facts=facts)

    def _table(self, table: Table, scope: str) -> tuple[Block, ...]:
        heads = heads_of(table)
        rows = [row for given in table.rows if (row := self._row(given, heads, scope))]
        rows = [
            row for row, after in zip(rows, [*rows[1:], None], strict=False)
            if not (row.group and (after is None or after.group))
        ]  # fmt: skip
        if not rows:
            return ()
        caption = table.caption if self.whole.says(scope, "caption", table.caption) else ""
        return (replace(table, rows=tuple(rows), caption=caption),)

    def _row(self, row: Row, heads: Sequence[str], scope: str) -> Row | None:
        first = cell_text(row.cells[0]) if row.cells else ""
        if row.group:
            return row if self._says(scope, "group", first) else None
        scopes = [row.anchor, scope] if row.anchor else [scope]
        options = [one for place in scopes for one in self.whole.rows(place, first)]
        best = max(options, key=lambda one: _likeness(row, heads, one), default=None)
        if best is None and not holds_stub("".join(map(cell_text, row.cells))):
            self._keep(agrees=False)
            return None
        cells = tuple(
            cell if self._keep(self._cell_agrees(cell, head, best, scopes, first)) else _STUB
            for cell, head in zip(row.cells, heads, strict=False)
        )  # fmt: skip
        return row if all(new is old for new, old in zip(cells, row.cells, strict=False)) else replace(row, cells=cells)

    def _cell_agrees(self, cell: Cell, head: str, row: Cells | None, scopes: Sequence[str], first: str) -> bool:
        text = cell_text(cell)
        if not text.strip() or matches(text, ()):
            return True
        return row is not None and self.whole.has_cell(scopes, first, cell, head, row.get(head))


def _likeness(row: Row, heads: Sequence[str], known: Cells) -> int:
    return sum(same_cell(cell, known.get(head)) for cell, head in zip(row.cells, heads, strict=False))
