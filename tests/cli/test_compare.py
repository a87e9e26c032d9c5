"""`ttpack compare`: what differs between sites, through the real command on real packages."""

from pathlib import Path

import pytest
from tests.conftest import ROOT, Result, Ttpack, run

SAMPLE = ROOT / "src" / "ttpack" / "samples" / "amab" / "package"
KEYS = {
    "family", "record", "field", "label", "values", "records", "disposition", "reason", "remark", "approvers",
    "expires", "approved_in",
}  # fmt: skip
SITE = """\
kind: site
id: SITE-{name}
title: Plant {name}
site_role: {role}
deviation_terms: {terms}
{more}"""
AGREED = """\
differences:
  - {other_site: SITE-A, family: deviation_terms, disposition: justified, reason: own words,
     approvers: [Ada Author (sponsor QA), Ben Brown (site QA)], expires: 2030-01-01}
"""


@pytest.fixture
def plants(tmp_path: Path) -> Path:
    """A foreign package of three sites and nothing else."""
    (tmp_path / "records").mkdir()
    manifest = 'kind: package\nid: PKG-TWO\ntitle: Two plants\nschema_version: "1"\n'
    (tmp_path / "ttpack.yaml").write_text(manifest, encoding="utf-8")
    write(tmp_path, "A", "sending", "{Major: major}")
    write(tmp_path, "B", "receiving", "{Level 2: major}")
    write(tmp_path, "C", "planned", "{}")
    return tmp_path


def write(folder: Path, name: str, role: str, terms: str, more: str = "") -> None:
    text = SITE.format(name=name, role=role, terms=terms, more=more)
    (folder / "records" / f"{name}.yaml").write_text(text, encoding="utf-8")


@pytest.fixture
def compare(ttpack_here: Ttpack, plants: Path) -> Ttpack:
    def run_it(*arguments: str | Path, **_: object) -> Result:
        return ttpack_here("compare", *arguments, cwd=plants)

    return run_it


def test_the_sample_says_what_differs_and_what_was_agreed(ttpack_here: Ttpack) -> None:
    done = ttpack_here("compare", "SITE-A", "SITE-B", "--as-of", "2026-11-22", "--format", "json", cwd=SAMPLE)
    answer = done.json
    assert answer["sites"] == ["SITE-A", "SITE-B"]
    assert all(set(each) == KEYS for each in answer["differences"])
    found = {(each["record"], each["field"]): each for each in answer["differences"]}
    aspect = found["UO-03-BRX", "geometry.aspect_ratio"]
    assert aspect["values"] == {"SITE-A": "1.4", "SITE-B": "3.0"}
    assert aspect["records"] == {"SITE-A": "EQC-A-BR201", "SITE-B": "EQC-B-BR301"}
    overlay = found["PRM-BRX-TEMP", "ranges.normal_operating"]
    assert (overlay["disposition"], overlay["approved_in"]) == ("justified", ["PRM-BRX-TEMP@SITE-B"])
    batches = found["VST-A", "ppq_batches"]
    assert (batches["disposition"], batches["expires"]) == ("justified", "2028-12-31")
    assert not any(each["field"].endswith("tag") for each in answer["differences"])
    waiting = [each for each in answer["differences"] if each["disposition"] in {"open", "expired"}]
    assert done.code == (1 if waiting else 0)


def test_a_year_later_the_agreements_have_ended(ttpack_here: Ttpack) -> None:
    options = ("--family", "validation_strategy", "--as-of", "2029-01-01", "--format", "json")
    done = ttpack_here("compare", "SITE-A", "SITE-B", *options, cwd=SAMPLE)
    assert done.code == 1
    assert {each["disposition"] for each in done.json["differences"]} == {"expired"}


def test_an_open_difference_is_said_in_words_and_leaves_something_to_do(compare: Ttpack) -> None:
    done = compare("SITE-A", "SITE-B")
    assert done.code == 1
    assert "1 difference between SITE-A and SITE-B: 1 open." in done.stdout
    assert "Level 2" in done.stdout


def test_an_agreed_difference_leaves_nothing_to_do(compare: Ttpack, plants: Path) -> None:
    write(plants, "B", "receiving", "{Level 2: major}", AGREED)
    done = compare("SITE-A", "SITE-B", "--format", "markdown")
    assert done.code == 0
    assert "1 justified" in done.stdout
    assert "own words" in done.stdout


def test_a_site_that_states_nothing_is_not_taken_for_equal(compare: Ttpack) -> None:
    done = compare("SITE-A", "SITE-C")
    assert "Nothing of SITE-A and SITE-C could be compared" in done.stdout
    assert "not stated by SITE-C" in done.stdout


def test_without_sites_all_that_run_the_process_are_compared(compare: Ttpack, plants: Path) -> None:
    write(plants, "L", "testing", "{}")
    assert compare("--format", "json").json["sites"] == ["SITE-A", "SITE-B", "SITE-C"]


def test_equal_rows_are_shown_on_request(compare: Ttpack, plants: Path) -> None:
    write(plants, "B", "receiving", "{Major: major}")
    assert "equal_rows" not in compare("SITE-A", "SITE-B", "--format", "json").json
    rows = compare("SITE-A", "SITE-B", "--all", "--format", "json").json["equal_rows"]
    assert ("deviation_terms.major", "Major") in {(each["field"], each["value"]) for each in rows}


@pytest.mark.parametrize("asked", [("SITE-A",), ("SITE-A", "SITE-A")])
def test_one_site_is_no_comparison(compare: Ttpack, asked: tuple[str, ...]) -> None:
    done = compare(*asked)
    assert done.code == 2
    assert "needs two sites" in done.stderr
    assert "SITE-B (Plant B)" in done.stderr


def test_an_unknown_site_or_family_is_answered_with_those_there_are(compare: Ttpack) -> None:
    nowhere = compare("SITE-A", "SITE-NOWHERE")
    assert nowhere.code == 2
    assert "SITE-C (Plant C)" in nowhere.stderr
    family = compare("SITE-A", "SITE-B", "--family", "weather")
    assert family.code == 2
    assert "change_procedure" in family.stderr


def test_the_command_runs_as_people_run_it(plants: Path) -> None:
    done = run("compare", "SITE-A", "SITE-B", "--package", plants, "--format", "json")
    assert (done.code, len(done.json["differences"])) == (1, 1)
