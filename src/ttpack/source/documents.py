"""Records from YAML and Markdown: YAML 1.2 core, exact numbers, and nothing that two readers could read differently."""

from dataclasses import dataclass
from typing import Any

from yaml import AliasEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent, StreamEndEvent, YAMLError
from yaml._yaml import CParser

from ttpack.source.markdown import split_front_matter
from ttpack.source.positions import places_of
from ttpack.source.problems import (
    ANCHOR_OR_ALIAS,
    DUPLICATE_KEY,
    NESTED_TOO_DEEP,
    NOT_A_RECORD,
    SEVERAL_DOCUMENTS,
    UNUSABLE_NUMBER,
    YAML_SYNTAX,
    SourceProblem,
)
from ttpack.source.scalars import Scalar, UnusableNumber, plain_scalar
from ttpack.source.syntax import hint_at, refuse_tags_and_anchors, syntax_problem
from ttpack.source.text import refuse_unreadable_text

MAX_DEPTH = 64

# Keys and short scalars repeat from record to record: looked up, they cost a tenth of being understood again,
# and ten thousand records share one copy of each.
_KEYS: dict[str, str] = {}
_PLAIN: dict[str, Scalar] = {}
_CACHED_LENGTH = 48
_CACHED_COUNT = 50_000


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as written: plain data with `int` and `Decimal` numbers, and where it stands.

    `line` is that of its first field, from 1. `index` is its place in a list file, None when it is the whole file.
    `body` is the text below the front matter of a Markdown file.
    """

    data: dict[str, Any]
    path: str
    line: int
    index: int | None = None
    body: str | None = None


def read_document(data: bytes, path: str) -> list[RawRecord]:
    """The records of a `.yaml`, `.yml` or `.md` file. Raises SourceProblem."""
    return read_markdown(data, path) if path.endswith(".md") else read_yaml(data, path)


def read_yaml(data: bytes, path: str) -> list[RawRecord]:
    """The record, or the list of records, of a YAML file.

    Raises SourceProblem with the exact place of the first thing that is not allowed: see SRC-01 to SRC-11 and SRC-21.
    """
    refuse_unreadable_text(data, path)
    value, lines = _parse(data, path)
    if value.__class__ is dict:
        return [RawRecord(value, path, lines[0])]
    if value.__class__ is not list:
        message = "the file holds no record" if value is None else f"the file holds the text {str(value)[:40]!r}"
        raise SourceProblem(NOT_A_RECORD, message, path)
    if not value:
        raise SourceProblem(NOT_A_RECORD, "the file holds an empty list", path)
    for index, item in enumerate(value):
        if item.__class__ is not dict:
            line, column = places_of(data).get(f"[{index}]", (1, 1))
            message = f"item {index + 1} of the list is no record"
            raise SourceProblem(NOT_A_RECORD, message, path, line, column)
    return [RawRecord(item, path, line, index) for index, (item, line) in enumerate(zip(value, lines, strict=True))]


def read_markdown(data: bytes, path: str) -> list[RawRecord]:
    """The record of a Markdown file: its front matter, with the text below it as `body`. Raises SourceProblem."""
    refuse_unreadable_text(data, path)
    front, body, _ = split_front_matter(data, path)
    value, lines = _parse(front, path)
    if value.__class__ is not dict:
        raise SourceProblem(NOT_A_RECORD, "the front matter is no mapping of fields", path, 2)
    return [RawRecord(value, path, lines[0], None, body)]


def _parse(data: bytes, path: str) -> tuple[Any, list[int]]:
    refuse_tags_and_anchors(data, path)
    try:
        return _build(data, path)
    except YAMLError as error:
        raise syntax_problem(error, data, path) from None


def _build(data: bytes, path: str) -> tuple[Any, list[int]]:  # noqa: C901, PLR0912, PLR0915  one tight loop
    """The document's value, and the start lines of its top mapping or of the mappings in its top list.

    A million events pass here for ten thousand records, so nothing is called for the common ones.
    """
    next_event = CParser(data).get_event
    next_event()  # the stream's start
    if next_event().__class__ is StreamEndEvent:
        return None, []
    keys, plain = _KEYS, _PLAIN
    root: list[Any] = []
    container: Any = root
    mapping: dict[str, Any] | None = None
    append = root.append
    key: str | None = None
    stack: list[Any] = []
    lines: list[int] = []
    value: Any
    while True:
        event: Any = next_event()
        kind = event.__class__
        if kind is ScalarEvent:
            text = event.value
            if mapping is not None and key is None:
                key = keys.get(text) or _key(event, data, path)
                if key in mapping:
                    raise _duplicate(key, event, [*stack, container], data, path)
                continue
            if event.style:
                value = text
            else:
                try:
                    value = plain[text]
                except KeyError:
                    value = _plain(event, path)
            if mapping is None:
                append(value)
            else:
                mapping[key] = value  # type: ignore[index]  # a key stands here, see above
                key = None
        elif kind is MappingStartEvent or kind is SequenceStartEvent:
            value = {} if kind is MappingStartEvent else []
            if mapping is None:
                append(value)
            elif key is None:
                raise _no_text_key(event, data, path)
            else:
                mapping[key] = value
                key = None
            stack.append(container)
            depth = len(stack)
            if depth < 3 and (depth == 1 or stack[1].__class__ is list):  # noqa: PLR2004  a record's own level
                lines.append(event.start_mark.line + 1)
            elif depth > MAX_DEPTH:
                raise _refused(NESTED_TOO_DEEP, f"nested more than {MAX_DEPTH} levels deep", event, path)
            container = value
            if kind is MappingStartEvent:
                mapping = value
            else:
                mapping, append = None, value.append
        elif stack and kind is not AliasEvent:  # the end of a mapping or list
            container = stack.pop()
            if container.__class__ is dict:
                mapping = container
            else:
                mapping, append = None, container.append
        else:
            break
    _refuse_more(event, next_event, path)
    return root[0], lines if root[0].__class__ is dict else lines[1:]


def _key(event: Any, data: bytes, path: str) -> str:
    text: str = event.value
    if event.style:
        return text
    try:
        is_text = plain_scalar(text).__class__ is str
    except UnusableNumber:
        is_text = False
    if not is_text:
        raise _no_text_key(event, data, path)
    if len(text) <= _CACHED_LENGTH and len(_KEYS) < _CACHED_COUNT:
        _KEYS[text] = text
    return text


def _plain(event: Any, path: str) -> Scalar:
    text: str = event.value
    try:
        value = plain_scalar(text)
    except UnusableNumber as error:
        raise _refused(UNUSABLE_NUMBER, str(error), event, path) from None
    if len(text) <= _CACHED_LENGTH and len(_PLAIN) < _CACHED_COUNT:
        _PLAIN[text] = value
    return value


def _refused(code: str, message: str, event: Any, path: str) -> SourceProblem:
    mark = event.start_mark
    return SourceProblem(code, message, path, mark.line + 1, mark.column + 1)


def _no_text_key(event: Any, data: bytes, path: str) -> SourceProblem:
    mark = event.start_mark
    name = f"the field name {event.value!r} is" if event.__class__ is ScalarEvent else "a mapping or list is"
    message = f"{name} no text"
    fix = hint_at(data, mark.line, mark.column) or "Field names are words; quote one that looks like a number."
    return SourceProblem(YAML_SYNTAX, message, path, mark.line + 1, mark.column + 1, fix)


def _duplicate(key: str, event: Any, containers: list[Any], data: bytes, path: str) -> SourceProblem:
    steps = [
        f"[{len(container) - 1}]" if container.__class__ is list else f".{next(reversed(container))}"
        for container in containers[1:-1]
    ]
    field = "".join([*steps, f".{key}"]).removeprefix(".")
    line, column = places_of(data).get(field, (1, 1))
    mark = event.start_mark
    message = f"the field {key!r} is given twice, first at line {line}, column {column}"
    return SourceProblem(DUPLICATE_KEY, message, path, mark.line + 1, mark.column + 1)


def _refuse_more(event: Any, next_event: Any, path: str) -> None:
    """Raise unless the stream ends after the document that `event` ends."""
    if event.__class__ is AliasEvent:
        raise _refused(ANCHOR_OR_ALIAS, f"the alias *{event.anchor}", event, path)
    event = next_event()
    if event.__class__ is not StreamEndEvent:
        raise _refused(SEVERAL_DOCUMENTS, "a second document begins here", event, path)
