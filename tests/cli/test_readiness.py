"""`ttpack readiness` on the A-Mab demo, as a steering committee asks; and its history in a repository of commits."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Result, Ttpack

SHARE = re.compile(r'"(?:minimum|mean|score)": (0\.\d{3}|1\.000)\b')


def answer(ttpack_here: Ttpack, where: Path, *arguments: str) -> Any:
    return json.loads(ttpack_here("readiness", *arguments, "--format", "json", cwd=where).stdout)


def test_one_site_with_every_category_and_both_scores(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    done = ttpack_here("readiness", "SITE-B", "--format", "json", cwd=demo[0])
    found = json.loads(done.stdout)
    assert (found["site"], found["gate"], done.code) == ("SITE-B", "G3", 1)
    assert [one["letter"] for one in found["categories"]] == list("ABCDEFGHIJK")
    assert 0 < found["minimum"] == min(one["score"] for one in found["categories"]) < found["mean"] < 1
    assert SHARE.search(done.stdout)
    for one in found["disagreements"]:
        assert abs(one["sending"]["stated"] - one["receiving"]["stated"]) == one["difference"] >= 2
        assert one["sending"]["assessor"] != one["receiving"]["assessor"]
    assert found["disagreements"]
    points = found["history"]["points"]
    assert [one["revision"] for one in points][:2] == ["as-published", "rev-A"]
    assert points[0]["mean"] < points[1]["mean"] == found["mean"]


def test_several_sites_in_words_name_what_nobody_scored(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    done = ttpack_here("readiness", cwd=demo[0])
    assert done.code == 1
    assert "Minimum             0.000  every category" in done.stdout
    assert "No item, so not assessed: Materials and supply" in done.stdout
    assert set(answer(ttpack_here, demo[0])["sites"]) == {"SITE-B", "SITE-C"}


def test_evidence_that_changes_lowers_what_counts(
    ttpack_here: Ttpack, demo: tuple[Path, Result], tmp_path: Path
) -> None:
    copy = tmp_path / "amab"
    shutil.copytree(demo[0], copy, symlinks=True)
    before = answer(ttpack_here, copy, "SITE-B")
    closed = next(one for one in before["items"] if one["counted"] == 4)
    path = next(copy.rglob(f"{closed['evidence'][0]}.yaml"))
    path.write_text(path.read_text(encoding="utf-8") + "note: Looked at again.\n", encoding="utf-8")
    after = next(one for one in answer(ttpack_here, copy, "SITE-B")["items"] if one["record"] == closed["record"])
    assert (after["counted"], after["sending"]["stated"]) == (2, 4)
    assert after["evidence_digest_now"] in after["shortfalls"][0]["message"]
    said = ttpack_here("check", ".", "--format", "json", cwd=copy).stdout
    found = [one for one in json.loads(said)["findings"] if one["record"] == closed["record"]]
    assert [(one["code"], one["field"]) for one in found] == [("RDY-01", "evidence_digest")]


@pytest.mark.parametrize("asked", ["SITE-A", "SITE-Q"])
def test_a_site_that_receives_nothing_is_refused_by_name(
    ttpack_here: Ttpack, demo: tuple[Path, Result], asked: str
) -> None:
    done = ttpack_here("readiness", asked, cwd=demo[0])
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr == f"ttpack: '{asked}' is no receiving site; receiving sites are SITE-B, SITE-C\n"


def test_without_history_the_answer_says_so(ttpack_here: Ttpack, tmp_path: Path) -> None:
    minimal = Path(__file__).parents[1] / "packages" / "minimal"
    shutil.copytree(minimal, tmp_path / "package")
    found = answer(ttpack_here, tmp_path / "package", "SITE-B", "--as-of", "2026-11-01")
    assert found["history"]["said"] == "There is no git history here: only what the files say now is shown."
    assert len(found["history"]["points"]) == 1
    # process knowledge is closed; equipment 3 against 2; the rest are plans
    assert (found["minimum"], found["reaches_threshold"]) == (0.5, False)
