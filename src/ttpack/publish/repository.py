"""Making a git repository of a package: the demo's history, or the first commit of a new package."""

import os
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from ttpack.errors import UnreadableError, UsageError

_QUIET = (
    "-c", "core.autocrlf=false", "-c", "commit.gpgSign=false", "-c", "tag.gpgSign=false",
    "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit to make: files by path, paths to remove, who, when (seconds since 1970, UTC), and a tag if any.

    `complete` adds what is made from the files once they are written, as their author would have a command do it.
    """

    files: dict[str, bytes]
    message: str
    author: str
    email: str
    seconds: int
    removed: tuple[str, ...] = ()
    tag: str = ""
    complete: Callable[[Path], object] | None = None


def empty_folder(folder: Path) -> None:
    """Make `folder` unless it is there and empty. Raises UsageError where it holds something, else UnreadableError."""
    try:
        if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
            raise UsageError(f"{folder} is not empty: name a new or empty folder")
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnreadableError(f"{error.filename or folder}: {error.strerror}") from error


def make_repository(folder: Path, commits: Iterable[Commit]) -> None:
    """A repository in an empty folder with these commits on `main`; the same commits give the same hashes.

    Raises UsageError for a folder that holds something, UnreadableError where git or the system refuses.
    """
    if shutil.which("git") is None:
        raise UnreadableError("git is not installed")
    empty_folder(folder)
    _git(folder, "init", "-q", "--template=", "--initial-branch=main")
    for commit in commits:
        _write(folder, commit.files, commit.removed)
        if commit.complete is not None:
            commit.complete(folder)
        _git(folder, "add", "-A", "--", ".")
        _git(folder, "commit", "-q", "--no-verify", "--allow-empty", "-m", commit.message, commit=commit)
        if commit.tag:
            _git(folder, "tag", "-a", "-m", commit.message.splitlines()[0], commit.tag, commit=commit)


def start_repository(folder: Path, files: dict[str, bytes], message: str) -> bool:
    """A repository with these files in an empty folder, committed by the person whom git knows.

    Returns False, with everything staged, where git does not know who commits. Raises as `make_repository` does.
    """
    if shutil.which("git") is None:
        raise UnreadableError("git is not installed")
    empty_folder(folder)
    _git(folder, "init", "-q", "--template=", "--initial-branch=main")
    _write(folder, files)
    _git(folder, "add", "-A", "--", ".")
    try:
        _git(folder, "commit", "-q", "--no-verify", "-m", message)
    except UnreadableError:
        return False
    return True


def _write(folder: Path, files: dict[str, bytes], removed: Iterable[str] = ()) -> None:
    try:
        for path in removed:
            (folder / path).unlink(missing_ok=True)
        for path, content in sorted(files.items()):
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
    except OSError as error:
        raise UnreadableError(f"{error.filename}: {error.strerror}") from error


def _git(folder: Path, *arguments: str, commit: Commit | None = None) -> None:
    from git import Git
    from git.exc import CommandError

    folder = folder.resolve()
    # GitPython hands down the caller's environment; these keep a hook's GIT_DIR and the like from leading elsewhere
    environment = {
        "GIT_DIR": str(folder / ".git"),
        "GIT_WORK_TREE": str(folder),
        "GIT_TERMINAL_PROMPT": "0",
        "LC_ALL": "C",
    }
    environment |= {
        "GIT_INDEX_FILE": str(folder / ".git" / "index"),
        "GIT_OBJECT_DIRECTORY": str(folder / ".git" / "objects"),
    }
    if commit is not None:
        # the demo's history is the same for everyone, whatever their own git is set to
        date = f"@{commit.seconds} +0000"
        environment |= {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
        for who in ("AUTHOR", "COMMITTER"):
            environment |= {f"GIT_{who}_NAME": commit.author, f"GIT_{who}_EMAIL": commit.email, f"GIT_{who}_DATE": date}
    try:
        Git(folder).execute(["git", *_QUIET, *arguments], env=environment)
    except CommandError as error:
        said = str(error.stderr).strip().strip("'").removeprefix("stderr: '").splitlines()
        raise UnreadableError(f"git {arguments[0]} failed: {said[0] if said else error.status}") from error
