"""The commits that touched a package, newest first, each with the files it changed; read from git's objects alone."""

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ttpack.source.approved_revision import tags_behind
from ttpack.source.documents import RawRecord, read_document
from ttpack.source.problems import SourceProblem
from ttpack.source.repository import Repository
from ttpack.source.text import MAX_BYTES

_HEADER = re.compile(r"[0-9a-f]{40,64}\n")
_FORMAT = "--format=tformat:%H%n%P%n%aI%n%an%n%s"
_SUFFIXES = (".yaml", ".yml", ".md")
_REGULAR = frozenset({"100644", "100755"})
_HEADER_LINES = 5


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file of the package that a commit changed: its blobs before and after, None where it was or is not there."""

    path: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class PastCommit:
    """A commit that touched the package. A merge lists only files that differ from every parent."""

    hash: str
    author: str
    when: datetime.datetime
    subject: str
    files: tuple[FileChange, ...]


def past_commits(repository: Repository, commit: str, prefix: str) -> Iterator[PastCommit]:
    """The commits up to `commit` (a full hash) that changed record files below `prefix`, newest first."""
    output = repository.run(
        "log", "--no-show-signature", "--no-mailmap", "--no-color", "--date-order", "--raw", "--no-abbrev", "-z",
        "--no-renames", "--ignore-submodules=all", "--diff-merges=combined", "--encoding=UTF-8", _FORMAT, commit,
        "--", *([prefix] if prefix else []),
    )  # fmt: skip
    below = f"{prefix}/" if prefix else ""
    header, files = "", list[FileChange]()
    tokens = iter(output.decode("utf-8", "surrogateescape").split("\0"))
    for token in tokens:
        text = token.lstrip("\n")
        if text.startswith(":"):
            path = next(tokens, "")
            if path.startswith(below) and path.endswith(_SUFFIXES):
                files.append(_file(text, path.removeprefix(below)))
        elif _HEADER.match(text):
            if header:
                yield _commit(header, files)
            header, files = text, []
    if header:
        yield _commit(header, files)


def records_in(data: bytes | None, path: str) -> list[RawRecord] | None:
    """The records of a file's content; None where it cannot be read, nothing where there is no file."""
    if data is None:
        return []
    try:
        return read_document(data, path)
    except SourceProblem:
        return None


def blobs(repository: Repository, names: Iterable[str]) -> Mapping[str, bytes]:
    """The contents of several blobs by hash; larger ones than a record file may be are left out."""
    wanted = sorted({*names})
    found = repository.cat(wanted, MAX_BYTES)
    return {name: blob.data for name, blob in zip(wanted, found, strict=True) if blob and blob.data is not None}


def tags_containing(repository: Repository, commit: str) -> Mapping[str, tuple[str, str]]:
    """By commit up to `commit` the first tag that contains it and the last one before it, empty where there is none.

    Of several tags the one of the older commit is the first; order of commits is that of history, not of dates.
    """
    tagged: dict[str, str] = {}
    for name, at in tags_behind(repository, commit).commits.items():
        tagged.setdefault(at, name)
    lines = repository.run("rev-list", "--topo-order", "--reverse", "--parents", commit).decode().split("\n")
    rank: dict[str, int] = {}
    parents: dict[str, list[str]] = {}
    for number, line in enumerate(filter(None, lines)):
        name, *above = line.split()
        rank[name], parents[name] = number, above
    last: dict[str, str] = {}
    for name, above in parents.items():
        candidates = [parent if parent in tagged else last.get(parent, "") for parent in above]
        last[name] = max(candidates, key=lambda tag: rank.get(tag, -1), default="")
    first: dict[str, str] = {}
    for name in reversed(parents):
        own = first[name] = name if name in tagged else first.get(name, "")
        for parent in parents[name]:
            if own and rank[own] < rank.get(first.get(parent, ""), len(rank)):
                first[parent] = own
    return {name: (tagged.get(first[name], ""), tagged.get(last[name], "")) for name in parents}


def _file(raw: str, path: str) -> FileChange:
    parents = len(raw) - len(raw.lstrip(":"))
    words = raw.lstrip(":").split(" ")
    modes, hashes = words[: parents + 1], words[parents + 1 : 2 * parents + 2]

    def blob(place: int) -> str | None:
        return hashes[place] if modes[place] in _REGULAR else None

    return FileChange(path, blob(0), blob(parents))


def _commit(header: str, files: list[FileChange]) -> PastCommit:
    name, _, when, author, subject = (*header.split("\n", _HEADER_LINES - 1), "", "", "", "", "")[:_HEADER_LINES]
    return PastCommit(name, author, datetime.datetime.fromisoformat(when), subject.strip(), tuple(files))


def raw_by_id(records: Iterable[RawRecord]) -> Mapping[str, RawRecord]:
    """Records by their ids; those without one are left out."""
    found: dict[str, RawRecord] = {}
    for record in records:
        name: Any = record.data.get("id")
        if isinstance(name, str):
            found.setdefault(name, record)
    return found
