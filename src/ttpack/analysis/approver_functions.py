"""Approver functions of both parties, and who holds them in the package."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ttpack.analysis.change_rules.rule import CLASS_RANK, ChangeClass, Classified
from ttpack.analysis.change_rules.sides import Raw, Sides, State
from ttpack.model.ids import is_record_id
from ttpack.model.status import OUT_OF_FORCE

QUALITY_PAIR = ("S-QA", "C-QA")
REGULATORY = "S-RA"
PARTIES = {"S": "sending", "C": "receiving"}
_ANYBODY = frozenset({"author", "reviewer"})
"""What an editorial change asks for: nobody's function."""
_ORDER = ("S-QA", "C-QA", "S-RA", "C-RA", "JSC")


@dataclass(frozen=True, slots=True)
class RoleHolder:
    """A role that stands for an approver function, and the people who hold it; a person without a role alone."""

    role: str
    title: str
    people: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The role as a JSON object."""
        return {"role": self.role, "title": self.title, "people": list(self.people)}


def approver_codes(
    classified: Iterable[Classified], change_class: ChangeClass, *, reported: bool = False
) -> tuple[str, ...]:
    """The functions that the rules of all changes ask for, both QAs from moderate up, S-RA for any report."""
    found = {code for one in classified for code in one.approvers}
    if found - _ANYBODY:
        found -= _ANYBODY
    if CLASS_RANK[change_class] >= CLASS_RANK["moderate"]:
        found.update(QUALITY_PAIR)
    if reported:
        found.add(REGULATORY)
    return tuple(sorted(found, key=lambda code: (_ORDER.index(code) if code in _ORDER else len(_ORDER), code)))


def approver_roles(codes: Iterable[str], records: Iterable[str], sides: Sides) -> dict[str, tuple[RoleHolder, ...]]:
    """By code the roles that hold it, none where nobody does. `records` are those changed: their owners may count."""
    state = sides.after
    owners = sorted({owner for record in records for raw in sides.both(record) for owner in _owners(raw)})
    return {code: _holders(code, owners, state) for code in codes}


def _owners(raw: Mapping[str, Any]) -> set[str]:
    """Whose the record is: its owner and, of one that both parties hold, the owner at each."""
    return {str(raw[name]) for name in ("owner", "sending_owner", "receiving_owner") if raw.get(name)}


def _holders(code: str, owners: list[str], state: State) -> tuple[RoleHolder, ...]:
    if code == "JSC":
        return _committee(state)
    if code == "owner":
        return tuple(_named(owner, state) for owner in owners)
    if code == "owner-QA":
        parties = {_party(state.get(owner), state) for owner in owners} - {""}
        return tuple(role for party in sorted(parties, reverse=True) for role in _roles(party, "QA", state))
    prefix, _, function = code.rpartition("-")
    if prefix and prefix not in PARTIES:
        return ()
    return tuple(_roles(PARTIES.get(prefix, ""), function, state))


def _roles(party: str, function: str, state: State) -> list[RoleHolder]:
    """Roles of a function at a party, at either where `party` is empty; people of that function without a role."""
    found: list[RoleHolder] = []
    people: set[str] = set()
    for role, raw in state.of_kind("role"):
        if raw.get("function") == function and _in_force(raw) and party in ("", _party(raw, state)):
            found.append(_named(role, state))
            people.update(raw.get("holders") or ())
    for person, raw in state.of_kind("person"):
        own = raw.get("function") == function and _in_force(raw) and party in ("", _party(raw, state))
        if own and not found and person not in people:
            found.append(_named(person, state))
    return found


def _committee(state: State) -> tuple[RoleHolder, ...]:
    """The steering committee with its chairs, else the roles of that function."""
    found = []
    for body, raw in state.of_kind("governance_body"):
        if raw.get("body_type") == "steering_committee" and _in_force(raw):
            members = [one for one in raw.get("members") or () if isinstance(one, Mapping)]
            chairs = [one for one in members if one.get("chair")] or members
            people = tuple(name for one in chairs for name in _named(str(one.get("role")), state).people)
            found.append(RoleHolder(body, str(raw.get("title") or body), tuple(dict.fromkeys(people))))
    return tuple(found) or tuple(_roles("", "JSC", state))


def _named(record: str, state: State) -> RoleHolder:
    """A role with its holders, a person, or a name written out."""
    raw = state.get(record) if is_record_id(record) else {}
    title = str(raw.get("title") or record)
    if raw.get("kind") == "person":
        return RoleHolder(record, title, (title,))
    people = [str(one) for one in raw.get("holders") or ()]
    names = tuple(str(state.get(one).get("title") or one) for one in people)
    return RoleHolder(record if raw else "", title, names if raw else (record,))


def _party(raw: Raw, state: State) -> str:
    """Whether a role or person sends or receives, by itself or its organisation."""
    if raw.get("party"):
        return str(raw["party"])
    organisation = str(raw.get("organisation") or "")
    stated = state.get(organisation).get("party") if organisation else None
    if stated:
        return str(stated)
    for _, package in state.of_kind("package"):
        if organisation and organisation == package.get("sending_organisation"):
            return "sending"
        if organisation in (package.get("receiving_organisations") or ()):
            return "receiving"
    return ""


def _in_force(raw: Raw) -> bool:
    return raw.get("status") not in OUT_OF_FORCE
