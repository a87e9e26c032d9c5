"""Clocks in working hours: known answers, worked out by hand, across holidays, nights and changes of the clocks."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ttpack.analysis.time_zones import ZoneOffsets, known_zone, zone_offsets
from ttpack.analysis.working_time import WorkingCalendar, working_calendar
from ttpack.model.governance import Calendar

AS_OF = date(2026, 11, 1)
HOUR = 3600
WEEK = ["mon", "tue", "wed", "thu", "fri"]
DAYS: dict[str, Any] = {
    "time_zone": "Europe/Copenhagen", "working_days": WEEK, "day_start": "08:00", "day_end": "16:30",
}  # fmt: skip
NIGHTS: dict[str, Any] = {**DAYS, "day_start": "22:00", "day_end": "06:00"}
NEW_YORK = {**DAYS, "time_zone": "America/New_York"}
SUNDAYS: dict[str, Any] = {**DAYS, "working_days": ["sun"], "day_start": "00:00", "day_end": "06:00"}


def read(fields: dict[str, Any]) -> WorkingCalendar | str:
    return working_calendar(Calendar.model_validate({"kind": "calendar", "id": "CAL-T", **fields}), AS_OF)


def instant(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())


def deadline(fields: dict[str, Any], start: str, hours: float) -> str | None:
    calendar = read(fields)
    assert isinstance(calendar, WorkingCalendar), calendar
    found = calendar.after(instant(start), int(hours * HOUR))
    if found is None:
        return None
    zone = ZoneInfo(fields.get("time_zone") or "UTC")
    return datetime.fromtimestamp(found, zone).isoformat(timespec="minutes")


@pytest.mark.parametrize(
    ("fields", "start", "hours", "expected"),
    [
        pytest.param(DAYS, "2026-11-06T15:30+01:00", 4, "2026-11-09T11:00+01:00", id="over a weekend"),
        pytest.param(DAYS, "2026-11-06T12:30+01:00", 4, "2026-11-06T16:30+01:00", id="ends as the day's work ends"),
        pytest.param(DAYS, "2026-11-06T16:30+01:00", 1, "2026-11-09T09:00+01:00", id="starts as the day's work ends"),
        pytest.param(DAYS, "2026-11-07T03:00+01:00", 1, "2026-11-09T09:00+01:00", id="starts on a free day"),
        pytest.param(DAYS, "2026-11-09T05:00+01:00", 1, "2026-11-09T09:00+01:00", id="starts before work"),
        pytest.param(DAYS, "2026-11-06T15:30+01:00", 0, "2026-11-06T15:30+01:00", id="no time at all"),
        pytest.param(DAYS, "2026-11-06T15:30+01:00", -4, "2026-11-06T15:30+01:00", id="less than no time"),
        pytest.param(DAYS, "2026-11-02T08:00+01:00", 85, "2026-11-13T16:30+01:00", id="two weeks"),
        pytest.param(
            {**DAYS, "holidays": [date(2026, 12, 24), date(2026, 12, 25)]},
            "2026-12-23T16:00+01:00", 1, "2026-12-28T08:30+01:00", id="over holidays and a weekend",
        ),
        pytest.param(DAYS, "2026-10-23T16:00+02:00", 1, "2026-10-26T08:30+01:00", id="clocks put back at the weekend"),
        pytest.param(DAYS, "2027-03-26T16:00+01:00", 1, "2027-03-29T08:30+02:00", id="clocks put forward"),
        pytest.param(SUNDAYS, "2026-10-25T00:00+02:00", 7, "2026-10-25T06:00+01:00", id="a night of one hour more"),
        pytest.param(SUNDAYS, "2027-03-28T00:00+01:00", 5, "2027-03-28T06:00+02:00", id="a night of one hour less"),
        pytest.param(
            {**SUNDAYS, "day_start": "02:30"}, "2027-03-28T00:00+01:00", 1, "2027-03-28T04:00+02:00",
            id="starts at a time that is skipped",
        ),
        pytest.param(
            {**SUNDAYS, "day_start": "02:30"}, "2026-10-25T00:00+02:00", 1, "2026-10-25T02:30+01:00",
            id="starts at a time that comes twice: the first",
        ),
        pytest.param(
            {**SUNDAYS, "day_end": "02:30"}, "2026-10-25T00:00+02:00", 3.5, "2026-10-25T02:30+01:00",
            id="ends at a time that comes twice: the second",
        ),
        pytest.param(NIGHTS, "2026-11-06T22:00+01:00", 8, "2026-11-07T06:00+01:00", id="a night belongs to its start"),
        pytest.param(NIGHTS, "2026-11-09T03:00+01:00", 1, "2026-11-09T23:00+01:00", id="no night on Sunday"),
        pytest.param(NIGHTS, "2026-11-10T05:00+01:00", 2, "2026-11-10T23:00+01:00", id="over the end of a night"),
        pytest.param(
            {**NIGHTS, "holidays": [date(2026, 11, 10)]}, "2026-11-10T05:00+01:00", 2, "2026-11-11T23:00+01:00",
            id="a holiday takes the night that starts on it",
        ),
        pytest.param(
            {**DAYS, "day_start": "00:00", "day_end": "24:00"}, "2026-11-06T12:00+01:00", 24, "2026-11-09T12:00+01:00",
            id="whole days",
        ),
        pytest.param(
            {"around_the_clock": True, "time_zone": "Europe/Copenhagen"},
            "2026-10-24T12:00+02:00", 24, "2026-10-25T11:00+01:00", id="round the clock counts hours",
        ),
        pytest.param(
            {"around_the_clock": True}, "2026-10-24T12:00+02:00", 1, "2026-10-24T11:00+00:00", id="it needs no zone"
        ),
        # between 25 October and 1 November New York is five hours behind Copenhagen, not six
        pytest.param(DAYS, "2026-10-27T20:00+01:00", 1, "2026-10-28T09:00+01:00", id="Copenhagen, clocks differ"),
        pytest.param(NEW_YORK, "2026-10-27T20:00+01:00", 1, "2026-10-27T16:00-04:00", id="New York, clocks differ"),
        pytest.param(NEW_YORK, "2026-11-03T20:00+01:00", 1, "2026-11-03T15:00-05:00", id="New York, as usual"),
        pytest.param(NEW_YORK, "2027-03-16T20:00+01:00", 1, "2027-03-16T16:00-04:00", id="New York, in March"),
        pytest.param(NEW_YORK, "2026-10-30T16:00-04:00", 1, "2026-11-02T08:30-05:00", id="New York puts back"),
    ],
)  # fmt: skip
def test_working_hours_have_passed_at(fields: dict[str, Any], start: str, hours: float, expected: str) -> None:
    assert deadline(fields, start, hours) == expected


@pytest.mark.parametrize(
    ("start", "hours"), [("2019-01-01T08:00+01:00", 1), ("2040-01-01T08:00+01:00", 1), ("2026-11-06T08:00+01:00", 1e6)]
)
def test_no_date_is_given_outside_the_years_whose_offsets_are_known(start: str, hours: float) -> None:
    assert deadline(DAYS, start, hours) is None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({}, "names no working days"),
        ({**DAYS, "working_days": []}, "names no working days"),
        ({**DAYS, "time_zone": None}, "no time zone is given"),
        ({**DAYS, "time_zone": "Europe/Kopenhagen"}, "no time zone 'Europe/Kopenhagen'"),
        ({**DAYS, "time_zone": "../../../etc/passwd"}, "no time zone '../"),
        ({**DAYS, "day_start": None}, "starts at no time that is given"),
        ({**DAYS, "day_end": None}, "ends at no time that is given"),
        ({**DAYS, "day_end": "29:00"}, "ends at '29:00', which is no time of day"),
        ({**DAYS, "day_end": "24:30"}, "ends at '24:30', which is no time of day"),
        ({**DAYS, "day_start": "24:00"}, "starts at '24:00'"),
        ({**DAYS, "day_end": "08:00"}, "starts and ends at the same time"),
        ({**DAYS, "around_the_clock": True}, "never stops, and yet works only on mon, tue, wed, thu, fri"),
        ({"around_the_clock": True, "holidays": [date(2026, 12, 25)]}, "never stops, and yet has holidays"),
        ({"around_the_clock": True, "day_start": "08:00", "day_end": "16:00"}, "never stops, and yet works from"),
        ({"around_the_clock": True, "time_zone": "Mars/Base"}, "no time zone 'Mars/Base'"),
    ],
)
def test_a_calendar_that_nobody_can_count_by_says_why(fields: dict[str, Any], why: str) -> None:
    found = read(fields)
    assert isinstance(found, str)
    assert why in found


@pytest.mark.parametrize(
    "name", ["Europe/Copenhagen", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]
)
def test_offsets_agree_with_the_tz_database_before_and_after_every_change(name: str) -> None:
    offsets = zone_offsets(name, AS_OF)
    assert isinstance(offsets, ZoneOffsets)
    zone = ZoneInfo(name)
    edges = [since + step for since, _ in offsets.transitions for step in (-1, 0, 1)]
    every_month = range(offsets.valid_from, offsets.valid_to, 30 * 86400)
    for moment in (*edges, *every_month):
        local = datetime.fromtimestamp(moment, UTC).astimezone(zone)
        assert offsets.offset_at(moment) == (local.utcoffset() or timedelta()).total_seconds()
        wall = moment + offsets.offset_at(moment)
        assert offsets.instant_of(wall, later=bool(local.fold)) == moment
    assert all(first < second for (first, _), (second, _) in pairwise(offsets.transitions))


def test_offsets_reach_from_years_before_to_ten_years_after() -> None:
    offsets = zone_offsets("Europe/Copenhagen", AS_OF)
    assert isinstance(offsets, ZoneOffsets)
    assert offsets.knows(instant("2021-01-01T00:00+00:00"))
    assert offsets.knows(instant("2036-12-31T23:59+00:00"))
    assert len(offsets.transitions) == 32
    assert not isinstance(zone_offsets("Europe/Copenhagen", date.min), str)
    assert not isinstance(zone_offsets("Europe/Copenhagen", date.max), str)


def test_names_are_those_of_the_database_and_no_paths() -> None:
    assert known_zone("Europe/Copenhagen")
    assert not any(map(known_zone, ("", "europe/copenhagen", "Europe", "zone.tab", "../zones", "/etc/localtime")))
