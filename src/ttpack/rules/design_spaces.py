"""Design spaces against the ranges in which the process is operated (PRM-17)."""

from collections.abc import Iterator
from dataclasses import dataclass

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
from ttpack.analysis.intervals import Interval, interval, range_text, with_unit
from ttpack.model.findings import Place
from ttpack.model.package import Package
from ttpack.model.parameter import DesignSpace, Factor, ProcessParameter, Response
from ttpack.model.quality import QualityAttribute
from ttpack.model.quantity import Range
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule

DIGITS = 4
ROUNDING = 1e-9
"""Relative difference that floating-point arithmetic may make."""


@rule(
    "PRM-17", COMPLETENESS, from_gate="G2", basis="ICH Q8 section 2.4.5; A-Mab Tables 3.16 and 3.17",
    requires=("QTY-01", "QTY-02", "QTY-03"),
)  # fmt: skip
def operating_box_outside_design_space(package: Package, context: Context) -> Iterator[Outcome]:
    """Somewhere in the box of operating ranges a model predicts an attribute outside its limit or reliability.

    Why: each range may be fine alone while their combination is not; corners and stationary points show the worst case.
    Resolve: narrow an operating range, or record the model's uncertainty: a mean alone cannot show reliability.
    """
    for space in package.in_force(DesignSpace):
        try:
            box = _box(package, space)
        except NotPredicted as error:
            yield _unjudged(space, error, "factors")
            continue
        for index, response in enumerate(space.responses):
            try:
                case = _Case(package, space, index, response, polynomial(space, index), box)
                yield from _score(case) if response.meaning == "score" else _mean(case)
            except NotPredicted as error:
                yield _unjudged(space, error, f"responses[{index}]")
            except OverflowError:
                yield NotComputable(space.at(f"responses[{index}]"), "its numbers are out of reach")


@dataclass(frozen=True, slots=True)
class _Case:
    """One response with its model and the box it is judged over."""

    package: Package
    space: DesignSpace
    index: int
    response: Response
    model: Polynomial
    box: Box

    @property
    def place(self) -> Place:
        """Where the response stands."""
        return self.space.at(f"responses[{self.index}]")


def _unjudged(space: DesignSpace, error: NotPredicted, field: str) -> Outcome:
    if error.field:
        return space.at(error.field), error.reason
    return NotComputable(space.at(field), error.reason)


def _box(package: Package, space: DesignSpace) -> Box:
    """The normal operating ranges in coded units."""
    if not space.factors or not space.responses:
        raise NotPredicted("the model records no factors or no responses")
    sides = []
    for index, factor in enumerate(space.factors):
        if factor.half_range <= 0:
            raise NotPredicted(f"the half range of {factor.name} is not above zero", f"factors[{index}].half_range")
        found = _operated(package, factor)
        centre, half = float(factor.centre), float(factor.half_range)
        sides.append(((float(found[0]) - centre) / half, (float(found[1]) - centre) / half))
    return tuple(sides)


def _operated(package: Package, factor: Factor) -> tuple[float, float]:
    parameter = package.get(factor.parameter, ProcessParameter)
    if parameter is None:
        raise NotPredicted(f"factor {factor.name} names no parameter, so its operating range is not known")
    normal = parameter.ranges.normal_operating
    given = normal and normal.model_copy(update={"unit": normal.unit or parameter.unit})
    found = interval(given, factor.unit or parameter.unit, package.own_units)
    if found is None or found.low is None or found.high is None:
        raise NotPredicted(f"{parameter.id} has no normal operating range with two ends in the unit of the factor")
    return float(found.low), float(found.high)


def _score(case: _Case) -> Iterator[Outcome]:
    name, least = case.response.name, least_score(case.space, case.response)
    if least is None:
        raise NotPredicted(f"{name} is a score, and neither its threshold nor a reliability level is recorded")
    value, point = worst(case.box, case.model, case.model.mean)
    if value < least - ROUNDING * abs(least):
        message = f"score {name} falls to {value:.{DIGITS}g}, below {least:.{DIGITS}g}, at {_at(case.space, point)}"
        yield case.place, message


def _mean(case: _Case) -> Iterator[Outcome]:
    limit, unit, limits = _limits(case.package, case.response)
    model, level = case.model, case.space.reliability_level
    wanted = deviations_for(case.space)
    sure = wanted if model.uncertain and wanted is not None else 0.0
    failed = False
    for end, sign in ((limits.low, 1), (limits.high, -1)):
        if end is None:
            continue
        bound = float(end)

        def distance(at: Point, sign: int = sign, bound: float = bound) -> float:
            return sign * (model.mean(at) - bound) - sure * model.deviation(at)

        value, point = worst(case.box, model, distance)
        if value < -ROUNDING * abs(bound):
            failed = True
            predicted = with_unit(f"{model.mean(point):.{DIGITS}g}", unit)
            reliably = f" with {float(level):g} reliability" if sure and level is not None else ""
            words = f"{case.response.name} is predicted at {predicted} at {_at(case.space, point)}"
            yield case.place, f"{words}, which does not meet {range_text(limit, unit)}{reliably}"
    if not failed and not model.uncertain:
        yield NotComputable(case.place, f"mean only: the model of {case.response.name} records no uncertainty")
    elif not failed and wanted is None:
        yield NotComputable(case.place, f"no reliability level is declared to judge {case.response.name} by")


def _limits(package: Package, response: Response) -> tuple[Range, str | None, Interval]:
    attribute = package.get(response.attribute, QualityAttribute)
    unit = response.unit or (attribute.unit if attribute else None)
    options = [(response.limit, unit)]
    if attribute is not None:
        options.append((attribute.acceptance_range, attribute.unit))
    for given, given_unit in options:
        if given is not None:
            found = interval(given.model_copy(update={"unit": given.unit or given_unit}), unit, package.own_units)
            if found:
                return given, unit, found
    raise NotPredicted(f"{response.name} has no numeric limit")


def _at(space: DesignSpace, point: Point) -> str:
    """A point in raw units."""
    named = []
    for factor, coded in zip(space.factors, point, strict=True):
        raw = float(factor.centre) + coded * float(factor.half_range)
        named.append(f"{factor.name} {with_unit(f'{raw:.{DIGITS}g}', factor.unit)}")
    return ", ".join(named)
