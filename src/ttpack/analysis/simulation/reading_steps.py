"""The steps of a campaign as the engine runs them."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from ttpack.analysis.sampling import Sampler
from ttpack.analysis.simulation.model import Draw, Step, Unit
from ttpack.analysis.simulation.quantities import HOUR, Collector, window
from ttpack.analysis.simulation.reading_supplies import Supplies
from ttpack.model.campaign import Campaign, CampaignStep, DailyWindow
from ttpack.model.variation import Variation


@dataclass
class _Reader:
    """What the steps are read with: `middles` are those whose most likely duration had to be taken."""

    found: Collector
    units: dict[str, Unit]
    supplies: Supplies
    window: DailyWindow | None
    middles: list[str] = field(default_factory=list)


def read_steps(found: Collector, campaign: Campaign, units: dict[str, Unit], supplies: Supplies) -> tuple[Step, ...]:
    """All steps. Resources that are used and not listed are added to `units`, as one of each."""
    reader = _Reader(found, units, supplies, campaign.start_window)
    seen: dict[str, int] = {}
    steps = []
    for one in campaign.steps:
        seen[one.name] = seen.get(one.name, 0) + 1
        name = one.name if seen[one.name] == 1 else f"{one.name} ({seen[one.name]})"
        steps.append(_step(reader, one, name))
    if reader.middles:
        found.gap(f"no most likely duration is stated, the middle is taken: {_listed(reader.middles)}")
    return tuple(steps)


def _step(reader: _Reader, one: CampaignStep, name: str) -> Step:
    found, units, supplies = reader.found, reader.units, reader.supplies
    used = tuple(dict.fromkeys(one.resources))
    for resource in used:
        _known(found, units, resource)
    if not used:
        found.gap(f"step {name} names no resource: nothing but what it draws limits it")
    vessel = one.hold_vessel
    if vessel is not None and vessel not in units:
        found.gap(f"the hold vessel {vessel} after {name} is not listed: the batch waits in its unit")
        vessel = None
    operators = (supplies.operator(found, need, name) for need in one.operators)
    utilities = (supplies.utility(found, draw, name) for draw in one.utilities)
    materials = (supplies.material(found, draw, name) for draw in one.materials)
    return Step(
        name,
        _duration(found, one, name, reader.middles),
        used,
        found.hours(one.turnaround, f"the turnaround of {name}", "read as none") or 0.0,
        _cleaning(found, one, name, units),
        _merged(operators),
        _merged(utilities),
        _merged(materials),
        window(one.start_window or reader.window),
        vessel,
        found.hours(one.scheduled_wait, f"the scheduled wait after {name}", "read as none") or 0.0,
    )


def _merged(draws: Iterable[Draw | None]) -> tuple[Draw, ...]:
    """Draws without those that are not limited; of operators of one group those with the same hours together."""
    merged: dict[tuple[str, float | None], Draw] = {}
    for draw in draws:
        if draw is not None:
            key = (draw.name, draw.hours)
            before = merged[key].amount if key in merged else 0.0
            merged[key] = Draw(draw.name, before + draw.amount, draw.hours)
    return tuple(merged.values())


def _known(found: Collector, units: dict[str, Unit], resource: str) -> None:
    if resource not in units:
        found.gap(f"resource {resource} is used, but not listed: read as one")
        units[resource] = Unit(resource, 1)


def _cleaning(
    found: Collector, one: CampaignStep, name: str, units: dict[str, Unit]
) -> tuple[tuple[str, Sampler], ...]:
    cleaned = []
    for clean in one.cleaning:
        if clean.resource in one.resources:
            found.gap(f"{name} is cleaned by {clean.resource}, on which it runs: the cleaning is left out")
            continue
        if not one.resources:
            found.gap(f"{name} runs on nothing that could be cleaned")
            continue
        duration = found.drawn(clean.duration, f"the cleaning after {name}", "it is left out")
        if duration is not None:
            _known(found, units, clean.resource)
            cleaned.append((clean.resource, duration))
    return tuple(cleaned)


def _duration(found: Collector, one: CampaignStep, name: str, middles: list[str]) -> Sampler:
    """How a step's duration varies; without any that can be read, the campaign cannot be simulated."""
    what = f"the duration of step {name}"
    if one.duration_model is not None:
        model = found.drawn(one.duration_model, what, "the range is taken", unit=one.duration_unit)
        if model is not None:
            return model
    made = _of_range(found, one, name, middles)
    drawn = found.drawn(made, what, "it cannot be simulated", unit=(one.duration and one.duration.unit) or None)
    if drawn is None:
        found.never(f"step {name} states no duration")
        return Sampler("fixed", (0.0,))
    return drawn


def _of_range(found: Collector, one: CampaignStep, name: str, middles: list[str]) -> Variation | None:
    """The distribution of the older fields: a range and the name of a distribution."""
    given = one.duration
    if given is None or not given.numeric:
        return None
    unit = given.unit or one.duration_unit or HOUR
    if given.unit is None and one.duration_unit is None:
        found.gap(f"the duration of step {name} states no unit: read as hours")
    low, high = given.low, given.high
    if low is None or high is None or low == high:
        if low is None or high is None:
            found.gap(f"step {name} states one end of its duration: read as always this long")
        return Variation(distribution="fixed", unit=unit, mean=high if high is not None else low)
    kind = (one.distribution or "uniform").strip().lower()
    if kind == "triangular":
        middles.append(name)
        return Variation(distribution="triangular", unit=unit, low=low, mode=(low + high) / 2, high=high)
    if kind != "uniform" or one.distribution is None:
        found.gap(f"how the duration of step {name} varies is not known: each within its range is as likely")
    return Variation(distribution="uniform", unit=unit, low=low, high=high)


def _listed(names: list[str]) -> str:
    shown = ", ".join(names[:10])
    return shown if len(names) <= 10 else f"{shown} and {len(names) - 10} more"  # noqa: PLR2004
