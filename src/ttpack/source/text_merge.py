"""git's own three-way merge of text, as `TextMerge` of `merge`."""

import tempfile
from pathlib import Path

from ttpack.errors import UnreadableError
from ttpack.source.repository import merge_file


def text_merge(base: bytes, ours: bytes, theirs: bytes) -> tuple[bytes, bool]:
    """The merged text, conflicts between git's markers, and whether it has none; our side where git does not merge.

    Raises UnreadableError where the system has no room for temporary files, or no git.
    """
    if theirs in (ours, base):
        return ours, True
    if base == ours:
        return theirs, True
    try:
        with tempfile.TemporaryDirectory(prefix="ttpack-merge-") as folder:
            names = [str(Path(folder, name)) for name in ("base", "ours", "theirs")]
            for name, data in zip(names, (base, ours, theirs), strict=True):
                Path(name).write_bytes(data)
            return merge_file(*names) or (ours, False)
    except OSError as error:
        raise UnreadableError(f"cannot merge as text: {error.strerror}") from None
