"""Which approvals a controlled document needs, and which of them nobody has given."""

from dataclasses import dataclass
from typing import Final

from ttpack.analysis.controlled_documents.documents import approvals_of
from ttpack.analysis.editions.edition import REGULATOR
from ttpack.analysis.parties import PARTY_NAMES, QUALITY, signatories
from ttpack.analysis.readers import INTERNAL
from ttpack.model.documents import Approval, Document
from ttpack.model.package import Package

APPROVAL: Final = "approval"


@dataclass(frozen=True, slots=True)
class Needed:
    """An approval that a document needs: of a function, an organisation, a party or one role, in a meaning.

    What is None is not asked for.
    """

    meaning: str = APPROVAL
    function: str | None = None
    organisation: str | None = None
    party: str | None = None
    role: str | None = None

    def said(self, package: Package) -> str:
        """What is needed, in words."""
        whom = package.label(self.role) if self.role else self.function or "anybody"
        if self.organisation:
            whom += f" of {package.label(self.organisation)}"
        elif self.party:
            whom += f" of the {PARTY_NAMES[self.party]}"
        return f"{'signature as author' if self.meaning == 'author' else self.meaning} by {whom}"


def needed_approvals(document: Document) -> tuple[Needed, ...]:
    """The approvals that a document names, else those of both quality units.

    What no partner reads needs that of the sending unit alone.
    """
    if document.required_approvals:
        return tuple(
            Needed(one.meaning, one.function, one.organisation, None, one.role) for one in document.required_approvals
        )
    readers = set(document.audience or ()) - {INTERNAL, REGULATOR}
    parties = ("sending", "receiving") if readers else ("sending",)
    return tuple(Needed(APPROVAL, QUALITY, party=party) for party in parties)


def missing_approvals(package: Package, document: Document) -> tuple[Needed, ...]:
    """Those of the needed approvals that no approval in force of the document's present revision stands for.

    Whether such an approval is of the present content, and its signature good, is not asked here.
    """
    given = list(approvals_of(package, document))
    return tuple(one for one in needed_approvals(document) if not any(stands_for(package, each, one) for each in given))


def stands_for(package: Package, approval: Approval, needed: Needed) -> bool:
    """Whether an approval is one that is needed, by its meaning and by whoever gave it.

    One by reference that names neither a person nor a role stands for every approval that the document system asked
    for; where the package does not tell a person's party, it stands for either.
    """
    if (approval.meaning or APPROVAL) != needed.meaning:
        return False
    by = approval.role or approval.person
    if by is None:
        return bool(approval.system)
    if needed.role:
        return approval.role == needed.role
    return any(
        needed.function in (None, one.function)
        and (needed.party is None or one.party in (None, needed.party))
        and (needed.organisation is None or needed.organisation in _organisations(package, approval))
        for one in signatories(package, by)
    )


def _organisations(package: Package, approval: Approval) -> set[str]:
    named = (package.records.get(one or "") for one in (approval.role, approval.person))
    found = (getattr(one, "organisation", None) for one in named)
    return {one for one in found if one}


def organisation_of(package: Package, approval: Approval) -> str:
    """The organisation that an approver acts for: that of the role, else of the person; empty where nothing says."""
    for one in (approval.role, approval.person):
        found = getattr(package.records.get(one or ""), "organisation", None)
        if isinstance(found, str) and found:
            return found
    return ""
