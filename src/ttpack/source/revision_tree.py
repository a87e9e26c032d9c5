"""A package as it was at a commit."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping
from copy import copy

from ttpack.source.entries import Entry, Revision, outside, refuse_irregular
from ttpack.source.objects import blob_data, list_tree, read_blob
from ttpack.source.problems import SourceProblem
from ttpack.source.repository import Commit, Repository
from ttpack.source.text import MAX_BYTES


class GitTree:
    """A package at a commit, read from git's objects without a checkout."""

    def __init__(self, repository: Repository, commit: Commit, prefix: str, name: str) -> None:
        self.repository = repository
        self.prefix = prefix
        self._commit = commit
        self._name = name
        self._entries: dict[str, Entry] | None = None
        self._alone = False

    @property
    def revision(self) -> Revision:
        """The commit, under the name it was asked for."""
        return Revision(self._name, self._commit.hash, self._commit.committed)

    def entries(self) -> Mapping[str, Entry]:
        """Every file of the commit below the package root."""
        if self._entries is None:
            found = list_tree(self.repository, self._commit.hash, self.prefix)
            self._entries = {path: Entry(path, mode, blob) for path, mode, blob in sorted(found)}
        return self._entries

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """Content of a file of the commit."""
        entry = self.entries()[path]
        refuse_irregular(entry)
        return read_blob(self.repository, str(entry.blob), path, limit)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | SourceProblem]]:
        """Contents of files in their order, from one git process."""
        wanted = [self.entries()[path] for path in paths]
        blobs = self.repository.cat((str(entry.blob) for entry in wanted if entry.regular), MAX_BYTES)
        for entry in wanted:
            try:
                refuse_irregular(entry)
                yield entry.path, blob_data(next(blobs), entry.path, MAX_BYTES)
            except SourceProblem as problem:
                yield entry.path, problem

    def state(self, path: str) -> str:
        """Git's hash of the file."""
        return str(self.entries()[path].blob)

    def alone(self) -> "GitTree":
        """The same files without what lies beside them: no private overlay is read."""
        other = copy(self)
        other._alone = True  # noqa: SLF001  a copy of itself
        return other

    def sibling(self, path: str) -> "GitTree | None":
        """The tree of another folder of the same commit."""
        if self._alone:
            return None
        target = posixpath.normpath(posixpath.join(self.prefix, path))
        if target.startswith("/") or target.split("/")[0] == "..":
            raise outside(path)
        tree = GitTree(self.repository, self._commit, "" if target == "." else target, self._name)
        return tree if tree.entries() else None
