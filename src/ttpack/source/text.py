"""Bytes of a file as text that means the same to everybody: size, encoding, characters, and places in it."""

import re

from ttpack.source.files import too_large
from ttpack.source.problems import FILE_TOO_LARGE, FORBIDDEN_CHARACTER, NOT_UTF_8, SourceProblem

MAX_BYTES = 5_000_000
"""Largest record file that is read, in bytes."""

MAX_VALUES = 300_000
"""Most lines and commas in one record file: megabytes of tiny values would take seconds to read."""

_CONTROLS = bytes(code for code in (*range(0x20), 0x7F) if code not in (0x09, 0x0A, 0x0D))
# Invisible or direction-changing characters, in UTF-8: C1 controls with U+0085, soft hyphen, zero-width space,
# direction marks and overrides, U+2028 and U+2029, word joiner and its like, byte order mark, non-characters, tags.
_FORBIDDEN = re.compile(
    rb"\xc2[\x80-\x9f\xad]|\xe2\x80[\x8b\x8e\x8f\xa8-\xae]|\xe2\x81[\xa0-\xaf]"
    rb"|\xef\xbb\xbf|\xef\xbf[\xb9-\xbb\xbe\xbf]|\xf3\xa0[\x80-\x87]"
)
_FORBIDDEN_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff"
    "\ufeff\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e01ff]"
)
_NAMES = {
    0x00: "a NUL character",
    0x85: "the line break U+0085",
    0xAD: "an invisible soft hyphen (U+00AD)",
    0x200B: "an invisible zero-width space (U+200B)",
    0x2028: "the line separator U+2028, as word processors paste it",
    0x2029: "the paragraph separator U+2029, as word processors paste it",
    0xFEFF: "a byte order mark in the middle of the text (U+FEFF)",
}
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_UTF_8_MARK = b"\xef\xbb\xbf"


def line_and_column(data: bytes, offset: int) -> tuple[int, int]:
    """Line and column, both from 1, of a byte offset; columns count characters. CR, LF and CRLF end lines."""
    before = data[:offset].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return before.count("\n") + 1, len(before) - before.rfind("\n")


def refuse_unreadable_text(data: bytes, path: str) -> None:
    """Raise SRC-07, SRC-08 or SRC-09 for text that is too large, not plain UTF-8, or holds invisible characters."""
    if len(data) > MAX_BYTES:
        raise too_large(path, len(data), MAX_BYTES)
    if len(data) > MAX_VALUES and data.count(b"\n") + data.count(b"\r") + data.count(b",") > MAX_VALUES:
        raise SourceProblem(FILE_TOO_LARGE, f"the file holds more than {MAX_VALUES:,} values", path)
    if data.isascii():
        if len(data.translate(None, _CONTROLS)) != len(data):
            _refuse_character(data, path)
        return
    if data.startswith(_UTF_16):
        message = "the file is UTF-16, not UTF-8"
        raise SourceProblem(NOT_UTF_8, message, path)
    if data.startswith(_UTF_8_MARK):
        message = "the file begins with a byte order mark"
        raise SourceProblem(NOT_UTF_8, message, path)
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line, column = line_and_column(data, error.start)
        message = f"the byte 0x{data[error.start]:02X} is not UTF-8"
        raise SourceProblem(NOT_UTF_8, message, path, line, column) from None
    if len(data.translate(None, _CONTROLS)) != len(data) or _FORBIDDEN.search(data):
        _refuse_character(data, path)


def forbidden_character(text: str) -> str | None:
    """Name of the first character that text of a record must not hold, or None."""
    found = _FORBIDDEN_TEXT.search(text)
    return character_name(found.group()) if found else None


def character_name(character: str) -> str:
    """A forbidden character in words."""
    code = ord(character)
    return _NAMES.get(code) or f"the invisible character U+{code:04X}"


def _refuse_character(data: bytes, path: str) -> None:
    text = data.decode()
    found = _FORBIDDEN_TEXT.search(text)
    if found:
        line, column = line_and_column(data, len(text[: found.start()].encode()))
        message = f"the text holds {character_name(found.group())}"
        raise SourceProblem(FORBIDDEN_CHARACTER, message, path, line, column)
