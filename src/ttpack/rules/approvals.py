"""Rules on the approvals that documents need and on the keys that may sign (APR)."""

from collections.abc import Iterator

from ttpack.analysis.approvals.needed import missing_approvals
from ttpack.analysis.editions.edition import editions
from ttpack.model.allowed_signers import OUR_NAMESPACES, AllowedSigners, Signer
from ttpack.model.documents import Approval, Document
from ttpack.model.findings import Place, Problem
from ttpack.model.governance import Person
from ttpack.model.package import Package
from ttpack.model.signatures import APPROVAL_NAMESPACE, RELEASE_NAMESPACE
from ttpack.model.status import APPROVED
from ttpack.rules.answer import RELEASE
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, INFORMATION, Context, Outcome, rule


@rule("APR-01", COMPLETENESS, basis="EU GMP Ch.4; 21 CFR 211.22(c), 211.100(a); ICH Q7 6.1", from_gate=RELEASE)
def required_approval_missing(package: Package, context: Context) -> Iterator[Outcome]:
    """An approved or effective controlled document lacks an approval that its present revision needs.

    It needs those of its `required_approvals`, else an approval by the quality units of both parties, or by that of the
    sending unit alone where no partner reads it. Approvals of other revisions, and superseded or withdrawn ones, do not
    count. That an approval is of another content is DOC-02's finding, that it has no force DOC-03's.
    Why: a document that is in use without the approval of those who answer for it is nobody's instruction.
    Resolve: have each function approve the present revision, with `ttpack approve` or in the document system.
    """
    for document in package.of(Document):
        if document.external or document.status not in APPROVED:
            continue
        missing = missing_approvals(package, document)
        if missing:
            said = "; ".join(one.said(package) for one in missing)
            yield document.at(), f"revision {document.revision} of {document.name} is {document.status} without {said}"


@rule("APR-02", CONSISTENCY, basis="21 CFR 11.100, 11.300; OpenSSH, ssh-keygen(1), ALLOWED SIGNERS")
def signing_key_not_usable(package: Package, context: Context) -> Iterator[Outcome]:
    """A line of the allowed signers is not read as its author meant it, or its key is nobody's own.

    A line that OpenSSH would pass over without a word, a certification authority, a weak key, a private key, a key of
    nobody or of two persons, a person that the package does not have: none of these counts, so signatures made with the
    key are not good. A key of somebody who left that does not end by then, and one that is not limited to what it is
    for (`namespaces`), are warnings until the release; a key without an end is information.
    Why: a signer who is silently unknown cannot approve, and a key that two share or that never ends proves nobody.
    Resolve: mend the line; one key for one person, limited to ttpack-approval, with `valid-before`.
    """
    if package.signers is None:
        return
    sharing: dict[str, set[str]] = {}
    for one in package.signers.signers:
        sharing.setdefault(one.key, set()).update(name for name, _ in one.principals)
    for one in package.signers.signers:
        for flaw in one.flaws:
            yield Problem(_place(package.signers, one, flaw.column), flaw.message, flaw.fix)
        if not one.flaws:
            yield from _line(package, context, package.signers, one, sharing[one.key])


def _place(signers: AllowedSigners, signer: Signer, column: int) -> Place:
    return Place(None, "", signers.path, signer.line, column)


def _line(
    package: Package, context: Context, signers: AllowedSigners, signer: Signer, sharing: set[str]
) -> Iterator[Outcome]:
    """What is wrong with a line that OpenSSH reads."""
    name, column = signer.principals[0]
    if len(sharing) > 1:
        others = ", ".join(sorted(sharing))
        message = f"the key {signer.key} belongs to {others}: a signature with it would be nobody's"
        yield Problem(_place(signers, signer, column), message, "give each person a key of their own")
        return
    yield from _purpose(signers, signer, name)
    if not signer.signs(APPROVAL_NAMESPACE):
        return
    person = package.get(name, Person)
    if person is None:
        message = f"{name[:60]!r} is no person of the package, so that key signs for nobody"
        yield Problem(_place(signers, signer, column), message, "write the id of the person's record")
    elif (person.left is not None and person.left <= context.as_of) or not person.in_force:
        since = f"left on {person.left}" if person.left else f"has a {person.status} record"
        if signer.valid_before is None or (person.left and signer.valid_before.date() > person.left):
            message = f"{person.name} {since}, and the key of {name} does not end by then"
            fix = f'add valid-before="{person.left:%Y%m%d}"' if person.left else "add valid-before"
            yield Problem(_place(signers, signer, column), message, fix, kind="completeness", from_gate=RELEASE)
    elif signer.valid_before is None:
        message = f"the key of {name} has no end (valid-before)"
        yield Problem(_place(signers, signer, column), message, kind="information")


def _purpose(signers: AllowedSigners, signer: Signer, name: str) -> Iterator[Problem]:
    """Whether the key is limited to what this package signs."""
    place = _place(signers, signer, signer.namespaces_column)
    fix = f'write namespaces="{APPROVAL_NAMESPACE}", or "{RELEASE_NAMESPACE}" for the key of releases'
    if not signer.namespaces:
        message = f"the key of {name} is not limited to approvals (namespaces): it counts for whatever it signs"
    elif not set(signer.namespaces) & set(OUR_NAMESPACES):
        message = f"the key of {name} may sign for {', '.join(signer.namespaces)[:80]} and for nothing of this package"
    elif set(signer.namespaces) - set(OUR_NAMESPACES):
        others = ", ".join(sorted(set(signer.namespaces) - set(OUR_NAMESPACES)))[:80]
        yield Problem(place, f"the key of {name} may sign for {others} as well", fix, kind="information")
        return
    else:
        return
    yield Problem(place, message, fix, kind="completeness", from_gate=RELEASE)


@rule("APR-03", INFORMATION, basis="21 CFR 11.70; approvals are of one document, revision, digest and edition")
def approval_of_nothing_present(package: Package, context: Context) -> Iterator[Outcome]:
    """An approval is of no document, of a document kept elsewhere, of another revision, or of an edition there is not.

    One of no document or of an unknown edition is a warning until the release; the others are information.
    Why: who finds an approval beside a document takes it for one of what they read.
    Resolve: correct what the approval names; set one that was replaced to superseded.
    """
    names: set[str] = set()
    for approval in package.in_force(Approval):
        if approval.document is None:
            message = f"{approval.name} names no document that it approves"
            yield Problem(approval.at("document"), message, kind="completeness", from_gate=RELEASE)
            continue
        document = package.get(approval.document, Document)
        if document is None:
            continue
        if document.external:
            message = (
                f"{approval.name} approves {document.name}, which is kept elsewhere and not made from this package"
            )
            yield approval.at("document"), message
        elif _other(approval.document_revision, document.revision):
            message = (
                f"{approval.name} approves revision {approval.document_revision} of {document.name}, which is now "
            )
            yield approval.at("document_revision"), f"{message}revision {document.revision}"
        if approval.edition is not None:
            names = names or {one.name for one in editions(package)}
            if approval.edition not in names:
                message = f"{approval.name} approves the edition {approval.edition[:60]!r}, which there is not"
                fix = f"editions are {', '.join(sorted(names))}"
                yield Problem(approval.at("edition"), message, fix, kind="completeness", from_gate=RELEASE)


def _other(one: object, other: object) -> bool:
    return one is not None and other is not None and str(one) != str(other)
