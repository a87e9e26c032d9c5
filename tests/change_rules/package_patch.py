"""A package held in memory: tests/packages/minimal as raw records, patched as a case says."""

import re
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from ttpack.model.json_text import dumps
from ttpack.source.documents import read_yaml
from ttpack.source.trees import MANIFEST, MemoryTree

MINIMAL = Path(__file__).parent.parent / "packages" / "minimal"
PATCH_KEYS = {"set", "add", "remove", "rename", "move", "reorder"}
STEP = re.compile(r"([A-Za-z0-9_-]+(?:@[A-Z0-9-]+)?)|\[(\d+)\]")
Raw = dict[str, Any]


@cache
def minimal() -> dict[str, Raw]:
    """The base package as written, by id; the manifest is one of its records."""
    paths = [MINIMAL / MANIFEST, *sorted((MINIMAL / "records").rglob("*.yaml"))]
    raws = (raw.data for path in paths for raw in read_yaml(path.read_bytes(), path.name))
    return {raw["id"]: raw for raw in raws}


def changed(target: Any, path: str, value: Any) -> None:
    """Set a dotted field (`effects[0].strength`) of a raw record; None deletes it."""
    steps = [name or int(index) for name, index in STEP.findall(path)]
    for step, following in pairwise(steps):
        if isinstance(step, str) and step not in target:
            target[step] = [] if isinstance(following, int) else {}
        target = target[step]
    last = steps[-1]
    if value is None:
        del target[last]
    elif isinstance(target, list) and last == len(target):
        target.append(value)
    else:
        target[last] = value


class PackageOfCase:
    """Raw records with the file each stands in."""

    def __init__(self) -> None:
        self.records: dict[str, Raw] = dict(minimal())
        self.files: dict[str, str] = {}

    def patch(self, given: Mapping[str, Any]) -> None:
        """Apply `rename`, then `remove`, `add`, `set`, `reorder` and `move`; every one is a mapping or a list."""
        assert set(given) <= PATCH_KEYS, f"unknown keys {set(given) - PATCH_KEYS}"
        for old, new in given.get("rename", {}).items():
            self._rename(old, new)
        for record_id in given.get("remove", ()):
            del self.records[record_id]
        for raw in given.get("add", ()):
            assert raw["id"] not in self.records, f"{raw['id']} is there already: use set"
            self.records[raw["id"]] = raw
        for record_id, fields in given.get("set", {}).items():
            raw = deepcopy(self.records[record_id])
            for path, value in fields.items():
                changed(raw, path, value)
            self.records[record_id] = raw
        for record_id in given.get("reorder", ()):
            self.records[record_id] = dict(reversed(self.records[record_id].items()))
        self.files |= given.get("move", {})

    def _rename(self, old: str, new: str) -> None:
        """Give a record another id with `formerly`, and its new id to whatever names it."""
        name = re.compile(rf"(?<![A-Z0-9-]){old}(?![A-Z0-9-])")
        self.records = {name.sub(new, record_id): _renamed(raw, name, new) for record_id, raw in self.records.items()}
        self.records[new]["formerly"] = old

    def tree(self) -> MemoryTree:
        """The package as files, one for each record (JSON is YAML)."""
        manifest = next(record_id for record_id, raw in self.records.items() if raw["kind"] == "package")
        names = {record_id: self.files.get(record_id, f"records/{record_id}.yaml") for record_id in self.records}
        names[manifest] = MANIFEST
        return MemoryTree({names[record_id]: _text(raw) for record_id, raw in self.records.items()})


def _renamed(value: Any, name: re.Pattern[str], new: str) -> Any:
    if isinstance(value, str):
        return name.sub(new, value)
    if isinstance(value, Mapping):
        return {key: _renamed(item, name, new) for key, item in value.items()}
    return [_renamed(item, name, new) for item in value] if isinstance(value, list) else value


def _text(raw: Raw) -> bytes:
    return dumps(raw).encode()
