"""What changed since the last approved revision: what rule CHG-02 needs from the history of a package."""

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ttpack.cli.opening import AnyTree, folder_in_repository
from ttpack.errors import RevisionError, TtpackError
from ttpack.source.cache import Cache, open_cache
from ttpack.source.trees import MANIFEST, FolderTree, GitTree

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ttpack.analysis.change_coverage import ChangeSince
    from ttpack.model.package import Package
    from ttpack.source.approved_revision import Tags

SHORTEST_HASH = 7


@dataclass(frozen=True)
class ApprovedBase:
    """The last approved revision behind a tree, and the tags by which change records may name where they start."""

    tree: GitTree
    tags: "Tags"

    @property
    def name(self) -> str:
        """The tag."""
        return self.tree.revision.name

    @property
    def commit(self) -> str:
        """The commit of the tag."""
        return str(self.tree.revision.commit)


def approved_base(tree: AnyTree, cache: Cache, *, release: bool = False) -> ApprovedBase | str:
    """The last approved revision behind a tree, or in words why there is none.

    At the release of a revision that is tagged already it is the one before: the tag alone approves nothing. Raises
    RevisionError or UnreadableError at a release where the history that would say it is cut off or cannot be read.
    """
    try:
        found = _approved_base(tree, cache, release=release)
    except TtpackError as error:
        if release:
            raise
        return f"which revision was approved last cannot be told: {error}"
    if release and isinstance(found, str) and tree.repository is not None and tree.repository.shallow:
        raise RevisionError(f"nothing can be released from here: {found}")
    return found


def _approved_base(tree: AnyTree, cache: Cache, *, release: bool) -> ApprovedBase | str:
    from ttpack.source.approved_revision import last_approved, tags_behind

    repository, revision = tree.repository, tree.revision
    if repository is None or revision.commit is None:
        return "the package has no committed revision, so none was approved"
    prefix = folder_in_repository(tree)
    tags = tags_behind(repository, revision.commit)
    if not tags.commits:
        return _none(shallow=repository.shallow)
    before = release and not (isinstance(tree, FolderTree) and revision.dirty)
    name = last_approved(repository, prefix, tags, cache, before=before)
    if name is None:
        return _none(shallow=repository.shallow)
    return ApprovedBase(GitTree(repository, repository.resolve(f"refs/tags/{name}"), prefix, name).alone(), tags)


def _none(*, shallow: bool) -> str:
    hint = "; this is a shallow clone: fetch all history and tags (fetch-depth: 0)" if shallow else ""
    return f"no tag behind this revision holds a package that is approved or effective{hint}"


def key_of(base: ApprovedBase | str, tree: AnyTree) -> str:
    """What an answer depends on through the history: the base, the tags, and the commit that is looked at."""
    if isinstance(base, str):
        return hashlib.sha256(base.encode()).hexdigest()
    text = f"{base.commit} {tree.revision.commit} {base.tags.key}"
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()


def change_since(tree: AnyTree, package: "Package", base: ApprovedBase | str, *, release: bool) -> "ChangeSince | str":
    """What changed of a package since the approved revision, or in words why nobody can tell.

    Private overlays are left out: what they hold must not stand in a change record that others read. The functions
    that the rules ask for are looked up only where no proposal names them, and at release, where what cannot be read
    raises an error of ttpack.errors.
    """
    if isinstance(base, str):
        return base
    try:
        return _change_since(tree.alone(), package, base, release=release)
    except TtpackError as error:
        if release:
            raise
        return f"what changed since {base.name} could not be read: {error}"


def _change_since(tree: AnyTree, package: "Package", base: ApprovedBase, *, release: bool) -> "ChangeSince":
    from dataclasses import replace

    from ttpack.analysis.change_coverage import (
        ChangeSince,
        approvers_by_record,
        changes_of_meaning,
        classes_by_field,
        coverage,
    )
    from ttpack.cli.comparing import compare_trees
    from ttpack.source.load import load
    from ttpack.source.partial import PartialTree

    comparison = compare_trees(base.tree, tree)
    since = ChangeSince(
        base.name,
        base.commit,
        changes_of_meaning(comparison.changes, comparison.sides[1]),
        gates=dict(load(PartialTree(base.tree, {MANIFEST})).package.manifest.gates),
        not_assessed=comparison.not_assessed,
        revised=frozenset(change.record for change in comparison.changes if change.field == "revision"),
    )
    if not since.changes:
        return since
    since = replace(
        since,
        starts=frozenset(_starts(tree, package, base)),
        new_records=frozenset(
            change.record
            for change in comparison.changes
            if change.kind == "record_added" and change.record_kind == "change_record"
        ),
    )
    by_hand = any(record.proposal is None for _, records in coverage(package, since) for record in records)
    if not (release or by_hand):
        return since
    from ttpack.cli.recording import assess_for_record

    classified = assess_for_record(comparison).classified
    return replace(since, approvers=approvers_by_record(classified), classes=classes_by_field(classified))


def _starts(tree: AnyTree, package: "Package", base: ApprovedBase) -> "Iterable[str]":
    """The names that change records give for the revision they start from, where it is the approved one or later."""
    from ttpack.model.regulatory import ChangeRecord
    from ttpack.source.approved_revision import commits_since

    names = {record.from_revision for record in package.in_force(ChangeRecord) if record.from_revision}
    if not names or tree.repository is None or tree.revision.commit is None:
        return
    allowed = commits_since(tree.repository, base.commit, tree.revision.commit)
    for name in names:
        hashed = len(name) >= SHORTEST_HASH and any(commit.startswith(name) for commit in allowed)
        if base.tags.commits.get(name) in allowed or hashed:
            yield name


def looked_up(tree: AnyTree, package: "Package") -> "ChangeSince | str":
    """What changed of a package since the last approved revision behind a tree."""
    with open_cache(tree) as cache:
        base = approved_base(tree, cache)
    return change_since(tree, package, base, release=False)
