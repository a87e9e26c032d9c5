"""A page as portable Markdown, for a pull-request comment or a job summary.

Every text is an author's or a file's: none of it is read as Markdown or HTML, calls a person, or becomes a link.
"""

import html
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache

from ttpack.publish.shortening import folding, shortened
from ttpack.publish.terminal import printable
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Callout,
    Cards,
    Cell,
    Chip,
    Code,
    Facts,
    Figure,
    Flow,
    Inline,
    Inlines,
    Instrument,
    Link,
    Mark,
    Number,
    Page,
    Paragraph,
    Picture,
    Prose,
    Section,
    Strong,
    Table,
    Text,
    WebLink,
)

_ACTIVE = re.compile(r"[\\`*_{}\[\]()<>#+!|~&$-]")
_CALLING = re.compile(r"(@|\\#|\bGH\\-)(?=\w)|((?:https?|ftp):)(?=//)|(www)(?=\.)", re.IGNORECASE)
_CALLING_IN_HTML = re.compile(r"(@|#|\bGH-)(?=\w)|((?:https?|ftp):)(?=//)|(www)(?=\.)", re.IGNORECASE)
_BARE_PIPE = re.compile(r"(?<!\\)\|")
_LINE_START = re.compile(r"^(\d+)([.)])")
_REFERENCE = re.compile(r"\[([^\]]*)\]\(ttpack:([^)]*)\)")
_ZERO_WIDTH = "\u200b"
_ALERTS = {"danger": "CAUTION", "warning": "WARNING", "success": "TIP", "note": "NOTE"}
_RULES = {"left": ":--", "right": "--:", "decimal": "--:", "center": ":-:"}
_DEEPEST = 6
_LONGEST_OPEN = 25
"""Rows that a section may show unfolded in a comment: about a screen."""


def page_markdown(page: Page, budget: int | None = None) -> str:
    """The page as GitHub-flavoured Markdown, ending in a newline.

    With a budget it is at most that many bytes of UTF-8 (so at most as many characters): sections of details, and
    those longer than a screen, are folded; then lists are cut and say how many rows are missing, the longest first
    and the last before the first; then parts are left out from the end. Raises ValueError for a budget that holds
    nothing.
    """
    if budget is None:
        return _text(page, fold=False)
    folded = replace(page, blocks=folding(page.blocks, _LONGEST_OPEN))
    return _text(shortened(folded, lambda cut: _fits(_lines(cut, fold=True), budget)), fold=True)


def _fits(lines: Iterable[str], budget: int) -> bool:
    """Whether lines are within a budget of bytes; of a page far over it only the beginning is rendered."""
    total = blank = 0
    for line in lines:
        if not line:
            blank += 1
            continue
        total += blank + len(line.encode("utf-8", "replace")) + 1
        blank = 0
        if total > budget:
            return False
    return True


def _text(page: Page, *, fold: bool) -> str:
    return "\n".join(_lines(page, fold=fold)).rstrip("\n") + "\n"


def _lines(page: Page, *, fold: bool) -> Iterator[str]:
    yield f"# {literal(page.title)}"
    yield ""
    if page.summary:
        yield literal(page.summary)
        yield ""
    yield from _blocks(page.blocks, 2, fold=fold)


@lru_cache(maxsize=1 << 16)
def literal(text: str) -> str:
    """One line that Markdown shows as it is written."""
    line = _ACTIVE.sub(lambda found: f"\\{found[0]}", " ".join(printable(text).split()))
    line = line.replace("\\<", "&lt;").replace("\\&", "&amp;")
    line = _CALLING.sub(rf"\g<0>{_ZERO_WIDTH}", line)
    return _LINE_START.sub(r"\1\\\2", line)


def code(text: str) -> str:
    """A code span that holds the text whatever backticks it has."""
    line = " ".join(printable(text).split())
    fence = "`" * (max((len(run) for run in re.findall("`+", line)), default=0) + 1)
    pad = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{pad}{line}{pad}{fence}" if line else ""


def strong(text: str) -> str:
    """Emphasised words; nothing for no words, since four stars would be a line."""
    return f"**{words}**" if (words := literal(text)) else ""


def _blocks(blocks: tuple[Block, ...], depth: int, *, fold: bool = False) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, Section):
            yield from _section(block, depth, fold=fold)
        else:
            yield from _block(block, depth)
        yield ""


def _section(section: Section, depth: int, *, fold: bool) -> Iterator[str]:
    if fold and section.folded:
        labels = "".join(f" [{_in_html(chip.label)}]" for chip in section.chips)
        yield f"<details><summary><b>{_in_html(section.title)}</b>{labels}</summary>"
        yield ""
        yield from _blocks(section.blocks, depth + 1, fold=fold)
        yield "</details>"
        return
    labels = "".join(f" {code(chip.label)}" for chip in section.chips)
    yield f"{'#' * min(depth, _DEEPEST)} {literal(section.title)}{labels}"
    yield ""
    yield from _blocks(section.blocks, depth + 1, fold=fold)


def _in_html(text: str) -> str:
    """One line of text inside an element, where a backslash would be shown; it calls nobody there either."""
    line = html.escape(" ".join(printable(text).split()), quote=False)
    return _CALLING_IN_HTML.sub(rf"\g<0>{_ZERO_WIDTH}", line)


def _block(block: Block, depth: int) -> Iterator[str]:  # noqa: C901  one match over blocks
    match block:
        case Section():
            yield from _section(block, depth, fold=False)
        case Paragraph(inlines):
            yield _inlines(inlines)
        case Prose(markdown):
            for line in _REFERENCE.sub(r"\1 (\2)", markdown.strip()).split("\n"):
                yield f"> {literal(line)}".rstrip()
        case Bullets(items, ordered):
            yield from (f"{'1.' if ordered else '-'} {_inlines(item)}" for item in items)
        case Facts(rows):
            yield from (f"- {strong(name)}: {_inlines(value)}" for name, value in rows)
        case Table():
            yield from _table(block)
        case Callout(kind, title, inner):
            yield f"> [!{_ALERTS[kind]}]"
            yield f"> {strong(title)}"
            yield from (f"> {line}".rstrip() for line in ("", *_blocks(inner, depth)))
        case Picture(_, alt) | Figure(_, _, alt):
            yield literal(alt)
        case Cards(items):
            yield from (f"- {strong(card.title)}: {literal(f'{card.value} {card.text}')}" for card in items)
        case Flow(steps):
            for step in steps:
                facts = ", ".join(f"{name} {value}" for name, value in step.facts)
                yield f"1. {literal(' '.join(filter(None, (step.label, step.title, facts, step.note))))}"
        case Instrument(_, _, inner):
            yield from _blocks(inner, depth)


def _table(table: Table) -> Iterator[str]:
    heads = [literal(f"{column.title} ({column.unit})" if column.unit else column.title) for column in table.columns]
    if table.caption:
        yield strong(table.caption)
        yield ""
    yield f"| {' | '.join(heads)} |"
    yield f"| {' | '.join(_RULES[column.align] for column in table.columns)} |"
    for row in table.rows:
        cells = [_cell(cell) for cell in row.cells]
        if row.group:
            cells = [f"**{cells[0]}**" if cells[0] else "", *[""] * (len(heads) - 1)]
        yield f"| {' | '.join(cells)} |"


def _cell(cell: Cell) -> str:
    text = literal(cell.alt) if isinstance(cell, Picture) else _inlines(cell)
    return _BARE_PIPE.sub(r"\\|", text)  # code spans too: a table is cut at pipes first


def _inlines(inlines: Inlines) -> str:
    return "".join(_inline(inline) for inline in inlines)


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text):
            return _keeping_edges(text)
        case Strong(text):
            return _keeping_edges(text, strong)
        case Code(text) | Chip(text):
            return code(text)
        case Link(record, label):
            return code(label) if label == record else f"{literal(label)} ({code(record)})"
        case WebLink(url, label):
            return f"{literal(label)} ({code(url)})"
        case Number(text, unit):
            return literal(f"{text} {unit}" if unit else text)
        case Mark(symbol, meaning):
            return literal(f"{symbol} ({meaning})" if meaning else symbol)
        case Break():
            return "<br>"


def _keeping_edges(text: str, write: Callable[[str], str] = literal) -> str:
    """Text between other inlines keeps the space on either side of it."""
    before = " " if text[:1].isspace() else ""
    after = " " if text.strip() and text[-1:].isspace() else ""
    return before + write(text) + after
