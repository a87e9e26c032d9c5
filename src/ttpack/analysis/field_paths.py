"""Whether a record states a field, named by a dotted path (`ranges.normal_operating.low`, `effects[0].ref`)."""

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel

from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package

_STEP = re.compile(r"[A-Za-z0-9_-]+|\[[0-9]{1,6}\]")


def states(package: Package, record_id: str, path: str) -> bool:
    """Whether a record states that field; a site overlay also states what the overlaid record does."""
    record = package.records.get(record_id)
    if record is None:
        return False
    if value_at(package.raw.get(record_id), path) is not None or value_at(record, path) is not None:
        return True
    base, site = overlay_parts(record_id)
    if site is None:
        return False
    return value_at(record, f"override.{path}") is not None or states(package, base, path)


def takes_text(model: type[BaseModel], path: str) -> bool:
    """Whether a field takes words beside ids, so that `SOP-017` there may be a number and no record."""
    return _takes_text(model, tuple(step for step in _STEP.findall(path) if not step.startswith("[")))


@cache
def _takes_text(model: type[BaseModel], steps: tuple[str, ...]) -> bool:
    info = model.model_fields.get(steps[0])
    if info is None:
        return False
    kinds = set(_leaves(info.annotation))
    if len(steps) == 1:
        return str in kinds and not info.metadata
    return any(_takes_text(kind, steps[1:]) for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel))


def _leaves(annotation: Any) -> Iterator[Any]:
    """The types of an annotation, whatever wraps them; a reference (`Annotated`) stands for itself."""
    arguments = () if get_origin(annotation) is Annotated else get_args(annotation)
    if not arguments:
        yield annotation
    for argument in arguments:
        yield from _leaves(argument)


def value_at(value: Any, path: str) -> Any:
    """What stands at a path in a record or in the author's mapping; None where nothing does."""
    for step in _STEP.findall(path):
        if step.startswith("["):
            index = int(step[1:-1])
            listed = isinstance(value, Sequence) and not isinstance(value, str) and index < len(value)
            value = value[index] if listed else None
        elif isinstance(value, Mapping):
            value = value.get(step)
        elif isinstance(value, BaseModel):
            value = getattr(value, step) if step in type(value).model_fields else None
        else:
            return None
    return value
