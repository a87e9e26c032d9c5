"""Lines of a text of any length, in chunks, with bounded memory."""

import codecs
from collections.abc import Iterable, Iterator
from typing import Final

CHUNK: Final = 16_384
LONGEST_LINE: Final = 100_000
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


class Unreadable(Exception):
    """Why nothing is read from a line on."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def chunks_of_lines(blocks: Iterable[bytes]) -> Iterator[list[str]]:
    """The lines of a UTF-8 text without their ends, 16,384 at a time; a byte-order mark at its beginning is left out.

    What is no UTF-8 becomes a replacement character. Raises Unreadable for UTF-16 and for a line of over 100,000
    characters, so that no more than a chunk is ever held.
    """
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    kept: list[str] = []
    left, given, first = "", 0, True
    for block in blocks:
        if first and block.startswith(_UTF_16):
            message = "the file is UTF-16, not UTF-8"
            raise Unreadable(message, 1)
        text = left + decoder.decode(block)
        lines = (text.removeprefix("\ufeff") if first else text).split("\n")
        first = False
        left = lines.pop()
        kept += lines
        if max(map(len, lines), default=0) > LONGEST_LINE or len(left) > LONGEST_LINE:
            message = f"a line is longer than {LONGEST_LINE:,} characters"
            raise Unreadable(message, given + len(kept) + 1)
        while len(kept) >= CHUNK:
            yield kept[:CHUNK]
            given += CHUNK
            del kept[:CHUNK]
    left += decoder.decode(b"", final=True)
    if left:
        kept.append(left)
    if kept:
        yield kept
