"""git merges record files with ttpack: in real repositories, next to what git alone makes of the same two sides."""

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from tests.conftest import Repository, clean_environment
from tests.merge_cases import GIT_CONFLICTS, PARAMETER, TRUE_CONFLICTS, edited

from ttpack.publish.merge_settings import DRIVER

MANIFEST = 'kind: package\nid: PKG-T\ntitle: Test\nschema_version: "1"\n'
ATTRIBUTES = "records/** merge=ttpack\n"
PATH = "records/a.yaml"
Files = Mapping[str, str | bytes | None]


class Two:
    """A repository with one ancestor and two sides, merged by git alone and then with the driver."""

    def __init__(self, repository: Repository, program: Path) -> None:
        self.repository = repository
        self.environment = clean_environment() | {
            "PATH": f"{program}{os.pathsep}{os.environ['PATH']}",
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }

    def branches(self, base: Files, ours: Files, theirs: Files) -> None:
        self.repository.commit({"ttpack.yaml": MANIFEST, **base}, tag="base")
        self.repository.git("checkout", "-q", "-b", "theirs")
        self.repository.commit(theirs)
        self.repository.git("checkout", "-q", "main")
        self.repository.commit(ours)

    def merged(self, *, driver: bool) -> tuple[int, str, str]:
        """Exit code, the file, and what was said, of one merge that leaves the branches as they were."""
        self.repository.git("reset", "-q", "--hard", "main")
        (self.repository.path / ".git/info/attributes").write_text(ATTRIBUTES if driver else "", encoding="utf-8")
        done = subprocess.run(
            ["git", "-c", "user.name=A", "-c", "user.email=a@b.c", "merge", "-q", "--no-commit", "theirs"],
            cwd=self.repository.path, env=self.environment, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip
        file = self.repository.path / PATH
        text = file.read_bytes().decode("utf-8", "replace") if file.exists() else ""
        return done.returncode, text, done.stdout + done.stderr


Make = Callable[..., Two]


@pytest.fixture
def two(make_repository: Callable[..., Repository], tmp_path: Path) -> Make:
    """Make the branches of one file (or of several): `two(base, ours, theirs)`."""
    program = tmp_path / "bin"
    program.mkdir()
    (program / "ttpack").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ttpack "$@"\n', encoding="utf-8")
    (program / "ttpack").chmod(0o755)

    def make(base: str | bytes | Files, ours: str | bytes | Files, theirs: str | bytes | Files) -> Two:
        files = [{PATH: side} if isinstance(side, str | bytes) else side for side in (base, ours, theirs)]
        pair = Two(make_repository(), program)
        pair.branches(*files)
        pair.repository.git("config", "merge.ttpack.driver", DRIVER)
        return pair

    return make


@pytest.mark.parametrize("case", GIT_CONFLICTS)
def test_what_git_alone_cannot_merge_is_merged_with_comments_and_untouched_text(two: Make, case: str):
    base, ours, theirs, wanted = GIT_CONFLICTS[case]
    pair = two(base, ours, theirs)

    assert pair.merged(driver=False)[0] == 1
    code, text, said = pair.merged(driver=True)

    assert (code, text) == (0, wanted), said


@pytest.mark.parametrize("case", ["one field, two values", "the two ends of a range", "deleted and edited"])
def test_a_true_conflict_stays_one_for_git_too(two: Make, case: str):
    mine, yours, reason = TRUE_CONFLICTS[case]
    pair = two(PARAMETER, edited(PARAMETER, mine), edited(PARAMETER, yours))

    code, text, said = pair.merged(driver=True)

    assert code == 1
    assert f"ttpack merge-driver: {PATH}: " in said
    assert reason in said
    assert "<<<<<<< ours\n" in text
    assert pair.repository.git("diff", "--name-only", "--diff-filter=U") == PATH


def test_a_text_conflict_of_a_side_that_cannot_be_read_keeps_gits_markers(two: Make):
    broken = edited(PARAMETER, ("title: Culture pH", "title: ["))

    code, text, _ = two(PARAMETER, edited(PARAMETER, ("title: Culture pH", "title: pH")), broken).merged(driver=True)

    assert code == 1
    assert "<<<<<<< ours\ntitle: pH\n=======\ntitle: [\n>>>>>>> theirs\n" in text


@pytest.mark.parametrize("name", ["records/--install", "records/a b'\"$(touch pwned);.yaml"])
def test_odd_file_names_do_no_harm(two: Make, name: str):
    base, ours, theirs, wanted = GIT_CONFLICTS["both add a reference to one list"]
    pair = two({name: base}, {name: ours}, {name: theirs})

    code, _, said = pair.merged(driver=True)

    assert code == 0, said
    assert (pair.repository.path / name).read_text(encoding="utf-8") == wanted
    assert not (pair.repository.path / "pwned").exists()


def test_a_path_that_looks_like_an_option_is_a_path(ttpack, tmp_path: Path):
    for name in "oab":
        (tmp_path / name).write_text(PARAMETER, encoding="utf-8")

    assert ttpack("merge-driver", "o", "a", "b", "--install").code == 0
    assert ttpack("merge-driver", "o", "a", "b", "-x.yaml").code == 0
    assert (tmp_path / "a").read_text(encoding="utf-8") == PARAMETER


def test_a_person_who_runs_it_by_hand_is_told_what_it_is_for(ttpack, tmp_path: Path):
    assert ttpack("merge-driver").code == 2
    assert "--install" in ttpack("merge-driver", "a").stderr
    assert ttpack("merge-driver", "--install").stderr == "ttpack: this folder is in no git repository\n"
    assert ttpack("merge-driver", "no", "such", "file", "x.yaml").code == 3


def test_without_ttpack_on_the_path_git_merges_the_text(two: Make):
    base, ours, theirs, _ = GIT_CONFLICTS["both add a reference to one list"]
    pair = two(base, ours, theirs)
    pair.environment["PATH"] = os.pathsep.join(
        folder for folder in os.environ["PATH"].split(os.pathsep) if not Path(folder, "ttpack").exists()
    )

    code, text, _ = pair.merged(driver=True)

    assert code == 1
    assert "<<<<<<< ours\ninteractions: [PRM-BRX-TEMP, PRM-BRX-DO]\n" in text


def test_a_clone_is_told_what_its_attributes_lack(ttpack, repository: Repository):
    repository.commit({"ttpack.yaml": MANIFEST, "records/a.yaml": PARAMETER})

    bare = ttpack("merge-driver", "--install", cwd=repository.path)
    repository.write({".gitattributes": "records/** merge=ttpack\nttpack.yaml merge=ttpack\n"})
    full = ttpack("merge-driver", "--install", cwd=repository.path / "records")

    assert "records/**/*.yaml merge=ttpack\n" in bare.stdout
    assert full.stdout == f"git merges record files with ttpack in {repository.path}\n"
    assert repository.git("config", "merge.ttpack.driver").count("ttpack merge-driver %O %A %B %P") == 1


def test_a_new_package_merges_its_records_with_ttpack(ttpack, tmp_path: Path):
    assert ttpack("init", "new").code == 0
    new = Repository(tmp_path / "new")

    assert "ttpack merge-driver %O %A %B %P" in new.git("config", "merge.ttpack.driver")
    asked = ("ttpack.yaml", "records/terms/terms.yaml", "records/a.md", "records/flow.png", "README.md")
    answers = new.git("check-attr", "merge", "--", *asked).splitlines()
    assert [line.rsplit(" ", 1)[1] for line in answers] == ["ttpack"] * 3 + ["unset", "unspecified"]
