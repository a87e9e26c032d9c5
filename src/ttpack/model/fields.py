"""Metadata of fields by their dotted path: description, significance, audience, quantity kind."""

import re
import types
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from ttpack.model.kinds import KINDS

_INDEX = re.compile(r"\[[0-9]+\]")


def models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that a value of that annotation may be or hold directly."""
    origin = get_origin(annotation)
    if origin is Annotated:
        return models_in(get_args(annotation)[0])
    if origin in (Union, types.UnionType, tuple):
        return [model for part in get_args(annotation) for model in models_in(part)]
    if origin is dict:
        return models_in(get_args(annotation)[1])
    return [annotation] if isinstance(annotation, type) and issubclass(annotation, BaseModel) else []


@cache
def field_info(kind: str, path: str) -> FieldInfo | None:
    """The field of a kind at a dotted path (`ranges.studied.low`, `effects[2].ref`), or None if there is none."""
    models: list[type[BaseModel]] = [KINDS[kind]] if kind in KINDS else []
    info: FieldInfo | None = None
    for name in _INDEX.sub("", path).split("."):
        found = next((model for model in models if name in model.model_fields), None)
        if found is None:
            # a key of a mapping such as gates.SITE-B belongs to the field that holds the mapping
            return info if info is not None and not models else None
        if not found.__pydantic_fields_complete__:
            found.model_rebuild()
        info = found.model_fields[name]
        models = models_in(info.annotation)
    return info


def significance(kind: str, path: str) -> str:
    """The class of a change of this field when no change rule names it; a key of a mapping has its field's."""
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        info = field_info(kind, ".".join(parts[:end]))
        if info is not None and isinstance(info.json_schema_extra, dict):
            return str(info.json_schema_extra.get("x-significance", "minor"))
    return "minor"


def description(kind: str, path: str) -> str:
    """The description of the field, empty if there is none."""
    info = field_info(kind, path)
    return (info.description or "") if info else ""


def audience(kind: str, path: str) -> str:
    """`internal` for a field that only the internal edition shows, or that lies in one; else `record`."""
    parts = path.split(".")
    infos = (field_info(kind, ".".join(parts[:end])) for end in range(1, len(parts) + 1))
    extras = (info.json_schema_extra for info in infos if info is not None)
    internal = any(isinstance(extra, dict) and extra.get("x-audience") == "internal" for extra in extras)
    return "internal" if internal else "record"
