"""Formulas of columns, filters and mass balances (alignment.md, "Formulas")."""

from fractions import Fraction
from math import ceil
from typing import Final

from ttpack.analysis.formulas import PI, Formula, Inputs, exponential, logarithm

_LENGTH: Final = ("m",)
_PLAIN: Final = ("1", "{ratio}")
_RESIN_LOAD: Final = ("g/L{resin}", "g/L")
_CYCLES: Final = ("1", "{cycles}")


def _circle(diameter: Fraction) -> Fraction:
    return PI / 4 * diameter**2


def _share(given: Inputs) -> str | None:
    if not 0 < given["residual"] < 1:
        return "the residual share lies between 0 and 1"
    return None


def _recovered(given: Inputs) -> Fraction:
    return given["feed_volume"] * given["feed_concentration"] * given["step_yield"] / given["pool_volume"]


def _reduction(given: Inputs) -> Fraction:
    before = given["input_titer"] * given["input_volume"]
    return logarithm(before / (given["output_titer"] * given["output_volume"]), 10)


def _buffer(given: Inputs) -> Fraction:
    used = given["column_volumes"] * given["column_volume"] * given.get("cycles", Fraction(1))
    return used * given.get("overage", Fraction("1.1"))


def _cylinder(name: str, words: str) -> Formula:
    return Formula(name, words, {"diameter": _LENGTH, "height": _LENGTH}, ("m3",),
                   lambda given: _circle(given["diameter"]) * given["height"], "geometry")  # fmt: skip


_TITERS: Final = ("[PFU]/mL", "[TCID_50]/mL", "{vg}/mL", "{particles}/mL", "ng/mL", "1/mL")

FORMULAS: Final = (
    _cylinder("cylinder_volume", "pi/4 d2 h"),
    _cylinder("column_volume", "volume of a packed bed, pi/4 d2 h"),
    Formula("cross_section", "area of a circle, pi/4 d2", {"diameter": _LENGTH}, ("m2",),
            lambda given: _circle(given["diameter"]), "geometry"),
    Formula("linear_velocity", "flow over cross section", {"flow": ("m3/s",), "diameter": _LENGTH}, ("m/s",),
            lambda given: given["flow"] / _circle(given["diameter"]), "definition"),
    Formula("volumetric_flow", "linear velocity times cross section",
            {"linear_velocity": ("m/s",), "diameter": _LENGTH}, ("m3/s",),
            lambda given: given["linear_velocity"] * _circle(given["diameter"]), "definition"),
    Formula("residence_time", "bed height over linear velocity",
            {"bed_height": _LENGTH, "linear_velocity": ("m/s",)}, ("s",),
            lambda given: given["bed_height"] / given["linear_velocity"], "definition"),
    Formula("residence_time_from_flow", "volume over flow", {"volume": ("m3",), "flow": ("m3/s",)}, ("s",),
            lambda given: given["volume"] / given["flow"], "definition"),
    Formula("protein_load", "mass loaded per volume of resin", {"mass": ("g",), "resin_volume": ("L",)}, _RESIN_LOAD,
            lambda given: given["mass"] / given["resin_volume"], "definition"),
    Formula("cycles", "number of cycles, rounded up",
            {"mass": ("g",), "load": _RESIN_LOAD, "resin_volume": ("L",)}, _CYCLES,
            lambda given: Fraction(ceil(given["mass"] / (given["load"] * given["resin_volume"]))), "definition"),
    Formula("buffer_demand", "column volumes times bed volume, cycles and overage (1.1 when not given)",
            {"column_volumes": ("{CV}",), "column_volume": ("L",)}, ("L",), _buffer, "alignment of both sites",
            {"cycles": _CYCLES, "overage": _PLAIN}),
    Formula("mass_balance_concentration", "volume times concentration times yield, over the pool",
            {"feed_volume": ("L",), "feed_concentration": ("g/L",), "step_yield": ("1",), "pool_volume": ("L",)},
            ("g/L",), _recovered, "conservation of mass"),
    Formula("mass", "volume times concentration", {"volume": ("L",), "concentration": ("g/L",)}, ("g",),
            lambda given: given["volume"] * given["concentration"], "definition"),
    Formula("log_reduction", "log10 of virus in over virus out",
            {"input_titer": _TITERS, "input_volume": ("mL",), "output_titer": _TITERS, "output_volume": ("mL",)},
            ("{log10}", "1"), _reduction, "ICH Q5A(R2)"),
    Formula("risk_priority_number", "severity times occurrence times detection",
            {"severity": ("1", "{score}"), "occurrence": ("1", "{score}"), "detection": ("1", "{score}")},
            ("1", "{score}"), lambda given: given["severity"] * given["occurrence"] * given["detection"], "IEC 60812"),
    Formula("flux", "flow over membrane area", {"flow": ("L/h",), "area": ("m2",)}, ("L/m2/h",),
            lambda given: given["flow"] / given["area"], "definition"),
    Formula("filter_loading", "volume over filter area", {"volume": ("L",), "area": ("m2",)}, ("L/m2",),
            lambda given: given["volume"] / given["area"], "definition"),
    Formula("membrane_loading", "mass over membrane area", {"mass": ("g",), "area": ("m2",)}, ("g/m2",),
            lambda given: given["mass"] / given["area"], "definition"),
    Formula("filter_area_vmax", "F V / (0.684 Vmax), the area at 90 % flow decay",
            {"volume": ("L",), "vmax": ("L/m2",), "safety_factor": _PLAIN}, ("m2",),
            lambda given: given["safety_factor"] * given["volume"] / (Fraction("0.684") * given["vmax"]),
            "Badmington 1995; 0.684 = 1 - sqrt(0.1)"),
    Formula("transmembrane_pressure", "(inlet + outlet) / 2 - permeate",
            {"inlet_pressure": ("kPa", "kPa{gauge}"), "outlet_pressure": ("kPa", "kPa{gauge}"),
             "permeate_pressure": ("kPa", "kPa{gauge}")}, ("kPa",),
            lambda given: (given["inlet_pressure"] + given["outlet_pressure"]) / 2 - given["permeate_pressure"],
            "definition", positive=False),
    Formula("diavolumes", "ln(1/residual) / S, at constant volume",
            {"residual": ("1",), "sieving_coefficient": _PLAIN}, ("{DV}", "1"),
            lambda given: -logarithm(given["residual"]) / given["sieving_coefficient"], "constant-volume diafiltration",
            outside=_share),
    Formula("diafiltration_removal", "1 - exp(-S N), at constant volume",
            {"sieving_coefficient": _PLAIN, "diavolumes": ("{DV}", "1")}, ("1",),
            lambda given: 1 - exponential(-given["sieving_coefficient"] * given["diavolumes"]),
            "constant-volume diafiltration"),
    Formula("concentration_factor", "volume before over volume after",
            {"volume_before": ("L",), "volume_after": ("L",)}, _PLAIN,
            lambda given: given["volume_before"] / given["volume_after"], "definition"),
)  # fmt: skip
