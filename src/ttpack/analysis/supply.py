"""Supply of materials to a site: who may supply, weeks left against lead time, resin cycles, vials of a cell bank."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from ttpack.analysis.intervals import in_unit
from ttpack.model.campaign import Campaign
from ttpack.model.materials import Material, MaterialSupply, Supplier
from ttpack.model.package import Package
from ttpack.model.risk import Risk
from ttpack.model.status import APPROVED

QUALIFIED = APPROVED | {"qualified"}
"""Statuses of a supplier that may supply."""
DAYS_PER_WEEK = 7


def suppliers_of(package: Package, material: Material) -> tuple[Supplier, ...]:
    """The suppliers in force that the material names, one of its sites names, or that name the material."""
    named = {*material.suppliers, *(one.supplier for one in material.supply if one.supplier)}
    return tuple(
        one for one in package.in_force(Supplier) if one.id in named or material.id in one.materials
    )  # fmt: skip


def may_supply(supplier: Supplier, site: str) -> bool:
    """Whether its qualification is approved, for that site."""
    return supplier.status in QUALIFIED and site in supplier.qualified_for


def supply_at(material: Material, site: str) -> MaterialSupply | None:
    """What the material states of stock and need at a site."""
    return next((one for one in material.supply if one.site == site), None)


def only_source(package: Package, material: Material) -> bool:
    """Whether there is one source only: the material says so, or says nothing and has one supplier."""
    if material.single_source is not None:
        return material.single_source
    return len(suppliers_of(package, material)) == 1


def supply_risks(package: Package, material: Material) -> tuple[Risk, ...]:
    """The risks in force of the material."""
    return tuple(
        risk
        for risk in package.in_force(Risk)
        if risk.id == material.risk or material.id in (risk.item, *risk.items)
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lead:
    """Lead time against the time left, both in days. `days` is None where `reason` says why."""

    left: int | None
    days: Fraction | None
    reason: str = ""

    @property
    def late(self) -> bool | None:
        """Whether an order of today arrives after the need date; None where that cannot be computed."""
        return None if self.left is None or self.days is None else self.days > self.left


def lead(package: Package, supply: MaterialSupply, as_of: date) -> Lead:
    """Lead time of a material at a site against the days from `as_of` to its need date."""
    left = None if supply.need_date is None else (supply.need_date - as_of).days
    if supply.lead_time is None:
        return Lead(left, None, "no lead time is stated")
    days = in_unit(supply.lead_time.value, supply.lead_time.unit, "d", package.own_units)
    if days is None:
        return Lead(left, None, f"the lead time is in {supply.lead_time.unit[:64]}, which is no duration")
    return Lead(left, days, "" if left is not None else "no need date is stated")


def weeks(days: Fraction | int) -> str:
    """Days as weeks, to one decimal: `14.4 weeks`."""
    tenths = round(Fraction(days) * 10 / DAYS_PER_WEEK)
    number = Decimal(tenths) / 10
    return f"{number.normalize():f} {'week' if number == 1 else 'weeks'}"


def campaigns_at(package: Package, site: str | None, as_of: date) -> tuple[Campaign, ...]:
    """The campaigns in force that are not over, of one site or (None) of all, in order of their start."""
    ahead = (one for one in package.in_force(Campaign) if one.end is None or one.end >= as_of)
    return tuple(
        sorted((one for one in ahead if site in (None, one.site)), key=lambda one: (one.start or as_of, one.id))
    )


def batches(campaigns: Iterable[Campaign]) -> int | None:
    """The batches of several campaigns; None where there is no campaign, or one that does not say how many."""
    counts = [one.batches for one in campaigns]
    return None if not counts or None in counts else sum(count for count in counts if count is not None)


@dataclass(frozen=True, slots=True)
class Cycles:
    """Cycles that the campaigns of a site use against the most allowed; None where `reason` says why."""

    planned: int | None
    allowed: int | None
    batches: int | None
    reason: str = ""

    @property
    def exceeded(self) -> bool | None:
        """Whether more cycles are planned than allowed; None where that cannot be computed."""
        return None if self.planned is None or self.allowed is None else self.planned > self.allowed


def cycles(package: Package, material: Material, site: str, as_of: date) -> Cycles:
    """The cycles that the campaigns of a site use of one packing of a resin, against its lifetime.

    A lifetime whose last cycle does not count allows one cycle less.
    """
    lifetime = material.lifetime
    allowed = None
    if lifetime is not None and lifetime.maximum_cycles is not None:
        allowed = lifetime.maximum_cycles if lifetime.inclusive else max(lifetime.maximum_cycles - 1, 0)
    count = batches(campaigns_at(package, site, as_of))
    if count is None:
        return Cycles(None, allowed, None, f"no campaign says how many batches are planned at {package.label(site)}")
    if lifetime is None or lifetime.cycles_per_batch is None:
        return Cycles(None, allowed, count, "the cycles of one batch are not stated")
    return Cycles(
        lifetime.cycles_per_batch * count, allowed, count, "" if allowed is not None else "no lifetime is stated"
    )
