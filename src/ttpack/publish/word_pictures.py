"""Our drawings as bitmaps: what Word shows everywhere, drawn with the fonts of the PDF, the same bytes each time."""

import base64
import json
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from ttpack.model.pictures import CleanPicture
from ttpack.publish.error import PublishError
from ttpack.publish.figures import size_of
from ttpack.publish.resources import asset
from ttpack.views.blocks import Block, Callout, Instrument, Page, Picture, Section, Table

_PER_INCH = 160
_TEMPLATE = """#let drawings = json("drawings.json")
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#set text(font: ("IBM Plex Sans", "DejaVu Sans", "Droid Sans Fallback"))
#for (at, drawing) in drawings.enumerate() {
  if at > 0 { pagebreak() }
  image(bytes(drawing.svg), format: "svg", width: drawing.width * 0.75pt)
}
"""


def drawn(pages: Iterable[Page], authors: Mapping[str, CleanPicture] | None = None) -> dict[str, str]:
    """The address (`data:image/png`) of the bitmap of each drawing, by its SVG; of an author's, by its digest.

    Raises:
        PublishError: a drawing cannot be drawn.
    """
    pictures = {picture.svg: picture for page in pages for picture in _pictures(page.blocks)}
    for digest, one in (authors or {}).items():
        if one.kind == "svg":
            pictures[digest] = Picture(one.content.decode("utf-8"), "", "", size_of(one)[0])
    if not pictures:
        return {}
    bitmaps = _bitmaps(list(pictures.values()))
    encoded = (base64.b64encode(bitmap).decode("ascii") for bitmap in bitmaps)
    return {svg: f"data:image/png;base64,{code}" for svg, code in zip(pictures, encoded, strict=True)}


def _pictures(blocks: tuple[Block, ...]) -> Iterator[Picture]:
    for block in blocks:
        match block:
            case Picture():
                yield block
            case Section() | Callout() | Instrument():
                yield from _pictures(block.blocks)
            case Table():
                yield from (cell for row in block.rows for cell in row.cells if isinstance(cell, Picture))
            case _:
                pass


def _bitmaps(pictures: list[Picture]) -> list[bytes]:
    import typst

    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(asset("fonts"))])
    with tempfile.TemporaryDirectory(prefix="ttpack-drawings-") as folder:
        root = Path(folder).resolve()
        (root / "packages").mkdir()
        (root / "main.typ").write_text(_TEMPLATE, "utf-8")
        values = [{"svg": picture.svg, "width": picture.width} for picture in pictures]
        (root / "drawings.json").write_text(json.dumps(values), "utf-8")
        try:
            made: bytes | list[bytes] = typst.compile(
                str(root / "main.typ"),
                root=str(root),
                font_paths=fonts,
                ignore_system_fonts=True,
                format="png",
                ppi=_PER_INCH,
                package_path=str(root / "packages"),
                package_cache_path=str(root / "packages"),
            )
        except typst.TypstError as problem:
            raise PublishError(f"a drawing cannot be drawn for Word: {problem.message}") from problem
    return [made] if isinstance(made, bytes) else list(made)
