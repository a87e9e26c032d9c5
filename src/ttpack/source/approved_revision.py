"""The last approved revision behind a commit: the nearest tag whose package record says approved or effective."""

import posixpath
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ttpack.errors import UnreadableError
from ttpack.model.status import APPROVED
from ttpack.source.cache import Cache
from ttpack.source.problems import SourceProblem
from ttpack.source.repository import Repository
from ttpack.source.text import MAX_BYTES
from ttpack.source.trees import MANIFEST

_SAYS_SO = re.compile(rb"^status[ \t]*:.*(?:approved|effective)", re.MULTILINE)
_NONE = "-"


@dataclass(frozen=True, slots=True)
class Tags:
    """The tags behind a commit (a full hash), by name with the commit each stands for."""

    commit: str
    commits: Mapping[str, str]

    @property
    def key(self) -> str:
        """What tells these tags from others."""
        return " ".join((self.commit, *(f"{name}={commit}" for name, commit in self.commits.items())))


def tags_behind(repository: Repository, commit: str) -> Tags:
    """The tags whose commits are `commit` (a full hash) or lie behind it. Raises UnreadableError."""
    listing = repository.run(
        "for-each-ref", f"--merged={commit}", "--format=%(objectname) %(*objectname) %(refname:strip=2)", "refs/tags"
    )
    found = {}
    for line in listing.decode("utf-8", "surrogateescape").split("\n"):
        direct, _, rest = line.partition(" ")
        peeled, _, name = rest.partition(" ")
        if name:
            found[name] = peeled or direct
    return Tags(commit, dict(sorted(found.items())))


def last_approved(repository: Repository, prefix: str, tags: Tags, cache: Cache, *, before: bool = False) -> str | None:
    """Name of the nearest tag, in git's own order, at which the package in `prefix` was approved; None for none.

    With `before` a tag of the commit itself does not count. Raises UnreadableError where git fails.
    """
    commit = tags.commit
    names = {name: at for name, at in tags.commits.items() if not (before and at == commit)}
    if not names:
        return None
    key = f"approved {before} {prefix} {tags.key}"
    known = cache.get(key)
    if known is None:
        found = _nearest(repository, commit, _approved(repository, prefix, names))
        known = found or _NONE
        if known.isprintable():
            cache.put(key, known)
    return None if known == _NONE else known


def commits_since(repository: Repository, base: str, commit: str) -> frozenset[str]:
    """The commits from `base` to `commit` (full hashes), both included. Raises UnreadableError."""
    listing = repository.run("rev-list", commit, f"^{base}")
    return frozenset({base, commit, *listing.decode("ascii").split()})


def _approved(repository: Repository, prefix: str, names: Mapping[str, str]) -> list[str]:
    """Tags whose package record says that the package is approved; one that cannot be read does not."""
    path = posixpath.join(prefix, MANIFEST)
    wanted = sorted({*names.values()})
    if not path.isprintable():
        return []
    blobs = repository.cat((f"{commit}:{path}" for commit in wanted), MAX_BYTES)
    read: dict[str, bool] = {}
    for commit, blob in zip(wanted, blobs, strict=True):
        read[commit] = blob is not None and blob.kind == "blob" and _says_so(blob.data)
    return [name for name, commit in names.items() if read[commit]]


def _says_so(data: bytes | None) -> bool:
    if data is None or not _SAYS_SO.search(data):
        return False
    from ttpack.source.documents import read_yaml  # an answer that is known already needs no reader

    try:
        return read_yaml(data, MANIFEST)[0].data.get("status") in APPROVED
    except SourceProblem:
        return False


def _nearest(repository: Repository, commit: str, names: Iterable[str]) -> str | None:
    # a name of a tag holds none of the characters that a pattern gives a meaning
    matches = [f"--match={name}" for name in names]
    if not matches:
        return None
    try:
        found = repository.run("describe", "--tags", "--abbrev=0", *matches, commit)
    except UnreadableError:
        return None
    return found.decode("utf-8", "surrogateescape").rstrip("\n")
