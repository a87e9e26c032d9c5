"""An author's Markdown becomes a closed tree in which nothing can act."""

import json

import pytest

from ttpack.publish.error import PublishError
from ttpack.publish.prose import parse_prose, safe_address


def nodes(text: str):
    return parse_prose({text: "REC-1"})[text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Plain words, 5 % of it.", [{"t": "para", "c": ["Plain words, 5 % of it."]}]),
        ("two\nlines", [{"t": "para", "c": ["two lines"]}]),
        ("1. one", [{"t": "list", "ordered": True, "start": 1, "items": [[{"t": "para", "c": ["one"]}]]}]),
        ("H~2~O", [{"t": "para", "c": ["H", {"t": "sub", "c": ["2"]}, "O"]}]),
        ("10^9^", [{"t": "para", "c": ["10", {"t": "sup", "c": ["9"]}]}]),
        ("a <b>x</b>", [{"t": "para", "c": ["a <b>x</b>"]}]),
        ("<!-- c -->", [{"t": "code", "v": "<!-- c -->"}]),
        ("`a`{=typst}", [{"t": "para", "c": [{"t": "code", "v": "a"}, "{=typst}"]}]),
        ("```{=typst}\n#read()\n```", [{"t": "code", "v": "#read()"}]),
        ("![alt](../x)", [{"t": "para", "c": ["alt"]}]),
        ("[w](ttpack:A-B@SITE-B)", [{"t": "para", "c": [{"t": "link", "record": "A-B@SITE-B", "c": ["w"]}]}]),
        ("[w](javascript:x)", [{"t": "para", "c": ["w"]}]),
        ("---", [{"t": "rule"}]),
        ("> q", [{"t": "quote", "c": [{"t": "para", "c": ["q"]}]}]),
        ("# H {#id .c onclick=x}", [{"t": "head", "level": 1, "c": ["H {#id .c onclick=x}"]}]),
        ("a  \nb", [{"t": "para", "c": ["a", {"t": "br"}, "b"]}]),
        ("~~gone~~ *e*", [{"t": "para", "c": [{"t": "strike", "c": ["gone"]}, " ", {"t": "em", "c": ["e"]}]}]),
    ],
)
def test_what_each_construct_becomes(text, expected):
    assert nodes(text) == expected


def test_table():
    (table,) = nodes("| a | b |\n|---|--:|\n| *1* | 2 |")
    assert table["align"] == ["left", "right"]
    assert table["head"] == [["a"], ["b"]]
    assert table["rows"] == [[[{"t": "em", "c": ["1"]}], ["2"]]]


def test_each_text_stands_alone():
    texts = ["```\nunclosed", "[a]\n\n[b]: https://b", "[b] and [a]\n\n[a]: https://a"]
    parsed = parse_prose(dict.fromkeys(texts, ""))
    assert parsed[texts[0]] == [{"t": "code", "v": "unclosed"}]
    assert parsed[texts[1]] == [{"t": "para", "c": ["[a]"]}]
    assert "https://b" not in json.dumps(parsed[texts[2]])


@pytest.mark.parametrize("text", ["> " * 3000 + "x", "*a " * 60 + "a*" * 60, "- " * 200 + "x"])
def test_too_deep_is_an_error_that_names_the_record(text):
    with pytest.raises(PublishError, match=r"REC-DEEP: .* deeper than"):
        parse_prose({"*fine*": "REC-1", text: "REC-DEEP"})


@pytest.mark.parametrize(
    "address", ["https://a.b/c?d=e#f", "HTTP://a", "mailto:a@b.c", "x/y.html", "#a", "../x", "?q=a:b"]
)
def test_addresses_that_stay(address):
    assert safe_address(address) == address


@pytest.mark.parametrize(
    "address",
    ["javascript:x", "JaVa\nScript:x", " javascript:x", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
     "//evil.example", "\\\\evil", "/\\evil", "ttpack:A", "a:b", "", "\x01javascript:x"],
)  # fmt: skip
def test_addresses_that_go(address):
    assert safe_address(address) == ""
