"""What the equipment of each site can do for each parameter, gathered once for all sites."""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cached_property

from ttpack.model.facility import EquipmentCapability, EquipmentRequirement, SiteEquipment
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.quantity import InputQuantity, Range

QUALIFIED = frozenset({"OQ", "PQ"})
"""Qualification that shows a range; earlier, expired or unstated it shows none."""
ON_PAPER = frozenset({"nameplate", "vendor"})
"""What a capability must not rest on from G4 on."""


@dataclass(frozen=True, slots=True, eq=False)
class Offer:
    """One capability with the qualification of its item. Equal capabilities of all sites are one and the same offer."""

    capability: EquipmentCapability
    qualification: str | None

    @property
    def qualified(self) -> bool:
        """Whether the item is qualified to a level that shows its range."""
        return self.qualification in QUALIFIED

    @property
    def controls(self) -> bool:
        """Whether it states a range within which it holds the parameter, by design or as qualified."""
        return any(one is not None and one.numeric for one in (self.capability.range, self.capability.qualified_range))

    @property
    def measures(self) -> bool:
        """Whether it states a measuring range."""
        return self.capability.measuring_range is not None and self.capability.measuring_range.numeric


Offered = tuple[tuple[SiteEquipment, Offer], ...]
NOTHING: Offered = ()
OffersAt = Callable[[ProcessParameter], Offered]
_Served = tuple[str | None, str | None]


class SiteCapabilities:
    """The capabilities of items in force, by site and parameter."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._offers: dict[Hashable, Offer] = {}
        self._by_id: dict[tuple[int, str | None], Offer] = {}

    def of(self, parameter: ProcessParameter, site: str) -> Offered:
        """What serves the parameter at the site: capabilities that name it.

        Where none does, those of its quantity kind that name no parameter, on items that serve its unit operation.
        """
        return self.at(site)(parameter)

    def at(self, site: str) -> OffersAt:
        """The same for any parameter at one site."""
        named, general = self._gathered[0].get(site, {}), self._gathered[1].get(site, {})

        def offers(parameter: ProcessParameter) -> Offered:
            found = named.get(parameter.id)
            if found is not None or not general:
                return found or NOTHING
            return general.get((parameter.unit_operation, parameter.quantity_kind), NOTHING)

        return offers

    def states_any_at(self, site: str) -> bool:
        """Whether any item of the site states a capability for something."""
        return any(found.get(site) for found in self._gathered)

    @cached_property
    def _gathered(self) -> tuple[dict[str, dict[str, Offered]], dict[str, dict[_Served, Offered]]]:
        """By site what names a parameter, and what serves a quantity kind of a unit operation without naming one."""
        named: dict[str, dict[str, Offered]] = {}
        general: dict[str, dict[_Served, Offered]] = {}
        for item in self._package.in_force(SiteEquipment):
            here = named.setdefault(item.site or "", {})
            for capability in item.capabilities:
                found = ((item, self._offer(capability, item.qualification)),)
                parameters = capability.parameters
                for parameter in parameters if len(parameters) == 1 else dict.fromkeys(parameters):
                    here[parameter] = here[parameter] + found if parameter in here else found
                if not parameters and capability.quantity_kind:
                    there = general.setdefault(item.site or "", {})
                    for unit in self._serves(item):
                        key = unit, capability.quantity_kind
                        there[key] = there.get(key, NOTHING) + found
        return named, general

    def _serves(self, item: SiteEquipment) -> list[str]:
        required = (self._package.get(one, EquipmentRequirement) for one in item.meets)
        units = (*item.unit_operations, *(one.unit_operation for one in required if one and one.unit_operation))
        return list(dict.fromkeys(units))

    def _offer(self, capability: EquipmentCapability, qualification: str | None) -> Offer:
        known = self._by_id.get((id(capability), qualification))
        if known is None:
            key = (qualification, *_key(capability))
            known = self._offers.setdefault(key, Offer(capability, qualification))
            self._by_id[id(capability), qualification] = known
        return known


def _key(given: EquipmentCapability) -> tuple[Hashable, ...]:
    """What a verdict depends on: everything but whom it serves and where it is proved."""
    ranges = (given.range, given.qualified_range, given.measuring_range)
    widths = (given.accuracy, given.control_band)
    return (given.function, given.unit, given.basis, *map(_range_key, ranges), *map(_width_key, widths))


def _range_key(given: Range | None) -> Hashable:
    if given is None:
        return None
    # as text, since 5 and 5.0 are one number and are printed with the digits of their authors
    return str(given.low), str(given.high), given.low_inclusive, given.high_inclusive, given.unit, given.criterion


def _width_key(given: InputQuantity | None) -> Hashable:
    return None if given is None else (str(given.value), given.unit)
