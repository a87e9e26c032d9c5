"""Characters that the shipped fonts cannot show, or that no controlled document may hold."""

import re
import unicodedata
from bisect import bisect_right
from functools import cache
from html import escape

from ttpack.publish.glyph_ranges import RANGES

# These reorder what a reader sees against what is stored: a limit could read other than it is.
BIDIRECTIONAL_CONTROLS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
INVISIBLE = re.compile(f"[{_CONTROLS}{''.join(sorted(BIDIRECTIONAL_CONTROLS))}]")
_LAYOUT = frozenset("\n\t\r")
_LOWS = tuple(low for low, _ in RANGES)


@cache
def is_supported(character: str) -> bool:
    """Whether the fonts show this character in every style."""
    if character in _LAYOUT:
        return True
    if character in BIDIRECTIONAL_CONTROLS or unicodedata.category(character) in {"Cc", "Co", "Cs"}:
        return False
    index = bisect_right(_LOWS, ord(character)) - 1
    return index >= 0 and ord(character) <= RANGES[index][1]


def unsupported_characters(text: str) -> list[str]:
    """Each character of the text that cannot be printed, once, in order of appearance.

    Latin, Greek, Cyrillic, Chinese, Japanese, Korean, mathematics, arrows and common symbols are covered; the
    scripts of India and South-East Asia, and emoji are not.
    """
    if text.isascii() and text.isprintable():
        return []
    return [character for character in dict.fromkeys(text) if not is_supported(character)]


def describe(character: str) -> str:
    """A character for a message: its code point and its name, never the character alone."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'unnamed')}"


def in_html(text: str) -> str:
    """Text escaped for an element or a quoted attribute; what would act unseen is shown as U+FFFD."""
    return escape(INVISIBLE.sub("\ufffd", text))
