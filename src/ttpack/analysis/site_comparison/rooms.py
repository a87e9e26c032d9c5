"""Rooms in which the same is done at each site."""

from collections.abc import Iterator

from ttpack.analysis.site_comparison.monitoring import monitoring_fields
from ttpack.analysis.site_comparison.pairing import paired
from ttpack.analysis.site_comparison.statements import (
    Asked,
    Field,
    Statement,
    Subject,
    code_value,
    quantity_value,
    range_value,
    text_value,
)
from ttpack.model.facility import Room
from ttpack.model.quantity import Range


def statements(asked: Asked) -> Iterator[Statement]:
    """Rooms of one set of unit operations are counterparts, then those that share one, then those of a grade."""
    rooms = [room for room in asked.package.in_force(Room) if asked.among(room.site)]
    groups = paired(
        rooms,
        lambda room: room.site or "",
        (
            lambda room: [tuple(sorted(room.unit_operations))] if room.unit_operations else [],
            lambda room: [(ref, room.grade) for ref in room.unit_operations],
            lambda room: [] if room.unit_operations else [room.grade],
        ),
        (lambda room: room.unit_operations,),
    )
    order = {unit.id: number for number, unit in enumerate(asked.package.unit_operations)}
    for group in groups:
        served = sorted(
            {ref for room in group for ref in room.unit_operations}, key=lambda ref: (order.get(ref, len(order)), ref)
        )
        shared = [ref for ref in served if ref in order and all(ref in room.unit_operations for room in group)]
        names = ", ".join(asked.package.label(ref) for ref in served[:3])
        more = f" and {len(served) - 3} more" if len(served) > 3 else ""  # noqa: PLR2004  three names tell which
        label = f"Room of {names}{more}" if served else f"Room of grade {group[0].grade or 'not stated'}"
        subject = Subject(("room", group[0].id), label, shared[0] if shared else None)
        for room in group:
            yield Statement(subject, (room.site or "",), room.id, room.name, tuple(_fields(asked, room)))


def _fields(asked: Asked, room: Room) -> Iterator[Field]:
    own = asked.own
    yield Field("grade", "grade", code_value(room.grade))
    yield Field("iso_class", "ISO class", code_value(room.iso_class))
    yield Field("temperature", "temperature", range_value(room.temperature, room.temperature_unit, own))
    yield Field("relative_humidity", "relative humidity", range_value(_percent(room.relative_humidity), None, own))
    yield Field("pressure_difference", "pressure difference", quantity_value(room.pressure_difference, own))
    closed = {None: None, True: "closed only", False: "open steps"}[room.closed_processing]
    yield Field("closed_processing", "processing", code_value(closed))
    yield Field("segregation", "segregation", text_value(room.segregation))
    yield from monitoring_fields(room.monitoring)


def _percent(given: Range | None) -> Range | None:
    return given if given is None or given.unit else given.model_copy(update={"unit": "%"})
