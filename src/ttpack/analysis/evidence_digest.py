"""The digest of the records that something rests on, so that what changed after it was judged is seen."""

from collections.abc import Iterable

from ttpack.model.digest import document_digest, record_digest
from ttpack.model.package import Package


def evidence_digest(package: Package, record_ids: Iterable[str]) -> str | None:
    """SHA-256, in hex, of the records named, in whatever order and however often (format.md, "Digests").

    It changes with what they say, not with their status, revision or approvals, nor with records they refer to.
    None where no record is named, or one that the package does not hold: then nothing can be told.
    """
    named = {*record_ids}
    if not named or not named <= package.records.keys() & package.raw.keys():
        return None
    return document_digest({name: record_digest(package.raw[name], package.records[name].body) for name in named})


def absent_records(package: Package, record_ids: Iterable[str]) -> tuple[str, ...]:
    """The ids among these that the package does not hold, each once, in the order given."""
    return tuple(name for name in dict.fromkeys(record_ids) if name not in package.records)
