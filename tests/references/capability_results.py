"""Predicted quality: Sobol' indices of Ishigami's function, and the models of A-Mab at and around their centre."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from tests.references.result import ReferenceResult

from ttpack.analysis.capability.equation import Equation, equation
from ttpack.analysis.capability.sensitivity import sobol_indices

FACTS = Path(__file__).parent / "amab_design_space.yaml"
NAMES = frozenset({"pH", "T", "CO2", "Osm", "CD"})
AMAB = "A-Mab case study v2.1, Fig. 3.8"


def results() -> tuple[ReferenceResult, ...]:
    """Each reference with what is computed here."""
    return (*_ishigami(), *_scores(), *_means())


def _ishigami() -> list[ReferenceResult]:
    def function(unit: Any) -> Any:
        x = -np.pi + 2 * np.pi * unit
        return np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])

    found = sobol_indices(function, 3, exponent=12)
    rows = []
    for kind, given, exact in (
        ("first-order", found.first, (0.313905, 0.442411, 0.0)),
        ("total", found.total, (0.557589, 0.442411, 0.243684)),
    ):
        source = "Ishigami, Homma 1990"
        rows += [
            _row(f"{kind} index of x{place}, Ishigami's function, n = 4,096", source, value, got, 0.01, "closed form")
            for place, (value, got) in enumerate(zip(exact, given, strict=True), 1)
        ]  # fmt: skip
    return rows


def _scores() -> list[ReferenceResult]:
    """Published scores at the centre, and at a corner summed by exact decimals."""
    facts = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    found = []
    corner = {"pH": -1, "T": -1, "CO2": 1, "Osm": -1, "CD": 1}
    for place, name in enumerate(facts["scores"]):
        text = " + ".join(f"{values[place]}*{term}" for term, values in facts["terms"].items())
        model = equation(text, NAMES)
        assert isinstance(model, Equation), model
        centre = float(model.values({one: np.zeros(1) for one in NAMES})[0])
        found.append(
            _row(f"reliability score {name} at the centre", AMAB, facts["centre"][place], centre, 1e-12, "published")
        )
        exact = sum(Decimal(str(values[place])) * _at(term, corner) for term, values in facts["terms"].items())
        got = float(model.values({one: np.array([float(value)]) for one, value in corner.items()})[0])
        found.append(_row(f"{name} at a corner", "sum of its terms", float(exact), got, 1e-9, "derived"))
    return found


def _at(term: str, point: dict[str, int]) -> int:
    value = 1
    for part in term.replace("**2", "^2").split("*"):
        name, square, _ = part.partition("^2")
        value *= 1 if name == "1" else point[name] ** (2 if square else 1)
    return value


def _means() -> list[ReferenceResult]:
    facts = yaml.safe_load(FACTS.read_text(encoding="utf-8"))
    found = []
    for name, (text, centre) in facts["means"].items():
        model = equation(text, NAMES)
        assert isinstance(model, Equation), model
        got = float(model.values({one: np.zeros(1) for one in NAMES})[0])
        found.append(
            _row(f"{name} at the centre", "A-Mab case study v2.1, Table 3.16", centre, got, 1e-12, "published")
        )
    return found


def _row(name: str, source: str, expected: float, got: float, within: float, status: str) -> ReferenceResult:  # noqa: PLR0917
    return ReferenceResult("Predicted quality", name, source, expected, got, within, status)
