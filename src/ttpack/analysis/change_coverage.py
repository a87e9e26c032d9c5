"""Which change records cover what changed since the last approved revision (rules.csv, CHG-02).

A record that ttpack wrote covers a change whose record, field and present value its proposal lists; a record written by
hand, without a proposal, covers every change of the records it names. Either has to start from the approved revision
or a later one; one by hand that names no revision has to be new since then.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ttpack.analysis.change import Change
from ttpack.analysis.change_records import after_digest, controlled
from ttpack.analysis.change_rules.rule import CLASS_RANK, ChangeClass, Classified
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
    record, `classes` the class of the rule by record and field; empty where nobody needed to know. `not_assessed` are
    records that one side cannot show; `revised` those whose own revision is another.
    """

    revision: str
    commit: str
    changes: tuple[OneChange, ...] = ()
    gates: Mapping[str, str] = field(default_factory=dict)
    starts: frozenset[str] = frozenset()
    new_records: frozenset[str] = frozenset()
    approvers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    not_assessed: tuple[str, ...] = ()
    classes: Mapping[tuple[str, str], ChangeClass] = field(default_factory=dict)
    revised: frozenset[str] = frozenset()


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


def classes_by_field(classified: Iterable[Classified]) -> dict[tuple[str, str], ChangeClass]:
    """The class that the rules give to the changes of each field; modifiers are left out, they look at all changes."""
    found: dict[tuple[str, str], ChangeClass] = {}
    for one in classified:
        key = one.change.record, one.change.field
        found[key] = max(found.get(key, "editorial"), one.rule_class, key=CLASS_RANK.__getitem__)
    return found


def understated(one: OneChange, records: Iterable[ChangeRecord], since: ChangeSince) -> ChangeClass | None:
    """The class of a change where all records that speak of its field give a lower one; None where one gives it.

    Several changes, each small, may add up to one that nobody was asked about; and a proposal may be written by hand.
    A record by hand that gives no class says nothing against it.
    """
    wanted = since.classes.get((one.change.record, one.change.field), "editorial")
    enough = (_gives(wanted, one, record) for record in records if counts(record, since))
    return None if any(enough) else wanted


def _gives(wanted: ChangeClass, one: OneChange, record: ChangeRecord) -> bool:
    """Whether a record speaks of the field of a change, in this class at least."""
    if record.proposal is None:
        named = one.change.record in {*map(str, record.entities), *record.removed_entities}
        return named and CLASS_RANK[record.change_class or wanted] >= CLASS_RANK[wanted]
    key = one.change.record, one.change.field
    return any(
        (given.record, given.field or "") == key and CLASS_RANK[given.rule_class] >= CLASS_RANK[wanted]
        for given in record.proposal.changes
    )


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
