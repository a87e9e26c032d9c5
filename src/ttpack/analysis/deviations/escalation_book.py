"""The ways up of every class, stage and site of a package, as the rulebook carries them: each written once."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ttpack.analysis.escalation import EscalationPath, Escalations
from ttpack.model.json_text import dumps
from ttpack.model.package import Package

ESCALATED: Final = ("event", "minor", "major", "critical")
"""Classes that are escalated."""
Cell = tuple[str, str, str]
"""Class, stage and site."""
_OF_ALL: Final = frozenset({"class", "stage", "site", "as_of", "calendars", "zones"})


@dataclass(frozen=True)
class EscalationBook:
    """Ways up by class, stage and site; `ways` gives the place of each cell's among `paths`."""

    paths: tuple[EscalationPath, ...] = ()
    ways: Mapping[Cell, int] | None = None

    def path(self, deviation_class: str | None, stage: str, site: str) -> EscalationPath | None:
        """The way up of a class at a stage and a site; None for a class that is not escalated."""
        place = (self.ways or {}).get((deviation_class or "", stage, site))
        return None if place is None else self.paths[place]

    def as_json(self) -> dict[str, Any]:
        """The ways as JSON, with the calendars and the offsets of time zones that their clocks need."""
        calendars = {name: one for path in self.paths for name, one in path.calendars.items()}
        zones = {one.zone.zone: one.zone for one in calendars.values() if one.zone}
        ways: dict[str, dict[str, dict[str, int]]] = {}
        for (deviation_class, stage, site), place in (self.ways or {}).items():
            ways.setdefault(deviation_class, {}).setdefault(stage, {})[site] = place
        return {
            "ways": ways,
            "paths": [_path_json(one) for one in self.paths],
            "calendars": {name: one.as_json() for name, one in sorted(calendars.items())},
            "zones": {name: one.as_json() for name, one in sorted(zones.items())},
        }


def escalation_book(package: Package, as_of: date, stages: Iterable[str], sites: Iterable[str]) -> EscalationBook:
    """The ways up of a package at a date."""
    escalations = Escalations(package, as_of)
    paths: list[EscalationPath] = []
    places: dict[str, int] = {}
    ways: dict[Cell, int] = {}
    known = list(stages)
    for site in sites:
        for stage in known:
            for deviation_class in ESCALATED:
                path = escalations.path(deviation_class, stage, site)
                # calendars are those of the roles, which the text of a path names
                key = dumps(_path_json(path), indent=None)
                if key not in places:
                    places[key] = len(paths)
                    paths.append(path)
                ways[deviation_class, stage, site] = places[key]
    return EscalationBook(tuple(paths), ways)


def _path_json(path: EscalationPath) -> dict[str, Any]:
    return {name: given for name, given in path.as_json().items() if name not in _OF_ALL}
