"""Approver functions in words, who holds them, and what was decided: the table that reviewers sign."""

import re
from collections.abc import Iterable, Sequence

from ttpack.analysis.approver_functions import RoleHolder
from ttpack.analysis.change_control import ChangeControl
from ttpack.analysis.recorded_decisions import RecordedDecision
from ttpack.views.blocks import (
    Block,
    Break,
    Column,
    Inline,
    Inlines,
    Link,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
)
from ttpack.views.words import words

FUNCTIONS = {
    "QA": "quality assurance", "RA": "regulatory affairs", "MSAT": "manufacturing science", "QC": "quality control",
    "PD": "process development", "MFG": "manufacturing", "ENG": "engineering", "VAL": "validation",
    "SC": "supply chain", "JSC": "joint steering committee", "HSE": "safety", "PM": "project management",
}  # fmt: skip
PARTIES = {"S": "sponsor", "C": "contract manufacturer"}
_ABBREVIATIONS = {
    "CPP": "critical process parameter", "KPP": "key process parameter", "GPP": "general process parameter",
    "PAR": "proven acceptable range", "NOR": "normal operating range", "CQA": "critical quality attribute",
    "DoE": "design of experiments", "PPQ": "process performance qualification", "IPC": "in-process control",
    "LRV": "log reduction value", "MBR": "master batch record", "CPV": "continued process verification",
    "E&L": "extractables and leachables", "MCB": "master cell bank", "WCB": "working cell bank",
    "PDL": "population doubling level", "SDM": "scale-down model", "EM": "environmental monitoring",
    "IQ": "installation qualification", "OQ": "operational qualification", "CSV": "computer system validation",
    "DS": "drug substance", "DP": "drug product", "CMA": "critical material attribute", "RA": "regulatory affairs",
    "EC": "established condition", "HCP": "host cell protein", "TSE": "transmissible spongiform encephalopathy",
    "PAS": "prior approval supplement", "CBE-30": "changes being effected in 30 days",
    "CBE-0": "changes being effected", "CBE": "changes being effected", "AR": "annual report",
    "IA": "type IA variation", "IB": "type IB variation",
    "II": "type II variation",
    "CCIT": "container closure integrity test", "EPC": "end-of-production cells",
}  # fmt: skip
_OTHERS = {
    "owner": "owner of what changed", "owner-QA": "quality assurance of that owner", "author": "author of the change",
    "reviewer": "one reviewer",
}  # fmt: skip


def function_words(code: str) -> str:
    """An approver code in words: S-QA is quality assurance of the sponsor."""
    prefix, _, function = code.rpartition("-")
    if code in _OTHERS or prefix not in ("", *PARTIES):
        return _OTHERS.get(code, code)
    name = FUNCTIONS.get(function, function)
    return f"{name}, {PARTIES[prefix]}" if prefix else name


def legend(texts: Iterable[str]) -> tuple[Block, ...]:
    """What the abbreviations in these texts mean, in one line; nothing where they have none."""
    found = {word for text in texts for word in re.findall(r"[A-Za-z&]+(?:-[0-9]+)?", text)} & _ABBREVIATIONS.keys()
    if not found:
        return ()
    meanings = "; ".join(f"{word}: {_ABBREVIATIONS[word]}" for word in sorted(found))
    return (Paragraph((Text(f"{meanings}."),)),)


def decisions(control: ChangeControl) -> tuple[Block, ...]:
    """The functions that have to decide, with who holds them, and beside each what was decided; empty to be signed."""
    decided = control.decided
    codes = [*control.approvers, *sorted({one.function for one in decided} - {*control.approvers})]
    if not codes:
        return ()
    rows = tuple(
        row for code in codes for row in _rows(control, code, [one for one in decided if one.function == code])
    )
    columns = tuple(map(Column, ("Code", "Function", "Who", "Decision and signature", "Date")))
    text = "Decisions are people's. They stand beside the proposal and never change it."
    if decided:
        text += (
            " Each is on the proposal in its change record, as last refreshed, which may be older than this page:"
            " ttpack check --release says which of them count for the change as it is."
        )
    return (Section("Who decides", (Table(columns, rows), Paragraph((Text(text),)))),)


def _rows(control: ChangeControl, code: str, decided: Sequence[RecordedDecision]) -> list[Row]:
    function: tuple[Inlines, Inlines] = (Text(code),), (Text(function_words(code)),)
    who = _who(code, control.approver_roles.get(code, ()))
    if code not in control.approvers:
        who = (Text("not asked for by a rule"),)
    if not decided:
        return [Row((*function, who, (), ()))]
    return [Row((*function, _reviewer(one, who), _decision(one), (Text(one.decided_on),))) for one in decided]


def _who(code: str, roles: Sequence[RoleHolder]) -> Inlines:
    if not roles:
        return () if code in _OTHERS else (Strong(f"no role holds {code}"),)
    found: list[Inline] = []
    for role in roles:
        found += [Break()] if found else []
        shown = ", ".join(role.people) or role.title
        found.append(Link(role.role, shown, role.title) if role.role else Text(shown))
        if not role.people:
            found.append(Text(": held by nobody"))
    return tuple(found)


def _reviewer(one: RecordedDecision, who: Inlines) -> Inlines:
    return (Text(one.reviewer),) if one.reviewer else who


def _decision(one: RecordedDecision) -> Inlines:
    found: list[Inline] = [Strong(words(one.decision) or "no decision")]
    if one.record:
        found += [Text(" in "), Link(one.record, one.record)]
    if not one.current:
        found.append(Text(" on an earlier proposal: to be decided again"))
    if one.comment:
        found += [Break(), Text(one.comment)]
    return tuple(found)
