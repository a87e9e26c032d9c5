"""Geometry of vessels, columns and filters that serve the same at each site."""

from collections.abc import Iterator

from ttpack.analysis.site_comparison.equipment import counterparts
from ttpack.analysis.site_comparison.statements import (
    Asked,
    Field,
    Statement,
    Subject,
    code_value,
    number_value,
    quantity_value,
    text_value,
)
from ttpack.model.facility import Geometry, SiteEquipment

_LENGTHS = (
    ("vessel_diameter", "vessel diameter"), ("vessel_height", "vessel height"), ("liquid_height", "liquid height"),
    ("impeller_diameter", "impeller diameter"), ("column_diameter", "column diameter"), ("bed_height", "bed height"),
    ("filter_area", "filter area"),
)  # fmt: skip
_NUMBERS = (
    ("aspect_ratio", "height to diameter"), ("impeller_count", "impellers"), ("power_number", "power number"),
    ("baffles", "baffles"),
)  # fmt: skip


def statements(asked: Asked) -> Iterator[Statement]:
    """The geometry of each item; where no counterpart states any, nothing is asked for."""
    for each in counterparts(asked):
        if any(item.geometry for item in each.items):
            label = f"Geometry of {each.subject.label}"
            subject = Subject(("geometry", *each.subject.key), label, each.subject.record, whole=False)
            for item in each.items:
                yield Statement(subject, (item.site or "",), item.id, item.name, tuple(_fields(asked, item)))


def _fields(asked: Asked, item: SiteEquipment) -> Iterator[Field]:
    given = item.geometry or Geometry()
    for name, label in _LENGTHS:
        yield Field(f"geometry.{name}", label, quantity_value(getattr(given, name), asked.own))
    for name, label in _NUMBERS:
        yield Field(f"geometry.{name}", label, number_value(getattr(given, name)))
    yield Field("geometry.impeller_type", "impeller type", code_value(given.impeller_type))
    yield Field("geometry.sparger", "sparger", text_value(given.sparger))
