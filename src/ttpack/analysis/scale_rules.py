"""The scale rules a dependent parameter may name, and the formulas that compute them."""

from typing import Final

from ttpack.analysis.formulas import catalogue

SCALE_RULES: Final[dict[str, tuple[str, ...]]] = {
    "constant_power_per_volume": ("const p/v", "p/v", "power per volume"),
    "constant_tip_speed": ("tip speed", "const tip speed"),
    "constant_kla": ("kla",),
    "constant_gas_flow_per_volume": ("vvm", "gas flow per volume", "constant_vvm"),
    "constant_superficial_gas_velocity": ("vs", "superficial gas velocity"),
    "constant_mixing_time": ("mixing time",),
    "constant_reynolds_number": ("reynolds number",),
    "constant_residence_time": ("residence time",),
    "constant_linear_velocity": ("linear velocity",),
    "mass_per_resin_volume": ("g/l resin", "g/l{resin}", "constant_mass_per_resin_volume"),
    "volume_per_area": ("l/m2", "constant_volume_per_area"),
    "constant_flux": ("lmh", "l/m2/h", "flux"),
    "constant_transmembrane_pressure": ("tmp", "transmembrane pressure"),
    "custom": (),
}
"""Each rule with the other names it goes by."""

_NAMES: Final = {name: rule for rule, names in SCALE_RULES.items() for name in (rule, *names)}


def scale_rule(name: str) -> str | None:
    """The scale rule, or the formula of the catalogue, that a name means; None if there is none."""
    folded = " ".join(name.casefold().split())
    return _NAMES.get(folded) or (folded if folded in catalogue() else None)
