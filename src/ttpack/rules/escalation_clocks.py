"""Rules on the clocks of escalation: faster the graver, in time for the agreement, and with a start (ESC)."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Final

from ttpack.analysis.clocks import CALENDAR, Clock, clock, order
from ttpack.analysis.deviations.stages import covers_stage, stage_keys, stages_of
from ttpack.analysis.escalation import Escalations
from ttpack.analysis.parties import QUALITY, Signatory, signatories
from ttpack.model.deviation import EscalationLevel, EscalationRule
from ttpack.model.facility import Site
from ttpack.model.governance import NotificationTime, Organisation, QualityAgreement
from ttpack.model.package import Package
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, Context, NotComputable, Outcome, rule

CLASSES: Final = ("event", "minor", "major", "critical")
LOCAL: Final = "local_troubleshooting"
_SPONSOR_QUALITY: Final = Signatory("sending", QUALITY)


@rule("ESC-02", CONSISTENCY, basis="consistency; EU GMP Ch. 7")
def escalation_clocks_disagree(package: Package, context: Context) -> Iterator[Outcome]:
    """A clock is not positive, two levels or classes are in the wrong order, or the quality agreement is faster.

    A level is not faster than the one before it. At the same level, stage and site a graver class is not slower than a
    lighter one, its local troubleshooting not longer, and it reaches as many levels, or ends with who decides. The
    first level that calls QA of the sending unit is not later than the agreement notifies that class; the agreement
    counts calendar hours. Clocks are compared for whatever happens: occurrence comes before discovery, that before
    awareness of QA, and working hours last no less than as many calendar hours; what these leave open is not
    computable. Two rules for the same class, stage and site are a finding: until it is resolved the fastest clock of
    each level counts.
    Why: where a critical deviation may wait longer than a minor one, or QA hears later than was signed, no clock is
    believed.
    Resolve: correct `within`, `clock_start` or `clock_hours`, or agree on another notification time.
    """
    escalations = Escalations(package, context.as_of)
    rules = [one for one in package.in_force(EscalationRule) if one.deviation_class in CLASSES]
    outcomes = (
        *_positive(escalations, rules),
        *_in_order(escalations, rules),
        *_across_classes(escalations, rules),
        *_agreements(escalations, rules),
    )
    yield from dict.fromkeys(outcomes)  # two rules meet at several stages and sites, and are told once


def _positive(escalations: Escalations, rules: list[EscalationRule]) -> Iterator[Outcome]:
    for item in rules:
        given = {f"levels[{number}].within": escalations.clock_of(item, one) for number, one in enumerate(item.levels)}
        given[LOCAL] = escalations.local(item)
        for field, one in given.items():
            if one.seconds is not None and one.seconds <= 0:
                yield item.at(field), f"a clock of {item.name} is {one.length}, which is no time"
            elif one.seconds is None and one.length:
                yield NotComputable(item.at(field), f"{item.name}: {one.open}")
    for agreement in escalations.package.in_force(QualityAgreement):
        for number, time in enumerate(agreement.notification_times):
            one = _notification(escalations.package, time)
            if one.seconds is not None and one.seconds <= 0:
                place = agreement.at(f"notification_times[{number}].within")
                yield place, f"{agreement.name} notifies {time.what} within {one.length}, which is no time"


def _usable(one: Clock) -> bool:
    """Whether a clock can be compared; what it lacks, or that it is no time, is said elsewhere."""
    return one.complete and one.seconds is not None and one.seconds > 0


def _in_order(escalations: Escalations, rules: list[EscalationRule]) -> Iterator[Outcome]:
    """Levels of one rule: each number once, and none faster than the one before."""
    for item in rules:
        levels = sorted(enumerate(item.levels), key=lambda one: one[1].level)
        for (_, before), (number, after) in pairwise(levels):
            if before.level == after.level:
                yield item.at(f"levels[{number}].level"), f"{item.name} has level {after.level} twice"
        clocks = [(number, level, escalations.clock_of(item, level)) for number, level in levels]
        known = [one for one in clocks if _usable(one[2])]
        for (_, before, first), (number, after, second) in pairwise(known):
            place = item.at(f"levels[{number}].within")
            words = f"level {after.level} of {item.name} ({second.words}) and level {before.level} ({first.words})"
            if order(first, second) == "later":
                yield place, f"{words}: the higher level is faster than the one before it"
            elif order(first, second) == "unknown":
                yield NotComputable(place, f"{words} cannot be compared for whatever happens")


def _cells(package: Package, rules: list[EscalationRule]) -> Iterator[tuple[str, str | None, list[EscalationRule]]]:
    """Stages and sites with the rules that cover them; of sites only those that a rule names, and all others as one."""
    stages = stages_of(package)
    covered = [(stage_keys(item.stages), item) for item in rules]
    by_site: dict[str | None, list[tuple[tuple[str, ...], EscalationRule]]] = {None: []}
    for keys, item in covered:
        by_site.setdefault(item.site, []).append((keys, item))
    general = by_site[None]
    for site, own in by_site.items():
        here = own if site is None else [*general, *own]
        for stage in stages:
            yield stage, site, [item for keys, item in here if covers_stage(keys, stage)]


def _across_classes(escalations: Escalations, rules: list[EscalationRule]) -> Iterator[Outcome]:
    """Each class against the next lighter one that has the level, in each cell."""
    stages = stages_of(escalations.package)
    said: set[tuple[str, str]] = set()
    for stage, site, covering in _cells(escalations.package, rules):
        where = f"stage {stages[stage]}" + (f" at {escalations.package.label(site)}" if site else "")
        by_class: dict[str, list[EscalationRule]] = {name: [] for name in CLASSES}
        for item in sorted(covering, key=lambda one: one.id):
            by_class[str(item.deviation_class)].append(item)
        for name, given in by_class.items():
            for first, second in pairwise(given):
                if (first.id, second.id) not in said:
                    said.add((first.id, second.id))
                    words = f"{second.name} and {first.name} both cover class {name}, among others {where}"
                    until = "until one goes, the faster clock of each level counts"
                    yield second.at("deviation_class"), f"{words}; {until}"
        yield from _reach(by_class.values())
        yield from _slower(escalations, by_class.values())


def _reach(classes: Iterable[list[EscalationRule]]) -> Iterator[Outcome]:
    """A graver class ends at no lower level than a lighter one, unless who decides is called at its last level.

    A critical deviation may go straight to those who decide. For rules without levels ESC-01 asks.
    """
    highest, reached = "", 0
    for given in classes:
        tops = [(max(level.level for level in item.levels), item) for item in given if item.levels]
        if not tops:
            continue
        top, item = max(tops, key=lambda one: one[0])
        ends = any(level.decides for level in item.levels if level.level == top)
        if top < reached and not ends:
            words = f"{item.name} ends at level {top}, {highest} at level {reached}"
            yield item.at("levels"), f"{words}: the graver class reaches less far"
        elif top >= reached:
            highest, reached = item.name, top


def _slower(escalations: Escalations, classes: Iterable[list[EscalationRule]]) -> Iterator[Outcome]:
    """A graver class is at no level slower than a lighter one."""
    lighter: dict[int | str, tuple[EscalationRule, Clock]] = {}
    for given in classes:
        current = _clocks(escalations, given)
        for key, (item, field, one) in current.items():
            if key in lighter:
                yield from _not_slower(item, field, one, *lighter[key])
        lighter |= {key: (item, one) for key, (item, _, one) in current.items()}


def _clocks(
    escalations: Escalations, rules: list[EscalationRule]
) -> dict[int | str, tuple[EscalationRule, str, Clock]]:
    """The fastest clock of each level, and of local troubleshooting, with where it is written."""
    found: dict[int | str, tuple[EscalationRule, str, Clock]] = {}
    for item in rules:
        stated: list[tuple[int | str, str, Clock]] = [
            (level.level, f"levels[{number}].within", escalations.clock_of(item, level))
            for number, level in enumerate(item.levels)
        ]
        for key, field, one in (*stated, (LOCAL, LOCAL, escalations.local(item))):
            if _usable(one) and (key not in found or (one.seconds or 0) < (found[key][2].seconds or 0)):
                found[key] = (item, field, one)
    return found


def _not_slower(
    item: EscalationRule, field: str, one: Clock, other: EscalationRule, lighter: Clock
) -> Iterator[Outcome]:
    what = "local troubleshooting" if field == LOCAL else "this level"
    words = f"{item.name} gives {what} {one.words}, {other.name} {lighter.words}"
    found = order(one, lighter)
    if found == "later":
        yield item.at(field), f"{words}: the graver class is slower"
    elif found == "unknown":
        yield NotComputable(item.at(field), f"{words}: they cannot be compared for whatever happens")


def _notification(package: Package, time: NotificationTime) -> Clock:
    """A notification time, in calendar hours: an agreement that says nothing means those."""
    return clock(time.within, time.clock_start, CALENDAR, package.own_units)


def _agreements(escalations: Escalations, rules: list[EscalationRule]) -> Iterator[Outcome]:
    """The first level that calls QA of the sending unit, against each notification time of its class."""
    package = escalations.package
    by_class: dict[str, list[EscalationRule]] = {}
    for item in rules:
        by_class.setdefault(str(item.deviation_class), []).append(item)
    quality: dict[str, bool] = {}
    for agreement in package.in_force(QualityAgreement):
        for time in agreement.notification_times:
            notified = _notification(package, time)
            for item in by_class.get(time.deviation_class or "", ()) if _usable(notified) else ():
                if _concerns(package, agreement, item):
                    yield from _in_time(escalations, item, quality, f"{agreement.name}, {time.what}", notified)


def _concerns(package: Package, agreement: QualityAgreement, item: EscalationRule) -> bool:
    """Whether an agreement is about the site of a rule; about all where the rule, or the agreement, names none."""
    site = package.get(item.site, Site)
    if item.site is None or not agreement.parties:
        return True
    parties = (package.get(one, Organisation) for one in agreement.parties)
    return any(one and (item.site in one.sites or (site and site.organisation == one.id)) for one in parties)


def _in_time(
    escalations: Escalations, item: EscalationRule, quality: dict[str, bool], agreed: str, notified: Clock
) -> Iterator[Outcome]:
    reaching = [
        (number, level, escalations.clock_of(item, level))
        for number, level in sorted(enumerate(item.levels), key=lambda one: one[1].level)
        if _is_quality(escalations.package, level, quality)
    ]
    if not reaching:
        numbers = {level.level for level in item.levels}
        whole = numbers == set(range(1, len(numbers) + 1))  # for a level that is left out ESC-01 asks
        if item.levels and whole and all(level.sending_role for level in item.levels):
            words = f"no level of {item.name} calls QA of the sending unit"
            yield item.at("levels"), f"{words}, whom {agreed} notifies within {notified.words}"
        return
    number, level, one = reaching[0]
    if not _usable(one):
        return
    place = item.at(f"levels[{number}].within")
    words = f"{item.name} calls QA of the sending unit at level {level.level} within {one.words}"
    found = order(one, notified)
    if found == "later":
        yield place, f"{words}, {agreed} within {notified.words}: the call comes later than was agreed"
    elif found == "unknown":
        yield NotComputable(place, f"{words}, {agreed} within {notified.words}: which is later depends on what happens")


def _is_quality(package: Package, level: EscalationLevel, known: dict[str, bool]) -> bool:
    name = level.sending_role
    if name and name not in known:
        known[name] = _SPONSOR_QUALITY in signatories(package, name)
    return bool(name) and known[name or ""]


@rule("ESC-04", COMPLETENESS, from_gate="G3", basis="Niazi: solving within localized boundaries")
def local_troubleshooting_without_end(package: Package, context: Context) -> Iterator[Outcome]:
    """Local troubleshooting has no time limit, or one that outlasts the first level that decides; or a clock no start.

    Each escalation rule says how long the shift may try by itself, counted from when, and that is less than the time
    within which the first level that decides is called. Each notification time of a quality agreement says from when it
    counts. What the clocks of the levels lack is asked by ESC-01.
    Why: what is solved within the shift for six hours is a deviation that nobody decided on for six hours.
    Resolve: give `local_troubleshooting`, `local_clock_start` where it differs, and `clock_start`.
    """
    escalations = Escalations(package, context.as_of)
    for item in package.in_force(EscalationRule):
        if item.deviation_class in (None, *CLASSES):
            yield from _local(escalations, item)
    for agreement in package.in_force(QualityAgreement):
        for number, time in enumerate(agreement.notification_times):
            if time.clock_start is None and time.within is not None:
                place = agreement.at(f"notification_times[{number}].clock_start")
                yield place, f"{agreement.name} does not say from when the time to notify {time.what} counts"


def _local(escalations: Escalations, item: EscalationRule) -> Iterator[Outcome]:
    if item.local_troubleshooting is None:
        yield item.at(LOCAL), f"{item.name} sets no time limit to local troubleshooting"
        return
    local = escalations.local(item)
    if local.start is None and all(level.clock_start for level in item.levels):
        yield item.at("local_clock_start"), f"{item.name} does not say from when local troubleshooting counts"
    deciding: Mapping[int, EscalationLevel] = {level.level: level for level in reversed(item.levels) if level.decides}
    if not deciding or not _usable(local):
        return
    level = deciding[min(deciding)]
    one = escalations.clock_of(item, level)
    if not _usable(one):
        return
    words = f"{item.name} allows local troubleshooting {local.words}; level {level.level}, which decides, is called"
    if order(one, local) == "not_later":
        yield item.at(LOCAL), f"{words} within {one.words}: the limit is not shorter"
    elif order(local, one) == "unknown":
        reason = f"{words} within {one.words}: which comes first depends on what happens"
        yield NotComputable(item.at(LOCAL), reason)
