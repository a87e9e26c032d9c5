"""What people owe each other: open items, assumptions, risks and results by their dates; disputes; exchanges."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from ttpack.analysis.agenda.answer import AgendaItem, Gravity, line
from ttpack.analysis.disputes import Dispute, differing_positions, disputes, open_items
from ttpack.analysis.due_dates import DueDates
from ttpack.analysis.exchanges import due_again, missed
from ttpack.analysis.gates.blockers import Owners
from ttpack.analysis.gates.state import SiteGates
from ttpack.analysis.objectives import conflicts
from ttpack.analysis.readiness.items import STOPPING_WEIGHT, scored_items
from ttpack.model.execution import Run
from ttpack.model.governance import Communication
from ttpack.model.knowledge import Assumption, OpenItem, ReadBack
from ttpack.model.package import Package
from ttpack.model.risk import Risk


@dataclass(frozen=True)
class Matters:
    """What every source of lines needs: the package, the date, how far to look ahead, owners, dates and gates."""

    package: Package
    as_of: date
    until: date
    owners: Owners
    dates: DueDates
    gates: Mapping[str, SiteGates]

    def asked_by_next_gate(self, due_gate: str | None, site: str | None) -> bool:
        """Whether the gate that the site stands before, or one behind it, asks for what is due by that gate."""
        here = self.gates.get(site or "")
        return bool(due_gate and here and here.following and due_gate <= here.following)


def dated(matters: Matters) -> tuple[list[AgendaItem], int]:
    """Whatever has a due date up to the horizon, and how many open items have none."""
    found, undated = [], 0
    for item in open_items(matters.package):
        due = matters.dates.due(item.due, item.due_gate, item.site)
        if due is None:
            undated += 1
        elif due <= matters.until:
            found.append(_open_item(matters, item, due))
    found += [*_assumptions(matters), *_risks(matters), *_results(matters)]
    return found, undated


def _open_item(matters: Matters, item: OpenItem, due: date) -> AgendaItem:
    late = due < matters.as_of
    why = _when(matters, due, None if item.due else item.due_gate)
    if late:
        to = matters.package.label(item.escalated_to) if item.escalated_to else ""
        on = f" on {item.escalated_on}" if item.escalated_on else ""
        why += f"; escalated to {to}{on}" if to else "; not escalated"
    soon = matters.asked_by_next_gate(item.due_gate, item.site)
    gravity: Gravity = ("high" if soon or item.escalated_to else "medium") if late else "medium" if soon else "low"
    return line(
        what=item.question or item.name, record=item.id, owner=matters.owners.of(item), due=due,
        as_of=matters.as_of, why=why, gravity=gravity, site=item.site,
    )  # fmt: skip


def _when(matters: Matters, due: date, gate: str | None) -> str:
    by = f" by gate {gate}" if gate else ""
    return f"was due{by} on {due}" if due < matters.as_of else f"is due{by} on {due}"


def _assumptions(matters: Matters) -> Iterator[AgendaItem]:
    for item in matters.package.in_force(Assumption):
        due = matters.dates.planned(item.due_gate, item.site)
        if item.status not in (None, "open") or item.none_stated or due is None or due > matters.until:
            continue
        gravity: Gravity = "high" if item.impact == "high" else "medium" if due < matters.as_of else "low"
        yield line(
            what=item.statement or item.name, record=item.id, owner=matters.owners.of(item), due=due,
            as_of=matters.as_of, why=f"assumption that {_when(matters, due, item.due_gate)}",
            gravity=gravity, site=item.site,
        )  # fmt: skip


def _risks(matters: Matters) -> Iterator[AgendaItem]:
    for item in matters.package.in_force(Risk):
        due = matters.dates.planned(item.due_gate, item.site)
        if item.status in (None, "open") and due is not None and due <= matters.until:
            yield line(
                what=item.name, record=item.id, owner=matters.owners.of(item), due=due, as_of=matters.as_of,
                why=f"risk whose mitigation {_when(matters, due, item.due_gate)}",
                gravity="medium" if due < matters.as_of else "low", site=item.site,
            )  # fmt: skip


def _results(matters: Matters) -> Iterator[AgendaItem]:
    for run in matters.package.in_force(Run):
        due = run.results_due_on
        if due and due <= matters.until and run.last_result_on is None and run.status != "stopped":
            yield line(
                what=f"Results of {run.name}", record=run.id, owner=matters.owners.of(run), due=due,
                as_of=matters.as_of, why=f"last result of the run {_when(matters, due, None)}",
                gravity="high" if due < matters.as_of else "low", site=run.site,
            )  # fmt: skip


def disputed(matters: Matters) -> Iterator[AgendaItem]:
    """What the parties disagree on and nobody has settled."""
    package = matters.package
    yield from (_dispute(matters, one) for one in disputes(package) if not one.closed)
    for item in package.in_force(Assumption):
        if item.status in (None, "open") and differing_positions(item):
            against = [package.label(one.party) for one in item.positions if one.agrees is False]
            yield line(
                what=item.statement or item.name, record=item.id, owner=matters.owners.of(item),
                due=matters.dates.planned(item.due_gate, item.site), as_of=matters.as_of,
                why=f"assumption that {' and '.join(dict.fromkeys(against))} does not share",
                gravity="high" if item.impact == "high" else "medium", site=item.site,
            )  # fmt: skip
    yield from _readiness(matters)
    for conflict in conflicts(package):
        if not conflict.priorities:
            names = f"{package.label(conflict.first)} and {package.label(conflict.second)}"
            record = package.records[conflict.named_by]
            yield line(
                what=names, record=record.id, owner=matters.owners.of(record), due=None, as_of=matters.as_of,
                why="objectives in conflict, without an agreed priority", gravity="medium",
            )  # fmt: skip


def _readiness(matters: Matters) -> Iterator[AgendaItem]:
    """Readiness items that the two parties score two or more apart."""
    for one in scored_items(matters.package, matters.as_of):
        if one.disagrees:
            item = one.record
            gaps = item.weight in (None, STOPPING_WEIGHT)
            yield line(
                what=item.criterion or item.name, record=item.id, owner=matters.owners.of(item),
                due=matters.dates.planned(item.due_gate, item.site), as_of=matters.as_of,
                why=f"readiness: the sending unit says {one.sending.stated}, the receiving unit {one.receiving.stated}",
                gravity="high" if gaps else "medium", site=item.site,
            )  # fmt: skip


def _dispute(matters: Matters, one: Dispute) -> AgendaItem:
    package = matters.package
    read_back, item = package.get(one.record, ReadBack), package.get(one.open_item, OpenItem)
    due = matters.dates.due(item.due, item.due_gate, one.site) if item else None
    about = package.label(read_back.about) if read_back and read_back.about else package.label(one.record)
    if read_back is None:
        why = "the parties disagree on this open item"
    else:
        on = f" on {read_back.answered_on}" if read_back.answered_on else ""
        why = f"the read-back of {about} was disagreed with{on}"
        why += f"; open item {item.id}" if item else "; no open item carries it"
    soon = bool(item) and matters.asked_by_next_gate(item.due_gate if item else None, one.site)
    gravity: Gravity = "high" if item is None or soon or (due is not None and due < matters.as_of) else "medium"
    return line(
        what=(item.question or item.name) if item else about, record=one.record,
        owner=matters.owners.of(item or read_back), due=due, as_of=matters.as_of,
        why=why, gravity=gravity, site=one.site,
    )  # fmt: skip


def exchanges(matters: Matters) -> Iterator[AgendaItem]:
    """Recurring exchanges that were not held: never, or not for twice their cadence."""
    for item in matters.package.in_force(Communication):
        owner = matters.owners.of(item)
        if item.last_held is None:
            yield line(
                what=item.name, record=item.id, owner=owner, due=None, as_of=matters.as_of,
                why="nothing says that it was ever held", gravity="medium",
            )  # fmt: skip
        elif missed(item, matters.as_of):
            yield line(
                what=item.name, record=item.id, owner=owner, due=due_again(item), as_of=matters.as_of,
                why=f"last held on {item.last_held}, more than twice its {item.cadence_days} days ago",
                gravity="medium",
            )  # fmt: skip
