"""Who is on the joint team, for which function of which party; where both meet, and whether they did."""

from collections.abc import Iterable
from datetime import date
from typing import Final

from ttpack.analysis.bodies import NEEDED_FUNCTIONS, memberships
from ttpack.analysis.exchanges import due_again, missed
from ttpack.analysis.parties import PARTY_NAMES, party_of
from ttpack.analysis.people import presence
from ttpack.model.governance import Communication, GovernanceBody, Person, Role
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Break,
    Callout,
    Chip,
    Column,
    Inline,
    Inlines,
    Link,
    Number,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
)
from ttpack.views.change_functions import FUNCTIONS
from ttpack.views.record import inlines
from ttpack.views.words import chip, inlines_of_date, references, words

ORDER: Final = ("JSC", "PM", "MSAT", "PD", "MFG", "QA", "QC", "RA", "ENG", "SC", "VAL", "HSE", "")
"""Functions in the order of the matrix."""

LATEST = date.max


def joint_team_page(package: Package, as_of: date) -> Page | None:
    """Function by party with persons and deputies, bodies, and recurring exchanges; None where nothing says."""
    people = (*package.in_force(Role), *package.in_force(Person))
    bodies, exchanges = package.in_force(GovernanceBody), package.in_force(Communication)
    if not (people or bodies or exchanges):
        return None
    blocks: list[Block] = [_uncovered(package, as_of)]
    if people:
        blocks.append(_matrix(package, as_of))
    if bodies:
        blocks.append(Section("Bodies", (_bodies(package, bodies, as_of),)))
    if exchanges:
        blocks.append(Section("Communication", (_exchanges(package, exchanges, as_of),)))
    return Page("joint-team", "Joint team", tuple(blocks), "Governance", "Who is on it, and where both parties meet.")


def _filled(package: Package, as_of: date) -> dict[tuple[str, str], bool]:
    """By function and party whether a person does it at the date."""
    found: dict[tuple[str, str], bool] = {}
    for role in package.in_force(Role):
        key = (role.function or "", role.party or party_of(package, role.organisation) or "")
        holders = [package.get(one, Person) for one in role.holders]
        found[key] = found.get(key, False) or any(one is not None and not presence(one, as_of) for one in holders)
    for person in package.in_force(Person):
        key = (person.function or "", party_of(package, person.organisation) or "")
        found[key] = found.get(key, False) or not presence(person, as_of)
    return found


def _uncovered(package: Package, as_of: date) -> Callout:
    """What nobody does, in one sentence: functions of neither party, and roles that nobody holds."""
    filled = _filled(package, as_of)
    lacking = [
        text for text, codes in NEEDED_FUNCTIONS.items()
        if not any(filled.get((code, party)) for code in codes for party in PARTY_NAMES)
    ]  # fmt: skip
    empty = [role for role in package.in_force(Role) if not _holders(package, role, as_of)]
    blocks: list[Block] = []
    if lacking:
        blocks.append(Paragraph((Text(f"No person of either party does {', '.join(lacking)}."),)))
    if empty:
        held = references(package, [role.id for role in empty])
        blocks.append(Paragraph((Text("Nobody holds "), *held, Text(f" as of {as_of}."))))
    if blocks:
        return Callout("warning", "Not covered", tuple(blocks))
    names = ", ".join(NEEDED_FUNCTIONS)
    return Callout("success", "Every function is covered", (Paragraph((Text(f"As of {as_of}: {names}."),)),))


def _holders(package: Package, role: Role, as_of: date) -> list[Person]:
    found = (package.get(one, Person) for one in role.holders)
    return [one for one in found if one is not None and not presence(one, as_of)]


def _matrix(package: Package, as_of: date) -> Section:
    """Rows are functions, columns the parties."""
    roles: dict[tuple[str, str], list[Role]] = {}
    for role in package.in_force(Role):
        party = role.party or party_of(package, role.organisation) or ""
        roles.setdefault((role.function or "", party), []).append(role)
    held = {one for role in package.in_force(Role) for one in (*role.holders, *role.deputies)}
    others: dict[tuple[str, str], list[Person]] = {}
    for person in package.in_force(Person):
        if person.id not in held:
            key = (person.function or "", party_of(package, person.organisation) or "")
            others.setdefault(key, []).append(person)
    given = {party for _, party in (*roles, *others)}
    parties = [(party, text.capitalize()) for party, text in PARTY_NAMES.items()]
    parties += [("", "Of no party")] if "" in given else []
    named = {function for function, _ in (*roles, *others)}
    rows = []
    for function in ORDER:
        if function in named:
            text = FUNCTIONS.get(function, "no function stated")
            cells = (
                _cell(package, roles.get((function, party), []), others.get((function, party), []), as_of)
                for party, _ in parties
            )
            rows.append(Row(((Text(text[:1].upper() + text[1:]),), *cells)))
    columns = (Column("Function"), *(Column(text) for _, text in parties))
    return Section("Who does what at which party", (Table(columns, tuple(rows), "The joint team"),))


def _cell(package: Package, roles: Iterable[Role], others: Iterable[Person], as_of: date) -> Inlines:
    found: list[Inline] = []
    for role in roles:
        found += [Break()] if found else []
        found += [Link(role.id, role.name, role.id), Text(": ")]
        holders = [package.get(one, Person) or one for one in role.holders]
        found += _people(holders, as_of) if holders else [Chip("nobody", "bad")]
        deputies = [package.get(one, Person) or one for one in role.deputies]
        found += [Text("; deputy "), *_people(deputies, as_of)] if deputies else []
    for person in others:
        found += [Break()] if found else []
        found += _people([person], as_of)
    return tuple(found) or (Text("—"),)


def _people(people: Iterable[Person | str], as_of: date) -> list[Inline]:
    """Persons with the day they joined, and whether they are there at all."""
    found: list[Inline] = []
    for person in people:
        found += [Text(", ")] if found else []
        if isinstance(person, str):
            found.append(Text(person))
            continue
        found.append(Link(person.id, person.name, person.id))
        if person.left and person.left <= as_of:
            found += [Text(" "), Chip(f"left {person.left}", "bad")]
        elif person.joined and person.joined > as_of:
            found += [Text(" "), Chip(f"joins {person.joined}", "warning")]
        elif person.joined:
            found += [Text(" (since "), Number(person.joined.isoformat()), Text(")")]
    return found


def _bodies(package: Package, bodies: Iterable[GovernanceBody], as_of: date) -> Table:
    rows = []
    for body in bodies:
        members = memberships(package, body, as_of)
        count = {party: sum(party in one.parties for one in members) for party in PARTY_NAMES}
        sides = (Text(f"{count['sending']} sending"), Break(), Text(f"{count['receiving']} receiving"))
        late = body.next_meeting and body.next_meeting < as_of
        rows.append(Row((
            (Link(body.id, body.name, body.id), Break(), Text(words(body.body_type or "type not stated"))),
            (*inlines_of_date(body.next_meeting), *((Text(" "), Chip("has passed", "warning")) if late else ())),
            (Text(body.cadence or (f"every {body.cadence_days} days" if body.cadence_days else "not stated")),),
            inlines(package, body.decision_rights or "not stated"),
            inlines(package, body.quorum or "not stated"),
            sides,
            inlines(package, body.minutes or ""),
        )))  # fmt: skip
    heads = ("Body", "Next meeting", "Meets", "Decides", "Quorum", "Members", "Minutes")
    return Table(tuple(map(Column, heads)), tuple(rows), "Bodies, what they decide, and when they meet next")


def _exchanges(package: Package, exchanges: Iterable[Communication], as_of: date) -> Table:
    rows = []
    for item in sorted(exchanges, key=lambda one: (due_again(one) or LATEST, one.id)):
        cadence = item.cadence or (f"every {item.cadence_days} days" if item.cadence_days else "not stated")
        rows.append(Row((
            (Link(item.id, item.name, item.id),),
            _held(item, as_of),
            (Text(cadence),),
            inlines_of_date(item.last_held),
            inlines_of_date(due_again(item)),
            references(package, [item.owner] if item.owner else []),
            references(package, item.participants),
            inlines(package, item.channel or ""),
            inlines(package, item.record_location or ""),
        )))  # fmt: skip
    heads = ("Exchange", "Held?", "How often", "Last held", "Next due", "Owner", "Who", "Channel", "Recorded in")
    return Table(tuple(map(Column, heads)), tuple(rows), "Recurring exchanges, the next one due first")


def _held(item: Communication, as_of: date) -> Inlines:
    """Held, late by its cadence, or not held for twice as long."""
    if item.last_held is None:
        return chip("never held", "bad")
    due = due_again(item)
    if due is None:
        return chip("no cadence", "neutral")
    if missed(item, as_of):
        return chip("not held", "bad")
    return chip("late", "warning") if due < as_of else chip("held", "good")
