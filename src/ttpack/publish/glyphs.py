"""Characters that the shipped fonts cannot show, or that no controlled document may hold."""

import re
from html import escape

from ttpack.source.printable import BIDIRECTIONAL_CONTROLS, describe, is_printable

__all__ = ["BIDIRECTIONAL_CONTROLS", "INVISIBLE", "describe", "in_html", "unsupported_characters"]

_CONTROLS = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
INVISIBLE = re.compile(f"[{_CONTROLS}{''.join(sorted(BIDIRECTIONAL_CONTROLS))}]")


def unsupported_characters(text: str) -> list[str]:
    """Each character of the text that cannot be printed, once, in order of appearance.

    Latin, Greek, Cyrillic, Chinese, Japanese, Korean, mathematics, arrows and common symbols are covered; the
    scripts of India and South-East Asia, and emoji are not.
    """
    if text.isascii() and text.isprintable():
        return []
    return [character for character in dict.fromkeys(text) if not is_printable(character)]


def in_html(text: str) -> str:
    """Text escaped for an element or a quoted attribute; what would act unseen is shown as U+FFFD."""
    return escape(INVISIBLE.sub("\ufffd", text))
