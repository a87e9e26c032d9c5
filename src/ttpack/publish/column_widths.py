"""How wide each column of a printed table is, from the words in it: a reader should not see that paper is narrow."""

import re
from dataclasses import dataclass, replace
from functools import cache

from ttpack.publish.cells import fraction_digits, plain_text
from ttpack.views.blocks import Cell, Chip, Picture, Table

PORTRAIT, LANDSCAPE = 482.0, 729.0  # points between the margins of A4
_SIZE, _SMALLEST = 8.0, 6.0
_WIDE, _NARROW = 0.66, 0.55  # advances of capitals and digits, and of all else, in em; a little generous
BREAKABLE = 25  # characters from which a word may break after a separator
# Without a separator too, as in a digest or in scripts written without spaces.
_SEPARATED = re.compile(r"[^/_:.-]{1,16}[/_:.-]*|[/_:.-]+")
_CHIP_EDGE = "mm"  # what a chip's frame adds to its words
_INSET = 9.0
_LONGEST_LINE = 56
_DRAWING = (118.0, 165.0)
_MATRIX_COLUMN = 21.0
_SENTENCE, _THREAD = 150.0, 0.4
_FEW_ROWS = 15  # not worth a turned page
_MANY_COLUMNS = 10


@dataclass(frozen=True, slots=True)
class TableShape:
    """Column widths in points, the size of the words, whether the page is turned, and digits after each point."""

    widths: list[float]
    size: float
    landscape: bool
    fractions: list[int]


@dataclass(frozen=True, slots=True)
class _Need:
    least: float
    natural: float


def column_blocks(table: Table) -> list[Table]:
    """The table; or, where it is too wide for a turned page at the smallest words, one for each block of its columns.

    The first column, which says what a row is about, is repeated in every block.
    """
    least = [need.least for need in _needs(table, _SMALLEST)]
    blocks: list[list[int]] = [[]]
    used = least[0] if least else 0.0
    for index, width in enumerate(least[1:], start=1):
        if blocks[-1] and used + width > LANDSCAPE:
            blocks.append([])
            used = least[0]
        blocks[-1].append(index)
        used += width
    if len(blocks) == 1:
        return [table]
    return [_part(table, [0, *block], f"part {part} of {len(blocks)}") for part, block in enumerate(blocks, start=1)]


def _part(table: Table, indexes: list[int], which: str) -> Table:
    rows = tuple(
        row if row.group else replace(row, cells=tuple(row.cells[i] for i in indexes if i < len(row.cells)))
        for row in table.rows
    )
    caption = f"{table.caption} ({which})" if table.caption else which.capitalize()
    return replace(table, columns=tuple(table.columns[i] for i in indexes), rows=rows, caption=caption)


def _needs(table: Table, size: float) -> list[_Need]:
    """What each column needs at a size of words, in points."""
    count = len(table.columns)
    columns = [[row.cells[i] for row in table.rows if not row.group and len(row.cells) > i] for i in range(count)]
    heads = [f"{column.title} {column.unit}".strip() for column in table.columns]
    needs = [_need(head, cells, size) for head, cells in zip(heads, columns, strict=True)]
    if table.kind == "matrix":
        needs[1:] = [_Need(_MATRIX_COLUMN, _MATRIX_COLUMN)] * (count - 1)
    return needs


def measure(table: Table) -> TableShape:
    """The shape in which the table reads best: portrait where it fits, then landscape, then smaller words."""
    count = len(table.columns)
    fractions = [fraction_digits(table, index) for index in range(count)]
    for size in (_SIZE, 7.0, _SMALLEST):
        needs = _needs(table, size)
        least = sum(need.least for need in needs)
        portrait = least <= PORTRAIT and not (count >= _MANY_COLUMNS and table.kind == "register")
        if portrait or least <= LANDSCAPE or size == _SMALLEST:
            register = table.kind == "register"
            widths = _share(needs, PORTRAIT, fill=register)
            if portrait and not (register and len(table.rows) > _FEW_ROWS and _is_cramped(needs, widths)):
                return TableShape(widths, size, landscape=False, fractions=fractions)
            return TableShape(_share(needs, LANDSCAPE, fill=register), size, landscape=True, fractions=fractions)
    raise AssertionError


def _is_cramped(needs: list[_Need], widths: list[float]) -> bool:
    """Whether a column of sentences would become a thread of words."""
    pairs = zip(needs, widths, strict=True)
    return any(need.natural >= _SENTENCE and width < _THREAD * need.natural for need, width in pairs)


def _need(head: str, cells: list[Cell], size: float) -> _Need:
    lines = [head, *(line for cell in cells for line in _lines(cell))]
    longest = max((line_width(line) for line in lines), default=0.0)
    words = max((line_width(part) for line in lines for word in line.split(" ") for part in parts(word)), default=0.0)
    natural, least = (min(wanted, _LONGEST_LINE * _NARROW) * size + _INSET for wanted in (longest, words))
    if any(isinstance(cell, Picture) for cell in cells):
        least, natural = max(least, _DRAWING[0]), max(natural, _DRAWING[1])
    return _Need(least, natural)


def parts(text: str) -> list[str]:
    """What must stay on one line: a short word as it is, a long one cut after each separator."""
    return [text] if len(text) < BREAKABLE else _SEPARATED.findall(text)


@cache
def line_width(line: str) -> float:
    """The width of a line in em."""
    wide = sum(1 for character in line if character.isupper() or character.isdigit() or character in "mw%@–—")
    return wide * _WIDE + (len(line) - wide) * _NARROW


def _lines(cell: Cell) -> list[str]:
    """The lines that a cell breaks into by itself, each as words."""
    if isinstance(cell, Picture):
        return []
    parts = [f"{plain_text((inline,))}{_CHIP_EDGE if isinstance(inline, Chip) else ''}" for inline in cell]
    return "".join(parts).split("\n")


def _share(needs: list[_Need], room: float, *, fill: bool) -> list[float]:
    """Every column its least, then what is left in proportion to what each still wants."""
    least, natural = sum(n.least for n in needs), sum(n.natural for n in needs)
    if natural <= room:
        stretch = min(room / natural, 1.35) if fill else 1
        return [round(n.natural * stretch, 1) for n in needs]
    if least >= room:
        return [round(n.least * room / least, 1) for n in needs]
    share = (room - least) / (natural - least)
    return [round(n.least + (n.natural - n.least) * share, 1) for n in needs]
