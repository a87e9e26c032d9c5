"""The size of a change of a parameter, against its proven range and its edge of failure; and where that is not said."""

from decimal import Decimal
from typing import Any

import pytest

from ttpack.analysis.change import Change
from ttpack.analysis.diff import Side, diff
from ttpack.model.own_units import UnitDefinition

D = Decimal
PAR: Any = {"low": D("6.60"), "high": D("7.10")}
EDGE: Any = {"low": D("6.40"), "high": D("7.30")}


def parameter(setpoint: str = "6.85", **ranges: Any) -> dict[str, Any]:
    return {"kind": "process_parameter", "id": "PRM-PH", "unit": "[pH]", "setpoint": D(setpoint), "ranges": ranges}


def only(before: dict[str, Any], after: dict[str, Any], *more: dict[str, Any]) -> Change:
    (found,) = [
        one
        for one in diff(*(Side({item["id"]: item for item in (side, *more)}) for side in (before, after)))
        if not one.editorial
    ]
    return found


def test_a_setpoint_is_held_against_the_proven_range_and_the_edge_of_failure() -> None:
    ranges = {"proven_acceptable": PAR, "edge_of_failure": EDGE}
    found = only(parameter(**ranges), parameter("6.95", **ranges))
    assert found.magnitude == (
        "+20 % of the proven acceptable width; uses up 22.2 % of the distance to the edge of failure"
    )
    assert found.as_json()["relative"] == {"value_in_proven_widths": "0.2", "value_of_edge_distance": "2/9"}
    down = only(parameter(**ranges), parameter("6.80", **ranges))
    assert down.relative == {"value_in_proven_widths": "-0.1", "value_of_edge_distance": "1/9"}


def test_a_wider_proven_range_uses_up_the_way_to_the_edge() -> None:
    ranges = {"proven_acceptable": PAR, "edge_of_failure": EDGE}
    found = only(
        parameter(**ranges), parameter(**ranges | {"proven_acceptable": {"low": D("6.70"), "high": D("7.40")}})
    )
    assert found.magnitude == (
        "lower end +20 % of the former width, upper end +60 % of the former width; "
        "upper end uses up 150 % of the distance to the edge of failure and passes it"
    )
    assert found.relative["high_of_edge_distance"] == "1.5"
    assert "low_of_edge_distance" not in found.relative


def test_a_change_cannot_move_the_edge_it_is_held_against() -> None:
    before = parameter(proven_acceptable=PAR, edge_of_failure=EDGE)
    wider, nearer = ({"low": D(1), "high": D(high)} for high in ("13", "7.0"))
    for edge, share in ((wider, "2/9"), (nearer, "2/3"), (None, "2/9")):
        ranges = {"proven_acceptable": PAR, **({"edge_of_failure": edge} if edge else {})}
        changes = diff(Side({"PRM-PH": before}), Side({"PRM-PH": parameter("6.95", **ranges)}))
        assert {one.field: one.relative for one in changes}["setpoint"]["value_of_edge_distance"] == share


@pytest.mark.parametrize("name", ["target", "normal_operating", "alert", "action"])
def test_limits_inside_the_proven_range_are_held_against_its_width(name: str) -> None:
    ranges: dict[str, Any] = {"proven_acceptable": PAR, "edge_of_failure": {"high": D("7.30")}}
    before, after = (dict[str, Any](low=D("6.75"), high=D(high)) for high in ("6.95", "7.00"))
    found = only(parameter(**{**ranges, name: before}), parameter(**{**ranges, name: after}))
    assert found.magnitude == (
        "upper end +10 % of the proven acceptable width; "
        "upper end uses up 14.3 % of the distance to the edge of failure"
    )
    assert found.relative == {
        "high_in_former_widths": "0.25", "high_in_proven_widths": "0.1", "high_of_edge_distance": "1/7",
    }  # fmt: skip


def test_the_alarm_of_the_control() -> None:
    before, after = (
        parameter(proven_acceptable=PAR) | {"control": {"method": "loop", "alarm": {"low": D("6.7"), "high": D(high)}}}
        for high in ("7.0", "7.05")
    )
    assert only(before, after).relative["high_in_proven_widths"] == "0.1"


def test_an_overlay_is_held_against_what_holds_at_its_site() -> None:
    base = parameter(proven_acceptable=PAR, edge_of_failure=EDGE)
    for inside, width in (
        ({}, "0.2"),
        ({"ranges": {"proven_acceptable": {"low": D("6.7"), "high": D("6.95")}}}, "0.4"),
    ):
        before, after = (
            {"kind": "site_overlay", "id": "PRM-PH@SITE-B", "override": {"setpoint": D(value), **inside}}
            for value in ("6.75", "6.85")
        )
        found = only(before, after, base)
        assert found.field == "override.setpoint"
        assert found.relative == {"value_in_proven_widths": width, "value_of_edge_distance": "2/11"}


def test_temperatures_are_compared_by_their_distances_in_whatever_unit() -> None:
    def temperature(value: str, unit: str, low: str, high: str) -> dict[str, Any]:
        ranges = {"proven_acceptable": {"low": D(low), "high": D(high)}}
        return {"kind": "process_parameter", "id": "PRM-T", "unit": unit, "setpoint": D(value), "ranges": ranges}

    celsius = temperature("36", "Cel", "30", "40")
    found = [
        one
        for one in diff(Side({"PRM-T": celsius}), Side({"PRM-T": temperature("98.6", "[degF]", "86", "104")}))
        if not one.editorial
    ]
    assert [(one.field, dict(one.relative)) for one in found] == [("setpoint", {"value_in_proven_widths": "0.1"})]


@pytest.mark.parametrize(
    ("unit", "ranges"),
    [
        ("[pH]", {}),
        ("Cel", {}),
        ("{log10}", {}),
        ("[pH]", {"proven_acceptable": {"low": D("6.6")}}),
        ("[pH]", {"proven_acceptable": {"high": D("7.1")}, "edge_of_failure": {"low": D("6.4")}}),
        ("[pH]", {"proven_acceptable": {"low": D(7), "high": D(7)}}),
        ("[pH]", {"proven_acceptable": {"low": D(6), "high": D(7), "unit": "no such unit"}}),
        ("[pH]", {"proven_acceptable": {"low": D(6), "high": D(7), "unit": "mol/L"}}),
        ("[pH]", {"edge_of_failure": {"low": D("6.4"), "high": D("6.8")}}),  # already past it
        ("no such unit", {"proven_acceptable": PAR}),
    ],
)
def test_what_cannot_be_computed_is_not_said(unit: str, ranges: dict[str, Any]) -> None:
    found = only(*(parameter(value, **ranges) | {"unit": unit} for value in ("6.85", "6.95")))
    assert found.direction == "increased"
    assert "proven" not in found.magnitude
    assert "edge" not in found.magnitude
    assert found.relative == {}
    # a share of a temperature in degrees or of a logarithm means nothing
    assert found.magnitude == ("+1.46 % of the former value" if unit == "no such unit" else "")


def test_an_end_that_opens_has_no_size_and_inclusive_ends_have_none() -> None:
    before = parameter(proven_acceptable=PAR, edge_of_failure=EDGE)
    for proven in ({"low": D("6.60")}, PAR | {"high_inclusive": False}):
        found = only(before, parameter(proven_acceptable=proven, edge_of_failure=EDGE))
        assert (found.magnitude, found.relative) == ("", {})
        assert found.direction in ("widened", "tightened")


def test_own_units_that_are_defined_otherwise_and_numbers_rewritten_with_them() -> None:
    record = {"kind": "process_parameter", "id": "PRM-V", "unit": "{box}", "setpoint": D(2)}
    units = [{"{box}": UnitDefinition("{box}", base_unit="L", factor=factor)} for factor in (20, 40)]
    before = Side({"PRM-V": record}, own_units=units[0])
    (same,) = diff(before, Side({"PRM-V": record | {"setpoint": D(1)}}, own_units=units[1]))
    assert same.direction == "same value"
    (more,) = diff(before, Side({"PRM-V": record | {"setpoint": D("1.5")}}, own_units=units[1]))
    assert (more.direction, more.magnitude) == ("increased", "+50 % of the former value")
