"""Recorded values of a run that lie outside the normal range of its site, and the excursion that answers for each."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ttpack.analysis.deviations.limits import INTERVALS, Bounds, IntervalName, Limits
from ttpack.analysis.intervals import given_ends, in_unit, interval, range_text, value_text
from ttpack.analysis.placeholders import written
from ttpack.analysis.runs.earlier_ranges import EarlierRanges
from ttpack.model.analytics import BatchResult
from ttpack.model.execution import Excursion, Run
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter

ON_PURPOSE = frozenset({"development"})
"""Kinds of run that leave the ranges to learn about them."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recorded value at the site of its run: `where` it lies, None where `reason` says why nobody can tell.

    `words` is the value as written, `normal` and `proven` the ranges it is compared with. `excursion` is the index of
    the excursion that answers for a value outside the normal range.
    """

    run: Run
    index: int
    parameter: ProcessParameter
    where: IntervalName | None
    words: str
    normal: str
    proven: str
    excursion: int | None = None
    earlier: bool = False
    reason: str = ""


class RunReader:
    """Reads runs of a package, each by the ranges of its time."""

    def __init__(self, package: Package, earlier: EarlierRanges) -> None:
        self.package = package
        self.earlier = earlier

    def recorded(self, run: Run) -> tuple[Recorded, ...]:
        """Every value of a parameter that a run recorded, in the order written; empty for a development run."""
        if run.run_kind in ON_PURPOSE:
            return ()
        return tuple(self._all(run))

    def excursion_interval(self, run: Run, excursion: Excursion) -> IntervalName | None:
        """Where the value of an excursion lies; None where that cannot be told."""
        parameter = self.package.get(excursion.parameter, ProcessParameter)
        if parameter is None or run.site is None or excursion.value is None:
            return None
        limits, _ = self._at(run, parameter)
        value = in_unit(excursion.value, excursion.unit or limits.unit, limits.unit, self.package.own_units)
        return None if value is None or limits.open else limits.interval_of(value)

    def _all(self, run: Run) -> Iterator[Recorded]:
        for index, one in enumerate(run.as_run):
            parameter = self.package.get(one.parameter, ProcessParameter)
            if parameter is not None:
                yield self._one(run, index, one, parameter)

    def _one(self, run: Run, index: int, one: BatchResult, parameter: ProcessParameter) -> Recorded:
        if run.site is None:
            return Recorded(run, index, parameter, None, "", "", "", reason="the run states no site")
        limits, earlier = self._at(run, parameter)
        normal, proven = (given.words if given else "" for given in (limits.normal, limits.proven))
        values, words = self._values(one, limits)
        if reason := self._unknown(run, parameter, limits, values):
            return Recorded(run, index, parameter, None, words, normal, proven, None, earlier, reason)
        placed = [(limits.interval_of(value), value) for value in values]
        where, worst = max(placed, key=lambda each: INTERVALS.index(each[0]) if each[0] else -1)
        found = None
        if where not in (None, "inside_nor"):
            found = self._answer(run, parameter, worst, limits)
        return Recorded(run, index, parameter, where, words, normal, proven, found, earlier)

    def _unknown(self, run: Run, parameter: ProcessParameter, limits: Limits, values: tuple[Fraction, ...]) -> str:
        if self.earlier.unknown(run, parameter):
            return "its normal range was changed after the run, and what it was before is not recorded"
        if limits.open:
            return limits.open
        return "" if values else "its value is no number in a unit of the parameter"

    def _at(self, run: Run, parameter: ProcessParameter) -> tuple[Limits, bool]:
        """The ranges in force at the time of a run, and whether the normal one is not that of today."""
        limits, old = self.earlier.limits(parameter, run.site or ""), self.earlier.normal_at(run, parameter)
        if old is None:
            return limits, False
        return Limits(limits.unit, Bounds(old.ends, old.words), limits.proven, limits.edge, limits.remarks), True

    def _values(self, one: BatchResult, limits: Limits) -> tuple[tuple[Fraction, ...], str]:
        """The value, or both ends of a range over several readings, in the unit of the limits, and as written."""
        own, unit = self.package.own_units, one.unit or limits.unit
        if one.value is not None:
            value = in_unit(one.value, unit, limits.unit, own)
            return (() if value is None else (value,)), value_text(one.value, unit)
        if one.range is not None and one.range.numeric:
            given = one.range.model_copy(update={"unit": one.range.unit or unit})
            found = interval(given, limits.unit, own)
            return (tuple(end for _, end in given_ends(found)) if found else ()), range_text(given, unit)
        return (), (one.text or "")[:80]

    def _answer(self, run: Run, parameter: ProcessParameter, value: Fraction, limits: Limits) -> int | None:
        """The excursion of that value; else one that went further on its side, else one that states no value."""
        ranked = (
            (rank, index)
            for index, one in enumerate(run.excursions)
            if one.parameter == parameter.id and (rank := self._fits(one, value, limits)) is not None
        )
        return min(ranked, default=(0, None))[1]

    def _fits(self, one: Excursion, value: Fraction, limits: Limits) -> int | None:
        if one.value is None:
            return 2
        given = in_unit(one.value, one.unit or limits.unit, limits.unit, self.package.own_units)
        if given is None:
            return None
        if given == value:
            return 0
        middle = limits.normal or limits.proven
        if middle is None:
            return None
        low, high = middle.ends.low, middle.ends.high
        above = high is not None and value >= high and given > value
        below = low is not None and value <= low and given < value
        return 1 if above or below else None


def lacking(excursion: Excursion) -> tuple[str, ...]:
    """The fields of an excursion that say nothing yet: cause, disposition, class."""
    given = {
        "cause": excursion.cause is not None,
        "disposition": written(excursion.disposition),
        "deviation_class": excursion.deviation_class is not None,
    }
    return tuple(name for name, there in given.items() if not there)


def excursion_words(excursion: Excursion) -> str:
    """The value of an excursion as written, with how long it lasted."""
    said = value_text(excursion.value, excursion.unit) if excursion.value is not None else "value not stated"
    lasted = excursion.duration
    return f"{said} for {value_text(lasted.value, lasted.unit)}" if lasted else said


def outside(found: Recorded) -> bool:
    """Whether a recorded value is known to lie outside the normal range."""
    return found.where is not None and found.where != "inside_nor"
