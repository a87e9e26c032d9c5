"""From a tree to a package: every file read, every record checked against its schema, every problem with its place."""

import gc
import posixpath
import re
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from itertools import islice
from typing import Any

from pydantic import BaseModel, ValidationError

from ttpack.errors import NotAPackage, UnreadableError
from ttpack.model.allowed_signers import AllowedSigners
from ttpack.model.documents import Package as PackageRecord
from ttpack.model.fields import models_in
from ttpack.model.findings import Finding
from ttpack.model.graph import strings
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package, RevisionInfo
from ttpack.model.pictures import CleanPicture
from ttpack.model.record import Record
from ttpack.model.schema import SCHEMA_VERSION
from ttpack.source.attachments import attachment_digest, picture
from ttpack.source.cache import Cache
from ttpack.source.documents import RawRecord, read_yaml
from ttpack.source.entries import Tree
from ttpack.source.gather import Gathering, Part
from ttpack.source.places import TreesOfPackage
from ttpack.source.problems import (
    NOT_A_RECORD,
    PATH_OUTSIDE_PACKAGE,
    SCHEMA_VIOLATION,
    UNSUPPORTED_SCHEMA_VERSION,
    SourceProblem,
)
from ttpack.source.prose import flaws
from ttpack.source.report import Report
from ttpack.source.schema_versions import lifted, steps_from
from ttpack.source.schemas import Violation, dotted, violations
from ttpack.source.signers import read_signers
from ttpack.source.trees import MANIFEST

_FILE_NAME = re.compile(r"attachments\[[0-9]+\]\.file")
_NOT_NOTED: set[str] = set()
Wanted = Callable[[Mapping[str, Mapping[str, Any]]], frozenset[str]]
"""Picks ids from all records as they are written."""
_MOST_FLAWS = 1000  # of one text; who corrects these is shown the next


@dataclass(frozen=True)
class Pictures:
    """The attachments of a package as pictures, read anew when one is asked for."""

    tree: Tree
    trees: Mapping[str, Tree]
    digests: Mapping[str, str]

    def __call__(self, path: str) -> CleanPicture:
        """The picture of a path of the package. Raises UnreadableError where it is not what it was."""
        try:
            return picture(self.trees.get(path, self.tree), path, self.digests[path])
        except SourceProblem as problem:
            raise UnreadableError(f"{problem.path}: {problem.message}") from problem


@dataclass(frozen=True)
class Loaded:
    """A package and the problems of its files, in the order of their places."""

    package: Package
    problems: tuple[Finding, ...]
    pictures: Pictures = field(compare=False)


def load(tree: Tree, cache: Cache | None = None) -> Loaded:
    """The package of a tree. Whatever is wrong with its files is among the problems; what can be read is read.

    Raises NotAPackage where git ignores the package record, UnreadableError where the system or git fails.
    """
    with collector_paused():
        return _Load(tree, cache or Cache(None)).run()


def load_part(tree: Tree, cache: Cache, wanted: Wanted) -> Package:
    """The package of a tree with only the records whose ids `wanted` picks from all as they are written.

    Many revisions are read quickly so, where a question is about few records; problems of files are not reported.
    """
    with collector_paused():
        return _Load(tree, cache).part(wanted)


@contextmanager
def collector_paused() -> Iterator[None]:
    """No garbage collection meanwhile: a load makes a million objects and no garbage; visiting them costs seconds."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


class _Load:
    """One load: gathers the parts of each record, then makes the records."""

    def __init__(self, tree: Tree, cache: Cache) -> None:
        self.tree = tree
        self.reader = TreesOfPackage(tree)
        self.report = Report(self.reader)
        self.gathering = Gathering(self.reader, self.report, cache)
        self.attachments: dict[str, str] = {}
        self.trees: dict[str, Tree] = {}
        self.not_computable: list[str] = []
        self.records: dict[str, Record] = {}
        self.raw: dict[str, Mapping[str, Any]] = {}
        self.locations: dict[str, Location] = {}

    def run(self) -> Loaded:
        """Read everything."""
        manifest, readable = self._read()
        if not readable or not self.gathering.complete:
            self.not_computable.append("What the rules say: nothing tells which records the package has.")
        parts = self.gathering.parts
        for record_id in sorted(parts):
            self._make(record_id, parts[record_id])
        package = replace(self._package(manifest, readable=readable), signers=self._signers(manifest))
        pictures = Pictures(self.tree, self.trees, package.attachments)
        return Loaded(package, self.report.findings(), pictures)

    def part(self, wanted: Wanted) -> Package:
        """Read everything, and make only some records of it."""
        manifest, readable = self._read()
        parts = self.gathering.parts
        for record_id in sorted(wanted({name: part.data for name, part in parts.items()}) & parts.keys()):
            self._make(record_id, parts[record_id])
        return self._package(manifest, readable=readable)

    def _read(self) -> tuple[PackageRecord, bool]:
        """Gather the parts of all records; the package record, and whether it could be read."""
        written, manifest = self._manifest()
        if manifest is None:
            return _package_record({}), False
        self._gather(written, manifest)
        return manifest, written is not None

    def _package(self, manifest: PackageRecord, *, readable: bool) -> Package:
        """The package of the records made so far."""
        parts = self.gathering.parts
        order = sorted(self.records)
        revision = self.tree.revision
        return Package(
            manifest=manifest,
            records={record_id: self.records[record_id] for record_id in order},
            raw={record_id: self.raw[record_id] for record_id in order},
            locations={record_id: self.locations[record_id] for record_id in order},
            revision=RevisionInfo(revision.name, revision.commit, revision.committed),
            attachments=dict(sorted(self.attachments.items())),
            unreadable_ids=frozenset(self.gathering.unreadable - self.records.keys()),
            with_prose_references=frozenset(one for one in order if parts[one].refers),
            not_computable=tuple(self.not_computable),
            readable=readable and self.gathering.complete,
        )

    def _manifest(self) -> tuple[RawRecord | None, PackageRecord | None]:
        """The package record as written and as read, with defaults for what is wrong; None if nothing can be read."""
        if MANIFEST not in self.tree.entries():
            raise NotAPackage(f"{MANIFEST} is a folder, or a file that git ignores, so no revision would hold it")
        try:
            raws = read_yaml(self.tree.read(MANIFEST), MANIFEST)
        except SourceProblem as problem:
            self.report.file(problem)
            return None, _package_record({})
        raw = raws[0]
        if raw.index is not None or raw.data.get("kind") != "package":
            message = f"{MANIFEST} is not the package's own record"
            self.report.field(NOT_A_RECORD, raw, "kind", message, "Begin it with kind: package and id: PKG-...")
            return None, _package_record({})
        version = str(raw.data.get("schema_version", SCHEMA_VERSION))
        steps = steps_from(version)
        if steps is None:
            message = f"the schema version is {version}; this ttpack reads {SCHEMA_VERSION}"
            self.report.field(UNSUPPORTED_SCHEMA_VERSION, raw, "schema_version", message)
            return raw, None
        self.gathering.steps = steps
        raw = replace(raw, data=lifted(raw.data, steps))
        return raw, self._read_manifest(raw)

    def _read_manifest(self, raw: RawRecord) -> PackageRecord:
        """The package record without the fields that are wrong, so that one of them does not hide the records."""
        found = violations("package", raw.data)
        for violation in found:
            self.report.field(SCHEMA_VIOLATION, raw, violation.field, violation.message, violation.fix)
        record_id = raw.data.get("id")
        if isinstance(record_id, str):
            self.gathering.parts[record_id] = Part(raw, suspicious=True, refers=True)
        wrong = {violation.field.partition(".")[0].partition("[")[0] for violation in found}
        given = _without_extensions(raw.data)
        return _package_record({name: value for name, value in given.items() if name not in wrong})

    def _gather(self, written: RawRecord | None, manifest: PackageRecord) -> None:
        gathering = self.gathering
        gathering.add_package(written, self.tree, manifest.records)
        for index, path in enumerate(manifest.overlays):
            try:
                overlay = _beside(self.tree, path)
            except SourceProblem as problem:
                if written is not None:
                    self.report.field(problem.code, written, f"overlays[{index}]", problem.message)
                continue
            if overlay is None:
                self.not_computable.append(f"What the private overlay {path} adds: it is not here.")
            else:
                gathering.add_overlay(overlay, path.rstrip("/"))

    def _signers(self, manifest: PackageRecord) -> AllowedSigners | None:
        """The keys that may sign; none from a file that cannot be read."""
        try:
            return read_signers(self.tree, manifest.allowed_signers)
        except SourceProblem as problem:
            part = self.gathering.parts.get(manifest.id)
            if manifest.allowed_signers is None or part is None:
                self.report.file(problem)
            else:
                self.report.field(problem.code, part.raw, "allowed_signers", problem.message, problem.fix)
        return None

    def _make(self, record_id: str, part: Part) -> None:
        """Make a record of its parts, or report why not."""
        found = violations(part.data["kind"], part.data)
        if part.suspicious:
            self._check_prose(part, {one.field for one in found})
        if not found:
            try:
                record = _lean(KINDS[part.data["kind"]].model_validate(_fields(part)))
            except ValidationError as error:
                found = [Violation(_field(one["loc"], part.data), one["msg"]) for one in error.errors()]
            else:
                self.records[record_id] = record
                self.raw[record_id] = part.data
                self.locations[record_id] = Location(part.raw.path, part.raw.line, part.raw.index)
                self._check_attachments(record, part)
                return
        self.gathering.unreadable.add(record_id)
        for one in found:
            self.report.field(SCHEMA_VIOLATION, part.written_in(one.field), one.field, one.message, one.fix)

    def _check_prose(self, part: Part, refused: Collection[str]) -> None:
        """Report the first flaw of each sort in a field, and in each line of a Markdown record's text.

        What is wrong with a `refused` field, or with the name of a file, is said already.
        """
        files = self.tree.entries()
        found: dict[tuple[str, str | int], tuple[str, str]] = {}
        for name, text in strings(_without_extensions(part.data)):
            if name in refused or _FILE_NAME.fullmatch(name):
                continue
            for flaw in islice(flaws(text, files), _MOST_FLAWS):
                found.setdefault((flaw.code, name), (name, flaw.message))
        body = part.raw.body or ""
        starts = [0, *(mark.end() for mark in re.finditer("\n", body))]
        for flaw in islice(flaws(body, files), _MOST_FLAWS):
            line = bisect_right(starts, flaw.offset)
            place = f"body:{line}:{flaw.offset - starts[line - 1] + 1}"
            found.setdefault((flaw.code, line), (place, flaw.message))
        for (code, _), (place, message) in found.items():
            self.report.field(code, part.written_in(place), place, message)

    def _check_attachments(self, record: Record, part: Part) -> None:
        for index, attachment in enumerate(record.attachments):
            raw = part.written_in("attachments")
            tree = self.reader.tree_of(raw.path)
            if attachment.file in self.attachments and tree is self.tree:
                continue
            try:
                self.attachments[attachment.file] = attachment_digest(tree, attachment.file)
                self.trees[attachment.file] = tree
            except SourceProblem as problem:
                self.report.field(problem.code, raw, f"attachments[{index}].file", problem.message, problem.fix)


def _lean(record: Record) -> Record:
    """The same record without pydantic's note of which fields were given, which nothing asks for."""
    models: list[BaseModel] = [record]
    for model in models:
        object.__setattr__(model, "__pydantic_fields_set__", _NOT_NOTED)
        given = model.__dict__
        for name in _fields_with_parts(model.__class__):
            value = given[name]
            if value.__class__ is tuple:
                models.extend(item for item in value if isinstance(item, BaseModel))
            elif value is not None and isinstance(value, BaseModel):
                models.append(value)
    return record


@cache
def _fields_with_parts(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model that may hold other models; the many others need no look."""
    return tuple(name for name, info in model.model_fields.items() if models_in(info.annotation))


def _beside(tree: Tree, path: str) -> Tree | None:
    """The tree of an overlay. Raises SourceProblem for a path that leads outside, or to the package itself."""
    if posixpath.normpath(path) == ".":
        raise SourceProblem(PATH_OUTSIDE_PACKAGE, f"{path} is this package, not one beside it", path)
    return tree.sibling(path)


def _package_record(fields: Mapping[str, Any]) -> PackageRecord:
    """The package record with what is known of it, and defaults for the rest."""
    least = {"kind": "package", "id": "PKG-UNREADABLE", "schema_version": str(SCHEMA_VERSION)}
    try:
        return PackageRecord.model_validate({**least, **fields})
    except ValidationError:
        return PackageRecord.model_validate(least)


def _fields(part: Part) -> dict[str, Any]:
    """What the model takes: the record without extensions, with the text of a Markdown record."""
    fields = _without_extensions(part.data)
    return fields if part.raw.body is None else {**fields, "body": part.raw.body}


def _without_extensions(data: dict[str, Any]) -> dict[str, Any]:
    if any(name.startswith("x-") for name in data):
        return {name: value for name, value in data.items() if not name.startswith("x-")}
    return data


def _field(location: tuple[int | str, ...], data: Any) -> str:
    """A place as pydantic names it, as far as the record has it: pydantic also names alternatives."""
    steps: list[int | str] = []
    for step in location:
        inside = step in data if isinstance(data, dict) else isinstance(data, list) and step in range(len(data))
        if inside:
            steps.append(step)
            data = data[step]
    return dotted(steps)
