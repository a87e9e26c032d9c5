"""What happens at a site and when, as planned and as it was: gates, runs, campaigns, investments, what is due."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from ttpack.analysis.gates.blockers import Blocker
from ttpack.analysis.gates.path import CriticalPath
from ttpack.analysis.gates.state import SiteGates, decided
from ttpack.model.campaign import Campaign
from ttpack.model.execution import Run
from ttpack.model.gates import Gate
from ttpack.model.package import Package
from ttpack.model.record import GATES
from ttpack.model.regulatory import Investment

EntryKind = Literal["gate", "run", "campaign", "investment", "due"]
State = Literal["done", "under_way", "planned", "late", "undated"]
KINDS: Final[tuple[EntryKind, ...]] = ("gate", "run", "campaign", "investment", "due")
GATE_FED: Final[Mapping[str, str]] = {
    "water": "G3", "engineering": "G4", "demonstration": "G4", "GMP": "G5", "clinical": "G5", "PPQ": "G6",
}  # fmt: skip
"""The gate that rests on the results of a run of each kind."""


@dataclass(frozen=True, slots=True)
class Entry:
    """Something of a site with dates. `planned` and `actual` are start and end; of a gate, or a due date, one day.

    `slack` is how many days it may slip before the gate asked about moves; None where nothing tells.
    """

    kind: EntryKind
    record: str
    label: str
    state: State
    planned: tuple[date | None, date | None] = (None, None)
    actual: tuple[date | None, date | None] = (None, None)
    forecast: date | None = None
    gate: str = ""
    slack: int | None = None
    note: str = ""
    records: tuple[str, ...] = ()

    @property
    def days(self) -> tuple[date, ...]:
        """Every day it names, the first one first."""
        return tuple(sorted(filter(None, (*self.planned, *self.actual, self.forecast))))

    def as_json(self) -> dict[str, Any]:
        """The entry as a JSON object, its keys in a fixed order."""
        return {
            "kind": self.kind, "record": self.record or None, "label": self.label, "gate": self.gate or None,
            "state": self.state, "planned_start": _iso(self.planned[0]), "planned_end": _iso(self.planned[1]),
            "actual_start": _iso(self.actual[0]), "actual_end": _iso(self.actual[1]),
            "forecast": _iso(self.forecast), "slack": self.slack, "note": self.note or None,
            "records": list(self.records),
        }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def timeline(
    package: Package, gates: SiteGates, as_of: date, path: CriticalPath, blockers: Sequence[Blocker]
) -> tuple[Entry, ...]:
    """The entries of a site in the order of their first day; what has no date comes last."""
    shown = {one.id for one in (*package.in_force(Run), *package.in_force(Investment))}
    found = [
        *_gates(gates, as_of, path),
        *(_run(run, as_of, path.latest) for run in package.in_force(Run) if run.site == gates.site),
        *(_campaign(one, as_of) for one in package.in_force(Campaign) if one.site == gates.site),
        *(_investment(one, as_of) for one in package.in_force(Investment) if one.site in (None, gates.site)),
        *_due([one for one in blockers if one.finding.record not in shown], as_of, path.latest),
    ]
    last = date.max
    return tuple(
        sorted(found, key=lambda one: (*(one.days or (last,))[:1], KINDS.index(one.kind), one.gate, one.record))
    )


def _gates(gates: SiteGates, as_of: date, path: CriticalPath) -> Iterator[Entry]:
    forecasts = {one.record: one for one in path.forecasts if one.record}
    for gate in GATES:
        for record in gates.records.get(gate, ()):
            forecast = forecasts.get(record.id)
            done = decided(record, as_of)
            yield Entry(
                "gate", record.id, record.name, _gate_state(record, as_of, done=done),
                planned=(record.planned_on, record.planned_on),
                actual=(record.decided_on, record.decided_on) if done else (None, None),
                forecast=forecast.no_earlier_than if forecast and not done else None,
                gate=gate, slack=forecast.slack if forecast and gate in path.latest else None,
                note=record.decision or "undecided",
            )  # fmt: skip


def _gate_state(record: Gate, as_of: date, *, done: bool) -> State:
    if done:
        return "done"
    if record.planned_on is None:
        return "undated"
    return "late" if record.planned_on < as_of else "planned"


def _run(run: Run, as_of: date, latest: Mapping[str, date]) -> Entry:
    fed = GATE_FED.get(run.run_kind or "", "")
    results = run.last_result_on or run.results_due_on
    room = (latest[fed] - results).days if fed in latest and results and not run.last_result_on else None
    return Entry(
        "run", run.id, run.name, _state(run.started_on, run.last_result_on, run.planned_on, run.results_due_on, as_of),
        planned=(run.planned_on, run.results_due_on),
        actual=(run.started_on, run.last_result_on or run.ended_on),
        gate=fed, slack=room, note=run.run_kind or "",
    )  # fmt: skip


def _state(
    start: date | None, end: date | None, planned_start: date | None, planned_end: date | None, as_of: date
) -> State:
    """Where work stands at a date; dates of a start or an end that lie ahead are a plan, whatever field they are in."""
    if end and end <= as_of:
        return "done"
    begun = bool(start and start <= as_of)
    due = planned_end if begun else planned_start
    if due and due < as_of:
        return "late"
    if begun:
        return "under_way"
    return "planned" if start or planned_start or planned_end else "undated"


def _campaign(campaign: Campaign, as_of: date) -> Entry:
    """A campaign states when it is to start and end, and never when it did."""
    start, end = campaign.start, campaign.end
    if end and end < as_of:
        state: State = "done"
    elif start and start <= as_of:
        state = "under_way"
    else:
        state = "planned" if start or end else "undated"
    return Entry("campaign", campaign.id, campaign.name, state, planned=(start, end))


def _investment(one: Investment, as_of: date) -> Entry:
    made = one.decision in ("approved", "rejected")
    room = (one.decision_by - as_of).days if one.decision_by and not made else None
    state: State = "done" if made else "undated" if one.decision_by is None else "late" if room and room < 0 else (
        "planned"
    )  # fmt: skip
    note = f"decision by {one.decision_by}, needed {one.need_date or 'nobody says when'}" if one.decision_by else ""
    return Entry(
        "investment", one.id, one.name, state, planned=(one.decision_by, one.need_date),
        actual=(one.decided_on, None), slack=room, note=note,
    )  # fmt: skip


def _due(blockers: Sequence[Blocker], as_of: date, latest: Mapping[str, date]) -> Iterator[Entry]:
    """What blocks and has a date of its own, by that date and the gate it blocks."""
    found: dict[tuple[date, str], list[Blocker]] = {}
    for one in blockers:
        if one.due and one.due_from == "record":
            found.setdefault((one.due, one.blocks), []).append(one)
    for (day, gate), group in sorted(found.items()):
        records = tuple(sorted({one.finding.record or one.finding.path for one in group}))
        label = group[0].title if len(records) == 1 else f"{len(records)} records due"
        room = (latest[gate] - max(day, as_of)).days if gate in latest else None
        yield Entry(
            "due", records[0] if len(records) == 1 else "", label, "late" if day < as_of else "planned",
            planned=(day, day), gate=gate, slack=room, note=f"blocks {gate}", records=records,
        )  # fmt: skip
