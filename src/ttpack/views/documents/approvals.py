"""The approvals on the cover of a document: who approved, and whose approval it still waits for."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from ttpack.analysis.approvals.needed import Needed, missing_approvals, needed_approvals, organisation_of, stands_for
from ttpack.analysis.approvals.signed_record import signing_moment
from ttpack.analysis.controlled_documents.documents import approvals_of
from ttpack.analysis.editions.edition import INTERNAL_EDITION, Edition
from ttpack.model.documents import Approval as ApprovalRecord
from ttpack.model.documents import Document
from ttpack.model.package import Package
from ttpack.model.signatures import SignatureCheck
from ttpack.views.blocks import Approval
from ttpack.views.words import words

Signatures = Mapping[str, SignatureCheck]


def cover_approvals(
    package: Package, document: Document, digest: str, edition: Edition, signatures: Signatures
) -> tuple[Approval, ...]:
    """The approvals of a document's present revision in the order of their dates, then those that are missing.

    One of this edition is shown where it is of the content that the edition has (`digest`); one of another edition
    says of which. `signatures` says what became of those that are signed. Nobody waits for approvals of a document
    that no longer counts.
    """
    shown = [one for one in approvals_of(package, document) if _other(one, edition) or one.digest in (None, digest)]
    shown.sort(key=lambda one: (_when(package, one), one.id))
    found = [_approval(package, one, edition, signatures.get(one.id)) for one in shown]
    return (*found, *(_open(package, document, shown) if document.in_force else ()))


def package_approvals(
    package: Package, document: Document | None, edition: Edition, signatures: Signatures
) -> tuple[Approval, ...]:
    """The approvals on the cover of the whole package: those of the document that stands for it, else all there are.

    That document's content digest is of what it shows, which is not the whole package, so it is not asked for here.
    """
    if document is not None:
        given = list(approvals_of(package, document))
        missing = missing_approvals(package, document) if document.in_force else ()
    else:
        given, missing = list(package.in_force(ApprovalRecord)), ()
    given.sort(key=lambda one: (_when(package, one), one.id))
    found = [_approval(package, one, edition, signatures.get(one.id)) for one in given]
    return (*found, *(_waiting(package, one) for one in missing))


def _open(package: Package, document: Document, shown: Iterable[ApprovalRecord]) -> Iterable[Approval]:
    given = list(shown)
    for one in needed_approvals(document):
        if not any(stands_for(package, each, one) for each in given):
            yield _waiting(package, one)


def _waiting(package: Package, one: Needed) -> Approval:
    of = package.label(one.organisation) if one.organisation else f"{one.party} unit" if one.party else ""
    return Approval(package.label(one.role) if one.role else one.function or "", "", of, words(one.meaning))


def _approval(package: Package, one: ApprovalRecord, edition: Edition, check: SignatureCheck | None) -> Approval:
    organisation = organisation_of(package, one)
    of = f"of the {_edition(one)} edition" if _other(one, edition) else ""
    return Approval(
        role=package.label(one.role) if one.role else "",
        name=one.printed_name or (package.label(one.person) if one.person else ""),
        organisation=package.label(organisation) if organisation else "",
        meaning=words(one.meaning or ""),
        date=_when(package, one),
        reference=", ".join(filter(None, (_proof(one, check), of))),
    )


def _other(one: ApprovalRecord, edition: Edition) -> bool:
    return _edition(one) != edition.name


def _edition(one: ApprovalRecord) -> str:
    return one.edition or INTERNAL_EDITION.name


def _proof(one: ApprovalRecord, check: SignatureCheck | None) -> str:
    """Where an approval is held, or whether its signature was verified."""
    if one.signature is not None or check is not None:
        if check is not None and check.verdict == "bad":
            return f"signature NOT GOOD: {check.reason}"
        return "signed, verified" if check is not None and check.good else "signed, NOT VERIFIED"
    version = f"version {one.version}" if one.version else ""
    return " ".join(filter(None, (one.system, one.document_id, version)))


def _when(package: Package, one: ApprovalRecord) -> str:
    """The date, and of a signature the time in UTC; empty where nothing says when."""
    moment = signing_moment(one, package.raw.get(one.id, {}))
    if moment is not None and not one.system:
        return moment.strftime("%Y-%m-%d %H:%M:%S UTC")
    given = one.approved_on
    if isinstance(given, datetime):
        return given.isoformat(" ", "minutes" if not given.second else "seconds")
    return given.isoformat() if given else ""
