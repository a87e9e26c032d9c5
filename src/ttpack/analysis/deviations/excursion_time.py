"""How long an excursion lasted: durations as exact seconds, as people type them, and in words."""

import re
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from typing import Final

from ttpack.analysis.intervals import Interval, Units, fraction_text, interval, with_unit
from ttpack.model.exact_number import decimal_text
from ttpack.model.quantity import Range
from ttpack.model.units import UnitError, exact

SECOND: Final = "s"
DURATION_UNITS: Final = {
    "s": 1, "sec": 1, "second": 1, "seconds": 1,
    "min": 60, "minute": 60, "minutes": 60,
    "h": 3600, "hr": 3600, "hour": 3600, "hours": 3600,
    "d": 86400, "day": 86400, "days": 86400,
    "wk": 604800, "week": 604800, "weeks": 604800,
}  # fmt: skip
"""Units that a duration may be typed in, in seconds."""
_WRITTEN: Final = re.compile(r"\s*([+-]?[0-9]*\.?[0-9]+(?:[eE][+-]?[0-9]{1,3})?)\s*([A-Za-z]+)\s*")
_LONGEST: Final = 60
_WORDS: Final = ((86400, "d"), (3600, "h"), (60, "min"))
_HUNDRED: Final = 100
_EXACT_DIGITS: Final = 60


def seconds_of(text: str) -> Fraction | None:
    """The seconds of `30min`, `1.5h`, `90 s` or `2 d`; None where the text is none of these. It may be negative."""
    found = _WRITTEN.fullmatch(text) if len(text) <= _LONGEST else None
    unit = DURATION_UNITS.get(found[2]) or DURATION_UNITS.get(found[2].casefold()) if found else None
    if found is None or unit is None:
        return None
    try:
        return exact(Decimal(found[1])) * unit
    except (InvalidOperation, UnitError):
        return None


def seconds_words(seconds: Fraction) -> str:
    """A duration in the largest unit that gives it with at most two decimals, unrounded: `1.5 h`, `31 h`, `2 d`."""
    for size, unit in _WORDS:
        if abs(seconds) >= size and (seconds / size * _HUNDRED).denominator == 1:
            return with_unit(decimal_text(seconds / size, _EXACT_DIGITS), unit)
    return fraction_text(seconds, SECOND)


def range_in_seconds(given: Range, unit: str | None, own: Units) -> Interval | None:
    """A range of durations in seconds; None where it gives no number, or no unit of time."""
    stated = given.unit or unit
    if stated is None or not given.numeric:
        return None
    return interval(given.model_copy(update={"unit": stated}), SECOND, own)


def duration_words(given: Interval) -> str:
    """A range of durations in words: `30 min to 2 h`, `up to 30 min`, `more than 2 h`."""
    low, high = (None if end is None else seconds_words(end) for end in (given.low, given.high))
    if given.low is not None and given.low <= 0 and given.low_inclusive:
        low = None
    if low and low == high:
        return low
    if low and high:
        after = f"{low}" if given.low_inclusive else f"more than {low}"
        return f"{after} to {'' if given.high_inclusive else 'less than '}{high}"
    if low:
        return f"{low} and more" if given.low_inclusive else f"more than {low}"
    if high:
        return f"up to {high}" if given.high_inclusive else f"less than {high}"
    return "any duration"
