"""Whether a design space holds the point at which a process is operated: its factors, then what its model predicts."""

from pydantic import ValidationError

from ttpack.analysis.change_rules.readings import NORMAL, TARGET, Given, given_range, reading
from ttpack.analysis.change_rules.sides import Raw, State
from ttpack.analysis.design_space import (
    Box,
    NotPredicted,
    Point,
    Polynomial,
    deviations_for,
    least_score,
    polynomial,
    worst,
)
from ttpack.analysis.intervals import Interval
from ttpack.model.parameter import DesignSpace, Factor, Response

ROUNDING = 1e-9
"""Relative difference that floating-point arithmetic may make."""


def allows(raw: Raw, state: State, site: str) -> bool:
    """Whether what a revision aims at, at a site ("" in general), lies inside a design space.

    Every factor has to be aimed inside its bounds, and every response that has a limit has to be predicted inside it;
    a factor without an aim, or a limit without a model, shows nothing, so the answer is no.
    """
    try:
        space = DesignSpace.model_validate(raw)
        box = _box(space, state, site)
        return bool(space.factors) and all(
            _met(space, index, response, box, state) for index, response in enumerate(space.responses)
        )
    except (ValidationError, NotPredicted, ArithmeticError):
        return False


def _box(space: DesignSpace, state: State, site: str) -> Box:
    """What is aimed at, in coded units; a parameter aimed at a range takes all of it. Raises NotPredicted."""
    return tuple(_side(factor, state, site) for factor in space.factors)


def _side(factor: Factor, state: State, site: str) -> tuple[float, float]:
    name = factor.parameter
    found = reading(state, name or "", f"{name}@{site}" if site else None)
    aim = found.aim() or found.range(TARGET) or found.range(NORMAL)
    if aim is None or factor.half_range <= 0:
        raise NotPredicted(f"{factor.name} is aimed at nothing that could be compared")
    unit = factor.unit or found.unit
    where = aim.within(unit)
    low, high = factor.centre - factor.half_range, factor.centre + factor.half_range
    bounds = Given(low, high, unit=unit, own=state.side.own_units).within(unit)
    if where is None or bounds is None or where.low is None or where.high is None or where.ends_outside(bounds):
        raise NotPredicted(f"{factor.name} is not shown to be aimed inside its bounds")
    centre, half = float(factor.centre), float(factor.half_range)
    return (float(where.low) - centre) / half, (float(where.high) - centre) / half


def _met(space: DesignSpace, index: int, response: Response, box: Box, state: State) -> bool:
    """Whether a response meets its limit everywhere in the box. Raises NotPredicted."""
    if response.meaning == "score":
        least = least_score(space, response)
        if least is None:
            return False
        model = polynomial(space, index)
        return worst(box, model, model.mean)[0] >= least - ROUNDING * abs(least)
    limits = _limits(response, state)
    if limits is None:
        return response.limit is None
    model = polynomial(space, index)
    wanted = deviations_for(space)
    sure = wanted if model.uncertain and wanted is not None else 0.0
    ends = ((limits.low, 1), (limits.high, -1))
    return all(bound is None or _keeps(box, model, float(bound), sign, sure) for bound, sign in ends)


def _keeps(box: Box, model: Polynomial, bound: float, sign: int, sure: float) -> bool:
    """Whether the prediction stays on the right side of a bound, its uncertainty taken off."""

    def distance(at: Point) -> float:
        return sign * (model.mean(at) - bound) - sure * model.deviation(at)

    return worst(box, model, distance)[0] >= -ROUNDING * abs(bound)


def _limits(response: Response, state: State) -> Interval | None:
    """The limit of the response, else what is acceptable of its attribute."""
    attribute = state.get(response.attribute)
    unit = str(response.unit or attribute.get("unit") or "")
    own = state.side.own_units
    if response.limit is not None:
        found = given_range(response.limit.model_dump(), unit, own)
    else:
        found = given_range(attribute.get("acceptance_range"), str(attribute.get("unit") or unit), own)
    return found.within(unit) if found else None
