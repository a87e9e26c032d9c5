"""Where a receiving site stands: its gates as the package records them, and those that people have decided."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil
from typing import Final

from ttpack.model.gates import Gate
from ttpack.model.own_units import DefinesUnit
from ttpack.model.package import Package
from ttpack.model.quantity import InputQuantity
from ttpack.model.record import GATES
from ttpack.model.units import UnitError, parse_unit, to_base

PASSED: Final = frozenset({"pass", "conditional"})
"""Decisions with which a site goes through a gate."""
DAY: Final = parse_unit("d")
LONGEST_DAYS: Final = 36_500
"""A hundred years: a longer interval is a slip of the pen, and no calendar holds it."""


def following(gate: str) -> str | None:
    """The gate after this one, the first for what is no gate; None after the last."""
    index = GATES.index(gate) + 1 if gate in GATES else 0
    return GATES[index] if index < len(GATES) else None


def last_passed(package: Package, site: str) -> str | None:
    """The last gate that the package record says a site has passed; None where it names none."""
    return package.manifest.gates.get(site)


def decided(gate: Gate | None, as_of: date) -> bool:
    """Whether people have let the site through: pass or conditional, on a date that is not ahead."""
    return bool(gate and gate.decision in PASSED and gate.decided_on and gate.decided_on <= as_of)


@dataclass(frozen=True)
class SiteGates:
    """The gate records in force of one receiving site, by gate, each in the order of ids; and the last gate passed."""

    site: str
    passed: str | None
    records: Mapping[str, tuple[Gate, ...]]

    @property
    def following(self) -> str | None:
        """The gate that the site stands before; None where it has passed the last."""
        return following(self.passed or "")

    def record(self, gate: str) -> Gate | None:
        """The record of a gate; of several the first by id."""
        found = self.records.get(gate, ())
        return found[0] if found else None

    def is_passed(self, gate: str) -> bool:
        """Whether the package record counts that gate as passed."""
        return self.passed is not None and gate <= self.passed


def site_gates(package: Package) -> Mapping[str, SiteGates]:
    """The gates of every receiving site, and of any other site that a gate record names."""
    found: dict[str, dict[str, list[Gate]]] = {site: {} for site in package.receiving_sites}
    for gate in package.in_force(Gate):
        if gate.site and gate.gate:
            found.setdefault(gate.site, {}).setdefault(gate.gate, []).append(gate)
    return {
        site: SiteGates(site, last_passed(package, site), {gate: tuple(records) for gate, records in gates.items()})
        for site, gates in found.items()
    }


def concerns(package: Package, named: str | None, site: str) -> bool:
    """Whether what names a site is about this receiving site, too: it names this one, none, or no receiving site.

    What is wrong at a sending site or a laboratory stands against the gate of every receiving site.
    """
    return not named or named == site or named not in package.receiving_sites


def days_of(quantity: InputQuantity | None, own: Mapping[str, DefinesUnit]) -> Fraction | None:
    """A duration in days, exactly; None for no quantity, another kind of unit, or more than a calendar holds."""
    if quantity is None:
        return None
    try:
        unit = parse_unit(quantity.unit, own)
        if unit.dimension != DAY.dimension:
            return None
        days = to_base(quantity.value, unit) / DAY.factor
    except UnitError:
        return None
    return days if abs(days) <= LONGEST_DAYS else None


def later(day: date, days: Fraction | int) -> date:
    """The first date on which that many days have gone by; the last date there is where the calendar ends before."""
    try:
        return day + timedelta(days=ceil(days))
    except OverflowError:
        return date.max
