"""The site: staged Markdown through MkDocs-Material into a folder that works from any host or from disk.

The engine stands behind `write_site` alone. Everything controlled happens before it, in the staged pages, or in
our Python-Markdown extension; what it built is checked again before anybody sees it.
"""

import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ttpack.publish.control import effective
from ttpack.publish.error import PublishError
from ttpack.publish.figures import FOLDER, file_name, image_element, picture_of
from ttpack.publish.glyphs import in_html
from ttpack.publish.html import HtmlFace
from ttpack.publish.markdown import stage_page
from ttpack.publish.prose import parse_prose
from ttpack.publish.records import collect_prose, index_records
from ttpack.publish.resources import asset
from ttpack.publish.sanitise import inline_data, inline_svg, parts_named
from ttpack.publish.site_cache import KeptPage, SiteCache, page_keys
from ttpack.publish.site_check import check_site
from ttpack.publish.site_engine import build_site
from ttpack.publish.site_policy import REFERRER, host_files, page_policy
from ttpack.source.cache import Cache
from ttpack.views.blocks import Page, Publication

_UNCONTROLLED = "Uncontrolled when printed. Verify the current revision before use."


def write_site(
    publication: Publication,
    out_dir: Path,
    source_date_epoch: int,
    pages_kept: Cache | None = None,
    *,
    release: str = "",
) -> None:
    """Write the site to `out_dir`, replacing a site that stands there; same publication, same bytes.

    Pages that would come out as an earlier build made them are taken from `pages_kept`, and new ones put there.
    `release` is the name of the release that the site is part of: its pages ask `../../../versions/<edition>.js`,
    which lies outside of the release, which revision is the current one.

    Raises:
        PublishError: the folder holds something else, a page cannot be set, or two pages have one address.
    """
    if out_dir.exists() and any(out_dir.iterdir()) and not (out_dir / "search/search_index.json").is_file():
        raise PublishError(f"{out_dir} is not empty and holds no site: name an empty folder")
    with tempfile.TemporaryDirectory(prefix="ttpack-site-") as folder:
        staging = Path(folder).resolve()
        staged = _stage(publication, staging, release)
        _render(staged, staging, source_date_epoch, SiteCache(pages_kept or Cache(None)))
        _write_for_hosts(staging / "site")
        if out_dir.exists():
            shutil.rmtree(out_dir)
        out_dir.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(staging / "site", out_dir)


@dataclass(frozen=True, slots=True)
class _Staged:
    """The pages as the engine is given them, what our extension puts into them by name, and the configuration."""

    pages: Mapping[str, str]
    parts: Mapping[str, str]
    setting: str


def _render(staged: _Staged, staging: Path, source_date_epoch: int, cache: SiteCache) -> None:
    """Build and check `staging`/site, rendering only what is not kept."""
    keys: Mapping[str, str] = {}
    if cache.keeps:
        parts = {slug: [staged.parts[name] for name in parts_named(text)] for slug, text in staged.pages.items()}
        keys = page_keys(staged.pages, parts, staged.setting, source_date_epoch)
    found = cache.get_many(keys.values())
    kept = {slug: found[key] for slug, key in keys.items() if key in found}
    site = staging / "site"
    entries = build_site(staging, {slug: page.entries for slug, page in kept.items()}, source_date_epoch)
    for slug, page in kept.items():
        (site / f"{slug}.html").write_bytes(page.html)
    facts = check_site(site, {f"{slug}.html": page.facts for slug, page in kept.items()})
    cache.put_many({
        key: KeptPage((site / f"{slug}.html").read_bytes(), entries[slug], facts[f"{slug}.html"])
        for slug, key in keys.items() if slug not in kept
    })  # fmt: skip


def _write_for_hosts(site: Path) -> None:
    """Lay what hosts and a reader without a host need beside the pages."""
    for name, text in host_files().items():
        (site / name).write_text(text, "ascii", newline="\n")
    index = (site / "search/search_index.json").read_text("utf-8")
    # JSON is JavaScript; a page from a disk may run a file beside it, and may not read it.
    (site / "search/search_index.js").write_text(f"var __index = {index};\n", "utf-8", newline="\n")


def _stage(publication: Publication, staging: Path, release: str = "") -> _Staged:
    """Lay out what the engine reads: docs/ (published), pictures/ (put in by our extension), mkdocs.yml."""
    docs, pictures = staging / "docs", staging / "pictures"
    shutil.copytree(asset("site"), docs / "assets/ttpack")
    pictures.mkdir()
    face = HtmlFace(index_records(publication), parse_prose(collect_prose(publication.pages)), publication)
    pages = {page.slug: stage_page(page, face) for page in publication.pages}
    for slug, text in pages.items():
        (docs / f"{slug}.md").write_text(text, "utf-8", newline="\n")
    parts = parts_of(face, publication)
    for picture in publication.pictures.values():
        (docs / FOLDER).mkdir(exist_ok=True)
        (docs / FOLDER / file_name(picture)).write_bytes(picture.content)
    for name, text in parts.items():
        (pictures / name).write_text(text, "utf-8")
    (docs / "assets/ttpack/print.css").write_text(_print_style(publication), "ascii")
    # JSON is YAML without tags: no `!ENV`, no Python object can come out of a title.
    setting = json.dumps(_configuration(publication, pictures, release), indent=1)
    (staging / "mkdocs.yml").write_text(setting, "utf-8")
    return _Staged(pages, parts, setting.replace(json.dumps(str(staging))[1:-1], ""))


def parts_of(face: HtmlFace, publication: Publication) -> dict[str, str]:
    """The drawings and data that our extension puts into the pages that `face` has set, by file name."""
    pictures = {
        f"{name}.svg": inline_svg(picture.svg, picture.alt, picture.width) for name, picture in face.pictures.items()
    }
    data = {f"{name}.json": inline_data(one.name, one.data) for name, one in face.instruments.items()}
    figures = {f"{name}.html": image_element(one, picture_of(publication, one)) for name, one in face.figures.items()}
    return pictures | data | figures


def extensions(pictures: Path) -> list[str | dict[str, dict[str, Any]]]:
    """What the engine's parser of Markdown is extended by; `pictures` holds the drawings and data of the pages."""
    return [
        "attr_list",
        {"toc": {"permalink": "#", "permalink_title": "Link to this place", "toc_depth": 3}},
        {"ttpack.publish.sanitise": {"pictures": str(pictures)}},
    ]


def _configuration(publication: Publication, pictures: Path, release: str) -> dict[str, Any]:
    scripts = ("ttpack", "ruler-clocks", "ruler", "ruler-page")
    return {
        "site_name": _in_html(publication.title),
        "docs_dir": "docs",
        "site_dir": "site",
        "use_directory_urls": False,
        "nav": _navigation(publication.pages),
        "theme": _theme(publication.language),
        "plugins": [{"search": {"lang": "en"}}],
        "extra_css": ["assets/ttpack/ttpack.css", "assets/ttpack/print.css"],
        "extra_javascript": [f"assets/ttpack/{name}.js" for name in scripts],
        "extra": {
            "generator": False,
            "polyfills": ["assets/ttpack/disk.js"],
            "ttpack": {
                "document_number": publication.document_number,
                "revision": publication.revision,
                "status": publication.status,
                "edition": publication.edition,
                "effective": effective(publication),
                "generated_for": publication.generated_for,
                "notice": _UNCONTROLLED,
                "policy": page_policy(),
                "referrer": REFERRER,
                "release": release,
                "versions": f"../../../versions/{publication.edition}.js" if release else "",
            },
        },
        "markdown_extensions": extensions(pictures),
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
