"""Offsets of IANA time zones from the pinned `tzdata` package alone, never those of the machine.

A zone is a list of instants at which its offset changes, so that a browser that gets the list computes the same. All
numbers are whole seconds; instants count from 1970-01-01T00:00:00Z, and a local time counts as if it were UTC.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

YEARS_BEFORE: Final = 5
YEARS_AFTER: Final = 10
DAY: Final = 86400
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ZoneOffsets:
    """The offsets of one zone between two instants, at whole seconds east of UTC.

    `first` is the offset from `valid_from` on; each of `transitions` is an instant and the offset from it on. Outside
    `valid_from` to `valid_to` nothing is known.
    """

    zone: str
    valid_from: int
    valid_to: int
    first: int
    transitions: tuple[tuple[int, int], ...]

    def knows(self, instant: int) -> bool:
        """Whether the offset at an instant is known."""
        return self.valid_from <= instant < self.valid_to

    def offset_at(self, instant: int) -> int:
        """Seconds east of UTC at an instant."""
        found = self.first
        for since, offset in self.transitions:
            if since > instant:
                break
            found = offset
        return found

    def local(self, instant: int) -> int:
        """The local time of an instant."""
        return instant + self.offset_at(instant)

    def instant_of(self, local: int, *, later: bool) -> int:
        """The instant of a local time.

        A local time that happens twice, when clocks are put back, is its second instant where `later` is asked for,
        else its first. One that never happens, when clocks are put forward, is the instant of that change.
        """
        found = local - self.first
        offset = self.first
        for since, following in self.transitions:
            if local >= since + following and (later or local >= since + offset):
                found = local - following
            elif local >= since + offset:
                found = since
            offset = following
        return found

    def as_json(self) -> dict[str, Any]:
        """The zone as JSON."""
        return {
            "zone": self.zone, "valid_from": self.valid_from, "valid_to": self.valid_to, "first": self.first,
            "transitions": [list(one) for one in self.transitions],
        }  # fmt: skip


def zone_offsets(name: str | None, as_of: date) -> ZoneOffsets | str:
    """The offsets of a zone from five years before the year of a date to ten years after it, or why there are none."""
    asked = (name or "").strip()
    if not asked:
        return "no time zone is given"
    if not known_zone(asked):
        return f"there is no time zone {asked[:64]!r} (IANA)"
    return _offsets(asked, as_of.year)


def known_zone(name: str) -> bool:
    """Whether a text is the name of a time zone of the pinned `tzdata` package, spelt as there."""
    return name in _names()


@lru_cache(maxsize=512)
def _offsets(name: str, year: int) -> ZoneOffsets:
    first = datetime(max(year - YEARS_BEFORE, 2), 1, 1, tzinfo=UTC)
    end = datetime(min(year + YEARS_AFTER + 1, 9998), 1, 1, tzinfo=UTC)
    zone = _zone(name)
    days = (first + timedelta(days=number) for number in range((end - first).days + 1))
    changes = [
        _change(zone, before, after)
        for before, after in pairwise(days)
        if _offset(zone, before) != _offset(zone, after)
    ]
    found = tuple((_seconds(instant), _offset(zone, instant)) for instant in changes)
    return ZoneOffsets(name, _seconds(first), _seconds(end), _offset(zone, first), found)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """The instant of the one change between two midnights: the first second that has the new offset."""
    new = _offset(zone, after)
    while after - before > timedelta(seconds=1):
        middle = before + timedelta(seconds=(after - before) // timedelta(seconds=2))
        if _offset(zone, middle) == new:
            after = middle
        else:
            before = middle
    return after


def _offset(zone: ZoneInfo, instant: datetime) -> int:
    found = instant.astimezone(zone).utcoffset() or timedelta(0)
    return found // timedelta(seconds=1)


def _seconds(instant: datetime) -> int:
    return (instant - _EPOCH) // timedelta(seconds=1)


def _zone(name: str) -> ZoneInfo:
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as content:
        return ZoneInfo.from_file(content, key=name)


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())
