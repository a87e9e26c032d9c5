"""Where each field of a document stands, found by reading it once more when something is wrong with it."""

from collections.abc import Mapping
from typing import Any

from yaml import (
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    YAMLError,
)
from yaml._yaml import CParser

from ttpack.source.markdown import split_front_matter
from ttpack.source.problems import SourceProblem

Position = tuple[int, int]
"""Line and column, both from 1, columns in characters."""

_MAX_DEPTH = 70


class Positions:
    """Places of the fields of one record: of a field its name, of a list's item its first character."""

    def __init__(self, places: Mapping[str, Position], record: str = "", body: int | None = None) -> None:
        self._places = places
        self._record = record
        self._body = body

    def of(self, field: str) -> Position:
        """Place of a dotted field (`ranges.studied.low`, `effects[2].ref`), or of the nearest field above it.

        `body` is the first line of a Markdown record's text, `body:12:5` its twelfth line and fifth character. The
        empty field is the record.
        """
        if self._body is not None and field.partition(":")[0] == "body":
            line, column = (*(int(number) for number in field.split(":")[1:] if number.isdecimal()), 1, 1)[:2]
            return self._body + line - 1, column
        record = self._record
        full = f"{record}.{field}" if record and field and field[0] != "[" else record + field
        while full != record and full not in self._places:
            full = full[: max(full.rfind("."), full.rfind("["), len(record))]
        return self._places.get(full, (1, 1))


def positions(data: bytes, path: str, index: int | None = None) -> Positions:
    """Places of the fields of the file's record, or of the record at `index` of a list file.

    Reads as far as the document can be read, so that it also serves documents that are refused further down.
    """
    return Document(data, path).record(index)


class Document:
    """A file read once for the places of everything in it."""

    def __init__(self, data: bytes, path: str) -> None:
        self._body: int | None = None
        self._places: dict[str, Position] = {}
        if path.endswith(".md"):
            try:
                data, _, self._body = split_front_matter(data, path)
            except SourceProblem:
                return
        self._places = places_of(data)

    def record(self, index: int | None = None) -> Positions:
        """Places of the fields of its one record, or of the record at `index` of a list file."""
        return Positions(self._places, "" if index is None else f"[{index}]", self._body)


def places_of(data: bytes) -> dict[str, Position]:
    """Place of every field of a YAML document by its path from the root; of a field given twice the first one."""
    places: dict[str, Position] = {}
    try:
        next_event = CParser(data).get_event
        _walk(next_event, places)
    except (YAMLError, UnicodeDecodeError):
        pass  # what follows the error has no place
    return places


def _walk(next_event: Any, places: dict[str, Position]) -> None:
    """Fill `places` from the events of the first document."""
    stack: list[tuple[str, int | None]] = []
    path = ""
    count: int | None = None  # items so far in a list, None in a mapping
    key: str | None = ""  # the root is a value without a name
    while (event := next_event()) is not None:
        kind = event.__class__
        starts = kind is MappingStartEvent or kind is SequenceStartEvent
        if starts or kind is ScalarEvent:
            mark = event.start_mark
            place = (mark.line + 1, mark.column + 1)
            if count is not None:
                here = f"{path}[{count}]"
                count += 1
                places.setdefault(here, place)
            elif key is None:
                key = event.value if kind is ScalarEvent else "?"
                places.setdefault(f"{path}.{key}" if path else str(key), place)
                if kind is ScalarEvent:
                    continue
                here = path
            else:
                here = f"{path}.{key}" if path and key else path + key
                places.setdefault(here, place)
            key = None
            if starts:
                stack.append((path, count))
                if len(stack) > _MAX_DEPTH:
                    return
                path, count = here, None if kind is MappingStartEvent else 0
        elif kind is MappingEndEvent or kind is SequenceEndEvent:
            path, count = stack.pop()
            key = None
            if not stack:
                return
