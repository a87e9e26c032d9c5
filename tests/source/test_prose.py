"""What prose must not hold, and what only looks like it."""

import time

import pytest

from ttpack.source.prose import flaws

FILES = {"attachments/flow.svg", "attachments/a b.png"}

FLAWED = [
    ("<script>alert(1)</script>", {"SRC-16"}),
    ("6.8 &#x202E;to 7", {"SRC-09"}),
    ("a&#0;b", set()),
    ("a&shy;b &ZeroWidthSpace;", {"SRC-09"}),
    ("x <b>y", {"SRC-16"}),
    ("pH 6.8 \U0001f9ec", {"SRC-23"}),
    ("`\u0905`", {"SRC-23"}),
    ("\ue000", {"SRC-23"}),
    ("&#x1F9EC;", {"SRC-23"}),
    ("</div>", {"SRC-16"}),
    ("<!-- secret -->", {"SRC-16"}),
    ("<!DOCTYPE html>", {"SRC-16"}),
    ("<?php ?>", {"SRC-16"}),
    ("<![CDATA[x]]>", {"SRC-16"}),
    ("<img src=x onerror=alert(1)", {"SRC-16"}),
    ("<svg/onload=alert(1)>", {"SRC-16"}),
    ("<a\nhref='x'>", {"SRC-16"}),
    ("``` <script>alert(1)</script>", {"SRC-16"}),
    ("\\`<b>x</b>`", {"SRC-16"}),
    ("```\nnever closed <b>", {"SRC-16"}),
    ('```{=typst}\n#read("/etc/passwd")\n```', {"SRC-16"}),
    ("`#read`{=typst}", {"SRC-16"}),
    ("[x](https://x.org){onclick=alert(1)}", {"SRC-16"}),
    ("## Title {: onmouseover='x' }", {"SRC-16"}),
    ("[x](javascript:alert(1))", {"SRC-17"}),
    ("[x](JAVASCRIPT:alert(1))", {"SRC-17"}),
    ("[x](&#106;avascript:alert(1))", {"SRC-17"}),
    ("[x](java\\script:alert(1))", {"SRC-17"}),
    ("[x](<java script:alert(1)>)", {"SRC-17"}),
    ("[x](data:text/html;base64,AAAA)", {"SRC-17"}),
    ("[x](file:///etc/passwd)", {"SRC-17"}),
    ("[x](ftp://x.org)", {"SRC-17"}),
    ("[x](//x.org)", {"SRC-17"}),
    ("[x](/etc/passwd)", {"SRC-17"}),
    ("[x](../../secret)", {"SRC-17"}),
    ("[x][1]\n\n[1]: javascript:alert(1)", {"SRC-17"}),
    ("<javascript:alert(1)>", {"SRC-17"}),
    ("javascript:alert(1)", {"SRC-17"}),
    (" file:///etc/passwd", {"SRC-17"}),
    ("![x](https://x.org/pixel.png)", {"SRC-17"}),
    ("![x](../out.png)", {"SRC-17"}),
    ("![x][1]\n\n[1]: attachments/flow.svg", {"SRC-17"}),
    ("![x](attachments/none.svg)", {"SRC-22"}),
]


@pytest.mark.parametrize(("text", "codes"), FLAWED)
def test_what_prose_must_not_hold(text: str, codes: set[str]):
    assert {flaw.code for flaw in flaws(text, FILES)} == codes


SOUND = [
    "<5 %",
    "<=35 g/L",
    "a < b and c > d",
    "a<b",
    "pH<7.0 and >6",
    "3 <x",
    "`<script>`",
    "``a ` <b>``",
    "```\n<b>\n```\nafter",
    "~~~html\n<b>\n~~~",
    "[x](https://x.org/a_(b))",
    "[x](mailto:a@b.org)",
    "<https://x.org>",
    "<a@b.org>",
    "[x](#title)",
    "[x](attachments/flow.svg)",
    "![flow](attachments/flow.svg)",
    "![flow](./attachments/flow.svg 'title')",
    "![flow](<attachments/a b.png>)",
    "[[CQA-AGG]] at {{ PRM-BRX-PH.setpoint }}",
    "ratio 1:2 (a) [b]: fine",
    "data: all of it",
    "a {b} = c",
    "{cells}/mL",
    "&lt;script&gt;",
    "≤≥±×µ°→²³₂⁻¹αβγΔΩ‰½–—…√∞ Å ´ é é ß Ж 漢字 かな 한글 ， شرق ✓☐",
    "&mu; &le; &#x6f22; &amp;",
]


@pytest.mark.parametrize("text", SOUND)
def test_what_only_looks_like_it(text: str):
    assert list(flaws(text, FILES)) == []


def test_a_flaw_knows_where_it_is():
    text = "µ one\ntwo <b>x\n"

    assert [text[flaw.offset :][:3] for flaw in flaws(text, set())] == ["<b>"]


@pytest.mark.parametrize(
    "part",
    [
        "<",
        "[",
        "![a",
        "![a](",
        "`",
        "`a",
        "``a`",
        "](",
        "{",
        "{on",
        "~~~\n",
        "```\n",
        "<a ",
        "[a]: ",
        "&#",
        "\\",
        "[a](<",
        "<a:",
    ],
)
def test_no_text_takes_long(part: str):
    text = (part * (200_000 // len(part))) + "<:]("
    start = time.process_time()
    list(flaws(text, set()))

    assert time.process_time() - start < 2
