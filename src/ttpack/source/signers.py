"""Reading the file of keys that may sign, only from inside the package."""

import posixpath
import re

from ttpack.model.allowed_signers import DEFAULT_FILE, AllowedSigners, allowed_signers
from ttpack.source.entries import Tree
from ttpack.source.problems import ATTACHMENT_MISSING, NOT_UTF_8, PATH_OUTSIDE_PACKAGE, SourceProblem

MAX_BYTES = 1_000_000
"""Largest file of allowed signers that is read, in bytes."""


def read_signers(tree: Tree, named: str | None) -> AllowedSigners | None:
    """The keys that may sign, from the file that the package record names, else from the default one if it is there.

    Raises SourceProblem, its path being the file's: SRC-07, 08, 10, 15, 18 or 22.
    """
    if named is None:
        if DEFAULT_FILE not in tree.entries():
            return None
        path = DEFAULT_FILE
    else:
        path = posixpath.normpath(named)
        if named.startswith("/") or "\\" in named or path.split("/")[0] == ".." or re.match(r"[A-Za-z]:", named):
            raise SourceProblem(PATH_OUTSIDE_PACKAGE, f"the file {named!r} lies outside the package", named)
        if path not in tree.entries():
            raise SourceProblem(ATTACHMENT_MISSING, f"the file {named!r} is not in the package", named)
    try:
        text = tree.read(path, MAX_BYTES).decode()
    except UnicodeDecodeError as error:
        raise SourceProblem(NOT_UTF_8, f"byte {error.start + 1} of {path} is not UTF-8", path) from None
    return allowed_signers(path, text)
