"""Volume times concentration times yield, against the concentration that a pool is stated to have."""

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from ttpack.analysis.intervals import NO_OWN_UNITS, Units
from ttpack.model.process import MassBalance
from ttpack.model.quantity import InputQuantity
from ttpack.model.units import Unit, UnitError, exact, parse_unit, to_base

DEFAULT_TOLERANCE = Fraction(1, 10)
_PERCENT = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*%\s*")
_PLAIN = re.compile(r"\s*([0-9]{1,6}(?:\.[0-9]{1,6})?)\s*")


@dataclass(frozen=True, slots=True)
class Balance:
    """What a mass balance gives, in the unit of the stated concentration."""

    computed: Fraction
    stated: Fraction
    tolerance: Fraction

    @property
    def deviation(self) -> Fraction:
        """How far the computed value lies from the stated one, relative to the stated one."""
        return abs(self.computed - self.stated) / abs(self.stated)

    @property
    def agrees(self) -> bool:
        """Whether the deviation lies within the tolerance."""
        return self.deviation <= self.tolerance


def balance(given: MassBalance, own: Units = NO_OWN_UNITS) -> Balance | str:
    """The mass balance, or why it cannot be computed, in words.

    The dimensions only have to fit together: kilograms and grams per kilogram do as well as litres.
    """
    try:
        feed, concentration = _in_base(given.feed_volume, own), _in_base(given.feed_concentration, own)
        yielded, pool = _in_base(given.step_yield, own), _in_base(given.pool_volume, own)
        stated = _in_base(given.pool_concentration, own)
    except UnitError as error:
        return str(error)
    if pool.value == 0 or stated.value == 0:
        return "the pool volume or the stated concentration is zero"
    if _powers((feed, 1), (concentration, 1), (yielded, 1), (pool, -1)) != _powers((stated, 1)):
        return (
            f"{given.feed_volume.unit} x {given.feed_concentration.unit} x {given.step_yield.unit} / "
            f"{given.pool_volume.unit} does not give {given.pool_concentration.unit}"
        )
    wanted = tolerance(given.tolerance)
    if wanted is None:
        return f"the tolerance {str(given.tolerance)[:40]!r} is not a share such as 10 %"
    computed = feed.value * concentration.value * yielded.value / pool.value / stated.unit.factor
    return Balance(computed, exact(given.pool_concentration.value), wanted)


def tolerance(given: str | Decimal | None) -> Fraction | None:
    """A relative tolerance: `10 %`, or a plain share below 1; None where it is neither. 10 % where none is given."""
    if given is None:
        return DEFAULT_TOLERANCE
    text = str(given)
    if percent := _PERCENT.fullmatch(text):
        return Fraction(percent[1]) / 100
    plain = _PLAIN.fullmatch(text)
    share = Fraction(plain[1]) if plain else None
    return share if share is not None and share < 1 else None


@dataclass(frozen=True, slots=True)
class _Based:
    value: Fraction
    unit: Unit


def _in_base(quantity: InputQuantity, own: Units) -> _Based:
    unit = parse_unit(quantity.unit, own)
    return _Based(to_base(quantity.value, unit), unit)


def _powers(*factors: tuple[_Based, int]) -> dict[str, int]:
    found: dict[str, int] = {}
    for based, sign in factors:
        for name, power in based.unit.dimension:
            found[name] = found.get(name, 0) + sign * power
    return {name: power for name, power in found.items() if power}
