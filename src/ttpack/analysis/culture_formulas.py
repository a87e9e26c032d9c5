"""Formulas of cell culture: titer, doublings, cell age, oxygen demand (alignment.md, "Formulas")."""

from fractions import Fraction
from typing import Final

from ttpack.analysis.formulas import Formula, Inputs, RelativeUncertainty, logarithm

_DOUBLINGS: Final = ("{doublings}", "1")
_OXYGEN: Final = {"saturation_concentration": ("mmol/L",), "concentration": ("mmol/L",)}
_UPTAKE: Final = ("mmol/{cell}/h",)


def saturation(given: Inputs) -> str | None:
    """Why oxygen does not pass into the liquid."""
    if given["saturation_concentration"] <= given["concentration"]:
        return "the concentration is not below saturation"
    return None


FORMULAS: Final = (
    Formula("titer", "integral of viable cells times specific productivity",
            {"integral_viable_cells": ("{cells}.d/L",), "specific_productivity": ("g/{cell}/d",)}, ("g/L",),
            lambda given: given["integral_viable_cells"] * given["specific_productivity"], "definition",
            valid="productivity constant over the culture",
            uncertainty=RelativeUncertainty(Fraction("0.05"), "cell counts and the titer method")),
    Formula("population_doublings", "log2 of final over initial cells",
            {"initial_cells": ("{cells}",), "final_cells": ("{cells}",)}, _DOUBLINGS,
            lambda given: logarithm(given["final_cells"] / given["initial_cells"], 2), "definition"),
    Formula("population_doublings_of_stage", "log2(Xfinal Vfinal / (Xseed Vseed))",
            {"final_density": ("{cells}/L",), "final_volume": ("L",), "seed_density": ("{cells}/L",),
             "seed_volume": ("L",)}, _DOUBLINGS,
            lambda given: logarithm(
                given["final_density"] * given["final_volume"] / (given["seed_density"] * given["seed_volume"]), 2),
            "definition; A-Mab v2.1 section 3.8, split ratios",
            uncertainty=RelativeUncertainty(Fraction("0.1"), "cell counts; cells that died are not counted")),
    Formula("population_doubling_level", "doublings at the start and those of the stage",
            {"doublings_at_start": _DOUBLINGS, "doublings": _DOUBLINGS}, _DOUBLINGS,
            lambda given: given["doublings_at_start"] + given["doublings"], "definition; ICH Q5D", positive=False),
    Formula("oxygen_uptake_rate", "specific uptake times cell density",
            {"specific_oxygen_uptake": _UPTAKE, "cell_density": ("{cells}/L",)}, ("mmol/L/h",),
            lambda given: given["specific_oxygen_uptake"] * given["cell_density"], "A-Mab v2.1 Eq. 3"),
    Formula("maximum_cell_density", "cells that the oxygen transfer supports, kLa (C* - C) / qO2",
            {"kla": ("1/h",), **_OXYGEN, "specific_oxygen_uptake": _UPTAKE}, ("{cells}/L",),
            lambda given: given["kla"] * (given["saturation_concentration"] - given["concentration"])
            / given["specific_oxygen_uptake"], "A-Mab v2.1 Eq. 2 and 3, steady state", outside=saturation,
            valid="oxygen below saturation; the uptake of this cell line (CHO: 0.1 to 0.4 pmol per cell and hour)",
            uncertainty=RelativeUncertainty(Fraction("0.3"), "linear in the specific uptake and in kLa")),
)  # fmt: skip
