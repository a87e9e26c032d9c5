"""The rule on demand against capacity (DEM)."""

from collections.abc import Iterator

from ttpack.analysis.demand import Capacities, PeriodCapacity
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.regulatory import DemandForecast
from ttpack.model.units import decimal_text
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import site_name

DIGITS = 4


def where_forecast(package: Package) -> str | None:
    """Applies where a forecast is in force."""
    return None if package.in_force(DemandForecast) else "no demand forecast is recorded"


@rule(
    "DEM-01", COMPLETENESS, from_gate="G3", applies_when=where_forecast,
    basis="demand forecasting; process simulation",
)  # fmt: skip
def demand_exceeds_capacity(package: Package, context: Context) -> Iterator[Outcome]:
    """More batches are forecast for a period than the receiving site can make in it, or nothing says how many it can.

    Capacity is what a simulation of the site gives for a year of 365 days (`batches_per_year`), by the days of the
    period, both ends included; without a simulation the takt of its campaigns, those that run in the period first.
    The lowest counts where several say it.
    Why: what a site cannot make is missing at the patient, and a second line takes years.
    Resolve: plan capacity (an investment, another site), correct the forecast, or simulate the campaign.
    """
    capacities = Capacities(package)
    for forecast in package.in_force(DemandForecast):
        if forecast.site is None:
            yield forecast.at("site"), f"{forecast.name} does not say which site is to make the batches"
        elif not forecast.periods:
            yield forecast.at("periods"), f"{forecast.name} states no period"
        elif forecast.site not in package.sending_sites or forecast.site in package.receiving_sites:
            for found in capacities.of(forecast):
                yield from _judged(package, forecast, found)


def _judged(package: Package, forecast: DemandForecast, found: PeriodCapacity) -> Iterator[Outcome]:
    place, period = forecast.at(f"periods[{found.index}]"), found.period
    words = f"{period.start} to {period.end}"
    if not found.days:
        message = f"the period {words} of {forecast.name} ends before it starts"
        yield Problem(place, message, site=forecast.site, kind=CONSISTENCY)
        return
    if found.rate is None or found.capacity is None:
        yield NotComputable(place, f"{words}: {found.reason}")
        return
    if not found.shortfall:
        return
    rate = found.rate
    by = "simulated by" if rate.source == "simulation" else "by the takt of"
    limit = f"the bottleneck is {rate.bottleneck}" if rate.bottleneck else f"{rate.record} names no bottleneck"
    where, capacity = site_name(package, forecast.site or ""), decimal_text(found.capacity, DIGITS)
    message = (
        f"{period.batches} batches are forecast for {words}, but {where} can make {capacity} "
        f"({by} {package.label(rate.record)}): {found.shortfall} too few; {limit}"
    )
    yield Problem(place, message, site=forecast.site)
