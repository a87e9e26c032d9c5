"""Three-way merge of plain data: what a record says after two people changed it, and where they contradict each other.

Numbers are taken together with what gives them their meaning. Two sides that change the two ends of a range, or the
unit and a number in it, each wrote something sensible; both together might be what nobody meant, so that is a conflict
although the lines do not touch.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from ttpack.source.merge_lists import are_references, identity, merged_order
from ttpack.source.yaml_scalars import is_unit
from ttpack.source.yaml_writer import same_data

Side = Literal["ours", "theirs"]
Path = tuple[str, ...]
"""Keys of mappings and names of list items from the root."""

ABSENT: Any = object()
"""Stands for a field or item that a side does not have."""

MEASURE = frozenset({
    "value", "low", "high", "low_inclusive", "high_inclusive", "unit", "criterion", "side", "standard_deviation",
})  # fmt: skip
"""Fields that state one quantity or range together."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A field that two sides changed in ways that do not go together, and why."""

    path: Path
    reason: str


@dataclass(slots=True)
class Merged:
    """The merged data, with the value of `prefer` wherever there is a conflict."""

    value: Any = None
    conflicts: list[Conflict] = field(default_factory=list)


def merge_data(base: Any, ours: Any, theirs: Any, prefer: Side = "ours") -> Merged:
    """Merge two versions of a record, or of a list of records, with their common ancestor."""
    merge = _Merge(prefer)
    value = merge.value((), base, ours, theirs)
    return Merged(value, merge.conflicts)


def equal(one: Any, other: Any) -> bool:
    """Whether two values, one of which may be absent, say the same with the same digits."""
    if one is ABSENT or other is ABSENT:
        return one is other
    return same_data(one, other)


def coupled(base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> dict[Path, str]:
    """Fields below a mapping that must not be merged although each was changed on one side only, each with why."""
    found: dict[Path, str] = {}
    changed = {name: _changed(base, side) for name, side in (("ours", ours), ("theirs", theirs))}
    names = {key for side in (base, ours, theirs) for key in side}
    if names & {"low", "high", "value"}:
        both = [{key for key in side if key in MEASURE} for side in changed.values()]
        if all(both) and any(not equal(ours.get(key, ABSENT), theirs.get(key, ABSENT)) for key in both[0] | both[1]):
            words = f"each side changed another part of one range or quantity ({', '.join(sorted(both[0] | both[1]))})"
            found |= {(key,): words for key in both[0] | both[1]}
    for one, other, here, there in (("ours", "theirs", ours, theirs), ("theirs", "ours", theirs, ours)):
        for unit in sorted(key for key in changed[one] if is_unit(key) or key == "quantity_kind"):
            if equal(here.get(unit, ABSENT), there.get(unit, ABSENT)):
                continue
            numbers = [
                path
                for key in changed[other]
                for path in _numbers((key,), base.get(key, ABSENT), there.get(key, ABSENT))
            ]
            if numbers:
                words = f"{unit} changed on one side and the number {'.'.join(numbers[0])} on the other"
                found |= {(unit,): words} | dict.fromkeys(numbers, words)
    return found


class _Merge:
    def __init__(self, prefer: Side) -> None:
        self.prefer = prefer
        self.conflicts: list[Conflict] = []
        self.coupled: dict[Path, str] = {}

    def value(self, path: Path, base: Any, ours: Any, theirs: Any) -> Any:
        if equal(ours, theirs):
            return ours
        tied = [below for below in self.coupled if below[: len(path)] == path]
        if not tied and equal(base, ours):
            return theirs
        if not tied and equal(base, theirs):
            return ours
        if path not in self.coupled:
            if all(isinstance(side, dict) for side in (base, ours, theirs)):
                return self.mapping(path, base, ours, theirs)
            lists = [[] if base is ABSENT else base, ours, theirs]
            if all(isinstance(side, list) for side in lists):
                found = self.items(path, *lists)
                if found is not None:
                    return found
        reason = self.coupled[tied[0]] if tied else _reason(base, ours, theirs)
        return self.conflict(path, reason, ours, theirs)

    def conflict(self, path: Path, reason: str, ours: Any, theirs: Any) -> Any:
        self.conflicts.append(Conflict(path, reason))
        return ours if self.prefer == "ours" else theirs

    def mapping(self, path: Path, base: dict[str, Any], ours: dict[str, Any], theirs: dict[str, Any]) -> dict[str, Any]:
        self.coupled |= {(*path, *below): words for below, words in coupled(base, ours, theirs).items()}
        result = {}
        for key in dict.fromkeys([*ours, *theirs]):
            value = self.value((*path, key), *(side.get(key, ABSENT) for side in (base, ours, theirs)))
            if value is not ABSENT:
                result[key] = value
        return result

    def items(self, path: Path, base: list[Any], ours: list[Any], theirs: list[Any]) -> list[Any] | None:
        """The merged list; None where it cannot be told which items belong together."""
        name = identity(base, ours, theirs)
        if name is None:
            return None
        versions = [{name(item): item for item in side} for side in (base, ours, theirs)]
        before, mine, yours = versions
        added = [[one for one in side if one not in before] for side in (mine, yours)]
        removed = [{one for one in before if one not in side} for side in (mine, yours)]
        doubtful = removed[0] & removed[1] or not are_references(base, ours, theirs)
        if doubtful and all(added) and set(added[0]) != set(added[1]):
            return None  # it may be one item that two people worded differently
        noted = len(self.conflicts)
        merged = {}
        for one in dict.fromkeys([*mine, *yours]):
            value = self.value((*path, one), *(side.get(one, ABSENT) for side in versions))
            if value is not ABSENT:
                merged[one] = value
        order = merged_order(list(before), list(mine), list(yours), set(merged))
        if order is None:
            del self.conflicts[noted:]
            return None
        return [merged[one] for one in order]


def _changed(base: dict[str, Any], side: dict[str, Any]) -> set[str]:
    return {key for key in {*base, *side} if not equal(base.get(key, ABSENT), side.get(key, ABSENT))}


def _numbers(path: Path, before: Any, after: Any) -> Iterator[Path]:
    """Paths below which a number was changed, added or removed; a list counts as a whole where it holds one."""
    if equal(before, after):
        return
    if isinstance(before, dict) or isinstance(after, dict):
        old, new = (side if isinstance(side, dict) else {} for side in (before, after))
        for key in sorted({*old, *new}):
            yield from _numbers((*path, key), old.get(key, ABSENT), new.get(key, ABSENT))
        if not (isinstance(before, dict) or before is ABSENT) and _holds_number(before):
            yield path
    elif _holds_number(before) or _holds_number(after):
        yield path


def _holds_number(value: Any) -> bool:
    if isinstance(value, dict):
        return any(map(_holds_number, value.values()))
    if isinstance(value, list):
        return any(map(_holds_number, value))
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _reason(base: Any, ours: Any, theirs: Any) -> str:
    if ours is ABSENT or theirs is ABSENT:
        return "removed on one side and changed on the other"
    return "added on both sides with different content" if base is ABSENT else "changed differently on both sides"
