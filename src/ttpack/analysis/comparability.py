"""Which batches a comparability plan is judged by, and the first of them (ICH Q5E)."""

from dataclasses import dataclass
from datetime import date

from ttpack.model.execution import ComparabilityPlan, Run
from ttpack.model.package import Package

DATA_RUNS = frozenset({"engineering", "GMP", "PPQ", "clinical"})
"""Kinds of run whose data are used where no plan is named."""


def started(run: Run) -> date | None:
    """When a run started, else when it is planned."""
    return run.started_on or run.planned_on


@dataclass(frozen=True, slots=True)
class PlannedComparison:
    """A comparability plan with the runs whose data it uses. `first` is the earliest of those that have a date."""

    plan: ComparabilityPlan
    runs: tuple[Run, ...]
    first: Run | None
    undated: tuple[Run, ...]


def comparison(package: Package, plan: ComparabilityPlan) -> PlannedComparison:
    """The runs in force that name the plan, or name none and make batches at its receiving site."""
    runs = tuple(
        run
        for run in package.in_force(Run)
        if run.comparability_plan == plan.id
        or (
            run.comparability_plan is None
            and plan.receiving_site is not None
            and run.site == plan.receiving_site
            and run.run_kind in DATA_RUNS
        )
    )
    dated = sorted((run for run in runs if started(run)), key=lambda run: (started(run) or date.max, run.id))
    return PlannedComparison(plan, runs, dated[0] if dated else None, tuple(run for run in runs if not started(run)))
