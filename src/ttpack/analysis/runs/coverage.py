"""Which critical parameters the completed engineering runs of a site recorded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ttpack.analysis.placeholders import written
from ttpack.model.analytics import BatchResult
from ttpack.model.execution import Run
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL

ENGINEERING = "engineering"
COMPLETE = "complete"


@dataclass(frozen=True, slots=True)
class RunCoverage:
    """The critical parameters within the scope of a run: how many, those it lacks, and those that no other run has."""

    run: Run
    asked: int
    lacks: tuple[str, ...]
    nowhere: tuple[str, ...]


def engineering_runs(package: Package, site: str) -> tuple[Run, ...]:
    """The engineering runs in force of a site, by planned or actual start."""
    runs = [one for one in package.in_force(Run) if one.run_kind == ENGINEERING and one.site == site]
    return tuple(sorted(runs, key=lambda one: (one.started_on or one.planned_on or date.max, one.id)))


def coverage(package: Package, runs: Iterable[Run]) -> tuple[RunCoverage, ...]:
    """What each completed run recorded of the critical parameters, in the order given.

    A run of one unit operation is asked for the parameters of that unit operation.
    """
    complete = [one for one in runs if one.status == COMPLETE]
    critical = [one for one in package.parameters if one.classification in CRITICAL]
    recorded = {run.id: recorded_parameters(run) for run in complete}
    anywhere = frozenset().union(*recorded.values())
    found = []
    for run in complete:
        asked = [one.id for one in critical if run.unit_operation in (None, one.unit_operation)]
        lacks = tuple(one for one in asked if one not in recorded[run.id])
        found.append(RunCoverage(run, len(asked), lacks, tuple(one for one in lacks if one not in anywhere)))
    return tuple(found)


def recorded_parameters(run: Run) -> frozenset[str]:
    """The parameters of which a run recorded a value, a range of values or a result in words."""
    return frozenset(one.parameter for one in run.as_run if one.parameter and _says(one))


def _says(one: BatchResult) -> bool:
    return one.value is not None or (one.range is not None and one.range.numeric) or written(one.text)
