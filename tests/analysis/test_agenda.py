"""The agenda: whatever a committee has to talk about is there, once under each head, and nothing else is."""

from datetime import date
from typing import Any

import pytest
from tests.rules.test_cases import build

from ttpack.analysis.agenda.agenda import agenda
from ttpack.analysis.agenda.answer import Agenda, AgendaItem
from ttpack.analysis.bodies import committee
from ttpack.model.findings import Finding

AS_OF = date(2026, 11, 1)
BODY = {
    "kind": "governance_body", "id": "GOV-JSC", "body_type": "steering_committee", "cadence_days": 30,
    "next_meeting": "2026-11-10",
}  # fmt: skip
G3 = {"kind": "gate", "id": "GTE-NEXT", "gate": "G3", "site": "SITE-B", "planned_on": "2027-01-19"}
ITEM = {"kind": "open_item", "id": "OPN-1", "question": "Which buffer?", "owner": "ROL-C-MSAT", "site": "SITE-B"}


def asked(*add: dict[str, Any], findings: Any = None, site: str | None = None, **given: Any) -> Agenda:
    package = build({"add": [BODY, *add], "remove": ["GTE-B-G3"], **given})
    return agenda(package, AS_OF, committee(package), findings or {}, site)


def under(answer: Agenda, head: str) -> list[AgendaItem]:
    return [item for section in answer.sections if section.name == head for item in section.items]


def heads(answer: Agenda, record: str) -> set[str]:
    return {section.name for section in answer.sections for item in section.items if item.record == record}


def finding(record: str, code: str = "PRM-06", message: str = "too wide") -> Finding:
    return Finding(code, "name", "error", record, "ranges", "x.yaml", 1, 1, message, gate="G1")


def test_a_quiet_package_has_nothing_on_its_agenda() -> None:
    answer = asked()
    assert answer.counts["total"] == 0
    assert (answer.meeting.day, answer.meeting.until) == (date(2026, 11, 10), date(2026, 12, 10))


@pytest.mark.parametrize(
    ("due", "head", "late"),
    [
        ("2026-10-22", "overdue", 10),
        ("2026-11-01", "due", 0),  # due today is not late
        ("2026-12-10", "due", 0),  # the last day that the meeting looks ahead to
        ("2026-12-11", None, 0),
    ],
)
def test_an_open_item_stands_where_its_date_puts_it(due: str, head: str | None, late: int) -> None:
    answer = asked({**ITEM, "due": due})
    assert heads(answer, "OPN-1") == ({head} if head else set())
    for item in under(answer, head or ""):
        assert (item.days_overdue, item.owner.label, item.owner.party) == (
            late, "Contract manufacturer manufacturing science", "receiving",
        )  # fmt: skip


def test_an_open_item_due_by_its_gate_is_due_when_the_gate_is_planned() -> None:
    answer = asked({**ITEM, "due_gate": "G3"}, {**G3, "planned_on": "2026-12-01"})
    (item,) = under(answer, "due")
    assert (item.due, item.gravity) == (date(2026, 12, 1), "medium")
    assert "by gate G3" in item.why


def test_items_without_any_date_are_counted_and_closed_ones_are_not() -> None:
    answer = asked(ITEM, {**ITEM, "id": "OPN-2", "status": "closed", "due": "2026-01-01"})
    assert answer.counts["undated"] == 1
    assert answer.counts["total"] == 0


def test_what_is_late_and_escalated_says_to_whom_and_is_graver_than_what_is_not() -> None:
    answer = asked(
        {**ITEM, "due": "2026-10-01"},
        {**ITEM, "id": "OPN-2", "due": "2026-10-20", "escalated_to": "GOV-JSC", "escalated_on": "2026-10-21"},
    )
    first, second = under(answer, "overdue")
    assert (first.record, second.record) == ("OPN-2", "OPN-1")
    assert "escalated to GOV-JSC on 2026-10-21" in first.why
    assert "not escalated" in second.why


def test_gravity_comes_first_then_days_overdue() -> None:
    answer = asked(*({**ITEM, "id": f"OPN-{day}", "due": f"2026-10-{day}"} for day in (20, 10, 15)))
    assert [item.record for item in under(answer, "overdue")] == ["OPN-10", "OPN-15", "OPN-20"]


def test_blockers_have_their_owner_and_one_that_stands_against_two_gates_is_one_line() -> None:
    site = {"kind": "site", "id": "SITE-C", "site_role": "receiving"}
    given = {"SITE-B": [finding("PRM-BRX-PH")], "SITE-C": [finding("PRM-BRX-PH"), finding("PRM-BRX-TEMP")]}
    answer = asked(G3, site, findings=given, set={"PKG-MIN": {"gates": {"SITE-B": "G2", "SITE-C": "G0"}}})
    lines = {item.record: item for item in under(answer, "blocked")}
    assert len(under(answer, "blocked")) == len(lines) == 2
    assert lines["PRM-BRX-PH"].why == "blocks G3 at Receiving site and G1 at SITE-C"
    assert lines["PRM-BRX-PH"].site is None
    assert lines["PRM-BRX-TEMP"].site == "SITE-C"
    assert dict(answer.next_gates) == {"SITE-B": "G3", "SITE-C": "G1"}


def test_a_record_under_two_heads_says_so_in_both() -> None:
    answer = asked(G3, {**ITEM, "due": "2026-10-01"}, findings={"SITE-B": [finding("OPN-1", "GOV-04")]})
    assert heads(answer, "OPN-1") == {"overdue", "blocked"}
    assert {item.also for item in under(answer, "overdue")} == {("blocked",)}
    assert {item.also for item in under(answer, "blocked")} == {("overdue",)}


READ_BACK = {
    "kind": "read_back", "id": "RBK-1", "about": "PRM-BRX-PH", "site": "SITE-B", "answer": "disagree",
    "open_item": "OPN-1",
}  # fmt: skip


def test_a_read_back_and_its_open_item_are_one_dispute() -> None:
    answer = asked(READ_BACK, {**ITEM, "due": "2027-06-01", "disputed": True})
    assert [item.record for item in under(answer, "disputed")] == ["RBK-1"]
    assert asked(READ_BACK, {**ITEM, "status": "closed"}).counts["disputed"] == 0


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({**READ_BACK, "open_item": None}, "no open item carries it"),
        ({**ITEM, "disputed": True}, "disagree on this open item"),
        (
            {
                "kind": "assumption", "id": "ASM-1", "status": "open",
                "positions": [{"party": "ORG-CDMO", "statement": "no", "agrees": False}],
            },
            "Contract manufacturer does not share",
        ),
        ({"kind": "objective", "id": "OBJ-1", "conflicts_with": ["OBJ-2"]}, "without an agreed priority"),
        (
            {
                "kind": "readiness_item", "id": "RDI-1", "category": "materials", "criterion": "resin", "weight": 9,
                "site": "SITE-B", "sending_score": {"score": 3}, "receiving_score": {"score": 1},
            },
            "says 3, the receiving unit 1",
        ),
    ],
)  # fmt: skip
def test_what_the_parties_disagree_on(record: dict[str, Any], words: str) -> None:
    answer = asked({key: value for key, value in record.items() if value is not None}, {
        "kind": "objective", "id": "OBJ-2",
    })  # fmt: skip
    (item,) = under(answer, "disputed")
    assert (item.record, words in item.why) == (record["id"], True)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({**G3, "planned_on": "2026-12-01"}, "planned for 2026-12-01"),
        ({"kind": "investment", "id": "INV-1", "need_date": "2027-02-01", "lead_time": {"value": 60, "unit": "d"},
          "qualification_time": {"value": 10, "unit": "d"}}, "decided by 2026-11-23"),
        ({"kind": "decision", "id": "DCN-1", "status": "draft", "question": "Which resin?"}, "prepared, not taken"),
        ({"kind": "change_record", "id": "CHG-7", "state": "proposed", "initiated_on": "2026-10-01"}, "2026-10-01"),
        ({"kind": "at_risk_decision", "id": "ARD-1", "status": "approved", "site": "SITE-B", "gate": "G4",
          "expires": "2026-11-30"}, "ends on 2026-11-30"),
        ({"kind": "at_risk_decision", "id": "ARD-1", "status": "draft"}, "not yet allowed"),
        ({"kind": "waiver", "id": "WVR-1", "rule": "LNK-04", "record": "PRM-BRX-PH", "expires": "2026-10-30"},
         "ended on 2026-10-30"),
        ({"kind": "assumption", "id": "ASM-1", "status": "accepted_risk", "expires": "2026-11-20"}, "accepted risk"),
        ({"kind": "regulatory_watch", "id": "RWT-1", "in_effect_from": "2026-12-01", "assessment": "none affected"},
         "takes effect"),
        ({"kind": "regulatory_watch", "id": "RWT-1", "in_effect_from": "2026-01-01"}, "nobody has assessed it"),
    ],
)  # fmt: skip
def test_decisions_that_are_to_be_taken(record: dict[str, Any], words: str) -> None:
    (item,) = under(asked(record), "decisions")
    assert (item.record, words in item.why) == (record["id"], True)


@pytest.mark.parametrize(
    "record",
    [
        G3,  # planned later than the meeting looks ahead
        {**G3, "gate": "G2", "planned_on": "2026-08-01"},  # passed
        {**G3, "planned_on": "2026-11-20", "decision": "pass", "decided_on": "2026-10-30"},
        {"kind": "investment", "id": "INV-1", "decision_by": "2026-11-20", "decision": "approved"},
        {"kind": "waiver", "id": "WVR-1", "rule": "LNK-04", "record": "PRM-BRX-PH", "expires": "2027-10-30"},
        {"kind": "change_record", "id": "CHG-7", "state": "approved"},
        {"kind": "regulatory_watch", "id": "RWT-1", "in_effect_from": "2026-01-01", "assessment": "done"},
        {"kind": "at_risk_decision", "id": "ARD-1", "site": "SITE-B", "gate": "G2", "expires": "2026-09-30"},
        {"kind": "communication", "id": "COM-1", "last_held": "2026-10-18", "cadence_days": 7},  # twice, to the day
        {"kind": "communication", "id": "COM-1", "last_held": "2020-01-01"},  # no cadence: nothing tells
    ],
)
def test_what_is_settled_or_far_away_is_not_on_the_agenda(record: dict[str, Any]) -> None:
    assert asked(record).counts["total"] == 0


def test_conditions_of_a_gate_that_are_not_met() -> None:
    gate = {
        **G3, "gate": "G2", "decision": "conditional", "conditions": [
            {"condition": "report the run", "owner": "ROL-C-QA", "due": "2026-10-22"},
            {"condition": "train", "owner": "ROL-C-QA", "met": True},
        ],
    }  # fmt: skip
    (item,) = under(asked(gate), "conditions")
    assert (item.what, item.days_overdue, item.gravity) == ("report the run", 10, "high")


def test_exchanges_that_were_never_held_or_not_for_twice_their_cadence() -> None:
    answer = asked(
        {"kind": "communication", "id": "COM-1", "last_held": "2026-10-17", "cadence_days": 7},
        {"kind": "communication", "id": "COM-2"},
    )
    assert [(item.record, item.days_overdue) for item in under(answer, "exchanges")] == [("COM-1", 8), ("COM-2", 0)]


def test_a_site_leaves_out_what_is_of_another_and_keeps_what_is_of_none() -> None:
    items = ({**ITEM, "due": "2026-10-01"}, {**ITEM, "id": "OPN-2", "due": "2026-10-01", "site": "SITE-A"},
             {"kind": "open_item", "id": "OPN-3", "due": "2026-10-01"})  # fmt: skip
    assert {item.record for item in under(asked(*items, site="SITE-B"), "overdue")} == {"OPN-1", "OPN-3"}


@pytest.mark.parametrize(
    "body",
    [
        {"next_meeting": "2026-10-01"},  # has passed
        {"next_meeting": "9999-12-31", "cadence_days": 10**9},
        {"next_meeting": None, "cadence_days": 0},
        {"status": "withdrawn"},
    ],
)
def test_odd_calendars_of_a_body_still_give_an_agenda(body: dict[str, Any]) -> None:
    package = build({"add": [{**BODY, **body}, {**ITEM, "due": "2026-10-22"}]})
    answer = agenda(package, AS_OF, committee(package), {})
    assert under(answer, "overdue")
    assert answer.meeting.until > AS_OF
    assert answer.as_json()["counts"]["overdue"] == 1


def test_a_body_that_states_no_cadence_is_said_to_look_a_month_ahead() -> None:
    package = build({"add": [{key: value for key, value in BODY.items() if key != "cadence_days"}]})
    meeting = agenda(package, AS_OF, committee(package), {}).meeting
    assert (meeting.assumed, meeting.until) == (True, date(2026, 12, 10))


def test_ten_thousand_open_items_are_all_there() -> None:
    many = ({**ITEM, "id": f"OPN-{index}", "due": "2026-10-01", "owner": "the team"} for index in range(10_000))
    answer = asked(*many)
    assert len(answer.as_json()["sections"][0]["items"]) == 10_000
