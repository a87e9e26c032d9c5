"""What prose must not hold: raw HTML, comments, raw markup of a face, unsafe links, what cannot be printed."""

import html
import posixpath
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

from ttpack.source.code_spans import without_code
from ttpack.source.printable import describe, unprintable_at
from ttpack.source.problems import ATTACHMENT_MISSING, FORBIDDEN_CHARACTER, RAW_HTML, UNPRINTABLE_CHARACTER, UNSAFE_LINK
from ttpack.source.text import forbidden_character

SUSPICIOUS = (b"<", b"](", b"]:", b"script:", b"data:", b"file:", b"{=", b"{:", b"\\", b"&")
"""What a file must hold before any of its strings needs a look; most files hold none of it."""

_SCHEMES = frozenset({"http", "https", "mailto"})
_ACTIVE = (
    "script|style|iframe|frame|object|embed|applet|svg|math|img|image|link|meta|base|form|input|button|video|audio"
)
_TAG = re.compile(
    rf"<!--|<!\[CDATA\[|<![A-Za-z]|<\?|</?(?:{_ACTIVE}|body|html|template)\b"
    r"|</?[A-Za-z][A-Za-z0-9-]*(?=[\s/>])[^<>]*>",
    re.IGNORECASE,
)
_RAW_MARKUP = re.compile(r"\{\s*=\s*[A-Za-z]|\{:?[^{}\n]*\bon[a-z]+\s*=", re.IGNORECASE)
_LINK = re.compile(r"\]\(\s*(?:<(?P<angle>[^<>\n]*)>|(?P<plain>[^\s()]*))")
_ANGLE = re.compile(r"(?<!\\)(\[[^\[\]\n]*\]\(\s*)<([^<>\n]*)>")
_DEFINITION = re.compile(r"^ {0,3}\[[^\]\n]+\]:(?:[ \t]*+\n)?[ \t]*+<?(?P<plain>[^\s<>]+)", re.MULTILINE)
_AUTOLINK = re.compile(r"<(?P<plain>[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*)>")
_PICTURE_START = re.compile(r"(?<!<)!\[")
_PICTURE_END = re.compile(r"\](?:\(\s*(?:<(?P<angle>[^<>\n]*)>|(?P<plain>[^\s)]*))|(?P<reference>\[|(?![\[(])))")
_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9a-fA-F]{1,8}|[A-Za-z][A-Za-z0-9]{1,31});")
_BARE = re.compile(r"\s*(?P<plain>(?:(?:javascript|vbscript)\s*:|(?:data|file):)\S+)", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):")
_IGNORED = re.compile(r"[\x00-\x20\\]")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in a text that must not be there; `offset` counts characters from 0."""

    code: str
    message: str
    offset: int


def flaws(text: str, files: Container[str]) -> Iterator[Flaw]:
    """Everything in one text that prose must not hold; `files` are the paths that pictures may name.

    "<5 %", "<= 35 g/L" and "a < b" are no HTML. Code spans and closed code blocks may hold anything.
    """
    yield from _unprintable(text)
    if "<" not in text and ":" not in text and "{" not in text and "](" not in text and "&" not in text:
        return
    for found in _RAW_MARKUP.finditer(text):
        yield Flaw(RAW_HTML, f"raw markup {_short(found.group())}", found.start())
    bare = without_code(text)
    for found in _TAG.finditer(_ANGLE.sub(r"\1(\2)", bare)):
        what = "a comment" if found.group() == "<!--" else f"the HTML {_short(found.group())}"
        yield Flaw(RAW_HTML, what, found.start())
    for found in _ENTITY.finditer(bare):
        name = forbidden_character(html.unescape(found.group()))
        at = None if name else unprintable_at(html.unescape(found.group()))
        if name:
            yield Flaw(FORBIDDEN_CHARACTER, f"{found.group()} stands for {name}", found.start())
        elif at is not None:
            yield Flaw(UNPRINTABLE_CHARACTER, f"{found.group()} stands for what no font of the PDF has", found.start())
    yield from _links(bare)
    yield from _pictures(bare, files)


def _unprintable(text: str) -> Iterator[Flaw]:
    at = unprintable_at(text)
    if at is not None:
        yield Flaw(UNPRINTABLE_CHARACTER, f"no font of the PDF has {describe(text[at])}", at)


def _links(text: str) -> Iterator[Flaw]:
    for pattern in (_LINK, _DEFINITION, _AUTOLINK):
        for found in pattern.finditer(text):
            target = found.groupdict().get("angle") or found["plain"] or ""
            message = _unsafe(target)
            if message:
                yield Flaw(UNSAFE_LINK, message, found.start())
    alone = _BARE.match(text)
    if alone:
        yield Flaw(UNSAFE_LINK, f"the address {_short(alone['plain'])} is not http, https or mailto", alone.start())


def _pictures(text: str, files: Container[str]) -> Iterator[Flaw]:
    for start, found in _picture_ends(text):
        if found["reference"] is not None:
            yield Flaw(UNSAFE_LINK, "the picture does not name its file: write ![words](path)", start)
            continue
        target = found["angle"] or found["plain"] or ""
        path = posixpath.normpath(target)
        if _unsafe(target):
            continue  # said by the link inside it
        if _SCHEME.match(target.lower()):
            yield Flaw(UNSAFE_LINK, f"the picture {_short(target)} is not in the package", start)
        elif path not in files:
            yield Flaw(ATTACHMENT_MISSING, f"the picture {_short(target)} is not in the package", start)


def _picture_ends(text: str) -> Iterator[tuple[int, re.Match[str]]]:
    """Where each picture begins, and what follows its words on the same line."""
    bracket = line_end = done = -1
    for found in _PICTURE_START.finditer(text):
        if found.start() < done:
            continue
        if bracket < found.end():
            bracket = text.find("]", found.end())
        if bracket < 0:
            return
        if line_end < found.end():
            line_end = text.find("\n", found.end()) % (len(text) + 1)
        end = _PICTURE_END.match(text, bracket) if bracket < line_end else None
        if end:
            done = end.end()
            yield found.start(), end


def _unsafe(target: str) -> str | None:
    """Why a link's target is refused, or None. Entities, backslashes and white space are seen through."""
    plain = _IGNORED.sub("", html.unescape(target)).lower()
    scheme = _SCHEME.match(plain)
    if scheme:
        return None if scheme[1] in _SCHEMES else f"the link {_short(target)} is not http, https or mailto"
    if plain.startswith("/") or posixpath.normpath(plain).split("/")[0] == "..":
        return f"the link {_short(target)} leads outside the package"
    return None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 40 else f"{line[:37]}...")  # noqa: PLR2004  a readable length
