"""The faces for a terminal and for a pull request: everything said, nothing active."""

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from ttpack.publish.comment import code, literal, page_markdown
from ttpack.publish.terminal import page_text
from ttpack.views.blocks import (
    Break,
    Bullets,
    Callout,
    Card,
    Cards,
    Chip,
    Code,
    Column,
    Facts,
    Flow,
    Link,
    Mark,
    Number,
    Page,
    Paragraph,
    Picture,
    Prose,
    Row,
    Section,
    Step,
    Strong,
    Table,
    Text,
    WebLink,
)

FINDINGS = Table(
    (Column("Rule"), Column("What is wrong"), Column("Value", "decimal", "min")),
    (
        Row(((Text("Sponsor QA"),), (), ()), group=True),
        Row(((Chip("PRM-04", "bad"),), (Text("Normal range 30 to 60 leaves the proven range"),), (Number("60"),))),
    ),
    "Findings",
)
PAGE = Page(
    "page",
    "Checks",
    (
        Callout("danger", "1 error", (Paragraph((Text("Blocks "), Strong("G3"))),)),
        Cards((Card("Errors", "1", "block at G3"),)),
        Section(
            "Culture pH",
            (
                Facts((("Setpoint", (Number("6.85", "[pH]"),)), ("Acts on", (Link("CQA-AGG", "Aggregate"),)))),
                FINDINGS,
                Bullets(((Code("a|b"),), (WebLink("https://example.org", "the study"),)), ordered=True),
                Prose("See [Aggregate](ttpack:CQA-AGG).\n\nSecond paragraph."),
                Picture("<svg/>", "Setpoint 6.85 inside 6.75 to 6.95", "bar"),
                Flow((Step("3", "Bioreactor", facts=(("SITE-A", "5,000 L"),)),)),
                Paragraph((Mark("●", "strong"), Break(), Text("end"))),
            ),
            "PRM-BRX-PH",
            (Chip("WC-CPP"),),
        ),
    ),
    summary="What is wrong.",
)
TEXTS = st.text(st.characters(codec="utf-8"), max_size=60)


def pages_with(text: str) -> Page:
    inlines = (Text(text), Strong(text), Code(text), Link("CQA-AGG", text), Chip(text), Number(text, text))
    table = Table((Column(text),), (Row((inlines,)), Row((Picture("", text, "p"),))), text)
    blocks = (Paragraph(inlines), Prose(text), Bullets((inlines,)), Facts(((text, inlines),)), table)
    return Page("p", text, (Section(text, blocks), Callout("note", text, blocks), Cards((Card(text, text, text),))))


def rendered(markdown: str) -> str:
    return str(MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(markdown))


def test_text_says_everything() -> None:
    shown = page_text(PAGE, 80)
    assert shown.splitlines() == [
        "Checks",
        "What is wrong.",
        "",
        "✗ 1 error",
        "  Blocks G3",
        "",
        "Errors  1  block at G3",
        "",
        "Culture pH [WC-CPP]",
        "",
        "Setpoint  6.85 [pH]",
        "Acts on   Aggregate",
        "",
        "Findings",
        "Rule    What is wrong                                  Value (min)",
        "------  ---------------------------------------------  -----------",
        "Sponsor QA",
        "PRM-04  Normal range 30 to 60 leaves the proven range           60",
        "",
        "1. a|b",
        "2. the study",
        "",
        "See Aggregate (CQA-AGG).",
        "",
        "Second paragraph.",
        "",
        "Setpoint 6.85 inside 6.75 to 6.95",
        "",
        "3 Bioreactor SITE-A 5,000 L",
        "",
        "●",
        "end",
    ]


def test_a_table_too_wide_for_the_line_becomes_a_list() -> None:
    columns = tuple(Column(f"Column {number}") for number in range(9))
    table = Table(columns, (Row(tuple((Text(f"value {number} of a long row"),) for number in range(9))),))
    lines = page_text(Page("p", "Wide", (table,)), 60).splitlines()
    assert lines[2:4] == ["value 0 of a long row", "  Column 1: value 1 of a long row"]
    assert max(map(len, lines)) <= 60


def test_the_widest_column_gives_way_first() -> None:
    table = Table((Column("Rule"), Column("Text")), (Row(((Text("PRM-04"),), (Text("word " * 40),))),))
    lines = page_text(Page("p", "T", (table,)), 50).splitlines()
    assert lines[4].startswith("PRM-04  word word")
    assert max(map(len, lines)) <= 50


def test_colour_only_repeats_what_the_words_say() -> None:
    colored = page_text(PAGE, 80, color=True)
    assert "\x1b[31mPRM-04\x1b[0m" in colored
    assert re.sub(r"\x1b\[[0-9;]*m", "", colored).replace(" \n", "\n") == page_text(PAGE, 80)


@given(TEXTS, st.integers(40, 200))
def test_no_text_steers_the_terminal(text: str, width: int) -> None:
    shown = page_text(pages_with(text), width)
    assert all(mark == "\n" or mark.isprintable() for mark in shown)


def test_emphasised_words_keep_the_space_after_them() -> None:
    shown = page_markdown(Page("page", "Gate", (Paragraph((Strong("Critical path: "), Text("G3"))),)))

    assert "**Critical path:** G3" in shown


def test_markdown_says_everything() -> None:
    shown = rendered(page_markdown(PAGE))
    for part in (
        "<h1>Checks</h1>",
        "<h2>Culture pH <code>WC-CPP</code></h2>",
        "<strong>G3</strong>",
        '<td style="text-align:right">60</td>',
        "<strong>Sponsor QA</strong>",
        "<code>a|b</code>",
        "Aggregate (<code>CQA-AGG</code>)",
        "the study (<code>https://example.org</code>)",
        "Setpoint 6.85 inside 6.75 to 6.95",
        "● (strong)",
    ):
        assert part in shown, part


@given(TEXTS)
def test_no_text_is_read_as_markdown(text: str) -> None:
    """Whatever an author writes adds no element and no address beyond those of a page of plain words."""

    def elements(markdown: str) -> list[str]:
        return re.findall(r"<(\w+)", rendered(markdown))

    assert set(elements(page_markdown(pages_with(text)))) <= set(elements(page_markdown(pages_with("word"))))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "![x](https://e.org/t.png)",
        "[x](javascript:a)",
        "<!-- c -->",
        "a | b",
        "1. x",
        "~~x~~",
    ],
)
def test_hostile_text_is_shown_as_it_is(text: str) -> None:
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(literal(text))
    shown = "".join(part.content for part in tokens[1].children or ())
    assert shown.replace("\u200b", "") == text


@pytest.mark.parametrize("text", ["@everyone", "#12", "GH-7", "mail@example.org"])
def test_nobody_is_called_and_no_issue_linked(text: str) -> None:
    assert not re.search(r"@\w|#\d|GH-\d", rendered(literal(text)))


@given(TEXTS)
def test_code_holds_any_text(text: str) -> None:
    tokens: list[Any] = MarkdownIt("commonmark").parseInline(f"x{code(text)}")[0].children or []
    wanted = " ".join(text.split())
    if wanted and wanted.isprintable():
        assert [part.content for part in tokens if part.type == "code_inline"] == [wanted]
