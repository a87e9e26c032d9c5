"""Who is called, at which party, within which clock, for a class of deviation at a stage and a site (EU GMP Ch. 7)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from ttpack.analysis.clocks import WORKING, Clock, clock, order
from ttpack.analysis.deviations.stages import covers_stage, stage_key, stage_keys
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.analysis.people import Resolved, resolve
from ttpack.analysis.site_organisations import elsewhere
from ttpack.analysis.working_time import WorkingCalendar, working_calendar
from ttpack.model.deviation import EscalationLevel, EscalationRule
from ttpack.model.facility import Site
from ttpack.model.governance import Calendar, Organisation
from ttpack.model.package import Package


@dataclass(frozen=True, slots=True)
class Called:
    """A role or person to call, with the working calendar that their clock runs by, or why there is none."""

    who: Resolved
    calendar: WorkingCalendar | None
    calendar_open: str

    def as_json(self) -> dict[str, Any]:
        """As JSON; the calendar by its id."""
        return {
            **self.who.as_json(),
            "calendar": self.calendar.calendar if self.calendar else None, "calendar_open": self.calendar_open,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class LevelPath:
    """One level: whom it calls at both parties, within what, and who is called where nobody answers."""

    rule: str
    level: int
    sending: Called | None
    receiving: Called | None
    fallback: Called | None
    clock: Clock
    channel: str | None
    decides: bool | None

    @property
    def called(self) -> tuple[Called, ...]:
        """Those that the level calls, the receiving unit first; the fallback is none of them."""
        return tuple(one for one in (self.receiving, self.sending) if one is not None)

    def as_json(self) -> dict[str, Any]:
        """The level as JSON."""
        return {
            "rule": self.rule, "level": self.level,
            "sending": self.sending.as_json() if self.sending else None,
            "receiving": self.receiving.as_json() if self.receiving else None,
            "fallback": self.fallback.as_json() if self.fallback else None,
            "clock": self.clock.as_json(), "channel": self.channel, "decides": self.decides,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class EscalationPath:
    """The way up for one class, stage and site. `levels` are in order; of several rules the fastest clocks count.

    `local` is the time that local troubleshooting may take. `ambiguous` says which rules cover the same; `open` what
    is not said.
    """

    deviation_class: str
    stage: str
    site: str | None
    as_of: str
    rules: tuple[tuple[str, str], ...]
    local: Clock | None
    levels: tuple[LevelPath, ...]
    ambiguous: str
    open: tuple[str, ...]

    @property
    def calendars(self) -> Mapping[str, WorkingCalendar]:
        """The calendars that the levels name, by id."""
        named = (one for level in self.levels for one in (*level.called, level.fallback) if one)
        return {one.calendar.calendar: one.calendar for one in named if one.calendar}

    def as_json(self) -> dict[str, Any]:
        """The path as JSON, with the calendars and the offsets of their zones that its clocks need."""
        calendars = dict(sorted(self.calendars.items()))
        zones = {one.zone.zone: one.zone for one in calendars.values() if one.zone}
        return {
            "class": self.deviation_class, "stage": self.stage, "site": self.site, "as_of": self.as_of,
            "rules": [{"id": name, "label": label} for name, label in self.rules],
            "local": self.local.as_json() if self.local else None,
            "levels": [one.as_json() for one in self.levels],
            "ambiguous": self.ambiguous, "open": list(self.open),
            "calendars": {name: one.as_json() for name, one in calendars.items()},
            "zones": {name: one.as_json() for name, one in sorted(zones.items())},
        }  # fmt: skip


class Escalations:
    """The escalation rules of a package at a date, read once."""

    def __init__(self, package: Package, as_of: date) -> None:
        """Read the rules in force by the class they are about."""
        self.package, self.as_of = package, as_of
        self._rules: dict[str, list[EscalationRule]] = {}
        for rule in package.in_force(EscalationRule):
            if rule.deviation_class:
                self._rules.setdefault(rule.deviation_class, []).append(rule)
        self._people: dict[str, Resolved] = {}
        self._elsewhere: dict[tuple[str, str], bool] = {}
        self._calendars: dict[str, WorkingCalendar | str] = {}

    def rules(self, deviation_class: str, stage: str, site: str | None) -> tuple[EscalationRule, ...]:
        """The rules that cover a class at a stage and a site, in the order of their ids."""
        key = stage_key(stage)
        return tuple(
            rule
            for rule in self._rules.get(deviation_class, ())
            if covers_stage(stage_keys(rule.stages), key) and (rule.site is None or rule.site == site)
        )

    def path(self, deviation_class: str, stage: str, site: str | None) -> EscalationPath:
        """The way up for one class, stage and site."""
        rules = self.rules(deviation_class, stage, site)
        levels = fastest(self._level(rule, level, site) for rule in rules for level in rule.levels)
        stated = [one for rule in rules if (one := self.local(rule)).seconds is not None]
        local = min(stated, key=_speed, default=None)
        ambiguous = ""
        if len(rules) > 1:
            names = " and ".join(rule.name for rule in rules)
            ambiguous = f"{names} cover the same: of each level the fastest clock counts"
        return EscalationPath(
            deviation_class, stage, site, self.as_of.isoformat(), tuple((rule.id, rule.name) for rule in rules), local,
            levels, ambiguous, (*self._open(deviation_class, rules, local, levels), *self._strangers(levels, site)),
        )  # fmt: skip

    def local(self, rule: EscalationRule) -> Clock:
        """The clock of local troubleshooting."""
        start = rule.local_clock_start or rule.clock_start
        return clock(rule.local_troubleshooting, start, rule.clock_hours, self.package.own_units)

    def clock_of(self, rule: EscalationRule, level: EscalationLevel) -> Clock:
        """The clock of a level: its own start and hours, else those of the rule."""
        start, hours = level.clock_start or rule.clock_start, level.clock_hours or rule.clock_hours
        return clock(level.within, start, hours, self.package.own_units)

    def resolved(self, name: str) -> Resolved:
        """Whom a role or a person stands for."""
        if name not in self._people:
            self._people[name] = resolve(self.package, name, self.as_of)
        return self._people[name]

    def called(self, name: str | None, site: str | None) -> Called | None:
        """A role or person with the calendar their clock runs by; None where none is named."""
        if not name:
            return None
        who = self.resolved(name)
        found = self._calendar(who, site)
        return Called(who, None, found) if isinstance(found, str) else Called(who, found, "")

    def _level(self, rule: EscalationRule, level: EscalationLevel, site: str | None) -> LevelPath:
        return LevelPath(
            rule.id, level.level, self.called(level.sending_role, site), self.called(level.receiving_role, site),
            self.called(level.fallback, site), self.clock_of(rule, level), level.channel, level.decides,
        )  # fmt: skip

    def _calendar(self, who: Resolved, site: str | None) -> WorkingCalendar | str:
        """The role's own calendar, else that of its site in the transfer."""
        if who.calendar:
            return self._usable(who.calendar)
        places = self._places(who, site)
        for place in places:
            record = self.package.get(place, Site)
            if record and record.calendar:
                return self._usable(record.calendar)
        if not places:
            return f"{who.label} has no calendar, and no site in this transfer"
        return f"neither {who.label} nor {' or '.join(map(self.package.label, places))} has a calendar"

    def calendar_place(self, who: Resolved, site: str | None) -> tuple[str, str]:
        """The calendar by which somebody's clock runs; else the record and field where one would be named."""
        if who.calendar:
            return who.calendar, ""
        places = self._places(who, site)
        named = (record.calendar for place in places if (record := self.package.get(place, Site)))
        calendar = next(filter(None, named), None)
        return (calendar, "") if calendar else (places[0] if places else who.id, "calendar")

    def _places(self, who: Resolved, site: str | None) -> tuple[str, ...]:
        """The sites whose calendar counts: all of the sending unit; of the receiving unit the one asked about."""
        if who.party == "receiving" and site:
            return (site,)
        sites = self.package.sending_sites if who.party == "sending" else self.package.receiving_sites
        organisation = self.package.get(who.organisation, Organisation)
        own = frozenset(organisation.sites if organisation else ())
        found = {one: self.package.get(one, Site) for one in sites}
        return tuple(
            one for one, record in found.items() if one in own or (record and record.organisation == who.organisation)
        )

    def _usable(self, name: str) -> WorkingCalendar | str:
        if name not in self._calendars:
            record = self.package.get(name, Calendar)
            usable = record is not None and record.in_force
            reason = f"{name} is no calendar in force"
            self._calendars[name] = working_calendar(record, self.as_of) if record and usable else reason
        return self._calendars[name]

    def _open(
        self,
        deviation_class: str,
        rules: tuple[EscalationRule, ...],
        local: Clock | None,
        levels: tuple[LevelPath, ...],
    ) -> Iterable[str]:
        if not rules:
            yield f"no escalation rule covers {deviation_class.replace('_', ' ')} here"
            return
        if local is None:
            yield "no time limit of local troubleshooting is stated"
        if not any(one.decides for one in levels):
            yield "no level decides"
        for level in levels:
            for words, one in (("the sending unit", level.sending), ("the receiving unit", level.receiving)):
                if one is None:
                    yield f"level {level.level} calls nobody at {words}"
                elif one.who.why_nobody:
                    yield f"level {level.level}: {one.who.why_nobody}"

    def _strangers(self, levels: Iterable[LevelPath], site: str | None) -> Iterator[str]:
        """Who is called as a party that they are not of, or for the site of another company than their own."""
        for level in levels:
            for party, one in (("sending", level.sending), ("receiving", level.receiving)):
                if one is None:
                    continue
                if one.who.party not in (None, party):
                    unit = PARTY_NAMES[party]
                    yield f"level {level.level} calls {one.who.label} at the {unit}, of which they are not"
                elif site and self._of_another_company(one.who.id, site):
                    where = self.package.label(site)
                    yield f"level {level.level} calls {one.who.label}, who is of another company than {where}"

    def _of_another_company(self, name: str, site: str) -> bool:
        if (name, site) not in self._elsewhere:
            self._elsewhere[name, site] = bool(elsewhere(self.package, name, [site]))
        return self._elsewhere[name, site]


def fastest(levels: Iterable[LevelPath]) -> tuple[LevelPath, ...]:
    """The levels in order. Of those of several rules with one number those whose clocks no other runs out before.

    Clocks that start at other events, or fewer working hours beside more calendar hours, are not faster or slower by
    themselves: both are kept, so that nobody is called by the later one alone.
    """
    found: dict[tuple[int, int], list[LevelPath]] = {}
    seen: dict[tuple[str, int], int] = {}
    for one in levels:
        nth = seen.setdefault((one.rule, one.level), 0)
        seen[one.rule, one.level] += 1
        known = found.setdefault((one.level, nth), [])
        if not any(_before(other.clock, one.clock) for other in known):
            known[:] = [*(other for other in known if not _before(one.clock, other.clock)), one]
    return tuple(one for key in sorted(found) for one in found[key])


def _before(first: Clock, second: Clock) -> bool:
    """Whether a clock runs out no later than another, whatever happens. One without a time, or below zero, is last."""
    if not _usable_clock(first) or not _usable_clock(second):
        return not _usable_clock(second)
    alike = (first.start, first.hours) == (second.start, second.hours)
    return _speed(first) <= _speed(second) if alike else order(first, second) == "not_later"


def _usable_clock(given: Clock) -> bool:
    return given.seconds is not None and given.seconds >= 0


def _speed(given: Clock) -> tuple[bool, Any, bool]:
    """What makes a clock faster: fewer hours, then calendar hours before working ones. None stated comes last."""
    return given.seconds is None, given.seconds or 0, given.hours == WORKING


def levels_for(package: Package, deviation_class: str, stage: str, site: str | None, as_of: date) -> EscalationPath:
    """The way up for one class, stage and site at a date. For many of them make one `Escalations`."""
    return Escalations(package, as_of).path(deviation_class, stage, site)
