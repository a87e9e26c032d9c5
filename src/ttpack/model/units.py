"""Units of measurement: parsing and exact conversion. What the other modules of units offer is imported from here.

Codes are UCUM or a listed alias (`unit_table`). Everything is a fraction: 30 min is 0.5 h exactly. Kinds of
quantity that UCUM would make the number 1 (pH, cells, percent of saturation) never convert into one another.
"""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from ttpack.model.exact_number import Number, ValueOutOfReach, decimal_text, exact
from ttpack.model.own_units import DefinesUnit, OwnUnits, UnitDefinition, own_units
from ttpack.model.unit_symbols import unit_symbol
from ttpack.model.unit_syntax import LONGEST_TEXT, Dimension, Unit, UnitError, UnknownUnit
from ttpack.model.unit_text import catalogue_unit, describe_dimension

__all__ = [
    "DefinesUnit",
    "Dimension",
    "IncompatibleUnits",
    "Number",
    "Unit",
    "UnitDefinition",
    "UnitError",
    "UnknownUnit",
    "ValueOutOfReach",
    "convert",
    "decimal_text",
    "describe_dimension",
    "equal_quantities",
    "exact",
    "own_units",
    "parse_unit",
    "same_dimension",
    "to_base",
    "unit_symbol",
]

_NO_OWN_UNITS: Final[Mapping[str, DefinesUnit]] = {}


class IncompatibleUnits(UnitError):
    """Two units that measure different things."""

    def __init__(self, from_unit: Unit, to_unit: Unit) -> None:
        self.from_unit = from_unit
        self.to_unit = to_unit
        super().__init__(
            f"{from_unit.code} ({describe_dimension(from_unit)}) cannot be converted "
            f"to {to_unit.code} ({describe_dimension(to_unit)})"
        )


def parse_unit(text: str, own: Mapping[str, DefinesUnit] = _NO_OWN_UNITS) -> Unit:
    """The unit that a text names; raises UnknownUnit with a hint. An empty text is the unit 1."""
    if own and len(text) <= LONGEST_TEXT and any(name in text for name in own):
        return OwnUnits(own).parse(text)
    found = catalogue_unit(text)
    if isinstance(found, Unit):
        return found
    raise UnknownUnit(text, found)


def convert(value: Number, from_unit: Unit, to_unit: Unit) -> Fraction:
    """The value in another unit of the same dimension, exactly; raises IncompatibleUnits."""
    if from_unit.dimension != to_unit.dimension:
        raise IncompatibleUnits(from_unit, to_unit)
    return (to_base(value, from_unit) - to_unit.offset) / to_unit.factor


def to_base(value: Number, unit: Unit) -> Fraction:
    """The value in metres, grams, seconds, kelvin, moles, amperes and units that count themselves."""
    return exact(value) * unit.factor + unit.offset


def same_dimension(first: Unit, second: Unit) -> bool:
    """Whether values in the one can be expressed in the other."""
    return first.dimension == second.dimension


def equal_quantities(first: Number, first_unit: Unit, second: Number, second_unit: Unit) -> bool:
    """Whether two quantities are the same amount of the same thing: 30 min and 0.5 h are, 50 % and 50 %{sat} not."""
    return same_dimension(first_unit, second_unit) and to_base(first, first_unit) == to_base(second, second_unit)
