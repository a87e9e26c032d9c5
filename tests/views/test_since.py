"""A reader who knows an earlier revision sees which rows are about records that changed."""

import pytest

from ttpack.views.blocks import Column, Link, Page, Picture, Row, Section, Table, Text
from ttpack.views.since import Since, told

CHANGED = Since("rev-A", frozenset({"PRM-A-1"}))


@pytest.mark.parametrize(
    ("row", "changed"),
    [
        (Row(((Text("pH"),),), anchor="PRM-A-1"), True),
        (Row(((Link("PRM-A-1", "pH"), Link("PRM-A-2", "x")), (Text("7"),))), True),
        (Row(((Text("pH"),), (Link("PRM-A-1", "pH"),))), False),
        (Row(((Link("PRM-A-2", "x"), Link("PRM-A-1", "pH")),)), False),
        (Row(((Link("PRM-A-1", "pH"),),), anchor="PRM-A-2"), False),
        (Row((Picture("<svg/>", "a", "n"),)), False),
        (Row(()), False),
    ],
)
def test_a_row_is_about_the_record_that_stands_in_it_or_that_it_names_first(row: Row, changed: bool):
    head: tuple[Column, ...] = (Column("a"), Column("b"))
    pages = [Page("index", "T", (Table(head, (row,)), Section("s", (Table(head, (row,)),))))]
    (page,) = told(pages, CHANGED, {})
    table, section = page.blocks
    assert isinstance(table, Table)
    assert isinstance(section, Section)
    assert table.rows[0].changed is changed
    inner = section.blocks[0]
    assert isinstance(inner, Table)
    assert inner.rows[0].changed is changed
    assert told(pages, None, {}) == pages
