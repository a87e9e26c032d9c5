"""The engine of check: severity at gates, waivers, suppression, owners, order, comparison; and rules never raise."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ttpack.model import json_text
from ttpack.model.findings import Finding
from ttpack.rules.answer import Check, from_json, order
from ttpack.rules.check import check, severity_at
from ttpack.rules.registry import Context, all_rules
from ttpack.source.load import Loaded, load
from ttpack.source.places import locate
from ttpack.source.trees import MemoryTree

MINIMAL = Path(__file__).parent.parent / "packages" / "minimal"
FILES = {path.relative_to(MINIMAL).as_posix(): path.read_bytes() for path in sorted(MINIMAL.rglob("*.yaml"))}
AS_OF = date(2026, 11, 1)
WIDE = """
kind: specification
id: SPC-DP-HCP
article: DP
attribute: CQA-HCP
test: HCP ELISA
method: MTH-HCP
criterion: NMT 300 ng/mg
acceptance: {high: 300}
unit: ng/mg
release: true
"""
WAIVER = """
kind: waiver
id: WVR-HCP
status: effective
rule: SPC-04
record: SPC-DP-HCP
field: acceptance
reason: the clinical lots had up to 300 ng/mg
approvers: [ROL-S-QA, ROL-C-QA]
expires: 2027-01-31
"""


def loaded(changes: Mapping[str, str | Callable[[str], str]] | None = None) -> tuple[MemoryTree, Loaded]:
    files = dict(FILES)
    for path, change in (changes or {}).items():
        text = change(files[path].decode()) if callable(change) else change
        files[path] = text.encode()
    tree = MemoryTree(files)
    return tree, load(tree)


def checked(changes: Mapping[str, str | Callable[[str], str]] | None = None, as_of: date = AS_OF) -> Check:
    tree, found = loaded(changes)
    answer = check(found.package, found.problems, Context(as_of))
    return answer.located(lambda places: locate(tree, found.package, places))


def of(answer: Check, code: str) -> list[Finding]:
    return [finding for finding in answer.findings if finding.code == code]


def edit(*pairs: tuple[str, str]) -> Callable[[str], str]:
    def change(text: str) -> str:
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        return text

    return change


def test_the_base_package_is_clean() -> None:
    answer = checked()
    assert answer.findings == ()
    assert answer.records == len(answer.as_json()["findings"]) + answer.counts["records"] > 100
    assert answer.rules_run + len(answer.not_applicable) == len(all_rules())


@pytest.mark.parametrize(
    ("kind", "from_gate", "gate", "severity"),
    [
        ("consistency", None, "G0", "error"),
        ("information", "G2", "G7", "info"),
        ("completeness", "G2", "G1", "warning"),
        ("completeness", "G2", "G2", "error"),
        ("completeness", "G2", "G7", "error"),
        ("completeness", None, "G0", "error"),
    ],
)
def test_severity_depends_on_the_kind_and_on_the_gate_passed(
    kind: Any, from_gate: str | None, gate: str, severity: str
) -> None:
    assert severity_at(kind, from_gate, gate) == severity


def test_the_gate_is_the_records_sites_else_the_furthest() -> None:
    gates = edit(("gates: {SITE-B: G2}", "gates: {SITE-B: G1, SITE-C: G2}"))
    line = WIDE.replace("300", "100").replace("method: MTH-HCP\n", "")
    of_site = checked({"ttpack.yaml": gates, "records/w.yaml": f"{line}site: SITE-B\n"})
    of_none = checked({"ttpack.yaml": gates, "records/w.yaml": line})
    assert [(f.severity, f.site, f.gate) for f in of(of_site, "SPC-01")] == [("warning", "SITE-B", "G2")]
    assert [(f.severity, f.site, f.gate) for f in of(of_none, "SPC-01")] == [("error", "", "G2")]


def test_a_clause_may_be_due_at_a_gate_of_its_own() -> None:
    gates = edit(("gates: {SITE-B: G2}", "gates: {SITE-B: G4}"))
    incomplete = edit(("result: met, ", ""), ("releases_gmp_batches: true", "releases_gmp_batches: false"))
    answer = checked({"ttpack.yaml": gates, "records/methods.yaml": incomplete})
    assert {(f.severity, f.gate, f.site) for f in of(answer, "MTH-05")} == {("warning", "G5", "SITE-B")}


def test_a_finding_stands_at_the_line_and_column_of_its_field() -> None:
    (finding,) = of(checked({"records/w.yaml": WIDE}), "SPC-04")
    assert (finding.path, finding.line, finding.column) == ("records/w.yaml", 9, 1)
    assert finding.field == "acceptance"


def test_one_cause_gives_one_finding() -> None:
    answer = checked({"records/w.yaml": WIDE.replace("unit: ng/mg", "unit: ng/mgg")})
    found = [finding.code for finding in answer.findings if finding.record == "SPC-DP-HCP"]
    assert [code for code in found if code[:3] in ("QTY", "SPC")] == ["QTY-01"]


def test_what_a_required_finding_hides_is_listed_as_not_computable() -> None:
    wide = WIDE.replace("acceptance: {high: 300}", "acceptance: {high: 300}\nalert: {low: 3, high: 2}")
    answer = checked({"records/w.yaml": wide})
    assert not of(answer, "SPC-04")
    (hidden,) = [entry for entry in answer.not_computable if entry.code == "SPC-04"]
    assert (hidden.record, hidden.reason) == ("SPC-DP-HCP", "QTY-03 is found on the same record and comes first")


def test_a_rule_that_does_not_apply_is_listed_with_its_reason() -> None:
    answer = checked({"ttpack.yaml": edit(("modality: mAb", "modality: small molecule"))})
    before = {entry.code for entry in checked({}).not_applicable}
    assert {entry.code for entry in answer.not_applicable} - before == {"LNK-05", "MAT-07"} - before
    assert "LNK-05" in {entry.code for entry in answer.not_applicable} - before
    assert all(entry.reason for entry in answer.not_applicable)
    assert answer.counts["rules_not_applicable"] == len(answer.not_applicable)


def test_a_complete_waiver_takes_the_finding_out_and_is_listed() -> None:
    answer = checked({"records/w.yaml": WIDE, "records/v.yaml": WAIVER})
    assert not of(answer, "SPC-04")
    assert not of(answer, "WVR-01")
    (waived,) = answer.waived
    assert (waived.code, waived.record, waived.waived) == ("SPC-04", "SPC-DP-HCP", "WVR-HCP")
    (use,) = answer.waivers
    assert (use.id, use.counts, use.findings, use.expires) == ("WVR-HCP", True, 1, "2027-01-31")
    assert use.approvers == ("Sponsor quality assurance", "Contract manufacturer quality assurance")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("reason: the clinical lots had up to 300 ng/mg\n", ""),
        ("approvers: [ROL-S-QA, ROL-C-QA]", "approvers: [ROL-S-QA]"),
        ("expires: 2027-01-31", "expires: 2026-10-31"),
        ("expires: 2027-01-31\n", ""),
        ("status: effective", "status: draft"),
    ],
)
def test_an_incomplete_or_expired_waiver_waives_nothing(old: str, new: str) -> None:
    answer = checked({"records/w.yaml": WIDE, "records/v.yaml": edit((old, new))(WAIVER)})
    assert len(of(answer, "SPC-04")) == 1
    assert len(of(answer, "WVR-01")) == 1
    assert answer.waived == ()
    assert not answer.waivers[0].counts


def test_a_waiver_counts_until_its_last_day() -> None:
    files = {"records/w.yaml": WIDE, "records/v.yaml": WAIVER}
    assert checked(files, date(2027, 1, 31)).waived
    assert not checked(files, date(2027, 2, 1)).waived


@pytest.mark.parametrize("field", ["acceptance", "acceptance.high", "criterion", None])
def test_a_waiver_covers_its_field_and_what_is_below(field: str | None) -> None:
    waiver = edit(("field: acceptance\n", f"field: {field}\n" if field else ""))(WAIVER)
    answer = checked({"records/w.yaml": WIDE, "records/v.yaml": waiver})
    assert bool(answer.waived) is (field in ("acceptance", None))


def test_a_waiver_that_covers_nothing_is_a_finding() -> None:
    answer = checked({"records/v.yaml": WAIVER})
    (finding,) = of(answer, "WVR-01")
    assert (finding.severity, finding.record, finding.field) == ("error", "WVR-HCP", "rule")
    assert "covers nothing" in finding.message


def test_the_finding_on_a_waiver_cannot_be_waived() -> None:
    on_itself = WAIVER.replace("rule: SPC-04", "rule: WVR-01").replace("record: SPC-DP-HCP", "record: WVR-HCP")
    answer = checked({"records/v.yaml": on_itself.replace("field: acceptance\n", "")})
    assert len(of(answer, "WVR-01")) == 1
    assert answer.waived == ()


def test_a_broken_file_cannot_be_waived() -> None:
    waiver = WAIVER.replace("rule: SPC-04", "rule: SRC-13").replace("field: acceptance\n", "")
    answer = checked({"records/w.yaml": f"{WIDE}colour: blue\n", "records/v.yaml": waiver})
    assert [finding.severity for finding in of(answer, "SRC-13")] == ["error"]


def test_owner_is_the_records_then_the_unit_operations_then_the_packages() -> None:
    answer = checked({"records/w.yaml": f"{WIDE}owner: ROL-C-QA\n"})
    assert of(answer, "SPC-04")[0].owner == "Contract manufacturer quality assurance"
    assert of(checked({"records/w.yaml": f"{WIDE}owner: Jo Doe\n"}), "SPC-04")[0].owner == "Jo Doe"
    assert of(checked({"records/w.yaml": WIDE}), "SPC-04")[0].owner == "Sponsor manufacturing science"
    unit = "  owner: {}\n  process: PRC-MIN\n  order: 3"
    process = edit((unit.format("ROL-S-MSAT"), unit.format("ROL-C-MSAT")))
    drop = edit(("owner: ROL-S-MSAT\n", ""), ("setpoint: 6.85\n", "setpoint: 7.5\n"))
    answer = checked({"records/process.yaml": process, "records/parameters/PRM-BRX-PH.yaml": drop})
    assert {f.owner for f in answer.findings if f.record == "PRM-BRX-PH"} == {
        "Contract manufacturer manufacturing science"
    }


def test_findings_of_files_come_with_those_of_rules_and_belong_to_the_packages_owner() -> None:
    answer = checked({"records/w.yaml": "kind: ["})
    (finding,) = of(answer, "SRC-01")
    assert (finding.severity, finding.path) == ("error", "records/w.yaml")
    assert finding.owner == "Sponsor manufacturing science"


def test_worst_first_then_what_blocks_soonest_then_by_place() -> None:
    methods = edit(("intermediate_precision: 0.1", "intermediate_precision: 0.9"), ("result: met, ", ""))
    answer = checked({"records/w.yaml": WIDE, "records/methods.yaml": methods})
    assert list(answer.findings) == sorted(answer.findings, key=order)
    severities = [finding.severity for finding in answer.findings]
    assert severities == sorted(severities, key=["error", "warning", "info"].index)
    assert set(severities) == {"error", "warning", "info"}
    gates = [finding.gate for finding in answer.findings if finding.severity == "warning"]
    assert gates == sorted(gates)


def test_the_same_package_gives_the_same_answer_and_json_gives_it_back() -> None:
    changes: dict[str, Any] = {"records/w.yaml": WIDE, "records/v.yaml": WAIVER, "records/x.yaml": "kind: ["}
    first, second = checked(changes), checked(dict(reversed(changes.items())))
    text = json_text.dumps(first.as_json())
    assert text == json_text.dumps(second.as_json())
    assert from_json(json_text.loads(text)) == first
    compared = first.compared(checked(), "base", "1" * 40)
    assert from_json(json_text.loads(json_text.dumps(compared.as_json()))) == compared


def test_a_change_introduces_what_was_not_there_whatever_line_it_moved_to() -> None:
    before = checked({"records/w.yaml": WIDE})
    moved = checked({"records/z.yaml": f"\n\n{WIDE}"}).compared(before, "base", None)
    assert (moved.since and moved.since.introduced, moved.blocking) == (frozenset(), ())
    wider = checked({"records/w.yaml": WIDE.replace("300", "400")}).compared(before, "base", None)
    assert [finding.code for finding in wider.blocking] == ["SPC-04"]
    assert wider.since is not None
    assert wider.since.resolved == 1
    assert wider.compared(None, "base", None).blocking == tuple(f for f in wider.findings if f.severity == "error")


def test_a_gate_that_moves_introduces_nothing_and_a_waiver_that_goes_does() -> None:
    line = WIDE.replace("300", "100").replace("method: MTH-HCP\n", "")
    before = checked({"ttpack.yaml": edit(("SITE-B: G2", "SITE-B: G1")), "records/w.yaml": line})
    after = checked({"records/w.yaml": line})
    assert [f.severity for f in of(before, "SPC-01")] == ["warning"]
    assert [f.severity for f in of(after, "SPC-01")] == ["error"]
    assert not after.compared(before, "base", None).blocking
    waived = checked({"records/w.yaml": WIDE, "records/v.yaml": WAIVER})
    bare = checked({"records/w.yaml": WIDE})
    assert [f.code for f in bare.compared(waived, "base", None).blocking] == ["SPC-04"]


TOKENS = st.sampled_from(
    ["null", "3", "-1", "1e30", "0", "true", "[]", "{}", '""', '"%"', '"mg"', "CQA-AGG", "CQA-NONE", "SITE-B",
     "NMT 3 %", "{low: 5, high: 2}", "{high: 3}", "{low: 1, unit: kg}", "[CQA-AGG, MTH-HCP]", "2026-02-30", "draft"]
)  # fmt: skip
LINES = [(path, index) for path, data in FILES.items() for index, line in enumerate(data.splitlines()) if b": " in line]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(LINES), TOKENS), min_size=1, max_size=6))
def test_rules_never_raise_whatever_a_field_holds(edits: list[tuple[tuple[str, int], str]]) -> None:
    files = {path: data.decode().splitlines() for path, data in FILES.items()}
    for (path, index), token in edits:
        name, colon, _ = files[path][index].partition(": ")
        files[path][index] = f"{name}{colon}{token}"
    found = load(MemoryTree({path: "\n".join(lines).encode() for path, lines in files.items()}))
    answer = check(found.package, found.problems, Context(AS_OF))
    assert all(finding.line > 0 and finding.path and finding.message for finding in answer.findings)
    assert not any(" None" in finding.message for finding in answer.findings)
