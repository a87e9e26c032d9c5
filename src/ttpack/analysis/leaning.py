"""Which further records are needed to understand some: what an overlay overlays, the definitions of own units."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ttpack.analysis.index import Index
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.units import UnitError, parse_unit


@dataclass(frozen=True)
class Leaning:
    """Records by id, and whether all own units of the package are needed as well."""

    records: frozenset[str]
    own_units: bool

    @property
    def nothing(self) -> bool:
        """Whether the records can be understood as they are."""
        return not self.records and not self.own_units

    def paths(self, index: Index) -> set[str]:
        """The files that hold what is needed."""
        wanted = set(self.records)
        if self.own_units:
            wanted.update(record for record, kind in index.kinds.items() if kind == "unit_definition")
        return {index.paths[record] for record in wanted if record in index.paths}


def leaning(*packages: Package) -> Leaning:
    """What the records of these parts of a package lean on that is not among them."""
    bases = frozenset(
        base
        for package in packages
        for record in package.records
        if (base := overlay_parts(record)[0]) not in package.records
    )
    units = {unit for package in packages for raw in package.raw.values() for unit in _units(raw)}
    return Leaning(bases, not all(map(_known, units)))


def _units(value: Any) -> Iterator[str]:
    """Every text that stands in a field of a unit."""
    stack = [value]
    while stack:
        item = stack.pop()
        if item.__class__ is list:
            stack.extend(item)
        elif isinstance(item, Mapping):
            for key, inside in item.items():
                if inside.__class__ is str:
                    if key.endswith("unit"):
                        yield inside
                elif inside.__class__ is list or inside.__class__ is dict:
                    stack.append(inside)


def _known(unit: str) -> bool:
    try:
        parse_unit(unit)
    except UnitError:
        return False
    return True
