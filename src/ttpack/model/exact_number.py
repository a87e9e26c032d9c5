"""Numbers of quantities: exact fractions inside, rounded once for display."""

from decimal import ROUND_HALF_EVEN, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Final

from ttpack.model.unit_syntax import UnitError

Number = Decimal | int | Fraction

LARGEST_POWER_OF_TEN: Final = 300
_SMALLEST_PLAIN_EXPONENT: Final = -6
_LONGEST_PLAIN_NUMBER: Final = 15
_SMALLEST_STEP: Final = 10**LARGEST_POWER_OF_TEN
_OUT_OF_REACH: Final = "a quantity is finite and has at most 300 digits before and after the decimal point"


class ValueOutOfReach(UnitError):
    """A number that is not finite, or has more than 300 digits before or after the decimal point."""


def exact(value: Number) -> Fraction:
    """The number as a fraction; raises ValueOutOfReach. A float is refused: it has already lost its digits."""
    if type(value) is Fraction:
        return value
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueOutOfReach(_OUT_OF_REACH)
        return _exact_decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Fraction):
        raise TypeError(f"a quantity is a decimal, an integer or a fraction, not {type(value).__name__}")
    if isinstance(value, int) and abs(value) >= 10**LARGEST_POWER_OF_TEN:
        raise ValueOutOfReach(_OUT_OF_REACH)
    return Fraction(value)


@lru_cache(maxsize=1 << 16)
def _exact_decimal(value: Decimal) -> Fraction:
    """Remembered, as a dozen rules compare each number; whether it is in reach depends on nothing but its value."""
    if value and not -LARGEST_POWER_OF_TEN <= value.adjusted() <= LARGEST_POWER_OF_TEN:
        raise ValueOutOfReach(_OUT_OF_REACH)
    found = Fraction(value)
    if _SMALLEST_STEP % found.denominator:
        raise ValueOutOfReach(_OUT_OF_REACH)
    return found


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
