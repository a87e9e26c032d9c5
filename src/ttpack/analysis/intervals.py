"""Ranges as intervals in one unit, compared exactly, and said in words with the digits of their author."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from ttpack.model.quantity import Range, digits
from ttpack.model.quantity_kinds import ABSOLUTE_KELVIN, KELVIN, TEMPERATURE
from ttpack.model.unit_symbols import unit_symbol
from ttpack.model.units import DefinesUnit, Unit, UnitError, convert, decimal_text, exact, parse_unit

Units = Mapping[str, DefinesUnit]
NO_OWN_UNITS: Units = {}
TEMPERATURE_DIFFERENCE = (("temperature difference", 1),)


@dataclass(frozen=True, slots=True)
class Interval:
    """Numbers from `low` to `high` in one unit; a missing end is not compared (a one-sided range)."""

    low: Fraction | None
    high: Fraction | None
    low_inclusive: bool = True
    high_inclusive: bool = True

    @property
    def empty(self) -> bool:
        """Whether no number lies between the ends."""
        if self.low is None or self.high is None:
            return False
        return self.low > self.high or (self.low == self.high and not (self.low_inclusive and self.high_inclusive))

    def holds(self, value: Fraction) -> bool:
        """Whether the value lies inside."""
        return not self.below(value, inclusive=True) and not self.above(value, inclusive=True)

    def ends_outside(self, other: "Interval") -> tuple[str, ...]:
        """Which of the given ends (`low`, `high`) lie outside the other interval, inclusivity honoured."""
        outside = []
        if self.low is not None and (
            other.below(self.low, inclusive=self.low_inclusive)
            or (other.high is not None and self.low >= other.high and not other.holds(self.low))
        ):
            outside.append("low")
        if self.high is not None and (
            other.above(self.high, inclusive=self.high_inclusive)
            or (other.low is not None and self.high <= other.low and not other.holds(self.high))
        ):
            outside.append("high")
        return tuple(outside)

    def below(self, value: Fraction, *, inclusive: bool) -> bool:
        """Whether a value lies below the low end; `inclusive` says whether the value itself is meant."""
        if self.low is None or value > self.low:
            return False
        return value < self.low or (inclusive and not self.low_inclusive)

    def above(self, value: Fraction, *, inclusive: bool) -> bool:
        """Whether a value lies above the high end; `inclusive` says whether the value itself is meant."""
        if self.high is None or value < self.high:
            return False
        return value > self.high or (inclusive and not self.high_inclusive)


def unit_or_none(text: str, own: Units = NO_OWN_UNITS) -> Unit | None:
    """The unit of a text, or None where it is not known (QTY-01 says so)."""
    try:
        return parse_unit(text, own)
    except UnitError:
        return None


def in_unit(value: Decimal, given: str | None, wanted: str | None, own: Units = NO_OWN_UNITS) -> Fraction | None:
    """The value in the wanted unit, exactly; None where the units are unknown or measure different things."""
    try:
        if given is None or wanted is None or given == wanted:
            return exact(value)
        return convert(value, *_both_absolute(parse_unit(given, own), parse_unit(wanted, own)))
    except UnitError:
        return None


def _both_absolute(given: Unit, wanted: Unit) -> tuple[Unit, Unit]:
    """A lone K against a temperature is a temperature too: 310.15 K is 37 Cel."""
    if given.dimension == TEMPERATURE and wanted.code == KELVIN:
        return given, parse_unit(ABSOLUTE_KELVIN)
    if wanted.dimension == TEMPERATURE and given.code == KELVIN:
        return parse_unit(ABSOLUTE_KELVIN), wanted
    return given, wanted


def width_in_unit(value: Decimal, given: str, wanted: str | None, own: Units = NO_OWN_UNITS) -> Fraction | None:
    """A width (a band, an accuracy) in the wanted unit: 0.1 K is a width of 0.1 on a scale of Cel."""
    try:
        from_unit, to_unit = parse_unit(given, own), parse_unit(wanted or "", own)
        if _as_width(from_unit) != _as_width(to_unit):
            return None
        return exact(value) * from_unit.factor / to_unit.factor
    except UnitError:
        return None


def _as_width(unit: Unit) -> object:
    return TEMPERATURE_DIFFERENCE if unit.dimension == TEMPERATURE else unit.dimension


def interval(given: Range | None, unit: str | None, own: Units = NO_OWN_UNITS) -> Interval | None:
    """A range in a unit; None where it has no numeric end, or its own unit cannot be expressed in that one."""
    if given is None or not given.numeric:
        return None
    if given.unit is None or unit is None or given.unit == unit:
        return _as_given(given.low, given.high, given.low_inclusive, given.high_inclusive)
    ends = []
    for end in (given.low, given.high):
        converted = None if end is None else in_unit(end, given.unit, unit, own)
        if end is not None and converted is None:
            return None
        ends.append(converted)
    return Interval(ends[0], ends[1], given.low_inclusive, given.high_inclusive)


@lru_cache(maxsize=1 << 16)
def _as_given(
    low: Decimal | None,
    high: Decimal | None,
    low_inclusive: bool,  # noqa: FBT001  only a flag is quick to look up
    high_inclusive: bool,  # noqa: FBT001
) -> Interval | None:
    """Remembered, as most ranges are in the unit asked for, and a dozen rules ask for each."""
    try:
        first = None if low is None else exact(low)
        last = None if high is None else exact(high)
    except UnitError:
        return None
    return Interval(first, last, low_inclusive, high_inclusive)


@lru_cache(maxsize=1024)
def symbol(unit: str) -> str:
    """How a unit is printed; the author's text where it is no unit, nothing for pH and plain numbers."""
    found = unit_or_none(unit)
    if found is None:
        return unit[:64]
    return "" if found.code == "[pH]" else unit_symbol(found.code)


def with_unit(number: str, unit: str | None) -> str:
    """A number with its unit: `30 min`, `6.85`."""
    printed = symbol(unit) if unit else ""
    return f"{number} {printed}" if printed else number


def value_text(value: Decimal, unit: str | None) -> str:
    """A value with its unit, digits kept."""
    return with_unit(digits(value), unit)


def fraction_text(value: Fraction, unit: str | None) -> str:
    """A computed value with its unit, to six significant digits."""
    return with_unit(decimal_text(value, 6), unit)


def range_text(given: Range, unit: str | None) -> str:
    """A range in words, digits kept: `30 to 60 min`, `at most 3 %`, `above 5 and below 7`."""
    unit = given.unit or unit
    low, high = (None if end is None else digits(end) for end in (given.low, given.high))
    if low is not None and high is not None and given.low_inclusive and given.high_inclusive:
        return with_unit(f"{low} to {high}", unit)
    ends = []
    if low is not None:
        ends.append(with_unit(f"at least {low}" if given.low_inclusive else f"above {low}", unit))
    if high is not None:
        ends.append(with_unit(f"at most {high}" if given.high_inclusive else f"below {high}", unit))
    return " and ".join(ends) or (given.criterion or "no limits")[:120]


def given_ends(found: Interval) -> Iterator[tuple[str, Fraction]]:
    """The ends that are given, by name."""
    if found.low is not None:
        yield "low", found.low
    if found.high is not None:
        yield "high", found.high
