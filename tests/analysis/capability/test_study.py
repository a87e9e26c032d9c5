"""Predicted quality of small models whose answer is known, and of the example's."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from ttpack.analysis.capability.answer import capability_answer
from ttpack.analysis.capability.region import box_in_region, slice_of
from ttpack.analysis.capability.study import capability_study
from ttpack.analysis.capability.transfer import FactorAt, ResponseAt, TransferModel
from ttpack.analysis.design_space import Polynomial
from ttpack.analysis.sampling import Sampler


def factor(name: str, **given: object) -> FactorAt:
    plain = FactorAt(
        name, f"PRM-{name}", name, "1", 0.0, 1.0, 0.0, (-0.5, 0.5), (-1.0, 1.0), (-1.0, 1.0), "stated", None
    )
    return replace(plain, **given)  # type: ignore[arg-type]


def response(
    *terms: tuple[float, tuple[int, ...], float], residual: float | None = None, **given: object
) -> ResponseAt:
    model = Polynomial(tuple(terms), residual)
    plain = ResponseAt(0, "Y", "CQA-Y", "%", "mean", None, 2.0, None, model, False, ())
    return replace(plain, **given)  # type: ignore[arg-type]


def model(*factors: FactorAt, responses: tuple[ResponseAt, ...]) -> TransferModel:
    return TransferModel("DSP-X", "X", "SITE-B", factors, responses, 0.99, (), (), ())


def test_a_linear_model_has_the_moments_that_theory_gives() -> None:
    linear = response((1.0, (), 0.0), (0.8, (0,), 0.1), (0.6, (1,), 0.1), residual=0.2)
    study = capability_study(model(factor("A"), factor("B"), responses=(linear,)), samples=200_000)
    (found,) = study.responses
    each = 1 / 12
    variance = 0.64 * each + 0.36 * each + 0.04 + 2 * 0.01 * each
    assert found.answer == "probability"
    assert found.mean == pytest.approx(1.0, abs=0.003)
    assert found.spread == pytest.approx(variance**0.5, rel=0.005)
    assert found.ppk == pytest.approx(1 / 3 / variance**0.5, rel=0.01)
    assert found.sobol is not None
    assert list(found.sobol.total) == pytest.approx([0.64, 0.36], abs=0.01)
    # the uniform parts, added to a normal: the exact probability by a fine grid
    grid = (np.arange(400) + 0.5) / 400 - 0.5
    a, b = np.meshgrid(grid, grid)
    spread = np.sqrt(0.04 + 0.01 * a**2 + 0.01 * b**2)
    exact = stats.norm.cdf((2 - (1 + 0.8 * a + 0.6 * b)) / spread).mean()
    assert found.probability == pytest.approx(exact, abs=5e-5)


def test_without_recorded_uncertainty_there_is_no_probability() -> None:
    plain = response((1.0, (), 0.0), (0.8, (0,), 0.0))
    (found,) = capability_study(model(factor("A"), responses=(plain,)), samples=1000).responses
    assert (found.answer, found.probability, found.ppk) == ("mean_only", None, None)
    assert found.inside == 1.0


def test_outside_the_range_of_the_model_there_is_no_verdict() -> None:
    wide = factor("A", normal=(-0.5, 1.2))
    plain = response((1.0, (), 0.0), (0.8, (0,), 0.1), residual=0.1)
    study = capability_study(model(wide, responses=(plain,)), samples=20_000)
    (found,) = study.responses
    assert (found.answer, found.mean, found.probability) == ("outside_validity", None, None)
    assert study.outside == pytest.approx(0.2 / 1.7, abs=0.01)
    assert box_in_region(model(factor("A", proven=(-2.0, 1.0)), responses=(plain,))).inside is None


def test_a_declared_variation_is_drawn_and_what_leaves_the_range_is_counted() -> None:
    declared = factor("A", variation=Sampler("normal", (0.0, 0.25)))
    plain = response((1.0, (), 0.0), (1.0, (0,), 0.1), residual=0.1)
    wide = replace(declared, valid=(-9.0, 9.0))
    study = capability_study(model(wide, responses=(plain,)), samples=200_000)
    assert dict(study.beyond)["A"] == pytest.approx(2 * stats.norm.cdf(-2), rel=0.05)


def test_a_factor_without_range_or_setpoint_is_a_gap() -> None:
    study = capability_study(model(factor("A", normal=None, setpoint=None), responses=(response((1.0, (), 0.0)),)))
    assert study.responses == ()
    assert any("no setpoint" in gap for gap in study.gaps)


def test_a_box_of_proven_ranges_is_no_design_space() -> None:
    """Each factor alone may go to its ends; both together may not."""
    product = response((1.0, (), 0.0), (1.2, (0, 1), 0.0))
    box = box_in_region(model(factor("A"), factor("B"), responses=(product,)))
    assert (box.corners, box.inside_corners, box.inside) == (4, 2, False)
    assert box.worst[0].corner
    assert dict(box.worst[0].point) in ({"A": -1.0, "B": -1.0}, {"A": 1.0, "B": 1.0})
    plane = slice_of(model(factor("A"), factor("B"), responses=(product,)), "A", "B")
    assert not isinstance(plane, str)
    # the edge is the hyperbola 1.2 x y = 1
    assert all(1.2 * x * y == pytest.approx(1.0, abs=0.01) for line in plane.lines for x, y in line)


def test_every_executor_gives_the_same_figures() -> None:
    linear = response((1.0, (), 0.0), (0.8, (0,), 0.1), (0.6, (1,), 0.1), residual=0.2)
    given = model(factor("A"), factor("B"), responses=(linear,))
    serial = capability_study(given, samples=70_000)
    with ThreadPoolExecutor(3) as pool:
        threads = capability_study(given, samples=70_000, executor=pool)
    box = box_in_region(given)
    assert capability_answer(serial, box) == capability_answer(threads, box)
