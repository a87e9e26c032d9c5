"""Rules on simulations: their inputs, and what they say of the campaign (SIM)."""

from collections.abc import Iterator

from ttpack.analysis.campaign_holds import hold_waits, tightest_limit
from ttpack.analysis.durations import days_text, in_days
from ttpack.analysis.evidence_digest import absent_records, evidence_digest
from ttpack.analysis.placeholders import written
from ttpack.model.campaign import Campaign, Simulation
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.process import HoldTime
from ttpack.model.quantity import digits
from ttpack.rules import predictions, recomputed
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import listed

__all__ = ["predictions", "recomputed"]

SECONDS_PER_DAY = 86400


def where_simulated(package: Package) -> str | None:
    """Applies where a simulation is recorded."""
    return None if package.in_force(Simulation) else "no simulation is recorded"


@rule("SIM-01", CONSISTENCY, applies_when=where_simulated, basis="process simulation; data integrity")
def simulation_not_reproducible_or_stale(package: Package, context: Context) -> Iterator[Outcome]:
    """A simulation does not name model, inputs, seed, replications and tool version, or its inputs changed since.

    `input_digest` is the SHA-256 over the sorted pairs of id and record digest of the records in `inputs` (format.md,
    "Digests"), so that a change of status alone does not make a result stale. A campaign that is simulated is an input.
    Why: a result that nobody can repeat, or that rests on numbers of last year, is an opinion.
    Resolve: state what is missing; where the inputs changed, simulate once more and record the new digest.
    """
    for one in package.in_force(Simulation):
        missing = [
            (field, what)
            for field, what, given in (
                ("model", "model", written(one.model)),
                ("inputs", "inputs", one.inputs),
                ("seed", "seed", one.seed is not None),
                ("replications", "replications", one.replications),
                ("tool_version", "version of the tool", written(one.tool_version)),
                ("input_digest", "digest of its inputs", one.input_digest or not one.inputs),
            )
            if not given
        ]
        if missing:
            place = one.at(missing[0][0] if len(missing) == 1 else "")
            yield place, f"{one.name} states no {', no '.join(what for _, what in missing)}"
        yield from _stale(package, one)


def _stale(package: Package, one: Simulation) -> Iterator[Outcome]:
    if one.inputs and one.campaign and one.campaign not in one.inputs:
        message = f"{one.name} simulates {package.label(one.campaign)}, but does not name it among its inputs"
        yield one.at("inputs"), message
        return
    if not one.inputs or not one.input_digest:
        return
    absent = absent_records(package, one.inputs)
    now = evidence_digest(package, one.inputs)
    if now is None:
        names = ", ".join(absent) or "its inputs"
        yield NotComputable(one.at("input_digest"), f"{names} cannot be read, so nobody can tell whether it is stale")
    elif now != one.input_digest.strip().lower():
        message = f"{one.name} is stale: its inputs have changed since; their digest is now {now}"
        yield one.at("input_digest"), message


@rule("SIM-02", COMPLETENESS, from_gate="G4", basis="identification of bottlenecks")
def simulation_breaks_plan(package: Package, context: Context) -> Iterator[Outcome]:
    """A simulated campaign misses its takt or a hold limit, overloads a resource, or does not name its bottlenecks.

    Each campaign of a receiving site is simulated by a record that names it. The simulated cycle time is at most the
    takt, the longest wait in each hold of the campaign at most its shortest limit (operated, chemical or microbial),
    each utilisation between 0 and 1; bottleneck and next bottleneck are named and differ.
    Why: variation breaks limits that the average keeps, and who relieves one bottleneck meets the next.
    Resolve: simulate and record the results, or change takt, schedule or resources.
    """
    simulations = package.in_force(Simulation)
    simulated = {one.campaign for one in simulations}
    unnamed = {one.site for one in simulations if one.campaign is None and _of_campaign(one)}
    for campaign in package.in_force(Campaign):
        asked = campaign.site in package.receiving_sites and not unnamed & {campaign.site, None}
        if asked and campaign.id not in simulated:
            yield campaign.at(), f"{campaign.name} is not simulated: no record says that its takt and holds can be kept"
    for one in simulations:
        campaign_of = package.get(one.campaign, Campaign)
        if campaign_of is not None:
            yield from _against_takt(package, one, campaign_of)
            yield from _holds(package, one, campaign_of)
            yield from _use(one)
            yield from _bottlenecks(one, campaign_of)
        elif one.campaign is None and _of_campaign(one):
            yield one.at("campaign"), f"{one.name} does not say which campaign it simulates"


def _of_campaign(one: Simulation) -> bool:
    """Whether it gives results of a campaign, and not of quality alone."""
    return bool(one.cycle_time or one.hold_waits or one.utilisation or one.bottleneck)


def _against_takt(package: Package, one: Simulation, campaign: Campaign) -> Iterator[Outcome]:
    takt, cycle = (in_days(given, package.own_units) for given in (campaign.takt, one.cycle_time))
    if campaign.takt is None:
        yield campaign.at("takt"), f"{campaign.name} states no takt, so no cycle time can be compared with it"
    elif takt is None:
        yield NotComputable(campaign.at("takt"), f"the takt of {campaign.name} is no duration")
    if one.cycle_time is None:
        yield one.at("cycle_time"), f"{one.name} states no cycle time"
    elif cycle is None or cycle <= 0:
        yield NotComputable(one.at("cycle_time"), "the cycle time is no duration above zero")
    elif takt is not None and cycle > takt:
        message = f"{one.name}: batches can start every {days_text(cycle)}, but the takt of {campaign.name} is "
        yield one.at("cycle_time"), f"{message}{days_text(takt)}"


def _holds(package: Package, one: Simulation, campaign: Campaign) -> Iterator[Outcome]:
    named = {wait.hold for wait in one.hold_waits}
    absent = [wait.hold.id for wait in hold_waits(package, campaign) if wait.hold.id not in named]
    if absent:
        yield one.at("hold_waits"), f"{one.name} states no longest wait in {listed(package, absent)}"
    for index, wait in enumerate(one.hold_waits):
        hold, place = package.get(wait.hold, HoldTime), one.at(f"hold_waits[{index}].longest_wait")
        days = in_days(wait.longest_wait, package.own_units)
        if hold is None:
            continue
        limit = tightest_limit(package, hold)
        if days is None or days < 0:
            yield NotComputable(place, f"the longest wait in {hold.name} is no duration of at least zero")
        elif not hold.can_wait:
            if days > 0:
                yield place, f"{hold.name}: it waits up to {days_text(days)} in {one.name}, but it cannot wait"
        elif limit is None:
            yield NotComputable(place, f"{hold.name} states no limit to compare its wait with")
        elif days > limit.seconds / SECONDS_PER_DAY:
            words = f"{limit.text} ({limit.field.replace('_', ' ')})"
            yield place, f"{hold.name}: it waits up to {days_text(days)} in {one.name}, beyond its limit of {words}"


def _use(one: Simulation) -> Iterator[Outcome]:
    if not one.utilisation:
        yield one.at("utilisation"), f"{one.name} does not say how much its resources are used"
    for index, use in enumerate(one.utilisation):
        if not use.share.is_finite() or not 0 <= use.share <= 1:
            share = digits(use.share) if use.share.is_finite() else str(use.share)
            message = f"{one.name}: {use.resource} is used {share} of the time, which is not between 0 and 1"
            yield Problem(one.at(f"utilisation[{index}].share"), message, kind=CONSISTENCY)


def _bottlenecks(one: Simulation, campaign: Campaign) -> Iterator[Outcome]:
    first, second = ((name or "").strip() for name in (one.bottleneck, one.next_bottleneck))
    alone = len(campaign.resources) == 1
    if not first:
        yield one.at("bottleneck"), f"{one.name} names no bottleneck"
    if not second and not alone:
        yield one.at("next_bottleneck"), f"{one.name} names no next bottleneck"
    elif first and first == second:
        yield one.at("next_bottleneck"), f"{one.name} names {first} as bottleneck and as the next one"
