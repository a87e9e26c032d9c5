"""Capability of a process against its limits: indices, their exact bounds, and the share out of specification.

Ppk uses s, the overall standard deviation of the values; Cpk uses sigma within, from moving ranges (control_charts).
Sources: NIST/SEMATECH e-Handbook 6.1.6; Montgomery, Introduction to Statistical Quality Control, chapter 8; exact lower
bound of a one-sided index by the noncentral t distribution (Chou, Owen, Borrego 1990; Bissell's normal approximation is
too high for few values, and is not used).
"""

import math
from dataclasses import dataclass
from typing import Final

TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Capability:
    """Indices of one sample. `index` is Ppk or Cpk, as `spread` is overall or within; `lower` its one-sided bound.

    `two_sided` is Pp or Cp, None where there is one limit alone. `out` is the estimated share outside the limits of a
    normal population with that mean and spread, no bound.
    """

    index: float
    lower: float | None
    two_sided: float | None
    below: float | None
    above: float | None
    out: float


def capability(  # noqa: PLR0913, PLR0917  what defines it
    mean: float,
    spread: float,
    low: float | None,
    high: float | None,
    count: int | None = None,
    confidence: float = 0.95,
) -> Capability:
    """Capability against one or two limits.

    With `count`, the number of values behind mean and spread, the lower bound is given. For two limits it is the bound
    of the nearer one, which holds with at least the confidence, since the index is the smaller of both sides.
    Raises ValueError without a limit, for a spread that is not above zero, or limits in the wrong order.
    """
    if low is None and high is None:
        message = "capability needs a limit"
        raise ValueError(message)
    if not spread > 0 or not math.isfinite(spread):
        message = "capability needs a standard deviation above zero"
        raise ValueError(message)
    if low is not None and high is not None and low >= high:
        message = "the lower limit lies below the upper one"
        raise ValueError(message)
    below = None if low is None else (mean - low) / (3 * spread)
    above = None if high is None else (high - mean) / (3 * spread)
    index = min(side for side in (below, above) if side is not None)
    both = (high - low) / (6 * spread) if low is not None and high is not None else None
    bound = lower_bound(index, count, confidence) if count is not None and count >= TWO else None
    return Capability(index, bound, both, below, above, out_of_limits(mean, spread, low, high))


def lower_bound(index: float, count: int, confidence: float = 0.95) -> float:
    """The exact lower confidence bound of a one-sided index estimated from `count` values of a normal population.

    3 sqrt(n) times the estimate follows the noncentral t distribution with n - 1 degrees of freedom and noncentrality
    3 sqrt(n) times the true index; the bound is the true index that would give an estimate as high with the probability
    1 - confidence. Raises ValueError for fewer than two values.
    """
    from scipy import special

    if count < TWO or not 0 < confidence < 1:
        message = "a bound needs two values and a confidence between 0 and 1"
        raise ValueError(message)
    root = 3 * math.sqrt(count)
    return float(special.nctdtrinc(count - 1, confidence, root * index)) / root


def two_sided_interval(index: float, count: int, confidence: float = 0.95) -> tuple[float, float]:
    """The confidence interval of Cp or Pp by chi-square (NIST e-Handbook 6.1.6)."""
    from scipy import special

    freedom, tail = count - 1, (1 - confidence) / 2
    low, high = (float(special.chdtri(freedom, 1 - share)) for share in (tail, 1 - tail))
    return index * math.sqrt(low / freedom), index * math.sqrt(high / freedom)


def cpm(mean: float, spread: float, low: float, high: float, target: float) -> float:
    """Cpm of Taguchi: spread and distance from the target together."""
    return (high - low) / (6 * math.hypot(spread, mean - target))


def out_of_limits(mean: float, spread: float, low: float | None, high: float | None) -> float:
    """The share of a normal population outside its limits."""
    from scipy import special

    below = 0.0 if low is None else float(special.ndtr((low - mean) / spread))
    above = 0.0 if high is None else float(special.ndtr((mean - high) / spread))
    return below + above
