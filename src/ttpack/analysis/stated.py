"""Every quantity that a package states: its numbers, its unit, the quantity kind it is declared to be.

The walk is compiled once for each class of record. A part without a unit of its own is in the unit of what it belongs
to: a range of a parameter, its value at a site, an overlay, a studied range.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.parameter import SiteOverlay
from ttpack.model.quantity import Derived, InputQuantity, Quantity, Range
from ttpack.model.record import Attachment, Record, Source

VALUES = ("value", "setpoint", "target", "centre", "limit_of_quantitation", "filed_value")
"""Fields that hold a value of the quantity itself."""
WIDTHS = ("safety_margin", "resolution", "standard_deviation", "half_range", "intermediate_precision")
"""Fields that hold a width on its scale: in its unit, but of no plausible window."""
IMPLIED_UNITS = {"log_reduction": "{log10}", "relative_humidity": "%{RH}"}
"""Fields whose description says the unit."""
UNIT_BY_REFERENCE = ("parameter", "attribute")
"""Fields naming the record whose unit a studied range, a factor or a response is in."""
_QUANTITIES = frozenset({InputQuantity, Quantity})
_NOT_WALKED = (Source, Attachment)
_DIFFERENCES = frozenset({"Offset"})
_UNIT_OF_REFERENCE = frozenset({"StudiedRange", "Factor", "Response"})


class Stated(NamedTuple):
    """Numbers and ranges that share a unit. `unit` is None where none is given anywhere.

    `elsewhere` says that the unit is another record's, which has the finding if it is wrong.
    """

    record: str
    path: str
    unit: str | None
    unit_path: str
    kind: str | None
    values: tuple[tuple[str, Decimal], ...] = ()
    widths: tuple[tuple[str, Decimal], ...] = ()
    ranges: tuple[tuple[str, Range], ...] = ()
    kind_path: str = ""
    derived: Derived | None = None
    elsewhere: bool = False


class _Around(NamedTuple):
    """What holds around a part: the unit, where it is written, the quantity kind."""

    unit: str | None = None
    unit_path: str = ""
    kind: str | None = None
    kind_path: str = ""
    elsewhere: bool = False


_NOTHING = _Around()


def stated_quantities(package: Package) -> list[Stated]:
    """Every quantity of the records in force, in the order of records."""
    found: list[Stated] = []
    for record in package.records.values():
        if record.in_force and plan(type(record)).walked:
            _Walk(package, record.id, found).part(record, "", _around(package, record))
    return found


def _around(package: Package, record: Record) -> _Around:
    if isinstance(record, SiteOverlay):
        base = package.records.get(overlay_parts(record.id)[0])
        return _Around(getattr(base, "unit", None), "", getattr(base, "quantity_kind", None), "", elsewhere=True)
    return _NOTHING


@dataclass(frozen=True, slots=True)
class Plan:
    """What of a class is looked at."""

    values: tuple[str, ...]
    widths: tuple[str, ...]
    parts: tuple[tuple[str, str | None, str | None], ...]
    has_unit: bool
    has_kind: bool
    has_derived: bool
    references: tuple[str, ...]

    @property
    def walked(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self.values or self.parts)


@cache
def plan(model: type[BaseModel]) -> Plan:
    """The fields of a class that state quantities, or may hold parts that do: each with its kind and unit field."""
    if not model.__pydantic_fields_complete__:
        model.model_rebuild()
    fields = model.model_fields
    parts = []
    for name, info in fields.items():
        if any(_states(found) for found in _models(info.annotation) if found is not model):
            extra = info.json_schema_extra if isinstance(info.json_schema_extra, dict) else {}
            kind = extra.get("x-quantity-kind")
            parts.append((name, kind if isinstance(kind, str) else None, _unit_field(fields, name)))
    has_unit = "unit" in fields
    values, widths = (tuple(name for name in names if name in fields and has_unit) for names in (VALUES, WIDTHS))
    if model.__name__ in _DIFFERENCES:
        values, widths = (), (*values, *widths)
    return Plan(
        values=values,
        widths=widths,
        parts=tuple(parts),
        has_unit=has_unit,
        has_kind="quantity_kind" in fields,
        has_derived="derived" in fields,
        references=tuple(name for name in UNIT_BY_REFERENCE if name in fields and has_unit),
    )


def _unit_field(fields: dict[str, Any], name: str) -> str | None:
    return f"{name}_unit" if f"{name}_unit" in fields else None


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


@cache
def _states(model: type[BaseModel]) -> bool:
    """Whether a part of this class can state a quantity, itself or in its own parts."""
    if issubclass(model, _NOT_WALKED):
        return False
    if issubclass(model, Range | InputQuantity | Derived):
        return True
    if not model.__pydantic_fields_complete__:
        model.model_rebuild()
    fields = model.model_fields
    own = "unit" in fields and any(name in fields for name in VALUES)
    return own or any(
        _states(found) for info in fields.values() for found in _models(info.annotation) if found is not model
    )


class _Walk:
    """Collects what one record and its parts state."""

    __slots__ = ("found", "package", "record")

    def __init__(self, package: Package, record: str, found: list[Stated]) -> None:
        self.package = package
        self.record = record
        self.found = found

    def part(self, part: BaseModel, path: str, around: _Around) -> None:
        """Collect what a record, or a part of it, states itself; then what its parts state."""
        wanted = plan(type(part))
        prefix = f"{path}." if path else ""
        here = self._here(part, prefix, around, wanted)
        ranges: list[tuple[str, Range]] = []
        for name, kind, unit_field in wanted.parts:
            item = getattr(part, name)
            if not item:
                continue
            inner = here
            if unit_field:
                inner = _Around(getattr(part, unit_field), prefix + unit_field, kind)
            elif name in IMPLIED_UNITS:
                inner = _Around(IMPLIED_UNITS[name], prefix + name, kind)
            if inner is here and kind is None and type(item) is Range and item.unit is None:
                ranges.append((prefix + name, item))
            else:
                self._field(item, prefix + name, inner, kind)
        values = [(prefix + name, number) for name in wanted.values if _number(number := getattr(part, name))]
        widths = [(prefix + name, number) for name in wanted.widths if _number(number := getattr(part, name))]
        derived = getattr(part, "derived") if wanted.has_derived else None  # noqa: B009  not every class has it
        if values or widths or ranges or derived or (wanted.has_kind and here.kind):
            numbers = (tuple(values), tuple(widths), tuple(ranges))
            unit = (here.unit, here.unit_path, here.kind)
            self.found.append(Stated(self.record, path, *unit, *numbers, here.kind_path, derived, here.elsewhere))

    def _here(self, part: BaseModel, prefix: str, around: _Around, wanted: Plan) -> _Around:
        """Unit and kind inside a part: its own, else those of what it refers to, else those around it."""
        if not (wanted.has_unit or wanted.has_kind):
            return around
        unit, unit_path, kind, kind_path, elsewhere = around
        for name in wanted.references:
            about = self.package.records.get(getattr(part, name) or "")
            if about is not None:
                kind, kind_path = getattr(about, "quantity_kind", None), ""
                if type(part).__name__ in _UNIT_OF_REFERENCE:
                    unit, elsewhere = getattr(about, "unit", None), True
                break
        if wanted.has_kind:
            kind, kind_path = part.quantity_kind, f"{prefix}quantity_kind"  # type: ignore[attr-defined]
        own = part.unit if wanted.has_unit else None  # type: ignore[attr-defined]
        if own or (wanted.has_unit and not unit_path):
            unit_path = f"{prefix}unit"
        return _Around(own or unit, unit_path, kind, kind_path, elsewhere and not own)

    def _field(self, item: object, path: str, around: _Around, kind: str | None) -> None:
        """Collect what a field holds: a quantity, a range, a part, or several."""
        # by exact type, as pydantic answers isinstance slowly
        found: type[Any] = type(item)
        if found is tuple:
            for index, each in enumerate(item):  # type: ignore[var-annotated, arg-type]
                self._field(each, f"{path}[{index}]", around, kind)
        elif found is Range:
            self._range(item, path, around, kind)  # type: ignore[arg-type]
        elif found in _QUANTITIES:
            self._quantity(item, path, kind)  # type: ignore[arg-type]
        elif found is Derived:
            self._inputs(item, path)  # type: ignore[arg-type]
        elif _is_part(found):  # type: ignore[arg-type]
            self.part(item, path, around)  # type: ignore[arg-type]

    def _range(self, item: Range, path: str, around: _Around, kind: str | None) -> None:
        here = _Around(item.unit, f"{path}.unit", around.kind) if item.unit else around
        unit = (here.unit, here.unit_path, kind or here.kind)
        self.found.append(Stated(self.record, path, *unit, ranges=((path, item),), elsewhere=here.elsewhere))

    def _quantity(self, item: InputQuantity, path: str, kind: str | None) -> None:
        full = item if isinstance(item, Quantity) else None
        deviation, derived = (full.standard_deviation, full.derived) if full else (None, None)
        widths = () if deviation is None else ((f"{path}.standard_deviation", deviation),)
        values = ((f"{path}.value", item.value),)
        self.found.append(Stated(self.record, path, item.unit, f"{path}.unit", kind, values, widths, derived=derived))
        if derived is not None:
            self._inputs(derived, f"{path}.derived")

    def _inputs(self, derived: Derived, path: str) -> None:
        for name, given in derived.inputs.items():
            if not isinstance(given, str):
                self._quantity(given, f"{path}.inputs.{name}", None)


def _number(value: object) -> bool:
    return type(value) is Decimal


@cache
def _is_part(found: type[Any]) -> bool:
    return issubclass(found, BaseModel) and plan(found).walked
