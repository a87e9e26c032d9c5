"""What every tree of files offers, wherever its bytes come from."""

import datetime
import hashlib
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from ttpack.source.files import not_regular
from ttpack.source.problems import PATH_OUTSIDE_PACKAGE, SUBMODULE_OR_LFS, SourceProblem
from ttpack.source.text import MAX_BYTES

SUBMODULE = 0o160000


@dataclass(frozen=True, slots=True)
class Revision:
    """What a tree shows: a name for people, and the commit where there is one; `dirty` when files differ from it."""

    name: str
    commit: str | None = None
    committed: datetime.datetime | None = None
    dirty: bool = False


class Entry(NamedTuple):
    """A file of a tree: path below the package root, mode as git writes it (octal), git's blob hash where known."""

    path: str
    mode: int
    blob: str | None

    @property
    def regular(self) -> bool:
        """Whether it is an ordinary file."""
        return stat.S_ISREG(self.mode)


class Tree(Protocol):
    """The files of one package at one moment. Paths are POSIX, relative to the package root, without `..`."""

    @property
    def revision(self) -> Revision:
        """Which moment that is."""
        ...

    def entries(self) -> Mapping[str, Entry]:
        """Every file by path, in the order of paths."""
        ...

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """Content of a file. Raises KeyError, or SourceProblem for a link, a special file, or one over the limit."""
        ...

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | SourceProblem]]:
        """Contents of files, in their order; a file that must not be read comes as its problem."""
        ...

    def state(self, path: str) -> str:
        """What tells one content of a file from another: git's hash of it where that is cheap."""
        ...

    def sibling(self, path: str) -> "Tree | None":
        """The tree of another folder, relative to this root, or None where there is none.

        Raises SourceProblem (SRC-15) for a folder outside the repository.
        """
        ...


def blob_hash(data: bytes, object_format: str = "sha1") -> str:
    """Git's hash of a file's content."""
    return hashlib.new(object_format, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def refuse_irregular(entry: Entry) -> None:
    """Raise SourceProblem for an entry that is a link, a submodule or a special file."""
    if entry.mode == SUBMODULE:
        raise SourceProblem(SUBMODULE_OR_LFS, f"{entry.path} is a repository of its own", entry.path)
    if not entry.regular:
        raise not_regular(entry.path, entry.mode)


def outside(path: str) -> SourceProblem:
    """The problem of a path that leaves the repository or package."""
    return SourceProblem(PATH_OUTSIDE_PACKAGE, f"{path} leads outside", path)
