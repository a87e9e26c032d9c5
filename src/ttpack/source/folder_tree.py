"""A package as its files are on disk now."""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from pathlib import Path

from ttpack.errors import UnreadableError
from ttpack.source.entries import SUBMODULE, Entry, Revision, blob_hash, outside, refuse_irregular
from ttpack.source.files import git_mode, list_files, read_file
from ttpack.source.objects import index_state, read_blob
from ttpack.source.problems import SourceProblem
from ttpack.source.repository import Repository
from ttpack.source.text import MAX_BYTES

_CONVERSIONS = (b"filter=", b"working-tree-encoding", b"ident")


class FolderTree:
    """The working tree: files as they are on disk, with git's hashes for those that git knows to be unmodified."""

    def __init__(self, root: str, repository: Repository | None) -> None:
        self.root = root
        self.repository = repository
        self._entries: dict[str, Entry] | None = None
        self._revision: Revision | None = None
        self._dirty = False
        self._alone = False

    @property
    def revision(self) -> Revision:
        """HEAD with whether files differ from it, or just "working tree" without git."""
        if self._revision is None:
            head = self.repository.head() if self.repository else None
            self.entries()
            self._revision = (
                Revision("working tree", head.hash, head.committed, self._dirty) if head else Revision("working tree")
            )
        return self._revision

    def entries(self) -> Mapping[str, Entry]:
        """Every file by path; of a git repository those that it does not ignore."""
        if self._entries is None:
            found = self._from_git(self.repository) if self.repository else self._from_disk()
            self._entries = {entry.path: entry for entry in sorted(found, key=lambda entry: entry.path)}
        return self._entries

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """Content of a file as it is on disk."""
        entry = self.entries()[path]
        refuse_irregular(entry)
        data = read_file(self.root, path, limit)
        if data is None and entry.blob and self.repository:  # a sparse checkout leaves files out
            data = read_blob(self.repository, entry.blob, path, limit)
        if data is None:
            raise UnreadableError(f"{path} vanished while it was being read")
        return data

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | SourceProblem]]:
        """Contents of files, in their order; a file that must not be read comes as its problem."""
        for path in paths:
            try:
                yield path, self.read(path)
            except SourceProblem as problem:
                yield path, problem

    def alone(self) -> "FolderTree":
        """The same files without what lies beside them: no private overlay is read."""
        self.entries()
        other = copy(self)
        other._alone = True  # noqa: SLF001  a copy of itself
        return other

    def sibling(self, path: str) -> "FolderTree | None":
        """The tree of a folder in the same repository (without git: in the folder that holds this package)."""
        if self._alone:
            return None
        bound = Path(self.repository.top) if self.repository else Path(self.root).parent
        target = Path(os.path.normpath(f"{self.root}/{path}"))
        if path.startswith("/") or not target.is_relative_to(bound) or not target.resolve().is_relative_to(bound):
            raise outside(path)
        return FolderTree(str(target), None) if target.is_dir() else None

    def state(self, path: str) -> str:
        """What tells one content of a file from another without git: its hash, or for large files their time stamp."""
        found = os.lstat(f"{self.root}/{path}")
        if not stat.S_ISREG(found.st_mode) or found.st_size > MAX_BYTES:
            return f"{found.st_mode}:{found.st_size}:{found.st_mtime_ns}:{found.st_ino}"
        return blob_hash(self.read(path), self.repository.object_format if self.repository else "sha1")

    def _from_disk(self) -> Iterator[Entry]:
        for path, mode in list_files(self.root):
            yield Entry(path, mode, None)

    def _from_git(self, repository: Repository) -> Iterator[Entry]:
        known, unsure, removed = index_state(repository, self.root)
        self._dirty = bool(unsure or removed)
        trusted = not self._converts_content(repository)
        looked_at = {path: mode for path in unsure - removed if (mode := self._mode_on_disk(path)) is not None}
        # Git looks through a folder that became a link, and finds what it knows behind it.
        linked = tuple(f"{path}/" for path, mode in looked_at.items() if stat.S_ISLNK(mode))
        for path, (mode, blob) in known.items():
            if path not in unsure and path not in removed and not path.startswith(linked):
                yield Entry(path, mode, blob if trusted else None)
        for path, mode in looked_at.items():
            yield Entry(path.rstrip("/"), mode, None)

    def _mode_on_disk(self, path: str) -> int | None:
        """Mode of a file that git did not vouch for, or None when it is gone or hides behind a linked folder."""
        if path.endswith("/"):
            return SUBMODULE  # a repository inside this one
        file = Path(f"{self.root}/{path}")
        try:
            mode = file.lstat().st_mode
        except OSError:
            return None
        if file.parent.resolve() != file.parent:
            return None
        return SUBMODULE if stat.S_ISDIR(mode) else git_mode(mode)

    def _converts_content(self, repository: Repository) -> bool:
        """Whether git stores other bytes than it puts on disk (filters, encodings), so that its hashes say little."""
        root, top = Path(self.root), Path(repository.top)
        above = [folder for folder in (root, *root.parents) if folder.is_relative_to(top)]
        files = [Path(repository.git_dir, "info", "attributes"), *(folder / ".gitattributes" for folder in above)]
        return any(word in _read_or_nothing(file) for file in files for word in _CONVERSIONS)


def _read_or_nothing(file: Path) -> bytes:
    try:
        return read_file(str(file.parent), file.name, MAX_BYTES) or b""
    except (SourceProblem, UnreadableError):
        return b""
