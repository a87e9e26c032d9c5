"""Formulas of packed columns: geometry, flow, load, buffers, packing and pressure drop (alignment.md, "Formulas")."""

from fractions import Fraction
from math import ceil
from typing import Final

from ttpack.analysis.formulas import PI, Formula, Inputs, RelativeUncertainty

LENGTH: Final = ("m",)
PLAIN: Final = ("1", "{ratio}")
RESIN_LOAD: Final = ("g/L{resin}", "g/L")
CYCLES: Final = ("1", "{cycles}")
VELOCITY: Final = ("m/s",)
FLOW: Final = ("m3/s",)
_LAMINAR: Final = 10
"""Particle Reynolds number up to which the inertial part of Ergun's equation is small."""
_ERGUN_LIMIT: Final = 1000


def circle(diameter: Fraction) -> Fraction:
    """The area of a circle."""
    return PI / 4 * diameter**2


def _void(given: Inputs) -> str | None:
    if not Fraction("0.2") <= given["void_fraction"] <= Fraction("0.7"):
        return f"the void fraction {float(given['void_fraction']):.3g} lies outside 0.2 to 0.7, where packed beds lie"
    return None


def _particle_reynolds(given: Inputs) -> Fraction | None:
    if "density" not in given:
        return None
    inertia = given["density"] * given["linear_velocity"] * given["particle_diameter"]
    return inertia / (given["viscosity"] * (1 - given["void_fraction"]))


def _laminar(given: Inputs) -> str | None:
    reason = _void(given)
    number = None if reason else _particle_reynolds(given)
    if number is not None and number > _LAMINAR:
        return f"the flow between the particles is not laminar: their Reynolds number {float(number):.3g} is above 10"
    return reason


def _ergun_range(given: Inputs) -> str | None:
    reason = _void(given)
    number = None if reason else _particle_reynolds(given)
    if number is not None and number > _ERGUN_LIMIT:
        return f"the Reynolds number of the particles {float(number):.3g} lies above 1000, where the fit ends"
    return reason


def _viscous(given: Inputs, constant: int) -> Fraction:
    void, drag = given["void_fraction"], given["viscosity"] * given["linear_velocity"] * given["bed_height"]
    return constant * drag * (1 - void) ** 2 / (given["particle_diameter"] ** 2 * void**3)


def _ergun(given: Inputs) -> Fraction:
    void = given["void_fraction"]
    kinetic = given["density"] * given["linear_velocity"] ** 2 * given["bed_height"]
    return _viscous(given, 150) + Fraction("1.75") * kinetic * (1 - void) / (given["particle_diameter"] * void**3)


def _plates(given: Inputs) -> Fraction:
    return Fraction("5.54") * (given["retention"] / given["width_at_half_height"]) ** 2


def _buffer(given: Inputs) -> Fraction:
    used = given["column_volumes"] * given["column_volume"] * given.get("cycles", Fraction(1))
    return used * given.get("overage", Fraction("1.1"))


def _cylinder(name: str, words: str) -> Formula:
    return Formula(name, words, {"diameter": LENGTH, "height": LENGTH}, ("m3",),
                   lambda given: circle(given["diameter"]) * given["height"], "geometry")  # fmt: skip


_BED: Final = {
    "linear_velocity": VELOCITY, "bed_height": LENGTH, "viscosity": ("Pa.s",), "particle_diameter": LENGTH,
    "void_fraction": PLAIN,
}  # fmt: skip
_DENSITY: Final = ("kg/m3",)
_BED_UNCERTAINTY: Final = RelativeUncertainty(
    Fraction("0.5"), "rigid round particles of one size; more for a soft gel or a bed without wall support"
)
_PEAK: Final = ("s", "mL", "{CV}")

FORMULAS: Final = (
    _cylinder("cylinder_volume", "pi/4 d2 h"),
    _cylinder("column_volume", "volume of a packed bed, pi/4 d2 h"),
    Formula("cross_section", "area of a circle, pi/4 d2", {"diameter": LENGTH}, ("m2",),
            lambda given: circle(given["diameter"]), "geometry"),
    Formula("linear_velocity", "flow over cross section", {"flow": FLOW, "diameter": LENGTH}, VELOCITY,
            lambda given: given["flow"] / circle(given["diameter"]), "definition"),
    Formula("volumetric_flow", "linear velocity times cross section",
            {"linear_velocity": VELOCITY, "diameter": LENGTH}, FLOW,
            lambda given: given["linear_velocity"] * circle(given["diameter"]), "definition"),
    Formula("constant_linear_velocity_flow", "flow at the same linear velocity, Q1 (D2/D1)^2",
            {"flow": FLOW, "from_diameter": LENGTH, "to_diameter": LENGTH}, FLOW,
            lambda given: given["flow"] * (given["to_diameter"] / given["from_diameter"]) ** 2, "definition"),
    Formula("constant_residence_time_velocity", "linear velocity at the same residence time, u1 L2/L1",
            {"linear_velocity": VELOCITY, "from_bed_height": LENGTH, "to_bed_height": LENGTH}, VELOCITY,
            lambda given: given["linear_velocity"] * given["to_bed_height"] / given["from_bed_height"], "definition"),
    Formula("residence_time", "bed height over linear velocity",
            {"bed_height": LENGTH, "linear_velocity": VELOCITY}, ("s",),
            lambda given: given["bed_height"] / given["linear_velocity"], "definition"),
    Formula("residence_time_from_flow", "volume over flow", {"volume": ("m3",), "flow": FLOW}, ("s",),
            lambda given: given["volume"] / given["flow"], "definition"),
    Formula("protein_load", "mass loaded per volume of resin", {"mass": ("g",), "resin_volume": ("L",)}, RESIN_LOAD,
            lambda given: given["mass"] / given["resin_volume"], "definition"),
    Formula("cycles", "number of cycles, rounded up",
            {"mass": ("g",), "load": RESIN_LOAD, "resin_volume": ("L",)}, CYCLES,
            lambda given: Fraction(ceil(given["mass"] / (given["load"] * given["resin_volume"]))), "definition"),
    Formula("binding_capacity_share", "load over the dynamic binding capacity; at most 0.8 to 0.9 is loaded",
            {"load": RESIN_LOAD, "dynamic_binding_capacity": RESIN_LOAD}, PLAIN,
            lambda given: given["load"] / given["dynamic_binding_capacity"],
            "definition; the capacity at 10 % breakthrough and the residence time it was measured at"),
    Formula("buffer_demand", "column volumes times bed volume, cycles and overage (1.1 when not given)",
            {"column_volumes": ("{CV}",), "column_volume": ("L",)}, ("L",), _buffer, "alignment of both sites",
            {"cycles": CYCLES, "overage": PLAIN}),
    Formula("plate_height", "height equivalent to a theoretical plate, bed height over plates",
            {"bed_height": LENGTH, "theoretical_plates": PLAIN}, LENGTH,
            lambda given: given["bed_height"] / given["theoretical_plates"], "definition"),
    Formula("reduced_plate_height", "plate height over particle diameter; up to 3 is a well packed bed",
            {"plate_height": LENGTH, "particle_diameter": LENGTH}, PLAIN,
            lambda given: given["plate_height"] / given["particle_diameter"], "definition"),
    Formula("theoretical_plates", "5.54 (retention / width at half height)^2",
            {"retention": _PEAK, "width_at_half_height": _PEAK}, PLAIN, _plates,
            "Gaussian peak; A-Mab v2.1 section 4.6.3.7 on column packing", valid="a peak that is not split",
            uncertainty=RelativeUncertainty(Fraction("0.1"), "a peak that is not Gaussian gives too many plates")),
    Formula("peak_asymmetry", "back half over front half of the peak at 10 % of its height",
            {"back_half_width": _PEAK, "front_half_width": _PEAK}, PLAIN,
            lambda given: given["back_half_width"] / given["front_half_width"], "definition"),
    Formula("kozeny_carman_pressure_drop", "180 mu u L (1-e)^2 / (d2 e3), laminar", _BED, ("Pa",),
            lambda given: _viscous(given, 180), "Carman 1937, Trans. Inst. Chem. Eng. 15:150",
            {"density": _DENSITY}, _laminar, uncertainty=_BED_UNCERTAINTY,
            valid="void fraction 0.2 to 0.7; Reynolds number of the particles up to 10, where the density is given"),
    Formula("ergun_pressure_drop", "150 mu u L (1-e)^2 / (d2 e3) + 1.75 rho u2 L (1-e) / (d e3)",
            {**_BED, "density": _DENSITY}, ("Pa",), _ergun, "Ergun 1952, Chem. Eng. Prog. 48:89",
            outside=_ergun_range, uncertainty=_BED_UNCERTAINTY,
            valid="void fraction 0.2 to 0.7; Reynolds number of the particles up to 1000"),
)  # fmt: skip
