"""Small pieces of the JSON that the PDF's template reads."""

import re
from typing import Any

from ttpack.model.pictures import CleanPicture
from ttpack.publish.column_widths import BREAKABLE, parts
from ttpack.publish.figures import file_name, size_of
from ttpack.publish.prose import Node

_CSS_PIXEL = 0.75  # points
_LONG_WORD = re.compile(rf"\S{{{BREAKABLE}}}")


def breakable(text: str) -> Any:
    """The text, in parts where a word is too long for a column."""
    return {"t": "long", "v": parts(text)} if _LONG_WORD.search(text) else text


def is_landscape(blocks: list[Node]) -> bool:
    """Whether a section holds a table for a turned page, or begins with a section that does."""
    sections = [node for node in blocks if node["t"] == "section"]
    wide = any(node["t"] == "table" and node["landscape"] for node in blocks)
    return wide or bool(sections and sections[0]["landscape"])


def figure_node(picture: CleanPicture, alt: str, caption: str) -> Node:
    """A picture by the name of its file below the root, as large as it is drawn."""
    width, height = size_of(picture)
    return {
        "t": "figure",
        "file": f"pictures/{file_name(picture)}",
        "alt": alt,
        "caption": caption,
        "width": width * _CSS_PIXEL,
        "height": height * _CSS_PIXEL,
    }
