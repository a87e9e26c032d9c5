"""The joint team as people: who stands for which function of which party, and whether they are there."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from ttpack.analysis.parties import party_of
from ttpack.analysis.people import presence
from ttpack.model.governance import Person, Role
from ttpack.model.package import Package


@dataclass(frozen=True, slots=True)
class TeamMember:
    """A person with a party and a function that they stand for: their own, or one of a role they hold."""

    person: Person
    party: str | None
    function: str


def team(package: Package) -> tuple[TeamMember, ...]:
    """Everybody whose record is in force with each function they stand for, whether they are there or not."""
    held: dict[str, list[Role]] = {}
    for role in package.in_force(Role):
        for holder in role.holders:
            held.setdefault(holder, []).append(role)
    found: dict[TeamMember, None] = {}
    for person in package.in_force(Person):
        party = party_of(package, person.organisation)
        if person.function:
            found[TeamMember(person, party, person.function)] = None
        for role in held.get(person.id, ()):
            if role.function:
                own = role.party or party_of(package, role.organisation) or party
                found[TeamMember(person, own, role.function)] = None
    return tuple(found)


def by_function(members: Iterable[TeamMember]) -> Mapping[str, tuple[TeamMember, ...]]:
    """The members by function."""
    found: dict[str, list[TeamMember]] = {}
    for one in members:
        found.setdefault(one.function, []).append(one)
    return {function: tuple(those) for function, those in found.items()}


def there(members: Iterable[TeamMember], as_of: date) -> tuple[TeamMember, ...]:
    """Those who have joined and not left at a date, and belong to a party or are contractors."""
    return tuple(one for one in members if not presence(one.person, as_of) and (one.party or one.person.contractor))
