"""How much of a batch reaches a unit operation: volume and mass of product, from the nearest record that says so."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from ttpack.analysis.facility_fit.site_plant import NotKnown, SitePlant, amount, limits
from ttpack.analysis.intervals import Interval
from ttpack.model.process import MassBalance, MaterialFlow, ProcessAttribute, StepLinkage, UnitOperation
from ttpack.model.quantity import Quantity, Range
from ttpack.model.scale import ScaleCharacterisation

_CULTURES = frozenset({"production_bioreactor"})


@dataclass(frozen=True, slots=True)
class Received:
    """The least and greatest amount that a batch brings, and which record says so; `of_site` where that site does."""

    low: Fraction
    high: Fraction
    basis: str
    of_site: bool = True


def mass_received(plant: SitePlant, unit: UnitOperation) -> Received:
    """Grams of product that a batch brings to a unit operation. NotKnown with what is missing.

    A mass balance of the site comes first, then titer times the site's volume times the yields between (the yield of
    each unit operation after the culture and before this one), then a mass balance that names no site.
    """

    def mass(given: MassBalance, where: str) -> Fraction:
        volume = amount(given.feed_volume, "L", f"the feed volume of {where}", plant.own)
        concentration = amount(given.feed_concentration, "g/L", f"the feed concentration of {where}", plant.own)
        return volume * concentration * amount(given.step_yield, "1", f"the yield of {where}", plant.own)

    return _first(_balances(plant, unit, mass, of_site=True), lambda: _chain(plant, unit),
                  _balances(plant, unit, mass, of_site=False))  # fmt: skip


def volume_received(plant: SitePlant, unit: UnitOperation) -> Received:
    """Litres that a batch brings to a unit operation. NotKnown with what is missing.

    A mass balance of the site comes first, then the scale of the culture whose harvest it takes, then what an input
    stream or a mass balance of no site states.
    """

    def pool(given: MassBalance, where: str) -> Fraction:
        return amount(given.pool_volume, "L", f"the pool volume of {where}", plant.own)

    def of_culture() -> Received:
        before = _before(plant, unit)
        if not before or before[-1].operation_class not in _CULTURES:
            raise NotKnown(f"nothing says which volume {unit.name} receives at {plant.site}")
        size = plant.size(before[-1], "L")
        return Received(size, size, f"the scale of {before[-1].name} at {plant.site}")

    return _first(_balances(plant, unit, pool, of_site=True), of_culture,
                  [*_streams(plant, unit), *_balances(plant, unit, pool, of_site=False)])  # fmt: skip


def _first(of_site: list[Received], chain: Callable[[], Received], general: list[Received]) -> Received:
    if of_site:
        return of_site[0]
    try:
        return chain()
    except NotKnown:
        if general:
            return general[0]
        raise


def _balances(
    plant: SitePlant, unit: UnitOperation, read: Callable[[MassBalance, str], Fraction], *, of_site: bool
) -> list[Received]:
    found = []
    for given, where, site in _stated(plant, unit):
        if site != (plant.site if of_site else None):
            continue
        try:
            value = read(given, where)
        except NotKnown:
            continue
        found.append(Received(value, value, f"the mass balance of {where}", of_site=of_site))
    return found


def _stated(plant: SitePlant, unit: UnitOperation) -> Iterator[tuple[MassBalance, str, str | None]]:
    """Mass balances into a unit operation, each with the record and the site it is of."""
    for record in plant.package.in_force(ScaleCharacterisation):
        if record.unit_operation == unit.id and record.mass_balance and record.site:
            yield record.mass_balance, record.name, record.site
    if unit.mass_balance:
        yield unit.mass_balance, unit.name, None
    for linkage in plant.package.in_force(StepLinkage):
        if linkage.to_unit_operation == unit.id and linkage.mass_balance:
            yield linkage.mass_balance, linkage.name, None


def _streams(plant: SitePlant, unit: UnitOperation) -> Iterator[Received]:
    for stream in unit.inputs:
        if isinstance(stream, MaterialFlow) and isinstance(stream.amount, Quantity):
            try:
                volume = amount(stream.amount, "L", stream.name, plant.own)
            except NotKnown:
                continue
            yield Received(volume, volume, f"the stream {stream.name} of {unit.name}", of_site=False)


def _before(plant: SitePlant, unit: UnitOperation) -> tuple[UnitOperation, ...]:
    """The unit operations of the site before one, in process order."""
    units = plant.unit_operations
    place = next((index for index, one in enumerate(units) if one.id == unit.id), 0)
    return units[:place]


def _chain(plant: SitePlant, unit: UnitOperation) -> Received:
    before = _before(plant, unit)
    start = next((index for index, one in enumerate(before) if one.operation_class in _CULTURES), None)
    if start is None:
        raise NotKnown(f"nothing says which mass of product {unit.name} receives at {plant.site}")
    culture = before[start]
    titer = _titer(plant, culture)
    size = plant.size(culture, "L")
    low, high = _end(titer.low, f"the titer of {culture.name}") * size, _end(titer.high, "the titer") * size
    for one in before[start + 1 :]:
        share = _share(plant, one.step_yield, f"the yield of {one.name}")
        low, high = low * _end(share.low, f"the yield of {one.name}"), high * (1 if share.high is None else share.high)
    return Received(low, high, f"the titer and volume of {culture.name} and the yields after it")


def _titer(plant: SitePlant, culture: UnitOperation) -> Interval:
    for one in plant.package.in_force(ProcessAttribute):
        if one.unit_operation == culture.id and one.quantity_kind in ("titer", "titre", "product_concentration"):
            found = limits(one.expected_range, one.unit, "g/L", f"the range of {one.name}", plant.own)
            if found is not None:
                return found
    raise NotKnown(f"no titer of {culture.name} is stated as a range")


def _share(plant: SitePlant, given: Range | None, what: str) -> Interval:
    found = limits(given, "%", "1", what, plant.own)
    if found is None:
        raise NotKnown(f"{what} is not stated")
    return found


def _end(given: Fraction | None, what: str) -> Fraction:
    if given is None:
        raise NotKnown(f"{what} has no such end")
    return given
