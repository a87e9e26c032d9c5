"""The liquid in a vessel after every phase, against its working volume and its headspace (alignment.md, "Volume")."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import partial
from typing import Final

from ttpack.analysis.facility_fit.site_plant import NotKnown, Row, SitePlant, amount, limits, number, span_text
from ttpack.analysis.facility_fit.verdict import Aspect, Fit, FitSide, Verdict
from ttpack.analysis.intervals import Interval, fraction_text, in_unit, range_text, value_text
from ttpack.model.facility import SiteEquipment
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import UnitOperation, VolumeChange
from ttpack.model.quantity import InputQuantity

LITRE: Final = "L"
SHARE: Final = "%{wv}"
"""A share of the working volume at the site."""
REMOVING: Final = frozenset({"sample", "evaporation", "transfer_out"})
_FILLING: Final = frozenset({"initial_fill", "inoculum"})
_GASSED: Final = frozenset({"seed_bioreactor", "production_bioreactor"})


@dataclass(frozen=True, slots=True)
class PhaseVolume:
    """The least and greatest volume after a phase, in litres. `filling` and `emptying` phases have no least volume."""

    phase: str
    least: Fraction
    greatest: Fraction
    filling: bool = False
    emptying: bool = False


Phases = tuple[PhaseVolume, ...]


def volume_fits(plant: SitePlant) -> Iterator[Fit]:
    """The working volume and the headspace of every vessel of the site."""
    for unit in plant.unit_operations:
        vessels = vessels_of(plant, unit)
        phases: tuple[PhaseVolume, ...] = ()
        missing: list[str] = []
        try:
            phases = phase_volumes(plant, unit)
        except NotKnown as unknown:
            missing = [unknown.reason]
        if not vessels and unit.volume_changes:
            reasons = (f"no vessel of {unit.name} at {plant.site} is stated", *missing)
            yield _row(plant, unit, (), "volume").fit("UNKNOWN", reasons, _required(phases))
        for vessel in vessels:
            row = _row(plant, unit, (vessel,), "volume")
            yield _working_volume(plant, row, vessel, phases) if phases else row.fit("UNKNOWN", missing)
            if phases:
                yield _headspace(plant, _row(plant, unit, (vessel,), "headspace"), unit, vessel, phases)


def vessels_of(plant: SitePlant, unit: UnitOperation) -> tuple[SiteEquipment, ...]:
    """The vessels that a unit operation runs in: those its scale names, else those of its class, else all it has.

    Where its class is one of other equipment, such as a column, the vessels beside it prepare what it uses.
    """
    return tuple(one for one in plant.main_equipment(unit) or plant.serving(unit) if _is_vessel(one))


def _is_vessel(item: SiteEquipment) -> bool:
    diameter = item.geometry.vessel_diameter if item.geometry else None
    return any(part is not None for part in (item.working_volume, item.nominal_volume, diameter))


def phase_volumes(plant: SitePlant, unit: UnitOperation) -> tuple[PhaseVolume, ...]:
    """The volume after each phase of a unit operation at the site. NotKnown with what is missing or cannot be."""
    changes = [one for one in unit.volume_changes if one.site in (None, plant.site)]
    if not changes:
        raise NotKnown(f"{unit.name} has no volume plan for {plant.site}")
    least = greatest = Fraction(0)
    found: list[PhaseVolume] = []
    filling = True
    for position, change in enumerate(changes):
        low, high = _amount(plant, unit, change)
        removes = _removes(change)
        least, greatest = (least - high, greatest - low) if removes else (least + low, greatest + high)
        emptying = change.change == "transfer_out" and all(one.change == "transfer_out" for one in changes[position:])
        if least < 0 and change.change == "transfer_out":
            least = Fraction(0)
        if least < 0 or greatest < 0:
            most = fraction_text(high, LITRE)
            raise NotKnown(f"{change.phase} takes out up to {most}, more than may be in the vessel")
        following = changes[position + 1] if position + 1 < len(changes) else None
        filling = filling and following is not None and following.change in _FILLING and not removes
        found.append(PhaseVolume(change.phase, least, greatest, filling, emptying))
    return tuple(found)


def _removes(change: VolumeChange) -> bool:
    return change.removes if change.removes is not None else change.change in REMOVING


def _amount(plant: SitePlant, unit: UnitOperation, change: VolumeChange) -> tuple[Fraction, Fraction]:
    what = f"the amount of {change.phase} of {unit.name}"
    if change.amount is not None and change.amount.numeric:
        stated = change.amount.unit or change.unit
        wanted, factor = _measure(plant, unit, stated, what)
        found = limits(change.amount, stated, wanted, what, plant.own)
        low, high = (found.low, found.high) if found else (None, None)
    elif change.parameter:
        parameter = plant.package.get(change.parameter, ProcessParameter)
        if parameter is None or not parameter.in_force:
            raise NotKnown(f"{what} is that of {change.parameter}, which is no parameter in force")
        wanted, factor = _measure(plant, unit, parameter.unit, what)
        asked = plant.asked(parameter, wanted)
        if asked.open:
            raise NotKnown(f"{what}: {asked.open[0]}")
        low, high = asked.span
    else:
        raise NotKnown(f"{what} is not stated")
    if high is None or (low is None and change.change in _FILLING):
        raise NotKnown(f"{what} has no {'upper' if high is None else 'lower'} end")
    return (low or Fraction(0)) * factor, high * factor


def _measure(plant: SitePlant, unit: UnitOperation, stated: str | None, what: str) -> tuple[str, Fraction]:
    """The unit to read an amount in, and how many litres one of it is at the site."""
    if not stated:
        raise NotKnown(f"{what} states no unit")
    one = Decimal(1)
    if in_unit(one, stated, LITRE, plant.own) is not None:
        return LITRE, Fraction(1)
    if in_unit(one, stated, SHARE, plant.own) is not None:
        return SHARE, plant.size(unit, LITRE) / 100
    raise NotKnown(f"{what}, stated in {stated[:32]}, is neither a volume nor a share of the working volume ({SHARE})")


def _required(phases: Phases) -> FitSide | None:
    if not phases:
        return None
    full = [one for one in phases if not (one.filling or one.emptying)] or list(phases)
    low, high = min(one.least for one in full), max(one.greatest for one in phases)
    least = next(one.phase for one in full if one.least == low)
    greatest = next(one.phase for one in phases if one.greatest == high)
    text = f"{span_text(low, high, LITRE)} (least after {least}, greatest after {greatest})"
    return FitSide(text, {"low": number(low), "high": number(high), "unit": LITRE})


def _row(plant: SitePlant, unit: UnitOperation, vessels: tuple[SiteEquipment, ...], aspect: Aspect) -> Row:
    words = "Working volume" if aspect == "volume" else "Headspace"
    ids = tuple(one.id for one in vessels)
    return Row(plant.site, unit.id, aspect, f"{words} of {unit.name}", unit.id, ids)


def _working_volume(plant: SitePlant, row: Row, vessel: SiteEquipment, phases: Phases) -> Fit:
    required, stated = _required(phases), vessel.working_volume
    capability = FitSide(range_text(stated, vessel.working_volume_unit)) if stated else None
    try:
        held = _working_range(plant, vessel)
    except NotKnown as unknown:
        return row.fit("UNKNOWN", (unknown.reason,), required, capability)
    if capability:
        capability = FitSide(capability.text, {"low": number(held.low), "high": number(held.high), "unit": LITRE})
    outside = tuple(_outside(phases, held))
    ends = (("least", held.low), ("greatest", held.high))
    unstated = tuple(f"its {word} working volume is not stated, and not compared" for word, end in ends if end is None)
    verdict: Verdict = "FAIL" if outside else "UNKNOWN" if unstated else "PASS"
    return row.fit(verdict, (*outside, *unstated), required, capability)


def _working_range(plant: SitePlant, vessel: SiteEquipment) -> Interval:
    what = f"the working volume of {vessel.name}"
    held = limits(vessel.working_volume, vessel.working_volume_unit, LITRE, what, plant.own)
    if held is None or held.high == 0:
        raise NotKnown(f"{what} is {'not stated as a range' if held is None else 'zero'}")
    return held


def _outside(phases: Phases, held: Interval) -> Iterator[str]:
    for one in phases:
        if held.high is not None and held.above(one.greatest, inclusive=True):
            yield f"after {one.phase} up to {fraction_text(one.greatest, LITRE)}, above the greatest working volume"
        if not (one.filling or one.emptying) and held.below(one.least, inclusive=True):
            yield f"after {one.phase} as little as {fraction_text(one.least, LITRE)}, below the least working volume"


def _headspace(plant: SitePlant, row: Row, unit: UnitOperation, vessel: SiteEquipment, phases: Phases) -> Fit:
    reasons: list[str] = []
    whose = f"of {vessel.name}"
    nominal = _known(reasons, lambda: amount(vessel.nominal_volume, LITRE, f"the nominal volume {whose}", plant.own))
    stated, free = _kept_free(plant, unit, vessel, nominal, reasons)
    capability = None
    if nominal is not None and vessel.nominal_volume:
        kept = f", of which {value_text(stated.value, stated.unit)} stays free" if stated else ""
        text = f"{value_text(vessel.nominal_volume.value, vessel.nominal_volume.unit)} nominal{kept}"
        most = None if free is None else number(nominal - free)
        capability = FitSide(text, {"high": most, "unit": LITRE})
    greatest = max(one.greatest for one in phases)
    gas: Fraction | None = Fraction(0)
    if vessel.gas_hold_up or _gassed(unit, vessel):
        gas = _known(reasons, lambda: _of(plant, vessel.gas_hold_up, greatest, f"the gas hold-up {whose}"))
    needed = greatest + (gas or 0)
    held = f", {fraction_text(gas, LITRE)} of it gas" if gas else ""
    required = FitSide(f"up to {fraction_text(needed, LITRE)}{held}", {"high": number(needed), "unit": LITRE})
    limit = None if nominal is None else nominal - (free or 0)
    if limit is not None and needed > limit:
        over = f"{fraction_text(needed, LITRE)} is more than the {fraction_text(limit, LITRE)} that the vessel may hold"
        return row.fit("FAIL", (over, *reasons), required, capability)
    return row.fit("UNKNOWN" if reasons else "PASS", reasons, required, capability)


def _kept_free(
    plant: SitePlant, unit: UnitOperation, vessel: SiteEquipment, nominal: Fraction | None, reasons: list[str]
) -> tuple[InputQuantity | None, Fraction | None]:
    """The headspace that has to stay free, as stated and in litres: the greatest that vessel and process ask for."""
    asked = [one.minimum_headspace for one in plant.requirements(unit) if one.minimum_headspace]
    every = [one for one in (vessel.minimum_headspace, *asked) if one is not None]
    if nominal is None or not every:
        if nominal is not None:
            reasons.append(f"the headspace of {vessel.name} is not stated")
        return next(iter(every), None), None
    found = [
        (one, _known(reasons, partial(_of, plant, one, nominal, f"the headspace of {vessel.name}"))) for one in every
    ]
    return max(found, key=lambda one: one[1] or Fraction(0))


def _known(reasons: list[str], read: Callable[[], Fraction]) -> Fraction | None:
    """What can be read; what cannot leaves its reason."""
    try:
        return read()
    except NotKnown as unknown:
        reasons.append(unknown.reason)
        return None


def _gassed(unit: UnitOperation, vessel: SiteEquipment) -> bool:
    return unit.operation_class in _GASSED or bool(vessel.geometry and vessel.geometry.sparger)


def _of(plant: SitePlant, given: InputQuantity | None, whole: Fraction, what: str) -> Fraction:
    """A volume, or a share of another one, in litres; NotKnown for what is neither, below zero, or all of it."""
    if given is None:
        raise NotKnown(f"{what} is not stated")
    shares = [in_unit(given.value, given.unit, wanted, plant.own) for wanted in ("1", SHARE)]
    share = shares[0] if shares[0] is not None else None if shares[1] is None else shares[1] / 100
    found = share * whole if share is not None else in_unit(given.value, given.unit, LITRE, plant.own)
    text = value_text(given.value, given.unit)
    if found is None:
        raise NotKnown(f"{what}, {text}, is neither a volume nor a share")
    if found < 0 or (share is not None and share >= 1):
        raise NotKnown(f"{what}, {text}, is no part of a volume")
    return found
