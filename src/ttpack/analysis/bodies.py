"""Teams and committees: who of which party is a member for which function, and when they meet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from ttpack.analysis.parties import signatories
from ttpack.model.governance import GovernanceBody, Member, Person
from ttpack.model.package import Package

NEEDED_FUNCTIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "manufacturing": ("MFG",),
    "MSAT or process development": ("MSAT", "PD"),
    "QA": ("QA",),
    "QC": ("QC",),
    "regulatory affairs": ("RA",),
    "engineering": ("ENG",),
    "supply chain": ("SC",),
}
"""Functions that a joint body needs among its members of either party, in words, with their codes."""

DEFAULT_CADENCE = 30
"""Days between meetings where a body does not say."""
LONGEST_CADENCE = 3650


@dataclass(frozen=True, slots=True)
class Membership:
    """A member with the parties and functions that count at a date: none for a person who had left by then."""

    member: Member
    parties: frozenset[str]
    functions: frozenset[str]
    left: date | None


@dataclass(frozen=True, slots=True)
class Meeting:
    """The next meeting of a body at a date, and until when it has to look ahead: the meeting after that.

    `day` is None where no date is stated, or the one stated has passed (`passed`). `assumed` says that the body gives
    no days between meetings, so that `DEFAULT_CADENCE` is taken.
    """

    body: str
    day: date | None
    passed: date | None
    until: date
    assumed: bool


def memberships(package: Package, body: GovernanceBody, as_of: date) -> tuple[Membership, ...]:
    """The members in the order of the record; what a role or person's own record says counts before the member's."""
    return tuple(_membership(package, member, as_of) for member in body.members)


def _membership(package: Package, member: Member, as_of: date) -> Membership:
    person = package.get(member.role, Person)
    left = person.left if person and person.left and person.left <= as_of else None
    if left:
        return Membership(member, frozenset(), frozenset(), left)
    known = signatories(package, member.role)
    parties = frozenset(one.party for one in known if one.party) or frozenset(filter(None, [member.party]))
    functions = frozenset(one.function for one in known if one.function) or frozenset(filter(None, [member.function]))
    return Membership(member, parties, functions, None)


def committee(package: Package) -> GovernanceBody | None:
    """The body whose agenda is meant where nobody names one: the steering committee, else the joint team, else any."""
    bodies = package.in_force(GovernanceBody)
    for wanted in ("steering_committee", "joint_team"):
        found = next((body for body in bodies if body.body_type == wanted), None)
        if found:
            return found
    return bodies[0] if bodies else None


def next_meeting(body: GovernanceBody | None, as_of: date) -> Meeting:
    """When a body meets next, and until when it looks ahead then."""
    stated = body.next_meeting if body else None
    day = stated if stated and stated >= as_of else None
    days = min((body.cadence_days if body else None) or DEFAULT_CADENCE, LONGEST_CADENCE)
    start = day or as_of
    until = start + timedelta(days=min(days, (date.max - start).days))
    passed = stated if stated and not day else None
    return Meeting(body.id if body else "", day, passed, until, not (body and body.cadence_days))
