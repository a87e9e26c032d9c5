"""What the rules find in the A-Mab sample: the published inconsistencies, nothing after their correction."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from functools import cache

import pytest
from tests.samples.amab import files, package

from ttpack.model.findings import Finding
from ttpack.model.quality import Specification
from ttpack.rules.answer import Check
from ttpack.rules.check import check
from ttpack.rules.registry import Context
from ttpack.source.load import load
from ttpack.source.trees import MemoryTree

AS_OF = {
    "as-published": datetime.date(2026, 9, 1), "rev-A": datetime.date(2026, 10, 1),
    "change": datetime.date(2026, 10, 16),
}  # fmt: skip
"""The day of each commit: later, what was due by then is overdue."""
PUBLISHED = {
    "AMAB-X01": ("PRM-04", "PRM-VI-HOLD", "error"),
    "AMAB-X02": ("PRM-08", "PRM-CEX-LOAD", "info"),
    "AMAB-X03": ("PRM-03", "PRM-PA-WASHVOL", "error"),
    "AMAB-X05": ("QTY-02", "PRM-BRX-PH", "error"),
    "AMAB-X07": ("CAL-01", "SCL-MIX-1500", "error"),
    "AMAB-X10": ("CAL-01", "SCL-AEX-PILOT", "error"),
    "AMAB-X12": ("LNK-04", "SCL-VI-PHASE3", "error"),
    "AMAB-X12 at 15,000 L": ("LNK-04", "SCL-VI-COMM", "error"),
    "AMAB-X13": ("RSK-04", "RSC-RPN", "error"),
    "AMAB-X15": ("PRM-02", "PRM-VF-PRESSURE", "error"),
}


def run(tree: Mapping[str, bytes], day: datetime.date) -> Check:
    """What `check` finds in files held in memory."""
    loaded = load(MemoryTree(tree))
    return check(loaded.package, loaded.problems, Context(as_of=day))


@cache
def found(tag: str) -> Check:
    """What `check` finds at a tag."""
    return run(files(tag), AS_OF[tag])


def key(finding: Finding) -> tuple[str, str, str | None, str, str]:
    """What makes two findings the same one."""
    return finding.code, finding.severity, finding.record, finding.field, finding.message


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_inconsistency_is_found(name: str) -> None:
    assert PUBLISHED[name] in {(each.code, each.record, each.severity) for each in found("as-published").findings}


def test_no_other_error_in_what_was_published() -> None:
    errors = {
        (each.code, each.record, each.severity) for each in found("as-published").findings if each.severity == "error"
    }
    assert errors == {each for each in PUBLISHED.values() if each[2] == "error"}


def test_consistent_limits_stay_silent() -> None:
    assert not [each for each in found("as-published").findings if each.code == "SPC-03"]


def test_swapped_limits_are_found() -> None:
    whole = package("rev-A")
    substance, product = (whole.get(identity, Specification) for identity in ("SPC-DS-AGG", "SPC-DP-AGG"))
    assert substance is not None
    assert product is not None
    swapped = {
        substance.id: substance.model_copy(update={"acceptance": product.acceptance}),
        product.id: product.model_copy(update={"acceptance": substance.acceptance}),
    }
    answer = check(replace(whole, records={**whole.records, **swapped}), (), Context(as_of=AS_OF["rev-A"]))
    assert {"SPC-DS-AGG", "SPC-DP-AGG"} & {each.record for each in answer.findings if each.code == "SPC-03"}


def test_no_error_once_corrected() -> None:
    assert [each for each in found("rev-A").findings if each.severity == "error"] == []


def test_few_waivers_and_each_in_use() -> None:
    waivers = found("rev-A").waivers
    assert len(waivers) <= 10
    assert all(each.counts and each.findings for each in waivers)


def test_parameters_of_the_corrected_package_have_no_finding_at_the_sites_that_run_the_process() -> None:
    parameters = {each.id for each in package("rev-A").parameters}
    about = [each for each in found("rev-A").findings if each.record in parameters]
    assert [key(each) for each in about if each.site != "SITE-C"] == []
    # the planned site has what its makers promise, one skid too small and no qualification
    assert {each.code[:3] for each in about} <= {"EQP"}


def test_the_change_is_found_where_no_study_covers_it() -> None:
    added = {key(each) for each in found("change").findings} - {key(each) for each in found("rev-A").findings}
    assert {(each[0], each[2], each[3]) for each in added} >= {("PRM-06", "PRM-BRX-PH", "ranges.proven_acceptable")}


DELETABLE = sorted(
    identity
    for identity, each in package("rev-A").raw.items()
    if each["kind"] in ("process_parameter", "process_attribute")
)


@pytest.mark.parametrize("identity", DELETABLE)
def test_deleting_a_parameter_adds_a_finding_and_takes_none_away(identity: str) -> None:
    whole = package("rev-A")
    records = {each: record for each, record in whole.records.items() if each != identity}
    # a remark on its signal goes with it
    left = [each for each in found("rev-A").findings if each.record != identity and each.severity != "info"]
    after = check(replace(whole, records=records), (), Context(as_of=AS_OF["rev-A"])).findings
    # without the message: some count what they speak of
    assert {key(each)[:4] for each in left} <= {key(each)[:4] for each in after}
    assert "error" in {each.severity for each in after if key(each) not in {key(one) for one in left}}
