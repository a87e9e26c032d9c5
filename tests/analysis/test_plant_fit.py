"""Facility fit of the plant against known answers, and what odd records come to: never a crash, never a pass."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pytest
from tests.rules.test_cases import build

from ttpack.analysis.facility_fit.plant import plant_fits
from ttpack.analysis.facility_fit.site_plant import PlantIndex, SitePlant
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.analysis.facility_fit.volumes import phase_volumes
from ttpack.model.process import UnitOperation

Given = Mapping[str, Any]
RESIN: Given = {
    "particle_diameter": {"value": 85, "unit": "um"}, "void_fraction": Decimal("0.35"),
    "mobile_phase_viscosity": {"value": Decimal("1.5"), "unit": "mPa.s"},
    "dynamic_binding_capacity": {"value": 55, "unit": "g/L{resin}"},
    "maximum_linear_velocity": {"value": 500, "unit": "cm/h"},
}  # fmt: skip


def fits(given: Given, aspect: str, site: str = "SITE-B", gate: str = "G2") -> list[Fit]:
    """The fits of one aspect at a site, of the base package with a patch."""
    return [one for one in plant_fits(build(given), site, gate) if one.aspect == aspect]


def only(given: Given, aspect: str) -> Fit:
    """The one fit of an aspect."""
    found = fits(given, aspect)
    assert len(found) == 1, found
    return found[0]


def column(diameter: int, **limits: Any) -> Given:
    """The example's column in another diameter, 300 cm/h and no range around it."""
    geometry = {"column_diameter": {"value": diameter, "unit": "cm"}, "bed_height": {"value": 20, "unit": "cm"}}
    velocity = {"setpoint": 300, "ranges.normal_operating": {"low": 300, "high": 300}}
    return {"set": {"EQC-B-CH501": {"geometry": geometry, **limits}, "PRM-PA-FLOW": velocity}}


@pytest.mark.parametrize(("diameter", "flow"), [(180, "127"), (63, "15.6")])
def test_flow_of_a_column_is_velocity_times_cross_section(diameter: int, flow: str) -> None:
    found = only(column(diameter, minimum_flow={"value": 1, "unit": "L/min"}), "flow")
    assert found.verdict == "PASS"
    assert found.required is not None
    high = found.required.numbers["high"]
    assert isinstance(high, Decimal)
    assert f"{high:.3g}" == flow
    assert found.required.numbers["unit"] == "L/min"


def test_a_skid_just_too_small_fails_and_one_just_large_enough_passes() -> None:
    small, enough = ({"value": value, "unit": "L/h"} for value in (7634, 7635))
    assert only(column(180, maximum_flow=small), "flow").verdict == "FAIL"
    assert only(column(180, maximum_flow=enough), "flow").verdict == "PASS"


def test_flow_from_a_skid_beside_the_column() -> None:
    skid = {
        "kind": "site_equipment", "id": "EQC-B-SKID", "site": "SITE-B", "unit_operations": ["UO-05-PA"],
        "minimum_flow": {"value": 0, "unit": "L/min"}, "maximum_flow": {"value": 100, "unit": "L/min"},
    }  # fmt: skip
    given = {**column(180, minimum_flow=None, maximum_flow=None), "add": [skid]}
    found = only(given, "flow")
    assert (found.verdict, found.equipment) == ("FAIL", ("EQC-B-CH501", "EQC-B-SKID"))


def test_pressure_over_the_bed_follows_kozeny_carman_and_the_makers_velocity_vouches_for_it() -> None:
    material = {"kind": "material", "id": "MAT-RESIN", "title": "Resin", "resin": RESIN}
    base = column(180, packing="MAT-RESIN")
    found = only({**base, "add": [material]}, "pressure")
    # 180 mu u L (1-e)2 / (d2 e3), with u = 300 cm/h, L = 20 cm
    expected = 180 * 1.5e-3 * (3 / 3600) * 0.2 * 0.65**2 / ((85e-6) ** 2 * 0.35**3) / 1e5
    assert found.required is not None
    assert float(str(found.required.numbers["high"])) == pytest.approx(expected, rel=1e-5)
    assert found.verdict == "PASS"
    tight = {"value": round(expected * 1.2, 3), "unit": "bar"}
    alone = {**material, "resin": {key: RESIN[key] for key in RESIN if key != "maximum_linear_velocity"}}
    near = column(180, packing="MAT-RESIN", maximum_pressure={"value": Decimal(str(tight["value"])), "unit": "bar"})
    assert only({**near, "add": [alone]}, "pressure").verdict == "CONDITIONAL"
    assert only({**near, "add": [material]}, "pressure").verdict == "PASS"


def test_cycles_and_load_of_a_batch() -> None:
    material = {"kind": "material", "id": "MAT-RESIN", "title": "Resin", "resin": RESIN}
    given = {"set": {"EQC-B-CH501": {"packing": "MAT-RESIN"}}, "add": [material]}
    found = only(given, "column_load")
    assert found.required is not None
    # 15,000 L at up to 6 g/L is 90 kg; a bed of 628.3 L at 40 g/L takes 25.1 kg in a cycle
    assert found.required.numbers["mass"] == 90000
    assert found.required.numbers["cycles"] == 4
    assert found.verdict == "PASS"


@pytest.mark.parametrize("unit", ["g/L{resin}", "mg/mL"])
@pytest.mark.parametrize(("capacity", "verdict"), [(50, "PASS"), (49, "CONDITIONAL"), (44, "FAIL")])
def test_load_against_the_binding_capacity(capacity: int, verdict: str, unit: str) -> None:
    resin = {**RESIN, "dynamic_binding_capacity": {"value": capacity, "unit": unit}}
    given = {"set": {"EQC-B-CH501": {"packing": "MAT-RESIN"}},
             "add": [{"kind": "material", "id": "MAT-RESIN", "resin": resin}]}  # fmt: skip
    assert only(given, "column_load").verdict == verdict


def test_a_column_too_large_for_its_batch_fails() -> None:
    material = {"kind": "material", "id": "MAT-RESIN", "resin": RESIN}
    large = column(600, packing="MAT-RESIN")
    found = only({**large, "add": [material]}, "column_load")
    assert found.verdict == "FAIL"
    assert "below the normal range" in found.reasons[0]


def test_the_volume_after_each_phase_is_an_interval() -> None:
    package = build({})
    unit = package.get("UO-03-BRX", UnitOperation)
    assert unit is not None
    found = phase_volumes(SitePlant(PlantIndex(package), "SITE-B", "G2"), unit)
    assert [(one.phase, int(one.least), int(one.greatest)) for one in found] == [
        ("medium fill", 9000, 9200), ("inoculation", 12000, 12500), ("nutrient feed", 13600, 14300),
        ("base", 13600, 14450), ("samples", 13570, 14440),
    ]  # fmt: skip


def test_a_feed_that_is_a_parameter_follows_the_overlay_of_the_site() -> None:
    feed = {
        "kind": "process_parameter", "id": "PRM-FEED", "title": "Feed", "unit_operation": "UO-03-BRX",
        "quantity_kind": "volume_fraction", "unit": "%{wv}", "ranges": {"normal_operating": {"low": 11, "high": 13}},
    }  # fmt: skip
    overlay = {"kind": "site_overlay", "id": "PRM-FEED@SITE-B", "ranges": {"normal_operating": {"low": 20, "high": 30}}}
    plan = {"UO-03-BRX": {"volume_changes[2]": {"phase": "feed", "change": "feed", "parameter": "PRM-FEED"}}}
    general = only({"set": plan, "add": [feed]}, "volume")
    here = only({"set": plan, "add": [feed, overlay]}, "volume")
    assert [one.required.numbers["high"] for one in (general, here) if one.required] == [14600, 17150]
    assert (general.verdict, here.verdict) == ("PASS", "FAIL")


def test_equipment_that_shares_an_activity_draws_at_one_time() -> None:
    def draws(value: int, *during: str) -> Given:
        demand = {"utility": "UTL-B-WFI", "demand": {"value": value, "unit": "L/h"}, "during": list(during)}
        return {"utility_demands": [demand]}

    wfi = {
        "kind": "utility", "id": "UTL-B-WFI", "site": "SITE-B", "capacity": {"value": 20, "unit": "m3/h"},
        "margin": "10 %", "qualified": True,
    }  # fmt: skip
    apart = {"EQC-B-BR301": draws(8000, "fill"), "EQC-B-CH501": draws(3000, "rinse")}
    together = {"EQC-B-BR301": draws(8000, "fill"), "EQC-B-CH501": draws(3000, "rinse", "fill")}
    always = {"EQC-B-BR301": draws(8000, "fill"), "EQC-B-CH501": draws(3000)}
    peaks = []
    for given in (apart, together, always):
        found = only({"set": given, "add": [wfi]}, "utility")
        assert found.required is not None
        peaks.append(found.required.numbers["high"])
    assert peaks == [8, 11, 11]


def test_a_site_without_data_is_unknown_and_never_passes() -> None:
    found = plant_fits(build({}), "SITE-NOWHERE", "G2")
    assert found
    assert {one.verdict for one in found} == {"UNKNOWN"}


BAD: list[tuple[str, str, Given]] = [
    ("volume", "a negative amount", {"UO-03-BRX": {"volume_changes[2].amount": {"low": -5, "high": 3}}}),
    ("volume", "an amount from more to less", {"UO-03-BRX": {"volume_changes[2].amount": {"low": 3, "high": 1}}}),
    ("volume", "no upper end", {"UO-03-BRX": {"volume_changes[3].amount": {"low": 3}}}),
    ("volume", "no unit", {"UO-03-BRX": {"volume_changes[2].unit": None}}),
    ("volume", "no such unit", {"UO-03-BRX": {"volume_changes[2].unit": "buckets"}}),
    ("volume", "no such parameter", {"UO-03-BRX": {"volume_changes[2]": {"phase": "x", "parameter": "PRM-NONE"}}}),
    ("volume", "more out than in", {"UO-03-BRX": {"volume_changes[4].amount": {"low": 1, "high": 90000}}}),
    ("volume", "no scale", {"SITE-B": {"scale": None}}),
    ("volume", "a scale of zero", {"SITE-B": {"scale.value": 0}}),
    ("volume", "a working volume from more to less", {"EQC-B-BR301": {"working_volume": {"low": 9, "high": 1}}}),
    ("volume", "a negative working volume", {"EQC-B-BR301": {"working_volume": {"low": -9, "high": -1}}}),
    ("volume", "a working volume in metres", {"EQC-B-BR301": {"working_volume_unit": "m"}}),
    ("headspace", "no nominal volume", {"EQC-B-BR301": {"nominal_volume": None}}),
    ("headspace", "a headspace of everything", {"EQC-B-BR301": {"minimum_headspace": {"value": 100, "unit": "%"}}}),
    ("headspace", "a negative hold-up", {"EQC-B-BR301": {"gas_hold_up": {"value": -3, "unit": "%"}}}),
    ("flow", "a diameter of zero", {"EQC-B-CH501": {"geometry.column_diameter.value": 0}}),
    ("flow", "a diameter in litres", {"EQC-B-CH501": {"geometry.column_diameter.unit": "L"}}),
    ("flow", "least above greatest", {"EQC-B-CH501": {"minimum_flow.value": 900}}),
    ("flow", "a negative flow", {"EQC-B-CH501": {"maximum_flow.value": -1}}),
    ("flow", "a velocity in pH", {"PRM-PA-FLOW": {"unit": "[pH]"}}),
    ("flow", "no velocity", {"PRM-PA-FLOW": {"setpoint": None, "ranges": {}}}),
    ("column_load", "a load of nothing", {"PRM-PA-LOAD": {"setpoint": 0, "ranges": {"normal_operating": {"high": 0}}}}),
    ("column_load", "no titer", {"KPA-BRX-TITER": {"expected_range": None}}),
    ("room", "no demand, no room", {}),
    ("contact_material", "blank words", {"EQC-B-BR301": {"materials_of_construction": " "}}),
]  # fmt: skip


@pytest.mark.parametrize(("aspect", "name", "given"), BAD, ids=[f"{aspect}: {name}" for aspect, name, _ in BAD])
def test_odd_records_are_unknown_with_a_reason(aspect: str, name: str, given: Given) -> None:
    del name
    found = fits({"set": given}, aspect)
    assert "UNKNOWN" in {one.verdict for one in found}, found
    assert all(one.reasons for one in found if one.verdict == "UNKNOWN")


@pytest.mark.parametrize(("filter_area", "verdict"), [(129, "PASS"), (128, "FAIL")])
def test_filter_area_from_vmax(filter_area: int, verdict: str) -> None:
    """F V / (0.684 Vmax) = 1.5 x 15,000 / (0.684 x 256) is 128.5 m2."""
    depth = {
        "kind": "unit_operation", "id": "UO-04-DF", "title": "Depth filtration", "order": 4,
        "operation_class": "depth_filtration", "process": "PRC-MIN",
    }  # fmt: skip
    item = {
        "kind": "site_equipment", "id": "EQC-B-DF", "site": "SITE-B", "unit_operations": ["UO-04-DF"],
        "geometry": {"filter_area": {"value": filter_area, "unit": "m2"}}, "packing": "MAT-DF",
    }  # fmt: skip
    properties = {"vmax": {"value": 256, "unit": "L/m2"}, "safety_factor": Decimal("1.5")}
    material = {"kind": "material", "id": "MAT-DF", "filter": properties}
    process = {"PRC-MIN-B": {"unit_operations": ["UO-03-BRX", "UO-04-DF", "UO-05-PA"]}}
    given = {"set": process, "add": [depth, item, material]}
    assert only(given, "filter_area").verdict == verdict
    without = {**material, "filter": {"vmax": properties["vmax"]}}
    assert only({**given, "add": [depth, item, without]}, "filter_area").verdict == "UNKNOWN"
    strange = {**item, "packing": "MAT-GONE"}
    assert "MAT-GONE" in str(only({**given, "add": [depth, strange, material]}, "filter_area").reasons)


def test_a_filter_material_asks_for_a_filter_wherever_it_is_used() -> None:
    material = {"kind": "material", "id": "MAT-DF", "unit_operations": ["UO-03-BRX"],
                "filter": {"vmax": {"value": 256, "unit": "L/m2"}}}  # fmt: skip
    found = only({"add": [material]}, "filter_area")
    assert (found.about, found.verdict) == ("UO-03-BRX", "UNKNOWN")


def test_no_other_room_stands_in_for_one_that_is_not_in_force() -> None:
    asked = {"grade": "D"}
    vessel = {"room": "FAC-GONE", "equipment_class": "vessel"}
    patch = {"UO-03-BRX": {"room_requirement": asked, "equipment_class": "vessel"}, "EQC-B-BR301": vessel}
    hall = {"kind": "room", "id": "FAC-B-HALL", "site": "SITE-B", "grade": "C", "unit_operations": ["UO-03-BRX"]}
    found = [one for one in fits({"set": patch, "add": [hall]}, "room") if one.about == "UO-03-BRX"]
    assert [one.verdict for one in found] == ["UNKNOWN"]
    assert "FAC-GONE" in str(found[0].reasons)


@pytest.mark.parametrize(("closed", "verdict"), [(True, "PASS"), (False, "FAIL"), (None, "UNKNOWN")])
def test_closed_equipment_is_asked_for(closed: bool | None, verdict: str) -> None:
    found = fits({"set": {"EQC-B-BR301": {"closed": closed}}}, "requirement")
    assert {one.verdict for one in found if one.label.startswith("Closure, Production")} == {verdict}


def test_automation_rests_on_a_validated_system() -> None:
    system = {"name": "DCS-X 1", "validation_status": "validated"}
    silent: Given = {"EQC-B-BR301": {"system": None}}
    runs: Given = {"EQC-B-BR301": {"system": "DCS-X 1"}}
    shown = {**runs, "SITE-B": {"computerised_systems": [system]}}
    found = [
        next(
            one.verdict for one in fits({"set": given}, "requirement") if one.label.startswith("Automation, Production")
        )
        for given in (silent, runs, shown)
    ]
    assert found == ["UNKNOWN", "CONDITIONAL", "PASS"]


@pytest.mark.parametrize(
    ("offer", "gate", "verdict"),
    [
        ({"range": {"low": 0, "high": 9}, "qualified_range": {"low": 1, "high": 5}}, "G2", "PASS"),
        ({"range": {"low": 0, "high": 9}, "qualified_range": {"low": 1, "high": 2}}, "G2", "CONDITIONAL"),
        ({"range": {"low": 0, "high": 9}}, "G2", "CONDITIONAL"),
        ({"range": {"low": 2, "high": 9}}, "G2", "FAIL"),
        ({"range": {"low": 9, "high": 0}}, "G2", "UNKNOWN"),
        ({"range": {"low": 0, "high": 9}, "qualified_range": {"low": -1, "high": 5}}, "G2", "UNKNOWN"),
        ({"range": {"low": 0, "high": 9}, "qualified_range": {"low": 1, "high": 5, "unit": "kg"}}, "G2", "UNKNOWN"),
        ({"range": {"low": 0, "high": 9}, "unit": "kg"}, "G2", "UNKNOWN"),
        ({"range": {"low": 0, "high": 9}, "basis": "nameplate"}, "G4", "UNKNOWN"),
        ({}, "G2", "UNKNOWN"),
    ],
)
def test_a_capability_asked_without_a_parameter(offer: Given, gate: str, verdict: str) -> None:
    asked = {"function": "sterile air", "quantity_kind": "gas_flow", "unit": "m3/h", "range": {"low": 1, "high": 4}}
    given = {"function": "sterile air", "quantity_kind": "gas_flow", "unit": "m3/h", **offer}
    patch = {"EQR-BRX-VESSEL": {"capabilities[3]": asked}, "EQC-B-BR301": {"capabilities[3]": given}}
    found = [one for one in fits({"set": patch}, "requirement", gate=gate) if one.label.startswith("sterile air")]
    assert [one.verdict for one in found] == [verdict]
