"""Canonical YAML of records: of plain data, and of a file that is already written.

Whatever is written here has been read back with our own reader and found equal to what was wanted, digit by digit,
with every comment; else nothing is written.
"""

import datetime
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from ttpack.source.documents import read_document, read_yaml
from ttpack.source.markdown import split_front_matter
from ttpack.source.problems import SourceProblem
from ttpack.source.yaml_comments import comment_texts
from ttpack.source.yaml_emit import emit_document
from ttpack.source.yaml_scalars import WIDTH, scalar_text
from ttpack.source.yaml_tree import Entry, Node, Written, parse_written

_SHORT = 40


class CannotRewrite(ValueError):
    """A text cannot be rewritten so that it is certain to say the same; the message says why."""


def record_text(record: Mapping[str, Any]) -> str:
    """A record of plain data as the text of its file.

    `record` holds texts, int, Decimal, bool, dates, and mappings and lists of these; a field that is None is left
    out. Fields come in canonical order, units are quoted, decimals keep their digits, long text is folded. The text
    is read back by `read_yaml` as the same data. Raises TypeError for a float or another type, CannotRewrite for what
    no file could hold, such as control characters.
    """
    return _checked(emit_document(Written([], data_node(_plain(record)), [], marked=False)), [_plain(record)])


def list_text(records: Sequence[Mapping[str, Any]]) -> str:
    """Several records of plain data as the text of one list file; as `record_text` of each."""
    wanted = [_plain(record) for record in records]
    return _checked(emit_document(Written([], data_node(wanted), [], marked=False)), wanted)


def format_document(data: bytes, path: str) -> bytes:
    """A record file in canonical form; the text of a Markdown record stays as it is.

    Equal to `data` where it is canonical already. Line ends are those of the file, LF where it mixes them. Raises
    SourceProblem for a file that is no record, CannotRewrite where the result would not say the same.
    """
    wanted = [record.data for record in read_document(data, path)]
    front, body = split_record(data, path)
    text = front.decode()
    end = "\r\n" if "\r\n" in text and text.count("\r\n") == text.count("\n") == text.count("\r") else "\n"
    formatted = format_text(text.replace("\r\n", "\n").replace("\r", "\n"))
    result = formatted.replace("\n", end).encode() + body
    try:
        found = [record.data for record in read_document(result, path)]
    except SourceProblem as problem:
        raise CannotRewrite(f"its canonical form could not be read: {problem.message}") from None
    if not same_data(found, wanted):
        raise CannotRewrite("its values would not stay the same")
    return result


def format_text(text: str) -> str:
    """YAML with LF in canonical form. Raises CannotRewrite where a comment would be lost, or a second pass differs."""
    comments = comment_texts(text)
    formatted = emit_document(parse_written(text))
    if comment_texts(formatted) != comments:
        raise CannotRewrite("its comments would not stay the same")
    return formatted


def same_data(one: Any, other: Any) -> bool:
    """Whether two values of plain data are equal with every digit; the order of fields does not count."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same_data(value, other[name]) for name, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same_data, one, other))
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, int | Decimal) and isinstance(other, int | Decimal):
        return str(one) == str(other)
    return isinstance(one, str) and isinstance(other, str) and one == other


def split_record(data: bytes, path: str) -> tuple[bytes, bytes]:
    """The YAML of a record file, and the rest: nothing, or all from the closing line of the front matter on.

    Both together are the file, byte for byte. Raises SourceProblem where a Markdown file has no front matter.
    """
    if not path.endswith(".md"):
        return data, b""
    front, _, _ = split_front_matter(data, path)
    body = data[len(front) - 1 :]
    for end in (b"\r\n", b"\n", b"\r"):
        if body.startswith(end):
            return data[: len(front) - 1] + end, body[len(end) :]
    return front, body


def _checked(text: str, wanted: list[Any]) -> str:
    try:
        found = [record.data for record in read_yaml(text.encode(), "")]
    except (SourceProblem, ValueError) as problem:
        raise CannotRewrite(f"it could not be read again: {problem}") from None
    if not same_data(found, wanted):
        raise CannotRewrite("it would be read back as something else")
    return text


def _plain(value: Any) -> Any:
    """The data as a reader gives it: dates as text, fields without value left out."""
    if isinstance(value, Mapping):
        return {str(name): _plain(item) for name, item in value.items() if item is not None}
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        return [_plain(item) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    return value


def data_node(value: Any, depth: int = 0, *, item: bool = False) -> Node:
    """Plain data as a tree: brackets for what is short and flat, lines of its own for the rest.

    `depth` is 0 for a record or a list of records, which always stand on lines of their own. An `item` of a list may
    hold quantities in its brackets.
    """
    place = (0, 0)
    if isinstance(value, dict):
        entries = [
            Entry(Node("scalar", place, text=name), data_node(item, depth + 1), place) for name, item in value.items()
        ]
        return Node("mapping", place, flow=not value or (depth > 0 and _flat(value, nested=item)), entries=entries)
    if isinstance(value, list):
        entries = [Entry(None, data_node(one, depth + 1, item=True), place) for one in value]
        flow = not value or (depth > 0 and all(map(_is_word, value)))
        return Node("list", place, flow=flow, entries=entries)
    if isinstance(value, str):
        if "\n" in value and value.strip("\n") and value[0] not in " \n\t":
            return Node("scalar", place, text=value, style="|", raw=tuple(value.split("\n")))
        folds = len(value) > WIDTH - 2 * _SHORT
        return Node("scalar", place, (1, 0) if folds else place, value, "text")
    return Node("scalar", place, text=scalar_text(value))


def _flat(value: dict[str, Any], *, nested: bool) -> bool:
    """Whether a mapping holds values, lists of words, and where `nested` quantities, only."""
    return all(
        not isinstance(item, dict | list)
        or (isinstance(item, list) and all(map(_is_word, item)))
        or (nested and isinstance(item, dict) and bool(item) and item.keys() <= {"value", "unit", "low", "high"})
        for item in value.values()
    )


def _is_word(value: Any) -> bool:
    return not isinstance(value, dict | list) and len(str(value)) <= _SHORT and " " not in str(value)
