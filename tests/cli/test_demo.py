"""The main job through the real command: `ttpack demo`; that two have the same bytes is shown with the wheel."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

from tests.conftest import ROOT, Repository, Result, Ttpack, run

from ttpack.model import json_text

PUBLISHED = {
    ("PRM-04", "PRM-VI-HOLD"),
    ("PRM-08", "PRM-CEX-LOAD"),
    ("PRM-03", "PRM-PA-WASHVOL"),
    ("QTY-02", "PRM-BRX-PH"),
    ("CAL-01", "SCL-MIX-1500"),
    ("CAL-01", "SCL-AEX-PILOT"),
    ("LNK-04", "SCL-VI-PHASE3"),
    ("LNK-04", "SCL-VI-COMM"),
    ("RSK-04", "RSC-RPN"),
    ("PRM-02", "PRM-VF-PRESSURE"),
}


def answer(folder: Path, *arguments: str) -> Any:
    done = run(*arguments, "--format", "json")
    assert done.stderr == ""
    return done.json


def test_every_line_names_something_that_is_there(demo: tuple[Path, Result]) -> None:
    folder, done = demo
    assert (done.code, done.stderr) == (0, "")
    lines = dict(line.split(maxsplit=1) for line in done.stdout.splitlines())
    assert list(lines) == ["package", "findings", "impact", "site", "pdf", "documents", "data", "checks"]
    for label in ("package", "findings", "impact", "site", "pdf", "documents", "data"):
        assert Path(re.split(r" \(|: ", lines[label])[0]).exists(), label
    assert (folder / "build" / "package.pdf").read_bytes().startswith(b"%PDF-1.7")


def test_the_demo_is_a_clean_repository_with_its_tags(demo: tuple[Path, Result]) -> None:
    folder, _ = demo
    git = ["git", "-C", str(folder)]
    assert subprocess.check_output([*git, "status", "--porcelain"], text=True) == ""
    assert subprocess.check_output([*git, "tag"], text=True).split() == ["as-published", "rev-A"]
    assert len(subprocess.check_output([*git, "rev-list", "HEAD"], text=True).split()) == 3


def test_what_a_mab_contradicts_is_found_as_published(demo: tuple[Path, Result]) -> None:
    folder, _ = demo
    findings = answer(folder, "check", str(folder), "--rev", "as-published")["findings"]
    found = {(item["code"], item["record"]) for item in findings if item["severity"] != "warning"}
    # values copied by hand are a remark on the sites, not on A-Mab
    assert {(code, record) for code, record in found if code != "EQP-07"} == PUBLISHED
    for item in findings:
        assert {"code", "name", "severity", "record", "path", "line", "column", "message"} <= item.keys()
        text = subprocess.check_output(["git", "-C", str(folder), "show", f"as-published:{item['path']}"], text=True)
        assert 1 <= item["line"] <= len(text.splitlines()), item
        assert 1 <= item["column"] <= len(text.splitlines()[item["line"] - 1]) + 1


def test_the_corrected_revision_has_no_error_and_few_waivers(demo: tuple[Path, Result]) -> None:
    folder, _ = demo
    done = run("check", folder, "--rev", "rev-A", "--format", "json")
    assert done.code == 0
    assert done.json["counts"]["errors"] == 0
    assert 0 < len(done.json["waivers"]) <= 10


def test_the_change_is_what_a_reviewer_would_be_told(demo: tuple[Path, Result]) -> None:
    folder, _ = demo
    impact = answer(folder, "impact", str(folder), "--from", "rev-A", "--to", "HEAD")
    (change,) = [item for item in impact["changes"] if item["significance"] != "editorial"]
    assert (change["record"], change["field"], change["direction"]) == (
        "PRM-BRX-PH", "ranges.proven_acceptable", "widened",
    )  # fmt: skip
    reached = {item["record"]: item for item in impact["affected"]}
    assert {"CQA-AGG", "CQA-AFUC", "SPC-DS-AGG", "DSP-BRX"} <= reached.keys()
    assert not {"PRM-AEX-PH", "PRM-VI-HOLD", "PRM-CEX-LOAD", "UO-09-VF", "SPC-DS-ENDO", "ORG-CDMO"} & reached.keys()
    findings = answer(folder, "check", str(folder), "--since", "rev-A")["findings"]
    introduced = {(item["code"], item["record"], item["severity"]) for item in findings if item["introduced"]}
    # the approvals of four documents are of the revision before the one that is in review now
    remarks = {one for one in introduced if one[2] == "info"}
    assert {(code, record[:4]) for code, record, _ in remarks} == {("APR-03", "APR-")}
    assert introduced - remarks == {("PRM-06", "PRM-BRX-PH", "error"), ("CHG-02", "CHG-2026-004", "warning")}


def test_the_change_has_its_record_and_waits_for_its_decisions(demo: tuple[Path, Result]) -> None:
    folder, _ = demo
    recorded = answer(folder, "impact", str(folder), "--record")["record"]
    assert (recorded["record"], recorded["action"]) == ("CHG-2026-004", "unchanged")
    assert subprocess.check_output(["git", "-C", str(folder), "status", "--porcelain"], text=True) == ""
    findings = answer(folder, "check", str(folder))["findings"]
    waiting = {item["message"].partition("no decision of ")[2][:4] for item in findings if item["code"] == "CHG-02"}
    assert {"S-QA", "C-QA", "S-RA"} <= waiting
    page = (folder / "build" / "site" / "changes.html").read_text(encoding="utf-8")
    assert recorded["proposal_digest"] in page
    assert "not decided" in page


def test_a_build_since_a_revision_tells_what_changed(ttpack_here: Ttpack, repository: Repository) -> None:
    shutil.copytree(ROOT / "tests" / "packages" / "minimal", repository.path, dirs_exist_ok=True)
    repository.commit({}, tag="before")
    place = "records/parameters/PRM-BRX-PH.yaml"
    text = (repository.path / place).read_text(encoding="utf-8")
    repository.commit({place: text.replace("low: 6.60, high: 7.10", "low: 6.60, high: 7.30")})
    out = repository.path.parent / "out"
    done = ttpack_here("build", "--rev", "HEAD", "--since", "before", "--out", out, cwd=repository.path)
    assert (done.code, done.stderr) == (0, "")
    assert "PRM-BRX-PH" in (out / "site" / "change.html").read_text(encoding="utf-8")
    assert (out / "package.pdf").exists()


def test_the_data_keep_every_digit(demo: tuple[Path, Result]) -> None:
    folder, _ = demo
    data = json_text.loads((folder / "build" / "package.json").read_text(encoding="utf-8"))
    records = {record["id"]: record for record in data["records"]}
    written = subprocess.check_output(
        ["git", "-C", str(folder), "show", "HEAD:records/parameters/production-bioreactor/PRM-BRX-TEMP.yaml"], text=True
    )
    found = re.search(r"^setpoint: (\S+)$", written, re.MULTILINE)
    assert found
    assert str(records["PRM-BRX-TEMP"]["setpoint"]) == found[1] == "35.0"
    assert all(len(record["record_digest"]) == 64 for record in data["records"])
    # what an approval states is not its own digest
    approved = records["APR-RACI-S"]
    assert approved["digest"] == records["APR-RACI-C"]["digest"] != approved["record_digest"]


def test_a_folder_that_holds_something_is_left_alone(ttpack: Ttpack, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    for command in ("demo", "init"):
        done = ttpack(command, tmp_path)
        assert done.code == 2
        assert done.stderr.startswith("ttpack: ")
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_a_new_package_passes_its_gate_and_says_what_it_lacks(ttpack: Ttpack, tmp_path: Path) -> None:
    folder = tmp_path / "new"
    assert ttpack("init", folder, env={"HOME": str(tmp_path)}).code == 0
    done = ttpack("check", folder, "--format", "json")
    assert done.code == 0
    assert done.json["counts"]["errors"] == 0
    lacking = {item["message"] for item in done.json["findings"] if item["gate"] == "G1"}
    assert any("unit operation" in message for message in lacking)
    for name in ("CODEOWNERS", ".github/workflows/ttpack.yml", ".github/pull_request_template.md", ".gitlab-ci.yml",
                 ".vscode/settings.json", ".schemas/v1/process_parameter.schema.json"):  # fmt: skip
        assert (folder / name).is_file(), name
    assert ttpack("build", folder, "--out", tmp_path / "out").code == 0
