"""Quantities of a campaign record as plain numbers; what cannot be read is collected in words."""

import math
from dataclasses import dataclass, field
from fractions import Fraction

from ttpack.analysis.intervals import in_unit
from ttpack.analysis.sampling import Sampler, sampler
from ttpack.analysis.simulation.model import Window
from ttpack.model.campaign import DailyWindow
from ttpack.model.package import Package
from ttpack.model.quantity import InputQuantity
from ttpack.model.variation import Variation

HOUR = "h"
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MOST_COUNT = 1_000_000_000


@dataclass
class Collector:
    """What a reading finds on its way: gaps in words, what makes a campaign impossible, the records it rests on."""

    package: Package
    gaps: dict[str, None] = field(default_factory=dict)
    impossible: dict[str, None] = field(default_factory=dict)
    inputs: set[str] = field(default_factory=set)

    def gap(self, words: str) -> None:
        """Something is missing, and how it was read nonetheless."""
        self.gaps.setdefault(words)

    def never(self, words: str) -> None:
        """Something because of which the campaign cannot run."""
        self.impossible.setdefault(words)

    def count(self, given: int | None, what: str) -> int | None:
        """A count that floating-point numbers hold exactly."""
        if given is None or given <= MOST_COUNT:
            return given
        self.gap(f"{what}: more than {MOST_COUNT:,}, read as so many")
        return MOST_COUNT

    def hours(self, given: InputQuantity | None, what: str, instead: str) -> float | None:
        """A duration in hours, at least zero; None where none is given, and with a gap where it cannot be read."""
        if given is None:
            return None
        found = self.number(given, HOUR)
        if found is None or found < 0:
            self.gap(f"{what} is no duration of at least zero: {instead}")
            return None
        return found

    def number(self, given: InputQuantity | None, unit: str) -> float | None:
        """A quantity in a unit as a finite number; None where there is none."""
        if given is None:
            return None
        return finite(in_unit(given.value, given.unit, unit, self.package.own_units))

    def drawn(self, given: Variation | None, what: str, instead: str, *, unit: str | None = None) -> Sampler | None:
        """A distribution of a duration in hours; None with a gap where it cannot be read, and where there is none."""
        if given is None:
            return None
        if given.unit is None:
            given = given.model_copy(update={"unit": unit or HOUR})
            if unit is None:
                self.gap(f"{what} states no unit: read as hours")
        found = sampler(given, HOUR, self.package.own_units, at_least_zero=True)
        if isinstance(found, str):
            self.gap(f"{what}: {found}; {instead}")
            return None
        return found


def finite(value: Fraction | None) -> float | None:
    """An exact number as a finite floating-point one; None for none and for what is too large."""
    try:
        found = None if value is None else float(value)
    except OverflowError:
        return None
    return found if found is not None and math.isfinite(found) else None


def window(given: DailyWindow | None) -> Window | None:
    """The hours of a daily window as numbers."""
    if given is None:
        return None
    days = frozenset(WEEKDAYS.index(day) for day in given.days) or frozenset(range(len(WEEKDAYS)))
    return Window(_hour(given.start), _hour(given.end), days)


def _hour(text: str) -> float:
    hours, minutes = text.split(":")
    return int(hours) + int(minutes) / 60
