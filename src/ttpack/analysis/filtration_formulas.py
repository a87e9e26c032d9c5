"""Formulas of filters and membranes: areas, loads, flux, diafiltration (alignment.md, "Formulas")."""

from fractions import Fraction
from typing import Final

from ttpack.analysis.formulas import Formula, Inputs, RelativeUncertainty, exponential, logarithm

_PLAIN: Final = ("1", "{ratio}")
_AREA: Final = ("m2",)
_VOLUME: Final = ("L",)
_FLUX: Final = ("L/m2/h",)


def _share(given: Inputs) -> str | None:
    if not 0 < given["residual"] < 1:
        return "the residual share lies between 0 and 1"
    return None


def _factor(given: Inputs) -> str | None:
    if given["safety_factor"] < 1:
        return f"a safety factor of {float(given['safety_factor']):.3g} makes the filter smaller than the test asks for"
    return None


FORMULAS: Final = (
    Formula("flux", "flow over membrane area", {"flow": ("L/h",), "area": _AREA}, _FLUX,
            lambda given: given["flow"] / given["area"], "definition"),
    Formula("flux_decay", "flux at the end over flux at the start", {"flux": _FLUX, "initial_flux": _FLUX}, _PLAIN,
            lambda given: given["flux"] / given["initial_flux"], "definition, at constant pressure"),
    Formula("filter_loading", "volume over filter area", {"volume": _VOLUME, "area": _AREA}, ("L/m2",),
            lambda given: given["volume"] / given["area"], "definition"),
    Formula("membrane_loading", "mass over membrane area", {"mass": ("g",), "area": _AREA}, ("g/m2",),
            lambda given: given["mass"] / given["area"], "definition"),
    Formula("filter_area_vmax", "F V / (0.684 Vmax), the area at 90 % flow decay",
            {"volume": _VOLUME, "vmax": ("L/m2",), "safety_factor": _PLAIN}, _AREA,
            lambda given: given["safety_factor"] * given["volume"] / (Fraction("0.684") * given["vmax"]),
            "Badmington 1995; 0.684 = 1 - sqrt(0.1)", outside=_factor,
            valid="gradual pore plugging at constant pressure; safety factor from 1, usually 1.3 to 2",
            uncertainty=RelativeUncertainty(Fraction("0.2"), "lots of feed and filter differ; the factor covers it")),
    Formula("filter_area_load", "volume over the load allowed", {"volume": _VOLUME, "load": ("L/m2",)}, _AREA,
            lambda given: given["volume"] / given["load"], "definition"),
    Formula("filter_area_flux", "volume over flux and time",
            {"volume": _VOLUME, "flux": _FLUX, "duration": ("h",)}, _AREA,
            lambda given: given["volume"] / (given["flux"] * given["duration"]), "definition, at the mean flux"),
    Formula("transmembrane_pressure", "(inlet + outlet) / 2 - permeate",
            {"inlet_pressure": ("kPa", "kPa{gauge}"), "outlet_pressure": ("kPa", "kPa{gauge}"),
             "permeate_pressure": ("kPa", "kPa{gauge}")}, ("kPa",),
            lambda given: (given["inlet_pressure"] + given["outlet_pressure"]) / 2 - given["permeate_pressure"],
            "definition", positive=False, alike=("inlet_pressure", "outlet_pressure", "permeate_pressure")),
    Formula("diavolumes", "ln(1/residual) / S, at constant volume",
            {"residual": ("1",), "sieving_coefficient": _PLAIN}, ("{DV}", "1"),
            lambda given: -logarithm(given["residual"]) / given["sieving_coefficient"], "constant-volume diafiltration",
            outside=_share, valid="residual share between 0 and 1; sieving coefficient constant"),
    Formula("diafiltration_removal", "1 - exp(-S N), at constant volume",
            {"sieving_coefficient": _PLAIN, "diavolumes": ("{DV}", "1")}, ("1",),
            lambda given: 1 - exponential(-given["sieving_coefficient"] * given["diavolumes"]),
            "constant-volume diafiltration", valid="sieving coefficient constant"),
    Formula("concentration_factor", "volume before over volume after, the hold-up of the system included",
            {"volume_before": _VOLUME, "volume_after": _VOLUME}, _PLAIN,
            lambda given: given["volume_before"] / given["volume_after"], "definition"),
)  # fmt: skip
