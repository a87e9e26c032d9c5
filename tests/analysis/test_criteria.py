"""Criteria in words read as numbers, and limits compared in other units."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttpack.analysis.criteria import Limit, parse_criterion, stated_limit
from ttpack.model.quantity import Range


@pytest.mark.parametrize(
    ("text", "low", "high", "unit"),
    [
        ("NMT 3 %", None, "3", "%"),
        ("NLT 97 %", "97", None, "%"),
        ("70-130 %", "70", "130", "%"),
        ("70-130 % of reference", "70", "130", "%"),
        ("70 % to 130 %", "70", "130", "%"),
        ("NLT 65 and NMT 85 mg/mL", "65", "85", "mg/mL"),
        ("NMT 85 mg/mL and NLT 65 mg/mL", "65", "85", "mg/mL"),
        ("5.0-5.6", "5.0", "5.6", ""),
        ("5.0 – 5.60", "5.0", "5.60", ""),
        ("between 2 and 13 %", "2", "13", "%"),
        ("≤ 12.5 EU/mL", None, "12.5", "EU/mL"),
        ("not more than 5 CFU/mL", None, "5", "CFU/mL"),
        ("1,000 to 20,000 ng/mg", "1000", "20000", "ng/mg"),
        ("-80 to -60 Cel", "-80", "-60", "Cel"),
    ],
)
def test_simple_criteria_are_read_with_their_digits(text: str, low: str | None, high: str | None, unit: str) -> None:
    criterion = parse_criterion(text)
    assert criterion is not None
    found = (criterion.range.low, criterion.range.high)
    assert [None if end is None else str(end) for end in found] == [low, high]
    assert criterion.unit == unit


def test_a_strict_criterion_excludes_its_end() -> None:
    below, above = parse_criterion("< 3 %"), parse_criterion("more than 97 %")
    assert below is not None
    assert above is not None
    assert (below.range.high_inclusive, above.range.low_inclusive) == (False, False)


@pytest.mark.parametrize(
    "text",
    ["", "meets", "consistent with reference; no new peaks", "USP <788>", "NMT 3 % and NMT 4 %", "3", "NMT",
     "NMT 1 2 %", "NLT 65 g/L and NMT 85 mg/mL", "3 % to 5 g", "NMT 3 %; report", "x" * 10_000, "NMT " + "9" * 500],
)  # fmt: skip
def test_other_texts_are_not_guessed_at(text: str) -> None:
    assert parse_criterion(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read_or_not_and_never_fails(text: str) -> None:
    criterion = parse_criterion(text)
    assert criterion is None or criterion.range.numeric


def test_numbers_come_before_words_and_the_fields_words_before_the_records() -> None:
    numbers = stated_limit("SPC-A", "acceptance", Range(high=Decimal(3)), "%", "NMT 5 %")
    words = stated_limit("SPC-A", "acceptance", Range(criterion="NMT 4 %"), None, "NMT 5 %")
    record = stated_limit("SPC-A", "acceptance", None, "ppm", "NMT 5 %")
    assert numbers == Limit("SPC-A", "acceptance", Range(high=Decimal(3)), "%")
    assert words == Limit("SPC-A", "acceptance", Range(high=Decimal(4)), "%")
    assert record == Limit("SPC-A", "criterion", Range(high=Decimal(5)), "%")
    assert stated_limit("SPC-A", "acceptance", None, "%", "meets") is None


def test_a_limit_in_another_unit_and_without_ends_that_nothing_can_pass() -> None:
    limit = Limit("SPC-A", "acceptance", Range(low=Decimal(0), high=Decimal("0.2")), "ug/mg")
    within = limit.within_unit("ng/mg")
    assert within is not None
    assert (within.low, within.high) == (Fraction(0), Fraction(200))
    bounds = limit.bounds("ng/mg")
    assert bounds is not None
    assert bounds.low is None
    assert bounds.high == Fraction(200)
    assert limit.within_unit("mg/mL") is None
    assert limit.bounds("no unit") is None
    purity = Limit("SPC-A", "acceptance", Range(low=Decimal(95), high=Decimal(100)), "%").bounds("%")
    assert purity is not None
    assert (purity.low, purity.high) == (Fraction(95), None)
