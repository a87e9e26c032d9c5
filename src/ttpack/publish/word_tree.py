"""Pieces of pandoc's document tree: every word is a value of the tree, so nothing can act as markup."""

import hashlib
from typing import Any

from ttpack.publish.glyphs import INVISIBLE

Tree = dict[str, Any]
PLAIN: tuple[str, list[str], list[list[str]]] = ("", [], [])


def turned(*, landscape: bool) -> Tree:
    """The end of a run of pages, upright or turned; `word_file` gives it the header and footer of the last one."""
    width, height, orient = ("16838", "11906", ' w:orient="landscape"') if landscape else ("11906", "16838", "")
    size = f'<w:pgSz w:w="{width}" w:h="{height}"{orient}/>'
    return {"t": "RawBlock", "c": ["openxml", f"<w:p><w:pPr><w:sectPr>{size}</w:sectPr></w:pPr></w:p>"]}


def bookmark(label: str) -> str:
    """The name of a place in the file: letters and digits only, and short enough for Word."""
    return "p" + hashlib.sha256(label.encode("utf-8", "replace")).hexdigest()[:24]


def words(text: str) -> list[Tree]:
    """Plain text as inlines; what would act unseen is shown as U+FFFD, and a new line is one."""
    found: list[Tree] = []
    for number, line in enumerate(INVISIBLE.sub("\ufffd", text.replace("\t", " ").replace("\r", "")).split("\n")):
        found += [{"t": "LineBreak"}] if number else []
        found += [{"t": "Str", "c": line}] if line else []
    return found


def styled(style: str, inlines: list[Tree]) -> Tree:
    """Words in a character style of the reference document."""
    return {"t": "Span", "c": [["", [], [["custom-style", style]]], inlines]}


def paragraph(inlines: list[Tree], style: str = "") -> Tree:
    """A paragraph, in a style of the reference document where one is named."""
    plain: Tree = {"t": "Para", "c": inlines}
    return {"t": "Div", "c": [["", [], [["custom-style", style]]], [plain]]} if style else plain


def cell(inlines: list[Tree], columns: int = 1, side: str = "AlignDefault") -> list[Any]:
    """A cell of a table that spans this many columns."""
    return [PLAIN, {"t": side}, 1, columns, [{"t": "Plain", "c": inlines}]]


def table(widths: list[float], sides: list[str], head: list[list[Any]], rows: list[list[Any]], caption: str) -> Tree:
    """A table of the whole width; `widths` are shares of it, and `head` is repeated on each page."""
    total = sum(widths) or 1.0
    columns = [
        [{"t": side}, {"t": "ColWidth", "c": round(w / total, 5)}] for side, w in zip(sides, widths, strict=True)
    ]
    title = [{"t": "Plain", "c": words(caption)}] if caption else []
    body = [PLAIN, 0, [], [[PLAIN, row] for row in rows]]
    heads = [[PLAIN, head]] if head else []
    return {"t": "Table", "c": [PLAIN, [None, title], columns, [PLAIN, heads], [body], [PLAIN, []]]}
