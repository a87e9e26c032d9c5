"""Who is called for a role or a person, and the way up for a class of deviation."""

import json
from datetime import date
from typing import Any

import pytest
from tests.rules.test_cases import build

from ttpack.analysis.clocks import Clock, order
from ttpack.analysis.escalation import levels_for
from ttpack.analysis.people import resolve

AS_OF = date(2026, 11, 1)
GONE = "2026-10-01"
DUTY = {"kind": "calendar", "id": "CAL-DUTY", "title": "Duty", "around_the_clock": True, "time_zone": "Europe/Berlin"}
OFFICE = {
    "kind": "calendar", "id": "CAL-B", "title": "Office", "time_zone": "Europe/Berlin", "working_days": ["mon"],
    "day_start": "08:00", "day_end": "16:00",
}  # fmt: skip


def rule(name: str, hours: tuple[int, ...] = (4, 24), **fields: Any) -> dict[str, Any]:
    roles = [("ROL-S-MSAT", "ROL-C-MSAT"), ("ROL-S-QA", "ROL-C-QA")]
    levels = [
        {
            "level": number, "sending_role": sending, "receiving_role": receiving,
            "within": {"value": hour, "unit": "h"}, "decides": number == len(roles),
        }
        for number, (hour, (sending, receiving)) in enumerate(zip(hours, roles, strict=True), 1)
    ]  # fmt: skip
    found = {
        "kind": "escalation_rule", "id": name, "title": name, "deviation_class": "major", "clock_start": "discovery",
        "clock_hours": "calendar", "local_troubleshooting": {"value": 30, "unit": "min"}, "levels": levels,
    }  # fmt: skip
    return found | fields


@pytest.mark.parametrize(
    ("changes", "expected", "standing"),
    [
        ({}, ["PER-MAX-KERN"], "holder"),
        ({"PER-MAX-KERN": {"left": "2026-11-02"}}, ["PER-MAX-KERN"], "holder"),
        ({"PER-MAX-KERN": {"left": GONE}, "ROL-C-QA": {"deputies": ["PER-EVA-ROTH"]}}, ["PER-EVA-ROTH"], "deputy"),
        ({"PER-MAX-KERN": {"left": GONE, "deputy": "PER-EVA-ROTH"}}, ["PER-EVA-ROTH"], "deputy_of_person"),
        (
            {
                "PER-MAX-KERN": {"left": GONE, "deputy": "PER-EVA-ROTH"},
                "PER-EVA-ROTH": {"joined": "2027-01-01", "deputy": "PER-IDA-LUND"},
            },
            ["PER-IDA-LUND"], "deputy_of_person",
        ),
        ({"ROL-C-QA": {"holders": ["PER-EVA-ROTH", "PER-MAX-KERN"]}}, ["PER-EVA-ROTH", "PER-MAX-KERN"], "holder"),
    ],
)  # fmt: skip
def test_a_role_stands_for_those_who_are_there(changes: dict[str, Any], expected: list[str], standing: str) -> None:
    found = resolve(build({"set": changes}), "ROL-C-QA", AS_OF)
    assert [one.id for one in found.people] == expected
    assert {one.standing for one in found.people} == {standing}
    assert (found.party, found.function, found.why_nobody) == ("receiving", "QA", "")


@pytest.mark.parametrize(
    ("changes", "name", "why"),
    [
        ({"ROL-C-QA": {"holders": []}}, "ROL-C-QA", "nobody holds Contract manufacturer quality assurance"),
        ({"PER-MAX-KERN": {"left": GONE}}, "ROL-C-QA", "Max Kern left on 2026-10-01"),
        ({"PER-MAX-KERN": {"status": "withdrawn"}}, "ROL-C-QA", "Max Kern has a withdrawn record"),
        ({"ROL-C-QA": {"holders": ["PER-NOBODY", "ORG-CDMO"]}}, "ROL-C-QA", "PER-NOBODY is no person of this package"),
        ({"ROL-C-QA": {"status": "superseded"}}, "ROL-C-QA", "is superseded"),
        ({"PER-MAX-KERN": {"left": GONE, "deputy": "PER-MAX-KERN"}}, "PER-MAX-KERN", "circle (Max Kern to Max Kern)"),
        ({}, "ORG-CDMO", "Contract manufacturer is an organisation, not a role or a person"),
        ({}, "ROL-NONE", "ROL-NONE is no record of this package"),
    ],
)
def test_where_nobody_is_there_it_is_said_why(changes: dict[str, Any], name: str, why: str) -> None:
    found = resolve(build({"set": changes}), name, AS_OF)
    assert found.people == ()
    assert why in found.why_nobody


def test_a_circle_of_deputies_is_named_once() -> None:
    changes = {
        "PER-MAX-KERN": {"left": GONE, "deputy": "PER-EVA-ROTH"},
        "PER-EVA-ROTH": {"left": GONE, "deputy": "PER-MAX-KERN"},
        "ROL-C-QA": {"holders": ["PER-MAX-KERN", "PER-EVA-ROTH"]},
    }
    assert resolve(build({"set": changes}), "ROL-C-QA", AS_OF).circles == (("PER-EVA-ROTH", "PER-MAX-KERN"),)


def test_ways_of_reaching_people_stand_apart_so_that_an_edition_can_leave_them_out() -> None:
    changes = {"PER-MAX-KERN": {"phone": "+1 000", "email": "max@example.org"}, "ROL-C-QA": {"contact": "duty desk"}}
    answer = resolve(build({"set": changes}), "ROL-C-QA", AS_OF).as_json()
    assert answer["contacts"]["role"] == "duty desk"
    assert answer["contacts"]["people"]["PER-MAX-KERN"] == {"phone": "+1 000", "email": "max@example.org"}
    answer.pop("contacts")
    assert not any(way in json.dumps(answer) for way in ("+1 000", "max@example.org", "duty desk"))


def test_the_way_up_names_both_parties_their_clocks_and_their_calendars() -> None:
    package = build(
        {
            "set": {"ROL-S-QA": {"calendar": "CAL-DUTY"}, "SITE-B": {"calendar": "CAL-B"}},
            "add": [rule("ESC-1"), DUTY, OFFICE],
        }
    )
    path = levels_for(package, "major", "Clinical", "SITE-B", AS_OF)
    first, second = path.levels
    assert path.local is not None
    assert path.local.words == "30 min from discovery"
    assert (first.clock.whole_seconds, first.clock.words) == (14400, "4 h from discovery")
    assert second.sending is not None
    assert second.sending.calendar is not None
    assert second.sending.calendar.around_the_clock
    assert second.receiving is not None
    assert second.receiving.calendar is not None
    assert second.receiving.calendar.calendar == "CAL-B"
    assert first.sending is not None
    assert first.sending.calendar_open == "neither Sponsor manufacturing science nor Sending site has a calendar"
    answer = json.loads(json.dumps(path.as_json()))
    assert list(answer["zones"]) == ["Europe/Berlin"]
    assert sorted(answer["calendars"]) == ["CAL-B", "CAL-DUTY"]
    assert [level["decides"] for level in answer["levels"]] == [False, True]


def test_of_two_rules_the_fastest_clock_of_each_level_counts_and_it_is_said() -> None:
    package = build({"add": [rule("ESC-1", (4, 24)), rule("ESC-2", (8, 12), site="SITE-B")]})
    path = levels_for(package, "major", "ppq", "SITE-B", AS_OF)
    assert [(one.rule, one.clock.whole_seconds) for one in path.levels] == [("ESC-1", 14400), ("ESC-2", 43200)]
    assert path.ambiguous == "ESC-1 and ESC-2 cover the same: of each level the fastest clock counts"
    assert levels_for(package, "major", "ppq", "SITE-C", AS_OF).ambiguous == ""


@pytest.mark.parametrize(
    ("other", "kept"),
    [
        # four working hours may end on Monday, eight hours end tonight: none is dropped for the other
        ({"clock_hours": "working"}, ["ESC-1", "ESC-2"]),
        ({"clock_start": "qa_awareness", "hours": (2, 2)}, ["ESC-1", "ESC-2"]),
        ({"hours": (-4, -4)}, ["ESC-1"]),
        ({"hours": (16, 24), "clock_hours": "working"}, ["ESC-1"]),
    ],
)
def test_no_clock_is_dropped_for_one_that_may_run_out_later(other: dict[str, Any], kept: list[str]) -> None:
    rules = [rule("ESC-1", (8, 8)), rule("ESC-2", **{"hours": (4, 4)} | other)]
    levels = levels_for(build({"add": rules}), "major", "ppq", "SITE-B", AS_OF).levels
    assert [one.rule for one in levels if one.level == 1] == kept


def test_nobody_is_called_for_another_company_or_party_without_a_word() -> None:
    other = [
        {"kind": "organisation", "id": "ORG-Z", "title": "Other company", "party": "receiving"},
        {"kind": "site", "id": "SITE-Z", "title": "Its plant", "organisation": "ORG-Z", "site_role": "receiving"},
        rule("ESC-1"),
    ]
    package = build({"add": other, "set": {"PKG-MIN": {"gates": {"SITE-B": "G3", "SITE-Z": "G0"}}}})
    assert levels_for(package, "major", "ppq", "SITE-B", AS_OF).open == ()
    there = levels_for(package, "major", "ppq", "SITE-Z", AS_OF).open
    assert len(there) == len(rule("ESC-1")["levels"])
    assert all("is of another company than Its plant" in one for one in there)
    swapped = rule("ESC-1", levels=[{"level": 1, "sending_role": "ROL-C-QA", "receiving_role": "ROL-S-QA"}])
    said = levels_for(build({"add": [swapped]}), "major", "ppq", "SITE-B", AS_OF).open
    assert sum("of which they are not" in one for one in said) == len(("sending", "receiving"))


def test_what_is_not_covered_is_said() -> None:
    package = build({"add": [rule("ESC-1", stages=["engineering"])]})
    path = levels_for(package, "major", "ppq", "SITE-B", AS_OF)
    assert path.levels == ()
    assert path.open == ("no escalation rule covers major here",)


def test_an_odd_clock_is_stated_without_seconds() -> None:
    package = build({"add": [rule("ESC-1", levels=[{"level": 1, "within": {"value": 3, "unit": "kg"}}, {"level": 1}])]})
    first, second = levels_for(package, "major", "ppq", "SITE-B", AS_OF).levels
    assert (first.clock.whole_seconds, first.clock.open) == (None, "3 kg is no duration")
    assert (second.clock.words, second.clock.open) == ("no time stated from discovery", "no time is stated")


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((4, "discovery", "calendar"), (4, "discovery", "calendar"), "not_later"),
        ((5, "discovery", "calendar"), (4, "discovery", "calendar"), "later"),
        ((4, "occurrence", "calendar"), (4, "discovery", "calendar"), "not_later"),
        ((5, "occurrence", "calendar"), (4, "discovery", "calendar"), "unknown"),
        ((4, "qa_awareness", "calendar"), (5, "discovery", "calendar"), "unknown"),
        ((6, "qa_awareness", "calendar"), (5, "discovery", "calendar"), "later"),
        ((4, "discovery", "working"), (5, "discovery", "calendar"), "unknown"),
        ((6, "discovery", "working"), (5, "discovery", "calendar"), "later"),
        ((4, "discovery", "calendar"), (5, "discovery", "working"), "not_later"),
        ((6, "discovery", "calendar"), (5, "discovery", "working"), "unknown"),
        ((4, "discovery", None), (5, "discovery", "calendar"), "unknown"),
    ],
)
def test_clocks_are_compared_only_as_far_as_they_allow(first: Any, second: Any, expected: str) -> None:
    def clock(given: Any) -> Clock:
        return Clock(given[0] * 3600, "", given[1], given[2])

    assert order(clock(first), clock(second)) == expected


def test_a_long_chain_of_deputies_is_followed_only_so_far() -> None:
    chain = [
        {"kind": "person", "id": f"PER-X{number}", "left": GONE, "deputy": f"PER-X{number + 1}"}
        for number in range(500)
    ]
    found = resolve(build({"add": chain}), "PER-X0", AS_OF)
    assert found.people == ()
    assert found.circles == ()
    assert "followed over 20 persons and no further" in found.why_nobody
