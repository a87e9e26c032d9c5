"""Assumptions as both parties hold them: who stated what on which topic, what waits, and what a refutation revised."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, get_args

from ttpack.analysis.ownership import party_of_reference
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.model.knowledge import Assumption
from ttpack.model.package import Package
from ttpack.model.record import GateId
from ttpack.model.regulatory import ChangeRecord

TOPICS: Final[Mapping[str, str]] = {
    "process_readiness": "process readiness",
    "documentation_quality": "documentation quality",
    "equipment_suitability": "equipment suitability",
    "manufacturing_roles": "manufacturing roles",
}
"""The topics on which each party states what it assumes, in words."""

SETTLED: Final = frozenset({"confirmed", "refuted", "accepted_risk", "withdrawn", "superseded"})
STATES: Final = frozenset({"open", "confirmed", "refuted", "accepted_risk", "withdrawn"})
LATEST_GATE: Final = "G5"
"""No assumption of high impact is open beyond this gate, whichever gate it is due by."""
UNOWNED_GATE: Final = "G4"
"""No assumption of high impact is without an owner beyond this gate."""


@dataclass(frozen=True, slots=True)
class Stated:
    """Which parties have stated something on which topics; `unknown` are topics on which somebody did, unnamed."""

    by_party: Mapping[str, frozenset[str]]
    unknown: frozenset[str]
    any_topic: frozenset[str]


def is_waiting(item: Assumption) -> bool:
    """Whether an assumption still has to be settled."""
    return item.in_force and not item.none_stated and item.status not in SETTLED


def blocking_gate(item: Assumption) -> str:
    """The gate that an open assumption of high impact closes: that by which it is due, G5 at the latest."""
    gates = get_args(GateId)
    return min(item.due_gate or LATEST_GATE, LATEST_GATE, key=gates.index)


def closed_gate(item: Assumption) -> str | None:
    """The gate that an open assumption of high impact closes: G4 already where nobody owns it; None where it waits not.

    This is the one answer to which gate an assumption stops; ASM-02 and the hard stops of readiness both ask it.
    """
    if item.impact != "high" or not is_waiting(item):
        return None
    gate = blocking_gate(item)
    return gate if item.sending_owner or item.receiving_owner else min(gate, UNOWNED_GATE)


def stating_party(package: Package, item: Assumption) -> str | None:
    """The party of whoever stated an assumption; None where the package does not say."""
    return party_of_reference(package, item.stated_by) if item.stated_by else None


def stated_topics(package: Package) -> Stated:
    """What each party has stated something on, or that it has nothing to state."""
    found: dict[str, set[str]] = {party: set() for party in PARTY_NAMES}
    unknown: set[str] = set()
    parties: set[str] = set()
    for item in package.in_force(Assumption):
        party = stating_party(package, item)
        if party and item.topic:
            found[party].add(item.topic)
        elif item.topic:
            unknown.add(item.topic)
        elif party:
            parties.add(party)
    return Stated({party: frozenset(topics) for party, topics in found.items()}, frozenset(unknown), frozenset(parties))


def position_of(package: Package, item: Assumption, party: str) -> str:
    """What a party holds, in its own words; empty where it has not said."""
    said = (one.statement for one in item.positions if party_of_reference(package, one.party) == party)
    return next((text for text in said if text.strip()), "")


class Revisions:
    """When change records last revised each record: change records in force, by the records that they name."""

    def __init__(self, package: Package) -> None:
        """Read all change records once."""
        self._by_record: dict[str, list[ChangeRecord]] = defaultdict(list)
        for change in package.in_force(ChangeRecord):
            if change.state == "rejected":
                continue
            corrected = (one.record for one in change.corrections)
            for record_id in dict.fromkeys((*change.entities, *change.removed_entities, *corrected)):
                self._by_record[record_id].append(change)

    def of(self, record_ids: Iterable[str]) -> list[ChangeRecord]:
        """The change records that name one of these records."""
        return [change for record_id in record_ids for change in self._by_record.get(record_id, ())]


def latest_day(change: ChangeRecord) -> date | None:
    """The last day on which something is known to have happened to a change."""
    given = [change.initiated_on, change.effective_date, *(one.decided_on for one in change.decisions)]
    return max((day for day in given if day is not None), default=None)
