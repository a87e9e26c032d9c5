"""Files that records name: regular, inside the package, really there, and harmless to whoever opens them."""

import hashlib
import posixpath
import re
from collections.abc import Mapping
from typing import Any

from ttpack.model.pictures import CleanPicture, is_picture
from ttpack.source.entries import Entry, Tree
from ttpack.source.pictures import PictureRefused, cleaned
from ttpack.source.problems import (
    ATTACHMENT_MISSING,
    PATH_OUTSIDE_PACKAGE,
    SUBMODULE_OR_LFS,
    UNSAFE_ATTACHMENT,
    SourceProblem,
)

MAX_BYTES = 50_000_000
"""Largest attachment that is read, in bytes."""

_LFS = b"version https://git-lfs.github.com/spec/"
_SVG = "{http://www.w3.org/2000/svg}"
_FORBIDDEN_ELEMENTS = frozenset({"script", "foreignobject", "iframe", "object", "embed", "handler", "audio", "video"})
_LINKS = frozenset({"href", "src", "action", "formaction", "data"})
_OUTSIDE = re.compile(
    r"url\s*\((?!\s*[\"']?\s*#)|@import|expression\s*\(|javascript\s*:|-moz-binding|\\", re.IGNORECASE
)
_LOCAL_DATA = re.compile(r"\s*(?:#|data:image/(?:png|jpe?g|gif|webp);base64,)", re.IGNORECASE)


def attachment_digest(tree: Tree, path: str) -> str:
    """SHA-256 of an attachment's content, in hex.

    Raises SourceProblem, its path being the attachment's: SRC-07, 10, 15, 18, 20 or 22.
    """
    entry = _entry(tree.entries(), path)
    return hashlib.sha256(_harmless(path, tree.read(entry.path, MAX_BYTES))).hexdigest()


def picture(tree: Tree, path: str, digest: str) -> CleanPicture:
    """An attachment as a picture without all that is not drawn.

    Raises SourceProblem as `attachment_digest` does, and where the file is not the one of that digest any more.
    """
    data = _harmless(path, tree.read(_entry(tree.entries(), path).path, MAX_BYTES))
    if hashlib.sha256(data).hexdigest() != digest:
        raise SourceProblem(ATTACHMENT_MISSING, f"the file {path!r} changed while it was read", path)
    return _picture(path, data)


def _harmless(path: str, data: bytes) -> bytes:
    if data.startswith(_LFS):
        raise SourceProblem(SUBMODULE_OR_LFS, f"of {path} only the Git LFS pointer is here", path)
    if path.lower().endswith((".svg", ".svgz")) or b"<svg" in data[:4096]:
        reason = active_svg(data)
        if reason:
            raise SourceProblem(UNSAFE_ATTACHMENT, f"the drawing {path} {reason}", path)
    if is_picture(path):
        _picture(path, data)
    return data


def _picture(path: str, data: bytes) -> CleanPicture:
    try:
        return cleaned(path, data)
    except PictureRefused as problem:
        fix = "Save the picture again as plain SVG, PNG or JPEG, under the ending of its kind."
        raise SourceProblem(UNSAFE_ATTACHMENT, f"the picture {path} {problem}", path, fix=fix) from problem


def _entry(entries: Mapping[str, Entry], path: str) -> Entry:
    plain = posixpath.normpath(path)
    if path.startswith("/") or "\\" in path or plain.split("/")[0] == ".." or re.match(r"[A-Za-z]:", path):
        raise SourceProblem(PATH_OUTSIDE_PACKAGE, f"the file {path!r} lies outside the package", path)
    if plain not in entries:
        raise SourceProblem(ATTACHMENT_MISSING, f"the file {path!r} is not in the package", path)
    return entries[plain]


def active_svg(data: bytes) -> str | None:
    """Why a drawing is refused, or None: scripts, event handlers, outside references, entities, broken XML."""
    from lxml import etree

    if b"<!DOCTYPE" in data.upper() or b"<!ENTITY" in data.upper():
        return "has a document type, which can hold entities"
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        return f"is not XML: {error.msg}"
    if root.tag != f"{_SVG}svg":
        return "is not an SVG drawing"
    if root.getroottree().docinfo.doctype:
        return "has a document type, which can hold entities"
    around = (*root.itersiblings(preceding=True), *root.itersiblings())
    return next(filter(None, map(_active_node, (*around, *root.iter()))), None)


def _active_node(node: Any) -> str | None:
    from lxml import etree

    if not isinstance(node.tag, str):
        return "has a processing instruction" if node.tag is etree.PI else None
    name = node.tag.rpartition("}")[2].lower()
    if name in _FORBIDDEN_ELEMENTS:
        return f"holds the element {name}"
    if name == "style" and _OUTSIDE.search("".join(node.itertext())):
        return "refers to something outside in its style"
    reasons = (_active_attribute(name.rpartition("}")[2].lower(), value) for name, value in node.attrib.items())
    return next(filter(None, reasons), None)


def _active_attribute(name: str, value: str) -> str | None:
    if name.startswith("on"):
        return f"holds the event handler {name}"
    if name == "base":
        return "changes what its references are relative to"
    if name == "attributename" and value.lower().startswith(("on", "href", "xlink:href")):
        return "animates a link or event handler"
    if name in _LINKS:
        return None if _LOCAL_DATA.match(value) else f"refers to {value[:40]!r} outside"
    return f"refers to something outside in its {name}" if _OUTSIDE.search(value) else None
