"""Whether a merged text says what a three-way merge must say, found out apart from how it was made.

Field by field: what one side alone changed is as that side has it, what both changed is as both have it, and nothing
else is there. Ends of a range, and a number with its unit, come from one side. Comments are counted.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from typing import Any, NamedTuple

from ttpack.source.merge_data import ABSENT, MEASURE, Path, equal
from ttpack.source.merge_lists import identity


class _Sides(NamedTuple):
    """One field on all sides."""

    base: Any
    ours: Any
    theirs: Any
    result: Any

    def all_are(self, kind: type) -> bool:
        """Whether it is such a thing on both sides and in the result."""
        return all(isinstance(side, kind) for side in self[1:])

    def below(self, empty: Any) -> "_Sides":
        """The same with something empty where the base has no such thing."""
        return self._replace(base=self.base if isinstance(self.base, type(empty)) else empty)


def is_three_way(merge: tuple[Any, Any, Any], result: Any, open_paths: Collection[Path] = ()) -> bool:
    """Whether `result` is a merge of (base, ours, theirs); at `open_paths`, conflicts, it must be one of the sides."""
    return _value((), _Sides(*merge, result), frozenset(open_paths))


def keeps_comments(base: Iterable[str], ours: Iterable[str], theirs: Iterable[str], result: Iterable[str]) -> bool:
    """Whether each comment that one side added or removed was, and all others are still there."""
    sides = [Counter(comments) for comments in (base, ours, theirs, result)]
    return all(_is_count(*(side[text] for side in sides)) for side in sides for text in side)


def _is_count(base: int, ours: int, theirs: int, result: int) -> bool:
    """Whether a comment is there as often as it should: two sides that added the same words meant it once or twice."""
    return result == ours + theirs - base or result == ours == theirs


def _value(path: Path, sides: _Sides, open_paths: frozenset[Path]) -> bool:
    base, ours, theirs, result = sides
    if path in open_paths:
        return equal(result, ours) or equal(result, theirs)
    if sides.all_are(dict):
        return _fields(path, sides.below({}), open_paths)
    if sides.all_are(list):
        below = sides.below([])
        name = identity(*below)
        if name is not None:
            return _items(path, _Sides(*({name(item): item for item in side} for side in below)), open_paths)
    if equal(ours, base):
        return equal(result, theirs)
    return equal(result, ours) and (equal(theirs, base) or equal(theirs, ours))


def _fields(path: Path, sides: _Sides, open_paths: frozenset[Path]) -> bool:
    keys = {key for side in sides for key in side}
    return _one_measure(path, sides, open_paths) and all(
        _value((*path, key), _at(sides, key), open_paths) for key in keys
    )


def _at(sides: _Sides, key: str) -> _Sides:
    return _Sides(*(side.get(key, ABSENT) for side in sides))


def _items(path: Path, sides: _Sides, open_paths: frozenset[Path]) -> bool:
    """Whether each item is right, and those that all sides know stand in the order of whoever moved them."""
    keys = {key for side in sides for key in side}
    if not all(_value((*path, key), _at(sides, key), open_paths) for key in keys):
        return False
    base, ours, theirs, result = ([key for key in side if all(key in other for other in sides)] for side in sides)
    return result == (theirs if ours == base else ours)


def _one_measure(path: Path, sides: _Sides, open_paths: frozenset[Path]) -> bool:
    """Whether the fields that state one quantity are together those of one side."""
    stated = [{key: side[key] for key in side if key in MEASURE} for side in sides]
    if not {"low", "high", "value"} & {key for side in stated for key in side}:
        return True
    return any((*path, key) in open_paths for key in MEASURE) or any(equal(stated[3], side) for side in stated[1:3])
