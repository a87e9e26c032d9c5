"""Formulas of gassed vessels: gassed power, kLa, oxygen, carbon dioxide, hold-up (alignment.md, "Formulas")."""

from fractions import Fraction
from typing import Final

from ttpack.analysis.culture_formulas import saturation
from ttpack.analysis.formulas import PI, Formula, Inputs, RelativeUncertainty, power

_PLAIN: Final = ("1", "{ratio}")
_LENGTH: Final = ("m",)
_GAS_CONSTANT: Final = Fraction("8.31446261815324")
_GASSED: Final = {"power_per_volume": ("W/m3",), "superficial_gas_velocity": ("m/s",)}
_OXYGEN: Final = {"saturation_concentration": ("mmol/L",), "concentration": ("mmol/L",)}
_FITTED: Final = {
    "least_power_per_volume": ("W/m3",), "greatest_power_per_volume": ("W/m3",),
    "least_superficial_gas_velocity": ("m/s",), "greatest_superficial_gas_velocity": ("m/s",),
}  # fmt: skip


def _vant_riet_range(given: Inputs) -> str | None:
    per_volume = given["power_per_volume"]
    if not 500 <= per_volume <= 10_000:  # noqa: PLR2004  the range of the publication
        return f"power per volume {float(per_volume):.4g} W/m3 lies outside 500 to 10000 W/m3, where the fit was made"
    return None


def _vant_riet(factor: str, of_power: str, of_gas: str, given: Inputs) -> Fraction:
    gassed = power(given["power_per_volume"], Fraction(of_power))
    return Fraction(factor) * gassed * power(given["superficial_gas_velocity"], Fraction(of_gas))


def _fitted_range(given: Inputs) -> str | None:
    for name, unit in (("power_per_volume", "W/m3"), ("superficial_gas_velocity", "m/s")):
        low, high, value = given.get(f"least_{name}"), given.get(f"greatest_{name}"), given[name]
        if (low is not None and value < low) or (high is not None and value > high):
            ends = " to ".join("any" if end is None else f"{float(end):.4g}" for end in (low, high))
            return f"{name.replace('_', ' ')} {float(value):.4g} {unit} lies outside {ends} {unit}, where it was fitted"
    return None


def _fitted(given: Inputs) -> Fraction:
    gassed = power(given["power_per_volume"], given["power_exponent"])
    return given["factor"] * gassed * power(given["superficial_gas_velocity"], given["gas_exponent"])


def _same_kla(given: Inputs) -> Fraction:
    gas = given["from_superficial_gas_velocity"] / given["to_superficial_gas_velocity"]
    return given["power_per_volume"] * power(gas, given["gas_exponent"] / given["power_exponent"])


def _reduced(given: Inputs) -> str | None:
    if given["power"] <= 0:
        return "power must be above zero"
    if not 0 <= given["power_reduction"] < 1:
        return "the power reduction lies from 0 to below 1"
    return None


def _michel_miller(given: Inputs) -> Fraction:
    group = given["power"] ** 2 * given["speed"] * given["impeller_diameter"] ** 3
    return Fraction("0.706") * power(group / power(given["gas_flow"], Fraction("0.56")), Fraction("0.45"))


def _michel_miller_range(given: Inputs) -> str | None:
    flow_number = given["gas_flow"] / (given["speed"] * given["impeller_diameter"] ** 3)
    if not Fraction("0.005") <= flow_number <= Fraction("0.15"):
        return f"the gas flow number {float(flow_number):.3g} lies outside 0.005 to 0.15: flooded, or hardly gassed"
    if _michel_miller(given) > given["power"]:
        return "it gives more power gassed than ungassed, so there is too little gas for it"
    return None


def _stripping(given: Inputs) -> Fraction:
    per_second = given["gas_flow_per_volume"] / 60
    return given["carbon_dioxide_evolution"] * _GAS_CONSTANT * given["temperature"] / per_second


def _hold_up_range(given: Inputs) -> str | None:
    return None if given["gas_hold_up"] < 1 else "the gas hold-up is a share below 1"


_VANT_RIET: Final = "Van't Riet 1979, Ind. Eng. Chem. Process Des. Dev. 18:357"
_KLA_UNCERTAINTY: Final = RelativeUncertainty(Fraction("0.4"), "20 to 40 % in the publication; to be fitted per vessel")
_KLA_VALID: Final = "P/V 500 to 10,000 W/m3, water"

FORMULAS: Final = (
    Formula("gassed_power", "P (1 - f) with the reduction f as stated for the impeller and its gas flow number",
            {"power": ("W",), "power_reduction": _PLAIN}, ("W",),
            lambda given: given["power"] * (1 - given["power_reduction"]), "definition of the reduction",
            outside=_reduced, positive=False, valid="reduction from 0 to below 1",
            uncertainty=RelativeUncertainty(Fraction("0.1"), "reading of the maker's curve")),
    Formula("gassed_power_michel_miller", "0.706 (P^2 N D^3 / Q^0.56)^0.45 in W, 1/s, m and m3/s",
            {"power": ("W",), "speed": ("1/s",), "impeller_diameter": _LENGTH, "gas_flow": ("m3/s",)}, ("W",),
            _michel_miller,
            "Michel and Miller 1962, AIChE J. 8:262; 0.08 in hp, rpm, ft and ft3/min is 0.706 in these units",
            outside=_michel_miller_range,
            valid="Rushton turbines; gas flow number Q/(N D3) 0.005 to 0.15; not more than the ungassed power",
            uncertainty=RelativeUncertainty(Fraction("0.25"), "scatter of the published data; small vessels")),
    Formula("kla_vant_riet", "kLa = 0.026 (P/V)^0.4 vs^0.5, coalescing", _GASSED, ("1/s",),
            lambda given: _vant_riet("0.026", "0.4", "0.5", given), _VANT_RIET,
            outside=_vant_riet_range, uncertainty=_KLA_UNCERTAINTY, valid=_KLA_VALID),
    Formula("kla_vant_riet_non_coalescing", "kLa = 0.002 (P/V)^0.7 vs^0.2, non-coalescing", _GASSED, ("1/s",),
            lambda given: _vant_riet("0.002", "0.7", "0.2", given), _VANT_RIET,
            outside=_vant_riet_range, uncertainty=_KLA_UNCERTAINTY, valid=_KLA_VALID + " with electrolyte"),
    Formula("kla_fitted", "kLa = K (P/V)^a vs^b with the vessel's own K, a, b (W/m3, m/s, 1/s)",
            {"factor": _PLAIN, "power_exponent": _PLAIN, "gas_exponent": _PLAIN, **_GASSED}, ("1/s",), _fitted,
            "A-Mab v2.1 Eq. 4, fitted to this vessel", _FITTED, _fitted_range,
            valid="the P/V and gas velocities of the fit, where they are given",
            uncertainty=RelativeUncertainty(Fraction("0.15"), "repeatability of kLa by gassing out")),
    Formula("constant_kla_power_per_volume", "P/V at the same kLa, (P/V)1 (vs1/vs2)^(b/a)",
            {"power_per_volume": ("W/m3",), "from_superficial_gas_velocity": ("m/s",),
             "to_superficial_gas_velocity": ("m/s",), "power_exponent": _PLAIN, "gas_exponent": _PLAIN}, ("W/m3",),
            _same_kla, "derived from A-Mab v2.1 Eq. 4; one fit holds for both vessels",
            uncertainty=RelativeUncertainty(Fraction("0.3"), "one fit seldom holds for two vessels"),
            valid="vessels that one fit describes"),
    Formula("superficial_gas_velocity", "gas flow over the cross section of the vessel",
            {"gas_flow": ("m3/s",), "vessel_diameter": _LENGTH}, ("m/s",),
            lambda given: given["gas_flow"] / (PI / 4 * given["vessel_diameter"] ** 2),
            "definition; the gas flow at the pressure and temperature in the vessel"),
    Formula("gas_flow", "gas flow of a number of vessel volumes per minute",
            {"gas_flow_per_volume": ("{vvm}",), "volume": ("L",)}, ("L/min",),
            lambda given: given["gas_flow_per_volume"] * given["volume"], "definition"),
    Formula("constant_gas_flow_per_volume_flow", "gas flow at the same vvm, Q1 V2/V1",
            {"gas_flow": ("m3/s",), "from_volume": ("m3",), "to_volume": ("m3",)}, ("m3/s",),
            lambda given: given["gas_flow"] * given["to_volume"] / given["from_volume"], "definition"),
    Formula("constant_superficial_gas_velocity_flow", "gas flow at the same superficial velocity, Q1 (T2/T1)^2",
            {"gas_flow": ("m3/s",), "from_vessel_diameter": _LENGTH, "to_vessel_diameter": _LENGTH}, ("m3/s",),
            lambda given: given["gas_flow"] * (given["to_vessel_diameter"] / given["from_vessel_diameter"]) ** 2,
            "definition"),
    Formula("oxygen_transfer_rate", "kLa (C* - C)", {"kla": ("1/h",), **_OXYGEN}, ("mmol/L/h",),
            lambda given: given["kla"] * (given["saturation_concentration"] - given["concentration"]),
            "A-Mab v2.1 Eq. 2", outside=saturation, valid="oxygen below saturation; well mixed"),
    Formula("kla_from_oxygen_uptake", "kLa = OUR / (C* - C)", {"oxygen_uptake_rate": ("mmol/L/h",), **_OXYGEN},
            ("1/h",), lambda given: given["oxygen_uptake_rate"]
            / (given["saturation_concentration"] - given["concentration"]), "definition, steady state",
            outside=saturation, valid="oxygen below saturation, steady state"),
    Formula("carbon_dioxide_stripping_bound", "least pCO2 above that of the inlet gas, CER R T / (Q/V)",
            {"carbon_dioxide_evolution": ("mol/m3/s",), "temperature": ("K{abs}",),
             "gas_flow_per_volume": ("{vvm}",)}, ("Pa",), _stripping,
            "balance of the gas phase in equilibrium with the liquid: a lower bound, not a prediction",
            valid="steady state; the gas flow at the pressure and temperature in the vessel"),
    Formula("gas_hold_up", "volume of gas over the volume of gas and liquid",
            {"gas_volume": ("L",), "liquid_volume": ("L",)}, ("1",),
            lambda given: given["gas_volume"] / (given["gas_volume"] + given["liquid_volume"]), "definition"),
    Formula("gassed_volume", "liquid over one less the gas hold-up",
            {"liquid_volume": ("L",), "gas_hold_up": ("1",)}, ("L",),
            lambda given: given["liquid_volume"] / (1 - given["gas_hold_up"]), "definition", outside=_hold_up_range,
            valid="hold-up below 1"),
)  # fmt: skip
