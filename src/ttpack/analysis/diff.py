"""The semantic difference of two revisions: by id and field, aware of units, ranges, references and prose.

Where records lie, the order of keys and lists, the wrapping of prose and the unit a value is written in make no
semantic change; each is still reported, as editorial.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from ttpack.analysis.change import EDITORIAL, Change, ChangeKind, Direction
from ttpack.analysis.range_change import Units, number_change, range_change
from ttpack.model.digest import collapsed
from ttpack.model.fields import significance
from ttpack.model.ids import is_record_id
from ttpack.model.units import DefinesUnit

RANK = {"editorial": 0, "minor": 1, "moderate": 2, "major": 3}
_KEYS = ("ref", "id", "site", "name", "parameter", "attribute", "about", "facet", "party", "gate", "role", "material")
_RANGE_ENDS = frozenset({"low", "high", "low_inclusive", "high_inclusive", "unit"})


@dataclass(frozen=True)
class Side:
    """One revision as diff needs it: raw records and bodies by id, files by id, the package's own units."""

    records: Mapping[str, Mapping[str, Any]]
    paths: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    own_units: Mapping[str, DefinesUnit] = field(default_factory=dict)


def diff(before: Side, after: Side) -> list[Change]:
    """All changes from `before` to `after`, in the order of records and fields; empty for equal revisions."""
    changes: list[Change] = []
    renamed = _renamed(before, after)
    names = {old: new for new, old in renamed.items()}
    for record_id in sorted({*before.records, *after.records}):
        old, new = before.records.get(record_id), after.records.get(record_id)
        if new is None and record_id in names:
            continue
        if new is not None and record_id in renamed:
            old = before.records[renamed[record_id]]
            changes.append(_whole(record_id, new, "record_renamed", "renamed", renamed[record_id], record_id))
        if old is None and new is not None:
            changes.append(_whole(record_id, new, "record_added", "added", None, new.get("title") or record_id))
        elif new is None and old is not None:
            changes.append(_whole(record_id, old, "record_removed", "removed", old.get("title") or record_id, None))
        elif old is not None and new is not None:
            changes.extend(_record_changes(record_id, renamed.get(record_id, record_id), before, after, names))
    return changes


def _renamed(before: Side, after: Side) -> dict[str, str]:
    """New ids with the old id that their `formerly` names, where the old id is gone."""
    found = {}
    for record_id, raw in after.records.items():
        formerly = raw.get("formerly")
        for old in [formerly] if isinstance(formerly, str) else formerly or ():
            if old in before.records and old not in after.records and record_id not in before.records:
                found[record_id] = old
    return found


def _whole(  # noqa: PLR0913, PLR0917  the parts of one change
    record_id: str, raw: Mapping[str, Any], kind: ChangeKind, direction: Direction, before: Any, after: Any
) -> Change:
    weight = "editorial" if direction in EDITORIAL else "moderate"
    return Change(record_id, str(raw.get("kind", "")), "", kind, before, after, direction, weight)


def _record_changes(
    record_id: str, old_id: str, before: Side, after: Side, names: Mapping[str, str]
) -> Iterator[Change]:
    old, new = before.records[old_id], after.records[record_id]
    old_path, new_path = before.paths.get(old_id, ""), after.paths.get(record_id, "")
    kind = str(new.get("kind", ""))
    if old_path != new_path:
        yield Change(record_id, kind, "", "record_moved", old_path, new_path, "moved", "editorial")
    bodies = before.bodies.get(old_id, ""), after.bodies.get(record_id, "")
    if old is new or (old == new and bodies[0] == bodies[1] and _same_lexemes(old, new)):
        return
    walk = _Walk(record_id, kind, Units(old, before.own_units), Units(new, after.own_units), names)
    ignored = {"id", "formerly", "kind"} if old_id != record_id else {"id", "kind"}
    if old.get("kind") != new.get("kind"):
        yield walk.change("kind", "value_changed", old.get("kind"), new.get("kind"))
    yield from walk.mapping(
        "", {k: v for k, v in old.items() if k not in ignored}, {k: v for k, v in new.items() if k not in ignored}
    )
    yield from walk.value("body", *bodies)


def _same_lexemes(old: Any, new: Any) -> bool:
    if isinstance(old, Mapping):
        return all(_same_lexemes(old[key], new[key]) for key in old)
    if isinstance(old, list):
        return all(map(_same_lexemes, old, new))
    return not isinstance(old, Decimal | int) or str(old) == str(new)


class _Walk:
    """Compares two raw values of one record; it holds the record's two units scopes, nothing else."""

    def __init__(self, record_id: str, kind: str, old: Units, new: Units, names: Mapping[str, str]) -> None:
        self.record_id, self.kind, self.old, self.new, self.names = record_id, kind, old, new, names

    def change(self, path: str, kind: ChangeKind, before: Any, after: Any, **more: Any) -> Change:
        direction = more.get("direction", "")
        weight = "editorial" if direction in EDITORIAL else significance(self.kind, path)
        return Change(self.record_id, self.kind, path, kind, before, after, significance=weight, **more)

    def mapping(self, path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
        keys = list(dict.fromkeys((*old, *new)))
        if path and (_RANGE_ENDS - {"unit"}) & set(keys):
            yield from range_change(self, path, old, new)
            keys = [key for key in keys if key not in _RANGE_ENDS]
        elif path and "value" in keys and {"value", "unit"} <= {*old, *new}:
            yield from number_change(self, f"{path}.value", old, new)
            keys = [key for key in keys if key not in ("value", "unit")]
        for key in sorted(keys):
            yield from self.value(f"{path}.{key}" if path else key, old.get(key), new.get(key))

    def value(self, path: str, old: Any, new: Any) -> Iterator[Change]:
        if _empty(old) and _empty(new):
            return
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            yield from self.mapping(path, old, new)
        elif isinstance(old, Mapping) and not _empty(old) and _empty(new) and self._opens(path):
            yield from self.mapping(path, old, {})
        elif isinstance(new, Mapping) and not _empty(new) and _empty(old) and self._opens(path):
            yield from self.mapping(path, {}, new)
        elif _empty(old):
            yield self.change(path, "field_added", None, new, direction="added")
        elif _empty(new):
            yield self.change(path, "field_removed", old, None, direction="removed")
        elif isinstance(old, list) and isinstance(new, list):
            yield from self.sequence(path, old, new)
        elif _number(old) and _number(new):
            yield from number_change(self, path, {"value": old}, {"value": new})
        else:
            yield from self.scalar(path, old, new)

    @staticmethod
    def _opens(path: str) -> bool:
        """Whether an added or removed mapping is told part by part: `ranges` holds one range of each kind."""
        return path in ("ranges", "override", "override.ranges", "gates")

    def scalar(self, path: str, old: Any, new: Any) -> Iterator[Change]:
        if isinstance(old, str) and isinstance(new, str):
            if old == new or self.names.get(old) == new:
                return
            if collapsed(old) == collapsed(new):
                yield self.change(path, "text_changed", old, new, direction="reflow only")
            elif path == "unit" or path.endswith(".unit"):
                same = self.old.same_unit(old, new)
                yield self.change(path, "unit_changed", old, new, direction="same value" if same else "")
            else:
                kind: ChangeKind = "text_changed" if " " in old or " " in new else "value_changed"
                yield self.change(path, kind, old, new)
        elif old != new or type(old) is not type(new):
            yield self.change(path, "value_changed", old, new)

    def sequence(self, path: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
        old_keys, new_keys = _keyed(old, self.names), _keyed(new, {})
        for key in sorted({*old_keys, *new_keys}):
            index = new_keys[key][0] if key in new_keys else old_keys[key][0]
            place = f"{path}[{index}]"
            if key not in new_keys:
                yield self._item(place, old_keys[key][1], None)
            elif key not in old_keys:
                yield self._item(place, None, new_keys[key][1])
            else:
                yield from self.value(place, old_keys[key][1], new_keys[key][1])
        common_old = [key for key in old_keys if key in new_keys]
        common_new = [key for key in new_keys if key in old_keys]
        if common_old != common_new:
            yield self.change(path, "order_changed", len(old), len(new), direction="reordered")

    def _item(self, place: str, old: Any, new: Any) -> Change:
        item = old if new is None else new
        target = item.get("ref", "") if isinstance(item, Mapping) else item
        is_reference = isinstance(target, str) and is_record_id(target)
        direction: Direction = "removed" if new is None else "added"
        kinds: dict[Direction, tuple[ChangeKind, ChangeKind]] = {
            "removed": ("item_removed", "reference_removed"), "added": ("item_added", "reference_added"),
        }  # fmt: skip
        return self.change(place, kinds[direction][is_reference], old, new, direction=direction)


def _empty(value: Any) -> bool:
    return value is None or value in ("", [], {})


def _number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _keyed(items: Sequence[Any], names: Mapping[str, str]) -> dict[str, tuple[int, Any]]:
    """Items by what identifies them: an id-like field, the text itself, else the place in the list."""
    found: dict[str, tuple[int, Any]] = {}
    for index, item in enumerate(items):
        if isinstance(item, Mapping):
            parts = [f"{key}={names.get(str(item[key]), item[key])}" for key in _KEYS if isinstance(item.get(key), str)]
            key = "&".join(parts[:1]) or f"#{index}"
        elif isinstance(item, str):
            key = names.get(item, item)
        else:
            key = f"#{index}"
        while key in found:
            key += "'"
        found[key] = (index, item)
    return found
