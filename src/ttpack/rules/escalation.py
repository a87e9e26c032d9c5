"""Rules on escalation: who is called at both parties, and that somebody decides in the end (ESC)."""

from collections.abc import Iterator
from itertools import combinations
from typing import Final

from ttpack.analysis.clocks import WORKING
from ttpack.analysis.deviations.stages import covers_stage, stage_keys, stages_of
from ttpack.analysis.escalation import Escalations
from ttpack.analysis.ownership import Party, party_of_reference
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.analysis.people import Resolved
from ttpack.analysis.site_organisations import elsewhere
from ttpack.model.deviation import EscalationLevel, EscalationRule
from ttpack.model.findings import Place, Problem
from ttpack.model.governance import Calendar, Person, Role
from ttpack.model.package import Package
from ttpack.rules import escalation_clocks
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule
from ttpack.rules.site_places import listed_words, site_name, site_place

__all__ = ["escalation_clocks"]  # imported for the rules it registers

ESCALATED: Final = ("event", "minor", "major", "critical")
"""Classes that are escalated, the gravest last."""
CALLED: Final = {
    "receiving_role": "nobody at the receiving unit",
    "sending_role": "nobody at the sending unit",
    "fallback": "nobody where nobody answers",
}
"""Fields of a level that name whom it calls, with what is wrong where they do not."""
SIDES: Final[dict[str, Party]] = {"sending_role": "sending", "receiving_role": "receiving"}
CALENDAR_FIELDS: Final = ("working_days", "time_zone", "day_start", "day_end")
"""Fields without which a calendar that stops has no working hours."""
HIGHEST: Final = 20
"""Numbers of levels up to which one that is left out is asked for."""


@rule("ESC-01", COMPLETENESS, from_gate="G3", basis="Niazi: escalation breakdown; EU GMP Ch. 7")
def escalation_matrix_incomplete(package: Package, context: Context) -> Iterator[Outcome]:
    """A class of deviation has no escalation at a stage, or a level lacks a role, a contact, a clock or a fallback.

    Each class from event to critical is covered at each lifecycle stage and each receiving site. Levels are numbered
    from 1, and none is left out. Each names a role at both parties (of that party, and of the company whose site it is,
    where several receive), who can be reached (the role's contact, or a
    telephone or address of one of its people), within how long, and whom to call where nobody answers. The clock says
    from when it runs, and in calendar or working hours: for the level, or for the whole rule. Working hours are those
    of a calendar: of the role, else of its site. A not_applicable record
    with `what: "event"` answers a class. A package without any escalation rule is not judged here.
    Why: in the night of the first deviation nobody reads a contract to find out whom to call.
    Resolve: complete the escalation_rule; each field says what is missing.
    """
    rules = package.in_force(EscalationRule)
    if not rules:
        return
    for item in rules:
        if item.deviation_class is None:
            yield item.at("deviation_class"), f"{item.name} does not say for which class of deviation it is"
    if all(item.deviation_class for item in rules):
        yield from _uncovered(package, rules)
    escalations = Escalations(package, context.as_of)
    asked: set[str] = set()
    calendars: set[str] = set()
    for item in rules:
        if item.deviation_class in (None, *ESCALATED):
            yield from _levels(item)
            yield from _strangers(package, item)
            yield from _contacts(escalations, item, asked)
            yield from _calendars(escalations, item, calendars)


def _uncovered(package: Package, rules: tuple[EscalationRule, ...]) -> Iterator[Outcome]:
    """Classes without escalation: one problem where it is the same at all sites, else one for each site."""
    answers = NotApplicableAnswers(package)
    stages = stages_of(package)
    for name in ESCALATED:
        covering = [(stage_keys(item.stages), item.site) for item in rules if item.deviation_class == name]
        general = {stage for stage in stages for given, site in covering if site is None and covers_stage(given, stage)}
        missing: dict[str, tuple[str, ...]] = {}
        for site in package.receiving_sites or ("",):
            own = [given for given, place in covering if place == site and site]
            missing[site] = tuple(
                stage for stage in stages if stage not in general and not any(covers_stage(one, stage) for one in own)
            )
        if answers.answers(name) or not any(missing.values()):
            continue
        short = answers.shortfall(name)
        article = "an" if name == "event" else "a"
        words = f"no escalation rule covers {article} {name}{'' if name == 'event' else ' deviation'}"
        if len(set(missing.values())) == 1:
            yield package.manifest.at(), f"{words}{_at_stages(stages, next(iter(missing.values())))}{short}"
            continue
        for site, lacking in missing.items():
            if lacking:
                message = f"{words} at {site_name(package, site)}{_at_stages(stages, lacking)}{short}"
                yield Problem(site_place(package, site), message, site=site)


def _at_stages(stages: dict[str, str], lacking: tuple[str, ...]) -> str:
    if len(lacking) == len(stages):
        return ""
    return f" at stage {listed_words([stages[one] for one in lacking])}"


def _levels(item: EscalationRule) -> Iterator[Outcome]:
    if not item.levels:
        yield item.at("levels"), f"{item.name} has no levels"
        return
    numbers = {level.level for level in item.levels}
    skipped = [str(one) for one in range(1, min(max(numbers), HIGHEST) + 1) if one not in numbers]
    if skipped:
        yield item.at("levels"), f"{item.name} has no level {listed_words(skipped)}"
    for number, level in enumerate(item.levels):
        place = f"levels[{number}]"
        for field, words in CALLED.items():
            if not getattr(level, field):
                yield item.at(f"{place}.{field}"), f"{_said(item, level)} calls {words}"
        if level.within is None:
            yield item.at(f"{place}.within"), f"{_said(item, level)} does not say within how long"
    for field, words in (
        ("clock_start", "from when its clocks run: occurrence, discovery, or awareness of QA"),
        ("clock_hours", "whether its clocks run in calendar or working hours"),
    ):
        without = [str(level.level) for level in item.levels if getattr(level, field) is None]
        if getattr(item, field) is None and without:
            at = "" if len(without) == len(item.levels) else f" at level {listed_words(without)}"
            yield item.at(field), f"{item.name} does not say{at} {words}"


def _strangers(package: Package, item: EscalationRule) -> Iterator[Outcome]:
    """Whom a level calls as one party and is of the other, or of another company than the site that calls."""
    sites = (item.site,) if item.site else package.receiving_sites
    away: dict[str, tuple[str, str]] = {}
    for number, level in enumerate(item.levels):
        for field, party in SIDES.items():
            name = getattr(level, field)
            other = party_of_reference(package, name) if name else None
            if other not in (None, party):
                words = f"{package.label(name)}, who is of the {PARTY_NAMES[str(other)]}"
                place = item.at(f"levels[{number}].{field}")
                yield Problem(place, f"{_said(item, level)} calls {words}, as the {PARTY_NAMES[party]}", site=item.site)
        for site in elsewhere(package, level.receiving_role, sites):
            who = package.label(level.receiving_role or "")
            away.setdefault(site, (f"levels[{number}].receiving_role", f"{_said(item, level)} calls {who}"))
    for site, (field, said) in away.items():
        where = f"{site_name(package, site)}, a site of another company"
        fix = "give that site an escalation rule of its own (`site`), and each rule its site"
        yield Problem(item.at(field), f"{said} for {where}", fix, site)


def _contacts(escalations: Escalations, item: EscalationRule, asked: set[str]) -> Iterator[Outcome]:
    """Roles and persons who cannot be reached, each once; where nobody is there, ESC-03 says so."""
    for _, level, _, who in _called(escalations, item):
        if who.id in asked or not who.people:
            continue
        asked.add(who.id)
        if not who.reachable:
            names = listed_words([one.label for one in who.people])
            said = f"{who.label}, called at {_said(item, level)}, gives no contact, and {names} no telephone or address"
            place = "contact" if who.kind == "role" else "phone"
            yield Place(who.id, place), said


def _calendars(escalations: Escalations, item: EscalationRule, calendars: set[str]) -> Iterator[Outcome]:
    """Clocks in working hours of somebody who has no calendar to count them by, each calendar that lacks once."""
    package = escalations.package
    for level in item.levels:
        if escalations.clock_of(item, level).hours != WORKING:
            continue
        names = [name for name in (level.receiving_role, level.sending_role) if name]
        for site in (item.site,) if item.site else package.receiving_sites:
            for one in filter(None, (escalations.called(name, site) for name in names)):
                record, field = escalations.calendar_place(one.who, site)
                calendar = package.get(record, Calendar)
                # what is named and is no calendar is found by the rule on references
                if one.calendar or not one.who.kind or record in calendars or not (field or calendar):
                    continue
                calendars.add(record)
                lacking = next((name for name in CALENDAR_FIELDS if calendar and not getattr(calendar, name)), "")
                words = f"{_said(item, level)} counts working hours of {one.who.label}, and {one.calendar_open}"
                yield Problem(Place(record, field or lacking), words, site=site if record == site else None)


def _called(escalations: Escalations, item: EscalationRule) -> Iterator[tuple[int, EscalationLevel, str, Resolved]]:
    """Each role or person that a rule names: the place of the level, the level, the field, and whom it stands for."""
    for number, level in enumerate(item.levels):
        for field in CALLED:
            name = getattr(level, field)
            if isinstance(escalations.package.records.get(name or ""), Role | Person):
                yield number, level, field, escalations.resolved(name)


def _said(item: EscalationRule, level: EscalationLevel) -> str:
    return f"level {level.level} of {item.name}"


@rule("ESC-03", COMPLETENESS, from_gate="G3", basis="Niazi: escalation breakdown")
def escalation_dead_end(package: Package, context: Context) -> Iterator[Outcome]:
    """An escalation reaches nobody who decides, a role in it is held by nobody, or it goes round in a circle.

    Of the levels of each rule at least one decides. Each role that a level calls, and each fallback, stands for
    somebody who is there at the date: a holder, a deputy of the role, or a deputy of one of those. A fallback is
    somebody else than those whom its level calls, and two levels do not fall back on one another.
    Why: an escalation that ends with a vacancy ends with the shift deciding alone.
    Resolve: say which level decides (`decides: true`), name holders and deputies who are there, or another fallback.
    """
    escalations = Escalations(package, context.as_of)
    asked: set[str] = set()
    told: set[tuple[str | None, str | None, str]] = set()
    vacant: set[str] = set()
    for item in package.in_force(EscalationRule):
        if item.deviation_class not in (None, *ESCALATED):
            continue
        if item.levels and not any(level.decides for level in item.levels):
            yield item.at("levels"), f"no level of {item.name} decides"
        for number, level, field, who in _called(escalations, item):
            if who.why_nobody and who.id not in asked:
                asked.add(who.id)
                yield _vacant(package, who), f"{who.why_nobody}; {_said(item, level)} calls this role"
            elif field == "fallback" and (level.sending_role, level.receiving_role, who.id) not in told:
                found = _fallback(escalations, item, number, who, vacant)
                told.update((level.sending_role, level.receiving_role, who.id) for _ in found)
                yield from found
        yield from _circles(package, item)


def _vacant(package: Package, who: Resolved) -> Place:
    """Where somebody who is there is to be named."""
    if who.kind == "role":
        role = package.get(who.id, Role)
        return Place(who.id, "holders" if role and role.in_force else "status")
    person = package.get(who.id, Person)
    return Place(who.id, "left" if person and person.left else "deputy")


def _fallback(
    escalations: Escalations, item: EscalationRule, number: int, who: Resolved, vacant: set[str]
) -> list[Outcome]:
    """A fallback who is nobody else than those who did not answer: at the role that nobody holds, where that is why."""
    level = item.levels[number]
    named = [name for name in (level.sending_role, level.receiving_role) if name]
    asked = [escalations.resolved(name) for name in named]
    called = {one.id for role in asked for one in role.people}
    if not who.people or not called.issuperset(one.id for one in who.people):
        return []
    names = listed_words([one.label for one in who.people])
    for role in (who, *asked):
        if role.kind == "role" and _stand_in(role) & {one.id for one in who.people}:
            known = role.id in vacant
            vacant.add(role.id)
            words = f"nobody holds {role.label}; {names} would be called for it, and for {who.label} on which"
            return [] if known else [(Place(role.id, "holders"), f"{words} {_said(item, level)} falls back")]
    message = f"{_said(item, level)} falls back on {who.label} ({names}), whom it calls already"
    return [(item.at(f"levels[{number}].fallback"), message)]


def _stand_in(role: Resolved) -> set[str]:
    """Those who are called for a role that nobody holds who is there."""
    return {one.id for one in role.people} if len(role.deputies) == len(role.people) else set()


def _circles(package: Package, item: EscalationRule) -> Iterator[Outcome]:
    """Two levels that fall back on one another's role: nobody new is reached. It stands at the later of the two."""
    levels = [
        (number, level, frozenset(filter(None, (level.sending_role, level.receiving_role))))
        for number, level in enumerate(item.levels)
        if level.fallback
    ]
    for (_, other, theirs), (number, level, mine) in combinations(levels, 2):
        back, forth = level.fallback or "", other.fallback or ""
        if back in theirs - mine and forth in mine - theirs:
            names = f"{package.label(forth)} and {package.label(back)}"
            message = f"levels {other.level} and {level.level} of {item.name} fall back on one another ({names})"
            yield item.at(f"levels[{number}].fallback"), message
