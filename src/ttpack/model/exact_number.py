"""Numbers of quantities: exact fractions inside, rounded once for display."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from typing import Final

from ttpack.model.unit_syntax import UnitError

Number = Decimal | int | Fraction

LARGEST_POWER_OF_TEN: Final = 300
_SMALLEST_PLAIN_EXPONENT: Final = -6
_LONGEST_PLAIN_NUMBER: Final = 15


class ValueOutOfReach(UnitError):
    """A number that is not finite, or has more than 300 digits before or after the decimal point."""


def exact(value: Number) -> Fraction:
    """The number as a fraction; raises ValueOutOfReach. A float is refused: it has already lost its digits."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        raise TypeError(f"a quantity is a decimal, an integer or a fraction, not {type(value).__name__}")
    if isinstance(value, int):
        in_reach = abs(value) < 10**LARGEST_POWER_OF_TEN
    else:
        exponent = value.as_tuple().exponent
        in_reach = (
            isinstance(exponent, int) and exponent >= -LARGEST_POWER_OF_TEN and value.adjusted() <= LARGEST_POWER_OF_TEN
        )
    if not in_reach:
        raise ValueOutOfReach("a quantity is finite and has at most 300 digits before and after the decimal point")
    return Fraction(value)


def decimal_text(value: Fraction, digits: int) -> str:
    """The value rounded half to even to that many significant digits, without trailing zeros.

    Numbers under 1e-6 or too long for their digits are written `1.5e-13`.
    """
    context = Context(prec=digits, rounding=ROUND_HALF_EVEN, Emin=-9999, Emax=9999)
    rounded = context.divide(Decimal(value.numerator), Decimal(value.denominator)).normalize(context)
    if rounded.is_zero():
        return "0"
    if _SMALLEST_PLAIN_EXPONENT <= rounded.adjusted() < max(digits, _LONGEST_PLAIN_NUMBER):
        return f"{rounded:f}"
    return f"{rounded:e}".replace("e+", "e")
