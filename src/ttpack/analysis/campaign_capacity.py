"""The closed-form cycle time of a campaign: what its busiest resource is busy with for each batch.

A resource of which there are `count` is free for a new batch every sum(duration + turnaround) / count. The longest
duration of a step counts. The cycle time is the greatest of these over all resources: no schedule can start batches
more often, whatever its rule of seizing resources (Little; the bound is reached where nothing waits).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ttpack.analysis.durations import in_days
from ttpack.analysis.intervals import Units, in_unit
from ttpack.model.campaign import Campaign, CampaignResource, CampaignStep
from ttpack.model.package import Package


@dataclass(frozen=True, slots=True)
class ResourceCycle:
    """How often a resource is free for a new batch.

    `days` are exact, and a lower bound where `missing` says what is not stated; None where not even that is known.
    """

    name: str
    equipment: str | None
    count: int | None
    days: Fraction | None
    steps: tuple[int, ...]
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CampaignCapacity:
    """The resources of a campaign, the busiest first; `missing` says why the cycle time is not known, or only a bound.

    `takt` is the planned time between batch starts, in days.
    """

    campaign: str
    takt: Fraction | None
    resources: tuple[ResourceCycle, ...]
    missing: tuple[str, ...]

    @property
    def cycle_time(self) -> Fraction | None:
        """Days between batch starts that the busiest resource allows; None while anything is missing."""
        return None if self.missing else self.least

    @property
    def least(self) -> Fraction | None:
        """What the cycle time is at least, by what is stated."""
        return max((one.days for one in self.resources if one.days is not None), default=None)

    @property
    def bottleneck(self) -> ResourceCycle | None:
        """The busiest resource; of equals the first by name. None while anything is missing."""
        return self.resources[0] if self.resources and not self.missing else None

    @property
    def next_bottleneck(self) -> ResourceCycle | None:
        """The busiest but one."""
        return self.resources[1] if len(self.resources) > 1 and not self.missing else None

    @property
    def too_slow(self) -> tuple[ResourceCycle, ...]:
        """The resources that cannot keep the takt, by what is stated."""
        takt = self.takt
        if takt is None:
            return ()
        return tuple(one for one in self.resources if one.days is not None and one.days > takt)


def campaign_capacity(package: Package, campaign: Campaign) -> CampaignCapacity:
    """The cycle time of a campaign by the durations it states."""
    own = package.own_units
    missing: list[str] = []
    listed, users = _listed(campaign, missing), _users(campaign, missing)
    if not campaign.steps:
        missing.append("it states no steps")
    needs = [_need(step, own) for step in campaign.steps]
    found = [_cycle(name, listed.get(name), steps, needs) for name, steps in users.items()]
    found.sort(key=lambda one: (one.days is None, -(one.days or 0), one.name))
    takt = in_days(campaign.takt, own)
    if takt is not None and takt <= 0:
        takt = None
    gaps = dict.fromkeys((*missing, *(words for one in found for words in one.missing)))
    return CampaignCapacity(campaign.id, takt, tuple(found), tuple(gaps))


def batch_time(package: Package, campaign: Campaign) -> Fraction | None:
    """Days from the first step of a batch to the end of its last, waits as scheduled; None where one is not stated.

    Steps of a campaign follow one another as listed, so all of them are on the critical path.
    """
    total = Fraction(0)
    for step in campaign.steps:
        duration, gap = _longest(step, package.own_units)
        wait = in_days(step.scheduled_wait, package.own_units) if step.hold or step.scheduled_wait else Fraction(0)
        if gap or duration is None or wait is None:
            return None
        total += duration + wait
    return total if campaign.steps else None


@dataclass(frozen=True, slots=True)
class _Need:
    days: Fraction | None
    missing: tuple[str, ...]


def _listed(campaign: Campaign, missing: list[str]) -> dict[str, CampaignResource]:
    listed: dict[str, CampaignResource] = {}
    for one in campaign.resources:
        if one.name in listed:
            missing.append(f"resource {one.name} is listed twice")
        listed.setdefault(one.name, one)
    return listed


def _users(campaign: Campaign, missing: list[str]) -> dict[str, tuple[int, ...]]:
    """The indices of the steps that use each resource."""
    users: dict[str, list[int]] = {}
    for index, step in enumerate(campaign.steps):
        if not step.resources:
            missing.append(f"step {step.name} names no resource")
        for name in dict.fromkeys(step.resources):
            users.setdefault(name, []).append(index)
    return {name: tuple(steps) for name, steps in users.items()}


def _cycle(name: str, resource: CampaignResource | None, steps: tuple[int, ...], needs: list[_Need]) -> ResourceCycle:
    missing = [words for index in steps for words in needs[index].missing]
    count = resource.count if resource else None
    equipment = resource.equipment if resource else None
    if resource is None:
        missing.append(f"resource {name} is used, but not listed")
    elif not count:
        missing.append(f"resource {name} states no count" if count is None else f"there are 0 of resource {name}")
    days = sum((needs[index].days or Fraction(0) for index in steps), Fraction(0)) / count if count else None
    return ResourceCycle(name, equipment, count, days, steps, tuple(missing))


def _need(step: CampaignStep, own: Units) -> _Need:
    """How long a step keeps its resources, at least, and what is not stated."""
    duration, gap = _longest(step, own)
    turnaround = in_days(step.turnaround, own)
    missing = [gap] if gap else []
    if turnaround is None:
        missing.append(f"step {step.name} states no turnaround")
    elif turnaround < 0:
        missing.append(f"the turnaround of step {step.name} is below zero")
    known = [one for one in (duration, turnaround) if one is not None and one >= 0]
    return _Need(sum(known, Fraction(0)) if known else None, tuple(missing))


def _longest(step: CampaignStep, own: Units) -> tuple[Fraction | None, str]:
    """The longest duration of a step in days, or its least one with what is missing."""
    given = step.duration
    if given is None or not given.numeric:
        return None, f"step {step.name} states no duration"
    unit = given.unit or step.duration_unit
    if unit is None:
        return None, f"the duration of step {step.name} has no unit"
    end = given.high if given.high is not None else given.low
    days = None if end is None else in_unit(end, unit, "d", own)
    if days is None or days < 0:
        return None, f"the duration of step {step.name} is no time above zero"
    return days, "" if given.high is not None else f"step {step.name} states no longest duration"


def steps_of_unit_operation(campaign: Campaign, unit_operation: str) -> Iterator[tuple[int, CampaignStep]]:
    """The steps of a campaign that stand for a unit operation."""
    return ((index, step) for index, step in enumerate(campaign.steps) if step.unit_operation == unit_operation)
