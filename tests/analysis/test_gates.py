"""Gates: what blocks one, when it can be opened, and what makes it so late, with answers worked out by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from tests.rules.test_cases import build

from ttpack.analysis.gates.answer import GateAnswer, gate_answer
from ttpack.model.findings import Finding
from ttpack.model.package import Package
from ttpack.model.record import GATES
from ttpack.rules.check import check
from ttpack.rules.registry import Context
from ttpack.views.gate_parts import answer_at
from ttpack.views.gates import gate_brief, site_page

AS_OF = date(2026, 11, 1)
LATER: list[dict[str, Any]] = [
    {"kind": "gate", "id": "GTE-B-G4", "gate": "G4", "site": "SITE-B", "planned_on": "2027-06-01",
     "depends_on": ["GTE-B-G3"], "least_time_after": {"value": 12, "unit": "wk"}},
    {"kind": "gate", "id": "GTE-B-G5", "gate": "G5", "site": "SITE-B", "planned_on": "2027-10-01"},
]  # fmt: skip


def finding(code: str, record: str | None, gate: str = "", site: str = "", **more: Any) -> Finding:
    given = Finding(code, code.lower(), "error", record, "", "records/x.yaml", 1, 1, f"{code} on {record}")
    return replace(given, gate=gate, site=site, **more)


def asked(package: Package, gate: str, findings: Sequence[Finding] = (), as_of: date = AS_OF) -> GateAnswer:
    return gate_answer(package, gate, "SITE-B", findings=findings, as_of=as_of)


def with_gates(*more: dict[str, Any], **changes: Any) -> Package:
    """Base package with G4 (12 weeks after G3) and G5 (planned 122 days after G4), and more or other records."""
    return build({"add": [*LATER, *more], "set": changes.get("changed", {}), "remove": changes.get("removed", ())})


def dates(answer: GateAnswer) -> dict[str, str]:
    return {one.gate: str(one.day) for one in answer.path.forecasts}


def test_blockers_are_the_errors_of_no_other_receiving_site_that_are_due_by_this_gate() -> None:
    given = [
        finding("A-1", "PRM-BRX-PH", "G3"),
        finding("A-2", "EQC-B-BR301", "G3", "SITE-B"),
        finding("A-3", "EQC-B-BR301", "G3", "SITE-C"),
        finding("A-4", "PRM-BRX-PH", "G4"),
        finding("A-5", None),
        finding("A-6", "PRM-BRX-PH", "G3", severity="warning"),
        finding("A-7", "PRM-BRX-PH", "G3", "SITE-A"),
    ]
    two_sites = with_gates(changed={"PKG-MIN": {"receiving_sites": ["SITE-B", "SITE-C"]}})
    answer = asked(two_sites, "G3", given)
    assert [one.finding.code for one in answer.blockers] == ["A-5", "A-1", "A-2", "A-7"]
    assert answer.verdict == "blocked"
    assert answer.later["G4"] == 1
    assert asked(with_gates(), "G3").verdict == "ready_for_decision"


def test_due_dates_are_those_of_the_record_else_of_the_gate_that_asks() -> None:
    items = [
        {"kind": "open_item", "id": "OPN-OWN", "owner": "ROL-S-QA", "due": "2026-10-22"},
        {"kind": "open_item", "id": "OPN-GATE", "owner": "PER-MAX-KERN", "due_gate": "G3"},
        {"kind": "run", "id": "RUN-E", "site": "SITE-B", "owner": "ROL-C-MSAT", "results_due_on": "2027-08-01"},
    ]
    given = [
        finding("A-1", "OPN-OWN"), finding("A-2", "OPN-GATE", "G1"), finding("A-3", "PRM-BRX-PH", "G4"),
        finding("A-4", "RUN-E", "G4"), finding("A-5", "RUN-E"), finding("A-6", "PRM-BRX-PH", "G2"),
    ]  # fmt: skip
    found = {one.finding.code: one for one in asked(with_gates(*items), "G5", given).blockers}
    due = {code: (str(one.due), one.due_from, one.days_overdue, one.blocks) for code, one in found.items()}
    assert due == {
        "A-1": ("2026-10-22", "record", 10, "G3"),
        "A-2": ("2027-01-18", "G3", 0, "G3"),
        "A-3": ("2027-06-01", "G4", 0, "G4"),
        "A-4": ("2027-08-01", "record", 0, "G4"),
        "A-5": ("2027-01-18", "G3", 0, "G3"),  # what contradicts itself is wrong today, whenever the run is read
        "A-6": ("2026-08-10", "G2", 83, "G3"),
    }
    assert [one.finding.code for one in asked(with_gates(*items), "G5", given).blockers][:2] == ["A-6", "A-1"]
    parties = (found["A-1"].party, found["A-2"].party, found["A-2"].owner.label)
    assert parties == ("sending", "receiving", "Max Kern")


def test_owner_is_that_of_the_entry_then_of_the_record_then_of_the_package() -> None:
    changed = {"GTE-B-G2": {"conditions": [{"condition": "Close", "owner": "ROL-S-QA", "due": "2026-10-01"}]}}
    package = build({"set": changed, "add": [{"kind": "open_item", "id": "OPN-X"}]})
    given = [
        finding("A-1", "GTE-B-G2", field="conditions[0].met"),
        finding("A-2", "GTE-B-G2"),
        finding("A-3", "OPN-X"),
    ]
    found = {one.finding.code: one for one in asked(package, "G3", given).blockers}
    assert {code: one.owner.id for code, one in found.items()} == {
        "A-1": "ROL-S-QA", "A-2": "ROL-C-QA", "A-3": "ROL-S-MSAT",
    }  # fmt: skip
    assert found["A-1"].days_overdue == 31


def test_forecast_keeps_the_least_time_and_else_the_interval_of_the_plan() -> None:
    # G2 on time, so nothing moves: each gate on its planned date, each with the room to the next
    answer = asked(with_gates(), "G5")
    assert dates(answer) == {
        "G0": "2026-02-02", "G1": "2026-05-11", "G2": "2026-08-10",
        "G3": "2027-01-18", "G4": "2027-06-01", "G5": "2027-10-01",
    }  # fmt: skip
    slack = {one.gate: one.slack for one in answer.path.forecasts}
    # G4 may not slip (the plan keeps 122 d to G5); G3 may slip from 2027-01-18 to 84 d before 2027-06-01
    assert (slack["G5"], slack["G4"], slack["G3"]) == (0, 0, 50)
    assert [(link.gate, str(link.day)) for link in answer.path.links] == [("G4", "2027-06-01"), ("G5", "2027-10-01")]


def test_a_late_blocker_moves_the_gates_after_it() -> None:
    items = [{"kind": "open_item", "id": "OPN-LATE", "title": "Mixing study", "due": "2027-04-30"}]
    answer = asked(with_gates(*items), "G5", [finding("A-1", "OPN-LATE", "G3")])
    # 2027-04-30 + 84 d is 2027-07-23, 52 d after the plan of G4; G5 keeps its 122 d
    assert dates(answer)["G3"] == "2027-04-30"
    assert dates(answer)["G4"] == "2027-07-23"
    assert dates(answer)["G5"] == "2027-11-22"
    links = [(one.kind, one.record, str(one.day)) for one in answer.path.links]
    assert links == [
        ("blocker", "OPN-LATE", "2027-04-30"), ("gate", "GTE-B-G3", "2027-04-30"),
        ("gate", "GTE-B-G4", "2027-07-23"), ("gate", "GTE-B-G5", "2027-11-22"),
    ]  # fmt: skip
    assert answer.as_json()["forecast"]["days_late"] == 52


def test_what_is_overdue_counts_from_the_day_of_the_answer_and_is_said() -> None:
    as_of = date(2027, 3, 1)
    answer = asked(with_gates(), "G3", [finding("A-1", "PRM-BRX-PH", "G3")], as_of)
    assert dates(answer)["G3"] == "2027-03-01"
    assert any("1 of what blocks G3" in one and "counts from 2027-03-01" in one for one in answer.said)
    assert any("42 d ago" in one for one in answer.said)
    assert answer.blockers[0].days_overdue == 42
    shown = answer.as_json()["blockers"][0]
    assert (shown["record"], shown["rule"], shown["due"], shown["days_overdue"]) == (
        "PRM-BRX-PH", "A-1", "2027-01-18", 42,
    )  # fmt: skip
    assert {"owner", "party"} <= set(shown)


@pytest.mark.parametrize(
    ("changed", "removed", "said", "forecast"),
    [
        ({"GTE-B-G3": {"planned_on": None}}, [], "no planned date", None),
        ({}, ["GTE-B-G3"], "there is no record of G3", None),
        ({"GTE-B-G3": {"depends_on": ["GTE-B-G6"]}}, [], "does not come before it", "2027-10-01"),
        ({"GTE-B-G3": {"depends_on": ["GTE-NONE"]}}, [], "no gate in force", "2027-10-01"),
        ({"GTE-B-G3": {"planned_on": "2027-09-01"}}, [], "is planned (2027-06-01) before", None),
        ({"GTE-B-G3": {"least_time_after": {"value": -5, "unit": "d"}}}, [], "no length of time", "2027-10-01"),
        ({"GTE-B-G3": {"least_time_after": {"value": 5, "unit": "kg"}}}, [], "no length of time", "2027-10-01"),
        ({"GTE-B-G3": {"decision": "pass", "decided_on": "2027-12-24"}}, [], "still ahead", "2027-10-01"),
        ({"GTE-B-G2": {"decided_on": None}}, [], "no record says when", "2027-10-01"),
    ],
)  # fmt: skip
def test_what_is_missing_or_odd_is_said_and_never_guessed(
    changed: dict[str, Any], removed: list[str], said: str, forecast: str | None
) -> None:
    package = build(
        {"add": LATER[:1] and [dict(one, least_time_after=None) for one in LATER], "set": changed, "remove": removed}
    )
    answer = asked(package, "G5")
    assert any(said in one for one in answer.said), answer.said
    found = answer.forecast
    assert found
    if forecast is None and "planned (" not in said:
        assert found.day is None
        assert found.no_earlier_than == date(2027, 10, 1)
    elif forecast:
        assert str(found.day) == forecast


def test_two_records_of_a_gate_and_gates_that_wait_for_each_other_are_said() -> None:
    second = {"kind": "gate", "id": "GTE-B-G3X", "gate": "G3", "site": "SITE-B", "planned_on": "2027-02-01"}
    assert any("more than one record (GTE-B-G3, GTE-B-G3X)" in one for one in asked(with_gates(second), "G3").said)
    other = {"kind": "gate", "id": "GTE-C-G3", "gate": "G3", "site": "SITE-C", "planned_on": "2027-02-01",
             "depends_on": ["GTE-B-G3"]}  # fmt: skip
    circle = with_gates(other, changed={"GTE-B-G3": {"depends_on": ["GTE-C-G3"]}})
    answer = asked(circle, "G3")
    assert any("in a circle: " in one for one in answer.said)
    assert answer.forecast
    assert answer.forecast.no_earlier_than


def test_a_site_without_gates_and_a_gate_that_is_decided() -> None:
    package = build({"set": {"PKG-MIN": {"receiving_sites": ["SITE-B", "SITE-Z"]}}})
    answer = gate_answer(package, "G0", "SITE-Z", findings=(), as_of=AS_OF)
    assert answer.passed is None
    assert any("names no gate" in one for one in answer.said)
    assert any("no record of G0" in one for one in answer.said)
    decided = asked(package, "G1")
    assert any("was decided on 2026-05-11: pass" in one for one in decided.said)
    assert decided.as_json()["decision"]["decided_on"] == "2026-05-11"


def test_what_must_be_true_next_goes_gate_by_gate_and_owner_by_owner() -> None:
    given = [
        finding("A-1", "PRM-BRX-PH", "G4"), finding("A-2", "GTE-B-G2"), finding("A-3", "EQC-B-BR301", "G3", "SITE-B"),
    ]  # fmt: skip
    answer = asked(with_gates(), "G5", given)
    assert [(step.gate, step.count) for step in answer.next] == [("G3", 2), ("G4", 1), ("G5", 0)]
    shares = {share.owner.id: [one.finding.code for one in share.blockers] for share in answer.next[0].owners}
    assert shares["ROL-C-QA"] == ["A-2"]
    assert sorted(code for codes in shares.values() for code in codes) == ["A-2", "A-3"]


def test_conditions_at_risk_work_and_overlaps_stand_beside() -> None:
    runs: list[dict[str, Any]] = [
        {"kind": "run", "id": "RUN-E1", "run_kind": "engineering", "site": "SITE-B", "planned_on": "2027-01-04",
         "results_due_on": "2027-02-01"},
        {"kind": "run", "id": "RUN-E2", "run_kind": "engineering", "site": "SITE-B", "planned_on": "2027-01-11"},
        {"kind": "at_risk_decision", "id": "ARD-1", "overlaps": ["RUN-E1"], "approvers": ["ROL-S-QA", "ROL-C-QA"],
         "decided_on": "2026-10-01", "expires": "2027-03-01", "gate": "G3", "site": "SITE-B"},
    ]  # fmt: skip
    conditions: list[dict[str, Any]] = [
        {"condition": "A", "owner": "ROL-C-QA", "due_gate": "G3", "due": "2026-10-01"},
        {"condition": "B", "owner": "ROL-C-QA", "due_gate": "G4"},
        {"condition": "C", "owner": "ROL-C-QA", "due_gate": "G2", "met": True},
    ]
    changed = {"GTE-B-G2": {"decision": "conditional", "conditions": conditions}}
    answer = asked(with_gates(*runs, changed=changed), "G3")
    assert [(one.condition, one.state, one.days_overdue) for one in answer.conditions] == [
        ("A", "overdue", 31), ("B", "open", 0), ("C", "met", 0),
    ]  # fmt: skip
    assert [(one.decision.id, one.defect, len(one.covers)) for one in answer.at_risk] == [("ARD-1", "", 1)]
    assert [one.activity for one in answer.undeclared] == ["RUN-E2"]
    entries = {one.record: one for one in answer.timeline}
    assert entries["RUN-E1"].state == "planned"
    assert entries["GTE-B-G2"].actual[0] == date(2026, 8, 10)


def test_rooms_of_runs_and_investments_are_told() -> None:
    more = [
        {"kind": "run", "id": "RUN-E1", "run_kind": "engineering", "site": "SITE-B", "planned_on": "2027-02-01",
         "results_due_on": "2027-05-20"},
        {"kind": "investment", "id": "INV-1", "site": "SITE-B", "decision_by": "2026-10-22", "need_date": "2027-04-01"},
    ]  # fmt: skip
    entries = {one.record: one for one in asked(with_gates(*more), "G4").timeline}
    assert entries["RUN-E1"].slack == 12
    assert (entries["INV-1"].state, entries["INV-1"].slack) == ("late", -10)


def test_the_answer_is_that_of_the_rules_and_every_page_can_be_made() -> None:
    package = build({})
    for gate in GATES:
        context = Context(AS_OF, {"SITE-B": gate}, package=package)
        found = check(package, (), context)
        answer = answer_at(package, found, "SITE-B")
        errors = {one for one in found.findings if one.severity == "error"}
        assert {one.finding for one in answer.blockers} == errors
        assert answer.as_json()["verdict"] == ("blocked" if errors else "ready_for_decision")
        assert gate_brief(answer).title.startswith(f"{gate} at Receiving site: ")
        page = site_page(package, answer)
        assert page.slug == "gates-site-b"


def test_ten_thousand_items_and_five_thousand_findings_are_answered() -> None:
    days = [AS_OF + timedelta(days=n % 400 - 100) for n in range(10_000)]
    items = [
        {"kind": "open_item", "id": f"OPN-{n}", "owner": "PER-MAX-KERN", "due": str(day)} for n, day in enumerate(days)
    ]
    given = [finding("A-1", f"OPN-{n}", "G3") for n in range(5000)]
    answer = asked(with_gates(*items), "G5", given)
    assert len(answer.blockers) == 5000
    assert answer.blockers[0].days_overdue == 100
    assert sum(step.count for step in answer.next) == 5000
    assert str(answer.path.forecasts[3].day) == "2027-08-27"
