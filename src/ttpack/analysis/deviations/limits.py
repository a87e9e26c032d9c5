"""Where a value of a parameter lies at a site: inside the normal range, up to the proven one, outside, beyond failure.

The numbers are those of facility fit: what the site's overlay replaces, else the general ones, taken to the site's
scale by the parameter's own rule. What is read conservatively, because a range is absent, empty, or cannot be taken
to this scale, is said in words.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Final, Literal

from ttpack.analysis.facility_fit.requirement import SiteReading
from ttpack.analysis.intervals import Interval, fraction_text, given_ends, interval, range_text
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.quantity import Range

IntervalName = Literal["inside_nor", "nor_to_par", "outside_par", "beyond_edge_of_failure"]
INTERVALS: Final[tuple[IntervalName, ...]] = ("inside_nor", "nor_to_par", "outside_par", "beyond_edge_of_failure")
INTERVAL_WORDS: Final[dict[str, str]] = {
    "inside_nor": "inside the normal operating range",
    "nor_to_par": "outside the normal operating range, inside the proven acceptable range",
    "outside_par": "outside the proven acceptable range",
    "beyond_edge_of_failure": "beyond the edge of failure",
}
NO_NORMAL: Final = "no normal operating range holds here: what lies in the proven acceptable range counts as outside it"
NO_PROVEN: Final = "no proven acceptable range holds here: what lies outside the normal one counts as outside both"
REACHES_OUT: Final = "the ranges reach outside one another: a value counts where it is gravest"
NOT_STATED: Final = "neither a normal operating range nor a proven acceptable range is stated as a number"


@dataclass(frozen=True, slots=True)
class Bounds:
    """A range at a site with its words, digits of the author kept where it is as written."""

    ends: Interval
    words: str


@dataclass(frozen=True)
class Limits:
    """The ranges that count at a site, in `unit`, and how they were read.

    `open` says why no value can be placed; it is empty where one can.
    """

    unit: str | None
    normal: Bounds | None
    proven: Bounds | None
    edge: Bounds | None
    remarks: tuple[str, ...] = ()
    open: str = ""

    def interval_of(self, value: Fraction) -> IntervalName | None:
        """Where a value lies; an end belongs to its range unless the range says otherwise. None where nothing says."""
        if self.edge and not self.edge.ends.holds(value):
            return "beyond_edge_of_failure"
        if self.proven and not self.proven.ends.holds(value):
            return "outside_par"
        if self.normal:
            if self.normal.ends.holds(value):
                return "inside_nor"
            return "nor_to_par" if self.proven else "outside_par"
        return "nor_to_par" if self.proven else None

    @cached_property
    def reachable(self) -> tuple[IntervalName, ...]:
        """The intervals in which some number lies."""
        found = {self.interval_of(point) for point in self._points()}
        return tuple(name for name in INTERVALS if name in found)

    def _points(self) -> Iterator[Fraction]:
        """Every end, and a number between each two and beyond the outermost."""
        given = (self.normal, self.proven, self.edge)
        ends = sorted({end for one in given if one for _, end in given_ends(one.ends)})
        if ends:
            yield from (ends[0] - 1, *ends, ends[-1] + 1)
            yield from ((low + high) / 2 for low, high in pairwise(ends))


def limits_at(package: Package, parameter: ProcessParameter, site: str) -> Limits:
    """The ranges of a parameter that count at a site."""
    return _SiteLimits(package, parameter, site).limits()


class _SiteLimits:
    """The ranges of one parameter, read at one site."""

    def __init__(self, package: Package, parameter: ProcessParameter, site: str) -> None:
        self.parameter = parameter
        self.reading = SiteReading(package, parameter, site)
        self.reading.setpoint()
        self.remarks: list[str] = []

    def limits(self) -> Limits:
        """The ranges with what was read conservatively."""
        reading = self.reading
        normal = self._normal()
        proven = self._both("proven_acceptable", "proven acceptable range")
        edge = self._both("edge_of_failure", "edge of failure")
        if normal is None and proven is None:
            numeric = any(given.numeric for _, given in self.parameter.ranges.items())
            said = next(iter([*self.remarks, *reading.open]), NOT_STATED) if numeric else NOT_STATED
            return Limits(reading.unit, None, None, edge, tuple(self.remarks), said)
        if normal is None:
            self.remarks.append(NO_NORMAL)
        if proven is None:
            self.remarks.append(NO_PROVEN)
        self._nested(normal, proven, edge)
        return Limits(reading.unit, normal, proven, edge, tuple(dict.fromkeys(self.remarks)))

    def _normal(self) -> Bounds | None:
        found, given = self.reading.normal()
        self.remarks += self.reading.open
        if found is None or given is None:
            return None
        own = self.reading.here.ranges.normal_operating if self.reading.here.ranges else None
        if own is None and self.reading.rescaled:
            self.remarks.append("the normal operating range is taken to this scale by the parameter's own rule")
        if found.empty:
            self.remarks.append(f"the normal operating range {range_text(given, self.reading.unit)} is empty")
        return Bounds(found, range_text(given, self.reading.unit))

    def _both(self, name: str, words: str) -> Bounds | None:
        """The general range at this scale, narrowed by the site's own: a site may not widen what was shown."""
        here = getattr(self.reading.here.ranges, name) if self.reading.here.ranges else None
        general = self._general(getattr(self.parameter.ranges, name), words)
        own = self._read(here, self.reading.unit, words)
        if general is None or own is None:
            return general or own
        common = _common(own.ends, general.ends)
        if common == own.ends:
            return own
        self.remarks.append(f"the {words} of the site reaches outside the general one: what lies in both counts")
        return Bounds(common, interval_words(common, self.reading.unit))

    def _general(self, given: Range | None, words: str) -> Bounds | None:
        if given is None or not given.numeric:
            return None
        share = self.reading.proportion
        if share is None:
            self.remarks.append(f"the {words} is stated at the sending scale, and no rule takes it to this one")
            return None
        found = self._read(given, self.parameter.unit, words)
        if found is None or share == 1:
            return found
        ends = found.ends
        low, high = (None if end is None else end * share for end in (ends.low, ends.high))
        scaled = Interval(low, high, ends.low_inclusive, ends.high_inclusive)
        self.remarks.append(f"the {words} is taken to this scale by the parameter's own rule")
        return Bounds(scaled, interval_words(scaled, self.reading.unit))

    def _read(self, given: Range | None, unit: str | None, words: str) -> Bounds | None:
        """A range in the unit of the site."""
        if given is None or not given.numeric:
            return None
        stated = given.model_copy(update={"unit": given.unit or unit})
        found = interval(stated, self.reading.unit, self.reading.own)
        text = range_text(stated, stated.unit)
        if found is None:
            self.remarks.append(f"the {words} {text} cannot be expressed in {self.reading.unit or 'no unit'}")
            return None
        if found.empty:
            self.remarks.append(f"the {words} {text} is empty")
        kept = stated.unit == self.reading.unit
        return Bounds(found, text if kept else interval_words(found, self.reading.unit))

    def _nested(self, *given: Bounds | None) -> None:
        inner = [one.ends for one in given if one]
        if any(first.ends_outside(second) for first, second in pairwise(inner)):
            self.remarks.append(REACHES_OUT)


def interval_words(given: Interval, unit: str | None) -> str:
    """A computed range in words, to six significant digits."""
    if given.low is not None and given.high is not None and given.low_inclusive and given.high_inclusive:
        return f"{fraction_text(given.low, None)} to {fraction_text(given.high, unit)}"
    said = []
    if given.low is not None:
        said.append(f"{'at least' if given.low_inclusive else 'above'} {fraction_text(given.low, unit)}")
    if given.high is not None:
        said.append(f"{'at most' if given.high_inclusive else 'below'} {fraction_text(given.high, unit)}")
    return " and ".join(said)


def _common(first: Interval, second: Interval) -> Interval:
    """What lies in both."""
    lows = [(one.low, not one.low_inclusive) for one in (first, second) if one.low is not None]
    highs = [(-one.high, not one.high_inclusive) for one in (first, second) if one.high is not None]
    low, low_open = max(lows, default=(None, False))
    high, high_open = max(highs, default=(None, False))
    return Interval(low, None if high is None else -high, not low_open, not high_open)
