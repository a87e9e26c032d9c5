"""No fact is left unshown: a mark in each text and number of a record of each kind appears on a page."""

import itertools
import re
import types
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from ttpack.model.campaign import CLOCK_TIME, DAY_END, WHAT_IF_NAME
from ttpack.model.change_proposal import DIGEST
from ttpack.model.documents import Package as PackageRecord
from ttpack.model.ids import RECORD_ID
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package
from ttpack.model.publication import EDITION_NAME, FORGE_ADDRESS, WEB_ADDRESS
from ttpack.model.record import Record, Reference
from ttpack.rules.check import check
from ttpack.rules.registry import Context
from ttpack.source.load import load
from ttpack.source.resources import resource
from ttpack.source.trees import MemoryTree
from ttpack.views.blocks import Link, Page, Publication, Row, Section
from ttpack.views.publication import publication

MANIFEST = PackageRecord.model_validate(
    {"kind": "package", "id": "PKG-T", "schema_version": "1", "gates": {"SITE-B": "G0"}}
)
NOT_SHOWN = frozenset({
    "kind", "id", "audience", "expected_content", "formerly", "quantity_kind", "digest", "file", "formula",
    "schema_version", "body", "unit_before", "unit_after",
})  # fmt: skip
"""Fields that steer, address or name; `formula`, shown in words; and units that stand with the value they are of."""


class Marks:
    """Makes a record with a mark in every field that takes any text or number."""

    def __init__(self) -> None:
        self.counter = itertools.count(1)
        self.made: dict[str, str] = {}

    def model(self, model: type[BaseModel], path: str = "", depth: int = 0) -> dict[str, Any]:
        model.model_rebuild()
        found: dict[str, Any] = {}
        for name, info in model.model_fields.items():
            if info.is_required() and DIGEST in map(_pattern, info.metadata):
                found[name] = "0" * 64
                continue
            if info.is_required() and name == "audience":
                found[name] = ["partner"]
                continue
            if name in ("kind", "id", "derived", "digest", "body", "status", "audience", "formerly"):
                continue
            value = self.value(info.annotation, f"{path}.{name}" if path else name, info.metadata, depth)
            if value is not None:
                found[name] = value
        return found

    def value(self, kind: Any, path: str, metadata: Any = (), depth: int = 0) -> Any:  # noqa: C901, PLR0911
        origin, arguments = get_origin(kind), get_args(kind)
        if any(_is_id(item) for item in metadata):
            return self.mark(path, "MRK-{}")
        if origin is Annotated:
            return self.value(arguments[0], path, arguments[1:], depth)
        if origin in (Union, types.UnionType):
            # the richest alternative: a part before a number before text
            order = sorted(arguments, key=lambda item: (item is str, item is type(None)))
            found = (self.value(item, path, metadata, depth) for item in order if item is not type(None))
            return next((value for value in found if value is not None), None)
        if origin is Literal:
            return arguments[0]
        if origin is tuple:
            inner = self.value(arguments[0], path, (), depth)
            return None if inner is None else [inner]
        if origin is dict:
            inner = self.value(arguments[1], path, (), depth)
            free = arguments[0] is str or any(_pattern(item) == EDITION_NAME for item in get_args(arguments[0]))
            return {"entry": inner} if inner is not None and free else None
        if kind is bool:
            return True
        if kind is str and {FORGE_ADDRESS, WEB_ADDRESS} & set(map(_pattern, metadata)):
            return self.mark(path, "https://mark{}x.example")
        if kind is str:
            pattern = next(filter(None, map(_pattern, metadata)), None)
            if pattern == WHAT_IF_NAME:
                return self.mark(path, "mark{}x")
            return {CLOCK_TIME: "06:00", DAY_END: "22:00"}.get(pattern) if pattern else self.mark(path, "mark{}x")
        if kind is int:
            return 1
        if kind is Decimal:
            return Decimal(self.mark(path, "9{:04}.50"))
        if kind is date:
            return date(2031, 1, 1)
        if isinstance(kind, type) and issubclass(kind, BaseModel) and depth < 4:
            return self.model(kind, path, depth + 1)
        return None

    def mark(self, path: str, pattern: str) -> str:
        text = pattern.format(next(self.counter))
        if not NOT_SHOWN & set(re.split(r"[.\[]", path)) and path.rpartition(".")[2] != "unit":
            self.made[text] = path
        return text


def _pattern(item: Any) -> str | None:
    inside = [item, *getattr(item, "metadata", ())]
    return next((pattern for one in inside if (pattern := getattr(one, "pattern", None))), None)


def _is_id(item: Any) -> bool:
    return isinstance(item, Reference) or _pattern(item) == RECORD_ID


def texts(value: Any) -> Iterator[str]:
    """Every string of the blocks of a publication."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | list):
        for item in value:
            yield from texts(item)
    elif is_dataclass(value):
        for each in fields(value):
            yield from texts(getattr(value, each.name))


def published(records: Mapping[str, Record], raw: Mapping[str, Any] | None = None) -> Publication:
    places = {key: Location("records/a.yaml", 1) for key in records}
    package = Package(MANIFEST, records, raw or {key: {} for key in records}, places)
    return publication(package, check(package, (), Context(date(2026, 1, 1), {})))


@pytest.mark.parametrize("kind", sorted(KINDS))
@pytest.mark.parametrize("nested", [False, True])
def test_every_field_of_every_kind_is_shown(kind: str, nested: bool) -> None:
    marks = Marks()
    record_id = "PRM-X@SITE-B" if kind == "site_overlay" else "ABC-X"
    given = marks.model(KINDS[kind]) | {"kind": kind, "id": record_id}
    if kind == "package":
        given |= {"schema_version": "1", "gates": {"SITE-B": "G0"}}
        ignored = ("schema_version", "gates", "required_by_gate")
        marks.made = {text: path for text, path in marks.made.items() if path not in ignored}
    given |= {"rule": "PRM-20"} if kind == "waiver" else {}
    if nested and "unit_operation" in KINDS[kind].model_fields:
        given |= {"unit_operation": "UO-X"}
        marks.made = {text: path for text, path in marks.made.items() if path != "unit_operation"}
    record = KINDS[kind].model_validate(given)
    records = {record_id: record}
    if nested:
        more = [{"kind": "unit_operation", "id": "UO-X"}, {"kind": "process_parameter", "id": "PRM-X"}]
        records |= {str(one["id"]): KINDS[one["kind"]].model_validate(one) for one in more}
    shown = "\n".join(texts(published(records)))
    missing = sorted(path for text, path in marks.made.items() if text not in shown)
    assert missing == []
    assert marks.made


def test_each_record_of_the_example_has_one_place_and_every_mention_leads_there() -> None:
    root = resource("samples/amab/package")
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    package = load(MemoryTree(files)).package
    pages = publication(package, check(package, (), Context(date(2026, 10, 1), dict(package.manifest.gates))))
    anchored = Counter(filter(None, places(pages)))
    assert {record: count for record, count in anchored.items() if count > 1} == {}
    assert package.records.keys() - anchored.keys() == set()
    targets = {link.record for link in found(pages, Link)} | {
        target for text in texts(pages) for target in re.findall(r"\]\(ttpack:([^)]+)\)", text)
    }
    assert targets - anchored.keys() - {page.slug for page in pages.pages} == set()


def found(value: Any, kind: type[Any]) -> Iterator[Any]:
    """Every block or inline of a type."""
    if isinstance(value, kind):
        yield value
    if isinstance(value, tuple | list):
        for item in value:
            yield from found(item, kind)
    elif is_dataclass(value):
        for each in fields(value):
            yield from found(getattr(value, each.name), kind)


def places(pages: Publication) -> Iterator[str]:
    """The anchors of pages, sections and rows."""
    for kind in (Page, Section, Row):
        yield from (item.anchor for item in found(pages, kind))
