"""Read-backs: what the receiving unit has to say in its own words, and what the sending unit answered."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from ttpack.analysis.disputes import is_open
from ttpack.analysis.know_how import counts
from ttpack.analysis.placeholders import written
from ttpack.model.knowledge import OpenItem, ReadBack
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import Step

CRITICAL: Final = frozenset({"CPP", "WC-CPP"})
Why = Literal["critical_parameter", "controls_critical_parameter", "manual_skill"]
State = Literal["missing", "unanswered", "agree", "disagree"]


@dataclass(frozen=True, slots=True)
class Needed:
    """A step or a parameter that has to be read back, and why."""

    record: Step | ProcessParameter
    unit_operation: str | None
    why: tuple[Why, ...]


def needed_read_backs(package: Package) -> tuple[Needed, ...]:
    """Critical parameters, and steps that control one or need a trained hand: by unit operation, then by id."""
    critical = {item.id for item in package.parameters if item.classification in CRITICAL}
    found = [Needed(item, item.unit_operation, ("critical_parameter",)) for item in package.parameters
             if item.id in critical]  # fmt: skip
    by_step: dict[str, set[str]] = defaultdict(set)
    for item in package.parameters:
        for step_id in item.steps if item.id in critical else ():
            by_step[step_id].add(item.id)
    for step in package.in_force(Step):
        why: list[Why] = []
        if critical.intersection(step.parameters) or by_step.get(step.id):
            why.append("controls_critical_parameter")
        if step.manual_skill:
            why.append("manual_skill")
        if why:
            found.append(Needed(step, step.unit_operation, tuple(why)))
    order = {unit.id: place for place, unit in enumerate(package.unit_operations)}
    return tuple(sorted(found, key=lambda one: (order.get(one.unit_operation or "", len(order)), one.record.id)))


def site_of(package: Package, item: ReadBack) -> str | None:
    """The receiving site a read-back is of; where it names none, the only one there is."""
    if item.site:
        return item.site
    return package.receiving_sites[0] if len(package.receiving_sites) == 1 else None


def latest_read_backs(package: Package) -> Mapping[tuple[str, str], ReadBack]:
    """The newest read-back that counts by site and by what it is about; a later one answers an earlier one."""
    found: dict[tuple[str, str], ReadBack] = {}
    for item in package.in_force(ReadBack):
        site = site_of(package, item)
        if site and item.about and counts(item):
            key = (site, item.about)
            known = found.get(key)
            if known is None or (item.stated_on or date.min) >= (known.stated_on or date.min):
                found[key] = item
    return found


def state_of(item: ReadBack | None) -> State:
    """How a read-back stands."""
    if item is None:
        return "missing"
    return item.answer or "unanswered"


def unsettled_because(package: Package, item: ReadBack) -> str:
    """Why the disagreement of a read-back is carried by no open item, in words; empty where it is.

    An open item carries it while it waits, and once it has an answer. One that does not exist is another rule's
    finding.
    """
    if not item.open_item:
        return "and names no open item that carries it"
    record = package.records.get(item.open_item)
    if not isinstance(record, OpenItem) or is_open(record):
        return ""
    if not record.in_force:
        return f"and its open item {record.name} is {record.status}"
    return "" if written(record.answer) else f"and its open item {record.name} is {record.status} without an answer"
