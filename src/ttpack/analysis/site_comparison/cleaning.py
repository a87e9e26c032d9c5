"""Cleaning of equipment of the same class at each site."""

from collections.abc import Iterator

from ttpack.analysis.site_comparison.pairing import paired
from ttpack.analysis.site_comparison.statements import (
    Asked,
    Field,
    Statement,
    Subject,
    code_value,
    collapsed,
    quantity_value,
    text_value,
)
from ttpack.model.facility import Cleaning, SiteEquipment


def statements(asked: Asked) -> Iterator[Statement]:
    """Cleanings of one set of equipment classes are counterparts, then those that share a class."""
    given = [cleaning for cleaning in asked.package.in_force(Cleaning) if asked.among(cleaning.site)]

    def classes(cleaning: Cleaning) -> list[str]:
        items = (asked.package.get(ref, SiteEquipment) for ref in cleaning.equipment)
        return sorted({collapsed(item.equipment_class or "").casefold() for item in items if item} - {""})

    groups = paired(
        given,
        lambda cleaning: cleaning.site or "",
        (
            lambda cleaning: [tuple(classes(cleaning))] if classes(cleaning) else [],
            classes,
            lambda cleaning: [] if classes(cleaning) else ["no class of equipment"],
        ),
    )
    for group in groups:
        found = sorted({name for cleaning in group for name in classes(cleaning)})
        names = ", ".join(found[:3]) + (f" and {len(found) - 3} more" if len(found) > 3 else "")  # noqa: PLR2004
        subject = Subject(("cleaning", group[0].id), f"Cleaning of {names or group[0].name}")
        for cleaning in group:
            fields = tuple(_fields(asked, cleaning))
            yield Statement(subject, (cleaning.site or "",), cleaning.id, cleaning.name, fields)


def _fields(asked: Asked, given: Cleaning) -> Iterator[Field]:
    yield Field("strategy", "strategy", code_value(given.strategy))
    yield Field("agent", "agent", text_value(given.agent))
    yield Field("cycle", "cycle", text_value(given.cycle))
    yield Field("limit", "health-based limit", quantity_value(given.limit, asked.own))
    method = asked.package.label(given.method) if given.method else None
    yield Field("method", "method of the residue", text_value(method))
    yield Field("dirty_hold", "dirty hold", quantity_value(given.dirty_hold, asked.own))
    yield Field("clean_hold", "clean hold", quantity_value(given.clean_hold, asked.own))
    yield Field("validation", "validation", code_value(given.validation))
