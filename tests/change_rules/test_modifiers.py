"""What raises the class of a change by a level: one package for each modifier, and one where it does not apply."""

from typing import Any

import pytest
from tests.change_rules.package_patch import PackageOfCase

from ttpack.analysis.change_rules.classify import whole_class
from ttpack.analysis.change_rules.rule import Classified
from ttpack.cli.comparing import compare_trees
from ttpack.cli.impact import assess

ROOM = {"kind": "room", "id": "FAC-B-101", "title": "Suite", "audience": ["partner"], "site": "SITE-B", "grade": "C",
        "segregation": "dedicated"}  # fmt: skip


def run(given: dict[str, Any]) -> tuple[Classified, ...]:
    """The classified changes from the minimal package with `base` to that with `change` too, as impact gives them."""
    package = PackageOfCase()
    package.patch(given.get("base", {}))
    before: Any = package.tree()  # a package in memory stands for one on disk
    package.patch(given["change"])
    after: Any = package.tree()
    return assess(compare_trees(before, after)).classified


def only(given: dict[str, Any], record: str, field: str) -> Classified:
    [found] = [one for one in run(given) if one.change.record == record and one.change.field == field]
    return found


def raised_by(found: Classified, words: str) -> bool:
    """Whether the change is one level above its rule's class, for one reason at least that says these words."""
    return (
        found.change_class == "major"
        and found.rule_class == "moderate"
        and any(words in one for one in found.modifiers)
    )


def test_a_moderate_change_alone_is_not_raised() -> None:
    found = only({"change": {"set": {"SMP-PA-POOL": {"replicates": 2}}}}, "SMP-PA-POOL", "replicates")
    assert (found.rule_class, found.change_class, found.modifiers) == ("moderate", "moderate", ())


def test_more_than_one_unit_operation() -> None:
    change = {"set": {"SMP-PA-POOL": {"replicates": 2}, "SMP-BRX-CULTURE": {"volume.value": 5}}}
    found = only({"change": change}, "SMP-PA-POOL", "replicates")
    assert raised_by(found, "more than one unit operation affected: UO-03-BRX, UO-05-PA")


def test_a_minor_change_in_another_unit_operation_makes_no_joint_change() -> None:
    change = {"set": {"SMP-PA-POOL": {"replicates": 2}, "SMP-BRX-CULTURE": {"purpose": "off-line pH and glucose"}}}
    assert only({"change": change}, "SMP-PA-POOL", "replicates").change_class == "moderate"


def test_knowledge_about_two_unit_operations_affects_neither() -> None:
    risks = {"RSK-BRX-TEMP": {"initial.severity": 7}, "RSK-PA-LOAD": {"initial.severity": 7}}
    assert only({"change": {"set": risks}}, "RSK-PA-LOAD", "initial.severity").change_class == "moderate"


def test_attribute_of_high_criticality() -> None:
    found = only(
        {"change": {"set": {"SPC-DS-AGG": {"alert": {"high": 2}, "method": "MTH-GLYCAN"}}}}, "SPC-DS-AGG", "method"
    )
    assert raised_by(found, "attribute of high criticality: CQA-AGG is H")


def test_attribute_of_medium_criticality_does_not_raise() -> None:
    base = {"set": {"MTH-HCP": {"method_type": "physico_chemical"}}}
    found = only({"base": base, "change": {"set": {"SPC-DS-HCP": {"method": "MTH-HPSEC"}}}}, "SPC-DS-HCP", "method")
    assert (found.rule, found.change_class) == ("CH-75", "moderate")


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ({"operation_class": "low_ph_viral_inactivation"}, "viral safety: UO-05-PA is a viral inactivation step"),
        ({"operation_class": "virus_filtration"}, "viral safety: UO-05-PA is a virus filtration step"),
        ({"operation_class": "filling"}, "sterility: UO-05-PA is a sterile step"),
    ],
)
def test_viral_safety_and_sterility(unit: dict[str, str], words: str) -> None:
    case = {"base": {"set": {"UO-05-PA": unit}}, "change": {"set": {"SMP-PA-POOL": {"replicates": 2}}}}
    assert raised_by(only(case, "SMP-PA-POOL", "replicates"), words)


def test_parameter_that_a_clearance_claim_rests_on() -> None:
    claim = {"virus": "XMuLV", "mechanism": "adsorption", "parameters": ["PRM-PA-FLOW"]}
    base = {"set": {"UO-05-PA": {"viral_clearance": [claim]}}}
    change = {"set": {"PRM-PA-FLOW": {"monitor": "flow meter of the skid"}}}
    found = next(one for one in run({"base": base, "change": change}) if one.change.record == "PRM-PA-FLOW")
    assert found.change_class == "major"
    assert found.rule_class == "major" or any(
        "a clearance claim of UO-05-PA rests on" in one for one in found.modifiers
    )


def plan(**more: Any) -> dict[str, Any]:
    return {"kind": "ppq_plan", "id": "PPQ-B", "title": "PPQ", "audience": ["partner"], "site": "SITE-B", **more}


def test_after_approval_of_a_ppq_protocol() -> None:
    base = {"add": [plan(status="approved"), ROOM]}
    found = only(
        {"base": base, "change": {"set": {"FAC-B-101": {"segregation": "campaign"}}}}, "FAC-B-101", "segregation"
    )
    assert raised_by(found, "after approval of PPQ protocol PPQ-B")


def test_a_protocol_of_another_site_or_not_yet_approved_does_not_count() -> None:
    change = {"set": {"FAC-B-101": {"segregation": "campaign"}}}
    for other in (plan(status="draft"), plan(status="approved", site="SITE-A")):
        found = only({"base": {"add": [other, ROOM]}, "change": change}, "FAC-B-101", "segregation")
        assert found.change_class == "moderate"


def test_a_protocol_approved_with_the_change_does_not_count() -> None:
    case = {"base": {"add": [plan(status="draft"), ROOM]},
            "change": {"set": {"PPQ-B": {"status": "approved"}, "FAC-B-101": {"segregation": "campaign"}}}}  # fmt: skip
    assert only(case, "FAC-B-101", "segregation").change_class == "moderate"


def test_the_change_removes_evidence() -> None:
    change = {"set": {"PRM-PA-FLOW": {"monitor": "flow meter", "evidence": None}}}
    base = {"set": {"PRM-PA-FLOW": {"evidence": ["EVI-PA-DOE"]}}}
    found = next(one for one in run({"base": base, "change": change}) if one.change.field.startswith("monitor"))
    assert raised_by(found, "the change removes evidence: EVI-PA-DOE")


def assumption(**more: Any) -> dict[str, Any]:
    return {"kind": "assumption", "id": "ASM-1", "title": "A", "audience": ["partner"], **more}


def test_an_assumption_refuted_raises_what_rests_on_it() -> None:
    base = {"add": [assumption(status="open", affected=["SMP-PA-POOL"])]}
    change = {"set": {"ASM-1": {"status": "refuted"}, "SMP-PA-POOL": {"replicates": 2}}}
    found = only({"base": base, "change": change}, "SMP-PA-POOL", "replicates")
    assert raised_by(found, "assumption refuted: ASM-1")


def test_a_minor_change_is_never_raised() -> None:
    found = only({"change": {"set": {"SPC-DS-AGG": {"acceptance.high": 2}}}}, "SPC-DS-AGG", "acceptance")
    assert (found.rule_class, found.change_class, found.modifiers) == ("minor", "minor", ())


def test_facility_fit_that_fails() -> None:
    change = {"set": {"EQC-B-CH501": {"capabilities[0].range.high": 320, "capabilities[0].qualified_range.high": 310}}}
    found = only({"change": change}, "EQC-B-CH501", "capabilities[0].qualified_range")
    assert raised_by(found, "facility fit fails: EQC-B-CH501 is good for 50 to 310 cm/h")


def test_an_item_that_still_fits_does_not_raise() -> None:
    change = {"set": {"EQC-B-CH501": {"capabilities[0].qualified_range.high": 440}}}
    found = only({"change": change}, "EQC-B-CH501", "capabilities[0].qualified_range")
    assert not any("facility fit" in one for one in found.modifiers)


def test_change_records_are_no_part_of_the_class() -> None:
    added = {"kind": "change_record", "id": "CHG-1", "title": "Change", "audience": ["partner"], "reason": "yield"}
    assert whole_class(run({"change": {"add": [added]}})) == "editorial"


def test_who_is_asked_where_no_rule_names_the_field() -> None:
    minor = only({"change": {"set": {"IPC-PA-HCP": {"action": "stop and investigate"}}}}, "IPC-PA-HCP", "action")
    assert (minor.rule, minor.change_class, minor.approvers) == ("", "minor", ("S-QA", "C-QA"))
    major = only({"change": {"set": {"CQA-AGG": {"criticality": "M"}}}}, "CQA-AGG", "criticality")
    assert (major.rule, major.change_class) == ("", "major")
    assert {"S-QA", "C-QA", "S-RA", "S-PD"} <= set(major.approvers)
