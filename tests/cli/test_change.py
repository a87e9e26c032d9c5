"""`ttpack diff` and `ttpack impact` through the real command on real commits."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT, Repository, Ttpack

PH = "records/parameters/PRM-BRX-PH.yaml"


@pytest.fixture
def ttpack(ttpack_here: Ttpack) -> Ttpack:
    """The command in this process: these stories run it many times."""
    return ttpack_here


@pytest.fixture
def package(repository: Repository) -> Repository:
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path, dirs_exist_ok=True)
    repository.commit({}, tag="base")
    return repository


@pytest.fixture
def edited(package: Repository) -> Callable[..., Repository]:
    def edit(*pairs: tuple[str, str], file: str = PH) -> Repository:
        text = (package.path / file).read_text()
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        package.commit({file: text})
        return package

    return edit


def impact(ttpack: Ttpack, repository: Repository, *more: str) -> Any:
    done = ttpack("impact", "--from", "base", "--to", "HEAD", "--format", "json", *more, cwd=repository.path)
    assert done.stderr == ""
    return done.json


def test_a_widened_proven_range_reaches_what_rests_on_it(ttpack: Ttpack, edited: Callable[..., Repository]) -> None:
    repository = edited(("proven_acceptable: {low: 6.60, high: 7.10", "proven_acceptable: {low: 6.60, high: 7.30"))
    answer = impact(ttpack, repository)
    (change,) = answer["changes"]
    assert (change["record"], change["field"]) == ("PRM-BRX-PH", "ranges.proven_acceptable")
    assert (change["kind"], change["direction"]) == ("range_changed", "widened")
    assert (str(change["before"]["high"]), str(change["after"]["high"])) == ("7.10", "7.30")
    reached = {item["record"]: item for item in answer["affected"]}
    assert reached["STP-BRX-CULTURE"]["action"] == "revise"
    assert reached["CQA-AGG"]["path"] == ["PRM-BRX-PH", "CQA-AGG"]
    assert all(item["path"][0] == "PRM-BRX-PH" and item["path"][-1] == item["record"] for item in answer["affected"])
    assert all(len(item["via"]) == len(item["path"]) - 1 for item in answer["affected"])
    specifications = [item for item in answer["affected"] if item["record_kind"] == "specification"]
    assert specifications
    assert all(item["path"][1].startswith("CQA-") for item in specifications)
    # a sibling parameter, another unit operation's parameter and people are not reached
    assert not {"PRM-BRX-TEMP", "PRM-PA-LOAD", "ROL-S-MSAT", "SITE-B", "PRM-BRX-PH"} & reached.keys()


def test_impact_needs_approval_and_editorial_changes_do_not(ttpack: Ttpack, edited: Callable[..., Repository]) -> None:
    repository = edited(("setpoint: 6.85", "setpoint: 6.850"), ("title: Culture pH", "title: pH of the culture"))
    done = ttpack("impact", "--from", "base", "--to", "HEAD", "--format", "json", cwd=repository.path)
    assert done.code == 0
    assert done.json["affected"] == []
    assert {item["direction"] for item in done.json["changes"]} == {"precision only", ""}
    edited(("setpoint: 6.850", "setpoint: 6.90"))
    assert ttpack("impact", "--from", "base", "--to", "HEAD", cwd=repository.path).code == 1


def test_a_moved_file_changes_nothing_of_meaning(ttpack: Ttpack, package: Repository) -> None:
    package.commit({"records/elsewhere/x.yaml": (package.path / PH).read_text(), PH: None})
    done = ttpack("diff", "--from", "base", "--to", "HEAD", "--format", "json", cwd=package.path)
    assert [item["kind"] for item in done.json["changes"]] == ["record_moved"]
    assert ttpack("impact", "--from", "base", "--to", "HEAD", cwd=package.path).code == 0


def test_a_removed_record_is_a_change_that_reaches_what_referred_to_it(ttpack: Ttpack, package: Repository) -> None:
    package.commit({PH: None})
    answer = impact(ttpack, package)
    assert ("PRM-BRX-PH", "record_removed") in {(item["record"], item["kind"]) for item in answer["changes"]}
    assert "STP-BRX-CULTURE" in {item["record"] for item in answer["affected"]}


def test_the_working_tree_is_compared_with_head(ttpack: Ttpack, package: Repository) -> None:
    assert ttpack("diff", cwd=package.path).code == 0
    package.write({PH: (package.path / PH).read_text().replace("setpoint: 6.85", "setpoint: 6.90")})
    done = ttpack("diff", "--format", "json", cwd=package.path)
    assert done.code == 1
    assert [(item["field"], item["direction"]) for item in done.json["changes"]] == [("setpoint", "increased")]


def test_a_side_that_cannot_be_read_is_said(ttpack: Ttpack, edited: Callable[..., Repository]) -> None:
    repository = edited(("setpoint: 6.85", "setpiont: 6.85"))
    answer = impact(ttpack, repository)
    assert answer["not_assessed"] == ["PRM-BRX-PH"]
    assert ttpack("impact", "--from", "base", "--to", "HEAD", cwd=repository.path).code == 1


def test_same_revisions_same_bytes(ttpack: Ttpack, edited: Callable[..., Repository], tmp_path: Path) -> None:
    repository = edited(("high: 7.10", "high: 7.30"))
    repository.git("clone", "--quiet", str(repository.path), str(tmp_path / "elsewhere"))
    for output in ("json", "markdown", "text"):
        arguments = ("impact", "--from", "base", "--to", "HEAD", "--format", output)
        first, again = (ttpack(*arguments, cwd=repository.path) for _ in range(2))
        assert first.stdout == again.stdout == ttpack(*arguments, cwd=tmp_path / "elsewhere").stdout
        assert "PRM-BRX-PH" in first.stdout.replace("\\", "")


@pytest.mark.parametrize("revision", ["nowhere", "--output=f", "a\nb", "HEAD^{tree}", ""])
def test_a_bad_revision_is_one_plain_line(ttpack: Ttpack, package: Repository, revision: str) -> None:
    done = ttpack("impact", f"--from={revision}" if revision else "--from=-", cwd=package.path)
    assert done.code in (2, 3)
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("ttpack: ")


def test_a_page_says_what_is_compared_with_what_and_explains_its_codes(
    ttpack: Ttpack, edited: Callable[..., Repository]
) -> None:
    package = edited(("high: 7.1", "high: 7.3"))
    page = " ".join(ttpack("impact", "--from", "base", cwd=package.path).stdout.split())
    assert re.search(r"to working tree \(on [0-9a-f]{12}\)", page)
    assert "(state not recorded)" in page
    assert "PAS: prior approval supplement" in page
    assert "! Nothing changed" not in page
    assert "Nothing changed From HEAD" in " ".join(ttpack("impact", cwd=package.path).stdout.split())
    page = " ".join(ttpack("diff", "--from", "base", cwd=package.path).stdout.split())
    assert "Significance is the weight of the field alone" in page


def test_a_repository_without_a_commit_says_so(ttpack: Ttpack, repository: Repository) -> None:
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path, dirs_exist_ok=True)
    done = ttpack("impact", cwd=repository.path)
    assert (done.code, done.stdout) == (3, "")
    assert done.stderr.rstrip().endswith("it has no commit yet")


def _changes(ttpack: Ttpack, repository: Repository) -> list[tuple[str, str, str, str]]:
    done = ttpack("diff", "--from", "base", "--to", "HEAD", "--format", "json", cwd=repository.path)
    assert done.stderr == ""
    return [(item["record"], item["field"], item["kind"], item["significance"]) for item in done.json["changes"]]


def test_the_content_of_a_file_that_a_record_names(ttpack: Ttpack, package: Repository) -> None:
    text = (package.path / PH).read_text() + "attachments: [{file: attachments/study.csv, version: '1'}]\n"
    package.commit({PH: text, "attachments/study.csv": "a,b\n1,2\n"})
    package.git("tag", "-f", "base")
    package.commit({"attachments/study.csv": "a,b\n1,3\n", "README.md": "words\n"})
    assert _changes(ttpack, package) == [("PRM-BRX-PH", "attachments", "attachment_changed", "major")]
    assert "RSK-BRX-PH" in {item["record"] for item in impact(ttpack, package)["affected"]}
    # with a new version it is no secret
    package.commit({PH: text.replace("version: '1'", "version: '2'")})
    assert ("PRM-BRX-PH", "attachments", "attachment_changed", "moderate") in _changes(ttpack, package)


def test_a_unit_that_another_record_takes_over(ttpack: Ttpack, package: Repository) -> None:
    overlay = (
        "kind: site_overlay\nid: PRM-BRX-TEMP@SITE-B\nstatus: approved\nsite: SITE-B\nsetpoint: 36.5\n"
        "reason: Jacket\napprover: ROL-S-QA\n"
    )
    temperature = "records/parameters/PRM-BRX-TEMP.yaml"
    text = (package.path / temperature).read_text()
    assert "unit: Cel" in text
    package.commit({"records/overlay.yaml": overlay})
    package.git("tag", "-f", "base")
    package.commit(
        {temperature: text.replace("unit: Cel", "unit: '[degF]'").replace("setpoint: 35.0", "setpoint: 95.0")}
    )
    assert ("PRM-BRX-TEMP@SITE-B", "unit_changed", "major") in {
        (record, kind, weight) for record, _, kind, weight in _changes(ttpack, package)
    }


def test_records_of_a_broken_file_are_not_called_removed(ttpack: Ttpack, package: Repository) -> None:
    package.commit({PH: "kind: [process_parameter\n"})
    answer = impact(ttpack, package)
    assert (answer["changes"], answer["not_assessed"]) == ([], ["PRM-BRX-PH"])


@pytest.mark.parametrize(
    ("line", "field", "weight"),
    [
        ("gates: {SITE-B: G3}", "gates.SITE-B", "moderate"),
        ("gates: {SITE-B: G2}\nthresholds: {PRM-12: {k: 1.2}}", "thresholds.PRM-12", "major"),
    ],
)
def test_a_changed_manifest(
    ttpack: Ttpack, edited: Callable[..., Repository], line: str, field: str, weight: str
) -> None:
    repository = edited(("gates: {SITE-B: G2}", line), file="ttpack.yaml")
    assert [(name, found) for _, name, _, found in _changes(ttpack, repository)] == [(field, weight)]


def test_a_widened_audience_is_at_least_moderate(ttpack: Ttpack, edited: Callable[..., Repository]) -> None:
    repository = edited(("audience: [partner]", "audience: [public]"))
    assert {weight for *_, weight in _changes(ttpack, repository)} == {"moderate"}


VIAL = "kind: unit_definition\nid: UNT-BOX\ncode: '{box}'\nbase_unit: L\nfactor: 20\n"
TEMPERATURE = "records/parameters/PRM-BRX-TEMP.yaml"


def _in_boxes(package: Repository) -> None:
    """A parameter, an overlay of it and a bill of materials in a unit of the package's own, each in its own file."""
    parameter = (
        "kind: process_parameter\nid: PRM-VOL\nunit: '{box}'\nsetpoint: 2\n"
        "ranges: {proven_acceptable: {low: 1, high: 3}}\n"
    )
    package.commit(
        {
            "records/unit.yaml": VIAL,
            "records/volume.yaml": parameter,
            "records/volume-b.yaml": "kind: site_overlay\nid: PRM-VOL@SITE-B\nsetpoint: 1.5\n",
            "records/hold.yaml": "kind: hold_time\nid: HLD-A\nlimit: {value: 3, unit: h}\n",
        }
    )
    package.git("tag", "-f", "base")


def test_a_unit_of_the_packages_own_that_is_defined_otherwise(ttpack: Ttpack, package: Repository) -> None:
    _in_boxes(package)
    package.commit({"records/unit.yaml": VIAL.replace("20", "25")})
    answer = impact(ttpack, package)
    found = {(one["record"], one["field"]): one for one in answer["changes"]}
    users = {("PRM-VOL", "setpoint"), ("PRM-VOL", "ranges.proven_acceptable"), ("PRM-VOL@SITE-B", "setpoint")}
    assert found.keys() == {("UNT-BOX", "factor")} | users
    for user in users:
        one = found[user]
        assert (one["kind"], one["direction"], one["significance"]) == ("unit_changed", "increased", "major")
        assert one["magnitude"] == "{box} is defined otherwise"
    # rewritten into the new unit they are what they were
    volume = (package.path / "records/volume.yaml").read_text()
    rewritten = volume.replace("setpoint: 2", "setpoint: 1.6").replace("low: 1, high: 3", "low: 0.8, high: 2.4")
    overlay = "kind: site_overlay\nid: PRM-VOL@SITE-B\nsetpoint: 1.2\n"
    package.commit({"records/volume.yaml": rewritten, "records/volume-b.yaml": overlay})
    assert {one["record"] for one in impact(ttpack, package)["changes"] if one["significance"] != "editorial"} == {
        "UNT-BOX"
    }


def test_own_units_and_what_an_overlay_stands_over_are_read_though_they_did_not_change(
    ttpack: Ttpack, package: Repository
) -> None:
    _in_boxes(package)
    volume = (package.path / "records/volume.yaml").read_text()
    package.commit(
        {
            "records/volume.yaml": volume.replace("unit: '{box}'", "unit: L")
            .replace("setpoint: 2", "setpoint: 40")
            .replace("low: 1, high: 3", "low: 20, high: 60")
        }
    )
    done = ttpack("diff", "--from", "base", "--to", "HEAD", "--format", "json", cwd=package.path)
    directions = {(one["record"], one["field"]): one["direction"] for one in done.json["changes"]}
    assert directions["PRM-VOL", "setpoint"] == "same value"
    assert directions["PRM-VOL@SITE-B", "setpoint"] == "decreased"  # nobody rewrote what the overlay says
    package.commit({"records/volume.yaml": volume}, tag="again")
    package.commit({"records/volume-b.yaml": "kind: site_overlay\nid: PRM-VOL@SITE-B\nsetpoint: 2.5\n"})
    done = ttpack("diff", "--from", "again", "--to", "HEAD", "--format", "json", cwd=package.path)
    (change,) = done.json["changes"]
    assert (change["unit_before"], change["direction"]) == ("{box}", "increased")
    assert change["relative"] == {"value_in_proven_widths": "0.5"}


def test_a_private_overlay_is_part_of_both_sides(ttpack: Ttpack, make_repository: Callable[..., Repository]) -> None:
    repository = make_repository("two")
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path / "shared")
    manifest = (repository.path / "shared/ttpack.yaml").read_text() + "overlays: [../private]\n"
    own = "kind: process_parameter\nid: PRM-BRX-PH\nnote: Only for us\nsetpoint: 6.80\n"
    repository.commit({"shared/ttpack.yaml": manifest, "private/records/a.yaml": own}, tag="base")
    shared = repository.path / "shared"

    def told(*sides: str) -> list[tuple[str, str]]:
        done = ttpack("diff", *sides, "--format", "json", cwd=shared)
        assert (done.stderr, done.json["not_assessed"]) == ("", [])
        return [(one["record"], one["field"]) for one in done.json["changes"]]

    assert told("--from", "base") == []
    repository.write({"private/records/a.yaml": own.replace("6.80", "6.75")})
    assert told("--from", "base") == [("PRM-BRX-PH", "setpoint")]
    repository.commit({}, tag="changed")
    assert told("--from", "base", "--to", "changed") == [("PRM-BRX-PH", "setpoint")]
    # what the overlay replaces may change below it without any effect
    text = (repository.path / "shared" / PH).read_text()
    repository.commit({f"shared/{PH}": text.replace("setpoint: 6.85", "setpoint: 6.90")}, tag="below")
    assert told("--from", "changed", "--to", "below") == []
    repository.commit({"private/records/a.yaml": None})
    assert {("PRM-BRX-PH", "note"), ("PRM-BRX-PH", "setpoint")} < set(told("--from", "below", "--to", "HEAD"))


def test_a_private_overlay_that_git_does_not_know_is_said_and_not_compared(
    ttpack: Ttpack, make_repository: Callable[..., Repository]
) -> None:
    repository = make_repository("two")
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path / "shared")
    manifest = (repository.path / "shared/ttpack.yaml").read_text() + "overlays: [../private]\n"
    repository.commit({"shared/ttpack.yaml": manifest, ".gitignore": "private/\n"})
    repository.write({"private/records/a.yaml": "kind: process_parameter\nid: PRM-BRX-PH\nsetpoint: 6.80\n"})
    done = ttpack("diff", "--format", "json", cwd=repository.path / "shared")
    assert (done.code, done.json["changes"], done.json["overlays_not_compared"]) == (0, [], ["../private"])
    assert "not compared: ../private" in ttpack("diff", cwd=repository.path / "shared").stdout
