"""The rule on what controlled documents say: a content that is approved does not change (DOC-02).

The content digest is that of the records that a document shows or quotes (format.md, "Digests").
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from ttpack.analysis.change_coverage import ChangeSince
from ttpack.analysis.controlled_documents.documents import approvals_of
from ttpack.analysis.controlled_documents.shown import accepted_digests, content_digests
from ttpack.analysis.editions.edition import INTERNAL_EDITION, editions
from ttpack.analysis.editions.redact import redacted
from ttpack.model.digest import document_digest
from ttpack.model.documents import Approval, Document
from ttpack.model.findings import Place, Problem
from ttpack.model.package import Package
from ttpack.model.status import APPROVED
from ttpack.rules.answer import RELEASE
from ttpack.rules.registry import CONSISTENCY, Context, NotComputable, Outcome, rule

NAMED: Final = 5
"""How many of many changed records a message names."""
SHORT: Final = 12
"""So many digits of a digest tell it from any other in a message."""


@rule("DOC-02", CONSISTENCY, basis="21 CFR 11.70, 11.10(c); Annex 11")
def approved_content_changed(package: Package, context: Context) -> Iterator[Outcome]:
    """An approved or effective document no longer says what it states, what was approved, or what its revision said.

    Its content digest is compared with the one that it states itself (`digest`, and that of its present revision in
    `revisions`), and with those of its approvals in force of this revision, each in the edition that it names (the
    internal one by default). Against the baseline, else against the last approved revision of the package, a content
    that changed asks for a new revision of the document: a warning until the package is released.
    Why: whoever signed the page did not sign what it says now, and two different pages carry one revision.
    Resolve: give the document a new revision and have it approved, or take back what changed in the records it shows.
    """
    contents = _Contents(package)
    for document in package.of(Document):
        if document.external or document.status not in APPROVED:
            continue
        found = list(_stated(contents, document))
        wrong = {_digest_at(document, place.field) for place, *_ in found}
        yield from found
        for approval in approvals_of(package, document):
            if approval.digest and approval.digest not in wrong:
                yield from _approved(contents, document, approval)
        if not found:
            yield from _since(package, document, context)


@dataclass
class _Contents:
    """The content digests of documents, in each edition of the package."""

    package: Package
    known: dict[str, Package] = field(default_factory=dict)

    def digests(self, document: str, edition: str = INTERNAL_EDITION.name) -> tuple[str, ...] | None:
        """The digests that count in an edition, ours first; None: no such edition; empty: it lacks the document."""
        if edition == INTERNAL_EDITION.name:
            self.known[edition] = self.package
        if edition not in self.known:
            found = next((one for one in editions(self.package) if one.name == edition), None)
            if found is None:
                return None
            self.known[edition] = redacted(self.package, found)
        package = self.known[edition]
        return accepted_digests(package, document) if document in package.raw else ()


def _digest_at(document: Document, field: str) -> str | None:
    if field == "digest":
        return document.digest
    return next((line.digest for place, line in enumerate(document.revisions) if f"revisions[{place}]" in field), None)


def _stated(contents: _Contents, document: Document) -> Iterator[tuple[Place, str, str]]:
    """Digests that the document states of its present content and that are not its own."""
    stated = [("digest", document.digest)]
    for place, line in enumerate(document.revisions):
        if document.revision is not None and str(line.revision) == str(document.revision):
            stated.append((f"revisions[{place}].digest", line.digest))
    if not any(digest for _, digest in stated):
        return
    right = contents.digests(document.id) or ("",)
    now = right[0]
    for where, digest in stated:
        if digest and digest not in right:
            message = f"{document.name} states the content digest {digest[:SHORT]}, and what it shows has {now[:SHORT]}"
            yield document.at(where), message, f"a new revision of {document.id} states digest: {now}"
            return


def _approved(contents: _Contents, document: Document, approval: Approval) -> Iterator[Outcome]:
    """An approval of another content than the document has in the edition approved."""
    edition = approval.edition or INTERNAL_EDITION.name
    right = contents.digests(document.id, edition)
    if right is None:
        yield NotComputable(approval.at("edition"), f"there is no edition {edition!r} in which it could be approved")
    elif approval.digest not in right:
        now = right[0] if right else ""
        of = f"in the edition {edition} " if edition != INTERNAL_EDITION.name else ""
        has = f"has {now[:SHORT]}" if now else "does not exist"
        message = (
            f"{approval.name} approves revision {document.revision} of {document.name} with content digest "
            f"{(approval.digest or '')[:SHORT]}, and its content {of}{has}"
        )
        yield approval.at("digest"), message, f"have the content with digest {now} approved" if now else ""


def _since(package: Package, document: Document, context: Context) -> Iterator[Problem]:
    """The content changed since an earlier revision of the package, and the document's revision did not."""
    if context.baseline is not None:
        before = context.baseline.get(document.id, Document)
        if before is None or before.status not in APPROVED or str(before.revision) != str(document.revision):
            return
        was, now = content_digests(context.baseline, document.id), content_digests(package, document.id)
        changed = sorted(name for name in was.keys() | now.keys() if was.get(name) != now.get(name))
        known = "the baseline"
    elif isinstance(context.change, ChangeSince):
        since = context.change
        if document.id in since.revised:
            return
        shown = content_digests(package, document.id)
        added = {one.change.record for one in since.changes if one.change.kind == "record_added"}
        if document.id in added:
            return
        changed = sorted({one.change.record for one in since.changes} & shown.keys() - {document.id})
        known = since.revision
    else:
        return
    if changed:
        message = (
            f"{document.name}: its content changed since {known} without a new revision: {_named(changed)} changed, "
            f"and the document is still revision {document.revision}"
        )
        digest = document_digest(content_digests(package, document.id))
        fix = f"give {document.id} a new revision, with a line in `revisions`; its content digest is now {digest}"
        yield Problem(document.at("revision"), message, fix, from_gate=RELEASE, kind="completeness")


def _named(records: Sequence[str]) -> str:
    named = ", ".join(records[:NAMED])
    left = len(records) - NAMED
    return f"{named} and {left} more" if left > 0 else named
