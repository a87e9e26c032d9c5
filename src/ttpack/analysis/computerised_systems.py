"""The computerised systems of a site: those it lists, and those that other records of the site name."""

from collections.abc import Iterator
from dataclasses import dataclass

from ttpack.analysis.placeholders import written
from ttpack.model.facility import AutomationMap, ComputerisedSystem, SignalDefinition, Site, SiteEquipment
from ttpack.model.package import Package


@dataclass(frozen=True, slots=True)
class NamedSystem:
    """A system that a record of the site names: `record` and `field` are the first place that does."""

    name: str
    record: str
    field: str


def listed_systems(package: Package, site: str) -> tuple[ComputerisedSystem, ...]:
    """The systems that the site's record lists."""
    found = package.get(site, Site)
    return found.computerised_systems if found else ()


def unlisted_systems(package: Package, site: str) -> tuple[NamedSystem, ...]:
    """Systems that equipment or automation maps name at a site and that the site does not list, by name."""
    listed = [_plain(one.name) for one in listed_systems(package, site)]
    found: dict[str, NamedSystem] = {}
    for named in _named(package, site):
        name = _plain(named.name)
        if name and name not in found and not any(_same(name, other) for other in listed):
            found[name] = named
    return tuple(found[name] for name in sorted(found))


def _named(package: Package, site: str) -> Iterator[NamedSystem]:
    for item in package.in_force(SiteEquipment):
        if item.site == site and written(item.system):
            yield NamedSystem(item.system or "", item.id, "system")
    for one in package.in_force(AutomationMap):
        for side, place, signal in (
            ("sending", one.sending_site, one.sending),
            ("receiving", one.receiving_site, one.receiving),
        ):
            if place == site and signal:
                yield from _of_signal(one, side, signal)


def _of_signal(one: AutomationMap, side: str, signal: SignalDefinition) -> Iterator[NamedSystem]:
    if written(signal.system):
        yield NamedSystem(signal.system or "", one.id, f"{side}.system")
    historian = (signal.historian or "").partition(",")[0]
    if written(historian):
        yield NamedSystem(historian.strip(), one.id, f"{side}.historian")


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())[:120]


def _same(named: str, listed: str) -> bool:
    """Whether two names are of one system: equal, or one is the other with a version after it."""
    first, second = sorted((named, listed), key=len)
    return second == first or second.startswith((f"{first} ", f"{first},", f"{first}-", f"{first}:"))
