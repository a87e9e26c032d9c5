"""How every command opens what it works on: a path and perhaps a revision, then a tree, then a package.

Choosing a tree imports neither pydantic nor the rules, so that an answer that is already known costs little.
"""

import datetime
import os
import posixpath
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING

import click

from ttpack.cli import clock
from ttpack.cli.progress import progress
from ttpack.errors import NotAPackage, RevisionError, UnreadableError, UsageError
from ttpack.source.repository import Repository
from ttpack.source.trees import FolderTree, GitTree, git_tree, working_tree

if TYPE_CHECKING:
    from ttpack.source.load import Loaded

AnyTree = FolderTree | GitTree
LARGE = 1000
"""Files from which reading a package takes noticeable time."""


def open_tree(path: str, revision: str | None = None) -> AnyTree:
    """The files of the package that `path` stands in, at a revision or (None) as they are on disk.

    Raises NotAPackage, RevisionError or UnreadableError.
    """
    return working_tree(path) if revision is None else git_tree(path, revision)


def open_package(tree: AnyTree) -> "Loaded":
    """The package of a tree with what is wrong with its files, read through the cache.

    Raises NotAPackage where the package record itself cannot be read.
    """
    from ttpack.source.cache import open_cache
    from ttpack.source.load import load

    with open_cache(tree) as cache, _life("reading the package", tree):
        return load(tree, cache)


def tells_unread(loaded: "Loaded") -> bool:
    """Whether files have errors, which standard error says: an answer made without them is no clean one."""
    errors = [one for one in loaded.problems if one.severity == "error"]
    if errors:
        more = f" and {len(errors) - 1} more" if len(errors) > 1 else ""
        first = errors[0]
        click.echo(
            f"Some files have errors, and what they say is missing here: {first.path}:{first.line}:{first.column}: "
            f"{first.message}{more}. `ttpack check` shows all.",
            err=True,
        )
    return bool(errors)


def _life(label: str, tree: AnyTree) -> AbstractContextManager[object]:
    """A sign of life while a large package is read; a small one is there before it could be drawn."""
    return progress(label) if len(tree.entries()) > LARGE else nullcontext()


def open_base(path: str, revision: str, tree: AnyTree) -> GitTree | None:
    """The revision a change is compared with, or None where that revision has no package yet.

    When `revision` is not an ancestor of what `tree` shows, it is their merge base, so that what others did
    meanwhile is not taken for part of the change. A package that lay elsewhere then is found by its id. Raises
    RevisionError where the two have no common history, or there is no repository.
    """
    repository = tree.repository
    if repository is None:
        raise RevisionError(f"{path} is in no git repository, so there is no revision {revision!r} to compare with")
    commit, head = repository.resolve(revision).hash, tree.revision.commit
    common = commit if head in (None, commit) else _merge_base(repository, commit, str(head))
    name = revision if common == commit else common
    try:
        base = git_tree(path, name)
    except NotAPackage:
        base = None
    if base is not None and base.prefix == folder_in_repository(tree):
        return base
    # A package further up, which the folder belonged to then, is another package.
    from ttpack.source.moved import find_package, package_id

    wanted = package_id(tree)
    return find_package(repository, repository.resolve(name), name, wanted) if wanted else None


def _merge_base(repository: Repository, first: str, second: str) -> str:
    try:
        return repository.run("merge-base", first, second).decode().strip()
    except UnreadableError:
        hint = "; this is a shallow clone: fetch all history (fetch-depth: 0)" if repository.shallow else ""
        raise RevisionError(f"{first[:12]} and {second[:12]} have no common ancestor{hint}") from None


def as_of_date(asked: str | None, tree: AnyTree) -> datetime.date:
    """The date an answer is given for: the one asked for, else the revision's committer date, else today, in UTC.

    Raises UsageError for a text that is no date.
    """
    if asked is not None:
        try:
            return datetime.date.fromisoformat(asked)
        except ValueError:
            raise UsageError(f"{asked!r} is no date; write it as 2026-11-30") from None
    committed = tree.revision.committed if isinstance(tree, GitTree) else None
    return committed.astimezone(datetime.UTC).date() if committed else clock.today()


def folder_in_repository(tree: AnyTree) -> str:
    """The package's folder below the repository's top, in POSIX form; empty for the top, or without git."""
    if isinstance(tree, GitTree):
        return tree.prefix
    if tree.repository is None:
        return ""
    folder = posixpath.relpath(tree.root, tree.repository.top)
    return "" if folder == "." else folder


def folder_from_here(tree: AnyTree) -> str:
    """The package's folder as a person standing in the current folder names it; empty when they stand in it."""
    if isinstance(tree, GitTree):
        root = posixpath.join(tree.repository.top, tree.prefix) if tree.prefix else tree.repository.top
    else:
        root = tree.root
    folder = posixpath.relpath(root, os.path.realpath("."))
    return "" if folder == "." else folder
