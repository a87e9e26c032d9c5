"""Which unit operations a record belongs to, as far as the record itself says."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from ttpack.analysis.change_rules.sides import Raw, Sides

_LINE = re.compile(r"lines\[([0-9]{1,6})\]")
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
        for line in _changed_lines(record, raw, sides):
            yield from (one for one in line.get("used_by") or () if sides.index.kinds.get(one) == "unit_operation")
    if raw.get("kind") in ("automation_map", "in_process_control"):
        for name in _THROUGH:
            for other in sides.both(raw.get(name)):
                yield from _units(other)


def _changed_lines(record: str, raw: Raw, sides: Sides) -> Iterator[Mapping[str, Any]]:
    """The lines of a bill of materials that a change is about; all of them where it comes or goes."""
    lines = raw.get("lines") or []
    for change in sides.by_record.get(record, ()):
        place = _LINE.match(change.field)
        if change.kind in ("record_added", "record_removed") or change.field == "lines":
            yield from lines
        elif isinstance(change.before or change.after, Mapping):
            yield change.before or change.after
        elif place and int(place[1]) < len(lines):
            yield lines[int(place[1])]


def _units(raw: Mapping[str, Any]) -> Iterator[str]:
    yield from (str(raw[name]) for name in _ONE if raw.get(name))
    yield from (str(unit) for name in _MANY for unit in raw.get(name) or ())
