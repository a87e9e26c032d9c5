"""What was computed before, in one SQLite file in git's own folder: never in the package, never trusted blindly."""

import hashlib
import os
import sqlite3
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Self

from ttpack.source.folder_tree import FolderTree
from ttpack.source.revision_tree import GitTree

_SCHEMA = """
create table if not exists entries (key blob primary key, value blob not null, digest blob not null)
"""
_BUSY_MILLISECONDS = 200
_MOST_BYTES = 500_000_000
_CHUNK = 500


class Cache:
    """Texts by key. Whatever goes wrong with the file is a miss, or nothing kept; no command ever fails for it.

    Each value carries a SHA-256 over its key and itself, so a damaged or misplaced value is a miss.
    """

    def __init__(self, file: Path | None) -> None:
        """Open the cache, making the file when there is none; `None` is a cache that keeps nothing."""
        self._database = _open(file) if file else None

    @property
    def keeps(self) -> bool:
        """Whether anything that is put would be kept."""
        return self._database is not None

    def get(self, key: str) -> str | None:
        """The text kept under `key`, or None."""
        return self.get_many([key]).get(key)

    def get_many(self, keys: Iterable[str]) -> dict[str, str]:
        """The texts kept under those of `keys` that are known."""
        try:
            return {key: value.decode() for key, value in self.get_blobs(keys).items()}
        except UnicodeDecodeError:
            self.close()
            return {}

    def get_blobs(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The bytes kept under those of `keys` that are known."""
        found: dict[str, bytes] = {}
        if self._database is None:
            return found
        wanted = {_short(key): key for key in keys}
        shorts = list(wanted)
        try:
            for first in range(0, len(shorts), _CHUNK):
                chunk = shorts[first : first + _CHUNK]
                marks = ",".join("?" * len(chunk))
                query = f"select key, value, digest from entries where key in ({marks})"  # noqa: S608  only marks
                for short, value, digest in self._database.execute(query, chunk):
                    if isinstance(value, bytes) and short in wanted and _digest(short, value) == digest:
                        found[wanted[short]] = value
        except sqlite3.Error:
            self.close()
        return found

    def put(self, key: str, value: str) -> None:
        """Keep a text."""
        self.put_many({key: value})

    def put_many(self, values: Mapping[str, str]) -> None:
        """Keep texts, all in one transaction."""
        try:
            self.put_blobs({key: value.encode() for key, value in values.items()} if self.keeps else {})
        except UnicodeEncodeError:
            self.close()

    def put_blobs(self, values: Mapping[str, bytes]) -> None:
        """Keep bytes, all in one transaction."""
        if self._database is None or not values:
            return
        try:
            with self._database:
                self._database.executemany(
                    "insert or replace into entries values (?, ?, ?)",
                    (_row(key, value) for key, value in values.items()),
                )
        except sqlite3.Error:
            self.close()

    def close(self) -> None:
        """Close the file; the cache keeps nothing from then on."""
        database, self._database = self._database, None
        if database is not None:
            try:
                database.close()
            except sqlite3.Error:
                return

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_cache(tree: object) -> Cache:
    """The cache of the repository that a tree comes from, in its `.git/ttpack/`; without git one that keeps nothing."""
    repository = tree.repository if isinstance(tree, FolderTree | GitTree) else None
    return Cache(Path(repository.git_dir, "ttpack", "cache.sqlite") if repository else None)


def open_page_cache(tree: object) -> Cache:
    """The cache of rendered pages, in a folder of `.git/ttpack/` that only this user may write; else one without keep.

    What it holds is published as it stands, so a folder or a file that another user owns or may write is not used.
    """
    repository = tree.repository if isinstance(tree, FolderTree | GitTree) else None
    if repository is None:
        return Cache(None)
    folder = Path(repository.git_dir, "ttpack", "site")
    file = folder / "pages.sqlite"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        mine = all(_only_mine(path) for path in (folder, file) if path == folder or path.exists())
    except OSError:
        return Cache(None)
    return Cache(file if mine else None)


def _only_mine(path: Path) -> bool:
    """Whether nobody else owns or may write it; a system without users of its own says yes."""
    status = path.lstat()
    if not hasattr(os, "getuid"):
        return not path.is_symlink()
    kind = stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode)
    return kind and status.st_uid == os.getuid() and not status.st_mode & 0o022


def _open(file: Path) -> sqlite3.Connection | None:
    try:
        file.parent.mkdir(exist_ok=True)
        if file.is_symlink() or file.parent.is_symlink():
            return None
        if file.exists() and file.stat().st_size > _MOST_BYTES:
            file.unlink()
        return _connect(file)
    except sqlite3.DatabaseError:
        return _begin_anew(file)
    except OSError:
        return None


def _connect(file: Path) -> sqlite3.Connection:
    database = sqlite3.connect(file, timeout=_BUSY_MILLISECONDS / 1000)
    try:
        database.execute("pragma journal_mode=wal")
        database.execute("pragma synchronous=off")  # a cache that a power cut damages is a miss
        database.execute(_SCHEMA)
    except sqlite3.Error:
        database.close()
        raise
    return database


def _begin_anew(file: Path) -> sqlite3.Connection | None:
    """A new cache in place of a file that is no database; nothing where it is only locked or must not be written."""
    try:
        with file.open("rb") as stream:
            damaged = not stream.read(16).startswith(b"SQLite format 3")
        if not damaged:
            return None
        file.unlink()
        return _connect(file)
    except (OSError, sqlite3.Error):
        return None


def _row(key: str, value: bytes) -> tuple[bytes, bytes, bytes]:
    short = _short(key)
    return short, value, _digest(short, value)


def _short(key: str) -> bytes:
    return hashlib.sha256(key.encode()).digest()


def _digest(short: bytes, value: bytes) -> bytes:
    return hashlib.sha256(short + value).digest()
