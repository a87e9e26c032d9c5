"""Whether each process parameter fits at a site (alignment.md, "Automatic facility fit")."""

from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property

from ttpack.analysis.facility_fit.assessment import Assessment, Terms, assess
from ttpack.analysis.facility_fit.capability import Offered, SiteCapabilities
from ttpack.analysis.facility_fit.gaps import Gaps
from ttpack.analysis.facility_fit.requirement import Requirement, is_sending, requirement_at, value_at
from ttpack.analysis.facility_fit.verdict import Fit, Gap
from ttpack.analysis.thresholds import threshold
from ttpack.model.facility import EquipmentRequirement
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter

LEAST_RATIO = Fraction(1)
"""Half of a normal range over U, unless the package says otherwise (`thresholds: {PRM-12: {k: ...}}`)."""
ON_PAPER_UNTIL = "G4"
"""From this gate on a vendor's figure shows nothing."""


def least_ratio(package: Package) -> Fraction:
    """The k of `half width >= k U` that counts in this package."""
    return threshold(package, "PRM-12", "k", LEAST_RATIO)


class ParameterFits:
    """The fit of every parameter at any site. Equal requirements against equal capabilities are judged once."""

    def __init__(self, package: Package, parameters: Iterable[ProcessParameter] | None = None) -> None:
        """Of all parameters in force, or of some."""
        self.package = package
        self.parameters = package.parameters if parameters is None else tuple(parameters)
        self.capabilities = SiteCapabilities(package)
        self.gaps = Gaps(package)
        self._requirements: dict[tuple[str, str], Requirement] = {}
        self._known: dict[object, tuple[Requirement, Assessment, tuple[str, ...]]] = {}
        self._equipment: dict[str, tuple[str, ...]] = {}

    def at(self, site: str, gate: str) -> tuple[Fit, ...]:
        """One fit for each parameter, in the order given, with the site at that gate."""
        sending = is_sending(self.package, site)
        terms = Terms(self._least, gate < ON_PAPER_UNTIL, self.package.own_units)
        return tuple([self._fit(parameter, site, gate, terms, sending=sending) for parameter in self.parameters])

    def _fit(self, parameter: ProcessParameter, site: str, gate: str, terms: Terms, *, sending: bool) -> Fit:
        required = self._required(parameter, site, sending=sending)
        offered = self.capabilities.of(parameter, site)
        found, reasons = self._assessed(required, offered, terms)
        equipment = self._items(offered)
        gap = None if found.verdict == "PASS" else self._gap(parameter, site, gate, offered)
        if len(equipment) > 1:
            reasons = _named(found, offered)
        return Fit(
            site, parameter.id, "parameter", parameter.title or parameter.id, found.verdict, required.side,
            found.capability, reasons, found.margin, parameter.unit_operation, equipment, gap,
        )  # fmt: skip

    def _required(self, parameter: ProcessParameter, site: str, *, sending: bool) -> Requirement:
        """Worked out once, except where a site has numbers of its own."""
        here = ""
        if (parameter.id, site) in self._overlaid:
            here = site
        elif parameter.scale is not None and parameter.scale.dependence == "dependent":
            stated = value_at(parameter, site) is not None
            here = site if stated else "sending" if sending else "receiving"
        known = self._requirements.get((parameter.id, here))
        if known is None:
            known = self._requirements[parameter.id, here] = requirement_at(self.package, parameter, site)
        return known

    @cached_property
    def _overlaid(self) -> frozenset[tuple[str, str]]:
        parts = (overlay_parts(one.id) for found in self.package.overlays.values() for one in found)
        return frozenset((base, site) for base, site in parts if site)

    @cached_property
    def _least(self) -> Fraction:
        return least_ratio(self.package)

    def _assessed(self, required: Requirement, offered: Offered, terms: Terms) -> tuple[Assessment, tuple[str, ...]]:
        # by identity, which is quick: requirements and offers live as long as this object
        same = _same_item(offered)
        key = (id(required), terms.on_paper, same, *[id(offer) for _, offer in offered])
        known = self._known.get(key)
        if known is None:
            found = assess(required, [offer for _, offer in offered], same, terms)
            known = self._known[key] = (required, found, tuple(clause.words for clause in found.clauses))
        return known[1], known[2]

    def _items(self, offered: Offered) -> tuple[str, ...]:
        if len(offered) == 1:
            name = offered[0][0].id
            return self._equipment.setdefault(name, (name,))
        return tuple(dict.fromkeys(item.id for item, _ in offered))

    def _gap(self, parameter: ProcessParameter, site: str, gate: str, offered: Offered) -> Gap:
        items = [item for item, _ in offered]
        about = (
            f"{parameter.id}@{site}", parameter.id, *(item.id for item in items), *parameter.equipment_requirements,
        )  # fmt: skip
        requirements = (self.package.get(one, EquipmentRequirement) for one in parameter.equipment_requirements)
        owners = (
            *(item.owner for item in items),
            *(one.owner for one in requirements if one is not None),
            parameter.owner,
            self.package.manifest.owner,
        )
        return self.gaps.gap(about, site, gate, owners)


def _same_item(offered: Offered) -> tuple[int, ...]:
    """A number for each offer, equal where the item is the same."""
    if len(offered) < 2:  # noqa: PLR2004  one item is only the same as itself
        return ()
    numbers: dict[str, int] = {}
    return tuple([numbers.setdefault(item.id, len(numbers)) for item, _ in offered])


def _named(found: Assessment, offered: Offered) -> tuple[str, ...]:
    """Reasons that say which of several items each is about."""
    return tuple(
        clause.words if clause.about is None else f"{offered[clause.about][0].id}: {clause.words}"
        for clause in found.clauses
    )
