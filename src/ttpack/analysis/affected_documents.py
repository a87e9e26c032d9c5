"""Controlled documents that a change affects, by what they show, and approvals that it makes void (format.md)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from ttpack.analysis.change_rules.sides import Sides, State
from ttpack.analysis.controlled_documents.shown import own_words, shown_records, with_bases
from ttpack.model.digest import document_digest, record_digest
from ttpack.model.status import OUT_OF_FORCE

_SHORT = 12


@dataclass(frozen=True, slots=True)
class AffectedDocument:
    """A controlled document whose content is no longer what it was.

    `revise` where something of meaning changed in what it shows, `reissue` where all of that is editorial. `because`
    are the records it shows that changed, `approvals` those that are void. `revision_before` differs from `revision`
    where the same change gives the document a new revision.
    """

    record: str
    title: str
    number: str
    revision: str
    revision_before: str
    action: Literal["revise", "reissue"]
    because: tuple[str, ...]
    approvals: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The document as a JSON object."""
        return {
            "record": self.record, "title": self.title, "number": self.number, "revision": self.revision,
            "revision_before": self.revision_before, "action": self.action, "because": list(self.because),
            "approvals": list(self.approvals),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class VoidApproval:
    """An approval of a document as it was before the change."""

    record: str
    document: str
    title: str
    reason: str

    def as_json(self) -> dict[str, Any]:
        """The approval as a JSON object."""
        return {"record": self.record, "document": self.document, "title": self.title, "reason": self.reason}


def affected_documents(sides: Sides) -> tuple[tuple[AffectedDocument, ...], tuple[VoidApproval, ...]]:
    """Documents affected, in the order of their ids, and approvals void, by document.

    A document is affected exactly when a record that it shows has another digest, when it shows others, or when it
    says something else in words of its own; documents that are superseded, withdrawn, new or kept elsewhere are not.
    """
    touched = _Touched(sides)
    before_records, after_records = _Records(sides.before, sides), _Records(sides.after, sides)
    documents, void = [], []
    for document, raw in sides.after.of_kind("document"):
        before = sides.was(document)
        if not before or raw.get("external") or raw.get("status") in OUT_OF_FORCE:
            continue
        was = _shown(before_records, sides.former_ids.get(document, document))
        now = _shown(after_records, document)
        because = _because(was, now, touched.of(was | now), sides)
        if _words(before_records, sides.former_ids.get(document, document)) != _words(after_records, document):
            because = tuple(sorted({*because, document}))
        if not because:
            continue
        approvals = _void_approvals(document, before, after_records)
        void += approvals
        documents.append(
            AffectedDocument(
                document, str(raw.get("title") or document), str(raw.get("number") or ""),
                _revision(raw), _revision(before),
                "revise" if _of_meaning(because, was, now, sides) else "reissue",
                because, tuple(one.record for one in approvals),
            )
        )  # fmt: skip
    return tuple(documents), tuple(void)


def _digest(state: State, record: str) -> str:
    raw = state.get(record)
    return record_digest(raw, state.side.bodies.get(record)) if raw else ""


class _Touched:
    """Whether a record has another digest than before; asked only of what documents show, as digests cost time.

    A renamed record counts under both its ids.
    """

    def __init__(self, sides: Sides) -> None:
        self.sides = sides
        self.records = {change.record for change in sides.changes} | {*sides.former_ids.values()}
        self.known: dict[str, bool] = {}

    def of(self, shown: frozenset[str]) -> frozenset[str]:
        """Those of these records that have another digest."""
        for record in (shown & self.records) - self.known.keys():
            self.known[record] = self._differs(record)
        return frozenset(record for record in shown if self.known.get(record))

    def _differs(self, record: str) -> bool:
        before, after = self.sides.before, self.sides.after
        if (record in before.side.records) != (record in after.side.records):
            return True
        return record in after.side.records and _digest(before, record) != _digest(after, record)


@dataclass
class _Records:
    """The records of one side as layouts read them; what did not change is read on one side only."""

    state: State
    sides: Sides

    def get(self, record: str | None) -> Mapping[str, Any]:
        return self.state.get(record)

    def of_kind(self, *kinds: str) -> Sequence[tuple[str, Mapping[str, Any]]]:
        other = self.sides.after if self.state is self.sides.before else self.sides.before
        changed = self.sides.before.side.records.keys() | self.sides.after.side.records.keys()
        self.state.share(other, changed)
        return self.state.of_kind(*kinds)

    @cached_property
    def _in_prose(self) -> Mapping[str, list[tuple[str, bool]]]:
        found: dict[str, list[tuple[str, bool]]] = {}
        for source, field, target, prose in self.state.index.links:
            if prose:
                found.setdefault(source, []).append((target, " prints " in field))
        return found

    def quoted_by(self, records: Iterable[str]) -> frozenset[str]:
        quoted = {target for record in records for target, prints in self._in_prose.get(record, ()) if prints}
        return with_bases(quoted, self.state.index.kinds)

    def linked(self, document: str) -> frozenset[str]:
        """What the text of a document links, of which only the index knows where the document did not change."""
        return frozenset(target for target, _ in self._in_prose.get(document, ()))


def _body(state: State, document: str) -> str:
    return state.side.bodies.get(document) or ""


def _shown(records: _Records, document: str) -> frozenset[str]:
    state = records.state
    shown = shown_records(state.get(document), _body(state, document), records) | records.linked(document)
    return frozenset(record for record in shown if record in state.index.kinds or record in state.side.records)


def _words(records: _Records, document: str) -> Mapping[str, Any]:
    return own_words(records.get(document), _body(records.state, document), records)


def _because(was: frozenset[str], now: frozenset[str], changed: frozenset[str], sides: Sides) -> tuple[str, ...]:
    present = {old: new for new, old in sides.former_ids.items()}
    found = (was ^ now) | changed
    return tuple(sorted({present.get(record, record) for record in found}))


def _of_meaning(because: tuple[str, ...], was: frozenset[str], now: frozenset[str], sides: Sides) -> bool:
    """Whether anything shown changed in meaning, or something else than before is shown."""
    present = {old: new for new, old in sides.former_ids.items()}
    return {present.get(record, record) for record in was} != now or any(one in sides.by_record for one in because)


def _revision(raw: Mapping[str, Any]) -> str:
    return str(raw["revision"]) if raw.get("revision") is not None else ""


def _void_approvals(document: str, before: Mapping[str, Any], after: _Records) -> list[VoidApproval]:
    """Approvals given before the change of the revision that was in force, but for those of the new content."""
    sides = after.sides
    names = {document, sides.former_ids.get(document, document)}
    found = []
    for approval, raw in sides.before.of_kind("approval"):
        revision = raw.get("document_revision")
        covered = revision is None or not _revision(before) or str(revision) == _revision(before)
        if raw.get("document") not in names or raw.get("status") in OUT_OF_FORCE or not covered:
            continue
        digest = raw.get("digest")
        if digest and digest == _content(after, document):
            continue
        of = f"revision {revision}" if revision is not None else "the document as it was"
        given = f" (digest {str(digest)[:_SHORT]})" if digest else ""
        found.append(
            VoidApproval(
                approval, document, str(raw.get("title") or raw.get("printed_name") or approval),
                f"it approves {of}{given}, which this change replaces",
            )
        )  # fmt: skip
    return found


def _content(records: _Records, document: str) -> str:
    """The document digest on one side."""
    shown = _shown(records, document)
    records.state.fetch(shown)
    found = {record: _digest(records.state, record) for record in shown}
    words = _words(records, document)
    return document_digest(found | ({document: record_digest(words)} if words else {}))
