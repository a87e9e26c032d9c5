"""Ways in which a package could be told that a site can do what nothing shows that it can."""

import json
import shutil
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.hostile.payloads import MINIMAL
from tests.hostile.test_fuzz import run
from tests.rules.test_cases import build

from ttpack.analysis.facility_fit.site_fit import site_fit
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.analysis.scale_up.matrix import scale_matrix, scale_parameter
from ttpack.analysis.site_comparison.compare import compare_sites
from ttpack.model import json_text

Given = Mapping[str, Any]
VESSEL, REQUIREMENT = "EQC-B-BR301", "EQR-BRX-VESSEL"
WORDS: Given = {"function": "foam detection"}


def fits(given: Given, aspect: str, gate: str = "G3") -> list[Fit]:
    """The fits of one aspect at the receiving site, of the small package with a patch."""
    return [one for one in site_fit(build(given), "SITE-B", gate).fits if one.aspect == aspect]


def asked(wanted: Given, offered: Given, item: Given, *more: Given, gate: str = "G3") -> Fit:
    """The fit of one capability that a requirement asks for, against what an item offers."""
    vessel = {"capabilities": [offered], **item}
    given = {"set": {VESSEL: vessel, REQUIREMENT: {"capabilities": [wanted]}}, "add": list(more)}
    found = [one for one in fits(given, "requirement", gate) if one.label.startswith(str(wanted["function"]))]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize(("held", "end"), [({"low": 5000}, "greatest"), ({"high": 16000}, "least")])
def test_a_vessel_without_one_end_of_its_working_volume_is_not_known_to_fit(held: Given, end: str) -> None:
    (found,) = fits({"set": {VESSEL: {"working_volume": held}}}, "volume")
    assert found.verdict == "UNKNOWN"
    assert any(end in reason for reason in found.reasons)


def test_the_greater_headspace_counts_whoever_asks_for_it() -> None:
    small, large = ({"value": value, "unit": "%"} for value in (1, 60))
    for vessel, process in ((small, large), (large, small)):
        given = {"set": {VESSEL: {"minimum_headspace": vessel}, REQUIREMENT: {"minimum_headspace": process}}}
        assert [one.verdict for one in fits(given, "headspace")] == ["FAIL"], (vessel, process)
    odd = {"set": {REQUIREMENT: {"minimum_headspace": {"value": 1, "unit": "furlong"}}}}
    assert [one.verdict for one in fits(odd, "headspace")] == ["UNKNOWN"]


@pytest.mark.parametrize(
    ("qualification", "verdict"),
    [("PQ", "PASS"), ("OQ", "PASS"), ("IQ", "CONDITIONAL"), ("expired", "CONDITIONAL"), (None, "CONDITIONAL")],
)
def test_words_of_an_item_that_was_not_qualified_are_no_pass(qualification: str | None, verdict: str) -> None:
    assert asked(WORDS, WORDS, {"qualification": qualification}).verdict == verdict


def test_words_of_a_vendor_show_nothing_from_the_engineering_run_on() -> None:
    offered = {**WORDS, "basis": "vendor"}
    assert [asked(WORDS, offered, {}, gate=gate).verdict for gate in ("G3", "G4")] == ["PASS", "UNKNOWN"]


def test_ranges_without_an_end_in_common_are_not_compared() -> None:
    wanted = {**WORDS, "unit": "Cel", "range": {"high": 40}}
    offered = {**WORDS, "unit": "Cel", "range": {"low": 0}, "qualified_range": {"low": 0}}
    assert asked(wanted, offered, {}).verdict == "UNKNOWN"


def test_of_two_items_the_one_that_cannot_counts() -> None:
    wanted = {**WORDS, "unit": "Cel", "range": {"low": 5, "high": 40}}
    able, unable = (
        {**WORDS, "unit": "Cel", "range": span, "qualified_range": span}
        for span in ({"low": 0, "high": 50}, {"low": 10, "high": 20})
    )
    other = {
        "kind": "site_equipment", "id": "EQC-B-OTHER", "title": "Other", "site": "SITE-B", "qualification": "PQ",
        "meets": [REQUIREMENT], "capabilities": [unable],
    }  # fmt: skip
    assert asked(wanted, able, {}).verdict == "PASS"
    found = asked(wanted, able, {}, other)
    assert (found.verdict, found.equipment) == ("FAIL", ("EQC-B-OTHER",))


def test_what_cannot_be_seen_is_not_known_to_be_held() -> None:
    blind = {"set": {"EQC-B-CH501": {"capabilities[0].measuring_range": {"low": 0, "high": 10}}}}
    found = next(one for one in fits(blind, "parameter") if one.about == "PRM-PA-FLOW")
    assert found.verdict == "CONDITIONAL"
    assert any("0 to 10 cm/h does not cover the normal range 250 to 350 cm/h" in one for one in found.reasons)


def test_no_threshold_lets_a_column_bind_more_than_it_can() -> None:
    resin = {"dynamic_binding_capacity": {"value": 10, "unit": "g/L{resin}"}}
    given = {
        "set": {"EQC-B-CH501": {"packing": "MAT-RESIN"}, "PKG-MIN": {"thresholds": {"EQP-06": {"load": 9}}}},
        "add": [{"kind": "material", "id": "MAT-RESIN", "title": "Resin", "resin": resin}],
    }
    (found,) = fits(given, "column_load")
    assert found.verdict == "FAIL"


@pytest.mark.parametrize(
    ("values", "disposition"),
    [
        ({}, "justified"),
        ({"SITE-A": "5", "SITE-B": "3"}, "justified"),
        ({"SITE-NONE": "5"}, "open"),
        ({"SITE-B": "3"}, "open"),
        ({"SITE-A": "5", "SITE-B": "4"}, "open"),
    ],
)
def test_an_agreement_on_other_values_settles_nothing(values: Given, disposition: str) -> None:
    agreement = {
        "other_site": "SITE-A", "family": "validation_strategy", "disposition": "justified", "reason": "known process",
        "approvers": ["ROL-S-QA", "ROL-C-QA"], "expires": "2027-12-31", "values": values,
    }  # fmt: skip
    given = {
        "set": {"SITE-B": {"differences": [agreement]}},
        "add": [
            {"kind": "validation_strategy", "id": "VST-A", "site": "SITE-A", "ppq_batches": 5},
            {"kind": "validation_strategy", "id": "VST-B", "site": "SITE-B", "ppq_batches": 3},
        ],
    }
    package = build(given)
    compared = compare_sites(package, ("SITE-A", "SITE-B"), date(2026, 11, 1), families=["validation_strategy"])
    found = [one.agreement.disposition for one in compared.differences if one.field == "ppq_batches"]
    assert found == [disposition]


def test_fit_asks_for_nothing_that_is_answered_as_not_applicable(tmp_path: Path) -> None:
    package = tmp_path / "minimal"
    shutil.copytree(MINIMAL, package)
    ask = ("fit", "SITE-B", "--gate", "G3", "--format", "json", "--package", str(package))
    code, output = run(*ask)
    open_ones = [gap for gap in json_text.loads(output)["gaps"] if not gap["agreed"]]
    assert (code, bool(open_ones)) == (1, True)
    answers = [
        {
            "kind": "not_applicable", "id": f"NA-H-{number}", "title": "Answered", "audience": ["partner"],
            "status": "approved", "what": f"{gap['record']}: {gap['aspect']}", "reason": "no such thing here",
            "approver": "ROL-S-QA",
        }
        for number, gap in enumerate(open_ones)
    ]  # fmt: skip
    path = package / "records" / "answers.yaml"
    for taken, expected in ((answers, 0), ([{**one, "approver": None} for one in answers], 1)):
        path.write_text(json.dumps(taken), "utf-8")
        assert run(*ask)[0] == expected
    path.write_text(json.dumps(answers), "utf-8")
    equipment = package / "records" / "equipment.yaml"
    text = equipment.read_text("utf-8")
    equipment.write_text(text.replace("  closed: true\n  system", "  closed: false\n  system"), "utf-8")
    assert run(*ask)[0] == 1, "what fails is never answered away"


def test_no_value_is_predicted_by_a_formula_of_itself() -> None:
    metre = {"value": 1, "unit": "m"}

    def derived(number: int) -> Given:
        own = f"PRM-BRX-AGIT.scale.values[{number}].value"
        inputs = {"speed": own, "from_diameter": metre, "to_diameter": metre}
        return {"formula": "constant_tip_speed_speed", "inputs": inputs}

    def verdict(first: Given | None, second: Given) -> str:
        values = [{"site": "SITE-A", "value": 50, "derived": first}, {"site": "SITE-B", "value": 60, "derived": second}]
        scale = {"dependence": "dependent", "rule": "constant_power_per_volume", "values": values}
        package = build({"set": {"PRM-BRX-AGIT": {"scale": scale}}})
        parameter = next(one for one in package.parameters if one.id == "PRM-BRX-AGIT")
        return scale_parameter(package, parameter, "SITE-A", "SITE-B")[0].verdict

    assert verdict(None, derived(0)) == "contradiction", "50 rpm of the sending site, not 60"
    assert verdict(None, derived(1)) == "no_verdict"
    assert verdict(derived(1), derived(0)) == "no_verdict"


def test_the_same_placeholder_at_both_sites_keeps_nothing() -> None:
    def stated(**value: Any) -> list[str]:
        added = [
            {
                "kind": "scale_characterisation", "id": f"SCC-H-{site[-1]}", "title": site, "site": site,
                "unit_operation": "UO-03-BRX",
                "quantities": [{"quantity": "Power per volume", "quantity_kind": "power_per_volume", **value}],
            }
            for site in ("SITE-A", "SITE-B")
        ]  # fmt: skip
        rows = scale_matrix(build({"add": added}), "SITE-A", "SITE-B")
        return [row.verdict for row in rows if row.quantity == "power_per_volume"]

    assert stated(text="TBD") == ["no_verdict"]
    assert stated() == ["no_verdict"]
    assert stated(range={"low": 30, "high": 50}, unit="W/m3") == ["as_predicted"]


@pytest.mark.parametrize(("approved_at", "dispositions"), [("SITE-A", ["open"]), ("SITE-B", ["justified"])])
def test_the_record_of_another_site_approves_nothing_for_this_one(approved_at: str, dispositions: list[str]) -> None:
    approval = {"rationale": "known process", "approvers": ["ROL-S-QA", "ROL-C-QA"], "expires": "2027-12-31"}
    plans = [
        {
            "kind": "validation_strategy", "id": f"VST-{site[-1]}", "site": site, "ppq_batches": batches,
            "difference_approval": approval if site == approved_at else None,
        }
        for site, batches in (("SITE-A", 5), ("SITE-B", 3))
    ]  # fmt: skip
    package = build({"add": plans})
    compared = compare_sites(package, ("SITE-A", "SITE-B"), date(2026, 11, 1), families=["validation_strategy"])
    assert [one.agreement.disposition for one in compared.differences if one.field == "ppq_batches"] == dispositions


@pytest.mark.parametrize(
    ("status", "disposition"), [("draft", "open"), ("in_review", "open"), ("effective", "justified")]
)
def test_an_overlay_that_is_not_approved_justifies_nothing(status: str, disposition: str) -> None:
    overlay = {
        "kind": "site_overlay", "id": "PRM-BRX-TEMP@SITE-B", "title": "Warmer", "status": status,
        "setpoint": 35.2, "reason": "probe offset", "change_record": "CHG-1", "approver": "ROL-S-QA",
    }  # fmt: skip
    compared = compare_sites(
        build({"add": [overlay]}), ("SITE-A", "SITE-B"), date(2026, 11, 1), families=["parameters"]
    )
    found = [
        one.agreement.disposition
        for one in compared.differences
        if (one.record, one.field) == ("PRM-BRX-TEMP", "setpoint")
    ]
    assert found == [disposition]
