"""The fields of a record that an edition may show: those its kind declares, and does not keep internal."""

import types
from collections.abc import Callable
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from ttpack.analysis.editions.hidden_names import HiddenNames
from ttpack.model.ids import NOT_HERE

Clean = Callable[[Any, HiddenNames], Any]
"""Gives a written value without what an edition withholds; the very same value where nothing is withheld."""

_EXTENSION = "x-"
_AS_WRITTEN = frozenset({"kind", "id"})


@cache
def cleaner(model: type[BaseModel]) -> Clean:
    """How to clean a written record, or a part of one, of that model: by the fields that it declares."""
    if not model.__pydantic_fields_complete__:
        model.model_rebuild()
    record = "kind" in model.model_fields
    fields = {
        name: _compile(info.annotation)
        for name, info in model.model_fields.items()
        if not _internal(info.json_schema_extra) and not (record and name in {*_AS_WRITTEN, "body"})
    }
    as_written = _AS_WRITTEN if record else frozenset[str]()

    def clean(value: Any, names: HiddenNames) -> Any:
        if not isinstance(value, dict):
            return _anything(value, names)
        found, same = {}, True
        for name, given in value.items():
            inner = fields.get(name)
            if inner is None:
                if name in as_written:
                    found[name] = given
                else:
                    same = False
                continue
            item = inner(given, names)
            same = same and item is given
            found[name] = item
        return value if same else found

    return clean


def _internal(extra: Any) -> bool:
    return isinstance(extra, dict) and extra.get("x-audience") == "internal"


def _compile(annotation: Any) -> Clean:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _compile(arguments[0])
    if origin in (Union, types.UnionType):
        return _union([one for one in arguments if one is not type(None)])
    if origin is tuple:
        return _sequence(_compile(arguments[0]))
    if origin is dict:
        return _mapping(_compile(arguments[1]))
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return cleaner(annotation)
    return _anything


def _union(choices: list[Any]) -> Clean:
    """By the shape of what is written; of several models the one that declares most of it."""
    lists: list[Clean] = []
    mappings: list[tuple[frozenset[str], Clean]] = []
    for choice in choices:
        plain = get_args(choice)[0] if get_origin(choice) is Annotated else choice
        if get_origin(plain) is tuple:
            lists.append(_compile(plain))
        elif get_origin(plain) is dict:
            mappings.append((frozenset(), _compile(plain)))
        elif isinstance(plain, type) and issubclass(plain, BaseModel):
            mappings.append((frozenset(plain.model_fields), _compile(plain)))

    def clean(value: Any, names: HiddenNames) -> Any:
        if lists and isinstance(value, list):
            return lists[0](value, names)
        if mappings and isinstance(value, dict):
            return max(mappings, key=lambda one: len(one[0] & value.keys()))[1](value, names)
        return _anything(value, names)

    return clean


def _sequence(inner: Clean) -> Clean:
    def clean(value: Any, names: HiddenNames) -> Any:
        if not isinstance(value, list):
            return _anything(value, names)
        cleaned = [inner(item, names) for item in value]
        return _collapsed(value, cleaned)

    return clean


def _mapping(inner: Clean) -> Clean:
    def clean(value: Any, names: HiddenNames) -> Any:
        if not isinstance(value, dict):
            return _anything(value, names)
        found = {key: inner(item, names) for key, item in value.items() if _may_be_named(key, names)}
        same = len(found) == len(value) and all(found[key] is item for key, item in value.items())
        return value if same else found

    return clean


def _anything(value: Any, names: HiddenNames) -> Any:
    """A value of no declared shape: text without hidden ids, mappings without extensions, at any depth."""
    if value.__class__ is str:
        return names.without(value)
    if isinstance(value, list):
        return _collapsed(value, [_anything(item, names) for item in value])
    if isinstance(value, dict):
        found = {key: _anything(item, names) for key, item in value.items() if _may_be_named(key, names)}
        same = len(found) == len(value) and all(found[key] is item for key, item in value.items())
        return value if same else found
    return value


def _may_be_named(key: Any, names: HiddenNames) -> bool:
    text = str(key)
    return not text.startswith(_EXTENSION) and names.without(text) == text


def _collapsed(value: list[Any], cleaned: list[Any]) -> list[Any]:
    """The cleaned list; items that withholding made alike are one, as their number would tell how many there are."""
    if all(new is old for new, old in zip(cleaned, value, strict=True)):
        return value
    found, seen = [], set()
    for new, old in zip(cleaned, value, strict=True):
        if new is old and new != NOT_HERE:
            found.append(new)
            continue
        mark = repr(new)
        if mark not in seen:
            seen.add(mark)
            found.append(new)
    return found
