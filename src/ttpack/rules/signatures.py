"""The rule on signatures under approvals and on approvals kept elsewhere (DOC-03); verifying is done before."""

from collections.abc import Iterator
from datetime import date, datetime

from ttpack.analysis.approvals.signed_record import SIGNED_FIELDS, signing_moment
from ttpack.analysis.people import presence
from ttpack.model.documents import Approval, Document
from ttpack.model.findings import Problem
from ttpack.model.governance import Person, Role
from ttpack.model.package import Package
from ttpack.rules.answer import RELEASE
from ttpack.rules.registry import CONSISTENCY, Context, NotComputable, Outcome, rule

_WORDS = {
    "document_revision": "document revision", "printed_name": "printed name", "document_id": "id of the document there",
    "approved_on": "date", "entered_by": "person who entered it", "verified_by": "person who verified the entry",
}  # fmt: skip
_REFERENCE = ("document_id", "version", "approved_on", "digest", "entered_by", "verified_by")


@rule("DOC-03", CONSISTENCY, basis="21 CFR 11.50, 11.10(g), 11.100")
def signature_without_force(package: Package, context: Context) -> Iterator[Outcome]:
    """An approval does not carry what makes it one, is not given by who may give it, or its signature is not good.

    Signed in this package, it carries document, revision, digest, edition, printed name, person, role, meaning, and the
    date and time with its zone, and its signature is that of the person's key, valid when it was signed, under exactly
    that. By reference to the system that holds it, it carries the id and version there, the date, the digest, who
    entered it and who verified the entry, two persons: what lacks of these is a warning until the release, and so is an
    approval that is neither. In both the person was there at that date and holds the role, and is not the author of
    what they approve.
    Why: a signature of which nobody can tell whose it is, when it was made, or under what, binds nobody.
    Resolve: have the document approved again, with `ttpack approve` or in the document system, by who holds the role.
    """
    for approval in package.in_force(Approval):
        if approval.document and not isinstance(package.records.get(approval.document, None), Document | None):
            continue  # what else is approved has rules of its own
        if approval.signature is not None:
            yield from _signed(package, context, approval)
        else:
            yield from _referred(approval)
        yield from _signatory(package, context, approval)


def _signed(package: Package, context: Context, approval: Approval) -> Iterator[Outcome]:
    missing = [_WORDS.get(name, name) for name in SIGNED_FIELDS if getattr(approval, name) is None]
    if signing_moment(approval, package.raw.get(approval.id, {})) is None:
        missing.append("date and time with its zone")
    if missing:
        yield approval.at(), f"{approval.name} is signed and states no {', '.join(missing)}"
        return
    person = package.get(approval.person, Person)
    if person is not None and not _same(approval.printed_name or "", person.name):
        message = f"{approval.name} prints the name {approval.printed_name}, and {person.id} is {person.name}"
        yield approval.at("printed_name"), message
    check = context.signatures.get(approval.id)
    if check is None or check.verdict == "unknown":
        reason = check.reason if check else "this answer was made without verifying signatures"
        yield NotComputable(approval.at("signature"), f"the signature was not verified: {reason}")
    elif not check.good:
        key = f", made with the key {check.key}" if check.key else ""
        message = f"the signature of {approval.person} under {approval.name}{key}, is not good: {check.reason}"
        yield approval.at("signature"), message


def _referred(approval: Approval) -> Iterator[Outcome]:
    if not approval.system:
        message = f"{approval.name} is neither signed nor says which system holds it"
        yield Problem(approval.at("system"), message, kind="completeness", from_gate=RELEASE)
        return
    missing = [name for name in _REFERENCE if getattr(approval, name) is None]
    if missing:
        names = ", ".join(_WORDS.get(name, name) for name in missing)
        message = f"{approval.name} is held in {approval.system} and states no {names}"
        place = approval.at(missing[0] if len(missing) == 1 else "")
        yield Problem(place, message, kind="completeness", from_gate=RELEASE)
    if approval.entered_by and _same(str(approval.entered_by), str(approval.verified_by or "")):
        message = f"{approval.entered_by} entered {approval.name} and verified the entry: that takes two persons"
        yield approval.at("verified_by"), message


def _signatory(package: Package, context: Context, approval: Approval) -> Iterator[Outcome]:
    """Whether who approved was there, holds the role and is not the author."""
    person, on = package.get(approval.person, Person), _day(approval)
    if on is not None and on > context.as_of:
        yield approval.at("approved_on"), f"{approval.name} is dated {on}, which is yet to come"
    if person is None:
        return
    away = presence(person, on) if on and person.in_force else ""
    if away:
        yield approval.at("person"), f"{person.name} approved on {on}, and {away}"
    yield from _holds(package, approval, person)
    if (approval.meaning or "approval") == "approval":
        yield from _is_author(package, approval, person)


def _holds(package: Package, approval: Approval, person: Person) -> Iterator[Outcome]:
    role = package.get(approval.role, Role) if approval.role else None
    if role is None or person.id in {*role.holders, *role.deputies}:
        return
    if person.left is not None or not person.in_force:
        reason = f"{person.name} has left, and nothing says who held {role.name} then"
        yield NotComputable(approval.at("role"), reason)
    else:
        yield approval.at("role"), f"{person.name} approved as {role.name}, and does not hold that role"


def _is_author(package: Package, approval: Approval, person: Person) -> Iterator[Outcome]:
    document = package.get(approval.document, Document)
    if document is None:
        return
    authors = {str(document.author)} if document.author else set()
    authors |= {
        str(one.person) for one in package.in_force(Approval)
        if one.document == document.id and one.meaning == "author" and one.person
        and _same(str(one.document_revision), str(approval.document_revision))
    }  # fmt: skip
    if not authors:
        reason = f"nobody is named as author of {document.name}, so nobody can tell that the author did not approve it"
        yield NotComputable(approval.at("person"), reason)
    elif any(_is(package, author, person) for author in authors):
        yield approval.at("person"), f"{person.name} wrote {document.name} and approved it"


def _is(package: Package, author: str, person: Person) -> bool:
    """Whether an author is that person: by id, by name, or by a role that the person alone holds."""
    record = package.records.get(author)
    if isinstance(record, Role):
        return set(record.holders) == {person.id}
    return author == person.id or (record is None and _same(author, person.name))


def _day(approval: Approval) -> date | None:
    given = approval.approved_on
    return given.date() if isinstance(given, datetime) else given


def _same(one: str, other: str) -> bool:
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()
