"""Formulas of stirred and gassed vessels, and of culture (alignment.md, "Formulas")."""

from fractions import Fraction
from typing import Final

from ttpack.analysis.formulas import PI, Formula, Inputs, logarithm, power

_THIRD: Final = Fraction(1, 3)
_TURBULENT: Final = 10_000
SPEED: Final = ("1/s",)
LENGTH: Final = ("m",)
VISCOSITY: Final = ("m2/s",)


def _reynolds(given: Inputs) -> Fraction:
    return given["speed"] * given["diameter"] ** 2 / given["kinematic_viscosity"]


def _turbulence(given: Inputs) -> str | None:
    if "kinematic_viscosity" in given and _reynolds(given) < _TURBULENT:
        return f"the flow is not turbulent: Reynolds number {float(_reynolds(given)):.0f} is below 10000"
    return None


def _vant_riet_range(given: Inputs) -> str | None:
    per_volume = given["power_per_volume"]
    if not 500 <= per_volume <= 10_000:  # noqa: PLR2004  the range of the publication
        return f"power per volume {float(per_volume):.4g} W/m3 lies outside 500 to 10000 W/m3, where the fit was made"
    return None


def _vant_riet(factor: str, of_power: str, of_gas: str, given: Inputs) -> Fraction:
    gassed = power(given["power_per_volume"], Fraction(of_power))
    return Fraction(factor) * gassed * power(given["superficial_gas_velocity"], Fraction(of_gas))


def _similar(given: Inputs) -> str | None:
    first, second = given.get("from_aspect_ratio"), given.get("to_aspect_ratio")
    if first and second and abs(first - second) > first / 10:
        return (
            f"the vessels are not geometrically similar: liquid height to diameter {float(first):.3g} "
            f"and {float(second):.3g}"
        )
    return None


def _ruszkowski_range(given: Inputs) -> str | None:
    height = given.get("liquid_height")
    if height and abs(height - given["vessel_diameter"]) > given["vessel_diameter"] / 10:
        return (
            f"liquid height {float(height):.3g} m differs from the vessel diameter "
            f"{float(given['vessel_diameter']):.3g} m; the correlation holds where they are equal"
        )
    if given["impeller_diameter"] >= given["vessel_diameter"]:
        return "the impeller is not smaller than the vessel"
    return None


def _ruszkowski(given: Inputs) -> Fraction:
    vessel = given["vessel_diameter"]
    return (
        Fraction("5.9")
        * power(vessel, Fraction(2, 3))
        * power(given["energy_dissipation"], -_THIRD)
        * power(given["impeller_diameter"] / vessel, -_THIRD)
    )


def _grenville(given: Inputs) -> Fraction:
    ratio = given["vessel_diameter"] / given["impeller_diameter"]
    return Fraction("5.2") / power(given["power_number"], _THIRD) * ratio**2 / given["speed"]


def _saturation(given: Inputs) -> str | None:
    if given["saturation_concentration"] <= given["concentration"]:
        return "the concentration is not below saturation"
    return None


_SIMILARITY: Final = {"from_aspect_ratio": ("1", "{ratio}"), "to_aspect_ratio": ("1", "{ratio}")}
_SCALED: Final = {"speed": SPEED, "from_diameter": LENGTH, "to_diameter": LENGTH}
_GASSED: Final = {"power_per_volume": ("W/m3",), "superficial_gas_velocity": ("m/s",)}
_OXYGEN: Final = {"saturation_concentration": ("mmol/L",), "concentration": ("mmol/L",)}

FORMULAS: Final = (
    Formula("reynolds_number", "impeller Reynolds number N D2 / nu",
            {"speed": SPEED, "diameter": LENGTH, "kinematic_viscosity": VISCOSITY}, ("1", "{ratio}"), _reynolds,
            "definition; A-Mab v2.1 section 5.8"),
    Formula("power", "ungassed impeller power, sum of Np rho N3 D5",
            {"power_number": ("1",), "density": ("kg/m3",), "speed": SPEED, "diameter": LENGTH}, ("W",),
            lambda given: given.get("impellers", Fraction(1)) * given["power_number"] * given["density"]
            * given["speed"] ** 3 * given["diameter"] ** 5,
            "A-Mab v2.1 Eq. 1; the power number is constant in turbulent flow only",
            {"impellers": ("1",), "kinematic_viscosity": VISCOSITY}, _turbulence),
    Formula("power_per_volume", "power per volume", {"power": ("W",), "volume": ("m3",)}, ("W/m3",),
            lambda given: given["power"] / given["volume"], "definition"),
    Formula("energy_dissipation", "mean energy dissipation",
            {"power_per_volume": ("W/m3",), "density": ("kg/m3",)}, ("W/kg",),
            lambda given: given["power_per_volume"] / given["density"], "definition"),
    Formula("tip_speed", "impeller tip speed pi N D", {"speed": SPEED, "diameter": LENGTH}, ("m/s",),
            lambda given: PI * given["speed"] * given["diameter"], "definition"),
    Formula("constant_power_per_volume_speed", "speed at the same power per volume, N1 (D1/D2)^(2/3)", _SCALED, SPEED,
            lambda given: given["speed"] * power(given["from_diameter"] / given["to_diameter"], Fraction(2, 3)),
            "derived for geometric similarity and turbulent flow", _SIMILARITY, _similar),
    Formula("constant_tip_speed_speed", "speed at the same tip speed, N1 D1/D2", _SCALED, SPEED,
            lambda given: given["speed"] * given["from_diameter"] / given["to_diameter"],
            "definition", _SIMILARITY),
    Formula("constant_reynolds_number_speed", "speed at the same Reynolds number, N1 (D1/D2)^2", _SCALED, SPEED,
            lambda given: given["speed"] * (given["from_diameter"] / given["to_diameter"]) ** 2,
            "definition, same fluid", _SIMILARITY),
    Formula("constant_power_per_volume_mixing_time", "mixing time at the same power per volume, t1 (D2/D1)^(2/3)",
            {"mixing_time": ("s",), "from_diameter": LENGTH, "to_diameter": LENGTH}, ("s",),
            lambda given: given["mixing_time"] * power(given["to_diameter"] / given["from_diameter"], Fraction(2, 3)),
            "derived for geometric similarity", _SIMILARITY, _similar),
    Formula("mixing_time_ruszkowski", "mixing time 5.9 T^(2/3) eps^(-1/3) (D/T)^(-1/3)",
            {"vessel_diameter": LENGTH, "impeller_diameter": LENGTH, "energy_dissipation": ("W/kg",)}, ("s",),
            _ruszkowski, "Ruszkowski 1994; Nienow 1997; turbulent, liquid height equal to diameter",
            {"liquid_height": LENGTH}, _ruszkowski_range),
    Formula("mixing_time_grenville", "95 % mixing time 5.2 Po^(-1/3) (T/D)^2 / N",
            {"power_number": ("1",), "vessel_diameter": LENGTH, "impeller_diameter": LENGTH, "speed": SPEED}, ("s",),
            _grenville, "Grenville and Nienow, Handbook of Industrial Mixing; turbulent"),
    Formula("mixing_time_from_revolutions", "mixing time as a number of revolutions over the speed",
            {"revolutions": ("1",), "speed": SPEED}, ("s",),
            lambda given: given["revolutions"] / given["speed"], "A-Mab v2.1 section 5.8"),
    Formula("kolmogorov_length", "Kolmogorov length (nu3/eps)^(1/4)",
            {"kinematic_viscosity": VISCOSITY, "energy_dissipation": ("W/kg",)}, LENGTH,
            lambda given: power(given["kinematic_viscosity"] ** 3 / given["energy_dissipation"], Fraction(1, 4)),
            "Kolmogorov 1941"),
    Formula("kla_vant_riet", "kLa = 0.026 (P/V)^0.4 vs^0.5, coalescing", _GASSED, ("1/s",),
            lambda given: _vant_riet("0.026", "0.4", "0.5", given),
            "Van't Riet 1979, Ind. Eng. Chem. Process Des. Dev. 18:357; 20 to 40 % accurate, to be fitted per vessel",
            outside=_vant_riet_range),
    Formula("kla_vant_riet_non_coalescing", "kLa = 0.002 (P/V)^0.7 vs^0.2, non-coalescing", _GASSED, ("1/s",),
            lambda given: _vant_riet("0.002", "0.7", "0.2", given),
            "Van't Riet 1979, Ind. Eng. Chem. Process Des. Dev. 18:357; 20 to 40 % accurate, to be fitted per vessel",
            outside=_vant_riet_range),
    Formula("superficial_gas_velocity", "gas flow over the cross section of the vessel",
            {"gas_flow": ("m3/s",), "vessel_diameter": LENGTH}, ("m/s",),
            lambda given: given["gas_flow"] / (PI / 4 * given["vessel_diameter"] ** 2), "definition"),
    Formula("gas_flow", "gas flow of a number of vessel volumes per minute",
            {"gas_flow_per_volume": ("{vvm}",), "volume": ("L",)}, ("L/min",),
            lambda given: given["gas_flow_per_volume"] * given["volume"], "definition"),
    Formula("oxygen_uptake_rate", "specific uptake times cell density",
            {"specific_oxygen_uptake": ("mmol/{cell}/h",), "cell_density": ("{cells}/L",)}, ("mmol/L/h",),
            lambda given: given["specific_oxygen_uptake"] * given["cell_density"], "A-Mab v2.1 Eq. 3"),
    Formula("oxygen_transfer_rate", "kLa (C* - C)", {"kla": ("1/h",), **_OXYGEN}, ("mmol/L/h",),
            lambda given: given["kla"] * (given["saturation_concentration"] - given["concentration"]),
            "A-Mab v2.1 Eq. 2", outside=_saturation),
    Formula("kla_from_oxygen_uptake", "kLa = OUR / (C* - C)", {"oxygen_uptake_rate": ("mmol/L/h",), **_OXYGEN},
            ("1/h",), lambda given: given["oxygen_uptake_rate"]
            / (given["saturation_concentration"] - given["concentration"]), "definition, steady state",
            outside=_saturation),
    Formula("titer", "integral of viable cells times specific productivity",
            {"integral_viable_cells": ("{cells}.d/L",), "specific_productivity": ("g/{cell}/d",)}, ("g/L",),
            lambda given: given["integral_viable_cells"] * given["specific_productivity"], "definition"),
    Formula("population_doublings", "log2 of final over initial cells",
            {"initial_cells": ("{cells}",), "final_cells": ("{cells}",)}, ("{doublings}", "1"),
            lambda given: logarithm(given["final_cells"] / given["initial_cells"], 2), "definition"),
    Formula("relative_centrifugal_force", "(2 pi N)^2 r", {"speed": SPEED, "radius": LENGTH}, ("m/s2",),
            lambda given: 4 * PI**2 * given["speed"] ** 2 * given["radius"], "definition"),
    Formula("sigma_tubular_bowl", "pi L w2 (3 R2^2 + R1^2) / 2g",
            {"length": LENGTH, "speed": SPEED, "inner_radius": LENGTH, "outer_radius": LENGTH}, ("m2",),
            lambda given: PI * given["length"] * (2 * PI * given["speed"]) ** 2
            * (3 * given["outer_radius"] ** 2 + given["inner_radius"] ** 2) / (2 * Fraction("9.80665")),
            "Ambler 1959"),
)  # fmt: skip
