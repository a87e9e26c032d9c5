"""From a record and a field to line and column, reading each file at most once."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Protocol

from ttpack.model.findings import Place
from ttpack.model.package import Package
from ttpack.source.entries import Tree
from ttpack.source.positions import Document, Position
from ttpack.source.problems import SourceProblem


class Reader(Protocol):
    """Whoever can read the files of a package and of its overlays by their path."""

    def read(self, path: str) -> bytes:
        """Content of a file."""
        ...


class Places:
    """Places in files; keeps the file it read last, since questions come file by file."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._path: str | None = None
        self._document = Document(b"", "")

    def of(self, path: str, index: int | None, field: str) -> Position:
        """Line and column of a field of a file's record; of the nearest field above where it is not written."""
        if path != self._path:
            self._path = path
            try:
                self._document = Document(self._reader.read(path), path)
            except (SourceProblem, KeyError):
                self._document = Document(b"", path)
        return self._document.record(index).of(field)


class TreesOfPackage:
    """Reads files by the paths that findings show: below the package root, or below an overlay's (`../private/...`)."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        self._siblings: dict[str, Tree] = {}

    def add(self, prefix: str, sibling: Tree) -> None:
        """Make the files of an overlay known under its path in the manifest."""
        self._siblings[prefix] = sibling

    def read(self, path: str) -> bytes:
        """Content of a file. Raises KeyError, or SourceProblem."""
        prefix = self._prefix(path)
        return self._siblings[prefix].read(path[len(prefix) + 1 :]) if prefix else self._tree.read(path)

    def in_order(self, paths: Iterable[str]) -> "FilesInOrder":
        """A reader of these files, each once and in this order, which for a revision takes one git process."""
        wanted: dict[str, list[str]] = {}
        for path in paths:
            wanted.setdefault(self._prefix(path), []).append(path)
        streams = {}
        for prefix, names in wanted.items():
            tree, start = (self._siblings[prefix], len(prefix) + 1) if prefix else (self._tree, 0)
            there = tree.entries()
            streams.update(_stream(tree, {name[start:]: name for name in names if name[start:] in there}))
        return FilesInOrder(streams)

    def tree_of(self, path: str) -> Tree:
        """The tree that a file belongs to."""
        prefix = self._prefix(path)
        return self._siblings[prefix] if prefix else self._tree

    def _prefix(self, path: str) -> str:
        return next((prefix for prefix in self._siblings if path.startswith(f"{prefix}/")), "")


class FilesInOrder:
    """Reads files in the order that was told."""

    def __init__(self, streams: Mapping[str, Iterator[tuple[str, bytes | SourceProblem]]]) -> None:
        self._streams = streams

    def read(self, path: str) -> bytes:
        """Content of the next file of its tree. Raises KeyError, or SourceProblem."""
        _, content = next(self._streams[path])
        if isinstance(content, SourceProblem):
            raise content
        return content


def _stream(tree: Tree, names: Mapping[str, str]) -> dict[str, Iterator[tuple[str, bytes | SourceProblem]]]:
    """One stream of contents for the files of a tree, by the path that findings show of each."""
    return dict.fromkeys(names.values(), iter(tree.read_many(names)))


def locate(tree: Tree, package: Package, places: Iterable[Place]) -> dict[Place, Position]:
    """Line and column of each place whose record the package has; the nearest written field counts.

    A field `body:12` is the twelfth line of a Markdown record's text. Reads each file once.
    """
    reader = TreesOfPackage(tree)
    for overlay in package.manifest.overlays:
        try:
            sibling = tree.sibling(overlay)
        except SourceProblem:
            continue
        if sibling is not None:
            reader.add(overlay.rstrip("/"), sibling)
    found = ((package.locations.get(place.record or ""), place) for place in places)
    known = [(location, place) for location, place in found if location is not None]
    known.sort(key=lambda one: (one[0].path, one[0].index or 0))
    lookup = Places(reader.in_order(dict.fromkeys(location.path for location, _ in known)))
    return {place: lookup.of(location.path, location.index, place.field) for location, place in known}
