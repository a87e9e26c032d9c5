"""From the records of a campaign to its model: everything in hours, every name resolved, what is missing in words."""

from dataclasses import dataclass
from typing import Final

from ttpack.analysis.sampling import Sampler
from ttpack.analysis.simulation.model import CampaignModel, Step, Unit
from ttpack.analysis.simulation.quantities import Collector
from ttpack.analysis.simulation.reading_dates import ReadDates, read_dates
from ttpack.analysis.simulation.reading_steps import read_steps
from ttpack.analysis.simulation.reading_supplies import Supplies, read_supplies
from ttpack.analysis.simulation.reading_waits import read_waits
from ttpack.model.campaign import Campaign
from ttpack.model.package import Package

MOST_STEPS: Final = 500
MOST_STEPS_TO_DO: Final = 400_000
"""Batches times steps of one replication."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The model of a campaign, or None where `impossible` says why it cannot run; `gaps` say what was read how."""

    model: CampaignModel | None
    impossible: tuple[str, ...]
    gaps: tuple[str, ...]
    inputs: tuple[str, ...]


def read_campaign(package: Package, campaign: Campaign) -> Reading:
    """The model of a campaign by its records. Nothing raises: what cannot be read is a gap or makes it impossible."""
    found = Collector(package)
    found.inputs.add(campaign.id)
    if not campaign.steps:
        found.never("it states no steps")
    if not campaign.batches:
        found.never("it states no number of batches")
    if len(campaign.steps) > MOST_STEPS:
        found.never(f"it states {len(campaign.steps):,} steps; at most {MOST_STEPS} are simulated")
    elif (campaign.batches or 0) * len(campaign.steps) > MOST_STEPS_TO_DO:
        found.never(f"batches times steps are more than the {MOST_STEPS_TO_DO:,} that are simulated")
    if found.impossible:
        return _reading(None, found)
    units = _units(found, campaign)
    supplies = read_supplies(found, campaign)
    steps = read_steps(found, campaign, units, supplies)
    dates = read_dates(found, campaign)
    parts = _Parts(tuple(units.values()), steps, supplies, dates)
    model = _model(found, campaign, parts)
    _check(found, model)
    return _reading(model, found)


def _reading(model: CampaignModel | None, found: Collector) -> Reading:
    made = None if found.impossible else model
    return Reading(made, tuple(found.impossible), tuple(found.gaps), tuple(sorted(found.inputs)))


@dataclass(frozen=True, slots=True)
class _Parts:
    units: tuple[Unit, ...]
    steps: tuple[Step, ...]
    supplies: Supplies
    dates: ReadDates


def _model(found: Collector, campaign: Campaign, parts: _Parts) -> CampaignModel:
    supplies, dates = parts.supplies, parts.dates
    takt, between = _starts(found, campaign)
    if campaign.acquisition_rule is None:
        found.gap("it does not say how a step seizes what it needs: all at once")
    if campaign.transfer is None and len(campaign.steps) > 1:
        found.gap("it does not say where a batch waits that has no hold vessel: in its unit (blocking)")
    batches = campaign.batches or 0
    release = found.drawn(campaign.release_time, "the time to release", "batches are released as they end")
    most = max((unit.count for unit in parts.units), default=1)
    warm_up = campaign.warm_up_batches
    return CampaignModel(
        campaign.id, batches, parts.steps, parts.units, supplies.operators, supplies.tanks, supplies.stocks,
        rule=campaign.acquisition_rule or "all_at_once",
        blocking=campaign.transfer != "buffered",
        takt=takt,
        between=between,
        closed=dates.closed,
        weekday=dates.weekday,
        release=release,
        demand=dates.demand,
        waits=read_waits(found, campaign),
        planned_end=dates.planned_end,
        warm_up=min(2 * most, batches // 2) if warm_up is None else warm_up,
    )  # fmt: skip


def _starts(found: Collector, campaign: Campaign) -> tuple[float | None, Sampler | None]:
    """The takt, or the times between starts; neither where all batches are released at once."""
    kind = campaign.batch_starts
    takt = found.hours(campaign.takt, "the takt", "it is left out")
    if kind == "at_once":
        return None, None
    if kind == "distributed" or (kind is None and takt is None and campaign.time_between_starts):
        what = "the time between starts of batches"
        between = found.drawn(campaign.time_between_starts, what, "it is left out")
        if between is not None:
            return None, between
        found.gap("it states no times between starts of batches")
    if takt is None:
        found.gap("it states no takt: all batches are released at the start")
    return takt, None


def _units(found: Collector, campaign: Campaign) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    for one in campaign.resources:
        if one.name in units:
            found.gap(f"resource {one.name} is listed twice: the first counts")
            continue
        if one.count is None:
            found.gap(f"resource {one.name} states no count: read as one")
        count = found.count(1 if one.count is None else one.count, f"the count of {one.name}") or 0
        broken = one.breakdowns
        between = repair = None
        if broken is not None:
            instead = "it does not break down"
            between = found.drawn(broken.time_between, f"breakdowns of {one.name}", instead)
            repair = found.drawn(broken.repair, f"repairs of {one.name}", instead)
        works = between is not None and repair is not None
        units[one.name] = Unit(one.name, count, between if works else None, repair if works else None)
    return units


def _check(found: Collector, model: CampaignModel) -> None:
    """What makes a campaign impossible whatever the schedule."""
    counts = {unit.name: unit.count for unit in model.units}
    used = dict.fromkeys(name for step in model.steps for name in (*step.units, step.vessel, *dict(step.cleaning)))
    for name in (one for one in used if one is not None):
        if counts[name] < 1:
            found.never(f"there are 0 of resource {name}, which is used")
    present = {one.name: one.most for one in model.operators}
    sizes = {one.name: one.size for one in model.tanks}
    for step in model.steps:
        for draw in step.operators:
            if draw.amount > present[draw.name]:
                most = present[draw.name]
                found.never(f"{step.name} needs {draw.amount:g} of {draw.name}, of whom at most {most} are present")
        for draw in step.utilities:
            if draw.amount > sizes[draw.name]:
                size = f"holds {sizes[draw.name]:g}"
                found.never(f"{step.name} draws {draw.amount:g} of {draw.name}, of which the tank {size}")
    if model.blocking:
        for before, after in zip(model.steps, model.steps[1:], strict=False):
            _check_transfer(found, before, after, counts)


def _check_transfer(found: Collector, before: Step, after: Step, counts: dict[str, int]) -> None:
    stays = before.vessel or (before.units[0] if before.units else None)
    if stays is not None and stays in after.units and counts[stays] == 1:
        found.never(
            f"{before.name} and {after.name} follow one another on {stays} without a hold vessel: "
            f"the batch would wait in {stays} until {stays} is free"
        )
