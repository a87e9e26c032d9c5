"""How long each intermediate of a campaign waits: as scheduled, and in the worst case."""

from dataclasses import dataclass
from fractions import Fraction

from ttpack.analysis.durations import in_days
from ttpack.analysis.holds import HoldLimit, operated_limit, proven_limit
from ttpack.model.campaign import Campaign
from ttpack.model.package import Package
from ttpack.model.process import HoldTime

SECONDS_PER_DAY = 86400


@dataclass(frozen=True, slots=True)
class HoldWait:
    """The waits of one batch in one hold, over all steps that name it (`steps` are their indices), in days.

    `limit` is the shortest of the limits of the hold, None where it states none. `missing` are fields without a
    duration of at least zero, as paths in the campaign.
    """

    hold: HoldTime
    steps: tuple[int, ...]
    scheduled: Fraction
    delay: Fraction
    limit: HoldLimit | None
    missing: tuple[str, ...]

    @property
    def worst(self) -> Fraction:
        """Scheduled waits and worst-case delays together, as far as they are stated."""
        return self.scheduled + self.delay

    @property
    def limit_days(self) -> Fraction | None:
        """The limit in days."""
        return self.limit.seconds / SECONDS_PER_DAY if self.limit else None

    @property
    def too_long(self) -> bool:
        """Whether what is stated is longer than the limit, or the intermediate cannot wait at all."""
        if not self.hold.can_wait:
            return self.worst > 0
        return self.limit_days is not None and self.worst > self.limit_days


def hold_waits(package: Package, campaign: Campaign) -> tuple[HoldWait, ...]:
    """The waits in every hold in force that steps of a campaign name, in the order of ids."""
    by_hold: dict[str, list[int]] = {}
    for index, step in enumerate(campaign.steps):
        if step.hold:
            by_hold.setdefault(step.hold, []).append(index)
    found = []
    for hold_id in sorted(by_hold):
        hold = package.get(hold_id, HoldTime)
        if hold is not None and hold.in_force:
            found.append(_wait(package, campaign, hold, by_hold[hold_id]))
    return tuple(found)


def tightest_limit(package: Package, hold: HoldTime) -> HoldLimit | None:
    """The shorter of the limit operated and those proven; of equals the one operated."""
    own = package.own_units
    given = [limit for limit in (operated_limit(hold, own), proven_limit(hold, own)) if limit]
    return min(given, key=lambda limit: limit.seconds, default=None)


def _wait(package: Package, campaign: Campaign, hold: HoldTime, steps: list[int]) -> HoldWait:
    sums = {"scheduled_wait": Fraction(0), "worst_case_delay": Fraction(0)}
    missing = []
    for index in steps:
        for field in sums:
            days = in_days(getattr(campaign.steps[index], field), package.own_units)
            if days is None or days < 0:
                missing.append(f"steps[{index}].{field}")
            else:
                sums[field] += days
    limit = tightest_limit(package, hold)
    return HoldWait(hold, tuple(steps), sums["scheduled_wait"], sums["worst_case_delay"], limit, tuple(missing))
