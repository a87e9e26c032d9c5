"""What is still assumed: what blocks a gate first, both parties' words side by side, how long each has stood."""

from collections.abc import Sequence
from datetime import date
from html import escape
from typing import Final, NamedTuple

from ttpack.analysis.assumptions import TOPICS, blocking_gate, is_waiting, position_of, stated_topics
from ttpack.analysis.disputes import differing_positions
from ttpack.analysis.due_dates import DueDates
from ttpack.analysis.ownership import days_overdue
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.model.knowledge import Assumption
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
    Picture,
    Row,
    Table,
    Text,
    Tone,
)
from ttpack.views.know_how import told
from ttpack.views.words import chip, counted, inlines_of_date, reference

CAP: Final = 300
FILTER_FROM: Final = 8
DRAWN: Final = 25
WIDTH: Final = 360
_IMPACT: Final = {"high": 0, "medium": 1, "low": 2}
_TONES: Final[dict[str, Tone]] = {"high": "critical", "medium": "warning", "low": "neutral"}
_STATES: Final[dict[str, Tone]] = {"confirmed": "good", "refuted": "bad", "accepted_risk": "info", "open": "warning"}
_TOP, _ROW, _LEFT, _BAR = 30, 30, 8, 210


class Held(NamedTuple):
    """An assumption with its age in days (None where nobody says when it was stated), and its date."""

    item: Assumption
    waiting: bool
    gate: str
    age: int | None
    due: date | None
    late: int

    @property
    def blocks(self) -> bool:
        """Whether it closes a gate while it is open."""
        return self.waiting and self.item.impact == "high"


def assumptions_page(package: Package, as_of: date) -> Page | None:
    """Cards, ageing, what waits and what is settled; None where nothing is assumed."""
    found = held(package, as_of)
    if not found:
        return None
    waiting = [one for one in found if one.waiting]
    blocks: list[Block] = [_cards(waiting)]
    if waiting:
        blocks += [_table(package, waiting, f"Open, gate blockers first, as of {as_of}"), draw_ages(waiting)]
    settled = [one for one in found if not one.waiting]
    if settled:
        blocks.append(_table(package, settled, "Settled"))
    if len(found) > CAP:
        more = (Text("The longest lists are cut; "), Link("assumptions", "the register"), Text(" has all."))
        blocks.append(Paragraph(more))
    blocks.append(_topics(package))
    summary = "What both parties still take as true without proof, what each holds of it, and which gate it blocks."
    return Page("what-we-assume", "Assumptions", tuple(blocks), "Knowledge", summary)


def held(package: Package, as_of: date) -> list[Held]:
    """Assumptions in force: those that block a gate first, by gate, then by impact, by date and by id."""
    dates = DueDates(package)
    found = []
    for item in package.in_force(Assumption):
        if item.none_stated:
            continue
        due = dates.due(None, item.due_gate, item.site)
        age = max(0, (as_of - item.stated_on).days) if item.stated_on else None
        waiting = is_waiting(item)
        late = days_overdue(due, as_of) if waiting else 0
        found.append(Held(item, waiting, blocking_gate(item), age, due, late))
    return sorted(found, key=_rank)


def _rank(one: Held) -> tuple[bool, bool, str, int, date, str]:
    gate = one.gate if one.blocks else one.item.due_gate or "G9"
    impact = _IMPACT.get(one.item.impact or "", len(_IMPACT))
    return (not one.waiting, not one.blocks, gate, impact, one.due or date.max, one.item.id)


def _cards(waiting: Sequence[Held]) -> Cards:
    grave = [one for one in waiting if one.blocks]
    gates = ", ".join(dict.fromkeys(one.gate for one in grave))
    differ = sum(differing_positions(one.item) for one in waiting)
    silent = sum(all(said.agrees is None for said in one.item.positions) for one in waiting)
    unsaid = f"of {silent} nobody says whether the other party agrees" if silent else ""
    late = sum(bool(one.late) for one in waiting)
    oldest = max((one.age for one in waiting if one.age is not None), default=None)
    words_of_age = f"the oldest {counted(oldest, 'day')}" if oldest is not None else ""
    return Cards((
        Card("Open", str(len(waiting)), words_of_age, "", "neutral"),
        Card("Block a gate", str(len(grave)), gates, "", _tone(len(grave))),
        Card("Parties differ", str(differ), unsaid, "", "warning" if differ else "neutral" if unsaid else "good"),
        Card("Overdue", str(late), "", "", _tone(late)),
    ))  # fmt: skip


def _tone(count: int) -> Tone:
    return "bad" if count else "good"


def _table(package: Package, found: Sequence[Held], caption: str) -> Table:
    heads = ("Assumption", "Blocks", "Sending unit holds", "Receiving unit holds", "Settled by", "Age in days")
    columns = tuple(Column(head, "right" if head.endswith("days") else "left") for head in heads)
    rows = tuple(_row(package, one) for one in found[:CAP])
    return Table(columns, rows, caption, filterable=len(rows) > FILTER_FROM)


def _row(package: Package, one: Held) -> Row:
    item = one.item
    name: list[Inline] = [Link(item.id, item.name, item.id), Break(), Text(_said(package, item.statement))]
    state: list[Inline] = list(chip(item.impact, _TONES.get(item.impact or "", "neutral")))
    if not one.waiting:
        state = [*chip(item.status, _STATES.get(item.status or "", "neutral"))]
        state += [Break(), Text(str(item.decided_on))] if item.decided_on else []
    elif one.blocks:
        state += [Break(), Text(f"gate {one.gate}")]
    if item.site:
        state += [Break(), Text(package.label(item.site))]
    age: Inlines = (Text(str(one.age)),) if one.age is not None else (Text("not stated"),)
    cells = (tuple(name), tuple(state), _position(package, item, "sending"), _position(package, item, "receiving"))
    return Row((*cells, _settled(package, one), age))


def _position(package: Package, item: Assumption, party: str) -> Inlines:
    said = _said(package, position_of(package, item, party))
    owner = item.sending_owner if party == "sending" else item.receiving_owner
    found: list[Inline] = [Text(said)] if said else [Chip("not stated", "warning")]
    if any(one.agrees is False and one.statement.strip() and _said(package, one.statement) == said
           for one in item.positions):  # fmt: skip
        found = [Chip("does not share it", "bad"), Text(" "), *found]
    return (*found, Break(), Text("owner: "), reference(package, owner)) if owner else tuple(found)


def _settled(package: Package, one: Held) -> Inlines:
    item = one.item
    if not one.waiting:
        return (Text(_said(package, item.outcome) or "no outcome stated"),)
    found: list[Inline] = [Text(_said(package, item.verification) or "not stated")]
    found += [Break(), Text(f"by gate {item.due_gate}")] if item.due_gate else []
    found += [Text(", planned "), *inlines_of_date(one.due)] if one.due else []
    if one.late:
        found += [Break(), Chip(f"{counted(one.late, 'day')} late", "bad")]
    return tuple(found)


def _said(package: Package, text: str | None) -> str:
    return told(package, text)


def _topics(package: Package) -> Table:
    """Which party has stated something on which topic."""
    stated = stated_topics(package)
    rows = tuple(
        Row(((Text(name[:1].upper() + name[1:]),), *((_stated(name, party, topic in stated.by_party[party]),)
                                                     for party in PARTY_NAMES)))
        for topic, name in TOPICS.items()
    )  # fmt: skip
    heads = ("Topic", *(name[:1].upper() + name[1:] for name in PARTY_NAMES.values()))
    columns = tuple(Column(head, "left" if head == "Topic" else "center") for head in heads)
    return Table(columns, rows, "Who has stated what it assumes")


def _stated(topic: str, party: str, stated: bool) -> Mark:  # noqa: FBT001  one of two answers
    said = "has said what it assumes" if stated else "has said nothing"
    return Mark("✓" if stated else "?", f"{PARTY_NAMES[party]} {said} on {topic}", "good" if stated else "bad")


def draw_ages(waiting: Sequence[Held]) -> Picture:
    """A bar of days for each open assumption, the oldest first; gate blockers dark. The words say the same."""
    ranked = sorted(waiting, key=lambda one: (-(one.age if one.age is not None else -1), one.item.id))[:DRAWN]
    most = max((one.age or 0 for one in ranked), default=0) or 1
    shapes = [_legend()]
    top = _TOP
    for one in ranked:
        length = _BAR * (one.age or 0) // most
        fill = 'fill="#a33a2c" stroke="#1b2a33"' if one.blocks else 'fill="#a9cfdf" stroke="#0a5f83"'
        age = "age not stated" if one.age is None else counted(one.age, "day")
        shapes += [
            _text(_LEFT, top + 10, _short(one.item.name)),
            f'<rect x="{_LEFT}" y="{top + 14}" width="{max(length, 1)}" height="9" {fill}/>',
            _text(_LEFT + max(length, 1) + 6, top + 22, age + (f", blocks {one.gate}" if one.blocks else "")),
        ]
        top += _ROW
    told = "; ".join(
        f"{one.item.name}: {'age not stated' if one.age is None else counted(one.age, 'day')}"
        + (f", blocks gate {one.gate}" if one.blocks else "")
        for one in ranked
    )
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{top + 4}" viewBox="0 0 {WIDTH} {top + 4}" '
        f'font-family="IBM Plex Sans, DejaVu Sans, sans-serif" font-size="11">{"".join(shapes)}</svg>'
    )
    left = f"the oldest {len(ranked)} of {len(waiting)}; " if len(ranked) < len(waiting) else ""
    return Picture(svg, f"Open assumptions by age. {left}{told}", "assumption-ageing", WIDTH)


def _short(name: str) -> str:
    return name if len(name) <= 56 else f"{name[:55].rstrip()}…"  # noqa: PLR2004  what fits the width


def _legend() -> str:
    return (
        f'<rect x="{_LEFT}" y="6" width="14" height="10" fill="#a33a2c" stroke="#1b2a33"/>'
        f"{_text(_LEFT + 20, 15, 'blocks a gate')}"
        f'<rect x="{_LEFT + 110}" y="6" width="14" height="10" fill="#a9cfdf" stroke="#0a5f83"/>'
        f"{_text(_LEFT + 130, 15, 'other open assumptions')}"
    )


def _text(x: int, y: int, text: str) -> str:
    return f'<text class="rb-text" x="{x}" y="{y}" fill="#1b2a33">{escape(text)}</text>'
