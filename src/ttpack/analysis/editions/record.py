"""What a release records about the redaction of an edition, so that it can be shown later what was left out."""

from collections.abc import Iterable
from typing import Any

from ttpack.analysis.editions.edition import Edition
from ttpack.model.digest import document_digest, record_digest
from ttpack.model.package import Package

POLICY = "allow-list 1"
"""Name of the rules by which editions are made; another version may hold other things."""


def redaction_record(held: Package, edition: Edition) -> dict[str, Any]:
    """What the edition's own manifest says: its labels, the policy, and a digest over the records as it holds them.

    `held` is the package as the edition has it. Nothing here tells what or how much was left out.
    """
    return {
        "edition": edition.name,
        "labels": sorted(edition.labels),
        "policy": POLICY,
        "digest": _digest(held, held.records),
    }


def withheld_record(package: Package, held: Package, edition: Edition) -> dict[str, Any]:
    """What the internal manifest says of another edition: besides its own record, what was withheld.

    `withheld` are the ids of the records it lacks, with a digest over them as they were; `reduced` are the ids of the
    records it has without some of their fields or words.
    """
    gone = [record_id for record_id in package.records if record_id not in held.records]
    return {
        **redaction_record(held, edition),
        "withheld": {"records": gone, "digest": _digest(package, gone)},
        "reduced": [
            record_id for record_id, record in held.records.items()
            if held.raw[record_id] != package.raw[record_id] or record.body != package.records[record_id].body
        ],
    }  # fmt: skip


def _digest(package: Package, ids: Iterable[str]) -> str:
    return document_digest({one: record_digest(package.raw[one], package.records[one].body) for one in ids})
