"""Whom to call by when: the escalation rules of a class, stage and site, each clock from the instant it starts at."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any, Final

from ttpack.analysis.deviations.book import Rulebook
from ttpack.analysis.deviations.classify import Question
from ttpack.analysis.deviations.excursion_time import SECOND
from ttpack.analysis.deviations.stages import covers_stage, stage_keys
from ttpack.analysis.intervals import Units, in_unit, value_text
from ttpack.model.deviation import EscalationLevel, EscalationRule
from ttpack.model.package import Package
from ttpack.model.quantity import InputQuantity

START_WORDS: Final = {"occurrence": "occurrence", "discovery": "discovery", "qa_awareness": "awareness of QA"}
LONGEST: Final = 1_000_000_000
"""Seconds (some thirty years) beyond which a clock gives no date."""


@dataclass(frozen=True, slots=True)
class Call:
    """A role that is called: by which rule and level, within which clock, and the date where it can be given."""

    rule: str
    level: int
    party: str
    role: str
    within: str
    clock_start: str | None
    clock_hours: str | None
    channel: str | None
    decides: bool
    fallback: str | None
    due: datetime | None
    due_open: str


@dataclass(frozen=True, slots=True)
class Troubleshooting:
    """How long the site may try to solve it by itself before it escalates."""

    rule: str
    within: str
    clock_start: str | None
    due: datetime | None
    due_open: str


def escalation_book(package: Package) -> tuple[dict[str, Any], ...]:
    """The escalation rules in force, as the rulebook carries them: durations in seconds, as exact text."""
    return tuple(_entry(one, package.own_units) for one in package.in_force(EscalationRule))


def _entry(rule: EscalationRule, own: Units) -> dict[str, Any]:
    return {
        "id": rule.id,
        "label": rule.name,
        "class": rule.deviation_class,
        "stages": list(stage_keys(rule.stages)),
        "site": rule.site,
        "local": {
            **_within(rule.local_troubleshooting, own),
            "clock_start": rule.local_clock_start or rule.clock_start,
            "clock_hours": rule.clock_hours,
        },
        "levels": [_level(rule, one, own) for one in rule.levels],
    }


def _level(rule: EscalationRule, level: EscalationLevel, own: Units) -> dict[str, Any]:
    roles = {"sending": level.sending_role, "receiving": level.receiving_role}
    return {
        "level": level.level,
        **_within(level.within, own),
        "clock_start": level.clock_start or rule.clock_start,
        "clock_hours": level.clock_hours or rule.clock_hours,
        "channel": level.channel,
        "decides": bool(level.decides),
        "fallback": level.fallback,
        "roles": {party: role for party, role in roles.items() if role},
    }


def _within(given: InputQuantity | None, own: Units) -> dict[str, str | None]:
    seconds = None if given is None else in_unit(given.value, given.unit, SECOND, own)
    words = value_text(given.value, given.unit) if given is not None else ""
    return {"within": None if seconds is None else str(seconds), "words": words}


def calls(book: Rulebook, question: Question, deviation_class: str | None) -> tuple[Call, ...]:
    """Whom to call, the earliest clock first."""
    found = [
        (_seconds(level), level["level"], call)
        for rule in _applying(book, question, deviation_class)
        for level in rule["levels"]
        for call in _level_calls(book, question, rule, level)
    ]
    found.sort(key=lambda one: (one[0] is None, one[0] or 0, one[1], one[2].rule, one[2].party))
    return tuple(call for _, _, call in found)


def troubleshooting(book: Rulebook, question: Question, deviation_class: str | None) -> Troubleshooting | None:
    """The shortest time for troubleshooting by the site alone; None where no rule gives one."""
    given = [one for one in _applying(book, question, deviation_class) if one["local"]["words"]]
    if not given:
        return None
    rule = min(given, key=lambda one: (_seconds(one["local"]) is None, _seconds(one["local"]) or 0, one["id"]))
    local = rule["local"]
    due, reason = _due(question, local)
    return Troubleshooting(rule["id"], local["words"], local["clock_start"], due, reason)


def _applying(book: Rulebook, question: Question, deviation_class: str | None) -> Iterator[Mapping[str, Any]]:
    for rule in book.escalation:
        here = rule["site"] in (None, question.site) and covers_stage(rule["stages"], question.stage)
        if here and rule["class"] == deviation_class and deviation_class is not None:
            yield rule


def _level_calls(
    book: Rulebook, question: Question, rule: Mapping[str, Any], level: Mapping[str, Any]
) -> Iterator[Call]:
    del book
    due, reason = _due(question, level)
    for party, role in level["roles"].items():
        yield Call(
            rule["id"], level["level"], party, role, level["words"], level["clock_start"], level["clock_hours"],
            level["channel"], level["decides"], level["fallback"], due, reason,
        )  # fmt: skip


def _due(question: Question, clock: Mapping[str, Any]) -> tuple[datetime | None, str]:
    """When a clock ends, or why no date can be given."""
    start, seconds = clock["clock_start"], _seconds(clock)
    if seconds is None:
        return None, "no clock in a unit of time is stated"
    if start is None:
        return None, "nothing says when the clock starts"
    began = getattr(question, start)
    if began is None:
        return None, f"the time of {START_WORDS[start]} was not given"
    if clock["clock_hours"] != "calendar":
        return None, "it runs in working hours" if clock["clock_hours"] else "nothing says which hours count"
    if not 0 <= seconds <= LONGEST:
        return None, "the clock gives no date"
    try:
        return began + timedelta(seconds=round(seconds)), ""
    except OverflowError:
        return None, "the clock gives no date"


def _seconds(clock: Mapping[str, Any]) -> Fraction | None:
    return None if clock["within"] is None else Fraction(clock["within"])
