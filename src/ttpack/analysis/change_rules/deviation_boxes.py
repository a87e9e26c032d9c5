"""What rows of the classification of deviations cover, piece by piece, and how grave each piece is held.

A row covers parameter classes, parameters and stages (empty: all) but for parameters that it excepts, an interval of
the value, durations, a site and an event; without interval and event it covers nothing. Pieces are single classes,
intervals and stretches of duration, so that a row split in two loses nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise, product
from math import prod
from typing import Any

from ttpack.analysis.change_rules.limits import Limits, Own, range_limits

CLASSES = ("not_a_deviation", "event", "minor", "major", "critical")
SPONSOR = ("site_handles", "sponsor_informed", "sponsor_decides")
INTERVALS = ("inside_nor", "nor_to_par", "outside_par", "beyond_edge_of_failure")
_LISTS = ("parameter_classes", "parameters", "stages")
_ONE = ("event", "site", "applies_to")
_NO_DEVIATION = 0
_MOST_PIECES = 2000


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the classification, its durations in base units; `unreadable` where they cannot be compared."""

    lists: Mapping[str, frozenset[str]]
    excepted: frozenset[str]
    ones: Mapping[str, Any]
    intervals: frozenset[str]
    duration: Limits | None
    unreadable: bool
    grave: tuple[int, int]

    @property
    def no_deviation(self) -> bool:
        """Whether the row says that what it covers is none."""
        return self.grave[0] == _NO_DEVIATION

    def covers(self, piece: "Piece") -> bool:
        """Whether the row says something of a piece."""
        return (
            piece.interval in self.intervals
            and piece.parameter not in self.excepted
            and all(
                not self.lists[name] or one in self.lists[name] for name, one in zip(_LISTS, piece.lists, strict=True)
            )
            and all(self.ones[name] is None or self.ones[name] == piece.ones[name] for name in _ONE)
            and not self.unreadable
            and (self.duration is None or (piece.duration is not None and _holds(self.duration, piece.duration)))
        )

    def as_grave_as(self, other: "Row") -> bool:
        """Whether class and the sponsor's part are no lower."""
        return self.grave[0] >= other.grave[0] and self.grave[1] >= other.grave[1]


@dataclass(frozen=True, slots=True)
class Piece:
    """One interval of one class in one stage, at one duration; None stands for any."""

    lists: tuple[str | None, ...]
    ones: Mapping[str, Any]
    interval: str
    duration: Fraction | None

    @property
    def parameter(self) -> str | None:
        """The parameter it is about."""
        return self.lists[_LISTS.index("parameters")]


def row(raw: Mapping[str, Any], own: Own) -> Row:
    """A raw deviation rule as a row."""
    given = raw.get("interval")
    every = INTERVALS if given == "any" or raw.get("event") else ()
    duration = range_limits(raw.get("duration"), raw.get("duration_unit"), own)
    return Row(
        lists={name: frozenset(map(str, raw.get(name) or ())) for name in _LISTS},
        excepted=frozenset(map(str, raw.get("except_parameters") or ())),
        ones={name: raw.get(name) for name in _ONE},
        intervals=frozenset({given} if given in INTERVALS else every),
        duration=duration,
        unreadable=bool(raw.get("duration")) and duration is None,
        grave=(_rank(raw.get("deviation_class"), CLASSES), _rank(raw.get("sponsor_role"), SPONSOR)),
    )


def held(former: Row, rows: Sequence[Row]) -> bool:
    """Whether every piece that a row covered is covered by a row as grave; not shown where there are too many."""
    grave = [one for one in rows if one.as_grave_as(former)]
    choices: list[list[str | None]] = [[*sorted(former.lists[name])] or [None] for name in _LISTS]
    if not former.lists["parameters"]:
        # what a row excepts now is a piece of its own: another row has to cover it
        choices[_LISTS.index("parameters")] += sorted({name for one in grave for name in one.excepted})
    points = _points(former.duration, [one.duration for one in rows if one.duration])
    if prod(map(len, choices)) * len(points) > _MOST_PIECES:
        return False
    return all(
        any(one.covers(Piece(named, former.ones, interval, point)) for one in grave)
        for named in product(*choices)
        if named[_LISTS.index("parameters")] not in former.excepted
        for interval, point in product(sorted(former.intervals), points)
    )


def overlap(first: Row, second: Row) -> bool:
    """Whether two rows may be about the same deviation."""
    return (
        all(
            not first.lists[name] or not second.lists[name] or first.lists[name] & second.lists[name] for name in _LISTS
        )
        and all(None in (first.ones[name], second.ones[name]) or first.ones[name] == second.ones[name] for name in _ONE)
        and not _excepts(first, second)
        and not _excepts(second, first)
        and bool(first.intervals & second.intervals)
        and not _apart(first.duration, second.duration)
    )


def _excepts(first: Row, second: Row) -> bool:
    """Whether the one excepts all parameters that the other is about."""
    about = second.lists["parameters"]
    return bool(about) and about <= first.excepted


def _apart(first: Limits | None, second: Limits | None) -> bool:
    if first is None or second is None or first.measure != second.measure:
        return False
    return any(
        one.high is not None and other.low is not None and one.high <= other.low
        for one, other in ((first, second), (second, first))
    )


def _points(within: Limits | None, others: list[Limits]) -> list[Fraction | None]:
    """A duration from each stretch between two ends; None alone where nobody speaks of durations."""
    ends = {end for one in (*others, within) if one for end in (one.low, one.high) if end is not None}
    cuts = sorted(ends)
    if not cuts:
        return [None]
    points = [cuts[0] - 1, *((low + high) / 2 for low, high in pairwise(cuts)), cuts[-1] + 1]
    return [point for point in points if within is None or _holds(within, point)]


def _holds(given: Limits, point: Fraction) -> bool:
    return (given.low is None or point >= given.low) and (given.high is None or point <= given.high)


def _rank(value: Any, order: tuple[str, ...]) -> int:
    return order.index(value) if value in order else -1
