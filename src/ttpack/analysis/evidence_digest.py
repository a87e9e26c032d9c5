"""The digest of the records that something rests on, so that what changed after it was judged is seen."""

from collections.abc import Iterable

from ttpack.model.digest import document_digest, record_digest
from ttpack.model.package import Package


class EvidenceDigests:
    """Digests of evidence in one package, that of each record worked out once: many items name few records."""

    def __init__(self, package: Package) -> None:
        """Remember nothing yet."""
        self._package = package
        self._found: dict[str, str] = {}

    def of(self, record_ids: Iterable[str]) -> str | None:
        """SHA-256, in hex, of the records named, in whatever order and however often (format.md, "Digests").

        It changes with what they say, not with their status, revision or approvals, nor with records they refer to.
        None where no record is named, or one that the package does not hold: then nothing can be told.
        """
        named = {*record_ids}
        if not named or not all(name in self._package.records and name in self._package.raw for name in named):
            return None
        return document_digest({name: self._record(name) for name in named})

    def _record(self, name: str) -> str:
        if name not in self._found:
            self._found[name] = record_digest(self._package.raw[name], self._package.records[name].body)
        return self._found[name]


def evidence_digest(package: Package, record_ids: Iterable[str]) -> str | None:
    """The digest of these records, as `EvidenceDigests` gives it."""
    return EvidenceDigests(package).of(record_ids)


def absent_records(package: Package, record_ids: Iterable[str]) -> tuple[str, ...]:
    """The ids among these that the package does not hold, each once, in the order given."""
    return tuple(name for name in dict.fromkeys(record_ids) if name not in package.records)
