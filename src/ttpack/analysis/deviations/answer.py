"""A classification as JSON."""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from ttpack.analysis.clocks import Clock
from ttpack.analysis.deviations.book import Rulebook
from ttpack.analysis.deviations.classify import NO_DEVIATION, Classification, Question, classify
from ttpack.analysis.deviations.clocks import Call, Due, Troubleshooting, calls, troubleshooting
from ttpack.analysis.deviations.excursion_time import seconds_words
from ttpack.analysis.escalation import EscalationPath
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
        """What a reader has to know: how the value, the rows and the way up were read."""
        found, path = self.found, self._way_up
        said = (*found.remarks, path.ambiguous) if path and path.ambiguous else found.remarks
        unit = found.limits.unit if found.limits else None
        try:
            Decimal(self.value_given)
        except InvalidOperation:
            return said
        return (f"{self.value_given} was given without a unit: it is taken in {unit or 'no unit'}", *said)

    @property
    def settled(self) -> bool:
        """Whether the rows say that it is no deviation, and nothing was left open."""
        return self.found.deviation_class == NO_DEVIATION and not self.open

    @property
    def open(self) -> tuple[str, ...]:
        """What could not be worked out, the calls included."""
        path = self._way_up
        return (*self.found.open, *path.open) if path else self.found.open

    @property
    def _way_up(self) -> EscalationPath | None:
        asked = self.found.question
        return self.rulebook.escalation.path(self.found.deviation_class, asked.stage, asked.site)


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
        "escalation": [_call(one) for one in given.calls],
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


def _troubleshooting(given: Troubleshooting | None) -> dict[str, Any] | None:
    return None if given is None else {**_clock(given.clock), **_due(given.due)}


def _call(one: Call) -> dict[str, Any]:
    return {
        "rule": one.rule, "level": one.level, "decides": one.decides, "party": one.party, "role": one.called.who.id,
        "label": one.called.who.label, "people": [person.id for person in one.called.who.people],
        "contacts": one.called.who.as_json()["contacts"], "nobody": one.called.who.why_nobody or None,
        **_clock(one.clock), **_due(one.due), "channel": one.channel,
        "fallback": None if one.fallback is None else one.fallback.who.id,
    }  # fmt: skip


def _clock(given: Clock) -> dict[str, Any]:
    return {"within": given.length, "words": given.words, "clock_start": given.start, "clock_hours": given.hours}


def _due(given: Due) -> dict[str, Any]:
    return {"due": given.utc, "due_local": given.local, "due_not_computable": given.open or None}


def value_words(given: Answer) -> str:
    """The value in the unit of its limits, to six significant digits, with the accuracy of the sensor."""
    asked, limits = given.found.question, given.found.limits
    if asked.value is None:
        return ""
    entry = given.rulebook.parameters.get(asked.parameter or "")
    accuracy = entry.accuracy.get(asked.site) if entry else None
    text = fraction_text(asked.value, limits.unit if limits else None)
    return f"{text} (accuracy of the sensor {accuracy.words})" if accuracy else text
