"""The controlled documents of a package: what each is, its revisions, and the digest of what it shows."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from ttpack.analysis.controlled_documents.document_types import plain_name, standard_type
from ttpack.analysis.controlled_documents.shown import content_digests
from ttpack.model.digest import document_digest
from ttpack.model.documents import Approval, Document
from ttpack.model.package import Package
from ttpack.model.status import OUT_OF_FORCE

_RESERVED: Final = frozenset({
    "con", "prn", "aux", "nul", "index", "package", "release",
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(10)),
})  # fmt: skip
_LONGEST: Final = 80


@dataclass(frozen=True, slots=True)
class ControlledDocument:
    """A document as it is published: control data of its record, and what its content comes to.

    `digests` are those of the records that it shows or quotes, by id; `digest` is the content digest over them.
    `file_name` has no ending and is that of no other document of the package.
    """

    record: str
    number: str
    title: str
    document_type: str
    revision: str
    status: str
    owner: str
    effective_date: str
    supersedes: tuple[str, ...]
    audience: tuple[str, ...]
    file_name: str
    digests: Mapping[str, str]
    approvals: tuple[str, ...]

    @property
    def digest(self) -> str:
        """The content digest."""
        return document_digest(self.digests)

    @property
    def replaced(self) -> bool:
        """Whether it no longer counts."""
        return self.status in OUT_OF_FORCE


def controlled_documents(package: Package) -> tuple[ControlledDocument, ...]:
    """The documents of a package that it publishes itself, by number; not those kept elsewhere."""
    names = _file_names(package)
    found = [_document(package, one, names[one.id]) for one in package.of(Document) if not one.external]
    return tuple(sorted(found, key=lambda one: (one.number, one.record)))


def _document(package: Package, record: Document, file_name: str) -> ControlledDocument:
    given = record.supersedes
    supersedes = (given,) if isinstance(given, str) else tuple(given or ())
    name = record.document_type or ""
    return ControlledDocument(
        record=record.id,
        number=record.number or record.id,
        title=record.name,
        document_type=standard_type(name) or plain_name(name) or "document",
        revision=str(record.revision) if record.revision is not None else "",
        status=record.status or "draft",
        owner=record.owner or "",
        effective_date=record.effective_date.isoformat() if record.effective_date else "",
        supersedes=tuple(one for one in supersedes if one.casefold() != "none"),
        audience=tuple(record.audience or ("internal",)),
        file_name=file_name,
        digests=content_digests(package, record.id),
        approvals=tuple(one.id for one in approvals_of(package, record)),
    )


def approvals_of(package: Package, document: Document) -> Iterator[Approval]:
    """The approvals in force of the document's present revision; one that names no revision is of the present one."""
    revision = document.revision
    for approval in package.in_force(Approval):
        of = approval.document_revision
        if approval.document == document.id and (of is None or revision is None or str(of) == str(revision)):
            yield approval


def _file_names(package: Package) -> Mapping[str, str]:
    """A file name for each document, of letters, digits and hyphens, from its number; by record id."""
    taken: set[str] = set()
    names = {}
    for document in package.of(Document):
        base = _slug(document.number or "") or _slug(document.id) or "document"
        if base in _RESERVED:
            base = f"document-{base}"
        name, count = base, 1
        while name in taken:
            count += 1
            name = f"{base}-{count}"
        taken.add(name)
        names[document.id] = name
    return names


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:_LONGEST].strip("-")
