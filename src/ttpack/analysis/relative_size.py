"""How large a change of a parameter is: against the width of its proven range, and of the way to its edge of failure.

Shares are exact fractions of distances in base units, so a zero point (degrees Celsius) or a unit does not matter. What
cannot be computed (one-sided or empty ranges, an unknown unit, no edge) is left out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final

from ttpack.model.units import Dimension, decimal_text

PROVEN: Final = "proven_acceptable"
EDGE: Final = "edge_of_failure"
MEASURED: Final = frozenset({
    "setpoint", "target", "ranges.target", "ranges.normal_operating", "ranges.alert", "ranges.action",
    f"ranges.{PROVEN}", "control.alarm",
})  # fmt: skip
"""Fields of a parameter, or of its overlay, that its proven range and its edge of failure say something about."""

_HUNDRED: Final = 100
_A_MILLION: Final = 10**6
Ends = tuple[Fraction | None, Fraction | None]
OPEN: Final[Ends] = (None, None)


@dataclass(frozen=True, slots=True)
class Scale:
    """What a parameter's change is held against: lower and upper ends in base units, None where one is open.

    `edges` are those of both revisions: the nearer one counts, so that no change moves the edge it is held against.
    """

    dimension: Dimension
    proven: Ends = OPEN
    edges: tuple[Ends, ...] = ()

    @property
    def width(self) -> Fraction | None:
        """Width of the former proven range."""
        low, high = self.proven
        return high - low if low is not None and high is not None and high > low else None

    def used(self, before: Fraction, after: Fraction) -> Fraction | None:
        """The share of the way from `before` to the edge of failure that a move to `after` uses up."""
        upward = after > before
        limits = [ends[upward] for ends in self.edges]
        ways = [abs(limit - before) for limit in limits if limit is not None and (limit > before) == upward]
        nearest = min(filter(None, ways), default=None)
        return None if nearest is None else abs(after - before) / nearest


@dataclass(frozen=True, slots=True)
class Size:
    """The size of a change in words, and as exact numbers by name."""

    words: str = ""
    numbers: Mapping[str, str] | None = None

    def as_fields(self) -> dict[str, Any]:
        """What a change is given of it."""
        return {"magnitude": self.words, **({"relative": dict(self.numbers)} if self.numbers else {})}


def value_size(before: Fraction, after: Fraction, scale: Scale | None, *, ratio: bool) -> Size:
    """The size of a change of one number; `ratio` where its scale has a zero that means nothing of it."""
    numbers: dict[str, str] = {}
    words: list[str] = []
    if scale is not None and scale.width:
        share = (after - before) / scale.width
        numbers["value_in_proven_widths"] = exact_text(share)
        words.append(f"{percent(share)} of the proven acceptable width")
    elif ratio and before:
        words.append(f"{percent((after - before) / abs(before))} of the former value")
    used = scale.used(before, after) if scale is not None else None
    if used is not None:
        numbers["value_of_edge_distance"] = exact_text(used)
        words.append(_used("", used))
    return Size("; ".join(words), numbers)


def range_size(before: Ends, after: Ends, scale: Scale | None, *, proven: bool) -> Size:
    """The size of a change of a range, end by end; of the proven range itself against what it was."""
    numbers: dict[str, str] = {}
    words: list[str] = []
    former = _width(before)
    measure, name = (former, "former") if proven or scale is None or not scale.width else (scale.width, "proven")
    for end, old, new in zip(("low", "high"), before, after, strict=True):
        if old is None or new is None or old == new:
            continue
        if former:
            numbers[f"{end}_in_former_widths"] = exact_text((new - old) / former)
        if scale is not None and scale.width:
            numbers[f"{end}_in_proven_widths"] = exact_text((new - old) / scale.width)
        if measure:
            width = "former width" if name == "former" else "proven acceptable width"
            words.append(f"{_END_WORDS[end]} {percent((new - old) / measure)} of the {width}")
    said = [", ".join(words)] if words else []
    for end, old, new in zip(("low", "high"), before, after, strict=True):
        outward = old is not None and new is not None and (new > old if end == "high" else new < old)
        used = scale.used(old, new) if scale is not None and outward and old is not None and new is not None else None
        if used is not None:
            numbers[f"{end}_of_edge_distance"] = exact_text(used)
            said.append(_used(f"{_END_WORDS[end]} ", used))
    return Size("; ".join(said), numbers)


_END_WORDS: Final = {"low": "lower end", "high": "upper end"}


def _width(ends: Ends) -> Fraction | None:
    low, high = ends
    return high - low if low is not None and high is not None and high > low else None


def _used(what: str, share: Fraction) -> str:
    beyond = " and passes it" if share > 1 else ""
    return f"{what}uses up {percent(share).removeprefix('+')} of the distance to the edge of failure{beyond}"


def percent(share: Fraction) -> str:
    """A share with its sign, rounded to three digits."""
    if abs(share) * _HUNDRED >= _A_MILLION:
        return "over a million %"
    return f"{'+' if share > 0 else ''}{decimal_text(share * _HUNDRED, 3)} %"


def exact_text(share: Fraction) -> str:
    """The share as a decimal where it has an end, else as a fraction such as `1/3`."""
    rest, digits = share.denominator, 0
    for factor in (2, 5):
        count = 0
        while rest % factor == 0:
            rest, count = rest // factor, count + 1
        digits = max(digits, count)
    if rest != 1:
        return str(share)
    text = str(abs(share.numerator) * 10**digits // share.denominator).rjust(digits + 1, "0")
    sign = "-" if share < 0 else ""
    return f"{sign}{text[:-digits]}.{text[-digits:]}" if digits else f"{sign}{text}"
