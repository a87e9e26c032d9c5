"""One-way analysis of variance, and what it says of repeatability and intermediate precision.

Sources: ISO 5725-2:2019; USP <1010>, appendix C (unequal series by n0); Satterthwaite, Biometrics Bulletin 2 (1946)
110. Checked against the certified values of the NIST Statistical Reference Datasets.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ttpack.analysis.statistics.summary import mean, sum_of_squares

TWO: Final = 2


@dataclass(frozen=True, slots=True)
class OneWay:
    """Mean squares between and within series, with their degrees of freedom; `f` and its p value.

    `f` is None where nothing varies within series.
    """

    between: float
    within: float
    freedom_between: int
    freedom_within: int
    f: float | None
    p_value: float | None


@dataclass(frozen=True, slots=True)
class Precision:
    """Standard deviations: of repeatability, of what series differ by (zero where less than none), and of both.

    `upper` is the upper confidence bound of the intermediate precision (Satterthwaite).
    """

    repeatability: float
    between_series: float
    intermediate: float
    upper: float
    freedom: float
    series: int
    count: int


def one_way(series: Sequence[Sequence[float]]) -> OneWay:
    """The analysis of variance of some series. Raises ValueError below two series or without a repeated value."""
    from scipy import special

    counts = [len(one) for one in series]
    total = sum(counts)
    if len(series) < TWO or min(counts) < 1 or total <= len(series):
        message = "an analysis of variance needs two series and a repeated value"
        raise ValueError(message)
    # Differences to one value first, since squares of large values would lose what differs.
    middle = mean([value for one in series for value in one])
    shifted = [[value - middle for value in one] for one in series]
    grand = mean([value for one in shifted for value in one])
    between = math.fsum(len(one) * (mean(one) - grand) ** 2 for one in shifted)
    within = math.fsum(max(sum_of_squares(one), 0.0) for one in shifted)
    degrees = len(series) - 1, total - len(series)
    squares = between / degrees[0], within / degrees[1]
    if squares[1] == 0:
        return OneWay(*squares, *degrees, None, None)
    f = squares[0] / squares[1]
    return OneWay(*squares, *degrees, f, float(special.fdtrc(*degrees, f)))


def precision(series: Sequence[Sequence[float]], confidence: float = 0.95) -> Precision:
    """Repeatability and intermediate precision of results in series. Raises ValueError as `one_way` does."""
    from scipy import special

    found = one_way(series)
    counts = [len(one) for one in series]
    total = sum(counts)
    each = (total - sum(count**2 for count in counts) / total) / (len(series) - 1)
    between = max((found.between - found.within) / each, 0.0)
    parts = found.between / each, found.within * (1 - 1 / each)
    variance = between + found.within
    if between == 0:
        freedom = float(total - 1)
        variance_for_bound = (found.between * found.freedom_between + found.within * found.freedom_within) / freedom
    else:
        weights = [
            part**2 / degrees
            for part, degrees in zip(parts, (found.freedom_between, found.freedom_within), strict=True)
        ]
        freedom, variance_for_bound = variance**2 / sum(weights), variance
    upper = 0.0
    if variance_for_bound > 0:
        upper = math.sqrt(freedom * variance_for_bound / float(special.chdtri(freedom, confidence)))
    return Precision(
        math.sqrt(found.within), math.sqrt(between), math.sqrt(variance), upper, freedom, len(series), total
    )
