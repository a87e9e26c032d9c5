"""How the history of readiness is read from git: few records of the revisions that touched an item, nothing else."""

import datetime
from collections.abc import Collection, Iterator, Mapping
from itertools import islice
from typing import TYPE_CHECKING

from ttpack.cli.opening import AnyTree, folder_in_repository
from ttpack.errors import NotAPackage, UnreadableError
from ttpack.source.approved_revision import tags_behind
from ttpack.source.cache import Cache, open_cache
from ttpack.source.history import blobs, past_commits
from ttpack.source.repository import Commit, Repository
from ttpack.source.revision_tree import GitTree

if TYPE_CHECKING:
    from ttpack.analysis.readiness.history import Point, ReadinessHistory
    from ttpack.model.package import Package

_KIND = b"readiness_item"
_CHUNK = 50
MOST_POINTS = 60
"""Revisions shown, the newest."""
MOST_COMMITS = 5000
"""Commits searched for readiness items, the newest: beyond them reading would take minutes."""


def readiness_history(
    tree: AnyTree, package: "Package", sites: Collection[str], as_of: datetime.date
) -> "Mapping[str, ReadinessHistory]":
    """The history of readiness of each site up to a date; what the package says now is its last point.

    Without git that is the only point, and the history says so.
    """
    from ttpack.analysis.readiness.history import history_of, points_of

    found: dict[str, list[Point]] = {site: [] for site in sites}
    past, said = _past(tree)
    with open_cache(tree) as cache:
        for commit, name in past:
            day = commit.committed.astimezone(datetime.UTC).date()
            then = _package_at(tree, commit, name, cache) if day <= as_of else None
            for site, point in points_of(then, sites, day, name, commit.hash).items() if then else ():
                found[site].append(point)
    for site, now in points_of(package, sites, as_of, "", "").items():
        points = found[site]
        if not points or not points[0].same_scores(now):
            points.insert(0, now)
    return {site: history_of(package, site, reversed(points), said) for site, points in found.items()}


def _past(tree: AnyTree) -> "tuple[list[tuple[Commit, str]], str]":
    """The revisions to look at, newest first, and what they do not show."""
    if tree.repository is None or tree.revision.commit is None:
        return [], "There is no git history here: only what the files say now is shown."
    moments = list(islice(_moments(tree.repository, tree, tree.revision.commit), MOST_POINTS + 1))
    said = [f"Only the newest {MOST_POINTS} revisions are shown."] if len(moments) > MOST_POINTS else []
    if tree.repository.shallow:
        said.append("The clone is shallow: what came before it is not known.")
    return moments[:MOST_POINTS], " ".join(said)


def _package_at(tree: AnyTree, commit: Commit, name: str, cache: Cache) -> "Package | None":
    """The package as it was, as far as readiness rests on it; None where the folder held none then."""
    from ttpack.analysis.readiness.history import needed
    from ttpack.source.load import load_part

    assert tree.repository is not None  # noqa: S101  the caller has looked
    try:
        past = load_part(
            GitTree(tree.repository, commit, folder_in_repository(tree), name or commit.hash), cache, needed
        )
    except (NotAPackage, UnreadableError, KeyError):
        return None
    return past if past.readable else None


def _moments(repository: Repository, tree: AnyTree, commit: str) -> Iterator[tuple[Commit, str]]:
    """Newest first, each tagged revision and each commit that touched a readiness item, with its tag or nothing."""
    tags: dict[str, str] = {}
    for name, at in sorted(tags_behind(repository, commit).commits.items()):
        tags.setdefault(at, name)
    touched = islice(_touched(repository, commit, folder_in_repository(tree)), MOST_POINTS + 1)
    found = sorted(_commits(repository, {*touched, *tags}), key=lambda one: one.committed, reverse=True)
    yield from ((one, tags.get(one.hash, "")) for one in found)


def _commits(repository: Repository, hashes: Collection[str]) -> Iterator[Commit]:
    """The commits of full hashes with their dates, in one call of git."""
    lines = (
        repository.run("log", "--no-walk", "--no-show-signature", "--format=%H %cI", *sorted(hashes)) if hashes else b""
    )
    for line in lines.decode("ascii", "replace").splitlines():
        name, _, when = line.partition(" ")
        yield Commit(name, datetime.datetime.fromisoformat(when))


def _touched(repository: Repository, commit: str, prefix: str) -> Iterator[str]:
    """The commits, newest first, that changed a file with a readiness item in it."""
    commits = islice(past_commits(repository, commit, prefix), MOST_COMMITS)
    while chunk := list(islice(commits, _CHUNK)):
        names = {blob for one in chunk for file in one.files for blob in (file.before, file.after) if blob}
        items = {name for name, data in blobs(repository, names).items() if _KIND in data}
        for one in chunk:
            if any({file.before, file.after} & items for file in one.files):
                yield one.hash
