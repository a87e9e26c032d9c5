"""A page as plain text for a terminal or a log, laid out for a width; colour only repeats what the words say.

Texts come from any author: a character that could steer a terminal is shown as a replacement mark.
"""

import re
import textwrap
from collections.abc import Iterator
from itertools import zip_longest

from ttpack.publish.cells import plain_text
from ttpack.views.blocks import (
    Block,
    Bullets,
    Callout,
    Cards,
    Cell,
    Chip,
    Column,
    Facts,
    Figure,
    Flow,
    Inlines,
    Instrument,
    Mark,
    Page,
    Paragraph,
    Picture,
    Prose,
    Section,
    Strong,
    Table,
)

WIDTH = 100
_NARROWEST = 8  # a column narrower than this shows nothing readable
_GAP = "  "
_REFERENCE = re.compile(r"\[([^\]]*)\]\(ttpack:([^)]*)\)")
_BOLD, _PLAIN = "1", ""
_STYLES = {
    "bad": "31",
    "critical": "1;31",
    "warning": "33",
    "good": "32",
    "info": "36",
    "key": "1",
    "danger": "1;31",
    "success": "1;32",
    "note": "1;36",
}
_SIGNS = {"danger": "✗", "warning": "!", "success": "✓", "note": "i"}


def page_text(page: Page, width: int = WIDTH, *, color: bool = False) -> str:
    """The page as lines of at most `width` characters (longer only where a word is), ending in a newline."""
    return _TextFace(max(width, 40), color=color).page(page)


def printable(text: str) -> str:
    """The text with line breaks kept, other white space as spaces, and what could steer a terminal replaced."""
    if text.isprintable():
        return text
    return "\n".join("".join(map(_shown, line)) for line in text.splitlines())


def _shown(mark: str) -> str:
    if mark.isprintable():
        return mark
    return " " if mark.isspace() else "\N{REPLACEMENT CHARACTER}"


class _TextFace:
    def __init__(self, width: int, *, color: bool) -> None:
        self.width = width
        self.color = color

    def page(self, page: Page) -> str:
        lines = [self.paint(printable(page.title), _BOLD)]
        if page.summary:
            lines += self.wrapped(page.summary)
        lines += self.blocks(page.blocks, 1)
        return "\n".join(line.rstrip() for line in lines) + "\n"

    def paint(self, text: str, style: str) -> str:
        return f"\x1b[{style}m{text}\x1b[0m" if self.color and style else text

    def wrapped(self, text: str, first: str = "", rest: str | None = None) -> list[str]:
        rest = first if rest is None else rest
        lines: list[str] = []
        for part in printable(text).split("\n"):
            lead = rest if lines else first
            lines += textwrap.wrap(
                part, self.width, initial_indent=lead, subsequent_indent=rest, break_on_hyphens=False
            ) or [lead]
        return lines

    def blocks(self, blocks: tuple[Block, ...], depth: int) -> Iterator[str]:
        for block in blocks:
            yield ""
            yield from self.block(block, depth)

    def block(self, block: Block, depth: int) -> Iterator[str]:  # noqa: C901, PLR0912  one match over blocks
        match block:
            case Section(title, inner, _, chips, _):
                yield self.heading(title, chips, depth)
                yield from self.blocks(inner, depth + 1)
            case Paragraph(inlines):
                yield from self.wrapped(plain_text(inlines))
            case Prose(markdown):
                yield from self.wrapped(_REFERENCE.sub(r"\1 (\2)", markdown.strip()))
            case Bullets(items, ordered):
                for number, item in enumerate(items, 1):
                    lead = f"{number}. " if ordered else "- "
                    yield from self.wrapped(plain_text(item), lead, " " * len(lead))
            case Facts(rows):
                yield from self.facts(rows)
            case Table():
                yield from self.table(block)
            case Callout(kind, title, inner):
                yield self.paint(f"{_SIGNS[kind]} {printable(title)}", _STYLES[kind])
                for part in inner:
                    yield from ("  " + line for line in self.block(part, depth))
            case Picture(_, alt) | Figure(_, _, alt):
                yield from self.wrapped(alt)
            case Cards(items):
                yield from self.facts(
                    tuple((card.title, (Strong(card.value), Mark(f"  {card.text}", ""))) for card in items)
                )
            case Instrument(_, _, inner):
                yield from self.blocks(inner, depth)
            case Flow(steps, caption):
                if caption:
                    yield from self.wrapped(caption)
                for step in steps:
                    detail = ", ".join(f"{name} {value}" for name, value in step.facts)
                    yield from self.wrapped(
                        " ".join(filter(None, (step.label, step.title, detail, step.note))), "", "   "
                    )

    def heading(self, title: str, chips: tuple[Chip, ...], depth: int) -> str:
        labels = "".join(f" [{chip.label}]" for chip in chips)
        text = printable(title + labels)
        return self.paint(text.upper() if depth == 1 and not labels else text, _BOLD)

    def facts(self, rows: tuple[tuple[str, Inlines], ...]) -> Iterator[str]:
        widest = min(max((len(name) for name, _ in rows), default=0), 30)
        for name, value in rows:
            lead = f"{printable(name):<{widest}}{_GAP}"
            yield from self.wrapped(plain_text(value), lead, " " * len(lead))

    def table(self, table: Table) -> Iterator[str]:
        if table.caption:
            yield from self.wrapped(table.caption)
        heads = [_head(column) for column in table.columns]
        body = [[_cell_text(cell) for cell in row.cells] for row in table.rows if not row.group]
        widths = self.column_widths(heads, body)
        if widths is None:
            yield from self.listed(table, heads)
            return
        yield from self.line(heads, [_BOLD] * len(heads), widths, table.columns)
        yield _GAP.join("-" * width for width in widths)
        for row in table.rows:
            if row.group:
                yield self.paint(_cell_text(row.cells[0]), _BOLD)
            else:
                texts = [_cell_text(cell) for cell in row.cells]
                yield from self.line(texts, [_style(cell) for cell in row.cells], widths, table.columns)

    def column_widths(self, heads: list[str], body: list[list[str]]) -> list[int] | None:
        """Widths that fit the line, the widest columns giving way first; None where that leaves nothing readable."""
        columns = zip(heads, *body, strict=True)
        widths = [max(1, *(len(line) for text in column for line in text.split("\n"))) for column in columns]
        room = self.width - len(_GAP) * (len(widths) - 1)
        while sum(widths) > room:
            widest = max(range(len(widths)), key=widths.__getitem__)
            second = max((width for width in widths if width < widths[widest]), default=_NARROWEST)
            share = -((room - sum(widths)) // widths.count(widths[widest]))  # equally wide ones give way together
            shrunk = max(second, widths[widest] - share, _NARROWEST)
            if shrunk == widths[widest]:
                shrunk -= 1
            if shrunk < _NARROWEST:
                return None
            widths[widest] = shrunk
        return widths

    def line(
        self, texts: list[str], styles: list[str], widths: list[int], columns: tuple[Column, ...]
    ) -> Iterator[str]:
        cells = [
            [part for line in text.split("\n") for part in textwrap.wrap(line, width, break_on_hyphens=False) or [""]]
            for text, width in zip(texts, widths, strict=True)
        ]
        for parts in zip_longest(*cells, fillvalue=""):
            yield _GAP.join(
                self.paint(_aligned(part, width, column.align), style if part else _PLAIN)
                for part, width, column, style in zip(parts, widths, columns, styles, strict=True)
            )

    def listed(self, table: Table, heads: list[str]) -> Iterator[str]:
        """A table too wide for the line: each row as names and values."""
        for row in table.rows:
            yield self.paint(_cell_text(row.cells[0]), _BOLD)
            for head, cell in zip(heads[1:], row.cells[1:], strict=False):
                if text := _cell_text(cell):
                    yield from self.wrapped(f"{head}: {text}".replace("\n", "; "), "  ", "    ")


def _head(column: Column) -> str:
    return printable(f"{column.title} ({column.unit})" if column.unit else column.title)


def _cell_text(cell: Cell) -> str:
    return printable(cell.alt if isinstance(cell, Picture) else plain_text(cell)).strip()


def _style(cell: Cell) -> str:
    if isinstance(cell, Picture):
        return _PLAIN
    tones = [inline.tone for inline in cell if isinstance(inline, Chip | Mark)]
    strong = _BOLD if any(isinstance(inline, Strong) for inline in cell) else _PLAIN
    return next((_STYLES[tone] for tone in tones if tone in _STYLES), strong)


def _aligned(text: str, width: int, align: str) -> str:
    return text.rjust(width) if align in ("right", "decimal") else text.ljust(width)
