"""Filters and membranes: the area that a batch needs, and the pressure they are run at."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import partial
from typing import Final

from ttpack.analysis.facility_fit.batch_amounts import Received, mass_received, volume_received
from ttpack.analysis.facility_fit.site_plant import NotKnown, Row, SitePlant, amount, computed, number
from ttpack.analysis.facility_fit.verdict import Fit, FitSide, Verdict
from ttpack.analysis.intervals import fraction_text, in_unit
from ttpack.model.facility import SiteEquipment
from ttpack.model.materials import FilterProperties, Material
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import UnitOperation
from ttpack.model.quantity import InputQuantity, Range

FILTRATION: Final = frozenset({"virus_filtration", "ultrafiltration_diafiltration", "depth_filtration"})
AREA: Final = "m2"
VOLUME_LOAD: Final = "L/m2"
MASS_LOAD: Final = "g/m2"


@dataclass(frozen=True, slots=True)
class Need:
    """The filter area that one basis asks for, in square metres, and how it was found."""

    area: Fraction
    words: str
    of_site: bool


def filtration_fits(plant: SitePlant) -> Iterator[Fit]:
    """The area and the pressure of the filters of every filtration of the site."""
    for unit in plant.unit_operations:
        filters = tuple(one for one in plant.serving(unit) if one.geometry and one.geometry.filter_area)
        if filters or unit.operation_class in FILTRATION or _made_for(plant, unit):
            yield _area(plant, unit, filters)
            yield from _pressures(plant, unit, filters)


def _made_for(plant: SitePlant, unit: UnitOperation) -> list[Material]:
    return [one for one in plant.package.in_force(Material) if one.filter and unit.id in one.unit_operations]


def _unknown_packing(plant: SitePlant, filters: tuple[SiteEquipment, ...]) -> Iterator[str]:
    """What says that nobody knows the limits of what is in a filter, as its packing is no material in force."""
    for one in filters:
        packing = plant.package.get(one.packing, Material)
        if one.packing and (packing is None or not packing.in_force):
            yield f"{one.packing}, the packing of {one.name}, is no material in force"


def _properties(plant: SitePlant, unit: UnitOperation, filters: tuple[SiteEquipment, ...]) -> FilterProperties:
    packed = [plant.package.get(one.packing, Material) for one in filters if one.packing]
    named = _made_for(plant, unit)
    for material in packed or (named if len(named) == 1 else ()):
        if material and material.in_force and material.filter:
            return material.filter
    return FilterProperties()


def _area(plant: SitePlant, unit: UnitOperation, filters: tuple[SiteEquipment, ...]) -> Fit:
    row = Row(plant.site, unit.id, "filter_area", f"Filter area of {unit.name}", unit.id,
              tuple(one.id for one in filters))  # fmt: skip
    reasons = list(_unknown_packing(plant, filters))
    needs = list(_needs(plant, unit, _properties(plant, unit, filters), reasons))
    greatest = max(needs, key=lambda one: one.area, default=None)
    required = None
    if greatest:
        required = FitSide(f"at least {fraction_text(greatest.area, AREA)} ({greatest.words})",
                           {"low": number(greatest.area), "unit": AREA})  # fmt: skip
    if not filters:
        return row.fit("UNKNOWN", (f"no filter of {unit.name} at {plant.site} is stated", *reasons), required)
    try:
        parts = [_filter_area(plant, one) for one in filters]
    except NotKnown as unknown:
        return row.fit("UNKNOWN", (unknown.reason, *reasons), required)
    total = sum(parts, Fraction(0))
    together = f" in {len(parts)} filters" if len(parts) > 1 else ""
    capability = FitSide(f"{fraction_text(total, AREA)}{together}", {"high": number(total), "unit": AREA})
    if greatest and greatest.area > total:
        short = f"{fraction_text(greatest.area, AREA)} is more than the {fraction_text(total, AREA)} there is"
        return row.fit("FAIL", (short, *reasons), required, capability)
    if not needs:
        reasons.append(f"neither load, vmax nor flux with a time says which area {unit.name} needs")
    if reasons:
        return row.fit("UNKNOWN", reasons, required, capability)
    general = [f"{one.words} names no site" for one in needs if not one.of_site]
    return row.fit("CONDITIONAL" if general else "PASS", general, required, capability)


def _filter_area(plant: SitePlant, item: SiteEquipment) -> Fraction:
    given = item.geometry.filter_area if item.geometry else None
    return amount(given, AREA, f"the filter area of {item.name}", plant.own)


def _needs(plant: SitePlant, unit: UnitOperation, filter_: FilterProperties, reasons: list[str]) -> Iterator[Need]:
    """What each basis that is stated asks for; a basis that gives no area leaves its reason."""
    loads: list[tuple[Fraction, str, str]] = []
    for wanted, kind in ((VOLUME_LOAD, "filter_loading"), (MASS_LOAD, "membrane_loading")):
        for parameter in plant.parameters(unit, kind):
            try:
                asked = plant.asked(parameter, wanted)
                loads.append((asked.greatest, wanted, parameter.name))
                reasons.extend(asked.open)
            except NotKnown as unknown:
                reasons.append(unknown.reason)
    if filter_.maximum_load:
        wanted = _load_unit(plant, filter_.maximum_load)
        try:
            what = f"the greatest load of the filter of {unit.name}"
            loads.append((amount(filter_.maximum_load, wanted, what, plant.own), wanted, what))
        except NotKnown as unknown:
            reasons.append(unknown.reason)
    for load, wanted, name in loads:
        yield from _try(reasons, partial(_by_load, plant, unit, (load, wanted, name)))
    if filter_.vmax:
        yield from _try(reasons, lambda: _by_vmax(plant, unit, filter_))
    if not loads and not filter_.vmax and filter_.flux:
        yield from _try(reasons, lambda: _by_flux(plant, unit, filter_))


def _try(reasons: list[str], compute: Callable[[], Need]) -> Iterator[Need]:
    try:
        yield compute()
    except NotKnown as unknown:
        reasons.append(unknown.reason)


def _load_unit(plant: SitePlant, given: InputQuantity) -> str:
    return MASS_LOAD if in_unit(given.value, given.unit, MASS_LOAD, plant.own) is not None else VOLUME_LOAD


def _by_load(plant: SitePlant, unit: UnitOperation, given: tuple[Fraction, str, str]) -> Need:
    load, wanted, name = given
    if load <= 0:
        raise NotKnown(f"{name} is zero, so that no area is large enough")
    batch: Received = (volume_received if wanted == VOLUME_LOAD else mass_received)(plant, unit)
    brings = fraction_text(batch.high, "L" if wanted == VOLUME_LOAD else "g")
    words = f"{brings} at {fraction_text(load, wanted)}, {name}; {batch.basis}"
    return Need(batch.high / load, words, batch.of_site)


def _by_vmax(plant: SitePlant, unit: UnitOperation, filter_: FilterProperties) -> Need:
    vmax = amount(filter_.vmax, VOLUME_LOAD, f"vmax of the filter of {unit.name}", plant.own)
    if filter_.safety_factor is None:
        raise NotKnown(f"the safety factor on vmax of the filter of {unit.name} is not stated")
    batch = volume_received(plant, unit)
    inputs = {"volume": (batch.high, "L"), "vmax": (vmax, VOLUME_LOAD),
              "safety_factor": (Fraction(filter_.safety_factor), "1")}  # fmt: skip
    area = computed("filter_area_vmax", plant.own, **inputs)(AREA)
    words = (
        f"{fraction_text(batch.high, 'L')} at vmax {fraction_text(vmax, VOLUME_LOAD)}, factor {filter_.safety_factor}"
    )
    return Need(area, f"{words}; {batch.basis}", batch.of_site)


def _by_flux(plant: SitePlant, unit: UnitOperation, filter_: FilterProperties) -> Need:
    flux = amount(filter_.flux, "L/m2/h", f"the flux of the filter of {unit.name}", plant.own)
    time = unit.cycle_time
    if time is None or isinstance(time, Range):
        raise NotKnown(f"the time that {unit.name} may take is not stated as one value")
    hours = amount(time, "h", f"the cycle time of {unit.name}", plant.own)
    batch = volume_received(plant, unit)
    inputs = {"volume": (batch.high, "L"), "flux": (flux, "L/m2/h"), "duration": (hours, "h")}
    area = computed("filter_area_flux", plant.own, **inputs)(AREA)
    words = f"{fraction_text(batch.high, 'L')} at {fraction_text(flux, 'L/m2/h')} in the cycle time"
    return Need(area, f"{words}; {batch.basis}", batch.of_site)


def _pressures(plant: SitePlant, unit: UnitOperation, filters: tuple[SiteEquipment, ...]) -> Iterator[Fit]:
    bound = _properties(plant, unit, filters).maximum_pressure
    for parameter in plant.parameters(unit, "pressure", "pressure_gauge"):
        for item in filters:
            row = Row(plant.site, parameter.id, "pressure", f"Pressure of {item.name} for {parameter.name}", unit.id,
                      (item.id,))  # fmt: skip
            stated = ((item.maximum_pressure, item.name), (bound, f"the filter in {item.name}"))
            fit = _pressure(plant, row, parameter, stated)
            missing = tuple(_unknown_packing(plant, (item,)))
            verdict: Verdict = "UNKNOWN" if missing and fit.verdict != "FAIL" else fit.verdict
            yield replace(fit, verdict=verdict, reasons=(*fit.reasons, *missing))


def _pressure(
    plant: SitePlant, row: Row, parameter: ProcessParameter, stated: tuple[tuple[InputQuantity | None, str], ...]
) -> Fit:
    unit = parameter.unit
    try:
        asked = plant.asked(parameter, unit or "")
        highest = asked.greatest
        limits = [amount(given, unit or "", f"the greatest pressure of {whose}", plant.own)
                  for given, whose in stated if given]  # fmt: skip
    except NotKnown as unknown:
        return row.fit("UNKNOWN", (unknown.reason,))
    required = FitSide(f"up to {fraction_text(highest, unit)}", {"high": number(highest), "unit": unit})
    if not limits:
        return row.fit("UNKNOWN", (f"no greatest pressure of {stated[0][1]} is stated",), required)
    limit = min(limits)
    capability = FitSide(f"at most {fraction_text(limit, unit)}", {"high": number(limit), "unit": unit})
    if highest > limit:
        over = f"{fraction_text(highest, unit)} is more than the {fraction_text(limit, unit)} allowed"
        return row.fit("FAIL", (over, *asked.open), required, capability)
    return row.fit("UNKNOWN" if asked.open else "PASS", asked.open, required, capability)
