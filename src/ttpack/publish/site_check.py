"""What must be true of a built site, whoever built it; a failure here is a defect of ours, not an author's."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from ttpack.publish.site_policy import inline_scripts, page_policy

_LOADING = (
    "script[@src]",
    "link[@href]",
    "img[@src]",
    "iframe",
    "object",
    "embed",
    "base",
    "form[@action]",
    "meta[@http-equiv][not(@http-equiv='Content-Security-Policy')]",
)
_EXTERNAL = re.compile(r"(?:[a-z][a-z0-9+.-]*:|//)", re.IGNORECASE)
_LINK_SCHEMES = re.compile(r"(?:https?:|mailto:)", re.IGNORECASE)


class SiteDefect(AssertionError):
    """The built site loads something from elsewhere, runs markup, or leads nowhere."""


@dataclass(frozen=True, slots=True)
class PageFacts:
    """What other pages may want of a page whose own markup has passed: its anchors, and where its links lead."""

    anchors: tuple[str, ...]
    links: tuple[str, ...]


def check_site(site: Path, known: Mapping[str, PageFacts] | None = None) -> dict[str, PageFacts]:
    """Read every page back: nothing is loaded from another host, no script but the engine's, no dead internal link.

    `known` are the facts of pages that passed before, byte for byte, by file name; the links of all are followed anew.

    Raises:
        SiteDefect: naming the page and the first thing that is wrong on it.
    """
    known = known or {}
    pages = {path.name: known.get(path.name) or check_page(path) for path in sorted(site.glob("*.html"))}
    anchors = {name: set(page.anchors) for name, page in pages.items()}
    for name, page in pages.items():
        for address in page.links:
            _check_link(name, address, anchors)
    return pages


def check_page(path: Path) -> PageFacts:
    """Check what a page's own markup loads and runs; its links are not followed.

    Raises:
        SiteDefect: naming the page and the first thing that is wrong on it.
    """
    from lxml import html

    name, root = path.name, html.parse(str(path)).getroot()
    # Nothing that a browser acts on may stand before it.
    if root.xpath("//head/*[not(@charset)][1][@http-equiv='Content-Security-Policy']/@content") != [page_policy()]:
        raise SiteDefect(f"{name}: what a browser may do is not said first")
    for element in root.xpath("|".join(f"//{path}" for path in _LOADING)):
        address = element.get("src") or element.get("href") or ""
        if element.tag in {"iframe", "object", "embed", "base", "meta"} or _EXTERNAL.match(address):
            raise SiteDefect(f"{name}: <{element.tag}> loads {address!r}")
    for script in root.xpath("//script[not(@src)][not(@type='application/json')]"):
        if script.text not in inline_scripts():
            raise SiteDefect(f"{name}: a script that is not the engine's: {(script.text or '')[:60]!r}")
    for style in root.xpath("//style|//@style"):
        raise SiteDefect(
            f"{name}: a style that the page's own policy refuses: {str(getattr(style, 'text', style))[:60]!r}"
        )
    for attribute in root.xpath("//@*[starts-with(name(), 'on')]"):
        raise SiteDefect(f"{name}: event handler {attribute[:60]!r}")
    addresses = dict.fromkeys(map(str, root.xpath("//a/@href")))
    return PageFacts(tuple(map(str, root.xpath("//@id"))), tuple(addresses))


def _check_link(page: str, address: str, anchors: dict[str, set[str]]) -> None:
    if _EXTERNAL.match(address):
        if not _LINK_SCHEMES.match(address):
            raise SiteDefect(f"{page}: link to {address[:60]!r}")
        return
    target, _, anchor = address.partition("#")
    known = anchors.get(target or page)
    if known is not None and anchor and unquote(anchor) not in known and not anchor.startswith("__"):
        raise SiteDefect(f"{page}: no place {anchor!r} on {target or page}")
