"""`ttpack log`: the life of one record, told from real commits."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from ttpack.cli.main import main

PARAMETER = """\
kind: process_parameter
id: {id}
title: Culture pH
{more}unit: "[pH]"
quantity_kind: ph
setpoint: {setpoint}
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package with one record and one commit, tagged rev-1."""
    folder = tmp_path / "package"
    (folder / "records").mkdir(parents=True)
    git(folder, "init", "-q", "--initial-branch=main")
    manifest = 'kind: package\nid: PKG-LOG\ntitle: Log\nschema_version: "1"\nstatus: approved\n'
    (folder / "ttpack.yaml").write_text(manifest, encoding="utf-8")
    write(folder, "ph", PARAMETER.format(id="PRM-PH", more="", setpoint="6.80"))
    commit(folder, "Enter the parameter", "Ada", "rev-1")
    return folder


def git(folder: Path, *arguments: str, author: str = "Ada") -> str:
    who = ("-c", f"user.name={author}", "-c", f"user.email={author}@example.org", "-c", "commit.gpgSign=false")
    return subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True).stdout


def write(folder: Path, name: str, text: str) -> None:
    (folder / "records" / f"{name}.yaml").write_text(text, encoding="utf-8")


def commit(folder: Path, message: str, author: str, tag: str = "") -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message, author=author)
    if tag:
        git(folder, "tag", "-a", "-m", tag, tag)


def log(folder: Path, record: str, capsys: pytest.CaptureFixture[str], *more: str) -> dict[str, Any]:
    assert main(["log", record, str(folder), "--format", "json", *more]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert isinstance(answer, dict)
    return answer


def test_a_life_is_told_through_renames_and_moves_newest_first(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(package, "ph", PARAMETER.format(id="PRM-PH", more="", setpoint="6.85"))
    commit(package, "Move the setpoint", "Ben", "rev-2")
    (package / "records" / "ph.yaml").unlink()
    write(package, "acidity", PARAMETER.format(id="PRM-ACID", more="formerly: PRM-PH\n", setpoint="6.85"))
    commit(package, "Name it by what it is", "Cid")

    answer = log(package, "PRM-ACID", capsys)

    told = [(event["author"], event["subject"], event["revision"], event["since"]) for event in answer["events"]]
    assert told == [
        ("Cid", "Name it by what it is", None, "rev-2"),
        ("Ben", "Move the setpoint", "rev-2", "rev-1"),
        ("Ada", "Enter the parameter", "rev-1", None),
    ]
    renamed, moved, added = ([change["kind"] for change in event["changes"]] for event in answer["events"])
    assert "record_renamed" in renamed
    assert moved == ["value_changed"]
    assert added == ["record_added"]


def test_the_former_id_of_a_neighbour_in_the_same_file_is_not_followed(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one, other = "- {kind: term, id: GLO-A, term: A}\n", "- {kind: term, id: GLO-OLD, term: B}\n"
    write(package, "list", one + other)
    commit(package, "Two terms", "Ada")
    write(package, "list", one + other.replace("term: B", "term: C"))
    commit(package, "The neighbour says something else", "Ben")
    write(
        package,
        "list",
        one.replace("term: A", "term: AA") + "- {kind: term, id: GLO-NEW, term: C, formerly: GLO-OLD}\n",
    )
    commit(package, "The neighbour has another name", "Cid")
    told = [event["subject"] for event in log(package, "GLO-A", capsys)["events"]]
    assert told == ["The neighbour has another name", "Two terms"]


def test_what_another_record_went_through_is_not_told(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(package, "other", "kind: term\nid: GLO-X\nterm: X\ndefinition: '[[PRM-PH]] is quoted here'\n")
    commit(package, "A term", "Ben")
    assert [event["subject"] for event in log(package, "PRM-PH", capsys)["events"]] == ["Enter the parameter"]


def test_a_removed_record_still_has_a_life(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (package / "records" / "ph.yaml").unlink()
    commit(package, "Take it out", "Ben")
    answer = log(package, "PRM-PH", capsys)
    assert answer["present"] is False
    assert [event["changes"][0]["kind"] for event in answer["events"]] == ["record_removed", "record_added"]


def test_a_commit_that_broke_the_file_is_neither_removal_nor_addition(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(package, "ph", "kind: process_parameter\nid: PRM-PH\nid: PRM-PH\n")
    commit(package, "Break it", "Ben")
    write(package, "ph", PARAMETER.format(id="PRM-PH", more="", setpoint="6.90"))
    commit(package, "Mend it", "Ben")
    events = log(package, "PRM-PH", capsys)["events"]
    assert [(event["subject"], event["unreadable"], event["changes"]) for event in events[:2]] == [
        ("Mend it", True, []),
        ("Break it", True, []),
    ]


def test_both_branches_of_a_merge_are_told_and_the_merge_only_for_what_it_decided(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    git(package, "checkout", "-q", "-b", "side")
    write(package, "ph", PARAMETER.format(id="PRM-PH", more="", setpoint="6.90"))
    commit(package, "On the side", "Ben")
    git(package, "checkout", "-q", "main")
    write(package, "other", "kind: term\nid: GLO-X\nterm: X\n")
    commit(package, "Elsewhere", "Cid")
    git(package, "merge", "-q", "--no-ff", "-m", "Merge the side", "side")
    assert [event["subject"] for event in log(package, "PRM-PH", capsys)["events"]] == [
        "On the side",
        "Enter the parameter",
    ]


def test_the_change_record_of_the_same_base_is_named(package: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(package, "ph", PARAMETER.format(id="PRM-PH", more="", setpoint="6.85"))
    for name, base in (("CHG-2026-001", "rev-1"), ("CHG-2026-002", "rev-0")):
        write(package, name, f"kind: change_record\nid: {name}\nfrom_revision: {base}\nentities: [PRM-PH]\n")
    commit(package, "Move the setpoint", "Ben")
    assert log(package, "PRM-PH", capsys)["events"][0]["change_records"] == ["CHG-2026-001"]


def test_a_shallow_clone_says_that_it_does_not_know_the_beginning(
    package: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(package, "ph", PARAMETER.format(id="PRM-PH", more="", setpoint="6.85"))
    commit(package, "Move the setpoint", "Ben")
    git(tmp_path, "clone", "-q", "--depth", "1", package.as_uri(), "shallow")
    assert log(tmp_path / "shallow", "PRM-PH", capsys)["complete"] is False
    assert main(["log", "PRM-PH", str(tmp_path / "shallow")]) == 0
    assert "shallow clone" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["PRM-NOT-THERE", "", "--all", "*", "PRM-PH; rm -rf", "\u202egnp.exe"])
def test_a_record_that_never_was_is_a_plain_error(package: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "--", name, str(package)]) == 2
    captured = capsys.readouterr()
    assert captured.err.startswith("ttpack: no record ")
    assert "\u202e" not in captured.err


def test_names_and_subjects_of_commits_cannot_steer_the_terminal(
    package: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write(package, "ph", PARAMETER.format(id="PRM-PH", more="", setpoint="6.85"))
    commit(package, "Evil \x1b[2J | <b>subject</b> :100644", "Eve\x1b]0;x")
    assert main(["log", "PRM-PH", str(package)]) == 0
    assert "\x1b[2J" not in capsys.readouterr().out
    assert main(["log", "PRM-PH", str(package), "--format", "markdown"]) == 0
    assert "<b>" not in capsys.readouterr().out
