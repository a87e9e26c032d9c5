"""Who answers for an activity, and which activities of a quality agreement are assigned (FDA 2016; EU GMP Ch. 7)."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from ttpack.model.governance import GovernanceBody, Responsibility
from ttpack.model.package import Package

AGREEMENT_ACTIVITIES: Final[Mapping[str, str]] = {
    "deviations": "deviations",
    "out_of_specification": "out-of-specification results",
    "corrective_action": "corrective and preventive action",
    "change_control": "change control",
    "release": "release",
    "complaints": "complaints",
    "recall": "recall",
    "data": "records and data",
    "audits": "audits",
    "subcontracting": "sub-contracting",
    "retained_samples": "retained samples",
}
"""Activities that a quality agreement assigns to one of the parties, by their code, in words."""

_WORDS: Final = {
    "deviations": r"\bdeviations?\b",
    "out_of_specification": r"\bout[- ]of[- ](?:specification|trend)|\boo[st]\b",
    "corrective_action": r"\bcorrective\b|\bcapas?\b",
    "change_control": r"\bchange (?:control|management)\b|^changes?$",
    "release": r"\brelease\b|\bdisposition of (?:the )?batch",
    "complaints": r"\bcomplaints?\b",
    "recall": r"\brecalls?\b",
    "data": r"\bdata (?:integrity|retention|management|governance)\b|\brecords? (?:and|retention|keeping)\b|^data$",
    "audits": r"\baudits?\b",
    "subcontracting": r"\bsub-?contract",
    "retained_samples": r"\bret(?:ained|ain|ention)\b[- ]samples?\b|\breference samples?\b",
}
_PATTERNS: Final = {activity: re.compile(pattern, re.IGNORECASE) for activity, pattern in _WORDS.items()}
_SEPARATORS = re.compile(r"[^a-z0-9]+")


def accountable_of(item: Responsibility) -> tuple[str, ...]:
    """The accountable ones that a record names, each once."""
    given = (item.accountable,) if isinstance(item.accountable, str) else item.accountable or ()
    return tuple(dict.fromkeys(given))


def assigned_activities(package: Package) -> dict[str, tuple[str, ...]]:
    """By activity of a quality agreement the responsibilities that assign it, in the order of their ids.

    A record that names its `agreement_activity` assigns that one; of the others the words tell it.
    """
    found: dict[str, list[str]] = {activity: [] for activity in AGREEMENT_ACTIVITIES}
    for item in package.in_force(Responsibility):
        for activity in _activities(item):
            found[activity].append(item.id)
    return {activity: tuple(ids) for activity, ids in found.items()}


def _activities(item: Responsibility) -> Iterable[str]:
    if item.agreement_activity is not None:
        return [item.agreement_activity] if item.agreement_activity in AGREEMENT_ACTIVITIES else []
    texts = [" ".join(text.split()) for text in (item.activity, item.title) if text]
    return [activity for activity, pattern in _PATTERNS.items() if any(map(pattern.search, texts))]


def activity_key(item: Responsibility) -> str:
    """What makes two records assign the same activity: its words, however they are written; empty without words."""
    return _SEPARATORS.sub(" ", (item.activity or "").lower()).strip()


def with_members(package: Package, ids: Iterable[str]) -> tuple[str, ...]:
    """The roles and persons named, those of a body among them."""
    found: list[str] = []
    for record_id in ids:
        body = package.get(record_id, GovernanceBody)
        found += [member.role for member in body.members] if body else [record_id]
    return tuple(dict.fromkeys(found))
