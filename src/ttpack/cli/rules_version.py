"""Which rules gave an answer: a digest of the code and data that any answer depends on."""

import hashlib
import sys
from functools import cache
from pathlib import Path

import ttpack

_FOLDERS = ("model", "source", "analysis", "rules")
_SUFFIXES = (".py", ".yaml", ".json")


@cache
def rules_version() -> str:
    """Digest of everything installed below the command that an answer of `check` depends on.

    Over the files and not over a version number, so that whoever edits a rule never sees an answer of the old one.
    """
    return hashlib.sha256(f"{sys.version} {rules_digest()}".encode()).hexdigest()[:24]


@cache
def rules_digest() -> str:
    """SHA-256, in hex, over the same files alone: the same wherever the same ttpack is installed."""
    root = Path(ttpack.__file__).parent
    everything = (path for folder in _FOLDERS for path in (root / folder).rglob("*"))
    files = [path for path in everything if path.suffix in _SUFFIXES]
    digest = hashlib.sha256(ttpack.__version__.encode())
    for path in (*sorted(files), root / "cli" / "check.py"):
        data = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()} {len(data)}\n".encode() + data)
    return digest.hexdigest()
