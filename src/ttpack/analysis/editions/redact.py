"""The package as the readers of an edition may know it: made by allow-list, before any page exists."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pydantic import ValidationError

from ttpack.analysis.editions.allowed_fields import cleaner
from ttpack.analysis.editions.edition import Edition
from ttpack.analysis.editions.hidden_names import HiddenNames, hidden_names
from ttpack.analysis.readers import INTERNAL
from ttpack.model.documents import Package as PackageRecord
from ttpack.model.fields import audience
from ttpack.model.ids import NOT_HERE, overlay_parts
from ttpack.model.kinds import KINDS
from ttpack.model.package import Package, RevisionInfo
from ttpack.model.record import Record

_NEUTRAL_TITLE = "Technology transfer package"
_LEAST_HASH = 7
_OF_ITS_EDITION = frozenset({"digest", "signature"})


def readable(record: Record, edition: Edition) -> bool:
    """Whether the edition's readers may read the record; one without labels is internal."""
    return edition.internal or not edition.labels.isdisjoint(frozenset(record.audience or ()) - {INTERNAL})


def redacted(package: Package, edition: Edition, withheld: Collection[str] = ()) -> Package:
    """The package with only what the edition's readers may read; the package itself for the internal edition.

    Records they may not read are gone, and so are their ids wherever others name them, fields for internal eyes and
    extensions. A record that is no longer valid without what it named is gone as a whole. `withheld` are further ids
    that the edition does not have: an earlier revision tells nothing that a later one withholds.
    """
    if edition.internal:
        return package
    others = package.unreadable_ids | frozenset(withheld)
    kept = {one.id for one in package.records.values() if readable(one, edition)} - others
    kept = _standing(kept, package.records.keys() | others)
    while True:
        names = _names(package, kept, others)
        cleaned = {one: _cleaned(package, one, names, edition.name) for one in package.records if one in kept}
        valid = {record_id: found for record_id, found in cleaned.items() if found is not None}
        if len(valid) == len(kept):
            return _package(package, valid, names)
        kept = _standing(set(valid), package.records.keys() | others)


def without_internal_fields(package: Package) -> Package:
    """All records of the package, without the fields that no edition but the internal one has."""
    names = _names(package, set(package.records), frozenset())
    found = {one: _cleaned(package, one, names) or _Cleaned(package.records[one], {}) for one in package.records}
    records, raw = {one: item.record for one, item in found.items()}, {one: item.raw for one, item in found.items()}
    return replace(package, records=records, raw=raw)


@dataclass(frozen=True, slots=True)
class _Cleaned:
    record: Record
    raw: Mapping[str, Any]


def _standing(kept: set[str], known: Collection[str]) -> set[str]:
    """Those of the ids that stand without the others: what one site overlays goes with the record and the site."""
    gone = set(known) - kept
    return {one for one in kept if one != NOT_HERE and gone.isdisjoint(filter(None, overlay_parts(one)))}


def _names(package: Package, kept: set[str], others: frozenset[str]) -> HiddenNames:
    formerly = {record.id: _ids(record.formerly) for record in package.records.values() if record.formerly}
    removed = (package.records.keys() | others) - kept
    hidden, stay = hidden_names(formerly, removed, kept)

    def withheld(record_id: str, path: str) -> bool:
        record = package.records.get(record_id)
        return record is not None and bool(path) and audience(record.kind, path) == INTERNAL

    return HiddenNames(hidden, stay, withheld)


def _ids(value: tuple[str, ...] | str | None) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else value or ()


def _cleaned(package: Package, record_id: str, names: HiddenNames, edition: str = "") -> _Cleaned | None:
    """A record without what is withheld; None where what is left is no valid record."""
    record, raw = package.records[record_id], package.raw[record_id]
    found = cleaner(type(record))(raw, names)
    if edition and record.kind == "approval" and found.get("edition") != edition:
        # made of what another edition holds: who guesses what is withheld could see here that the guess is right
        found = {name: value for name, value in found.items() if name not in _OF_ITS_EDITION}
    body = names.without(record.body) if record.body else record.body
    if found is raw and body == record.body:
        return _Cleaned(record, raw)
    found = _labelled(found)
    if found.get("proposal") is not raw.get("proposal"):
        # it was worked out on everything, and its digests are over everything: part of it would be another one
        found.pop("proposal", None)
    given = found if body is None else {**found, "body": body}
    try:
        return _Cleaned(KINDS[record.kind].model_validate(given), found)
    except ValidationError:
        return None


def _labelled(raw: Mapping[str, Any]) -> dict[str, Any]:
    """The record without labels for parties, and without earlier ids, that the edition does not know."""
    found = dict(raw)
    for name in ("audience", "formerly"):
        given = found.get(name)
        if isinstance(given, list):
            found[name] = [one for one in given if NOT_HERE not in str(one)]
        if given == NOT_HERE or found.get(name) == []:
            del found[name]
    return found


def _package(package: Package, valid: Mapping[str, _Cleaned], names: HiddenNames) -> Package:
    """The package of the records left. What a load learnt besides tells of files, so none of it stays by default."""
    records = {record_id: one.record for record_id, one in valid.items()}
    files = {attachment.file for record in records.values() for attachment in record.attachments}
    return Package(
        manifest=_manifest(package, records),
        records=records,
        raw={record_id: one.raw for record_id, one in valid.items()},
        locations={},
        revision=_revision(package.revision, names),
        attachments={file: digest for file, digest in package.attachments.items() if file in files},
        with_prose_references=package.with_prose_references & records.keys(),
        readable=package.readable,
    )


def _manifest(package: Package, records: Mapping[str, Record]) -> PackageRecord:
    """The package record as the edition has it; else only which sites that it has have passed which gate."""
    own = records.get(package.manifest.id)
    if isinstance(own, PackageRecord):
        return own
    manifest = package.manifest
    return PackageRecord.model_validate({
        "kind": "package",
        "id": NOT_HERE,
        "title": _NEUTRAL_TITLE,
        "schema_version": manifest.schema_version,
        "gates": {site: gate for site, gate in manifest.gates.items() if site in records},
        "receiving_sites": _those(manifest.receiving_sites, records),
        "sending_sites": _those(manifest.sending_sites, records),
    })  # fmt: skip


def _those(ids: Iterable[str], records: Mapping[str, Record]) -> tuple[str, ...]:
    return tuple(one for one in ids if one in records)


def _revision(revision: RevisionInfo, names: HiddenNames) -> RevisionInfo:
    """The name under which people know the revision, never its commit."""
    name = revision.name
    hexadecimal = len(name) >= _LEAST_HASH and set(name.casefold()) <= set("0123456789abcdef")
    if hexadecimal or (revision.commit and revision.commit.startswith(name)):
        return RevisionInfo("revision without a name")
    return replace(revision, name=names.without(name), commit=None, committed=None)
