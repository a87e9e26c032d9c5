"""When each gate can be opened at the earliest, which chain makes it so late, and how much room the rest has."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any, Literal

from ttpack.analysis.gates.blockers import Blocker
from ttpack.analysis.gates.network import Key, Network, Node
from ttpack.analysis.gates.state import SiteGates, decided, later
from ttpack.model.package import Package

LinkKind = Literal["gate", "blocker", "date"]


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the critical path: a gate, what blocks it, or the day of the answer."""

    kind: LinkKind
    gate: str
    record: str
    label: str
    day: date
    planned: date | None
    because: str

    def as_json(self) -> dict[str, Any]:
        """The link as a JSON object, its keys in a fixed order."""
        late = (self.day - self.planned).days if self.planned else None
        return {
            "kind": self.kind, "gate": self.gate, "record": self.record or None, "label": self.label,
            "date": self.day.isoformat(), "planned": self.planned.isoformat() if self.planned else None,
            "days_late": late, "because": self.because,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Forecast:
    """When a gate can be opened.

    `day` is None where a date that it rests on is missing; `no_earlier_than` is then what is known. For a gate that is
    decided both are the day of the decision. `slack` is how many days it may slip before the gate asked about moves.
    """

    gate: str
    site: str
    record: str
    planned: date | None
    decided_on: date | None
    day: date | None
    no_earlier_than: date | None
    because: str
    slack: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The forecast as a JSON object, its keys in a fixed order."""
        late = (self.day - self.planned).days if self.planned and self.day else None
        return {
            "gate": self.gate, "site": self.site, "record": self.record or None,
            "planned": _iso(self.planned), "decided_on": _iso(self.decided_on), "date": _iso(self.day),
            "no_earlier_than": _iso(self.no_earlier_than), "days_late": late, "because": self.because,
            "slack": self.slack,
        }  # fmt: skip


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


@dataclass(frozen=True)
class CriticalPath:
    """The chain that makes a gate as late as it is, the first link first; forecasts of all gates; what is not known.

    `latest` is by gate of the site the last day on which it may be opened without moving the gate asked about.
    """

    links: tuple[Link, ...]
    forecasts: tuple[Forecast, ...]
    latest: Mapping[str, date]
    said: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Term:
    """One reason why a gate cannot be opened before a day; of equal days the one with most behind it counts."""

    day: date
    weight: int
    because: str
    before: Key | None = None
    blocker: Blocker | None = None


@dataclass(frozen=True, slots=True)
class _Outcome:
    node: Node
    bound: date | None
    binding: _Term | None
    known: bool = True


def critical_path(
    package: Package, gates: SiteGates, graph: Network, blockers: Mapping[str, Sequence[Blocker]]
) -> CriticalPath:
    """The forecasts of a site's gates up to the one asked about, and the chain that decides the last.

    A gate can be opened on the latest of: its planned date, the day of the answer, the due date of what blocks it
    (what is overdue counts from the day of the answer), and each gate it waits for plus the least time between.
    """
    worker = _Forecaster(package, gates, graph, blockers)
    outcomes = worker.outcomes()
    latest = _latest(graph, outcomes)
    forecasts = tuple(worker.forecast(outcomes[key], latest) for key in _own_first(graph, gates.site))
    links = tuple(reversed(list(worker.links(outcomes, graph.asked))))
    own = {gate: day for (site, gate), day in latest.items() if site == gates.site}
    return CriticalPath(links, forecasts, own, tuple(dict.fromkeys((*graph.said, *worker.said))))


def _own_first(graph: Network, site: str) -> list[Key]:
    return sorted(graph.nodes, key=lambda key: (key[0] != site, *key))


def _latest(graph: Network, outcomes: Mapping[Key, _Outcome]) -> dict[Key, date]:
    """The last day of each gate on which the one asked about is not moved; nothing for gates it does not wait for."""
    asked = outcomes.get(graph.asked)
    found: dict[Key, date] = {graph.asked: asked.bound} if asked and asked.bound else {}
    for key in reversed(graph.order):
        if key in found:
            for wait in graph.waits[key]:
                day = _earlier(found[key], ceil(wait.days))
                found[wait.before] = min(found.get(wait.before, day), day)
    return found


def _earlier(day: date, days: int) -> date:
    try:
        return day - timedelta(days=days)
    except OverflowError:
        return date.min


class _Forecaster:
    def __init__(
        self, package: Package, gates: SiteGates, graph: Network, blockers: Mapping[str, Sequence[Blocker]]
    ) -> None:
        self._package, self._gates, self._as_of = package, gates, graph.as_of
        self._graph, self._blockers = graph, blockers
        self.said: list[str] = []

    def outcomes(self) -> dict[Key, _Outcome]:
        """Every gate with the day before which it cannot be opened, and why."""
        found: dict[Key, _Outcome] = {}
        for key in self._graph.order:
            found[key] = self._outcome(self._graph.nodes[key], found)
        return found

    def _outcome(self, node: Node, before: Mapping[Key, _Outcome]) -> _Outcome:
        record = node.record
        if record and record.decided_on and decided(record, self._as_of):
            return _Outcome(node, record.decided_on, _Term(record.decided_on, 0, f"decided: {record.decision}"))
        if node.site == self._gates.site and self._gates.is_passed(node.gate):
            self.said.append(f"{self._name(node)} counts as passed, but no record says when")
            return _Outcome(node, None, None)
        known = self._states_plan(node)
        terms = [_Term(self._as_of, 1, "it is not decided")]
        if record and record.planned_on:
            terms.append(_Term(record.planned_on, 0, "planned"))
        if node.site == self._gates.site:
            terms += self._blocking(node)
        for wait in self._graph.waits[node.key]:
            earlier = before.get(wait.before)
            if earlier is None:
                continue
            known = known and earlier.known
            if earlier.bound:
                terms.append(_Term(later(earlier.bound, wait.days), 3, wait.because, wait.before))
        binding = max(terms, key=lambda term: (term.day, term.weight))
        return _Outcome(node, binding.day, binding, known)

    def _states_plan(self, node: Node) -> bool:
        record = node.record
        if record is None:
            self.said.append(f"there is no record of {self._name(node)}, so nobody can say when it is planned")
            return False
        if record.decision in ("pass", "conditional") and record.decided_on and record.decided_on > self._as_of:
            self.said.append(f"{self._name(node)} was decided on {record.decided_on}, a day that is still ahead")
        if record.decision == "fail":
            self.said.append(f"{self._name(node)} was not passed: the decision of {record.decided_on} is fail")
        if record.planned_on is None:
            self.said.append(f"{self._name(node)} has no planned date")
        elif record.planned_on < self._as_of:
            days = (self._as_of - record.planned_on).days
            self.said.append(f"{self._name(node)} was planned for {record.planned_on}, {days} d ago, and is open")
        return record.planned_on is not None

    def _blocking(self, node: Node) -> Iterator[_Term]:
        """The latest of what blocks a gate, overdue or with a date of its own: one that is the plan's adds nothing."""
        dated = [
            (day, one)
            for one in self._blockers.get(node.gate, ())
            if (one.due_from == "record" or one.days_overdue) and (day := one.counts_from(self._as_of))
        ]
        if not dated:
            return
        overdue = sum(one.days_overdue > 0 for _, one in dated)
        if overdue:
            self.said.append(f"{overdue} of what blocks {self._name(node)} is overdue and counts from {self._as_of}")
        day, worst = max(dated, key=lambda pair: (pair[0], pair[1].days_overdue))
        why = f"overdue since {worst.due}" if worst.days_overdue else f"due on {day}"
        yield _Term(day, 2, f"{worst.finding.code} on {worst.title} is {why}", blocker=worst)

    def _name(self, node: Node) -> str:
        return f"{node.gate} of {self._package.label(node.site)}" if node.site else self._package.label(node.gate)

    def forecast(self, outcome: _Outcome, latest: Mapping[Key, date]) -> Forecast:
        """A gate's forecast, with how much room it has."""
        node, record = outcome.node, outcome.node.record
        done = bool(record and decided(record, self._as_of))
        last = latest.get(node.key)
        slack = (last - outcome.bound).days if last and outcome.bound and not done else None
        return Forecast(
            gate=node.gate, site=node.site, record=record.id if record else "",
            planned=record.planned_on if record else None,
            decided_on=record.decided_on if record and done else None,
            day=outcome.bound if outcome.known else None,
            no_earlier_than=outcome.bound,
            because=outcome.binding.because if outcome.binding else "passed, no record says when",
            slack=slack,
        )  # fmt: skip

    def links(self, outcomes: Mapping[Key, _Outcome], asked: Key) -> Iterator[Link]:
        """The chain from the gate asked about back to what nothing else delays."""
        key: Key | None = asked
        while key is not None and (outcome := outcomes.get(key)) and outcome.bound and outcome.binding:
            node, binding = outcome.node, outcome.binding
            planned = node.record.planned_on if node.record else None
            name = node.record.id if node.record else ""
            yield Link("gate", node.gate, name, self._name(node), outcome.bound, planned, binding.because)
            if binding.blocker:
                one = binding.blocker
                record = one.finding.record or ""
                yield Link("blocker", node.gate, record, one.title, binding.day, one.due, one.finding.message)
            key = binding.before
