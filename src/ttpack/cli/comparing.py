"""How diff and impact compare two revisions: only files that differ are read; the rest comes from an index."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ttpack.cli.indexing import Indexes
from ttpack.cli.opening import AnyTree, folder_in_repository, open_base, open_tree
from ttpack.cli.two_sides import open_sides
from ttpack.errors import RevisionError, UsageError
from ttpack.source.cache import open_cache
from ttpack.source.documents import read_yaml
from ttpack.source.load import collector_paused, load
from ttpack.source.overlays_compared import overlays_compared
from ttpack.source.partial import PartialTree
from ttpack.source.problems import SourceProblem
from ttpack.source.trees import MANIFEST, FolderTree, GitTree, changed_paths

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ttpack.analysis.change import Change
    from ttpack.analysis.diff import Side
    from ttpack.analysis.index import Index
    from ttpack.model.findings import Finding
    from ttpack.model.package import Package
    from ttpack.source.load import Loaded
    from ttpack.source.overlays_compared import Overlays


@dataclass(frozen=True)
class Comparison:
    """Two revisions of a package, what changed between them, and what could not be compared.

    `not_assessed` names records by id, and files that hold none that could be read by path. `findings` say why, each
    with the side it is of. Private overlays of which git keeps no history are not compared.
    """

    before: AnyTree
    after: AnyTree
    changes: "tuple[Change, ...]"
    not_assessed: tuple[str, ...]
    paths: frozenset[str]
    sides: "tuple[Side, Side]"
    indexes: Indexes = field(compare=False, repr=False)
    findings: "tuple[tuple[str, Finding], ...]" = ()
    overlays_not_compared: tuple[str, ...] = ()

    def context(self) -> dict[str, Any]:
        """Both sides by name and commit, and by folder where the package moved; what could not be assessed, and why."""
        folders = _folder(self.before), _folder(self.after)
        moved = [{"folder": folder or "."} if folders[0] != folders[1] else {} for folder in folders]
        return {
            "from": _side(self.before) | moved[0],
            "to": _side(self.after) | moved[1],
            "not_assessed": list(self.not_assessed),
            "findings": [{"side": side, **finding.as_json()} for side, finding in self.findings],
            "overlays_not_compared": list(self.overlays_not_compared),
        }


def _folder(tree: object) -> str:
    return folder_in_repository(tree) if isinstance(tree, FolderTree | GitTree) else ""


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

    A package that moved inside the repository is found by its id. Raises NotAPackage, RevisionError or
    UnreadableError.
    """
    return compare_trees(*open_sides(path, from_revision, to_revision))


def compare_trees(before: AnyTree, after: AnyTree) -> Comparison:
    """What changed from one tree to another."""
    with collector_paused():
        return _compared(before, after)


def _compared(before: AnyTree, after: AnyTree) -> Comparison:
    from ttpack.analysis.diff import diff

    paths = changed_paths(before, after)
    overlays = overlays_compared(before, after)
    # which files are records, and what lies over them, may have changed with the manifest or an overlay
    rearranged = MANIFEST in paths and _arrangement(before) != _arrangement(after)
    both = _Both(before, after, paths, overlays, Indexes(before, after, paths, rearranged=rearranged))
    loaded = both.whole() if rearranged or overlays.changed or overlays.unchanged else both.changed()
    changes = diff(*_sides(loaded))
    if _twice(changes, both.indexes):
        # which of two records of one id counts, only the whole of a revision says
        loaded = both.whole()
        changes = diff(*_sides(loaded))
    if _changes_units(changes):
        # what takes its unit from another record may stand in a file that did not change
        loaded = both.whole()
        changes = [*diff(*_sides(loaded)), *_units_elsewhere(loaded)]
    changes += _attachments(both, loaded[1].package)
    changes.sort(key=lambda change: change.record)
    findings = both.findings(loaded)
    missing = tuple(sorted({*both.lost(loaded), *_unread(findings, loaded)}))
    unknown = tuple(sorted(overlays.unknown))
    sides = _sides(loaded)
    return Comparison(before, after, tuple(changes), missing, paths, sides, both.indexes, findings, unknown)


def _arrangement(tree: AnyTree) -> object:
    """What the package record says about which files are records; of one that cannot be read nothing equals it."""
    try:
        written = read_yaml(tree.read(MANIFEST), MANIFEST)[0].data
    except (SourceProblem, KeyError):
        return object()
    return [repr(written.get(name)) for name in ("kind", "id", "schema_version", "records", "overlays")]


class _Both:
    """Both sides of a comparison, read in part or whole."""

    def __init__(
        self, before: AnyTree, after: AnyTree, paths: frozenset[str], overlays: "Overlays", indexes: Indexes
    ) -> None:
        self.trees = before, after
        self.paths = paths
        self.overlays = overlays
        self.indexes = indexes

    def whole(self) -> "tuple[Loaded, Loaded]":
        """Everything, with the overlays that both sides know."""
        kept = self.overlays.changed | self.overlays.unchanged
        before, after = (_load(PartialTree(tree, None, kept), tree) for tree in self.trees)
        return before, after

    def changed(self) -> "tuple[Loaded, Loaded]":
        """The files that differ, and what their records cannot be understood without."""
        from ttpack.analysis.leaning import leaning

        before, after = (self._part(tree, ()) for tree in self.trees)
        leans_on = leaning(before.package, after.package)
        if leans_on.nothing:
            return before, after
        more = [leans_on.paths(index) for index in (self.indexes.before, self.indexes.after)]
        if any(more):
            before, after = (self._part(tree, paths) for tree, paths in zip(self.trees, more, strict=True))
        return before, after

    def _part(self, tree: AnyTree, more: "Iterable[str]") -> "Loaded":
        return _load(PartialTree(tree, {*self.paths, *more, MANIFEST}), tree)

    def findings(self, loaded: "tuple[Loaded, Loaded]") -> "tuple[tuple[str, Finding], ...]":
        """Why records or whole files of a side are missing from the comparison."""
        found = []
        for name, side in zip(("from", "to"), loaded, strict=True):
            for problem in side.problems:
                hides = not problem.record or problem.record in side.package.unreadable_ids
                manifest = problem.path == MANIFEST and not side.package.readable
                if (hides and self._differs(problem.path)) or manifest:
                    found.append((name, problem))
        return tuple(found)

    def lost(self, loaded: "tuple[Loaded, Loaded]") -> set[str]:
        """Ids that cannot be compared, without those that are as unreadable as they were."""
        unreadable = {
            problem.record
            for side in loaded
            for problem in side.problems
            if problem.record in side.package.unreadable_ids and not self._differs(problem.path)
        }
        return set(_lost(*loaded)) - unreadable

    def _differs(self, path: str) -> bool:
        """Whether a file differs between the sides, or lies in an overlay that may."""
        return path in self.paths or not any(path in tree.entries() for tree in self.trees)


def _load(tree: PartialTree, source: AnyTree) -> "Loaded":
    with open_cache(source) as cache:
        return load(tree, cache)


def _sides(loaded: "tuple[Loaded, Loaded]") -> "tuple[Side, Side]":
    lost = _lost(*loaded)
    return _diff_side(loaded[0].package, lost), _diff_side(loaded[1].package, lost)


def _twice(changes: "Iterable[Change]", indexes: Indexes) -> bool:
    """Whether a record that comes or goes stands in a file of the other revision that was not read."""
    added, removed = (
        {change.record for change in changes if change.kind == kind} for kind in ("record_added", "record_removed")
    )
    return bool(added and added & indexes.before.kinds.keys()) or bool(removed and removed & indexes.after.kinds.keys())


def _changes_units(changes: "Iterable[Change]") -> bool:
    return any(change.kind == "unit_changed" or change.record_kind == "unit_definition" for change in changes)


def _lost(before: "Loaded", after: "Loaded") -> frozenset[str]:
    """Ids that one side declares but cannot show: the record has an error, or the file that held it has.

    Where a side's own record cannot be read nothing says which records it has: then all are.
    """
    lost = set(before.package.unreadable_ids | after.package.unreadable_ids)
    if not (before.package.readable and after.package.readable):
        lost.update(before.package.records, after.package.records)
    for this, other in ((before, after), (after, before)):
        broken = {problem.path for problem in this.problems if not problem.record}
        locations = other.package.locations.items()
        lost.update(key for key, at in locations if at.path in broken and key not in this.package.records)
    return frozenset(lost)


def _unread(findings: "Iterable[tuple[str, Finding]]", loaded: "tuple[Loaded, Loaded]") -> set[str]:
    """Files of which neither side says which records they hold."""
    known = {location.path for side in loaded for location in side.package.locations.values()}
    return {finding.path for _, finding in findings if not finding.record} - known


def _units_elsewhere(loaded: "tuple[Loaded, Loaded]") -> "Iterator[Change]":
    from ttpack.analysis.unwritten_changes import unit_meaning_changes

    return unit_meaning_changes(loaded[0].package, loaded[1].package)


def _attachments(both: _Both, package: "Package") -> "list[Change]":
    """Files changed under the same name that records name; only then is the whole of both revisions looked at."""
    from ttpack.analysis.unwritten_changes import attachment_changes

    before, after = both.trees
    records = {location.path for location in package.locations.values()}
    known = before.entries().keys() & after.entries().keys()
    if not (both.paths & known) - records - {MANIFEST} and not both.overlays.changed:
        return []
    return list(attachment_changes(both.indexes.before, both.indexes.after))


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
    package = _load(PartialTree(tree, {*paths, MANIFEST}), tree).package
    texts = {key: record.body for key, record in package.records.items() if record.body}
    return {key: {**raw, "body": texts[key]} if key in texts else raw for key, raw in package.raw.items()}
