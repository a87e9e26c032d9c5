"""What `ttpack approve` does: a record of an approval, judged as the rules will judge it, signed, verified, written."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ttpack.cli.opening import as_of_date, open_package, open_tree
from ttpack.errors import UnreadableError, UsageError
from ttpack.model.signatures import APPROVAL_NAMESPACE, SignatureCheck

if TYPE_CHECKING:
    from ttpack.cli.opening import AnyTree
    from ttpack.model.documents import Approval, Document
    from ttpack.model.package import Package

_LARGEST = 100_000
_SIGNED_LATER = "to be signed"
_SAME = ("document", "digest", "edition", "person", "role", "meaning", "system", "document_id")
"""What two records of one approval have in common."""


@dataclass(frozen=True, slots=True)
class Reference:
    """What is known of an approval that a document system holds."""

    system: str
    document_id: str
    version: str
    on: str
    entered_by: str
    verified_by: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What was asked for on the command line."""

    document: str
    person: str | None
    meaning: str
    role: str | None
    edition: str
    reference: Reference | None
    on: str | None


def show_content(path: str, wanted: Wanted, now: datetime) -> str:
    """The record that would be signed, byte for byte. Raises UsageError as `approve` does."""
    return _Approving(path, wanted, now).content().decode()


def approve(path: str, wanted: Wanted, now: datetime, key: Path | None, signature: Path | None) -> Iterator[str]:
    """Write the record of an approval, and say in lines what was approved, before it is signed.

    Raises UsageError where it is refused, with nothing written.
    """
    approving = _Approving(path, wanted, now)
    yield from approving.said()
    if wanted.reference is None:
        approving.sign(key, signature)
        yield f"signed     with {approving.check.key}, and verified against {approving.signers_path()}"
    yield f"written    {approving.write()}"
    yield "next       commit it, then ttpack check"


class _Approving:
    """One approval on its way: the package, the document, and the fields of the record."""

    def __init__(self, path: str, wanted: Wanted, now: datetime) -> None:
        self.wanted = wanted
        self.tree: AnyTree = open_tree(path)
        self.package: Package = open_package(self.tree).package
        if not self.package.readable:
            raise UnreadableError("the package record has errors, so nothing tells what it holds: ttpack check")
        self.day = now.date()
        self.check = SignatureCheck("good")
        self.document = self._document()
        self.fields = self._fields(now.replace(microsecond=0))
        self._refuse_content()
        self._refuse_as_rules_do()

    def said(self) -> Iterator[str]:
        """What is approved, in lines."""
        one = self.record()
        yield f"document   {self.document.number or self.document.id}  {self.document.name}"
        yield f"revision   {one.document_revision}"
        yield f"edition    {one.edition}"
        yield f"digest     {one.digest}"
        if one.printed_name:
            role = f", {self.package.label(str(one.role))}" if one.role else ""
            yield f"by         {one.printed_name}{role} ({one.person})"
        yield f"meaning    {one.meaning}"
        yield f"on         {self.fields['approved_on']}"
        if one.system:
            yield f"held in    {one.system}: {one.document_id}, version {one.version}"

    def record(self) -> "Approval":
        """The record as it would be read back."""
        from ttpack.model.documents import Approval

        return Approval.model_validate(self.fields)

    def content(self) -> bytes:
        """What is signed."""
        from ttpack.analysis.approvals.signed_record import signed_content

        return signed_content(self.record(), self.fields, self.package.manifest.id)

    def signers_path(self) -> str:
        """The file with the keys that may sign. Raises UsageError where the package has none."""
        if self.package.signers is None:
            raise UsageError(
                "the package has no file of allowed signers: add allowed_signers beside ttpack.yaml, with a line "
                f'{self.wanted.person} namespaces="{APPROVAL_NAMESPACE}" and the text of the .pub file'
            )
        return self.package.signers.path

    def sign(self, key: Path | None, signature: Path | None) -> None:
        """Sign the record, or take a signature made elsewhere, and verify it. Raises UsageError where it is no good."""
        from ttpack.analysis.approvals.signed_record import signing_moment
        from ttpack.publish.signing import check_text, sign_text

        where, person = self.signers_path(), str(self.wanted.person)
        lines = self.package.signers.text_for(person) if self.package.signers else ""
        if not lines:
            raise UsageError(f"{where} has no key of {person} that counts: ttpack check says what is wrong with it")
        moment = signing_moment(self.record(), self.fields)
        assert moment is not None  # noqa: S101  it was made with its zone
        content = self.content()
        armoured = sign_text(content, key, APPROVAL_NAMESPACE) if key else _armoured(signature)
        self.check = check_text(content, armoured, lines, person, APPROVAL_NAMESPACE, moment)
        if not self.check.good:
            raise UsageError(f"the signature would not be good: {self.check.reason} ({where})")
        self.fields["signature"] = armoured

    def write(self) -> str:
        """Write the record where approvals stand, and return the path."""
        from ttpack.cli.new import record_folder, write_record_file
        from ttpack.source.yaml_writer import record_text

        path = f"{record_folder(self.package, 'approval', self.fields['id'])}/{self.fields['id']}.yaml"
        write_record_file(self.tree, self.package, path, record_text(self.fields))
        return path

    def _document(self) -> "Document":
        from ttpack.model.documents import Document
        from ttpack.model.status import OUT_OF_FORCE

        name = self.wanted.document
        found = [one for one in self.package.of(Document) if name in (one.id, one.number)]
        if len(found) != 1:
            known = ", ".join(one.id for one in self.package.of(Document) if not one.external) or "none"
            problem = f"{len(found)} documents have the number {name!r}" if found else f"there is no document {name!r}"
            raise UsageError(f"{problem[:120]}; documents are {known}")
        document = found[0]
        if document.external:
            raise UsageError(f"{document.id} is kept elsewhere (external: true): it is not made from this package")
        if document.status in OUT_OF_FORCE:
            raise UsageError(f"{document.id} is {document.status}: approve the document that replaces it")
        if self.wanted.meaning == "approval" and document.status in (None, "draft"):
            raise UsageError(f"{document.id} is a draft: set its status to in_review before it is approved")
        if document.revision is None:
            raise UsageError(f"{document.id} states no revision, and an approval is of one revision")
        return document

    def _fields(self, now: datetime) -> dict[str, Any]:
        """The fields of the record, without a signature."""
        from ttpack.analysis.readers import readers_of_all
        from ttpack.model.governance import Person

        wanted, document = self.wanted, self.document
        person = self.package.get(wanted.person, Person)
        if wanted.person is not None and person is None:
            raise UsageError(f"there is no person {wanted.person[:60]!r} in this package; name one by id (PER-...)")
        audiences = [document.audience, person.audience] if person else [document.audience]
        by = f" by {person.name}" if person else ""
        number = document.number or document.id
        found: dict[str, Any] = {
            "kind": "approval",
            "id": self._id(),
            "title": f"{wanted.meaning.capitalize()} of {number} revision {document.revision}{by}",
            "audience": list(readers_of_all(audiences)),
            "status": "approved",
            "document": document.id,
            "document_revision": str(document.revision),
            "digest": self._digest(),
            "edition": wanted.edition,
        }
        if person is not None:
            found |= {"printed_name": person.name, "person": person.id, "role": self._role(person)}
        found["meaning"] = wanted.meaning
        return found | self._where(now)

    def _where(self, now: datetime) -> dict[str, Any]:
        """When, and where it is held."""
        reference = self.wanted.reference
        if reference is None:
            given = _moment(self.wanted.on) if self.wanted.on else now
            return {"approved_on": given.astimezone(UTC).isoformat().replace("+00:00", "Z")}
        return {
            "system": reference.system, "document_id": reference.document_id, "version": reference.version,
            "approved_on": _date(reference.on), "entered_by": reference.entered_by,
            "verified_by": reference.verified_by,
        }  # fmt: skip

    def _id(self) -> str:
        from ttpack.analysis.free_ids import ids_taken, next_free_id
        from ttpack.cli.new import removed_ids

        return next_free_id("APR", ids_taken(self.package) | set(removed_ids(self.tree)))

    def _digest(self) -> str:
        from ttpack.analysis.controlled_documents.shown import content_digest
        from ttpack.analysis.editions.edition import edition_named
        from ttpack.analysis.editions.redact import redacted

        found = edition_named(self.package, self.wanted.edition)
        if len(found) != 1 or found[0].name != self.wanted.edition:
            raise UsageError(f"name one edition: {', '.join(one.name for one in found)}")
        package = redacted(self.package, found[0])
        listed = found[0].documents is None or self.document.id in found[0].documents
        if self.document.id not in package.raw or not listed:
            raise UsageError(f"the edition {self.wanted.edition} does not hold {self.document.id}")
        return content_digest(package, self.document.id)

    def _role(self, person: Any) -> str | None:
        """The role asked for, else the only one that the person holds and that the document waits for, or holds."""
        from ttpack.analysis.approvals.needed import needed_approvals, stands_for
        from ttpack.model.documents import Approval
        from ttpack.model.governance import Role

        if self.wanted.role is not None:
            if self.package.get(self.wanted.role, Role) is None:
                raise UsageError(f"there is no role {self.wanted.role[:60]!r} in this package")
            return self.wanted.role
        held = [one.id for one in self.package.in_force(Role) if person.id in {*one.holders, *one.deputies}]
        if len(held) > 1:

            def fits(role: str) -> bool:
                tried = Approval(kind="approval", id="APR-TRIED", role=role, meaning=self.wanted.meaning)
                return any(stands_for(self.package, tried, one) for one in needed_approvals(self.document))

            held = [role for role in held if fits(role)] or held
        if len(held) == 1:
            return held[0]
        if self.wanted.reference is not None and not held:
            return None
        roles = f"holds {', '.join(held)}: name one with --role" if held else "holds no role: nobody could tell as what"
        raise UsageError(f"{person.name} {roles}")

    def _refuse_content(self) -> None:
        """Raise UsageError where what is shown is not committed, or has errors."""
        from ttpack.analysis.controlled_documents.shown import content_digests
        from ttpack.cli.check import answered

        shown = {self.document.id, *content_digests(self.package, self.document.id)}
        changed = self._uncommitted(shown)
        if changed:
            raise UsageError(f"{', '.join(changed[:3])} is not committed: commit what is to be approved first")
        errors = [
            one for one in answered(self.tree, as_of_date(None, self.tree)).findings
            if one.severity == "error" and one.record in shown
        ]  # fmt: skip
        if errors:
            first = errors[0]
            more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
            place = f"{first.path}:{first.line}:{first.column}"
            raise UsageError(f"what {self.document.id} shows has errors: {place}: {first.code} {first.message}{more}")

    def _uncommitted(self, records: set[str]) -> list[str]:
        from ttpack.source.trees import changed_paths, git_tree

        if self.tree.repository is None or self.tree.revision.commit is None:
            return []
        locations = (self.package.locations.get(one) for one in records)
        files = {one.path for one in locations if one is not None}
        root = self.tree.root  # type: ignore[union-attr]  # without a revision it is a folder
        return sorted(files & changed_paths(git_tree(root, "HEAD"), self.tree))

    def _refuse_as_rules_do(self) -> None:
        """Raise UsageError with what the rules would find on the record, were its signature good."""
        from ttpack.model.documents import Approval
        from ttpack.rules.registry import Context, NotComputable, all_rules, as_outcome

        fields = self.fields if self.wanted.reference else {**self.fields, "signature": _SIGNED_LATER}
        new = Approval.model_validate(fields)
        for one in self.package.in_force(Approval):
            same = all(getattr(one, name) == getattr(new, name) for name in _SAME)
            if same and str(one.document_revision) == new.document_revision:
                raise UsageError(f"{one.id} says that already")
        package = replace(
            self.package,
            records=dict(sorted({**self.package.records, new.id: new}.items())),
            raw={**self.package.raw, new.id: fields},
        )
        context = Context(self.day, package=package, signatures={new.id: SignatureCheck("good")})
        for code in ("DOC-03", "DOC-02"):
            for outcome in map(as_outcome, all_rules()[code].function(package, context)):
                if outcome.place.record == new.id and not isinstance(outcome, NotComputable):
                    raise UsageError(f"{outcome.message} ({code})")


def _armoured(signature: Path | None) -> str:
    assert signature is not None  # noqa: S101  there is a key or a signature
    try:
        with signature.open("rb") as file:
            return file.read(_LARGEST).decode("ascii", "replace")
    except OSError as error:
        raise UsageError(f"{signature}: {error.strerror}") from None


def _moment(text: str) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise UsageError(f"{text[:40]!r} is no time with its zone; write it as 2026-11-30T09:30:00Z")
    return found


def _date(text: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return _moment(text).isoformat()
