"""Work that overlaps what it rests on: runs ahead of their gate, and runs begun before the last one was read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from ttpack.analysis.gates.state import SiteGates, days_of, decided, site_gates
from ttpack.model.campaign import Campaign
from ttpack.model.exact_number import decimal_text
from ttpack.model.execution import Run
from ttpack.model.package import Package

GATE_NEEDED: Final[Mapping[str, str]] = {"engineering": "G3", "GMP": "G4", "clinical": "G4", "PPQ": "G5"}
"""The gate that has to be passed before a run of each kind starts."""
CAMPAIGN_GATE: Final = "G3"
"""A campaign does not say what kinds of runs it has, so it needs the first of those gates."""
_NOT_IN_A_ROW: Final = frozenset({"development"})


@dataclass(frozen=True, slots=True)
class Overlap:
    """Work that starts before what it rests on is finished.

    `activity` is the run or campaign that starts early and `field` the date by which it does. `over` are the records
    that a decision has to name beside it, any of `instead` alone being enough. `gate` is the gate it runs ahead of,
    nothing where it is the results of the run before that are not read. It begins on `start`; it is over on `until`,
    or not yet.
    """

    activity: str
    field: str
    site: str
    start: date
    message: str
    gate: str = ""
    over: frozenset[str] = frozenset()
    instead: frozenset[str] = frozenset()
    until: date | None = None

    def as_json(self) -> dict[str, Any]:
        """The overlap as a JSON object."""
        return {
            "record": self.activity, "field": self.field, "gate": self.gate or None,
            "start": self.start.isoformat(), "message": self.message,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class NotComparable:
    """A run or a site of which nobody can tell whether it overlaps, and why. `record` is empty for the whole site."""

    site: str
    record: str
    field: str
    reason: str


class Overlaps:
    """The overlaps of every receiving site, each worked out once."""

    def __init__(self, package: Package, as_of: date) -> None:
        """Runs and campaigns are read when they are asked for."""
        self._package, self._as_of = package, as_of
        self._gates = site_gates(package)

    @cached_property
    def _runs(self) -> Mapping[str | None, list[Run]]:
        found: dict[str | None, list[Run]] = {}
        for run in self._package.in_force(Run):
            found.setdefault(run.site, []).append(run)
        return found

    @cached_property
    def _campaigns(self) -> Mapping[str | None, list[Campaign]]:
        found: dict[str | None, list[Campaign]] = {}
        for campaign in self._package.in_force(Campaign):
            found.setdefault(campaign.site, []).append(campaign)
        return found

    def at(self, site: str) -> Iterator[Overlap | NotComparable]:
        """What overlaps at one receiving site, and what cannot be compared."""
        gates = self._gates.get(site) or SiteGates(site, None, {})
        for run in self._runs.get(site, ()):
            yield from self._run_ahead(run, gates)
        for campaign in self._campaigns.get(site, ()):
            if campaign.start:
                yield from self._ahead(campaign, "start", campaign.start, CAMPAIGN_GATE, gates, begun=False)
        yield from self._unread(site)

    def nowhere(self) -> Iterator[NotComparable]:
        """Runs with a date whose site nobody names, so that no gate and no other run is theirs."""
        for run in self._runs.get(None, ()):
            if run.run_kind in GATE_NEEDED and (run.started_on or run.planned_on):
                yield NotComparable("", run.id, "site", f"nothing says at which site {_named(run)} is made")

    def _run_ahead(self, run: Run, gates: SiteGates) -> Iterator[Overlap | NotComparable]:
        if run.run_kind is None:
            yield NotComparable(gates.site, run.id, "run_kind", f"nothing says of what kind {_named(run)} is")
            return
        needed = GATE_NEEDED.get(run.run_kind)
        start = run.started_on or run.planned_on
        if needed is None:
            return
        if start is None:
            yield NotComparable(gates.site, run.id, "planned_on", f"nothing says when {_named(run)} starts")
            return
        field = "started_on" if run.started_on else "planned_on"
        yield from self._ahead(run, field, start, needed, gates, begun=bool(run.started_on and start <= self._as_of))

    def _ahead(  # noqa: PLR0913  what starts, when, and before which gate
        self, work: Run | Campaign, field: str, start: date, needed: str, gates: SiteGates, *, begun: bool
    ) -> Iterator[Overlap | NotComparable]:
        """Whether work starts before the gate it needs was passed, or is planned."""
        gate = gates.record(needed)
        name, until = f"{needed} of {self._package.label(gates.site)}", None
        if decided(gate, self._as_of) and gate and gate.decided_on:
            if start >= gate.decided_on:
                return
            until = gate.decided_on
            said = f"{_days(gate.decided_on, start)} before {name} was passed ({until})"
        elif gates.is_passed(needed):
            return  # the package record counts it as passed without a date, which is a finding of its own
        elif begun:
            said = f"and {name} has not been passed"
        elif gate is None or gate.planned_on is None or _failed(gate.decision, gate.decided_on, gate.planned_on):
            yield NotComparable(
                gates.site, work.id, field, f"nothing says when {name} is planned, which {_named(work)} needs"
            )
            return
        elif start >= gate.planned_on:
            return
        else:
            said = f"{_days(gate.planned_on, start)} before {name} is planned ({gate.planned_on})"
        verb = "started" if begun or start <= self._as_of else "starts"
        message = f"{_named(work)} {verb} on {start}, {said}"
        yield Overlap(work.id, field, gates.site, start, message, needed, until=until)

    def _unread(self, site: str) -> Iterator[Overlap | NotComparable]:
        """Runs in a row that start before the results of the one before could be read."""
        row = sorted(
            (
                (run.started_on or run.planned_on, run.id, run)
                for run in self._runs.get(site, ())
                if run.run_kind not in _NOT_IN_A_ROW and (run.started_on or run.planned_on)
            ),
            key=lambda one: one[:2],
        )
        before: dict[str | None, Run] = {}
        last: Run | None = None
        for start, _, run in row:
            whole = run.unit_operation is None  # the whole process follows any run, one operation only its own
            previous = last if whole else before.get(run.unit_operation) or before.get(None)
            before = {None: run} if whole else before | {run.unit_operation: run}
            last = run
            if previous and start:
                yield from self._after(previous, run, start, site)

    def _after(self, previous: Run, run: Run, start: date, site: str) -> Iterator[Overlap | NotComparable]:
        results = previous.last_result_on or previous.results_due_on
        if results is None:
            reason = (
                f"nothing says when the last result of {_named(previous)} is there, after which {_named(run)} starts"
            )
            yield NotComparable(site, previous.id, "results_due_on", reason)
            return
        campaign, asked = self._reading_time(site, start)
        if campaign is None or asked is None:
            reason = (
                f"no campaign of {self._package.label(site)} says how long it takes to read the results of "
                f"{_named(previous)} before {_named(run)} starts"
            )
            yield NotComparable(site, run.id, "planned_on", reason)
            return
        gap = (start - results).days
        if gap >= asked:
            return
        where = f"{gap} d after" if gap > 0 else f"{-gap} d before" if gap else "on the day of"
        verb = "started" if run.started_on else "starts"
        message = (
            f"{_named(run)} {verb} on {start}, {where} the last result of {_named(previous)} ({results}); "
            f"{_named(campaign)} asks {decimal_text(asked, 6)} d to read results and change instructions"
        )
        field = "started_on" if run.started_on else "planned_on"
        yield Overlap(
            run.id, field, site, start, message, "", frozenset({previous.id}), frozenset({campaign.id}), results
        )  # fmt: skip

    def _reading_time(self, site: str, start: date) -> tuple[Campaign | None, Fraction | None]:
        """The longest reading time of the campaigns that a start falls into, and whose it is."""
        own = self._package.own_units
        found = [
            (days, campaign)
            for campaign in self._campaigns.get(site, ())
            if (campaign.start is None or campaign.start <= start) and (campaign.end is None or start <= campaign.end)
            if (days := days_of(campaign.time_to_read_results, own)) is not None and days >= 0
        ]
        if not found:
            return None, None
        days, campaign = max(found, key=lambda one: one[0])
        return campaign, days


def _failed(decision: str | None, decided_on: date | None, planned_on: date) -> bool:
    """Whether a gate was failed and no new date was planned for it."""
    return decision == "fail" and (decided_on is None or planned_on <= decided_on)


def _days(later: date, earlier: date) -> str:
    return f"{(later - earlier).days} d"


def _named(record: Run | Campaign) -> str:
    return f"{record.name} ({record.id})" if record.title else record.id
