"""The greatest demand that falls on a utility at one time, against its capacity and the margin kept free."""

from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial

from ttpack.analysis.facility_fit.site_plant import NotKnown, Row, SitePlant, amount, number
from ttpack.analysis.facility_fit.verdict import Fit, FitSide
from ttpack.analysis.intervals import fraction_text
from ttpack.analysis.thresholds import share
from ttpack.model.facility import SiteEquipment, Utility
from ttpack.model.quantity import digits

UNQUALIFIED = ("it is not said to be qualified", "it is not qualified")
"""Conditions that are about qualification, not about what the utility can give."""


def utility_fits(plant: SitePlant) -> Iterator[Fit]:
    """Every utility of the site; what draws from a utility of another site is UNKNOWN."""
    here = {one.id for one in plant.utilities}
    for utility in plant.utilities:
        yield _utility(plant, utility)
    for item in plant.equipment:
        for demand in item.utility_demands:
            other = plant.package.get(demand.utility, Utility)
            if demand.utility not in here and other is not None:
                row = Row(plant.site, demand.utility, "utility", other.name, None, (item.id,))
                yield row.fit("UNKNOWN", (f"{item.name} draws from it, but it is no utility in force of {plant.site}",))


def _utility(plant: SitePlant, utility: Utility) -> Fit:
    users = [one for one in plant.equipment if _draws(one, utility) or utility.id in one.utilities]
    row = Row(plant.site, utility.id, "utility", utility.name, None, tuple(one.id for one in users))
    reasons: list[str] = []
    unit = utility.capacity.unit if utility.capacity else utility.peak_demand.unit if utility.peak_demand else ""
    capacity = _read(lambda: amount(utility.capacity, unit, f"the capacity of {utility.name}", plant.own), reasons)
    peak = _peak(plant, utility, users, unit, reasons)
    required = capability = None
    if peak is not None:
        required = FitSide(
            f"{fraction_text(peak[0], unit)} at one time{peak[1]}", {"high": number(peak[0]), "unit": unit}
        )
    kept = None if utility.margin is None else share(utility.margin)
    if capacity is not None:
        margin = "" if utility.margin is None else f", {utility.margin} of it kept free"
        capability = FitSide(f"{fraction_text(capacity, unit)}{margin}", {"high": number(capacity), "unit": unit})
    if peak is None or capacity is None:
        return row.fit("UNKNOWN", reasons, required, capability)
    if peak[0] > capacity:
        over = f"{fraction_text(peak[0], unit)} is more than the capacity of {fraction_text(capacity, unit)}"
        return row.fit("FAIL", (over, *reasons), required, capability)
    if reasons:
        return row.fit("UNKNOWN", reasons, required, capability)
    conditions = [*peak[2], *_conditions(utility, peak[0], capacity, kept, unit)]
    return row.fit("CONDITIONAL" if conditions else "PASS", conditions, required, capability)


def _conditions(
    utility: Utility, peak: Fraction, capacity: Fraction, kept: Fraction | None, unit: str
) -> Iterator[str]:
    """What stands in the way of a pass although the capacity suffices."""
    if utility.margin is None:
        yield "no margin is stated"
    elif kept is None or kept >= 1:
        yield f"the margin {str(utility.margin)[:40]!r} is no share of the capacity"
    elif peak > capacity * (1 - kept):
        left = fraction_text(capacity * (1 - kept), unit)
        yield f"{fraction_text(peak, unit)} is more than the {left} that the margin of {utility.margin} leaves"
    if not utility.qualified:
        yield UNQUALIFIED[utility.qualified is False]


def _draws(item: SiteEquipment, utility: Utility) -> bool:
    return any(demand.utility == utility.id for demand in item.utility_demands)


def _peak(
    plant: SitePlant, utility: Utility, users: list[SiteEquipment], unit: str, reasons: list[str]
) -> tuple[Fraction, str, tuple[str, ...]] | None:
    """The greater of the stated peak and the computed one, when it falls, and what is odd about it.

    Equipment that uses the utility without a stated demand leaves the sum incomplete; a stated peak stands for all.
    """
    always, during = Fraction(0), dict[str, Fraction]()
    silent = [one.name for one in users if not _draws(one, utility)]
    drawn = False
    for item in users:
        for demand in item.utility_demands:
            if demand.utility != utility.id:
                continue
            what = f"the demand of {item.name} on {utility.name}"
            found = _read(partial(amount, demand.demand, unit, what, plant.own), reasons)
            if found is None:
                continue
            drawn = True
            if not demand.during:
                always += found
            for activity in dict.fromkeys(" ".join(name.split()) for name in demand.during):
                during[activity] = during.get(activity, Fraction(0)) + found
    when = max(sorted(during), key=lambda name: during[name], default="")
    computed = always + during.get(when, Fraction(0)) if drawn else None
    words = f" (during {when})" if when else ""
    if utility.peak_demand is None:
        if computed is None:
            reasons.append(f"no equipment states what it draws from {utility.name}")
        elif silent:
            reasons.append(f"{', '.join(silent[:3])} uses it without a stated demand")
        return None if computed is None else (computed, words, ())
    stated = _read(lambda: amount(utility.peak_demand, unit, f"the peak demand of {utility.name}", plant.own), reasons)
    if computed is None or stated is None or stated == computed:
        known = stated if stated is not None else computed
        return None if known is None else (known, words, ())
    said = f"the peak demand is stated as {digits(utility.peak_demand.value)} {utility.peak_demand.unit}"
    differs = f"{said}, its equipment adds up to {fraction_text(computed, unit)}"
    # more than its equipment adds up to is the cautious side: other users draw too
    return max(stated, computed), words if computed > stated else "", (differs,) if computed > stated else ()


def _read(read: Callable[[], Fraction], reasons: list[str]) -> Fraction | None:
    try:
        return read()
    except NotKnown as unknown:
        reasons.append(unknown.reason)
        return None
