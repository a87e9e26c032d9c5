"""What impact needs of a revision besides the records that changed: kinds, titles and links, small enough to cache."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ttpack.model.analytics import StabilityStudy
from ttpack.model.execution import PpqPlan, ValidationStrategy
from ttpack.model.governance import DeviationRule, EscalationRule
from ttpack.model.graph import Graph
from ttpack.model.ids import overlay_parts
from ttpack.model.materials import Material
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, ProcessParameter
from ttpack.model.process import UnitOperation
from ttpack.model.record import Record
from ttpack.model.regulatory import EstablishedCondition, RegulatoryState

_PRODUCT_STAGES = frozenset({"fill", "formulation", "pack"})
_REUSE = frozenset({"cycles", "resin_lifetime"})
LinkRow = tuple[str, str, str, bool]
"""Source id, field (with ` prints <field>` where text prints a value), target id, and whether it is in prose."""


@dataclass(frozen=True)
class Index:
    """Kinds, titles and sites by id, every reference, and by record and file the version and digest of attachments.

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

    @classmethod
    def of(cls, package: Package) -> "Index":
        """The index of a package."""
        rows = tuple(
            (link.source, f"{link.field} prints {link.prints}" if link.prints else link.field, link.target, link.prose)
            for link in Graph(package).links
        )
        return cls(
            kinds={record.id: record.kind for record in package.records.values()},
            titles={record.id: record.name for record in package.records.values()},
            links=(*rows, *_derived_links(package), *_overlay_links(package)),
            sites={
                record.id: site
                for record in package.records.values()
                if isinstance(site := getattr(record, "site", None) or overlay_parts(record.id)[1], str)
            },
            attachments={
                (record.id, named.file): (named.version or "", package.attachments[named.file])
                for record in package.records.values()
                for named in record.attachments
                if named.file in package.attachments
            },
            leads={record.id: keys for record in package.records.values() if (keys := tuple(_leads(record)))},
            followers=_followers(package),
            paths={record: location.path for record, location in package.locations.items()},
            sources={record.id: record.source.document for record in package.records.values() if record.source},
        )

    def as_json(self) -> dict[str, Any]:
        """The index as plain data."""
        return {
            "kinds": dict(self.kinds), "titles": dict(self.titles),
            "links": [list(row) for row in self.links], "sites": dict(self.sites),
            "attachments": [[*key, *value] for key, value in self.attachments.items()],
            "leads": {key: list(names) for key, names in self.leads.items()},
            "followers": {key: list(ids) for key, ids in self.followers.items()},
            "paths": dict(self.paths), "sources": dict(self.sources),
        }  # fmt: skip

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Index":
        """The index that `as_json` gave. Raises KeyError, TypeError or ValueError for anything else."""
        links = tuple((str(a), str(b), str(c), bool(d)) for a, b, c, d in data["links"])
        attachments = {(str(a), str(b)): (str(c), str(d)) for a, b, c, d in data["attachments"]}
        leads = {str(key): tuple(names) for key, names in data["leads"].items()}
        followers = {str(key): tuple(ids) for key, ids in data["followers"].items()}
        return cls(
            dict(data["kinds"]), dict(data["titles"]), links, dict(data["sites"]), attachments, leads, followers,
            dict(data["paths"]), dict(data["sources"]),
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
    """A derived value depends on the records its inputs name (`PRM-X.setpoint`)."""
    for record_id, raw in package.raw.items():
        for name, formula in _derivations(raw, ""):
            inputs = formula.get("inputs")
            for key, value in inputs.items() if isinstance(inputs, Mapping) else ():
                target = value.partition(".")[0] if isinstance(value, str) else ""
                if target in package.records:
                    yield record_id, f"{name}.inputs.{key}", target, False


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
        if base in package.records:
            yield from ((overlay.id, "id", base, False) for overlay in overlays)
