"""`ttpack interview` on a package of its own: the guide, drafts that become records, and what it refuses."""

import shutil
from pathlib import Path

import pytest
from tests.conftest import ROOT, Ttpack

KNOWN = """\
- {kind: know_how, id: KNW-PA-LOOK, title: Turbid pool, status: effective, know_how_kind: look_for,
   statement: "A turbid pool is a cold buffer, see [[PRM-PA-LOAD]].", scope: [UO-05-PA]}
- {kind: know_how, id: KNW-PA-004, title: Air, status: effective, know_how_kind: do_not, none_known: true,
   scope: [STP-PA-CYCLE]}
"""
ASKED = ("interview", "UO-05-PA", "--as-of", "2026-11-01")


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "package"
    shutil.copytree(ROOT / "tests" / "packages" / "minimal", folder)
    (folder / "records" / "know-how.yaml").write_text(KNOWN)
    return folder


def test_the_guide_says_what_is_known_and_what_nobody_asked(ttpack_here: Ttpack, package: Path) -> None:
    done = ttpack_here(*ASKED, "--format", "json", cwd=package)
    found = done.json
    assert (done.code, found["package"], found["as_of"], found["written"]) == (1, "PKG-MIN", "2026-11-01", None)
    states = {(one["about"], one["prompt"]): (one["state"], one["known"]) for one in found["questions"]}
    assert states["UO-05-PA", "look_for"] == ("answered", ["KNW-PA-LOOK"])
    assert states["UO-05-PA", "do_not"] == ("none_known", ["KNW-PA-004"])
    assert states["STP-PA-CYCLE", "do_not"] == ("none_known", ["KNW-PA-004"])
    assert states["PRM-PA-LOAD", "failure_story"] == ("not_asked", [])
    assert {one["about"] for one in found["questions"]} == {"UO-05-PA", "STP-PA-CYCLE", "PRM-PA-LOAD"}
    assert found["not_asked"] == 9
    text = ttpack_here(*ASKED, cwd=package).stdout
    assert "9 of 12 questions nobody has answered." in text
    assert "A turbid pool is a cold buffer, see" in text
    assert "ttpack:" not in text, "a reference is told by its title"


def test_drafts_become_records_once_answers_are_typed_in(ttpack_here: Ttpack, package: Path) -> None:
    done = ttpack_here(*ASKED, "--with", "ida lund", "--write", "records/talks", "--format", "json", cwd=package)
    path = package / done.json["written"]
    assert (done.code, done.json["with"]) == (0, "PER-IDA-LUND")
    drafts = path.read_text()
    assert "id: KNW-PA-005" in drafts, "the number after the highest that was given"
    assert drafts.count("kind: know_how") == 9
    assert drafts.count("status: draft") == drafts.count('statement: ""') == drafts.count("told_by: PER-IDA-LUND") == 9
    assert ttpack_here("fmt", "--check", done.json["written"], cwd=package).code == 0
    asked = ("check", "--format", "json", "--as-of", "2026-11-01")
    before = [one for one in ttpack_here(*asked, cwd=package).json["findings"] if one["code"] == "KNW-01"]
    assert any(one["record"] == "UO-05-PA" and "what failed" in one["message"] for one in before), (
        "a draft is no answer"
    )
    path.write_text(drafts.replace('statement: ""', "statement: Air was pumped in.").replace("draft", "effective"))
    after = ttpack_here(*asked, cwd=package).json["findings"]
    assert not [one for one in after if one["code"] == "KNW-01" and one["record"] == "UO-05-PA"]
    assert ttpack_here(*ASKED, "--format", "json", cwd=package).json["not_asked"] == 0


def test_a_file_that_is_there_is_never_overwritten(ttpack_here: Ttpack, package: Path) -> None:
    target = package / "records" / "interview-UO-05-PA-2026-11-01.yaml"
    target.write_text("# typed in by hand\n" + KNOWN.replace("PA-LOOK", "PA-SEEN").replace("PA-004", "PA-003"))
    typed = target.read_bytes()
    done = ttpack_here(*ASKED, "--write", "records", cwd=package)
    assert done.code == 2
    assert "records/interview-UO-05-PA-2026-11-01.yaml is there already" in done.stderr
    assert target.read_bytes() == typed


def test_drafts_that_wait_are_not_asked_again(ttpack_here: Ttpack, package: Path) -> None:
    assert ttpack_here(*ASKED, "--write", "records", cwd=package).code == 0
    again = ttpack_here("interview", "UO-05-PA", "--as-of", "2026-11-02", "--write", "records", cwd=package)
    assert again.code == 1
    assert "No question is left to ask. 9 drafts to be completed." in again.stdout
    assert not (package / "records" / "interview-UO-05-PA-2026-11-02.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("UO-5-PA",), "there is no unit operation 'UO-5-PA'; did you mean UO-05-PA"),
        (("UO-05-PA", "--with", "ROL-S-QA"), "ROL-S-QA is no person, but a role"),
        (("UO-05-PA", "--with", "PER-IDA-LUNDT"), "there is no person PER-IDA-LUNDT; did you mean PER-IDA-LUND?"),
        (("UO-05-PA", "--write", "elsewhere"), "lies in no folder of records"),
        (("UO-05-PA", "--write", "records/../.."), "does not lie in the package"),
        (
            ("UO-05-PA", "--write", "records", "--rev", "HEAD"),
            "--write writes on disk, and --rev asks about a revision",
        ),
    ],
)
def test_wrong_usage_says_what_there_is(
    ttpack_here: Ttpack, package: Path, arguments: tuple[str, ...], message: str
) -> None:
    done = ttpack_here("interview", *arguments, cwd=package)
    assert done.code == 2
    assert message in done.stderr
    assert not list(package.rglob("interview-*"))
