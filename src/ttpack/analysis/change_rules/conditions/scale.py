"""Questions about scale: of a culture, of a chromatography column, of a target that depends on it."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.conditions.process import grows_cells
from ttpack.analysis.change_rules.readings import PROVEN, SETPOINT_FIELDS, given_value, inside, movement, readings
from ttpack.analysis.change_rules.sides import Raw, Sides, State, field_path
from ttpack.analysis.intervals import in_unit
from ttpack.analysis.scale_rules import scale_rule

_SCALED_KINDS: Final = frozenset({
    "power_per_volume", "p_per_v", "kla", "oxygen_transfer_coefficient", "residence_time", "tip_speed", "mixing_time",
    "superficial_gas_velocity", "gas_flow_per_volume", "energy_dissipation_rate",
})  # fmt: skip
_SCALED_RULES: Final = frozenset({
    "constant_power_per_volume", "constant_kla", "constant_residence_time", "constant_tip_speed",
    "constant_mixing_time", "constant_gas_flow_per_volume", "constant_superficial_gas_velocity",
    "constant_reynolds_number",
})  # fmt: skip
_COLUMN_PARAMETERS: Final = frozenset({"bed_height", "linear_velocity", "linear_flow_rate", "mass_loading",
                                       "protein_load", "load", "residence_time", "flow_rate"})  # fmt: skip
_NUMBER: Final = re.compile(r"\d+(?:[ ,]\d{3})*(?:\.\d+)?")
_DIAMETER: Final = re.compile(r"\b(diameter|column)\b", re.IGNORECASE)


@condition
def scale_dependent_target(change: Change, sides: Sides) -> bool:
    """What the parameter is aimed at depends on scale, before or after: by its own word, its rule or its quantity."""
    for raw in sides.both(sides.base(change.record)):
        scale = raw.get("scale")
        scale = scale if isinstance(scale, Mapping) else {}
        if scale.get("dependence") == "dependent" or raw.get("quantity_kind") in _SCALED_KINDS:
            return True
        if scale.get("rule") and scale_rule(str(scale["rule"])) in _SCALED_RULES:
            return True
    return False


@condition
def site_value_outside_proven(change: Change, sides: Sides) -> bool:
    """A value that a scale-dependent parameter has at a site is not shown to lie inside its PAR on both sides."""
    before, after = readings(change, sides)
    scale = sides.now(change.record).get("scale")
    values = scale.get("values") if isinstance(scale, Mapping) else None
    given = [
        given_value(one.get("value"), str(one.get("unit") or after.unit), after.own)
        for one in values or ()
        if isinstance(one, Mapping) and one.get("value") is not None
    ]
    ranges = [side.range(PROVEN) for side in (before, after)]
    return any(proven is not None and inside(one, proven) is not True for one in given for proven in ranges)


@condition
def culture_scale_raised(change: Change, sides: Sides) -> bool:
    """The unit operation is a culture, and a scale of it is larger than any before, or cannot be compared with one."""
    units = sides.both(change.record)
    return any(grows_cells(raw) for raw in units) and _larger(change, sides)


def _larger(change: Change, sides: Sides) -> bool:
    """Whether a size went up, or a new one goes beyond all before; of sizes in words the numbers are compared."""
    if field_path(change) in ("scale", "scales.scale"):
        return _numbers_rise(change.before, change.after)
    if change.direction in ("increased", "decreased", "removed"):
        return change.direction == "increased"
    before = list(_sizes(sides.was(change.record), sides.before))
    if change.kind in ("field_added", "item_added") and not before:
        return False
    for value, unit in _sizes(sides.now(change.record), sides.after):
        known = [in_unit(Decimal(old), text, unit) for old, text in before]
        if all(one is None or one < Fraction(value) for one in known):
            return True
    return change.kind == "value_changed"


def _sizes(raw: Raw, state: State) -> Iterator[tuple[Any, str]]:
    for one in raw.get("scales") or ():
        given = given_value(one.get("size"), "", state.side.own_units) if isinstance(one, Mapping) else None
        if given is not None:
            yield given.low, given.unit


def _numbers_rise(before: Any, after: Any) -> bool:
    """Whether the largest number of a text is larger than that of another; texts without numbers show nothing."""
    first, second = ([Decimal(re.sub("[ ,]", "", one)) for one in _NUMBER.findall(str(text or ""))]
                     for text in (before, after))  # fmt: skip
    return bool(second) and (not first or max(second) > max(first))


@condition
def stated_scale_raised(change: Change, sides: Sides) -> bool:
    """A scale in words or as a quantity is larger than before, or cannot be compared with what it was."""
    del sides
    if change.direction in ("increased", "decreased"):
        return change.direction == "increased"
    if change.kind in ("field_added", "field_removed"):
        return False
    return _numbers_rise(change.before, change.after) or not (
        isinstance(change.before, str) and isinstance(change.after, str)
    )


@condition
def column_scale(change: Change, sides: Sides) -> bool:
    """The unit operation is a chromatography, and what changed of its scale is the diameter of its column."""
    units = sides.both(change.record)
    classes = {str(raw.get("operation_class")) for raw in units}
    if not any(name.endswith("_chromatography") for name in classes):
        return False
    texts = [str(raw.get(key)) for raw in units for key in ("scale",)]
    sizes = [text for raw in units for text in _texts(raw)]
    return field_path(change).endswith((".size", ".size.value", "scales")) or any(
        _DIAMETER.search(text) for text in (*texts, *sizes)
    )


def _texts(raw: Raw) -> Iterator[str]:
    yield from (str(one.get("scale")) for one in raw.get("scales") or () if isinstance(one, Mapping))


@condition
def column_otherwise_constant(change: Change, sides: Sides) -> bool:
    """Bed height, velocity and load of the column stay: neither its own, nor any such parameter, changed with it."""
    units: set[str] = set()
    for raw in sides.both(change.record):
        geometry = raw.get("geometry")
        if raw.get("kind") == "unit_operation":
            units.add(change.record)
        units.update(str(one) for one in raw.get("unit_operations") or ())
        if raw.get("kind") == "site_equipment" and not (isinstance(geometry, Mapping) and geometry.get("bed_height")):
            return False
    if any(field_path(one).startswith("geometry.bed_height") for one in sides.by_record.get(change.record, ())):
        return False
    return not any(_column_parameter_moved(name, sides) for unit in units for name in _parameters(unit, sides))


def _parameters(unit: str, sides: Sides) -> Iterator[str]:
    for name in sides.referrers(unit, "process_parameter"):
        yield name
        yield from sides.referrers(name, "site_overlay")


def _column_parameter_moved(name: str, sides: Sides) -> bool:
    kinds = {raw.get("quantity_kind") for raw in sides.both(sides.base(name))}
    if not kinds & _COLUMN_PARAMETERS and kinds != {None}:
        return False
    for change in sides.by_record.get(name, ()):
        path = field_path(change)
        if path in ("", "unit") or path in SETPOINT_FIELDS or path.startswith(("ranges.target", "ranges.normal")):
            before, after = readings(change, sides)
            if movement(before.aim(), after.aim()) not in ("none", "same") or not (before.there and after.there):
                return True
    return False
