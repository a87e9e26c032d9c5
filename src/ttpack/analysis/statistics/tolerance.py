"""Tolerance intervals of a normal population: what covers a share of it, with a confidence.

Sources: ISO 16269-6:2014 (exact two-sided and one-sided factors, Annexes C to F); Howe, J. Am. Stat. Assoc. 64 (1969)
610 as in the NIST/SEMATECH e-Handbook 7.2.6.3; Wilks, Ann. Math. Stat. 12 (1941) 91 for the range of a sample.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

NODES: Final = 120
LARGE: Final = 1e6


@dataclass(frozen=True, slots=True)
class ToleranceInterval:
    """An interval mean -+ factor * s; an end that was not asked for is None."""

    low: float | None
    high: float | None
    factor: float


@lru_cache(maxsize=256)
def two_sided_factor(count: int, coverage: float, confidence: float) -> float:
    """The exact factor k of mean -+ k s for `count` values; above zero.

    Solves for k: the mean, over the sampling distribution of the mean, of the probability that chi-square with n - 1
    degrees of freedom is at least (n - 1) r^2 / k^2 equals the confidence, where r covers the share around that mean
    (ISO 16269-6:2014, Annex E). Raises ValueError for fewer than two values or shares not between 0 and 1.
    """
    import numpy as np
    from scipy import optimize, special

    _checked(count, coverage, confidence)
    points, weights = np.polynomial.legendre.leggauss(NODES)
    # Means further than ten standard errors away have no weight that a double could hold.
    edge = 10 / math.sqrt(count)
    shifts = (points + 1) / 2 * edge
    density = np.exp(-count * shifts**2 / 2) * math.sqrt(count / (2 * math.pi)) * weights * edge
    radii = np.array([_radius(float(shift), coverage) for shift in shifts])

    def surplus(log_factor: float) -> float:
        bound = (count - 1) * radii**2 / math.exp(2 * log_factor)
        return float(np.sum(density * special.chdtrc(count - 1, bound))) - confidence

    found = optimize.brentq(surplus, math.log(1e-3), math.log(LARGE), xtol=1e-13, rtol=1e-13)
    return math.exp(float(found))


def one_sided_factor(count: int, coverage: float, confidence: float) -> float:
    """The exact factor k of mean + k s or mean - k s: a quantile of the noncentral t distribution over sqrt(n).

    Raises ValueError for fewer than two values or shares not between 0 and 1.
    """
    from scipy import special

    _checked(count, coverage, confidence)
    root = math.sqrt(count)
    noncentrality = float(special.ndtri(coverage)) * root
    return float(special.nctdtrit(count - 1, noncentrality, confidence)) / root


def howe_factor(count: int, coverage: float, confidence: float) -> float:
    """Howe's approximation of the two-sided factor. Raises ValueError as `two_sided_factor` does."""
    from scipy import special

    _checked(count, coverage, confidence)
    middle = float(special.ndtri((1 + coverage) / 2))
    below = float(special.chdtri(count - 1, confidence))
    return middle * math.sqrt((count - 1) * (1 + 1 / count) / below)


def tolerance_interval(  # noqa: PLR0913, PLR0917  what defines it
    mean: float, spread: float, count: int, coverage: float, confidence: float, side: str = "both"
) -> ToleranceInterval:
    """The interval of a sample with that mean and standard deviation; `side` is both, low or high."""
    if side == "both":
        factor = two_sided_factor(count, coverage, confidence)
        return ToleranceInterval(mean - factor * spread, mean + factor * spread, factor)
    factor = one_sided_factor(count, coverage, confidence)
    if side == "low":
        return ToleranceInterval(mean - factor * spread, None, factor)
    return ToleranceInterval(None, mean + factor * spread, factor)


def range_confidence(count: int, coverage: float) -> float:
    """The confidence with which the least and greatest of so many values cover a share, whatever the distribution."""
    if count < 1 or not 0 < coverage < 1:
        message = "a range needs a value and a share between 0 and 1"
        raise ValueError(message)
    return 1 - count * coverage ** (count - 1) + (count - 1) * coverage**count


def _checked(count: int, coverage: float, confidence: float) -> None:
    if count < 2:  # noqa: PLR2004
        message = "a tolerance interval needs two values"
        raise ValueError(message)
    if not (0 < coverage < 1 and 0 < confidence < 1):
        message = "coverage and confidence lie between 0 and 1"
        raise ValueError(message)


def _radius(shift: float, coverage: float) -> float:
    """How far to each side of a shifted centre the standard normal covers a share."""
    from scipy import optimize, special

    def surplus(radius: float) -> float:
        return float(special.ndtr(shift + radius) - special.ndtr(shift - radius)) - coverage

    return float(optimize.brentq(surplus, 0.0, shift + 40.0, xtol=1e-14, rtol=1e-14))
