"""For every kind: a record with all its fields, and for each field another value that stands there instead."""

import types
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from ttpack.model.campaign import CLOCK_TIME, DAY_END, WHAT_IF_NAME
from ttpack.model.ids import RECORD_ID
from ttpack.model.kinds import KINDS
from ttpack.model.publication import EDITION_NAME, FORGE_ADDRESS, WEB_ADDRESS
from ttpack.model.record import Reference

DEEPEST = 4
_BY_NAME = {"unit": ("kg", "mL"), "file": ("attachments/a.csv", "attachments/b.csv")}


class Values(NamedTuple):
    """Two values that a field may have."""

    first: Any
    second: Any


class Leaf(NamedTuple):
    """A field whose value is no part, by its path, with another value; `optional` where it may be left out."""

    path: str
    values: Values
    optional: bool


def full_record(kind: str) -> dict[str, Any]:
    """A record of a kind with every field given, parts and lists included."""
    record_id = "PRM-X@SITE-B" if kind == "site_overlay" else "ABC-X"
    return _full(KINDS[kind], 0) | {"kind": kind, "id": record_id}


def leaves(kind: str) -> Iterator[Leaf]:
    """Every field of a kind that holds a plain value, down to the deepest part that `full_record` gives."""
    for leaf in _leaves(KINDS[kind], "", 0):
        if leaf.path not in ("kind", "id", "formerly"):
            yield leaf


def _full(model: type[BaseModel], depth: int) -> dict[str, Any]:
    given = {}
    for name, info in _fields(model).items():
        found = _shape(info.annotation, name, info.metadata, depth)
        if found is not None:
            given[name] = found[0](0)
    return given


def _leaves(model: type[BaseModel], prefix: str, depth: int) -> Iterator[Leaf]:
    for name, info in _fields(model).items():
        found = _shape(info.annotation, name, info.metadata, depth)
        if found is None:
            continue
        make, inner, inside = found
        path = f"{prefix}{name}"
        if inner is None:
            yield Leaf(path, Values(make(0), make(1)), not info.is_required())
        else:
            yield from _leaves(inner, f"{path}{inside}.", depth + 1)


def _fields(model: type[BaseModel]) -> Any:
    model.model_rebuild()
    return {name: info for name, info in model.model_fields.items() if name != "body"}


def _shape(kind: Any, name: str, metadata: Any, depth: int) -> Any:  # noqa: C901, PLR0911  one case a type
    """How to make the first and the second value; the part it is made of, and the steps to it, where it is one."""
    origin, arguments = get_origin(kind), get_args(kind)
    if any(_is_id(item) for item in metadata):
        return (lambda turn: ("EVI-A", "EVI-B")[turn]), None, ""
    if origin is Annotated:
        return _shape(arguments[0], name, arguments[1:], depth)
    if origin in (Union, types.UnionType):
        order = sorted(arguments, key=lambda item: (item is str, item is type(None)))
        found = (_shape(item, name, metadata, depth) for item in order if item is not type(None))
        return next((shape for shape in found if shape is not None), None)
    if origin is Literal:
        return (lambda turn: arguments[min(turn, len(arguments) - 1)]), None, ""
    if origin is tuple:
        found = _shape(arguments[0], name, (), depth)
        if found is None:
            return None
        make, inner, inside = found
        return (lambda turn: [make(turn)]), inner, f"[0]{inside}"
    if origin is dict:
        found = _shape(arguments[1], name, (), depth) if arguments[1] is not Any else _shape(str, name, (), depth)
        if found is None:
            return None
        make, inner, inside = found
        key = _key(arguments[0])
        return (lambda turn: {key: make(turn)}), inner, f".{key}{inside}"
    pattern = next((one for item in metadata if (one := _pattern(item))), None)
    if kind is str and pattern:
        return (lambda turn: _TEXTS_BY_PATTERN[pattern][turn]), None, ""
    if name in _BY_NAME and kind is str:
        return (lambda turn: _BY_NAME[name][turn]), None, ""
    if kind in _PLAIN:
        return (lambda turn: _PLAIN[kind][turn]), None, ""
    if isinstance(kind, type) and issubclass(kind, BaseModel) and depth < DEEPEST:
        return (lambda _: _full(kind, depth + 1)), kind, ""
    return None


_PLAIN: dict[Any, tuple[Any, Any]] = {
    str: ("first words", "second words"),
    int: (1, 2),
    Decimal: (Decimal("1.5"), Decimal("2.5")),
    bool: (True, False),
    date: ("2031-01-01", "2032-01-01"),
    datetime: ("2031-01-01T00:00:00Z", "2032-01-01T00:00:00Z"),
}
_TEXTS_BY_PATTERN = {
    r"^[A-Z]{2,5}-[0-9]{2}$": ("PRM-20", "PRM-21"),
    r"^(@[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*"
    r"|[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)$": ("@first", "@second"),
    r"^[0-2][0-9]:[0-5][0-9]$": ("08:00", "17:00"),
    CLOCK_TIME: ("06:00", "07:00"),
    DAY_END: ("22:00", "24:00"),
    WHAT_IF_NAME: ("second-column", "third-column"),
    r"^[0-9a-f]{7,64}$": ("a" * 40, "b" * 40),
    r"^[0-9a-f]{64}$": ("a" * 64, "b" * 64),
    r"^(internal|partner|regulator|public|party:[A-Z]{2,5}(-[A-Z0-9]+)+)$": ("partner", "public"),
    FORGE_ADDRESS: ("https://forge.example/first", "https://forge.example/second"),
    WEB_ADDRESS: ("https://first.example", "https://second.example"),
}


def _key(kind: Any) -> str:
    if get_origin(kind) is Literal:
        return str(get_args(kind)[0])
    if any(_pattern(item) == EDITION_NAME for item in getattr(kind, "__metadata__", ())):
        return "entry"
    return "SITE-B" if get_origin(kind) is Annotated else "entry"


def _pattern(item: Any) -> str | None:
    inside = [item, *getattr(item, "metadata", ())]
    return next((pattern for one in inside if (pattern := getattr(one, "pattern", None))), None)


def _is_id(item: Any) -> bool:
    return isinstance(item, Reference) or _pattern(item) == RECORD_ID
