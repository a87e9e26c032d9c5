"""The real command in a process of its own, and real git repositories with fixed dates."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from ttpack.model import json_text

ROOT = Path(__file__).parent.parent

# what a property says holds at any speed of the machine
settings.register_profile("any speed", deadline=None)
settings.load_profile("any speed")


@dataclass(frozen=True)
class Result:
    """What a run of the command left behind."""

    code: int
    stdout: str
    stderr: str

    @property
    def json(self) -> Any:
        """The standard output read as JSON, with exact numbers."""
        return json_text.loads(self.stdout)


@dataclass(frozen=True)
class Repository:
    """A real git repository; each commit is one day after the one before."""

    path: Path

    def git(self, *arguments: str, day: int = 1) -> str:
        """Run git as a fixed author at noon of that day of January 2026 and return what it prints."""
        date = f"2026-01-{day:02}T12:00:00Z"
        env = clean_environment() | {
            "GIT_AUTHOR_DATE": date,
            "GIT_COMMITTER_DATE": date,
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }
        identity = ("-c", "user.name=Ada Author", "-c", "user.email=ada@example.org")
        command = ["git", *identity, *arguments]
        return subprocess.run(
            command, cwd=self.path, env=env, check=True, capture_output=True, text=True
        ).stdout.strip()

    def write(self, files: Mapping[str, str | bytes | None]) -> None:
        """Write files by their path; None deletes."""
        for name, content in files.items():
            path = self.path / name
            if content is None:
                path.unlink()
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def commit(self, files: Mapping[str, str | bytes | None], *, tag: str = "") -> str:
        """Write the files, commit everything, tag it if asked, and return the commit's hash."""
        self.write(files)
        count = self.git("rev-list", "--all", "--count")
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", f"change {count}", day=int(count) + 1)
        if tag:
            self.git("tag", tag)
        return self.git("rev-parse", "HEAD")


def clean_environment() -> dict[str, str]:
    """The environment without what changes how ttpack or git behave."""
    unwanted = ("GIT_", "TTPACK_", "NO_COLOR", "FORCE_COLOR", "SOURCE_DATE_EPOCH", "PYTHONWARNINGS", "COLUMNS")
    return {name: value for name, value in os.environ.items() if not name.startswith(unwanted)}


Ttpack = Callable[..., Result]


@pytest.fixture
def ttpack(tmp_path: Path) -> Ttpack:
    """Run the real command: `ttpack("check", "--format", "json", cwd=folder, env={...})`."""

    def run(*arguments: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Result:
        command = [sys.executable, "-m", "ttpack", *map(str, arguments)]
        done = subprocess.run(
            command,
            cwd=cwd or tmp_path,
            env=clean_environment() | dict(env or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            encoding="utf-8",
            timeout=300,
            check=False,
        )
        return Result(done.returncode, done.stdout, done.stderr)

    return run


def run(*arguments: str | Path) -> Result:
    command = [sys.executable, "-m", "ttpack", *map(str, arguments)]
    done = subprocess.run(command, env=clean_environment(), capture_output=True, encoding="utf-8", check=False)
    return Result(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """One for all processes that test together: who comes first makes it, the others wait for what it said."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, said = shared / "demo" / "amab", shared / "demo-said.json"
    try:
        folder.parent.mkdir()
    except FileExistsError:
        while not said.exists():
            time.sleep(0.2)
    else:
        done, draft = run("demo", folder), said.with_suffix(".draft")
        draft.write_text(json.dumps([done.code, done.stdout, done.stderr]), encoding="utf-8")
        draft.replace(said)
    return folder, Result(*json.loads(said.read_text(encoding="utf-8")))


@pytest.fixture
def make_repository(tmp_path: Path) -> Callable[..., Repository]:
    """Make an empty git repository on branch main: `make_repository("name")`."""

    def make(name: str = "repository") -> Repository:
        path = tmp_path / name
        path.mkdir(parents=True)
        repository = Repository(path)
        repository.git("init", "--quiet", "--initial-branch", "main")
        return repository

    return make


@pytest.fixture
def repository(make_repository: Callable[..., Repository]) -> Repository:
    """An empty git repository."""
    return make_repository()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long comes first, so that no process is left alone with it at the end."""
    slow = ("tests/test_wheel.py", "tests/hostile/", "tests/cli/", "tests/publish/")

    def rank(item: pytest.Item) -> int:
        return next((place for place, name in enumerate(slow) if item.nodeid.startswith(name)), len(slow))

    items.sort(key=rank)


@dataclass(frozen=True)
class ReleasedPackage:
    """The minimal package in a repository of its own, and the folder of its release rev-A: internal and partner."""

    repository: Path
    public: Path

    @property
    def edition(self) -> Path:
        """The folder of the smaller edition."""
        return self.public / "rev-A" / "partner-ORG-CDMO"


@pytest.fixture(scope="session")
def released_package(tmp_path_factory: pytest.TempPathFactory) -> ReleasedPackage:
    """A small release, made by the real command once; whoever changes it copies it first."""
    folder = tmp_path_factory.mktemp("released")
    repository = folder / "repository"
    shutil.copytree(ROOT / "tests" / "packages" / "minimal", repository)
    # the package states decisions up to August 2026, and nothing of the future is released
    committed = {"GIT_AUTHOR_DATE": "2026-09-01T00:30:00+02:00", "GIT_COMMITTER_DATE": "2026-09-01T00:30:00+02:00"}
    identity = ("-c", "user.name=Ada Author", "-c", "user.email=ada@example.org")
    for step in (
        ["init", "--quiet", "--initial-branch", "main"],
        ["add", "--all"],
        ["commit", "--quiet", "--message", "first"],
        ["tag", "rev-A"],
    ):
        subprocess.run(["git", *identity, *step], cwd=repository, env=clean_environment() | committed, check=True)
    command = [sys.executable, "-m", "ttpack", "release", "--tag", "rev-A", "--out", str(folder / "public")]
    subprocess.run(command, cwd=repository, env=clean_environment(), check=True, capture_output=True, timeout=300)
    return ReleasedPackage(repository, folder / "public")
