"""The rule on open items and decisions: an owner, a date, an escalation, a record (GOV-04)."""

from collections.abc import Iterator, Mapping

from ttpack.analysis.disputes import Dispute, decisions_on, disputes, is_taken, open_items
from ttpack.analysis.due_dates import DueDates
from ttpack.analysis.placeholders import written
from ttpack.model.findings import Problem
from ttpack.model.gates import Gate
from ttpack.model.governance import Decision, Person, Role
from ttpack.model.ids import is_record_id, prefix
from ttpack.model.kinds import PREFIXES
from ttpack.model.knowledge import OpenItem
from ttpack.model.package import Package
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

DECIDED = ("pass", "conditional", "fail")
_CUSTOMARY = frozenset(head for heads in PREFIXES.values() for head in heads)


@rule("GOV-04", COMPLETENESS, from_gate="G3", basis="Niazi: ownership")
def open_item_or_decision_without_trace(package: Package, context: Context) -> Iterator[Outcome]:
    """An open item has no owner of the directory, no date, or is late and not escalated; a decision has no record.

    The owner is a role or a person of the package who has not left. The date is a due date or a due gate. What is
    overdue (by its own date, else by the planned date of its gate) is escalated to somebody other than its owner, on
    the day it was due or later. A decided gate names its decision record, or a decision names the gate, or is among its
    evidence. A closed dispute (a disputed open item, or that of a read-back that was disagreed with) is named by a
    decision. Drafts of decisions do not count.
    Why: a question that nobody owns is answered by whoever meets it first, and a decision without a record is taken
    again.
    Resolve: name owner and date, escalate what is late, and write the decision with who decided and why.
    """
    left = {one.id: one.left for one in package.of(Person) if one.left and one.left <= context.as_of}
    dates = DueDates(package)
    for item in open_items(package):
        yield from _owner(package, item, left)
        yield from _date(item, dates, context)
    decisions = decisions_on(package)
    for gate in package.in_force(Gate):
        if gate.decision in DECIDED and not _gate_recorded(package, gate, decisions):
            words = f"{gate.name} was decided ({gate.decision}), but no decision record says so"
            yield gate.at("decision_record"), words
    for one in disputes(package):
        if one.closed and not _settled(package, one, decisions):
            place = package.records[one.open_item].at("status")
            words = f"the dispute on {package.label(one.open_item)} is closed, but no decision record settles it"
            yield Problem(place, words, site=one.site)


def _owner(package: Package, item: OpenItem, left: Mapping[str, object]) -> Iterator[Outcome]:
    name = " ".join((item.owner or "").split())
    if not name:
        yield item.at("owner"), f"{item.name} has no owner"
    elif name in left:
        yield item.at("owner"), f"{item.name} is owned by {package.label(name)}, who left on {left[name]}"
    elif not _in_directory(package, name) and not _dangles(package, name):
        yield item.at("owner"), f"{item.name} is owned by {package.label(name)[:60]}, no role or person of the package"


def _in_directory(package: Package, name: str) -> bool:
    record = package.records.get(name)
    return isinstance(record, Role | Person) and record.in_force


def _dangles(package: Package, name: str) -> bool:
    """Whether it is an id without a record, which the rule on references finds."""
    if not is_record_id(name) or name in package.records:
        return False
    return name in package.unreadable_ids or prefix(name) in _CUSTOMARY


def _date(item: OpenItem, dates: DueDates, context: Context) -> Iterator[Outcome]:
    if item.due is None and item.due_gate is None:
        yield item.at("due"), f"{item.name} has neither a due date nor a due gate"
        return
    due = dates.due(item.due, item.due_gate, item.site)
    if due is None or due >= context.as_of:
        return
    late = f"{item.name} was due on {due}, {(context.as_of - due).days} days ago"
    if not written(item.escalated_to):
        yield item.at("escalated_to"), f"{late}, and is not escalated"
    elif item.escalated_to == item.owner:
        yield item.at("escalated_to"), f"{late}, and is escalated to its own owner"
    elif item.escalated_on is None:
        yield item.at("escalated_on"), f"{late}, and does not say when it was escalated"
    elif item.escalated_on > context.as_of:
        yield item.at("escalated_on"), f"{late}, and is to be escalated only on {item.escalated_on}"
    elif item.escalated_on < due:
        yield item.at("escalated_on"), f"{late}; it was escalated on {item.escalated_on}, before it was late"


def _gate_recorded(package: Package, gate: Gate, decisions: Mapping[str, tuple[Decision, ...]]) -> bool:
    if gate.decision_record:
        record = package.get(gate.decision_record, Decision)
        # an id that leads nowhere, or to another kind, is found by the rule on references
        return record is None or (record.in_force and is_taken(record))
    cited = (package.get(one, Decision) for one in gate.evidence)
    return gate.id in decisions or any(one is not None and is_taken(one) for one in cited)


def _settled(package: Package, one: Dispute, decisions: Mapping[str, tuple[Decision, ...]]) -> bool:
    if one.record in decisions or one.open_item in decisions:
        return True
    item = package.get(one.open_item, OpenItem)
    cited = (package.get(other, Decision) for other in (item.relates_to if item else ()))
    return any(decision is not None and is_taken(decision) for decision in cited)
