"""Markdown records: a record as front matter, text below it."""

import re

from ttpack.source.problems import NOT_A_RECORD, SourceProblem

_OPENING = re.compile(rb"---[ \t]*(?:\r\n|\n|\r)")
_CLOSING = re.compile(rb"(?:\r\n|\n|\r)(?:---|\.\.\.)[ \t]*(?:\r\n|\n|\r|\Z)")


def split_front_matter(data: bytes, path: str) -> tuple[bytes, str, int]:
    """The front matter with its opening line, the text below it, and the line where that begins, from 1.

    Line ends of the text become LF. Raises SourceProblem (SRC-11) where there is no front matter.
    """
    opening = _OPENING.match(data)
    if not opening:
        message = "the file does not begin with front matter"
        fix = "Begin with a line '---', the fields of the record (kind, id, ...), and another line '---'."
        raise SourceProblem(NOT_A_RECORD, message, path, 1, 1, fix)
    closing = _CLOSING.search(data, opening.end() - 1)
    if not closing:
        message = "the front matter has no end"
        raise SourceProblem(NOT_A_RECORD, message, path, 1, 1, "End the fields of the record with a line '---'.")
    front = data[: closing.start()] + b"\n"
    text = data[: closing.end()].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    body = data[closing.end() :].decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    return front, body, text.count("\n") + 1
