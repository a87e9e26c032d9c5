"""The indexes of the revisions that are compared: kept in the cache, and the later one made from the earlier one."""

import posixpath
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ttpack import __version__
from ttpack.source.attachments import attachment_digest
from ttpack.source.cache import Cache, open_cache
from ttpack.source.cached_json import decoded, encoded
from ttpack.source.load import collector_paused, load
from ttpack.source.partial import PartialTree
from ttpack.source.problems import DUPLICATE_ID, SourceProblem
from ttpack.source.trees import MANIFEST, tree_digest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttpack.analysis.index import Index
    from ttpack.source.entries import Tree
    from ttpack.source.load import Loaded

INDEX_VERSION = "8"


class Indexes:
    """The indexes of an earlier and a later revision, each read or made when it is first asked for.

    `paths` are the files that differ. With `rearranged` other files may be records, or lie over them, than before:
    then nothing is concluded from one revision about the other.
    """

    def __init__(self, before: "Tree", after: "Tree", paths: "frozenset[str]", *, rearranged: bool) -> None:
        self._before, self._after = before, after
        self._paths = paths | {MANIFEST}
        self._rearranged = rearranged

    @cached_property
    def before(self) -> "Index":
        """The index of the earlier revision."""
        return self._earlier[0]

    @cached_property
    def after(self) -> "Index":
        """The index of the later revision."""
        with open_cache(self._after) as cache, collector_paused():
            key = _key(self._after)
            known = _cached(cache, key)
            if known is None:
                known = self._updated(cache) or _indexed(self._after, cache)
                _keep(cache, key, *known)
        return known[0]

    @cached_property
    def _earlier(self) -> "tuple[Index, bool]":
        return _known(self._before)

    def _updated(self, cache: Cache) -> "tuple[Index, bool] | None":
        """The later index from the earlier one and the files that differ; None where only the whole tells it."""
        if self._rearranged:
            return None
        index, plain = self._earlier
        if not plain:
            return None
        part = load(PartialTree(self._after, self._paths), cache)
        named = {record for record, path in index.paths.items() if path not in self._paths}
        if not _single(part, self._after) or not named.isdisjoint(
            {*part.package.records, *part.package.unreadable_ids}
        ):
            return None
        files = {file for _, file in index.versions() if posixpath.normpath(file) in self._paths}
        files.update(named.file for record in part.package.records.values() for named in record.attachments)
        digests = {file: _digest(self._after, file) for file in files}
        return index.updated(self._paths, part.package, digests), _plain(part, self._after)


def _known(tree: "Tree") -> "tuple[Index, bool]":
    """An index, and whether that of a later revision may be made from it."""
    with open_cache(tree) as cache, collector_paused():
        key = _key(tree)
        known = _cached(cache, key)
        if known is None:
            known = _indexed(tree, cache)
            _keep(cache, key, *known)
    return known


def _indexed(tree: "Tree", cache: Cache) -> "tuple[Index, bool]":
    from ttpack.analysis.index import Index

    loaded = load(tree, cache)
    return Index.of(loaded.package), _plain(loaded, tree)


def _single(loaded: "Loaded", tree: "Tree") -> bool:
    """Whether it is clear which records there are, each id is given once, and nothing lies over the records."""
    package = loaded.package
    twice = any(problem.code == DUPLICATE_ID for problem in loaded.problems)
    return package.readable and not twice and not any(_is_here(tree, path) for path in package.manifest.overlays)


def _plain(loaded: "Loaded", tree: "Tree") -> bool:
    """Whether each record stands in one file alone, so that other files say nothing of it."""
    return _single(loaded, tree) and not loaded.package.unreadable_ids


def _is_here(tree: "Tree", overlay: str) -> bool:
    try:
        return tree.sibling(overlay) is not None
    except SourceProblem:
        return False


def _digest(tree: "Tree", file: str) -> str | None:
    try:
        return attachment_digest(tree, file)
    except SourceProblem:
        return None


def _key(tree: "Tree") -> str:
    return f"index {__version__} {INDEX_VERSION} {tree_digest(tree)}"


def _keep(cache: Cache, key: str, index: "Index", plain: bool) -> None:
    if cache.keeps:
        cache.put(key, encoded({**index.as_json(), "plain": plain}))


def _cached(cache: Cache, key: str) -> "tuple[Index, bool] | None":
    from ttpack.analysis.index import Index

    text = cache.get(key)
    if text is None:
        return None
    try:
        data: Mapping[str, Any] = decoded(text)
        return Index.from_json(data), data["plain"] is True
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
