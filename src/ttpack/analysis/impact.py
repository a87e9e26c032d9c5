"""What a change reaches, and by which path: a breadth-first walk over the typed graph (change-control.md)."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappop, heappush
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.impact_policy import (
    ACTION_RANK,
    ACTIONS,
    DERIVED,
    EXCHANGED,
    MEASURED,
    MENTIONED,
    QUOTED,
    REFERRED,
    Action,
    Edge,
    edge,
    of_substance,
)
from ttpack.analysis.index import Index

TEXT_FIELDS = frozenset({
    "why", "note", "description", "mechanism", "consequence", "summary", "body", "purpose", "title", "owner",
    "illustrative", "know_how", "expected_content", "audience",
})  # fmt: skip
"""Fields whose change concerns only who reads the record: documents, texts and training, not other records."""
KNOWLEDGE_FIELDS = frozenset({"evidence", "source", "basis", "rationale", "assumption", "attachments"})
"""Fields whose change concerns what rests on how well the record is known, not what it says."""


@dataclass(frozen=True, slots=True)
class Affected:
    """A record that a change reaches. `path` starts with the changed record; `via` says why, edge by edge."""

    record: str
    record_kind: str
    title: str
    action: Action
    path: tuple[str, ...]
    via: tuple[str, ...]
    site: str = ""

    def as_json(self) -> dict[str, Any]:
        """The affected record as a JSON object."""
        return {
            "record": self.record, "record_kind": self.record_kind, "title": self.title, "action": self.action,
            "path": list(self.path), "via": list(self.via), "site": self.site,
        }  # fmt: skip


@dataclass(frozen=True)
class Impact:
    """The changes between two revisions and every record they reach; `titles` are those of the changed records."""

    changes: tuple[Change, ...]
    affected: tuple[Affected, ...]
    cut_off: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)

    @property
    def needs_approval(self) -> bool:
        """Whether anything but editorial has changed."""
        return any(not change.editorial for change in self.changes)

    def as_json(self) -> dict[str, Any]:
        """The impact as a JSON object."""
        return {
            **self.context,
            "changes": [change.as_json() for change in self.changes],
            "affected": [affected.as_json() for affected in self.affected],
            "not_followed_further": self.cut_off,
        }


_VALUE, _KNOWLEDGE, _TEXT = 0, 1, 2
_CONCERNED: dict[int, frozenset[str]] = {
    _KNOWLEDGE: frozenset({
        "risk", "established_condition", "regulatory_state", "design_space", "document", "change_record", "waiver",
        "assumption", "ppq_plan", "quality_agreement", "decision", "gate", "evidence", "not_applicable",
    }),
    _TEXT: frozenset({"document", "step", "batch_record", "training", "read_back", "change_record"}),
}  # fmt: skip
_INDEX = re.compile(r"\[[0-9]+\]")


@dataclass(frozen=True, slots=True, order=True)
class _Way:
    """A way to a record, the strongest and shortest first. `most` is the most that what lies behind is asked."""

    rank: int
    path: tuple[str, ...]
    via: tuple[str, ...] = ()
    most: int = 0
    carries: bool = True
    concern: int = _VALUE
    site: str = ""
    substance: bool = True

    def key(self) -> tuple[int, int, tuple[str, ...], tuple[str, ...]]:
        """What ways are ordered by."""
        return self.rank, len(self.path), self.path, self.via


def impact(changes: Iterable[Change], index: Index, context: Mapping[str, Any] | None = None) -> Impact:
    """Every record that `changes` reach over `index` (both revisions merged), each with its shortest best path.

    Editorial changes reach nothing. A change of explaining text reaches who reads it, a change of evidence what rests
    on it. What was changed at one site stays there. Records that were changed themselves are not listed again: what
    has to be done about them is the change. `cut_off` counts further neighbours of reached records at which the
    policy of the last edge stopped the walk.
    """
    changes = tuple(changes)
    fields: dict[str, list[str]] = {}
    for change in changes:
        if not change.editorial:
            fields.setdefault(change.record, []).append(_INDEX.sub("", change.field))
    ways, cut_off = _walk(fields, _exchanged(changes, index), index)
    affected = [_affected(record, way, index) for record, way in ways.items()]
    affected.sort(key=lambda item: (ACTION_RANK[item.action], len(item.path), item.record))
    titles = {record: index.titles[record] for record in fields if record in index.titles}
    return Impact(changes, tuple(affected), cut_off, dict(context or {}), titles)


def _concern(names: Iterable[str]) -> int:
    """What a change of these fields of a record concerns: the widest of them."""
    found = []
    for name in names:
        steps = {name.partition(".")[0], name.rpartition(".")[2]}
        text = steps & TEXT_FIELDS or name.startswith("x-")
        found.append(_TEXT if text else _KNOWLEDGE if steps & KNOWLEDGE_FIELDS else _VALUE)
    return min(found)


_PART_OF_LIST = frozenset({"reference_added", "reference_removed", "item_added", "item_removed"})


def _exchanged(changes: Iterable[Change], index: Index) -> dict[str, set[str]]:
    """By changed record the materials that it names now or no longer."""
    found: dict[str, set[str]] = {}
    for change in changes:
        whole = change.kind in ("field_added", "field_removed", "value_changed")
        if change.editorial or not (whole or change.kind in _PART_OF_LIST):
            continue
        for item in (change.before, change.after):
            for one in item if isinstance(item, list) else [item]:
                named = one.get("material") if isinstance(one, Mapping) else one
                if isinstance(named, str) and index.kinds.get(named) == "material":
                    found.setdefault(change.record, set()).add(named)
    return found


def _walk(
    fields: Mapping[str, list[str]], exchanged: Mapping[str, set[str]], index: Index
) -> tuple[dict[str, _Way], int]:
    """The best way to each record reached, and how many records stand just behind where the walk stopped."""
    waiting: list[tuple[Any, _Way]] = []
    for record in sorted(fields):
        site = index.sites.get(record, "") if index.kinds.get(record) == "site_overlay" else ""
        substance = of_substance(index.kinds.get(record, ""), fields[record])
        start = _Way(0, (record,), concern=_concern(fields[record]), site=site, substance=substance)
        heappush(waiting, (start.key(), start))
    ways: dict[str, _Way] = {}
    expanded: dict[tuple[str, int, str, bool], int] = {}
    beyond: set[str] = set()
    while waiting:
        _, way = heappop(waiting)
        record = way.path[-1]
        if len(way.path) > 1:
            ways.setdefault(record, way)
        if not way.carries:
            beyond.update(other for other, *_ in index.around(record))
            continue
        state = record, way.concern, way.site, way.substance
        if expanded.get(state, len(way.path) + 1) <= len(way.path):
            continue
        expanded[state] = len(way.path)
        for other, name, direction, prose in index.around(record):
            if other in index.kinds and other not in fields and other not in way.path:
                step = _step(way, other, (name, direction, prose), fields, index)
                if len(way.path) == 1 and other in exchanged.get(record, ()):
                    step = _along(way, other, EXCHANGED)
                if step is None:
                    beyond.add(other)
                elif not step.carries and other in ways:
                    continue
                else:
                    heappush(waiting, (step.key(), step))
    return ways, len((beyond & index.kinds.keys()) - ways.keys() - fields.keys())


def _step(
    way: _Way, other: str, link: tuple[str, str, bool], fields: Mapping[str, list[str]], index: Index
) -> _Way | None:
    """The way one edge further, or None where the change does not travel over it."""
    name, direction, prose = link
    kind, record = index.kinds[other], way.path[-1]
    policy = edge(index.kinds.get(record, ""), kind, name, direction, prose=prose, substance=way.substance)
    if policy is MEASURED and not any(index.kinds.get(one) == "unit_operation" for one in way.path):
        policy = REFERRED if direction == "referred" else None
    if policy is None or (policy.depth is not None and len(way.path) > policy.depth):
        return None
    if policy is QUOTED:
        policy = policy if _prints(name, fields.get(record, ())) or way.via[-1:] == (DERIVED.reason,) else MENTIONED
        if policy is MENTIONED and len(way.path) > 1:
            return None
    if way.concern and kind not in _CONCERNED[way.concern] and policy is not QUOTED:
        return None
    if way.site and index.sites.get(other, way.site) != way.site:
        return None
    return _along(way, other, policy)


def _along(way: _Way, other: str, policy: Edge) -> _Way:
    most = max(way.most, ACTION_RANK[policy.passes or policy.action])
    rank = max(way.most, ACTION_RANK[policy.action])
    concern = max(way.concern, _KNOWLEDGE) if policy.knowledge else way.concern
    return replace(
        way, rank=rank, path=(*way.path, other), via=(*way.via, policy.reason), most=most, carries=policy.carries,
        concern=concern,
    )  # fmt: skip


def _prints(name: str, changed: Iterable[str]) -> bool:
    """Whether what a text prints of a record is among its changed fields, or holds one, or lies in one."""
    printed = name.partition(" prints ")[2]
    return any(
        not field or field == printed or field.startswith(f"{printed}.") or printed.startswith(f"{field}.")
        or field == "unit"
        for field in changed
    )  # fmt: skip


def _affected(record: str, way: _Way, index: Index) -> Affected:
    return Affected(
        record, index.kinds[record], index.titles.get(record, record), ACTIONS[way.rank],
        way.path, way.via, index.sites.get(record, ""),
    )  # fmt: skip
