"""Who scores, owns and verifies a readiness item: party, function and people behind an id, looked up once."""

from ttpack.analysis.ownership import Party, party_of_reference
from ttpack.analysis.parties import QUALITY, Signatory, signatories
from ttpack.analysis.placeholders import written
from ttpack.model.governance import Person, Role
from ttpack.model.ids import is_record_id
from ttpack.model.package import Package


class Assessors:
    """What the package says of roles and people, remembered: thousands of items name few of them."""

    def __init__(self, package: Package) -> None:
        """Remember nothing yet."""
        self._package = package
        self._parties: dict[str, Party | None] = {}
        self._signatories: dict[str, frozenset[Signatory]] = {}

    def party(self, name: str | None) -> Party | None:
        """The one party a role, a person or an organisation stands for."""
        if not name:
            return None
        if name not in self._parties:
            self._parties[name] = party_of_reference(self._package, name)
        return self._parties[name]

    def stands_for(self, name: str | None) -> frozenset[Signatory]:
        """Parties and functions that a role or a person stands for."""
        if not name:
            return frozenset()
        if name not in self._signatories:
            self._signatories[name] = signatories(self._package, name)
        return self._signatories[name]

    def people(self, name: str | None) -> frozenset[str]:
        """Who is meant: the holders of a role, a person, or a name written out; nobody for a placeholder."""
        role = self._package.get(name, Role)
        if role is not None:
            return frozenset(role.holders) or frozenset({role.id})
        if not named(name):
            return frozenset()
        return frozenset({" ".join((name or "").split()).casefold() if not is_record_id(name or "") else name or ""})

    def is_quality(self, name: str | None) -> bool:
        """Whether it is a role or person of quality assurance, or a name written out, which nothing here can check."""
        if not named(name):
            return False
        if not is_record_id(name or ""):
            return True
        return any(one.function == QUALITY for one in self.stands_for(name))

    def verifies_for(self, verifier: str | None, owner: str | None) -> bool:
        """Whether `verifier` is the receiving owner, or a role or person of the same function of the receiving unit."""
        if not verifier or not owner:
            return False
        wanted = {one.function for one in self.stands_for(owner) if one.party == "receiving"}
        if verifier == owner:
            return self.party(owner) == "receiving"
        given = {one.function for one in self.stands_for(verifier) if one.party == "receiving"}
        return bool(wanted & given - {None}) or self._holds(verifier, owner)

    def _holds(self, verifier: str, owner: str) -> bool:
        """Whether the verifier is a person who holds the owner's role at the receiving unit, or stands in for it."""
        role = self._package.get(owner, Role)
        person = self._package.get(verifier, Person)
        held = (*role.holders, *role.deputies) if role else ()
        return person is not None and person.id in held and self.party(owner) == "receiving"


def named(given: str | None) -> bool:
    """Whether somebody is named at all: neither nothing nor `TBD`."""
    return bool(given) and (is_record_id(given or "") or written(given))
