"""Equations as data: what computes, and what is refused before anything runs."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttpack.analysis.capability.equation import Equation, equation

NAMES = frozenset({"a", "b"})


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("__import__('os').system('touch /tmp/x')", "not allowed"),
        ("a.__class__", "not allowed"),
        ("open('x')", "'open' is no function"),
        ("(lambda: 1)()", "not allowed"),
        ("[x for x in a]", "not allowed"),
        ("a ** b", "an exponent is a number written out"),
        ("a ** (2 + 1)", "an exponent is a number written out"),
        ("10 ** 400", "an exponent is at most 20"),
        ("9" * 400, "too large"),
        ("a" + " + a" * 2_000, "longer than"),
        ("+".join(["a"] * 600), "more than 1,000 parts"),
        ("-" * 200 + "a", "deep"),
        ("(" * 3_000 + "a" + ")" * 500, "no equation"),
        ("c + 1", "'c' is no factor; factors are a, b"),
        ("exp(a, b)", "exp takes 1 value"),
        ("a if a else b", "not allowed"),
        ("'a'", "not allowed"),
        ("True", "no number"),
        ("1j", "not allowed"),
        ("a := 1", "no equation"),
        ("a; b", "no equation"),
        ("\0", "no equation"),
        ("", "no equation"),
    ],
    ids=range(23),
)
def test_what_is_no_plain_equation_is_refused_with_its_reason(text: str, why: str) -> None:
    found = equation(text, NAMES)
    assert isinstance(found, str)
    assert why in found


def values(text: str, **columns: list[float]) -> list[float]:
    found = equation(text, NAMES)
    assert isinstance(found, Equation), found
    computed: list[float] = found.values({name: np.array(column) for name, column in columns.items()}).tolist()
    return computed


def test_it_computes_what_it_says() -> None:
    assert values("6.59 - 0.62*a - 1.09*b**2 + min(a, b)/2", a=[1.0], b=[2.0]) == pytest.approx(
        [6.59 - 0.62 - 4.36 + 0.5]
    )
    assert values("exp(log(a)) + sqrt(b) + log10(100) - abs(-a)", a=[3.0], b=[4.0]) == pytest.approx([4.0])
    assert values("2", a=[1.0, 2.0], b=[0.0, 0.0]) == [2.0, 2.0]


def test_what_has_no_number_is_nan_and_never_an_error() -> None:
    found = values("1/a + log(b) + a**-2 + (-b)**0.5", a=[0.0, 1.0], b=[-1.0, 1.0])
    assert all(map(math.isnan, found))


@given(st.text(alphabet="ab0123456789.+-*/() \n,explogsqrt_[]'", max_size=60))
def test_any_text_is_an_equation_or_a_reason(text: str) -> None:
    found = equation(text, NAMES)
    if isinstance(found, Equation):
        assert len(found.values({"a": np.ones(3), "b": np.zeros(3)})) == 3
    else:
        assert found
