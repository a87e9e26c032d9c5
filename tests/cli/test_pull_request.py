"""What a pull request is told, through the real commands on real commits."""

import json
import re
import shutil

import pytest
from tests.conftest import ROOT, Repository, Ttpack

from ttpack.cli.pull_request import marker

PH = "records/parameters/PRM-BRX-PH.yaml"
TEMPERATURE = "records/parameters/PRM-BRX-TEMP.yaml"


@pytest.fixture
def diverged(repository: Repository) -> Repository:
    """A package whose main branch moved on while `topic` changed something else; `topic` is checked out."""
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path, dirs_exist_ok=True)
    repository.commit({}, tag="base")
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({PH: edited(repository, PH, "high: 7.10", "high: 7.30")})
    repository.git("checkout", "--quiet", "main")
    repository.commit({TEMPERATURE: edited(repository, TEMPERATURE, "setpoint: 35.0", "setpoint: 35.5")})
    repository.git("checkout", "--quiet", "topic")
    return repository


def edited(repository: Repository, file: str, old: str, new: str) -> str:
    text = (repository.path / file).read_text()
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize("command", ["impact", "diff"])
def test_since_compares_with_where_the_change_branched_off(ttpack: Ttpack, diverged: Repository, command: str) -> None:
    base, topic = (diverged.git("rev-parse", name).strip() for name in ("base", "topic"))
    answer = ttpack(command, "--since", "main", "--to", "topic", "--format", "json", cwd=diverged.path).json
    assert (answer["from"]["commit"], answer["to"]["commit"]) == (base, topic)
    assert {item["record"] for item in answer["changes"]} == {"PRM-BRX-PH"}
    exact = ttpack(command, "--from", "main", "--to", "topic", "--format", "json", cwd=diverged.path).json
    assert {item["record"] for item in exact["changes"]} == {"PRM-BRX-PH", "PRM-BRX-TEMP"}
    text = ttpack(command, "--since", "main", "--to", "topic", cwd=diverged.path).stdout
    assert base[:12] in text
    assert topic[:12] in text
    assert ttpack(command, "--since", "main", "--from", "main", cwd=diverged.path).code == 2


def told(ttpack: Ttpack, repository: Repository, *more: str, code: int = 1) -> dict[str, str]:
    """The files that `ttpack pull-request` writes about `topic`."""
    out = repository.path.parent / "told"
    done = ttpack("pull-request", "--to", "topic", "--out", out, *(more or ("--since", "main")), cwd=repository.path)
    assert done.code == code, done.stderr
    return {path.relative_to(out).as_posix(): path.read_text() for path in sorted(out.rglob("*")) if path.is_file()}


def test_everything_that_a_forge_shows_is_written(ttpack: Ttpack, diverged: Repository) -> None:
    base, topic = (diverged.git("rev-parse", name).strip() for name in ("base", "topic"))
    files = told(ttpack, diverged, "--since", "main", "--link", "https://forge.example/runs/1?a=b&c=%20")
    assert sorted(files) == [
        "annotations.txt",
        "check/1.json",
        "code-quality.json",
        "comment.md",
        "impact/1.json",
        "impact/1.md",
        "junit/1.xml",
        "outcome.json",
        "sarif/1.sarif",
        "summary.md",
    ]
    for name in ("comment.md", "summary.md"):
        assert base[:12] in files[name]
        assert topic[:12] in files[name]
        assert "PRM\\-06" in files[name]
    assert files["comment.md"].startswith("<!-- ttpack:pull-request . -->\n# Transfer package: 1 error introduced\n")
    assert files["comment.md"].endswith("\n[The whole record](https://forge.example/runs/1?a=b&c=%20)\n")
    assert "<details>" not in files["impact/1.md"]
    assert "ttpack:pull-request" not in files["summary.md"]
    assert files["annotations.txt"].startswith(f"::error file={PH},line=")
    outcome = json.loads(files["outcome.json"])
    assert outcome["packages"] == [{"path": ".", "base": base, "head": topic, "errors_introduced": 1, "failure": None}]
    assert files == told(ttpack, diverged, "--since", "main", "--link", "https://forge.example/runs/1?a=b&c=%20")


def test_what_others_did_meanwhile_is_not_told(ttpack: Ttpack, diverged: Repository) -> None:
    files = told(ttpack, diverged)
    changes = json.loads(files["impact/1.json"])["changes"]
    assert {item["record"] for item in changes} == {"PRM-BRX-PH"}


def test_a_new_package_has_no_base(ttpack: Ttpack, repository: Repository) -> None:
    repository.commit({"README.md": "words"}, tag="base")
    repository.git("checkout", "--quiet", "-b", "topic")
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path / "package")
    broken = edited(repository, f"package/{PH}", "setpoint: 6.85", "setpoint: 9.85")
    repository.commit({f"package/{PH}": broken})
    files = told(ttpack, repository, "--since", "base", "package")
    assert "A base without this package compared with" in files["comment.md"]
    assert "PRM\\-" in files["comment.md"]
    assert f"file=package/{PH}," in files["annotations.txt"]
    assert "impact/1.json" not in files


def test_what_cannot_be_read_is_said_where_the_others_are_told(ttpack: Ttpack, diverged: Repository) -> None:
    files = told(ttpack, diverged, "--since", "nowhere", code=3)
    assert "could not be examined" in files["comment.md"]
    assert "no revision 'nowhere'" in files["summary.md"]
    assert json.loads(files["outcome.json"])["worth_a_comment"] is True


def test_a_comment_on_a_great_change_is_within_what_forges_take(ttpack: Ttpack, diverged: Repository) -> None:
    words = "words " * 20
    terms = "".join(
        f"- {{kind: term, id: TRM-{n:04}, title: Term {n} @everyone <b>, status: approved, definition: {words}}}\n"
        for n in range(1500)
    )
    diverged.commit({"records/many.yaml": terms})
    files = told(ttpack, diverged)
    assert 40_000 < len(files["comment.md"].encode()) <= 60_000
    assert re.search(r"\*\*\d+ more\*\*, not shown here", files["comment.md"])
    assert files["comment.md"].count("<details>") == files["comment.md"].count("</details>")
    assert len(files["summary.md"].encode()) <= 1_000_000
    assert "@everyone" not in files["comment.md"]
    assert len(files["annotations.txt"].splitlines()) <= 10


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--since", "main", "--link", "javascript:alert(1)"), "is no plain address"),
        (("--since", "main", "--link", "https://e.org/) [x](y"), "is no plain address"),
        ((), "Missing option '--since'"),
    ],
)
def test_wrong_usage(ttpack: Ttpack, diverged: Repository, arguments: tuple[str, ...], words: str) -> None:
    done = ttpack("pull-request", "--out", "out", *arguments, cwd=diverged.path)
    assert done.code == 2
    assert words in done.stderr
    assert not (diverged.path / "out").exists()


def test_a_folder_cannot_end_the_marker() -> None:
    assert marker((".",)) == "<!-- ttpack:pull-request . -->"
    assert marker(("a--> [x](y)", "b c")) == "<!-- ttpack:pull-request a%2D%2D%3E%20%5Bx%5D%28y%29 b%20c -->"
    long = marker(tuple(f"package{number}" for number in range(99)))
    assert len(long) < 120
    assert long != marker(tuple(f"package{number}" for number in range(98)))


def test_code_quality_is_what_gitlab_compares(ttpack: Ttpack, diverged: Repository) -> None:
    def issues() -> dict[str, tuple[str, int]]:
        done = ttpack("check", "--format", "code-quality", "--as-of", "2026-06-01", cwd=diverged.path)
        return {one["fingerprint"]: (one["check_name"], one["location"]["lines"]["begin"]) for one in done.json}

    before = issues()
    text = (diverged.path / PH).read_text()
    diverged.write({PH: f"# a line more\n{text}"})
    after = issues()
    assert before.keys() == after.keys()
    moved = [code for key, (code, line) in before.items() if after[key] == (code, line + 1)]
    assert "PRM-06" in moved
