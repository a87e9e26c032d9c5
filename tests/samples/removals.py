"""Owners, clocks, cells, acknowledgements, deputies, positions and evidence of the A-Mab sample, to be removed."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, Final

from tests.samples.amab import package

from ttpack.model.package import Package
from ttpack.model.record import Record
from ttpack.rules.check import check
from ttpack.rules.registry import Context

AS_OF: Final = date(2026, 10, 1)
PACKAGE: Final = "PKG-AMAB"
TWICE: Final = "-TWICE"
"""What the id of a record that is there twice ends with."""
COMBINED: Final = frozenset({"repeat", "simultaneous", "unknown_duration"})
Raw = Mapping[str, Any]
Key = tuple[str, str | None, str]
"""Rule, record and field of a finding."""


@dataclass(frozen=True)
class Asked:
    """What a rule asks of the records of a kind: each element of `levels[].within`, each value of `owners.*`.

    Without it the rule speaks at `at`, or else at the field itself. `lone` marks what makes other rules on its record
    silent: it is tried with nothing else of that record, nor with what shares its `group`.
    """

    about: str
    kind: str
    field: str
    rule: str
    at: str | None = None
    where: Callable[[Raw], bool] = lambda raw: True
    lone: bool = False
    group: Callable[[Raw], str | None] = lambda raw: None


def _undecided(raw: Raw) -> bool:
    return bool(raw["decision"] == "undecided")


def _counted(raw: Raw) -> bool:
    """Whether a clock in working hours runs by a calendar: those of the duty are for clocks that never stop."""
    return "around_the_clock" not in raw or not raw["around_the_clock"]


ASKED: Final = (
    Asked("clock", "site", "calendar", "ESC-01", group=lambda raw: raw["calendar"]),
    Asked("clock", "calendar", "time_zone", "ESC-01", where=_counted, group=lambda raw: raw["id"]),
    Asked("owner", "deviation_rule", "owners.*", "DEV-04"),
    Asked("owner", "deviation_rule", "sending_owners.*", "DEV-04"),
    Asked("owner", "open_item", "owner", "GOV-04", where=lambda raw: raw["status"] == "open"),
    Asked("owner", "gate", "conditions[].owner", "GATE-01"),
    Asked("owner", "gate", "deciders", "GATE-01", where=lambda raw: not _undecided(raw)),
    Asked("owner", "assumption", "sending_owner", "ASM-01"),
    Asked("owner", "assumption", "receiving_owner", "ASM-01"),
    Asked("owner", "readiness_item", "sending_owner", "RDY-01"),
    Asked("owner", "readiness_item", "receiving_owner", "RDY-01"),
    Asked("owner", "responsibility", "accountable", "GOV-01"),
    Asked("owner", "responsibility", "responsible", "GOV-01"),
    Asked("owner", "communication", "owner", "COM-01"),
    Asked("owner", "regulatory_watch", "owner", "REG-04"),
    Asked("owner", "risk", "owner", "MAT-04", where=lambda raw: raw["id"].startswith("RSK-SUP-")),
    Asked("owner", "at_risk_decision", "approvers", "GATE-02", lone=True),
    Asked("owner", "escalation_rule", "levels[].sending_role", "ESC-01"),
    Asked("owner", "escalation_rule", "levels[].receiving_role", "ESC-01"),
    Asked("owner", "escalation_rule", "levels[].fallback", "ESC-01"),
    Asked("owner", "run", "contacts[].sponsor_contact", "TEAM-02"),
    Asked("owner", "run", "contacts[].receiving_contact", "TEAM-02"),
    Asked("clock", "escalation_rule", "levels[].within", "ESC-01"),
    Asked("clock", "escalation_rule", "local_troubleshooting", "ESC-04"),
    Asked("clock", "escalation_rule", "clock_start", "ESC-01"),
    Asked("clock", "escalation_rule", "clock_hours", "ESC-01"),
    Asked("clock", "quality_agreement", "notification_times[].within", "QAG-01"),
    Asked("clock", "quality_agreement", "notification_times[].clock_start", "ESC-04", lone=True),
    Asked("clock", "automation_map", "trend_access[].within", "AUT-01"),
    Asked("clock", "communication", "cadence_days", "COM-01", lone=True),
    Asked("clock", "communication", "last_held", "COM-01"),
    Asked("clock", "assumption", "due_gate", "ASM-01"),
    Asked("clock", "assumption", "expires", "ASM-04"),
    Asked("clock", "at_risk_decision", "expires", "GATE-02", lone=True),
    Asked("clock", "gate", "planned_on", "GATE-01", where=_undecided),
    Asked("clock", "investment", "decision_by", "INV-01"),
    Asked("cell", "deviation_rule", "deviation_class", "DEV-01", lone=True),
    Asked("cell", "deviation_rule", "sponsor_role", "DEV-01"),
    Asked("acknowledgement", "know_how", "acknowledged_by", "KNW-01", lone=True),
    Asked("acknowledgement", "know_how", "acknowledged_on", "KNW-01"),
    Asked("acknowledgement", "read_back", "answer", "INT-01", lone=True),
    Asked("acknowledgement", "read_back", "answered_by", "INT-01"),
    Asked("acknowledgement", "read_back", "answered_on", "INT-01"),
    Asked("acknowledgement", "read_back", "statement", "INT-01"),
    Asked("acknowledgement", "historical_deviation", "disposition", "KNW-02"),
    Asked("deputy", "person", "deputy", "TEAM-01", group=lambda raw: raw["id"]),
    Asked("deputy", "role", "deputies", "TEAM-01", group=lambda raw: raw["holders"][0]),
    Asked("position", "assumption", "positions[]", "ASM-01", at="positions"),
    Asked("evidence", "readiness_item", "evidence", "RDY-01", lone=True),
    Asked("evidence", "readiness_item", "evidence_digest", "RDY-01"),
    Asked("evidence", "readiness_item", "verified_by", "RDY-01", lone=True),
    Asked("evidence", "gate", "evidence", "GATE-01"),
    Asked("evidence", "assumption", "outcome_evidence", "ASM-01"),
    Asked("evidence", "simulation", "input_digest", "SIM-01"),
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One thing taken away, or one record doubled, and the one finding that gives.

    `path` is empty where the whole record goes, and None where it is doubled. What shares one of `groups` is told by
    rules in one sentence, and so tried apart.
    """

    about: str
    record: str
    path: tuple[str | int, ...] | None
    finding: Key
    groups: frozenset[str] = frozenset()
    lone: bool = False

    def __str__(self) -> str:
        """The record and the field."""
        how = "twice" if self.path is None else text(self.path) or "removed"
        return f"{self.record} {how}"


def text(path: Iterable[str | int]) -> str:
    """A path as findings write it: `levels[0].within`."""
    return "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).lstrip(".")


def paths(value: Any, steps: tuple[str, ...]) -> Iterator[tuple[str | int, ...]]:
    """The places of a field in a record that has it."""
    if not steps:
        yield ()
    elif steps[0] == "[]":
        yield from ((place, *rest) for place, one in enumerate(value) for rest in paths(one, steps[1:]))
    elif steps[0] == "*":
        yield from ((name, *rest) for name, one in value.items() for rest in paths(one, steps[1:]))
    elif value.get(steps[0]) is not None:
        yield from ((steps[0], *rest) for rest in paths(value[steps[0]], steps[1:]))


def of_kind(kind: str) -> Iterator[tuple[str, Raw]]:
    """The records of a kind of the sample, as written."""
    return ((name, raw) for name, raw in package("rev-A").raw.items() if raw["kind"] == kind)


def fields(asked: Asked) -> Iterator[Change]:
    """Each value of a row of the table, removed."""
    steps = tuple(re.findall(r"\w+|\[\]|\*", asked.field))
    for name, raw in of_kind(asked.kind):
        for path in paths(raw, steps) if asked.where(raw) else ():
            at = text(path) if asked.at is None else asked.at
            groups = frozenset(filter(None, (f"{name}.{asked.field}", asked.group(raw))))
            yield Change(asked.about, name, path, (asked.rule, name, at), groups, asked.lone)


def cells() -> Iterator[Change]:
    """Each row of the classification and of the escalation removed, and each doubled."""
    for name, raw in of_kind("deviation_rule"):
        event = raw.get("event")
        rule = "DEV-01" if event is None else "DEV-06" if event in COMBINED else "DEV-05"
        groups = frozenset({event or raw["interval"]})
        yield Change("cell", name, (), (rule, PACKAGE, ""), groups)
        yield Change("cell", name, None, ("DEV-01", name + TWICE, ""), groups)
    for name, _ in of_kind("escalation_rule"):
        groups = frozenset({"escalation"})
        yield Change("cell", name, (), ("ESC-01", PACKAGE, ""), groups)
        yield Change("cell", name, None, ("ESC-02", name + TWICE, "deviation_class"))


def read_backs() -> Iterator[Change]:
    """Each read-back that is answered, removed as a whole: what it is about then has none."""
    for name, raw in of_kind("read_back"):
        if "answer" in raw:
            unit = package("rev-A").raw[raw["about"]]["unit_operation"]
            yield Change("acknowledgement", name, (), ("INT-01", raw["about"], ""), frozenset({unit}))


def every_change() -> tuple[Change, ...]:
    """Everything that is taken away or doubled, in the order of the table and of the package."""
    return (*(change for asked in ASKED for change in fields(asked)), *cells(), *read_backs())


def rounds(changes: Iterable[Change]) -> list[list[Change]]:
    """Changes that do not meet, together, each in the first round that is free for it."""
    found: list[dict[str, list[Change]]] = []
    for change in changes:
        keys = (change.record, *change.groups)
        free = (one for one in found if not any(meets(change, other) for key in keys for other in one.get(key, ())))
        into = next(free, None)
        if into is None:
            found.append(into := {})
        for key in keys:
            into.setdefault(key, []).append(change)
    return [list(dict.fromkeys(change for each in one.values() for change in each)) for one in found]


def meets(one: Change, other: Change) -> bool:
    """Whether two changes have to be tried apart."""
    if one.record != other.record:
        return bool(one.groups & other.groups)
    return not (one.path and other.path) or one.lone or other.lone or bool(one.groups & other.groups)


def without(raw: Raw, path: tuple[str | int, ...]) -> dict[str, Any]:
    """A record without the value at a path."""
    copy: dict[str, Any] = deepcopy(dict(raw))
    holder: Any = copy
    for step in path[:-1]:
        holder = holder[step]
    del holder[path[-1]]
    return copy


def changed(changes: Iterable[Change]) -> Package:
    """The sample with changes that do not meet."""
    whole = package("rev-A")
    written: dict[str, Raw] = dict(whole.raw)
    for change in changes:
        raw = written[change.record]
        if change.path is None:
            written[change.record + TWICE] = {**raw, "id": change.record + TWICE}
        elif change.path:
            written[change.record] = without(raw, change.path)
        else:
            del written[change.record]
    records = {name: _record(name, raw) for name, raw in written.items()}
    return replace(whole, raw=written, records=records)


def _record(name: str, raw: Raw) -> Record:
    whole = package("rev-A")
    if raw is whole.raw.get(name):
        return whole.records[name]
    return type(whole.records[name.removesuffix(TWICE)]).model_validate(dict(raw))


def findings(given: Package) -> Counter[Key]:
    """The findings of all rules, by rule, record and field.

    Without those on approvals of another content: whatever is removed from a record voids those of each document that
    shows it.
    """
    found = check(given, (), Context(as_of=AS_OF)).findings
    return Counter((one.code, one.record, one.field) for one in found if one.code != "DOC-02")


@cache
def before() -> Counter[Key]:
    """What the sample itself gives."""
    return findings(package("rev-A"))


def outcome(changes: Iterable[Change]) -> tuple[list[Key], list[Key]]:
    """The findings that the changes add, and those that they take away."""
    now = findings(changed(changes))
    return sorted((now - before()).elements(), key=str), sorted((before() - now).elements(), key=str)
