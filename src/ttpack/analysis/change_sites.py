"""Which sites a change concerns: all that run the process, or the one it was made at."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.classify import control_records
from ttpack.analysis.change_rules.rule import CLASS_RANK, ChangeClass, Classified
from ttpack.analysis.change_rules.sides import Sides
from ttpack.analysis.field_paths import value_at
from ttpack.model.ids import overlay_parts

_RUNS = frozenset({"sending", "receiving", "planned"})
_TWO_SITES = ("sending_site", "receiving_site")
_REGISTERED = "established_condition"
_ITEM = re.compile(r"\[[0-9]+\]")
_LISTED_SITES = re.compile(r"qualified_for(\[[0-9]+\])?")
"""Where the items of a list are the sites themselves."""


class ChangeSites:
    """The sites of both revisions, as far as the classes of changes ask for them."""

    def __init__(self, sides: Sides) -> None:
        self.sides = sides

    @cached_property
    def manifest(self) -> Mapping[str, object]:
        """The package record after the change, before it where there is none after."""
        found = [raw for state in (self.sides.after, self.sides.before) for _, raw in state.of_kind("package")]
        return found[0] if found else {}

    @cached_property
    def receiving(self) -> tuple[str, ...]:
        """Receiving sites: those with a gate or named by the package, else those that say so."""
        named = self._named("gates", "receiving_sites")
        return named or tuple(
            site for site, raw in self.sides.after.of_kind("site") if raw.get("site_role") in ("receiving", "planned")
        )

    @cached_property
    def running(self) -> tuple[str, ...]:
        """All sites that run the process, sending ones first."""
        sending = self._named("sending_sites") or tuple(
            site for site, raw in self.sides.after.of_kind("site") if raw.get("site_role") == "sending"
        )
        return tuple(dict.fromkeys((*sending, *self.receiving)))

    def of_record(self, record: str) -> frozenset[str]:
        """The sites a record belongs to; empty for one of the general process."""
        found = set()
        for raw in self.sides.both(record):
            if raw.get("kind") == "site":
                found.add(record)
            found.update(site for site in (raw.get(name) for name in _TWO_SITES) if isinstance(site, str))
            if raw.get("kind") == _REGISTERED and isinstance(element := raw.get("element"), str):
                found.update(self._registered_at(element))
        known = self.sides.index.sites.get(record) or overlay_parts(record)[1]
        return frozenset(found | ({known} if known else set()))

    def concerned(self, record: str) -> frozenset[str]:
        """The sites that a change of this record concerns; a laboratory's record concerns the laboratory."""
        return self.of_record(record) or frozenset(self.running)

    def concerned_by(self, change: Change) -> frozenset[str]:
        """The sites that one change concerns: of a part that says its site (stock, scale, state), that site only."""
        own = self.of_record(change.record)
        return own or frozenset(self._of_part(change)) or frozenset(self.running)

    def _of_part(self, change: Change) -> set[str]:
        """The sites that the part changed names; empty where it names none, or one side of it names none."""
        sides = [one for one in (change.before, change.after) if one is not None]
        if _LISTED_SITES.fullmatch(change.field):
            return {str(site) for one in sides for site in (one if isinstance(one, list) else [one])}
        if found := _all_sites(sides):
            return found
        raws = self.sides.both(change.record)
        for match in _ITEM.finditer(change.field):
            items = [value_at(raw, change.field[: match.end()]) for raw in raws]
            if found := _all_sites([one for one in items if one is not None]):
                return found
        return set()

    def _registered_at(self, element: str) -> set[str]:
        """The site that is registered itself, or that the registered record stands at."""
        if any(raw.get("kind") == "site" for raw in self.sides.both(element)):
            return {element}
        known = self.sides.index.sites.get(element) or overlay_parts(element)[1]
        return {known} if known else set()

    def _named(self, *fields: str) -> tuple[str, ...]:
        found: list[str] = []
        manifests = [raw for state in (self.sides.after, self.sides.before) for _, raw in state.of_kind("package")]
        for name in fields:
            for value in (raw.get(name) for raw in manifests):  # a change must not leave a site out of itself
                found += [str(one) for one in value] if isinstance(value, Mapping | list) else []
        return tuple(dict.fromkeys(found))


def _all_sites(parts: Iterable[object]) -> set[str]:
    """The sites of parts that each name one; empty where one of them does not."""
    items = [item for part in parts for item in (part if isinstance(part, list) else [part])]
    sites = [item.get("site") if isinstance(item, Mapping) else None for item in items]
    return set() if None in sites else {str(site) for site in sites}


def controlled(classified: Iterable[Classified]) -> list[Classified]:
    """Changes of meaning of what is controlled, without those of the control itself."""
    given = tuple(classified)
    control = control_records(one.change for one in given)
    return [one for one in given if not one.change.editorial and one.change.record not in control]


def highest(classified: Iterable[Classified]) -> ChangeClass:
    """The highest class of some changes; editorial where there is none."""
    classes = (one.change_class for one in classified)
    return max(classes, key=CLASS_RANK.__getitem__, default="editorial")
