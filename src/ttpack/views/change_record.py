"""A change record as a section: what people wrote, then the proposal, and beside it who decided on which proposal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from ttpack.analysis.change import Change, ChangeKind, Direction
from ttpack.analysis.change_decisions import function_words, standing
from ttpack.model.change_proposal import ProposedChange
from ttpack.model.package import Package
from ttpack.model.regulatory import ChangeRecord, ReviewerDecision
from ttpack.views.blocks import (
    Block,
    Callout,
    Cell,
    Chip,
    Code,
    Column,
    Facts,
    Inlines,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    Tone,
)
from ttpack.views.change_tables import changes_table
from ttpack.views.record import inlines, record_section
from ttpack.views.words import counted, label, reference, references, words

MOST = 50
"""How many changes a section lists; the record's file holds all."""
_SHOWN_HERE = frozenset({"proposal", "decisions", "to_digest"})
_SAID = frozenset({"title", "class", "proposals", "profile_origin"})
"""What a row of a part says once more: the title of its record, the class of the whole."""
_TITLES = {
    "documents": "Documents to be revised",
    "approvals": "Approvals that become void",
    "gates": "Gates that are open again",
    "reporting": "Reporting, a proposal for RA",
    "unseen": "What could not be seen",
}
_STANDING = {
    "current": Chip("on this proposal", "good"),
    "earlier": Chip("given on an earlier proposal", "bad"),
    "unstated": Chip("names no proposal", "warning"),
}


def change_record_section(package: Package, record: ChangeRecord) -> Section:
    """The record with its proposal and its decisions; one written by hand has only what people wrote."""
    section = record_section(package, record, skip=_SHOWN_HERE)
    blocks: tuple[Block, ...] = section.blocks
    if record.decisions or record.proposal is not None:
        blocks = (*blocks, _decisions(package, record))
    if record.proposal is not None:
        blocks = (*blocks, _proposal(package, record))
    return replace(section, blocks=blocks)


def recorded_page(page: Page, recorded: Mapping[str, Any]) -> Page:
    """The page of an impact, first of all where its change record was written."""
    if not recorded["record"]:
        text = "Nothing but editorial changed, so no change record was written."
        return replace(page, blocks=(Callout("note", "No change record", (Paragraph((Text(text),)),)), *page.blocks))
    given = recorded["decisions"]
    rows: list[tuple[str, Inlines]] = [
        ("Change record", (Text(f"{recorded['record']}, since {recorded['from_revision']}"),)),
        ("File", (Code(recorded["path"]),)),
        ("Proposal digest", (Code(recorded["proposal_digest"]),)),
        ("Decisions", (Text(_counts(given) or "none yet"),)),
    ]
    blocks: list[Block] = [Section(f"Change record {recorded['action']}", (Facts(tuple(rows)),))]
    wider = recorded["audience_wider_than"]
    if wider:
        text = f"It names records that not all of its readers may read: {', '.join(wider)}. Narrow its audience."
        blocks.append(Callout("danger", "The audience of the change record is too wide", (Paragraph((Text(text),)),)))
    return replace(page, blocks=(*blocks, *page.blocks))


def _counts(given: Mapping[str, int]) -> str:
    return "; ".join(f"{count} {words(name)}" for name, count in given.items() if count)


def _proposal(package: Package, record: ChangeRecord) -> Section:
    proposal = record.proposal
    assert proposal is not None  # noqa: S101  the caller looked
    changes = [_change(one) for one in proposal.changes[:MOST]]
    rows: list[tuple[str, Inlines]] = [
        ("Class", (Chip(proposal.change_class, "info"),)),
        ("Functions to decide", (Text("; ".join(map(_function, proposal.approvers))),)),
        ("Affected", (Text("; ".join(f"{count} {words(name)}" for name, count in proposal.affected.items())),)),
        ("To be revised", references(package, proposal.revise)),
        ("Could not be read", (Text(", ".join(proposal.not_assessed)),)),
        *(
            (_TITLES.get(name, label(name)), inlines(package, value))
            for name, value in proposal.parts.items()
            if not _is_rows(value)
        ),
        ("Digest", (Code(proposal.digest),)),
        ("Digest of the package", (Code(record.to_digest),) if record.to_digest else ()),
        ("Computed by", (Text(f"ttpack {proposal.ttpack}, change rules {proposal.change_rules}"),)),
    ]
    blocks: list[Block] = [Facts(tuple((name, value) for name, value in rows if _says(value)))]
    if changes:
        blocks.append(_changes(package, changes, proposal.changes))
    if len(proposal.changes) > MOST:
        rest = counted(len(proposal.changes) - MOST, "more change")
        blocks.append(Paragraph((Text(f"{rest} in the file of the record."),)))
    blocks += [_rows(package, name, value) for name, value in proposal.parts.items() if _is_rows(value)]
    return Section("Proposal", tuple(blocks))


def _changes(package: Package, changes: Sequence[Change], proposed: Sequence[ProposedChange]) -> Table:
    """The changes as every page of a change shows them, with the rule that gives the class."""
    table = changes_table(changes, {one.record: package.label(one.record) for one in changes})
    rows = tuple(
        replace(row, cells=(*row.cells, (Text(_rule(one)),))) for row, one in zip(table.rows, proposed, strict=False)
    )
    heads = (*(replace(head, title="Class") if head.title == "Significance" else head for head in table.columns),)
    return replace(table, columns=(*heads, Column("Rule")), rows=rows)


def _rule(one: ProposedChange) -> str:
    """The kind of change, the rule with its own class, what raised that, and the further rules that match."""
    rule = f"{one.rule} ({one.rule_class})" if one.rule else f"the field's own class ({one.rule_class})"
    said = [words(one.change), rule]
    said += [f"raised by {'; '.join(one.modifiers)}"] if one.modifiers else []
    said += [f"also {', '.join(one.also)}"] if one.also else []
    return "; ".join(said)


def _is_rows(value: Any) -> bool:
    return isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)


def _rows(package: Package, name: str, items: Sequence[Mapping[str, Any]]) -> Table:
    """A part of the proposal as a table, with a column for each thing that any of its rows says."""
    fields = [field for field in dict.fromkeys(field for item in items for field in item) if field not in _SAID]
    rows = tuple(
        Row(tuple(inlines(package, item[field]) if field in item else () for field in fields)) for item in items[:MOST]
    )
    title = _TITLES.get(name, label(name))
    title = title if len(items) <= MOST else f"{title}: the first {MOST} of {len(items)}"
    return Table(tuple(Column(label(field)) for field in fields), rows, title, filterable=len(rows) > 10)  # noqa: PLR2004


def _says(value: Inlines) -> bool:
    return any(not isinstance(item, Text) or item.text for item in value)


def _change(one: ProposedChange) -> Change:
    return Change(
        one.record, "", one.field or "", cast("ChangeKind", one.change), one.before, one.after,
        cast("Direction", one.direction or ""),
        one.change_class, one.magnitude or "", one.unit_before or "", one.unit_after or "",
    )  # fmt: skip


def _function(code: str) -> str:
    said = function_words(code)
    return code if said == code else f"{code} ({said})"


def _decisions(package: Package, record: ChangeRecord) -> Table:
    """Every decision with the proposal it was given on, then the functions that have not decided."""
    rows = [_row(package, record, one) for one in record.decisions]
    given = {one.function for one in record.decisions}
    asked: Sequence[str] = record.proposal.approvers if record.proposal else ()
    rows += [
        Row(((Text(code),), (), (Chip("not decided", "warning"),), (), (), ())) for code in asked if code not in given
    ]
    heads = ("Function", "Reviewer", "Decision", "On", "Given on", "Comment")
    return Table(tuple(Column(head) for head in heads), tuple(rows), "Decisions")


def _row(package: Package, record: ChangeRecord, one: ReviewerDecision) -> Row:
    reviewer: Cell = (reference(package, str(one.reviewer)),) if one.reviewer else ()
    tone: Tone = "good" if one.decision in ("agree", "approve") else "bad"
    decision: Cell = (Chip(one.decision, tone),) if one.decision else ()
    on = (Text(str(one.decided_on or "")),)
    where: Cell = (_STANDING[standing(record, one)],) if record.proposal is not None else ()
    return Row(((Text(one.function),), reviewer, decision, on, where, (Text(one.comment or ""),)))
