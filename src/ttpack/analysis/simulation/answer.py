"""The answer of a simulated campaign as JSON, what of it asks for something to be done, and its digest."""

import math
from decimal import Decimal
from typing import Any, Final

from ttpack.analysis.figures import figure, figure_digest
from ttpack.analysis.simulation.estimates import Estimate, Share
from ttpack.analysis.simulation.scenario import PeriodMet, Scenario, Use, UtilityUse, WatchedWait
from ttpack.analysis.simulation.study import CampaignStudy, Compared

MOST_ROWS: Final = 50
OFTEN_ENOUGH: Final = 0.95
"""A forecast is met where it is in this share of the replications."""
_DIGITS: Final = 9


def to_json(study: CampaignStudy) -> dict[str, Any]:
    """All figures of a study. Times are in hours, shares between 0 and 1."""
    return {
        "campaign": study.campaign,
        "seed": study.seed,
        "replications": study.replications,
        "inputs": list(study.inputs),
        "gaps": list(study.gaps),
        "impossible": list(study.impossible),
        "to_do": list(to_do(study)),
        "result": None if study.base is None else scenario_json(study.base),
        "at_capacity": None if study.at_capacity is None else _capacity(study.at_capacity),
        "what_ifs": [_compared(one) for one in study.what_ifs],
    }


def digest(study: CampaignStudy) -> str:
    """SHA-256 over the figures of a study; the same on every executor and machine with the same numpy."""
    answer = to_json(study)
    return figure_digest({key: answer[key] for key in ("result", "at_capacity", "what_ifs", "seed", "replications")})


def to_do(study: CampaignStudy) -> tuple[str, ...]:
    """What is not as the campaign states it has to be, in words; empty where everything is."""
    if study.base is None:
        return tuple(f"it cannot run: {words}" for words in study.impossible)
    base, found = study.base, []
    if base.stuck:
        found.append(base.stuck)
    found += [words for one in base.waits if (words := _wait_words(one))]
    found += _takt_words(base)
    found += [
        f"{one.tank.name}: up to {_short(one.peak.greatest)} {one.tank.unit} are drawn in an hour; the site "
        f"delivers {_short(one.tank.capacity or 0)}"
        for one in base.utilities
        if one.over
    ]
    found += [
        f"{one.stock.name} is lacking in {_percent(one.short.share)} of the replications"
        for one in base.materials
        if one.short.count
    ]
    found += [words for one in base.demand if (words := demand_words(one))]
    if base.late is not None and base.late.share > 1 - OFTEN_ENOUGH:
        found.append(f"the campaign ends after its planned end in {_percent(base.late.share)} of the replications")
    return tuple(found)


def demand_words(one: PeriodMet) -> str:
    """Why a period of the forecast is not met; empty where it is, often enough."""
    if one.met.share >= OFTEN_ENOUGH:
        return ""
    by = f", limited by: {one.limit}" if one.limit else ""
    return (
        f"{one.wanted} batches are wanted by {one.period.end.isoformat()}; {_short(one.released.mean)} are released "
        f"on average (enough in {_percent(one.met.share)} of the replications){by}"
    )


def bottlenecks(scenario: Scenario) -> tuple[Use | None, Use | None]:
    """The busiest resource and the next one."""
    uses = [use for use in scenario.uses if use.busy.mean > 0]
    return (uses[0] if uses else None), (uses[1] if len(uses) > 1 else None)


def scenario_json(one: Scenario) -> dict[str, Any]:
    """The figures of one scenario."""
    first, second = bottlenecks(one)
    return {
        "batches": one.model.batches,
        "warm_up_batches": one.model.warm_up,
        "acquisition_rule": one.model.rule,
        "transfer": "blocking" if one.model.blocking else "buffered",
        "replications_finished": len(one.finished),
        "stuck": one.stuck or None,
        "makespan_h": _estimate(one.makespan),
        "cycle_time_h": _estimate(one.cycle_time),
        "batches_per_year": _estimate(one.batches_per_year),
        "time_of_a_batch_h": _estimate(one.sojourn),
        "bottleneck": first.name if first else None,
        "next_bottleneck": second.name if second else None,
        "use": [_use(use) for use in one.uses[:MOST_ROWS]],
        "waits_before_steps_h": [{"step": name, **(_estimate(wait) or {})} for name, wait in one.waits_of_steps],
        "waited_for": [
            {"step": row.step or None, "what": row.what, "h_per_batch": _figure(row.hours)}
            for row in one.waited_for[:MOST_ROWS]
        ],
        "holds": [_wait(wait) for wait in one.waits],
        "hold_violations_per_replication": _estimate(_of(one)),
        "utilities": [_utility(use) for use in one.utilities],
        "materials": [
            {
                "material": use.stock.name,
                "unit": use.stock.unit,
                "stock": _figure(use.stock.amount),
                "lowest": _estimate(use.lowest),
                "replications_lacking": _share(use.short),
            }
            for use in one.materials
        ],
        "breakdowns": _estimate(one.breakdowns),
        "demand": [_period(period) for period in one.demand],
        "replications_after_planned_end": _share(one.late),
    }


def _of(one: Scenario) -> Estimate | None:
    from ttpack.analysis.simulation.estimates import estimate

    return estimate(one.violations) if one.model.waits else None


def _capacity(one: Scenario) -> dict[str, Any]:
    first, second = bottlenecks(one)
    return {
        "batches": one.model.batches,
        "cycle_time_h": _estimate(one.cycle_time),
        "batches_per_year": _estimate(one.batches_per_year),
        "bottleneck": first.name if first else None,
        "next_bottleneck": second.name if second else None,
    }


def _compared(one: Compared) -> dict[str, Any]:
    scenario = one.scenario
    return {
        "name": one.name,
        "title": one.title,
        "impossible": list(one.impossible),
        "difference": None
        if scenario is None
        else {
            "makespan_h": _estimate(one.makespan),
            "cycle_time_h": _estimate(one.cycle_time),
            "batches_per_year_at_capacity": _estimate(one.batches_per_year),
            "hold_violations_per_replication": _estimate(one.violations),
        },
        "result": None if scenario is None else scenario_json(scenario),
    }


def _use(one: Use) -> dict[str, Any]:
    return {
        "resource": one.name,
        "kind": one.kind,
        "count": one.count,
        "busy": _estimate(one.busy),
        "working": _figure(one.working),
        "cleaning": _figure(one.cleaning),
        "repair": _figure(one.repair),
        "occupied": _figure(one.occupied),
    }


def _wait(one: WatchedWait) -> dict[str, Any]:
    return {
        "wait": one.wait.name,
        "hold": one.wait.hold,
        "limit_h": _figure(one.wait.limit),
        "mean_h": _figure(one.mean_h),
        "longest_h": _estimate(one.longest),
        "share_of_batches_beyond": _estimate(one.beyond) if one.wait.limit is not None else None,
        "replications_with_any_beyond": _share(one.any_beyond) if one.wait.limit is not None else None,
    }


def _utility(one: UtilityUse) -> dict[str, Any]:
    return {
        "utility": one.tank.name,
        "record": one.tank.record,
        "unit": one.tank.unit,
        "peak_in_an_hour": _estimate(one.peak),
        "capacity_per_hour": _figure(one.tank.capacity),
        "lowest_level": _estimate(one.lowest),
        "drawn": _estimate(one.drawn),
    }


def _period(one: PeriodMet) -> dict[str, Any]:
    return {
        "start": one.period.start.isoformat(),
        "end": one.period.end.isoformat(),
        "wanted_by_then": one.wanted,
        "released_by_then": _estimate(one.released),
        "replications_that_meet_it": _share(one.met),
        "met": one.met.share >= OFTEN_ENOUGH,
        "limited_by": one.limit or None,
    }


def _wait_words(one: WatchedWait) -> str:
    if one.wait.limit is None or not one.any_beyond.count:
        return ""
    return (
        f"{one.wait.name}: {_percent(one.beyond.mean)} of the batches wait longer than {_short(one.wait.limit)} h, "
        f"up to {_short(one.longest.greatest)} h"
    )


def _takt_words(base: Scenario) -> list[str]:
    takt, cycle = base.model.takt, base.cycle_time
    if takt is None or cycle is None or cycle.low <= takt * 1.001:
        return []
    first, _ = bottlenecks(base)
    by = f": {first.name} is the bottleneck" if first else ""
    return [f"batches end every {_short(cycle.mean)} h, and the takt is {_short(takt)} h{by}"]


def _estimate(one: Estimate | None) -> dict[str, Decimal | int | None] | None:
    if one is None:
        return None
    return {
        "mean": _figure(one.mean),
        "half_width_95": _figure(one.half_width),
        "standard_deviation": _figure(one.standard_deviation),
        "least": _figure(one.least),
        "greatest": _figure(one.greatest),
    }


def _share(one: Share | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return {"count": one.count, "of": one.of, "low_95": _figure(one.low), "high_95": _figure(one.high)}


def _figure(value: float | None) -> Decimal | None:
    """Rounded to nine decimals first, below which sums of hours are noise."""
    return figure(round(value, _DIGITS)) if value is not None and math.isfinite(value) else None


def _short(value: float) -> str:
    return f"{value:.4g}" if abs(value) < 1000 else f"{value:,.0f}"  # noqa: PLR2004


def _percent(value: float) -> str:
    return f"{100 * value:.3g} %"
