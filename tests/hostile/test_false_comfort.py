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
