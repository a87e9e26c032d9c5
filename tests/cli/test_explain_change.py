"""`ttpack explain CH-15`: what an impact record's rule means, for who meets its code in a pull request."""

import csv
from pathlib import Path

import pytest
from tests.conftest import Ttpack

SHARED = Path(__file__).resolve().parents[3] / "shared" / "design" / "change-rules.csv"


@pytest.fixture
def ttpack(ttpack_here: Ttpack) -> Ttpack:
    """The command in this process: these stories run it many times."""
    return ttpack_here


@pytest.mark.parametrize("code", ["CH-15", "ch-15", " CH-61a "])
def test_a_change_rule_is_explained_by_its_code(ttpack: Ttpack, code: str) -> None:
    done = ttpack("explain", code)
    assert (done.code, done.stderr) == (0, "")
    assert done.stdout.startswith(code.strip().upper()[:5])
    for words in ("Evidence needed:", "Approvers: S-PD", "Source:", "proposals for qualified reviewers"):
        assert words in done.stdout


def test_every_change_rule_is_listed_in_the_order_of_the_table(ttpack: Ttpack) -> None:
    listed = [rule["code"] for rule in ttpack("explain", "--format", "json").json["change_rules"]]
    assert len(listed) == 91
    assert listed[:5] == ["CH-01", "CH-02", "CH-03", "CH-04", "CH-10"]
    assert listed[-1] == "CH-108"


@pytest.mark.skipif(not SHARED.exists(), reason="the design is not beside this clone")
def test_triggers_and_classes_are_those_of_the_design(ttpack: Ttpack) -> None:
    with SHARED.open(encoding="utf-8", newline="") as file:
        designed = {row["id"]: row for row in csv.DictReader(file)}
    for rule in ttpack("explain", "--format", "json").json["change_rules"]:
        row = designed.pop(rule["code"])
        assert rule["trigger"] == row["trigger"]
        assert rule["source"] == row["source"]
        assert rule["class"] == row["class"] or (rule["code"], row["class"]) == ("CH-94", "inherit")
    assert designed == {}


def test_a_code_that_is_none_is_a_plain_error(ttpack: Ttpack) -> None:
    done = ttpack("explain", "CH-999")
    assert done.code == 2
    assert "there is no rule 'CH-999'" in done.stderr
