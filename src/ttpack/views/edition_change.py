"""What changed since an earlier revision, as the readers of an edition may know it: both revisions redacted first."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ttpack.analysis.change_control import ChangeControl, change_control
from ttpack.analysis.change_records import control_aside
from ttpack.analysis.change_rules.rule import ChangeRule
from ttpack.analysis.change_rules.sides import Sides, State
from ttpack.analysis.diff import Side, diff
from ttpack.analysis.editions.edition import Edition
from ttpack.analysis.editions.redact import redacted
from ttpack.analysis.impact import impact
from ttpack.analysis.index import Index, merged
from ttpack.analysis.unwritten_changes import attachment_changes, unit_meaning_changes
from ttpack.model.package import Package
from ttpack.model.regulatory import RegulatoryProfile
from ttpack.views.blocks import Page
from ttpack.views.change import change_page
from ttpack.views.since import Since


@dataclass(frozen=True)
class Earlier:
    """An earlier revision by name, and what the classes of changes follow from; read when an edition asks for it."""

    revision: str
    read: Callable[[], Package]
    rules: Mapping[str, ChangeRule]
    profiles: Mapping[str, RegulatoryProfile]

    @cached_property
    def package(self) -> Package:
        """The whole package of that revision."""
        return self.read()


def edition_change(earlier: Earlier, whole: Package, held: Package, edition: Edition) -> tuple[Page, Since]:
    """The page of the change from the earlier revision to what an edition holds, and the records it altered.

    What is withheld now is withheld of the earlier revision too, whatever label it had then.
    """
    withheld = (whole.records.keys() | whole.unreadable_ids) - held.records.keys()
    before = redacted(earlier.package, edition, withheld)
    control = _control(earlier, before, held)
    changed = frozenset(one.record for one in control.impact.changes if not one.editorial)
    return change_page(control), Since(earlier.revision, changed)


def _control(earlier: Earlier, before: Package, after: Package) -> ChangeControl:
    indexes = Index.of(before), Index.of(after)
    sides = _side(before), _side(after)
    found = [*diff(*sides), *unit_meaning_changes(before, after), *attachment_changes(*indexes)]
    changes = control_aside(sorted(found, key=lambda change: change.record))
    whole = merged(*indexes)
    context: dict[str, Any] = {
        "from": {"revision": earlier.revision, "commit": None},
        "to": {"revision": after.revision.name, "commit": None},
        "not_assessed": [],
        "findings": [],
        "overlays_not_compared": [],
    }
    first, last = (State(side, index, _reader(side)) for side, index in zip(sides, indexes, strict=True))
    reached = impact(changes, whole, context)
    return change_control(reached, Sides(first, last, whole, changes), earlier.rules, earlier.profiles)


def _side(package: Package) -> Side:
    bodies = {key: record.body for key, record in package.records.items() if record.body}
    return Side(records=package.raw, bodies=bodies, own_units=package.own_units)


def _reader(side: Side) -> Callable[[Iterable[str]], Mapping[str, Mapping[str, Any]]]:
    def read(ids: Iterable[str]) -> Mapping[str, Mapping[str, Any]]:
        wanted: Collection[str] = [one for one in ids if one in side.records]
        return {
            one: {**side.records[one], "body": side.bodies[one]} if one in side.bodies else side.records[one]
            for one in wanted
        }

    return read
