"""Which unit operations a record belongs to, as far as the record itself says."""

from collections.abc import Iterator, Mapping
from typing import Any

from ttpack.analysis.change_rules.sides import Raw, Sides

_ONE = ("unit_operation", "from_unit_operation", "to_unit_operation", "after_unit_operation")
_MANY = ("unit_operations", "used_by")
_THROUGH = ("parameter", "step")
"""Fields by which a record states something of another one, which has a unit operation."""


def unit_operations(record: str, sides: Sides) -> frozenset[str]:
    """The unit operations of a record on either side; an overlay's are those of its parameter.

    A record that serves several (a resin, an item of equipment, a linkage) has several.
    """
    base = sides.base(record)
    return frozenset(unit for raw in sides.both(base) for unit in _named(base, raw, sides))


def _named(record: str, raw: Raw, sides: Sides) -> Iterator[str]:
    if raw.get("kind") == "unit_operation":
        yield record
    elif raw.get("kind") != "process":
        yield from _units(raw)
        for line in raw.get("lines") or ():
            if isinstance(line, Mapping):
                yield from (one for one in line.get("used_by") or () if sides.index.kinds.get(one) == "unit_operation")
    if raw.get("kind") in ("automation_map", "in_process_control"):
        for name in _THROUGH:
            for other in sides.both(raw.get(name)):
                yield from _units(other)


def _units(raw: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(raw[name]) for name in _ONE if raw.get(name))
    yield from (str(unit) for name in _MANY for unit in raw.get(name) or ())
