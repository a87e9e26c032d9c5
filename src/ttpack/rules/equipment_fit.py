"""Facility fit of requirements and parameters at each receiving site (EQP-02, EQP-03)."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ttpack.analysis.equipment_fit import same_capability
from ttpack.analysis.facility_fit.assessment import too_narrow_only
from ttpack.analysis.facility_fit.gaps import closed_elsewhere
from ttpack.analysis.facility_fit.requirement import lacks_value_at
from ttpack.analysis.facility_fit.site_fit import gate_of
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.model.facility import EquipmentCapability, EquipmentRequirement, SiteEquipment
from ttpack.model.findings import Place, Problem
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.quantity_kinds import quantity_kind
from ttpack.rules.plant_fit import message_of
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.requirement_fit import requirement_misfits
from ttpack.rules.site_places import listed, listed_words, site_name, site_place

AGREE = "make it fit, or agree who closes it by which gate: an open_item with owner, due_gate and site that names it"

COUNTS = frozenset({"count", "cycles"})
"""Quantity kinds that are counted, not measured."""

STATE = (
    "add the site's equipment (site_equipment) with the ranges it is designed and qualified for, its accuracy and its "
    "control band; or agree for each parameter who closes it by which gate"
)


@dataclass(frozen=True, slots=True)
class Unmapped:
    """What a site does not say about the equipment that meets a requirement, and the parameters that rest on it."""

    site: str
    place: Place
    lacks: str
    """The sentence, with `{what}` where the thing lacking stands."""
    what: str
    parameters: frozenset[str]


@rule("EQP-02", COMPLETENESS, from_gate="G2", basis="WHO TRS 1044 Annex 4, sections 8 and 9")
def requirement_without_mapped_equipment(package: Package, context: Context) -> Iterator[Outcome]:
    """A requirement has no item of equipment at a receiving site, or one without range, accuracy or qualification.

    What one item does not state is one finding; so is a site without any item for several requirements.
    Why: what is not mapped to an item cannot be judged: nobody knows whether the site can run the step.
    Resolve: name the requirement under `meets` of the site's item, and give that item its qualification status and for
    each capability asked for its range and accuracy.
    """
    grouped: dict[tuple[str, Place, str], list[Unmapped]] = {}
    for found in unmapped(package):
        grouped.setdefault((found.site, found.place, found.lacks), []).append(found)
    for (site, place, lacks), several in grouped.items():
        what = listed_words([one.what for one in several])
        yield Problem(place, lacks.format(what=what), site=site)


@rule(
    "EQP-03", COMPLETENESS, from_gate="G3", basis="facility fit (alignment.md); equipment compatibility",
    requires=("QTY-01", "QTY-02", "QTY-03"),
)  # fmt: skip
def parameter_does_not_fit(package: Package, context: Context) -> Iterator[Outcome]:
    """A parameter or requirement does not fit at a receiving site, or is not known to, and nobody agreed to close it.

    The setpoint and the normal range, widened by the control band, lie in the qualified range; the measuring range
    covers them, the alarm limits and, for a critical parameter, the proven range; half of the normal range is at least
    k U. What a requirement asks without a parameter counts as well: a capability, closed equipment, automation.

    Why: a parameter outside what the equipment can hold fails at the first batch there; inside the design range only,
    or on a vendor's word, nobody has shown that it holds.
    Resolve: what fails: choose or change the equipment, or narrow the normal range of the site with a change record.
    What holds on a condition or is not known: qualify, measure, or agree on an owner and a due gate (open_item, or a
    risk or assumption of the site). A proven range is never narrowed to fit.
    """
    silent = {(found.site, one) for found in unmapped(package) for one in found.parameters}
    known = context.parameter_fits
    for site in package.receiving_sites:
        if not known.capabilities.states_any_at(site):
            yield from _nothing_stated(package, context, site, silent)
            continue
        fits = known.at(site, gate_of(package, context.gates, site))
        unequipped = _unequipped(fits)
        waiting: dict[str, list[str]] = {}
        for fit in fits:
            if fit.verdict == "PASS" or _said_elsewhere(package, fit, silent):
                continue
            if fit.verdict == "FAIL":
                yield Problem(_place(package, fit), message_of(package, fit), site=site)
            elif not closed_elsewhere(fit.gap, context.gate_of(site)):
                if fit.unit_operation in unequipped:
                    waiting.setdefault(fit.unit_operation, []).append(fit.about)
                    continue
                yield Problem(_place(package, fit), message_of(package, fit) + _lapsed(fit), AGREE, site=site)
        for unit_operation, parameters in waiting.items():
            yield _nothing_for(package, site, unit_operation, parameters)
    yield from requirement_misfits(package, context, AGREE)


def _nothing_stated(package: Package, context: Context, site: str, silent: set[tuple[str, str]]) -> Iterator[Outcome]:
    """One finding for a site whose equipment states nothing: it is one cause, however many parameters wait for it."""
    gate, known = context.gate_of(site), context.parameter_fits
    waiting = [
        parameter.id
        for parameter in package.parameters
        if (site, parameter.id) not in silent
        and not lacks_value_at(package, parameter, site)
        and known.nobody_closes(parameter, site, gate)
    ]
    if waiting:
        what = "what waits for it is" if len(waiting) == 1 else f"{len(waiting)} process parameters wait for it:"
        message = (
            f"no item of equipment at {site_name(package, site)} states a capability, so that no parameter is known to "
            f"fit; {what} {listed(package, waiting)}"
        )
        yield Problem(site_place(package, site), message, STATE, site=site)


def _unequipped(fits: Iterable[Fit]) -> frozenset[str]:
    """The unit operations for several parameters of which no item of the site states a capability, nor for any."""
    without = Counter(fit.unit_operation for fit in fits if fit.unit_operation and not fit.equipment)
    served = {fit.unit_operation for fit in fits if fit.equipment}
    return frozenset(one for one, count in without.items() if one and count > 1 and one not in served)


def _nothing_for(package: Package, site: str, unit_operation: str, parameters: list[str]) -> Problem:
    """One finding for a unit operation that nothing at a site is said to be able to run."""
    record = package.records.get(unit_operation)
    message = (
        f"no item of equipment at {site_name(package, site)} states a capability for {package.label(unit_operation)}, "
        f"so that none of its parameters is known to fit: {listed(package, parameters)}"
    )
    return Problem(record.at() if record else site_place(package, site), message, STATE, site=site)


def _said_elsewhere(package: Package, fit: Fit, silent: set[tuple[str, str]]) -> bool:
    """Whether the cause is what another rule finds: EQP-02 (no mapping), PRM-10 (no value here), PRM-12 (U alone)."""
    if fit.verdict == "CONDITIONAL":
        return too_narrow_only(fit.reasons)
    if fit.verdict != "UNKNOWN":
        return False
    parameter = package.get(fit.about, ProcessParameter)
    return (fit.site, fit.about) in silent or (parameter is not None and lacks_value_at(package, parameter, fit.site))


def _lapsed(fit: Fit) -> str:
    if fit.gap is None or fit.gap.record is None:
        return ""
    return f"; {fit.gap.record} was to close it by {fit.gap.due_gate}, which the site has passed"


def _place(package: Package, fit: Fit) -> Place:
    parameter = package.get(fit.about, ProcessParameter)
    if parameter is None:
        return Place(fit.about)
    return parameter.at("ranges.normal_operating" if parameter.ranges.normal_operating else "")


def unmapped(package: Package) -> Iterator[Unmapped]:
    """What each receiving site leaves open about the equipment that meets each requirement."""
    by_site: dict[tuple[str | None, str], list[SiteEquipment]] = {}
    for item in package.in_force(SiteEquipment):
        for met in dict.fromkeys(item.meets):
            by_site.setdefault((item.site, met), []).append(item)
    asking = _asking(package)
    requirements = package.in_force(EquipmentRequirement)
    for site in package.receiving_sites:
        name = _plain(site_name(package, site))
        without = [one for one in requirements if (site, one.id) not in by_site]
        alone = len(without) == 1 or len(without) < len(requirements)
        for requirement in without:
            place = requirement.at() if alone else site_place(package, site)
            words = f"{{what}} has no item of equipment at {name}" if alone else f"{name} has no equipment for {{what}}"
            yield Unmapped(site, place, words, requirement.name, asking.get(requirement.id, frozenset()))
    for requirement in requirements:
        for site in package.receiving_sites:
            items = by_site.get((site, requirement.id), [])
            yield from _qualification(package, site, requirement, items)
            for asked in requirement.capabilities if items else ():
                yield from _capability(package, site, requirement, asked, items)


def _plain(name: str) -> str:
    """A name to stand in a sentence that is formatted later."""
    return name.replace("{", "{{").replace("}", "}}")


def _asking(package: Package) -> dict[str, frozenset[str]]:
    """The parameters that rest on each requirement: that name it, or that it names."""
    found: dict[str, set[str]] = {}
    of_unit: dict[str | None, list[str]] = {}
    for parameter in package.parameters:
        for requirement in parameter.equipment_requirements:
            found.setdefault(requirement, set()).add(parameter.id)
        if not parameter.equipment_requirements:
            of_unit.setdefault(parameter.unit_operation, []).append(parameter.id)
    for one in package.in_force(EquipmentRequirement):
        named = found.setdefault(one.id, set())
        named.update(parameter for asked in one.capabilities for parameter in asked.parameters)
        named.update(of_unit.get(one.unit_operation, ()) if one.unit_operation else ())
    return {requirement: frozenset(parameters) for requirement, parameters in found.items()}


def _qualification(
    package: Package, site: str, requirement: EquipmentRequirement, items: list[SiteEquipment]
) -> Iterator[Unmapped]:
    for item in items:
        if item.qualification is None:
            where = _plain(site_name(package, site))
            words = f"{_plain(item.name)} meets {{what}} at {where} and states no qualification status"
            yield Unmapped(site, item.at("qualification"), words, requirement.name, frozenset())


def _capability(
    package: Package,
    site: str,
    requirement: EquipmentRequirement,
    asked: EquipmentCapability,
    items: list[SiteEquipment],
) -> Iterator[Unmapped]:
    """One capability asked for: some mapped item offers it, with a range, and with an accuracy where it is a number."""
    what = asked.function or (asked.quantity_kind or "a capability").replace("_", " ")
    where, served = _plain(f"{requirement.name} at {site_name(package, site)}"), frozenset(asked.parameters)
    names = _plain(", ".join(item.name for item in items))
    offers = [(item, one) for item in items for one in item.capabilities if same_capability(asked, one)]
    if not offers:
        words = f"{names} states no {{what}} for {where}"
        yield Unmapped(site, requirement.at("capabilities"), words, what, served)
        return
    item = offers[0][0]
    ranged = [one for _, one in offers if one.range is not None or one.qualified_range is not None]
    if not ranged:
        words = f"{names} states no range of {{what}} for {where}"
        yield Unmapped(site, item.at("capabilities"), words, what, served)
    elif _measured(asked, ranged) and all(one.accuracy is None for _, one in offers):
        words = f"{names} states no accuracy of {{what}} for {where}"
        yield Unmapped(site, item.at("capabilities"), words, what, served)


def _measured(asked: EquipmentCapability, offered: list[EquipmentCapability]) -> bool:
    """Whether it is about a measured number: an accuracy of `integrity test passes`, or of a count, means nothing."""
    kind = quantity_kind(asked.quantity_kind or "")
    if kind is not None and kind.name in COUNTS:
        return False
    ranges = [asked.range, *(each for one in offered for each in (one.range, one.qualified_range))]
    return any(one is not None and one.numeric for one in ranges)
