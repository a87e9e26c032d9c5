"""How diff and impact compare two revisions: only files that differ are read; the rest comes from an index."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ttpack import __version__
from ttpack.cli.opening import AnyTree, open_base, open_tree
from ttpack.errors import RevisionError, UsageError
from ttpack.model.json_text import dumps
from ttpack.source.cache import Cache, open_cache
from ttpack.source.load import load
from ttpack.source.partial import PartialTree
from ttpack.source.trees import MANIFEST, changed_paths, tree_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ttpack.analysis.change import Change
    from ttpack.analysis.diff import Side
    from ttpack.analysis.index import Index
    from ttpack.model.package import Package
    from ttpack.source.load import Loaded

INDEX_VERSION = "6"


@dataclass(frozen=True)
class Comparison:
    """Two revisions of a package, what changed between them, and which records could not be compared."""

    before: AnyTree
    after: AnyTree
    changes: "tuple[Change, ...]"
    not_assessed: tuple[str, ...]
    paths: frozenset[str]
    sides: "tuple[Side, Side]"

    def context(self) -> dict[str, Any]:
        """Both sides by name and commit, and what could not be assessed."""
        return {"from": _side(self.before), "to": _side(self.after), "not_assessed": list(self.not_assessed)}


def _side(tree: AnyTree) -> dict[str, Any]:
    return {"revision": tree.revision.name, "commit": tree.revision.commit}


def earlier(path: str, from_revision: str | None, since: str | None, to_revision: str | None) -> str | None:
    """The earlier side of a comparison: an exact revision, or where the later side branched off from `since`.

    Pull requests compare with the merge base, so that what others did meanwhile is not taken for part of the change;
    releases compare exactly. Raises UsageError for both, RevisionError where that revision holds no such package.
    """
    if since is None:
        return from_revision
    if from_revision is not None:
        raise UsageError("--from names an exact revision, --since where a change branched off: name one of them")
    base = open_base(path, since, open_tree(path, to_revision))
    if base is None:
        raise RevisionError(f"the package is not in {since!r} yet, so there is nothing to compare with")
    return base.revision.commit


def compare(path: str, from_revision: str | None, to_revision: str | None) -> Comparison:
    """What changed from one revision to another; None is the working tree, and `HEAD` by default for the first.

    Raises NotAPackage, RevisionError or UnreadableError.
    """
    after = open_tree(path, to_revision)
    return compare_trees(open_tree(path, from_revision or "HEAD"), after)


def compare_trees(before: AnyTree, after: AnyTree) -> Comparison:
    """What changed from one tree to another."""
    from ttpack.analysis.diff import diff

    paths = changed_paths(before, after)
    # which files are records, and which overlay lies above them, may have changed with the manifest
    whole = MANIFEST in paths
    loaded = (load(before), load(after)) if whole else (_part(before, paths), _part(after, paths))
    lost = _lost(*loaded)
    sides = _diff_side(loaded[0].package, lost), _diff_side(loaded[1].package, lost)
    changes = diff(*sides)
    if any(change.kind == "unit_changed" for change in changes):
        # what takes its unit from another record may stand in a file that did not change
        loaded = loaded if whole else (load(before), load(after))
        lost = _lost(*loaded)
        sides = _diff_side(loaded[0].package, lost), _diff_side(loaded[1].package, lost)
        changes = diff(*sides)
        changes += _units_elsewhere(*(one.package for one in loaded))
    changes += _attachments(before, after, paths, loaded[1].package)
    changes.sort(key=lambda change: change.record)
    return Comparison(before, after, tuple(changes), tuple(sorted(lost)), paths, sides)


def _part(tree: AnyTree, paths: frozenset[str]) -> "Loaded":
    return load(PartialTree(tree, {*paths, MANIFEST}))


def _lost(before: "Loaded", after: "Loaded") -> frozenset[str]:
    """Ids that one side declares but cannot show: the record has an error, or the file that held it has."""
    lost = set(before.package.unreadable_ids | after.package.unreadable_ids)
    for this, other in ((before, after), (after, before)):
        broken = {problem.path for problem in this.problems if not problem.record}
        locations = other.package.locations.items()
        lost.update(key for key, at in locations if at.path in broken and key not in this.package.records)
    return frozenset(lost)


def _units_elsewhere(before: "Package", after: "Package") -> "Iterator[Change]":
    from ttpack.analysis.unwritten_changes import inherited_unit_changes

    return inherited_unit_changes(before, after)


def _attachments(before: AnyTree, after: AnyTree, paths: frozenset[str], package: "Package") -> "list[Change]":
    """Files changed under the same name that records name; only then is the whole of both revisions looked at."""
    from ttpack.analysis.unwritten_changes import attachment_changes

    records = {location.path for location in package.locations.values()}
    if not (paths & before.entries().keys() & after.entries().keys()) - records - {MANIFEST}:
        return []
    return list(attachment_changes(index_of(before), index_of(after)))


def _diff_side(package: "Package", lost: frozenset[str]) -> "Side":
    from ttpack.analysis.diff import Side

    return Side(
        records={key: raw for key, raw in package.raw.items() if key not in lost},
        paths={key: location.path for key, location in package.locations.items()},
        bodies={key: record.body for key, record in package.records.items() if record.body},
        own_units=package.own_units,
    )


def read_records(tree: AnyTree, index: "Index", records: "Iterable[str]") -> "Mapping[str, Mapping[str, Any]]":
    """Some records of a revision as written, with the text of Markdown records as `body`, read where its index says."""
    paths = {index.paths[record] for record in records if record in index.paths}
    if not paths:
        return {}
    package = load(PartialTree(tree, {*paths, MANIFEST})).package
    texts = {key: record.body for key, record in package.records.items() if record.body}
    return {key: {**raw, "body": texts[key]} if key in texts else raw for key, raw in package.raw.items()}


def index_of(tree: AnyTree) -> "Index":
    """The index of a whole revision, from the cache where it was made before."""
    from ttpack.analysis.index import Index

    with open_cache(tree) as cache:
        key = f"index {__version__} {INDEX_VERSION} {tree_digest(tree)}"
        known = _cached(cache, key)
        if known is not None:
            return known
        index = Index.of(load(tree, cache).package)
        cache.put(key, dumps(index.as_json(), indent=None))
    return index


def _cached(cache: Cache, key: str) -> "Index | None":
    from ttpack.analysis.index import Index

    text = cache.get(key)
    if text is None:
        return None
    try:
        data: Mapping[str, Any] = json.loads(text)
        return Index.from_json(data)
    except (ValueError, KeyError, TypeError):
        return None
