"""Every change rule's case file: a patch over tests/packages/minimal, then a change, and the rules it falls under."""

import pytest
from tests.change_rules.runner import Case, read_cases, table, unanswered

CASES = read_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.rule}: {case.name}")
def test_case(case: Case) -> None:
    assert case.rule in table()
    assert unanswered(case) == ""
