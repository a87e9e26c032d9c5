"""The bag that an edition is handed over in (BagIt 1.0, RFC 8493): payload in `data/`, manifests beside it.

Written here and not by the bagit library, which writes version 0.97, changes the working directory of the whole
process and moves what it bags; the tests read our bags with it.
"""

import hashlib
from collections.abc import Iterable, Mapping
from pathlib import Path

from ttpack.publish.release.files import FileDigest, file_digest

DECLARATION = "bagit.txt"
INFORMATION = "bag-info.txt"
MANIFEST = "manifest-sha256.txt"
TAG_MANIFEST = "tagmanifest-sha256.txt"
PAYLOAD = "data"


def write_bag(folder: Path, payload: Iterable[FileDigest], information: Mapping[str, str], more: Iterable[str]) -> str:
    """Write the tag files of a bag whose payload lies in `folder`/data, and return the digest of its tag manifest.

    `payload` are the files of the payload by their path below it, `more` other tag files that lie in the folder.
    """
    files = list(payload)
    sizes = f"{sum(one.size for one in files)}.{len(files)}"
    lines = {**information, "Payload-Oxum": sizes}
    (folder / DECLARATION).write_bytes(b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n")
    (folder / INFORMATION).write_bytes("".join(f"{key}: {_line(lines[key])}\n" for key in sorted(lines)).encode())
    (folder / MANIFEST).write_bytes(
        "".join(f"{one.digest}  {PAYLOAD}/{_escaped(one.path)}\n" for one in files).encode()
    )
    tags = [file_digest(folder, name) for name in sorted({DECLARATION, INFORMATION, MANIFEST, *more})]
    content = "".join(f"{one.digest}  {_escaped(one.path)}\n" for one in tags).encode()
    (folder / TAG_MANIFEST).write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def _line(value: str) -> str:
    return " ".join(value.split())


def _escaped(path: str) -> str:
    """A path as a manifest writes it (RFC 8493, 2.1.3)."""
    return path.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def unescaped(path: str) -> str:
    """A path of a manifest as the file system has it."""
    for code, character in (("%0D", "\r"), ("%0d", "\r"), ("%0A", "\n"), ("%0a", "\n"), ("%25", "%")):
        path = path.replace(code, character)
    return path
