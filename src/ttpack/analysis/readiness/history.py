"""How readiness grew: the scores at each revision that touched an item, and what jumped just before a gate.

A score that rises in the days before a gate is not wrong, but somebody has to have seen it (alignment.md).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, Final

from ttpack.analysis.readiness.categories import CODE, category_weights, shown
from ttpack.analysis.readiness.items import scored_items
from ttpack.analysis.readiness.scores import CategoryScore, category_scores, minimum, weighted_mean
from ttpack.analysis.thresholds import threshold
from ttpack.model.gates import Gate
from ttpack.model.package import Package

JUMP_DAYS: Final = 14
LEAST_JUMP: Final = Fraction(1, 10)
_KINDS: Final = frozenset({"readiness_item", "role", "person", "organisation", "site", "change_record"})


@dataclass(frozen=True, slots=True)
class Point:
    """Readiness of a site at one revision: `name` is its tag, or nothing; `commit` is empty for files on disk."""

    when: date
    name: str
    commit: str
    minimum: Fraction
    mean: Fraction | None
    categories: tuple[CategoryScore, ...]

    @property
    def items(self) -> int:
        """How many items the site had."""
        return sum(one.items for one in self.categories)

    def same_scores(self, other: "Point") -> bool:
        """Whether another point has the same score in every category."""
        return [(one.category, one.score, one.items) for one in self.categories] == [
            (one.category, one.score, one.items) for one in other.categories
        ]

    def as_json(self) -> dict[str, Any]:
        """The point as a JSON object."""
        return {
            "when": self.when.isoformat(), "revision": self.name or None, "commit": self.commit or None,
            "minimum": shown(self.minimum), "mean": shown(self.mean), "items": self.items,
            "categories": {one.category: shown(one.score) for one in self.categories},
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class GateMark:
    """A date of a gate of the site, planned or decided."""

    gate: str
    record: str
    what: str
    when: date


@dataclass(frozen=True, slots=True)
class Jump:
    """A rise of the minimum or the mean within the days before a date of a gate."""

    mark: GateMark
    figure: str
    before: Fraction
    after: Fraction

    def as_json(self) -> dict[str, Any]:
        """The jump as a JSON object."""
        return {
            "gate": self.mark.gate, "record": self.mark.record, "date": self.mark.when.isoformat(),
            "of": self.mark.what, "figure": self.figure, "before": shown(self.before), "after": shown(self.after),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ReadinessHistory:
    """The points of one site, oldest first. `said` tells what the history does not hold, or is empty."""

    site: str
    points: tuple[Point, ...] = ()
    marks: tuple[GateMark, ...] = ()
    jumps: tuple[Jump, ...] = ()
    said: str = ""

    def as_json(self) -> dict[str, Any]:
        """The history as a JSON object."""
        return {
            "points": [one.as_json() for one in self.points], "jumps": [one.as_json() for one in self.jumps],
            "said": self.said or None,
        }  # fmt: skip


def needed(raws: Mapping[str, Mapping[str, Any]]) -> frozenset[str]:
    """The ids of the records that scores rest on: items, who scores and verifies, and the evidence that items name."""
    found = set()
    for name, raw in raws.items():
        if raw.get("kind") in _KINDS:
            found.add(name)
        if raw.get("kind") == "readiness_item" and isinstance(raw.get("evidence"), list):
            found.update(one for one in raw["evidence"] if isinstance(one, str))
    return frozenset(found)


def points_of(package: Package, sites: Iterable[str], when: date, name: str, commit: str) -> Mapping[str, Point]:
    """The readiness of each site at a revision, on its date, by the weights it had then."""
    weights, items = category_weights(package), scored_items(package, when)
    found = {}
    for site in sites:
        here = tuple(category_scores((one for one in items if one.record.site in (None, site)), weights))
        found[site] = Point(when, name, commit, minimum(here), weighted_mean(here), here)
    return found


def history_of(package: Package, site: str, points: Iterable[Point], said: str = "") -> ReadinessHistory:
    """The history of a site from its points, in whatever order; it begins with the first that has an item."""
    ordered = sorted(points, key=lambda one: one.when)
    while ordered and not ordered[0].items:
        ordered.pop(0)
    marks = tuple(_marks(package, site))
    least = threshold(package, CODE, "jump", LEAST_JUMP)
    jumps = tuple(jump for mark in marks for jump in _jumps(ordered, mark, least))
    return ReadinessHistory(site, tuple(ordered), marks, jumps, said)


def _marks(package: Package, site: str) -> Iterator[GateMark]:
    """The dates of the gates of a site, once where plan and decision are the same day."""
    found: dict[tuple[date, str], GateMark] = {}
    for gate in package.in_force(Gate):
        if gate.site == site and gate.gate:
            for what, when in (("decided", gate.decided_on), ("planned", gate.planned_on)):
                if when is not None:
                    found.setdefault((when, gate.gate), GateMark(gate.gate, gate.id, what, when))
    yield from (found[key] for key in sorted(found))


def _jumps(points: Sequence[Point], mark: GateMark, least: Fraction) -> Iterator[Jump]:
    """What rose from before the window to the date of a gate: one step, or many small ones, alike."""
    start = mark.when - timedelta(days=JUMP_DAYS) if mark.when.toordinal() > JUMP_DAYS else date.min
    until = [one for one in points if one.when <= mark.when]
    inside = [one for one in until if one.when >= start]
    if not inside:
        return
    first = len(until) - len(inside)
    before, after = until[max(first - 1, 0)], until[-1]
    for figure, was, now in (("minimum", before.minimum, after.minimum), ("mean", before.mean, after.mean)):
        if was is not None and now is not None and now - was >= least:
            yield Jump(mark, figure, was, now)
