"""Dates of a campaign as hours from its start: days on which nothing starts, its planned end, and the demand."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ttpack.analysis.simulation.model import HOURS_PER_DAY, DemandOfPeriod
from ttpack.analysis.simulation.quantities import Collector
from ttpack.model.campaign import Campaign
from ttpack.model.governance import Calendar
from ttpack.model.regulatory import DemandForecast

MOST_PERIODS: Final = 200


@dataclass(frozen=True, slots=True)
class ReadDates:
    """`closed` are spans of hours, apart from one another and in order; `weekday` is that of hour 0, Monday 0."""

    closed: tuple[tuple[float, float], ...] = ()
    weekday: int = 0
    planned_end: float | None = None
    demand: tuple[DemandOfPeriod, ...] = ()


def read_dates(found: Collector, campaign: Campaign) -> ReadDates:
    """The dates of a campaign; without a start none of them can be placed."""
    start = campaign.start
    dated = campaign.calendar or campaign.shutdowns or campaign.demand or campaign.end
    if start is None:
        if dated or _names_days(campaign):
            found.gap("it states no start: hour 0 is a Monday, and no holiday, shutdown, end or demand is placed")
        return ReadDates()
    planned_end = None
    if campaign.end is not None:
        planned_end = ((campaign.end - start).days + 1) * HOURS_PER_DAY
        if planned_end <= 0:
            found.gap("it ends before it starts: its end is left out")
            planned_end = None
    return ReadDates(_closed(found, campaign, start), start.weekday(), planned_end, _demand(found, campaign, start))


def _names_days(campaign: Campaign) -> bool:
    windows = [campaign.start_window, *(step.start_window for step in campaign.steps)]
    windows += [shift for group in campaign.operators for shift in group.shifts]
    return any(one is not None and one.days for one in windows)


def _closed(found: Collector, campaign: Campaign, start: date) -> tuple[tuple[float, float], ...]:
    spans: list[tuple[date, date]] = []
    if campaign.calendar is not None:
        calendar = found.package.get(campaign.calendar, Calendar)
        found.inputs.add(campaign.calendar)
        if calendar is None:
            found.gap(f"{campaign.calendar} is no calendar: no holidays are known")
        else:
            spans += [(day, day) for day in calendar.holidays]
    for one in campaign.shutdowns:
        if one.end < one.start:
            found.gap(f"the shutdown from {one.start} ends before it starts: left out")
        else:
            spans.append((one.start, one.end))
    merged: list[tuple[date, date]] = []
    for first, last in sorted(spans):
        if last < start:
            continue
        if merged and first <= merged[-1][1] + timedelta(days=min(1, (date.max - merged[-1][1]).days)):
            merged[-1] = (merged[-1][0], max(last, merged[-1][1]))
        else:
            merged.append((first, last))
    return tuple(
        (max((first - start).days, 0) * HOURS_PER_DAY, ((last - start).days + 1) * HOURS_PER_DAY)
        for first, last in merged
    )


def _demand(found: Collector, campaign: Campaign, start: date) -> tuple[DemandOfPeriod, ...]:
    """The periods of the forecast that end within the campaign or after it, by their ends."""
    if campaign.demand is None:
        return ()
    found.inputs.add(campaign.demand)
    forecast = found.package.get(campaign.demand, DemandForecast)
    if forecast is None:
        found.gap(f"{campaign.demand} is no forecast of demand")
        return ()
    if forecast.site and campaign.site and forecast.site != campaign.site:
        found.gap(f"the forecast {forecast.id} is for {forecast.site}, and the campaign runs at {campaign.site}")
    periods = []
    for one in sorted(forecast.periods, key=lambda period: (period.end, period.start)):
        if one.end < one.start:
            found.gap(f"the period of {forecast.id} from {one.start} ends before it starts: left out")
        elif campaign.end is not None and one.start > campaign.end:
            found.gap(f"the period of {forecast.id} from {one.start} begins after the campaign ends: left out")
        elif one.end < start:
            found.gap(f"the period of {forecast.id} up to {one.end} ends before the campaign starts: left out")
        else:
            batches = found.count(one.batches, f"the batches of {forecast.id}") or 0
            periods.append(DemandOfPeriod(one.start, one.end, ((one.end - start).days + 1) * HOURS_PER_DAY, batches))
    if not periods:
        found.gap(f"{forecast.id} states no period that the campaign could serve")
    if len(periods) > MOST_PERIODS:
        found.gap(f"of {len(periods)} periods of {forecast.id} the first {MOST_PERIODS} are judged")
    return tuple(periods[:MOST_PERIODS])
