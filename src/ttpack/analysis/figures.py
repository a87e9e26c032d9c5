"""Computed figures as they leave the program: a fixed number of digits, and one digest over all of them.

Estimates are floating-point numbers, whose last digits differ between processors. Ten significant digits are more than
any of them is worth and the same everywhere, so that an answer and its digest can be compared.
"""

import hashlib
import math
from collections.abc import Mapping, Sequence
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any, Final

from ttpack.model.json_text import dumps

SIGNIFICANT: Final = 10
_ROUND: Final = Context(prec=SIGNIFICANT)


def figure(value: float | Fraction | None, significant: int = SIGNIFICANT) -> Decimal | None:
    """A number with that many significant digits and no trailing zeros; None for none, and for what is not finite."""
    if value is None:
        return None
    number = float(value)
    if not math.isfinite(number):
        return None
    rounded = Context(prec=significant).create_decimal(repr(number)) if number else Decimal(0)
    plain = rounded.normalize(_ROUND)
    exponent = plain.as_tuple().exponent
    return plain.quantize(Decimal(1)) if isinstance(exponent, int) and 0 < exponent < SIGNIFICANT else plain


def figure_digest(figures: Mapping[str, Any] | Sequence[Any]) -> str:
    """SHA-256, in hex, over figures as canonical JSON: sorted keys, no spaces.

    Raises TypeError for a float: `figure` comes before.
    """
    return hashlib.sha256(dumps(figures, None, sort_keys=True).encode()).hexdigest()
