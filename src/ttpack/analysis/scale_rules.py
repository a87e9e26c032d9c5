"""The scale rules a dependent parameter may name, and the formulas that compute them."""

import re
from typing import Final

from ttpack.analysis.formulas import catalogue

SCALE_RULES: Final[dict[str, tuple[str, ...]]] = {
    "constant_power_per_volume": ("p/v", "power input per volume"),
    "constant_tip_speed": (),
    "constant_kla": (),
    "constant_gas_flow_per_volume": ("vvm",),
    "constant_superficial_gas_velocity": ("vs",),
    "constant_mixing_time": (),
    "constant_reynolds_number": ("re",),
    "constant_residence_time": (),
    "constant_linear_velocity": (),
    "constant_bed_height": (),
    "constant_sigma": ("q/sigma",),
    "mass_per_resin_volume": ("g/l resin", "g/l{resin}", "load per resin volume"),
    "volume_per_area": ("l/m2", "load per area"),
    "constant_flux": ("lmh", "l/m2/h"),
    "constant_transmembrane_pressure": ("tmp",),
    "custom": (),
}
"""Each rule with the other names it goes by."""

_CONSTANT: Final = re.compile(r"^const(?:ant)?\.? ")


def _folded(name: str) -> str:
    """A name without case, underscores and the word constant: `const P/V` and `constant_P/V` are `p/v`."""
    return _CONSTANT.sub("", " ".join(name.casefold().replace("_", " ").replace("-", " ").split()))


_NAMES: Final = {_folded(name): rule for rule, names in SCALE_RULES.items() for name in (rule, *names)}


def scale_rule(name: str) -> str | None:
    """The scale rule, or the formula of the catalogue, that a name means; None if there is none."""
    formula = "_".join(name.casefold().split())
    return _NAMES.get(_folded(name)) or (formula if formula in catalogue() else None)
