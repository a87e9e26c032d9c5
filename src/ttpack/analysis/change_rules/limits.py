"""Limits and amounts of raw records in base units, and whether one limit is shown to lie within another.

What cannot be compared (no unit, no number, words that say no limit) is not shown: whoever asks takes the stricter row.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ttpack.model.units import DefinesUnit, UnitError, parse_unit, to_base

Own = Mapping[str, DefinesUnit]
_NUMBER = r"([-+]?[0-9]+(?:[.,][0-9]+)?)"
_BOUND = re.compile(
    rf"\s*(nmt|not more than|no more than|at most|max(?:imum)?|≤|<=|<|nlt|not less than|no less than|at least|"
    rf"min(?:imum)?|≥|>=|>)\s*{_NUMBER}\s*(\S.*?)?\s*",
    re.IGNORECASE,
)
_BETWEEN = re.compile(rf"\s*{_NUMBER}\s*(?:to|-|–|—|\.\.)\s*{_NUMBER}\s*(\S.*?)?\s*", re.IGNORECASE)
_LOWER = frozenset({"nlt", "not less than", "no less than", "at least", "min", "minimum", "≥", ">=", ">"})
_THOUSANDS = re.compile(r"[0-9],[0-9]{3}(?![0-9])")
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Limits:
    """A range in base units of `measure` (a dimension, or the words of a unit nobody knows); None for no end."""

    low: Fraction | None
    high: Fraction | None
    measure: object
    low_closed: bool = True
    high_closed: bool = True

    def within(self, outer: "Limits") -> bool:
        """Whether everything allowed here is allowed there."""
        return (
            self.measure == outer.measure
            and _inside(self.low, outer.low, self.low_closed <= outer.low_closed, 1)
            and _inside(self.high, outer.high, self.high_closed <= outer.high_closed, -1)
        )


def _inside(end: Fraction | None, outer: Fraction | None, as_closed: bool, sign: int) -> bool:  # noqa: FBT001
    if outer is None or end is None:
        return outer is None
    return (end - outer) * sign > 0 or (end == outer and as_closed)


def range_limits(given: Any, unit: Any, own: Own) -> Limits | None:
    """The numeric ends of a raw range; None where it has none."""
    if not isinstance(given, Mapping):
        return None
    low, high = given.get("low"), given.get("high")
    if not _number(low) and not _number(high):
        return None
    text = given.get("unit") or unit
    return _limits(
        low, high, str(text or ""), own,
        given.get("low_inclusive") is not False, given.get("high_inclusive") is not False,
    )  # fmt: skip


def stated_limits(text: Any, own: Own) -> Limits | None:
    """The limits that words state (`NMT 3 %`, `2 to 13 %`); None where they are no such words.

    `1,000` may be one or a thousand: nobody can compare it.
    """
    if not isinstance(text, str) or len(text) > _LONGEST or _THOUSANDS.search(text):
        return None
    if match := _BOUND.fullmatch(text):
        word, number, unit = match[1].casefold(), _decimal(match[2]), match[3] or ""
        closed = word not in ("<", ">")
        low, high = (number, None) if word in _LOWER else (None, number)
        return _limits(low, high, unit, own, closed, closed)
    if match := _BETWEEN.fullmatch(text):
        return _limits(_decimal(match[1]), _decimal(match[2]), match[3] or "", own, True, True)  # noqa: FBT003
    return None


def amount(given: Any, own: Own) -> tuple[Fraction, object] | None:
    """A raw quantity (`{value, unit}`) in base units, with what it measures."""
    if not isinstance(given, Mapping) or not _number(given.get("value")):
        return None
    measure, value = _base(given["value"], str(given.get("unit") or ""), own)
    return None if value is None else (value, measure)


def not_longer(given: Any, former: Any, own: tuple[Own, Own]) -> bool:
    """Whether a quantity is shown to be no more than it was; `own` are the units of the former and the later side."""
    first, second = amount(former, own[0]), amount(given, own[1])
    return first is not None and second is not None and first[1] == second[1] and second[0] <= first[0]


def _decimal(text: str) -> Decimal:
    return Decimal(text.replace(",", "."))


def _limits(low: Any, high: Any, unit: str, own: Own, low_closed: bool, high_closed: bool) -> Limits | None:  # noqa: FBT001, PLR0913, PLR0917
    measure, bottom = _base(low, unit, own)
    _, top = _base(high, unit, own)
    return Limits(bottom, top, measure, low_closed, high_closed)


def _base(value: Any, unit: str, own: Own) -> tuple[object, Fraction | None]:
    try:
        parsed = parse_unit(unit, own)
        return parsed.dimension, None if not _number(value) else to_base(value, parsed)
    except UnitError:
        return " ".join(unit.casefold().split()), None if not _number(value) else Fraction(value)


def _number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
