"""The agenda as an answer: items under heads, gravest first, each record's other heads said."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, Literal

from ttpack.analysis.bodies import Meeting
from ttpack.analysis.ownership import Owner, days_overdue

Gravity = Literal["high", "medium", "low"]
SectionName = Literal["overdue", "due", "blocked", "disputed", "decisions", "conditions", "exchanges"]

SECTIONS: Final[Mapping[SectionName, str]] = {
    "overdue": "Overdue",
    "disputed": "Disputed",
    "decisions": "Decisions to take",
    "conditions": "Conditions of gates still open",
    "blocked": "Blocks the next gate",
    "due": "Due before the meeting after the next",
    "exchanges": "Exchanges not held",
}
"""The heads of the agenda in the order of the meeting, in words."""

_GRAVITY: Final = {"high": 0, "medium": 1, "low": 2}
NOBODY: Final = Owner("", "no owner named", None, known=False)


@dataclass(frozen=True, slots=True)
class AgendaItem:
    """One line: what it is, whose, by when, and why it is on the agenda.

    `record` is empty where a finding names no record. `also` names the other heads under which the record stands.
    `code` is the rule behind a blocker, else empty.
    """

    what: str
    record: str
    owner: Owner
    due: date | None
    days_overdue: int
    why: str
    gravity: Gravity
    site: str | None = None
    code: str = ""
    also: tuple[SectionName, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """The line as a JSON object, its keys in a fixed order."""
        return {
            "what": self.what, "record": self.record or None, "owner": self.owner.label,
            "owner_id": self.owner.id or None, "party": self.owner.party,
            "due": self.due.isoformat() if self.due else None, "days_overdue": self.days_overdue, "why": self.why,
            "gravity": self.gravity, "site": self.site, "code": self.code or None, "also": list(self.also),
        }  # fmt: skip


def line(  # noqa: PLR0913  the few facts of a line, all by keyword
    *,
    what: str,
    record: str,
    owner: Owner | None,
    due: date | None,
    as_of: date,
    why: str,
    gravity: Gravity,
    site: str | None = None,
) -> AgendaItem:
    """A line whose days overdue follow from its due date."""
    return AgendaItem(what, record, owner or NOBODY, due, days_overdue(due, as_of), why, gravity, site)


@dataclass(frozen=True, slots=True)
class AgendaSection:
    """A head with all of its lines, gravest first, then most overdue."""

    name: SectionName
    items: tuple[AgendaItem, ...]

    @property
    def title(self) -> str:
        """The head in words."""
        return SECTIONS[self.name]


@dataclass(frozen=True, slots=True)
class Agenda:
    """What there is to talk about at a date. `site` is the receiving site asked about, None for all.

    `undated` counts open items that have neither a date nor a gate with a planned date, and so stand under no head.
    """

    as_of: date
    meeting: Meeting
    site: str | None
    next_gates: Mapping[str, str]
    sections: tuple[AgendaSection, ...]
    undated: int

    @property
    def counts(self) -> dict[str, int]:
        """How many lines each head has, how many there are in all, and how many open items have no date."""
        found: dict[str, int] = {section.name: len(section.items) for section in self.sections}
        return {**found, "total": sum(found.values()), "undated": self.undated}

    def as_json(self) -> dict[str, Any]:
        """The answer as JSON, complete."""
        meeting = self.meeting
        return {
            "body": meeting.body or None,
            "next_meeting": meeting.day.isoformat() if meeting.day else None,
            "looks_ahead_to": meeting.until.isoformat(),
            "site": self.site,
            "next_gates": dict(self.next_gates),
            "counts": self.counts,
            "sections": [
                {"name": one.name, "title": one.title, "items": [item.as_json() for item in one.items]}
                for one in self.sections
            ],
        }


def in_sections(found: Mapping[SectionName, Iterable[AgendaItem]], site: str | None) -> tuple[AgendaSection, ...]:
    """Lines under their heads in the order of the meeting; those of another site than the one asked for left out."""
    kept: dict[SectionName, list[AgendaItem]] = {
        name: [item for item in found.get(name, ()) if site is None or item.site in (None, site)] for name in SECTIONS
    }
    heads: dict[str, list[SectionName]] = {}
    for name, items in kept.items():
        for record in {item.record for item in items} - {""}:
            heads.setdefault(record, []).append(name)
    return tuple(AgendaSection(name, _ordered(name, items, heads)) for name, items in kept.items())


def _ordered(
    name: SectionName, items: Sequence[AgendaItem], heads: Mapping[str, Sequence[SectionName]]
) -> tuple[AgendaItem, ...]:
    told = []
    for item in items:
        others = tuple(head for head in heads.get(item.record, ()) if head != name)
        told.append(replace(item, also=others) if others else item)
    return tuple(sorted(told, key=_rank))


def _rank(item: AgendaItem) -> tuple[Any, ...]:
    return _GRAVITY[item.gravity], -item.days_overdue, item.due or date.max, item.record, item.code, item.what, item.why
