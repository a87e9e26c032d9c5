"""What is in an edition, for machines that do not know ttpack: RO-Crate metadata at the root of the payload."""

import datetime
import json
import warnings
from collections.abc import Iterable, Mapping

from ttpack.publish.release.files import FileDigest

NAME = "ro-crate-metadata.json"
_TYPES: Mapping[str, str] = {
    "html": "text/html", "pdf": "application/pdf", "json": "application/json", "css": "text/css",
    "svg": "image/svg+xml",
    "js": "text/javascript", "woff2": "font/woff2", "txt": "text/plain", "png": "image/png", "xml": "application/xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}  # fmt: skip


def crate(  # noqa: PLR0913, PLR0917  what a crate says of itself
    name: str,
    description: str,
    identifier: str,
    licence: str,
    files: Iterable[FileDigest],
    titles: Mapping[str, str],
    moment: datetime.datetime,
) -> bytes:
    """The metadata file of a crate that holds these files; `titles` name some of them, by path.

    A file without a digest is one whose bytes a seal may change: only the manifest says what they are.
    Nothing in it depends on when or where it is made.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of the libraries that it imports
        from rocrate.rocrate import ROCrate

    made = ROCrate(gen_preview=False)
    root = made.root_dataset
    made.name, made.description, made.datePublished = name, description, moment
    root["identifier"] = identifier
    root["license"] = licence or "No licence is stated: ask the sending organisation."
    for one in files:
        kind = _TYPES.get(one.path.rpartition(".")[2].lower(), "application/octet-stream")
        properties = {"encodingFormat": kind}
        if one.digest:
            properties |= {"contentSize": str(one.size), "sha256": one.digest}
        if one.path in titles:
            properties["name"] = titles[one.path]
        made.add_file(None, one.path, properties=properties)
    content = json.dumps(made.metadata.generate(), indent=1, sort_keys=True, ensure_ascii=False)
    return f"{content}\n".encode()
