"""The plant of a site as the aspects of fit see it: what it is to run, what serves it, what the process asks of it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from ttpack.analysis.facility_fit.gaps import Gaps
from ttpack.analysis.facility_fit.requirement import requirement_at
from ttpack.analysis.facility_fit.verdict import Aspect, Fit, FitSide, Verdict
from ttpack.analysis.formulas import NotEvaluated, evaluate
from ttpack.analysis.intervals import Interval, Units, fraction_text, in_unit, interval, value_text
from ttpack.model.facility import EquipmentRequirement, Room, Site, SiteEquipment, Utility
from ttpack.model.package import AnyRecord, Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import Process, Step, UnitOperation
from ttpack.model.quantity import InputQuantity, Range
from ttpack.model.quantity_kinds import quantity_kind
from ttpack.model.units import UnitError, convert, decimal_text, parse_unit


class NotKnown(Exception):
    """What is not stated, or cannot be compared, so that the verdict is UNKNOWN; the reason in words."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a parameter is run at, at a site: its normal operating range and setpoint, in a unit of the caller."""

    parameter: ProcessParameter
    low: Fraction | None
    high: Fraction | None
    setpoint: Fraction | None
    open: tuple[str, ...] = ()
    """Why the range at this site is not known, where only the setpoint is."""

    @property
    def span(self) -> tuple[Fraction | None, Fraction | None]:
        """The least and the greatest value that are stated."""
        ends = (self.low, self.high)
        return ends if ends != (None, None) else (self.setpoint, self.setpoint)

    @property
    def least(self) -> Fraction:
        """The least value it is run at; NotKnown where nothing says it."""
        return self._end(min, self.low, "least")

    @property
    def greatest(self) -> Fraction:
        """The greatest value it is run at; NotKnown where nothing says it."""
        return self._end(max, self.high, "greatest")

    def _end(self, choose: Callable[[list[Fraction]], Fraction], end: Fraction | None, words: str) -> Fraction:
        known = [one for one in (end, self.setpoint) if one is not None]
        if not known:
            raise NotKnown(f"nothing says the {words} value of {self.parameter.name}")
        return choose(known)


@dataclass(frozen=True, slots=True)
class Row:
    """What a fit is about, before its verdict is known."""

    site: str
    about: str
    aspect: Aspect
    label: str
    unit_operation: str | None = None
    equipment: tuple[str, ...] = ()

    def fit(
        self,
        verdict: Verdict,
        reasons: Iterable[str] = (),
        required: FitSide | None = None,
        capability: FitSide | None = None,
    ) -> Fit:
        """The fit with its verdict; each reason is said once."""
        return Fit(
            self.site, self.about, self.aspect, self.label, verdict, required, capability,
            tuple(dict.fromkeys(reasons)), unit_operation=self.unit_operation, equipment=self.equipment,
        )  # fmt: skip


class PlantIndex:
    """The records of a package that say something of a plant, found once for all its sites."""

    def __init__(self, package: Package) -> None:
        """Read the records in force."""
        self.package = package
        self.gaps = Gaps(package)
        self.equipment = _by(package.in_force(SiteEquipment), lambda one: (one.site,))
        self.rooms = _by(package.in_force(Room), lambda one: (one.site,))
        self.utilities = _by(package.in_force(Utility), lambda one: (one.site,))
        self.requirements = _by(package.in_force(EquipmentRequirement), lambda one: (one.unit_operation,))
        self.steps = _by(package.in_force(Step), lambda one: (one.unit_operation,))
        self.parameters = _by(package.parameters, lambda one: (one.unit_operation, _kind(one.quantity_kind)))
        self.run_at = {one.site: one for one in package.in_force(Process) if one.site and one.unit_operations}


Key = Callable[[AnyRecord], tuple[str | None, ...]]


def _by(records: Iterable[AnyRecord], key: Key[AnyRecord]) -> dict[object, list[AnyRecord]]:
    found: dict[object, list[AnyRecord]] = {}
    for record in records:
        parts = key(record)
        found.setdefault(parts if len(parts) > 1 else parts[0], []).append(record)
    return found


def _kind(name: str | None) -> str | None:
    found = quantity_kind(name) if name else None
    return found.name if found else name


class SitePlant:
    """One site of a package at a gate."""

    def __init__(self, index: PlantIndex, site: str, gate: str) -> None:
        """Take the site's part of the index."""
        self.package = index.package
        self.index = index
        self.site = site
        self.gate = gate
        self.equipment = tuple(index.equipment.get(site, ()))
        self.rooms = tuple(index.rooms.get(site, ()))
        self.utilities = tuple(index.utilities.get(site, ()))

    @property
    def own(self) -> Units:
        """The package's own units."""
        return self.package.own_units

    @cached_property
    def record(self) -> Site | None:
        """The site's record."""
        return self.package.get(self.site, Site)

    @cached_property
    def unit_operations(self) -> tuple[UnitOperation, ...]:
        """What the site is to run: the unit operations of its site process, else all."""
        process = self.index.run_at.get(self.site)
        chosen = frozenset(process.unit_operations) if process else None
        return tuple(one for one in self.package.unit_operations if chosen is None or one.id in chosen)

    @cached_property
    def _serving(self) -> dict[str, dict[str, SiteEquipment]]:
        found: dict[str, dict[str, SiteEquipment]] = {}
        for item in self.equipment:
            asked = (self.package.get(ref, EquipmentRequirement) for ref in item.meets)
            for unit in (*item.unit_operations, *(one.unit_operation for one in asked if one and one.in_force)):
                if unit:
                    found.setdefault(unit, {})[item.id] = item
        return found

    def serving(self, unit: UnitOperation) -> tuple[SiteEquipment, ...]:
        """The site's equipment of a unit operation: what names it, meets a requirement of it, or its scale names."""
        found = dict(self._serving.get(unit.id, {}))
        for ref in self.named(unit):
            item = self.package.get(ref, SiteEquipment)
            if item and item.in_force and item.site == self.site:
                found[item.id] = item
        return tuple(found[one] for one in sorted(found))

    def main_equipment(self, unit: UnitOperation) -> tuple[SiteEquipment, ...]:
        """The equipment that a unit operation runs in: what its scale names at the site, else that of its class.

        Empty where neither says it.
        """
        serving, named = self.serving(unit), self.named(unit)
        of_class = (one for one in serving if unit.equipment_class and one.equipment_class == unit.equipment_class)
        return tuple(one for one in serving if one.id in named) or tuple(of_class)

    def named(self, unit: UnitOperation) -> tuple[str, ...]:
        """The equipment that the scale of a unit operation names at the site."""
        return tuple(ref for scale in unit.scales if scale.site == self.site for ref in scale.equipment)

    def requirements(self, unit: UnitOperation) -> tuple[EquipmentRequirement, ...]:
        """What a unit operation asks of equipment."""
        return tuple(self.index.requirements.get(unit.id, ()))

    def parameters(self, unit: UnitOperation, *kinds: str) -> Iterator[ProcessParameter]:
        """The parameters of a unit operation of some quantity kinds, in the order of their ids."""
        found = [one for kind in kinds for one in self.index.parameters.get((unit.id, kind), ())]
        yield from sorted(found, key=lambda one: one.id)

    def size(self, unit: UnitOperation, wanted: str) -> Fraction:
        """The scale of a unit operation at the site; the site's own, where it states none at any site.

        NotKnown where neither is stated, or not in that unit.
        """
        scales = [one.size for one in unit.scales if one.site == self.site and one.size]
        general = self.record.scale if self.record and not unit.scales else None
        stated = scales[0] if scales else general
        return amount(stated, wanted, f"the scale of {unit.name} at {self.site}", self.own)

    def asked(self, parameter: ProcessParameter, wanted: str) -> Asked:
        """What a parameter is run at, at the site. NotKnown where nothing says it, or it does not convert."""
        found = requirement_at(self.package, parameter, self.site)
        normal, what = found.normal, f"{parameter.name} at {self.site}"
        ends = [normal.low, normal.high, found.setpoint] if normal else [None, None, found.setpoint]
        if ends == [None, None, None]:
            reason = found.open[0] if found.open else "neither setpoint nor normal operating range is stated"
            raise NotKnown(f"{what}: {reason}")
        if normal and normal.empty:
            raise NotKnown(f"{what}: its normal operating range is empty")
        low, high, setpoint = (None if end is None else self._converted(end, found.unit, wanted, what) for end in ends)
        return Asked(parameter, low, high, setpoint, found.open if normal is None else ())

    def _converted(self, value: Fraction, unit: str | None, wanted: str, what: str) -> Fraction:
        try:
            found = convert(value, parse_unit(unit or "", self.own), parse_unit(wanted))
        except UnitError as error:
            stated = fraction_text(value, unit)
            raise NotKnown(f"{what}, {stated}, cannot be expressed in {wanted}") from error
        if found < 0:
            raise NotKnown(f"{what}, {fraction_text(value, unit)}, is below zero")
        return found


def limits(given: Range | None, unit: str | None, wanted: str, what: str, own: Units) -> Interval | None:
    """A range in a unit; None where it has no numbers. NotKnown where it does not convert, or is empty or negative."""
    if given is None or not given.numeric:
        return None
    stated = given.unit or unit
    if not stated:
        raise NotKnown(f"{what} states no unit")
    found = interval(given.model_copy(update={"unit": stated}), wanted, own)
    if found is None:
        raise NotKnown(f"{what}, stated in {stated[:32]}, cannot be expressed in {wanted}")
    if found.empty:
        raise NotKnown(f"{what} is empty: its low end lies above its high end")
    if (found.low is not None and found.low < 0) or (found.high is not None and found.high < 0):
        raise NotKnown(f"{what} is negative")
    return found


def amount(given: InputQuantity | None, wanted: str, what: str, own: Units) -> Fraction:
    """A quantity above zero in a unit. NotKnown where it is not stated, does not convert, or is not above zero."""
    if given is None:
        raise NotKnown(f"{what} is not stated")
    found = in_unit(given.value, given.unit, wanted, own)
    if found is None:
        raise NotKnown(f"{what}, {value_text(given.value, given.unit)}, cannot be expressed in {wanted}")
    if found <= 0:
        raise NotKnown(f"{what}, {value_text(given.value, given.unit)}, is not above zero")
    return found


def computed(name: str, own: Units, /, **inputs: tuple[Fraction, str]) -> Callable[[str], Fraction]:
    """The result of a formula of the catalogue, in a unit. NotKnown with the reason where it gives no value."""
    try:
        found = evaluate(name, inputs, own)
    except NotEvaluated as reason:
        raise NotKnown(f"{name.replace('_', ' ')}: {reason.reason}") from reason
    return lambda unit: found.in_unit(parse_unit(unit))


def span_text(low: Fraction | None, high: Fraction | None, unit: str) -> str:
    """Computed ends in words: `9300 to 16800 L`, `at most 127 L/min`."""
    if low is not None and high is not None:
        return fraction_text(low, unit) if low == high else f"{decimal_text(low, 6)} to {fraction_text(high, unit)}"
    if high is not None:
        return f"at most {fraction_text(high, unit)}"
    return f"at least {fraction_text(low, unit)}" if low is not None else "not known"


def number(value: Fraction | None) -> Decimal | None:
    """A computed value for a program, to six significant digits."""
    return None if value is None else Decimal(decimal_text(value, 6))
