"""Rules on document control (DOC); those on references, glossary and required records stand in modules of their own."""

from collections.abc import Iterator

from ttpack.model.documents import Document
from ttpack.model.package import Package
from ttpack.rules import (
    document_content,
    document_sections,
    glossary,
    partner_view,
    pictures,
    references,
    required_records,
    signatures,
)
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

__all__ = [  # imported for the rules they register
    "document_content", "document_sections", "glossary", "partner_view", "pictures", "references", "required_records",
    "signatures",
]  # fmt: skip

FLOW = ("draft", "in_review", "approved", "effective", "superseded", "withdrawn")
IN_PREPARATION = frozenset({"draft", "in_review"})
NOTHING = frozenset({None})


@rule("DOC-01", COMPLETENESS, basis="EU GMP Ch.4; 21 CFR 211.186; ICH Q7", from_gate="G1")
def document_not_controlled(package: Package, context: Context) -> Iterator[Outcome]:
    """A controlled document lacks revision, status, owner, effective date or predecessor, or its status ran back.

    The effective date is asked for from approval on; a first revision supersedes "none". Against the baseline a
    revision may return from review to draft, and otherwise only go forward.
    Why: a page without these is a page of which nobody can say whether it applies.
    Resolve: complete the document; give a new revision where an approved one has to change.
    """
    for document in package.of(Document):
        if document.external:
            continue
        given = {
            "revision": document.revision,
            "status": document.status,
            "owner": document.owner,
            "supersedes": "none" if document.supersedes is not None else None,
            "effective_date": document.effective_date or document.status in {None, *IN_PREPARATION},
        }
        missing = [name for name, value in given.items() if not value]
        if missing:
            words = {"effective_date": "effective date", "supersedes": "document that it supersedes (or none)"}
            names = ", ".join(words.get(name, name) for name in missing)
            yield document.at(missing[0] if len(missing) == 1 else ""), f"{document.name} states no {names}"
        if document.status == "effective" and document.effective_date and document.effective_date > context.as_of:
            message = f"{document.name} is effective, but its effective date {document.effective_date} is yet to come"
            yield document.at("effective_date"), message
        yield from _ran_back(document, context.baseline)


def _ran_back(document: Document, baseline: Package | None) -> Iterator[Outcome]:
    before = baseline.get(document.id, Document) if baseline else None
    if before is None or before.status is None or document.status is None or before.revision != document.revision:
        return
    returned = before.status in IN_PREPARATION and document.status in IN_PREPARATION
    if FLOW.index(document.status) < FLOW.index(before.status) and not returned:
        message = (
            f"revision {document.revision} of {document.name} was {_words(before.status)} and is now "
            f"{_words(document.status)}: a status does not run back"
        )
        yield document.at("status"), message


def _words(status: str) -> str:
    return status.replace("_", " ")
