"""Repositories made by an enemy: nothing of theirs runs, nothing outside is read, and every failure is one line."""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.conftest import Repository, Ttpack
from tests.hostile.payloads import MINIMAL, SECRET

RUNS_SOMETHING = (
    "core.fsmonitor", "core.pager", "core.sshCommand", "core.editor", "core.askPass", "core.gitProxy",
    "diff.external", "diff.x.textconv", "diff.x.command", "filter.x.clean", "filter.x.smudge", "filter.x.process",
    "merge.x.driver", "gpg.program", "uploadpack.packObjectsHook", "core.alternateRefsCommand", "credential.helper",
)  # fmt: skip
HOOKS = ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor-watchman", "pre-commit")
COMMANDS = (
    ("check",), ("check", "--rev", "HEAD", "--as-of", "2026-09-01"), ("check", "--since", "HEAD"), ("diff",),
    ("impact",), ("impact", "--from", "HEAD", "--to", "HEAD"),
)  # fmt: skip
NO_REVISIONS = (
    "-x", "--output=ttpwn", "--upload-pack=touch ttpwn", "", " ", "a\nb", "\x1b[31m", "HEAD~99", "^HEAD", "a..b", ":/x",
    "HEAD:ttpack.yaml", "HEAD^{tree}", "@{-1}", "HEAD --", "a" * 50_000,
)  # fmt: skip


@pytest.fixture
def package(make_repository: Callable[..., Repository]) -> Repository:
    repository = make_repository("package")
    shutil.copytree(MINIMAL, repository.path, dirs_exist_ok=True)
    repository.commit({})
    return repository


def test_no_program_of_the_repository_runs(package: Repository, ttpack: Ttpack, tmp_path: Path) -> None:
    canary, program = tmp_path / "canary", tmp_path / "program"
    program.write_text(f'#!/bin/sh\necho "$0" >> {canary}\n')
    program.chmod(0o755)
    git = package.path / ".git"
    (git / "evil").mkdir()
    for hook in HOOKS:
        for folder in ("evil", "hooks"):
            (git / folder).mkdir(exist_ok=True)
            shutil.copy(program, git / folder / hook)
    (git / "included").write_text(f'[core]\n fsmonitor = {program}\n[filter "y"]\n clean = {program}\n')
    attributes = "*.yaml filter=x diff=x merge=x\nrecords/risks.yaml filter=y\n"
    (git / "info").mkdir(exist_ok=True)
    (git / "info" / "attributes").write_text(attributes)
    package.write({".gitattributes": attributes})
    for name in RUNS_SOMETHING:
        package.git("config", name, str(program))
    for command in ("ls-files", "cat-file", "rev-parse", "ls-tree", "merge-base", "config"):
        package.git("config", f"alias.{command}", f"!{program}")
    package.git("config", "core.hooksPath", str(git / "evil"))
    package.git("config", "filter.x.required", "true")
    package.git("config", "remote.origin.url", f"ext::{program}")
    package.git("config", "remote.origin.promisor", "true")
    package.git("config", "extensions.partialClone", "origin")
    package.git("config", "protocol.ext.allow", "always")
    package.git("config", "include.path", str(git / "included"))
    canary.unlink(missing_ok=True)
    for path in (package.path / "records").rglob("*.yaml"):
        os.utime(path, (1, 1))  # as if changed, so that git would look at the content

    for arguments in COMMANDS:
        result = ttpack(arguments[0], package.path, *arguments[1:])
        assert (result.code, result.stderr) == (0, ""), arguments
        assert not canary.exists(), arguments


@pytest.mark.parametrize("name", NO_REVISIONS, ids=range(len(NO_REVISIONS)))
def test_what_is_no_revision_is_one_short_line(package: Repository, ttpack: Ttpack, name: str) -> None:
    result = ttpack("check", package.path, f"--rev={name}")
    assert (result.code, result.stdout) == (3, "")
    assert result.stderr.startswith("ttpack: ")
    assert result.stderr.count("\n") == 1
    assert result.stderr.strip().isprintable()
    assert len(result.stderr) < 1000
    assert not list(package.path.rglob("ttpwn"))


def test_links_submodules_and_pointers_of_a_revision_are_findings(
    package: Repository, make_repository: Callable[..., Repository], ttpack: Ttpack, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.yaml").write_text(f"kind: term\nid: GLO-X\nterm: {SECRET}\n")
    records = package.path / "records"
    (records / "file.yaml").symlink_to(outside / "secret.yaml")
    (records / "folder").symlink_to(outside)
    (records / "missing.yaml").symlink_to("nowhere")
    (records / "round.yaml").symlink_to("round.yaml")
    make_repository("package/records/inner").commit({"a.yaml": "kind: term\n"})
    package.commit({"records/lfs.csv": "version https://git-lfs.github.com/spec/v1\n"})
    expected = {(f"records/{name}", "SRC-10") for name in ("file.yaml", "folder", "missing.yaml", "round.yaml")}
    expected |= {("records/inner", "SRC-18")}

    for revision in ((), ("--rev", "HEAD")):
        result = ttpack("check", package.path, *revision, "--format", "json", "--as-of", "2026-11-01")
        findings = result.json["findings"]
        assert {(one["path"], one["code"]) for one in findings} == expected, revision
        assert len(findings) == len(expected)
        assert SECRET not in result.stdout


@pytest.mark.parametrize("linked", ["records", "ttpack.yaml"])
def test_a_linked_folder_or_package_record_is_one_finding(ttpack: Ttpack, tmp_path: Path, linked: str) -> None:
    folder = tmp_path / "package"
    shutil.copytree(MINIMAL, folder)
    (folder / linked).rename(tmp_path / "elsewhere")
    (folder / linked).symlink_to(tmp_path / "elsewhere")
    (finding,) = ttpack("check", folder, "--format", "json").json["findings"]
    assert (finding["path"], finding["code"]) == (linked, "SRC-10")


def test_where_there_is_no_revision_no_package_no_history(
    package: Repository, make_repository: Callable[..., Repository], ttpack: Ttpack, tmp_path: Path
) -> None:
    unborn = make_repository("unborn").path
    shutil.copytree(MINIMAL, unborn, dirs_exist_ok=True)
    package.git("clone", "--quiet", "--bare", str(package.path), str(tmp_path / "bare"))
    package.commit({"x.txt": "1"})
    package.git("clone", "--quiet", "--depth", "1", f"file://{package.path}", str(tmp_path / "shallow"))
    package.git("checkout", "--quiet", "--orphan", "other")
    package.commit({"x.txt": "2"})
    for path, arguments, words in (
        (unborn, ("check", "--rev", "HEAD", "--as-of", "2026-09-01"), "no revision"),
        (unborn, ("diff",), "no revision"),
        (tmp_path / "bare", ("check",), "bare repository"),
        (tmp_path / "shallow", ("check", "--since", "HEAD~1"), "fetch-depth: 0"),
        (package.path, ("check", "--since", "main"), "no common ancestor"),
        (tmp_path, ("check",), "no ttpack.yaml"),
        (tmp_path / "nowhere", ("check",), "does not exist"),
    ):
        result = ttpack(arguments[0], path, *arguments[1:])
        assert (result.code, result.stdout) == (3, ""), (path, result.stderr)
        assert words in result.stderr
        assert result.stderr.count("\n") == 1


def test_gits_environment_of_the_caller_changes_nothing(package: Repository, ttpack: Ttpack, tmp_path: Path) -> None:
    trace = tmp_path / "trace"
    enemy = {
        "GIT_DIR": "/nowhere", "GIT_WORK_TREE": "/etc", "GIT_INDEX_FILE": "/nowhere", "GIT_NAMESPACE": "x",
        "GIT_OBJECT_DIRECTORY": "/nowhere",
        "GIT_CEILING_DIRECTORIES": str(package.path.parent), "GIT_EXTERNAL_DIFF": "false", "GIT_TRACE": str(trace),
        "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "core.worktree", "GIT_CONFIG_VALUE_0": "/etc",
    }  # fmt: skip
    for arguments in (("check", "--rev", "HEAD", "--as-of", "2026-09-01"), ("check",)):
        assert ttpack(arguments[0], package.path, *arguments[1:], env=enemy).code == 0
    assert not trace.exists()
