"""Durations as exact days, and in words."""

from fractions import Fraction

from ttpack.analysis.intervals import NO_OWN_UNITS, Units, fraction_text, in_unit
from ttpack.model.quantity import InputQuantity

DAY = "d"
HOURS_PER_DAY = 24


def in_days(given: InputQuantity | None, own: Units = NO_OWN_UNITS) -> Fraction | None:
    """A duration in days, exactly; None where there is none, or its unit is not one of time."""
    return None if given is None else in_unit(given.value, given.unit, DAY, own)


def days_text(days: Fraction) -> str:
    """Days in words: hours below a day, else days, to six significant digits."""
    return fraction_text(days * HOURS_PER_DAY, "h") if abs(days) < 1 else fraction_text(days, DAY)
