"""What changed, told by id, unit and range; properties of the difference itself."""

import copy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttpack.analysis.change import EDITORIAL
from ttpack.analysis.diff import Side, diff

PARAMETER: dict[str, Any] = {
    "kind": "process_parameter",
    "id": "PRM-BRX-TEMP",
    "title": "Culture temperature",
    "unit": "Cel",
    "setpoint": Decimal(37),
    "ranges": {
        "normal_operating": {"low": Decimal("36.5"), "high": Decimal("37.5"), "evidence": ["EVI-A", "EVI-B"]},
        "proven_acceptable": {"low": Decimal("34.0"), "high": Decimal("38.0")},
    },
    "effects": [{"ref": "CQA-AGG", "direction": "increases"}, {"ref": "CQA-GAL", "direction": "decreases"}],
    "why": "Growth and\nglycosylation.",
}


def side(*records: dict[str, Any]) -> Side:
    return Side({record["id"]: record for record in records})


def changed(**fields: Any) -> dict[str, Any]:
    return {key: value for key, value in {**copy.deepcopy(PARAMETER), **fields}.items() if value is not None}


def rows(after: dict[str, Any]) -> list[tuple[str, str, str, str]]:
    return [(item.field, item.kind, item.direction, item.significance) for item in diff(side(PARAMETER), side(after))]


@pytest.mark.parametrize(
    ("low", "high", "direction"),
    [
        ("34.0", "38.5", "widened"),
        ("33", "38.0", "widened"),
        ("34.5", "38.0", "tightened"),
        ("34.5", "38.5", "shifted"),
        ("39", "40", "disjoint"),
        ("34", "38", "precision only"),
    ],
)
def test_direction_of_a_range(low: str, high: str, direction: str) -> None:
    ranges = copy.deepcopy(PARAMETER["ranges"]) | {"proven_acceptable": {"low": Decimal(low), "high": Decimal(high)}}
    significance = "editorial" if direction in EDITORIAL else "major"
    assert rows(changed(ranges=ranges)) == [("ranges.proven_acceptable", "range_changed", direction, significance)]


def test_opening_a_side_or_its_end_widens() -> None:
    base = PARAMETER | {
        "ranges": {"proven_acceptable": {"low": Decimal(1), "high": Decimal(2), "high_inclusive": False}}
    }
    for wider in ({"low": Decimal(1)}, {"low": Decimal(1), "high": Decimal(2)}):
        found = diff(side(base), side(base | {"ranges": {"proven_acceptable": wider}}))
        assert [item.direction for item in found] == ["widened"]


def test_size_is_told_against_the_former_width() -> None:
    ranges = copy.deepcopy(PARAMETER["ranges"]) | {"proven_acceptable": {"low": Decimal(34), "high": Decimal(39)}}
    (found,) = diff(side(PARAMETER), side(changed(ranges=ranges)))
    assert found.magnitude == "upper end +25 % of the former width"


def test_a_rewritten_unit_is_editorial() -> None:
    ranges = {
        "normal_operating": {"low": Decimal("97.7"), "high": Decimal("99.5"), "evidence": ["EVI-A", "EVI-B"]},
        "proven_acceptable": {"low": Decimal("93.2"), "high": Decimal("100.4")},
    }
    found = rows(changed(unit="[degF]", setpoint=Decimal("98.6"), ranges=ranges))
    assert {field for field, *_ in found} == {"unit", "setpoint", "ranges.normal_operating", "ranges.proven_acceptable"}
    assert {(direction, significance) for _, _, direction, significance in found} == {("same value", "editorial")}


def test_a_study_that_takes_its_unit_from_the_parameter_is_rewritten_with_it() -> None:
    def study(low: str, high: str) -> dict[str, Any]:
        examined = {"parameter": "PRM-BRX-TEMP", "range": {"low": Decimal(low), "high": Decimal(high)}}
        return {"kind": "evidence", "id": "EVI-A", "studied": [examined]}

    fahrenheit = {"kind": "process_parameter", "id": "PRM-BRX-TEMP", "unit": "[degF]", "setpoint": Decimal("98.6")}
    celsius = {**fahrenheit, "unit": "Cel", "setpoint": Decimal(37)}
    exact = diff(side(celsius, study("30", "40")), side(fahrenheit, study("86", "104")))
    assert {(item.record, item.direction) for item in exact} == {
        ("EVI-A", "same value"),
        ("PRM-BRX-TEMP", "same value"),
    }
    wider = diff(side(celsius, study("30", "40")), side(fahrenheit, study("86", "105")))
    assert [item.direction for item in wider if item.record == "EVI-A"] == ["widened"]


def test_a_unit_changed_without_its_numbers_is_a_change_of_value() -> None:
    found = {field: direction for field, _, direction, _ in rows(changed(unit="[degF]"))}
    assert found["setpoint"] == "decreased"
    assert found["ranges.proven_acceptable"] == "disjoint"


def test_a_unit_of_another_kind_is_no_editorial_change() -> None:
    assert ("unit", "unit_changed", "", "moderate") in rows(changed(unit="[pH]"))


def test_fewer_digits_are_precision_only() -> None:
    before = PARAMETER | {"setpoint": Decimal("1.50")}
    (found,) = diff(side(before), side(PARAMETER | {"setpoint": Decimal("1.5")}))
    assert (found.direction, found.significance) == ("precision only", "editorial")
    assert (str(found.before), str(found.after)) == ("1.50", "1.5")


def test_order_of_keys_and_lists_and_wrapping_are_editorial() -> None:
    after = dict(reversed(changed(effects=PARAMETER["effects"][::-1], why="Growth  and glycosylation.").items()))
    assert {row[2:] for row in rows(after)} == {("reordered", "editorial"), ("reflow only", "editorial")}


def test_links_are_compared_by_what_they_name() -> None:
    effects = [{"ref": "CQA-GAL", "direction": "increases"}, {"ref": "CQA-NEW"}]
    found = {(field, kind) for field, kind, *_ in rows(changed(effects=effects))}
    assert found == {
        ("effects[0].direction", "value_changed"), ("effects[1]", "reference_added"),
        ("effects[0]", "reference_removed"),
    }  # fmt: skip


def test_a_rename_that_says_so_is_editorial_and_one_that_does_not_is_not() -> None:
    said = changed(id="PRM-BRX-T", formerly=["PRM-BRX-TEMP"])
    assert [(item.kind, item.editorial) for item in diff(side(PARAMETER), side(said))] == [("record_renamed", True)]
    kinds = [item.kind for item in diff(side(PARAMETER), side(changed(id="PRM-BRX-T")))]
    assert sorted(kinds) == ["record_added", "record_removed"]


def test_references_follow_a_declared_rename() -> None:
    study = {"kind": "evidence", "id": "EVI-A"}
    before = side(PARAMETER, study)
    ranges = copy.deepcopy(PARAMETER["ranges"])
    ranges["normal_operating"]["evidence"] = ["EVI-Z", "EVI-B"]
    after = side(changed(ranges=ranges), {"kind": "evidence", "id": "EVI-Z", "formerly": "EVI-A"})
    assert all(item.editorial for item in diff(before, after))


def test_a_moved_file_is_editorial() -> None:
    before = Side({"PRM-BRX-TEMP": PARAMETER}, {"PRM-BRX-TEMP": "a.yaml"})
    after = Side({"PRM-BRX-TEMP": PARAMETER}, {"PRM-BRX-TEMP": "b.yaml"})
    assert [(item.kind, item.editorial) for item in diff(before, after)] == [("record_moved", True)]


_NUMBERS = st.decimals(-1000, 1000, places=2, allow_nan=False)
_RANGES = st.tuples(_NUMBERS, _NUMBERS).map(lambda pair: {"low": min(pair), "high": max(pair)})
_RECORDS = st.fixed_dictionaries(
    {"kind": st.just("process_parameter"), "id": st.just("PRM-A-B"), "unit": st.sampled_from(["Cel", "[pH]", "g/L"])},
    optional={
        "setpoint": _NUMBERS,
        "why": st.text(max_size=20),
        "ranges": st.fixed_dictionaries({}, optional={"studied": _RANGES, "proven_acceptable": _RANGES}),
        "evidence": st.lists(st.sampled_from(["EVI-A", "EVI-B", "EVI-C"]), unique=True),
    },
)


@given(_RECORDS)
def test_no_difference_from_itself(record: dict[str, Any]) -> None:
    assert diff(side(record), side(copy.deepcopy(record))) == []


_MIRROR = {"widened": "tightened", "tightened": "widened", "added": "removed", "removed": "added",
           "increased": "decreased", "decreased": "increased"}  # fmt: skip


def _moves(first: dict[str, Any], second: dict[str, Any]) -> set[tuple[str, str]]:
    return {(item.field.partition("[")[0], item.direction) for item in diff(side(first), side(second))}


@given(_RECORDS, _RECORDS)
def test_swapped_sides_mirror(first: dict[str, Any], second: dict[str, Any]) -> None:
    there = {
        (item.field.partition("[")[0], _MIRROR.get(item.direction, item.direction))
        for item in diff(side(first), side(second))
    }
    back = {(item.field.partition("[")[0], item.direction) for item in diff(side(second), side(first))}
    assert there == back


@given(_RECORDS, _RECORDS)
def test_every_difference_of_values_is_told(first: dict[str, Any], second: dict[str, Any]) -> None:
    without_empty = [
        {key: value for key, value in record.items() if value not in ("", {}, [])} for record in (first, second)
    ]
    if without_empty[0] != without_empty[1]:
        assert diff(side(first), side(second))


def _without_empty(record: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in record.items() if value not in ("", {}, [])}


def test_a_number_in_a_part_is_in_the_unit_of_that_part() -> None:
    part = {"name": "hold", "time": Decimal(30), "unit": "min"}
    before, after = changed(capability=part), changed(capability=part | {"unit": "h"})
    found = diff(side(before), side(after))
    assert ("capability.time", "increased") in {(item.field, item.direction) for item in found}
    assert any(not item.editorial for item in found)
    # rewritten into the other unit it is the same
    same = changed(capability={"name": "hold", "time": Decimal("0.5"), "unit": "h"})
    assert all(item.editorial for item in diff(side(before), side(same)))


def test_a_range_in_a_part_is_in_the_unit_of_that_part() -> None:
    part = {"function": "feed", "range": {"low": Decimal(1), "high": Decimal(2)}, "unit": "L/h"}
    found = diff(side(changed(capabilities=[part])), side(changed(capabilities=[part | {"unit": "L/min"}])))
    assert ("capabilities[0].range", "disjoint") in {(item.field, item.direction) for item in found}


def test_a_field_with_a_unit_field_of_its_own() -> None:
    before = changed(duration=Decimal(2), duration_unit="h")
    assert all(i.editorial for i in diff(side(before), side(changed(duration=Decimal(120), duration_unit="min"))))
    found = diff(side(before), side(changed(duration=Decimal(2), duration_unit="min")))
    assert ("duration", "decreased") in {(item.field, item.direction) for item in found}
    assert not all(item.editorial for item in found)


def test_a_unit_that_no_number_follows_is_a_change_of_meaning() -> None:
    before = {"kind": "quality_attribute", "id": "CQA-AGG", "unit": "mg/L", "acceptance": "below 5"}
    (found,) = diff(side(before), side(before | {"unit": "g/L"}))
    assert (found.kind, found.editorial) == ("unit_changed", False)
    temperature = before | {"unit": "degC"}
    (alias,) = diff(side(temperature), side(temperature | {"unit": "Cel"}))
    assert alias.editorial


def test_a_unit_change_with_unchanged_numbers_is_a_change_of_meaning() -> None:
    found = diff(side(PARAMETER), side(changed(unit="[degF]")))
    assert {"setpoint", "ranges.proven_acceptable"} <= {item.field for item in found if not item.editorial}


def test_a_width_knows_no_zero_point() -> None:
    before = changed(ranges=None, resolution=Decimal("0.1"))
    after = changed(ranges=None, unit="[degF]", setpoint=Decimal("98.6"), resolution=Decimal("0.18"))
    assert all(item.editorial for item in diff(side(before), side(after)))


def test_an_overlay_is_in_the_unit_of_what_it_overlays() -> None:
    overlay = {"kind": "site_overlay", "id": "PRM-BRX-TEMP@SITE-B", "override": {"setpoint": Decimal(37)}}
    fahrenheit = changed(unit="[degF]", setpoint=Decimal("98.6"), ranges=None)
    found = diff(side(changed(ranges=None), overlay), side(fahrenheit, overlay))
    assert not [item for item in found if item.record == "PRM-BRX-TEMP" and not item.editorial]
    rewritten = overlay | {"override": {"setpoint": Decimal("98.6")}}
    assert all(i.editorial for i in diff(side(changed(ranges=None), overlay), side(fahrenheit, rewritten)))


def test_what_editorial_fields_can_hide() -> None:
    before = changed(description="Hold at pH 3.6 for 60 min.", illustrative=True, status="approved")
    weights = {
        field: [item.significance for item in diff(side(before), side(before | {field: value}))]
        for field, value in {
            "description": "Hold at pH 3.6 for 30 min.", "illustrative": False, "status": "withdrawn", "kind": "step",
        }.items()
    }  # fmt: skip
    assert weights == {"description": ["minor"], "illustrative": ["minor"], "status": ["moderate"], "kind": ["major"]}
    for field, value in {"description": "Held at pH 3.6 for 60 min.", "status": "effective"}.items():
        assert [item.editorial for item in diff(side(before), side(before | {field: value}))] == [True]
    # negations and comparisons turn a sentence round
    (found,) = diff(side(changed(note="Do stir.")), side(changed(note="Do not stir.")))
    assert found.significance == "minor"


def test_order_that_says_something() -> None:
    record = {"kind": "batch_record", "id": "MBR-A", "steps": ["STP-A", "STP-B"]}
    (found,) = diff(side(record), side(record | {"steps": ["STP-B", "STP-A"]}))
    assert (found.kind, found.editorial, found.before) == ("order_changed", False, ["STP-A", "STP-B"])


def test_items_with_one_key_are_told_apart_by_their_content() -> None:
    first, second = {"ref": "CQA-AGG", "direction": "increases"}, {"ref": "CQA-AGG", "direction": "decreases"}
    found = diff(side(changed(effects=[first, second])), side(changed(effects=[second, first])))
    assert [item.direction for item in found] == ["reordered"]


def test_one_old_id_has_one_heir() -> None:
    heirs = [changed(id=f"PRM-BRX-{name}", formerly=["PRM-BRX-TEMP"]) for name in ("A", "B")]
    assert [(i.record, i.kind) for i in diff(side(PARAMETER), side(*heirs))] == [
        ("PRM-BRX-A", "record_renamed"), ("PRM-BRX-B", "record_added"),
    ]  # fmt: skip


def test_a_rename_reaches_overlays_inputs_and_prose() -> None:
    others: list[dict[str, Any]] = [
        {"kind": "site_overlay", "id": "PRM-BRX-TEMP@SITE-B", "override": {"setpoint": Decimal(36)}},
        {"kind": "process_parameter", "id": "PRM-X", "derived": {"inputs": {"a": "PRM-BRX-TEMP.setpoint"}}},
        {"kind": "term", "id": "GLO-T", "definition": "See [[PRM-BRX-TEMP]] at {{ PRM-BRX-TEMP.setpoint }}."},
    ]
    new = [{key: _renamed(value) for key, value in item.items()} for item in others]
    found = diff(side(PARAMETER, *others), side(changed(id="PRM-BRX-NEW", formerly="PRM-BRX-TEMP"), *new))
    assert [(item.record, item.kind) for item in found] == [
        ("PRM-BRX-NEW", "record_renamed"), ("PRM-BRX-NEW@SITE-B", "record_renamed"),
    ]  # fmt: skip


def _renamed(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _renamed(item) for key, item in value.items()}
    return value.replace("PRM-BRX-TEMP", "PRM-BRX-NEW") if isinstance(value, str) else value
