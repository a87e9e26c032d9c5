"""What impact needs of a revision besides the records that changed: kinds, titles and links, small enough to cache."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

from ttpack.model.analytics import StabilityStudy
from ttpack.model.deviation import DeviationRule, EscalationRule
from ttpack.model.execution import PpqPlan, ValidationStrategy
from ttpack.model.graph import Graph
from ttpack.model.ids import is_record_id, overlay_parts
from ttpack.model.materials import Material
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, ProcessParameter
from ttpack.model.process import UnitOperation
from ttpack.model.record import Record
from ttpack.model.regulatory import EstablishedCondition, RegulatoryState

_PRODUCT_STAGES = frozenset({"fill", "formulation", "pack"})
_REUSE = frozenset({"cycles", "resin_lifetime"})
_Key = TypeVar("_Key", str, tuple[str, str])
_Value = TypeVar("_Value")
LinkRow = tuple[str, str, str, bool]
"""Source id, field (with ` prints <field>` where text prints a value), target id, and whether it is in prose."""


@dataclass(frozen=True)
class Index:
    """Kinds, titles and sites by id, every reference, and by record and file the version and digest of attachments.

    Mappings of records are in the order of their ids, links are sorted: one revision has one index, however it is made.
    `leads` says by record what it has in common with others without naming them (a class, a market), `followers` by
    that which records depend on it: a rule for a whole class of parameters follows each of them.
    """

    kinds: Mapping[str, str]
    titles: Mapping[str, str]
    links: tuple[LinkRow, ...]
    sites: Mapping[str, str] = field(default_factory=dict)
    attachments: Mapping[tuple[str, str], tuple[str, str]] = field(default_factory=dict)
    leads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    followers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    """The file that each record stands in."""
    sources: Mapping[str, str] = field(default_factory=dict)
    """The document that each record cites as the source of its values, as its author wrote it."""
    conditional: frozenset[LinkRow] = frozenset()
    """Links that count where the record they name is there: those that do (they are among `links`), and the others."""
    absent: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """The versions of attachments, by record and file, that are not in the package or that it may not hold."""

    @classmethod
    def of(cls, package: Package) -> "Index":
        """The index of a package."""
        records = package.records
        named = [
            (link.source, f"{link.field} prints {link.prints}" if link.prints else link.field, link.target, link.prose)
            for link in Graph(package).links
        ]
        conditional = frozenset(
            row
            for row in (*_derived_links(package), *_overlay_links(package))
            if row[2] in records or is_record_id(row[2])
        )
        attachments = sorted(
            (record.id, named.file, named.version or "") for record in records.values() for named in record.attachments
        )
        return cls(
            kinds={record.id: record.kind for record in package.records.values()},
            titles={record.id: record.name for record in package.records.values()},
            links=tuple(sorted([*named, *(row for row in conditional if row[2] in records)])),
            sites={
                record.id: site
                for record in package.records.values()
                if isinstance(site := getattr(record, "site", None) or overlay_parts(record.id)[1], str)
            },
            attachments={
                (record, file): (version, package.attachments[file])
                for record, file, version in attachments
                if file in package.attachments
            },
            leads={record.id: keys for record in package.records.values() if (keys := tuple(_leads(record)))},
            followers=_followers(package),
            paths={record: location.path for record, location in package.locations.items()},
            sources={record.id: record.source.document for record in package.records.values() if record.source},
            conditional=conditional,
            absent={
                (record, file): version for record, file, version in attachments if file not in package.attachments
            },
        )

    def updated(self, paths: Collection[str], part: Package, digests: Mapping[str, str | None]) -> "Index":
        """The index of a later revision: this one of an earlier revision, and the part of the later one that differs.

        `part` has every record that the files at `paths` hold then; no other record changed, or has the id of one of
        these. `digests` says what the content is then of each attachment that changed or that a record of the part
        names; None where the package does not hold it.
        """
        part = replace(part, attachments={file: digest for file, digest in digests.items() if digest is not None})
        new = Index.of(part)
        gone = {record for record, path in self.paths.items() if path in paths}
        kinds = _joined(self.kinds, new.kinds, gone)
        conditional = {row for row in self.conditional if row[0] not in gone} | new.conditional
        named = [row for row in self.links if row[0] not in gone and row not in self.conditional]
        named += [row for row in new.links if row not in new.conditional]
        known = {key[1]: digest for key, (_, digest) in self.attachments.items()} | dict(digests)
        versions = _joined_versions(self, new, gone)
        return Index(
            kinds=kinds,
            titles=_joined(self.titles, new.titles, gone),
            links=tuple(sorted([*named, *(row for row in conditional if row[2] in kinds)])),
            sites=_joined(self.sites, new.sites, gone),
            attachments={key: (version, digest) for key, version in versions.items() if (digest := known.get(key[1]))},
            leads=_joined(self.leads, new.leads, gone),
            followers=_joined_followers(self.followers, new.followers, gone),
            paths=_joined(self.paths, new.paths, gone),
            sources=_joined(self.sources, new.sources, gone),
            conditional=frozenset(conditional),
            absent={key: version for key, version in versions.items() if not known.get(key[1])},
        )

    def versions(self) -> dict[tuple[str, str], str]:
        """The versions of all attachments that records name, by record and file, be they in the package or not."""
        return {key: version for key, (version, _) in self.attachments.items()} | dict(self.absent)

    def as_json(self) -> dict[str, Any]:
        """The index as plain data."""
        return {
            "kinds": dict(self.kinds), "titles": dict(self.titles),
            "links": [list(row) for row in self.links], "sites": dict(self.sites),
            "attachments": [[*key, *value] for key, value in self.attachments.items()],
            "leads": {key: list(names) for key, names in self.leads.items()},
            "followers": {key: list(ids) for key, ids in self.followers.items()},
            "paths": dict(self.paths), "sources": dict(self.sources),
            "conditional": sorted(map(list, self.conditional)),
            "absent": [[*key, version] for key, version in self.absent.items()],
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Index":
        """The index that `as_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        links, conditional = (
            tuple((str(a), str(b), str(c), bool(d)) for a, b, c, d in data[name]) for name in ("links", "conditional")
        )
        attachments = {(str(a), str(b)): (str(c), str(d)) for a, b, c, d in data["attachments"]}
        leads = {str(key): tuple(names) for key, names in data["leads"].items()}
        followers = {str(key): tuple(ids) for key, ids in data["followers"].items()}
        return cls(
            dict(data["kinds"]), dict(data["titles"]), links, dict(data["sites"]), attachments, leads, followers,
            dict(data["paths"]), dict(data["sources"]), frozenset(conditional),
            {(str(a), str(b)): str(c) for a, b, c in data["absent"]},
        )  # fmt: skip

    def around(self, record: str) -> Iterable[tuple[str, str, str, bool]]:
        """The neighbours of a record, then what follows it without either naming the other."""
        yield from self.neighbours.get(record, ())
        for key in self.leads.get(record, ()):
            yield from ((other, key, "referred", False) for other in self.followers.get(key, ()))

    @cached_property
    def neighbours(self) -> Mapping[str, list[tuple[str, str, str, bool]]]:
        """For each id: (other id, field, "refers" or "referred", prose), sorted."""
        found: dict[str, list[tuple[str, str, str, bool]]] = {}
        for source, name, target, prose in self.links:
            found.setdefault(source, []).append((target, name, "refers", prose))
            found.setdefault(target, []).append((source, name, "referred", prose))
        return {key: sorted(set(rows)) for key, rows in found.items()}


def merged(first: Index, second: Index) -> Index:
    """Both revisions together, so that what referred to a removed record is still reached."""
    return Index(
        kinds={**first.kinds, **second.kinds},
        titles={**first.titles, **second.titles},
        links=tuple(dict.fromkeys((*second.links, *first.links))),
        sites={**first.sites, **second.sites},
        leads={
            key: tuple(dict.fromkeys((*first.leads.get(key, ()), *second.leads.get(key, ()))))
            for key in {**first.leads, **second.leads}
        },
        followers={
            key: tuple(sorted({*first.followers.get(key, ()), *second.followers.get(key, ())}))
            for key in {**first.followers, **second.followers}
        },
        sources={**first.sources, **second.sources},
    )


def _joined(earlier: Mapping[str, _Value], new: Mapping[str, _Value], gone: Collection[str]) -> dict[str, _Value]:
    return _in_order({record: value for record, value in earlier.items() if record not in gone} | dict(new))


def _in_order(found: Mapping[_Key, _Value]) -> dict[_Key, _Value]:
    return {key: found[key] for key in sorted(found)}


def _joined_versions(earlier: Index, new: Index, gone: Collection[str]) -> dict[tuple[str, str], str]:
    """The versions of attachments by record and file, whether the package holds these or not."""
    kept = {key: version for key, version in earlier.versions().items() if key[0] not in gone}
    return _in_order(kept | new.versions())


def _joined_followers(
    earlier: Mapping[str, tuple[str, ...]], new: Mapping[str, tuple[str, ...]], gone: Collection[str]
) -> dict[str, tuple[str, ...]]:
    both = {
        key: (*(record for record in earlier.get(key, ()) if record not in gone), *new.get(key, ()))
        for key in {**earlier, **new}
    }
    return _in_order({key: tuple(sorted(ids)) for key, ids in both.items() if ids})


def _leads(record: Record) -> Iterable[str]:
    if isinstance(record, ProcessParameter) and record.classification:
        yield f"parameter class {record.classification}"
        if record.classification in CRITICAL:
            yield "critical parameters"
    elif isinstance(record, DeviationRule) and record.deviation_class:
        yield f"deviation class {record.deviation_class}"
    elif isinstance(record, EstablishedCondition) and record.market:
        yield f"market {record.market}"
    elif isinstance(record, PpqPlan) and record.site:
        yield f"validation at {record.site}"
    elif isinstance(record, UnitOperation):
        yield f"stability of {'DP' if record.stage in _PRODUCT_STAGES else 'DS'}"
    elif isinstance(record, Material) and (record.lifetime or record.material_class in ("resin", "filter")):
        yield from (f"reuse in {name}" for name in record.unit_operations)


def _follows(record: Record) -> Iterable[str]:
    if isinstance(record, DeviationRule):
        yield from (f"parameter class {name}" for name in record.parameter_classes)
    elif isinstance(record, EscalationRule) and record.deviation_class:
        yield f"deviation class {record.deviation_class}"
    elif isinstance(record, RegulatoryState) and record.market:
        yield f"market {record.market}"
    elif isinstance(record, ValidationStrategy):
        yield "critical parameters"
        yield f"validation at {record.site}"
    elif isinstance(record, StabilityStudy):
        yield f"stability of {record.article or 'DS'}"
    elif isinstance(record, ProcessParameter) and record.quantity_kind in _REUSE and record.unit_operation:
        yield f"reuse in {record.unit_operation}"


def _followers(package: Package) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for record in package.records.values():
        for key in _follows(record):
            found.setdefault(key, []).append(record.id)
    return {key: tuple(sorted(ids)) for key, ids in sorted(found.items())}


def _derived_links(package: Package) -> Iterable[LinkRow]:
    """A derived value depends on the records its inputs name (`PRM-X.setpoint`), be they there or not."""
    for record_id, raw in package.raw.items():
        # few records hold one: places are worked out only for these
        if not _derives(raw):
            continue
        for name, formula in _derivations(raw, ""):
            inputs = formula.get("inputs")
            for key, value in inputs.items() if isinstance(inputs, Mapping) else ():
                target = value.partition(".")[0] if isinstance(value, str) else ""
                if target:
                    yield record_id, f"{name}.inputs.{key}", target, False


def _derives(raw: Mapping[str, Any]) -> bool:
    stack: list[Any] = [raw]
    while stack:
        item = stack.pop()
        if item.__class__ is dict:
            if "derived" in item:
                return True
            item = item.values()
        stack.extend([child for child in item if child.__class__ is dict or child.__class__ is list])
    return False


def _derivations(value: Any, path: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    stack = [(path, value)]
    while stack:
        place, item = stack.pop()
        # by exact type, and only what may hold a derivation: half of an index was spent here
        if item.__class__ is dict:
            if item.get("derived").__class__ is dict:
                yield f"{place}.derived" if place else "derived", item["derived"]
            inside = ((f"{place}.{key}" if place else key, child) for key, child in item.items() if _holds(child))
            stack.extend(inside)
        else:
            stack.extend((f"{place}[{index}]", child) for index, child in enumerate(item) if _holds(child))


def _holds(value: Any) -> bool:
    return value.__class__ is dict or value.__class__ is list


def _overlay_links(package: Package) -> Iterable[LinkRow]:
    for base, overlays in package.overlays.items():
        yield from ((overlay.id, "id", base, False) for overlay in overlays)
