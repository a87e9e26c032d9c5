"""Formulas of stirred vessels: power, speed, mixing time, dissipation (alignment.md, "Formulas")."""

from fractions import Fraction
from typing import Final

from ttpack.analysis.formulas import PI, Formula, Inputs, RelativeUncertainty, power

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


def _similar(given: Inputs) -> str | None:
    first, second = given.get("from_aspect_ratio"), given.get("to_aspect_ratio")
    if first and second and abs(first - second) > max(first, second) / 10:
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


def _grenville_range(given: Inputs) -> str | None:
    if "kinematic_viscosity" in given:
        reason = _turbulence({**given, "diameter": given["impeller_diameter"]})
        if reason:
            return reason
    return _ruszkowski_range(given)


def _grenville(given: Inputs) -> Fraction:
    ratio = given["vessel_diameter"] / given["impeller_diameter"]
    return Fraction("5.2") / power(given["power_number"], _THIRD) * ratio**2 / given["speed"]


def _mixing_time_at_constant_power(given: Inputs) -> Fraction:
    """Circulation over turbulent eddies: time goes with length^(2/3) and with dissipation^(-1/3)."""
    if "from_volume" in given:
        time = given["mixing_time"] * power(given["to_volume"] / given["from_volume"], Fraction(2, 9))
    else:
        time = given["mixing_time"] * power(given["to_diameter"] / given["from_diameter"], Fraction(2, 3))
    first, second = given.get("from_power_per_volume"), given.get("to_power_per_volume")
    return time * power(first / second, _THIRD) if first and second else time


_SIMILARITY: Final = {"from_aspect_ratio": ("1", "{ratio}"), "to_aspect_ratio": ("1", "{ratio}")}
_POWERS: Final = {"from_power_per_volume": ("W/m3",), "to_power_per_volume": ("W/m3",)}
_SCALED: Final = {"speed": SPEED, "from_diameter": LENGTH, "to_diameter": LENGTH}
_RATIO: Final = ("1", "{ratio}")
_SIMILAR_VESSELS: Final = "similar vessels (height to diameter within 10 %), turbulent flow"
_TURBULENT_FLOW: Final = "Reynolds number from 10,000, where the viscosity is given"
_POWER_NUMBER: Final = RelativeUncertainty(Fraction("0.1"), "power number of a maker, without its probes and baffles")
_MIXING: Final = RelativeUncertainty(Fraction("0.2"), "scatter of mixing times, and how they are measured")

FORMULAS: Final = (
    Formula("reynolds_number", "impeller Reynolds number N D2 / nu",
            {"speed": SPEED, "diameter": LENGTH, "kinematic_viscosity": VISCOSITY}, _RATIO, _reynolds,
            "definition; A-Mab v2.1 section 5.8"),
    Formula("power", "ungassed impeller power, sum of Np rho N3 D5",
            {"power_number": ("1",), "density": ("kg/m3",), "speed": SPEED, "diameter": LENGTH}, ("W",),
            lambda given: given.get("impellers", Fraction(1)) * given["power_number"] * given["density"]
            * given["speed"] ** 3 * given["diameter"] ** 5,
            "A-Mab v2.1 Eq. 1; the power number is constant in turbulent flow only",
            {"impellers": ("1",), "kinematic_viscosity": VISCOSITY}, _turbulence,
            valid=_TURBULENT_FLOW, uncertainty=_POWER_NUMBER),
    Formula("power_per_volume", "power per volume", {"power": ("W",), "volume": ("m3",)}, ("W/m3",),
            lambda given: given["power"] / given["volume"], "definition"),
    Formula("energy_dissipation", "mean energy dissipation",
            {"power_per_volume": ("W/m3",), "density": ("kg/m3",)}, ("W/kg",),
            lambda given: given["power_per_volume"] / given["density"], "definition"),
    Formula("tip_speed", "impeller tip speed pi N D", {"speed": SPEED, "diameter": LENGTH}, ("m/s",),
            lambda given: PI * given["speed"] * given["diameter"], "definition"),
    Formula("constant_power_per_volume_speed", "speed at the same power per volume, N1 (D1/D2)^(2/3)", _SCALED, SPEED,
            lambda given: given["speed"] * power(given["from_diameter"] / given["to_diameter"], Fraction(2, 3)),
            "derived for geometric similarity and turbulent flow", _SIMILARITY, _similar, valid=_SIMILAR_VESSELS),
    Formula("constant_tip_speed_speed", "speed at the same tip speed, N1 D1/D2", _SCALED, SPEED,
            lambda given: given["speed"] * given["from_diameter"] / given["to_diameter"],
            "definition", _SIMILARITY),
    Formula("constant_reynolds_number_speed", "speed at the same Reynolds number, N1 (D1/D2)^2", _SCALED, SPEED,
            lambda given: given["speed"] * (given["from_diameter"] / given["to_diameter"]) ** 2,
            "definition, same fluid", _SIMILARITY),
    Formula("constant_mixing_time_speed", "speed at the same mixing time: the same, as N tm is constant",
            _SCALED, SPEED, lambda given: given["speed"],
            "Ruszkowski 1994; Oldshue 1966: it takes D2/D1 squared of the power per volume", _SIMILARITY, _similar,
            valid=_SIMILAR_VESSELS, uncertainty=_MIXING),
    Formula("constant_power_per_volume_mixing_time", "mixing time at the same power per volume, t1 (D2/D1)^(2/3)",
            {"mixing_time": ("s",), "from_diameter": LENGTH, "to_diameter": LENGTH}, ("s",),
            _mixing_time_at_constant_power, "derived for geometric similarity", {**_SIMILARITY, **_POWERS}, _similar,
            valid=_SIMILAR_VESSELS, uncertainty=_MIXING),
    Formula("constant_power_per_volume_mixing_time_by_volume",
            "mixing time at the same power per volume, t1 (V2/V1)^(2/9); with both P/V times ((P/V)1/(P/V)2)^(1/3)",
            {"mixing_time": ("s",), "from_volume": ("L",), "to_volume": ("L",)}, ("s",),
            _mixing_time_at_constant_power, "derived for geometric similarity", {**_SIMILARITY, **_POWERS}, _similar,
            valid=_SIMILAR_VESSELS, uncertainty=_MIXING),
    Formula("mixing_time_ruszkowski", "mixing time 5.9 T^(2/3) eps^(-1/3) (D/T)^(-1/3)",
            {"vessel_diameter": LENGTH, "impeller_diameter": LENGTH, "energy_dissipation": ("W/kg",)}, ("s",),
            _ruszkowski, "Ruszkowski 1994; Nienow 1997; turbulent, liquid height equal to diameter",
            {"liquid_height": LENGTH}, _ruszkowski_range,
            valid="turbulent; liquid height within 10 % of the diameter; impeller smaller than the vessel",
            uncertainty=_MIXING),
    Formula("mixing_time_grenville", "95 % mixing time 5.2 Po^(-1/3) (T/D)^2 / N",
            {"power_number": ("1",), "vessel_diameter": LENGTH, "impeller_diameter": LENGTH, "speed": SPEED}, ("s",),
            _grenville, "Grenville and Nienow, Handbook of Industrial Mixing; turbulent",
            {"liquid_height": LENGTH, "kinematic_viscosity": VISCOSITY}, _grenville_range,
            valid="turbulent; liquid height within 10 % of the diameter; impeller smaller than the vessel",
            uncertainty=_MIXING),
    Formula("mixing_time_from_revolutions", "mixing time as a number of revolutions over the speed",
            {"revolutions": ("1",), "speed": SPEED}, ("s",),
            lambda given: given["revolutions"] / given["speed"], "A-Mab v2.1 section 5.8"),
    Formula("dosing_to_mixing_time", "dosing time over mixing time; from 10 on an addition finds the vessel mixed",
            {"dosing_time": ("s",), "mixing_time": ("s",)}, _RATIO,
            lambda given: given["dosing_time"] / given["mixing_time"],
            "definition; A-Mab v2.1 sections 3.9.5 and 4.6.2.3 (also for the time to the pH of a virus inactivation)"),
    Formula("kolmogorov_length", "Kolmogorov length (nu3/eps)^(1/4)",
            {"kinematic_viscosity": VISCOSITY, "energy_dissipation": ("W/kg",)}, LENGTH,
            lambda given: power(given["kinematic_viscosity"] ** 3 / given["energy_dissipation"], Fraction(1, 4)),
            "Kolmogorov 1941", valid="turbulent flow; the mean dissipation hides that near the impeller",
            uncertainty=RelativeUncertainty(Fraction("0.3"), "local dissipation is many times the mean")),
    Formula("kolmogorov_to_cell_size", "Kolmogorov length over cell diameter; from 1 on eddies are not smaller",
            {"kolmogorov_length": LENGTH, "cell_diameter": LENGTH}, _RATIO,
            lambda given: given["kolmogorov_length"] / given["cell_diameter"],
            "definition; cells of 15 to 20 um; A-Mab v2.1 says shear does not limit"),
)  # fmt: skip
