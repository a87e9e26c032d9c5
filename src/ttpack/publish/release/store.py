"""The folder of releases: a revision appears in it whole, by one rename, and never changes afterwards."""

import fcntl
import json
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ttpack.errors import UsageError
from ttpack.publish.release.bag import PAYLOAD
from ttpack.publish.release.files import write_durably
from ttpack.publish.release.layout import RECORD

STAGING = ".ttpack-staging-"
_LOCK = ".ttpack-lock"
_NEW = ".new"
_REVISION = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9_-])?")
_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))})
_TAKEN = frozenset({"versions", "versions.json", "index.html"})


def folder_name(revision: str) -> str:
    """The name of the folder of a revision, which is its tag. Raises UsageError for one that no folder may have."""
    plain = revision.lower()
    if not _REVISION.fullmatch(revision) or plain in _TAKEN or plain.partition(".")[0] in _DEVICES:
        raise UsageError(
            f"{revision[:100]!r} cannot be the name of a release: letters, digits, dots, hyphens and underscores, at "
            "most 100, beginning and ending with a letter or digit; tag the commit with such a name"
        )
    return revision


@contextmanager
def only_one(public: Path) -> Iterator[None]:
    """Nobody else writes to the folder meanwhile. Raises UsageError where somebody does."""
    public.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(public / _LOCK, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise UsageError(f"another release is being written to {public}: wait for it") from error
        yield
    finally:
        os.close(descriptor)


@contextmanager
def staged(public: Path, revision: str) -> Iterator[Path]:
    """A folder to write a revision into; when the block ends without an error it is the revision's, at once.

    What an interrupted release left is removed first. Raises UsageError where the revision is released already.
    """
    target = public / folder_name(revision)
    for left in public.glob(f"{STAGING}*"):
        shutil.rmtree(left, ignore_errors=True)
    taken = {one.name.lower() for one in public.iterdir()}
    if revision.lower() in taken:
        # also where only case differs: the folder may be copied to a disk that does not tell them apart
        raise UsageError(f"{target} is released already and does not change: tag a new revision")
    staging = Path(tempfile.mkdtemp(prefix=STAGING, dir=public))
    try:
        yield staging
        _settle(staging)
        # The mode of a temporary folder is for its owner alone.
        staging.chmod(0o755)
        # Over an empty folder that somebody made meanwhile this succeeds, over one with content it fails.
        staging.rename(target)
        _sync(public)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _settle(staging: Path) -> None:
    """Everything is on the disk, readable for those who serve it, before it gets its name."""
    for folder, _, names in os.walk(staging, topdown=False):
        for name in names:
            path = Path(folder, name)
            path.chmod(0o644)
            descriptor = os.open(path, os.O_RDONLY)
            os.fsync(descriptor)
            os.close(descriptor)
        Path(folder).chmod(0o755)
        _sync(Path(folder))


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(descriptor)
    os.close(descriptor)


def released(public: Path) -> list[dict[str, Any]]:
    """The revisions that stand in the folder, newest first: name, moment, title and editions of each."""
    found = []
    for folder in sorted(public.iterdir()) if public.is_dir() else ():
        if (
            folder.is_dir()
            and not folder.is_symlink()
            and _REVISION.fullmatch(folder.name)
            and folder.name != "versions"
        ):
            records = {one.parent.parent.name: _read(one) for one in sorted(folder.glob(f"*/{PAYLOAD}/{RECORD}"))}
            known = {name: record for name, record in records.items() if record}
            if known:
                first = next(iter(known.values()))
                found.append(
                    {"revision": folder.name, "moment": str(first.get("moment", "")), "editions": sorted(known)}
                )
    return sorted(found, key=_age, reverse=True)


def _age(one: dict[str, Any]) -> tuple[str, list[tuple[int, str]], str]:
    """Moments in UTC compare as text; of two revisions of one commit the one with the higher number is newer."""
    parts = re.split(r"([0-9]+)", one["revision"])
    return one["moment"], [(int(part), "") if part.isdigit() else (0, part) for part in parts], one["revision"]


def other_package(public: Path, package: str) -> str:
    """The id of another package whose releases stand in the folder, "" where there is none."""
    records = (_read(one) for one in sorted(public.glob(f"*/*/{PAYLOAD}/{RECORD}")))
    stated = (one["package"].get("id") for one in records if isinstance(one.get("package"), dict))
    return next((str(one) for one in stated if one and one != package), "")


def _read(path: Path) -> dict[str, Any]:
    inside = (path, path.parent, path.parent.parent)
    if any(one.is_symlink() for one in inside) or not path.is_file():
        return {}
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def version_files(public: Path) -> dict[str, bytes]:
    """The lists of versions, by their paths, as they have to be for what stands in the folder.

    `versions.json` lists revisions, `versions/<edition>.js` those that have that edition: the only files that change.
    """
    revisions = released(public)
    files = {"versions.json": _json(_entries(revisions))}
    for edition in sorted({name for one in revisions for name in one["editions"]}):
        entries = _entries([one for one in revisions if edition in one["editions"]])
        files[f"versions/{edition}.js"] = b"window.ttpackVersions = " + _json(entries).rstrip() + b";\n"
    return files


def _entries(revisions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "version": one["revision"],
            "title": one["revision"],
            "aliases": [] if number else ["current"],
            "status": "superseded" if number else "current",
            "released": one["moment"][:10],
        }
        for number, one in enumerate(revisions)
    ]


def _json(entries: list[dict[str, Any]]) -> bytes:
    # `<` never stands as itself, so that no page that holds the list can be closed by it
    return f"{json.dumps(entries, indent=1)}\n".replace("<", "\\u003c").encode("ascii")


def write_versions(public: Path) -> None:
    """Write the lists of versions anew, each by a rename; a reader sees the old or the new one.

    What an interruption left beside them goes, and so does the list of an edition that no revision has any more.
    """
    files = version_files(public)
    for one in (
        *public.glob(f".versions.json{_NEW}"),
        *public.glob("versions/*.js"),
        *public.glob(f"versions/.*{_NEW}"),
    ):
        if one.relative_to(public).as_posix() not in files:
            one.unlink()
    for path, data in files.items():
        target = public / path
        if target.is_file() and not target.is_symlink() and target.read_bytes() == data:
            continue
        beside = target.with_name(f".{target.name}{_NEW}")
        write_durably(beside, data)
        beside.chmod(0o644)
        beside.replace(target)
        _sync(target.parent)
