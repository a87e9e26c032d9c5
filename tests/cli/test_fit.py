"""`ttpack fit` on the A-Mab demo, as a person at a receiving site asks."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Result, Ttpack

VERDICTS = {"PASS", "CONDITIONAL", "FAIL", "UNKNOWN"}


@pytest.fixture
def amab(demo: tuple[Path, Result], tmp_path: Path) -> Path:
    copy = tmp_path / "amab"
    shutil.copytree(demo[0], copy, symlinks=True)
    return copy


def answer(ttpack_here: Ttpack, where: Path, *arguments: str) -> Any:
    return json.loads(ttpack_here("fit", *arguments, "--format", "json", cwd=where).stdout)


def test_one_site_row_by_row(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    found = answer(ttpack_here, demo[0], "SITE-B")
    assert (found["site"], found["gate"]) == ("SITE-B", "G2")
    assert sum(found["counts"].values()) == len(found["rows"]) > 50
    assert {row["verdict"] for row in found["rows"]} <= VERDICTS
    row = next(row for row in found["rows"] if row["parameter"] == "PRM-BRX-PH")
    assert (row["verdict"], row["required"]["normal_low"]) == ("PASS", 6.75)
    assert row["capability"]["qualified_low"] < 6.75
    assert row["margin"] > 0
    gaps = {gap["record"] for gap in found["gaps"]}
    assert gaps >= {row["parameter"] for row in found["rows"] if row["verdict"] != "PASS"}
    assert all(gap["owner"] and gap["due_gate"] >= "G3" for gap in found["gaps"])


def test_narrowing_one_capability_changes_that_verdict_only(ttpack_here: Ttpack, amab: Path) -> None:
    before = {row["parameter"]: row["verdict"] for row in answer(ttpack_here, amab, "SITE-B")["rows"]}
    path = next(amab.rglob("EQC-B-AN112.yaml"))
    text = path.read_text(encoding="utf-8")
    narrowed = text.replace("{low: 50, high: 2000}", "{low: 400, high: 2000}")
    path.write_text(narrowed.replace("{low: 100, high: 800}", "{low: 410, high: 800}"), encoding="utf-8")
    done = ttpack_here("fit", "SITE-B", "--format", "json", cwd=amab)
    after = {row["parameter"]: row["verdict"] for row in json.loads(done.stdout)["rows"]}
    assert {name for name in before if before[name] != after[name]} == {"PRM-BRX-OSMO"}
    assert (after["PRM-BRX-OSMO"], done.code) == ("FAIL", 1)


def test_all_receiving_sites_and_a_site_without_data(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    found = answer(ttpack_here, demo[0])
    assert list(found["sites"]) == ["SITE-B", "SITE-C"]
    assert {row["site"] for row in found["rows"]} == {"SITE-B", "SITE-C"}
    both = answer(ttpack_here, demo[0], "SITE-A", "SITE-B-LAB")
    assert list(both["sites"]) == ["SITE-A", "SITE-B-LAB"]
    assert {row["verdict"] for row in both["rows"] if row["site"] == "SITE-B-LAB"} == {"UNKNOWN"}


def test_the_gate_that_is_asked_decides(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    asked = ttpack_here("fit", "SITE-C", "--gate", "G4", "--format", "json", cwd=demo[0])
    assert json.loads(asked.stdout)["gate"] == "G4"
    assert asked.code == 1
    assert ttpack_here("fit", "SITE-B-LAB", "--gate", "G2", cwd=demo[0]).code == 0
    assert ttpack_here("fit", "SITE-B-LAB", "--gate", "G3", cwd=demo[0]).code == 1


def test_an_unknown_site_is_wrong_usage(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    done = ttpack_here("fit", "SITE-X", cwd=demo[0])
    assert done.code == 2
    assert "SITE-A" in done.stderr
    assert "SITE-B" in done.stderr


def test_a_reader_sees_both_numbers_and_who_closes_the_gap(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    text = ttpack_here("fit", "SITE-B", cwd=demo[0]).stdout
    assert "PASS" in text
    assert "P 6.75 to 6.95" in text
    assert "qualified 3.0 to 10.0" in text
    assert "Due gate" in text
    markdown = ttpack_here("fit", "SITE-B", "SITE-C", "--format", "markdown", cwd=demo[0]).stdout
    assert "SITE-C" in markdown
    assert "no capability stated" in markdown


TYPOS = {
    "equipment/site-b/EQC-B-BR301.yaml": ("    qualified_range:", "    qualifed_range:"),
    "facility/site-b/FAC-B-CUL.yaml": ("grade:", "grad:"),
    "facility/site-b/UTL-B-WFI.yaml": ("qualified:", "qualifid:"),
    "governance/validation/PPQ-B.yaml": ("    range:", "    rnage:"),
    "quality/SPC-DS-AGG.yaml": ("unit:", "unti:"),
}


def test_a_key_that_is_no_field_is_found_at_its_place_and_nothing_that_rests_on_it_is_green(
    ttpack_here: Ttpack, amab: Path
) -> None:
    expected = {}
    for name, (right, wrong) in TYPOS.items():
        path = amab / "records" / name
        text = path.read_text(encoding="utf-8")
        assert right in text
        line = text[: text.index(right)].count("\n") + 1
        path.write_text(text.replace(right, wrong, 1), encoding="utf-8")
        expected[f"records/{name}", line, len(right) - len(right.lstrip()) + 1] = wrong.strip().rstrip(":")
    checked = ttpack_here("check", "--format", "json", cwd=amab)
    assert checked.code == 1
    found = {
        (one["path"], one["line"], one["column"]): one["message"]
        for one in json.loads(checked.stdout)["findings"] if one["code"].startswith("SRC")
    }  # fmt: skip
    assert found.keys() == expected.keys()
    assert all(f"'{word}' is unknown" in found[place] for place, word in expected.items())
    done = ttpack_here("fit", "SITE-B", "--format", "json", cwd=amab)
    assert (done.code, "qualifed_range" in done.stderr) == (1, True)
    fitted = json.loads(done.stdout)
    verdicts = {one["record"]: one["verdict"] for one in fitted["rows"]}
    assert (verdicts["PRM-BRX-PH"], verdicts["PRM-BRX-TEMP"], verdicts["PRM-PA-FLOW"]) == ("UNKNOWN", "UNKNOWN", "PASS")
    assert not [one for one in fitted["checks"] if one["record"] == "UTL-B-WFI" and one["verdict"] == "PASS"]
    assert not [one for one in fitted["checks"] if one["label"] == "Room for Harvest" and one["verdict"] == "PASS"]
    other = ttpack_here("compare", "SITE-A", "SITE-B", "--format", "json", cwd=amab)
    assert (other.code, "have errors" in other.stderr) == (1, True)
