"""Which characters can be printed: those that the fonts of the PDF show, and that a controlled document may hold."""

import unicodedata
from bisect import bisect_right
from functools import cache

from ttpack.source.printable_ranges import RANGES

# These reorder what a reader sees against what is stored: a limit could read other than it is.
BIDIRECTIONAL_CONTROLS = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_LAYOUT = frozenset("\n\t\r")
_LOWS = tuple(low for low, _ in RANGES)
_ASCII = bytes(range(0x80))


@cache
def is_printable(character: str) -> bool:
    """Whether the fonts show this character in every style."""
    if character in _LAYOUT:
        return True
    if character in BIDIRECTIONAL_CONTROLS or unicodedata.category(character) in {"Cc", "Co", "Cs"}:
        return False
    index = bisect_right(_LOWS, ord(character)) - 1
    return index >= 0 and ord(character) <= RANGES[index][1]


def unprintable_at(text: str) -> int | None:
    """Where the first character stands that cannot be printed, counted from 0, or None."""
    if text.isascii() or all(map(is_printable, set(text))):
        return None
    return next(index for index, character in enumerate(text) if not is_printable(character))


def holds_unprintable(data: bytes) -> bool:
    """Whether UTF-8 text holds a character beyond ASCII that cannot be printed."""
    return not data.isascii() and not all(
        map(is_printable, set(data.translate(None, _ASCII).decode("utf-8", "replace")))
    )


def describe(character: str) -> str:
    """A character for a message: its code point and its name, never the character alone."""
    return f"U+{ord(character):04X} {unicodedata.name(character, 'unnamed')}"
