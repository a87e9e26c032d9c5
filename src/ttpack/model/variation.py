"""How a quantity varies: a distribution by name with its parameters, in one unit."""

from typing import Literal

from ttpack.model.record import Fact, Number, fact

Distribution = Literal[
    "fixed", "uniform", "triangular", "normal", "lognormal", "exponential", "gamma", "weibull", "empirical"
]


class Variation(Fact):
    """A distribution of a quantity.

    fixed: `mean`. uniform: `low`, `high`. triangular: `low`, `mode`, `high`. normal: `mean` and a spread. lognormal and
    gamma: `mean` and a spread, both of the quantity itself and not of its logarithm. exponential: `mean`. weibull:
    `shape` and `scale`. empirical: `values`, each as likely. A spread is `standard_deviation` or
    `coefficient_of_variation`. With `low` or `high` beside a normal, lognormal, gamma or weibull distribution, it is
    cut off there.
    """

    distribution: Distribution = fact("Name of the distribution.", significance="moderate", default=...)
    unit: str | None = fact("Unit of the numbers here.", example="h", significance="moderate")
    mean: Number | None = fact("Mean.", significance="moderate")
    standard_deviation: Number | None = fact("Standard deviation.", significance="moderate")
    coefficient_of_variation: Number | None = fact(
        "Standard deviation relative to the mean.", example=0.04, significance="moderate"
    )
    low: Number | None = fact("Least value.", significance="moderate")
    mode: Number | None = fact("Most likely value.", significance="moderate")
    high: Number | None = fact("Greatest value.", significance="moderate")
    shape: Number | None = fact("Shape of a Weibull distribution.", significance="moderate")
    scale: Number | None = fact("Scale of a Weibull distribution.", significance="moderate")
    values: tuple[Number, ...] = fact("Observed values, each as likely.", significance="moderate", default=())
