"""Can the next gate be opened: what blocks it, who closes it by when, in which order, and how late it makes the gate.

The verdict is never that a gate is passed: people decide, and their decision is a record that stands beside.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Literal, Protocol

from ttpack.analysis.gates.blockers import Blocker, Blockers, OwnersShare, by_gate, by_owner
from ttpack.analysis.gates.conditions import Condition, conditions_of
from ttpack.analysis.gates.declarations import AtRisk, at_risk
from ttpack.analysis.gates.network import network
from ttpack.analysis.gates.overlaps import Overlap
from ttpack.analysis.gates.path import CriticalPath, Forecast, critical_path
from ttpack.analysis.gates.state import SiteGates, concerns, decided, site_gates
from ttpack.analysis.gates.timeline import Entry, timeline
from ttpack.model.documents import Waiver
from ttpack.model.findings import Finding
from ttpack.model.gates import Gate
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.record import GATES

Verdict = Literal["blocked", "ready_for_decision"]


class NotJudged(Protocol):
    """What a check could not judge: the rule, the record and the reason."""

    @property
    def code(self) -> str:
        """Rule, or nothing for the whole package."""

    @property
    def record(self) -> str:
        """Record, or nothing for the whole rule."""

    def as_json(self) -> dict[str, Any]:
        """The entry as a JSON object."""


@dataclass(frozen=True, slots=True)
class Step:
    """What must be true at one gate: what blocks it, by owner."""

    gate: str
    forecast: Forecast | None
    owners: tuple[OwnersShare, ...]

    @property
    def count(self) -> int:
        """How much blocks it."""
        return sum(len(one.blockers) for one in self.owners)

    def as_json(self) -> dict[str, Any]:
        """The step as a JSON object."""
        found = self.forecast
        return {
            "gate": self.gate, "record": (found.record or None) if found else None, "blockers": self.count,
            "planned": found.planned.isoformat() if found and found.planned else None,
            "forecast": found.day.isoformat() if found and found.day else None,
            "owners": [one.as_json() for one in self.owners],
        }  # fmt: skip


@dataclass(frozen=True)
class GateAnswer:
    """One gate of one receiving site at a date. `said` is what a reader has to know of the record, the plan, the site.

    `later` counts what will block at gates after this one, as far as can be told from here.
    """

    gate: str
    site: str
    site_label: str
    as_of: date
    decision: Gate | None
    deciders: tuple[str, ...]
    blockers: tuple[Blocker, ...]
    conditions: tuple[Condition, ...]
    at_risk: tuple[AtRisk, ...]
    undeclared: tuple[Overlap, ...]
    waived: tuple[Finding, ...]
    waivers: Mapping[str, Waiver]
    not_computable: tuple[NotJudged, ...]
    not_applicable: int
    path: CriticalPath
    timeline: tuple[Entry, ...]
    next: tuple[Step, ...]
    later: Mapping[str, int]
    said: tuple[str, ...]
    passed: str | None = None

    @property
    def verdict(self) -> Verdict:
        """Whether errors stand against the gate; that it may be decided says nothing about the decision."""
        return "blocked" if self.blockers else "ready_for_decision"

    @property
    def forecast(self) -> Forecast | None:
        """The forecast of the gate asked about."""
        return next((one for one in self.path.forecasts if (one.site, one.gate) == (self.site, self.gate)), None)

    @property
    def overdue(self) -> int:
        """How many of the blockers are late."""
        return sum(one.days_overdue > 0 for one in self.blockers)

    def as_json(self) -> dict[str, Any]:
        """The answer as a JSON object, its keys in a fixed order."""
        return {
            "gate": self.gate,
            "site": self.site,
            "verdict": self.verdict,
            "passed": self.passed,
            "decision": _decision(self.decision, self.deciders),
            "counts": {
                "blockers": len(self.blockers), "overdue": self.overdue, "waived": len(self.waived),
                "not_computable": len(self.not_computable), "not_applicable": self.not_applicable,
                "undeclared_overlaps": len(self.undeclared),
                "open_conditions": sum(one.state != "met" for one in self.conditions),
            },
            "blockers": [one.as_json() for one in self.blockers],
            "next": [one.as_json() for one in self.next],
            "later": dict(self.later),
            "forecast": self.forecast.as_json() if self.forecast else None,
            "forecasts": [one.as_json() for one in self.path.forecasts],
            "critical_path": [one.as_json() for one in self.path.links],
            "timeline": [one.as_json() for one in self.timeline],
            "conditions": [one.as_json() for one in self.conditions],
            "at_risk": {
                "declared": [one.as_json() for one in self.at_risk],
                "undeclared": [one.as_json() for one in self.undeclared],
            },
            "waived": [_waived(one, self.waivers.get(one.waived)) for one in self.waived],
            "not_computable": [one.as_json() for one in self.not_computable],
            "said": list(self.said),
        }  # fmt: skip


def gate_answer(  # noqa: PLR0913  what is known besides the package, all by keyword
    package: Package,
    gate: str,
    site: str,
    *,
    findings: Sequence[Finding],
    as_of: date,
    not_computable: Iterable[NotJudged] = (),
    not_applicable: int = 0,
    waived: Iterable[Finding] = (),
) -> GateAnswer:
    """The answer for a gate of a receiving site. `findings` are those of a check as if the site had passed that gate.

    A package of any state is answered for. Raises ValueError for what is no gate.
    """
    if gate not in GATES:
        message = f"{gate!r} is no gate"
        raise ValueError(message)
    sites = site_gates(package)
    gates = sites.get(site) or SiteGates(site, None, {})
    reader = Blockers(package, gates, gate, as_of)
    blockers = reader.ranked(findings)
    grouped = by_gate(blockers)
    path = critical_path(package, gates, network(package, sites, site, gate, as_of), grouped)
    last = max(gate, *gates.records) if gates.records else gate
    ahead = path if last == gate else critical_path(package, gates, network(package, sites, site, last, as_of), grouped)
    dates = replace(path, forecasts=(*ahead.forecasts, *path.forecasts))
    declared, undeclared, _ = at_risk(package, site, as_of)
    record = gates.record(gate)
    relied = tuple(one for one in waived if reader.stands(one))
    return GateAnswer(
        gate=gate, site=site, site_label=package.label(site), as_of=as_of, passed=gates.passed,
        decision=record, deciders=tuple(package.label(one) for one in record.deciders) if record else (),
        blockers=blockers, conditions=conditions_of(package, gates, as_of),
        at_risk=declared, undeclared=undeclared,
        waived=relied, waivers={one.id: one for one in package.of(Waiver)},
        not_computable=tuple(one for one in not_computable if _concerns(package, one, site)),
        not_applicable=not_applicable, path=path,
        timeline=timeline(package, gates, as_of, dates, blockers),
        next=_steps(gates, gate, path, grouped), later=_later(package, findings, gate, site),
        said=tuple(dict.fromkeys((*_remarks(package, gates, gate, as_of), *path.said))),
    )  # fmt: skip


def _steps(
    gates: SiteGates, asked: str, path: CriticalPath, blockers: Mapping[str, tuple[Blocker, ...]]
) -> tuple[Step, ...]:
    """Gate by gate from the one the site stands before: what has to be closed for each, by owner."""
    forecasts = {one.gate: one for one in path.forecasts if one.site == gates.site}
    first = min(gates.following or asked, asked)
    between = [gate for gate in GATES if first <= gate <= asked]
    return tuple(Step(gate, forecasts.get(gate), by_owner(blockers.get(gate, ()))) for gate in between)


def _later(package: Package, findings: Iterable[Finding], asked: str, site: str) -> Mapping[str, int]:
    """By gate after the one asked about, how many findings will be errors there."""
    found: dict[str, int] = dict.fromkeys((gate for gate in GATES if gate > asked), 0)
    for one in findings:
        if one.gate in found and one.severity != "info" and concerns(package, one.site, site):
            found[one.gate] += 1
    return found


def _remarks(package: Package, gates: SiteGates, asked: str, as_of: date) -> list[str]:
    """What is odd about the question or the record of the gate."""
    name = f"{asked} of {package.label(gates.site)}"
    found = []
    if gates.passed is None:
        found.append(f"the package record names no gate that {package.label(gates.site)} has passed")
    record = gates.record(asked)
    if record is None:
        found.append(f"there is no record of {name}, so no criteria to decide by")
    elif decided(record, as_of):
        found.append(f"{name} was decided on {record.decided_on}: {record.decision}; this is what stands today")
    elif gates.is_passed(asked):
        found.append(f"the package record counts {name} as passed; its own record says {record.decision or 'nothing'}")
    return found


def _concerns(package: Package, one: NotJudged, site: str) -> bool:
    """Whether what was not judged is about a site, or about none in particular."""
    record = package.records.get(one.record)
    named = getattr(record, "site", None) or overlay_parts(one.record)[1]
    if isinstance(named, str):
        return concerns(package, named, site)
    return one.record == site or one.record not in package.receiving_sites


def _decision(record: Gate | None, deciders: tuple[str, ...]) -> dict[str, Any] | None:
    if record is None:
        return None
    return {
        "record": record.id, "decision": record.decision or "undecided",
        "decided_on": record.decided_on.isoformat() if record.decided_on else None,
        "planned_on": record.planned_on.isoformat() if record.planned_on else None,
        "deciders": list(deciders), "decision_record": record.decision_record,
        "criteria": list(record.criteria), "evidence": list(record.evidence),
        "conditions": len(record.conditions),
    }  # fmt: skip


def _waived(finding: Finding, waiver: Waiver | None) -> dict[str, Any]:
    return {
        "waiver": finding.waived, "code": finding.code, "record": finding.record, "field": finding.field,
        "message": finding.message, "reason": waiver.reason if waiver else None,
        "approvers": [str(one) for one in waiver.approvers] if waiver else [],
        "expires": waiver.expires.isoformat() if waiver and waiver.expires else None,
    }  # fmt: skip
