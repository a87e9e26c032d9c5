"""Canonical YAML says what was written, digit by digit, with every comment, and is the same when made again."""

import datetime
import re
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st

from ttpack.source.documents import read_document, read_yaml
from ttpack.source.problems import SourceProblem
from ttpack.source.yaml_writer import CannotRewrite, format_document, record_text, same_data

NAMES = st.sampled_from(
    ["kind", "id", "title", "unit", "low", "high", "ranges", "source", "note", "x-a", "on", '"q k"']
)
VALUES = st.sampled_from([
    "1.50", "123456789012345678901234567890.10", "1e5", "no", "~", "", "True", "12:30", "2026-01-02", "a b", "a:b",
    "a#b", '"[pH]"', "mL", "'it''s'", '"a\\nb"', "{low: 1.0, unit: mL}", "[1, 2, {b: c}]", "[]", "{}", "{a: [x,",
    "y], b: c}", "|", ">", ">-", "|+", "|2", '"two', 'lines"', "[ # c", "process_parameter", "word word " * 14,
])  # fmt: skip
LINES = st.one_of(
    st.builds(
        lambda indent, dashes, name, value, tail: " " * indent + "- " * dashes + f"{name}: {value}{tail}",
        st.sampled_from([0, 0, 2, 2, 4, 1]), st.sampled_from([0, 0, 0, 1, 2]), NAMES, VALUES,
        st.sampled_from(["", "", " # c", "  #c"]),
    ),
    st.builds(lambda indent, value: " " * indent + f"- {value}", st.sampled_from([0, 2, 4]), VALUES),
    st.builds(lambda indent: " " * indent + "# c", st.sampled_from([0, 2, 4])),
    st.sampled_from(["", "", "   ", "  text", "---"]),
)  # fmt: skip
TEXTS = st.lists(LINES, min_size=3, max_size=12)
PLAIN = st.recursive(
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=60)
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.decimals(-1000, 1000, places=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.from_regex(r"\A[a-z_]{1,8}\Z"), inner, max_size=3),
    max_leaves=12,
)


def readable(lines: list[str]) -> list[str]:
    """The lines that make a record file together: one is left out that makes it unreadable, alone and with the next."""
    accepted: list[str] = []
    waiting: list[str] = []
    for line in lines:
        try:
            read_document(numbered([*accepted, *waiting, line]), "a.yaml")
        except SourceProblem:
            waiting = [line]
        else:
            accepted += [*waiting, line]
            waiting = []
    return accepted


def numbered(lines: list[str]) -> bytes:
    """The lines as a file in which every comment is another one."""
    return "\n".join(re.sub(r"# ?c\b", f"#c{number}", line) for number, line in enumerate(lines)).encode() + b"\n"


@given(TEXTS)
@example(["# c", "", "title: x  # c", "kind: a"])
@example(["a: > # c", "   x", "", "b:", "- 1 # c", "# c"])
@example(["title: |+", "    x", "", "kind: >- # c", "  y"])
@settings(max_examples=200)
def test_formatting_keeps_data_digits_and_comments_and_is_done_at_once(lines: list[str]):
    text = numbered(readable(lines) or ["kind: x"])
    before = [record.data for record in read_document(text, "a.yaml")]

    formatted = format_document(text, "a.yaml")

    assert same_data([record.data for record in read_document(formatted, "a.yaml")], before)
    assert Counter(re.findall(rb"#c[0-9]+", formatted)) == Counter(re.findall(rb"#c[0-9]+", text))
    assert format_document(formatted, "a.yaml") == formatted


@given(st.dictionaries(st.from_regex(r"\A[a-z_]{1,8}\Z"), PLAIN, min_size=1, max_size=5))
@settings(max_examples=60)
def test_what_is_written_is_read_back_and_is_canonical(record):
    try:
        text = record_text(record)
    except CannotRewrite:  # invisible characters cannot stand in a file
        reject()

    assert same_data(read_yaml(text.encode(), "a.yaml")[0].data, record)
    assert format_document(text.encode(), "a.yaml").decode() == text


def test_fields_stand_in_the_order_of_the_format_with_their_comments():
    written = b"""\
# Reviewed on paper.

x-erp: {b: 1, a: 2}
note: last
# why it matters
setpoint: 6.850  # from the report
ranges:
    studied: {high: 7.10, evidence: [EVI-A], low: 6.6}  # DoE
    # nothing else was tried
unit: mL
title: Culture pH
my_field: yes
id: PRM-BRX-PH
kind: process_parameter
"""

    assert (
        format_document(written, "a.yaml").decode()
        == """\
# Reviewed on paper.

kind: process_parameter
id: PRM-BRX-PH
title: Culture pH
unit: "mL"
# why it matters
setpoint: 6.850  # from the report
ranges:
  studied: {low: 6.6, high: 7.10, evidence: [EVI-A]}  # DoE
  # nothing else was tried
note: last
x-erp: {b: 1, a: 2}
my_field: "yes"
"""
    )


def test_brackets_that_are_too_long_or_hold_a_comment_become_lines():
    long = ", ".join(f"EVI-NUMBER-{number}" for number in range(12))
    written = f"kind: x\nid: A-B\nevidence: [{long}]\nlimits: {{low: 1, # least\n  high: 2}}\n".encode()

    text = format_document(written, "a.yaml").decode()

    assert "evidence:\n  - EVI-NUMBER-0\n  - EVI-NUMBER-1\n" in text
    assert "limits:\n  low: 1  # least\n  high: 2\n" in text


def test_list_files_keep_their_records_in_order_and_the_lines_between_them():
    written = b"- title: A\n  kind: term\n  # about the id\n  id: GLO-A\n\n\n# second\n-   id: GLO-B\n    kind: term\n"

    assert format_document(written, "a.yaml") == (
        b"- kind: term\n  # about the id\n  id: GLO-A\n  title: A\n\n# second\n- kind: term\n  id: GLO-B\n"
    )


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_text_of_a_markdown_record_stays_byte_for_byte(end: bytes):
    body = b"---" + end + b"# Title  \r\n\n\n* a\r<b  \n"
    written = b"---" + end + b"id: KNW-A" + end + b"kind: know_how # c" + end + body

    assert format_document(written, "a.md") == b"---" + end + b"kind: know_how  # c" + end + b"id: KNW-A" + end + body


def test_line_ends_stay_and_mixed_ones_become_lf():
    assert format_document(b"id: A-B\r\nkind: x\r\n", "a.yaml") == b"kind: x\r\nid: A-B\r\n"
    assert format_document(b"id: A-B\r\nkind: x\n", "a.yaml") == b"kind: x\nid: A-B\n"


def test_the_document_marker_stays_and_what_follows_the_end_does_too():
    assert format_document(b"# c\n---\nid: A-B\nkind: x\n...\n# d\n", "a.yaml") == b"# c\n---\nkind: x\nid: A-B\n# d\n"


@pytest.mark.parametrize(
    "data",
    [
        b"a: &x 1\n",
        b"a: !t 1\n",
        b"a: 1\na: 2\n",
        b"\xef\xbb\xbfa: 1\n",
        b"a: \xff\n",
        b"- " * 70,
        b"",
        b"word\n",
        b"[]\n",
    ],
)
def test_a_file_that_cannot_be_read_is_refused_and_not_guessed_at(data: bytes):
    with pytest.raises(SourceProblem):
        format_document(data, "a.yaml")


def test_many_comments_each_stay_with_their_field():
    many = b"".join(b"k%d: 1  # c%d\n" % (number, number) for number in range(2000))

    assert format_document(many, "a.yaml") == many


def test_a_record_of_plain_data_is_written_as_people_write_it():
    text = record_text(
        {
            "id": "CHG-2026-001",
            "kind": "change_record",
            "x-own": {"deep": {"inner": [1, Decimal("2.50")]}},
            "title": "Widen: the range of pH",
            "effective_date": datetime.date(2026, 1, 2),
            "note": "word " * 30 + "end",
            "description": "first\nsecond",
            "unit": "mL",
            "x-affected": [{"record": "PRM-A", "limit": {"value": Decimal("1.50"), "unit": "%"}}],
            "owner": None,
        }
    )

    assert (
        text
        == """\
kind: change_record
id: CHG-2026-001
title: "Widen: the range of pH"
description: |-
  first
  second
effective_date: 2026-01-02
note: >-
  word word word word word word word word word word word word word word word word word word word word word word word
  word word word word word word word end
x-own:
  deep: {inner: [1, 2.50]}
unit: "mL"
x-affected:
  - {record: PRM-A, limit: {value: 1.50, unit: "%"}}
"""
    )


@pytest.mark.parametrize("value", [1.5, b"bytes", Decimal("NaN"), {1, 2}])
def test_what_is_no_exact_value_is_not_written(value):
    with pytest.raises(TypeError):
        record_text({"kind": "x", "value": value})


@pytest.mark.parametrize("value", ["zero\u200bwidth", "bell\x07", 10**70])
def test_what_no_file_could_hold_is_not_written(value):
    with pytest.raises(CannotRewrite):
        record_text({"kind": "x", "value": value})
