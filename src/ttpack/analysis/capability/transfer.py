"""The transfer functions of a design space at a site: its factors with their ranges there, its responses as models.

Means and scores are functions of coded factors, (raw - centre) / half range, or of raw ones where an equation says so.
Floating-point numbers are right here: a prediction is an estimate, and coefficients are printed to a few digits.
"""

import math
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Final, Literal

from ttpack.analysis.capability.equation import Equation, equation
from ttpack.analysis.design_space import MOST_FACTORS, NotPredicted, Polynomial, least_score, polynomial
from ttpack.analysis.deviations.limits import Bounds, limits_at
from ttpack.analysis.facility_fit.requirement import SiteReading
from ttpack.analysis.intervals import Interval, in_unit, interval
from ttpack.analysis.sampling import Sampler, sampler
from ttpack.model.package import Package
from ttpack.model.parameter import DesignSpace, Factor, ProcessParameter, Response
from ttpack.model.quality import QualityAttribute

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

Over = Literal["normal_operating", "proven_acceptable"]
OVER_WORDS: Final = {"normal_operating": "normal operating range", "proven_acceptable": "proven acceptable range"}


@dataclass(frozen=True, slots=True)
class FactorAt:
    """A factor at a site, all numbers raw and in its unit: where it is aimed, its ranges, where the model holds.

    `variation` is the declared distribution in operation. `validity_from` says where the range of validity is from.
    """

    name: str
    parameter: str | None
    title: str
    unit: str | None
    centre: float
    half_range: float
    setpoint: float | None
    normal: tuple[float, float] | None
    proven: tuple[float, float] | None
    valid: tuple[float, float]
    validity_from: str
    variation: Sampler | None

    def coded(self, raw: "Floats") -> "Floats":
        """Raw values as the model takes them."""
        return (raw - self.centre) / self.half_range

    def range(self, over: Over) -> tuple[float, float] | None:
        """One of its ranges."""
        return self.normal if over == "normal_operating" else self.proven


@dataclass(frozen=True, slots=True)
class ResponseAt:
    """A response: its model, its limits in its own unit, and the least score that assures it."""

    index: int
    name: str
    attribute: str | None
    unit: str | None
    meaning: Literal["mean", "score"]
    low: float | None
    high: float | None
    threshold: float | None
    model: Polynomial | Equation
    raw: bool
    ambiguous: tuple[str, ...]

    @property
    def quantified(self) -> bool:
        """Whether the uncertainty of every coefficient and of the residual is recorded; never of an equation."""
        return (
            isinstance(self.model, Polynomial)
            and self.model.residual is not None
            and all(error > 0 or not factors for _, factors, error in self.model.terms)
            and any(error > 0 for _, _, error in self.model.terms)
        )

    def values(self, raw: "Floats", factors: tuple[FactorAt, ...], columns: "Columns | None" = None) -> "Floats":
        """The predicted mean or score of each row of raw factor values; NaN where it has none.

        `columns` are those of the same rows, where several responses share them.
        """
        given = columns or Columns(raw, factors)
        if isinstance(self.model, Equation):
            named = {one.name: raw[:, place] if self.raw else given.coded[place] for place, one in enumerate(factors)}
            return self.model.values(named)
        return given.polynomial(self.model)

    def variances(self, raw: "Floats", factors: tuple[FactorAt, ...], columns: "Columns | None" = None) -> "Floats":
        """Residual variance and that of the coefficients, taken as uncorrelated; zeros where none is recorded."""
        import numpy as np

        if isinstance(self.model, Equation):
            return np.zeros(len(raw))
        given = columns or Columns(raw, factors)
        found = np.full(len(raw), (self.model.residual or 0.0) ** 2)
        for _, places, error in self.model.terms:
            if error:
                found += (error * given.product(places)) ** 2 if places else error**2
        return found


class Columns:
    """Coded values of some rows."""

    def __init__(self, raw: "Floats", factors: tuple[FactorAt, ...]) -> None:
        self.count = len(raw)
        self.coded = [one.coded(raw[:, place]) for place, one in enumerate(factors)]

    def product(self, places: tuple[int, ...]) -> "Floats":
        """The product of some factors; a place that stands twice is a square.

        It is made anew for each term: keeping them costs more than to multiply, as they leave the cache.
        """
        found = self.coded[places[0]]
        for place in places[1:]:
            found = found * self.coded[place]
        return found

    def polynomial(self, model: Polynomial) -> "Floats":
        """The sum of the terms."""
        import numpy as np

        total = np.full(self.count, math.fsum(coefficient for coefficient, places, _ in model.terms if not places))
        for coefficient, places, _ in model.terms:
            if places:
                total += coefficient * self.product(places)
        return total


@dataclass(frozen=True, slots=True)
class TransferModel:
    """A design space at a site. `gaps` say what of it cannot be predicted, and why; `inputs` are the records used."""

    space: str
    title: str
    site: str
    factors: tuple[FactorAt, ...]
    responses: tuple[ResponseAt, ...]
    reliability: float | None
    gaps: tuple[str, ...]
    remarks: tuple[str, ...]
    inputs: tuple[str, ...]


def transfer_model(package: Package, space: DesignSpace, site: str) -> TransferModel:
    """Read a design space at a site; what cannot be read is a gap, and the rest stands."""
    gaps: list[str] = []
    remarks: list[str] = []
    if not space.factors:
        gaps.append(f"{space.name} names no factors")
    elif len(space.factors) > MOST_FACTORS:
        gaps.append(f"{space.name} has more than {MOST_FACTORS} factors")
    twice = {one.name for one in space.factors if [each.name for each in space.factors].count(one.name) > 1}
    gaps += [f"the factor {name} is named twice" for name in sorted(twice)]
    factors = [] if gaps else [_factor(package, one, site, gaps, remarks) for one in space.factors]
    known = tuple(one for one in factors if one is not None)
    responses: list[ResponseAt] = []
    if len(known) == len(space.factors) and not gaps:
        for index, one in enumerate(space.responses):
            found = _response(package, space, index, one)
            if isinstance(found, str):
                gaps.append(f"{one.name}: {found}")
            else:
                responses.append(found)
    inputs = {space.id, site, *(one.parameter for one in space.factors if one.parameter)}
    inputs |= {name for one in space.factors if (name := f"{one.parameter}@{site}") in package.records}
    inputs |= {one.attribute for one in space.responses if one.attribute}
    level = float(space.reliability_level) if space.reliability_level is not None else None
    return TransferModel(
        space.id, space.name, site, known, tuple(responses), level, tuple(dict.fromkeys(gaps)),
        tuple(dict.fromkeys(remarks)), tuple(sorted(inputs & set(package.records))),
    )  # fmt: skip


def _factor(package: Package, one: Factor, site: str, gaps: list[str], remarks: list[str]) -> FactorAt | None:
    if not one.centre.is_finite() or not one.half_range.is_finite() or one.half_range <= 0:
        gaps.append(f"the coding of the factor {one.name} has no half range above zero")
        return None
    parameter = package.get(one.parameter, ProcessParameter)
    if parameter is None:
        gaps.append(f"the factor {one.name} names no process parameter of the package")
        return None
    unit = one.unit or parameter.unit
    limits = limits_at(package, parameter, site)
    normal, proven = (_ends(package, given, limits.unit, unit) for given in (limits.normal, limits.proven))
    setpoint = _setpoint(package, parameter, site, unit)
    if setpoint is None and normal is not None:
        setpoint = (normal[0] + normal[1]) / 2
        remarks.append(f"{parameter.name} states no setpoint here: the middle of its normal range stands for it")
    valid, valid_from = _validity(package, one, parameter, unit)
    variation = None
    if one.variation is not None:
        found = sampler(one.variation, unit, package.own_units)
        if isinstance(found, str):
            gaps.append(f"the variation of {parameter.name}: {found}")
        else:
            variation = found
    return FactorAt(
        one.name, parameter.id, parameter.name, unit, float(one.centre), float(one.half_range), setpoint, normal,
        proven, valid, valid_from, variation,
    )  # fmt: skip


def _setpoint(package: Package, parameter: ProcessParameter, site: str, unit: str | None) -> float | None:
    reading = SiteReading(package, parameter, site)
    value, _, _ = reading.setpoint()
    return None if value is None else _converted(package, value, reading.unit, unit)


def _converted(package: Package, value: Fraction, unit: str | None, wanted: str | None) -> float | None:
    if unit == wanted:
        return float(value)
    zero, one = (in_unit(Decimal(number), unit, wanted, package.own_units) for number in (0, 1))
    return None if zero is None or one is None else float(zero + (one - zero) * value)


def _ends(package: Package, given: Bounds | None, unit: str | None, wanted: str | None) -> tuple[float, float] | None:
    """Both ends of a range in another unit; None where it has not two, or they do not convert."""
    if given is None or given.ends.low is None or given.ends.high is None:
        return None
    low, high = (_converted(package, end, unit, wanted) for end in (given.ends.low, given.ends.high))
    return None if low is None or high is None or low > high else (low, high)


def _validity(
    package: Package, one: Factor, parameter: ProcessParameter, unit: str | None
) -> tuple[tuple[float, float], str]:
    stated: list[tuple[str, Interval | None]] = [("stated", interval(one.validity, unit, package.own_units))]
    studied = parameter.ranges.studied
    dependent = parameter.scale is not None and parameter.scale.dependence == "dependent"
    if studied is not None and not dependent:
        as_given = studied.model_copy(update={"unit": studied.unit or parameter.unit})
        stated.append(("studied", interval(as_given, unit, package.own_units)))
    for words, found in stated:
        if found is not None and found.low is not None and found.high is not None and not found.empty:
            return (float(found.low), float(found.high)), words
    centre, half = float(one.centre), float(one.half_range)
    return (centre - half, centre + half), "coded -1 to 1"


def _response(package: Package, space: DesignSpace, index: int, one: Response) -> ResponseAt | str:
    names = frozenset(factor.name for factor in space.factors)
    model: Polynomial | Equation
    if one.equation is not None:
        if one.terms:
            return "it states both terms and an equation"
        found = equation(one.equation, names)
        if isinstance(found, str):
            return f"its equation is refused: {found}"
        model = found
    else:
        try:
            model = polynomial(space, index)
        except NotPredicted as reason:
            return str(reason)
    low, high = _limits(package, one)
    ambiguous = tuple(
        f"{' * '.join(term.factors)}: {term.ambiguous}" for term in one.terms if term.ambiguous is not None
    )
    return ResponseAt(
        index, one.name, one.attribute, one.unit, one.meaning, low, high,
        least_score(space, one) if one.meaning == "score" else None, model, one.equation_in == "raw", ambiguous,
    )  # fmt: skip


def _limits(package: Package, one: Response) -> tuple[float | None, float | None]:
    """The limits that a response has to meet: its own, else the acceptance range of its attribute."""
    found = interval(one.limit, one.unit, package.own_units)
    attribute = package.get(one.attribute, QualityAttribute)
    if found is None and attribute is not None and one.meaning == "mean":
        given = attribute.acceptance_range
        stated = given.model_copy(update={"unit": given.unit or attribute.unit}) if given else None
        found = interval(stated, one.unit or attribute.unit, package.own_units)
    if found is None:
        return None, None
    return (None if found.low is None else float(found.low)), (None if found.high is None else float(found.high))
