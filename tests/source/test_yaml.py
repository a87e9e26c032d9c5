"""Every trap of YAML that the design names, with the place it is reported at."""

import time

import pytest

from ttpack.source.documents import read_document, read_markdown, read_yaml
from ttpack.source.problems import SOURCE_RULES, SourceProblem
from ttpack.source.text import MAX_BYTES


def refused(data: bytes, path: str = "records/a.yaml") -> SourceProblem:
    with pytest.raises(SourceProblem) as caught:
        read_document(data, path)
    assert caught.value.path == path
    return caught.value


REFUSED = [
    ("SRC-01", b"unit: %\n", 1, 7, "Write units quoted"),
    ("SRC-01", b"a: 1\nunit: {cells}/mL\nb: 2\n", 2, 14, "Write units quoted"),
    ("SRC-01", b"unit: %{sat}\n", 1, 7, "Write units quoted"),
    ("SRC-01", b"a: {{ x }}\n", 1, 5, "Quote a value with {{ }}"),
    ("SRC-01", b"a: {{ x }} and\n", 1, 5, "Quote a value with {{ }}"),
    ("SRC-01", b"title: Step 1: mix\n", 1, 14, "Put the value in quotes"),
    ("SRC-01", b"a: @x\n", 1, 4, "Put the value in quotes"),
    ("SRC-01", b"\ta: 1\n", 1, 1, "Indent with spaces"),
    ("SRC-01", b"a: 'it's'\n", 1, 8, "same quotation mark"),
    ("SRC-01", b'a: "x\n', 2, 1, "same quotation mark"),
    ("SRC-01", b"a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> x\n", 3, 1, "merge conflict"),
    ("SRC-01", b"1: x\n", 1, 1, "Field names are words"),
    ("SRC-01", b"a:\n  true: x\n", 2, 3, "Field names are words"),
    ("SRC-01", b"1e999: x\n", 1, 1, "Field names are words"),
    ("SRC-01", b"? [a]\n: b\n", 1, 3, "Field names are words"),
    ("SRC-01", b"a: [?x, y]\n", 1, 5, "quotes"),
    ("SRC-01", b'a: "\\ud800"\n', 1, 7, ""),
    ("SRC-02", b"a: 1\na: 2\n", 2, 1, "Keep one"),
    ("SRC-02", b"r:\n  n: {low: 1, low: 2}\n", 2, 15, "Keep one"),
    ("SRC-02", b"- id: A\n- id: B\n  x:\n    - y: 1\n      y: 2\n", 5, 7, "Keep one"),
    ("SRC-03", b"a: &x 1\nb: *x\n", 1, 4, "id"),
    ("SRC-03", b"a: *x\n", 1, 4, "id"),
    ("SRC-03", b"*x", 1, 1, "id"),
    ("SRC-04", b"a: !!python/object:os.system 1\n", 1, 4, "Remove the tag"),
    ("SRC-04", b"a: ! 12\n", 1, 4, "Remove the tag"),
    ("SRC-04", b"%YAML 1.1\n---\na: 1\n", 1, 1, "Remove the tag"),
    ("SRC-05", b"a: 1\n---\nb: 2\n", 2, 1, "one record"),
    ("SRC-06", b"a: " + b"[" * 70 + b"]" * 70, 1, 67, "Flatten"),
    ("SRC-07", b"x" * (MAX_BYTES + 1), 1, 1, "Split"),
    ("SRC-07", b"- a\n" * 310_000, 1, 1, "Split"),
    ("SRC-08", "a: 1".encode("utf-16"), 1, 1, "UTF-8"),
    ("SRC-08", b"\xef\xbb\xbfa: 1", 1, 1, "UTF-8"),
    ("SRC-08", b"b: 1\na: \xe9\n", 2, 4, "UTF-8"),
    ("SRC-08", b"a: \xed\xa0\x80\n", 1, 4, "UTF-8"),
    ("SRC-09", b"a: x\x00y\n", 1, 5, "type it anew"),
    ("SRC-09", b"a: 1\nb: x\x7fy\n", 2, 5, "type it anew"),
    ("SRC-09", "a: 1\nb: µ\u2028y\n".encode(), 2, 5, "type it anew"),
    ("SRC-09", "a: x\u2029y\n".encode(), 1, 5, "type it anew"),
    ("SRC-09", "a: x\u0085y\n".encode(), 1, 5, "type it anew"),
    ("SRC-09", "a: x\u202ey\n".encode(), 1, 5, "type it anew"),
    ("SRC-09", "a: x\ufeffy\n".encode(), 1, 5, "type it anew"),
    ("SRC-09", b'a: "x\\u2028"\n', 1, 4, "type it anew"),
    ("SRC-09", b'a: "\\0"\n', 1, 4, "type it anew"),
    ("SRC-09", b'"\\b": 1\n', 1, 1, "type it anew"),
    ("SRC-11", b"", 1, 1, "kind and id"),
    ("SRC-11", b"# only a comment\n", 1, 1, "kind and id"),
    ("SRC-11", b"hello", 1, 1, "kind and id"),
    ("SRC-11", b"[]", 1, 1, "kind and id"),
    ("SRC-11", b"- kind: a\n- 5\n", 2, 3, "kind and id"),
    ("SRC-21", b"a: .inf\n", 1, 4, "quote"),
    ("SRC-21", b"a: 1\nb: {c: -.INF}\n", 2, 8, "quote"),
    ("SRC-21", b"a: .NaN\n", 1, 4, "quote"),
    ("SRC-21", b"a: 1e999999999\n", 1, 4, "quote"),
    ("SRC-21", b"a: 1e" + b"9" * 5000, 1, 4, "quote"),
    ("SRC-21", b"a: " + b"1" * 61, 1, 4, "quote"),
    ("SRC-21", b"a: 0." + b"1" * 61, 1, 4, "quote"),
    ("SRC-21", b"a: 0x" + b"f" * 70, 1, 4, "quote"),
]


@pytest.mark.parametrize(("code", "data", "line", "column", "fix"), REFUSED, ids=lambda value: repr(value)[:40])
def test_a_trap_is_one_problem_at_its_place(code: str, data: bytes, line: int, column: int, fix: str):
    problem = refused(data)

    assert (problem.code, problem.line, problem.column) == (code, line, column)
    assert fix in problem.fix
    assert problem.name == SOURCE_RULES[code].name


def test_a_duplicate_key_names_both_places():
    problem = refused(b"a:\n  low: 1\n  high: 2\n  low: 3\n")

    assert (problem.line, problem.column) == (4, 3)
    assert "line 2, column 3" in problem.message


MEANING = [
    (b"a: NO", "NO"),
    (b"a: on", "on"),
    (b"a: yes", "yes"),
    (b"a: 12:30", "12:30"),
    (b"a: 1_000", "1_000"),
    (b"a: 2026-11-22", "2026-11-22"),
    (b"a: 010", 10),
    (b"a: 0o10", 8),
    (b"a: 0xFF", 255),
    (b"a: +5", 5),
    (b"a: true", True),
    (b"a: FALSE", False),
    (b"a: tRue", "tRue"),
    (b"a: ~", None),
    (b"a:", None),
    (b"a: Null", None),
    (b"a: ''", ""),
    (b"a: '1.50'", "1.50"),
    (b'a: "null"', "null"),
    (b"a: '!x &y *z'", "!x &y *z"),
    (b"a: QA & QC, wow!", "QA & QC, wow!"),
    (b"a: 10*6{cells}/mL", "10*6{cells}/mL"),
    (b"a: <5 %", "<5 %"),
    (b"a: .5.", ".5."),
    (b"a: -", None),
]


@pytest.mark.parametrize(("data", "value"), MEANING[:-1], ids=lambda value: repr(value)[:30])
def test_plain_scalars_mean_what_yaml_1_2_says(data: bytes, value: object):
    found = read_yaml(data, "a.yaml")[0].data["a"]

    assert found == value
    assert type(found) is type(value)


def test_records_of_a_list_know_their_place():
    records = read_yaml(b"# head\n- kind: a\n  id: A\n\n- kind: b\n  id: B\n", "a.yaml")

    assert [(one.data["id"], one.line, one.index, one.body) for one in records] == [
        ("A", 2, 0, None),
        ("B", 5, 1, None),
    ]


def test_crlf_is_a_line_end():
    assert read_yaml(b"a: |\r\n  x\r\n  y\r\nb: 1\r\n", "a.yaml")[0].data == {"a": "x\ny\n", "b": 1}


def test_one_record_follows_a_document_start():
    (record,) = read_yaml(b"---\n# c\nkind: a\n...\n", "a.yaml")

    assert (record.data, record.line) == ({"kind": "a"}, 3)


def test_markdown_is_front_matter_and_body():
    (record,) = read_markdown(b"---\r\nkind: a\r\nid: A-B\r\n---\r\n# Title\r\n\r\ntext\r\n", "a.md")

    assert record.data == {"kind": "a", "id": "A-B"}
    assert record.line == 2
    assert record.body == "# Title\n\ntext\n"


MARKDOWN = [
    (b"# no front matter\n", "SRC-11", 1, 1),
    (b"---\nkind: a\n", "SRC-11", 1, 1),
    (b"---\n---\ntext\n", "SRC-11", 2, 1),
    (b"---\n- a\n---\n", "SRC-11", 2, 1),
    (b"---\nkind: a\nkind: b\n---\n", "SRC-02", 3, 1),
    (b"---\nkind: a\n---\ntext \xe9\n", "SRC-08", 4, 6),
    ("---\nkind: a\n---\nx\u2028\n".encode(), "SRC-09", 4, 2),
    (b"---\na: &x 1\n---\n", "SRC-03", 2, 4),
]


@pytest.mark.parametrize(("data", "code", "line", "column"), MARKDOWN)
def test_markdown_without_a_readable_record_is_refused(data: bytes, code: str, line: int, column: int):
    problem = refused(data, "a.md")

    assert (problem.code, problem.line, problem.column) == (code, line, column)


def test_the_first_place_of_a_duplicate_is_right_in_front_matter_too():
    assert "line 2, column 1" in refused(b"---\nkind: a\nkind: b\n---\n", "a.md").message


BOMBS = [
    b"a: &a [x]\n" + b"".join(b"b%d: &b%d [%s]\n" % (n, n, b",".join([b"*b%d" % (n - 1)] * 9)) for n in range(1, 20)),
    b"x" * 50_000_000,
    b"[" * 4_900_000,
    b"- " * 2_400_000,
    b"{a: " * 1_000_000,
    b"? " * 2_000_000,
    b"[" + b"a," * 1_600_000 + b"]",
    b"a: " + b'"' * 4_900_000,
    b"a: " + b"- " * 100_000,
    b"[a: " * 100_000,
    b"a: '" + b"''" * 2_000_000,
]


@pytest.mark.parametrize("data", BOMBS, ids=lambda data: repr(data[:12]))
def test_a_bomb_is_refused_before_it_costs_anything(data: bytes):
    start = time.process_time()
    refused(data)

    assert time.process_time() - start < 2


def test_every_code_is_documented():
    assert [*SOURCE_RULES] == [f"SRC-{number:02}" for number in range(1, 24)]
    for rule in SOURCE_RULES.values():
        assert rule.name == rule.name.lower()
        assert " " not in rule.name
        assert all(text.endswith(".") for text in (rule.what, rule.why, rule.resolve))
    assert len({rule.name for rule in SOURCE_RULES.values()}) == len(SOURCE_RULES)
