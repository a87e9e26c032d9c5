"""The proposal that a change record holds: the computed impact as plain data, and the digests that tell it apart."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from posixpath import commonprefix
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.change_control import ChangeControl
from ttpack.analysis.change_rules.classify import CONTROL_ITSELF, control_records
from ttpack.analysis.change_rules.rule import Classified
from ttpack.analysis.diff import Side
from ttpack.analysis.impact_policy import ACTIONS
from ttpack.analysis.index import Index
from ttpack.model.digest import canonical, document_digest, record_digest
from ttpack.model.graph import PROSE_LINK, PROSE_VALUE
from ttpack.model.json_text import dumps
from ttpack.model.package import Package

CHANGE_RECORD = "change_record"
NOT_PROPOSED = frozenset({"digest", "ttpack", "change_rules"})
"""Fields of a proposal that say how it was made, not what it proposes."""
_TOLD_ELSEWHERE = frozenset({
    "from", "to", "not_assessed", "class", "changes", "affected", "not_followed_further", "approvers",
    "approver_roles", "proposal", "findings",
})  # fmt: skip
_LONGEST = 200
_LONGEST_WORDS = 2000
_AROUND = 60
Unsafe = Callable[[str], bool]


def controlled(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The changes without those of change records and approvals, which are the control itself."""
    given = tuple(changes)
    control = control_records(given)
    return tuple(change for change in given if change.record not in control)


def control_aside(changes: Iterable[Change]) -> tuple[Change, ...]:
    """The same changes, those of change records and approvals as editorial."""
    given = tuple(changes)
    control = control_records(given)
    return tuple(replace(one, significance="editorial") if one.record in control else one for one in given)


def without_change_records(index: Index) -> Index:
    """The index as if the package held no change records, so that what one says does not change what it is about."""
    gone = {record for record, kind in index.kinds.items() if kind == CHANGE_RECORD}
    if not gone:
        return index
    return replace(
        index,
        kinds={record: kind for record, kind in index.kinds.items() if record not in gone},
        titles={record: title for record, title in index.titles.items() if record not in gone},
        links=tuple(row for row in index.links if row[0] not in gone and row[2] not in gone),
    )


def side_without_change_records(side: Side) -> Side:
    """One side of a comparison as if it held no change records."""
    return replace(side, records={key: raw for key, raw in side.records.items() if raw.get("kind") != CHANGE_RECORD})


def target_digest(package: Package) -> str:
    """Digest of a package without its change records and approvals (format.md, "Digests")."""
    digests = {
        record.id: record_digest(package.raw[record.id], record.body)
        for record in package.records.values()
        if record.kind not in CONTROL_ITSELF
    }
    return document_digest(digests)


def after_digest(change: Change, after: Side) -> str:
    """SHA-256, in hex, of what a change led to, in full; of an added record the digest of the whole record."""
    raw = after.records.get(change.record)
    if change.kind == "record_added" and raw is not None:
        return record_digest(raw, after.bodies.get(change.record))
    return _sha([change.after, change.unit_after])


def proposal_digest(proposal: Mapping[str, Any]) -> str:
    """SHA-256, in hex, of what a proposal proposes, as its record is written."""
    return _sha({key: value for key, value in proposal.items() if key not in NOT_PROPOSED})


def proposal(
    control: ChangeControl, after: Side, made_with: Mapping[str, str], unsafe: Unsafe = lambda _: False
) -> dict[str, Any]:
    """The proposal of a change record, as it is written: nothing empty, no text that would be read as markup.

    `made_with` are the versions behind it; `unsafe` tells texts that no prose of a package may hold.
    """
    answer = control.as_json()
    affected = [item for item in answer["affected"] if item["record_kind"] not in CONTROL_ITSELF]
    meaning = [one for one in control.classified if not one.change.editorial]
    counts: dict[str, int] = {action: sum(item["action"] == action for item in affected) for action in ACTIONS}
    found = {
        "change_class": control.change_class,
        "changes": [_change(one, after, unsafe) for one in meaning],
        "editorial": len(control.classified) - len(meaning),
        "affected": {**counts, "not_followed_further": answer["not_followed_further"]},
        "revise": [item["record"] for item in affected if item["action"] == "revise"],
        "not_assessed": list(answer.get("not_assessed", ())),
        "approvers": list(control.approvers),
        "parts": {key: value for key, value in answer.items() if key not in _TOLD_ELSEWHERE},
    }
    plain: dict[str, Any] = _plain(found, unsafe, _LONGEST_WORDS)
    plain["changes"] = plain.get("changes", [])
    result: dict[str, Any] = {"digest": proposal_digest(plain), **made_with, **plain}
    return result


def _change(one: Classified, after: Side, unsafe: Unsafe) -> dict[str, Any]:
    change = one.change
    before, now = _both(change.before, change.after)
    found: dict[str, Any] = _plain(
        {
            "record": change.record,
            "field": change.field,
            "change": change.kind,
            "direction": change.direction,
            "before": before,
            "after": now,
            "unit_before": change.unit_before,
            "unit_after": change.unit_after,
            "magnitude": change.magnitude,
            "rule": one.rule,
            "rule_class": one.rule_class,
            "change_class": one.change_class,
            "modifiers": list(one.modifiers),
            "also": list(one.also),
            "after_digest": after_digest(change, after),
        },
        unsafe,
        _LONGEST,
    )
    return found


def _both(before: Any, after: Any) -> tuple[Any, Any]:
    """Before and after; of two long texts what stands around the first difference."""
    if not isinstance(before, str) or not isinstance(after, str):
        return before, after
    texts = " ".join(before.split()), " ".join(after.split())
    if max(map(len, texts)) <= _LONGEST:
        return texts
    start = max(0, len(commonprefix(texts)) - _AROUND)
    first, second = (f"…{text[start:]}" if start else text for text in texts)
    return first, second


def _plain(value: Any, unsafe: Unsafe, longest: int) -> Any:
    """Data without what is empty, texts on one line and cut, and none that a reader or a face would take for markup."""
    if isinstance(value, Mapping):
        kept = {str(key): _plain(item, unsafe, longest) for key, item in value.items()}
        return {key: item for key, item in kept.items() if not _empty(item)}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(item, unsafe, longest) for item in value]
    return _text(value, unsafe, longest) if isinstance(value, str) else value


def _text(text: str, unsafe: Unsafe, longest: int) -> str:
    line = " ".join(PROSE_VALUE.sub(_named, PROSE_LINK.sub(r"\1", text)).split())
    line = line.replace("[[", "[ [").replace("{{", "{ {")
    if unsafe(line):
        return f"(text with markup, {len(text)} characters)"
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def _named(match: Any) -> str:
    return f"{match['id']}{match['field']}"


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str | list | dict) and not value)


def _sha(value: Any) -> str:
    return hashlib.sha256(dumps(canonical(value), indent=None, sort_keys=True).encode()).hexdigest()
