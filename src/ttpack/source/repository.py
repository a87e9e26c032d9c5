"""All of git: plumbing commands on one repository, with nothing of the caller's git environment and no hooks."""

import datetime
import os
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from ttpack.errors import RevisionError, UnreadableError

_SETTINGS = {
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_ALLOW_PROTOCOL": "none",
    "LC_ALL": "C",
    "LANGUAGE": "C",
}
_FILTER_SETTINGS = {"clean": "", "smudge": "", "process": "", "required": "false"}
_COMMAND = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
_LONGEST_NAME = 250
_MERGE_FAILED = 128  # from here on `git merge-file` means that it could not merge, not how many conflicts there are
_BATCH = 400
"""Names sent to `cat-file --batch` before its answers are read: few enough for any pipe to hold, so nothing blocks."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit by its full hash, with the committer's date."""

    hash: str
    committed: datetime.datetime


@dataclass(frozen=True, slots=True)
class Blob:
    """The answer of `cat-file` for one name; `data` is None for an object larger than asked for."""

    hash: str
    kind: str
    size: int
    data: bytes | None


class Repository:
    """A git repository with a working tree, found from a folder inside it.

    GitPython is not used for this: it reads GIT_DIR, GIT_WORK_TREE and the like of whoever calls it, for example of a
    hook, and its import costs more than every command that an unchanged check needs.
    """

    def __init__(self, top: str, git_dir: str, object_format: str) -> None:
        self.top = top
        self.git_dir = git_dir
        self.object_format = object_format

    @property
    def shallow(self) -> bool:
        """Whether history was cut off when the repository was cloned."""
        return Path(self.git_dir, "shallow").exists()

    @cached_property
    def no_filters(self) -> dict[str, str]:
        """Settings of a command that compares files on disk with the index.

        Git would run the repository's own filters on them, which are programs of whoever wrote its configuration.
        """
        names = ("config", "--null", "--name-only", "--get-regexp", rf"^filter\..*\.({'|'.join(_FILTER_SETTINGS)})$")
        _, output, _ = _git(self.top, *names)
        filters = sorted({key.rpartition(".")[0] for key in os.fsdecode(output).split("\0") if key})
        keys = [(f"{name}.{setting}", value) for name in filters for setting, value in _FILTER_SETTINGS.items()]
        settings = {"GIT_CONFIG_COUNT": str(len(keys))}
        for number, (key, value) in enumerate(keys):
            settings |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
        return settings

    def run(self, *arguments: str, folder: str | None = None, settings: Mapping[str, str] | None = None) -> bytes:
        """Standard output of a git command. Raises UnreadableError with git's words when it fails."""
        code, output, error = _git(folder or self.top, *arguments, settings=settings)
        if code:
            raise UnreadableError(f"git {arguments[0]} failed: {_first_line(error)}")
        return output

    def resolve(self, name: str) -> Commit:
        """The commit that a revision's name stands for.

        Raises RevisionError for a name that is unknown, begins with a hyphen or holds control characters.
        """
        if not name or name.startswith(("-", "^")) or not name.isprintable() or len(name) > _LONGEST_NAME:
            raise RevisionError(f"{name[:_LONGEST_NAME]!r} is not the name of a revision")
        verify = ("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
        code, output, _ = _git(self.top, *verify)
        if code:
            cut = "; this is a shallow clone: fetch all history first (fetch-depth: 0)" if self.shallow else ""
            none = "" if self.head() else ": it has no commit yet"
            raise RevisionError(f"no revision {name!r} in {self.top}{cut or none}")
        commit = self._commit(output.decode().strip())
        if commit is None:
            raise RevisionError(f"the commit of {name!r} is not in this repository; fetch all history (fetch-depth: 0)")
        return commit

    def head(self) -> Commit | None:
        """The commit that is checked out, or None before the first one."""
        return self._commit("HEAD")

    def _commit(self, name: str) -> Commit | None:
        for blob in self.cat([name], limit=1_000_000):
            if blob is not None and blob.kind == "commit" and blob.data is not None:
                return Commit(blob.hash, _committed(blob.data))
        return None

    def cat(self, names: Iterable[str], limit: int) -> Iterator[Blob | None]:
        """Objects in the order of their names, None for a missing one; those over `limit` bytes without their data."""
        waiting = list(names)
        while waiting:
            done = 0
            for blob in self._cat_until_large(waiting, limit):
                done += 1
                yield blob
            waiting = waiting[done:]

    def _cat_until_large(self, names: list[str], limit: int) -> Iterator[Blob | None]:
        """As `cat`, but ends after an object over the limit: its content is not waited for."""
        with _start(self.top, "cat-file", "--batch") as process:
            assert process.stdin is not None  # noqa: S101  Popen was asked for pipes
            assert process.stdout is not None  # noqa: S101
            try:
                for first in range(0, len(names), _BATCH):
                    batch = names[first : first + _BATCH]
                    process.stdin.write("".join(f"{name}\n" for name in batch).encode())
                    process.stdin.flush()
                    for _ in batch:
                        blob = _next_object(process.stdout, limit)
                        yield blob
                        if blob is not None and blob.data is None:
                            return
            finally:
                process.stdout.close()
                process.kill()


def merge_file(base: str, ours: str, theirs: str) -> tuple[bytes, bool] | None:
    """Git's merge of three files as text, with whether it has no conflict; None for what git does not merge as text."""
    labels = (word for label in ("ours", "base", "theirs") for word in ("-L", label))
    code, output, _ = _git(".", "merge-file", "-p", "-q", *labels, ours, base, theirs)
    return (output, code == 0) if 0 <= code < _MERGE_FAILED else None


def find_repository(folder: str) -> Repository | None:
    """The repository whose working tree holds `folder`, or None.

    Raises UnreadableError where git refuses to look, for example because the folder belongs to somebody else, and in
    a repository without working tree.
    """
    ask = ("rev-parse", "--show-toplevel", "--git-common-dir", "--show-object-format")
    code, output, error = _git(folder, *ask)
    if code == 0:
        top, git_dir, object_format = os.fsdecode(output).rstrip("\n").split("\n")[-3:]
        return Repository(top, str(Path(folder, git_dir).resolve()), object_format)
    words = error.decode("utf-8", "replace")
    if "dubious ownership" in words:
        raise UnreadableError(
            f"git does not trust {folder}: it belongs to another user. If you trust it, run "
            f"`git config --global --add safe.directory {folder}`"
        )
    if "not a git repository" in words:
        return None
    if "must be run in a work tree" in words:
        raise UnreadableError(f"{folder} is a bare repository or git's own folder, without files: clone it first")
    raise UnreadableError(f"git cannot read {folder}: {_first_line(error)}")


def _environment() -> dict[str, str]:
    inherited = os.environ  # noqa: TID251  git needs PATH and HOME; nothing here depends on them
    return {name: value for name, value in inherited.items() if not name.startswith("GIT_")} | _SETTINGS


def _git(folder: str, *arguments: str, settings: Mapping[str, str] | None = None) -> tuple[int, bytes, bytes]:
    try:
        done = subprocess.run(  # noqa: S603  a fixed program; every argument is ours or verified
            [*_COMMAND, *arguments],
            cwd=folder,
            env=_environment() | dict(settings or {}),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
        )
    except OSError as error:
        raise UnreadableError(_no_git(error, folder)) from None
    return done.returncode, done.stdout, done.stderr


def _start(folder: str, *arguments: str) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603  as above
            [*_COMMAND, *arguments],
            cwd=folder,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
    except OSError as error:
        raise UnreadableError(_no_git(error, folder)) from None


def _no_git(error: OSError, folder: str) -> str:
    return "git is not installed" if error.filename == "git" else f"cannot enter {folder}: {error.strerror}"


def _next_object(stream: object, limit: int) -> Blob | None:
    header = stream.readline()  # type: ignore[attr-defined]  # a binary pipe
    parts = header.decode("ascii", "replace").split()
    if not parts:
        raise UnreadableError("git stopped while reading objects; `git fsck` tells whether the repository is damaged")
    if len(parts) != 3:  # noqa: PLR2004  "<name> missing"
        return None
    name, kind, size = parts[0], parts[1], int(parts[2])
    if size > limit:
        return Blob(name, kind, size, None)
    data = stream.read(size + 1)  # type: ignore[attr-defined]
    return Blob(name, kind, size, data[:size])


def _committed(commit: bytes) -> datetime.datetime:
    for line in commit.split(b"\n"):
        if line.startswith(b"committer "):
            seconds, zone = line.rsplit(b" ", 2)[-2:]
            sign = -1 if zone.startswith(b"-") else 1
            offset = sign * datetime.timedelta(hours=int(zone[1:3]), minutes=int(zone[3:5]))
            return datetime.datetime.fromtimestamp(int(seconds), datetime.timezone(offset))
    raise UnreadableError("git holds a commit without committer")


def _first_line(error: bytes) -> str:
    return error.decode("utf-8", "replace").strip().split("\n")[0].removeprefix("fatal: ")
