"""What a site states about the scale of a unit operation: figures of its characterisations and of its equipment."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ttpack.analysis.derived import Derivation
from ttpack.analysis.intervals import in_unit, range_text, unit_or_none, value_text
from ttpack.analysis.scale_up.rows import Side
from ttpack.model.analytics import BatchResult
from ttpack.model.facility import Geometry, SiteEquipment
from ttpack.model.package import Package
from ttpack.model.process import UnitOperation
from ttpack.model.quantity import InputQuantity, Range
from ttpack.model.quantity_kinds import quantity_kind
from ttpack.model.scale import CharacterisedQuantity, ScaleCharacterisation
from ttpack.model.units import UnitError, exact

NOT_AT_SCALE: Final = ("scale_down_model", "lifetime")
_SEPARATORS: Final = re.compile(r"[\W_]+")
_UNITLESS: Final = ("aspect_ratio", "impeller_count", "power_number", "baffles")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a site.

    `value` is None where it is words or, then `ranged`, a range; `conflict` says that it is stated twice.
    """

    name: str
    kind: str | None
    unit: str | None
    text: str
    path: str
    value: Fraction | None = None
    derivation: Derivation | None = None
    note: str = ""
    conflict: str = ""
    ranged: bool = False

    @property
    def side(self) -> Side:
        """The figure as one side of a row."""
        return Side(self.text, self.value, self.unit, (self.path,))

    def within(self, unit: str, package: Package) -> Fraction | None:
        """Its number in a unit; None where it is none, contradictory, or does not convert."""
        if self.value is None or self.conflict:
            return None
        own = package.own_units
        given, wanted = (unit_or_none(each or "", own) for each in (self.unit, unit))
        if given is None or wanted is None or given.dimension != wanted.dimension:
            return None
        return (self.value * given.factor + given.offset - wanted.offset) / wanted.factor


Figures = Mapping[str, Figure]
"""The figures of one site by folded name."""


def folded(name: str) -> str:
    """A name without case and punctuation."""
    return _SEPARATORS.sub(" ", name.casefold()).strip()


def figures(package: Package, unit_operation: UnitOperation, site: str) -> Figures:
    """Every figure stated for the unit operation at the site, those of its equipment's geometry last."""
    found: dict[str, Figure] = {}
    for record in characterisations(package, unit_operation, site):
        for index, stated in enumerate(record.quantities):
            _add(found, _characterised(record, index, stated))
    for figure in _geometry(package, unit_operation, site):
        if not any(_same_thing(figure, other) for other in found.values() if other.path != figure.path):
            _add(found, figure)
    return found


def results(package: Package, unit_operation: UnitOperation, site: str) -> Figures:
    """The attribute results of the unit operation at the site by attribute, or by folded name."""
    found: dict[str, Figure] = {}
    for record in characterisations(package, unit_operation, site):
        for index, stated in enumerate(record.results):
            figure = _result(package, f"{record.id}.results[{index}]", stated)
            _add(found, figure, stated.attribute or stated.parameter or folded(figure.name))
    return found


def characterisations(package: Package, unit_operation: UnitOperation, site: str) -> tuple[ScaleCharacterisation, ...]:
    """The characterisations in force of a unit operation at the site's scale; scale-down models apart."""
    of_unit = [
        record for record in package.in_force(ScaleCharacterisation)
        if record.unit_operation == unit_operation.id
        and record.subject not in NOT_AT_SCALE and not record.is_scale_down_model
    ]  # fmt: skip
    named = tuple(record for record in of_unit if _site_of(package, record) == site)
    if named:
        return named
    size = next((scale.size for scale in unit_operation.scales if scale.site == site and scale.size), None)
    return tuple(record for record in of_unit if _site_of(package, record) is None and _same_size(record.size, size))


def equipment(package: Package, unit_operation: UnitOperation, site: str) -> tuple[SiteEquipment, ...]:
    """The equipment in force that serves the unit operation at the site."""
    listed = {each for scale in unit_operation.scales if scale.site == site for each in scale.equipment}
    return tuple(
        item for item in package.in_force(SiteEquipment)
        if item.site == site and (unit_operation.id in item.unit_operations or item.id in listed)
    )  # fmt: skip


def number_of(value: Decimal | None) -> Fraction | None:
    """The number exactly; None where there is none, or it is out of reach."""
    try:
        return None if value is None else exact(value)
    except UnitError:
        return None


def named(found: Figures, *patterns: str, kind: str | None = None) -> Figure | None:
    """The one figure whose name holds one of the patterns (the first that any holds), of a kind where that is asked."""
    of_kind = [figure for figure in found.values() if kind is None or figure.kind == kind]
    for pattern in patterns:
        fitting = [figure for figure in of_kind if re.search(pattern, folded(figure.name))]
        if fitting:
            return fitting[0]
    return of_kind[0] if kind is not None and len(of_kind) == 1 else None


def _site_of(package: Package, record: ScaleCharacterisation) -> str | None:
    item = package.get(record.equipment, SiteEquipment)
    return record.site or (item.site if item else None)


def _same_size(first: InputQuantity | None, second: InputQuantity | None) -> bool:
    if first is None or second is None:
        return False
    converted = in_unit(first.value, first.unit, second.unit)
    return converted is not None and converted == number_of(second.value)


def _add(found: dict[str, Figure], figure: Figure, key: str = "") -> None:
    key = key or folded(figure.name)
    other = found.get(key)
    if other is None:
        found[key] = figure
    elif (other.text, other.unit) != (figure.text, figure.unit):
        words = f"stated twice: {other.text} ({other.path}) and {figure.text} ({figure.path})"
        found[key] = replace(other, conflict=other.conflict or words)


def _characterised(record: ScaleCharacterisation, index: int, stated: CharacterisedQuantity) -> Figure:
    path, value = f"{record.id}.quantities[{index}]", number_of(stated.value)
    derivation = (
        Derivation(record.id, f"quantities[{index}].value", f"quantities[{index}].derived", stated.value,
                   stated.unit or "", stated.derived)
        if stated.derived else None
    )  # fmt: skip
    text = _text(stated.value, stated.range, stated.text, stated.unit)
    kind = _kind(stated.quantity_kind, stated.quantity)
    ranged = stated.value is None and stated.range is not None and stated.range.numeric
    return Figure(stated.quantity, kind, stated.unit, text, path, value, derivation, stated.source_note or "",
                  ranged=ranged)  # fmt: skip


def _result(package: Package, path: str, stated: BatchResult) -> Figure:
    name = stated.quantity or package.label(stated.attribute or stated.parameter or "result")
    text = _text(stated.value, stated.range, stated.text, stated.unit)
    return Figure(name, _kind(None, name), stated.unit, text, path, number_of(stated.value))


def _text(value: Decimal | None, given: Range | None, words: str | None, unit: str | None) -> str:
    if value is not None:
        return value_text(value, unit)
    if given is not None:
        return range_text(given, unit)
    return (words or "not stated")[:120]


def _kind(stated: str | None, name: str) -> str | None:
    kind = quantity_kind(stated) if stated else quantity_kind(folded(name).replace(" ", "_"))
    return kind.name if kind else stated


def _geometry(package: Package, unit_operation: UnitOperation, site: str) -> Iterator[Figure]:
    for item in equipment(package, unit_operation, site):
        for name in Geometry.model_fields if item.geometry else ():
            stated = getattr(item.geometry, name)
            path = f"{item.id}.geometry.{name}"
            if isinstance(stated, InputQuantity):
                text = value_text(stated.value, stated.unit)
                yield Figure(name.replace("_", " ").capitalize(), _kind(None, name), stated.unit, text, path,
                             number_of(stated.value))  # fmt: skip
            elif stated is not None and name in _UNITLESS:
                yield Figure(name.replace("_", " ").capitalize(), None, "1", str(stated), path,
                             number_of(Decimal(stated)))  # fmt: skip


_GEOMETRY_NAMES: Final[Mapping[str, Iterable[str]]] = {
    "aspect ratio": ("aspect ratio",), "impeller count": ("number of impellers", "impellers"),
    "column diameter": ("diameter",), "baffles": ("baffles", "number of baffles"),
}  # fmt: skip


def _same_thing(geometry: Figure, stated: Figure) -> bool:
    """Whether a characterisation already says what the equipment's geometry says."""
    names = _GEOMETRY_NAMES.get(folded(geometry.name), ())
    return any(folded(stated.name).startswith(name) for name in (folded(geometry.name), *names))
