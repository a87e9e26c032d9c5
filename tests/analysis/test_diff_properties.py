"""What holds for every difference: nothing from itself, mirrored when swapped, blind to how things are written.

And for every impact: more changed records never reach less.
"""

import copy
import random
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.analysis.field_variants import full_record, leaves

from ttpack.analysis.change import Change
from ttpack.analysis.diff import Side, diff
from ttpack.analysis.impact import impact
from ttpack.analysis.index import Index
from ttpack.model.digest import collapsed
from ttpack.model.kinds import KINDS
from ttpack.source.load import load
from ttpack.source.resources import resource
from ttpack.source.trees import MemoryTree

MIRRORED = {
    "removed": "added", "added": "removed", "widened": "tightened", "tightened": "widened", "increased": "decreased",
    "decreased": "increased",
}  # fmt: skip
UNITS = {"Cel": ("[degF]", Decimal("1.8"), Decimal(32)), "g/L": ("mg/L", Decimal(1000), Decimal(0)),
         "h": ("min", Decimal(60), Decimal(0)), "L": ("mL", Decimal(1000), Decimal(0))}  # fmt: skip

any_speed = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
numbers = st.decimals(-1000, 1000, places=2, allow_nan=False)
words = st.lists(st.sampled_from(["pH", "6.85", "stir", "not", "CQA-AGG", "slowly"]), min_size=1).map(" ".join)
references = st.lists(st.sampled_from(["EVI-A", "EVI-B", "EVI-C"]), unique=True, max_size=3)


@st.composite
def ranges(draw: st.DrawFn) -> dict[str, Any]:
    low, high = sorted((draw(numbers), draw(numbers)))
    ends: dict[str, Any] = {"low": low, "high": high}
    for end in draw(st.sampled_from([(), ("low",), ("high",)])):
        del ends[end]
    for end in draw(st.sampled_from([(), ("low_inclusive",), ("high_inclusive",)])):
        ends[end] = False
    return {**ends, "evidence": draw(references)}


RANGES = st.fixed_dictionaries(
    {}, optional={name: ranges() for name in ("proven_acceptable", "normal_operating", "edge_of_failure", "studied")}
)
EFFECTS = st.lists(
    st.fixed_dictionaries(
        {"ref": st.sampled_from(["CQA-AGG", "CQA-GAL", "CQA-HCP"])},
        optional={"strength": st.sampled_from(["high", "low"])},
    ),
    unique_by=lambda one: one["ref"],
    max_size=3,
)
CONTENT = st.fixed_dictionaries(
    {},
    optional={
        "setpoint": numbers, "ranges": RANGES, "why": words, "title": words, "evidence": references, "effects": EFFECTS,
        "classification": st.sampled_from(["CPP", "KPP"]),
        "control": st.fixed_dictionaries({"method": words}, optional={"alarm": ranges()}),
    },
)  # fmt: skip
PARAMETERS = st.builds(
    lambda unit, content: {"kind": "process_parameter", "id": "PRM-A", "unit": unit, **content},
    st.sampled_from([*UNITS, "[pH]"]),
    CONTENT,
)
BODIES = st.lists(st.tuples(st.sampled_from(["", "# One\n", "# Two\n"]), words), max_size=3).map(
    lambda parts: "\n".join(f"{head}\n{text}\n" for head, text in parts)
)
SIDES = st.builds(
    lambda record, body: Side({"PRM-A": record}, {"PRM-A": "a.yaml"}, {"PRM-A": body}), PARAMETERS, BODIES
)


def told(one: Change) -> tuple[Any, ...]:
    """A change without what is that of the later side: its place in a list, the heading of a section of prose."""
    field = "body" if one.field.startswith("body.") else one.field.partition("[")[0]
    return one.record, field, one.significance


@any_speed
@given(SIDES)
def test_a_revision_does_not_differ_from_itself(side: Side) -> None:
    again = Side(copy.deepcopy(dict(side.records)), dict(side.paths), dict(side.bodies))
    assert diff(side, again) == []


@any_speed
@given(SIDES, SIDES)
def test_swapped_sides_mirror(first: Side, second: Side) -> None:
    there, back = diff(first, second), diff(second, first)
    assert Counter((*told(one), MIRRORED.get(one.direction, one.direction)) for one in there) == Counter(
        (*told(one), one.direction) for one in back
    )
    turned = Counter((*told(one), repr(one.after), repr(one.before)) for one in there)
    assert turned == Counter((*told(one), repr(one.before), repr(one.after)) for one in back)


@any_speed
@given(SIDES, SIDES)
def test_every_difference_is_told(first: Side, second: Side) -> None:
    different = _plain(first.records["PRM-A"]) != _plain(second.records["PRM-A"])
    rewritten = collapsed(first.bodies["PRM-A"]) != collapsed(second.bodies["PRM-A"])
    assert bool(diff(first, second)) >= (different or rewritten)


def _plain(value: Any) -> Any:
    """A value without what is empty, digits kept."""
    if isinstance(value, Mapping):
        return {key: kept for key, item in value.items() if (kept := _plain(item)) not in ("", {}, [])}
    return [_plain(item) for item in value] if isinstance(value, list) else value


@any_speed
@given(SIDES, st.randoms(use_true_random=False))
def test_the_order_of_keys_and_lists_and_the_wrapping_of_prose_are_editorial(side: Side, chance: random.Random) -> None:
    record = _shuffled(side.records["PRM-A"], chance)
    text = side.bodies["PRM-A"].replace(" ", "\n") if "#" not in side.bodies["PRM-A"] else side.bodies["PRM-A"]
    found = diff(side, Side({"PRM-A": record}, {"PRM-A": "b.yaml"}, {"PRM-A": text}))
    assert {one.significance for one in found} == {"editorial"}
    assert {one.direction for one in found} <= {"reordered", "reflow only", "moved"}


def _shuffled(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: _shuffled(value[key], chance) for key in chance.sample(list(value), len(value))}
    if isinstance(value, list):
        return [_shuffled(item, chance) for item in chance.sample(value, len(value))]
    return value.replace(" ", "  \n") if isinstance(value, str) and " " in value else value


@any_speed
@given(PARAMETERS.filter(lambda record: record["unit"] in UNITS))
def test_rewriting_units_is_editorial(record: dict[str, Any]) -> None:
    unit, factor, offset = UNITS[record["unit"]]

    def rewritten(value: Any, key: str = "") -> Any:
        if isinstance(value, dict):
            return {name: rewritten(item, name) for name, item in value.items()}
        return value * factor + offset if key in ("setpoint", "low", "high") else value

    found = diff(Side({"PRM-A": record}), Side({"PRM-A": rewritten(record) | {"unit": unit}}))
    number = any(one.field != "unit" for one in found)
    assert {one.direction for one in found if number} <= {"same value"}
    assert {one.significance for one in found if number} <= {"editorial"}


@any_speed
@given(PARAMETERS)
def test_digits_alone_are_editorial(record: dict[str, Any]) -> None:
    def longer(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: longer(item) for name, item in value.items()}
        return Decimal(f"{value}0") if isinstance(value, Decimal) else value

    found = diff(Side({"PRM-A": record}), Side({"PRM-A": longer(record)}))
    assert {one.direction for one in found} <= {"precision only"}


@any_speed
@given(PARAMETERS, PARAMETERS)
def test_sizes_are_exact_and_only_of_what_moved(first: dict[str, Any], second: dict[str, Any]) -> None:
    second = second | {"unit": first["unit"]}
    proven = first.get("ranges", {}).get("proven_acceptable", {})
    for one in diff(Side({"PRM-A": first}), Side({"PRM-A": second})):
        share = one.relative.get("value_in_proven_widths")
        if share is not None:
            numerator, _, denominator = share.partition("/")
            moved = Decimal(numerator) * (proven["high"] - proven["low"])
            assert moved == (one.after - one.before) * Decimal(denominator or 1)
        if one.editorial:
            assert not one.relative


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_records_of_every_kind_mirror_when_swapped(kind: str) -> None:
    """All fields of a kind changed at once, and half of them left out."""
    record = full_record(kind)
    other = copy.deepcopy(record)
    for number, leaf in enumerate(leaves(kind)):
        if "." not in leaf.path and "[" not in leaf.path:
            if number % 2 and leaf.optional:
                other.pop(leaf.path)
            else:
                other[leaf.path] = leaf.values.second
    sides = Side({record["id"]: record}), Side({record["id"]: other})
    there, back = diff(*sides), diff(*reversed(sides))
    assert there
    assert Counter((*told(one), MIRRORED.get(one.direction, one.direction)) for one in there) == Counter(
        (*told(one), one.direction) for one in back
    )
    assert diff(sides[1], Side(copy.deepcopy(dict(sides[1].records)))) == []


@pytest.fixture(scope="module")
def amab() -> Index:
    folder = resource("samples/amab/package")
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.yaml"))}
    return Index.of(load(MemoryTree(files)).package)


@settings(any_speed, max_examples=30)
@given(data=st.data())
def test_more_changed_records_reach_at_least_as_much(amab: Index, data: st.DataObject) -> None:
    ids = st.sampled_from(sorted(amab.kinds))
    fields = st.sampled_from(["", "setpoint", "evidence", "note", "ranges.proven_acceptable"])
    changes = st.builds(
        lambda record, name: Change(record, amab.kinds[record], name, "value_changed", 1, 2, significance="major"),
        ids, fields,
    )  # fmt: skip
    some = data.draw(st.lists(changes, min_size=1, max_size=3))
    more = [*some, *data.draw(st.lists(changes, max_size=3))]
    reached = [
        {one.record for one in given} | {one.record for one in impact(given, amab).affected} for given in (some, more)
    ]
    assert reached[0] <= reached[1]
