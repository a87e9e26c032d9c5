"""Whether what a released edition says of its records, documents and approvals holds together."""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from ttpack.model.digest import record_digest
from ttpack.model.json_text import loads
from ttpack.publish.release import bag
from ttpack.publish.release.layout import DOCUMENTS

_NOT_WRITTEN = frozenset({"record_digest", "file", "body"})


def wrong_records(folder: Path, seen: Collection[str]) -> tuple[dict[str, str], int]:
    """What is wrong with the data of an edition, by path below its folder, and how many records it has.

    `seen` are the regular files of the edition: nothing else is opened, whatever the data names.
    Each record's digest is worked out anew, in the data of the package and in that of each document.
    """
    path = f"{bag.PAYLOAD}/package.json"
    data, wrong = _read(folder, path, seen), {}
    records = data.get("records")
    if not isinstance(records, list):
        return {path: "holds no records"}, 0
    bad = _bad(records)
    if bad:
        wrong[path] = f"the digests of these records are not theirs: {', '.join(bad[:5])}"
    return wrong, len(records)


def wrong_documents(folder: Path, record: Mapping[str, Any], seen: Collection[str]) -> tuple[dict[str, str], int]:
    """What is wrong with the data of controlled documents, by path, and how many there are."""
    wrong, stated = {}, record.get("documents")
    documents = [one for one in stated if isinstance(one, dict)] if isinstance(stated, list) else []
    for one in documents:
        path = f"{bag.PAYLOAD}/{DOCUMENTS}/{one.get('file_name')}.json"
        data = _read(folder, path, seen)
        said = data.get("document")
        if not isinstance(said, Mapping) or said.get("digest") != one.get("digest"):
            wrong[path] = "its content digest is not that of the release record"
            continue
        bad = _bad(data.get("records"))
        if bad:
            wrong[path] = f"the digests of these records are not theirs: {', '.join(bad[:5])}"
    return wrong, len(documents)


def _read(folder: Path, path: str, seen: Collection[str]) -> Mapping[str, Any]:
    if path not in seen:
        return {}
    try:
        value = loads((folder / path).read_text("utf-8"))
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, Mapping) else {}


def _bad(records: Any) -> list[str]:
    if not isinstance(records, list):
        return ["(none)"]
    found = []
    for one in records:
        if not isinstance(one, Mapping):
            found.append("(not a record)")
            continue
        body = one.get("body")
        raw = {name: value for name, value in one.items() if name not in _NOT_WRITTEN}
        if one.get("record_digest") != record_digest(raw, body if isinstance(body, str) else None):
            found.append(str(one.get("id")))
    return found
