"""What replications say together: means with confidence intervals, shares with exact ones, paired differences.

Sources: Law, Simulation Modeling and Analysis, 5th edition, sections 4.5 (t intervals over replications) and 10.3
(paired differences under common random numbers); Clopper and Pearson, Biometrika 26 (1934) 404-413 (shares).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

CONFIDENCE: Final = 0.95


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over replications; `half_width` is half its 95 % confidence interval, None for fewer than two."""

    mean: float
    half_width: float | None
    standard_deviation: float | None
    least: float
    greatest: float
    count: int

    @property
    def low(self) -> float:
        """The lower end of the confidence interval; the mean where there is none."""
        return self.mean - (self.half_width or 0.0)

    @property
    def high(self) -> float:
        """The upper end."""
        return self.mean + (self.half_width or 0.0)


@dataclass(frozen=True, slots=True)
class Share:
    """How many of so many replications; `low` and `high` are the exact 95 % confidence interval of the share."""

    count: int
    of: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself."""
        return self.count / self.of


def estimate(values: Sequence[float | None]) -> Estimate | None:
    """The mean of the values that are there; None where there is none."""
    there = [one for one in values if one is not None and math.isfinite(one)]
    if not there:
        return None
    count = len(there)
    mean = math.fsum(there) / count
    if count == 1:
        return Estimate(mean, None, None, mean, mean, 1)
    deviation = math.sqrt(math.fsum((one - mean) ** 2 for one in there) / (count - 1))
    half = _t(count - 1) * deviation / math.sqrt(count)
    return Estimate(mean, half, deviation, min(there), max(there), count)


def share(count: int, of: int) -> Share | None:
    """A share with its exact interval; None of nothing."""
    if of < 1:
        return None
    from scipy import special

    tail = (1 - CONFIDENCE) / 2
    low = 0.0 if count == 0 else float(special.betaincinv(count, of - count + 1, tail))
    high = 1.0 if count == of else float(special.betaincinv(count + 1, of - count, 1 - tail))
    return Share(count, of, low, high)


def paired(values: Sequence[float | None], base: Sequence[float | None]) -> Estimate | None:
    """The mean difference to the base, replication by replication: both were given the same random numbers."""
    pairs = zip(values, base, strict=True)
    return estimate([None if one is None or two is None else one - two for one, two in pairs])


def _t(degrees: int) -> float:
    from scipy import special

    return float(special.stdtrit(degrees, (1 + CONFIDENCE) / 2))
