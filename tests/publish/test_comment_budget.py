"""A comment fits what a forge accepts, stays whole Markdown, and says what it left out."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ttpack.publish.comment import page_markdown
from ttpack.views.blocks import (
    Block,
    Bullets,
    Callout,
    Chip,
    Code,
    Column,
    Facts,
    Page,
    Paragraph,
    Prose,
    Row,
    Section,
    Table,
    Text,
)

SMALLEST = 200
TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)


def table(rows: int, word: str = "word", caption: str = "Findings") -> Table:
    head = Row(((Text("group"),), ()), group=True)
    return Table(
        (Column("Rule"), Column("Text")),
        (head, *(Row(((Code(f"R-{n}"),), (Text(word),))) for n in range(rows))),
        caption,
    )


def rendered(markdown: str) -> str:
    return str(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown))


def balanced(markdown: str) -> bool:
    shown = rendered(markdown)
    return all(
        len(re.findall(f"<{name}[ >]", shown)) == shown.count(f"</{name}>")
        for name in ("details", "summary", "table", "tbody", "blockquote", "b", "ul")
    )


@st.composite
def pages(draw: st.DrawFn) -> Page:
    def blocks(depth: int) -> tuple[Block, ...]:
        return tuple(draw(st.lists(block(depth), max_size=3)))

    def block(depth: int) -> st.SearchStrategy[Block]:
        word = draw(TEXTS)
        leaves: list[Block] = [
            table(draw(st.integers(0, 60)), word, word),
            Bullets(((Text(word),),) * draw(st.integers(0, 40))),
            Facts(((word, (Text(word),)),) * draw(st.integers(0, 9))),
            Paragraph((Text(word * 9),)),
            Prose(word),
        ]
        if depth < 3:
            leaves.append(Section(word, blocks(depth + 1), chips=(Chip(word),), folded=draw(st.booleans())))
            leaves.append(Callout("note", word, blocks(depth + 1)))
        return st.sampled_from(leaves)

    return Page("p", draw(TEXTS), blocks(0), summary=draw(TEXTS))


@given(pages(), st.integers(SMALLEST, 4000))
def test_the_comment_is_within_its_budget_and_closes_what_it_opens(page: Page, budget: int) -> None:
    shown = page_markdown(page, budget)
    assert len(shown.encode()) <= budget
    assert balanced(shown)
    assert shown == page_markdown(page, budget)


def test_without_a_budget_nothing_is_folded_or_cut() -> None:
    page = Page("p", "T", (Section("Long", (table(400),), folded=True),))
    assert "<details>" not in page_markdown(page)
    assert page_markdown(page).count("`R-") == 400


def test_details_and_long_sections_fold_and_what_fits_is_whole() -> None:
    page = Page(
        "p",
        "T",
        (
            Section("First screen", (table(5),)),
            Section("Paths", (table(3),), folded=True),
            Section("All of <them> @everyone", (table(40),), chips=(Chip("major"),)),
        ),
    )
    shown = page_markdown(page, 60_000)
    assert "## First screen" in shown
    html = rendered(shown)
    assert "<details><summary><b>Paths</b></summary>" in html
    assert "<b>All of &lt;them&gt; @\u200beveryone</b> [major]" in html
    assert html.count("<table>") == 3
    assert shown.count("`R-") == 48
    assert "more" not in shown


def test_the_longest_lists_lose_rows_first_and_say_how_many() -> None:
    blocks = tuple(
        Section(f"Part {n}", (table(rows, "words " * 8, f"Table {n}"),)) for n, rows in enumerate((8, 2000, 6))
    )
    shown = page_markdown(Page("p", "T", blocks), 20_000)
    rows = [part.count("`R-") for part in re.split(r"Part \d", shown)[1:]]
    assert rows[0] == 8
    assert rows[2] == 6
    assert 100 < rows[1] < 400
    assert f"**{2000 - rows[1]} more**, not shown here" in shown
    assert 19_000 < len(shown.encode()) <= 20_000


def test_of_equal_lists_the_last_is_cut_first() -> None:
    blocks = tuple(Section(f"Part {n}", (table(90, "words " * 8),)) for n in range(4))
    shown = page_markdown(Page("p", "T", blocks), 18_000)
    rows = [part.count("`R-") for part in re.split(r"Part \d", shown)[1:]]
    assert rows[0] == 90
    assert rows == sorted(rows, reverse=True)
    assert min(rows) >= 24


def test_parts_go_from_the_end_when_lists_are_not_enough() -> None:
    blocks = tuple(Section(f"Part {n}", (Paragraph((Text("long " * 200),)),)) for n in range(9))
    shown = page_markdown(Page("p", "T", blocks), 3_500)
    assert "Part 2" in shown
    assert "Part 3" not in shown
    assert "6 further parts are too long to be shown here" in shown


def test_a_budget_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="not even a sentence"):
        page_markdown(Page("p", "T", (table(9),)), 10)
