"""Utilities of one type at each site."""

from collections.abc import Iterator
from decimal import Decimal

from ttpack.analysis.site_comparison.monitoring import monitoring_fields
from ttpack.analysis.site_comparison.statements import (
    Asked,
    Field,
    Statement,
    Subject,
    collapsed,
    flag_value,
    number_value,
    parsed_quantity,
    quantity_value,
    text_value,
)
from ttpack.model.facility import Utility


def statements(asked: Asked) -> Iterator[Statement]:
    """Utilities are counterparts by their type; one without a type stands for itself."""
    for given in asked.package.in_force(Utility):
        if given.site and asked.among(given.site):
            kind = collapsed(given.utility_type or "")
            key = ("utility", kind.casefold()) if kind else ("utility", "", given.id)
            subject = Subject(key, kind[:1].upper() + kind[1:] if kind else given.name)
            yield Statement(subject, (given.site,), given.id, given.name, tuple(_fields(asked, given)))


def _fields(asked: Asked, given: Utility) -> Iterator[Field]:
    yield Field("capacity", "capacity", quantity_value(given.capacity, asked.own))
    yield Field("peak_demand", "simultaneous peak demand", quantity_value(given.peak_demand, asked.own))
    margin = given.margin
    stated = (
        number_value(margin)
        if isinstance(margin, Decimal)
        else parsed_quantity(margin or "", asked.own) or text_value(margin)
    )
    yield Field("margin", "margin", stated)
    yield Field("quality", "quality", text_value(given.quality))
    yield Field("qualified", "qualified", flag_value(given=given.qualified))
    yield from monitoring_fields(given.monitoring)
