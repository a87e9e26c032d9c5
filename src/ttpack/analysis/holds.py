"""How long an intermediate may wait: limits of a hold as exact durations."""

from dataclasses import dataclass
from fractions import Fraction

from ttpack.analysis.intervals import NO_OWN_UNITS, Units, value_text
from ttpack.model.process import HoldTime
from ttpack.model.units import UnitError, parse_unit, to_base

SECOND = parse_unit("s")


@dataclass(frozen=True, slots=True)
class HoldLimit:
    """A limit of a hold: the field it is written in, its length in seconds, and its words."""

    field: str
    seconds: Fraction
    text: str


def proven_limit(hold: HoldTime, own: Units = NO_OWN_UNITS) -> HoldLimit | None:
    """The shorter of the chemical and the microbial maximum; None where neither is a duration."""
    limits = [limit for name in ("chemical_maximum", "microbial_maximum") if (limit := _limit(hold, name, own))]
    return min(limits, key=lambda limit: limit.seconds, default=None)


def operated_limit(hold: HoldTime, own: Units = NO_OWN_UNITS) -> HoldLimit | None:
    """The limit operated; None where it is not stated as a duration."""
    return _limit(hold, "operated_limit", own)


def hold_limit(hold: HoldTime, own: Units = NO_OWN_UNITS) -> HoldLimit | None:
    """The limit that counts on the shop floor: the one operated, else the proven one."""
    return operated_limit(hold, own) or proven_limit(hold, own)


def _limit(hold: HoldTime, name: str, own: Units) -> HoldLimit | None:
    given = {
        "chemical_maximum": hold.chemical_maximum,
        "microbial_maximum": hold.microbial_maximum,
        "operated_limit": hold.operated_limit,
    }[name]
    if given is None:
        return None
    try:
        unit = parse_unit(given.unit, own)
        if unit.dimension != SECOND.dimension:
            return None
        return HoldLimit(name, to_base(given.value, unit), value_text(given.value, given.unit))
    except UnitError:
        return None
