"""The typed graph of a package: which record refers to which, by which field (model.md, "refers to")."""

import re
import types
from collections.abc import Callable, Iterator, Mapping
from functools import cache, cached_property
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel

from ttpack.model.ids import PLAIN_ID, is_record_id
from ttpack.model.package import Package
from ttpack.model.record import Reference

PROSE_LINK = re.compile(rf"\[\[\s*({PLAIN_ID}(?:@{PLAIN_ID})?)\s*(?:\|[^\]]*)?\]\]")
PROSE_VALUE = re.compile(rf"\{{\{{\s*(?P<id>{PLAIN_ID}(?:@{PLAIN_ID})?)(?P<field>(?:\.[a-z0-9_]+)*)\s*\}}\}}")
CODE_SPANS = re.compile(r"```.*?(?:```|\Z)|~~~.*?(?:~~~|\Z)|`[^`\n]*`", re.DOTALL)


class Link(NamedTuple):
    """A reference from a field of one record to another record; `kinds` empty means any kind may be meant.

    `prose` marks a reference in text, and `prints` the field whose value the text prints, if any.
    """

    source: str
    field: str
    target: str
    kinds: tuple[str, ...] = ()
    prose: bool = False
    prints: str = ""


Walk = Callable[[str, Any, str, list[Link]], None]
"""Appends a link for each text below a value of a source record where a reference may stand.

Appending, rather than yielding through every level, is what keeps a package of ten thousand records quick.
"""


def _walk_reference(kinds: tuple[str, ...]) -> Walk:
    def walk(source: str, value: Any, field: str, found: list[Link]) -> None:
        if value.__class__ is str:
            found.append(Link(source, field, value, kinds))

    return walk


def _walk_tuple(inner: Walk) -> Walk:
    def walk(source: str, value: Any, field: str, found: list[Link]) -> None:
        if value.__class__ is tuple:
            for index, item in enumerate(value):
                inner(source, item, f"{field}[{index}]", found)

    return walk


def _walk_mapping(inner: Walk) -> Walk:
    def walk(source: str, value: Any, field: str, found: list[Link]) -> None:
        if value.__class__ is dict:
            for key, item in value.items():
                inner(source, item, f"{field}.{key}", found)

    return walk


def _walk_model(model: type[BaseModel]) -> Walk:
    def walk(source: str, value: Any, field: str, found: list[Link]) -> None:
        # the exact class first: pydantic answers isinstance slowly
        if value.__class__ is model or isinstance(value, model):
            given = value.__dict__
            for name, inner in plan(model):
                item = given.get(name)
                if item:
                    inner(source, item, f"{field}.{name}", found)

    return walk


def _walk_any(walks: list[Walk]) -> Walk:
    def walk(source: str, value: Any, field: str, found: list[Link]) -> None:
        before = len(found)
        for inner in walks:
            inner(source, value, field, found)
            if len(found) > before:
                return

    return walk


def _compile(annotation: Any, metadata: tuple[Any, ...] = ()) -> Walk | None:
    for item in metadata:
        if isinstance(item, Reference):
            return _walk_reference(item.kinds)
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *extra = get_args(annotation)
        return _compile(base, tuple(extra))
    if origin in (Union, types.UnionType):
        walks = [walk for walk in map(_compile, get_args(annotation)) if walk]
        return _walk_any(walks) if len(walks) > 1 else (walks[0] if walks else None)
    if origin is tuple:
        inner = _compile(get_args(annotation)[0])
        return _walk_tuple(inner) if inner else None
    if origin is dict:
        inner = _compile(get_args(annotation)[1])
        return _walk_mapping(inner) if inner else None
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return _walk_model(annotation) if plan(annotation) else None
    return None


@cache
def plan(model: type[BaseModel]) -> tuple[tuple[str, Walk], ...]:
    """The fields of a model that may hold references, each with the walk that finds them."""
    if not model.__pydantic_fields_complete__:
        model.model_rebuild()
    found = []
    for name, info in model.model_fields.items():
        if name == "id":
            continue
        walk = _compile(info.annotation, tuple(info.metadata))
        if walk:
            found.append((name, walk))
    return tuple(found)


def prose_references(text: str) -> Iterator[tuple[str, str]]:
    """The ids that prose mentions, each with the field path it prints (empty for a link); code spans are skipped."""
    if "[[" not in text and "{{" not in text:
        return
    bare = CODE_SPANS.sub(" ", text)
    for match in PROSE_LINK.finditer(bare):
        yield match.group(1), ""
    for match in PROSE_VALUE.finditer(bare):
        yield match["id"], match["field"].lstrip(".")


def strings(value: Any, field: str = "") -> Iterator[tuple[str, str]]:
    """Every string of a raw record with its field path."""
    if isinstance(value, str):
        yield field, value
    elif isinstance(value, Mapping):
        for key, item in value.items():
            yield from strings(item, f"{field}.{key}" if field else str(key))
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from strings(item, f"{field}[{index}]")


class Graph:
    """References of a package in both directions; it reads the package once and keeps nothing else."""

    def __init__(self, package: Package) -> None:
        """Index the typed references and the prose references of `package`."""
        self.package = package
        named: list[Link] = []
        for record in package.records.values():
            given = record.__dict__
            for name, walk in plan(type(record)):
                value = given.get(name)
                if value:
                    walk(record.id, value, name, named)
        records = package.records
        self.links = [link for link in named if link.target in records or is_record_id(link.target)]
        for record_id in sorted(package.with_prose_references):
            raw = package.raw.get(record_id, {})
            body = package.records[record_id].body if record_id in package.records else None
            for field, text in (*strings(raw), ("body", body or "")):
                self.links.extend(
                    Link(record_id, field, target, prose=True, prints=prints)
                    for target, prints in prose_references(text)
                )

    @cached_property
    def incoming(self) -> dict[str, list[Link]]:
        """Links by the record referred to."""
        found: dict[str, list[Link]] = {}
        for link in self.links:
            found.setdefault(link.target, []).append(link)
        return found

    def referring(self, target: str, kind: type[Any]) -> list[Any]:
        """Records of one kind that refer to `target`, in the order of their ids."""
        ids = sorted({link.source for link in self.incoming.get(target, ())})
        return [record for record in map(self.package.records.get, ids) if isinstance(record, kind)]
