"""Mean, spread and lines, computed so that large values with small differences lose no digits."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

PAIR = 2


@dataclass(frozen=True, slots=True)
class Summary:
    """Count, mean, standard deviation (n - 1; None below two values), least and greatest value."""

    count: int
    mean: float
    standard_deviation: float | None
    least: float
    greatest: float


def mean(values: Sequence[float]) -> float:
    """The mean, exactly summed and corrected once by the mean of the differences. Raises ValueError for no values."""
    if not values:
        message = "there is no mean of no values"
        raise ValueError(message)
    first = math.fsum(values) / len(values)
    return first + math.fsum(value - first for value in values) / len(values)


def sum_of_squares(values: Sequence[float]) -> float:
    """The sum of squared differences from the mean, in two passes with exact sums (Chan, Golub, LeVeque 1983)."""
    middle = mean(values)
    rest = math.fsum(value - middle for value in values)
    return math.fsum((value - middle) ** 2 for value in values) - rest * rest / len(values)


def standard_deviation(values: Sequence[float]) -> float:
    """The standard deviation with n - 1. Raises ValueError below two values."""
    if len(values) < PAIR:
        message = "a standard deviation needs two values"
        raise ValueError(message)
    return math.sqrt(max(sum_of_squares(values), 0.0) / (len(values) - 1))


def summary(values: Sequence[float]) -> Summary:
    """What describes some values. Raises ValueError for no values."""
    spread = standard_deviation(values) if len(values) >= PAIR else None
    return Summary(len(values), mean(values), spread, min(values), max(values))


@dataclass(frozen=True, slots=True)
class Line:
    """A least-squares line; `residual` is the residual standard deviation (n - 2; None below three points)."""

    slope: float
    intercept: float
    residual: float | None
    slope_error: float | None


def line(across: Sequence[float], up: Sequence[float]) -> Line:
    """The least-squares line through points, worked out from differences to the means.

    Raises ValueError where there are fewer than two points, or all lie at one place of the axis across.
    """
    if len(across) != len(up) or len(across) < PAIR:
        message = "a line needs at least two points"
        raise ValueError(message)
    middle, level = mean(across), mean(up)
    spread = math.fsum((x - middle) ** 2 for x in across)
    if spread == 0:
        message = "a line needs points at two places"
        raise ValueError(message)
    slope = math.fsum((x - middle) * (y - level) for x, y in zip(across, up, strict=True)) / spread
    # What is left of the slope in the residuals is rounding: put it back once.
    slope += (
        math.fsum((x - middle) * (y - level - slope * (x - middle)) for x, y in zip(across, up, strict=True)) / spread
    )
    intercept = level - slope * middle
    if len(across) == PAIR:
        return Line(slope, intercept, None, None)
    left = math.fsum((y - level - slope * (x - middle)) ** 2 for x, y in zip(across, up, strict=True))
    residual = math.sqrt(left / (len(across) - PAIR))
    return Line(slope, intercept, residual, residual / math.sqrt(spread))
