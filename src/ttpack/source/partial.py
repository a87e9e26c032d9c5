"""A tree cut down to some of its files or overlays: what changed between two revisions, without reading the rest."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from ttpack.source.entries import Entry, Revision, Tree
from ttpack.source.problems import SourceProblem
from ttpack.source.text import MAX_BYTES


class PartialTree:
    """The files of `tree` whose paths are in `paths` (None: all), and of its overlays those named; nothing else."""

    def __init__(self, tree: Tree, paths: Collection[str] | None, overlays: Collection[str] = ()) -> None:
        self._tree = tree
        self._paths = None if paths is None else frozenset(paths)
        self._overlays = frozenset(overlays)

    @property
    def revision(self) -> Revision:
        """The revision of the whole tree."""
        return self._tree.revision

    def entries(self) -> Mapping[str, Entry]:
        """The files kept, by path."""
        entries = self._tree.entries()
        if self._paths is None:
            return entries
        return {path: entry for path, entry in entries.items() if path in self._paths}

    def read(self, path: str, limit: int = MAX_BYTES) -> bytes:
        """The content of one file."""
        return self._tree.read(path, limit)

    def read_many(self, paths: Iterable[str]) -> Iterator[tuple[str, bytes | SourceProblem]]:
        """The content of several files, in their order."""
        return self._tree.read_many(paths)

    def state(self, path: str) -> str:
        """Git's hash of the content."""
        return self._tree.state(path)

    def sibling(self, path: str) -> Tree | None:
        """The tree of an overlay that is kept. Raises SourceProblem for a folder outside the repository."""
        return self._tree.sibling(path) if path in self._overlays else None
