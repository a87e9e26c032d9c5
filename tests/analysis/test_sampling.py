"""Samples of declared distributions against their moments, their ends and scipy's own quantiles."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from scipy import stats

from ttpack.analysis.sampling import Sampler, sampler
from ttpack.model.variation import Variation

GRID = (np.arange(1, 2000) - 0.5) / 2000


def made(**given: Any) -> Sampler:
    found = sampler(Variation.model_validate(given), "h", at_least_zero=True)
    assert isinstance(found, Sampler), found
    return found


def refused(**given: Any) -> str:
    found = sampler(Variation.model_validate(given), "h", at_least_zero=True)
    assert isinstance(found, str)
    return found


SIGMA = np.sqrt(np.log1p(0.04**2))
LAWS: dict[str, tuple[dict[str, Any], Any]] = {
    "uniform": ({"low": 2, "high": 5}, stats.uniform(2, 3)),
    "triangular": ({"low": 2, "mode": 3, "high": 7}, stats.triang(0.2, 2, 5)),
    "normal": ({"mean": 96, "standard_deviation": 3}, stats.norm(96, 3)),
    "lognormal": (
        {"mean": 96, "coefficient_of_variation": Decimal("0.04")},
        stats.lognorm(SIGMA, scale=96 * np.exp(-(SIGMA**2) / 2)),
    ),
    "exponential": ({"mean": 5}, stats.expon(scale=5)),
    "gamma": ({"mean": 6, "standard_deviation": 3}, stats.gamma(4, scale=1.5)),
    "weibull": ({"shape": Decimal("1.5"), "scale": 10}, stats.weibull_min(1.5, scale=10)),
}


@pytest.mark.parametrize("name", sorted(LAWS))
def test_values_are_the_quantiles_of_the_named_law(name: str) -> None:
    given, law = LAWS[name]
    found = made(distribution=name, **given)
    assert found.from_uniform(GRID) == pytest.approx(law.ppf(GRID), rel=1e-9)
    assert found.mean == pytest.approx(law.mean(), rel=1e-6)


def test_a_cut_off_law_is_drawn_between_its_ends_alone() -> None:
    found = made(distribution="lognormal", mean=10, standard_deviation=5, low=8, high=12)
    law = stats.lognorm(np.sqrt(np.log1p(0.25)), scale=10 / np.sqrt(1.25))
    inside = law.cdf(8) + (law.cdf(12) - law.cdf(8)) * GRID
    assert found.from_uniform(GRID) == pytest.approx(law.ppf(inside), rel=1e-9)
    assert 8 <= found.quantile(0.0) <= found.quantile(1.0) <= 12


def test_units_convert_values_and_spreads() -> None:
    days = made(distribution="normal", mean=4, standard_deviation=Decimal("0.5"), unit="d")
    assert days.from_uniform(GRID) == pytest.approx(stats.norm(96, 12).ppf(GRID), rel=1e-9)
    warm = sampler(Variation(distribution="normal", mean=Decimal(35), standard_deviation=Decimal(1), unit="Cel"), "K")
    assert isinstance(warm, Sampler)
    assert warm.quantile(0.5) == pytest.approx(308.15)
    assert warm.quantile(0.5) - warm.quantile(0.3) == pytest.approx(-stats.norm.ppf(0.3))


def test_observed_values_come_each_as_often() -> None:
    found = made(distribution="empirical", values=[3, 1, 2, 2])
    counts = {value: int(np.sum(found.from_uniform(GRID) == value)) for value in (1, 2, 3)}
    assert counts[2] == pytest.approx(2 * counts[1], abs=2)
    assert counts[1] == pytest.approx(counts[3], abs=2)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"distribution": "normal", "mean": 5, "standard_deviation": 5}, "below zero with a probability of 0.16"),
        ({"distribution": "uniform", "low": -1, "high": 5}, "reaches below zero"),
        ({"distribution": "fixed", "mean": -3}, "reaches below zero"),
        ({"distribution": "empirical", "values": [1, -1]}, "reaches below zero"),
        ({"distribution": "empirical"}, "needs 1 to 10,000 values"),
        ({"distribution": "triangular", "low": 2, "high": 5}, "states no mode"),
        ({"distribution": "triangular", "low": 2, "mode": 9, "high": 5}, "outside its ends"),
        ({"distribution": "uniform", "low": 5, "high": 2}, "least value above its greatest"),
        ({"distribution": "lognormal", "mean": 0, "standard_deviation": 1}, "above zero"),
        ({"distribution": "lognormal", "mean": 5}, "states no spread"),
        ({"distribution": "gamma", "mean": 5, "standard_deviation": -1}, "below zero"),
        ({"distribution": "weibull", "shape": 0, "scale": 1}, "above zero"),
        ({"distribution": "weibull", "shape": Decimal("1e-3"), "scale": 1}, "not finite"),
        ({"distribution": "normal", "mean": Decimal("1e999"), "standard_deviation": 1}, "too large or too small"),
        ({"distribution": "normal", "mean": 9, "standard_deviation": 1, "low": 90}, "hardly anything"),
        ({"distribution": "fixed", "mean": 3, "unit": "kg"}, "does not convert"),
    ],
    ids=str,
)
def test_what_is_no_duration_is_refused_with_its_reason(given: dict[str, Any], why: str) -> None:
    assert why in refused(**given)
