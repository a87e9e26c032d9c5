"""Questions about process parameters: their class, and where a setpoint or range lies."""

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.sides import Sides
from ttpack.model.parameter import CRITICAL


@condition
def critical_parameter(change: Change, sides: Sides) -> bool:
    """The parameter, or the one an overlay stands over, is a CPP or WC-CPP before or after the change."""
    parameters = sides.both(sides.base(change.record))
    return any(raw.get("classification") in CRITICAL for raw in parameters)
