"""Files of a package: of the working tree, of a git revision, or of memory. Bytes come only through here."""

import hashlib
import os
import posixpath
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ttpack.errors import NotAPackage, UnreadableError
from ttpack.source.entries import Entry, Revision, Tree, blob_hash
from ttpack.source.files import too_large
from ttpack.source.folder_tree import FolderTree
from ttpack.source.problems import SourceProblem
from ttpack.source.repository import find_repository
from ttpack.source.revision_tree import GitTree
from ttpack.source.text import MAX_BYTES

__all__ = [
    "MANIFEST",
    "Entry",
    "FolderTree",
    "GitTree",
    "MemoryTree",
    "Revision",
    "Tree",
    "changed_paths",
    "git_tree",
    "tree_digest",
    "working_tree",
]

MANIFEST = "ttpack.yaml"


def working_tree(path: str) -> "FolderTree":
    """The package that `path` stands in, as its files are now.

    Raises NotAPackage, or UnreadableError for a path that cannot be read.
    """
    folder = _folder(path)
    repository = find_repository(str(folder))
    for root in (folder, *folder.parents):
        if os.path.lexists(f"{root}/{MANIFEST}"):
            return FolderTree(str(root), repository)
        if repository and str(root) == repository.top:
            break
    raise NotAPackage(f"no {MANIFEST} in {folder} or a folder above it; `ttpack init` makes a package")


def git_tree(path: str, revision_name: str) -> "GitTree":
    """The package that `path` stands in, as it was at a revision.

    Raises NotAPackage, or RevisionError for an unknown or malformed revision.
    """
    folder = _folder(path)
    repository = find_repository(str(folder))
    if repository is None:
        raise NotAPackage(f"{folder} is in no git repository, so it has no revisions")
    commit = repository.resolve(revision_name)
    prefix = folder.relative_to(repository.top).as_posix()
    prefix = "" if prefix == "." else prefix
    while not repository.run("ls-tree", "-z", "--full-tree", commit.hash, "--", posixpath.join(prefix, MANIFEST)):
        if not prefix:
            raise NotAPackage(f"no {MANIFEST} in {folder} or a folder above it at revision {revision_name!r}")
        prefix = posixpath.dirname(prefix)
    return GitTree(repository, commit, prefix, revision_name)


def _folder(path: str) -> Path:
    try:
        real = Path(path).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise UnreadableError(f"{path} does not exist or cannot be entered") from None
    return real if real.is_dir() else real.parent


class MemoryTree:
    """A package held in memory: of a test, or of an edit that is tried before it is written."""

    def __init__(
        self,
        files: Mapping[str, bytes],
        revision: Revision | None = None,
        siblings: Mapping[str, "MemoryTree"] | None = None,
    ) -> None:
        self._files = dict(sorted(files.items()))
        self._siblings = siblings or {}
        self.revision = revision or Revision("memory")

    def entries(self) -> Mapping[str, Entry]:
        """Every file by path, all regular."""
        return {path: Entry(path, 0o100644, self.state(path)) for path in self._files}

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """Content of a file."""
        data = self._files[path]
        if len(data) > limit:
            raise too_large(path, len(data), limit)
        return data

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | SourceProblem]]:
        """Contents of files, in their order."""
        for path in paths:
            try:
                yield path, self.read(path)
            except SourceProblem as problem:
                yield path, problem

    def state(self, path: str) -> str:
        """Git's hash of the content."""
        return blob_hash(self._files[path])

    def sibling(self, path: str) -> "MemoryTree | None":
        """The tree that was given under this name."""
        return self._siblings.get(path)


def tree_digest(tree: Tree) -> str:
    """SHA-256 over path, mode and content of every file, and of every private overlay that the manifest names.

    Of an unmodified git working tree it reads no file but the manifest.
    """
    digest = hashlib.sha256(_own_digest(tree))
    for overlay, sibling in _overlays(tree):
        digest.update(overlay.encode("utf-8", "surrogateescape") + (_own_digest(sibling) if sibling else b""))
    return digest.hexdigest()


def _own_digest(tree: Tree) -> bytes:
    digest = hashlib.sha256()
    for entry in tree.entries().values():
        line = f"{entry.mode:o} {entry.blob or tree.state(entry.path)} {entry.path}\n"
        digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.digest()


def _overlays(tree: Tree) -> Iterator[tuple[str, Tree | None]]:
    """The overlays that the manifest names, each with its tree where it is here and may be read."""
    try:
        data = tree.read(MANIFEST) if MANIFEST in tree.entries() else b""
        if b"overlays" not in data:
            return
        from ttpack.source.documents import read_yaml

        overlays = read_yaml(data, MANIFEST)[0].data.get("overlays")
    except SourceProblem:
        return
    for overlay in overlays if isinstance(overlays, list) else []:
        if isinstance(overlay, str):
            try:
                yield overlay, tree.sibling(overlay)
            except SourceProblem:
                yield overlay, None


def changed_paths(old: Tree, new: Tree) -> frozenset[str]:
    """Paths that only one of two trees has, or whose mode or content differs, by hashes."""
    before = {path: (entry.mode, entry.blob or old.state(path)) for path, entry in old.entries().items()}
    after = {path: (entry.mode, entry.blob or new.state(path)) for path, entry in new.entries().items()}
    return frozenset(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
