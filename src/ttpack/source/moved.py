"""The same package in another folder: packages move inside their repository, their id stays."""

import os
import posixpath

from ttpack.errors import NotAPackage
from ttpack.source.documents import read_yaml
from ttpack.source.entries import Tree
from ttpack.source.problems import SourceProblem
from ttpack.source.repository import Commit, Repository
from ttpack.source.revision_tree import GitTree
from ttpack.source.trees import MANIFEST


def package_id(tree: Tree) -> str | None:
    """The id in a package's own record, or None where that cannot be read or gives none."""
    try:
        data = read_yaml(tree.read(MANIFEST), MANIFEST)[0].data
    except (SourceProblem, KeyError):
        return None
    found = data.get("id")
    return found if isinstance(found, str) and data.get("kind") == "package" else None


def find_package(repository: Repository, commit: Commit, name: str, wanted: str) -> GitTree | None:
    """The package of that id at a commit, wherever it lies; None where there is none.

    Raises NotAPackage where several folders hold it, so that nothing says which one is meant.
    """
    listing = os.fsdecode(repository.run("ls-tree", "-r", "-z", "--full-tree", "--name-only", commit.hash))
    folders = [posixpath.dirname(path) for path in listing.split("\0") if posixpath.basename(path) == MANIFEST]
    trees = [GitTree(repository, commit, folder, name) for folder in sorted(folders)]
    found = [tree for tree in trees if package_id(tree) == wanted]
    if len(found) > 1:
        places = ", ".join(tree.prefix or "." for tree in found)
        raise NotAPackage(f"several folders hold the package {wanted} at revision {name!r}: {places}")
    return found[0] if found else None
