"""Formulas of mass balances, virus reduction, centrifuges and freezing (alignment.md, "Formulas")."""

from fractions import Fraction
from typing import Final

from ttpack.analysis.formulas import PI, Formula, Inputs, RelativeUncertainty, logarithm

_PLAIN: Final = ("1", "{ratio}")
_LENGTH: Final = ("m",)
_SPEED: Final = ("1/s",)
_GRAVITY: Final = Fraction("9.80665")


def _recovered(given: Inputs) -> Fraction:
    return given["feed_volume"] * given["feed_concentration"] * given["step_yield"] / given["pool_volume"]


def _reduction(given: Inputs) -> Fraction:
    before = given["input_titer"] * given["input_volume"]
    return logarithm(before / (given["output_titer"] * given["output_volume"]), 10)


def _same_duty(given: Inputs) -> Fraction:
    per_area = given["flow"] / (given.get("from_calibration", Fraction(1)) * given["from_sigma"])
    return per_area * given.get("to_calibration", Fraction(1)) * given["to_sigma"]


def _bowl(given: Inputs) -> str | None:
    if given["inner_radius"] >= given["outer_radius"]:
        return "the inner radius is not below the outer one"
    return None


_TITERS: Final = ("[PFU]/mL", "[TCID_50]/mL", "{vg}/mL", "{particles}/mL", "ng/mL", "1/mL")

FORMULAS: Final = (
    Formula("mass_balance_concentration", "volume times concentration times yield, over the pool",
            {"feed_volume": ("L",), "feed_concentration": ("g/L",), "step_yield": ("1",), "pool_volume": ("L",)},
            ("g/L",), _recovered, "conservation of mass"),
    Formula("mass", "volume times concentration", {"volume": ("L",), "concentration": ("g/L",)}, ("g",),
            lambda given: given["volume"] * given["concentration"], "definition"),
    Formula("log_reduction", "log10 of virus in over virus out",
            {"input_titer": _TITERS, "input_volume": ("mL",), "output_titer": _TITERS, "output_volume": ("mL",)},
            ("{log10}", "1"), _reduction, "ICH Q5A(R2)", alike=("input_titer", "output_titer")),
    Formula("risk_priority_number", "severity times occurrence times detection",
            {"severity": ("1", "{score}"), "occurrence": ("1", "{score}"), "detection": ("1", "{score}")},
            ("1", "{score}"), lambda given: given["severity"] * given["occurrence"] * given["detection"], "IEC 60812"),
    Formula("relative_centrifugal_force", "(2 pi N)^2 r", {"speed": _SPEED, "radius": _LENGTH}, ("m/s2",),
            lambda given: 4 * PI**2 * given["speed"] ** 2 * given["radius"], "definition"),
    Formula("sigma_tubular_bowl", "pi L w2 (3 R2^2 + R1^2) / 2g",
            {"length": _LENGTH, "speed": _SPEED, "inner_radius": _LENGTH, "outer_radius": _LENGTH}, ("m2",),
            lambda given: PI * given["length"] * (2 * PI * given["speed"]) ** 2
            * (3 * given["outer_radius"] ** 2 + given["inner_radius"] ** 2) / (2 * _GRAVITY),
            "Ambler 1959", outside=_bowl, valid="dilute suspension, laminar flow in the bowl; inner radius below outer",
            uncertainty=RelativeUncertainty(Fraction("0.1"), "within one make; between makes the calibration factor")),
    Formula("constant_sigma_flow", "flow of the same clarification, Q1 c2 S2 / (c1 S1)",
            {"flow": ("m3/s",), "from_sigma": ("m2",), "to_sigma": ("m2",)}, ("m3/s",), _same_duty,
            "Ambler 1959; c is the calibration factor of a make, 1 where both are of one make",
            {"from_calibration": _PLAIN, "to_calibration": _PLAIN}, valid="same feed, dilute suspension",
            uncertainty=RelativeUncertainty(Fraction("0.2"), "sigma theory leaves out shear at the feed")),
    Formula("freezing_time", "freezing or thawing time of a longer path, t1 (L2/L1)^2",
            {"duration": ("h",), "from_path_length": _LENGTH, "to_path_length": _LENGTH}, ("h",),
            lambda given: given["duration"] * (given["to_path_length"] / given["from_path_length"]) ** 2,
            "Plank 1913, where conduction in the product limits", valid="same coolant, same product, still container",
            uncertainty=RelativeUncertainty(Fraction("0.3"), "heat transfer at the wall shortens the exponent")),
)  # fmt: skip
