"""Who owns what is to be done, at which party, by when, and how late it is: the same for gates, agenda and pages."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ttpack.analysis.parties import party_of, signatories
from ttpack.model.gates import Gate
from ttpack.model.governance import Organisation, Person, Role
from ttpack.model.package import Package

Party = Literal["sending", "receiving"]


@dataclass(frozen=True, slots=True)
class Owner:
    """An owner as a record names it: a role, a person, an organisation, or words.

    `party` is None where the package does not say, or where it stands for both. `known` tells a record of the
    directory from words that nobody can be called by.
    """

    id: str
    label: str
    party: Party | None
    known: bool


def owner_of(package: Package, given: str | None) -> Owner | None:
    """The owner that a field names; None where it names none."""
    name = " ".join((given or "").split())
    if not name:
        return None
    record = package.records.get(name)
    known = isinstance(record, Person | Role | Organisation) and record.in_force
    return Owner(name, package.label(name), party_of_reference(package, name), known)


def party_of_reference(package: Package, record_id: str) -> Party | None:
    """The one party that a role, a person or an organisation stands for."""
    if package.get(record_id, Organisation) is not None:
        parties = {party_of(package, record_id)}
    else:
        parties = {one.party for one in signatories(package, record_id)}
    found = parties & {"sending", "receiving"}
    if len(found) != 1:
        return None
    return "sending" if "sending" in found else "receiving"


def gate_record(package: Package, gate: str | None, site: str | None) -> Gate | None:
    """The record in force of a gate of a receiving site; of several the first by id."""
    return next((one for one in package.in_force(Gate) if one.gate == gate and one.site == site and gate), None)


def planned_date(package: Package, gate: str | None, site: str | None) -> date | None:
    """When a gate of a site is planned; None where nothing says."""
    record = gate_record(package, gate, site)
    return record.planned_on if record else None


def due_date(package: Package, due: date | None, due_gate: str | None, site: str | None) -> date | None:
    """The date something is due: its own, else that of the gate by which it is due."""
    return due or planned_date(package, due_gate, site)


def days_overdue(due: date | None, as_of: date) -> int:
    """How many days ago something was due; 0 where it is not late, or nobody said when."""
    return max(0, (as_of - due).days) if due else 0
