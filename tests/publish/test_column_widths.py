"""Printed tables fit their page."""

import pytest

from ttpack.publish.column_widths import LANDSCAPE, PORTRAIT, column_blocks, measure, parts
from ttpack.views.blocks import Cell, Column, Row, Table, Text


def table(*cells: str, rows: int = 1, kind: str = "register") -> Table:
    row: tuple[Cell, ...] = tuple((Text(cell),) for cell in cells)
    columns = tuple(Column(f"h{i}") for i in range(len(cells)))
    return Table(columns, (Row(row),) * rows, kind=kind)  # type: ignore[arg-type]


@pytest.mark.parametrize("count", [1, 2, 5, 8, 12, 20, 40])
@pytest.mark.parametrize("word", ["x", "PRM-BRX-PH", "a sentence of some length that has to wrap " * 3, "W" * 200])
@pytest.mark.parametrize("kind", ["register", "matrix"])
def test_every_table_fits(count, word, kind):
    shape = measure(table(*[word] * count, kind=kind))
    room = LANDSCAPE if shape.landscape else PORTRAIT
    assert sum(shape.widths) <= room + 0.05 * count
    assert all(width > 0 for width in shape.widths)


def test_a_narrow_table_stays_upright_and_its_words_are_not_shrunk():
    shape = measure(table("PRM-BRX-PH", "6.85", "Culture pH moves aggregate and is controlled by carbon dioxide."))
    assert (shape.size, shape.landscape) == (8.0, False)


def test_ids_get_room_before_sentences():
    shape = measure(table("PRM-BRX-PH", "words and words " * 20, rows=30))
    assert shape.widths[0] >= 10 * 8 * 0.6
    assert shape.widths[1] > 3 * shape.widths[0]


@pytest.mark.parametrize(
    "text", ["records/holds/HLD-CEX-POOL.yaml:12:3", "integral_viable_cell_concentration", "----" * 10, "漢" * 30]
)
def test_parts_lose_nothing(text):
    assert "".join(parts(text)) == text


@pytest.mark.parametrize("kind", ["register", "matrix"])
def test_a_table_too_wide_for_any_page_is_printed_in_blocks_of_columns_that_repeat_the_first(kind):
    wide = table("PRM-BRX-PH", *["15.5"] * 200, kind=kind)
    blocks = column_blocks(wide)
    assert len(blocks) > 1
    assert [block.columns[0].title for block in blocks] == ["h0"] * len(blocks)
    assert [column.title for block in blocks for column in block.columns[1:]] == [f"h{i}" for i in range(1, 201)]
    assert {block.rows[0].cells[0] for block in blocks} == {(Text("PRM-BRX-PH"),)}
    assert all(len(block.rows[0].cells) == len(block.columns) for block in blocks)
    assert blocks[1].caption == f"Part 2 of {len(blocks)}"


def test_a_table_that_a_page_can_hold_stays_whole():
    narrow = table("PRM-BRX-PH", *["15.5"] * 10)
    assert column_blocks(narrow) == [narrow]
