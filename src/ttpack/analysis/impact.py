"""What a change reaches, and by which path: a breadth-first walk over the typed graph (change-control.md)."""

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.impact_policy import ACTION_RANK, Action, Edge, edge
from ttpack.analysis.index import Index

TEXT_FIELDS = frozenset({"why", "note", "description", "mechanism", "consequence", "summary", "body", "purpose"})
"""Fields whose change concerns only who reads the record: documents, texts and training, not other records."""


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
    """The changes between two revisions and every record they reach."""

    changes: tuple[Change, ...]
    affected: tuple[Affected, ...]
    cut_off: int = 0
    context: Mapping[str, Any] = field(default_factory=dict)

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


@dataclass(slots=True)
class _Reached:
    action: Action
    parent: str | None
    reason: str
    depth: int
    carries: bool


def impact(changes: Iterable[Change], index: Index, context: Mapping[str, Any] | None = None) -> Impact:
    """Every record that `changes` reach over `index` (both revisions merged), each with its shortest best path.

    Editorial changes reach nothing. A change of explaining text reaches documents and texts only. Records that were
    changed themselves are not listed again: what has to be done about them is the change. `cut_off` counts further
    neighbours of reached records at which the policy of the last edge stopped the walk.
    """
    changes = tuple(changes)
    seeds: dict[str, bool] = {}
    for change in changes:
        if not change.editorial:
            narrow = change.field.partition("[")[0] in TEXT_FIELDS
            seeds[change.record] = seeds.get(change.record, True) and narrow
    reached = {record: _Reached("revise", None, "", 0, carries=True) for record in sorted(seeds)}
    cut_off = _walk(seeds, reached, index)
    affected = [_affected(record, entry, reached, index) for record, entry in reached.items() if record not in seeds]
    affected.sort(key=lambda item: (ACTION_RANK[item.action], len(item.path), item.record))
    return Impact(changes, tuple(affected), cut_off, dict(context or {}))


def _walk(seeds: Mapping[str, bool], reached: dict[str, _Reached], index: Index) -> int:
    queue = deque(reached)
    cut_off = 0
    while queue:
        current = queue.popleft()
        entry = reached[current]
        for other, name, direction, prose in index.neighbours.get(current, ()):
            if other not in index.kinds or other in seeds:
                continue
            policy = edge(index.kinds.get(current, ""), index.kinds[other], name, direction, prose=prose)
            if policy is None or (seeds.get(current) and policy.reason not in _FOR_READERS):
                continue
            depth = entry.depth + 1
            if not entry.carries or (policy.depth is not None and depth > policy.depth):
                cut_off += other not in reached
                continue
            if _better(reached.get(other), policy, depth) and not _leads_to(current, other, reached):
                reached[other] = _Reached(policy.action, current, policy.reason, depth, policy.carries)
                queue.append(other)
    return cut_off


_FOR_READERS = frozenset({
    "the document shows the record", "its text prints a value of the record", "its text mentions the record",
    "the step carries out the parameter", "the batch record holds the step",
})  # fmt: skip


def _leads_to(record: str, ancestor: str, reached: Mapping[str, _Reached]) -> bool:
    """Whether the way to `record` passes through `ancestor`, so that a new way over `record` would be a circle."""
    step: str | None = record
    while step is not None:
        if step == ancestor:
            return True
        step = reached[step].parent
    return False


def _better(known: _Reached | None, policy: Edge, depth: int) -> bool:
    """Whether a new way to a record says more: a stronger action, or the first to carry the change on."""
    if known is None:
        return True
    if known.depth == 0:
        return False
    stronger = ACTION_RANK[policy.action] < ACTION_RANK[known.action]
    return (stronger and (policy.carries or not known.carries)) or (
        policy.carries
        and not known.carries
        and depth <= known.depth
        and not ACTION_RANK[policy.action] > ACTION_RANK[known.action]
    )


def _affected(record: str, entry: _Reached, reached: Mapping[str, _Reached], index: Index) -> Affected:
    path, via = [record], []
    step: _Reached | None = entry
    while step is not None and step.parent is not None:
        path.append(step.parent)
        via.append(step.reason)
        step = reached[step.parent]
    return Affected(
        record, index.kinds[record], index.titles.get(record, record), entry.action,
        tuple(reversed(path)), tuple(reversed(via)), index.sites.get(record, ""),
    )  # fmt: skip
