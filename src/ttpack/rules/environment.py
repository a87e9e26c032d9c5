"""Rules on environmental monitoring of rooms and steps (ENV)."""

import re
from collections.abc import Iterator

from ttpack.analysis.facility_fit.rooms import room_fits, rooms_of
from ttpack.analysis.facility_fit.site_plant import PlantIndex, SitePlant
from ttpack.model.facility import MonitoringLimit, Room, Site
from ttpack.model.findings import Place, Problem
from ttpack.model.package import Package
from ttpack.model.quality import InProcessControl
from ttpack.model.quantity import Range
from ttpack.rules.facility import where_rooms_matter
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import listed, site_name, site_place

_SUBJECTS = {
    "environmental": re.compile(r"viable|particle|airborne|settle|contact plate|surface|air\b", re.IGNORECASE),
    "bioburden": re.compile(r"bioburden|microbial|total viable|sterility|\bTAMC\b", re.IGNORECASE),
    "endotoxin": re.compile(r"endotoxin|pyrogen", re.IGNORECASE),
}
OF_STEPS = ("bioburden", "endotoxin")
UNCLASSIFIED = "CNC"
Tested = dict[tuple[str, str], set[str | None]]
"""The sites at which a unit operation has a limited test of a subject; None for one that holds everywhere."""


@rule(
    "ENV-01",
    COMPLETENESS,
    from_gate="G3",
    basis="EU GMP Annex 1 and 2",
    applies_when=where_rooms_matter,
)
def environment_without_limits(package: Package, context: Context) -> Iterator[Outcome]:
    """A room lacks environmental limits, alert or action level, frequency or strategy; a step bioburden or endotoxin.

    Bioburden and endotoxin of a step are limits of a test of its unit operation, or of its room. Differences between
    sites are CQA-05's; a step without a room is FAC-01's. A room that is not classified counts where a step is done.
    Why: what is not monitored against a limit is found in the product, batches later.
    Resolve: give each `monitoring` line an alert and an action level and a frequency, name the site's contamination
    control strategy, and test bioburden and endotoxin in process; or answer `bioburden` on the unit operation as not
    applicable.
    """
    index, tested = PlantIndex(package), _tested(package)
    answers = NotApplicableAnswers(package)
    for site in package.receiving_sites:
        plant = SitePlant(index, site, context.gate_of(site))
        if not plant.rooms:
            yield from _without_rooms(plant)
            continue
        yield from _steps(plant, tested, answers)
        rooms = [one for one in plant.rooms if one.grade != UNCLASSIFIED or _serves(plant, one)]
        for room in sorted(rooms, key=lambda one: one.id):
            yield from _room(plant, room)
        if not _strategy(plant.record) and any(map(_strategy, rooms)):
            message = f"{site_name(package, site)} names no contamination control strategy that its rooms trace to"
            yield NotComputable(site_place(package, site, "contamination_control_strategy"), message)


def _steps(plant: SitePlant, tested: Tested, answers: NotApplicableAnswers) -> Iterator[Outcome]:
    """Steps without a limit of bioburden or endotoxin: one finding for all that are done in the same rooms."""
    site, asked = plant.site, {fit.about for fit in room_fits(plant) if fit.required is not None}
    open_: dict[tuple[tuple[Room, ...], tuple[str, ...]], list[str]] = {}
    for unit in plant.unit_operations:
        rooms = rooms_of(plant, unit, None)
        # no room is FAC-01's, a room without any monitoring has its own finding
        if (not rooms and unit.id in asked) or (rooms and not any(room.monitoring for room in rooms)):
            continue
        missing = tuple(
            subject
            for subject in OF_STEPS
            if not {None, site} & tested.get((unit.id, subject), set())
            and not any(_lines(room, subject) for room in rooms)
            and not answers.answers(subject, unit.id)
        )
        if missing:
            open_.setdefault((rooms, missing), []).append(unit.id)
    for (rooms, missing), units in open_.items():
        place = Place(units[0]) if len(units) == 1 or not rooms else rooms[0].at("monitoring")
        names = listed(plant.package, units)
        shortfall = "".join(answers.shortfall(one, unit) for unit in units for one in missing)
        message = f"no limit of {' or '.join(missing)} is stated for {names} at {site_name(plant.package, site)}"
        yield Problem(place, f"{message}{shortfall}", site=site)


def _serves(plant: SitePlant, room: Room) -> bool:
    """Whether something of the process is done in a room."""
    return bool(room.unit_operations) or any(item.room == room.id for item in plant.equipment)


def _strategy(record: Room | Site | None) -> str:
    return ((record.contamination_control_strategy if record else None) or "").strip()


def _without_rooms(plant: SitePlant) -> Iterator[Outcome]:
    """A site without any room: FAC-01 says so where something is asked of one, this rule where nothing is."""
    if any(fit.required is not None for fit in room_fits(plant)):
        return
    message = f"no room of {site_name(plant.package, plant.site)} is stated, so nothing limits its environment"
    yield Problem(site_place(plant.package, plant.site), message, site=plant.site)


def _tested(package: Package) -> Tested:
    """The limited tests of bioburden and endotoxin."""
    found: Tested = {}
    for control in package.in_force(InProcessControl):
        words = _words(package, control.attribute, control.title, control.test)
        if control.unit_operation and (_numeric(control.limit) or (control.criterion or "").strip()):
            for subject in OF_STEPS:
                if _SUBJECTS[subject].search(words):
                    found.setdefault((control.unit_operation, subject), set()).add(control.site)
    return found


def _words(package: Package, attribute: str | None, *texts: str | None) -> str:
    about = package.label(attribute) if attribute else None
    return " ".join(text for text in (about, *texts) if text)[:400]


def _numeric(given: Range | None) -> bool:
    return given is not None and bool(given.numeric or given.criterion)


def _lines(room: Room, subject: str) -> list[MonitoringLimit]:
    return [one for one in room.monitoring if _SUBJECTS[subject].search(one.quantity[:200])]


def _room(plant: SitePlant, room: Room) -> Iterator[Outcome]:
    if not _lines(room, "environmental"):
        message = f"{room.name} states no environmental limit: viable count, particles or surfaces"
        yield Problem(room.at("monitoring"), message, site=plant.site)
    for position, one in enumerate(room.monitoring):
        given = {"alert level": _numeric(one.alert), "action level": _numeric(one.action),
                 "frequency": bool((one.frequency or "").strip())}  # fmt: skip
        missing = [name for name, value in given.items() if not value]
        if missing:
            message = f"{one.quantity} in {room.name} has no {' and no '.join(missing)}"
            yield Problem(room.at(f"monitoring[{position}]"), message, site=plant.site)
    own, of_site = _strategy(room), _strategy(plant.record)
    if not own:
        message = (
            f"{room.name} traces to no contamination control strategy{f' (the site has {of_site})' if of_site else ''}"
        )
        yield Problem(room.at("contamination_control_strategy"), message, site=plant.site)
    elif of_site and own != of_site:
        message = f"{room.name} traces to {own}; the contamination control strategy of {plant.site} is {of_site}"
        yield Problem(room.at("contamination_control_strategy"), message, site=plant.site)
