"""Who belongs to which party and does what there: what rules about joint work and joint approval ask."""

from collections.abc import Iterable
from dataclasses import dataclass

from ttpack.model.governance import Organisation, Person, Role
from ttpack.model.ids import is_record_id
from ttpack.model.package import Package

QUALITY = "QA"
PARTY_NAMES = {"sending": "sending unit", "receiving": "receiving unit"}


@dataclass(frozen=True, slots=True)
class Signatory:
    """A party and a function that a role or person stands for; None where the package does not say."""

    party: str | None
    function: str | None


def signatories(package: Package, record_id: str) -> frozenset[Signatory]:
    """What a role or a person stands for: a person also for every role they hold. Empty for anything else."""
    role = package.get(record_id, Role)
    if role is not None:
        return frozenset({Signatory(role.party or party_of(package, role.organisation), role.function)})
    person = package.get(record_id, Person)
    if person is None:
        return frozenset()
    party = party_of(package, person.organisation)
    held = (role for role in package.in_force(Role) if record_id in role.holders)
    return frozenset(
        {
            Signatory(party, person.function),
            *(Signatory(role.party or party_of(package, role.organisation) or party, role.function) for role in held),
        }
    )


def party_of(package: Package, organisation_id: str | None) -> str | None:
    """Whether an organisation sends or receives, as its record or the package record says."""
    organisation = package.get(organisation_id, Organisation)
    if organisation is not None and organisation.party:
        return organisation.party
    if organisation_id and organisation_id == package.manifest.sending_organisation:
        return "sending"
    return "receiving" if organisation_id in package.manifest.receiving_organisations else None


def functions_by_party(package: Package, record_ids: Iterable[str]) -> dict[str, set[str]]:
    """The functions that roles and persons stand for, for each party."""
    found: dict[str, set[str]] = {"sending": set(), "receiving": set()}
    for record_id in record_ids:
        for signatory in signatories(package, record_id):
            if signatory.party and signatory.function:
                found[signatory.party].add(signatory.function)
    return found


def missing_quality_approval(package: Package, approvers: Iterable[str]) -> str:
    """Why these approvers are not the quality units of both parties, in words; empty when they are.

    Approvers are roles or persons of function QA, or names written out, which nothing here can check: two different
    names count as both, and one name counts for the party that no record stands for.
    """
    given = tuple(approvers)
    names = {" ".join(approver.split()).casefold() for approver in given if not is_record_id(approver)} - {""}
    present = {
        party
        for party, functions in functions_by_party(package, filter(is_record_id, given)).items()
        if QUALITY in functions
    }
    if len(names) + len(present) >= len(PARTY_NAMES):
        return ""
    absent = [words for party, words in PARTY_NAMES.items() if party not in present]
    if names:
        return "only one of the two quality units has approved"
    if len(absent) == 1:
        return f"QA of the {absent[0]} has not approved"
    return f"neither QA of the {absent[0]} nor QA of the {absent[1]} has approved"
