"""The scale matrix: what carries over from the sending site, what is computed, and what has no verdict and why."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Final

from ttpack.analysis.scale_up import VERDICT_WORDS, Outcome, ScaleRow, ScaleUp, ScaleVerdict, Side, change_text
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Break,
    Callout,
    CalloutKind,
    Card,
    Cards,
    Cell,
    Chip,
    Column,
    Inlines,
    Link,
    Number,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    Tone,
)
from ttpack.views.words import words

TONES: Final[dict[ScaleVerdict, Tone]] = {
    "contradiction": "bad", "outside_limits": "bad", "differs": "warning", "no_verdict": "key",
    "as_predicted": "good", "within_limits": "good", "compared": "neutral", "given": "neutral",
}  # fmt: skip
TO_SETTLE: Final[tuple[ScaleVerdict, ...]] = ("contradiction", "outside_limits", "differs", "no_verdict")
"""Verdicts that a person has to look at, worst first."""
_FILTERED: Final = 15


def scale_page(package: Package, answer: ScaleUp, slug: str = "") -> Page:
    """First what needs a person, with the reason; then every quantity by unit operation; then the batch as a whole."""
    names = f"{answer.sending} to {answer.receiving}"
    blocks: list[Block] = [_verdict(answer), _cards(answer)]
    settle = [row for verdict in TO_SETTLE for row in answer.rows if row.verdict == verdict]
    if settle:
        blocks.append(Section("What does not simply carry over", (scale_table(package, answer, settle, why=True),)))
    if answer.rows:
        blocks.append(Section("Every quantity", (_matrix(package, answer),)))
    for title, outcomes in (
        ("Growth train", answer.growth_train), ("Cycles and lifetime", answer.cycles), ("Buffers", answer.buffers),
    ):  # fmt: skip
        if outcomes:
            blocks.append(Section(f"{title} at {answer.receiving}", (_outcomes(package, outcomes, title),)))
    if answer.viral_clearance:
        blocks.append(Section("Virus clearance claimed", (_clearance(package, answer),)))
    summary = f"What carries over from {names}, what is computed, and what has no verdict and why."
    found = slug or f"scale-{answer.sending}-{answer.receiving}".lower()
    return Page(found, f"Scale-up {names}", tuple(blocks), "Sites", summary)


def unit_operation_scale(package: Package, answer: ScaleUp, unit_operation: str) -> Section | None:
    """The rows of one unit operation; None where neither site states anything."""
    rows = [row for row in answer.rows if row.unit_operation == unit_operation]
    if not rows:
        return None
    title = f"Scale at {answer.sending} and {answer.receiving}"
    return Section(title, (scale_table(package, answer, rows, why=True),))


def scale_table(package: Package, answer: ScaleUp, rows: Iterable[ScaleRow], *, why: bool = False) -> Table:
    """Quantity, both sites, change, what the rule says, verdict; with `why` the reason in a column of its own."""
    shown = list(rows)
    heads = _heads(answer, why=why)
    body = tuple(Row(_cells(package, row, why=why)) for row in shown)
    caption = "1 quantity" if len(shown) == 1 else f"{len(shown)} quantities"
    return Table(heads, body, caption, filterable=len(shown) > _FILTERED)


def _heads(answer: ScaleUp, *, why: bool) -> tuple[Column, ...]:
    heads = (
        Column("Quantity and verdict"), Column(answer.sending, "right", record=answer.sending),
        Column(answer.receiving, "right", record=answer.receiving), Column("Change", "right"),
        Column("Rule gives", "right"),
    )  # fmt: skip
    return (*heads, Column("Why")) if why else heads


def _cells(package: Package, row: ScaleRow, *, why: bool) -> tuple[Cell, ...]:
    change = change_text(row.change)
    cells: tuple[Cell, ...] = (
        _quantity(row), _side(row.sending), _side(row.receiving), (Number(change),) if change else (),
        _predicted(row),
    )  # fmt: skip
    return (*cells, _why(package, row)) if why else cells


def _quantity(row: ScaleRow) -> Inlines:
    """The quantity with its verdict: the first column is the one that stays in view on a phone."""
    name = Link(row.parameter, row.label, row.parameter) if row.parameter else Text(row.label)
    return (name, Break(), Chip(VERDICT_WORDS[row.verdict], TONES[row.verdict]))


def _side(side: Side | None) -> Inlines:
    return (Text(side.text),) if side else (Text("\N{EN DASH}"),)


def _predicted(row: ScaleRow) -> Inlines:
    if row.predicted is None:
        return ()
    off = row.uncertainty
    return (Text(row.predicted.text), Text(f" ±{float(off.share) * 100:g} %")) if off else (Text(row.predicted.text),)


def _why(package: Package, row: ScaleRow) -> Inlines:
    """The reason, and the rule or formula it rests on; where the figures stand."""
    reason = f"{row.reason[:1].upper()}{row.reason[1:]}"
    found: list[Text | Break | Link] = [Text(reason)]
    rule = words(row.rule or row.formula)
    if rule and row.verdict != "given":
        found += [Break(), Text(f"Rule: {rule}")]
    records = list(dict.fromkeys(path.split(".")[0] for path in row.records))
    for index, record in enumerate(each for each in records if each != row.parameter):
        found += [Break() if index == 0 else Text(", "), Link(record, record, package.label(record))]
    return tuple(found)


def _matrix(package: Package, answer: ScaleUp) -> Table:
    body: list[Row] = []
    for unit, rows in groupby(answer.rows, key=lambda row: row.unit_operation):
        title = Link(unit, package.label(unit)) if unit else Text("No unit operation")
        body.append(Row(((title,),), group=True))
        body += [Row(_cells(package, row, why=False)) for row in rows]
    return Table(_heads(answer, why=False), tuple(body), "Scale matrix", filterable=len(body) > _FILTERED)


def _verdict(answer: ScaleUp) -> Callout:
    counts = answer.counts
    if not answer.rows:
        text = f"Neither {answer.sending} nor {answer.receiving} states a figure of its scale: nothing can be said."
        return Callout("warning", "Nothing to compare", (Paragraph((Text(text),)),))
    kept = counts["as_predicted"] + counts["within_limits"]
    title = f"{kept} of {len(answer.rows)} quantities are as predicted or within limits"
    parts = [f"{counts[verdict]} {_plural(verdict, counts[verdict])}" for verdict in TO_SETTLE if counts[verdict]]
    told = counts["compared"] + counts["given"]
    text = f"{', '.join(parts) or 'nothing is left to settle'}. {told} are only told: nothing says what they should be."
    bad = counts["contradiction"] or counts["outside_limits"]
    kind: CalloutKind = "danger" if counts["contradiction"] else "warning" if bad or parts else "success"
    note = " Formulas are proposals for process engineers; outside the range of a formula there is no verdict."
    return Callout(kind, title, (Paragraph((Text(text[:1].upper() + text[1:]), Text(note))),))


def _plural(verdict: ScaleVerdict, count: int) -> str:
    names = {"contradiction": ("contradicts its formula", "contradict their formula"),
             "outside_limits": ("is outside limits", "are outside limits"),
             "differs": ("differs", "differ"), "no_verdict": ("has no verdict", "have no verdict")}  # fmt: skip
    one, many = names[verdict]
    return one if count == 1 else many


def _cards(answer: ScaleUp) -> Cards:
    counts = answer.counts
    shown: tuple[tuple[ScaleVerdict, str, str], ...] = (
        ("as_predicted", "Carry over", "as their rule or formula predicts"),
        ("within_limits", "Within limits", "of parameters and the design space"),
        ("outside_limits", "Outside limits", "at one of the sites"),
        ("differs", "Differ", "from what their rule predicts"),
        ("no_verdict", "No verdict", "a precondition or an input is missing"),
        ("contradiction", "Contradictions", "stated against their own formula"),
    )
    return Cards(tuple(
        Card(title, str(counts[verdict]), text, "", TONES[verdict] if counts[verdict] else "neutral")
        for verdict, title, text in shown
        if counts[verdict] or verdict in ("as_predicted", "no_verdict")
    ))  # fmt: skip


def _outcomes(package: Package, outcomes: Sequence[Outcome], caption: str) -> Table:
    names = list(dict.fromkeys(name for each in outcomes for name, value in each.numbers if value is not None))
    heads = (Column("What"), *(Column(words(name).capitalize(), "right") for name in names), Column("Verdict"),
             Column("Why"))  # fmt: skip
    body = []
    for each in outcomes:
        shown = each.as_json()
        numbers = (_figure(shown.get(name)) for name in names)
        chip = Chip(VERDICT_WORDS[each.verdict], TONES[each.verdict])
        reason = f"{each.reason[:1].upper()}{each.reason[1:]}"
        body.append(
            Row(((Link(each.about, each.label, package.label(each.about)),), *numbers, (chip,), (Text(reason),)))
        )
    return Table(heads, tuple(body), caption)


def _figure(value: object) -> Cell:
    return () if value is None else (Number(f"{value:.4g}" if _long(value) else str(value)),)


def _long(value: object) -> bool:
    return len(str(value).replace(".", "")) > 6 or "." in str(value)  # noqa: PLR2004  as many digits as read well


def _clearance(package: Package, answer: ScaleUp) -> Table:
    heads = (Column("Unit operation"), *(Column(str(each["virus"]), "right") for each in answer.viral_clearance))
    units = list(dict.fromkeys(step["unit_operation"] for each in answer.viral_clearance for step in each["steps"]))
    body = []
    for unit in units:
        cells = []
        for each in answer.viral_clearance:
            claims = [step for step in each["steps"] if step["unit_operation"] == unit]
            cells.append((Text(", ".join(_claim(step["log_reduction"], bound=step["bound"]) for step in claims)),))
        body.append(Row(((Link(unit, package.label(unit)),), *cells)))
    totals = tuple((Text(str(each["text"])),) for each in answer.viral_clearance)
    return Table(heads, (*body, Row(((Text("Sum, each mechanism once"),), *totals))), "Log10 reduction claimed")


def _claim(value: object, *, bound: bool) -> str:
    return "not stated" if value is None else f"{'> ' if bound else ''}{value}"
