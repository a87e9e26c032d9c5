"""What stands against a gate: each error with who owns it at which party, when it was due, and how late it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ttpack.analysis.due_dates import DueDates
from ttpack.analysis.exchanges import due_again
from ttpack.analysis.field_paths import value_at
from ttpack.analysis.gates.state import SiteGates, concerns
from ttpack.analysis.ownership import Owner, Party, days_overdue, owner_of
from ttpack.model.execution import Run
from ttpack.model.findings import Finding
from ttpack.model.governance import Communication
from ttpack.model.package import Package
from ttpack.model.process import UnitOperation
from ttpack.model.record import GATES, Record
from ttpack.model.regulatory import Investment

NOBODY = Owner("", "no owner named", None, known=False)


@dataclass(frozen=True, slots=True)
class Blocker:
    """An error that stands against a gate.

    `blocks` is the gate it has to be closed for: the gate that asks for it, or for what was due earlier (or
    contradicts itself) the first gate that the site has not passed. `due` is the record's own date, else the planned
    date of the gate that asks for it, else of the gate it blocks or of the one asked about; `due_from` says which:
    "record", a gate, or nothing where nobody gave a date.
    """

    finding: Finding
    title: str
    owner: Owner
    blocks: str
    due: date | None
    due_from: str
    days_overdue: int

    @property
    def party(self) -> Party | None:
        """The party of the owner; None where the package does not say."""
        return self.owner.party

    def counts_from(self, as_of: date) -> date | None:
        """The date before which it cannot be closed: its due date, or `as_of` for what is overdue."""
        return max(self.due, as_of) if self.due else None

    def as_json(self) -> dict[str, Any]:
        """The blocker as a JSON object, its keys in a fixed order."""
        found = self.finding
        return {
            "record": found.record, "title": self.title, "field": found.field, "path": found.path,
            "line": found.line, "column": found.column, "rule": found.code, "name": found.name,
            "message": found.message, "fix": found.fix, "gate": found.gate, "site": found.site,
            "blocks": self.blocks, "owner": self.owner.label, "owner_id": self.owner.id or None,
            "owner_known": self.owner.known, "party": self.party,
            "due": self.due.isoformat() if self.due else None, "due_from": self.due_from or None,
            "days_overdue": self.days_overdue,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class OwnersShare:
    """What one owner has to close, most overdue first."""

    owner: Owner
    blockers: tuple[Blocker, ...]

    @property
    def days_overdue(self) -> int:
        """How late the latest of it is."""
        return max((one.days_overdue for one in self.blockers), default=0)

    @property
    def due(self) -> date | None:
        """When the first of it is due; None where nothing has a date."""
        return min((one.due for one in self.blockers if one.due), default=None)

    def as_json(self) -> dict[str, Any]:
        """The share as a JSON object; a blocker stands there by its record and rule."""
        return {
            "owner": self.owner.label,
            "owner_id": self.owner.id or None,
            "party": self.owner.party,
            "count": len(self.blockers),
            "due": self.due.isoformat() if self.due else None,
            "days_overdue": self.days_overdue,
            "blockers": [
                {
                    "record": one.finding.record,
                    "rule": one.finding.code,
                    "field": one.finding.field,
                    "due": one.due.isoformat() if one.due else None,
                }
                for one in self.blockers
            ],
        }


class Owners:
    """Who owns what of a package, each looked up once."""

    def __init__(self, package: Package) -> None:
        """Owners are read when they are asked for."""
        self._package = package
        self._known: dict[str, Owner] = {}

    def named(self, given: object) -> Owner | None:
        """The owner that a field names; None where it names none."""
        name = given if isinstance(given, str) else ""
        if name not in self._known:
            found = owner_of(self._package, name)
            self._known[name] = found or NOBODY
        found = self._known[name]
        return None if found is NOBODY else found

    def of(self, record: Record | None, field: str = "") -> Owner:
        """The owner of a field: of the entry it stands in, of its party's side, of the record, unit or package."""
        package = self._package
        unit = package.get(getattr(record, "unit_operation", None), UnitOperation)
        side = next((party for party in ("sending", "receiving") if field.startswith(f"{party}_")), "")
        given = (
            _nearest(record, field, "owner"),
            getattr(record, f"{side}_owner", None) if side else None,
            record.owner if record else None,
            getattr(record, "receiving_owner", None),
            getattr(record, "sending_owner", None),
            unit.owner if unit else None,
            package.manifest.owner,
        )
        return next(filter(None, map(self.named, given)), NOBODY)


def _nearest(record: Record | None, field: str, name: str) -> Any:
    """What the entry that a field stands in says of itself, such as the owner of one condition of many."""
    if record is None or "[" not in field:
        return None
    return value_at(record, f"{field[: field.rindex(']') + 1]}.{name}")


class Blockers:
    """Makes blockers of findings at one gate of one site."""

    def __init__(self, package: Package, gates: SiteGates, gate: str, as_of: date) -> None:
        """The site stands before `gates.following`; `gate` is the one asked about."""
        self._package, self._gates, self._gate, self._as_of = package, gates, gate, as_of
        self._owners = Owners(package)
        self._dates = DueDates(package)

    @cached_property
    def _first(self) -> str:
        """The gate that what is late already has to be closed for."""
        return min(self._gates.following or self._gate, self._gate)

    def stands(self, finding: Finding) -> bool:
        """Whether an error belongs to this gate of this site: of no other receiving site, and not due later."""
        return (
            finding.severity == "error"
            and concerns(self._package, finding.site, self._gates.site)
            and not (finding.gate in GATES and finding.gate > self._gate)
        )

    def ranked(self, findings: Iterable[Finding]) -> tuple[Blocker, ...]:
        """The blockers among findings, what is most overdue and asked for by the earliest gate first."""
        return tuple(sorted(map(self.blocker, filter(self.stands, findings)), key=_rank))

    def blocker(self, finding: Finding) -> Blocker:
        """A finding with its owner and its dates."""
        record = self._package.records.get(finding.record) if finding.record else None
        blocks = max(finding.gate, self._first) if finding.gate in GATES else self._first
        due, due_from = self._due(record, finding, blocks)
        title = self._package.label(finding.record) if finding.record else finding.path
        owner = self._owners.of(record, finding.field)
        return Blocker(finding, title, owner, blocks, due, due_from, days_overdue(due, self._as_of))

    def _due(self, record: Record | None, finding: Finding, blocks: str) -> tuple[date | None, str]:
        own, by_gate = _own_due(record, finding)
        if own:
            return own, "record"
        asked = (by_gate if by_gate and by_gate <= blocks else None, finding.gate, blocks, self._gate)
        for name in asked:
            if name and (planned := self._dates.planned(name, self._gates.site)):
                return planned, name
        return None, ""


def _own_due(record: Record | None, finding: Finding) -> tuple[date | None, str | None]:
    """The date and the gate by which a record itself says that it is due.

    A run is due with its last result, but only where a gate asks for it: what contradicts itself is wrong today.
    """
    if isinstance(record, Run):
        waits = bool(finding.gate) and record.last_result_on is None
        return (record.results_due_on if waits else None), None
    if isinstance(record, Communication):
        return due_again(record), None
    if isinstance(record, Investment):
        return (record.decision_by if record.decision in (None, "undecided") else None), None
    due, gate = (_nearest(record, finding.field, name) or getattr(record, name, None) for name in ("due", "due_gate"))
    return (due if isinstance(due, date) else None), (gate if isinstance(gate, str) else None)


def _rank(one: Blocker) -> tuple[Any, ...]:
    found = one.finding
    return (
        -one.days_overdue, one.blocks, found.gate, one.due or date.max,
        found.path, found.line, found.code, found.field, found.message,
    )  # fmt: skip


def by_owner(blockers: Sequence[Blocker]) -> tuple[OwnersShare, ...]:
    """Blockers by owner: the owner of what is most overdue first, then the one with most to close."""
    shares: dict[Owner, list[Blocker]] = {}
    for one in blockers:
        shares.setdefault(one.owner, []).append(one)
    found = [OwnersShare(owner, tuple(own)) for owner, own in shares.items()]
    return tuple(sorted(found, key=lambda one: (-one.days_overdue, -len(one.blockers), one.owner.label, one.owner.id)))


def by_gate(blockers: Sequence[Blocker]) -> Mapping[str, tuple[Blocker, ...]]:
    """Blockers by the gate they have to be closed for, in the order of gates."""
    found: dict[str, list[Blocker]] = {}
    for one in blockers:
        found.setdefault(one.blocks, []).append(one)
    return {gate: tuple(found[gate]) for gate in sorted(found)}
