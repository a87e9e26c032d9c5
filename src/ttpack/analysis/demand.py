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


class Capacities:
    """What each site of a package can make: simulated, else by the takt of its campaigns; the lowest of several."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self._simulated: dict[str, SiteRate] = {}
        self._campaigns: dict[str, list[tuple[Campaign, SiteRate]]] = {}
        self._in_period: dict[tuple[str, date, date], SiteRate | None] = {}
        for one in package.in_force(Simulation):
            rate = _number(one.batches_per_year)
            if one.site and rate is not None and rate >= 0:
                found = SiteRate(rate / DAYS_PER_YEAR, "simulation", one.id, self._simulated_bottleneck(one))
                self._simulated[one.site] = min(self._simulated.get(one.site, found), found, key=_lowest)
        for campaign in package.in_force(Campaign):
            takt = in_days(campaign.takt, package.own_units)
            if campaign.site and takt is not None and takt > 0:
                found = SiteRate(1 / takt, "takt", campaign.id, self._bottleneck(campaign))
                self._campaigns.setdefault(campaign.site, []).append((campaign, found))

    def of(self, forecast: DemandForecast) -> tuple[PeriodCapacity, ...]:
        """Each period of a forecast with the capacity of its site."""
        found = []
        for index, period in enumerate(forecast.periods):
            days = (period.end - period.start).days + 1
            if days < 1:
                found.append(PeriodCapacity(index, period, 0, None, "it ends before it starts"))
                continue
            rate = self._at(forecast.site or "", period)
            reason = "" if rate else "no simulation and no campaign of the site says how many batches it makes"
            found.append(PeriodCapacity(index, period, days, rate, reason))
        return tuple(found)

    def _at(self, site: str, period: DemandPeriod) -> SiteRate | None:
        """The rate in a period: campaigns that run in it come before others of the site."""
        if site in self._simulated:
            return self._simulated[site]
        key = (site, period.start, period.end)
        if key not in self._in_period:
            campaigns = self._campaigns.get(site, [])
            running = [rate for campaign, rate in campaigns if _overlaps(campaign, period)]
            rates = running or [rate for _, rate in campaigns]
            self._in_period[key] = min(rates, key=_lowest, default=None)
        return self._in_period[key]

    def _simulated_bottleneck(self, simulation: Simulation) -> str | None:
        """The one that the simulation names, else that of its campaign by the durations stated."""
        if simulation.bottleneck:
            return self.package.label(simulation.bottleneck)
        campaign = self.package.get(simulation.campaign, Campaign)
        return self._bottleneck(campaign) if campaign else None

    def _bottleneck(self, campaign: Campaign) -> str | None:
        found = campaign_capacity(self.package, campaign).bottleneck
        return found.name if found else None


def _lowest(rate: SiteRate) -> tuple[Fraction, str]:
    return rate.per_day, rate.record


def _overlaps(campaign: Campaign, period: DemandPeriod) -> bool:
    start, end = campaign.start or date.min, campaign.end or date.max
    return start <= period.end and period.start <= end


def _number(given: object) -> Fraction | None:
    try:
        return None if given is None else exact(given)  # type: ignore[arg-type]
    except UnitError:
        return None
