"""The part of a package that a controlled document may speak of: its records, and of all others only their titles."""

from collections.abc import Collection
from dataclasses import replace

from ttpack.analysis.controlled_documents.layout import STATE_FIELDS
from ttpack.model.digest import NOT_CONTENT
from ttpack.model.documents import Package as PackageRecord
from ttpack.model.package import Package, RevisionInfo
from ttpack.model.record import Record


def extract(package: Package, records: Collection[str], *, with_status: bool = False) -> Package:
    """The package as a document that shows `records` knows it.

    Of every other record only id and title stand in it, so that a link has words; of those shown nothing that their
    digests leave out (status, revision, dates). What a view makes of it can rest on nothing that the document's content
    digest does not cover; `with_status` is for a document that digests the status of its records in its own words.
    """
    left_out = NOT_CONTENT - frozenset(STATE_FIELDS) if with_status else NOT_CONTENT
    found: dict[str, Record] = {}
    raw = {}
    for record_id, record in package.records.items():
        if record_id in records:
            found[record_id] = record.model_copy(update=_uncovered(record, left_out))
            raw[record_id] = {key: value for key, value in package.raw[record_id].items() if key not in left_out}
        else:
            found[record_id] = Record.model_construct(kind=record.kind, id=record.id, title=record.title)
    named = package.manifest
    own = found.get(named.id)
    manifest = own if isinstance(own, PackageRecord) else PackageRecord.model_validate({
        "kind": "package", "id": named.id, "title": named.title, "schema_version": named.schema_version,
    })  # fmt: skip
    return replace(
        package,
        manifest=manifest,
        records=found,
        raw=raw,
        revision=RevisionInfo("document"),
        with_prose_references=package.with_prose_references & frozenset(records),
        unreadable_ids=frozenset(),
        not_computable=(),
    )


def _uncovered(record: Record, left_out: Collection[str]) -> dict[str, object]:
    """The fields to be left out, with what they are where nobody fills them in."""
    fields = type(record).model_fields
    return {name: fields[name].get_default() for name in sorted(left_out) if name in fields}
