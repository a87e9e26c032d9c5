"""What a unit operation or step asks of its room, against the rooms of the site that serve it (EU GMP Annex 1, 2)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from ttpack.analysis.facility_fit.site_plant import NotKnown, Row, SitePlant
from ttpack.analysis.facility_fit.verdict import Fit, FitSide, Verdict
from ttpack.analysis.intervals import interval, range_text
from ttpack.model.facility import Room, SiteEquipment
from ttpack.model.process import RoomRequirement, Step, UnitOperation
from ttpack.model.quantity import Range

GRADES: Final = ("A", "B", "C", "D", "CNC")
"""From the cleanest; CNC is controlled and not classified."""
HUMIDITY: Final = "%{RH}"
CLOSURE_UNSAID: Final = "only closed processing is done there, and nothing says whether this is closed"
_ISO: Final = re.compile(r"\s*(?:ISO\s*(?:14644-1\s*)?)?(?:class\s*)?([1-9])(?:\.0)?\s*", re.IGNORECASE)
_GRADE: Final = re.compile(r"\s*(?:EU\s+)?(?:GMP\s+)?(?:grade\s+)?(CNC|[A-D])\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked of a room: each part None where nothing says it."""

    grade: str | None
    iso_class: str | None
    temperature: Range | None
    temperature_unit: str | None
    relative_humidity: Range | None
    closed: bool | None

    @property
    def words(self) -> str:
        """Everything asked, in words."""
        parts = [
            self.grade and f"grade {self.grade}", self.iso_class,
            self.temperature and range_text(self.temperature, self.temperature_unit),
            self.relative_humidity and range_text(self.relative_humidity, HUMIDITY),
            {True: "closed", False: "open", None: None}[self.closed],
        ]  # fmt: skip
        return ", ".join(part for part in parts if part)

    @property
    def missing(self) -> tuple[str, ...]:
        """What FAC-01 asks for and nothing says."""
        given = {
            "room grade": self.grade or self.iso_class, "temperature": self.temperature,
            "relative humidity": self.relative_humidity, "whether it is closed": self.closed is not None,
        }  # fmt: skip
        return tuple(name for name, value in given.items() if not value)


def asked_of_room(unit: UnitOperation, step: Step | None) -> Asked:
    """What a step asks of its room: its own words first, then those of its unit operation."""
    own = step.room_requirement if step else None
    sources = [one for one in (own, unit.room_requirement) if one is not None]
    grade = (own.grade if own else None) or (step.room_grade if step else None)
    warm = next((one for one in sources if one.temperature), RoomRequirement())
    closed = next(
        (one for one in (own.closed if own else None, step.closed if step else None) if one is not None), None
    )
    if closed is None and unit.room_requirement:
        closed = unit.room_requirement.closed
    return Asked(
        grade or next((one.grade for one in sources if one.grade), None),
        next((one.iso_class for one in sources if one.iso_class), None),
        warm.temperature, warm.temperature_unit,
        next((one.relative_humidity for one in sources if one.relative_humidity), None), closed,
    )  # fmt: skip


def says_own(step: Step) -> bool:
    """Whether a step asks something of its room itself."""
    return bool(step.room_requirement or step.room_grade) or step.closed is not None


def room_fits(plant: SitePlant) -> Iterator[Fit]:
    """A fit for each unit operation, and for each step that says something else of its room."""
    for unit in plant.unit_operations:
        steps = plant.index.steps.get(unit.id, [])
        # a unit operation whose steps all speak for themselves has no other demand
        if unit.room_requirement or not steps or any(not says_own(step) for step in steps):
            yield _fit(plant, unit, None)
        for step in steps:
            if says_own(step) and asked_of_room(unit, step) != asked_of_room(unit, None):
                yield _fit(plant, unit, step)


def rooms_of(plant: SitePlant, unit: UnitOperation, step: Step | None) -> tuple[Room, ...]:
    """The rooms that serve a step: those of the site's equipment it names, else those of its unit operation.

    A unit operation is done where the equipment of its class stands, else in the rooms that name it.
    """
    if step is not None:
        items = (plant.package.get(ref, SiteEquipment) for ref in step.equipment)
        named = _housing(plant, tuple(one for one in items if one and one.in_force and one.site == plant.site))
        if named:
            return named
    main = plant.main_equipment(unit)
    if any(one.room for one in main):
        return _housing(plant, main)
    return _naming(plant, unit) or _housing(plant, plant.serving(unit))


def _naming(plant: SitePlant, unit: UnitOperation) -> tuple[Room, ...]:
    return tuple(room for room in plant.rooms if unit.id in room.unit_operations)


def _housing(plant: SitePlant, items: tuple[SiteEquipment, ...]) -> tuple[Room, ...]:
    wanted = {one.room for one in items}
    return tuple(room for room in plant.rooms if room.id in wanted)


def _not_of_site(plant: SitePlant, unit: UnitOperation) -> list[str]:
    """What says that the equipment it runs in stands in no room of the site."""
    known = {room.id for room in plant.rooms}
    items = (item for item in plant.main_equipment(unit) if item.room and item.room not in known)
    return [f"{item.name} stands in {item.room}, which is no room in force of {plant.site}" for item in items]


def _fit(plant: SitePlant, unit: UnitOperation, step: Step | None) -> Fit:
    about, asked = step or unit, asked_of_room(unit, step)
    row = Row(plant.site, about.id, "room", f"Room for {about.name}", unit.id)
    rooms = rooms_of(plant, unit, step)
    required = FitSide(asked.words) if asked.words else None
    capability = FitSide("; ".join(_room_words(room) for room in rooms)) if rooms else None
    if required is None:
        return row.fit("UNKNOWN", ("nothing says what it asks of its room",), None, capability)
    gone = _not_of_site(plant, unit)
    if not rooms:
        return row.fit("UNKNOWN", (f"no room of {plant.site} is stated for it", *gone), required)
    short: list[str] = []
    open_ = gone
    for room in rooms:
        for check in (_grade, _iso_class, _climate, _closure):
            try:
                short.extend(f"{room.name}: {said}" for said in check(plant, asked, room))
            except NotKnown as unknown:
                open_.append(f"{room.name}: {unknown.reason}")
    others = [room.name for room in _naming(plant, unit) if room not in rooms] if step is None else []
    beside = [f"{name} serves it too, and is judged by the steps done there" for name in others]
    verdict: Verdict = "FAIL" if short else "UNKNOWN" if open_ else "PASS"
    return row.fit(verdict, (*short, *open_, *beside), required, capability)


def _room_words(room: Room) -> str:
    stated = Asked(
        room.grade, room.iso_class, room.temperature, room.temperature_unit, room.relative_humidity, None
    ).words  # fmt: skip
    only = "closed processing only" if room.closed_processing else ""
    return f"{room.name}: {', '.join(part for part in (stated, only) if part) or 'nothing stated'}"


def _grade(plant: SitePlant, asked: Asked, room: Room) -> Iterator[str]:
    del plant
    if asked.grade is None:
        return
    match = _GRADE.fullmatch(asked.grade[:40])
    if match is None:
        raise NotKnown(f"the grade asked for, {asked.grade[:40]!r}, is none of {', '.join(GRADES)}")
    if room.grade is None:
        raise NotKnown("its grade is not stated")
    wanted = match[1].upper()
    if GRADES.index(room.grade) > GRADES.index(wanted):
        yield f"grade {room.grade} is below the grade {wanted} asked for"


def _iso_class(plant: SitePlant, asked: Asked, room: Room) -> Iterator[str]:
    del plant
    if asked.iso_class is None:
        return
    if room.iso_class is None:
        raise NotKnown("its ISO class is not stated")
    wanted, given = (_ISO.fullmatch(text[:40]) for text in (asked.iso_class, room.iso_class))
    if wanted is None or given is None:
        raise NotKnown(f"ISO class {room.iso_class[:40]!r} cannot be compared with {asked.iso_class[:40]!r}")
    if int(given[1]) > int(wanted[1]):
        yield f"{room.iso_class} is less clean than the {asked.iso_class} asked for"


def _climate(plant: SitePlant, asked: Asked, room: Room) -> Iterator[str]:
    pairs = (
        ("temperature", asked.temperature, asked.temperature_unit, room.temperature, room.temperature_unit),
        ("relative humidity", asked.relative_humidity, HUMIDITY, room.relative_humidity, HUMIDITY),
    )
    open_ = []
    for name, wanted, wanted_unit, given, given_unit in pairs:
        if wanted is None or not wanted.numeric:
            continue
        if given is None or not given.numeric:
            open_.append(f"its {name} is not stated")
            continue
        unit = wanted.unit or wanted_unit
        stated = given if given.unit or not given_unit else given.model_copy(update={"unit": given_unit})
        outer, inner = interval(wanted, unit, plant.own), interval(stated, unit, plant.own) if unit else None
        if outer is None or inner is None or not stated.unit:
            open_.append(f"its {name} cannot be compared with the {range_text(wanted, unit)} asked for")
        elif inner.empty or outer.empty:
            open_.append(f"the {name} {'of the room' if inner.empty else 'asked for'} is an empty range")
        elif inner.ends_outside(outer):
            yield f"{name} {range_text(stated, None)} lies outside the {range_text(wanted, unit)} asked for"
        elif (outer.low is not None and inner.low is None) or (outer.high is not None and inner.high is None):
            open_.append(f"its {name} {range_text(stated, None)} is open at an end that the demand limits")
    if open_:
        raise NotKnown("; ".join(open_))


def _closure(plant: SitePlant, asked: Asked, room: Room) -> Iterator[str]:
    del plant
    if not room.closed_processing:
        return
    if asked.closed is False:
        yield "only closed processing is done there, and this is open"
    if asked.closed is None:
        raise NotKnown(CLOSURE_UNSAID)
