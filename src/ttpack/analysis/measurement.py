"""How well a site measures and holds a parameter: sensor accuracy and control band (alignment.md, "facility fit")."""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ttpack.analysis.intervals import interval, value_text, width_in_unit
from ttpack.model.facility import EquipmentCapability, SiteEquipment
from ttpack.model.package import Package
from ttpack.model.parameter import Control, ProcessParameter
from ttpack.model.quantity import InputQuantity, Range

Capabilities = dict[tuple[str, str], list[tuple[SiteEquipment, EquipmentCapability]]]


@dataclass(frozen=True, slots=True)
class Uncertainty:
    """Half of the normal operating range and the uncertainty at a site, in the parameter's unit; None where unknown."""

    half_width: Fraction | None
    uncertainty: Fraction | None
    words: str


def uncertainty_at(package: Package, parameter: ProcessParameter, site: str, known: Capabilities) -> Uncertainty:
    """The least accurate equipment of the site that states an accuracy for the parameter."""
    normal, unit = _normal_range(package, parameter, site)
    width = interval(normal, unit, package.own_units)
    if width is None or width.low is None or width.high is None or width.empty:
        return Uncertainty(None, None, "")
    half = width_in_unit_of(package, (width.high - width.low) / 2, unit, parameter.unit)
    worst: Uncertainty | None = None
    for equipment, capability in known.get((site, parameter.id), ()):
        found = _stated(package, parameter, equipment, capability)
        if found and (worst is None or (worst.uncertainty or 0) < found[0]):
            worst = Uncertainty(half, found[0], found[1])
    return worst or Uncertainty(half, None, "no equipment states both accuracy and control band")


def width_in_unit_of(package: Package, width: Fraction, given: str | None, wanted: str | None) -> Fraction | None:
    """A width between two units of a scale."""
    if given == wanted:
        return width
    one = width_in_unit(Decimal(1), given or "", wanted, package.own_units)
    return None if one is None else width * one


def _normal_range(package: Package, parameter: ProcessParameter, site: str) -> tuple[Range | None, str | None]:
    for overlay in package.overlays.get(parameter.id, ()):
        here = overlay.effective
        if overlay.id.endswith(f"@{site}") and here.ranges and here.ranges.normal_operating:
            return here.ranges.normal_operating, here.unit or parameter.unit
    return parameter.ranges.normal_operating, parameter.unit


def capabilities(package: Package) -> Capabilities:
    """The capabilities of each site's equipment, by site and parameter served."""
    found: Capabilities = {}
    for equipment in package.in_force(SiteEquipment):
        for capability in equipment.capabilities:
            for parameter in capability.parameters:
                found.setdefault((equipment.site or "", parameter), []).append((equipment, capability))
    return found


def _stated(
    package: Package, parameter: ProcessParameter, equipment: SiteEquipment, capability: EquipmentCapability
) -> tuple[Fraction, str] | None:
    control = parameter.control.band if isinstance(parameter.control, Control) else None
    band = capability.control_band or control
    if capability.accuracy is None or band is None:
        return None
    widths = [_width(package, each, parameter.unit) for each in (capability.accuracy, band)]
    if widths[0] is None or widths[1] is None:
        return None
    accuracy, held = (value_text(each.value, each.unit) for each in (capability.accuracy, band))
    return widths[0] + widths[1], f"{equipment.id}: accuracy {accuracy}, control band {held}"


def _width(package: Package, given: InputQuantity, unit: str | None) -> Fraction | None:
    width = width_in_unit(given.value, given.unit, unit, package.own_units)
    return None if width is None else abs(width)
