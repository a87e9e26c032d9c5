"""The verdict on a parameter at a site, clause by clause (alignment.md, "Automatic facility fit")."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ttpack.analysis.facility_fit.site_fit import fit_matrix, site_fit
from ttpack.analysis.facility_fit.verdict import WORST_FIRST, Fit
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package

Raw = dict[str, Any]
PARAMETER: Raw = {
    "kind": "process_parameter", "id": "PRM-X-TEMP", "title": "Temperature", "unit": "Cel", "classification": "CPP",
    "unit_operation": "UO-01-X", "quantity_kind": "temperature", "setpoint": 35, "owner": "ROL-S",
    "ranges": {"normal_operating": {"low": 34, "high": 36}, "proven_acceptable": {"low": 32, "high": 38}},
    "control": {"method": "jacket", "alarm": {"low": 33, "high": 37}}, "scale": {"dependence": "independent"},
}  # fmt: skip
CAPABILITY: Raw = {
    "parameters": ["PRM-X-TEMP"], "unit": "Cel", "range": {"low": 10, "high": 90},
    "qualified_range": {"low": 20, "high": 40}, "measuring_range": {"low": 0, "high": 100},
    "accuracy": {"value": "0.2", "unit": "K"}, "control_band": {"value": "0.3", "unit": "K"}, "basis": "OQ",
}  # fmt: skip
ITEM: Raw = {"kind": "site_equipment", "id": "EQC-B-1", "site": "SITE-B", "qualification": "OQ", "owner": "ROL-B"}


def package(*records: Raw, **manifest: Any) -> Package:
    every = [{"kind": "site", "id": site} for site in ("SITE-A", "SITE-B")] + list(records)
    models = {raw["id"]: KINDS[raw["kind"]].model_validate(raw) for raw in sorted(every, key=lambda raw: raw["id"])}
    head = {"kind": "package", "id": "PKG-X", "schema_version": "1", "gates": {"SITE-B": "G2"}, **manifest}
    head.setdefault("sending_sites", ("SITE-A",))
    return Package(
        KINDS["package"].model_validate(head),  # type: ignore[arg-type]
        models, {}, {name: Location("x.yaml", 1) for name in models},
    )  # fmt: skip


def changed(raw: Raw, changes: Raw) -> Raw:
    found = deepcopy(raw)
    for path, value in changes.items():
        *parts, last = path.split(".")
        at = found
        for part in parts:
            at = at[part]
        at[last] = value
    return {key: value for key, value in found.items() if value is not None}


def fitted(
    capability: Raw | None = None, parameter: Raw | None = None, item: Raw | None = None, *more: Raw, gate: str = "G2"
) -> Fit:
    one = {**ITEM, "capabilities": [changed(CAPABILITY, capability or {})], **(item or {})}
    made = package(changed(PARAMETER, parameter or {}), one, *more)
    return site_fit(made, "SITE-B", gate).parameters[0]


@pytest.mark.parametrize(
    ("capability", "verdict", "words"),
    [
        ({}, "PASS", ()),
        ({"range": {"low": 36, "high": 90}, "qualified_range": None}, "FAIL", ("34 to 36 °C", "36 to 90 °C")),
        ({"range": None, "qualified_range": {"low": 20, "high": 35}}, "FAIL", ("34 to 36 °C", "20 to 35 °C")),
        ({"qualified_range": {"low": 20, "high": 35}}, "CONDITIONAL", ("34 to 36 °C", "20 to 35 °C")),
        ({"qualified_range": {"low": 20, "high": "36.2"}}, "CONDITIONAL", ("widened by the control band 0.3", "36.2")),
        ({"qualified_range": {"low": 20, "high": "36.3"}}, "PASS", ()),
        ({"qualified_range": None}, "CONDITIONAL", ("no qualified range",)),
        ({"accuracy": {"value": 1, "unit": "K"}}, "CONDITIONAL", ("half of the normal range is 1 °C", "1.3")),
        ({"measuring_range": {"low": 34, "high": 100}}, "CONDITIONAL", ("32 to 38", "33 to 37", "34 to 100")),
        ({"measuring_range": None}, "UNKNOWN", ("no item states a measuring range",)),
        ({"accuracy": None}, "UNKNOWN", ("U is not known",)),
        ({"control_band": None}, "UNKNOWN", ("U is not known",)),
        ({"accuracy": None, "range": {"low": 50, "high": 90}, "qualified_range": None}, "FAIL", ("50 to 90",)),
        ({"accuracy": {"value": 1, "unit": "bar"}}, "UNKNOWN", ("U is not known",)),
        ({"unit": "bar"}, "UNKNOWN", ("does not convert",)),
        ({"unit": None}, "UNKNOWN", ("states no unit",)),
        ({"unit": "[degF]", "range": {"low": 50, "high": 194}, "qualified_range": {"low": 68, "high": 104},
          "measuring_range": {"low": 32, "high": 212}}, "PASS", ()),
        ({"range": {"low": 90, "high": 10}}, "UNKNOWN", ("design range", "empty")),
        ({"qualified_range": {"low": 5, "high": 40}}, "UNKNOWN", ("contradict",)),
        ({"measuring_range": {"low": 100, "high": 0}}, "UNKNOWN", ("measuring range", "empty")),
        ({"range": {"low": 0, "high": 0}, "qualified_range": None}, "FAIL", ("0 to 0",)),
        ({"range": {"low": -90, "high": -10}, "qualified_range": None}, "FAIL", ("-90 to -10",)),
        ({"range": {"low": 10}, "qualified_range": {"low": 20}}, "PASS", ()),
        ({"range": {"criterion": "holds"}, "qualified_range": None}, "UNKNOWN", ("no item states a range",)),
        ({"accuracy": {"value": 0, "unit": "K"}, "control_band": {"value": 0, "unit": "K"}}, "PASS", ()),
    ],
)  # fmt: skip
def test_each_clause_of_a_capability(capability: Raw, verdict: str, words: tuple[str, ...]) -> None:
    fit = fitted(capability)
    assert fit.verdict == verdict, fit.reasons
    assert all(any(word in reason for reason in fit.reasons) for word in words), fit.reasons


@pytest.mark.parametrize(
    ("parameter", "verdict"),
    [
        ({"setpoint": 95}, "FAIL"),
        ({"setpoint": None, "ranges.normal_operating": None}, "UNKNOWN"),
        ({"ranges.normal_operating": None}, "UNKNOWN"),
        ({"ranges.normal_operating": {"low": 36, "high": 34}}, "UNKNOWN"),
        ({"ranges.normal_operating": {"high": 36}}, "PASS"),
        ({"ranges.normal_operating": {"high": 95}}, "FAIL"),
        ({"ranges.normal_operating": {"criterion": "warm"}, "setpoint": None}, "UNKNOWN"),
        ({"unit": "bar"}, "UNKNOWN"),
        ({"unit": None}, "UNKNOWN"),
        ({"ranges.proven_acceptable": {"low": -50, "high": 38}}, "CONDITIONAL"),
        ({"ranges.proven_acceptable": {"low": -50, "high": 38}, "classification": "KPP"}, "PASS"),
        ({"control.alarm": {"low": -50, "high": 38}, "classification": "KPP"}, "CONDITIONAL"),
        ({"scale": {"dependence": "dependent", "rule": "constant_tip_speed"}}, "UNKNOWN"),
        ({"scale": {"dependence": "normalised", "basis": "volume"}}, "PASS"),
    ],
)  # fmt: skip
def test_each_clause_of_a_requirement(parameter: Raw, verdict: str) -> None:
    fit = fitted(parameter=parameter)
    assert fit.verdict == verdict, fit.reasons
    assert fit.verdict == "PASS" or fit.reasons


@pytest.mark.parametrize(
    ("qualification", "verdict"),
    [
        ("OQ", "PASS"),
        ("PQ", "PASS"),
        ("IQ", "CONDITIONAL"),
        ("none", "CONDITIONAL"),
        ("expired", "CONDITIONAL"),
        (None, "CONDITIONAL"),
    ],
)
def test_a_range_counts_as_qualified_only_while_the_item_is(qualification: str | None, verdict: str) -> None:
    assert fitted(item={"qualification": qualification}).verdict == verdict


@pytest.mark.parametrize(("gate", "verdict"), [("G3", "PASS"), ("G4", "UNKNOWN"), ("G6", "UNKNOWN")])
@pytest.mark.parametrize("basis", ["nameplate", "vendor"])
def test_a_nameplate_is_never_green_from_g4_on(gate: str, verdict: str, basis: str) -> None:
    assert fitted({"basis": basis}, gate=gate).verdict == verdict


def test_margin_is_the_smallest_distance_to_the_qualified_range_in_units_of_u() -> None:
    assert fitted().margin == 8  # 40 - 36 over 0.2 + 0.3
    assert fitted({"qualified_range": {"low": 20, "high": 35}}).margin == -2
    assert fitted(item={"qualification": "expired"}).margin is None


def test_no_other_band_stands_in_for_one_in_a_unit_that_does_not_convert() -> None:
    wanted = {"control.band": {"value": "0.3", "unit": "K"}}
    assert fitted({"control_band": None}, wanted).verdict == "PASS"
    strange = fitted({"control_band": {"value": "0.3", "unit": "bar"}}, wanted)
    assert (strange.verdict, "0.3 bar is no width in Cel" in strange.reasons[0]) == ("UNKNOWN", True)


def test_both_sides_are_numbers_a_program_can_use() -> None:
    row = fitted().as_json()
    assert (row["parameter"], row["verdict"]) == ("PRM-X-TEMP", "PASS")
    assert {name: row["required"][name] for name in ("setpoint", "normal_low", "normal_high", "alarm_high")} == {
        "setpoint": 35, "normal_low": 34, "normal_high": 36, "alarm_high": 37,
    }  # fmt: skip
    able = row["capability"]
    assert (able["design_low"], able["qualified_high"], able["measuring_high"]) == (10, 40, 100)
    assert (able["uncertainty"], able["basis"], able["qualification"]) == (Decimal("0.5"), "OQ", "OQ")


def test_a_site_never_narrows_a_proven_range_to_pass() -> None:
    narrow = {
        "kind": "site_overlay",
        "id": "PRM-X-TEMP@SITE-B",
        "ranges": {"proven_acceptable": {"low": 34, "high": 36}},
    }
    capability = {"measuring_range": {"low": 33, "high": 100}}
    alone, narrowed = fitted(capability), fitted(capability, None, None, narrow)
    assert (alone.verdict, narrowed.verdict) == ("CONDITIONAL", "CONDITIONAL")


def test_the_overlay_of_the_site_is_what_is_asked_there() -> None:
    here = {
        "kind": "site_overlay",
        "id": "PRM-X-TEMP@SITE-B",
        "setpoint": 85,
        "ranges": {"normal_operating": {"low": 80, "high": 95}},
    }
    assert fitted(None, None, None, here).verdict == "FAIL"
    elsewhere = here | {"id": "PRM-X-TEMP@SITE-A"}
    assert fitted(None, None, None, elsewhere).verdict == "PASS"


def test_a_separate_analyser_may_measure() -> None:
    analyser = ITEM | {"id": "EQC-B-2", "capabilities": [{
        "parameters": ["PRM-X-TEMP"], "unit": "Cel", "measuring_range": {"low": 0, "high": 100},
        "accuracy": {"value": "0.2", "unit": "K"},
    }]}  # fmt: skip
    vessel = {"measuring_range": None, "accuracy": None}
    assert fitted(vessel).verdict == "UNKNOWN"
    fit = fitted(vessel, None, None, analyser)
    assert (fit.verdict, fit.equipment) == ("PASS", ("EQC-B-1", "EQC-B-2"))


def test_of_alternatives_the_worst_counts_and_is_named() -> None:
    smaller = ITEM | {
        "id": "EQC-B-2",
        "capabilities": [changed(CAPABILITY, {"qualified_range": {"low": 20, "high": 35}})],
    }
    fit = fitted(None, None, None, smaller)
    assert fit.verdict == "CONDITIONAL"
    assert any(reason.startswith("EQC-B-2: ") for reason in fit.reasons)
    assert fit.margin == -2


def test_an_item_that_states_two_ranges_contradicts_itself() -> None:
    twice = [CAPABILITY, changed(CAPABILITY, {"qualified_range": {"low": 20, "high": 50}})]
    fit = fitted(item={"capabilities": twice})
    assert fit.verdict == "UNKNOWN"
    assert any("two qualified ranges" in reason for reason in fit.reasons)


def test_a_capability_that_names_no_parameter_serves_its_unit_operation() -> None:
    general = {"parameters": None, "quantity_kind": "temperature"}
    assert fitted(general).verdict == "UNKNOWN"
    assert fitted(general, item={"unit_operations": ["UO-01-X"]}).verdict == "PASS"
    assert fitted(general, item={"unit_operations": ["UO-02-X"]}).verdict == "UNKNOWN"


def test_a_site_without_data_is_unknown() -> None:
    made = package(PARAMETER, gates={"SITE-B": "G0", "SITE-NOWHERE": "G1"})
    matrix = fit_matrix(made, {}, ["SITE-A"])
    assert list(matrix) == ["SITE-B", "SITE-NOWHERE", "SITE-A"]
    assert {fit.verdict for site in matrix.values() for fit in site.parameters} == {"UNKNOWN"}


def test_a_gap_is_proposed_until_it_is_agreed() -> None:
    wide = {"qualified_range": None}
    proposed = fitted(wide).gap
    assert proposed
    assert (proposed.owner, proposed.due_gate, proposed.record) == ("ROL-B", "G3", None)
    item = {"kind": "open_item", "id": "OPN-1", "owner": "ROL-C", "due_gate": "G4", "relates_to": ["EQC-B-1"]}
    agreed = fitted(wide, None, None, item).gap
    assert agreed
    assert (agreed.owner, agreed.due_gate, agreed.record) == ("ROL-C", "G4", "OPN-1")
    closed = fitted(wide, None, None, item | {"status": "closed"}).gap
    assert closed
    assert closed.record is None
    later = fitted(wide, gate="G5").gap
    assert later
    assert later.due_gate == "G6"


@pytest.mark.parametrize(
    ("record", "counts"),
    [
        ({"kind": "open_item", "relates_to": ["PRM-X-TEMP"]}, False),
        ({"kind": "open_item", "relates_to": ["PRM-X-TEMP"], "site": "SITE-A"}, False),
        ({"kind": "open_item", "relates_to": ["PRM-X-TEMP"], "site": "SITE-B"}, True),
        ({"kind": "open_item", "relates_to": ["PRM-X-TEMP", "EQC-B-1"]}, True),
        ({"kind": "open_item", "relates_to": ["PRM-X-OTHER", "EQC-B-1"]}, False),
        ({"kind": "assumption", "affected": ["PRM-X-TEMP"]}, False),
        ({"kind": "risk", "item": "PRM-X-TEMP", "site": "SITE-B"}, False),
        ({"kind": "risk", "item": "EQC-B-1"}, True),
        ({"kind": "risk", "item": "EQC-B-1", "site": "SITE-A"}, False),
        ({"kind": "risk", "item": "PRM-X-TEMP", "items": ["EQC-B-1"]}, True),
    ],
)
def test_only_what_is_about_this_plant_agrees_on_its_gap(record: Raw, counts: bool) -> None:
    gap = fitted(
        {"qualified_range": None}, None, None, {"id": "XYZ-1", "owner": "ROL-C", "due_gate": "G4", **record}
    ).gap
    assert gap
    assert (gap.record == "XYZ-1") is counts


ends = st.integers(-20, 120)
spans = st.tuples(ends, ends).map(sorted)


@settings(max_examples=60, deadline=None)
@given(design=spans, measuring=spans, more=st.tuples(st.integers(0, 40), st.integers(0, 40)))
def test_widening_a_capability_never_worsens_a_verdict(
    design: list[int], measuring: list[int], more: tuple[int, int]
) -> None:
    def at(by: int, below: int, above: int) -> int:
        qualified = {"low": design[0] + 3 - below, "high": max(design[0] + 3, design[1] - 3) + above}
        fit = fitted({
            "range": {"low": design[0] - below - by, "high": max(design[1], design[0] + 3) + above + by},
            "qualified_range": qualified,
            "measuring_range": {"low": measuring[0] - below, "high": measuring[1] + above},
        })  # fmt: skip
        return WORST_FIRST.index(fit.verdict)

    assert at(0, *more) >= at(0, 0, 0)
    assert at(more[0], 0, 0) >= at(0, 0, 0)


@settings(max_examples=60, deadline=None)
@given(par=spans, by=st.integers(0, 30))
def test_a_narrower_proven_range_counts_only_where_it_is_measured(par: list[int], by: int) -> None:
    low, high = sorted((par[0] + by, par[1]))
    wide, narrow = (
        fitted(parameter={"ranges.proven_acceptable": {"low": a, "high": b}}) for a, b in (par, (low, high))
    )
    measured = [reason for reason in (*wide.reasons, *narrow.reasons) if "measuring range" not in reason]
    assert not measured
    assert {wide.verdict, narrow.verdict} <= {"PASS", "CONDITIONAL"}
