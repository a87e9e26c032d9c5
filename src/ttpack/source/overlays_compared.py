"""Which private overlays take part in a comparison: those that git knows, for only of these both sides are known."""

from typing import NamedTuple

from ttpack.source.documents import read_yaml
from ttpack.source.entries import Tree
from ttpack.source.folder_tree import FolderTree
from ttpack.source.problems import SourceProblem
from ttpack.source.trees import MANIFEST, changed_paths


class Overlays(NamedTuple):
    """Overlays that are here on a side: those whose files differ, those that do not, those only on disk."""

    changed: frozenset[str]
    unchanged: frozenset[str]
    unknown: frozenset[str]


def overlays_compared(before: Tree, after: Tree) -> Overlays:
    """The overlays that either side names, by what can be said of them."""
    changed: set[str] = set()
    unchanged: set[str] = set()
    unknown: set[str] = set()
    for path in sorted({*_named(before), *_named(after)}):
        old, new = _sibling(before, path), _sibling(after, path)
        if old is not None and new is not None:
            (changed if changed_paths(old, new) else unchanged).add(path)
        elif (old and _only_on_disk(before, old)) or (new and _only_on_disk(after, new)):
            unknown.add(path)
        elif old or new:
            changed.add(path)
    return Overlays(frozenset(changed), frozenset(unchanged), frozenset(unknown))


def _named(tree: Tree) -> list[str]:
    try:
        data = tree.read(MANIFEST) if MANIFEST in tree.entries() else b""
        named = read_yaml(data, MANIFEST)[0].data.get("overlays") if b"overlays" in data else None
    except SourceProblem:
        return []
    return [path for path in named if isinstance(path, str)] if isinstance(named, list) else []


def _sibling(tree: Tree, path: str) -> Tree | None:
    try:
        return tree.sibling(path)
    except SourceProblem:
        return None


def _only_on_disk(package: Tree, overlay: Tree) -> bool:
    """Whether git keeps no history of an overlay's files: it ignores them, or they are a repository of their own."""
    if not isinstance(package, FolderTree) or not isinstance(overlay, FolderTree) or package.repository is None:
        return False
    listing = ("ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", overlay.root)
    known = [name for name in package.repository.run(*listing).split(b"\0") if name]
    return not any(not name.endswith(b"/") for name in known)
