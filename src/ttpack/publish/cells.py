"""What a cell says, for measuring and aligning, whichever face shows it."""

import re

from ttpack.views.blocks import (
    Break,
    Cell,
    Chip,
    Code,
    Link,
    Mark,
    Number,
    Picture,
    Strong,
    Table,
    Text,
    WebLink,
)

_DECIMAL = re.compile(r"[<>≤≥~±+−-]?\s?\d+(?:\.(\d+))?")


def plain_text(cell: Cell) -> str:
    """The words of a cell, for measuring and matching."""
    if isinstance(cell, Picture):
        return ""
    parts = []
    for inline in cell:
        match inline:
            case Text(text) | Strong(text) | Code(text):
                parts.append(text)
            case Link(_, label) | WebLink(_, label) | Chip(label):
                parts.append(label)
            case Number(text, unit):
                parts.append(f"{text} {unit}" if unit else text)
            case Mark(symbol):
                parts.append(symbol)
            case Break():
                parts.append("\n")
    return "".join(parts)


def decimals_of(cell: Cell) -> int | None:
    """Digits after the point when the cell is one number that can be aligned, else None."""
    if isinstance(cell, Picture) or len(cell) != 1:
        return None
    inline = cell[0]
    if not isinstance(inline, Number | Text | Strong):
        return None
    matched = _DECIMAL.fullmatch(plain_text(cell))
    return len(matched[1] or "") if matched else None


def fraction_digits(table: Table, index: int) -> int:
    """The most digits after the point in a column aligned at the point, else 0."""
    if table.columns[index].align != "decimal":
        return 0
    cells = (row.cells[index] for row in table.rows if not row.group and len(row.cells) > index)
    return max((decimals_of(cell) or 0 for cell in cells), default=0)
