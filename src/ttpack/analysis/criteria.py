"""Acceptance criteria as numbers: what a specification line says in words, read where it is simple enough."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ttpack.analysis.intervals import NO_OWN_UNITS, Interval, Units, interval, range_text, unit_or_none
from ttpack.model.quantity import Range

_NUMBER = r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?"
_THOUSANDS = re.compile(r"(?<![0-9.,])([0-9]{1,3}(?:,[0-9]{3})+)(?![0-9,])")
_UNIT = r"[^\s,;]{0,32}(?: of [a-z ]{1,40})?"
_AT_MOST = r"NMT|not more than|no more than|at most|max(?:imum|\.)?|up to|≤|<="
_AT_LEAST = r"NLT|not less than|no less than|at least|min(?:imum|\.)?|≥|>="
_SIDE = rf"{_AT_MOST}|{_AT_LEAST}|<|>|less than|more than|above|below"
_ONE_SIDED = re.compile(rf"({_SIDE})\s*({_NUMBER})\s*({_UNIT})", re.IGNORECASE)
_TO = r"\s*(?:-|–|\bto\b|\band\b)\s*"
_FIRST_UNIT = rf"(?!to\b|and\b|[-–]){_UNIT}|"
_TWO_SIDED = re.compile(rf"(?:between\s+)?({_NUMBER})\s*({_FIRST_UNIT}){_TO}({_NUMBER})\s*({_UNIT})", re.IGNORECASE)
_AND = re.compile(r"\s*(?:,\s*)?\band\b\s*", re.IGNORECASE)
_UPPER = re.compile(rf"{_AT_MOST}|<|less than|below", re.IGNORECASE)
_EXCLUSIVE = frozenset({"<", ">", "less than", "more than", "above", "below"})
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Criterion:
    """A criterion as a range, in the unit its text names (empty where it names none)."""

    range: Range
    unit: str


def parse_criterion(text: str) -> Criterion | None:
    """The range of `NMT 3 %`, `NLT 65 and NMT 85 mg/mL`, `70-130 %`, `5.0 to 5.6`; None for any other text."""
    plain = " ".join(text.split())
    if not plain or len(plain) > _LONGEST:
        return None
    plain = _THOUSANDS.sub(lambda match: match[1].replace(",", ""), plain)
    if two := _TWO_SIDED.fullmatch(plain):
        low, first_unit, high, unit = two.groups()
        if first_unit not in ("", unit):
            return None
        return Criterion(Range(low=Decimal(low), high=Decimal(high)), _bare(unit))
    parts = [_ONE_SIDED.fullmatch(part) for part in _AND.split(plain)]
    if len(parts) == 1 and parts[0]:
        return _one_sided(parts[0])
    if len(parts) == 2 and parts[0] and parts[1]:  # noqa: PLR2004  "at least ... and at most ..."
        return _both(_one_sided(parts[0]), _one_sided(parts[1]))
    return None


def _one_sided(match: "re.Match[str]") -> Criterion:
    words, number, unit = match.groups()
    inclusive = words.lower() not in _EXCLUSIVE
    if _UPPER.fullmatch(words):
        return Criterion(Range(high=Decimal(number), high_inclusive=inclusive), _bare(unit))
    return Criterion(Range(low=Decimal(number), low_inclusive=inclusive), _bare(unit))


def _both(first: Criterion, second: Criterion) -> Criterion | None:
    lower, upper = (first, second) if first.range.low is not None else (second, first)
    if lower.range.low is None or upper.range.high is None or lower.unit not in ("", upper.unit):
        return None
    limits = Range(
        low=lower.range.low,
        high=upper.range.high,
        low_inclusive=lower.range.low_inclusive,
        high_inclusive=upper.range.high_inclusive,
    )
    return Criterion(limits, upper.unit)


def _bare(unit: str) -> str:
    """`%` of `% of reference`: the same measure for everything tested against that reference."""
    return unit.partition(" of ")[0]


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of a record: the field it is written in, its range, and the unit of its ends."""

    record: str
    field: str
    range: Range
    unit: str | None

    @property
    def text(self) -> str:
        """The limit in words, digits kept."""
        return range_text(self.range, self.unit)

    def within_unit(self, unit: str | None, own: Units = NO_OWN_UNITS) -> Interval | None:
        """The limit as an interval in another unit; None where the two measure different things."""
        if self.unit is None or unit is None:
            return interval(self.range, self.unit, own)
        given = self.range if self.range.unit else self.range.model_copy(update={"unit": self.unit})
        return interval(given, unit, own)

    def bounds(self, unit: str | None, own: Units = NO_OWN_UNITS) -> Interval | None:
        """As `within_unit`, without ends that nothing can pass: a lower end of 0, an upper end of 100 %."""
        found = self.within_unit(unit, own)
        if found is None:
            return None
        low = found.low if found.low is None or found.low > 0 else None
        whole = unit_or_none(unit or "", own)
        percent = whole is not None and not whole.dimension and whole.factor == Fraction(1, 100)
        high = None if percent and found.high is not None and found.high >= 100 else found.high  # noqa: PLR2004
        return Interval(low, high, found.low_inclusive, found.high_inclusive)


def stated_limit(record: str, field: str, given: Range | None, unit: str | None, criterion: str | None) -> Limit | None:
    """The limit of a field: its numbers, else those of its criterion or of the record's own words."""
    if given is not None and given.numeric:
        return Limit(record, field, given, given.unit or unit)
    for place, text in ((field, given.criterion if given else None), ("criterion", criterion)):
        parsed = parse_criterion(text) if text else None
        if parsed:
            return Limit(record, place, parsed.range, parsed.unit or unit)
    return None
