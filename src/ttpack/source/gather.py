"""The records of a package as written, each under its id, from its record folders and its overlays."""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ttpack.model.ids import LONGEST_ID, PLAIN_ID
from ttpack.model.kinds import KINDS
from ttpack.model.schema import SCHEMA_VERSION
from ttpack.source.cache import Cache
from ttpack.source.documents import RawRecord, read_yaml
from ttpack.source.entries import Entry, Tree, refuse_irregular
from ttpack.source.places import TreesOfPackage
from ttpack.source.problems import (
    DUPLICATE_ID,
    FORBIDDEN_CHARACTER,
    NOT_A_RECORD,
    PATH_OUTSIDE_PACKAGE,
    SCHEMA_VIOLATION,
    UNKNOWN_KIND,
    SourceProblem,
)
from ttpack.source.reading import ReadFile, read_files
from ttpack.source.report import Report
from ttpack.source.schema_versions import Step, lifted, steps_from
from ttpack.source.schemas import nearest
from ttpack.source.trees import MANIFEST

DEFAULT_FOLDERS = ("records",)
MANIFEST_KIND = "package"

_MOST_GUESSES = 100

_SUFFIXES = (".yaml", ".yml", ".md")
_DECLARED = re.compile(rf"^(?:-? *)id:\s*[\"']?({PLAIN_ID}(?:@{PLAIN_ID})?)".encode(), re.MULTILINE)


@dataclass(slots=True)
class Part:
    """A record as written, with what an overlay adds to it. The marks are those of its file."""

    raw: RawRecord
    suspicious: bool
    refers: bool
    overlay: RawRecord | None = None

    @property
    def data(self) -> dict[str, Any]:
        """The record with the overlay's fields in place of its own.

        Whoever may read the result may read both: an overlay that does not say who, says internal.
        """
        if self.overlay is None:
            return self.raw.data
        shared, private = self.raw.data.get("audience"), self.overlay.data.get("audience")
        both = (
            [one for one in private if one in shared] if isinstance(shared, list) and isinstance(private, list) else []
        )
        return {**self.raw.data, **self.overlay.data, "audience": both or ["internal"]}

    def written_in(self, field: str) -> RawRecord:
        """The document that a dotted field stands in."""
        top = re.split(r"[.\[:]", field, maxsplit=1)[0]
        return self.overlay if self.overlay is not None and top in self.overlay.data else self.raw


class Gathering:
    """Takes records file by file; what is none is reported."""

    def __init__(self, reader: TreesOfPackage, report: Report, cache: Cache) -> None:
        self.parts: dict[str, Part] = {}
        self.unreadable: set[str] = set()
        self._reader = reader
        self._report = report
        self._cache = cache
        self._guesses = 0
        self.complete = True
        self.steps: tuple[Step, ...] = ()
        """From the schema version of the package to this one."""

    def add_package(self, manifest: RawRecord | None, tree: Tree, folders: Sequence[str]) -> None:
        """Take every record below the record folders of the package."""
        for file in self._files(manifest, tree, folders, ""):
            self._take_file(file, "", self.steps)

    def add_overlay(self, tree: Tree, prefix: str) -> None:
        """Merge the records of a private overlay package into those taken so far; the prefix leads to its root."""
        self._reader.add(prefix, tree)
        manifest = None
        steps = self.steps
        folders: tuple[str, ...] = DEFAULT_FOLDERS
        if MANIFEST in tree.entries():
            try:
                manifest = replace(read_yaml(tree.read(MANIFEST), MANIFEST)[0], path=f"{prefix}/{MANIFEST}")
                steps = steps_from(manifest.data.get("schema_version", SCHEMA_VERSION)) or ()
                given = manifest.data.get("records", DEFAULT_FOLDERS)
                folders = tuple(folder for folder in given if isinstance(folder, str))
            except SourceProblem as problem:
                self._report.file(problem, prefix)
        for file in self._files(manifest, tree, folders, prefix):
            self._take_file(file, prefix, steps)

    def _files(self, manifest: RawRecord | None, tree: Tree, folders: Sequence[str], prefix: str) -> Iterator[ReadFile]:
        chosen: dict[str, Entry] = {}
        for index, folder in enumerate(folders):
            below = _below(tree.entries(), folder)
            if manifest and below is None:
                message = f"the record folder {folder!r} leads outside the package"
                self._report.field(PATH_OUTSIDE_PACKAGE, manifest, f"records[{index}]", message)
            elif manifest and not below and isinstance(manifest.data.get("records"), list):
                message = f"the record folder {folder!r} holds no file"
                self._report.field(NOT_A_RECORD, manifest, f"records[{index}]", message, "Correct its name.")
            self.complete &= posixpath.normpath(folder) not in (below or {})  # where it is a link
            chosen |= below or {}
        paths = []
        for path, entry in sorted(chosen.items()):
            try:
                refuse_irregular(entry)
                _refuse_name(path)
            except SourceProblem as problem:
                self._report.file(problem, prefix)
            else:
                if path.lower().endswith(_SUFFIXES) and path != MANIFEST:
                    paths.append(path)
        return read_files(tree, paths, self._cache)

    def _take_file(self, file: ReadFile, prefix: str, steps: Sequence[Step]) -> None:
        if file.problem is not None:
            self._report.file(file.problem, prefix)
            self.unreadable |= self._declared(posixpath.join(prefix, file.path))
        for raw in _lifted(file.records, steps):
            self._take(replace(raw, path=f"{prefix}/{raw.path}") if prefix else raw, file, overlay=bool(prefix))

    def _take(self, raw: RawRecord, file: ReadFile, *, overlay: bool) -> None:
        kind, record_id = raw.data.get("kind"), raw.data.get("id")
        if not isinstance(kind, str) or not isinstance(record_id, str):
            lacking = "id" if isinstance(kind, str) else "kind"
            message = (
                f"the {lacking} of the record is no text" if lacking in raw.data else f"the record has no {lacking}"
            )
            self._report.field(NOT_A_RECORD, raw, lacking, message)
        elif kind not in KINDS:
            guess = self._nearest(kind)
            fix = f"Did you mean {guess!r}?" if guess else ""
            self._report.field(UNKNOWN_KIND, raw, "kind", f"the kind {kind[:60]!r} is unknown", fix)
        elif kind == MANIFEST_KIND:
            message = f"a package has one record of this kind, its {MANIFEST}"
            self._report.field(NOT_A_RECORD, raw, "kind", message, "Remove it, or keep the other package elsewhere.")
        elif len(record_id) > LONGEST_ID:
            message = f"the id has {len(record_id):,} characters; the limit is {LONGEST_ID}"
            self._report.field(SCHEMA_VIOLATION, raw, "id", message, "Give it a shorter id.")
        else:
            self._take_record(raw, record_id, file, overlay=overlay)
            return
        if isinstance(record_id, str):
            self.unreadable.add(record_id)

    def _nearest(self, kind: str) -> str | None:
        """The kind that was meant; looked for only so often, since in a hostile file it would take longest."""
        self._guesses += 1
        return nearest(kind, KINDS) if self._guesses <= _MOST_GUESSES else None

    def _take_record(self, raw: RawRecord, record_id: str, file: ReadFile, *, overlay: bool) -> None:
        known = self.parts.get(record_id)
        if known is None:
            self.parts[record_id] = Part(raw, file.suspicious, file.refers)
        elif overlay and known.overlay is None and known.raw.data["kind"] == raw.data["kind"]:
            known.overlay = raw
            known.suspicious |= file.suspicious
            known.refers |= file.refers
        else:
            first = f"{known.raw.path}, line {known.raw.line}"
            self._report.field(DUPLICATE_ID, raw, "id", f"the id {record_id} is given twice, first in {first}")

    def _declared(self, path: str) -> set[str]:
        """Ids that an unreadable file seems to declare, so that references to them are not reported as well."""
        try:
            data = self._reader.read(path)
        except (SourceProblem, KeyError):
            return set()
        return {found.decode() for found, *_ in _DECLARED.findall(data)}


def _lifted(records: Sequence[RawRecord], steps: Sequence[Step]) -> Sequence[RawRecord]:
    return [replace(raw, data=lifted(raw.data, steps)) for raw in records] if steps else records


def _below(entries: Mapping[str, Entry], folder: str) -> dict[str, Entry] | None:
    """Entries below a record folder, or the folder itself where it is a link; None for one outside the package."""
    plain = posixpath.normpath(folder)
    if plain.startswith("/") or plain.split("/")[0] == ".." or "\\" in plain:
        return None
    start = "" if plain == "." else f"{plain}/"
    return {path: entry for path, entry in entries.items() if path.startswith(start) or path == plain}


def _refuse_name(path: str) -> None:
    """Raise for a file name that is no printable text: it would forge lines in whatever prints it."""
    if not path.isprintable():
        shown = path.encode("unicode_escape", "backslashreplace").decode()
        raise SourceProblem(FORBIDDEN_CHARACTER, "the file name holds invisible characters", shown)
