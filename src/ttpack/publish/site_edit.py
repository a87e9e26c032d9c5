"""Single pages of a built site made anew, without the engine: the words of each are set into what stood around them.

The contents beside a page, the search and the pages before and after stay as the engine wrote them, so this serves a
preview for the seconds until the whole site is there, and nothing that leaves this machine.
"""

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from ttpack.publish.error import PublishError
from ttpack.publish.html import HtmlFace
from ttpack.publish.markdown import stage_page
from ttpack.publish.prose import parse_prose
from ttpack.publish.records import collect_prose, index_records
from ttpack.publish.site import extensions, parts_of
from ttpack.publish.site_check import check_page
from ttpack.views.blocks import Page, Publication

_START, _FIRST, _END = b"<article ", b"<h1", b"</article>"
_BUILT_IN = ("toc", "tables", "fenced_code")
_FRONT_MATTER_LINES = 4


def write_edited(shown: Publication, site: Path, pages: Sequence[Page], out_dir: Path) -> Mapping[str, Path]:
    """Write `pages`, which stand in `shown` under the same addresses, to `out_dir`; their files by name.

    `site` is the built site of `shown`.

    Raises:
        PublishError: a page cannot be set.
        SiteDefect: a page loads or runs what it must not.
    """
    edited = {page.slug: page for page in pages}
    publication = replace(shown, pages=tuple(edited.get(page.slug, page) for page in shown.pages))
    face = HtmlFace(index_records(publication), parse_prose(collect_prose(tuple(pages))), publication)
    staged = {page.slug: stage_page(page, face) for page in pages}
    out_dir.mkdir(parents=True, exist_ok=True)
    files = {}
    with tempfile.TemporaryDirectory(prefix="ttpack-edit-") as folder:
        pictures = Path(folder).resolve()
        for name, text in parts_of(face, publication).items():
            (pictures / name).write_text(text, "utf-8")
        for slug, text in staged.items():
            name = f"{slug}.html"
            (out_dir / name).write_bytes(_set_in((site / name).read_bytes(), _in_html(text, pictures), name))
            check_page(out_dir / name)
            files[name] = out_dir / name
    return files


def _in_html(staged: str, pictures: Path) -> str:
    """The staged page through the parser that the engine has, with its extensions."""
    from markdown import Markdown

    settings: dict[str, Mapping[str, Any]] = {}
    for one in extensions(pictures):
        settings |= one if isinstance(one, dict) else {one: {}}
    names = list(dict.fromkeys((*_BUILT_IN, *settings)))
    parser = Markdown(extensions=names, extension_configs={name: dict(given) for name, given in settings.items()})
    return str(parser.convert(staged.split("\n", _FRONT_MATTER_LINES)[_FRONT_MATTER_LINES]))


def _set_in(page: bytes, content: str, name: str) -> bytes:
    """The page with `content` in place of what it said."""
    start, end = page.find(_START), page.rfind(_END)
    first = page.find(_FIRST, start, end)
    if -1 in {start, end, first}:
        raise PublishError(f"{name} is no page of a built site: it has no place for its words")
    rest = page[:end].rstrip()
    return page[:first] + content.encode() + page[len(rest) :]
