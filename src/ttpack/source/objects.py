"""What git's index and objects say about the files of a package."""

import os
from collections.abc import Iterator

from ttpack.errors import UnreadableError
from ttpack.source.files import too_large
from ttpack.source.repository import Blob, Repository

ModeAndHash = tuple[int, str]


def index_state(repository: Repository, folder: str) -> tuple[dict[str, ModeAndHash], set[str], set[str]]:
    """Files below `folder`: those in the index, those whose content on disk may be another or new, those removed.

    Paths are relative to `folder`; a repository inside this one ends with a slash.
    """
    command = ("ls-files", "-z", "-v", "-s", "-m", "-d", "-o", "--exclude-standard")
    listing = repository.run(*command, folder=folder, settings=repository.no_filters)
    known: dict[str, ModeAndHash] = {}
    unsure: set[str] = set()
    removed: set[str] = set()
    for line in os.fsdecode(listing).split("\0"):
        tag = line[:1]
        if tag == "?":
            unsure.add(line[2:])
        elif tag:
            head, _, path = line.partition("\t")
            known[path] = (int(head[2:8], 8), head[9:-2])
            if tag == "R":
                removed.add(path)
            elif tag not in ("H", "S"):  # modified, unmerged, or promised not to change, which nothing keeps
                unsure.add(path)
    return known, unsure, removed


def list_tree(repository: Repository, commit: str, prefix: str) -> Iterator[tuple[str, int, str]]:
    """Path below `prefix`, mode and hash of every file of a commit; nothing where the folder does not exist."""
    below = ("--", f"{prefix}/") if prefix else ()
    listing = repository.run("ls-tree", "-r", "-z", "--full-tree", commit, *below)
    for line in os.fsdecode(listing).split("\0"):
        if line:
            head, _, path = line.partition("\t")
            mode, _, blob = head.split(" ")
            yield path[len(prefix) + 1 if prefix else 0 :], int(mode, 8), blob


def read_blob(repository: Repository, blob: str, path: str, limit: int) -> bytes:
    """Content of a blob. Raises SourceProblem over `limit` bytes, UnreadableError for a damaged repository."""
    return blob_data(next(repository.cat([blob], limit)), path, limit)


def blob_data(blob: Blob | None, path: str, limit: int) -> bytes:
    """Content of a blob that git found. Raises as `read_blob`."""
    if blob is None:
        raise UnreadableError(f"the content of {path} is not in this repository; fetch it, or run `git fsck`")
    if blob.data is None:
        raise too_large(path, blob.size, limit)
    return blob.data
