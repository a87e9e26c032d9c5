"""Rules on validation at each receiving site: strategy, qualification, what comes before and after it (VAL)."""

from collections.abc import Iterator

from ttpack.analysis.computerised_systems import listed_systems, unlisted_systems
from ttpack.analysis.placeholders import written
from ttpack.analysis.ppq_prerequisites import Prerequisite, ppq_prerequisites
from ttpack.model.execution import ContinuedVerificationPlan, ValidationStrategy
from ttpack.model.facility import ComputerisedSystem, Site, SiteEquipment
from ttpack.model.findings import Place, Problem
from ttpack.model.gates import Gate
from ttpack.model.package import Package
from ttpack.model.status import STANDING
from ttpack.rules import ppq, validation_criteria
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import listed, listed_words, site_name, site_place

__all__ = ["ppq", "validation_criteria"]  # imported for the rules they register


def strategies_at(package: Package, site: str) -> list[ValidationStrategy]:
    """Validation strategies in force of a site."""
    return [one for one in package.in_force(ValidationStrategy) if one.site == site]


@rule("VAL-01", COMPLETENESS, from_gate="G4", basis="FDA process validation guidance 2011; EU GMP Annex 15, 5")
def validation_strategy_not_settled(package: Package, context: Context) -> Iterator[Outcome]:
    """A receiving site has no approved validation strategy, or it lacks approach, framework, number of batches or why.

    Why: two sites that validate by different philosophies disagree on what the batches have shown, after they are made.
    Resolve: add a validation_strategy for the site with approach, framework, ppq_batches and ppq_rationale, approved.
    """
    answers = NotApplicableAnswers(package)
    for site in package.receiving_sites:
        strategies = strategies_at(package, site)
        if not strategies and not answers.answers("validation_strategy"):
            message = f"{site_name(package, site)} has no validation strategy"
            yield Problem(site_place(package, site), message, site=site)
        for one in strategies:
            if one.status not in STANDING:
                words = f"{one.name} is not approved: its status is {(one.status or '').replace('_', ' ')}"
                yield Problem(one.at("status"), words, site=site)
            missing = [
                (field, what)
                for field, what, given in (
                    ("approach", "approach (traditional, continuous, hybrid)", one.approach),
                    ("framework", "framework (quality by design, life cycle, risk-based, legacy)", one.framework),
                    ("ppq_batches", "number of PPQ batches", one.ppq_batches),
                    ("ppq_rationale", "rationale of the number of PPQ batches", written(one.ppq_rationale)),
                )
                if not given
            ]
            if missing:
                field = missing[0][0] if len(missing) == 1 else ""
                words = f"{one.name} states no {', no '.join(what for _, what in missing)}"
                yield Problem(one.at(field), words, site=site)


@rule("VAL-04", COMPLETENESS, from_gate="G5", basis="FDA process validation guidance 2011, IV.C; EU GMP Annex 15, 5")
def prerequisite_of_qualification_open(package: Package, context: Context) -> Iterator[Outcome]:
    """A prerequisite of process performance qualification is open at a receiving site.

    Computed from records: characterisation (proven ranges of critical parameters with complete evidence), methods
    validated and transferred, equipment qualified, cleaning under an approved protocol, utilities qualified, operators
    trained, critical materials in stock, batch records approved, no critical or high item open. What no record says is
    listed as not computable. Each prerequisite is one finding that names its records.
    Why: qualification started before the process is understood, or on equipment that is not qualified, is repeated.
    Resolve: close what the finding names; the page Validation of each site lists all of it.
    """
    for site in package.receiving_sites:
        place = site_place(package, site)
        for one in site_prerequisites(package, site, context):
            where = f"{one.label} at {site_name(package, site)}"
            if one.state == "not_computable":
                words = f": {listed(package, [each.record for each in one.unknown])}" if one.unknown else ""
                yield NotComputable(place, f"{where}: {one.reason}{words}")
            elif one.state == "open":
                yield Problem(place, f"{where}: open for {_shortfalls(package, one)}", site=site)


def site_prerequisites(package: Package, site: str, context: Context) -> tuple[Prerequisite, ...]:
    """The prerequisites of a site, with the kinds that the package says it rightly lacks."""
    answers = NotApplicableAnswers(package)
    kinds = ("cleaning", "utility", "training", "material", "batch_record", "site_equipment", "analytical_method")
    excused = [kind for kind in kinds if answers.answers(kind)]
    excused += [item.id for item in package.in_force(SiteEquipment) if answers.answers("PQ", item.id)]
    return ppq_prerequisites(package, site, context.as_of, excused)


def _shortfalls(package: Package, one: Prerequisite) -> str:
    """The records that keep it open: how many of how many, the first few with their reasons."""
    most = 4
    words = "; ".join(f"{package.label(each.record)} ({each.record}): {each.why}" for each in one.open[:most])
    more = f"; and {len(one.open) - most} more" if len(one.open) > most else ""
    silent = f"; {len(one.unknown)} do not say" if one.unknown else ""
    of_all = f" of {one.looked_at}" if one.looked_at > len(one.open) else ""
    return f"{len(one.open)}{of_all} records: {words}{more}{silent}"


@rule("VAL-06", COMPLETENESS, from_gate="G6", basis="FDA process validation guidance 2011, stage 3")
def continued_verification_not_planned(package: Package, context: Context) -> Iterator[Outcome]:
    """A receiving site has no plan of continued verification with parameters, rules and review, approved before G7.

    A site without any validation strategy is VAL-01's.
    Why: the first commercial batches drift where nobody has said what is followed, and what counts as a signal.
    Resolve: complete continued_verification_plan of the validation strategy and approve it before gate G7.
    """
    for site in package.receiving_sites:
        strategies = strategies_at(package, site)
        if strategies and all(one.continued_verification_plan is None for one in strategies):
            message = f"{site_name(package, site)} has no plan of continued verification"
            yield Problem(strategies[0].at("continued_verification_plan"), message, site=site)
        for one in strategies:
            if one.continued_verification_plan is not None:
                yield from _verification(package, one, one.continued_verification_plan, site, context)


def _verification(
    package: Package, one: ValidationStrategy, plan: ContinuedVerificationPlan, site: str, context: Context
) -> Iterator[Problem]:
    at = "continued_verification_plan"
    missing = [
        (field, what)
        for field, what, given in (
            ("parameters", "parameters and attributes", plan.parameters),
            ("signal_rules", "rules by which a signal is raised", any(map(written, plan.signal_rules))),
            ("review_frequency", "frequency of review", written(plan.review_frequency)),
        )
        if not given
    ]
    name = site_name(package, site)
    if missing:
        field = f"{at}.{missing[0][0]}" if len(missing) == 1 else at
        words = f"the plan of continued verification of {name} states no {', no '.join(what for _, what in missing)}"
        yield Problem(one.at(field), words, site=site)
    opened = [
        gate.decided_on
        for gate in package.in_force(Gate)
        if (gate.gate, gate.site) == ("G7", site) and gate.decided_on and gate.decision in ("pass", "conditional")
    ]
    approved = plan.approved_on
    if approved is None or approved > context.as_of:
        when = f"approved only on {approved}" if approved else "not approved"
        words = f"the plan of continued verification of {name} is {when}"
        yield Problem(one.at(f"{at}.approved_on"), words, site=site)
    elif opened and approved > min(opened):
        words = f"the plan of continued verification of {name} is of {approved}, after gate G7 of {min(opened)}"
        yield Problem(one.at(f"{at}.approved_on"), words, site=site)


@rule("VAL-07", COMPLETENESS, from_gate="G4", basis="EU GMP Annex 11; GAMP 5, second edition; FDA software assurance")
def computerised_system_not_assured(package: Package, context: Context) -> Iterator[Outcome]:
    """A computerised system that touches GMP records lacks intended use, risk class or evidence, or is not listed.

    A system that equipment or an automation map of a receiving site names has to be among the site's
    computerised_systems; a site that lists none is one finding. One that keeps no GMP record says `gmp_records: false`.
    Why: a record is as good as the system that keeps it; an inspector asks for the list first.
    Resolve: list the system at the site with its intended use, risk class and evidence of validation or assurance.
    """
    sites = [*package.receiving_sites]
    sites += [one.id for one in package.in_force(Site) if one.computerised_systems and one.id not in sites]
    for site in sites:
        systems = listed_systems(package, site)
        named = unlisted_systems(package, site) if site in package.receiving_sites else ()
        for index, one in enumerate(systems):
            if one.gmp_records is not False:
                yield from _assured(one, site_place(package, site, f"computerised_systems[{index}]"), site, package)
        if site in package.receiving_sites and not systems:
            said = f"; its records name {listed_words([one.name[:60] for one in named])}" if named else ""
            message = f"{site_name(package, site)} lists no computerised system{said}"
            yield Problem(site_place(package, site, "computerised_systems"), message, site=site)
        for system in named if systems else ():
            message = (
                f"{system.name[:60]}, named by {package.label(system.record)} ({system.record}), is not among the "
                f"computerised systems of {site_name(package, site)}"
            )
            yield Problem(site_place(package, site, "computerised_systems"), message, site=site)


def _assured(one: ComputerisedSystem, place: Place, site: str, package: Package) -> Iterator[Problem]:
    missing = [
        (field, what)
        for field, what, given in (
            ("intended_use", "intended use", written(one.intended_use)),
            ("risk_class", "risk class", written(one.risk_class)),
            ("evidence", "evidence of validation or assurance", written(one.evidence)),
        )
        if not given
    ]
    if missing:
        message = f"{one.name[:60]} of {site_name(package, site)} states no {', no '.join(what for _, what in missing)}"
        yield Problem(place, message, site=site)
