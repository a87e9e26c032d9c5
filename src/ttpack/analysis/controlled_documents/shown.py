"""What a controlled document shows, and the digest of it (format.md, "Digests")."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ttpack.analysis.controlled_documents.layout import (
    STATE_FIELDS,
    Layout,
    Records,
    layout,
    own_sections,
    type_sections,
)
from ttpack.analysis.controlled_documents.sections import Raw
from ttpack.model.digest import document_digest, record_digest
from ttpack.model.graph import prose_references, strings
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.pictures import is_picture


@dataclass(frozen=True)
class PackageRecords:
    """The records of a package as layouts read them."""

    package: Package

    def of_kind(self, *kinds: str) -> list[tuple[str, Raw]]:
        """All records of some kinds with their ids, in the order of ids."""
        found = (one for kind in dict.fromkeys(kinds) for one in self.package.raw_by_kind.get(kind, ()))
        return sorted(found, key=lambda one: one[0])

    def get(self, record: str | None) -> Raw:
        """A record; an empty mapping where there is none."""
        return self.package.raw.get(record or "", {})

    def quoted_by(self, records: Iterable[str]) -> frozenset[str]:
        """The records whose values the texts of these records print."""
        package = self.package
        found: set[str] = set()
        for record in package.with_prose_references.intersection(records):
            texts = (*strings(package.raw.get(record, {})), ("body", _body(package, record)))
            found |= {target for _, text in texts for target, prints in prose_references(text) if prints}
        return with_bases(found, package.raw)


def with_bases(records: Iterable[str], known: Mapping[str, Any]) -> frozenset[str]:
    """Those that are known, and what overlays among them stand over: a value that a site does not replace is its."""
    return frozenset(one for record in records for one in (record, overlay_parts(record)[0]) if one in known)


def _body(package: Package, record: str) -> str:
    found = package.records.get(record)
    return (found.body if found else None) or ""


def shown_records(raw: Mapping[str, Any], body: str = "", records: Records | None = None) -> frozenset[str]:
    """Ids of the records that a document shows or quotes; not transitive, but for values that shown texts print.

    Without `records` only those that the document itself names: its `shows` and what its text links.
    """
    if records is not None:
        return layout(raw, body, records).records
    shows = raw.get("shows") or ()
    quoted = (target for _, text in (*strings(raw), ("body", body)) for target, _ in prose_references(text))
    return frozenset((*(one for one in shows if isinstance(one, str)), *quoted))


def own_words(raw: Raw, body: str, records: Records) -> Raw:
    """What a document says in words of its own, as a record to be digested; empty where it only shows records.

    Its text, its own sections, and the status of records where it reports on that, are content; its note and
    description are remarks on the record, in no document.
    """
    given = own_sections(raw) or tuple(one for one in type_sections(raw, records) if one.text)
    found: dict[str, Any] = {}
    if given:
        found["sections"] = [
            {"title": one.title, "text": one.text, "view": one.view, "fields": list(one.fields)} for one in given
        ]
    if body:
        found["body"] = body
    laid = layout(raw, body, records)
    if laid.with_status:
        states = {record: _state(records.get(record)) for record in sorted(laid.shown)}
        found["states"] = {record: state for record, state in states.items() if state}
    return found


def _state(raw: Raw) -> Raw:
    return {name: raw[name] for name in STATE_FIELDS if raw.get(name)}


def document_layout(package: Package, document: str) -> Layout:
    """The layout of a document of a package. Raises KeyError where the package has none of that id."""
    return layout(package.raw[document], _body(package, document), PackageRecords(package))


def content_digests(package: Package, document: str) -> Mapping[str, str]:
    """The digest of each record that a document shows or quotes, and its own where it has words of its own."""
    records = PackageRecords(package)
    raw, body = package.raw[document], _body(package, document)
    found = {}
    for record_id in layout(raw, body, records).records:
        if record_id in package.raw:
            found[record_id] = record_digest(package.raw[record_id], _body(package, record_id))
    words = own_document_words(package, document)
    if words:
        found[document] = record_digest(words)
    return found


def own_document_words(package: Package, document: str) -> Raw:
    """What `own_words` says of a document of a package, and the digests of the pictures that it shows."""
    raw, body, records = package.raw[document], _body(package, document), PackageRecords(package)
    shown = (package.records.get(one) for one in sorted(layout(raw, body, records).shown))
    pictures = {
        one.file: package.attachments[one.file]
        for record in shown if record is not None
        for one in record.attachments
        if one.alternative_text and is_picture(one.file) and one.file in package.attachments
    }  # fmt: skip
    found = own_words(raw, body, records)
    return {**found, "pictures": pictures} if pictures else found


def content_digest(package: Package, document: str) -> str:
    """The document digest of a document of a package. Raises KeyError where the package has none of that id."""
    return document_digest(content_digests(package, document))


def accepted_digests(package: Package, document: str) -> tuple[str, ...]:
    """The digests that an approval of the present content may state, the one that ttpack states first.

    format.md's own, over the records that a document lists and quotes and nothing else, counts as well: packages that
    are written elsewhere state that. It does not cover the document's own words, nor values that shown texts print.
    """
    listed = shown_records(package.raw[document], _body(package, document))
    digests = {one: record_digest(package.raw[one], _body(package, one)) for one in listed if one in package.raw}
    found = (content_digest(package, document), *((document_digest(digests),) if digests else ()))
    return tuple(dict.fromkeys(found))
