"""Questions that wait for an answer: how old, how late, whose."""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Final, NamedTuple

from ttpack.analysis.disputes import open_items
from ttpack.analysis.due_dates import DueDates
from ttpack.analysis.gates.blockers import Owners
from ttpack.analysis.ownership import Owner, days_overdue
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.model.knowledge import OpenItem
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
    Page,
    Paragraph,
    Picture,
    Row,
    Strong,
    Table,
    Text,
    Tone,
)
from ttpack.views.words import counted, inlines_of_date, reference

CAP: Final = 300
"""Rows of the table; the register has every item."""
FILTER_FROM: Final = 10
BUCKETS: Final = (("up to 30 days", 30), ("31 to 60 days", 60), ("61 to 90 days", 90), ("91 to 180 days", 180))
WIDTH: Final = 340
_LABEL, _BAR, _ROW = 104, 180, 24


class Waiting(NamedTuple):
    """An open item with its age in days (None where nobody says when it was raised), its date and how late it is."""

    item: OpenItem
    owner: Owner
    age: int | None
    due: date | None
    late: int


def open_items_page(package: Package, as_of: date) -> Page | None:
    """Ageing and a table of open items, latest first; None where there is none."""
    found = _waiting(package, as_of)
    if not found:
        return None
    blocks: list[Block] = [_cards(found), draw_ageing(found)]
    rows = tuple(_row(package, one) for one in found[:CAP])
    heads = ("Open item", "Owner", "Due", "Days late", "Age in days", "Escalated")
    columns = tuple(Column(head, "right" if head.endswith(("late", "days")) else "left") for head in heads)
    blocks.append(Table(columns, rows, f"As of {as_of}, latest first", filterable=len(rows) > FILTER_FROM))
    if len(found) > CAP:
        more = (Text(f"and {len(found) - CAP:,} more in "), Link("assumptions", "the register"), Text("."))
        blocks.append(Paragraph(more))
    return Page("open-items", "Open items", tuple(blocks), "Governance", "What waits for an answer, and for how long.")


def _waiting(package: Package, as_of: date) -> list[Waiting]:
    dates, owners = DueDates(package), Owners(package)
    found = []
    for item in open_items(package):
        due = dates.due(item.due, item.due_gate, item.site)
        age = max(0, (as_of - item.raised_on).days) if item.raised_on else None
        found.append(Waiting(item, owners.of(item), age, due, days_overdue(due, as_of)))
    return sorted(found, key=lambda one: (-one.late, one.due or date.max, one.item.id))


def _cards(found: Sequence[Waiting]) -> Cards:
    late = [one for one in found if one.late]
    alone = sum(not one.item.escalated_to for one in late)
    undated, disputed = sum(one.due is None for one in found), sum(bool(one.item.disputed) for one in found)
    unowned = sum(not one.item.owner for one in found)
    worst = f"latest by {counted(late[0].late, 'day')}" if late else ""
    return Cards((
        Card("Open", f"{len(found):,}", "questions that wait", "", "neutral"),
        Card("Overdue", f"{len(late):,}", worst, "", _tone(len(late))),
        Card("Overdue, not escalated", f"{alone:,}", "", "", _tone(alone)),
        Card("Disputed", f"{disputed:,}", "the parties disagree", "", _tone(disputed)),
        Card("Without a date", f"{undated:,}", f"{unowned:,} without an owner", "", _tone(undated + unowned)),
    ))  # fmt: skip


def _tone(count: int) -> Tone:
    return "bad" if count else "good"


def _row(package: Package, one: Waiting) -> Row:
    item = one.item
    name: list[Inline] = [Link(item.id, item.name, item.id)]
    if item.disputed:
        name += [Text(" "), Chip("disputed", "bad")]
    if item.site:
        name += [Break(), Text(package.label(item.site))]
    due: list[Inline] = list(inlines_of_date(one.due)) or [Chip("no date", "warning")]
    if item.due_gate:
        due += [Break(), Text(f"gate {item.due_gate}")]
    late: Inlines = (Strong(str(one.late)),) if one.late else ()
    age: Inlines = (Text(str(one.age)),) if one.age is not None else (Text("not stated"),)
    return Row((tuple(name), _owner(package, one.owner), tuple(due), late, age, _escalated(package, item)))


def _owner(package: Package, owner: Owner) -> Inlines:
    shown = reference(package, owner.id) if owner.known else Text(owner.label)
    return (shown, Break(), Text(PARTY_NAMES[owner.party])) if owner.party else (shown,)


def _escalated(package: Package, item: OpenItem) -> Inlines:
    if not item.escalated_to:
        return ()
    on: Inlines = (Break(), Text(str(item.escalated_on))) if item.escalated_on else ()
    return (reference(package, item.escalated_to), *on)


def ageing(found: Sequence[Waiting]) -> list[tuple[str, int, int]]:
    """By age: how many wait, and how many of them are overdue. Every item is in one bucket."""
    names = [name for name, _ in BUCKETS] + ["over 180 days", "age not stated"]
    total, late = dict.fromkeys(names, 0), dict.fromkeys(names, 0)
    for one in found:
        age = one.age
        fits = next((name for name, most in BUCKETS if age is not None and age <= most), "over 180 days")
        name = "age not stated" if age is None else fits
        total[name] += 1
        late[name] += bool(one.late)
    return [(name, total[name], late[name]) for name in names if total[name] or name != "age not stated"]


def draw_ageing(found: Sequence[Waiting]) -> Picture:
    """A bar for each age, the overdue part of it dark and outlined; the words say the same."""
    rows = ageing(found)
    most = max((total for _, total, _ in rows), default=0) or 1
    shapes = [_legend()]
    top = 34
    for name, total, late in rows:
        whole, part = _BAR * total // most, _BAR * late // most
        shapes += [
            _text(_LABEL - 8, top + 12, name, "end"),
            f'<rect x="{_LABEL}" y="{top}" width="{max(whole, 1)}" height="16" fill="#a9cfdf" stroke="#0a5f83"/>',
            f'<rect x="{_LABEL}" y="{top}" width="{part}" height="16" fill="#a33a2c"/>' if late else "",
            _text(_LABEL + max(whole, 1) + 6, top + 12, f"{total:,}" + (f" ({late:,} late)" if late else ""), "start"),
        ]
        top += _ROW
    said = "; ".join(f"{name}: {total:,} open" + (f", {late:,} overdue" if late else "") for name, total, late in rows)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top}" viewBox="0 0 {WIDTH} {top}" '
        f'font-family="IBM Plex Sans, DejaVu Sans, sans-serif" font-size="11">{"".join(shapes)}</svg>'
    )
    return Picture(svg, f"Open items by age. {said}", "open-item-ageing", WIDTH)


def _legend() -> str:
    return (
        f'<rect x="{_LABEL}" y="8" width="14" height="12" fill="#a9cfdf" stroke="#0a5f83"/>'
        f"{_text(_LABEL + 20, 18, 'open', 'start')}"
        f'<rect x="{_LABEL + 60}" y="8" width="14" height="12" fill="#a33a2c"/>'
        f"{_text(_LABEL + 80, 18, 'of these overdue', 'start')}"
    )


def _text(x: int, y: int, text: str, anchor: str) -> str:
    return f'<text class="rb-text" x="{x}" y="{y}" text-anchor="{anchor}" fill="#1b2a33">{escape(text)}</text>'
