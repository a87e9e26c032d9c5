"""Rules on who answers for what: responsibilities, joint bodies, open items and decisions (GOV)."""

from collections.abc import Iterator

from ttpack.analysis.bodies import NEEDED_FUNCTIONS, memberships
from ttpack.analysis.parties import PARTY_NAMES, QUALITY, functions_by_party
from ttpack.analysis.placeholders import written
from ttpack.analysis.responsibilities import (
    AGREEMENT_ACTIVITIES,
    accountable_of,
    activity_key,
    assigned_activities,
    with_members,
)
from ttpack.model.governance import GovernanceBody, Person, QualityAgreement, Responsibility, Role
from ttpack.model.package import Package
from ttpack.rules import decision_records
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import listed

__all__ = ["decision_records"]  # imported for the rule it registers


@rule("GOV-01", COMPLETENESS, from_gate="G1", basis="FDA quality agreements 2016; EU GMP Ch. 7")
def activity_without_one_accountable(package: Package, context: Context) -> Iterator[Outcome]:
    """An activity, deliverable or decision has not exactly one accountable, nobody responsible, or a QA not consulted.

    The accountable one is a role or a person: not a committee, not an organisation, not somebody who has left. Where an
    item has GMP impact, QA of both parties is accountable, responsible or consulted (as a member of a body, too);
    to be informed is not enough. A role that nobody holds is not judged here.
    Why: what two answer for, nobody answers for, and a quality unit that is asked afterwards can only object.
    Resolve: name one accountable role, at least one responsible one, and QA of both parties where GMP is touched.
    """
    quality = _parties_with_quality(package)
    silent = [words for party, words in PARTY_NAMES.items() if party not in quality]
    items = package.in_force(Responsibility)
    if silent and any(item.gmp_impact is not False for item in items):
        words = f"no role or person of the package is QA of the {' or of the '.join(silent)}"
        yield NotComputable(package.manifest.at(), f"{words}, so nobody can tell what they are consulted on")
    for item in items:
        yield from _accountable(package, item, context)
        if not item.responsible:
            yield item.at("responsible"), f"{item.name}: nobody is responsible"
        yield from _quality_consulted(package, item, quality)
    yield from _assigned_twice(package, items)


def _parties_with_quality(package: Package) -> set[str]:
    """The parties of which some role or person of the package is QA."""
    ids = (one.id for kind in (Role, Person) for one in package.in_force(kind))
    return {party for party, functions in functions_by_party(package, ids).items() if QUALITY in functions}


def _accountable(package: Package, item: Responsibility, context: Context) -> Iterator[Outcome]:
    named = accountable_of(item)
    place = item.at("accountable")
    if not named:
        yield place, f"{item.name}: nobody is accountable"
    elif len(named) > 1:
        yield place, f"{item.name}: {len(named)} are accountable ({listed(package, named)}), not one"
    else:
        one = package.records.get(named[0])
        if isinstance(one, Person) and one.left and one.left <= context.as_of:
            yield place, f"{item.name}: {one.name}, who is accountable, left on {one.left}"
        elif one is not None and not isinstance(one, Person | Role):
            kind = one.kind.replace("_", " ")
            yield place, f"{item.name}: {one.name} is accountable, which is a {kind}, not a role or a person"


def _quality_consulted(package: Package, item: Responsibility, quality: set[str]) -> Iterator[Outcome]:
    """QA of both parties, among all who answer or are asked; a gap that a missing accountable may fill is theirs."""
    if item.gmp_impact is False or not item.responsible:
        return
    accountable = accountable_of(item)
    asked = with_members(package, (*accountable, *item.responsible, *item.consulted))
    present = functions_by_party(package, asked)
    missing = [party for party in PARTY_NAMES if party in quality and QUALITY not in present[party]]
    if not missing or (not accountable and len(missing) == 1):
        return
    words = " and QA of the ".join(PARTY_NAMES[party] for party in missing)
    if item.gmp_impact is None:
        reason = f"{item.name} does not say whether it has GMP impact; QA of the {words} is not consulted on it"
        yield NotComputable(item.at("gmp_impact"), reason)
    else:
        are = "are" if len(missing) > 1 else "is"
        yield item.at("consulted"), f"{item.name} has GMP impact, but QA of the {words} {are} not consulted"


def _assigned_twice(package: Package, items: tuple[Responsibility, ...]) -> Iterator[Outcome]:
    """Two records that give one activity to different accountable ones: the later of them by id."""
    known: dict[str, Responsibility] = {}
    for item in items:
        key = activity_key(item)
        first = known.setdefault(key, item) if key else item
        here, there = accountable_of(item), accountable_of(first)
        if first is not item and len(here) == len(there) == 1 and here != there:
            words = f"{listed(package, here)} is accountable for {item.activity!r}, and {listed(package, there)}"
            yield item.at("activity"), f"{words} by {first.id}: one activity has one accountable"


@rule("GOV-02", COMPLETENESS, from_gate="G2", basis="FDA quality agreements 2016; EU GMP Ch. 7")
def agreement_activity_not_assigned(package: Package, context: Context) -> Iterator[Outcome]:
    """An activity of the quality agreement is assigned to nobody.

    They are deviations, out-of-specification results, CAPA, change control, release, complaints, recall, records and
    data, audits, sub-contracting and retained samples. A responsibility assigns what its `agreement_activity` says, or
    else what its words name; who is accountable for it is asked by GOV-01. A package without any responsibility is not
    judged here.
    Why: the activities that an agreement leaves open are those that both parties think the other one does.
    Resolve: add a responsibility with that `agreement_activity`, or a not_applicable record with `what` naming it.
    """
    if not package.in_force(Responsibility):
        return
    answers = NotApplicableAnswers(package)
    agreement = next(iter(package.in_force(QualityAgreement)), None)
    place = agreement.at("responsibilities") if agreement else package.manifest.at()
    for activity, assigned in assigned_activities(package).items():
        if not assigned and not answers.answers(activity):
            where = f" of {agreement.name}" if agreement else " that a quality agreement assigns"
            short = answers.shortfall(activity)
            yield place, f"no responsibility assigns {AGREEMENT_ACTIVITIES[activity]}, an activity{where}{short}"


@rule("GOV-03", COMPLETENESS, from_gate="G1", basis="Niazi: joint cross-functional teams")
def joint_body_incomplete(package: Package, context: Context) -> Iterator[Outcome]:
    """A steering committee or joint team is missing, or lacks a party, a function, cadence, quorum or decision rights.

    Each of the two has members of both parties; among them, of either party, are manufacturing, MSAT or process
    development, QA, QC, regulatory affairs, engineering and supply chain. A member who has left does not count.
    Working groups are free. A not_applicable record with `what: "<body id>: <function>"` answers a function.
    Why: what is decided without a function that has to carry it out is decided again, later.
    Resolve: complete the governance_body; each field says what is missing.
    """
    bodies = package.in_force(GovernanceBody)
    answers = NotApplicableAnswers(package)
    for body in bodies:
        if body.body_type is None:
            yield body.at("body_type"), f"{body.name} does not say whether it is a joint team or a steering committee"
        if body.body_type == "working_group":
            continue
        yield from _members(package, body, context, answers)
        for field, words, given in (
            ("cadence", "how often it meets", written(body.cadence) or bool(body.cadence_days)),
            ("quorum", "its quorum", written(body.quorum)),
            ("decision_rights", "its decision rights", written(body.decision_rights)),
        ):
            if not given:
                yield body.at(field), f"{body.name} does not say {words}"
    types = {body.body_type for body in bodies}
    for wanted in ("joint_team", "steering_committee") if bodies and None not in types else ():
        words = wanted.replace("_", " ")
        if wanted not in types and not answers.answers(wanted):
            yield package.manifest.at(), f"the package has no {words}{answers.shortfall(wanted)}"


def _members(
    package: Package, body: GovernanceBody, context: Context, answers: NotApplicableAnswers
) -> Iterator[Outcome]:
    """Parties and functions that are missing, in one sentence: a member who is added may fill several gaps."""
    if not body.members:
        yield body.at("members"), f"{body.name} names no members"
        return
    members = memberships(package, body, context.as_of)
    parties = {party for one in members for party in one.parties}
    functions = {function for one in members for function in one.functions}
    absent = [f"no member of the {words}" for party, words in PARTY_NAMES.items() if party not in parties]
    lacking = [
        words
        for words, codes in NEEDED_FUNCTIONS.items()
        if not functions.intersection(codes) and not any(answers.answers(code, body.id) for code in (words, *codes))
    ]
    absent += [f"nobody for {', '.join(lacking)}"] if lacking else []
    if absent:
        gone = [f"{package.label(one.member.role)} left on {one.left}" for one in members if one.left]
        yield body.at("members"), f"{body.name} has {' and '.join(absent)}" + (f" ({'; '.join(gone)})" if gone else "")
