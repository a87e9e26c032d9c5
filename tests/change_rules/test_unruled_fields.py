"""Every field of every kind, changed in each way: none stays without a rule unless somebody has looked at it.

`unruled_fields.txt` lists the fields whose change falls under no row, by kind; `*` stands for every kind. A field that
is not there and has no rule fails here: either a row of the table has to name it, or it is added to the list.
"""

import re
from collections.abc import Iterator
from copy import deepcopy
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.analysis.field_variants import Leaf, full_record, leaves
from tests.change_rules.package_patch import changed
from tests.change_rules.runner import table

from ttpack.analysis.change_rules.classify import classify
from ttpack.analysis.change_rules.rule import Classified
from ttpack.analysis.change_rules.sides import Sides, State
from ttpack.analysis.diff import Side, diff
from ttpack.analysis.index import Index
from ttpack.model.kinds import KINDS

REVIEWED = Path(__file__).parent / "unruled_fields.txt"
WHERE_FROM = re.compile(r"\.(source|derived|evidence|basis|modelling_reference|rationale)\b")
"""Below a value: where it comes from, the same parts in every kind."""
CONTROL_ITSELF = {"change_record", "approval"}


def classified(before: dict[str, Any] | None, after: dict[str, Any] | None) -> tuple[Classified, ...]:
    records = [{} if raw is None else {str(raw["id"]): raw} for raw in (before, after)]
    index = Index({name: raw["kind"] for side in records for name, raw in side.items()}, {}, ())
    first, second = (Side(records=side) for side in records)
    changes = tuple(diff(first, second))
    return classify(changes, Sides(State(first, index), State(second, index), index, changes), table())


@cache
def whole(kind: str) -> dict[str, Any]:
    return full_record(kind)


def variants(kind: str, leaf: Leaf) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """A record before and after a field changed, changed back, was left out, and was written for the first time."""
    top = re.split(r"[.\[]", leaf.path, maxsplit=1)[0]
    first = {name: value for name, value in whole(kind).items() if name in {"kind", "id", "unit", top}}
    second = deepcopy(first)
    changed(second, leaf.path, leaf.values.second)
    yield from ((first, second), (second, first))
    if leaf.optional:
        without = deepcopy(first)
        changed(without, leaf.path, None)
        yield from ((first, without), (without, first))


def unruled(kind: str) -> set[str]:
    """The fields of a kind that no rule but the editorial one is about, as list positions are left out."""
    with_rule: set[str] = set()
    found: set[str] = set()
    for leaf in leaves(kind):
        if WHERE_FROM.search(leaf.path):
            continue
        path = re.sub(r"\[[0-9]+\]", "", leaf.path)
        for before, after in variants(kind, leaf):
            for one in classified(before, after):
                ruled = bool(one.rule) and one.rule != "CH-01"
                (with_rule if ruled else found).add(path)
    return found - with_rule


def reviewed(kind: str) -> set[str]:
    lines = (line.partition(": ") for line in REVIEWED.read_text("utf-8").splitlines() if not line.startswith("#"))
    by_kind = {name: set(fields.split()) for name, _, fields in lines}
    return by_kind["*"] | by_kind.get(kind, set())


@pytest.mark.parametrize("kind", sorted(KINDS.keys() - CONTROL_ITSELF))
def test_no_field_is_without_a_rule_unseen(kind: str) -> None:
    assert unruled(kind) <= reviewed(kind)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_record_that_comes_or_goes_has_a_class(kind: str) -> None:
    raw = full_record(kind)
    [added] = classified(None, raw)
    [removed] = classified(raw, None)
    assert {added.change_class, removed.change_class} <= {"minor", "moderate", "major"}
