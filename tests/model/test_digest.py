"""The digest of a record: canonical JSON, digits kept, prose collapsed, without where it is in its life."""

import hashlib
from decimal import Decimal
from typing import Any

import pytest

from ttpack.model.digest import record_digest

RECORD: dict[str, Any] = {
    "kind": "process_parameter",
    "id": "PRM-BRX-PH",
    "unit": "[pH]",
    "setpoint": Decimal("6.850"),
    "why": "Growth and\n  glycosylation.",
    "evidence": ["EVI-B", "EVI-A"],
    "viral_safety": False,
}


def test_it_is_the_hash_of_this_text() -> None:
    text = (
        '{"evidence":["EVI-B","EVI-A"],"id":"PRM-BRX-PH","kind":"process_parameter","setpoint":"6.850",'
        '"unit":"[pH]","viral_safety":false,"why":"Growth and glycosylation."}'
    )
    assert record_digest(RECORD) == hashlib.sha256(text.encode()).hexdigest()


@pytest.mark.parametrize(
    "change",
    [
        {"status": "approved"},
        {"revision": "B"},
        {"effective_date": "2026-11-01"},
        {"approvals": ["APR-1"]},
        {"formerly": ["PRM-BRX-ACIDITY"]},
        {"why": "Growth  and glycosylation."},
    ],
)
def test_where_a_record_is_in_its_life_and_how_prose_is_wrapped_do_not_count(change: dict[str, Any]) -> None:
    assert record_digest(dict(reversed({**RECORD, **change}.items()))) == record_digest(RECORD)


@pytest.mark.parametrize(
    "change",
    [
        {"setpoint": Decimal("6.85")},
        {"unit": "pH"},
        {"evidence": ["EVI-A", "EVI-B"]},
        {"why": "Growth and glycosylation"},
        {"viral_safety": True},
        {"x-erp-code": 1},
    ],
)
def test_whatever_a_record_says_counts(change: dict[str, Any]) -> None:
    assert record_digest({**RECORD, **change}) != record_digest(RECORD)


def test_the_text_of_a_markdown_record_counts_and_its_code_is_taken_as_it_stands() -> None:
    assert record_digest(RECORD, "Look  for\nfoam.") == record_digest(RECORD, "Look for foam.")
    assert record_digest(RECORD, "`a  b`") != record_digest(RECORD, "`a b`")
    assert record_digest(RECORD, "Look for foam.") != record_digest(RECORD)
