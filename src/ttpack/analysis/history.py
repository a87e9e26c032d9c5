"""The life of records: what each commit changed of them, newest first, and which change record covers it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ttpack.analysis.change import Change
from ttpack.model.package import Package
from ttpack.model.regulatory import ChangeRecord


@dataclass(frozen=True, slots=True)
class Event:
    """What one commit did to one record. `when` is the author's date with its zone, `revision` the first tag with it.

    `since` is the last tag before it. `unreadable` says that the record could not be read on one side.
    """

    record: str
    commit: str
    when: str
    author: str
    subject: str
    changes: tuple[Change, ...]
    revision: str = ""
    since: str = ""
    change_records: tuple[str, ...] = ()
    unreadable: bool = False

    def as_json(self) -> dict[str, Any]:
        """The event as a JSON object, its keys in a fixed order."""
        return {
            "record": self.record,
            "commit": self.commit,
            "when": self.when,
            "author": self.author,
            "subject": self.subject,
            "revision": self.revision or None,
            "since": self.since or None,
            "change_records": list(self.change_records),
            "unreadable": self.unreadable,
            "changes": [change.as_json() for change in self.changes],
        }


class Covering:
    """Which change records of a package speak of a record, by the revision that they start from."""

    def __init__(self, package: Package) -> None:
        self._by_record: dict[str, list[tuple[str, str]]] = {}
        for change in package.of(ChangeRecord):
            for record in _spoken_of(change):
                self._by_record.setdefault(record, []).append((change.from_revision or "", change.id))

    def of(self, records: Iterable[str], since: str) -> tuple[str, ...]:
        """Ids of the change records that start from the revision before a change and name one of these records."""
        found = (pair for record in records for pair in self._by_record.get(record, ()))
        return tuple(sorted({name for start, name in found if start and start == since}))


def _spoken_of(change: ChangeRecord) -> Iterator[str]:
    proposed: Any = getattr(change, "proposal", None)
    yield from {
        *(str(entity) for entity in change.entities),
        *change.removed_entities,
        *(correction.record for correction in change.corrections),
        *(one.record for one in getattr(proposed, "changes", ()) or ()),
    }


def by_record(events: Iterable[Event]) -> Mapping[str, tuple[Event, ...]]:
    """Events by record, in their order."""
    found: dict[str, list[Event]] = {}
    for event in events:
        found.setdefault(event.record, []).append(event)
    return {record: tuple(these) for record, these in found.items()}
