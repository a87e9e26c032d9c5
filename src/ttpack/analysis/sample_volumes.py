"""How much sample is drawn at each point, against how much is available there."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ttpack.analysis.intervals import NO_OWN_UNITS, Units, in_unit
from ttpack.model.analytics import Sampling
from ttpack.model.quantity import InputQuantity
from ttpack.model.units import convert, exact, parse_unit

LITRE = "L"


@dataclass(frozen=True, slots=True)
class Point:
    """A sampling point with its lines.

    `drawn` is in litres, None where a line states no volume; `limiting` is the line that states the least available.
    """

    lines: tuple[Sampling, ...]
    drawn: Fraction | None
    limiting: Sampling | None

    def excess(self, own: Units = NO_OWN_UNITS) -> tuple[Fraction, Sampling] | None:
        """What is drawn, in the unit of the limiting line, where it is more than that line says is available."""
        given = self.limiting.available_volume if self.limiting else None
        if self.limiting is None or given is None or self.drawn is None:
            return None
        drawn = convert(self.drawn, parse_unit(LITRE), parse_unit(given.unit, own))
        return (drawn, self.limiting) if drawn > exact(given.value) else None


def points(lines: Iterable[Sampling], own: Units = NO_OWN_UNITS) -> list[Point]:
    """The points of a sampling plan. The same words on one unit operation are one point."""
    grouped: dict[tuple[str, str], list[Sampling]] = {}
    for line in lines:
        point = " ".join((line.point or line.id).casefold().split())
        grouped.setdefault((line.unit_operation or "", point), []).append(line)
    return [_point(group, own) for group in grouped.values()]


def _point(lines: list[Sampling], own: Units) -> Point:
    volumes = [_litres(line.volume, own) for line in lines]
    replicates = [1 if line.replicates is None else line.replicates for line in lines]
    drawn = [volume * count for volume, count in zip(volumes, replicates, strict=True) if volume is not None]
    available = [(found, line) for line in lines if (found := _litres(line.available_volume, own)) is not None]
    return Point(
        lines=tuple(lines),
        drawn=sum(drawn, Fraction(0)) if len(drawn) == len(lines) else None,
        limiting=min(available, key=lambda pair: pair[0], default=(None, None))[1],
    )


def _litres(quantity: InputQuantity | None, own: Units) -> Fraction | None:
    return None if quantity is None else in_unit(quantity.value, quantity.unit, LITRE, own)
