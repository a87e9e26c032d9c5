"""Results of the receiving side against the criteria of a comparability plan, and how both sides measured them.

Single values are compared with a range. A criterion whose statistic is computed over the lots (equivalence by two
one-sided tests, a confidence or tolerance interval), or that is a margin alone, is not judged here.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from ttpack.analysis.comparability import DATA_RUNS, comparison
from ttpack.analysis.intervals import Interval, in_unit, interval, range_text, value_text
from ttpack.analysis.placeholders import written
from ttpack.model.analytics import BatchResult
from ttpack.model.execution import AcceptanceCriterion, ComparabilityPlan, Run
from ttpack.model.package import Package
from ttpack.model.process import ProcessAttribute
from ttpack.model.quality import QualityAttribute
from ttpack.model.quantity import Range

COMPLETE = "complete"
_EACH: Final = re.compile(r"\b(?:each|every|all|individual|single)\b", re.IGNORECASE)
_COMPUTED: Final = re.compile(
    r"\b(?:tost|equivalence|confidence|tolerance|mean|means|ratio|ppk|cpk|variance|standard deviation|interval)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Result:
    """A result of a run: the record and the index in its `results`."""

    run: Run
    index: int
    result: BatchResult

    @property
    def method(self) -> tuple[str, str] | None:
        """Method and version; None where either is not stated."""
        given = self.result
        return (given.method, str(given.method_version)) if given.method and given.method_version is not None else None


@dataclass(frozen=True, slots=True)
class Sides:
    """The lots of a plan with results: those of the receiving site, complete, and those of the sending site."""

    plan: ComparabilityPlan
    receiving: tuple[Run, ...]
    sending: tuple[Run, ...]

    def of(self, attribute: str) -> tuple[tuple[Result, ...], tuple[Result, ...]]:
        """The results of an attribute: receiving side, sending side."""
        return _results(self.receiving, attribute), _results(self.sending, attribute)


def sides(package: Package, plan: ComparabilityPlan) -> Sides:
    """The runs whose results a plan compares."""
    receiving = tuple(
        run
        for run in comparison(package, plan).runs
        if run.status == COMPLETE and run.site == plan.receiving_site and run.site is not None
    )
    there = [run for run in package.in_force(Run) if run.site == plan.sending_site and run.site is not None]
    named = [run for run in there if run.comparability_plan == plan.id]
    history = [run for run in there if run.comparability_plan is None and run.run_kind in DATA_RUNS]
    return Sides(plan, receiving, tuple(run for run in named or history if run.results))


def computed_statistic(criterion: AcceptanceCriterion) -> str:
    """Why a criterion is not judged by single values, in words; empty where it is."""
    statistic = " ".join((criterion.statistic or "").split())
    if written(statistic) and (_COMPUTED.search(statistic) or not _EACH.search(statistic)):
        return f"its statistic, {statistic[:120]}, is computed over the lots, which is not done yet"
    if criterion.range is None or not criterion.range.numeric:
        if criterion.margin is not None:
            margin = value_text(criterion.margin.value, criterion.margin.unit)
            return f"an equivalence margin of {margin} is judged by two one-sided tests, which are not done yet"
        return "it states no limits in numbers"
    return ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A result against its criterion: whether it is `met`, None where units do not allow to tell."""

    result: Result
    met: bool | None
    words: str
    limits: str


def judged(package: Package, criterion: AcceptanceCriterion, results: Iterable[Result]) -> tuple[Judged, ...]:
    """Each result with a number against the limits of a criterion; an end belongs to them unless they say otherwise."""
    unit = criterion.unit or _unit_of(package, criterion.about)
    limits = interval(criterion.range, unit, package.own_units)
    words = range_text(criterion.range, unit) if criterion.range else ""
    return tuple(_judged(package, one, limits, unit, words) for one in results)


def _judged(package: Package, one: Result, limits: Interval | None, unit: str | None, words: str) -> Judged:
    given = one.result
    stated = given.unit or unit
    measured = Range(low=given.value, high=given.value) if given.value is not None else given.range
    if measured is None or not measured.numeric:
        return Judged(one, None, (given.text or "no value")[:80], words)
    said = value_text(given.value, stated) if given.value is not None else range_text(measured, stated)
    ends = [end for end in (measured.low, measured.high) if end is not None]
    values = [in_unit(end, measured.unit or stated, unit, package.own_units) for end in ends]
    known = [value for value in values if value is not None]
    if limits is None or len(known) < len(values):
        return Judged(one, None, said, words)
    return Judged(one, all(map(limits.holds, known)), said, words)


def _results(runs: Iterable[Run], attribute: str) -> tuple[Result, ...]:
    return tuple(
        Result(run, index, one)
        for run in runs
        for index, one in enumerate(run.results)
        if attribute in (one.attribute, one.parameter)
    )


def _unit_of(package: Package, about: str) -> str | None:
    found = package.get(about, QualityAttribute) or package.get(about, ProcessAttribute)
    return found.unit if found else None
