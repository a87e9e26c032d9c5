"""Samples of a declared distribution, by inverse transform: one uniform number gives one value.

So two models that differ in one distribution and are given the same uniform numbers differ by that distribution alone
(common random numbers). Samples are floating-point numbers; the parameters of the distribution are read exactly and
converted by their units before.

Sources: Law, Simulation Modeling and Analysis, 5th edition, section 8.3 (inverse transforms) and 11.2 (common random
numbers). Lognormal and gamma are stated by mean and standard deviation of the quantity itself.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ttpack.analysis.intervals import NO_OWN_UNITS, Units, in_unit
from ttpack.model.variation import Variation

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

LEAST: Final = 2.0**-53
"""Uniform numbers are kept inside (LEAST, 1 - LEAST), since the ends of most distributions are infinite."""
NEVER: Final = 1e-6
"""A normal distribution that is negative with less than this probability is cut off at zero where it has to be."""
QUADRATURE: Final = 4096
MOST_VALUES: Final = 10_000
_CUT: Final = frozenset({"normal", "lognormal", "gamma", "weibull"})


@dataclass(frozen=True, slots=True)
class Sampler:
    """A distribution with its parameters as numbers of its own unit; values are `factor` * own + `offset`.

    `parameters` are, by name: fixed (value), uniform (low, high), triangular (low, mode, high), normal (mean, sd),
    lognormal (mu, sigma), exponential (mean), gamma (shape, scale), weibull (shape, scale), empirical (values, sorted).
    `ends` are where it is cut off, and `cut` the cumulative probabilities there.
    """

    name: str
    parameters: tuple[float, ...]
    cut: tuple[float, float] = (0.0, 1.0)
    ends: tuple[float, float] = (-math.inf, math.inf)
    factor: float = 1.0
    offset: float = 0.0

    def from_uniform(self, uniform: "Floats") -> "Floats":
        """A value for each uniform number of [0, 1), in the unit asked for; same shape."""
        import numpy as np

        low, high = self.cut
        inside = np.clip(low + (high - low) * np.asarray(uniform, dtype=np.float64), LEAST, 1 - LEAST)
        with np.errstate(over="ignore"):  # what is not finite is refused when the sampler is made
            own = np.clip(_INVERSE[self.name](self.parameters, inside), *self.ends)
            values: Floats = own * self.factor + self.offset
        return values

    @property
    def varies(self) -> bool:
        """Whether it gives more than one value."""
        return self.name != "fixed" and not (self.name == "empirical" and len(set(self.parameters)) == 1)

    @property
    def mean(self) -> float:
        """The mean, by the midpoint rule over 4,096 equally likely parts."""
        import numpy as np

        if self.name == "fixed":
            return self.parameters[0] * self.factor + self.offset
        if self.cut == (0.0, 1.0) and self.name in _MEANS:
            return _MEANS[self.name](self.parameters) * self.factor + self.offset
        return float(np.mean(self.from_uniform((np.arange(QUADRATURE) + 0.5) / QUADRATURE)))

    def quantile(self, probability: float) -> float:
        """The value below which it lies with a probability."""
        import numpy as np

        return float(self.from_uniform(np.asarray([probability]))[0])


def sampler(
    variation: Variation | None, unit: str | None, own: Units = NO_OWN_UNITS, *, at_least_zero: bool = False
) -> Sampler | str:
    """The distribution in a unit, or why there is none, in words.

    `unit` is also what numbers without a unit of their own are in. With `at_least_zero` a distribution that reaches
    below zero is refused, but for a normal one that does so with less than a probability of 1e-6, which is cut off.
    """
    if variation is None:
        return "it is not stated how it varies"
    given = variation.unit or unit
    scale = _affine(given, unit, own)
    if scale is None:
        return f"its unit {given or 'none'} does not convert to {unit or 'none'}"
    try:
        made = _made(variation, at_least_zero=at_least_zero)
    except (OverflowError, ValueError, ZeroDivisionError):
        return f"the numbers of the {variation.distribution} distribution are too large or too small"
    if isinstance(made, str):
        return made
    factor, offset = scale
    whole = Sampler(made.name, made.parameters, made.cut, made.ends, factor, offset)
    if at_least_zero and not offset and factor > 0 and whole.quantile(0.0) < 0:
        return f"the {variation.distribution} distribution reaches below zero"
    ends = (whole.quantile(1e-9), whole.quantile(1 - 1e-9))
    return whole if all(map(math.isfinite, ends)) else f"the {variation.distribution} distribution is not finite"


def _affine(given: str | None, wanted: str | None, own: Units) -> tuple[float, float] | None:
    if given == wanted:
        return 1.0, 0.0
    ends = [in_unit(Decimal(one), given, wanted, own) for one in (0, 1, 2)]
    if ends[0] is None or ends[1] is None or ends[2] is None or ends[2] - ends[1] != ends[1] - ends[0]:
        return None
    return float(ends[1] - ends[0]), float(ends[0])


def _made(given: Variation, *, at_least_zero: bool) -> Sampler | str:
    wanted = _NEEDS.get(given.distribution, ())
    numbers = {name: getattr(given, name) for name in (*wanted, "low", "high")}
    if missing := [name for name in wanted if numbers[name] is None]:
        return f"the {given.distribution} distribution states no {' and no '.join(missing)}"
    if any(one is not None and not one.is_finite() for one in (*numbers.values(), *given.values)):
        return "one of its numbers is not finite"
    plain = {name: float(value) for name, value in numbers.items() if value is not None}
    if not all(map(math.isfinite, (*plain.values(), *map(float, given.values)))):
        raise OverflowError
    if given.distribution == "fixed":
        return Sampler("fixed", (plain["mean"],))
    if given.distribution in ("uniform", "triangular"):
        return _between(given.distribution, plain)
    if given.distribution == "empirical":
        if not given.values or len(given.values) > MOST_VALUES:
            return f"an empirical distribution needs 1 to {MOST_VALUES:,} values"
        return Sampler("empirical", tuple(sorted(map(float, given.values))))
    whole = _shaped(given, plain)
    if isinstance(whole, str):
        return whole
    return _cut(whole, plain, at_least_zero=at_least_zero)


_NEEDS: Final = {
    "fixed": ("mean",),
    "uniform": ("low", "high"),
    "triangular": ("low", "mode", "high"),
    "normal": ("mean",),
    "lognormal": ("mean",),
    "exponential": ("mean",),
    "gamma": ("mean",),
    "weibull": ("shape", "scale"),
}


def _between(name: str, plain: dict[str, float]) -> Sampler | str:
    low, high = plain["low"], plain["high"]
    if low > high:
        return f"the {name} distribution has its least value above its greatest"
    if low == high:
        return Sampler("fixed", (low,))
    if name == "uniform":
        return Sampler(name, (low, high))
    mode = plain["mode"]
    if not low <= mode <= high:
        return "the most likely value of the triangular distribution lies outside its ends"
    return Sampler(name, (low, mode, high))


def _shaped(given: Variation, plain: dict[str, float]) -> Sampler | str:
    name = given.distribution
    if name == "weibull":
        if plain["shape"] <= 0 or plain["scale"] <= 0:
            return "shape and scale of a Weibull distribution are above zero"
        return Sampler(name, (plain["shape"], plain["scale"]))
    mean = plain["mean"]
    if name != "normal" and mean <= 0:
        return f"the mean of a distribution that is {name} is above zero"
    if name == "exponential":
        return Sampler(name, (mean,))
    spread = _spread(given, mean)
    if isinstance(spread, str):
        return spread
    if spread == 0:
        return Sampler("fixed", (mean,))
    if name == "normal":
        return Sampler(name, (mean, spread))
    squared = (spread / mean) ** 2
    if name == "lognormal":
        sigma = math.sqrt(math.log1p(squared))
        return Sampler(name, (math.log(mean) - sigma**2 / 2, sigma))
    return Sampler(name, (1 / squared, mean * squared))


def _spread(given: Variation, mean: float) -> float | str:
    stated, relative = given.standard_deviation, given.coefficient_of_variation
    if stated is not None and relative is not None:
        return "it states both a standard deviation and a coefficient of variation"
    if stated is None and relative is None:
        return f"the {given.distribution} distribution states no spread"
    found = float(stated) if stated is not None else float(relative or 0) * abs(mean)
    return found if found >= 0 and math.isfinite(found) else "its spread is below zero"


def _cut(whole: Sampler, plain: dict[str, float], *, at_least_zero: bool) -> Sampler | str:
    low, high = plain.get("low"), plain.get("high")
    if whole.name not in _CUT:
        return whole
    if at_least_zero and low is None and whole.name == "normal":
        below = _cumulative(whole, 0.0)
        if below >= NEVER:
            return (
                f"the normal distribution is below zero with a probability of {below:.2g}: "
                "cut it off with `low`, or state a lognormal one"
            )
        low = 0.0 if below > 0 else None
    least = _cumulative(whole, low) if low is not None else 0.0
    most = _cumulative(whole, high) if high is not None else 1.0
    if most - least < NEVER:
        return f"hardly anything of the {whole.name} distribution lies between its ends"
    ends = (-math.inf if low is None else low, math.inf if high is None else high)
    return Sampler(whole.name, whole.parameters, (least, most), ends)


def _cumulative(one: Sampler, value: float) -> float:
    from scipy import special

    first, second = one.parameters
    if one.name == "normal":
        return float(special.ndtr((value - first) / second))
    if value <= 0:
        return 0.0
    if one.name == "lognormal":
        return float(special.ndtr((math.log(value) - first) / second))
    if one.name == "gamma":
        return float(special.gammainc(first, value / second))
    return float(-math.expm1(-((value / second) ** first)))


def _fixed(parameters: tuple[float, ...], uniform: "Floats") -> Any:
    import numpy as np

    return np.full_like(uniform, parameters[0])


def _uniform(parameters: tuple[float, ...], uniform: "Floats") -> Any:
    low, high = parameters
    return low + (high - low) * uniform


def _triangular(parameters: tuple[float, ...], uniform: "Floats") -> Any:
    import numpy as np

    low, mode, high = parameters
    rising = low + np.sqrt(uniform * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - uniform) * (high - low) * (high - mode))
    return np.where(uniform < (mode - low) / (high - low), rising, falling)


def _normal(parameters: tuple[float, ...], uniform: "Floats") -> Any:
    from scipy import special

    return parameters[0] + parameters[1] * special.ndtri(uniform)


def _lognormal(parameters: tuple[float, ...], uniform: "Floats") -> Any:
    import numpy as np

    return np.exp(_normal(parameters, uniform))


def _exponential(parameters: tuple[float, ...], uniform: "Floats") -> Any:
    import numpy as np

    return -parameters[0] * np.log1p(-uniform)


def _gamma(parameters: tuple[float, ...], uniform: "Floats") -> Any:
    from scipy import special

    return parameters[1] * special.gammaincinv(parameters[0], uniform)


def _weibull(parameters: tuple[float, ...], uniform: "Floats") -> Any:
    import numpy as np

    return parameters[1] * (-np.log1p(-uniform)) ** (1 / parameters[0])


def _empirical(parameters: tuple[float, ...], uniform: "Floats") -> Any:
    import numpy as np

    values = np.asarray(parameters)
    return values[np.minimum((uniform * len(values)).astype(np.intp), len(values) - 1)]


_INVERSE: Final[dict[str, Callable[[tuple[float, ...], Any], Any]]] = {
    "fixed": _fixed,
    "uniform": _uniform,
    "triangular": _triangular,
    "normal": _normal,
    "lognormal": _lognormal,
    "exponential": _exponential,
    "gamma": _gamma,
    "weibull": _weibull,
    "empirical": _empirical,
}
_MEANS: Final[dict[str, Callable[[tuple[float, ...]], float]]] = {
    "uniform": lambda one: (one[0] + one[1]) / 2,
    "triangular": lambda one: sum(one) / 3,
    "normal": lambda one: one[0],
    "lognormal": lambda one: math.exp(one[0] + one[1] ** 2 / 2),
    "exponential": lambda one: one[0],
    "gamma": lambda one: one[0] * one[1],
    "weibull": lambda one: one[1] * math.gamma(1 + 1 / one[0]),
    "empirical": lambda one: sum(one) / len(one),
}
