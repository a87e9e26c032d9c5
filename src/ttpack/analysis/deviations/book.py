"""The rulebook: everything that classifying a deviation needs, frozen, and JSON with exact numbers as text.

`classify` reads nothing else, so that the ruler in the browser, which gets this JSON, gives the same answer. Numbers
are fractions ("27/4", "5"); durations are in seconds; stages are keys as `stages.stage_key` makes them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any, Final

from ttpack.analysis.clocks import START_WORDS
from ttpack.analysis.deviations.escalation_book import EscalationBook
from ttpack.analysis.deviations.excursion_time import DURATION_UNITS
from ttpack.analysis.deviations.limits import INTERVAL_WORDS, INTERVALS, Bounds, Limits
from ttpack.analysis.deviations.stages import STAGE_ALIASES
from ttpack.analysis.intervals import Interval

CLASSES: Final = ("not_a_deviation", "event", "minor", "major", "critical")
"""From none to the gravest."""
SPONSOR_ROLES: Final = ("site_handles", "sponsor_informed", "sponsor_decides")
"""From the weakest part of the sponsor to the strongest."""
EVENTS: Final = (
    "procedure_not_followed", "documentation", "equipment_or_utility_failure", "material_or_sample",
    "environmental_monitoring", "contamination", "computerised_system_or_data", "out_of_specification",
    "out_of_trend", "repeat", "simultaneous", "unknown_duration",
)  # fmt: skip
EVENT_WORDS: Final = {
    "procedure_not_followed": "procedure not followed", "documentation": "documentation",
    "equipment_or_utility_failure": "equipment or utility failure", "material_or_sample": "material or sample",
    "environmental_monitoring": "environmental monitoring", "contamination": "contamination",
    "computerised_system_or_data": "computerised system or data", "out_of_specification": "out of specification",
    "out_of_trend": "out of trend", "repeat": "repeated excursion", "simultaneous": "simultaneous excursions",
    "unknown_duration": "unknown duration",
}  # fmt: skip
OWNED: Final = ("investigation", "reporting", "corrective_action", "root_cause_approval")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the classification. Empty lists cover everything of their kind; a row with an event is about that.

    `intervals` is empty for a row that names none and is about no event: it covers nothing. `duration` is in seconds;
    `duration_open` says why a duration that is given cannot be read. `not_agreed` is empty where both QAs agreed;
    `not_agreed_at` says of sites of another company why their own QA has not.
    """

    id: str
    label: str
    status: str | None
    event: str | None
    classes: tuple[str, ...]
    parameters: tuple[str, ...]
    except_parameters: tuple[str, ...]
    intervals: tuple[str, ...]
    duration: Interval | None
    duration_words: str
    duration_open: str
    stages: tuple[str, ...]
    site: str | None
    deviation_class: str | None
    sponsor_role: str | None
    site_terms: Mapping[str, str]
    actions: tuple[str, ...]
    notify: tuple[str, ...]
    owners: Mapping[str, str]
    sending_owners: Mapping[str, str]
    agreed_on: str | None
    agreed_by: tuple[str, ...]
    not_agreed: str
    not_agreed_at: Mapping[str, str] = field(default_factory=dict)

    def against(self, site: str) -> str:
        """Why the row does not count as agreed at a site, in words; empty where it does."""
        return self.not_agreed or self.not_agreed_at.get(site, "")

    def as_json(self) -> dict[str, Any]:
        """The row as JSON."""
        return {
            "id": self.id, "label": self.label, "status": self.status, "event": self.event,
            "classes": list(self.classes), "parameters": list(self.parameters),
            "except_parameters": list(self.except_parameters), "intervals": list(self.intervals),
            "duration": interval_json(self.duration), "duration_words": self.duration_words,
            "duration_open": self.duration_open, "stages": list(self.stages), "site": self.site,
            "class": self.deviation_class, "sponsor_role": self.sponsor_role, "site_terms": dict(self.site_terms),
            "actions": list(self.actions), "notify": list(self.notify), "owners": dict(self.owners),
            "sending_owners": dict(self.sending_owners), "agreed_on": self.agreed_on,
            "agreed_by": list(self.agreed_by), "not_agreed": self.not_agreed,
            "not_agreed_at": dict(self.not_agreed_at),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class SiteEntry:
    """A site: its part in the transfer, and the class that each of its own terms stands for."""

    label: str
    party: str | None
    terms: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """The site as JSON."""
        return {"label": self.label, "party": self.party, "terms": dict(self.terms)}


@dataclass(frozen=True, slots=True)
class Accuracy:
    """How well a site measures a parameter: the poorest accuracy stated, to each side, in the parameter's unit."""

    width: Fraction
    words: str
    equipment: str

    def as_json(self) -> dict[str, Any]:
        """The accuracy as JSON."""
        return {"width": str(self.width), "words": self.words, "equipment": self.equipment}


@dataclass(frozen=True, slots=True)
class ParameterEntry:
    """A parameter: `limits` is the place of its ranges in the rulebook, `at` that of sites where they differ.

    `pending` names the undecided changes of its limits, in words.
    """

    label: str
    classification: str | None
    unit_operation: str | None
    limits: int
    at: Mapping[str, int]
    accuracy: Mapping[str, Accuracy]
    pending: str = ""

    def as_json(self) -> dict[str, Any]:
        """The parameter as JSON."""
        return {
            "label": self.label, "classification": self.classification, "unit_operation": self.unit_operation,
            "limits": self.limits, "at": dict(self.at),
            "accuracy": {site: one.as_json() for site, one in self.accuracy.items()}, "pending": self.pending,
        }  # fmt: skip


@dataclass(frozen=True)
class Rulebook:
    """The agreed classification of one revision with the limits, people and clocks that an answer needs.

    `units` gives, for each unit that limits are in, what a value in another unit is multiplied by and what is added.
    `names` are what to call the records that rows name.
    """

    package: str
    revision: Mapping[str, str | None]
    revision_text: str
    as_of: str
    stages: Mapping[str, str]
    sites: Mapping[str, SiteEntry]
    sending_sites: tuple[str, ...]
    limits: tuple[Limits, ...]
    parameters: Mapping[str, ParameterEntry]
    units: Mapping[str, Mapping[str, tuple[Fraction, Fraction]]]
    rows: tuple[Row, ...]
    names: Mapping[str, str]
    escalation: EscalationBook = field(default_factory=EscalationBook)

    def limits_of(self, parameter: str, site: str) -> Limits:
        """The ranges of a parameter at a site."""
        entry = self.parameters[parameter]
        return self.limits[entry.at.get(site, entry.limits)]

    def stands_for(self, site: str, term: str) -> str | None:
        """The class that a term stands for at a site, of spellings that differ only in case or spaces the gravest."""
        return self._stands.get((site, plain_term(term)))

    @cached_property
    def _stands(self) -> dict[tuple[str, str], str]:
        found: dict[tuple[str, str], str] = {}
        for site, entry in self.sites.items():
            for term, one in entry.terms.items():
                key = (site, plain_term(term))
                if one in CLASSES and (key not in found or CLASSES.index(one) > CLASSES.index(found[key])):
                    found[key] = one
        return found

    def _site_json(self, site: str, entry: SiteEntry) -> dict[str, Any]:
        """A site with the class of each term as it or a row spells it: a browser folds letters otherwise than we do."""
        named = {*entry.terms, *(row.site_terms[site] for row in self.rows if site in row.site_terms)}
        return {**entry.as_json(), "stands": {one: self.stands_for(site, one) for one in sorted(named)}}

    def label(self, record: str) -> str:
        """What to call a record that rows and clocks name."""
        return self.names.get(record, record)

    def as_json(self) -> dict[str, Any]:
        """The rulebook as JSON: exact numbers as text."""
        return {
            "package": self.package, "revision": dict(self.revision), "revision_text": self.revision_text,
            "as_of": self.as_of, "classes": list(CLASSES), "sponsor_roles": list(SPONSOR_ROLES),
            "intervals": {name: INTERVAL_WORDS[name] for name in INTERVALS}, "events": dict(EVENT_WORDS),
            "stages": dict(self.stages), "stage_aliases": dict(STAGE_ALIASES),
            "duration_units": dict(DURATION_UNITS),
            "sites": {name: self._site_json(name, one) for name, one in self.sites.items()},
            "sending_sites": list(self.sending_sites), "limits": [_limits_json(one) for one in self.limits],
            "parameters": {name: one.as_json() for name, one in self.parameters.items()},
            "units": {
                unit: {text: [str(factor), str(offset)] for text, (factor, offset) in others.items()}
                for unit, others in self.units.items()
            },
            "rows": [one.as_json() for one in self.rows], "names": dict(self.names),
            "escalation": self.escalation.as_json(), "clock_starts": dict(START_WORDS),
        }  # fmt: skip


def plain_term(term: str) -> str:
    """A site's term as it is compared: without case, spaces as one."""
    return " ".join(term.split()).casefold()


def interval_json(given: Interval | None) -> dict[str, Any] | None:
    """An interval as JSON: its ends as fractions, and whether they belong to it."""
    if given is None:
        return None
    low, high = (None if end is None else str(end) for end in (given.low, given.high))
    return {"low": low, "high": high, "low_inclusive": given.low_inclusive, "high_inclusive": given.high_inclusive}


def _bounds_json(given: Bounds | None) -> dict[str, Any] | None:
    found = interval_json(given.ends) if given else None
    return None if found is None or given is None else {**found, "words": given.words}


def _limits_json(given: Limits) -> dict[str, Any]:
    return {
        "unit": given.unit, "normal": _bounds_json(given.normal), "proven": _bounds_json(given.proven),
        "edge": _bounds_json(given.edge), "remarks": list(given.remarks), "open": given.open,
        "reachable": list(given.reachable),
    }  # fmt: skip
