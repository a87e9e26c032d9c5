"""Whom to call by when: the way up of a class, each clock from the instant it starts at, in whole seconds.

Works on the rulebook alone; the ruler in the browser does the same with its JSON.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from ttpack.analysis.clocks import CALENDAR, START_WORDS, WORKING, Clock
from ttpack.analysis.deviations.book import Rulebook
from ttpack.analysis.deviations.classify import Question
from ttpack.analysis.escalation import Called, LevelPath
from ttpack.analysis.time_zones import ZoneOffsets

LONGEST: Final = 1_000_000_000
"""Seconds (some thirty years) beyond which a clock gives no date."""
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Due:
    """When a clock ends: seconds since 1970 and the zone to tell it in, or in words why no date can be given."""

    instant: int | None
    zone: ZoneOffsets | None = None
    open: str = ""

    @property
    def utc(self) -> str | None:
        """The instant in UTC, as 2026-11-30T13:05:00Z."""
        return None if self.instant is None else f"{_told(self.instant)}Z"

    @property
    def local(self) -> str | None:
        """The instant in the time of whoever is called, as 2026-11-30T14:05:00 Europe/Copenhagen; None without one."""
        if self.instant is None or self.zone is None or not self.zone.knows(self.instant):
            return None
        return f"{_told(self.zone.local(self.instant))} {self.zone.zone}"


@dataclass(frozen=True, slots=True)
class Call:
    """Who is called at a party: by which rule and level, within which clock, and the date where it can be given."""

    rule: str
    level: int
    party: str
    called: Called
    fallback: Called | None
    clock: Clock
    channel: str | None
    decides: bool
    due: Due


@dataclass(frozen=True, slots=True)
class Troubleshooting:
    """How long the site may try to solve it by itself before it escalates."""

    clock: Clock
    due: Due


def calls(book: Rulebook, question: Question, deviation_class: str | None) -> tuple[Call, ...]:
    """Whom to call, level by level, the receiving unit first."""
    path = book.escalation.path(deviation_class, question.stage, question.site)
    return tuple(call for level in path.levels for call in _level_calls(question, level)) if path else ()


def troubleshooting(book: Rulebook, question: Question, deviation_class: str | None) -> Troubleshooting | None:
    """The time for troubleshooting by the site alone; None where no rule gives one.

    In working hours it counts by the calendar of whom the first level calls at the receiving unit.
    """
    path = book.escalation.path(deviation_class, question.stage, question.site)
    if path is None or path.local is None:
        return None
    first = next((level.receiving for level in path.levels if level.receiving), None)
    return Troubleshooting(path.local, _due(question, path.local, first))


def _level_calls(question: Question, level: LevelPath) -> Iterator[Call]:
    for party, called in (("receiving", level.receiving), ("sending", level.sending)):
        if called is not None:
            yield Call(
                level.rule, level.level, party, called, level.fallback, level.clock, level.channel,
                bool(level.decides), _due(question, level.clock, called),
            )  # fmt: skip


def _due(question: Question, clock: Clock, called: Called | None) -> Due:
    """When a clock ends, or why no date can be given."""
    seconds = clock.whole_seconds
    calendar = called.calendar if called else None
    zone = calendar.zone if calendar else None
    if seconds is None:
        return Due(None, zone, "no clock in a unit of time is stated")
    if clock.start is None:
        return Due(None, zone, "nothing says when the clock starts")
    began: datetime | None = getattr(question, clock.start)
    if began is None:
        return Due(None, zone, f"the time of {START_WORDS[clock.start]} was not given")
    if clock.hours not in (CALENDAR, WORKING):
        return Due(None, zone, "nothing says which hours count")
    if not 0 <= seconds <= LONGEST:
        return Due(None, zone, "the clock gives no date")
    start = (began - _EPOCH) // timedelta(seconds=1)
    if clock.hours == CALENDAR:
        return Due(start + seconds, zone)
    if calendar is None:
        return Due(None, zone, called.calendar_open if called else "nobody is called whose working hours count")
    found = calendar.after(start, seconds)
    return Due(found, zone, "" if found is not None else f"{calendar.label} does not reach that far")


def _told(instant: int) -> str:
    try:
        return (_EPOCH + timedelta(seconds=instant)).strftime("%Y-%m-%dT%H:%M:%S")
    except OverflowError:
        return "beyond the calendar"
