"""The script that the action and the GitLab job call, against a recorded event and a forge on this machine."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from tests.cli.forge import BOT, ROBOT, Forge, serving
from tests.conftest import ROOT, Repository, clean_environment

SCRIPT = ROOT / ".github/actions/ttpack/review.py"
EVENT = ROOT / "tests/data/forge/pull_request.synchronize.json"
PH = "records/parameters/PRM-BRX-PH.yaml"
MARKER = "<!-- ttpack:pull-request . -->"
MALLORY = {"login": "mallory", "id": 77, "type": "User"}
OTHER_BOT = {"login": "other[bot]", "id": 78, "type": "Bot"}


@pytest.fixture
def pull(repository: Repository) -> Repository:
    """A pull request that widens a proven range beyond what was studied: its head is checked out."""
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path, dirs_exist_ok=True)
    repository.commit({}, tag="base")
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({PH: (repository.path / PH).read_text().replace("high: 7.10", "high: 7.30")})
    return repository


@pytest.fixture
def forge() -> Iterator[Forge]:
    with serving(Forge()) as one:
        yield one


@dataclass(frozen=True)
class Run:
    code: int
    log: str
    summary: str


Reviewed = Callable[..., Run]


@pytest.fixture
def review(pull: Repository, forge: Forge, tmp_path: Path) -> Reviewed:
    """Run the script as the action does, on GitHub."""

    def run(cwd: Path = pull.path, **more: str) -> Run:
        event = json.loads(EVENT.read_text())
        event["pull_request"]["base"]["sha"] = pull.git("rev-parse", "base").strip()
        event["pull_request"]["head"]["sha"] = pull.git("rev-parse", "topic").strip()
        (tmp_path / "event.json").write_text(json.dumps(event))
        (tmp_path / "summary.md").write_text("")
        env = {
            "GITHUB_EVENT_NAME": "pull_request",
            "GITHUB_EVENT_PATH": str(tmp_path / "event.json"),
            "GITHUB_API_URL": forge.address,
            "GITHUB_SERVER_URL": "https://forge.example",
            "GITHUB_REPOSITORY": "sponsor/package",
            "GITHUB_RUN_ID": "42",
            "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
            "GITHUB_OUTPUT": str(tmp_path / "output"),
            "TTPACK_OUT": str(tmp_path / "out"),
            "TTPACK_TOKEN": "a-secret-token",
        } | more
        return started("github", env, cwd, tmp_path / "summary.md")

    return run


def command_of(which: str) -> str:
    """The line of the action, or of the GitLab job, with the script where it lies here."""
    if which == "github":
        steps = yaml.safe_load((SCRIPT.parent / "action.yml").read_text())["runs"]["steps"]
        return str(next(step["run"] for step in steps if step.get("id") == "review"))
    job = yaml.safe_load((ROOT / "package_template/.gitlab-ci.yml").read_text())["review"]
    return str(job["script"][-1]).replace(".gitlab/ttpack", '"$GITHUB_ACTION_PATH"')


def started(which: str, env: dict[str, str], cwd: Path, summary: Path) -> Run:
    clean = clean_environment()
    path = f"{Path(sys.executable).parent}{os.pathsep}{clean['PATH']}"
    done = subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", command_of(which)],
        env=clean | env | {"PATH": path, "GITHUB_ACTION_PATH": str(SCRIPT.parent)},
        cwd=cwd,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "a-secret-token" not in done.stdout + done.stderr
    return Run(done.returncode, done.stdout + done.stderr, summary.read_text() if summary.exists() else "")


def test_one_comment_is_written_and_then_kept_up_to_date(review: Reviewed, forge: Forge, pull: Repository) -> None:
    forge.add("Looks fine to me", MALLORY)
    first = review()
    assert first.code == 1  # the change introduces an error
    (comment,) = forge.comments[1:]
    assert comment["body"].startswith(f"{MARKER}\n# Transfer package: 1 error introduced")
    assert comment["body"].endswith("[The whole record](https://forge.example/sponsor/package/actions/runs/42)\n")
    assert "PRM-BRX-PH" in comment["body"]
    assert len(comment["body"]) < 65_536
    assert forge.tokens == {"Bearer a-secret-token"}
    assert review().log.count("comment kept up to date") == 1
    assert ("PATCH", f"/repos/sponsor/package/issues/comments/{comment['id']}") not in forge.asked  # the same text
    pull.commit({PH: (pull.path / PH).read_text().replace("high: 7.30", "high: 7.10")})
    assert review().code == 0
    assert len(forge.comments) == 2
    assert forge.comments[0]["body"] == "Looks fine to me"
    assert "no new error" in forge.comments[1]["body"]


def test_what_others_wrote_is_never_changed_though_it_holds_the_marker(review: Reviewed, forge: Forge) -> None:
    forged = f"{MARKER}\n# Transfer package: no new error"
    forge.add(forged, MALLORY)
    forge.add(forged, OTHER_BOT)
    forge.add(f"Somebody said:\n{MARKER}", BOT)
    review()
    assert [item["body"] for item in forge.comments[:3]] == [forged, forged, f"Somebody said:\n{MARKER}"]
    assert len(forge.comments) == 4
    assert "1 error introduced" in forge.comments[3]["body"]


def test_the_comment_is_found_behind_many_others(review: Reviewed, forge: Forge) -> None:
    for number in range(230):
        forge.add(f"comment {number}", MALLORY)
    forge.add(f"{MARKER}\nold", BOT)
    review()
    assert len(forge.comments) == 231
    assert "1 error introduced" in forge.comments[230]["body"]
    assert [target.rpartition("=")[2] for method, target in forge.asked if method == "GET"] == ["1", "2", "3"]


def test_a_read_only_token_is_told_and_the_answer_stands(review: Reviewed, forge: Forge, pull: Repository) -> None:
    forge.refuses = 403
    done = review()
    assert done.code == 1
    assert "no comment: the forge answered 403 Forbidden (a pull request from a fork has a read-only token)" in done.log
    assert "no comment: the forge answered 403" in done.summary
    assert "# Transfer package: 1 error introduced" in done.summary
    pull.commit({PH: (pull.path / PH).read_text().replace("high: 7.30", "high: 7.05")})
    assert review().code == 0


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"TTPACK_TOKEN": ""}, "no comment: no token was given"),
        ({"GITHUB_API_URL": "http://api.example.org"}, "no comment: the API address is not https"),
        ({"GITHUB_API_URL": "http://127.0.0.1:9"}, "no comment: the forge could not be reached"),
    ],
)
def test_without_a_way_to_comment_it_is_said(review: Reviewed, more: dict[str, str], words: str) -> None:
    done = review(**more)
    assert done.code == 1
    assert words in done.summary


def test_the_token_follows_no_redirect(review: Reviewed, forge: Forge) -> None:
    with serving(Forge()) as elsewhere:
        forge.redirects_to = f"{elsewhere.address}/repos/sponsor/package/issues/7/comments"
        assert "no comment: the forge answered 302" in review().log
        assert elsewhere.asked == []


def test_annotations_stand_outside_of_what_authors_wrote(review: Reviewed) -> None:
    lines = review().log.splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith("::stop-commands::"))
    end = lines.index(f"::{lines[start].removeprefix('::stop-commands::')}::")
    commands = [line for line in lines[end + 1 :] if line.startswith("::")]
    assert commands
    assert all(re.match(r"::(error|warning) file=[^,:]+,line=\d+,col=\d+,title=", line) for line in commands)
    assert f"::error file={PH},line=" in commands[0]
    assert not [line for line in lines[start + 1 : end] if line.startswith("::")]


def test_nothing_to_tell_is_not_told(review: Reviewed, forge: Forge, pull: Repository) -> None:
    pull.commit({PH: (pull.path / PH).read_text().replace("high: 7.30", "high: 7.10"), "README.md": "words"})
    done = review()
    assert (done.code, forge.comments) == (0, [])
    assert "nothing to tell, so there is no comment" in done.log
    forge.add(f"{MARKER}\nold", BOT)
    review()
    assert "no new error" in forge.comments[0]["body"]


def test_the_merge_that_is_checked_out_says_what_the_base_is(review: Reviewed, forge: Forge, pull: Repository) -> None:
    """The event's base may be older than the branch that the pull request has taken over since."""
    pull.git("checkout", "--quiet", "main")
    pull.commit({"records/parameters/PRM-BRX-TEMP.yaml": None})
    pull.git("checkout", "--quiet", "topic")
    pull.git("merge", "--quiet", "--no-edit", "main")
    pull.git("checkout", "--quiet", "--detach", "main")
    pull.git("merge", "--quiet", "--no-ff", "--no-edit", "topic")
    review()
    changed = forge.comments[0]["body"].partition("## What changed")[2].partition("\n## ")[0]
    assert "PRM-BRX-PH" in changed
    assert "TEMP" not in changed


def test_a_shallow_clone_is_told_what_to_do(review: Reviewed, forge: Forge, pull: Repository, tmp_path: Path) -> None:
    clone = tmp_path / "shallow"
    pull.git("clone", "--quiet", "--depth=1", f"file://{pull.path}", str(clone))
    done = review(cwd=clone)
    assert done.code == 3
    assert "fetch-depth: 0" in done.log
    assert "fetch\\-depth: 0" in done.summary
    assert "could not be examined" in forge.comments[0]["body"]


def test_several_packages_in_folders_share_one_comment(review: Reviewed, forge: Forge, pull: Repository) -> None:
    for name in ("a one", "-b"):
        shutil.copytree(ROOT / "tests/packages/minimal", pull.path / name)
    pull.commit({})
    pull.git("tag", "-f", "base")
    pull.git("tag", "-f", "before")
    pull.commit({f"a one/{PH}": (pull.path / "a one" / PH).read_text().replace("high: 7.10", "high: 7.30")})
    done = review(TTPACK_PACKAGES="a one\n-b\nmissing\n")
    assert done.code == 3  # one of them is no package
    (comment,) = forge.comments
    assert comment["body"].startswith("<!-- ttpack:pull-request a%20one %2Db missing -->\n")
    assert "1 error introduced, 1 package could not be examined" in comment["body"]
    assert f"file=a one/{PH}," in done.log


def test_it_refuses_to_run_with_the_rights_of_the_base(review: Reviewed, forge: Forge) -> None:
    done = review(GITHUB_EVENT_NAME="pull_request_target")
    assert done.code == 1
    assert "never on pull_request_target" in done.log
    assert forge.asked == []


def test_nothing_of_the_checkout_is_run(review: Reviewed, pull: Repository) -> None:
    trap = "open('trapped', 'w')\n"
    pull.write(dict.fromkeys(("json.py", "ttpack.py", "click.py", "sitecustomize.py", "ttpack/__main__.py"), trap))
    assert review().code == 1
    assert not (pull.path / "trapped").exists()


def test_gitlab_has_one_note_kept_up_to_date(pull: Repository, tmp_path: Path) -> None:
    with serving(Forge(gitlab=True)) as forge:
        forge.add(f"{MARKER}\nnot ours", {"username": "mallory", "id": 77})
        env = {
            "CI_API_V4_URL": forge.address,
            "CI_MERGE_REQUEST_PROJECT_ID": "3",
            "CI_MERGE_REQUEST_IID": "7",
            "CI_MERGE_REQUEST_DIFF_BASE_SHA": pull.git("rev-parse", "base").strip(),
            "CI_COMMIT_SHA": pull.git("rev-parse", "topic").strip(),
            "CI_JOB_URL": "https://forge.example/-/jobs/5",
            "TTPACK_OUT": str(tmp_path / "out"),
            "TTPACK_TOKEN": "a-secret-token",
        }
        done = [started("gitlab", env, pull.path, tmp_path / "none") for _ in range(2)]
        assert [run.code for run in done] == [1, 1]
        assert "comment written" in done[0].log
        assert "comment kept up to date" in done[1].log
        assert len(forge.comments) == 2
        assert forge.comments[1]["author"] == ROBOT
        assert forge.comments[1]["body"].endswith("[The whole record](https://forge.example/-/jobs/5)\n")
        issues = json.loads((tmp_path / "out/code-quality.json").read_text())
        assert {"critical"} <= {issue["severity"] for issue in issues}
        assert all(issue["location"]["path"] for issue in issues)
        assert forge.tokens == {"a-secret-token"}


@pytest.mark.parametrize("folder", [".github/actions/ttpack", ".gitlab/ttpack"])
def test_a_new_package_takes_the_script_over(folder: str) -> None:
    """`python .ci/template.py` copies it there."""
    for copy in (ROOT / "package_template" / folder).iterdir():
        assert copy.read_bytes() == (SCRIPT.parent / copy.name).read_bytes()
    assert (ROOT / "package_template" / folder / "review.py").exists()


@pytest.mark.parametrize("folder", [".github", "package_template/.github"])
def test_no_expression_is_pasted_into_a_command(folder: str) -> None:
    for path in [*(ROOT / folder).rglob("*.yml")]:
        text = path.read_text()
        assert "pull_request_target:" not in text
        for command in re.findall(r"run: *(?:\|\n((?: {8,}.*\n)+)|(.*))", text):
            assert "${{" not in "".join(command), path
