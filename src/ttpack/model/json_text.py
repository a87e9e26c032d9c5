"""JSON text that keeps the digits of exact numbers.

`json` of the standard library writes neither `Decimal` nor, with indentation, in C. This writer keeps `1.50` as
`1.50`, refuses floats, which would not be what somebody wrote, and is faster on indented answers.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring, encode_basestring_ascii
from typing import Any, TypeVar, overload

Write = Callable[[str], None]
PIECES = 20_000
_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


def dumps(value: Any, indent: int | None = 2, *, sort_keys: bool = False) -> str:
    """JSON of mappings, sequences, str, int, Decimal, bool and None, encodable as UTF-8, without a final newline.

    Keys keep their order unless `sort_keys`; `indent=None` writes one line without spaces.
    Raises TypeError for any other type, float included, and for keys that are not str; ValueError for NaN and infinity.
    """
    parts: list[str] = []
    newline = None if indent is None else "\n"
    _Writer(parts.append, "" if indent is None else " " * indent, sort_keys=sort_keys).write(value, newline)
    return "".join(parts)


class Mapped(Sequence[_Made]):
    """A sequence whose items are made only when they are asked for, and not kept: a million rows need no memory."""

    def __init__(self, items: Sequence[_Item], make: Callable[[_Item], _Made]) -> None:
        self._items = items
        self._make: Callable[[Any], _Made] = make

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, index: int) -> _Made: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[_Made]: ...
    def __getitem__(self, index: int | slice) -> _Made | Sequence[_Made]:
        if isinstance(index, slice):
            return Mapped(self._items[index], self._make)
        return self._make(self._items[index])


def dump(value: Any, write: Write) -> None:
    """Write what `dumps` gives, indented, in pieces of bounded size as it is made."""
    parts: list[str] = []

    def flush(least: int = PIECES) -> None:
        if len(parts) >= least:
            write("".join(parts))
            parts.clear()

    _Writer(parts.append, "  ", sort_keys=False, flush=flush).write(value, "\n")
    flush(1)


def loads(text: str | bytes) -> Any:
    """What `dumps` wrote, numbers as int or Decimal with their digits. Raises ValueError for what is not JSON."""
    return json.loads(text, parse_float=Decimal, parse_constant=_refuse_constant)


def _refuse_constant(name: str) -> None:
    message = f"JSON has no number {name}"
    raise ValueError(message)


class _Writer:
    def __init__(self, out: Write, step: str, *, sort_keys: bool, flush: Callable[[], None] = lambda: None) -> None:
        self.flush = flush
        self.out = out
        self.step = step
        self.sort_keys = sort_keys
        self.colon = ":" if step == "" else ": "
        self.keys: dict[str, str] = {}

    def write(self, value: Any, newline: str | None) -> None:
        """Append one value; `newline` is the line break with the indentation of the line it stands on."""
        if isinstance(value, Mapping):
            self._mapping(value, newline)
        elif isinstance(value, Sequence) and not isinstance(value, str | bytes):
            self._sequence(value, newline)
        else:
            self.out(_scalar(value))

    def _mapping(self, value: Mapping[Any, Any], newline: str | None) -> None:
        if not value:
            self.out("{}")
            return
        inner = None if newline is None else newline + self.step
        lead = "{" if inner is None else "{" + inner
        follow = "," if inner is None else "," + inner
        for key, item in sorted(value.items()) if self.sort_keys else value.items():
            text = _SCALARS.get(type(item))
            if text is not None:
                self.out(lead + self._key(key) + text(item))
            else:
                self.out(lead + self._key(key))
                self.write(item, inner)
            lead = follow
        self.out("}" if newline is None else newline + "}")

    def _sequence(self, value: Sequence[Any], newline: str | None) -> None:
        if not value:
            self.out("[]")
            return
        inner = None if newline is None else newline + self.step
        lead = "[" if inner is None else "[" + inner
        follow = "," if inner is None else "," + inner
        for item in value:
            self.out(lead)
            self.write(item, inner)
            self.flush()
            lead = follow
        self.out("]" if newline is None else newline + "]")

    def _key(self, key: Any) -> str:
        text = self.keys.get(key)
        if text is None:
            if not isinstance(key, str):
                message = f"a JSON key must be text, not {type(key).__name__}"
                raise TypeError(message)
            text = self.keys[key] = _text(key) + self.colon
        return text


def _scalar(value: Any) -> str:
    exact = _SCALARS.get(type(value))
    if exact is not None:
        return exact(value)
    for kind in (str, int, Decimal):
        if isinstance(value, kind):
            return _SCALARS[kind](value)
    message = f"no exact JSON for {type(value).__name__}"
    raise TypeError(message)


def _text(value: str) -> str:
    if not value.isascii():
        try:
            value.encode()
        except UnicodeEncodeError:  # half a surrogate pair is no UTF-8; JSON can still name it
            return encode_basestring_ascii(value)
    return encode_basestring(value)


def _decimal(value: Decimal) -> str:
    if not value.is_finite():
        message = f"JSON has no number {value}"
        raise ValueError(message)
    return str(value)


_SCALARS: dict[type, Callable[[Any], str]] = {
    str: _text,
    int: int.__repr__,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _value: "null",
    Decimal: _decimal,
}
