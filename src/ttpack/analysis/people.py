"""Who is there at a date for a role or a person that a record names, who stands in, and how they are reached.

A person counts from joining to leaving. Where nobody who holds a role is there, its deputies are called; where none of
those is there, the deputies that all of them name, and theirs in turn.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, Final, Literal

from ttpack.analysis.ownership import Party, party_of_reference
from ttpack.model.governance import Person, Role
from ttpack.model.package import Package
from ttpack.model.record import Record

LONGEST_CHAIN: Final = 20
"""How many deputies of deputies are looked for, one after the other."""
MOST_NAMED: Final = 6

Standing = Literal["holder", "deputy", "deputy_of_person"]


@dataclass(frozen=True, slots=True)
class Present:
    """A person who is there. `standing` says as what; `for_person` is whose deputy, where it is that of a person."""

    id: str
    label: str
    organisation: str | None
    function: str | None
    time_zone: str | None
    standing: Standing
    for_person: str | None = None
    phone: str | None = None
    email: str | None = None

    def as_json(self) -> dict[str, Any]:
        """The person without phone and address, which have a narrower audience."""
        return {
            "id": self.id, "label": self.label, "organisation": self.organisation, "function": self.function,
            "time_zone": self.time_zone, "standing": self.standing, "for_person": self.for_person,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Absent:
    """A person who is named and does not count at the date, and why."""

    id: str
    label: str
    why: str


@dataclass(frozen=True)
class Resolved:
    """Whom a role or a person stands for at a date.

    `kind` is role, person, or empty for anything else. `people` are those to call, in the order of the records;
    `deputies` those of them who stand in, `absent` those who were looked for first. `circles` are rounds of persons
    who are all absent and name each other as deputies. `why_nobody` is empty where somebody is there.
    """

    id: str
    label: str
    kind: Literal["role", "person", ""]
    party: Party | None
    organisation: str | None
    function: str | None
    contact: str | None = None
    calendar: str | None = None
    people: tuple[Present, ...] = ()
    absent: tuple[Absent, ...] = ()
    circles: tuple[tuple[str, ...], ...] = ()
    why_nobody: str = ""
    as_of: date = field(default=date.min)

    @property
    def deputies(self) -> tuple[Present, ...]:
        """Those of the people who stand in for others."""
        return tuple(one for one in self.people if one.standing != "holder")

    @cached_property
    def reachable(self) -> bool:
        """Whether the role gives a contact, or one of its people a telephone or an address."""
        return any(map(_given, [self.contact, *(way for one in self.people for way in (one.phone, one.email))]))

    def as_json(self) -> dict[str, Any]:
        """Whom to call, as JSON. All ways of reaching them stand under `contacts` alone, so that it can be left out."""
        return {
            "id": self.id, "label": self.label, "kind": self.kind, "party": self.party,
            "organisation": self.organisation, "function": self.function,
            "people": [one.as_json() for one in self.people],
            "absent": [{"id": one.id, "label": one.label, "why": one.why} for one in self.absent],
            "circles": [list(one) for one in self.circles], "why_nobody": self.why_nobody,
            "contacts": {
                "role": self.contact,
                "people": {one.id: {"phone": one.phone, "email": one.email} for one in self.people},
            },
        }  # fmt: skip


def resolve(package: Package, role_or_person_id: str, as_of: date) -> Resolved:
    """Whom a role or a person stands for at a date. For anything else nobody, and why."""
    record = package.records.get(role_or_person_id)
    if isinstance(record, Role):
        return _role(package, record, as_of)
    if isinstance(record, Person):
        return _person(package, record, as_of)
    why = f"{role_or_person_id} is no record of this package"
    if record is not None:
        why = f"{record.name} is {_article(record)}, not a role or a person"
    label = package.label(role_or_person_id)
    return Resolved(role_or_person_id, label, "", None, None, None, why_nobody=why, as_of=as_of)


def presence(person: Person, as_of: date) -> str:
    """Why a person does not count at a date, in words; empty for one who does."""
    if not person.in_force:
        return f"has a {person.status} record"
    if person.left is not None and person.left <= as_of:
        return f"left on {person.left}"
    if person.joined is not None and person.joined > as_of:
        return f"joins only on {person.joined}"
    return ""


def _role(package: Package, role: Role, as_of: date) -> Resolved:
    search = _Search(package, as_of)
    people = search.those(role.holders, "holder") or search.those(role.deputies, "deputy") if role.in_force else []
    if role.in_force and not people:
        people = search.their_deputies((*role.holders, *role.deputies))
    function = role.function
    party = role.party or party_of_reference(package, role.id)
    return Resolved(
        role.id, role.name, "role", party, role.organisation, function, role.contact, role.calendar, tuple(people),
        tuple(search.absent.values()), tuple(search.circles), "" if people else _nobody_holds(role, search), as_of,
    )  # fmt: skip


def _nobody_holds(role: Role, search: "_Search") -> str:
    if not role.in_force:
        return f"{role.name} is {role.status}"
    if not role.holders and not role.deputies:
        return f"nobody holds {role.name}, and it has no deputies"
    return f"{role.name} is held by nobody who is there: {search.said()}"


def _person(package: Package, person: Person, as_of: date) -> Resolved:
    search = _Search(package, as_of)
    people = search.those((person.id,), "holder") or search.their_deputies((person.id,))
    why = "" if people else f"{person.name} is not there, and no deputy is: {search.said()}"
    return Resolved(
        person.id, person.name, "person", party_of_reference(package, person.id), person.organisation, person.function,
        None, None, tuple(people), tuple(search.absent.values()), tuple(search.circles), why, as_of,
    )  # fmt: skip


class _Search:
    """One search for people who are there: whom it passed over, and the circles it met."""

    def __init__(self, package: Package, as_of: date) -> None:
        self.package, self.as_of = package, as_of
        self.absent: dict[str, Absent] = {}
        self.circles: list[tuple[str, ...]] = []
        self.goes_on = False

    def those(self, ids: Iterable[str], standing: Standing, for_person: str | None = None) -> list[Present]:
        """Those of the persons who are there, each once."""
        found = []
        for person_id in dict.fromkeys(ids):
            person = self.package.get(person_id, Person)
            why = presence(person, self.as_of) if person else "is no person of this package"
            if person is None or why:
                self.absent.setdefault(person_id, Absent(person_id, self.package.label(person_id), why))
            else:
                found.append(
                    Present(
                        person.id,
                        person.name,
                        person.organisation,
                        person.function,
                        person.time_zone,
                        standing,
                        for_person,
                        person.phone,
                        person.email,
                    )
                )
        return found

    def their_deputies(self, ids: Iterable[str]) -> list[Present]:
        """The deputies that absent persons name, the nearest first; each chain ends with the first who is there."""
        found: dict[str, Present] = {}
        for person_id in dict.fromkeys(ids):
            chain = {person_id: None}
            last = person_id
            for _ in range(LONGEST_CHAIN):
                person = self.package.get(last, Person)
                deputy = person.deputy if person else None
                if not deputy:
                    break
                if deputy in chain:
                    names = list(chain)
                    self._circle(names[names.index(deputy) :])
                    break
                there = self.those((deputy,), "deputy_of_person", last)
                if there:
                    found.setdefault(deputy, there[0])
                    break
                chain[deputy] = None
                last = deputy
            else:
                self.goes_on = True
        return list(found.values())

    def _circle(self, chain: list[str]) -> None:
        first = chain.index(min(chain))
        turned = (*chain[first:], *chain[:first])
        if turned not in self.circles:
            self.circles.append(turned)

    def said(self) -> str:
        """Who is absent and why, and which deputies go round in a circle."""
        absent = list(self.absent.values())
        parts = [f"{one.label} {one.why}" for one in absent[:MOST_NAMED]]
        if len(absent) > MOST_NAMED:
            parts.append(f"{len(absent) - MOST_NAMED} more are not there")
        for circle in self.circles:
            names = " to ".join(self.package.label(one) for one in (*circle, circle[0]))
            parts.append(f"their deputies go round in a circle ({names})")
        if self.goes_on:
            parts.append(f"deputies were followed over {LONGEST_CHAIN} persons and no further")
        return "; ".join(parts)


def _given(text: str | None) -> bool:
    return bool(text and text.strip())


def _article(record: Record) -> str:
    words = record.kind.replace("_", " ")
    return f"an {words}" if words[0] in "aeiou" else f"a {words}"
