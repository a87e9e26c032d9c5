"""The semantic difference of two revisions: by id and field, aware of units, ranges, references and prose.

Where records lie, the order of keys and lists, the wrapping of prose and the unit a value is written in make no
semantic change; each is still reported, as editorial.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any

from ttpack.analysis.change import EDITORIAL, Change, ChangeKind, Direction
from ttpack.analysis.change_weight import ORDERED, weight
from ttpack.analysis.list_pairs import paired
from ttpack.analysis.prose_change import body_changes
from ttpack.analysis.range_change import Units, number_change, range_change, without_unit
from ttpack.analysis.relative_size import Scale
from ttpack.analysis.scales import OfSide, measured, scale
from ttpack.model.digest import collapsed
from ttpack.model.ids import PLAIN_ID, is_record_id, overlay_parts
from ttpack.model.units import DefinesUnit

_ID = re.compile(rf"(?<![A-Z0-9-]){PLAIN_ID}(?![A-Z0-9-])")
_PLAIN = frozenset({str, bool, int, Decimal, list, type(None)})
SAME_UNIT = "the same unit"
FindScale = Callable[[], Scale | None]
_RANGE_ENDS = frozenset({"low", "high", "low_inclusive", "high_inclusive", "unit"})


@dataclass(frozen=True)
class Side:
    """One revision as diff needs it: raw records and bodies by id, files by id, the package's own units."""

    records: Mapping[str, Mapping[str, Any]]
    paths: Mapping[str, str] = field(default_factory=dict)
    bodies: Mapping[str, str] = field(default_factory=dict)
    own_units: Mapping[str, DefinesUnit] = field(default_factory=dict)

    def base(self, record_id: str) -> Mapping[str, Any] | None:
        """The record that an overlay stands over, of any other record that itself."""
        return self.records.get(overlay_parts(record_id)[0])


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
    """New ids with the old id that their `formerly` names, where the old id is gone; overlays follow what they overlay.

    Of several records that name the same old id one is the renamed record, the others are new.
    """
    found: dict[str, str] = {}
    taken: set[str] = set()
    for record_id in sorted(after.records):
        if record_id in before.records:
            continue
        formerly = after.records[record_id].get("formerly")
        for old in [formerly] if isinstance(formerly, str) else formerly or ():
            if old in before.records and old not in after.records and old not in taken:
                found[record_id] = old
                taken.add(old)
                break
    bases = {old: new for new, old in found.items()}
    for old in sorted(before.records):
        base, site = overlay_parts(old)
        new = f"{bases[base]}@{site}" if site and base in bases else ""
        if new in after.records and new not in before.records and new not in found and old not in after.records:
            found[new] = old
    return found


def _whole(  # noqa: PLR0913, PLR0917  the parts of one change
    record_id: str, raw: Mapping[str, Any], kind: ChangeKind, direction: Direction, before: Any, after: Any
) -> Change:
    significance = "editorial" if direction in EDITORIAL else "moderate"
    return Change(record_id, str(raw.get("kind", "")), "", kind, before, after, direction, significance)


def _record_changes(
    record_id: str, old_id: str, before: Side, after: Side, names: Mapping[str, str]
) -> Iterator[Change]:
    old, new = before.records[old_id], after.records[record_id]
    old_path, new_path = before.paths.get(old_id, ""), after.paths.get(record_id, "")
    kind = str(new.get("kind", ""))
    if old_path != new_path:
        yield Change(record_id, kind, "", "record_moved", old_path, new_path, "moved", "editorial")
    bodies = before.bodies.get(old_id, ""), after.bodies.get(record_id, "")
    if bodies[0] == bodies[1] and (old is new or (old == new and _same_lexemes(old, new))):
        return
    units = _units(old_id, before), _units(record_id, after)
    walk = _Walk(record_id, kind, *units, names, partial(_scale, (old_id, record_id), before, after))
    ignored = {"id", "formerly", "kind"} if old_id != record_id else {"id", "kind"}
    if old.get("kind") != new.get("kind"):
        yield walk.change("kind", "value_changed", old.get("kind"), new.get("kind"))
    found = [
        *walk.mapping(
            "", {k: v for k, v in old.items() if k not in ignored}, {k: v for k, v in new.items() if k not in ignored}
        ),
        *body_changes(walk, *bodies),
    ]
    rewritten = [change.field for change in found if change.kind != "unit_changed" and change.direction == "same value"]
    for change in found:
        yield walk.unit_alone(change) if _nothing_rewritten(change, rewritten) else change


def _units(record_id: str, side: Side) -> Units:
    """The units of a record; an overlay without its own is in that of the record it overlays."""
    raw = side.records[record_id]
    base = side.base(record_id)
    return Units(raw if raw.get("unit") else base or raw, side.own_units, side.records)


def _scale(ids: tuple[str, str], before: Side, after: Side) -> Scale | None:
    """What a change of a parameter, or of an overlay of one, is held against."""
    old, new = (
        OfSide(side.records[one], side.base(one), side.own_units)
        for one, side in zip(ids, (before, after), strict=True)
    )
    return scale(old, new)


def _nothing_rewritten(change: Change, rewritten: Sequence[str]) -> bool:
    """Whether a unit became another one, but no number that it holds for was rewritten into it."""
    if change.kind != "unit_changed" or change.direction != "same value" or change.magnitude == SAME_UNIT:
        return False
    inside = change.field.removesuffix("unit").removesuffix("_")
    return not any(name.startswith(inside) for name in rewritten)


def _same_lexemes(old: Any, new: Any) -> bool:
    if isinstance(old, Mapping):
        return all(_same_lexemes(old[key], new[key]) for key in old)
    if isinstance(old, list):
        return all(map(_same_lexemes, old, new))
    return not isinstance(old, Decimal | int) or str(old) == str(new)


class _Walk:
    """Compares two raw values of one record; it holds the units around them on both sides, nothing else."""

    def __init__(  # noqa: PLR0913, PLR0917  what holds for a whole record
        self, record_id: str, kind: str, old: Units, new: Units, names: Mapping[str, str], scale: FindScale
    ) -> None:
        self.record_id, self.kind, self.old, self.new, self.names = record_id, kind, old, new, names
        self._find_scale = scale

    def scale(self, path: str) -> Scale | None:
        """What a change of that field is held against."""
        return self._find_scale() if measured(self.kind, path) else None

    def inside(self, old: Any, new: Any) -> "_Walk":
        """The walk for what stands beside or below other units."""
        if not isinstance(old, str) and not isinstance(new, str):
            return self
        units = self.old.around(old), self.new.around(new)
        return _Walk(self.record_id, self.kind, *units, self.names, self._find_scale)

    def change(self, path: str, kind: ChangeKind, before: Any, after: Any, **more: Any) -> Change:
        direction = more.get("direction", "")
        significance = "editorial" if direction in EDITORIAL else weight(self.kind, path, before, after)
        return Change(self.record_id, self.kind, path, kind, before, after, significance=significance, **more)

    def unit_alone(self, change: Change) -> Change:
        """A change of unit that no number followed: what the unit holds for is something else now."""
        significance = weight(self.kind, change.field, change.before, change.after)
        return replace(change, direction="", significance=significance)

    def mapping(self, path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
        keys = list(dict.fromkeys((*old, *new)))
        here = self.inside(self.old.given(old), self.new.given(new))
        if path and (_RANGE_ENDS - {"unit"}) & set(keys):
            yield from range_change(here, path, old, new)
            if not {"low", "high"} & set(keys):
                yield from here.value(f"{path}.unit", old.get("unit"), new.get("unit"))
            keys = [key for key in keys if key not in _RANGE_ENDS]
        elif path and "value" in keys and {"value", "unit"} <= {*old, *new}:
            yield from number_change(here, f"{path}.value", old, new)
            keys = [key for key in keys if key not in ("value", "unit")]
        for key in sorted(keys):
            unit = f"{key}_unit"
            walk = here.inside(old.get(unit), new.get(unit)) if unit in keys else here
            yield from walk.value(f"{path}.{key}" if path else key, old.get(key), new.get(key))

    def value(self, path: str, old: Any, new: Any) -> Iterator[Change]:
        # most of what is compared is equal text: seen at once, it costs nothing of what follows
        if old.__class__ is str and old == new:
            return
        if _empty(old) and _empty(new):
            return
        if _has_parts(old) and _has_parts(new):
            yield from self.mapping(path, old, new)
        elif _has_parts(old) and not _empty(old) and _empty(new) and self._opens(path):
            yield from self.mapping(path, old, {})
        elif _has_parts(new) and not _empty(new) and _empty(old) and self._opens(path):
            yield from self.mapping(path, {}, new)
        elif _empty(old):
            yield self.change(path, "field_added", None, new, direction="added")
        elif _empty(new):
            yield self.change(path, "field_removed", old, None, direction="removed")
        elif isinstance(old, list) and isinstance(new, list):
            yield from self.sequence(path, old, new)
        elif _number(old) and _number(new):
            walk = self.inside("", "") if without_unit(path) else self
            yield from number_change(walk, path, {"value": old}, {"value": new})
        else:
            yield from self.scalar(path, old, new)

    @staticmethod
    def _opens(path: str) -> bool:
        """Whether an added or removed mapping is told part by part: `ranges` holds one range of each kind."""
        return path in ("ranges", "override", "override.ranges", "gates", "thresholds")

    def scalar(self, path: str, old: Any, new: Any) -> Iterator[Change]:
        if isinstance(old, str) and isinstance(new, str):
            if old == new or self.current(old) == new:
                return
            if collapsed(old) == collapsed(new):
                yield self.change(path, "text_changed", old, new, direction="reflow only")
            elif path.rpartition(".")[2] == "unit" or path.endswith("_unit"):
                same, alias = self.old.same_unit(old, self.new, new)
                direction, magnitude = ("same value" if same else ""), (SAME_UNIT if alias else "")
                yield self.change(path, "unit_changed", old, new, direction=direction, magnitude=magnitude)
            else:
                kind: ChangeKind = "text_changed" if " " in old or " " in new else "value_changed"
                yield self.change(path, kind, old, new)
        elif old != new or type(old) is not type(new):
            yield self.change(path, "value_changed", old, new)

    def current(self, text: str) -> str:
        """Text with the ids of renamed records as they are now."""
        if not self.names:
            return text
        return _ID.sub(lambda match: self.names.get(match[0], match[0]), text)

    def sequence(self, path: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[Change]:
        pairs = paired(old, new, self.current)
        for before, after in pairs:
            place = f"{path}[{before if after is None else after}]"
            if before is None or after is None:
                yield self._item(place, None if before is None else old[before], None if after is None else new[after])
            else:
                yield from self.value(place, old[before], new[after])
        kept = [before for before, after in pairs if before is not None and after is not None]
        if kept != sorted(kept):
            if path.startswith("x-") or (self.kind, path) in ORDERED:
                yield self.change(path, "order_changed", list(old), list(new))
            else:
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


def _has_parts(value: Any) -> bool:
    return value.__class__ is dict or (value.__class__ not in _PLAIN and isinstance(value, Mapping))


def _number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
