"""The comments of a YAML text, which libyaml reads over: whatever stands between its tokens and begins with `#`."""

import re
from typing import Any, NamedTuple

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
    next_token = CParser(text.encode()).get_token
    at = 0
    while (token := next_token()) is not None:
        begin, end = token.start_mark.index, token.end_mark.index
        if end <= begin:
            continue  # a token that libyaml infers has no text of its own
        if token.__class__ is DocumentStartToken:
            marker = token.start_mark.line
        found.extend(_between(text, at, begin))
        found.extend(_in_header(text, token))
        at = max(at, end)
    found.extend(_between(text, at, len(text)))
    return found, marker


def comment_texts(text: str) -> list[str]:
    """The comments of a text without their places, sorted: what must survive an edit."""
    return sorted(comment.text for comment in comments_of(text)[0])


def _between(text: str, begin: int, end: int) -> list[Comment]:
    return [_comment(text, found.start(), found.group()) for found in _COMMENT.finditer(text, begin, end)]


def _in_header(text: str, token: Any) -> list[Comment]:
    """The comment behind the `|` or `>` of a block scalar, which libyaml counts to its token."""
    if token.__class__ is not ScalarToken or token.style not in ("|", ">"):
        return []
    header = _HEADER.match(text, token.start_mark.index)
    return [_comment(text, header.start(1), header.group(1))] if header else []


def _comment(text: str, at: int, words: str) -> Comment:
    begin = text.rfind("\n", 0, at) + 1
    return Comment(text.count("\n", 0, at), at - begin, words.rstrip(), not text[begin:at].strip())
