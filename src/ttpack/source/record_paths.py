"""Which files of a package hold its records: `ttpack.yaml`, and what lies in its record folders."""

import posixpath

from ttpack.source.documents import read_yaml
from ttpack.source.entries import Tree
from ttpack.source.problems import SourceProblem
from ttpack.source.trees import MANIFEST

SUFFIXES = (".yaml", ".yml", ".md")
_DEFAULT = ["records"]


def record_paths(tree: Tree) -> list[str]:
    """Paths of the package record and of every file in the record folders that must hold records, sorted.

    Links and special files are among them: whoever reads one is told what it is. A package record that cannot be read
    leaves the default folder.
    """
    folders = [posixpath.normpath(folder) for folder in _folders(tree)]
    return [
        path
        for path in tree.entries()
        if path == MANIFEST
        or (
            path.lower().endswith(SUFFIXES)
            and any(folder == "." or path.startswith(f"{folder}/") for folder in folders)
        )
    ]


def _folders(tree: Tree) -> list[str]:
    try:
        given = read_yaml(tree.read(MANIFEST), MANIFEST)[0].data.get("records", _DEFAULT)
    except (SourceProblem, KeyError):
        return _DEFAULT
    return [folder for folder in given if isinstance(folder, str)] if isinstance(given, list) else _DEFAULT
