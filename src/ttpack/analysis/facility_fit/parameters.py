"""Whether each process parameter fits at a site (alignment.md, "Automatic facility fit")."""

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cached_property

from ttpack.analysis.facility_fit.assessment import Assessment, Terms, assess
from ttpack.analysis.facility_fit.capability import NOTHING, Offered, OffersAt, SiteCapabilities
from ttpack.analysis.facility_fit.gaps import Gaps, closed_elsewhere
from ttpack.analysis.facility_fit.requirement import Requirement, is_sending, requirement_at, value_at
from ttpack.analysis.facility_fit.verdict import Fit, Gap
from ttpack.analysis.measurement import Uncertainty, uncertainty
from ttpack.analysis.thresholds import threshold
from ttpack.model.facility import EquipmentRequirement
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, ProcessParameter

LEAST_RATIO = Fraction(1)
"""Half of a normal range over U, unless the package says otherwise (`thresholds: {PRM-12: {k: ...}}`)."""
ON_PAPER_UNTIL = "G4"
"""From this gate on a vendor's figure shows nothing."""


def least_ratio(package: Package) -> Fraction:
    """The k of `half width >= k U` that counts in this package."""
    return threshold(package, "PRM-12", "k", LEAST_RATIO)


class _Asked:
    """A parameter with what does not depend on the site. `general` is what sites without numbers of their own ask."""

    __slots__ = ("general", "label", "own", "owners", "parameter", "unit_operation")

    def __init__(self, package: Package, parameter: ProcessParameter) -> None:
        self.parameter = parameter
        self.label, self.unit_operation = parameter.name, parameter.unit_operation
        requirements = (package.get(one, EquipmentRequirement) for one in parameter.equipment_requirements)
        stated = (*(one.owner for one in requirements if one is not None), parameter.owner, package.manifest.owner)
        self.owners = tuple(str(one) for one in stated if one)
        dependent = parameter.scale is not None and parameter.scale.dependence == "dependent"
        self.own = dependent or parameter.id in package.overlays
        self.general: Requirement | None = None


class ParameterFits:
    """The fit of every parameter at any site. Equal requirements against equal capabilities are judged once."""

    def __init__(self, package: Package, parameters: Iterable[ProcessParameter] | None = None) -> None:
        """Of all parameters in force, or of some."""
        self.package = package
        self.capabilities = SiteCapabilities(package)
        self.gaps = Gaps(package)
        self._asked = [_Asked(package, one) for one in (package.parameters if parameters is None else parameters)]
        self._requirements: dict[tuple[str, str], Requirement] = {}
        self._equal: dict[Hashable, Requirement] = {}
        self._uncertain: dict[tuple[int, ...], Uncertainty] = {}
        self._known: dict[object, tuple[Requirement, Assessment, tuple[str, ...]]] = {}
        self._equipment: dict[str, tuple[str, ...]] = {}

    def at(self, site: str, gate: str) -> tuple[Fit, ...]:
        """One fit for each parameter, in the order given, with the site at that gate."""
        sending = is_sending(self.package, site)
        terms = Terms(self._least, gate < ON_PAPER_UNTIL, self.package.own_units)
        offers = self.capabilities.at(site)
        return tuple([self._fit(one, site, gate, terms, offers, sending=sending) for one in self._asked])

    def uncertain_at(self, site: str) -> Iterator[tuple[ProcessParameter, Requirement, Uncertainty]]:
        """What a site has to hold, and how well it measures and holds it, with the item that U comes from named.

        Parameters that the site states no capability for are left out where they are not critical.
        """
        offers, sending = self.capabilities.at(site), is_sending(self.package, site)
        for asked in self._asked:
            parameter = asked.parameter
            offered = offers(parameter)
            if not offered and parameter.classification not in CRITICAL:
                continue
            required = asked.general or self._required(asked, site, sending=sending)
            key = (id(required), *[id(offer) for _, offer in offered])
            found = self._uncertain.get(key)
            if found is None:
                found = uncertainty(required, [offer for _, offer in offered], self.package.own_units)
                self._uncertain[key] = found
            if found.about is not None:
                found = replace(found, words=f"{offered[found.about][0].id}: {found.words}")
            yield parameter, required, found

    def nobody_closes(self, parameter: ProcessParameter, site: str, gate: str) -> bool:
        """Whether no record in force is to agree on who closes a gap of the parameter at a site, by a gate to come."""
        return not closed_elsewhere(self._gap(_Asked(self.package, parameter), site, gate, NOTHING), gate)

    def _fit(  # noqa: PLR0913  a million calls: what is the same for a site is handed down
        self, asked: _Asked, site: str, gate: str, terms: Terms, offers: OffersAt, *, sending: bool
    ) -> Fit:
        parameter = asked.parameter
        required = asked.general or self._required(asked, site, sending=sending)
        offered = offers(parameter)
        found, reasons = self._assessed(required, offered, terms)
        if len(offered) == 1:
            equipment = self._one_item(offered[0][0].id)
        else:
            equipment = tuple(dict.fromkeys([item.id for item, _ in offered]))
            reasons = _named(found, offered) if len(equipment) > 1 else reasons
        gap = None if found.verdict == "PASS" else self._gap(asked, site, gate, offered)
        return Fit(
            site, parameter.id, "parameter", asked.label, found.verdict, required.side,
            found.capability, reasons, found.margin, asked.unit_operation, equipment, gap,
        )  # fmt: skip

    def _required(self, asked: _Asked, site: str, *, sending: bool) -> Requirement:
        """What a site asks for where it has numbers of its own; sites without share what follows from that."""
        parameter, here = asked.parameter, site
        if not asked.own:
            asked.general = self._shared(requirement_at(self.package, parameter, ""))
            return asked.general
        if (parameter.id, site) not in self._overlaid and value_at(parameter, site) is None:
            here = "sending" if sending else "receiving"
        known = self._requirements.get((parameter.id, here))
        if known is None:
            known = self._requirements[parameter.id, here] = self._shared(requirement_at(self.package, parameter, site))
        return known

    def _shared(self, required: Requirement) -> Requirement:
        """The requirement of another parameter that asks the same, where there is one: it has been judged already."""
        return self._equal.setdefault(required.key, required)

    @cached_property
    def _overlaid(self) -> frozenset[tuple[str, str]]:
        parts = (overlay_parts(one.id) for found in self.package.overlays.values() for one in found)
        return frozenset((base, site) for base, site in parts if site)

    @cached_property
    def _least(self) -> Fraction:
        return least_ratio(self.package)

    def _assessed(self, required: Requirement, offered: Offered, terms: Terms) -> tuple[Assessment, tuple[str, ...]]:
        # by identity, which is quick: requirements and offers live as long as this object
        key: object
        if len(offered) == 1:
            key = (id(required), terms.on_paper, id(offered[0][1]))
        else:
            key = (id(required), terms.on_paper, _same_item(offered), *[id(offer) for _, offer in offered])
        known = self._known.get(key)
        if known is None:
            found = assess(required, [offer for _, offer in offered], _same_item(offered), terms)
            known = self._known[key] = (required, found, tuple(clause.words for clause in found.clauses))
        return known[1], known[2]

    def _one_item(self, name: str) -> tuple[str, ...]:
        known = self._equipment.get(name)
        if known is None:
            known = self._equipment[name] = (name,)
        return known

    def _gap(self, asked: _Asked, site: str, gate: str, offered: Offered) -> Gap:
        owner = next((item.owner for item, _ in offered if item.owner), None) or next(iter(asked.owners), "")
        if not self.gaps.any_agreed:
            return self.gaps.proposed(str(owner), gate)
        parameter = asked.parameter
        items = [item.id for item, _ in offered]
        about = (f"{parameter.id}@{site}", parameter.id, *items, *parameter.equipment_requirements)
        return self.gaps.closing(about, site, str(owner), gate)


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
