"""A-Mab's published reliability scores (v2.1, pp. 80-92) at the centre, and the search for the worst point."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttpack.analysis.design_space import NotPredicted, Polynomial, candidates, least_score, polynomial, worst
from ttpack.model.parameter import DesignSpace, Factor, Response, Term

AFUC_BELOW_13 = {
    "": "14.70", "CD": "0.62", "CO2": "0.84", "Osm": "1.54", "pH": "2.83", "T": "1.42", "CD CO2": "-1.27",
    "CD Osm": "-1.82", "CD pH": "-4.36", "CD T": "-2.26", "CO2 Osm": "-0.31", "CO2 pH": "3.11", "CO2 T": "0.04",
    "Osm pH": "-1.44", "Osm T": "-0.81", "pH T": "3.00", "CD CD": "-2.09", "CO2 CO2": "-0.15", "Osm Osm": "-1.66",
    "pH pH": "3.26", "T T": "-2.73",
}  # fmt: skip
NAMES = ("pH", "T", "CO2", "Osm", "CD")


def space() -> DesignSpace:
    given = AFUC_BELOW_13.items()
    terms = tuple(Term(factors=tuple(names.split()), coefficient=Decimal(text)) for names, text in given)
    factors = tuple(Factor(name=name, centre=Decimal(0), half_range=Decimal(1)) for name in NAMES)
    response = Response(name="aFuc below 13", meaning="score", terms=terms)
    return DesignSpace(
        kind="design_space", id="DSP-BRX", factors=factors, responses=(response,), reliability_level=Decimal("0.99")
    )


def test_the_published_score_at_the_centre() -> None:
    assert polynomial(space(), 0).mean([0.0] * 5) == pytest.approx(14.70)


def test_the_threshold_is_the_logit_of_the_reliability() -> None:
    assert least_score(space(), space().responses[0]) == pytest.approx(4.5951, abs=1e-4)


def test_the_worst_point_of_the_knowledge_space_is_below_the_threshold() -> None:
    """A-Mab's design space is smaller than what was studied: p. 90."""
    model = polynomial(space(), 0)
    value, point = worst(((-1.0, 1.0),) * 5, model, model.mean)
    assert value < 4.60
    assert model.mean(point) == value


COEFFICIENTS = st.lists(st.floats(-5, 5), min_size=6, max_size=6)


@given(COEFFICIENTS, st.floats(-1, 1), st.floats(-1, 1))
def test_no_point_of_the_box_is_worse_than_the_worst(numbers: list[float], first: float, second: float) -> None:
    factors = ((), (0,), (1,), (0, 1), (0, 0), (1, 1))
    model = Polynomial(tuple((number, each, 0.0) for number, each in zip(numbers, factors, strict=True)), None)
    value, _ = worst(((-1.0, 1.0), (-1.0, 1.0)), model, model.mean)
    assert value <= model.mean((first, second)) + 1e-9


def test_too_many_factors_are_not_searched() -> None:
    with pytest.raises(NotPredicted, match="more than 8"):
        list(candidates(((0.0, 1.0),) * 9, Polynomial((), None)))
