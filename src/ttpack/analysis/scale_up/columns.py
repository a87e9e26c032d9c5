"""Volume flow and residence time of columns, computed from linear velocity and geometry, against the skid."""

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from typing import Final

from ttpack.analysis.formulas import NotEvaluated
from ttpack.analysis.intervals import in_unit, value_text
from ttpack.analysis.scale_up.figures import Figure, Figures, equipment, named
from ttpack.analysis.scale_up.pairs import EXACT, Input, Pair, run, source
from ttpack.analysis.scale_up.rows import ScaleRow, ScaleVerdict, Side, computed_side
from ttpack.analysis.scale_up.scaled_range import setpoint_at

FLOW_UNIT: Final = "L/min"
_CONSTANT: Final = "constant_linear_velocity_flow"


def column_diameter(found: Figures) -> Figure | None:
    """The diameter of the column."""
    return named(found, "column diameter", "^diameter", kind=None)


def column_rows(two: Pair) -> Iterator[ScaleRow]:
    """For each linear velocity of the unit operation: the flow it asks of the skid, and the residence time."""
    diameters = column_diameter(two.first), column_diameter(two.second)
    velocities = _velocities(two)
    if not velocities or not any(diameters):
        return
    for label, parameter, values in velocities:
        yield _flow(two, label, parameter, values, diameters)
    heights = [named(side, "bed height", kind="bed_height") for _, side in two.both]
    label, parameter, values = velocities[0]
    if any(heights):
        sides = [
            computed("residence_time", "min", two, bed_height=height, linear_velocity=value)
            for height, value in zip(heights, values, strict=True)
        ]
        row = computed_row(two, "residence_time", f"Residence time at {label}", "min", sides)
        yield replace(row, rule="constant_residence_time", formula="residence_time", parameter=parameter)


def _velocities(two: Pair) -> list[tuple[str, str | None, list[Input | Figure | None]]]:
    """Linear velocities of the parameters, else of the figures, at both sites."""
    found: list[tuple[str, str | None, list[Input | Figure | None]]] = []
    for parameter in two.package.parameters:
        if parameter.unit_operation != two.unit.id or parameter.quantity_kind != "linear_velocity":
            continue
        values = [setpoint_at(two.package, parameter, site) for site, _ in two.both]
        if parameter.unit and any(value is not None for value in values):
            unit = parameter.unit
            sides: list[Input | Figure | None] = [None if value is None else (value, unit) for value in values]
            found.append((parameter.name, parameter.id, sides))
    if not found:
        figures = [named(side, kind="linear_velocity") for _, side in two.both]
        known = next((figure for figure in figures if figure), None)
        found = [(known.name, None, list(figures))] if known else []
    return found


def _flow(
    two: Pair, label: str, parameter: str | None, values: list[Input | Figure | None],
    diameters: tuple[Figure | None, Figure | None],
) -> ScaleRow:  # fmt: skip
    sides = [
        computed("volumetric_flow", FLOW_UNIT, two, linear_velocity=value, diameter=diameter)
        for value, diameter in zip(values, diameters, strict=True)
    ]
    row = computed_row(two, "flow_rate", f"Column flow at {label}", FLOW_UNIT, sides)
    row = replace(
        row, rule="constant_linear_velocity", formula=_CONSTANT, source=source(_CONSTANT), parameter=parameter
    )
    first, second = row.sending, row.receiving
    if first is None or second is None or first.value is None or second.value is None:
        return row
    try:
        predicted = run(_CONSTANT, FLOW_UNIT, two.package, flow=(first.value, FLOW_UNIT),
                        from_diameter=diameters[0], to_diameter=diameters[1])  # fmt: skip
    except NotEvaluated as error:
        return replace(row, reason=error.reason)
    kept = abs(second.value - predicted) <= EXACT * predicted
    verdict, skid = _skid(two, second.value)
    if verdict == "outside_limits":
        kept_words = skid
    else:
        verdict = "as_predicted" if kept else "differs"
        kept_words = f"{'the linear velocity is kept' if kept else 'the linear velocity is not kept'}; {skid}"
    side = computed_side(predicted, FLOW_UNIT, "the same linear velocity")
    return replace(row, predicted=side, verdict=verdict, reason=kept_words)


def _skid(two: Pair, flow: Fraction) -> tuple[ScaleVerdict, str]:
    """Whether the receiving site's skid gives the flow."""
    limits = []
    for item in equipment(two.package, two.unit, two.receiving):
        limit = item.maximum_flow
        most = in_unit(limit.value, limit.unit, FLOW_UNIT, two.package.own_units) if limit else None
        if limit and most is not None:
            limits.append((most, f"{item.tag or item.name} gives at most {value_text(limit.value, limit.unit)}"))
    if not limits:
        return "no_verdict", f"no equipment of {two.receiving} states its greatest flow"
    most, words = max(limits)
    return ("outside_limits" if flow > most else "within_limits"), words


def computed(name: str, unit: str, two: Pair, **inputs: "Figure | Input | None") -> Side | str:
    """One side from a formula, or in words why there is none."""
    try:
        value = run(name, unit, two.package, **inputs)
    except NotEvaluated as error:
        return error.reason
    paths = tuple(each.path for each in inputs.values() if isinstance(each, Figure))
    return computed_side(value, unit, name, paths)


def computed_row(two: Pair, kind: str, label: str, unit: str, found: list[Side | str]) -> ScaleRow:
    """A row of two computed sides: kept, not kept, or why there is none."""
    sides = [side if isinstance(side, Side) else None for side in found]
    missing = [f"{site}: {side}" for (site, _), side in zip(two.both, found, strict=True) if isinstance(side, str)]
    first, second = (side.value if side else None for side in sides)
    ratio = second / first if first and second is not None else None
    verdict: ScaleVerdict = "no_verdict"
    reason = "; ".join(missing)
    if ratio is not None:
        kept = abs(ratio - 1) <= EXACT
        verdict, reason = ("as_predicted", "kept") if kept else ("differs", "not kept")
    return ScaleRow(kind, label, unit, sides[0], sides[1], verdict, reason, two.unit.id, ratio=ratio)
