"""The rule on investments and their decision-by dates (INV)."""

from collections.abc import Iterator

from ttpack.analysis.investments import decided, decision_by
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.regulatory import Investment
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, Context, NotComputable, Outcome, rule

AT_ONCE = "G0"


def where_investments(package: Package) -> str | None:
    """Applies where an investment is recorded."""
    return None if package.in_force(Investment) else "no investment is recorded"


@rule("INV-01", COMPLETENESS, from_gate="G2", applies_when=where_investments, basis="timing of investments")
def investment_without_decision_in_time(package: Package, context: Context) -> Iterator[Outcome]:
    """An investment does not say by when it has to be decided, says another day than its times give, or is late.

    The decision-by date is the need date less lead time and qualification time; a part of a day counts as a whole one.
    A decision-by date that has passed without a decision is an error at every gate.
    Why: a vessel ordered too late is not there for the batch, however urgent it is by then.
    Resolve: state `need_date`, `lead_time`, `qualification_time` and `decision_by`; decide, or move what needs it.
    """
    for one in package.in_force(Investment):
        by = decision_by(package, one)
        what = one.item or one.name
        if by.missing:
            names = ", no ".join(name.replace("_", " ") for name in by.missing)
            yield one.at(by.missing[0] if len(by.missing) == 1 else ""), f"{what} states no {names}"
        elif by.reason:
            yield NotComputable(one.at("decision_by"), by.reason)
        elif by.stated is None:
            yield one.at("decision_by"), f"{what} states no decision-by date; its times give {by.computed}"
        elif by.computed != by.stated:
            message = f"{what} is to be decided by {by.stated}, but its times give {by.computed}"
            yield Problem(one.at("decision_by"), message, site=one.site, kind=CONSISTENCY)
        last = by.counts
        if last is not None and last < context.as_of and not decided(one, context.as_of):
            late = (context.as_of - last).days
            days = "1 day" if late == 1 else f"{late} days"
            message = f"{what} was to be decided by {last}, {days} ago, and nobody has decided"
            yield Problem(one.at("decision"), message, site=one.site, from_gate=AT_ONCE)
