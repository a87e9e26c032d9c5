"""A classification as JSON."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from ttpack.analysis.deviations.book import Rulebook
from ttpack.analysis.deviations.classify import NO_DEVIATION, Classification, Question, classify
from ttpack.analysis.deviations.clocks import Call, Troubleshooting, calls, troubleshooting
from ttpack.analysis.deviations.excursion_time import seconds_words
from ttpack.analysis.facility_fit.requirement import number
from ttpack.analysis.intervals import fraction_text


@dataclass(frozen=True, slots=True)
class Answer:
    """A classification with whom to call by when. `value_given` is the value as it was typed."""

    rulebook: Rulebook
    found: Classification
    calls: tuple[Call, ...]
    troubleshooting: Troubleshooting | None
    value_given: str = ""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What a reader has to know, and that a value typed without a unit is taken in that of the field."""
        found = self.found
        unit = found.limits.unit if found.limits else None
        try:
            Decimal(self.value_given)
        except InvalidOperation:
            return found.remarks
        return (f"{self.value_given} was given without a unit: it is taken in {unit or 'no unit'}", *found.remarks)

    @property
    def settled(self) -> bool:
        """Whether the rows say that it is no deviation, and nothing was left open."""
        return self.found.deviation_class == NO_DEVIATION and not self.open

    @property
    def open(self) -> tuple[str, ...]:
        """What could not be worked out, the calls included."""
        found = self.found
        grave = found.deviation_class not in (None, NO_DEVIATION)
        if not grave or self.calls:
            return found.open
        return (*found.open, f"no escalation rule says whom to call for {words(found.deviation_class)} here")


def answer(rulebook: Rulebook, question: Question, value_given: str = "") -> Answer:
    """What happened, classified, with whom to call."""
    found = classify(rulebook, question)
    called = found.deviation_class
    return Answer(
        rulebook, found, calls(rulebook, question, called), troubleshooting(rulebook, question, called), value_given
    )


def words(name: str | None) -> str:
    """A class or a role of the sponsor in words."""
    return (name or "no class").replace("_", " ")


def answer_json(given: Answer) -> dict[str, Any]:
    """The answer for a program."""
    found, asked = given.found, given.found.question
    return {
        "class": found.deviation_class,
        "row": found.row.id if found.row else None,
        "row_class": found.row_class,
        "rows": [_row(one.row.id, one.row.deviation_class, one.because) for one in found.rows],
        "interval": found.interval,
        **_value(given),
        "event": asked.event,
        "duration": None if asked.duration is None else seconds_words(asked.duration),
        "duration_seconds": number(asked.duration),
        "stage": asked.stage,
        "site": asked.site,
        "repeat": asked.repeat,
        "with": list(asked.together),
        "terms": {
            one.site: {"party": one.party, "term": one.term, "class": one.deviation_class} for one in found.terms
        },
        "sponsor_role": found.sponsor_role,
        "owners": found.owners,
        "sending_owners": found.sending_owners,
        "notify": list(found.notify),
        "actions": list(found.actions),
        "local_troubleshooting": _troubleshooting(given.troubleshooting),
        "escalation": [_call(one, given.rulebook) for one in given.calls],
        "statement": found.statement,
        "remarks": list(given.remarks),
        "not_computable": list(given.open),
    }


def _row(row: str, deviation_class: str | None, because: str) -> dict[str, Any]:
    return {"row": row, "class": deviation_class, "because": because}


def _value(given: Answer) -> dict[str, Any]:
    found, asked = given.found, given.found.question
    limits = found.limits
    entry = given.rulebook.parameters.get(asked.parameter or "")
    accuracy = entry.accuracy.get(asked.site) if entry else None
    return {
        "parameter": asked.parameter,
        "value": number(asked.value),
        "value_given": given.value_given or None,
        "unit": limits.unit if limits else None,
        "accuracy": None if accuracy is None else {"words": accuracy.words, "equipment": accuracy.equipment},
        "limits": None
        if limits is None
        else {
            name: bounds.words if bounds else None
            for name, bounds in (("normal", limits.normal), ("proven", limits.proven), ("edge", limits.edge))
        },
    }


def _instant(given: datetime | None) -> str | None:
    return given.isoformat() if given else None


def _troubleshooting(given: Troubleshooting | None) -> dict[str, Any] | None:
    if given is None:
        return None
    return {
        "rule": given.rule, "within": given.within, "clock_start": given.clock_start, "due": _instant(given.due),
        "due_not_computable": given.due_open or None,
    }  # fmt: skip


def _call(one: Call, book: Rulebook) -> dict[str, Any]:
    return {
        "rule": one.rule, "level": one.level, "party": one.party, "role": one.role, "label": book.label(one.role),
        "within": one.within, "clock_start": one.clock_start, "clock_hours": one.clock_hours, "channel": one.channel,
        "decides": one.decides, "fallback": one.fallback, "due": _instant(one.due),
        "due_not_computable": one.due_open or None,
    }  # fmt: skip


def value_words(given: Answer) -> str:
    """The value in the unit of its limits, to six significant digits, with the accuracy of the sensor."""
    asked, limits = given.found.question, given.found.limits
    if asked.value is None:
        return ""
    entry = given.rulebook.parameters.get(asked.parameter or "")
    accuracy = entry.accuracy.get(asked.site) if entry else None
    text = fraction_text(asked.value, limits.unit if limits else None)
    return f"{text} (accuracy of the sensor {accuracy.words})" if accuracy else text
