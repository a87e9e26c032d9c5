"""Rules on hold times (HLD)."""

from collections.abc import Collection, Iterator

from ttpack.analysis.campaign_capacity import batch_time
from ttpack.analysis.campaign_holds import HoldWait, hold_waits
from ttpack.analysis.durations import days_text
from ttpack.analysis.holds import operated_limit, proven_limit
from ttpack.model.campaign import Campaign
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.process import HoldTime
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import listed

INTERIM_GATE = "G4"
VALIDATED_GATE = "G6"


@rule("HLD-01", COMPLETENESS, basis="ICH Q5C, Annex 15; A-Mab T4.17, T5.9", from_gate=INTERIM_GATE)
def hold_time_not_shown(package: Package, context: Context) -> Iterator[Outcome]:
    """A hold lacks its maximum, temperature, container or evidence, is operated longer than proven, or not validated.

    An operated limit above the proven one is an error at every gate. By G4 an interim limit states its basis; by G6 the
    hold is validated at scale.
    Why: a batch that waited longer than anybody has shown is a batch nobody can release.
    Resolve: complete the hold from its study, shorten the operated limit, or state `can_wait: false` where the
    intermediate goes on at once.
    """
    for hold in package.in_force(HoldTime):
        if hold.can_wait:
            yield from _missing(hold)
            yield from _too_long(package, hold)
            yield from _not_validated(hold)


def _missing(hold: HoldTime) -> Iterator[Outcome]:
    given = {
        "chemical_maximum": hold.chemical_maximum or hold.microbial_maximum,
        "temperature": hold.temperature and (hold.temperature.numeric or hold.temperature.criterion),
        "container": (hold.container or "").strip(),
        "evidence": hold.evidence,
    }
    missing = [name for name, value in given.items() if not value]
    if missing:
        names = ", ".join("maximum hold time" if name == "chemical_maximum" else name for name in missing)
        yield hold.at(missing[0] if len(missing) == 1 else ""), f"{hold.name} states no {names}"


def _too_long(package: Package, hold: HoldTime) -> Iterator[Outcome]:
    operated, proven = operated_limit(hold, package.own_units), proven_limit(hold, package.own_units)
    if operated and proven and operated.seconds > proven.seconds:
        message = (
            f"{hold.name} is operated up to {operated.text}, longer than the {proven.text} proven "
            f"({proven.field.replace('_', ' ')})"
        )
        yield Problem(hold.at("operated_limit"), message, from_gate="G0")


def _not_validated(hold: HoldTime) -> Iterator[Outcome]:
    if hold.validated_at_scale:
        return
    if hold.operated_limit is None:
        message = f"{hold.name} has no interim limit to operate by until it is validated at scale"
        yield hold.at("operated_limit"), message
    elif not (hold.interim_limit_basis or "").strip():
        yield hold.at("interim_limit_basis"), f"the interim limit of {hold.name} does not state its basis"
    message = f"{hold.name} is not validated at scale"
    yield Problem(hold.at("validated_at_scale"), message, from_gate=VALIDATED_GATE)


def where_campaigns(package: Package) -> str | None:
    """Applies where a campaign is planned."""
    return None if package.in_force(Campaign) else "no campaign is planned"


@rule("HLD-02", COMPLETENESS, basis="process simulation and scheduling", from_gate="G4", applies_when=where_campaigns)
def scheduled_wait_exceeds_hold(package: Package, context: Context) -> Iterator[Outcome]:
    """An intermediate is scheduled to wait longer than its hold allows, worst-case delays included, or nobody says.

    The waits of all steps of a campaign that name the same hold are added, and compared with the shortest limit of the
    hold: the one operated, or one proven where that is shorter. Steps follow one another as listed, so all of them are
    on the critical path of a batch; the message says how long it is. A hold that no step of the campaign names is not
    computable.
    Why: a schedule that only holds when nothing is late breaks its first limit on its first bad night.
    Resolve: state `scheduled_wait` and `worst_case_delay` of the step, shorten the wait, or show a longer hold.
    """
    for campaign in package.in_force(Campaign):
        path = batch_time(package, campaign)
        waits = hold_waits(package, campaign)
        yield from _not_scheduled(package, campaign, {wait.hold.id for wait in waits})
        for wait in waits:
            yield from _waits(campaign, wait, f"; the critical path of a batch is {days_text(path)}" if path else "")


def _not_scheduled(package: Package, campaign: Campaign, known: Collection[str]) -> Iterator[Outcome]:
    """Holds of the unit operations that a campaign schedules, which none of its steps names."""
    if any(step.hold and step.hold not in known for step in campaign.steps):
        return  # a hold that is named and not there may be any of them, and is found by itself
    units = {step.unit_operation for step in campaign.steps if step.unit_operation}
    holds = [one for one in package.in_force(HoldTime) if one.can_wait and one.id not in known]
    absent = [one.id for one in holds if not units or one.unit_operation in {None, *units}]
    if absent:
        reason = f"no step of {campaign.name} names these holds, so nobody can tell how long it waits in them"
        yield NotComputable(campaign.at("steps"), f"{reason}: {listed(package, absent)}")


def _waits(campaign: Campaign, wait: HoldWait, path: str) -> Iterator[Outcome]:
    hold = wait.hold
    single = f"steps[{wait.steps[0]}]" if len(wait.steps) == 1 else "steps"
    if wait.too_long:
        limit = f"limit of {wait.limit.text} ({wait.limit.field.replace('_', ' ')})" if wait.limit else "limit"
        allowed = f"beyond its {limit}" if hold.can_wait else "but it cannot wait"
        message = (
            f"{hold.name}: {campaign.name} lets it wait {days_text(wait.scheduled)} and in the worst case "
            f"{days_text(wait.delay)} more, {days_text(wait.worst)} together, {allowed}{path}"
        )
        field = f"{single}.scheduled_wait" if len(wait.steps) == 1 else single
        yield campaign.at(field), message
        return
    for field in wait.missing:
        what = "worst-case delay" if field.endswith("delay") else "scheduled wait"
        yield campaign.at(field), f"{hold.name}: {campaign.name} states no {what} in it"
    if wait.limit is None and hold.can_wait and not wait.missing:
        yield NotComputable(campaign.at(single), f"{hold.name} states no limit to compare its wait with")
