"""Whatever the A-Mab sample says of who, when and how it is known, taken away, is one finding: its rule, its place."""

from collections import Counter

import pytest
from tests.samples.removals import ASKED, Change, Key, before, every_change, fields, of_kind, outcome, rounds


def test_each_removal_is_one_finding_of_its_rule_at_its_place() -> None:
    wrong: list[str] = []
    for together in rounds(every_change()):
        new, gone = outcome(together)
        expected: Counter[Key] = Counter(one.finding for one in together)
        silent = expected - Counter(new)
        wrong += [f"{one}: {' '.join(map(str, one.finding))} is missing" for one in together if one.finding in silent]
        wrong += [f"{' '.join(map(str, one))} is one too many" for one in (Counter(new) - expected).elements()]
        wrong += [f"{' '.join(map(str, one))} is gone" for one in gone]
    assert wrong == []


def test_every_row_removes_something() -> None:
    assert [f"{one.kind} {one.field}" for one in ASKED if not list(fields(one))] == []


def test_removals_are_of_all_that_both_parties_ask() -> None:
    changes = every_change()
    about = Counter(one.about for one in changes)
    assert set(about) == {"owner", "clock", "cell", "acknowledgement", "deputy", "position", "evidence"}
    assert len(set(changes)) == len(changes) == about.total() > 1000


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("deviation_rule", "owners"), ("deviation_rule", "sending_owners"), ("run", "contacts"),
        ("escalation_rule", "levels"), ("quality_agreement", "notification_times"), ("assumption", "positions"),
    ],
)  # fmt: skip
def test_all_of_them_at_once_is_one_finding_a_record(kind: str, field: str) -> None:
    rule = next(one.rule for one in ASKED if one.kind == kind and one.field.startswith(field))
    changes = [Change("", name, (field,), (rule, name, field)) for name, raw in of_kind(kind) if raw.get(field)]
    assert outcome(changes) == (sorted((one.finding for one in changes), key=str), [])


def test_the_sample_itself_has_none_of_these_findings() -> None:
    assert {one.finding for one in every_change() if one.path} & set(before()) == set()
