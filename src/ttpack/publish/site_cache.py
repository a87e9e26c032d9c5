"""Rendered pages of earlier builds, each under the digest of everything that it is made of.

What a page's HTML depends on: its staged Markdown and the drawings and data put into it; the configuration, which
holds the titles and addresses of all pages (the navigation stands in each) and what the header says; the engine, its
theme and our own code, by versions and bytes; the moment the build is dated. A page is kept only after the check of
the whole site has passed, and comes back only if its bytes are those that were kept.
"""

import hashlib
import json
import sys
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from ttpack.publish.site_check import PageFacts
from ttpack.publish.site_engine import Entries
from ttpack.source.cache import Cache

_ENGINE = ("mkdocs", "mkdocs-material", "Markdown", "Jinja2", "MarkupSafe", "nh3", "lxml", "ttpack")
_OWN = (".py", ".html", ".js", ".css", ".svg")


@dataclass(frozen=True, slots=True)
class KeptPage:
    """A page as the engine wrote it, what the search index holds of it, and what the check of the site read from it."""

    html: bytes
    entries: Entries
    facts: PageFacts


class SiteCache:
    """Pages by key, over a cache that verifies every value; whatever is wrong with a value makes it a miss."""

    def __init__(self, cache: Cache) -> None:
        self._cache = cache

    @property
    def keeps(self) -> bool:
        """Whether a page that is put would be kept."""
        return self._cache.keeps

    def get_many(self, keys: Iterable[str]) -> dict[str, KeptPage]:
        """The pages kept under those of `keys` that are known."""
        found = {key: _unpacked(value) for key, value in self._cache.get_blobs(keys).items()}
        return {key: page for key, page in found.items() if page is not None}

    def put_many(self, pages: Mapping[str, KeptPage]) -> None:
        """Keep pages, all in one transaction."""
        self._cache.put_blobs({key: _packed(page) for key, page in pages.items()})


def page_keys(
    pages: Mapping[str, str], parts: Mapping[str, Iterable[str]], setting: str, moment: int, engine: str = ""
) -> dict[str, str]:
    """The key of each staged page by slug.

    `parts` are the drawings and data put into each, `setting` the configuration, `moment` the seconds since 1970
    that the build is dated, `engine` what renders (default: what is installed).
    """
    shared = hashlib.sha256(f"{engine or engine_fingerprint()}\0{moment}\0{setting}".encode()).hexdigest()
    return {
        slug: hashlib.sha256(json.dumps([shared, slug, text, *parts[slug]]).encode()).hexdigest()
        for slug, text in pages.items()
    }


@cache
def engine_fingerprint() -> str:
    """A digest of the versions of what renders a page, and of the bytes of our own part in it."""
    digest = hashlib.sha256(sys.version.encode())
    for name in _ENGINE:
        try:
            digest.update(f"{name} {version(name)}\0".encode())
        except PackageNotFoundError:
            digest.update(f"{name}\0".encode())
    folder = Path(__file__).parent
    for path in sorted(folder.rglob("*")):
        if path.suffix in _OWN and path.is_file():
            content = hashlib.sha256(path.read_bytes()).hexdigest()
            digest.update(f"{path.relative_to(folder).as_posix()} {content}\0".encode())
    return digest.hexdigest()


def _packed(page: KeptPage) -> bytes:
    head = json.dumps([page.entries, page.facts.anchors, page.facts.links]).encode()
    return zlib.compress(len(head).to_bytes(8, "big") + head + page.html, 1)


def _unpacked(value: bytes) -> KeptPage | None:
    try:
        whole = zlib.decompress(value)
        end = 8 + int.from_bytes(whole[:8], "big")
        entries, anchors, links = json.loads(whole[8:end])
        return KeptPage(whole[end:], entries, PageFacts(tuple(anchors), tuple(links)))
    except (zlib.error, ValueError, TypeError):
        return None
