"""Questions that are open, disagreements of the parties, and the decisions that settled them."""

from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from ttpack.model.governance import Decision
from ttpack.model.knowledge import Assumption, OpenItem, ReadBack
from ttpack.model.package import Package
from ttpack.model.status import STANDING

NO_LONGER_OPEN: Final = frozenset({"answered", "closed"})


@dataclass(frozen=True, slots=True)
class Dispute:
    """A disagreement: the read-back or the open item that states it, and the open item that carries it, if any.

    `closed` says that its open item is closed.
    """

    record: str
    open_item: str
    site: str | None
    closed: bool


def is_open(item: OpenItem) -> bool:
    """Whether a question still waits for its answer."""
    return item.in_force and item.status not in NO_LONGER_OPEN


def open_items(package: Package) -> tuple[OpenItem, ...]:
    """The questions that still wait, in the order of their ids."""
    return tuple(item for item in package.of(OpenItem) if is_open(item))


def disputes(package: Package) -> tuple[Dispute, ...]:
    """Each disagreement once: a read-back that is disagreed with, with its open item; then other disputed items."""
    found, carried = [], set()
    for read_back in package.in_force(ReadBack):
        if read_back.answer == "disagree":
            item = package.get(read_back.open_item, OpenItem)
            carried.add(item.id if item else "")
            closed = item is not None and item.status == "closed"
            found.append(Dispute(read_back.id, item.id if item else "", read_back.site, closed))
    others = (item for item in package.in_force(OpenItem) if item.disputed and item.id not in carried)
    return (*found, *(Dispute(item.id, item.id, item.site, item.status == "closed") for item in others))


def differing_positions(item: Assumption) -> bool:
    """Whether one party says that it does not share an assumption."""
    return any(position.agrees is False for position in item.positions)


def is_taken(decision: Decision) -> bool:
    """Whether a decision counts: in force, and not in preparation."""
    return decision.status in STANDING


def decisions_on(package: Package) -> dict[str, tuple[Decision, ...]]:
    """The decisions taken (in force, and no draft) by the records that they affect."""
    found: dict[str, list[Decision]] = defaultdict(list)
    for decision in filter(is_taken, package.in_force(Decision)):
        for record_id in dict.fromkeys(decision.affected):
            found[record_id].append(decision)
    return {record_id: tuple(decisions) for record_id, decisions in found.items()}
