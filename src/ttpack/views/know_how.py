"""What people know of each unit operation: coverage of the interviews, each item with its weight, past deviations."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from ttpack.analysis.know_how import PROMPTS, KnowHowIndex, PromptAnswer, counts, unacknowledged_because
from ttpack.model.graph import PROSE_LINK
from ttpack.model.knowledge import HistoricalDeviation, KnowHow
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Break,
    Card,
    Cards,
    Chip,
    Column,
    Inline,
    Inlines,
    Link,
    Mark,
    Page,
    Paragraph,
    Row,
    Table,
    Text,
    Tone,
)
from ttpack.views.record import plain_prose
from ttpack.views.words import chip, counted, inlines_of_date, reference, references, words

CAP: Final = 300
FILTER_FROM: Final = 8
LONGEST: Final = 280
_ORDER: Final = {"high": 0, "medium": 1, "low": 2}
_LEVELS: Final[dict[str, Tone]] = {"high": "critical", "medium": "warning", "low": "neutral"}
_CLASSES: Final = {"critical": 0, "major": 1, "minor": 2, "event": 3}
_CLASS_TONES: Final[dict[str, Tone]] = {"critical": "critical", "major": "bad", "minor": "warning", "event": "neutral"}


def know_how_page(package: Package) -> Page | None:
    """Coverage, know-how with the gravest and newest first, and past deviations; None where there is neither."""
    index = KnowHowIndex(package)
    items = [item for item in package.in_force(KnowHow) if counts(item)]
    past = package.in_force(HistoricalDeviation)
    if not items and not past:
        return None
    blocks: list[Block] = [_cards(package, index, items, past)]
    if package.unit_operations:
        blocks += [_matrix(package, index), Paragraph((Text(_LEGEND),))]
    said = [item for item in items if not item.none_known]
    if said:
        blocks += _table(package, index, said)
    if past:
        blocks += _history(package, past)
    summary = "What people who ran the process know, what the receiving unit did with it, and what went wrong before."
    return Page("what-people-know", "Know-how", tuple(blocks), "Knowledge", summary)


_LEGEND: Final = (
    "A number is how many answers there are; 0 means that the prompt was asked and none is known; ? that nobody has "
    "answered. With ! an answer waits for the acknowledgement of the receiving unit."
)


def _cards(
    package: Package, index: KnowHowIndex, items: Sequence[KnowHow], past: Sequence[HistoricalDeviation]
) -> Cards:
    answers = [one for unit in package.unit_operations for one in index.answers(unit.id)]
    open_prompts = sum(one.state == "open" for one in answers)
    waiting = sum(unacknowledged_because(package, item) is not None for item in items)
    grave = [item for item in items if item.consequence_level == "high" and not item.none_known]
    left = sum(not item.adopted_in and not item.declined_reason for item in grave)
    undone = sum(item.disposition is None for item in past)
    return Cards((
        Card("Prompts answered", f"{len(answers) - open_prompts} of {len(answers)}", "", "", _tone(open_prompts)),
        Card("Not acknowledged", str(waiting), "by the receiving unit", "", _tone(waiting)),
        Card("Grave, neither adopted nor declined", f"{left} of {len(grave)}", "", "", _tone(left)),
        Card("Past deviations without disposition", f"{undone} of {len(past)}", "", "", _tone(undone)),
    ))  # fmt: skip


def _tone(count: int) -> Tone:
    return "bad" if count else "good"


def _matrix(package: Package, index: KnowHowIndex) -> Table:
    """Unit operations by prompt."""
    heads = (Column("Unit operation"), *(Column(text[:1].upper() + text[1:], "center") for text in PROMPTS.values()))
    rows = tuple(
        Row(((Link(unit.id, unit.name, unit.id),), *((_mark(unit.name, one),) for one in index.answers(unit.id))))
        for unit in package.unit_operations
    )
    return Table(heads, rows, "What each unit operation's interview answered")


def _mark(name: str, answer: PromptAnswer) -> Mark:
    asked = f"{name}, {PROMPTS[answer.prompt]}"
    if answer.state == "open":
        return Mark("?", f"{asked}: not answered", "bad")
    waits = f", {len(answer.unacknowledged)} not acknowledged" if answer.unacknowledged else ""
    tail = "!" if answer.unacknowledged else ""
    tone: Tone = "warning" if waits else "good"
    if answer.state == "none_known":
        return Mark(f"0{tail}", f"{asked}: none is known{waits}", tone, answer.items[0].id)
    said = [item for item in answer.items if not item.none_known]
    return Mark(f"{len(said)}{tail}", f"{asked}: {counted(len(said), 'answer')}{waits}", tone, said[0].id)


def newest_first(items: Sequence[KnowHow]) -> list[KnowHow]:
    """The gravest first, of those the newest, of those by id."""
    return sorted(
        items,
        key=lambda item: (
            _ORDER.get(item.consequence_level or "", len(_ORDER)),
            -(item.acknowledged_on or date.min).toordinal(),
            item.id,
        ),
    )


def _table(package: Package, index: KnowHowIndex, items: Sequence[KnowHow]) -> list[Block]:
    rows = tuple(_row(package, index, item) for item in newest_first(items)[:CAP])
    heads = ("Know-how", "What, and why", "If not", "Receiving unit")
    columns = tuple(Column(head) for head in heads)
    blocks: list[Block] = [
        Table(columns, rows, "The gravest first, then the newest", filterable=len(rows) > FILTER_FROM)
    ]
    if len(items) > CAP:
        more = (Text(f"and {len(items) - CAP:,} more in "), Link("know-how", "the register"), Text("."))
        blocks.append(Paragraph(more))
    return blocks


def _row(package: Package, index: KnowHowIndex, item: KnowHow) -> Row:
    name: list[Inline] = [Link(item.id, item.name, item.id)]
    level = chip(item.consequence_level, _LEVELS.get(item.consequence_level or "", "neutral"))
    name += [Break(), Text(PROMPTS.get(item.know_how_kind or "", words(item.know_how_kind or "kind not stated")))]
    for unit in index.units_of(item):
        name += [Break(), reference(package, unit)]
    name += [Break(), Text("told by "), *_source(package, item)]
    what: list[Inline] = [Text(_said(package, item.statement))]
    if item.why:
        what += [Break(), Text(f"Why: {_said(package, item.why)}")]
    otherwise = (*level, *((Text(" "),) if level and item.consequence else ()), Text(_said(package, item.consequence)))
    return Row((tuple(name), tuple(what), otherwise, acknowledgement(package, item)))


def told(package: Package, text: str | None, longest: int | None = None) -> str:
    """An author's words on one line, references as titles, cut where they are longer than that."""
    named = PROSE_LINK.sub(lambda match: package.label(match.group(1)), text or "")
    words_told = " ".join(plain_prose(package, named).split())
    if longest is None or len(words_told) <= longest:
        return words_told
    return words_told[: longest - 1].rstrip() + "…"


def _said(package: Package, text: str | None) -> str:
    return told(package, text, LONGEST)


def acknowledgement(package: Package, item: KnowHow) -> Inlines:
    """Who acknowledged it, and where it is adopted or why it is declined."""
    found: list[Inline] = []
    if unacknowledged_because(package, item):
        found.append(Chip("not acknowledged", "warning"))
    else:
        found += [Text("acknowledged by "), reference(package, item.acknowledged_by or "")]
        found.append(Text(f" on {item.acknowledged_on}"))
    if item.adopted_in:
        found += [Break(), Text("adopted in "), *references(package, item.adopted_in)]
    elif item.declined_reason:
        found += [Break(), Text(f"declined: {_said(package, item.declined_reason)}")]
    elif item.consequence_level == "high":
        found += [Break(), Chip("neither adopted nor declined", "bad")]
    return tuple(found)


def _source(package: Package, item: KnowHow) -> Inlines:
    found: list[Inline] = [reference(package, item.told_by)] if item.told_by else [Text("nobody named")]
    found += [part for text in (item.run, item.interview) if text for part in (Break(), Text(text))]
    return tuple(found)


def _history(package: Package, past: Sequence[HistoricalDeviation]) -> list[Block]:
    ranked = sorted(
        past,
        key=lambda item: (
            item.disposition is not None,
            _CLASSES.get(item.classification or "", -1),
            -(item.occurred_on or date.min).toordinal(),
            item.id,
        ),
    )
    rows = tuple(_past(package, item) for item in ranked[:CAP])
    heads = ("Past deviation", "Class", "Step and parameters", "Root cause", "At the receiving site")
    table = Table(
        tuple(map(Column, heads)), rows, "Past deviations, those without disposition first", len(rows) > FILTER_FROM
    )
    if len(past) <= CAP:
        return [table]
    return [table, Paragraph((Text(f"and {len(past) - CAP:,} more in "), Link("know-how", "the register"), Text(".")))]


def _past(package: Package, item: HistoricalDeviation) -> Row:
    name: list[Inline] = [Link(item.id, item.name, item.id)]
    where = [text for text in (package.label(item.site) if item.site else "", item.batch or "") if text]
    when = inlines_of_date(item.occurred_on)
    name += [Break(), Text(", ".join(where))] if where else []
    name += [Break(), *when] if when else []
    tone = _CLASS_TONES.get(item.classification or "", "warning")
    state: list[Inline] = [*chip(item.classification or "no class", tone)]
    if item.status != "closed":
        state += [Break(), Chip("open", "warning")]
    about = (*((item.step,) if item.step else ()), *item.parameters)
    done: list[Inline] = list(chip(item.disposition, "good")) or [Chip("not dispositioned", "bad")]
    if item.disposition_note:
        done += [Break(), Text(_said(package, item.disposition_note))]
    cause = (Text(_said(package, item.root_cause) or "not stated"),)
    return Row((tuple(name), tuple(state), references(package, about), cause, tuple(done)))
