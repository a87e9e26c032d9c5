"""The comments of a YAML text, which libyaml reads over: whatever stands between its tokens and begins with `#`."""

import re
from bisect import bisect_right
from typing import NamedTuple

from yaml import DocumentStartToken, ScalarToken
from yaml._yaml import CParser

_COMMENT = re.compile(r"#[^\n]*")
_HEADER = re.compile(r"[|>][-+0-9]*[ \t]+(#[^\n]*)")


class Comment(NamedTuple):
    """A comment: line and column from 0, its text with the `#`, and whether it stands alone on its line."""

    line: int
    column: int
    text: str
    alone: bool


def comments_of(text: str) -> tuple[list[Comment], int | None]:
    """Every comment in the order of the text, and the line of `---` if there is one; lines end with LF."""
    found: list[Comment] = []
    marker: int | None = None
    if "#" not in text and "---" not in text:
        return found, marker
    starts = [0, *(end.end() for end in re.finditer("\n", text))]
    next_token = CParser(text.encode()).get_token
    at = 0
    while (token := next_token()) is not None:
        begin, end = token.start_mark.index, token.end_mark.index
        if end <= begin:
            continue  # a token that libyaml infers has no text of its own
        if token.__class__ is DocumentStartToken:
            marker = token.start_mark.line
        if begin > at and text.find("#", at, begin) >= 0:
            found.extend(_comment(text, one, starts) for one in _COMMENT.finditer(text, at, begin))
        if token.__class__ is ScalarToken and token.style in ("|", ">"):
            header = _HEADER.match(text, begin)  # libyaml counts the comment behind the `|` to its token
            if header:
                found.extend(
                    _comment(text, one, starts) for one in _COMMENT.finditer(text, header.start(1), header.end())
                )
        at = max(at, end)
    found.extend(_comment(text, one, starts) for one in _COMMENT.finditer(text, at))
    return found, marker


def comment_texts(text: str) -> list[str]:
    """The comments of a text without their places, sorted: what must survive an edit."""
    return sorted(comment.text for comment in comments_of(text)[0])


def _comment(text: str, found: re.Match[str], starts: list[int]) -> Comment:
    at = found.start()
    line = bisect_right(starts, at) - 1
    return Comment(line, at - starts[line], found.group().rstrip(), not text[starts[line] : at].strip())
