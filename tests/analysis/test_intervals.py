"""Ranges compared exactly, inclusivity and open sides honoured."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttpack.analysis.intervals import Interval, in_unit, interval, range_text, width_in_unit
from ttpack.model.quantity import Range

NUMBERS = st.decimals(min_value=-1000, max_value=1000, places=3)
ENDS = st.one_of(st.none(), st.integers(-5, 5).map(Fraction))
INTERVALS = st.builds(Interval, ENDS, ENDS, st.booleans(), st.booleans())


@given(INTERVALS, INTERVALS, st.integers(-24, 24))
def test_what_an_interval_within_another_holds_the_other_holds(inner: Interval, outer: Interval, quarter: int) -> None:
    """One-sided ranges compare the side that exists, so only what has the outer one's ends is held to it."""
    open_side = (inner.low is None and outer.low is not None) or (inner.high is None and outer.high is not None)
    value = Fraction(quarter, 4)
    if not open_side and not inner.empty and not outer.empty and not inner.ends_outside(outer) and inner.holds(value):
        assert outer.holds(value)


@given(INTERVALS)
def test_an_interval_lies_within_itself(one: Interval) -> None:
    if not one.empty:
        assert one.ends_outside(one) == ()


@given(NUMBERS, NUMBERS)
def test_a_range_is_the_same_in_another_unit(low: Decimal, high: Decimal) -> None:
    in_minutes = interval(Range(low=low, high=high, unit="min"), "h")
    assert in_minutes == interval(Range(low=low * 60, high=high * 60, unit="s"), "h")


@pytest.mark.parametrize(
    ("stated", "words"),
    [
        (Range(low=Decimal(30), high=Decimal(60)), "30 to 60 min"),
        (Range(high=Decimal("3.0")), "at most 3.0 min"),
        (Range(low=Decimal(3), low_inclusive=False), "above 3 min"),
        (Range(low=Decimal(3), high=Decimal(4), high_inclusive=False), "at least 3 min and below 4 min"),
        (Range(criterion="integrity test passes"), "integrity test passes"),
        (Range(low=Decimal(1), high=Decimal(2), unit="h"), "1 to 2 h"),
    ],
)
def test_ranges_in_words(stated: Range, words: str) -> None:
    assert range_text(stated, "min") == words


def test_widths_and_values_convert_differently() -> None:
    assert width_in_unit(Decimal("0.5"), "K", "Cel") == Fraction(1, 2)
    assert width_in_unit(Decimal("0.9"), "[degF]", "Cel") == Fraction(1, 2)
    assert in_unit(Decimal("98.6"), "[degF]", "Cel") == 37
    assert width_in_unit(Decimal(1), "h", "Cel") is None
    assert in_unit(Decimal(1), "h", "Cel") is None
    assert in_unit(Decimal("1E+999999999"), None, None) is None
