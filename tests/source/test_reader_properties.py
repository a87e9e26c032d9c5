"""Sentences about the reader, tried on whatever Hypothesis can think of."""

import io
import re
from decimal import Decimal
from typing import Any

import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ruamel.yaml import YAML

from ttpack.source.cache import Cache
from ttpack.source.documents import RawRecord, read_document, read_yaml
from ttpack.source.positions import positions
from ttpack.source.problems import SourceProblem
from ttpack.source.reading import ReadFile, _decoded, _encoded, _from_cache
from ttpack.source.scalars import plain_scalar

REFUSED_ON_PURPOSE = {"SRC-03", "SRC-04", "SRC-09"}

LEXEMES = st.from_regex(r"\A[1-9][0-9]{0,20}\.[0-9]{1,30}\Z") | st.from_regex(r"\A0\.[0-9]{1,20}\Z")
NAMES = st.from_regex(r"\A[a-z][a-z0-9_]{0,12}\Z").filter(lambda text: text not in {"null", "true", "false", "y", "n"})
TEXTS = st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=40)
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**40), 10**40) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=4),
    max_leaves=20,
)
RECORDS = st.dictionaries(NAMES, VALUES, min_size=1, max_size=6)


def attempt(data: bytes, path: str = "a.yaml") -> tuple[list[RawRecord], SourceProblem | None]:
    try:
        return read_document(data, path), None
    except SourceProblem as problem:
        return [], problem


@given(LEXEMES)
@example("1.50")
@example("0.10")
def test_a_number_keeps_its_digits(lexeme: str):
    found = read_yaml(f"value: {lexeme}\n".encode(), "a.yaml")[0].data["value"]

    assert isinstance(found, Decimal)
    assert str(found) == lexeme


@given(st.integers(-(10**50), 10**50))
def test_an_integer_is_exact(number: int):
    assert read_yaml(f"value: {number}\n".encode(), "a.yaml")[0].data == {"value": number}


@given(st.from_regex(r"\A[-+]?[0-9]{1,3}\.[0-9]{0,3}([eE][-+]?[0-9]{1,2})?\Z"))
def test_a_float_is_the_decimal_of_its_text(lexeme: str):
    assert plain_scalar(lexeme) == Decimal(lexeme)


@given(RECORDS)
@settings(max_examples=60)
def test_the_reader_agrees_with_ruamel_on_yaml_1_2(data: dict[str, Any]):
    stream = io.StringIO()
    writer = YAML(typ="safe", pure=True)
    writer.version = (1, 2)
    writer.dump(data, stream)
    text = stream.getvalue().removeprefix("%YAML 1.2\n")
    records, problem = attempt(text.encode())
    if problem is None:
        assert records[0].data == data
    else:  # refused on purpose, or a plain text that begins with "?" or ":", which libyaml does not read in brackets
        odd = re.search(r"[\[{,:] *[?:][^ ]", text)
        assert problem.code in REFUSED_ON_PURPOSE or (problem.code == "SRC-01" and odd), text


QUOTED = st.dictionaries(NAMES, TEXTS | st.lists(TEXTS) | st.dictionaries(NAMES, TEXTS), min_size=1, max_size=6)


@given(QUOTED, st.sampled_from(["'", '"', "|", ">"]))
@settings(max_examples=60)
def test_the_reader_agrees_with_pyyaml_on_quoted_text(data: dict[str, Any], style: str):
    text = yaml.safe_dump(data, default_style=style, allow_unicode=True)
    records, problem = attempt(text.encode())
    if problem is None:
        assert records[0].data == data
    else:
        assert problem.code in REFUSED_ON_PURPOSE, text


@given(st.binary(max_size=300) | TEXTS.map(str.encode), st.sampled_from(["a.yaml", "a.md"]))
@example(b"---\n", "a.md")
@example(b"\xef\xbb\xbf---\na: 1\n---\n", "a.md")
@example(b"{a: {b: {", "a.yaml")
def test_any_bytes_are_records_or_one_problem_with_a_place(data: bytes, path: str):
    records, problem = attempt(data, path)
    if problem is None:
        assert records
    else:
        lines = data.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        assert 1 <= problem.line <= len(lines) + 1
        assert problem.column >= 1
        assert problem.fix


@given(RECORDS)
def test_every_field_has_the_place_where_its_name_is_written(data: dict[str, Any]):
    text = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    places = positions(text.encode(), "a.yaml")
    lines = text.split("\n")
    for name in data:
        line, column = places.of(name)
        # names such as "on" are written in quotes
        assert lines[line - 1][column - 1 :].removeprefix("'").startswith(name)


EXACT = st.dictionaries(NAMES, VALUES | LEXEMES.map(Decimal) | st.lists(LEXEMES.map(Decimal), max_size=3), max_size=5)


@given(EXACT, st.integers(1, 10**6), TEXTS | st.none())
def test_what_the_cache_gives_back_is_what_was_read(data: dict[str, Any], line: int, body: str | None):
    file = ReadFile("a.yaml", [RawRecord(data, "a.yaml", line, None, body)], None, suspicious=True, refers=False)

    assert _from_cache("a.yaml", _decoded({"key": _encoded(file)})["key"]) == file


@given(st.text(max_size=30))
def test_a_text_that_is_no_json_of_ours_is_a_miss(text: str):
    assert _decoded({"key": text}) == {}


def test_a_cache_without_a_file_keeps_nothing():
    cache = Cache(None)
    cache.put("a", "b")

    assert cache.get("a") is None
