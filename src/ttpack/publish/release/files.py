"""The files of a folder with their digests, in one order everywhere."""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

_BLOCK = 1 << 20


@dataclass(frozen=True, slots=True)
class FileDigest:
    """A regular file: its path below the folder with forward slashes, its size in bytes, its SHA-256 in hex."""

    path: str
    size: int
    digest: str

    def as_json(self) -> dict[str, object]:
        """The file as a JSON object."""
        return {"path": self.path, "bytes": self.size, "sha256": self.digest}


@dataclass(frozen=True, slots=True)
class Irregular:
    """What is neither a regular file nor a folder: a link, a device, a pipe."""

    path: str
    what: str


def digests(folder: Path) -> list[FileDigest]:
    """Every file below a folder of our own making, by path. Raises ValueError for what is not a regular file."""
    found = []
    for one in walk(folder):
        if isinstance(one, Irregular):
            message = f"{one.path} is a {one.what}"
            raise ValueError(message)  # noqa: TRY004  not of the wrong type: of the wrong kind
        found.append(file_digest(folder, one))
    return found


def walk(folder: Path) -> Iterator[str | Irregular]:
    """Paths of the files below a folder, sorted; links are named, never followed."""
    found: list[str | Irregular] = []
    waiting = [""]
    while waiting:
        inside = waiting.pop()
        with os.scandir(folder / inside) as entries:
            for entry in entries:
                path = f"{inside}/{entry.name}" if inside else entry.name
                mode = entry.stat(follow_symlinks=False).st_mode
                if stat.S_ISDIR(mode):
                    waiting.append(path)
                elif stat.S_ISREG(mode):
                    found.append(path)
                else:
                    found.append(Irregular(path, "symbolic link" if stat.S_ISLNK(mode) else "special file"))
    yield from sorted(
        found, key=lambda one: (one if isinstance(one, str) else one.path).encode("utf-8", "surrogateescape")
    )


def file_digest(folder: Path, path: str) -> FileDigest:
    """Size and digest of one file, read in blocks; a link in its place is not followed. Raises OSError."""
    digest, size = hashlib.sha256(), 0
    descriptor = os.open(folder / PurePosixPath(path), os.O_RDONLY | os.O_NOFOLLOW)
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileDigest(path, size, digest.hexdigest())


def write_durably(path: Path, data: bytes) -> None:
    """Write a new file and have it on the disk before anything is said of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
