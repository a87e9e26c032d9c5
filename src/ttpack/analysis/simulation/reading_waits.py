"""Waits whose length is watched: in holds that records state, and those that a step limits itself."""

from ttpack.analysis.campaign_holds import tightest_limit
from ttpack.analysis.simulation.model import Wait
from ttpack.analysis.simulation.quantities import Collector
from ttpack.model.campaign import Campaign
from ttpack.model.process import HoldTime

SECONDS_PER_HOUR = 3600


def read_waits(found: Collector, campaign: Campaign) -> tuple[Wait, ...]:
    """One wait for each hold, over all steps that name it, and one for each step that limits its own."""
    by_hold: dict[str, list[int]] = {}
    waits: list[Wait] = []
    last = len(campaign.steps) - 1
    for index, step in enumerate(campaign.steps):
        limited = step.longest_wait is not None
        if index == last:
            if step.hold or limited:
                found.gap(f"the wait after the last step, {step.name}, lies beyond what is simulated")
        elif step.hold is not None:
            by_hold.setdefault(step.hold, []).append(index)
        elif limited:
            limit = found.hours(step.longest_wait, f"the longest wait after {step.name}", "it is not judged")
            waits.append(Wait(f"after {step.name}", (index,), limit))
    waits += [_of_hold(found, campaign, hold, steps) for hold, steps in by_hold.items()]
    return tuple(sorted(waits, key=lambda wait: wait.steps))


def _of_hold(found: Collector, campaign: Campaign, hold_id: str, steps: list[int]) -> Wait:
    package = found.package
    hold = package.get(hold_id, HoldTime)
    name = f"after {campaign.steps[steps[0]].name}"
    if hold is None:
        found.gap(f"{hold_id} is no record of a hold: the wait {name} has the limits of its steps")
    else:
        found.inputs.add(hold_id)
        name = hold.name
    limit = tightest_limit(package, hold) if hold is not None else None
    hours = float(limit.seconds / SECONDS_PER_HOUR) if limit is not None else None
    if hold is not None and not hold.can_wait:
        hours = 0.0
    if hours is None:
        own = [
            found.hours(campaign.steps[index].longest_wait, f"the longest wait after {campaign.steps[index].name}", "")
            for index in steps
        ]
        hours = min((one for one in own if one is not None), default=None)
    if hours is None:
        found.gap(f"{name} has no limit: how long it waits is simulated and not judged")
    return Wait(name, tuple(steps), hours, hold_id if hold is not None else None)
