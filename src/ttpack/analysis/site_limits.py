"""Limits of the same thing at several sites: specifications, in-process controls, environment and utilities."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from ttpack.analysis.criteria import Limit, stated_limit
from ttpack.analysis.intervals import Units
from ttpack.analysis.placeholders import written
from ttpack.model.facility import MonitoringLimit, Room, Utility
from ttpack.model.package import Package
from ttpack.model.quality import DifferenceApproval, InProcessControl, Specification
from ttpack.model.quantity import Range
from ttpack.model.record import Record


@dataclass(frozen=True, slots=True)
class LimitKey:
    """What limits of several sites have in common: what they are about, and the level that is limited."""

    kind: Literal["specification", "in-process", "room", "utility"]
    about: tuple[str | None, ...]
    level: str


@dataclass(frozen=True, slots=True)
class SiteLimit:
    """A limit at one site (None: at every site that has no own), and the approval of its difference."""

    key: LimitKey
    record: Record
    site: str | None
    limit: Limit
    what: str
    approval: DifferenceApproval | None
    approval_field: str
    test: str | None = None
    """Name of the test, which tells several limits of one attribute apart."""


def site_differences(package: Package) -> Iterator[tuple[SiteLimit, SiteLimit]]:
    """Every two limits of the same thing at different sites that are not equal, the second of a named site."""
    own = package.own_units
    groups: dict[LimitKey, list[SiteLimit]] = {}
    for found in site_limits(package):
        groups.setdefault(found.key, []).append(found)
    for group in groups.values():
        group.sort(key=lambda one: (one.site is not None, one.site or "", one.record.id))
        tests: dict[str | None, set[str | None]] = {}
        for one in group:
            tests.setdefault(one.site, set()).add(one.test)
        for first, second in combinations(group, 2):
            if first.site == second.site or _equal(first.limit, second.limit, own):
                continue
            # Two sites without a test in common name the test of the attribute differently.
            named = first.site is not None or None in (first.test, second.test)
            alone = first.test not in tests[second.site] and second.test not in tests[first.site]
            if first.test == second.test or (named and alone):
                yield first, second


def site_limits(package: Package) -> Iterator[SiteLimit]:
    """Every limit in force."""
    yield from _specifications(package)
    yield from _in_process(package)
    yield from _environment(package)


def _equal(first: Limit, second: Limit, own: Units) -> bool:
    if first.unit == second.unit and first.range == second.range:
        return True
    converted = first.within_unit(second.unit, own)
    return converted is not None and converted == second.within_unit(second.unit, own)


def _specifications(package: Package) -> Iterator[SiteLimit]:
    for line in package.in_force(Specification):
        for field in ("acceptance", "alert", "action", "release_limit", "shelf_life_limit"):
            words = line.criterion if field == "acceptance" else None
            limit = stated_limit(line.id, field, getattr(line, field), line.unit, words)
            if limit is None and words and written(words):
                limit = Limit(line.id, "criterion", Range(criterion=" ".join(words.casefold().split())), line.unit)
            if line.attribute and limit:
                about = (line.attribute, line.article, line.intermediate, line.market)
                key = LimitKey("specification", about, field)
                what = f"the {field.replace('_', ' ')} of {package.label(line.attribute)}"
                approval = line.difference_approval
                yield SiteLimit(key, line, line.site, limit, what, approval, "difference_approval", line.test)


def _in_process(package: Package) -> Iterator[SiteLimit]:
    for control in package.in_force(InProcessControl):
        limit = stated_limit(control.id, "limit", control.limit, control.unit, control.criterion)
        about = control.attribute or control.parameter
        if about and limit:
            key = LimitKey("in-process", (about, control.unit_operation, control.point, control.limit_type), "limit")
            what = f"the in-process limit of {package.label(about)}"
            approval = control.difference_approval
            yield SiteLimit(key, control, control.site, limit, what, approval, "difference_approval", control.test)


def _environment(package: Package) -> Iterator[SiteLimit]:
    for room in package.in_force(Room):
        if room.site and room.grade:
            yield from _monitored(room, room.site, "room", room.grade, room.monitoring)
    for utility in package.in_force(Utility):
        if utility.site and utility.utility_type:
            yield from _monitored(utility, utility.site, "utility", utility.utility_type, utility.monitoring)


def _monitored(
    record: Record, site: str, kind: Literal["room", "utility"], where: str, monitoring: tuple[MonitoringLimit, ...]
) -> Iterator[SiteLimit]:
    for index, one in enumerate(monitoring):
        for level, given in (("alert", one.alert), ("action", one.action)):
            limit = stated_limit(record.id, f"monitoring[{index}].{level}", given, one.unit, None)
            if limit:
                what = f"the {level} level of {one.quantity} ({kind}, {where})"
                field = f"monitoring[{index}].difference_approval"
                key = LimitKey(kind, (where, one.quantity.casefold()), level)
                yield SiteLimit(key, record, site, limit, what, one.difference_approval, field)
