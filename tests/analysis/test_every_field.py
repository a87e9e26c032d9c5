"""Every field of every kind: a revision that differs there alone is one change, there, of the field's weight."""

import copy
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from tests.analysis.field_variants import Leaf, full_record, leaves

from ttpack.analysis.change import Change
from ttpack.analysis.diff import Side, diff
from ttpack.model.fields import significance
from ttpack.model.ids import is_record_id
from ttpack.model.kinds import KINDS

ENDS = ("low", "high", "low_inclusive", "high_inclusive", "unit")
NAMES_ITEMS = ("ref", "id", "site", "name", "parameter", "attribute", "about", "facet", "party", "gate", "role",
               "material", "rule", "code")  # fmt: skip
"""Fields that tell one item of a list from another: with another of these it is another item."""
EXCUSES = ("waiver", "not_applicable")
HIDES_MEANING = ("illustrative", "expected_content")
"""Editorial fields whose change is minor: what was an example is a fact now."""

MIRRORED = {
    "removed": "added", "added": "removed", "widened": "tightened", "tightened": "widened", "increased": "decreased",
    "decreased": "increased",
}  # fmt: skip


class Told(NamedTuple):
    """What is expected of a change."""

    field: str
    kind: str
    direction: str


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_another_value_is_one_change_at_its_place(kind: str) -> None:
    record = full_record(kind)
    assert KINDS[kind].model_validate(record).kind == kind
    for leaf in leaves(kind):
        if leaf.values.first == leaf.values.second:  # a field with one value only
            continue
        after = _with(record, leaf.path, leaf.values.second)
        found = diff(Side({record["id"]: record}), Side({record["id"]: after}))
        assert [Told(one.field, one.kind, one.direction) for one in found] == _expected(record, leaf), leaf.path
        assert {one.significance for one in found} == {_weight(kind, found[0], leaf.path)}, leaf.path
        assert {one.record_kind for one in found} == {kind}


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_field_left_out_and_given_is_one_change_at_its_place(kind: str) -> None:
    full = full_record(kind)
    for leaf in leaves(kind):
        around = {"kind", "id", "unit", next(iter(_steps(leaf.path)))}
        record = {name: value for name, value in full.items() if name in around}
        holder, name = _place(record, leaf.path)
        if not leaf.optional or (leaf.path != name and len(holder) == 1):
            continue
        without = _with(record, leaf.path, None)
        sides = Side({record["id"]: record}), Side({record["id"]: without})
        there, back = diff(*sides), diff(*reversed(sides))
        assert len(there) == len(back) >= 1, leaf.path
        assert {one.field.startswith(_prefix(leaf.path)) for one in (*there, *back)} == {True}, leaf.path
        assert sorted(MIRRORED.get(one.direction, one.direction) for one in there) == sorted(
            one.direction for one in back
        ), leaf.path
        # a default, or the unit around it, may be left out; and what excuses findings comes into force with its status
        written_out = name == "unit" or (name in ENDS and "low" in holder)
        if written_out or (name == "status" and kind in EXCUSES):
            continue
        editorial = significance(kind, leaf.path) == "editorial" and name not in HIDES_MEANING
        assert all(one.editorial for one in there) == editorial, leaf.path


def _expected(record: dict[str, Any], leaf: Leaf) -> list[Told]:
    holder, name = _place(record, leaf.path)
    inside = leaf.path.removesuffix(f".{name}")
    first, second = leaf.values
    item = re.search(r"^(.*\[0\])\.([a-z_]+)$", leaf.path)
    if item and item[2] == next((key for key in NAMES_ITEMS if isinstance(holder.get(key), str)), ""):
        return _another(item[1], first if name == "ref" else "")
    if isinstance(first, list) and isinstance(first[0], str):
        return _another(f"{leaf.path}[0]", first[0])
    if isinstance(first, list):
        return [Told(f"{leaf.path}[0]", *_scalar(first[0], second[0]))]
    if isinstance(first, dict):
        ((key, value),) = first.items()
        if isinstance(value, list):
            return _another(f"{leaf.path}.{key}[0]", value[0])
        return [Told(f"{leaf.path}.{key}", *_scalar(value, second[key]))]
    if {"low", "high"} <= holder.keys() and name in ENDS:
        return [Told(inside, "range_changed", _RANGE_DIRECTIONS[name])]
    if name == "unit" and "value" in holder:
        return [Told(f"{inside}.value", "value_changed", "")]
    is_unit = name == "unit" or name.endswith("_unit")
    return [Told(leaf.path, *(("unit_changed", "") if is_unit else _scalar(first, second)))]


_RANGE_DIRECTIONS = {
    "low": "disjoint", "high": "widened", "low_inclusive": "tightened", "high_inclusive": "tightened", "unit": "",
}  # fmt: skip


def _scalar(first: Any, second: Any) -> tuple[str, str]:
    if isinstance(first, int | Decimal) and not isinstance(first, bool):
        return "value_changed", "increased" if second > first else "decreased"
    return ("text_changed" if isinstance(first, str) and " " in first else "value_changed"), ""


def _another(place: str, named: str) -> list[Told]:
    """Another item in the place of one; a reference where it names a record."""
    word = "reference" if is_record_id(named) else "item"
    return [Told(place, f"{word}_added", "added"), Told(place, f"{word}_removed", "removed")]


def _weight(kind: str, change: Change, path: str) -> str:
    place = path if change.kind == "unit_changed" else change.field
    own = significance(kind, re.sub(r"\[[0-9]+\]$", "", place))
    return "minor" if own == "editorial" and path.rpartition(".")[2] in HIDES_MEANING else own


def _prefix(path: str) -> str:
    return path.rpartition(".")[0]


def _steps(path: str) -> Iterator[str | int]:
    for step in re.findall(r"\[[0-9]+\]|[^.\[\]]+", path):
        yield int(step[1:-1]) if step.startswith("[") else step


def _place(record: dict[str, Any], path: str) -> tuple[Any, Any]:
    *way, last = _steps(path)
    for step in way:
        record = record[step]  # type: ignore[index]
    return record, last


def _with(record: dict[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The record with another value at a place, or without what stands there."""
    changed = copy.deepcopy(record)
    holder, last = _place(changed, path)
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return changed
