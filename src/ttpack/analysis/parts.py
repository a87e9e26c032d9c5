"""Finding every part of one type in a record, wherever it stands: each source, each derivation."""

from collections.abc import Iterator
from functools import cache
from typing import Any, TypeVar, get_args

from pydantic import BaseModel

Part = TypeVar("Part", bound=BaseModel)


def parts(record: BaseModel, wanted: type[Part], prefix: str = "") -> Iterator[tuple[str, Part]]:
    """The parts of that type with their dotted fields, in the order of fields. A part inside a part is found too."""
    for name in fields_holding(type(record), wanted):
        item = getattr(record, name)
        if item:
            yield from _inside(item, wanted, prefix + name)


def _inside(item: Any, wanted: type[Part], field: str) -> Iterator[tuple[str, Part]]:
    # by its class, as pydantic answers isinstance slowly
    found = item.__class__
    if found is str:
        return
    if found is tuple:
        for index, each in enumerate(item):
            yield from _inside(each, wanted, f"{field}[{index}]")
    elif found is dict:
        for key, each in item.items():
            yield from _inside(each, wanted, f"{field}.{key}")
    elif _is(found, BaseModel):
        if _is(found, wanted):
            yield field, item
        yield from parts(item, wanted, f"{field}.")


@cache
def _is(found: type[Any], wanted: type[Any]) -> bool:
    return issubclass(found, wanted)


@cache
def fields_holding(model: type[BaseModel], wanted: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model in which a part of that type can stand, at any depth."""
    return tuple(name for name, held in _models_of_fields(model) if any(_holds(one, wanted) for one in held))


@cache
def _holds(model: type[BaseModel], wanted: type[BaseModel]) -> bool:
    seen, waiting = {model}, [model]
    while waiting:
        found = waiting.pop()
        if issubclass(found, wanted):
            return True
        for _, held in _models_of_fields(found):
            waiting.extend(held - seen)
            seen |= held
    return False


@cache
def _models_of_fields(model: type[BaseModel]) -> tuple[tuple[str, frozenset[type[BaseModel]]], ...]:
    if not model.__pydantic_fields_complete__:
        model.model_rebuild()
    return tuple((name, frozenset(_models(info.annotation))) for name, info in model.model_fields.items())


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)
