"""Columns and skids: flow for the velocity asked, pressure over the bed, bed height, load and cycles."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import Final

from ttpack.analysis.facility_fit.batch_amounts import Received, mass_received
from ttpack.analysis.facility_fit.site_plant import (
    Asked,
    NotKnown,
    Row,
    SitePlant,
    amount,
    computed,
    number,
    span_text,
)
from ttpack.analysis.facility_fit.verdict import Aspect, Fit, FitSide, Verdict
from ttpack.analysis.formulas import catalogue
from ttpack.analysis.intervals import Units, fraction_text, in_unit
from ttpack.analysis.thresholds import threshold
from ttpack.model.facility import SiteEquipment
from ttpack.model.materials import Material, ResinProperties
from ttpack.model.process import UnitOperation
from ttpack.model.quantity import InputQuantity

CHROMATOGRAPHY: Final = frozenset({
    "protein_a_chromatography", "cation_exchange_chromatography", "anion_exchange_chromatography",
    "hydrophobic_interaction_chromatography", "mixed_mode_chromatography",
})  # fmt: skip
FLOW: Final = "L/min"
VELOCITY: Final = "cm/h"
PRESSURE: Final = "bar"
LOAD: Final = "g/L{resin}"
PLAIN_LOAD: Final = "g/L"
GOOD_SHARE: Final = Fraction(8, 10)
"""Of the dynamic binding capacity at 10 % breakthrough: the package's own is `thresholds: {EQP-06: {load: 0.8}}`."""
LARGEST_SHARE: Final = Fraction(9, 10)


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a unit operation at the site, the skids that feed it, and the resin in it."""

    plant: SitePlant
    unit: UnitOperation
    item: SiteEquipment
    skids: tuple[SiteEquipment, ...]
    resin: ResinProperties | None

    @property
    def diameter(self) -> Fraction:
        """Its diameter in centimetres."""
        return self._length("column_diameter", "column diameter")

    @property
    def bed_height(self) -> Fraction:
        """Its bed height in centimetres."""
        return self._length("bed_height", "bed height")

    @property
    def volume(self) -> Fraction:
        """Its bed volume in litres."""
        sides = {"diameter": (self.diameter, "cm"), "height": (self.bed_height, "cm")}
        return computed("column_volume", self.plant.own, **sides)("L")

    def flow(self, velocity: Fraction) -> Fraction:
        """The flow in litres per minute at a linear velocity in centimetres per hour."""
        inputs = {"linear_velocity": (velocity, VELOCITY), "diameter": (self.diameter, "cm")}
        return computed("volumetric_flow", self.plant.own, **inputs)(FLOW)

    def _length(self, field: str, words: str) -> Fraction:
        given: InputQuantity | None = getattr(self.item.geometry, field, None)
        return amount(given, "cm", f"the {words} of {self.item.name}", self.plant.own)


def chromatography_fits(plant: SitePlant) -> Iterator[Fit]:
    """Flow, pressure, bed height and load of every column of the site."""
    for unit in plant.unit_operations:
        columns = columns_of(plant, unit)
        if not columns and unit.operation_class in CHROMATOGRAPHY:
            row = Row(plant.site, unit.id, "flow", f"Flow of {unit.name}", unit.id)
            yield row.fit("UNKNOWN", (f"no column of {unit.name} at {plant.site} is stated",))
        for column in columns:
            yield from _flows(column)
            yield from _bed_heights(column)
            yield from _loads(column)


def columns_of(plant: SitePlant, unit: UnitOperation) -> tuple[Column, ...]:
    """The columns that serve a unit operation; a column without limits of flow is fed by the skids beside it."""
    serving = plant.serving(unit)
    columns = [one for one in serving if one.geometry and one.geometry.column_diameter]
    skids = tuple(one for one in serving if one not in columns and one.maximum_flow)
    return tuple(
        Column(plant, unit, one, (one,) if one.maximum_flow or one.minimum_flow or not skids else skids,
               _resin(plant, unit, one))
        for one in columns
    )  # fmt: skip


def _resin(plant: SitePlant, unit: UnitOperation, item: SiteEquipment) -> ResinProperties | None:
    packing = plant.package.get(item.packing, Material)
    if packing and packing.in_force:
        return packing.resin
    resins = [one for one in plant.package.in_force(Material) if one.resin and unit.id in one.unit_operations]
    return resins[0].resin if len(resins) == 1 and item.packing is None else None


def _row(column: Column, about: str, aspect: Aspect, label: str) -> Row:
    items = tuple(dict.fromkeys((column.item.id, *(one.id for one in column.skids))))
    return Row(column.plant.site, about, aspect, label, column.unit.id, items)


def _flows(column: Column) -> Iterator[Fit]:
    plant, unit = column.plant, column.unit
    parameters = tuple(plant.parameters(unit, "linear_velocity"))
    if not parameters:
        row = _row(column, unit.id, "flow", f"Flow of {unit.name}")
        yield row.fit("UNKNOWN", (f"no linear velocity of {unit.name} is a parameter",))
    for parameter in parameters:
        row = _row(column, parameter.id, "flow", f"Flow for {parameter.name}")
        try:
            asked = plant.asked(parameter, VELOCITY)
        except NotKnown as unknown:
            yield row.fit("UNKNOWN", (unknown.reason,))
            continue
        for skid in column.skids:
            yield _flow(column, skid, row, asked)
        for skid in column.skids:
            yield _pressure(
                column, skid, _row(column, parameter.id, "pressure", f"Pressure at {parameter.name}"), asked
            )


def _flow(column: Column, skid: SiteEquipment, row: Row, asked: Asked) -> Fit:
    own = column.plant.own
    try:
        low, high = column.flow(asked.least), column.flow(asked.greatest)
    except NotKnown as unknown:
        return row.fit("UNKNOWN", (unknown.reason,))
    velocities, size = span_text(asked.least, asked.greatest, VELOCITY), fraction_text(column.diameter, "cm")
    required = FitSide(f"{span_text(low, high, FLOW)} ({velocities} in {size})",
                       {"low": number(low), "high": number(high), "unit": FLOW})  # fmt: skip
    ends: dict[str, Fraction | None] = {}
    reasons = list(asked.open)
    for word, given in (("least", skid.minimum_flow), ("greatest", skid.maximum_flow)):
        try:
            ends[word] = _limit(given, f"the {word} flow of {skid.name}", own)
        except NotKnown as unknown:
            ends[word] = None
            reasons.append(unknown.reason)
    least, most = ends["least"], ends["greatest"]
    capability = None
    if least is not None or most is not None:
        capability = FitSide(span_text(least, most, FLOW),
                             {"low": number(least), "high": number(most), "unit": FLOW})  # fmt: skip
    if least is not None and most is not None and least > most:
        return row.fit("UNKNOWN", (f"the least flow of {skid.name} is above its greatest",), required, capability)
    outside = []
    if most is not None and high > most:
        outside.append(f"{fraction_text(high, FLOW)} is more than the {fraction_text(most, FLOW)} of {skid.name}")
    if least is not None and low < least:
        outside.append(f"{fraction_text(low, FLOW)} is less than the {fraction_text(least, FLOW)} of {skid.name}")
    verdict: Verdict = "FAIL" if outside else "UNKNOWN" if reasons else "PASS"
    return row.fit(verdict, (*outside, *reasons), required, capability)


def _limit(given: InputQuantity | None, what: str, own: Units) -> Fraction:
    """A flow limit in litres per minute; a least flow of zero is one."""
    if given is not None and given.value == 0 and in_unit(given.value, given.unit, FLOW, own) is not None:
        return Fraction(0)
    return amount(given, FLOW, what, own)


def _pressure(column: Column, skid: SiteEquipment, row: Row, asked: Asked) -> Fit:
    resin, velocity = column.resin or ResinProperties(), asked.greatest
    reasons = list(asked.open)

    def read(given: InputQuantity | None, wanted: str, what: str) -> Fraction | None:
        try:
            return None if given is None else amount(given, wanted, what, column.plant.own)
        except NotKnown as unknown:
            reasons.append(unknown.reason)
            return None

    allowed = read(resin.maximum_linear_velocity, VELOCITY, "the greatest velocity of the resin")
    bounds = (
        read(skid.maximum_pressure, PRESSURE, f"the greatest pressure of {skid.name}"),
        read(resin.maximum_pressure_drop, PRESSURE, "the greatest pressure drop of the resin"),
    )
    limit = min((one for one in bounds if one is not None), default=None)
    try:
        drop: Fraction | None = _drop(column, velocity)
        why = ""
    except NotKnown as unknown:
        drop, why = None, unknown.reason
    if limit is None:
        reasons.append(f"no greatest pressure of {skid.name} or of its resin is stated")
    if allowed is None and drop is None:
        reasons.extend(("the resin's maker states no greatest velocity", why))
    over = list(_too_much(velocity, allowed, drop, limit))
    sides = _pressure_sides(velocity, allowed, drop, limit)
    if over or reasons:
        return row.fit("FAIL" if over else "UNKNOWN", (*over, *reasons), *sides)
    if allowed is None and drop is not None and limit is not None:
        margin = catalogue()["kozeny_carman_pressure_drop"].uncertainty
        if margin and drop * (1 + margin.share) > limit:
            return row.fit(
                "CONDITIONAL", (f"the drop is below the limit by less than it may be off: {margin.words}",), *sides
            )
    return row.fit("PASS", (why,) if why else (), *sides)


def _drop(column: Column, velocity: Fraction) -> Fraction:
    resin, own = column.resin or ResinProperties(), column.plant.own
    if resin.void_fraction is None:
        raise NotKnown(f"the void fraction of the resin in {column.item.name} is not stated")
    diameter = amount(resin.particle_diameter, "um", f"the particle diameter of the resin in {column.item.name}", own)
    viscosity = amount(resin.mobile_phase_viscosity, "Pa.s", "the viscosity of the mobile phase", own)
    inputs = {
        "linear_velocity": (velocity, VELOCITY), "bed_height": (column.bed_height, "cm"),
        "viscosity": (viscosity, "Pa.s"), "particle_diameter": (diameter, "um"),
        "void_fraction": (Fraction(resin.void_fraction), "1"),
    }  # fmt: skip
    return computed("kozeny_carman_pressure_drop", own, **inputs)(PRESSURE)


def _too_much(
    velocity: Fraction, allowed: Fraction | None, drop: Fraction | None, limit: Fraction | None
) -> Iterator[str]:
    if allowed is not None and velocity > allowed:
        most = fraction_text(allowed, VELOCITY)
        yield f"{fraction_text(velocity, VELOCITY)} is faster than the {most} that the resin's maker allows"
    if drop is not None and limit is not None and drop > limit:
        yield f"{fraction_text(drop, PRESSURE)} over the bed is more than the {fraction_text(limit, PRESSURE)} allowed"


def _pressure_sides(
    velocity: Fraction, allowed: Fraction | None, drop: Fraction | None, limit: Fraction | None
) -> tuple[FitSide, FitSide | None]:
    over_bed = "" if drop is None else f"; {fraction_text(drop, PRESSURE)} over the bed, computed"
    asked = FitSide(f"{fraction_text(velocity, VELOCITY)}{over_bed}",
                    {"velocity": number(velocity), "high": number(drop), "unit": PRESSURE})  # fmt: skip
    able = [fraction_text(one, unit) for one, unit in ((allowed, VELOCITY), (limit, PRESSURE)) if one is not None]
    numbers = {"velocity": number(allowed), "high": number(limit), "unit": PRESSURE}
    return asked, FitSide(f"at most {'; '.join(able)}", numbers) if able else None


def _bed_heights(column: Column) -> Iterator[Fit]:
    for parameter in column.plant.parameters(column.unit, "bed_height"):
        row = _row(column, parameter.id, "requirement", f"Bed of {column.item.name} for {parameter.name}")
        try:
            asked = column.plant.asked(parameter, "cm")
            height = column.bed_height
        except NotKnown as unknown:
            yield row.fit("UNKNOWN", (unknown.reason,))
            continue
        low, high = asked.span
        required = FitSide(span_text(low, high, "cm"), {"low": number(low), "high": number(high), "unit": "cm"})
        capability = FitSide(fraction_text(height, "cm"), {"value": number(height), "unit": "cm"})
        outside = (low is not None and height < low) or (high is not None and height > high)
        reasons = asked.open or ((f"the bed of {column.item.name} lies outside",) if outside else ())
        yield row.fit("UNKNOWN" if asked.open else "FAIL" if outside else "PASS", reasons, required, capability)


def _loads(column: Column) -> Iterator[Fit]:
    for parameter in column.plant.parameters(column.unit, "mass_loading"):
        row = _row(column, parameter.id, "column_load", f"Load and cycles for {parameter.name}")
        try:
            asked = column.plant.asked(parameter, _load_unit(column, parameter.unit))
            most, volume = asked.greatest, column.volume
        except NotKnown as unknown:
            yield row.fit("UNKNOWN", (unknown.reason,))
            continue
        if most == 0:
            yield row.fit("UNKNOWN", (f"the load of {parameter.name} is zero",))
            continue
        reasons = list(asked.open)
        binding, bound = _binding(column, most, reasons)
        mass: Received | None = None
        try:
            mass = mass_received(column.plant, column.unit)
        except NotKnown as unknown:
            reasons.append(unknown.reason)
        yield _load(row, asked, volume, mass, (binding, bound, reasons))


def _load(
    row: Row, asked: Asked, volume: Fraction, mass: Received | None, so_far: tuple[Verdict, str, list[str]]
) -> Fit:
    verdict, bound, reasons = so_far
    most, least = asked.greatest, asked.low or Fraction(0)
    words = f"at most {fraction_text(most, LOAD)} on {fraction_text(volume, 'L')} of resin"
    numbers = {"high": number(most), "unit": LOAD, "resin_volume": number(volume), "resin_volume_unit": "L"}
    said = [bound] if bound else []
    if mass is not None:
        fewest, cycles = (ceil(one / (most * volume)) for one in (mass.low, mass.high))
        numbers |= {"mass": number(mass.high), "mass_unit": "g", "cycles": number(Fraction(cycles))}
        words += f"; {span_text(mass.low / 1000, mass.high / 1000, 'kg')} in {cycles} cycle{'s' if cycles > 1 else ''}"
        words += f" ({mass.basis})"
        for one, count in ((mass.high, cycles), (mass.low, fewest)):
            if one and one / (count * volume) < least:
                lean = "" if count == cycles and one == mass.high else "lean "
                said.append(
                    f"a {lean}batch loads only {fraction_text(one / (count * volume), LOAD)}, below the normal range"
                )
                verdict = "FAIL" if not lean else "CONDITIONAL" if verdict == "PASS" else verdict
        if not mass.of_site:
            reasons.append(f"the mass loaded is that of {mass.basis}, which names no site")
    required = FitSide(words, numbers)
    if verdict == "FAIL":
        return row.fit("FAIL", (*said, *reasons), required)
    if mass is None or asked.open or verdict == "UNKNOWN":
        return row.fit("UNKNOWN", (*said, *reasons), required)
    return row.fit("CONDITIONAL" if reasons or verdict == "CONDITIONAL" else "PASS", (*said, *reasons), required)


def _load_unit(column: Column, stated: str | None) -> str:
    """A load may be stated per volume without saying that the volume is one of resin."""
    plain = stated is not None and in_unit(Decimal(1), stated, PLAIN_LOAD, column.plant.own) is not None
    return PLAIN_LOAD if plain else LOAD


def _binding(column: Column, load: Fraction, reasons: list[str]) -> tuple[Verdict, str]:
    """How the greatest load stands to what the resin binds, and why it does not pass; flow-through binds no product."""
    given = column.resin.dynamic_binding_capacity if column.resin else None
    if given is None and column.unit.mode == "flow_through":
        return "PASS", ""
    try:
        unit = _load_unit(column, given.unit if given else None)
        capacity = amount(given, unit, f"what the resin in {column.item.name} binds", column.plant.own)
    except NotKnown as unknown:
        reasons.append(unknown.reason)
        return "UNKNOWN", ""
    share = load / capacity
    # a package may be stricter or a little bolder, but no resin binds more than it can
    good = min(threshold(column.plant.package, "EQP-06", "load", GOOD_SHARE), Fraction(1))
    binds = fraction_text(capacity, LOAD)
    words = f"{fraction_text(load, LOAD)} is {fraction_text(share * 100, '%')} of the binding capacity {binds}"
    if share > max(good, LARGEST_SHARE):
        return "FAIL", words
    return ("CONDITIONAL", words) if share > good else ("PASS", "")
