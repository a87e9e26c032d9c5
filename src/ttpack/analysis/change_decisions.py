"""Who has decided on a change record, and why a decision does not count (rules.csv, CHG-02)."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Literal

from ttpack.analysis.parties import PARTY_NAMES, signatories
from ttpack.model.governance import GovernanceBody, Person, Role
from ttpack.model.ids import is_record_id
from ttpack.model.package import Package
from ttpack.model.regulatory import ChangeRecord, ReviewerDecision

Standing = Literal["current", "earlier", "unstated"]
PARTIES = {"S": "sending", "C": "receiving"}
QUALITY_PAIR = ("S-QA", "C-QA")
AGREEING = frozenset({"agree", "approve"})
REFUSING = frozenset({"disagree", "reject"})
COMMITTEE = "JSC"
OWNER = "owner"
_OTHER_WORDS = {
    "JSC": "joint steering committee", "owner": "who owns what changed", "owner-QA": "QA of who owns what changed",
}  # fmt: skip


def standing(record: ChangeRecord, decision: ReviewerDecision) -> Standing:
    """Whether a decision is on the record's proposal, on an earlier one, or does not say; by hand there is but one."""
    if record.proposal is None:
        return "current"
    if decision.proposal_digest is None:
        return "unstated"
    return "current" if decision.proposal_digest == record.proposal.digest else "earlier"


def undecided(
    package: Package, record: ChangeRecord, functions: Iterable[str], as_of: date
) -> Iterator[tuple[str, str]]:
    """What keeps a change record from being decided: field and reason, once for each function; nothing when it is.

    Every required function agrees or approves by a person or role of it, who is not the author; nobody refuses.
    """
    said = set()
    authors = _authors(package, record)
    if not any(isinstance(package.records.get(one), Person | Role) for one in authors):
        said_by = f"{record.initiated_by!s:.60} is no person or role of the package" if authors else "nobody is named"
        yield "initiated_by", f"{said_by} who initiated it, so nobody can tell that the author did not decide"
    for function in dict.fromkeys(functions):
        given = [(index, one) for index, one in enumerate(record.decisions) if one.function == function]
        reasons = {index: _defect(package, record, one, authors, as_of) for index, one in given}
        refused = [index for index, one in given if _refuses(record, one)]
        if refused:
            said.add(refused[-1])
            yield f"decisions[{refused[-1]}].decision", f"{function} {record.decisions[refused[-1]].decision}s"
        elif not given:
            yield "decisions", f"no decision of {function} ({function_words(function)})"
        elif all(reasons.values()):
            index = given[-1][0]
            yield f"decisions[{index}]", f"the decision of {function} does not count: {reasons[index]}"
    for index, one in enumerate(record.decisions):
        if _refuses(record, one) and index not in said and one.function not in functions:
            yield f"decisions[{index}].decision", f"{one.function} {one.decision}s"


def function_words(code: str) -> str:
    """An approver function in words: `S-QA` is QA of the sending unit."""
    party, _, function = code.rpartition("-")
    if party in PARTIES:
        return f"{function} of the {PARTY_NAMES[PARTIES[party]]}"
    return _OTHER_WORDS.get(code, code)


def _refuses(record: ChangeRecord, decision: ReviewerDecision) -> bool:
    return decision.decision in REFUSING and standing(record, decision) == "current"


def _defect(
    package: Package, record: ChangeRecord, decision: ReviewerDecision, authors: frozenset[str], as_of: date
) -> str:
    """Why a decision does not count, or nothing."""
    match standing(record, decision):
        case "earlier":
            return "it was given on an earlier proposal"
        case "unstated":
            return "it does not say on which proposal it was given (proposal_digest)"
        case _:
            pass
    if decision.decision not in AGREEING:
        return "it neither agrees nor approves"
    if decision.decided_on is None or decision.decided_on > as_of:
        return "it is not dated" if decision.decided_on is None else f"it is dated {decision.decided_on}, still to come"
    return _wrong_reviewer(package, record, decision, authors)


def _wrong_reviewer(package: Package, record: ChangeRecord, decision: ReviewerDecision, authors: frozenset[str]) -> str:
    reviewer = str(decision.reviewer or "")
    if not reviewer:
        return "it names no reviewer"
    found = package.records.get(reviewer)
    if not isinstance(found, Person | Role) or not found.in_force:
        return f"{reviewer[:60]!r} is no person or role of the package in force"
    if reviewer in authors:
        return f"{found.name} is the author"
    away = _away(found, decision)
    if away:
        return away
    if isinstance(found, Role) and authors & {*found.holders, *found.deputies}:
        return f"the author holds the role {found.name}: name the person who decided"
    function = decision.function
    if not (_owns(package, record, reviewer) if function == OWNER else _stands_for(package, reviewer, function)):
        return f"{found.name} does not stand for {function_words(decision.function)}"
    return ""


def _away(found: Person | Role, decision: ReviewerDecision) -> str:
    """Why a person was not there to decide, or nothing."""
    on = decision.decided_on
    if not isinstance(found, Person) or on is None:
        return ""
    if found.left is not None and found.left < on:
        return f"{found.name} left on {found.left}"
    return f"{found.name} joined on {found.joined}" if found.joined is not None and found.joined > on else ""


def _stands_for(package: Package, reviewer: str, code: str) -> bool:
    """Whether a person or role is of a function and party; a committee's members count for it."""
    party, _, function = code.rpartition("-")
    given = signatories(package, reviewer)
    if code == COMMITTEE and _sits_in_committee(package, reviewer):
        return True
    if party in PARTIES:
        return any(one.party == PARTIES[party] and one.function == function for one in given)
    return any(one.function == code.removeprefix("owner-") for one in given)


def _owns(package: Package, record: ChangeRecord, reviewer: str) -> bool:
    """Whether a person or role owns a record that the change is about."""
    named = {*map(str, record.entities), *(one.record for one in (record.proposal.changes if record.proposal else ()))}
    held = ("owner", "sending_owner", "receiving_owner")
    owners = {str(getattr(one, key, None)) for name in named if (one := package.records.get(name)) for key in held}
    return bool(owners & {reviewer, *(role.id for role in package.in_force(Role) if reviewer in role.holders)})


def _sits_in_committee(package: Package, reviewer: str) -> bool:
    roles = {role.id for role in package.in_force(Role) if reviewer in role.holders}
    return any(
        member.role in {reviewer, *roles}
        for body in package.in_force(GovernanceBody)
        if body.body_type == "steering_committee"
        for member in body.members
    )


def _authors(package: Package, record: ChangeRecord) -> frozenset[str]:
    """The ids of who initiated a change: a person; a role with all who hold it; a name with the people of that name.

    Of somebody who is in the package more than once, by name or by address, all are the author.
    """
    author = " ".join(str(record.initiated_by or "").split())
    if not author:
        return frozenset()
    role = package.get(author, Role)
    if role is not None:
        found = {author, *role.holders, *role.deputies}
    elif is_record_id(author):
        found = {author}
    else:
        found = {author, *(one.id for one in package.of(Person) if author.casefold() in _called(one))}
    called = {name for one in package.of(Person) if one.id in found for name in _called(one)}
    return frozenset(found | {one.id for one in package.of(Person) if called & _called(one)})


def _called(person: Person) -> set[str]:
    """A person's name and address, as they are compared."""
    given = (person.title or "", person.email or "")
    return {" ".join(text.split()).casefold() for text in given if text.strip()}
