"""What runs have shown of a campaign: how often batches were started, and how long a unit operation took."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from ttpack.analysis.campaign_capacity import CampaignCapacity, steps_of_unit_operation
from ttpack.analysis.comparability import DATA_RUNS
from ttpack.model.campaign import Campaign
from ttpack.model.execution import Run
from ttpack.model.package import Package


@dataclass(frozen=True, slots=True)
class Observed:
    """An observed time in days, of a resource or (None) of the whole line; `takt` is what it is compared with."""

    run: Run
    resource: str | None
    days: Fraction
    takt: Fraction
    intervals: int = 0


def completed_runs(package: Package) -> dict[str, list[Run]]:
    """The completed runs of batches that say when they started, by site."""
    found: dict[str, list[Run]] = {}
    for run in package.in_force(Run):
        if run.site and run.status == "complete" and run.started_on and run.run_kind in DATA_RUNS:
            found.setdefault(run.site, []).append(run)
    return found


def observed_cycles(campaign: Campaign, capacity: CampaignCapacity, runs: Iterable[Run]) -> Iterator[Observed]:
    """What completed runs of the campaign's site took, within the dates of the campaign.

    A run of one unit operation kept its resource from start to end, so takt times the count of the resource allows it.
    Of runs of the whole process the shortest time between two starts counts: the line has not been faster.
    """
    takt = capacity.takt
    if takt is None:
        return
    whole: list[tuple[date, str, Run]] = []
    for run in runs:
        if run.started_on is None or not _within(campaign, run.started_on):
            continue
        if run.unit_operation is None:
            whole.append((run.started_on, run.id, run))
        elif run.ended_on is not None and run.ended_on >= run.started_on:
            days = Fraction((run.ended_on - run.started_on).days)
            yield from _of_unit(campaign, capacity, run, days, takt)
    whole.sort(key=lambda one: one[:2])
    gaps = [((later[0] - first[0]).days, later[2]) for first, later in pairwise(whole) if later[0] > first[0]]
    if gaps:
        shortest, last = min(gaps, key=lambda one: (one[0], one[1].id))
        yield Observed(last, None, Fraction(shortest), takt, len(gaps))


def _of_unit(
    campaign: Campaign, capacity: CampaignCapacity, run: Run, days: Fraction, takt: Fraction
) -> Iterator[Observed]:
    used = {name for _, step in steps_of_unit_operation(campaign, run.unit_operation or "") for name in step.resources}
    for one in capacity.resources:
        if one.name in used and one.count and len(one.steps) == 1:
            yield Observed(run, one.name, days, takt * one.count)


def _within(campaign: Campaign, day: date) -> bool:
    return (campaign.start or date.min) <= day <= (campaign.end or date.max)
