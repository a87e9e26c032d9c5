"""The exact JSON writer: "JSON writes them as numbers with the same digits" (format.md)."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttpack.model.json_text import Mapped, dump, dumps, loads

DECIMALS = st.decimals(allow_nan=False, allow_infinity=False)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | DECIMALS | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=30,
)


def lexeme(text: str) -> Any:
    """Read JSON back with the digits of every number as text."""
    return json.loads(text, parse_float=lambda digits: f"number {digits}", parse_int=lambda digits: f"number {digits}")


@given(DECIMALS)
def test_a_decimal_keeps_its_digits(value: Decimal) -> None:
    assert lexeme(dumps(value)) == f"number {value}"


@given(VALUES, st.sampled_from([None, 0, 2, 4]))
def test_what_is_written_reads_back_the_same(value: Any, indent: int | None) -> None:
    assert loads(dumps(value, indent)) == value


@given(VALUES)
def test_the_layout_is_that_of_the_standard_library_where_it_can_write_at_all(value: Any) -> None:
    plain = json.loads(dumps(value), parse_float=str)
    assert dumps(plain) == json.dumps(plain, indent=2, ensure_ascii=False).encode("utf-8", "surrogatepass").decode()


@given(VALUES)
def test_the_text_is_always_utf_8(value: Any) -> None:
    assert dumps(value).encode("utf-8")


@pytest.mark.parametrize("digits", ["1.50", "1E+3", "-0", "0.00", "1E-7", "100", "123456789012345678901234567890.10"])
def test_digits_in_a_mapping(digits: str) -> None:
    assert dumps({"low": Decimal(digits)}, None) == f'{{"low":{digits}}}'


def test_half_a_surrogate_pair_is_escaped() -> None:
    assert dumps("\ud800 µ") == '"\\ud800 \\u00b5"'
    assert dumps("µ – ×") == '"µ – ×"'


def test_keys_keep_their_order_or_are_sorted() -> None:
    assert dumps({"b": 1, "a": {"d": 1, "c": 2}}, None) == '{"b":1,"a":{"d":1,"c":2}}'
    assert dumps({"b": 1, "a": {"d": 1, "c": 2}}, None, sort_keys=True) == '{"a":{"c":2,"d":1},"b":1}'


def test_empty_and_nested_layout() -> None:
    assert dumps({"a": [], "b": {}, "c": [1, [True, None]]}) == (
        '{\n  "a": [],\n  "b": {},\n  "c": [\n    1,\n    [\n      true,\n      null\n    ]\n  ]\n}'
    )


@pytest.mark.parametrize("value", [1.5, [0.1], {"a": 1e3}, {1, 2}, b"bytes", object()])
def test_what_is_not_exact_json_is_refused(value: Any) -> None:
    with pytest.raises(TypeError, match="no exact JSON for"):
        dumps(value)


def test_a_key_that_is_no_text_is_refused() -> None:
    with pytest.raises(TypeError, match="a JSON key must be text, not int"):
        dumps({1: "a"})


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity", "sNaN"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="JSON has no number"):
        dumps([Decimal(value)])


def test_reading_refuses_what_is_no_json_number() -> None:
    with pytest.raises(ValueError, match="JSON has no number NaN"):
        loads('{"low": NaN}')


def test_pieces_of_a_large_answer_make_the_whole_and_stay_small() -> None:
    made: list[int] = []

    def row(number: int) -> dict[str, int]:
        made.append(number)
        return {"number": number}

    answer = {"empty": Mapped([], row), "rows": Mapped(range(30_000), row), "last": "end"}
    pieces: list[str] = []
    dump(answer, pieces.append)
    assert made == list(range(30_000)), "each row is made once"
    assert len(pieces) > 1
    assert max(map(len, pieces)) < len("".join(pieces)) / 2
    assert "".join(pieces) == dumps({"empty": [], "rows": [{"number": one} for one in range(30_000)], "last": "end"})
