"""Scalars as canonical YAML text: which need quotes, which quotes, and how long text is folded."""

import json
import re
from decimal import Decimal
from typing import Any

from ttpack.source.scalars import UnusableNumber, plain_scalar

WIDTH = 120
"""Longest line, in characters, that brackets and folded text of our own making may have."""

_UNIT = re.compile(r"(?:[a-z0-9]+_)*unit")
# What YAML 1.1 readers, which editors and scripts still use, take for a truth value, a number of base 60 or a merge.
_OTHER_IN_1_1 = re.compile(
    r"(?:y|n|yes|no|on|off)|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?|[-+]?[0-9][0-9_]*_[0-9_]*(?:\.[0-9_]*)?"
    r"|[-+]?0b[01_]+|<<|=",
    re.IGNORECASE,
)
_STARTS_RESERVED = re.compile(r"[-?:](?:\s|$)|[\[\]{}#&*!|>'\"%@`,]|---|\.\.\.")
_INSIDE_RESERVED = re.compile(r":(?:\s|$)|\s#|[\n\t]")
_FLOW_RESERVED = re.compile(r"[\[\]{},]|:$|\?")
_SPACE_AT_BREAK = re.compile(r"\n | \n")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f]")


def is_unit(name: str) -> bool:
    """Whether a field of that name holds a unit, which is always quoted: `unit`, `duration_unit`."""
    return _UNIT.fullmatch(name) is not None


def can_be_plain(text: str, *, flow: bool, key: bool = False) -> bool:
    """Whether a text without quotes is read as that text, by YAML 1.2 and 1.1 readers, in brackets (`flow`) or not.

    A `key` may be what only YAML 1.1 readers take for something else: the format itself has a field `on`.
    """
    if not text or text != text.strip() or _STARTS_RESERVED.match(text) or _INSIDE_RESERVED.search(text):
        return False
    if flow and _FLOW_RESERVED.search(text):
        return False
    try:
        read = plain_scalar(text)
    except UnusableNumber:
        return False
    return isinstance(read, str) and (key or not _OTHER_IN_1_1.fullmatch(text))


def quoted(text: str) -> str:
    """The text in quotes: double ones, single ones where that saves escapes."""
    if ('"' in text or "\\" in text) and not _UNPRINTABLE.search(text):
        return "'" + text.replace("'", "''") + "'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\x7f")


def scalar_text(value: Any, *, flow: bool = False, quote: bool = False) -> str:
    """A value of plain data (text, int, Decimal, bool, None) as one line of YAML.

    Raises TypeError for any other type, float included.
    """
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Decimal):
        return _decimal(value)
    if not isinstance(value, str):
        message = f"{type(value).__name__} cannot be written as a field"
        raise TypeError(message)
    return value if not quote and can_be_plain(value, flow=flow) else quoted(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        message = f"{value} is not a number that can be written"
        raise TypeError(message)
    return str(value)


def folded(text: str, width: int) -> list[str] | None:
    """The lines below `>-` that are read as `text`, at most `width` characters each; None where folding changes it."""
    if not text or text != text.strip() or _UNPRINTABLE.search(text.replace("\n", "")) or _SPACE_AT_BREAK.search(text):
        return None
    lines: list[str] = []
    for number, paragraph in enumerate(re.split(r"\n", text)):
        if number:
            lines.append("")
        if paragraph:
            lines.extend(_wrapped(paragraph, width))
    return lines


def _wrapped(paragraph: str, width: int) -> list[str]:
    """Lines broken at single spaces only: folding makes one space of each break."""
    lines = [""]
    for word in re.split(r"(?<! ) (?! )", paragraph):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}" if lines[-1] else word
    return lines
