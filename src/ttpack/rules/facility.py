"""Rules on rooms, utilities and segregation of each receiving site (FAC)."""

import re
from collections.abc import Iterator

from ttpack.analysis.facility_fit.rooms import CLOSURE_UNSAID, asked_of_room, says_own
from ttpack.analysis.facility_fit.utilities import UNQUALIFIED
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.model.facility import SegregationStrategy, Site, Utility
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.process import Step, UnitOperation
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.plant_fit import checks, misfits
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import listed, site_name, site_place

IN_WORDS = {
    "mab": r"(?:monoclonal )?antibod(?:y|ies)\b(?! drug)", "adc": r"antibody drug conjugates?\b",
    "recombinant": r"recombinant proteins?\b", "plasmid": r"plasmid dna\b", "vaccine": r"vaccines?\b",
    "cell": r"cell therap", "gene": r"gene therap", "small molecule": r"small molecules?\b",
}  # fmt: skip
"""What sites call a class of product, beside the name of the modality."""
EXCEPTED = re.compile(r"\b(?:no|not|non|except|excluding|but|without|other than)\b")


def where_rooms_matter(package: Package) -> str | None:
    """Applies unless the package says that rooms are not applicable to it."""
    return "rooms are answered as not applicable" if NotApplicableAnswers(package).answers("room") else None


@rule(
    "FAC-01",
    COMPLETENESS,
    from_gate="G3",
    basis="EU GMP Annex 1 and 2",
    applies_when=where_rooms_matter,
)
def room_below_requirement(package: Package, context: Context) -> Iterator[Outcome]:
    """A step does not say what it asks of its room, or the receiving site's room falls short of it.

    It asks for a grade or ISO class, temperature, relative humidity, and whether it is closed.
    Why: an open step in a room of too low a grade, or for closed processing only, lets in what no filter takes out.
    Resolve: state `room_requirement` on the unit operation or the step, and grade, ISO class, temperature and humidity
    of the room; close the step, or move it.
    """
    for unit in package.unit_operations:
        yield from _unsaid(context, package, unit)
    fits = [fit for fit in checks(context, ("room",)) if fit.required is not None]
    yield from misfits(
        package,
        context,
        [fit for fit in fits if fit.capability is not None and not _closure_only(fit)],
        "state what the room is, close the step, or move it to another room",
    )
    for site in package.receiving_sites:
        without = [fit.about for fit in fits if fit.site == site and fit.capability is None]
        if without:
            message = f"no room of {site_name(package, site)} is stated for {listed(package, without)}"
            yield Problem(
                site_place(package, site), message, "name the unit operation in a room of the site", site=site
            )


def _closure_only(fit: Fit) -> bool:
    """Whether all that is open is whether it is closed, which the finding on the step says once for all sites."""
    return fit.verdict == "UNKNOWN" and all(CLOSURE_UNSAID in reason for reason in fit.reasons)


def _unsaid(context: Context, package: Package, unit: UnitOperation) -> Iterator[Outcome]:
    steps = [one for one in context.graph.referring(unit.id, Step) if one.in_force and one.unit_operation == unit.id]
    silent = [one for one in steps if not says_own(one)]
    if silent or not steps:
        missing = asked_of_room(unit, None).missing
        if missing:
            of_steps = f" for {len(silent)} step{'s' if len(silent) > 1 else ''}" if silent else ""
            yield unit.at("room_requirement"), f"{unit.name} does not state {', '.join(missing)}{of_steps}"
    for step in steps:
        missing = asked_of_room(unit, step).missing if says_own(step) else ()
        if missing:
            yield step.at("room_requirement"), f"{step.name} does not state {', '.join(missing)}"


@rule("FAC-02", COMPLETENESS, from_gate="G3", basis="WHO TRS 1044 Annex 4 s8")
def utility_demand_above_capacity(package: Package, context: Context) -> Iterator[Outcome]:
    """The simultaneous peak of a utility exceeds its capacity less the margin, or cannot be computed.

    A stated peak above what the equipment adds up to counts as it is; a lower one is asked about. A receiving site
    without any utility is one finding. Whether a utility is qualified is VAL-04's.
    Why: a filling bioreactor and a column in equilibration draw at one time; a utility that cannot follow stops both.
    Resolve: state `capacity` and `margin` of the utility and `utility_demands` of the equipment; move what
    draws at the same time, or enlarge the utility.
    """
    resolve = "state capacity, margin and demands, or move what draws at the same time"
    fits = (fit for fit in checks(context, ("utility",)) if not _unqualified_only(fit))
    yield from misfits(package, context, fits, resolve)
    utilities = package.in_force(Utility)
    if not utilities or NotApplicableAnswers(package).answers("utility"):
        return  # DOC-06 asks for the first of them
    for site in package.receiving_sites:
        if all(one.site != site for one in utilities):
            yield Problem(site_place(package, site), f"no utility of {site_name(package, site)} is stated", site=site)


def _unqualified_only(fit: Fit) -> bool:
    return fit.verdict == "CONDITIONAL" and set(fit.reasons) <= set(UNQUALIFIED)


@rule("FAC-03", COMPLETENESS, from_gate="G4", basis="EU GMP chapters 3 and 5")
def segregation_not_approved(package: Package, context: Context) -> Iterator[Outcome]:
    """A receiving site has no approved strategy of segregation and changeover for the class of this product.

    Why: what keeps an antibody from another product does not keep it from a virus vector or a penicillin.
    Resolve: state `segregation` of the site: statement, changeover, `product_classes` with the modality of this
    package, who approved it and when.
    """
    for site in package.receiving_sites:
        record = package.get(site, Site)
        strategy = (record.segregation if record else None) or SegregationStrategy()
        missing = list(_lacking(strategy, package.manifest.modality))
        name = package.label(site)
        if missing:
            message = f"the segregation strategy of {name} {'; '.join(missing)}"
            yield Problem(site_place(package, site, "segregation"), message, site=site)
        elif strategy.approved_on and strategy.approved_on > context.as_of:
            message = f"the segregation strategy of {name} is approved only from {strategy.approved_on}"
            yield Problem(site_place(package, site, "segregation.approved_on"), message, site=site)


def _is_class(modality: str, named: str) -> bool:
    """Whether a class of product in the site's own words names the modality: `monoclonal antibodies` is `mAb`."""
    wanted = modality.casefold().replace("_", " ")
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", named[:200].casefold()).split())
    if words in (wanted, f"{wanted}s"):
        return True
    known = IN_WORDS.get(wanted)
    return known is not None and not EXCEPTED.search(words) and bool(re.search(rf"\b{known}", words))


def _lacking(strategy: SegregationStrategy, modality: str | None) -> Iterator[str]:
    for field, words in (("statement", "segregation and containment"), ("changeover", "changeover between products")):
        if not (getattr(strategy, field) or "").strip():
            yield f"does not state {words}"
    if not strategy.product_classes:
        yield "names no class of product"
    elif modality and not any(_is_class(modality, one) for one in strategy.product_classes):
        yield f"was assessed for {', '.join(strategy.product_classes)}, not for {modality}"
    if not (strategy.approved_by and strategy.approved_on):
        yield "is not approved: who and when"
