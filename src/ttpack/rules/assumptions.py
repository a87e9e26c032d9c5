"""Rules on assumptions: what each party takes as true, who shows it by when, and what follows (ASM)."""

from collections.abc import Iterator
from typing import Final

from ttpack.analysis.assumptions import STATES, TOPICS, closed_gate, stated_topics, stating_party
from ttpack.analysis.objectives import organisation_of
from ttpack.analysis.ownership import Party, party_of_reference
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.analysis.placeholders import written
from ttpack.model.findings import Problem
from ttpack.model.governance import Person
from ttpack.model.knowledge import Assumption
from ttpack.model.package import Package
from ttpack.rules import settled_assumptions
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import listed_words

__all__ = ["settled_assumptions"]  # imported for the rules it registers

_PARTIES: Final[tuple[Party, Party]] = ("sending", "receiving")


@rule("ASM-01", COMPLETENESS, from_gate="G1", basis="Niazi: different operational assumptions")
def assumption_incomplete(package: Package, context: Context) -> Iterator[Outcome]:
    """An assumption lacks statement, affected records, impact, owners, verification, due gate, status or a position.

    Each side has an owner of its own party who has not left, and each party has stated its position in words. The
    status is open, confirmed, refuted, accepted_risk or withdrawn; what is confirmed or refuted says what was found and
    names its evidence. A record that says `none_stated` is only asked for its topic and who stated it (ASM-05).
    Why: an assumption that nobody owns and nothing rests on is discovered on the day it turns out to be wrong.
    Resolve: complete the record; each field says what is missing, and `positions` has one entry of each party.
    """
    for item in package.in_force(Assumption):
        if not item.none_stated:
            for field, words in _lacking(package, item, context):
                yield Problem(item.at(field), f"the assumption {item.name} {words}", site=item.site)


def _lacking(package: Package, item: Assumption, context: Context) -> Iterator[tuple[str, str]]:
    if not written(item.statement):
        yield "statement", "does not say what is assumed"
    if not item.affected:
        yield "affected", "names no record that rests on it"
    if item.impact is None:
        yield "impact", "does not say how grave it is if it is wrong"
    if not written(item.verification):
        yield "verification", "does not say how it is verified"
    if item.due_gate is None:
        yield "due_gate", "names no gate by which it is settled"
    if item.status not in STATES:
        said = "states no status" if item.status is None else f"has the status {item.status}"
        yield "status", f"{said}; it is open, confirmed, refuted, accepted_risk or withdrawn"
    if item.status in ("confirmed", "refuted"):
        if not written(item.outcome):
            yield "outcome", f"is {item.status}, and does not say what was found"
        if not item.outcome_evidence:
            yield "outcome_evidence", f"is {item.status}, and names no evidence of it"
    for party in _PARTIES:
        yield from _owner(package, item, party, context)
    yield from _positions(package, item)


def _owner(package: Package, item: Assumption, party: Party, context: Context) -> Iterator[tuple[str, str]]:
    field = f"{party}_owner"
    given = getattr(item, field)
    record = package.records.get(given or "")
    if not given:
        yield field, f"has no owner at the {PARTY_NAMES[party]}"
    elif isinstance(record, Person) and record.left is not None and record.left <= context.as_of:
        yield field, f"is owned at the {PARTY_NAMES[party]} by {record.name}, who left on {record.left}"
    elif record is not None and party_of_reference(package, given) != party:
        yield field, f"is owned by {record.name}, who does not stand for the {PARTY_NAMES[party]}"


def _positions(package: Package, item: Assumption) -> Iterator[tuple[str, str]]:
    held: dict[str | None, int] = {}
    for place, position in enumerate(item.positions):
        party = party_of_reference(package, position.party)
        held.setdefault(party, place)
        if not position.statement.strip():
            yield f"positions[{place}].statement", f"gives no words for what {package.label(position.party)} holds"
        elif party is None and position.party in package.records:
            name = package.label(position.party)
            yield f"positions[{place}].party", f"has a position of {name}, who stands for neither party"
    if None in held:
        return
    absent = [words for party, words in PARTY_NAMES.items() if party not in held]
    if absent:
        yield "positions", f"does not say what the {' and the '.join(absent)} {'hold' if absent[1:] else 'holds'}"


@rule("ASM-02", COMPLETENESS, from_gate="G5", basis="Niazi; FDA 2011 process validation, stage 1 to 2")
def grave_assumption_open(package: Package, context: Context) -> Iterator[Outcome]:
    """An assumption of high impact is open, so that the gate by which it is due, G5 at the latest, cannot open.

    Without an owner at either party it closes gate G4 already. It closes the gate of the receiving site that it is
    about, of every one where it names none. What the status of an accepted risk lacks is said by ASM-04.
    Why: PPQ that starts on an unproved assumption proves the process of that assumption, not the one that runs.
    Resolve: verify it and set confirmed or refuted with its outcome, or accept the risk with both QAs until a date.
    """
    for item in package.in_force(Assumption):
        gate = closed_gate(item)
        if gate is not None:
            due = f"is due at {item.due_gate}" if item.due_gate else "names no gate by which it is settled"
            unowned = "" if item.sending_owner or item.receiving_owner else " which nobody owns,"
            words = f"the assumption {item.name}, of high impact,{unowned} is open and {due}"
            yield Problem(
                item.at("status"), f"{words}; gate {gate} cannot open with it", site=item.site, from_gate=gate
            )


@rule("ASM-05", COMPLETENESS, from_gate="G1", basis="Niazi: different operational assumptions")
def party_states_no_assumption(package: Package, context: Context) -> Iterator[Outcome]:
    """A party has stated no assumption, nor that it has none, on one of the four topics on which parties differ.

    The topics are process readiness, documentation quality, equipment suitability and manufacturing roles. Each
    assumption names its topic and who stated it: an organisation, or a role or person of one. A record with
    `none_stated` says that the party was asked and had none. A package without any assumption is asked for its first
    record by DOC-06.
    Why: parties differ in what each thinks too obvious to say, and only a question on each topic brings it up.
    Resolve: ask each party on each topic, and record at least one assumption, or `none_stated: true`.
    """
    items = package.in_force(Assumption)
    if not items:
        return
    for item in items:
        if item.topic is None:
            place = item.at("topic")
            yield Problem(place, f"the assumption {item.name} does not say on which topic it is", site=item.site)
        if not item.stated_by:
            place = item.at("stated_by")
            yield Problem(place, f"the assumption {item.name} does not say which party stated it", site=item.site)
        elif stating_party(package, item) is None and item.stated_by in package.records:
            words = f"{package.label(item.stated_by)}, who stated it, stands for neither party"
            yield Problem(item.at("stated_by"), f"the assumption {item.name}: {words}", site=item.site)
    stated = stated_topics(package)
    for party, words in PARTY_NAMES.items():
        if party in stated.any_topic:
            continue
        silent = [name for topic, name in TOPICS.items() if topic not in {*stated.by_party[party], *stated.unknown}]
        if silent:
            place = package.records.get(organisation_of(package, party), package.manifest).at()
            message = f"the {words} has stated no assumption, nor that it has none, on {listed_words(silent)}"
            yield place, message
