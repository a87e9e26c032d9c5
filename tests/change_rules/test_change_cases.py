"""Every change rule's case file: a patch over tests/packages/minimal, then a change, and the rules it falls under."""

import pytest
from tests.change_rules.runner import Case, fires, read_cases, table, unanswered

from ttpack.analysis.change_rules.conditions import all_conditions

CASES = read_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_case(case: Case) -> None:
    assert case.rule in table()
    assert unanswered(case) == ""


@pytest.mark.parametrize("rule", table())
def test_every_row_says_what_it_is_about_and_has_a_case_for_it_and_a_near_miss(rule: str) -> None:
    assert table()[rule].matches, "no match"
    cases = [case for case in CASES if case.rule == rule]
    assert any(map(fires, cases)), "no case in which it fires"
    assert not all(map(fires, cases)), "no near miss"


def test_rows_ask_only_for_conditions_that_exist() -> None:
    asked = {name.removeprefix("!") for rule in table().values() for match in rule.matches for name in match.conditions}
    assert asked <= set(all_conditions())
