"""How strongly each parameter moves each quality attribute, as a table that is read along rows and down columns.

A letter for the strength and an arrow for the direction, so that it reads in print, without colour, aloud.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from ttpack.views.blocks import Cell, Chip, Column, Link, Mark, Row, Table, Text, Tone

_ARROWS = {"increases": "↑", "decreases": "↓", "both": "↕", "non_monotonic": "↕", "interaction": "×"}
_LETTERS = {"high": "H", "medium": "M", "low": "L"}
_TONES: dict[str, Tone] = {"high": "critical", "medium": "key", "low": "info"}


@dataclass(frozen=True, slots=True)
class Influence:
    """How a parameter moves an attribute: `strength` high, medium, low or ""; `direction` as in the package."""

    direction: str
    strength: str


@dataclass(frozen=True, slots=True)
class MatrixColumn:
    """A quality attribute: its record, a short name for the column head, and its full title."""

    record: str
    short: str
    title: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A parameter: its record, title and class, the unit operation it belongs to, and its influences by attribute."""

    record: str
    title: str
    group: str
    influences: Mapping[str, Influence]
    chip: Chip | None = None
    group_record: str = ""


def influence_matrix(rows: Sequence[MatrixRow], columns: Sequence[MatrixColumn], caption: str) -> Table:
    """The matrix; rows stand in the order given, and each run of rows with one group has its heading."""
    heads = (Column("Parameter"), *(Column(column.short, "center", record=column.record) for column in columns))
    body: list[Row] = []
    for group, members in groupby(rows, key=lambda row: (row.group, row.group_record)):
        title, record = group
        body.append(Row(((Link(record, title) if record else Text(title),),), group=True))
        body += [Row((_name(row), *(_influence(row, column) for column in columns))) for row in members]
    return Table(heads, tuple(body), caption, filterable=True, kind="matrix")


def _name(row: MatrixRow) -> Cell:
    link = Link(row.record, row.title, row.record)
    return (link, Text(" "), row.chip) if row.chip else (link,)


def _influence(row: MatrixRow, column: MatrixColumn) -> Cell:
    influence = row.influences.get(column.record)
    if influence is None:
        return ()
    symbol = _LETTERS.get(influence.strength, "") + _ARROWS.get(influence.direction, "")
    strength = f" ({influence.strength})" if influence.strength else ""
    direction = influence.direction.replace("_", " ") or "affects"
    tone = _TONES.get(influence.strength, "neutral")
    return (Mark(symbol or "•", f"{row.title} {direction} {column.title}{strength}", tone),)


def matrix_legend() -> str:
    """The symbols in words, to stand under the matrix."""
    return (
        "H, M, L: high, medium, low strength. ↑ increases, ↓ decreases, ↕ both ways, × in interaction. "
        "Blank: no effect known."
    )
