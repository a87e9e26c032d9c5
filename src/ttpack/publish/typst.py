"""The PDF: JSON and a template of ours through Typst, as PDF/A-3a and PDF/UA-1.

Typst enforces both standards: a missing glyph, a skipped heading level or a picture without words is an error.
Validation by veraPDF is not claimed.
"""

import json
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ttpack.publish.document import HEADING, DocumentFace
from ttpack.publish.error import PublishError
from ttpack.publish.figures import file_name
from ttpack.publish.prose import parse_prose
from ttpack.publish.records import collect_prose, index_records
from ttpack.publish.resources import asset
from ttpack.views.blocks import Publication

STANDARDS = ["a-3a", "ua-1"]
_MIME_TYPES = {".json": "application/json", ".csv": "text/csv", ".yaml": "application/yaml", ".xml": "application/xml"}
_ATTACHMENT = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def write_pdf(
    publication: Publication, out_file: Path, attachments: Mapping[str, bytes], source_date_epoch: int
) -> None:
    """Write the PDF with the named attachments inside it; same input, same bytes.

    Raises:
        PublishError: a character lies outside the shipped fonts, or a page cannot be set; nothing is written.
    """
    face = DocumentFace(index_records(publication), parse_prose(collect_prose(publication.pages)))
    document = face.document(publication, [])
    document["attachments"] = [_attachment(name) for name in sorted(attachments)]
    # A fresh root of regular files: the compiler can read nothing else, and no package can be fetched into it.
    with tempfile.TemporaryDirectory(prefix="ttpack-pdf-") as folder:
        root = Path(folder).resolve()
        shutil.copyfile(asset("template.typ"), root / "main.typ")
        (root / "document.json").write_text(json.dumps(document, ensure_ascii=False), "utf-8")
        (root / "attachments").mkdir()
        (root / "packages").mkdir()
        for name, content in attachments.items():
            (root / "attachments" / name).write_bytes(content)
        (root / "pictures").mkdir()
        for picture in publication.pictures.values():
            (root / "pictures" / file_name(picture)).write_bytes(picture.content)
        out_file.parent.mkdir(parents=True, exist_ok=True)
        out_file.write_bytes(finished(_compile(root, source_date_epoch), face.headings))


def _attachment(name: str) -> dict[str, str]:
    if not _ATTACHMENT.fullmatch(name):
        raise PublishError(f"{name!r} cannot be the name of an attachment")
    return {"name": name, "mime": _MIME_TYPES.get(Path(name).suffix, "application/octet-stream")}


def _compile(root: Path, source_date_epoch: int) -> bytes:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(asset("fonts"))])
    settings: dict[str, Any] = {
        "root": str(root),
        "font_paths": fonts,
        "ignore_system_fonts": True,
        "format": "pdf",
        "pdf_standards": STANDARDS,
        "timestamp": source_date_epoch,
        "package_path": str(root / "packages"),
        "package_cache_path": str(root / "packages"),
    }
    try:
        content, warnings = typst.compile_with_warnings(str(root / "main.typ"), **settings)
    except typst.TypstError as problem:
        raise PublishError(f"the PDF cannot be set: {problem.message}") from problem
    if warnings:
        raise PublishError(f"the PDF engine warns: {'; '.join(warning.message for warning in warnings)}")
    return bytes(content)


def finished(content: bytes, headings: Mapping[str, str]) -> bytes:
    """The same PDF with links that lead to headings, compressed, and an id that depends on its content alone.

    `headings` are the title of each by its label. Raises PublishError where a heading has no place in the document.
    """
    import io

    import pikepdf

    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        _lead(pdf, headings)
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
            recompress_flate=False,
            deterministic_id=True,
        )
    return out.getvalue()


def _lead(pdf: Any, headings: Mapping[str, str]) -> None:
    """Make destinations of the addresses that stand for headings, in words for who hears the page."""
    names = pdf.Root.get("/Names", {}).get("/Dests")
    import pikepdf

    placed = set(pikepdf.NameTree(names).keys()) if names is not None else set()
    for page in pdf.pages:
        for annotation in page.obj.get("/Annots", ()):
            action = annotation.get("/A")
            address = str(action.get("/URI", "")) if action is not None else ""
            if not address.startswith(HEADING):
                continue
            label = address.removeprefix(HEADING)
            if label not in placed:
                raise PublishError(f"the PDF has no place for {label!r}")
            del annotation["/A"]
            annotation["/Dest"] = pikepdf.String(label)
            annotation["/Contents"] = pikepdf.String(headings[label] or label)
