"""Charts of individuals and moving ranges, Nelson's rules, constants of control charts.

Sources: NIST/SEMATECH e-Handbook 6.3.2.2 (d2 = 1.128 for two values); Nelson, J. Quality Technology 16 (1984) 237;
Montgomery, Introduction to Statistical Quality Control, appendix VI; Tracy, Young, Mason, J. Quality Technology 24
(1992) 88 for the first phase of Hotelling's chart.
"""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ttpack.analysis.statistics.summary import mean

D2_OF_TWO: Final = 1.128
D4_OF_TWO: Final = 3.267
NELSON_RULES: Final[dict[int, str]] = {
    1: "one point more than 3 sigma from the centre line",
    2: "nine points in a row on one side of the centre line",
    3: "six points in a row rising or falling",
    4: "fourteen points in a row alternating up and down",
    5: "two of three points in a row more than 2 sigma from the centre line on one side",
    6: "four of five points in a row more than 1 sigma from the centre line on one side",
    7: "fifteen points in a row within 1 sigma of the centre line",
    8: "eight points in a row more than 1 sigma from the centre line, on both sides",
}
TWO: Final = 2


@dataclass(frozen=True, slots=True)
class Signal:
    """A point (its index, from 0) at which a Nelson rule is met."""

    index: int
    rule: int


@dataclass(frozen=True, slots=True)
class IndividualsChart:
    """A chart of individuals: centre line, sigma within (mean moving range over d2), limits at 3 sigma, signals.

    `range_limit` is the upper limit of the moving ranges, and `wide_ranges` are the points whose moving range is above.
    """

    values: tuple[float, ...]
    centre: float
    sigma: float
    low: float
    high: float
    moving_ranges: tuple[float, ...]
    range_limit: float
    wide_ranges: tuple[int, ...]
    signals: tuple[Signal, ...]


def individuals_chart(values: Sequence[float], rules: Iterable[int] = (1,)) -> IndividualsChart:
    """The chart of some values in the order of time, read by the rules named (1 to 8).

    All eight rules together signal on 2.6 % of points of a process in control: choose. Rules are judged only where
    values vary. Raises ValueError below two values or for a rule that there is not.
    """
    if len(values) < TWO:
        message = "a chart of individuals needs two values"
        raise ValueError(message)
    moving = tuple(abs(later - earlier) for earlier, later in pairwise(values))
    middle, average = mean(values), mean(moving)
    sigma = average / D2_OF_TWO
    limit = D4_OF_TWO * average
    scores = [(value - middle) / sigma for value in values] if sigma > 0 else [0.0] * len(values)
    wide = tuple(index + 1 for index, one in enumerate(moving) if one > limit)
    signals = nelson_signals(scores, rules) if sigma > 0 else ()
    low, high = middle - 3 * sigma, middle + 3 * sigma
    return IndividualsChart(tuple(values), middle, sigma, low, high, moving, limit, wide, signals)


def nelson_signals(scores: Sequence[float], rules: Iterable[int] = range(1, 9)) -> tuple[Signal, ...]:
    """Where rules are met by values given in sigma from the centre line, by index and rule.

    A rule over several points is met at the last of them. Raises ValueError for a rule that there is not.
    """
    found = []
    for rule in sorted(set(rules)):
        if rule not in _RULES:
            message = f"there is no Nelson rule {rule}"
            raise ValueError(message)
        length, met = _RULES[rule]
        found += [
            Signal(end, rule) for end in range(length - 1, len(scores)) if met(scores[end - length + 1 : end + 1])
        ]
    return tuple(sorted(found, key=lambda one: (one.index, one.rule)))


def _one_side(points: Sequence[float]) -> bool:
    return all(point > 0 for point in points) or all(point < 0 for point in points)


def _trend(points: Sequence[float]) -> bool:
    steps = [later - earlier for earlier, later in pairwise(points)]
    return all(step > 0 for step in steps) or all(step < 0 for step in steps)


def _alternating(points: Sequence[float]) -> bool:
    steps = [later - earlier for earlier, later in pairwise(points)]
    return all(first * second < 0 for first, second in pairwise(steps))


def _beyond(points: Sequence[float], sigma: float, needed: int) -> bool:
    """At least so many on one side beyond so many sigma, the last point among them."""
    above, below = (sum(side * point > sigma for point in points) for side in (1, -1))
    last = points[-1]
    return (above >= needed and last > sigma) or (below >= needed and last < -sigma)


_RULES: Final[dict[int, tuple[int, Callable[[Sequence[float]], bool]]]] = {
    1: (1, lambda points: abs(points[0]) > 3),  # noqa: PLR2004
    2: (9, _one_side),
    3: (6, _trend),
    4: (14, _alternating),
    5: (3, lambda points: _beyond(points, 2, 2)),
    6: (5, lambda points: _beyond(points, 1, 4)),
    7: (15, lambda points: all(abs(point) < 1 for point in points)),
    8: (8, lambda points: all(abs(point) > 1 for point in points) and not _one_side(points)),
}


def c4(count: int) -> float:
    """What the standard deviation of so many normal values is on average, in sigma. Raises ValueError below two."""
    if count < TWO:
        message = "c4 needs two values"
        raise ValueError(message)
    return math.sqrt(2 / (count - 1)) * math.exp(math.lgamma(count / 2) - math.lgamma((count - 1) / 2))


def hotelling_limit(count: int, variables: int, alpha: float) -> float:
    """The upper limit of T-squared of single observations in the first phase, by the beta distribution (Tracy 1992).

    Raises ValueError where there are not more observations than variables and one.
    """
    from scipy import special

    if count <= variables + 1 or variables < 1:
        message = "the limit needs more observations than variables and one"
        raise ValueError(message)
    quantile = float(special.betaincinv(variables / 2, (count - variables - 1) / 2, 1 - alpha))
    return (count - 1) ** 2 / count * quantile
