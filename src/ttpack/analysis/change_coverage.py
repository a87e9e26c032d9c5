"""Which change records cover what changed since the last approved revision (rules.csv, CHG-02).

A record that ttpack wrote covers a change whose record, field and present value its proposal lists; a record written by
hand, without a proposal, covers every change of the records it names. Either has to start from the approved revision
or a later one; one by hand that names no revision has to be new since then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ttpack.analysis.change import Change
from ttpack.analysis.change_records import after_digest, controlled
from ttpack.analysis.change_rules.rule import Classified
from ttpack.analysis.diff import Side
from ttpack.model.package import Package
from ttpack.model.regulatory import ChangeRecord


@dataclass(frozen=True, slots=True)
class OneChange:
    """A change that is not editorial, with the digest of what it led to."""

    change: Change
    after_digest: str

    @property
    def words(self) -> str:
        """Record and field."""
        return f"{self.change.record} {self.change.field or self.change.kind.replace('_', ' ')}"


@dataclass(frozen=True)
class ChangeSince:
    """What changed in meaning since the last approved revision, without change records and approvals.

    `gates` are those of that revision; `starts` the names of revisions since then that change records start from;
    `new_records` the change records written since then. `approvers` are the functions that the rules ask for, by
    record; empty where nobody needed to know. `not_assessed` are records that one side cannot show.
    """

    revision: str
    commit: str
    changes: tuple[OneChange, ...] = ()
    gates: Mapping[str, str] = field(default_factory=dict)
    starts: frozenset[str] = frozenset()
    new_records: frozenset[str] = frozenset()
    approvers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_assessed: tuple[str, ...] = ()


def changes_of_meaning(changes: Iterable[Change], after: Side) -> tuple[OneChange, ...]:
    """The changes that ask for a change record, in their order."""
    return tuple(
        OneChange(change, after_digest(change, after)) for change in controlled(changes) if not change.editorial
    )


def approvers_by_record(classified: Iterable[Classified]) -> dict[str, tuple[str, ...]]:
    """The functions that the rules of each record's changes ask for."""
    found: dict[str, dict[str, None]] = {}
    for one in classified:
        if not one.change.editorial:
            found.setdefault(one.change.record, {}).update(dict.fromkeys(one.approvers))
    return {record: tuple(codes) for record, codes in found.items() if codes}


def coverage(package: Package, since: ChangeSince) -> list[tuple[OneChange, tuple[ChangeRecord, ...]]]:
    """Each change with the change records that cover it, those with a proposal first; none where nothing does."""
    proposed: dict[tuple[str, str, str, str], list[ChangeRecord]] = {}
    by_hand: dict[str, list[ChangeRecord]] = {}
    for record in package.in_force(ChangeRecord):
        if not counts(record, since):
            continue
        if record.proposal is None:
            for name in dict.fromkeys((*map(str, record.entities), *record.removed_entities)):
                by_hand.setdefault(name, []).append(record)
        else:
            for key in {(one.record, one.field or "", one.change, one.after_digest) for one in record.proposal.changes}:
                proposed.setdefault(key, []).append(record)
    found = []
    for one in since.changes:
        key = one.change.record, one.change.field, one.change.kind, one.after_digest
        found.append((one, (*proposed.get(key, ()), *by_hand.get(one.change.record, ()))))
    return found


def counts(record: ChangeRecord, since: ChangeSince) -> bool:
    """Whether a change record may be about what changed since the approved revision."""
    if record.state == "rejected":
        return False
    if record.from_revision is not None:
        return record.from_revision in since.starts
    return record.proposal is None and record.id in since.new_records
