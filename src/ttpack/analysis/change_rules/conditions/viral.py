"""Whether virus clearance rests on what changed (ICH Q5A)."""

from collections.abc import Mapping
from typing import Final

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.sides import Raw, Sides

_DEDICATED: Final = frozenset({"low_ph_viral_inactivation", "virus_filtration"})
_STAGES: Final = frozenset({"viral_inactivation", "viral_filtration"})


@condition
def clearance_rests_on_parameter(change: Change, sides: Sides) -> bool:
    """Virus clearance rests on the parameter, before or after.

    It says so itself, or a claim names it, or it belongs to a unit operation that serves nothing else or whose claim
    names no parameter; unless both sides say of it that clearance does not rest on it.
    """
    base = sides.base(change.record)
    raws = sides.both(base)
    if any(raw.get("viral_safety") is True for raw in raws):
        return True
    names = {base, sides.former_ids.get(base, base), sides.present_ids.get(base, base)}
    for unit in {str(raw.get("unit_operation")) for raw in raws} | set(sides.referrers(base, "unit_operation")):
        for raw in sides.both(unit):
            claims = [one for one in raw.get("viral_clearance") or () if isinstance(one, Mapping)]
            if any(names & set(one.get("parameters") or ()) for one in claims):
                return True
            whole = _dedicated(raw) or any(not one.get("parameters") for one in claims)
            if whole and not (raws and all(one.get("viral_safety") is False for one in raws)):
                return True
    return False


def _dedicated(unit: Raw) -> bool:
    return unit.get("operation_class") in _DEDICATED or unit.get("stage") in _STAGES


@condition
def viral_clearance_operation(change: Change, sides: Sides) -> bool:
    """The unit operation of the record clears virus, before or after: by its class, its stage or a claim."""
    return any(_dedicated(raw) or raw.get("viral_clearance") for raw in _units(change, sides))


@condition
def dedicated_viral_operation(change: Change, sides: Sides) -> bool:
    """The unit operation of the record serves virus clearance alone, before or after."""
    return any(_dedicated(raw) for raw in _units(change, sides))


@condition
def filter_material(change: Change, sides: Sides) -> bool:
    """The material is a filter on either side, or of no known class."""
    return any(raw.get("material_class") in ("filter", None) for raw in sides.both(change.record))


def _units(change: Change, sides: Sides) -> list[Raw]:
    found: list[Raw] = []
    for raw in sides.both(change.record):
        if raw.get("kind") == "unit_operation":
            found.append(raw)
        named = [raw.get("unit_operation"), *(raw.get("unit_operations") or ())]
        if raw.get("kind") == "material":
            users = sides.referrers(change.record, "step")
            named.extend(user.get("unit_operation") for name in users for user in sides.both(name))
        found.extend(unit for name in named if name for unit in sides.both(str(name)))
    return found
