"""Scale-dependent parameters at two sites: by their own rule, their own formula, and what both sites state."""

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction
from typing import Final

from ttpack.analysis.derived import Derivation, circular, mismatch, recompute
from ttpack.analysis.formulas import NotEvaluated
from ttpack.analysis.intervals import fraction_text, value_text
from ttpack.analysis.scale_rules import SCALE_RULES, scale_rule
from ttpack.analysis.scale_up.columns import column_diameter
from ttpack.analysis.scale_up.figures import Figure, named
from ttpack.analysis.scale_up.gas import vessel_diameter
from ttpack.analysis.scale_up.judgements import KEPT
from ttpack.analysis.scale_up.mixing import aspect_ratio, working_volume
from ttpack.analysis.scale_up.pairs import Input, Pair, band, near, run, source, uncertainty
from ttpack.analysis.scale_up.rows import ScaleRow, Side, computed_side
from ttpack.analysis.scale_up.scaled_range import sending_value, setpoint_at, value_at
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter, ScaleValue
from ttpack.model.quantity import Derived
from ttpack.model.quantity_kinds import quantity_kind

_BY_RULE: Final[Mapping[tuple[str, str], str]] = {
    ("agitation_rate", "constant_power_per_volume"): "constant_power_per_volume_speed",
    ("agitation_rate", "constant_tip_speed"): "constant_tip_speed_speed",
    ("agitation_rate", "constant_reynolds_number"): "constant_reynolds_number_speed",
    ("agitation_rate", "constant_mixing_time"): "constant_mixing_time_speed",
    ("gas_flow", "constant_gas_flow_per_volume"): "constant_gas_flow_per_volume_flow",
    ("gas_flow", "constant_superficial_gas_velocity"): "constant_superficial_gas_velocity_flow",
    ("flow_rate", "constant_linear_velocity"): "constant_linear_velocity_flow",
    ("linear_velocity", "constant_residence_time"): "constant_residence_time_velocity",
}
"""What a rule means for a parameter of that kind, where the parameter is not itself the quantity that is kept."""
_NORMALISED: Final = {"independent": "does not depend on scale", "normalised": "normalised"}


def parameter_row(two: Pair, parameter: ProcessParameter) -> ScaleRow:
    """The parameter at both sites with what its rule gives at the receiving one."""
    scale, unit = parameter.scale, parameter.unit or ""
    here, there = setpoint_at(two.package, parameter, two.sending), value_at(two.package, parameter, two.receiving)
    dependent = scale is not None and scale.dependence == "dependent"
    if not dependent and there is None:
        there = setpoint_at(two.package, parameter, two.receiving)
    kind = quantity_kind(parameter.quantity_kind or "")
    row = ScaleRow(
        kind.name if kind else parameter.quantity_kind or "", parameter.name, unit,
        _side(parameter, here, two.sending), _side(parameter, there, two.receiving), "no_verdict", "", two.unit.id,
        rule=(scale_rule(scale.rule) or scale.rule) if scale and scale.rule else "", parameter=parameter.id,
        ratio=there / here if here and there is not None else None,
    )  # fmt: skip
    if scale is None:
        return replace(row, reason="it is not said whether it depends on scale")
    if not dependent:
        return _same_everywhere(row, scale.basis, scale.dependence)
    if there is None:
        return replace(row, reason=f"no value is stated for {two.receiving}")
    own = _own_formula(two, parameter, row)
    return own or _by_rule(two, parameter, row)


def not_kept(package: Package, parameter: ProcessParameter, site: str) -> str:
    """Both numbers, where the parameter's rule keeps it and the site's value is another; empty otherwise."""
    scale, kind = parameter.scale, quantity_kind(parameter.quantity_kind or "")
    rule = scale_rule(scale.rule) if scale and scale.rule else None
    here, there = sending_value(package, parameter), value_at(package, parameter, site)
    if rule is None or kind is None or not keeps(kind.name, rule) or here is None or there is None:
        return ""
    if near(there, here, None):
        return ""
    stated, sent = (fraction_text(each, parameter.unit) for each in (there, here))
    return f"{site} states {stated} where {rule} keeps the {sent} of the sending site"


def _same_everywhere(row: ScaleRow, basis: str | None, dependence: str) -> ScaleRow:
    words = f"{_NORMALISED[dependence]}{f' to {basis}' if basis and dependence == 'normalised' else ''}"
    if row.sending is None and row.receiving is None:
        return replace(row, reason=f"{words}; no setpoint or target is stated")
    if row.ratio == 1 or (row.sending == row.receiving):
        return replace(row, verdict="as_predicted", reason=f"{words}: the same number everywhere")
    return replace(row, verdict="differs", reason=f"{words}, yet the sites state different numbers")


def _own_formula(two: Pair, parameter: ProcessParameter, row: ScaleRow) -> ScaleRow | None:
    """The row by the formulas that its values name; None where they name none, or they say nothing about the rule."""
    agreed = []
    for site in (two.sending, two.receiving):
        found = _stated(parameter, site)
        if found is None or found[1].derived is None:
            continue
        given = _derivation(parameter, *found, found[1].derived)
        derived = given.derived
        if given.node in circular(two.package, _derivations(parameter)):
            return replace(row, formula=derived.formula, reason=f"{site}: the value is computed from itself")
        try:
            computed = recompute(two.package, given)
        except NotEvaluated as error:
            return replace(row, formula=derived.formula, reason=f"{site}: {error.reason}")
        if not computed.agrees:
            return replace(row, formula=derived.formula, verdict="contradiction",
                           reason=f"{site}: {mismatch(given, computed)}")  # fmt: skip
        agreed.append((site, derived.formula, computed.computed))
    if two.receiving not in [site for site, _, _ in agreed]:
        return None
    _, formula, value = agreed[-1]
    row = replace(row, formula=formula, uncertainty=uncertainty(formula), source=source(formula),
                  predicted=computed_side(value, row.unit, formula))  # fmt: skip
    if _keeps(row) and row.ratio is not None and abs(row.ratio - 1) > Fraction(1, 100):
        return replace(row, verdict="differs", reason=f"{row.rule} keeps it, and the sites state different numbers")
    sites = " and ".join(site for site, _, _ in agreed)
    return replace(row, verdict="as_predicted", reason=f"the value of {sites} agrees with its own formula")


def _derivation(parameter: ProcessParameter, index: int, stated: ScaleValue, derived: Derived) -> Derivation:
    path, unit = f"scale.values[{index}]", stated.unit or parameter.unit or ""
    return Derivation(parameter.id, f"{path}.value", f"{path}.derived", stated.value, unit, derived)


def _derivations(parameter: ProcessParameter) -> list[Derivation]:
    values = enumerate(parameter.scale.values if parameter.scale else ())
    return [_derivation(parameter, index, one, one.derived) for index, one in values if one.derived is not None]


def _by_rule(two: Pair, parameter: ProcessParameter, row: ScaleRow) -> ScaleRow:
    here = sending_value(two.package, parameter)
    scale = parameter.scale
    if row.rule == "custom" or not row.rule:
        basis = scale.basis if scale and scale.basis else "not described"
        return replace(row, reason=f"custom rule, no formula: {basis}" if row.rule else "no scale rule is named")
    if row.rule not in SCALE_RULES:
        return replace(row, formula=row.rule, reason=f"the inputs of {row.rule} are not stated at {two.receiving}")
    if here is None or row.sending is None:
        return replace(row, reason="no value is stated for the sending site")
    formula = _BY_RULE.get((row.quantity, row.rule))
    if formula is None and not _keeps(row):
        return replace(row, reason=f"no formula gives {row.quantity or 'it'} by {row.rule} without inputs in derived")
    try:
        predicted = run(formula, row.unit, two.package, **_inputs(two, formula, (here, row.unit))) if formula else here
    except NotEvaluated as error:
        return replace(row, formula=formula or "", reason=error.reason)
    found = uncertainty(formula or "")
    there = row.receiving.value if row.receiving else None
    row = replace(row, formula=formula or "", uncertainty=found, source=source(formula or ""),
                  predicted=computed_side(predicted, row.unit, row.rule))  # fmt: skip
    if there is None:
        return replace(row, reason="the receiving value is no number in this unit")
    fits = near(there, predicted, found)
    return replace(row, verdict="as_predicted" if fits else "differs", reason=f"{'' if fits else 'not '}{band(found)}")


def keeps(quantity: str, rule: str) -> bool:
    """Whether the rule keeps this very quantity kind."""
    return KEPT.get(quantity, ("",))[0] == rule or rule == f"constant_{quantity}"


def _keeps(row: ScaleRow) -> bool:
    return keeps(row.quantity, row.rule)


def _inputs(two: Pair, formula: str, value: Input) -> dict[str, "Figure | Input | None"]:
    """The inputs of a formula of scale, as far as the sites state them."""
    if formula.endswith("_speed"):
        sides = [named(side, "impeller diameter") for _, side in two.both]
        aspects = {"from_aspect_ratio": aspect_ratio(two.first), "to_aspect_ratio": aspect_ratio(two.second)}
        if not all(aspects.values()):
            raise NotEvaluated("whether the vessels are similar is not known: an aspect ratio is not stated")
        return {"speed": value, "from_diameter": sides[0], "to_diameter": sides[1], **aspects}
    if formula == "constant_gas_flow_per_volume_flow":
        return {"gas_flow": value, "from_volume": working_volume(two.first), "to_volume": working_volume(two.second)}
    if formula == "constant_superficial_gas_velocity_flow":
        first, second = (vessel_diameter(two, side) for _, side in two.both)
        ends: list[Input | None] = [None if each is None else (each, "m") for each in (first, second)]
        return {"gas_flow": value, "from_vessel_diameter": ends[0], "to_vessel_diameter": ends[1]}
    if formula == "constant_linear_velocity_flow":
        return {"flow": value, "from_diameter": column_diameter(two.first), "to_diameter": column_diameter(two.second)}
    heights = [named(side, "bed height", kind="bed_height") for _, side in two.both]
    return {"linear_velocity": value, "from_bed_height": heights[0], "to_bed_height": heights[1]}


def _stated(parameter: ProcessParameter, site: str) -> tuple[int, ScaleValue] | None:
    for index, stated in enumerate(parameter.scale.values if parameter.scale else ()):
        if stated.site == site:
            return index, stated
    return None


def _side(parameter: ProcessParameter, value: Fraction | None, site: str) -> Side | None:
    if value is None:
        return None
    found = _stated(parameter, site)
    if found and found[1].value is not None:
        unit = found[1].unit or parameter.unit
        return Side(
            value_text(found[1].value, unit), value, parameter.unit, (f"{parameter.id}.scale.values[{found[0]}]",)
        )
    return Side(fraction_text(value, parameter.unit), value, parameter.unit, (parameter.id,))
