"""The last gate before a page leaves: an allow-list over the rendered HTML, as a Python-Markdown extension.

It runs in any engine that renders with Python-Markdown. It stores our chunks past the Markdown parser, cleans
the finished page, and only then puts our own drawings in the place of their placeholders.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import nh3
from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.preprocessors import Preprocessor
from markdown.treeprocessors import Treeprocessor

from ttpack.publish.glyphs import in_html
from ttpack.publish.markdown import CHUNK_END, CHUNK_START

_PICTURE = re.compile(r'<ttpack-(picture|data|figure) name="([0-9a-f]{20})"></ttpack-\1>')
_SUFFIX = {"picture": "svg", "data": "json", "figure": "html"}
_TEXT_TAGS = {"a", "br", "code", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "p", "pre", "s", "span", "strong"}
_LIST_TAGS = {"blockquote", "dd", "div", "dl", "dt", "li", "ol", "ul", "sub", "sup"}
_TABLE_TAGS = {"caption", "table", "tbody", "td", "th", "thead", "tr"}
_ATTRIBUTES = {
    "*": {"class", "id", "title", "aria-hidden", "aria-label"},
    "a": {"href", "data-search-exclude"},
    "div": {"role", "tabindex", "data-search-exclude"},
    "ol": {"start"},
    "td": {"colspan"},
    "th": {"colspan", "scope"},
    "ttpack-picture": {"name"},
    "ttpack-data": {"name"},
    "ttpack-figure": {"name"},
}


@cache
def _cleaner() -> nh3.Cleaner:
    return nh3.Cleaner(
        tags=_TEXT_TAGS | _LIST_TAGS | _TABLE_TAGS | {"ttpack-picture", "ttpack-data", "ttpack-figure"},
        attributes=_ATTRIBUTES,
        url_schemes={"http", "https", "mailto"},
        link_rel=None,
        strip_comments=True,
    )


def clean(markup: str) -> str:
    """The markup with every element, attribute and address that the site does not use removed."""
    return _cleaner().clean(markup)


class _ChunkPreprocessor(Preprocessor):  # type: ignore[misc]  # the library ships no types
    """Takes our HTML chunks out of the Markdown before any parser sees them."""

    def run(self, lines: list[str]) -> list[str]:
        out: list[str] = []
        chunk: list[str] | None = None
        for line in lines:
            if line == CHUNK_START and chunk is None:
                chunk = []
            elif line == CHUNK_END and chunk is not None:
                out += ["", self.md.htmlStash.store("\n".join(chunk)), ""]
                chunk = None
            elif chunk is not None:
                chunk.append(line)
            else:
                out.append(line)
        return out


class _RecordHeadings(Treeprocessor):  # type: ignore[misc]  # the same
    """Prints its id in the heading of each record, after the contents were made of the titles alone.

    So a person can cite the record, and a search for the id leads to the heading first.
    """

    def run(self, root: Element) -> None:
        for heading in root.iter():
            classes = heading.get("class", "").split()
            if "tt-record" in classes:
                place = len(heading) - 1 if len(heading) and heading[-1].get("class") == "headerlink" else len(heading)
                shown = Element("code")
                shown.text = heading.get("id")
                if place:
                    heading[place - 1].tail = f"{heading[place - 1].tail or ''} "
                else:
                    heading.text = f"{heading.text or ''} "
                heading.insert(place, shown)


class _CleanPostprocessor(Postprocessor):  # type: ignore[misc]  # the same
    """Cleans the rendered page and puts our drawings and the data of our instruments in."""

    def __init__(self, md: Markdown, pictures: Path) -> None:
        super().__init__(md)
        self._pictures = pictures

    def run(self, text: str) -> str:
        return _PICTURE.sub(self._picture, clean(text))

    def _picture(self, found: re.Match[str]) -> str:
        return (self._pictures / f"{found[2]}.{_SUFFIX[found[1]]}").read_text("utf-8")


class SanitiseExtension(Extension):  # type: ignore[misc]  # the same
    """`pictures` is the folder of the drawings and data that the staged pages name."""

    def __init__(self, **settings: Any) -> None:
        self.config = {"pictures": ["", "folder of the drawings, outside of what is published"]}
        super().__init__(**settings)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Python-Markdown's
        """Register between the cleaning of white space and the parser of HTML, and after every other postprocessor."""
        md.preprocessors.register(_ChunkPreprocessor(md), "ttpack-chunks", 25)
        md.treeprocessors.register(_RecordHeadings(md), "ttpack-records", 4)
        md.postprocessors.register(_CleanPostprocessor(md, Path(self.getConfig("pictures"))), "ttpack-clean", -100)


def makeExtension(**settings: Any) -> SanitiseExtension:  # noqa: N802 - the name is Python-Markdown's
    """The extension, as Python-Markdown loads it by module name."""
    return SanitiseExtension(**settings)


def parts_named(staged: str) -> list[str]:
    """The files of drawings and data that a staged page names, in its order."""
    return [f"{name}.{_SUFFIX[kind]}" for kind, name in _PICTURE.findall(staged)]


def inline_svg(svg: str, alt: str, width: int) -> str:
    """A drawing of ours ready to stand in a page: announced as one image with the words of `alt`."""
    style = f'class="tt-picture" role="img" aria-label="{in_html(alt)}" data-width="{width}" data-search-exclude'
    return svg.strip().replace("<svg ", f"<svg {style} ", 1)


def inline_data(name: str, data: str) -> str:
    """JSON text ready to stand in a page as data, which no browser runs: no mark in it can end the element."""
    kept = data.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")
    return f'<script type="application/json" id="tt-data-{name}">{kept}</script>'
