"""Whether the classification is total and unambiguous: every reachable cell by exactly one row, proved, not sampled.

A cell is a parameter at a site, an interval that its recorded ranges create there, a stretch of durations, and a
stage. Parameters that no row tells apart are one group, and so are sites: 5,000 parameters at 200 sites are a few
dozen groups.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from ttpack.analysis.deviations.book import Row, Rulebook
from ttpack.analysis.deviations.limits import INTERVALS
from ttpack.analysis.deviations.matching import Stretch, joined, row_covers_parameter, stretches
from ttpack.analysis.deviations.stages import covers_stage
from ttpack.analysis.intervals import Interval

NO_CLASS = "no class"
EXCURSIONS = INTERVALS[1:]
"""Intervals outside the normal range."""


@dataclass(frozen=True, slots=True)
class Missing:
    """Cells that no row covers: an interval, a stretch of durations, stages, sites, and the classes of parameters.

    `examples` names one parameter of each class. `site` is None where every site lacks a row.
    """

    interval: str
    duration: Interval
    stages: tuple[str, ...]
    site: str | None
    examples: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Doubled:
    """A row that covers what an earlier one covers already, with one such cell."""

    second: str
    first: str
    others: int
    event: str | None
    interval: str
    duration: Interval
    stage: str
    site: str
    example: str


@dataclass(frozen=True, slots=True)
class _Group:
    """Parameters that no row tells apart; the intervals that exist at each site, each with one parameter."""

    classification: str | None
    rows: tuple[Row, ...]
    reachable: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Coverage:
    """What the rows about parameters cover, or those about one event."""

    missing: tuple[Missing, ...]
    doubled: tuple[Doubled, ...]


def coverage(book: Rulebook) -> Coverage:
    """The proof for excursions of parameters."""
    rows = [one for one in book.rows if one.event is None]
    return _Proof(book, list(_groups(book, rows)), INTERVALS).coverage()


def excursion_coverage(book: Rulebook, event: str) -> Coverage:
    """The proof for rows of what makes an excursion graver, such as `repeat`: every class, outside its normal range."""
    rows = [one for one in book.rows if one.event == event]
    return _Proof(book, list(_groups(book, rows)), EXCURSIONS).coverage()


def event_coverage(book: Rulebook, event: str) -> Coverage:
    """The proof for an event without a parameter: every stage, site and duration."""
    rows = tuple(one for one in book.rows if one.event == event and row_covers_parameter(one, None, None))
    anywhere = {site: {event: ""} for site in book.sites}
    return _Proof(book, [_Group(None, rows, anywhere)], (event,)).coverage()


def _groups(book: Rulebook, rows: Sequence[Row]) -> Iterator[_Group]:
    """Parameters by class and by the rows that name them."""
    naming: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        for one in dict.fromkeys((*row.parameters, *row.except_parameters)):
            naming[one].append(row)
    of_class: dict[str | None, tuple[Row, ...]] = {}
    found: dict[tuple[str | None, tuple[str, ...]], list[str]] = defaultdict(list)
    for name, entry in book.parameters.items():
        found[entry.classification, tuple(row.id for row in naming.get(name, ()))].append(name)
    for (classification, _), names in found.items():
        if classification not in of_class:
            general = (row for row in rows if not row.parameters)
            of_class[classification] = tuple(row for row in general if not row.classes or classification in row.classes)
        candidates = {row.id: row for row in (*of_class[classification], *naming.get(names[0], ()))}
        about = tuple(row for row in candidates.values() if row_covers_parameter(row, names[0], classification))
        yield _Group(classification, tuple(sorted(about, key=lambda row: row.id)), _reachable(book, names))


def _reachable(book: Rulebook, names: Sequence[str]) -> dict[str, dict[str, str]]:
    """By site the intervals that exist there, each with the first parameter that has it."""
    everywhere: dict[str, str] = {}
    own: list[str] = []
    for name in names:
        entry = book.parameters[name]
        if entry.at:
            own.append(name)
            continue
        for interval in book.limits[entry.limits].reachable:
            everywhere.setdefault(interval, name)
    found = {site: dict(everywhere) for site in book.sites}
    for name in own:
        for site, here in found.items():
            for interval in book.limits_of(name, site).reachable:
                here.setdefault(interval, name)
    return found


_Wrong = tuple[Stretch, tuple[Row, ...]]
"""A stretch that is not covered exactly once, and the rows that cover it."""


class _Cell(NamedTuple):
    site: str
    interval: str
    stage: str
    example: str


class _Proof:
    """Groups against their rows, in every stage, at every site that rows tell apart."""

    def __init__(self, book: Rulebook, groups: Sequence[_Group], intervals: Sequence[str]) -> None:
        self.book, self.groups, self.intervals = book, groups, intervals
        self._missing: dict[tuple[str, Interval, str, str], dict[str, str]] = defaultdict(dict)
        self._covered: set[tuple[str, str]] = set()
        self._doubled: dict[str, Doubled] = {}
        self._firsts: dict[str, set[str]] = defaultdict(set)

    def coverage(self) -> Coverage:
        """What is missing and what is doubled, in order."""
        for group in self.groups:
            self._judge(group)
        found = (replace(one, others=len(self._firsts[one.second]) - 1) for one in self._doubled.values())
        doubled = sorted(found, key=lambda one: one.second)
        return Coverage(tuple(self._gathered()), tuple(doubled))

    def _judge(self, group: _Group) -> None:
        known: dict[tuple[str | None, str, str], list[_Wrong]] = {}
        named = {row.site for row in group.rows}
        for site, reachable in group.reachable.items():
            for interval in self.intervals:
                if interval not in reachable:
                    continue
                for stage in self.book.stages:
                    key = (site if site in named else None, interval, stage)
                    if key not in known:
                        known[key] = self._covering(group, site, interval, stage)
                    self._note(known[key], group, _Cell(site, interval, stage, reachable[interval]))

    def _covering(self, group: _Group, site: str, interval: str, stage: str) -> list[_Wrong]:
        """The stretches of one cell that are not covered exactly once, each with the rows that cover it."""
        rows = [
            row
            for row in group.rows
            if row.site in (None, site)
            and covers_stage(row.stages, stage)
            and (row.event is not None or not row.intervals or interval in row.intervals)
            and (row.event is None or interval not in INTERVALS or interval in row.intervals)
        ]
        # a row that cannot be read is a finding of its own, and might cover what seems to be missing
        sure = [row for row in rows if not row.duration_open and row.intervals]
        found = []
        for stretch in stretches(row.duration for row in sure):
            covering = tuple(row for row in sure if stretch.within(row.duration))
            if len(covering) > 1 or (not covering and len(sure) == len(rows)):
                found.append((stretch, covering))
        return found

    def _note(self, wrong: Sequence[_Wrong], group: _Group, cell: "_Cell") -> None:
        for duration in joined([stretch for stretch, rows in wrong if not rows]):
            found = self._missing[cell.interval, duration, cell.stage, cell.site]
            found.setdefault(group.classification or NO_CLASS, cell.example)
        for stretch, rows in wrong:
            for row in rows[1:]:
                self._firsts[row.id].add(rows[0].id)
                place = cell.interval, stretch.ends, cell.stage, cell.site, cell.example
                self._doubled.setdefault(row.id, Doubled(row.id, rows[0].id, 0, row.event, *place))

    def _gathered(self) -> Iterator[Missing]:
        """Missing cells put together: over stages, over classes, and over sites where every site lacks them."""
        stages: dict[tuple[str, Interval, str], list[str]] = defaultdict(list)
        examples: dict[tuple[str, Interval, str], dict[str, str]] = defaultdict(dict)
        for (interval, duration, stage, site), found in self._missing.items():
            stages[interval, duration, site].append(stage)
            examples[interval, duration, site].update(found)
        sites: dict[tuple[str, Interval, tuple[str, ...]], dict[str, dict[str, str]]] = defaultdict(dict)
        for (interval, duration, site), named in stages.items():
            ordered = tuple(one for one in self.book.stages if one in named)
            sites[interval, duration, ordered][site] = examples[interval, duration, site]
        reached: dict[str, set[str]] = defaultdict(set)
        for group in self.groups:
            for site, here in group.reachable.items():
                for interval in here:
                    reached[interval].add(site)
        for (interval, duration, ordered), at in sorted(sites.items(), key=self._order):
            if set(at) >= reached[interval]:
                every = {name: one for here in at.values() for name, one in here.items()}
                yield Missing(interval, duration, ordered, None, dict(sorted(every.items())))
            else:
                for site, here in at.items():
                    yield Missing(interval, duration, ordered, site, dict(sorted(here.items())))

    def _order(self, item: tuple[tuple[str, Interval, tuple[str, ...]], object]) -> tuple[object, ...]:
        interval, duration, stages = item[0]
        low = duration.low if duration.low is not None else 0
        return (self.intervals.index(interval), low, not duration.low_inclusive, stages)
