"""Rules on the joint team: each function has a person, who joined in time and has a deputy (TEAM)."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from ttpack.analysis.bodies import NEEDED_FUNCTIONS
from ttpack.analysis.ownership import gate_record
from ttpack.analysis.parties import PARTY_NAMES, QUALITY
from ttpack.analysis.people import presence
from ttpack.analysis.team import TeamMember, by_function, team, there
from ttpack.model.deviation import EscalationRule
from ttpack.model.findings import Problem
from ttpack.model.governance import GovernanceBody, Person, Role
from ttpack.model.package import Package
from ttpack.rules import run_contacts
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import listed_words, site_name

__all__ = ["run_contacts"]  # imported for the rule it registers

EARLY: Final = {QUALITY: "QA", "QC": "QC"}
"""Functions of both parties that are there before G1."""
DEPUTISED: Final = frozenset({QUALITY, "MSAT"})
PASSED: Final = ("pass", "conditional")


@rule("TEAM-01", COMPLETENESS, from_gate="G1", basis="Niazi: joint cross-functional teams; early involvement of QA, QC")
def function_without_person(package: Package, context: Context) -> Iterator[Outcome]:
    """A function has no person, QA or QC of a party joined after G1, or somebody who decides has no deputy.

    Manufacturing, MSAT or process development, QA, QC, regulatory affairs, engineering and supply chain each have a
    named person of one of the parties, or a contractor, who is there at the date: by their own function, or by a role
    they hold. QA and QC of both parties joined before the first G1 of the transfer. Roles of QA and MSAT, and those of
    escalation levels that decide, name deputies who are there, and so do the persons who hold them. A not_applicable
    record with `what: "supply chain"` answers a function. A package without any joint body is not judged here.
    Why: a function without a name is found out when the work needs it, and QA asked after the plan can only say no.
    Resolve: name the person with function, `joined` and deputy; correct a date only by what really happened.
    """
    if not package.in_force(GovernanceBody):
        return
    members = team(package)
    yield from _functions(package, by_function(members), context.as_of)
    yield from _early(package, members)
    yield from _deputies(package, context.as_of)


def _functions(package: Package, members: Mapping[str, tuple[TeamMember, ...]], as_of: date) -> Iterator[Outcome]:
    answers = NotApplicableAnswers(package)
    for words, codes in NEEDED_FUNCTIONS.items():
        named = [one for code in codes for one in members.get(code, ())]
        if there(named, as_of) or any(map(answers.answers, (words, *codes))):
            continue
        reasons = dict.fromkeys(f"{one.person.name} {presence(one.person, as_of) or 'is of no party'}" for one in named)
        gone = f" ({listed_words(list(reasons))})" if reasons else ""
        yield package.manifest.at(), f"nobody is there for {words}{gone}{answers.shortfall(words)}"


def _early(package: Package, members: tuple[TeamMember, ...]) -> Iterator[Outcome]:
    """QA and QC of both parties, against the first G1 of any receiving site."""
    first = _first_knowledge_gate(package)
    for function, words in EARLY.items():
        for party, unit in PARTY_NAMES.items():
            those = [one.person for one in members if (one.party, one.function) == (party, function)]
            if not those:
                if any(one.function == function for one in members):  # else nobody is there for it at all
                    yield package.manifest.at(), f"nobody is named for {words} of the {unit}"
                continue
            if first is None:
                continue
            site, day = first
            gate = f"G1 of {site_name(package, site)} ({day})"
            in_time = [one for one in those if one.joined and one.joined < day and not (one.left and one.left <= day)]
            undated = [one for one in those if one.joined is None]
            if in_time:
                continue
            if undated:
                message = f"{undated[0].name} does not say when {words} of the {unit} joined; before {gate} nobody had"
                yield Problem(undated[0].at("joined"), message, site=site)
                continue
            person = min(those, key=lambda one: (one.joined or date.max, one.id))
            said = f"joined on {person.joined}" + (f" and left on {person.left}" if person.left else "")
            message = f"{words} of the {unit} was not there before {gate}: {person.name} {said}"
            yield Problem(person.at("joined"), message, site=site)


def _first_knowledge_gate(package: Package) -> tuple[str, date] | None:
    """The receiving site whose G1 was decided first, or is planned first, and when."""
    found = []
    for site in package.receiving_sites:
        record = gate_record(package, "G1", site)
        day = (record.decided_on if record.decision in PASSED else None) or record.planned_on if record else None
        if day:
            found.append((day, site))
    return (min(found)[1], min(found)[0]) if found else None


def _deputies(package: Package, as_of: date) -> Iterator[Outcome]:
    """Deputies of the roles that cannot wait, and of the persons who hold them; of a role without any, the role's."""
    deciding = {
        name
        for item in package.in_force(EscalationRule)
        for level in item.levels
        if level.decides
        for name in (level.sending_role, level.receiving_role)
        if name
    }
    asked: set[str] = set()
    for role in package.in_force(Role):
        if role.function not in DEPUTISED and role.id not in deciding:
            continue
        others = [one for one in role.deputies if one not in role.holders]
        if not others:
            same = " other than those who hold it" if role.deputies else ""
            yield role.at("deputies"), f"{role.name} has no deputies{same}"
            continue
        persons = [package.get(one, Person) for one in others]
        reasons = [f"{one.name} {presence(one, as_of)}" for one in persons if one and presence(one, as_of)]
        if len(reasons) == len(others):
            yield role.at("deputies"), f"no deputy of {role.name} is there: {listed_words(reasons)}"
        asked.update(role.holders)
    asked.update(name for name in deciding if package.get(name, Person))
    for name in sorted(asked):
        person = package.get(name, Person)
        if person and not presence(person, as_of) and person.deputy in (None, "", person.id):
            yield person.at("deputy"), f"{person.name} holds a role that cannot wait, and names no deputy"
