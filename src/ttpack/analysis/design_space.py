"""The extremes of a response model over the operating box (ICH Q8(R2) 2.4.5).

Coordinates are coded: (raw - centre) / half range. Here floating-point numbers are right: a prediction is an estimate,
and coefficients are printed to a few digits. A quadratic response has its extremes at the corners of the box or where
it is stationary on one of its faces, so both are looked at for every face; beside them a fixed sample of the interior,
which is all there is for a response of a higher order.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from math import log, sqrt
from typing import Final

from ttpack.model.parameter import DesignSpace, Response

MOST_FACTORS: Final = 8
MOST_FACES: Final = 2187
MOST_TERMS: Final = 400
_PRIMES: Final = (2, 3, 5, 7, 11, 13, 17, 19)
_QUADRATIC_SAMPLE: Final = 32
_HIGHER_SAMPLE: Final = 1024
_QUADRATIC: Final = 2

Point = tuple[float, ...]
Box = tuple[tuple[float, float], ...]
Term = tuple[float, tuple[int, ...], float]


class NotPredicted(Exception):
    """Why a model cannot be evaluated; `field` is where the cause stands, "" where the model is only too large."""

    def __init__(self, reason: str, field: str = "") -> None:
        self.reason = reason
        self.field = field
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Polynomial:
    """A response: (coefficient, indices of the factors multiplied, standard error) for each term."""

    terms: tuple[Term, ...]
    residual: float | None

    def mean(self, point: Sequence[float]) -> float:
        """The predicted mean, or score."""
        total = 0.0
        for coefficient, factors, _ in self.terms:
            value = coefficient
            for factor in factors:
                value *= point[factor]
            total += value
        return total

    @property
    def uncertain(self) -> bool:
        """Whether the model records any uncertainty."""
        return self.residual is not None or any(error for _, _, error in self.terms)

    def deviation(self, point: Sequence[float]) -> float:
        """Residual and coefficient errors together, the coefficients taken as uncorrelated."""
        variance = (self.residual or 0.0) ** 2
        for _, factors, error in self.terms:
            value = error
            for factor in factors:
                value *= point[factor]
            variance += value * value
        return sqrt(variance)

    @property
    def order(self) -> int:
        """The highest number of factors multiplied in a term."""
        return max((len(factors) for _, factors, _ in self.terms), default=0)


def polynomial(space: DesignSpace, index: int) -> Polynomial:
    """The response of that index in coded factors. Raises NotPredicted."""
    response = space.responses[index]
    places = {factor.name: place for place, factor in enumerate(space.factors)}
    if not response.terms:
        raise NotPredicted(f"the model of {response.name} records no terms")
    if len(response.terms) > MOST_TERMS:
        raise NotPredicted(f"{response.name} has more than {MOST_TERMS} terms")
    terms: list[Term] = []
    for number, term in enumerate(response.terms):
        unknown = next((name for name in term.factors if name not in places), None)
        if unknown is not None:
            field = f"responses[{index}].terms[{number}].factors"
            raise NotPredicted(f"{unknown[:64]!r} is no factor of this design space", field)
        error = float(term.standard_error or 0)
        terms.append((float(term.coefficient), tuple(sorted(places[name] for name in term.factors)), abs(error)))
    residual = response.residual_standard_deviation
    return Polynomial(tuple(terms), None if residual is None else abs(float(residual)))


def worst(box: Box, model: Polynomial, judge: Callable[[Point], float]) -> tuple[float, Point]:
    """The least value of `judge` over the candidate points of the box, and where."""
    best: tuple[float, Point] | None = None
    for point in candidates(box, model):
        value = judge(point)
        if best is None or value < best[0]:
            best = (value, point)
    if best is None:
        raise NotPredicted("the operating box holds no point")
    return best


def candidates(box: Box, model: Polynomial) -> Iterator[Point]:
    """Corners, stationary points of every face, the centre, and a fixed sample of the interior."""
    if len(box) > MOST_FACTORS:
        raise NotPredicted(f"there are more than {MOST_FACTORS} factors")
    yield tuple((low + high) / 2 for low, high in box)
    yield from product(*box)
    quadratic = model.order <= _QUADRATIC
    if quadratic and 3 ** len(box) <= MOST_FACES:
        yield from _stationary(box, model)
    # with an uncertainty the margin is no longer quadratic, so the sample has to find what the faces may miss
    yield from _sample(box, _QUADRATIC_SAMPLE if quadratic and not model.uncertain else _HIGHER_SAMPLE)


def _sample(box: Box, count: int) -> Iterator[Point]:
    """The first points of the Halton sequence, scaled to the box."""
    for index in range(1, count + 1):
        yield tuple(
            low + (high - low) * _radical_inverse(index, prime)
            for (low, high), prime in zip(box, _PRIMES, strict=False)
        )


def _radical_inverse(index: int, base: int) -> float:
    value, fraction = 0.0, 1.0
    while index:
        fraction /= base
        index, digit = divmod(index, base)
        value += digit * fraction
    return value


def _stationary(box: Box, model: Polynomial) -> Iterator[Point]:
    """Points inside the box where the gradient along a face is zero."""
    count = len(box)
    linear, second = [0.0] * count, [[0.0] * count for _ in range(count)]
    for coefficient, factors, _ in model.terms:
        if len(factors) == 1:
            linear[factors[0]] += coefficient
        elif len(factors) == _QUADRATIC:
            second[factors[0]][factors[1]] += coefficient
            second[factors[1]][factors[0]] += coefficient
    for face in product((None, 0, 1), repeat=count):
        free = [place for place in range(count) if face[place] is None]
        if not free:
            continue
        point = [0.0 if side is None else box[place][side] for place, side in enumerate(face)]
        held = [place for place in range(count) if face[place] is not None]
        right = [-linear[one] - sum(second[one][other] * point[other] for other in held) for one in free]
        found = _solved([[second[one][other] for other in free] for one in free], right)
        if found is None:
            continue
        for place, value in zip(free, found, strict=True):
            point[place] = value
        if all(low <= value <= high for value, (low, high) in zip(point, box, strict=True)):
            yield tuple(point)


def _solved(matrix: list[list[float]], right: list[float]) -> list[float] | None:
    """The solution by elimination with pivots; None where there is no single one."""
    size = len(right)
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for column in range(size):
        pivot = max(range(column, size), key=lambda row: abs(rows[row][column]))
        if abs(rows[pivot][column]) < 1e-12:  # noqa: PLR2004  no curvature along this direction
            return None
        rows[column], rows[pivot] = rows[pivot], rows[column]
        for row in range(size):
            if row != column and rows[row][column]:
                factor = rows[row][column] / rows[column][column]
                rows[row] = [value - factor * other for value, other in zip(rows[row], rows[column], strict=True)]
    return [rows[place][size] / rows[place][place] for place in range(size)]


def least_score(space: DesignSpace, response: Response) -> float | None:
    """The score that meets the declared reliability: the threshold stated, else the logit of the reliability."""
    if response.threshold is not None:
        return float(response.threshold)
    level = float(space.reliability_level) if space.reliability_level is not None else 0.0
    return log(level / (1 - level)) if 0 < level < 1 else None


def deviations_for(space: DesignSpace) -> float | None:
    """How many standard deviations the declared reliability asks for on one side."""
    from statistics import NormalDist

    level = float(space.reliability_level) if space.reliability_level is not None else 0.0
    return NormalDist().inv_cdf(level) if 0 < level < 1 else None
