"""Conditions of conditional passes: who owes what by when, and what became of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from ttpack.analysis.gates.blockers import Owners
from ttpack.analysis.gates.state import PASSED, SiteGates
from ttpack.analysis.ownership import Owner, days_overdue
from ttpack.model.gates import Gate
from ttpack.model.package import Package
from ttpack.model.record import GATES

State = Literal["met", "open", "overdue"]


@dataclass(frozen=True, slots=True)
class Condition:
    """A condition with which people went through a gate. `field` is its place in the record of that gate.

    Not met, it is overdue after its date, or once the site has passed the gate by which it was due.
    """

    record: str
    field: str
    gate: str
    condition: str
    owner: Owner
    due: date | None
    due_gate: str | None
    state: State
    days_overdue: int

    def as_json(self) -> dict[str, Any]:
        """The condition as a JSON object, its keys in a fixed order."""
        return {
            "record": self.record, "field": self.field, "gate": self.gate, "condition": self.condition,
            "state": self.state, "owner": self.owner.label, "owner_id": self.owner.id or None,
            "party": self.owner.party, "due": self.due.isoformat() if self.due else None,
            "due_gate": self.due_gate, "days_overdue": self.days_overdue,
        }  # fmt: skip


def conditions_of(package: Package, gates: SiteGates, as_of: date) -> tuple[Condition, ...]:
    """The conditions of every gate that the site went through, what is overdue first."""
    owners = Owners(package)
    found = [
        condition
        for gate in GATES
        for record in gates.records.get(gate, ())
        if record.decision in PASSED
        for condition in conditions(record, gates, owners, as_of)
    ]
    rank = {"overdue": 0, "open": 1, "met": 2}
    return tuple(
        sorted(found, key=lambda one: (rank[one.state], -one.days_overdue, one.due or date.max, one.record, one.field))
    )


def conditions(record: Gate, gates: SiteGates, owners: Owners, as_of: date) -> Iterator[Condition]:
    """The conditions of one gate record, in its order."""
    for index, given in enumerate(record.conditions):
        due_record = gates.record(given.due_gate) if given.due_gate else None
        due = given.due or (due_record.planned_on if due_record else None)
        late = days_overdue(due, as_of)
        behind = bool(given.due_gate and gates.is_passed(given.due_gate))
        state: State = "met" if given.met else "overdue" if late or behind else "open"
        owner = owners.named(given.owner) or Owner("", "no owner named", None, known=False)
        yield Condition(
            record.id, f"conditions[{index}]", record.gate or "", given.condition, owner, due, given.due_gate, state,
            0 if given.met else late,
        )  # fmt: skip
