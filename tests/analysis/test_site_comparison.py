"""What differs between sites: paired by what both serve, compared with units, judged by what was agreed."""

from datetime import date
from typing import Any

import pytest
from tests.rules.test_cases import build

from ttpack.analysis.site_comparison.compare import compare_sites
from ttpack.analysis.site_comparison.outcome import Comparison, Difference

TODAY = date(2026, 11, 1)
QAS = ["ROL-S-QA", "ROL-C-QA"]
Raw = dict[str, Any]


def site(name: str, **fields: Any) -> Raw:
    return {"kind": "site", "id": name, "title": f"Plant {name[-1]}", **fields}


def item(name: str, at: str, **fields: Any) -> Raw:
    return {"kind": "site_equipment", "id": name, "title": name, "site": at, "equipment_class": "vessel", **fields}


def compared(family: str, *added: Raw, sites: tuple[str, ...] = ("SITE-X", "SITE-Y"), **given: Any) -> Comparison:
    """Compare new sites, X unless among `added`, in one family."""
    ids = {raw["id"] for raw in added}
    plants = [site(name) for name in ("SITE-X", "SITE-Y", "SITE-Z") if name not in ids]
    package = build({"add": [*plants, *added], **given})
    return compare_sites(package, sites, TODAY, families=(family,), rows_equal=True)


def only(comparison: Comparison) -> Difference:
    assert len(comparison.differences) == 1, [each.label for each in comparison.differences]
    return comparison.differences[0]


def fields(comparison: Comparison) -> set[str]:
    return {each.field for each in comparison.differences}


@pytest.mark.parametrize(
    ("first", "second", "differs"),
    [
        ({"value": 1, "unit": "m"}, {"value": 100, "unit": "cm"}, False),
        ({"value": "1.0", "unit": "m"}, {"value": 1, "unit": "m"}, False),
        ({"value": 1, "unit": "m"}, {"value": 101, "unit": "cm"}, True),
        ({"value": 0, "unit": "m"}, {"value": 0, "unit": "cm"}, False),
        ({"value": -1, "unit": "m"}, {"value": 1, "unit": "m"}, True),
        ({"value": 1, "unit": "no such unit"}, {"value": 1, "unit": "no such unit"}, False),
        ({"value": 1, "unit": "no such unit"}, {"value": 1, "unit": "m"}, True),
        ({"value": "1e400000", "unit": "m"}, {"value": 1, "unit": "m"}, True),
    ],
)
def test_quantities_are_compared_in_whatever_unit_they_are_stated(first: Raw, second: Raw, *, differs: bool) -> None:
    found = compared(
        "geometry",
        item("EQC-X-1", "SITE-X", unit_operations=["UO-03-BRX"], geometry={"vessel_diameter": first}),
        item("EQC-Y-9", "SITE-Y", unit_operations=["UO-03-BRX"], geometry={"vessel_diameter": second}),
    )
    assert bool(found.differences) is differs
    assert found.equal["geometry"] == (0 if differs else 1)


def test_units_that_do_not_convert_are_a_difference_that_says_so() -> None:
    utility = {"kind": "utility", "utility_type": "air", "capacity": {"value": 1, "unit": "kg/h"}}
    other = {**utility, "utility_type": "Air", "capacity": {"value": 1, "unit": "L/h"}}
    found = only(compared(
        "utilities", {**utility, "id": "UTL-X", "site": "SITE-X"}, {**other, "id": "UTL-Y", "site": "SITE-Y"}
    ))  # fmt: skip
    assert found.values == {"SITE-X": "1 kg/h", "SITE-Y": "1 L/h"}
    assert "cannot be converted" in found.remark


def test_an_accuracy_in_kelvin_is_one_in_degrees_but_a_temperature_is_not() -> None:
    def held(name: str, at: str, accuracy: str, low: str) -> Raw:
        capability = {
            "parameters": ["PRM-BRX-TEMP"], "unit": "Cel" if accuracy != "K" else "K",
            "accuracy": {"value": "0.1", "unit": accuracy}, "range": {"low": low},
        }  # fmt: skip
        return item(name, at, capabilities=[capability])

    same = compared("equipment", held("EQC-X-1", "SITE-X", "Cel{diff}", "10"), held("EQC-Y-1", "SITE-Y", "K", "283.15"))
    assert not same.differences
    short = compared("equipment", held("EQC-X-1", "SITE-X", "Cel", "10"), held("EQC-Y-1", "SITE-Y", "K", "283.15"))
    assert not short.differences
    other = compared("equipment", held("EQC-X-1", "SITE-X", "Cel{diff}", "10"), held("EQC-Y-1", "SITE-Y", "K", "10"))
    assert fields(other) == {"capabilities.range"}


def test_equipment_is_paired_by_what_it_serves_not_by_its_id() -> None:
    found = compared(
        "equipment",
        item("EQC-X-1", "SITE-X", unit_operations=["UO-03-BRX"], qualification="OQ"),
        item("EQC-X-2", "SITE-X", unit_operations=["UO-05-PA"], qualification="PQ"),
        item("EQC-Y-1", "SITE-Y", unit_operations=["UO-05-PA"], qualification="PQ"),
        item("EQC-Y-2", "SITE-Y", unit_operations=["UO-03-BRX"], qualification="OQ"),
    )
    assert not found.differences


def test_two_items_of_one_class_stay_apart_where_each_holds_a_parameter_of_its_own() -> None:
    def meter(name: str, at: str, parameter: str, qualification: str) -> Raw:
        held = [{"parameters": [parameter], "unit": "1"}]
        return item(name, at, unit_operations=["UO-03-BRX"], capabilities=held, qualification=qualification)

    found = compared(
        "equipment",
        meter("EQC-X-1", "SITE-X", "PRM-BRX-PH", "OQ"),
        meter("EQC-X-2", "SITE-X", "PRM-BRX-TEMP", "PQ"),
        meter("EQC-Y-1", "SITE-Y", "PRM-BRX-TEMP", "OQ"),
        meter("EQC-Y-2", "SITE-Y", "PRM-BRX-PH", "OQ"),
    )
    assert only(found).values == {"SITE-X": "PQ", "SITE-Y": "OQ"}


def test_equipment_of_another_class_that_holds_the_same_parameter_differs_in_class() -> None:
    held = [{"parameters": ["PRM-BRX-PH"], "unit": "[pH]", "qualified_range": {"low": 6, "high": 8}}]
    found = only(compared(
        "equipment",
        item("EQC-X-1", "SITE-X", capabilities=held),
        item("EQC-Y-1", "SITE-Y", capabilities=held, equipment_class="single-use bag"),
    ))  # fmt: skip
    assert (found.field, found.values) == ("equipment_class", {"SITE-X": "vessel", "SITE-Y": "single-use bag"})


def test_what_one_site_lacks_does_not_mix_what_the_others_have() -> None:
    def tank(name: str, at: str, operation: str, **more: Any) -> Raw:
        held = [{"parameters": ["PRM-BRX-PH"]}] if operation == "UO-03-BRX" else []
        return item(name, at, unit_operations=[operation], meets=["EQR-BRX-VESSEL"], capabilities=held, **more)

    found = compared(
        "equipment",
        tank("EQC-X-1", "SITE-X", "UO-03-BRX", equipment_class="bioreactor"),
        tank("EQC-X-2", "SITE-X", "UO-05-PA", title="Tank of X"),
        tank("EQC-Y-1", "SITE-Y", "UO-03-BRX", equipment_class="bioreactor"),
        tank("EQC-Y-2", "SITE-Y", "UO-05-PA", title="Tank of Y"),
        tank("EQC-Z-1", "SITE-Z", "UO-03-BRX", equipment_class="bioreactor"),
        sites=("SITE-X", "SITE-Y", "SITE-Z"),
    )
    assert only(found).values == {"SITE-X": "Tank of X", "SITE-Y": "Tank of Y", "SITE-Z": "none"}


def test_what_a_site_has_no_equipment_for_is_said_once_what_its_equipment_cannot_do_for_itself() -> None:
    held = [{"parameters": ["PRM-BRX-PH"], "unit": "[pH]", "range": {"low": 6, "high": 8}}]
    lacking = compared(
        "equipment",
        item("EQC-X-1", "SITE-X", unit_operations=["UO-03-BRX"], capabilities=held),
        item("EQC-X-2", "SITE-X", unit_operations=["UO-05-PA"]),
        item("EQC-Y-2", "SITE-Y", unit_operations=["UO-05-PA"]),
    )
    assert only(lacking).values == {"SITE-X": "EQC-X-1", "SITE-Y": "none"}
    unable = compared(
        "equipment",
        item("EQC-X-1", "SITE-X", unit_operations=["UO-03-BRX"], capabilities=held),
        item("EQC-Y-1", "SITE-Y", unit_operations=["UO-03-BRX"]),
    )
    assert (only(unable).record, only(unable).values) == ("PRM-BRX-PH", {"SITE-X": "EQC-X-1", "SITE-Y": "not stated"})


def test_what_only_one_site_has_is_said_once() -> None:
    room = {
        "kind": "room",
        "unit_operations": ["UO-03-BRX"],
        "grade": "C",
        "iso_class": "ISO 7",
        "closed_processing": True,
    }
    found = compared(
        "rooms",
        {**room, "id": "FAC-X-1", "title": "Hall", "site": "SITE-X"},
        {**room, "id": "FAC-Y-1", "site": "SITE-Y"},
        {**room, "id": "FAC-X-2", "title": "Buffer room", "site": "SITE-X", "unit_operations": ["UO-05-PA"]},
    )
    assert (only(found).field, only(found).values) == ("present", {"SITE-X": "Buffer room", "SITE-Y": "none"})


def test_a_site_without_data_is_said_once_and_is_no_difference() -> None:
    found = compared(
        "rooms",
        {"kind": "room", "id": "FAC-X-1", "site": "SITE-X", "unit_operations": ["UO-03-BRX"], "grade": "C"},
        {"kind": "room", "id": "FAC-Y-1", "site": "SITE-Y", "unit_operations": ["UO-03-BRX"], "grade": "C"},
        sites=("SITE-X", "SITE-Y", "SITE-Z"),
    )
    assert not found.differences
    assert [(each.site, each.reason) for each in found.not_comparable] == [("SITE-Z", "SITE-Z states no rooms")]


def test_references_to_nothing_compare_without_failing() -> None:
    strange = {"kind": "cleaning", "equipment": ["EQC-NOWHERE"], "method": "MTH-NOWHERE"}
    found = compared(
        "cleaning",
        {**strange, "id": "CLN-X", "site": "SITE-X"},
        {**strange, "id": "CLN-Y", "site": "SITE-Y", "agent": "acid"},
    )
    assert only(found).values == {"SITE-X": "not stated", "SITE-Y": "acid"}
    assert compare_sites(build({}), ("SITE-NOWHERE", "SITE-A"), TODAY).sites == ("SITE-NOWHERE", "SITE-A")


def test_three_sites_are_one_row_held_against_the_sending_one() -> None:
    def strategy(name: str, batches: int) -> Raw:
        return {"kind": "validation_strategy", "id": f"VST-{name}", "site": f"SITE-{name}", "ppq_batches": batches}

    found = only(compared(
        "validation_strategy", site("SITE-Y", site_role="sending"),
        strategy("X", 3), strategy("Y", 5), strategy("Z", 3), sites=("SITE-X", "SITE-Y", "SITE-Z"),
    ))  # fmt: skip
    assert found.reference == "SITE-Y"
    assert found.groups == (("5", ("SITE-Y",)), ("3", ("SITE-X", "SITE-Z")))
    assert set(found.by_site) == {"SITE-X", "SITE-Z"}


@pytest.mark.parametrize(
    ("agreement", "disposition", "reason"),
    [
        ({}, "justified", "known process"),
        ({"family": None, "record": "VST-Y", "field": "ppq_batches"}, "justified", "known process"),
        ({"values": {"SITE-X": "5", "SITE-Y": "3"}}, "justified", "known process"),
        ({"disposition": "harmonise"}, "harmonise", "known process"),
        ({"disposition": None}, "open", "does not say whether"),
        ({"values": {"SITE-Y": "2"}}, "open", "holds no longer"),
        ({"reason": "TBD"}, "open", "gives no reason"),
        ({"approvers": ["ROL-C-QA"]}, "open", "QA of the sending unit"),
        ({"expires": None}, "open", "has no expiry"),
        ({"expires": "2026-10-31"}, "expired", "ended on 2026-10-31"),
        ({"other_site": "SITE-Z"}, "open", ""),
        ({"family": "rooms"}, "open", ""),
        ({"field": "approach"}, "open", ""),
        ({"record": "VST-NOWHERE"}, "open", ""),
        ({"family": None}, "open", ""),
    ],
)
def test_what_an_agreement_settles(agreement: Raw, disposition: str, reason: str) -> None:
    whole = {
        "other_site": "SITE-X", "family": "validation_strategy", "disposition": "justified", "reason": "known process",
        "approvers": QAS, "expires": "2027-12-31",
    }  # fmt: skip
    found = only(compared(
        "validation_strategy", site("SITE-Y", differences=[whole | agreement]),
        {"kind": "validation_strategy", "id": "VST-X", "site": "SITE-X", "ppq_batches": 5},
        {"kind": "validation_strategy", "id": "VST-Y", "site": "SITE-Y", "ppq_batches": 3},
    ))  # fmt: skip
    assert found.agreement.disposition == disposition
    assert reason in found.agreement.reason if reason else not found.agreement.reason


def test_of_several_sites_the_one_nobody_agreed_on_decides() -> None:
    agreed = {"other_site": "SITE-X", "family": "validation_strategy", "disposition": "justified", "reason": "known",
              "approvers": QAS, "expires": "2027-12-31"}  # fmt: skip
    strategies = [
        {"kind": "validation_strategy", "id": f"VST-{name}", "site": f"SITE-{name}", "ppq_batches": batches}
        for name, batches in (("X", 5), ("Y", 3), ("Z", 3))
    ]
    added = (site("SITE-Y", differences=[agreed]), *strategies)
    found = only(compared("validation_strategy", *added, sites=("SITE-X", "SITE-Y", "SITE-Z")))
    assert {name: each.disposition for name, each in found.by_site.items()} == {"SITE-Y": "justified", "SITE-Z": "open"}
    assert found.agreement.disposition == "open"


@pytest.mark.parametrize(
    ("overlay", "disposition"),
    [
        ({"reason": "slower jacket", "change_record": "CHG-001", "approver": "ROL-C-QA"}, "justified"),
        ({"reason": "slower jacket", "approver": "ROL-C-QA"}, "open"),
        (
            {"reason": "slower jacket", "change_record": "CHG-001", "approver": "ROL-C-QA", "expires": "2026-10-01"},
            "expired",
        ),
    ],
)
def test_an_overlay_answers_for_itself(overlay: Raw, disposition: str) -> None:
    ranges = {"normal_operating": {"low": 34.6, "high": 35.4}}
    found = only(compared(
        "parameters", {"kind": "site_overlay", "id": "PRM-BRX-TEMP@SITE-Y", "ranges": ranges, **overlay}
    ))  # fmt: skip
    assert (found.record, found.field) == ("PRM-BRX-TEMP", "ranges.normal_operating")
    assert found.values == {"SITE-X": "34.5 to 35.5 °C", "SITE-Y": "34.6 to 35.4 °C"}
    assert found.agreement.disposition == disposition


def signals(**map_fields: Any) -> Raw:
    signal = {"unit": "[pH]", "scaling": "4-20 mA", "sampling_interval": {"value": 10, "unit": "s"}}
    other = {**signal, "tag": "B", "sampling_interval": {"value": 1, "unit": "min"}}
    return {
        "kind": "automation_map", "id": "AUT-X", "parameter": "PRM-BRX-PH", "sending_site": "SITE-X",
        "receiving_site": "SITE-Y", "sending": {**signal, "tag": "A"}, "receiving": other, **map_fields,
    }  # fmt: skip


def test_tags_may_differ_and_a_listed_difference_is_found_by_its_words() -> None:
    assert only(compared("automation", signals())).field == "sampling_interval"
    listed = {"what": "Sampling interval: slower at Y", "disposition": "accepted"}
    without = compared("automation", signals(differences=[listed]))
    assert only(without).agreement.reason == "what is done about it is not approved"
    approval = {"rationale": "trends on one minute", "approvers": QAS, "expires": "2027-12-31"}
    whole = compared("automation", signals(differences=[{**listed, "approval": approval}]))
    assert only(whole).agreement.disposition == "justified"


def test_one_word_for_two_classes_of_deviation_is_a_difference() -> None:
    found = compared(
        "deviation_terms",
        site("SITE-X", deviation_terms={"Major": "major", "Critical": "critical"}),
        site("SITE-Y", deviation_terms={"major": "critical", "Level 2": "major"}),
    )
    texts = {each.field: each.values for each in found.differences}
    assert texts["deviation_terms[major]"] == {"SITE-X": "major", "SITE-Y": "critical"}
    assert texts["deviation_terms.major"] == {"SITE-X": "Major", "SITE-Y": "Level 2"}
    assert "deviation_terms.event" not in texts


def test_a_class_without_a_term_is_a_difference() -> None:
    found = only(compared(
        "deviation_terms", site("SITE-X", deviation_terms={"Minor": "minor", "Major": "major"}),
        site("SITE-Y", deviation_terms={"Minor": "minor"}),
    ))  # fmt: skip
    assert (found.field, found.values) == ("deviation_terms.major", {"SITE-X": "Major", "SITE-Y": "none"})


def test_a_general_limit_holds_where_a_site_has_none_of_its_own() -> None:
    line = {
        "kind": "specification", "id": "SPC-Y", "article": "DS", "attribute": "CQA-AGG", "test": "HPSEC",
        "acceptance": {"high": 2}, "unit": "%", "site": "SITE-Y",
    }  # fmt: skip
    found = only(compared("acceptance_criteria", line, sites=("SITE-X", "SITE-Y", "SITE-Z")))
    assert found.groups == (("at most 3 %", ("SITE-X", "SITE-Z")), ("at most 2 %", ("SITE-Y",)))
    assert found.places["SITE-X"].record == "SPC-DS-AGG"


def test_text_is_compared_as_written_but_for_white_space() -> None:
    def cleaning(name: str, agent: str) -> Raw:
        return {"kind": "cleaning", "id": f"CLN-{name}", "site": f"SITE-{name}", "agent": agent}

    assert not compared("cleaning", cleaning("X", "caustic  soda\n"), cleaning("Y", "caustic soda")).differences
    assert compared("cleaning", cleaning("X", "Caustic soda"), cleaning("Y", "caustic soda")).differences


def test_many_sites_are_grouped_by_what_they_state() -> None:
    names = [f"SITE-N{number:03}" for number in range(200)]
    strategies = [
        {"kind": "validation_strategy", "id": f"VST-N{number:03}", "site": name, "ppq_batches": 3 + number % 2}
        for number, name in enumerate(names)
    ]
    found = only(compared("validation_strategy", *map(site, names), *strategies, sites=tuple(names)))
    assert [(text, len(sites)) for text, sites in found.groups] == [("3", 100), ("4", 100)]
    assert len(found.by_site) == 100
