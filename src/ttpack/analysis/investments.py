"""By when an investment has to be decided: need date less lead time and qualification time."""

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from ttpack.analysis.durations import in_days
from ttpack.model.package import Package
from ttpack.model.regulatory import Investment

PARTS = ("need_date", "lead_time", "qualification_time")


@dataclass(frozen=True, slots=True)
class DecisionBy:
    """The last day to decide: `computed` from what is stated, None where fields are `missing` or no durations.

    A part of a day counts as a whole one, so that nothing comes late.
    """

    stated: date | None
    computed: date | None
    missing: tuple[str, ...]
    reason: str = ""

    @property
    def counts(self) -> date | None:
        """The day that counts: the one computed, else the one stated."""
        return self.computed or self.stated


def decision_by(package: Package, investment: Investment) -> DecisionBy:
    """By when an investment has to be decided."""
    missing = tuple(name for name in PARTS if getattr(investment, name) is None)
    stated, need = investment.decision_by, investment.need_date
    if missing or need is None:
        return DecisionBy(stated, None, missing)
    days = Fraction(0)
    for name in PARTS[1:]:
        part = in_days(getattr(investment, name), package.own_units)
        if part is None or part < 0:
            return DecisionBy(stated, None, (), f"its {name.replace('_', ' ')} is no time of at least zero")
        days += part
    try:
        return DecisionBy(stated, need - timedelta(days=ceil(days)), ())
    except OverflowError:
        return DecisionBy(stated, None, (), "lead time and qualification time reach back before the calendar")


def decided(investment: Investment, as_of: date) -> bool:
    """Whether somebody has decided by that date; a decision without a date counts."""
    stated = investment.decision in ("approved", "rejected")
    return stated and not (investment.decided_on and investment.decided_on > as_of)
