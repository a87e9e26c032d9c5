"""Durations as exact days, and in words."""

from fractions import Fraction

from ttpack.analysis.intervals import NO_OWN_UNITS, Units, fraction_text, in_unit
from ttpack.model.quantity import InputQuantity

DAY = "d"
HOURS_PER_DAY = 24
FEW_DAYS = 10


def in_days(given: InputQuantity | None, own: Units = NO_OWN_UNITS) -> Fraction | None:
    """A duration in days, exactly; None where there is none, or its unit is not one of time."""
    return None if given is None else in_unit(given.value, given.unit, DAY, own)


def days_text(days: Fraction) -> str:
    """Days in words, to six significant digits: hours below a day, and below ten days where two decimals do not do."""
    in_hours = abs(days) < 1 or (abs(days) < FEW_DAYS and (days * 100).denominator != 1)
    return fraction_text(days * HOURS_PER_DAY, "h") if in_hours else fraction_text(days, DAY)
