"""Both revisions as conditions ask about them: any record by id or kind, read only when it is asked for."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.diff import Side
from ttpack.analysis.index import Index
from ttpack.model.ids import overlay_parts

Raw = Mapping[str, Any]
Read = Callable[[Iterable[str]], Mapping[str, Raw]]
NOTHING: Raw = {}
_POSITION = re.compile(r"\[[0-9]+\]")


def _read_nothing(ids: Iterable[str]) -> Mapping[str, Raw]:
    del ids
    return {}


@dataclass
class State:
    """One revision: the records that changed, and by way of `read` every other one that its index knows."""

    side: Side
    index: Index
    read: Read = _read_nothing
    _known: dict[str, Raw] = field(default_factory=dict)

    def get(self, record: str | None) -> Raw:
        """A record as written; an empty mapping where this revision has none, or where it cannot be read."""
        if not record:
            return NOTHING
        if record in self.side.records:
            return self.side.records[record]
        if record not in self._known:
            self.fetch((record,))
        return self._known[record]

    def fetch(self, records: Iterable[str]) -> None:
        """Read several records at once, those that are not known yet."""
        wanted = sorted({*records} - self._known.keys() - self.side.records.keys())
        here = [record for record in wanted if record in self.index.kinds]
        found = self.read(here) if here else {}
        self._known.update({record: found.get(record, NOTHING) for record in wanted})

    def share(self, other: "State", changed: Collection[str]) -> None:
        """Take over what the other revision has read already of the records that are the same in both."""
        for record, raw in other._known.items():  # noqa: SLF001  the same class
            if raw and record not in changed and record in self.index.kinds:
                self._known.setdefault(record, raw)

    def of_kind(self, *kinds: str) -> list[tuple[str, Raw]]:
        """All records of some kinds with their ids, in the order of ids."""
        ids = [record for kind in kinds for record in self._by_kind.get(kind, ())]
        self.fetch(ids)
        return sorted((record, self.get(record)) for record in ids)

    @cached_property
    def _by_kind(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for record, kind in self.index.kinds.items():
            found.setdefault(kind, []).append(record)
        return found


@dataclass
class Sides:
    """Both revisions with what changed between them. What a condition learns here it may not change."""

    before: State
    after: State
    index: Index
    """Both revisions merged."""
    changes: tuple[Change, ...] = ()
    memo: dict[str, Any] = field(default_factory=dict)
    """What conditions have worked out of the whole change once, by a name of their own."""

    def once(self, question: str, record: str, answer: Callable[[], Any]) -> Any:
        """The answer to a question about a record, worked out once for all its changes."""
        key = f"{question} {record}"
        if key not in self.memo:
            self.memo[key] = answer()
        return self.memo[key]

    @cached_property
    def by_record(self) -> Mapping[str, list[Change]]:
        """The changes that are not editorial, by record."""
        found: dict[str, list[Change]] = {}
        for change in self.changes:
            if not change.editorial:
                found.setdefault(change.record, []).append(change)
        return found

    @cached_property
    def former_ids(self) -> Mapping[str, str]:
        """What records that were renamed were called before."""
        return {change.record: str(change.before) for change in self.changes if change.kind == "record_renamed"}

    @cached_property
    def present_ids(self) -> Mapping[str, str]:
        """What records that were renamed are called now."""
        return {former: present for present, former in self.former_ids.items()}

    def was(self, record: str | None) -> Raw:
        """A record before the change, by its present id."""
        return self.before.get(self.former_ids.get(record or "", record))

    def now(self, record: str | None) -> Raw:
        """A record after the change, by its present or its former id."""
        return self.after.get(self.present_ids.get(record or "", record))

    def both(self, record: str | None) -> tuple[Raw, ...]:
        """A record on each side where it exists."""
        return tuple(raw for raw in (self.was(record), self.now(record)) if raw)

    def referrers(self, record: str, *kinds: str) -> list[str]:
        """The records of some kinds that name a record, by either of its ids, on either side; not those in prose."""
        names = {record, self.former_ids.get(record, record), self.present_ids.get(record, record)}
        rows = (row for name in sorted(names) for row in self.index.neighbours.get(name, ()))
        return sorted({
            other for other, _, direction, prose in rows
            if direction == "referred" and not prose and self.index.kinds.get(other) in kinds
        })  # fmt: skip

    def base(self, record: str) -> str:
        """The id of the record that an overlay stands over; of any other record its own."""
        return overlay_parts(record)[0]

    def prepare(self) -> None:
        """Read at once what stands next to the changed records, which most conditions ask for."""
        near = {other for record in self.by_record for other, *_ in self.index.neighbours.get(record, ())}
        near.update(self.base(record) for record in self.by_record)
        self.before.fetch(near)
        self.after.fetch(near)


def field_path(change: Change) -> str:
    """The field of a change without list positions; of an overlay as if it stood in the record itself."""
    return _POSITION.sub("", change.field).removeprefix("override.")
