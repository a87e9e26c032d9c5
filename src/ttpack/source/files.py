"""Files on disk, never through a link and never a device."""

import errno
import os
import stat
from collections.abc import Iterator

from ttpack.errors import UnreadableError
from ttpack.source.problems import FILE_TOO_LARGE, NOT_A_REGULAR_FILE, SourceProblem

_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def list_files(root: str) -> Iterator[tuple[str, int]]:
    """Path below `root` and mode of all that is no folder; hidden folders are left out, links not followed."""
    for folder, folders, names in os.walk(root, followlinks=False, onerror=_refuse):
        linked = [name for name in folders if stat.S_ISLNK(os.lstat(f"{folder}/{name}").st_mode)]
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in linked)
        for name in sorted([*names, *linked]):
            full = f"{folder}/{name}"
            yield full[len(root) + 1 :], git_mode(os.lstat(full).st_mode)


def git_mode(mode: int) -> int:
    """A file's mode as git writes it: type and the owner's right to execute."""
    if stat.S_ISREG(mode):
        return 0o100755 if mode & 0o100 else 0o100644
    return stat.S_IFMT(mode)


def read_file(root: str, path: str, limit: int) -> bytes | None:
    """Content of a regular file below `root`, or None where there is none.

    Raises SourceProblem for a link, a special file, or one over `limit` bytes, before reading it; UnreadableError
    where the system refuses.
    """
    try:
        descriptor = os.open(f"{root}/{path}", _FLAGS)
    except OSError as error:
        if error.errno in (errno.ENOENT, errno.ENOTDIR):
            return None
        if error.errno in (errno.ELOOP, errno.ENXIO):
            raise not_regular(path, 0) from None
        raise UnreadableError(f"cannot read {path}: {error.strerror}") from None
    try:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise not_regular(path, found.st_mode)
        if found.st_size > limit:
            raise too_large(path, found.st_size, limit)
        return _read(descriptor, found.st_size, limit)
    except OSError as error:
        raise UnreadableError(f"cannot read {path}: {error.strerror}") from None
    finally:
        os.close(descriptor)


def not_regular(path: str, mode: int) -> SourceProblem:
    """The problem of a link or special file."""
    kind = "a symbolic link" if not mode or stat.S_ISLNK(mode) else "no regular file"
    return SourceProblem(NOT_A_REGULAR_FILE, f"{path} is {kind}", path)


def too_large(path: str, size: int, limit: int) -> SourceProblem:
    """The problem of a file over a limit, both in bytes."""
    message = f"the file has {size / 1e6:.1f} MB; the limit is {limit / 1e6:g} MB"
    return SourceProblem(FILE_TOO_LARGE, message, path)


def _read(descriptor: int, size: int, limit: int) -> bytes:
    data = os.read(descriptor, size + 1)
    if len(data) == size:
        return data
    parts = [data]  # the file is large or is growing: read on, but never past the limit
    while len(parts[-1]) and sum(map(len, parts)) <= limit:
        parts.append(os.read(descriptor, limit + 1))
    return b"".join(parts)[: limit + 1]


def _refuse(error: OSError) -> None:
    raise UnreadableError(f"cannot read {error.filename}: {error.strerror}")
