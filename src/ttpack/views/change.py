"""The impact record: what changed in plain words, what it reaches and by which path (change-control.md)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from posixpath import commonprefix
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.impact import Affected, Impact
from ttpack.analysis.impact_policy import ACTION_RANK
from ttpack.model.findings import Finding
from ttpack.model.quantity import RANGE_NAMES
from ttpack.views.blocks import (
    Block,
    Callout,
    CalloutKind,
    Chip,
    Code,
    Column,
    Inlines,
    Link,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    Tone,
)
from ttpack.views.words import counted, number_text, unit_words, words

PROPOSAL = "Proposal for qualified reviewers; nothing here is an approval."
_LONGEST = 200
_AROUND = 60
_ENDS = frozenset({"low", "high", "low_inclusive", "high_inclusive", "unit"})
_TONES: dict[str, Tone] = {
    "major": "critical",
    "moderate": "warning",
    "minor": "info",
    "editorial": "neutral",
    "revise": "bad",
    "assess": "warning",
    "inform": "info",
}


def change_page(impact: Impact, introduced: Sequence[Finding] | None = None) -> Page:
    """The impact of a change, first what a reviewer has to know, then every path.

    `introduced` are the errors that the change introduces; None where nobody has looked for them.
    """
    semantic = [change for change in impact.changes if not change.editorial]
    editorial = [change for change in impact.changes if change.editorial]
    blocks: list[Block] = [_summary(impact, semantic, editorial, introduced), *_not_assessed(impact)]
    if introduced:
        blocks.append(Section("Findings that the change introduces", (_findings(introduced),)))
    if semantic:
        blocks.append(Section("What changed", (changes_table(semantic, impact.titles),)))
    for action, title in (("revise", "Must be revised"), ("assess", "To be assessed"), ("inform", "To be informed")):
        reached = [item for item in impact.affected if item.action == action]
        if reached:
            blocks.append(Section(f"{title} ({len(reached)})", (affected_table(reached),)))
    if editorial:
        blocks.append(Section(f"Editorial ({len(editorial)})", (changes_table(editorial),)))
    blocks.append(Section("What this record could not see", (Paragraph((Text(_unseen(impact)),)),)))
    return Page("change", "Change impact", tuple(blocks), "Control", "What changed, and what it reaches.")


def diff_page(impact: Impact) -> Page:
    """What changed, meaning first, without what it reaches."""
    semantic = [change for change in impact.changes if not change.editorial]
    editorial = [change for change in impact.changes if change.editorial]
    sides = (_side(impact.context.get("from")), _side(impact.context.get("to")))
    title = f"{counted(len(semantic), 'change')} of meaning, {len(editorial)} editorial"
    where = Paragraph((Text("From "), Code(sides[0]), Text(" to "), Code(sides[1])))
    blocks: list[Block] = [Callout("note", title, (where,)), *_not_assessed(impact)]
    if semantic:
        blocks.append(Section("What changed", (changes_table(semantic),)))
    if editorial:
        blocks.append(Section("Editorial", (changes_table(editorial),)))
    return Page("diff", "Changes", tuple(blocks), "Control")


def _not_assessed(impact: Impact) -> tuple[Block, ...]:
    lost = impact.context.get("not_assessed") or ()
    if not lost:
        return ()
    text = f"Records that could not be read on one side, whose changes are missing here: {', '.join(lost)}."
    return (Callout("danger", "Not everything could be compared", (Paragraph((Text(text),)),)),)


def _unseen(impact: Impact) -> str:
    return (
        "External documents that are cited, and site procedures that the package does not hold, were not examined. "
        f"{impact.cut_off} further records next to those listed were not followed, as the kind of link says."
    )


def _summary(
    impact: Impact, semantic: Sequence[Change], editorial: Sequence[Change], introduced: Sequence[Finding] | None
) -> Callout:
    counts = {action: sum(item.action == action for item in impact.affected) for action in ACTION_RANK}
    records = len({change.record for change in semantic})
    sides = (_side(impact.context.get("from")), _side(impact.context.get("to")))
    errors = sum(item.severity == "error" for item in introduced or ())
    checked = (
        "Which errors it introduces was not checked here; ttpack check --since says so."
        if introduced is None
        else f"It introduces {counted(errors, 'error')}."
    )
    reached = (
        f"{counted(counts['revise'], 'record')} must be revised, {counts['assess']} assessed, "
        f"{counts['inform']} informed. {checked} {PROPOSAL}"
    )
    kind: CalloutKind = "warning" if semantic else "success"
    title = f"{counted(len(semantic), 'change')} of meaning in {counted(records, 'record')}, {len(editorial)} editorial"
    base = (Paragraph((Text("From "), Code(sides[0]), Text(" to "), Code(sides[1]))),) if all(sides) else ()
    return Callout(kind, title, (*base, Paragraph((Text(reached),))))


def _side(value: Mapping[str, Any] | None) -> str:
    if not value:
        return ""
    commit = value.get("commit")
    return f"{value.get('revision', '')} ({commit[:12]})" if commit else str(value.get("revision", ""))


def changes_table(changes: Sequence[Change], titles: Mapping[str, str] | None = None) -> Table:
    """Changes with field, before, after, direction and size."""
    rows = tuple(
        Row(
            (
                _named(item.record, titles or {}),
                (Text(_field_words(item)),),
                *_both(item),
                _direction(item),
                (Chip(item.significance, _TONES.get(item.significance, "neutral")),),
            )
        )
        for item in changes
    )
    heads = ("Record", "Field", "Before", "After", "Direction", "Significance")
    return Table(tuple(Column(head) for head in heads), rows, "Changes", filterable=len(rows) > 10)  # noqa: PLR2004


def _named(record: str, titles: Mapping[str, str]) -> Inlines:
    title = titles.get(record, record)
    return (Link(record, title, record), Text(f" ({record})")) if title != record else (Link(record, record),)


def _field_words(item: Change) -> str:
    """The field in words: `ranges.proven_acceptable` is the proven acceptable range."""
    if not item.field:
        return words(item.kind)
    steps = item.field.removeprefix("override.").removeprefix("ranges.").split(".")
    if "ranges." in item.field:
        steps[0] = RANGE_NAMES.get(steps[0], steps[0])
    return ": ".join(map(words, steps))


def _direction(item: Change) -> Inlines:
    text = item.direction or words(item.kind)
    return (Text(f"{text} ({item.magnitude})" if item.magnitude else text),)


def value(raw: Any, unit: str = "") -> Inlines:
    """A raw value of a change in words."""
    return (Text(_cut(_words(raw, unit)) if raw is not None else "—"),)


def _both(item: Change) -> tuple[Inlines, Inlines]:
    """Before and after; of long texts what stands around the first difference."""
    before, after = item.before, item.after
    if isinstance(before, str) and isinstance(after, str):
        texts = " ".join(before.split()), " ".join(after.split())
        same = len(commonprefix(texts))
        start = max(0, same - _AROUND) if max(map(len, texts)) > _LONGEST else 0
        first, second = (f"…{text[start:]}" if start else text for text in texts)
        return value(first), value(second)
    return value(before, item.unit_before), value(after, item.unit_after)


def _words(raw: Any, unit: str = "") -> str:
    if isinstance(raw, bool):
        return "yes" if raw else "no"
    if isinstance(raw, Mapping):
        if raw.get("low") is not None or raw.get("high") is not None:
            rest = {key: item for key, item in raw.items() if key not in _ENDS}
            return "; ".join(filter(None, (_range(raw, unit), _words(rest))))
        if isinstance(raw.get("value"), int | Decimal):
            rest = {key: item for key, item in raw.items() if key not in ("value", "unit")}
            number = f"{number_text(raw['value'])} {unit_words(raw.get('unit') or unit)}".rstrip()
            return "; ".join(filter(None, (number, _words(rest))))
        return "; ".join(f"{words(str(key))}: {_words(item)}" for key, item in raw.items())
    if isinstance(raw, list):
        return "; ".join(map(_words, raw))
    if isinstance(raw, str):
        return " ".join(raw.split())
    return f"{number_text(raw)} {unit_words(unit)}".rstrip() if raw is not None else "—"


def _range(raw: Mapping[str, Any], unit: str) -> str:
    low, high = raw.get("low"), raw.get("high")
    closed = raw.get("low_inclusive") is not False, raw.get("high_inclusive") is not False
    if low is not None and high is not None and all(closed):
        text = f"{number_text(low)} to {number_text(high)}"
    else:
        below = "" if low is None else f"{'≥' if closed[0] else '>'} {number_text(low)}"
        above = "" if high is None else f"{'≤' if closed[1] else '<'} {number_text(high)}"
        text = " and ".join(filter(None, (below, above)))
    return f"{text} {unit_words(raw.get('unit') or unit)}".rstrip()


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


def affected_table(affected: Sequence[Affected]) -> Table:
    """Reached records, each with the path that reached it and why."""
    rows = tuple(
        Row(
            (
                (Link(item.record, item.title, item.record),),
                (Text(words(item.record_kind)),),
                (Text(item.site),),
                _path(item),
                (Text("; ".join(item.via)),),
            )
        )
        for item in affected
    )
    heads = ("Record", "Kind", "Site", "Path", "Why")
    return Table(tuple(Column(head) for head in heads), rows, "Affected records", filterable=len(rows) > 10)  # noqa: PLR2004


def _path(item: Affected) -> Inlines:
    found: list[Any] = []
    for record in item.path:
        found += [Text(" → ")] if found else []
        found.append(Link(record, record))
    return tuple(found)


def _findings(introduced: Sequence[Finding]) -> Table:
    rows = tuple(
        Row(
            (
                (Text(item.code),),
                (Text(item.severity),),
                (Link(item.record, item.record),) if item.record else (),
                (Text(item.message),),
                (Code(f"{item.path}:{item.line}:{item.column}"),),
            )
        )
        for item in introduced
    )
    heads = ("Rule", "Severity", "Record", "What is wrong", "Where")
    return Table(tuple(Column(head) for head in heads), rows, "Findings introduced")
