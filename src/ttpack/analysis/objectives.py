"""What each party wants of the transfer, where that conflicts, and which outcome both of them measure."""

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

from ttpack.analysis.ownership import Party, party_of_reference
from ttpack.analysis.parties import party_of
from ttpack.analysis.placeholders import written
from ttpack.model.governance import Decision, Objective, Organisation
from ttpack.model.package import Package

TOPICS: Final = frozenset({"speed", "yield", "cost", "capacity", "robustness"})
"""Topics on which each party lists at least one objective."""
_NUMBER = re.compile(r"\d")
_SEPARATORS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two objectives that cannot both be met in full, however many of the two records say so; ids in order.

    `named_by` is the first record that names the other. `priorities` are the agreed priorities of both, in words.
    """

    first: str
    second: str
    named_by: str
    priorities: tuple[str, ...]


def objective_party(package: Package, item: Objective) -> Party | None:
    """Whose objective it is; None where the package does not say, or it is of both."""
    if item.party is None:
        return None
    said: dict[str, Party] = {"sending": "sending", "receiving": "receiving"}
    return said.get(item.party) or party_of_reference(package, item.party)


def conflicts(package: Package) -> tuple[Conflict, ...]:
    """Each pair of objectives in force that conflict, once, in the order of their ids."""
    known = {item.id: item for item in package.in_force(Objective)}
    pairs: dict[tuple[str, str], str] = {}
    for item in known.values():
        for other in item.conflicts_with:
            if other in known and other != item.id:
                pairs.setdefault((min(item.id, other), max(item.id, other)), item.id)
    return tuple(
        Conflict(first, second, named_by, tuple(
            text for one in (first, second) if written(text := known[one].agreed_priority) and text
        ))
        for (first, second), named_by in sorted(pairs.items())
    )  # fmt: skip


def has_actual(item: Objective, as_of: date) -> bool:
    """Whether it states what was reached: words with a number, not read after the date of the answer."""
    given = written(item.actual) and _NUMBER.search(item.actual or "") is not None
    return given and not (item.actual_on and item.actual_on > as_of)


def shared_objectives(package: Package) -> tuple[Objective, ...]:
    """Those that both parties share: they say so, or both parties list the same metric."""
    items = package.in_force(Objective)
    parties: dict[str, set[Party | None]] = defaultdict(set)
    for item in items:
        parties[_metric(item)].add(objective_party(package, item))
    both = {metric for metric, of in parties.items() if metric and {"sending", "receiving"} <= of}
    return tuple(item for item in items if item.shared or _metric(item) in both)


def _metric(item: Objective) -> str:
    return _SEPARATORS.sub(" ", (item.metric or "").lower()).strip()


def losing_party(package: Package, item: Decision) -> str | None:
    """The party whose objective a decision disfavours; None where nothing says."""
    objective = package.get(item.objective_disfavoured, Objective)
    return objective_party(package, objective) if objective else None


def organisation_of(package: Package, party: str) -> str:
    """The organisation of a party whose record speaks for it; nothing where there are several, or none."""
    found = [one.id for one in package.in_force(Organisation) if party_of(package, one.id) == party]
    return found[0] if len(found) == 1 else ""
