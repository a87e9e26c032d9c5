"""JSON Schemas of the kinds, generated from the models (2020-12); one schema a kind, usable by editors as they are."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from ttpack.model.json_text import dumps
from ttpack.model.kinds import KINDS

SCHEMA_VERSION = 1
"""Major version of the format; packages of a newer one are refused."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def _is_empty(value: Any) -> bool:
    return value in (None, [], {}) or (isinstance(value, dict) and all(item is None for item in value.values()))


def _without_null(node: Any) -> Any:
    """A schema node without nulls and titles: an absent field is left out, never written as null."""
    if isinstance(node, list):
        return [_without_null(item) for item in node]
    if isinstance(node, float):
        return Decimal(repr(node))
    if not isinstance(node, dict):
        return node
    cleaned = {
        key: _without_null(value)
        for key, value in node.items()
        if not (key == "title" and isinstance(value, str)) and not (key == "default" and _is_empty(value))
    }
    choices = cleaned.get("anyOf")
    if choices is not None:
        choices = [choice for choice in choices if choice != {"type": "null"}]
        if len(choices) == 1:
            del cleaned["anyOf"]
            cleaned = {**choices[0], **cleaned}
        else:
            cleaned["anyOf"] = choices
    return cleaned


def _parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield schema
    yield from schema.get("$defs", {}).values()


def kind_schema(kind: str) -> dict[str, Any]:
    """The schema of one kind. Fields named `x-...` are allowed at the top and carried through; null is not."""
    model = KINDS[kind]
    schema = model.model_json_schema(mode="validation")
    schema.get("properties", {}).pop("body", None)
    for part in _parts(schema):
        part.pop("title", None)
        fields = part.pop("properties", {})
        part.update(_without_null(part))
        part["properties"] = {name: _without_null(field) for name, field in fields.items()}
    schema["properties"]["kind"]["const"] = kind
    schema["patternProperties"] = {"^x-": {"description": "Extension: carried through, shown as opaque, internal."}}
    head = {
        "$schema": DIALECT,
        "$id": f"ttpack:schemas/v{SCHEMA_VERSION}/{kind}.schema.json",
        "title": kind.replace("_", " "),
    }
    return {**head, **{key: schema[key] for key in sorted(schema)}}


def record_file_schema() -> dict[str, Any]:
    """The schema of a file of records, for editors: each record by its kind, alone or in a list."""
    return {
        "$schema": DIALECT,
        "title": "A record of a transfer package, or a list of records",
        "if": {"type": "array"},
        "then": {"items": {"$ref": "#/$defs/record"}},
        "else": {"$ref": "#/$defs/record"},
        "$defs": {
            "record": {
                "type": "object",
                "required": ["kind", "id"],
                "properties": {"kind": {"enum": sorted(KINDS), "description": "Full name of the kind."}},
                "allOf": [
                    {
                        "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                        "then": {"$ref": f"{kind}.schema.json"},
                    }
                    for kind in sorted(KINDS)
                ],
            }
        },
    }


@cache
def schema_files() -> Mapping[str, str]:
    """The text of every schema file by its name, as `schemas/v1/` holds them: one a kind, and one for editors."""
    schemas = {kind: kind_schema(kind) for kind in sorted(KINDS)} | {"record-file": record_file_schema()}
    texts = {f"{name}.schema.json": dumps(schema, indent=2) + "\n" for name, schema in sorted(schemas.items())}
    return MappingProxyType(texts)
