"""A transfer package in memory: frozen records by id, where each came from, and what could not be read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, TypeVar

from ttpack.model import units
from ttpack.model.allowed_signers import AllowedSigners
from ttpack.model.documents import Package as PackageRecord
from ttpack.model.documents import UnitDefinition
from ttpack.model.facility import Site
from ttpack.model.ids import NOT_HERE, NOT_HERE_WORDS, overlay_parts
from ttpack.model.parameter import ProcessParameter, SiteOverlay
from ttpack.model.process import UnitOperation
from ttpack.model.record import Record

AnyRecord = TypeVar("AnyRecord", bound=Record)


@dataclass(frozen=True, slots=True)
class Location:
    """Where a record stands: its file, its first line, and its place in a list file."""

    path: str
    line: int
    index: int | None = None


@dataclass(frozen=True, slots=True)
class RevisionInfo:
    """Which revision was loaded: its name, commit and committer date; a working tree has no commit of its own."""

    name: str
    commit: str | None = None
    committed: datetime | None = None


@dataclass(frozen=True)
class Package:
    """One revision of a package. Records are in the order of their ids.

    `raw` holds each record as its author wrote it (exact decimals, extensions included): digests and diffs use it.
    `attachments` maps the paths that records name to the SHA-256 of their content.
    `unreadable_ids` are ids declared in records that failed to load, so that references to them do not cascade.
    `not_computable` says in words what this revision could not show, such as an absent private overlay.
    `signers` are the keys that may sign; None where no file of them is there.
    A package is not `readable` where nothing says which records it has, so that no rule can judge what it lacks.
    """

    manifest: PackageRecord
    records: Mapping[str, Record]
    raw: Mapping[str, Mapping[str, Any]]
    locations: Mapping[str, Location]
    revision: RevisionInfo = field(default_factory=lambda: RevisionInfo("memory"))
    attachments: Mapping[str, str] = field(default_factory=dict)
    unreadable_ids: frozenset[str] = frozenset()
    with_prose_references: frozenset[str] = frozenset()
    not_computable: tuple[str, ...] = ()
    readable: bool = True
    signers: AllowedSigners | None = None

    @cached_property
    def _by_type(self) -> dict[type[Record], tuple[Record, ...]]:
        found: dict[type[Record], list[Record]] = {}
        for record in self.records.values():
            found.setdefault(type(record), []).append(record)
        return {kind: tuple(records) for kind, records in found.items()}

    @cached_property
    def raw_by_kind(self) -> Mapping[str, tuple[tuple[str, Mapping[str, Any]], ...]]:
        """Ids and records as written, by kind, in the order of their ids."""
        found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {}
        for record, raw in self.raw.items():
            found.setdefault(str(raw.get("kind")), []).append((record, raw))
        return {kind: tuple(sorted(records, key=lambda one: one[0])) for kind, records in found.items()}

    @cached_property
    def _in_force(self) -> dict[type[Record], tuple[Record, ...]]:
        return {kind: tuple(one for one in records if one.in_force) for kind, records in self._by_type.items()}

    def of(self, kind: type[AnyRecord]) -> tuple[AnyRecord, ...]:
        """All records of one kind, in the order of their ids."""
        return self._by_type.get(kind, ())  # type: ignore[return-value]

    def in_force(self, kind: type[AnyRecord]) -> tuple[AnyRecord, ...]:
        """The records of one kind that are neither superseded nor withdrawn."""
        return self._in_force.get(kind, ())  # type: ignore[return-value]

    def get(self, record_id: str | None, kind: type[AnyRecord]) -> AnyRecord | None:
        """The record of that id if it exists and is of that kind."""
        record = self.records.get(record_id) if record_id else None
        return record if isinstance(record, kind) else None

    @property
    def parameters(self) -> tuple[ProcessParameter, ...]:
        """Process parameters in force."""
        return self.in_force(ProcessParameter)

    @cached_property
    def unit_operations(self) -> tuple[UnitOperation, ...]:
        """Unit operations in force, in process order."""
        return tuple(
            sorted(self.in_force(UnitOperation), key=lambda unit: (unit.order is None, unit.order or 0, unit.id))
        )

    @cached_property
    def receiving_sites(self) -> tuple[str, ...]:
        """Ids of the receiving sites: those with a gate and those that the manifest names, else those that say so."""
        return tuple(dict.fromkeys((*self.manifest.gates, *self.manifest.receiving_sites))) or tuple(
            site.id for site in self.of(Site) if site.site_role in ("receiving", "planned")
        )

    @cached_property
    def sending_sites(self) -> tuple[str, ...]:
        """Ids of the sites that the process comes from: those that the package record names, and those that say so."""
        said = (site.id for site in self.in_force(Site) if site.site_role == "sending")
        return tuple(dict.fromkeys((*self.manifest.sending_sites, *said)))

    @cached_property
    def overlays(self) -> Mapping[str, tuple[SiteOverlay, ...]]:
        """Site overlays by the id of the record they overlay."""
        found: dict[str, list[SiteOverlay]] = {}
        for overlay in self.in_force(SiteOverlay):
            found.setdefault(overlay_parts(overlay.id)[0], []).append(overlay)
        return {base: tuple(overlays) for base, overlays in found.items()}

    @cached_property
    def own_units(self) -> Mapping[str, units.DefinesUnit]:
        """The package's own usable units by code and alias, as `units.parse_unit` takes them."""
        return self._own_units[0]

    @cached_property
    def own_unit_problems(self) -> tuple[tuple[str, str], ...]:
        """The code of each own unit that cannot be used, and why."""
        return tuple(self._own_units[1])

    @cached_property
    def _own_units(self) -> tuple[dict[str, units.DefinesUnit], list[tuple[str, str]]]:
        return units.own_units(self.in_force(UnitDefinition))

    def label(self, record_id: str) -> str:
        """What to call a record: its title, else its id, or words for an id that an edition withholds."""
        record = self.records.get(record_id)
        return record.name if record else NOT_HERE_WORDS if record_id == NOT_HERE else record_id
