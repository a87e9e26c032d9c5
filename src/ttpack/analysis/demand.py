"""Forecast batches of each period against what the receiving site can make in it."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Literal

from ttpack.analysis.campaign_capacity import campaign_capacity
from ttpack.analysis.durations import in_days
from ttpack.model.campaign import Campaign, Simulation
from ttpack.model.package import Package
from ttpack.model.regulatory import DemandForecast, DemandPeriod
from ttpack.model.units import UnitError, exact

DAYS_PER_YEAR = 365


@dataclass(frozen=True, slots=True)
class SiteRate:
    """How many batches a site makes in a day, by which record, and what limits it.

    `source` says whether it is simulated or only planned by the takt of a campaign.
    """

    per_day: Fraction
    source: Literal["simulation", "takt"]
    record: str
    bottleneck: str | None


@dataclass(frozen=True, slots=True)
class PeriodCapacity:
    """A period of a forecast: `capacity` in batches over its days, both included; None where `reason` says why."""

    index: int
    period: DemandPeriod
    days: int
    rate: SiteRate | None
    reason: str = ""

    @property
    def capacity(self) -> Fraction | None:
        """Batches that can be made in the period."""
        return None if self.rate is None else self.rate.per_day * self.days

    @property
    def shortfall(self) -> int:
        """Whole batches that are asked for beyond capacity."""
        return 0 if self.capacity is None else max(0, self.period.batches - int(self.capacity))


def forecast_capacity(package: Package, forecast: DemandForecast) -> tuple[PeriodCapacity, ...]:
    """Each period of a forecast with the capacity of its site."""
    rates = _Rates(package, forecast.site)
    found = []
    for index, period in enumerate(forecast.periods):
        days = (period.end - period.start).days + 1
        if days < 1:
            found.append(PeriodCapacity(index, period, 0, None, "it ends before it starts"))
            continue
        rate = rates.at(period)
        reason = "" if rate else "no simulation and no campaign of the site says how many batches it makes"
        found.append(PeriodCapacity(index, period, days, rate, reason))
    return tuple(found)


class _Rates:
    """Simulated capacity of a site, else the takt of its campaigns; the lowest where several say it."""

    def __init__(self, package: Package, site: str | None) -> None:
        self.package = package
        simulated = [
            SiteRate(rate / DAYS_PER_YEAR, "simulation", one.id, _named(package, one.bottleneck))
            for one in package.in_force(Simulation)
            if one.site == site and site and (rate := _number(one.batches_per_year)) is not None and rate >= 0
        ]
        self.simulated = min(simulated, key=lambda one: (one.per_day, one.record), default=None)
        self.campaigns: list[tuple[Campaign, SiteRate]] = []
        for campaign in package.in_force(Campaign):
            takt = in_days(campaign.takt, package.own_units)
            if campaign.site == site and site and takt is not None and takt > 0:
                self.campaigns.append((campaign, SiteRate(1 / takt, "takt", campaign.id, self._bottleneck(campaign))))

    def at(self, period: DemandPeriod) -> SiteRate | None:
        """The rate in a period: campaigns that run in it come before others of the site."""
        if self.simulated:
            return self.simulated
        running = [rate for campaign, rate in self.campaigns if _overlaps(campaign, period)]
        rates = running or [rate for _, rate in self.campaigns]
        return min(rates, key=lambda one: (one.per_day, one.record), default=None)

    def _bottleneck(self, campaign: Campaign) -> str | None:
        found = campaign_capacity(self.package, campaign).bottleneck
        return found.name if found else None


def _overlaps(campaign: Campaign, period: DemandPeriod) -> bool:
    start, end = campaign.start or date.min, campaign.end or date.max
    return start <= period.end and period.start <= end


def _named(package: Package, bottleneck: str | None) -> str | None:
    return package.label(bottleneck) if bottleneck else None


def _number(given: object) -> Fraction | None:
    try:
        return None if given is None else exact(given)  # type: ignore[arg-type]
    except UnitError:
        return None
