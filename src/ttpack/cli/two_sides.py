"""How two revisions of one package are opened: by its folder, or where it lay then by its id."""

from ttpack.cli.opening import AnyTree, folder_in_repository, open_tree
from ttpack.errors import NotAPackage
from ttpack.source.moved import find_package, package_id
from ttpack.source.trees import FolderTree


def open_sides(path: str, from_revision: str | None, to_revision: str | None) -> tuple[AnyTree, AnyTree]:
    """The earlier and the later revision of the package that `path` stands in; None is HEAD, or the working tree.

    Which package is meant says the later side; where it has none at that place, the working tree, then the earlier
    side. Raises NotAPackage, RevisionError or UnreadableError.
    """
    names = ("HEAD" if from_revision is None else from_revision, to_revision)
    before, after = (_opened(path, name) for name in names)
    meant = next((tree for tree in (after, *_here(path, after), before) if not isinstance(tree, NotAPackage)), None)
    if meant is None:
        raise after if isinstance(after, NotAPackage) else NotAPackage(f"no package at {path}")
    return same_package(before, meant, names[0]), same_package(after, meant, names[1])


def same_package(tree: AnyTree | NotAPackage, meant: AnyTree, name: str | None) -> AnyTree:
    """The tree if it is of the package that is meant; else that package, where it lay at that revision.

    A package of another id in the same folder is the same one renamed, one in another folder is another. Raises
    NotAPackage.
    """
    wanted = package_id(meant)
    if not isinstance(tree, NotAPackage) and (tree is meant or package_id(tree) == wanted is not None):
        return tree
    repository = meant.repository
    if wanted is not None and name is not None and repository is not None:
        found = find_package(repository, repository.resolve(name), name, wanted)
        if found is not None:
            return found
    if isinstance(tree, NotAPackage):
        raise tree
    if folder_in_repository(tree) != folder_in_repository(meant):
        raise NotAPackage(f"no package {wanted or 'of that id'} at revision {name!r}; {_where(tree)} holds another")
    return tree


def _opened(path: str, name: str | None) -> AnyTree | NotAPackage:
    try:
        return open_tree(path, name)
    except NotAPackage as error:
        return error


def _here(path: str, after: object) -> tuple[AnyTree | NotAPackage, ...]:
    return () if isinstance(after, FolderTree) else (_opened(path, None),)


def _where(tree: AnyTree) -> str:
    return folder_in_repository(tree) or "the top of the repository"
