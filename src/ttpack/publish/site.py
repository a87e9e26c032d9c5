"""The site: staged Markdown through MkDocs-Material into a folder that works from any host or from disk.

The engine stands behind `write_site` alone. Everything controlled happens before it, in the staged pages, or in
our Python-Markdown extension; what it built is checked again before anybody sees it.
"""

import json
import logging
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from ttpack.publish.control import effective
from ttpack.publish.error import PublishError
from ttpack.publish.glyphs import in_html
from ttpack.publish.html import HtmlFace
from ttpack.publish.markdown import stage_page
from ttpack.publish.prose import parse_prose
from ttpack.publish.records import collect_prose, index_records
from ttpack.publish.resources import asset
from ttpack.publish.sanitise import inline_data, inline_svg
from ttpack.publish.site_check import check_site
from ttpack.views.blocks import Page, Publication

_UNCONTROLLED = "Uncontrolled when printed. Verify the current revision before use."
# Written by the engine, of no use to a reader: other languages' stemmers, maps to sources that are not there,
# and pages that need an address of the whole site.
_UNWANTED = ("assets/javascripts/lunr", "assets/images", "404.html", "sitemap.xml", "sitemap.xml.gz")
_SOURCE_MAP = re.compile(rb"\n?(?://|/\*)# sourceMappingURL=[^\n*]*(?:\*/)?\n?")


def write_site(publication: Publication, out_dir: Path, source_date_epoch: int) -> None:
    """Write the site to `out_dir`, replacing a site that stands there; same publication, same bytes.

    Raises:
        PublishError: the folder holds something else, a page cannot be set, or two pages have one address.
    """
    if out_dir.exists() and any(out_dir.iterdir()) and not (out_dir / "search/search_index.json").is_file():
        raise PublishError(f"{out_dir} is not empty and holds no site: name an empty folder")
    with tempfile.TemporaryDirectory(prefix="ttpack-site-") as folder:
        staging = Path(folder).resolve()
        _stage(publication, staging)
        _build(staging, source_date_epoch)
        _tidy(staging / "site")
        check_site(staging / "site")
        if out_dir.exists():
            shutil.rmtree(out_dir)
        out_dir.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(staging / "site", out_dir)


def _stage(publication: Publication, staging: Path) -> None:
    """Lay out what the engine reads: docs/ (published), pictures/ (put in by our extension), mkdocs.yml."""
    docs, pictures = staging / "docs", staging / "pictures"
    shutil.copytree(asset("site"), docs / "assets/ttpack")
    pictures.mkdir()
    face = HtmlFace(index_records(publication), parse_prose(collect_prose(publication.pages)))
    for page in publication.pages:
        (docs / f"{page.slug}.md").write_text(stage_page(page, face), "utf-8", newline="\n")
    for name, picture in face.pictures.items():
        (pictures / f"{name}.svg").write_text(inline_svg(picture.svg, picture.alt, picture.width), "utf-8")
    for name, instrument in face.instruments.items():
        (pictures / f"{name}.json").write_text(inline_data(instrument.name, instrument.data), "utf-8")
    (docs / "assets/ttpack/print.css").write_text(_print_style(publication), "ascii")
    configuration = _configuration(publication, pictures)
    # JSON is YAML without tags: no `!ENV`, no Python object can come out of a title.
    (staging / "mkdocs.yml").write_text(json.dumps(configuration, indent=1), "utf-8")


def _configuration(publication: Publication, pictures: Path) -> dict[str, Any]:
    return {
        "site_name": _in_html(publication.title),
        "docs_dir": "docs",
        "site_dir": "site",
        "use_directory_urls": False,
        "nav": _navigation(publication.pages),
        "theme": _theme(publication.language),
        "plugins": [{"search": {"lang": "en"}}],
        "extra_css": ["assets/ttpack/ttpack.css", "assets/ttpack/print.css"],
        "extra_javascript": [f"assets/ttpack/{name}.js" for name in ("ttpack", "ruler-clocks", "ruler", "ruler-page")],
        "extra": {
            "generator": False,
            "ttpack": {
                "document_number": publication.document_number,
                "revision": publication.revision,
                "status": publication.status,
                "edition": publication.edition,
                "effective": effective(publication),
                "generated_for": publication.generated_for,
                "notice": _UNCONTROLLED,
            },
        },
        "markdown_extensions": [
            "attr_list",
            {"toc": {"permalink": "#", "permalink_title": "Link to this place", "toc_depth": 3}},
            {"ttpack.publish.sanitise": {"pictures": str(pictures)}},
        ],
    }


def _theme(language: str) -> dict[str, Any]:
    def palette(scheme: str, icon: str, words: str) -> dict[str, Any]:
        media = "light" if scheme == "default" else "dark"
        return {
            "media": f"(prefers-color-scheme: {media})",
            "scheme": scheme,
            "primary": "custom",
            "accent": "custom",
            "toggle": {"icon": icon, "name": words},
        }

    return {
        "name": "material",
        "custom_dir": str(asset("theme")),
        "language": language,
        "font": False,
        "logo": "assets/ttpack/mark.svg",
        "favicon": "assets/ttpack/favicon.svg",
        "features": ["navigation.sections", "navigation.top", "toc.integrate", "search.highlight", "search.suggest"],
        "palette": [
            palette("default", "material/weather-night", "Switch to dark"),
            palette("slate", "material/weather-sunny", "Switch to light"),
        ],
    }


def _in_html(text: str) -> str:
    """Text for places where the theme writes it as it stands, in elements and in attributes alike."""
    one_line = " ".join(text.split()).replace('"', "\u201d").replace("'", "\u2019")
    return in_html(one_line)


def _print_style(publication: Publication) -> str:
    """What each printed page says of itself, where a browser prints margin boxes."""
    draft = "DRAFT, " if publication.status.strip().lower() == "draft" else ""
    identity = f"{draft}{publication.document_number}, revision {publication.revision}, {publication.edition} edition"

    def boxed(side: str, content: str) -> str:
        return f"@bottom-{side} {{ content: {content}; font: 7pt sans-serif; color: #333; }}"

    left = boxed("left", f"{_css_string(f'{identity}. ')} {_css_string(_UNCONTROLLED)}")
    right = boxed("right", '"page " counter(page) " of " counter(pages)')
    return f"@page {{ {left} {right} }}\n"


def _css_string(text: str) -> str:
    return f'"{"".join(c if c.isascii() and c.isalnum() else f"{chr(92)}{ord(c):06x}" for c in text)}"'


def _navigation(pages: tuple[Page, ...]) -> list[dict[str, Any]]:
    """Groups in the order in which the pages first name them; a page without a group stands alone."""
    navigation: list[dict[str, Any]] = []
    groups: dict[str, list[dict[str, str]]] = {}
    for page in pages:
        entry = {_in_html(page.title): f"{page.slug}.md"}
        if not page.section:
            navigation.append(entry)
        elif page.section in groups:
            groups[page.section].append(entry)
        else:
            groups[page.section] = [entry]
            navigation.append({_in_html(page.section): groups[page.section]})
    return navigation


class _Warnings(logging.Handler):
    """Keeps what the engine warns of."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _quiet_engine(source_date_epoch: int) -> Iterator[_Warnings]:
    """The engine's clock stands still and its messages come to us, until the block ends."""
    logger, warnings = logging.getLogger("mkdocs"), _Warnings()
    # The engine has no other way to be told the time.
    before = os.environ.get("SOURCE_DATE_EPOCH")  # noqa: TID251
    level, propagate = logger.level, logger.propagate
    os.environ["SOURCE_DATE_EPOCH"] = str(source_date_epoch)  # noqa: TID251
    logger.addHandler(warnings)
    logger.setLevel(logging.WARNING)
    logger.propagate = False
    try:
        yield warnings
    finally:
        logger.removeHandler(warnings)
        logger.setLevel(level)
        logger.propagate = propagate
        if before is None:
            del os.environ["SOURCE_DATE_EPOCH"]  # noqa: TID251
        else:
            os.environ["SOURCE_DATE_EPOCH"] = before  # noqa: TID251


def _build(staging: Path, source_date_epoch: int) -> None:
    from mkdocs.commands.build import build
    from mkdocs.config import load_config
    from mkdocs.exceptions import MkDocsException

    with _quiet_engine(source_date_epoch) as warnings:
        try:
            config = load_config(config_file=str(staging / "mkdocs.yml"))
            config.plugins.on_startup(command="build", dirty=False)
            build(config)
            config.plugins.on_shutdown()
        except MkDocsException as problem:
            raise PublishError(f"the site engine stopped: {problem}") from problem
    if warnings.messages:
        raise PublishError(f"the site engine warns: {'; '.join(warnings.messages)}")


def _tidy(site: Path) -> None:
    for name in _UNWANTED:
        path = site / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    for path in site.rglob("*.map"):
        path.unlink()
    for path in [*site.rglob("*.js"), *site.rglob("*.css")]:
        content = path.read_bytes()
        if b"sourceMappingURL=" in content:
            path.write_bytes(_SOURCE_MAP.sub(b"", content))
