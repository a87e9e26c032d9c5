"""What a controlled document shows, and the digest of it (format.md, "Digests")."""

from collections.abc import Mapping
from typing import Any

from ttpack.model.digest import document_digest, record_digest
from ttpack.model.graph import prose_references, strings
from ttpack.model.package import Package


def shown_records(raw: Mapping[str, Any], body: str = "") -> frozenset[str]:
    """Ids of the records that a document shows or quotes: its `shows` and what its text links; not transitive."""
    shows = raw.get("shows") or ()
    quoted = (target for _, text in (*strings(raw), ("body", body)) for target, _ in prose_references(text))
    return frozenset((*(one for one in shows if isinstance(one, str)), *quoted))


def content_digest(package: Package, document: str) -> str:
    """The document digest of a document of a package. Raises KeyError where the package has none of that id."""
    found = {}
    for record_id in shown_records(package.raw[document], package.records[document].body or ""):
        if record_id in package.raw:
            found[record_id] = record_digest(package.raw[record_id], package.records[record_id].body)
    return document_digest(found)
