"""Which rows are about a parameter, and the stretches of duration between the ends that rows name."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from ttpack.analysis.deviations.book import Row
from ttpack.analysis.intervals import Interval, given_ends


@dataclass(frozen=True, slots=True)
class Stretch:
    """Durations that no row tells apart: a single one, or all between two ends. `sample` is one of them."""

    ends: Interval
    sample: Fraction

    def within(self, duration: Interval | None) -> bool:
        """Whether a row of that duration covers the stretch."""
        return duration is None or duration.holds(self.sample)


def stretches(durations: Iterable[Interval | None]) -> list[Stretch]:
    """Every duration from zero on, cut at each end that is named."""
    ends = {end for one in durations if one for _, end in given_ends(one) if end >= 0}
    cuts = sorted({Fraction(0), *ends})
    found: list[Stretch] = []
    for low, high in pairwise(cuts):
        found.append(Stretch(Interval(low, low), low))
        found.append(Stretch(Interval(low, high, low_inclusive=False, high_inclusive=False), (low + high) / 2))
    found.append(Stretch(Interval(cuts[-1], cuts[-1]), cuts[-1]))
    found.append(Stretch(Interval(cuts[-1], None, low_inclusive=False), cuts[-1] + 1))
    return found


def joined(given: Sequence[Stretch]) -> list[Interval]:
    """Stretches in their order, those that touch put together."""
    found: list[Interval] = []
    for one in given:
        last = found[-1] if found else None
        if last and last.high == one.ends.low and (last.high_inclusive or one.ends.low_inclusive):
            ends = one.ends
            found[-1] = Interval(last.low, ends.high, last.low_inclusive, ends.high_inclusive)
        else:
            found.append(one.ends)
    return found


def overlapping(rows: Sequence[Row]) -> bool:
    """Whether two of the rows cover one duration."""
    given = [one.duration for one in rows]
    return any(sum(one.within(duration) for duration in given) > 1 for one in stretches(given))


def row_covers_parameter(row: Row, parameter: str | None, classification: str | None) -> bool:
    """Whether a row is about a parameter of that class; one that names no class and no parameter is about all."""
    if parameter is None:
        return not row.classes and not row.parameters
    if parameter in row.except_parameters:
        return False
    return (not row.classes or classification in row.classes) and (not row.parameters or parameter in row.parameters)
