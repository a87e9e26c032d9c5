"""Replacing a record file on disk: whole or not at all, never through a link, its mode kept."""

import os
import stat
from contextlib import suppress

from ttpack.errors import UnreadableError, UsageError

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def replace_file(root: str, path: str, data: bytes) -> None:
    """Write `data` as the file `path` (POSIX, below the folder `root`), which may be new in a folder that is there.

    A reader sees the old content or the new one, never half of either; the mode stays. Raises UnreadableError where
    the file or a folder on the way below `root` is a symbolic link or no regular file, or the system refuses.
    """
    *folders, name = path.split("/")
    if not name or {"", ".", ".."} & {*folders, name}:
        raise UnreadableError(f"{path} is no path below {root}")
    descriptor = -1
    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for folder in folders:
            inner = os.open(folder, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        _replace(descriptor, name, path, data)
    except OSError as error:
        raise UnreadableError(f"cannot write {path}: {error.strerror}") from None
    finally:
        if descriptor >= 0:
            os.close(descriptor)


def write_new(root: str, path: str, data: bytes) -> None:
    """Write a file that is not there yet, making its folders. Raises UnreadableError for a link on the way."""
    *folders, name = path.split("/")
    if {"", ".", ".."} & {*folders, name}:
        raise UnreadableError(f"{path} is no path below the package")
    descriptor = -1
    try:
        descriptor = os.open(root, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        for folder in folders:
            with suppress(FileExistsError):
                os.mkdir(folder, dir_fd=descriptor)
            inner = os.open(folder, _FOLDER, dir_fd=descriptor)
            os.close(descriptor)
            descriptor = inner
        with suppress(FileNotFoundError):
            os.stat(name, dir_fd=descriptor, follow_symlinks=False)
            raise UsageError(f"{path} is there already")
    except OSError as error:
        raise UnreadableError(f"cannot write {path}: {error.strerror}") from None
    finally:
        if descriptor >= 0:
            os.close(descriptor)
    replace_file(root, path, data)


def _replace(folder: int, name: str, path: str, data: bytes) -> None:
    mode = 0o644
    with suppress(FileNotFoundError):
        found = os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode
        if not stat.S_ISREG(found):
            raise UnreadableError(f"cannot write {path}: it is a symbolic link or no regular file")
        mode = stat.S_IMODE(found)
    temporary = f".ttpack-{os.getpid()}.tmp"
    with os.fdopen(os.open(temporary, _NEW, 0o600, dir_fd=folder), "wb") as file:
        try:
            file.write(data)
            file.flush()
            os.fchmod(file.fileno(), mode)
            os.fsync(file.fileno())
            os.replace(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except OSError:
            with suppress(OSError):
                os.unlink(temporary, dir_fd=folder)
            raise
