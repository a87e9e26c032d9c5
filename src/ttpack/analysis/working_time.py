"""Working time of a calendar: when a clock that runs only in working hours has run out (exact, in whole seconds).

What is here is ported to JavaScript line by line: integers only. Days are numbered from 1970-01-01, weekdays from
Monday, 0. A shift that ends at or before the time it starts runs over midnight, and belongs to the day it starts on: a
holiday takes away the whole shift.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ttpack.analysis.time_zones import DAY, ZoneOffsets, zone_offsets
from ttpack.model.governance import Calendar

WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOUR: Final = 3600
MINUTE: Final = 60
_EPOCH_ORDINAL: Final = date(1970, 1, 1).toordinal()
_FIRST_WEEKDAY: Final = 3
"""1970-01-01 was a Thursday."""
_TIME: Final = re.compile(r"([0-9]{2}):([0-9]{2})")
_MIDNIGHT: Final = "24:00"


@dataclass(frozen=True, slots=True)
class WorkingCalendar:
    """A calendar that can be counted by. `day_start` and `day_end` are seconds after midnight of the day of the shift.

    `day_end` is more than 86,400 where the shift ends on the day after. One that never stops has no days, times and
    holidays, and needs no zone.
    """

    calendar: str
    label: str
    zone: ZoneOffsets | None
    around_the_clock: bool
    working_days: tuple[int, ...] = ()
    day_start: int = 0
    day_end: int = 0
    holidays: frozenset[int] = frozenset()

    def after(self, start: int, seconds: int) -> int | None:
        """The instant at which so many working seconds have passed since `start`; None where it cannot be known.

        It is not known before or beyond the years for which the offsets of the zone are. No seconds, or less, end at
        the start. A clock that runs out as the day's work ends, ends then, not on the next morning.
        """
        if seconds <= 0:
            return start
        zone = self.zone
        if self.around_the_clock:
            return start + seconds
        if zone is None or not zone.knows(start):
            return None
        left = seconds
        now = start
        day = zone.local(start) // DAY - 1
        while day * DAY < zone.valid_to + DAY:
            if self._works_on(day):
                opens = max(now, zone.instant_of(day * DAY + self.day_start, later=False))
                closes = zone.instant_of(day * DAY + self.day_end, later=True)
                if closes - opens >= left:
                    found = opens + left
                    return found if found < zone.valid_to else None
                if closes > opens:
                    left -= closes - opens
                    now = closes
            day += 1
        return None

    def _works_on(self, day: int) -> bool:
        return (day + _FIRST_WEEKDAY) % 7 in self.working_days and day not in self.holidays

    def as_json(self) -> dict[str, Any]:
        """The calendar as JSON; the zone by its name, as many calendars share one."""
        return {
            "calendar": self.calendar, "label": self.label, "zone": self.zone.zone if self.zone else None,
            "around_the_clock": self.around_the_clock, "working_days": list(self.working_days),
            "day_start": self.day_start, "day_end": self.day_end, "holidays": sorted(self.holidays),
        }  # fmt: skip


def working_calendar(calendar: Calendar, as_of: date) -> WorkingCalendar | str:
    """A calendar record to count by, or in words why it cannot be: it is empty, or contradicts itself."""
    zone = zone_offsets(calendar.time_zone, as_of)
    if calendar.around_the_clock:
        against = _against_never_stopping(calendar)
        if against:
            return f"{calendar.name} never stops, and yet {against}"
        if isinstance(zone, str) and (calendar.time_zone or "").strip():
            return f"{calendar.name}: {zone}"
        known = None if isinstance(zone, str) else zone
        return WorkingCalendar(calendar.id, calendar.name, known, around_the_clock=True)
    if not calendar.working_days:
        return f"{calendar.name} names no working days"
    if isinstance(zone, str):
        return f"{calendar.name}: {zone}"
    start, end = _time(calendar.day_start), _time(calendar.day_end)
    if start is None or start >= DAY:
        return f"{calendar.name}: the working day starts at {_said(calendar.day_start)}"
    if end is None:
        return f"{calendar.name}: the working day ends at {_said(calendar.day_end)}"
    if start == end:
        return f"{calendar.name}: the working day starts and ends at the same time"
    return WorkingCalendar(
        calendar=calendar.id,
        label=calendar.name,
        zone=zone,
        around_the_clock=False,
        working_days=tuple(number for number, name in enumerate(WEEKDAYS) if name in calendar.working_days),
        day_start=start,
        day_end=end if end > start else end + DAY,
        holidays=frozenset(one.toordinal() - _EPOCH_ORDINAL for one in calendar.holidays),
    )


def _against_never_stopping(calendar: Calendar) -> str:
    """What contradicts a calendar that never stops."""
    if calendar.working_days and set(calendar.working_days) != set(WEEKDAYS):
        return f"works only on {', '.join(name for name in WEEKDAYS if name in calendar.working_days)}"
    if calendar.holidays:
        return "has holidays"
    if calendar.day_start is None and calendar.day_end is None:
        return ""
    if _time(calendar.day_start) == 0 and _time(calendar.day_end) in (0, DAY):
        return ""
    return f"works from {_said(calendar.day_start)} to {_said(calendar.day_end)}"


def _time(text: str | None) -> int | None:
    """A time of day in seconds after midnight, 24:00 as the end of the day; None for what is no time."""
    found = _TIME.fullmatch((text or "").strip())
    if found is None:
        return None
    if found[0] == _MIDNIGHT:
        return DAY
    seconds = int(found[1]) * HOUR + int(found[2]) * MINUTE
    return seconds if seconds < DAY and int(found[2]) * MINUTE < HOUR else None


def _said(text: str | None) -> str:
    return f"{text!r}, which is no time of day" if text else "no time that is given"
