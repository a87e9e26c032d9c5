"""A release built anew from its repository, and compared with one that stands somewhere."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ttpack.cli.opening import as_of_date
from ttpack.errors import TtpackError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ttpack.publish.release.verification import Verified

_RECORD = "release.json"
# The seal and the signature are of the moment when they were made; two builders compare what was before them.
_MADE_LATER = frozenset({"before_sealing", "files"})


def differences(found: "Verified", repository: Path) -> list[dict[str, str]]:
    """The files of an edition that come out otherwise when its tag is built anew, and what cannot be compared."""
    from ttpack.cli.release import release, tagged_tree
    from ttpack.publish.release.bag import PAYLOAD
    from ttpack.publish.release.files import digests
    from ttpack.publish.release.store import folder_name

    tag, edition = str(found.record.get("revision", "")), str(_part(found.record, "edition").get("name", ""))
    since = str(found.record.get("since") or "") or None
    names = [edition, *sorted(_part(found.record, "editions"))]
    with tempfile.TemporaryDirectory(prefix="ttpack-rebuild-") as folder:
        out = Path(folder, "public")
        try:
            folder_name(tag)  # what a record states is not trusted to be the name of a folder
            tree = tagged_tree(str(repository), tag)
            release(str(repository), tree, as_of_date(None, tree), out, tag, names, since)
        except TtpackError as error:
            return [{"path": "", "what": f"cannot be built anew: {error}"}]
        payload = out / tag / edition / PAYLOAD
        mine = {one.path: one.digest for one in digests(payload)}
        record = _read(payload / _RECORD)
    return _compared(found, mine, record)


def _compared(found: "Verified", mine: "Mapping[str, str]", record: dict[str, Any]) -> list[dict[str, str]]:
    from ttpack.publish.release.bag import PAYLOAD

    prefix = f"{PAYLOAD}/"
    before = _part(found.record, "before_sealing")
    theirs = {one.path.removeprefix(prefix): one.digest for one in found.files if one.path.startswith(prefix)}
    theirs |= {str(path): str(digest) for path, digest in before.items()}
    differing = []
    for path in sorted(theirs.keys() | mine.keys()):
        if path != _RECORD and theirs.get(path) != mine.get(path):
            what = "is only there when built anew" if path not in theirs else "is not there when built anew"
            differing.append({"path": path, "what": "has other bytes" if path in theirs and path in mine else what})
    names = sorted((found.record.keys() | record.keys()) - _MADE_LATER)
    other = (name for name in names if found.record.get(name) != record.get(name))
    differing += [{"path": _RECORD, "what": f"states another {name.replace('_', ' ')}"} for name in other]
    return differing


def _part(record: "Mapping[str, Any]", name: str) -> dict[str, Any]:
    value = record.get(name)
    return value if isinstance(value, dict) else {}


def _read(path: Path) -> dict[str, Any]:
    import json

    value = json.loads(path.read_bytes())
    return value if isinstance(value, dict) else {}
