"""The scale that a parameter's change is held against, from the records of both revisions (overlays as they apply)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ttpack.analysis.range_change import Units
from ttpack.analysis.relative_size import EDGE, MEASURED, OPEN, PROVEN, Ends, Scale
from ttpack.model.units import DefinesUnit, Dimension

Raw = Mapping[str, Any]
KINDS = frozenset({"process_parameter", "site_overlay"})


def measured(kind: str, path: str) -> bool:
    """Whether the proven range and the edge of failure say anything about that field."""
    return kind in KINDS and path.removeprefix("override.") in MEASURED


@dataclass(frozen=True)
class OfSide:
    """A parameter or overlay in one revision: the record, for an overlay what it overlays, the package's own units."""

    record: Raw
    base: Raw | None
    own_units: Mapping[str, DefinesUnit]


def scale(before: OfSide, after: OfSide) -> Scale | None:
    """The scale that a change is held against; None where the former side has no usable unit."""
    former = _Effective(before)
    unit = former.units.parse(former.units.text({}))
    if unit is None:
        return None
    edges = (former.ends(EDGE, unit.dimension), _Effective(after).ends(EDGE, unit.dimension))
    return Scale(unit.dimension, former.ends(PROVEN, unit.dimension), edges)


class _Effective:
    """The ranges of a parameter, or of its overlay where that gives its own, each in the unit it is written in."""

    def __init__(self, side: OfSide) -> None:
        inside = side.record.get("override")
        self.parts: list[Raw] = [side.record, inside] if isinstance(inside, Mapping) else [side.record]
        self.base = side.base or {}
        self.own = side.own_units
        around = Units(self.base, self.own)
        for part in reversed(self.parts):
            around = around.around(part.get("unit"))
        self.units = around

    def ends(self, name: str, dimension: Dimension) -> Ends:
        """Both ends of a range in base units; open where they are not given or not of that dimension."""
        own = next((part for part in self.parts if part.get("ranges")), {})
        found = _range(own, name)
        if found is not None:
            return _ends(found, self.units, dimension)
        found = _range(self.base, name)
        return OPEN if found is None else _ends(found, Units(self.base, self.own), dimension)


def _range(part: Raw, name: str) -> Raw | None:
    ranges = part.get("ranges")
    found = ranges.get(name) if isinstance(ranges, Mapping) else None
    return found if isinstance(found, Mapping) else None


def _ends(found: Raw, units: Units, dimension: Dimension) -> Ends:
    text = units.text(found)
    unit = units.parse(text)
    if unit is None or unit.dimension != dimension:
        return OPEN
    return units.base(found.get("low"), text), units.base(found.get("high"), text)
