"""The remark on suites that cannot keep the takt of a campaign (RUN-04)."""

from collections.abc import Iterator

from ttpack.analysis.campaign_capacity import CampaignCapacity, ResourceCycle, campaign_capacity
from ttpack.analysis.durations import days_text
from ttpack.analysis.observed_cycles import Observed, completed_runs, observed_cycles
from ttpack.model.campaign import Campaign
from ttpack.model.package import Package
from ttpack.rules.registry import INFORMATION, Context, NotComputable, Outcome, rule


def where_campaigns(package: Package) -> str | None:
    """Applies where a campaign is planned."""
    return None if package.in_force(Campaign) else "no campaign is planned"


@rule("RUN-04", INFORMATION, applies_when=where_campaigns, basis="process simulation: bottlenecks")
def suite_slower_than_takt(package: Package, context: Context) -> Iterator[Outcome]:
    """A suite of a campaign needs longer for each batch than its takt, by its stated durations or as runs have shown.

    Each resource of a campaign is free for a new batch every sum(duration + turnaround) / count; the longest duration
    counts. Completed runs of the site within the campaign say what was observed. A simulated cycle time that is longer
    than the takt is found by SIM-02.
    Why: the slowest suite decides how many batches there are, whatever the others could do.
    Resolve: relieve the bottleneck that the message names, or plan a longer takt.
    """
    runs = completed_runs(package)
    for campaign in package.in_force(Campaign):
        capacity = campaign_capacity(package, campaign)
        if capacity.takt is None:
            yield NotComputable(campaign.at("takt"), f"{campaign.name} states no takt above zero")
            continue
        slow = capacity.too_slow
        if slow:
            yield campaign.at("resources"), _planned(campaign, capacity, slow)
        elif capacity.missing:
            more = f" and {len(capacity.missing) - 1} more" if len(capacity.missing) > 1 else ""
            yield NotComputable(campaign.at("steps"), f"the cycle time is not known: {capacity.missing[0]}{more}")
        for one in observed_cycles(campaign, capacity, runs.get(campaign.site or "", [])):
            if one.days > one.takt:
                yield one.run.at("started_on"), _seen(campaign, one)


def _planned(campaign: Campaign, capacity: CampaignCapacity, slow: tuple[ResourceCycle, ...]) -> str:
    takt = days_text(capacity.takt) if capacity.takt else ""
    named = ", ".join(f"{one.name} {days_text(one.days)}" for one in slow if one.days is not None)
    least = " at least" if capacity.missing else ""
    return (
        f"{campaign.name}: the takt is {takt}, but each batch keeps{least}: {named}; the bottleneck is {slow[0].name}"
    )


def _seen(campaign: Campaign, one: Observed) -> str:
    if one.resource is None:
        times = "time between two starts" if one.intervals == 1 else f"of {one.intervals} times between two starts"
        return (
            f"{campaign.name}: batches were started every {days_text(one.days)} at best (the shortest {times}), the "
            f"takt is {days_text(one.takt)}"
        )
    return f"{one.resource} was kept for {days_text(one.days)} by {one.run.name}; the takt allows {days_text(one.takt)}"
