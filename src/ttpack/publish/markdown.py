"""Pages as the Markdown that the site engine is given.

Headings are Markdown, so that the engine builds contents and search from them; every other block is one chunk
of HTML between two marker comments. No author's text is ever read as Markdown by the engine: titles have each
punctuation mark as a character reference, and chunks are escaped HTML that the engine stores as it stands.
"""

import json
import re

from ttpack.publish.glyphs import INVISIBLE, in_html
from ttpack.publish.html import HtmlFace, chip
from ttpack.views.blocks import Block, Page, Section

CHUNK_START = "<!--ttpack-->"
CHUNK_END = "<!--/ttpack-->"
_SYMBOLS = re.compile(r"[^\w\s]|_")
_SPACES = re.compile(r"\s+")
_WORDS = re.compile(r"[a-z0-9]+")


def literal(text: str) -> str:
    """Text in one line that the engine can only read as text: no mark, attribute list or HTML survives."""
    one_line = _SPACES.sub(" ", INVISIBLE.sub("\ufffd", text)).strip()
    coded = _SYMBOLS.sub(lambda found: f"&#{ord(found[0])};", one_line)
    # A first digit could start a numbered list, and a last backslash or hash end a heading.
    return f"&#{ord(coded[0])};{coded[1:]}" if coded[:1].isdigit() else coded or "&#8203;"


def slugify(title: str) -> str:
    """A lower-case anchor for a section that is not a record; record ids have capitals, so they never meet."""
    return "-".join(_WORDS.findall(title.lower())[:8])[:60] or "section"


def stage_page(page: Page, face: HtmlFace) -> str:
    """One page as staged Markdown with front matter."""
    face.start_page()
    meta = {"description": _SPACES.sub(" ", in_html(page.summary))} if page.summary else {}
    lines = ["---", json.dumps(meta, ensure_ascii=True), "---", ""]
    anchor = face.take_anchor(page.anchor or slugify(page.title))
    lines += [_heading(1, page.title, anchor, page.anchor), ""]
    if asked := page.anchor and face.ask(page.anchor, page.title):
        lines += _chunk(f'<p class="tt-sub">{asked}</p>')
    if page.summary:
        lines += _chunk(f'<p class="tt-summary">{in_html(page.summary)}</p>')
    lines += _stage(page.blocks, face, 1)
    return "\n".join(lines) + "\n"


def _heading(level: int, title: str, anchor: str, record: str = "", *, changed: bool = False) -> str:
    kind = (" .tt-record" if record else "") + (" .tt-changed" if changed else "")
    return f"{'#' * level} {literal(title)} {{ #{anchor}{kind} }}"


def _chunk(markup: str) -> list[str]:
    return [CHUNK_START, markup, CHUNK_END, ""]


def _stage(blocks: tuple[Block, ...], face: HtmlFace, depth: int) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Section):
            lines += _section(block, face, depth + 1)
        else:
            lines += _chunk(face.block(block, depth))
    return lines


def _section(section: Section, face: HtmlFace, depth: int) -> list[str]:
    anchor = face.take_anchor(section.anchor or slugify(section.title))
    lines = [_heading(min(depth, 6), section.title, anchor, section.anchor, changed=section.changed), ""]
    asked = face.ask(section.anchor, section.title) if section.anchor else ""
    if section.chips or asked:
        lines += _chunk(f'<p class="tt-sub">{" ".join([*map(chip, section.chips), asked]).strip()}</p>')
    return lines + _stage(section.blocks, face, depth)
