"""The normal operating range of a scale-dependent parameter at a site, by the parameter's own rule."""

from dataclasses import dataclass
from decimal import Context, Decimal
from fractions import Fraction
from typing import Final

from ttpack.analysis.formulas import catalogue
from ttpack.analysis.intervals import in_unit, unit_or_none
from ttpack.analysis.scale_rules import SCALE_RULES, scale_rule
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.quantity import Range
from ttpack.model.units import UnitError, exact

_PROPORTIONAL_FORMULAS: Final = ("_speed", "_flow", "_velocity")
_ROUNDED: Final = Context(prec=15)


@dataclass(frozen=True, slots=True)
class ScaledRange:
    """The range at a site, or why there is none."""

    range: Range | None
    reason: str = ""


def scaled_range(package: Package, parameter: ProcessParameter, site: str) -> Range | None:
    """The normal operating range at the site, in its own unit; None where its rule does not give one."""
    return scaled(package, parameter, site).range


def scaled(package: Package, parameter: ProcessParameter, site: str) -> ScaledRange:
    """The same with the reason. A proportional rule multiplies both ends by the ratio of the two sites' values."""
    normal = parameter.ranges.normal_operating
    if normal is None or not normal.numeric:
        return ScaledRange(None, "no normal operating range is stated")
    if parameter.scale is None or parameter.scale.dependence != "dependent":
        return ScaledRange(normal)
    here, there = value_at(package, parameter, site), sending_value(package, parameter)
    if here is None:
        return ScaledRange(None, f"no value is stated for {site}")
    if there is None:
        return ScaledRange(None, "the sending value is not stated, or the sending sites differ")
    if here == there:
        return ScaledRange(normal)
    if not proportional(parameter):
        return ScaledRange(None, f"the rule {parameter.scale.rule or '(none)'} does not say how the range scales")
    if there == 0 or here / there <= 0:
        return ScaledRange(None, "the values of the two sites have no positive ratio")
    ratio = here / there
    try:
        ends = {name: _times(getattr(normal, name), ratio) for name in ("low", "high")}
    except (UnitError, ArithmeticError):
        return ScaledRange(None, "the ends of the range are out of reach")
    return ScaledRange(normal.model_copy(update=ends))


def proportional(parameter: ProcessParameter) -> bool:
    """Whether the parameter's rule multiplies its values by a number, and its unit lets it."""
    name = scale_rule(parameter.scale.rule) if parameter.scale and parameter.scale.rule else None
    if name is None or name == "custom":
        return False
    unit = unit_or_none(parameter.unit or "")
    if unit is not None and (unit.offset or unit.code == "[pH]"):
        return False
    return name in SCALE_RULES or (name in catalogue() and name.endswith(_PROPORTIONAL_FORMULAS))


def value_at(package: Package, parameter: ProcessParameter, site: str) -> Fraction | None:
    """The parameter's value at a site in the parameter's own unit: the scaled one, else the overlay's setpoint."""
    for stated in parameter.scale.values if parameter.scale else ():
        if stated.site == site and stated.value is not None:
            return in_unit(stated.value, stated.unit or parameter.unit, parameter.unit, package.own_units)
    for overlay in package.overlays.get(parameter.id, ()):
        here = overlay.effective
        if overlay.id.endswith(f"@{site}") and here.setpoint is not None:
            return in_unit(here.setpoint, here.unit or parameter.unit, parameter.unit, package.own_units)
    return None


def setpoint_at(package: Package, parameter: ProcessParameter, site: str) -> Fraction | None:
    """The value at the site, else the general setpoint or target, in the parameter's own unit."""
    value = value_at(package, parameter, site)
    return _general(parameter) if value is None else value


def sending_value(package: Package, parameter: ProcessParameter) -> Fraction | None:
    """The value at the sending sites where they agree, else the general setpoint or target."""
    stated = {value_at(package, parameter, site) for site in package.sending_sites} - {None}
    if len(stated) > 1:
        return None
    if stated:
        return stated.pop()
    return _general(parameter)


def _general(parameter: ProcessParameter) -> Fraction | None:
    general = parameter.setpoint if parameter.setpoint is not None else parameter.target
    return None if general is None else in_unit(general, parameter.unit, parameter.unit)


def _times(end: Decimal | None, ratio: Fraction) -> Decimal | None:
    if end is None:
        return None
    product = exact(end) * ratio
    return _ROUNDED.divide(Decimal(product.numerator), Decimal(product.denominator)).normalize()
