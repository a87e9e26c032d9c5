"""How the columns of a table on the site are shaped by what its cells say."""

from ttpack.publish.cells import decimals_of, plain_text
from ttpack.views.blocks import Cell, Picture, Row, Table

_LONG_CELL = 56
_SHORT_CELL = 16


def row_title(row: Row) -> str:
    """What the record of a row is called: the first words of the row that are not its id."""
    for cell in row.cells[:2]:
        for line in plain_text(cell).split("\n"):
            if line.strip() and line.strip() != row.anchor:
                return line.strip()
    return ""


def decimal_padding(cell: Cell, digits: int) -> str:
    """The classes by which a number stands under the points of its column, which has `digits` after them."""
    own = decimals_of(cell)
    if own is None or own >= digits:
        return ""
    return f" tt-pad-{min(digits - own, 9)}" + ("" if own else " tt-pad-point")


def column_class(table: Table, index: int) -> str:
    """The classes of a column: how it is aligned, and whether it may wrap."""
    column = table.columns[index]
    cells = [row.cells[index] for row in table.rows if not row.group and len(row.cells) > index]
    longest = max((len(line) for cell in cells for line in plain_text(cell).split("\n")), default=0)
    classes = [f"tt-{column.align}"]
    if any(isinstance(cell, Picture) for cell in cells):
        classes.append("tt-drawn")
    elif longest > _LONG_CELL:
        classes.append("tt-long")
    elif longest <= _SHORT_CELL or index == 0:
        classes.append("tt-short")
    return " ".join(classes)
