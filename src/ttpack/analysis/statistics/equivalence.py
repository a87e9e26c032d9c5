"""Equivalence of two means by two one-sided tests, its power, and comparison of two variances.

Sources: Schuirmann, J. Pharmacokin. Biopharm. 15 (1987) 657; power by Owen's integral over the standard deviation
(Phillips, J. Pharmacokin. Biopharm. 18 (1990) 137); Welch, Biometrika 34 (1947) 28; USP <1033>, <1210>.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from ttpack.analysis.statistics.summary import mean, standard_deviation, sum_of_squares

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

TWO: Final = 2
NODES: Final = 200
SHARES: Final = 60


@dataclass(frozen=True, slots=True)
class Equivalence:
    """Two means compared. `difference` is new minus reference (or their ratio), between `low` and `high`.

    `low` and `high` are the ends of the interval of confidence 1 - 2 alpha; `equivalent` says whether it lies wholly
    inside the margins; `p_value` is the greater of the two one-sided ones. `freedom` are the degrees of freedom.
    """

    difference: float
    low: float
    high: float
    margin_low: float
    margin_high: float
    p_value: float
    freedom: float
    equivalent: bool
    scale: str = "difference"


def equivalence(  # noqa: PLR0913  what defines it
    new: Sequence[float],
    reference: Sequence[float],
    low: float,
    high: float,
    alpha: float = 0.05,
    *,
    pooled: bool = False,
) -> Equivalence:
    """Two one-sided t tests of the difference of means, new minus reference, against margins.

    Variances are taken as different (Welch) unless `pooled`. Values that do not vary at all are compared exactly.
    Raises ValueError below two values on a side, or for margins in the wrong order.
    """
    from scipy import special

    if len(new) < TWO or len(reference) < TWO:
        message = "equivalence needs two values on each side"
        raise ValueError(message)
    if low >= high:
        message = "the lower margin lies below the upper one"
        raise ValueError(message)
    difference = mean(new) - mean(reference)
    error, freedom = _standard_error(new, reference, pooled=pooled)
    if error == 0:
        inside = low <= difference <= high
        return Equivalence(difference, difference, difference, low, high, 0.0 if inside else 1.0, freedom, inside)
    reach = float(special.stdtrit(freedom, 1 - alpha)) * error
    above = float(special.stdtr(freedom, -(difference - low) / error))
    below = float(special.stdtr(freedom, (difference - high) / error))
    ends = difference - reach, difference + reach
    return Equivalence(difference, *ends, low, high, max(above, below), freedom, low <= ends[0] and ends[1] <= high)


def ratio_equivalence(  # noqa: PLR0913  what defines it
    new: Sequence[float],
    reference: Sequence[float],
    low: float,
    high: float,
    alpha: float = 0.05,
    *,
    pooled: bool = False,
) -> Equivalence:
    """The same for the ratio of geometric means, by logarithms. Raises ValueError for what is not above zero, too."""
    if min((*new, *reference, low), default=0.0) <= 0:
        message = "a ratio needs values and margins above zero"
        raise ValueError(message)
    logs = [[math.log(value) for value in side] for side in (new, reference)]
    found = equivalence(logs[0], logs[1], math.log(low), math.log(high), alpha, pooled=pooled)
    ratio, least, most = (math.exp(one) for one in (found.difference, found.low, found.high))
    return Equivalence(ratio, least, most, low, high, found.p_value, found.freedom, found.equivalent, "ratio")


def equivalence_power(  # noqa: PLR0913, PLR0917  what defines it
    new: int,
    reference: int,
    spread: float,
    low: float,
    high: float,
    difference: float = 0.0,
    alpha: float = 0.05,
    *,
    pooled: bool = False,
) -> float:
    """The probability that `equivalence` finds normal values of that spread and true difference equivalent.

    An integral over the distribution of the estimated standard error; for Welch's test also over the share that each
    side has in it, which decides the degrees of freedom. For a ratio, give everything in logarithms. Raises ValueError
    below two values on a side, for margins in the wrong order or a spread that is not above zero.
    """
    import numpy as np
    from scipy import special

    if new < TWO or reference < TWO or not 0 < spread < math.inf:
        message = "power needs two values on each side and a standard deviation above zero"
        raise ValueError(message)
    if low >= high:
        message = "the lower margin lies below the upper one"
        raise ValueError(message)
    freedom = new + reference - 2
    error = spread * math.sqrt(1 / new + 1 / reference)
    ends = (low - difference) / error, (high - difference) / error
    if pooled:
        return _passing(float(special.stdtrit(freedom, 1 - alpha)), freedom, ends)
    # The share of the new side in the sum of squares is beta distributed, and independent of that sum.
    points, weights = _nodes(SHARES)
    shares = special.betaincinv((new - 1) / 2, (reference - 1) / 2, (points + 1) / 2)
    parts = np.array([shares / ((new - 1) * new), (1 - shares) / ((reference - 1) * reference)])
    total = parts.sum(axis=0)
    own_freedom = total**2 / (parts[0] ** 2 / (new - 1) + parts[1] ** 2 / (reference - 1))
    reaches = special.stdtrit(own_freedom, 1 - alpha) * np.sqrt(total * freedom / (1 / new + 1 / reference))
    passing = [_passing(float(reach), freedom, ends) for reach in reaches]
    return float(np.dot(weights, passing)) / 2


@lru_cache(maxsize=4)
def _nodes(count: int) -> "tuple[NDArray[np.float64], NDArray[np.float64]]":
    """Points and weights of Gauss and Legendre between -1 and 1."""
    import numpy as np

    return np.polynomial.legendre.leggauss(count)


def _passing(reach: float, freedom: int, ends: tuple[float, float]) -> float:
    """The probability that an interval of half-width `reach` times r lies between ends in true standard errors.

    r is the estimated standard deviation over the true one, with those degrees of freedom.
    """
    import numpy as np
    from scipy import special

    low, high = ends
    # Beyond this r the interval is wider than the margins: nothing passes.
    widest = (high - low) / (2 * reach) if reach > 0 else math.inf
    least, most = (math.sqrt(float(special.chdtri(freedom, share)) / freedom) for share in (1 - 1e-14, 1e-14))
    top = min(widest, most)
    if top <= least:
        return 0.0
    points, weights = _nodes(NODES)
    ratios = least + (top - least) * (points + 1) / 2
    log_density = (
        math.log(2) + freedom / 2 * math.log(freedom / 2) - math.lgamma(freedom / 2)
        + (freedom - 1) * np.log(ratios) - freedom * ratios**2 / 2
    )  # fmt: skip
    passes = special.ndtr(high - reach * ratios) - special.ndtr(low + reach * ratios)
    found = np.sum(weights * np.exp(log_density) * np.maximum(passes, 0)) * (top - least) / 2
    return float(min(max(found, 0.0), 1.0))


@dataclass(frozen=True, slots=True)
class VarianceRatio:
    """Variance of the new values over that of the reference, with its confidence interval and two-sided p value."""

    ratio: float
    low: float
    high: float
    p_value: float


def variance_ratio(new: Sequence[float], reference: Sequence[float], confidence: float = 0.95) -> VarianceRatio:
    """The F interval and test. Raises ValueError below two values on a side or where the reference does not vary."""
    from scipy import special

    if len(new) < TWO or len(reference) < TWO:
        message = "a ratio of variances needs two values on each side"
        raise ValueError(message)
    degrees = len(new) - 1, len(reference) - 1
    under = standard_deviation(reference) ** 2
    if under == 0:
        message = "the reference values do not vary"
        raise ValueError(message)
    ratio = standard_deviation(new) ** 2 / under
    tail = (1 - confidence) / 2
    low = ratio / float(special.fdtri(*degrees, 1 - tail))
    high = ratio * float(special.fdtri(degrees[1], degrees[0], 1 - tail))
    below = float(special.fdtr(*degrees, ratio))
    return VarianceRatio(ratio, low, high, 2 * min(below, 1 - below))


def _standard_error(new: Sequence[float], reference: Sequence[float], *, pooled: bool) -> tuple[float, float]:
    counts = len(new), len(reference)
    squares = max(sum_of_squares(new), 0.0), max(sum_of_squares(reference), 0.0)
    if pooled:
        freedom = counts[0] + counts[1] - 2
        return math.sqrt(sum(squares) / freedom * (1 / counts[0] + 1 / counts[1])), float(freedom)
    parts = [square / (count - 1) / count for square, count in zip(squares, counts, strict=True)]
    total = sum(parts)
    if total == 0:
        return 0.0, float(sum(counts) - 2)
    freedom_of = total**2 / sum(part**2 / (count - 1) for part, count in zip(parts, counts, strict=True))
    return math.sqrt(total), freedom_of
