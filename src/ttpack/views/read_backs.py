"""How far both parties read the same process: what is read back at each site, and where they disagree."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from ttpack.analysis.read_backs import Needed, State, latest_read_backs, needed_read_backs, state_of
from ttpack.model.knowledge import ReadBack
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Break,
    Callout,
    Card,
    Cards,
    Chip,
    Column,
    Inline,
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
from ttpack.views.know_how import told
from ttpack.views.words import counted, inlines_of_date, reference

FILTER_FROM: Final = 8
CAP: Final = 300
LONGEST: Final = 280
_ORDER: Final[tuple[State, ...]] = ("disagree", "unanswered", "missing", "agree")
_WORDS: Final[Mapping[State, str]] = {
    "disagree": "disagree", "unanswered": "not answered", "missing": "not read back", "agree": "agree",
}  # fmt: skip
_TONES: Final[Mapping[State, Tone]] = {
    "disagree": "bad", "unanswered": "warning", "missing": "warning", "agree": "good",
}  # fmt: skip
_WHY: Final = {
    "critical_parameter": "critical parameter",
    "controls_critical_parameter": "controls a critical parameter",
    "manual_skill": "manual",
}
_LEAD: Final = Paragraph((
    Text("Read back are critical parameters, the steps that control them, and steps that need a trained hand."),
))  # fmt: skip


def read_backs_page(package: Package) -> Page | None:
    """Each receiving site with what it has to read back; None where nothing has to be, or nothing ever was."""
    needed = needed_read_backs(package)
    latest = latest_read_backs(package)
    if not package.in_force(ReadBack) or not (needed or latest):
        return None
    sites = tuple(package.receiving_sites)
    begun = [site for site in sites if any(key[0] == site for key in latest)]
    blocks: list[Block] = [_LEAD, *(_section(package, site, needed, latest, alone=len(begun) == 1) for site in begun)]
    for site in sites:
        if site not in begun and needed:
            words = f"{package.label(site)} has read back nothing yet: {len(needed)} steps and parameters wait."
            blocks.append(Callout("note", words))
    summary = "The receiving unit says in its own words how it will do it; the sending unit agrees or disagrees."
    return Page("read-backs", "Read-backs", tuple(blocks), "Knowledge", summary)


def _section(
    package: Package,
    site: str,
    needed: Sequence[Needed],
    latest: Mapping[tuple[str, str], ReadBack],
    *,
    alone: bool,
) -> Section:
    states = Counter(state_of(latest.get((site, one.record.id))) for one in needed)
    cards = Cards((
        Card("Read back", f"{len(needed) - states['missing']} of {len(needed)}", "", "", _tone(states["missing"])),
        Card("Agreed", str(states["agree"]), "", "", "good" if states["agree"] == len(needed) else "neutral"),
        Card("Disagreed", str(states["disagree"]), "", "", _tone(states["disagree"])),
        Card("Not answered", str(states["unanswered"]), "", "", _tone(states["unanswered"])),
    ))  # fmt: skip
    ranked = sorted(needed, key=lambda one: _ORDER.index(state_of(latest.get((site, one.record.id)))))
    rows = tuple(_row(package, one, latest.get((site, one.record.id))) for one in ranked[:CAP])
    heads = ("Step or parameter", "Answer", "The receiving unit says", "Said by", "Answered by")
    caption = f"{counted(len(needed), 'read-back')}, disagreements first"
    table = Table(tuple(map(Column, heads)), rows, caption, filterable=len(rows) > FILTER_FROM)
    asked = {one.record.id for one in needed}
    others = [item for key, item in latest.items() if key[0] == site and key[1] not in asked]
    blocks: list[Block] = [cards, table]
    if others:
        links: list[Inline] = [Text("Read back besides: ")]
        for place, item in enumerate(others[:CAP]):
            links += [Text(", ")] if place else []
            links.append(Link(item.id, item.name, item.id))
        blocks.append(Paragraph((*links, Text("."))))
    return Section("What is read back" if alone else package.label(site), tuple(blocks))


def _tone(count: int) -> Tone:
    return "bad" if count else "good"


def _row(package: Package, one: Needed, item: ReadBack | None) -> Row:
    name: list[Inline] = [Link(one.record.id, one.record.name, one.record.id)]
    if one.unit_operation:
        name += [Break(), reference(package, one.unit_operation)]
    name += [Break(), Text(", ".join(_WHY[why] for why in one.why))]
    state = state_of(item)
    answer: list[Inline] = [Chip(_WORDS[state], _TONES[state])]
    if item is None:
        return Row((tuple(name), tuple(answer), (), (), ()))
    if item.open_item:
        answer += [Break(), reference(package, item.open_item)]
    short = told(package, item.statement, LONGEST)
    said: Inlines = (Text(short), Break(), Link(item.id, "the read-back", item.name))
    return Row((
        tuple(name), tuple(answer), said if short else (),
        _signed(package, item.stated_by, inlines_of_date(item.stated_on)),
        _signed(package, item.answered_by, inlines_of_date(item.answered_on)),
    ))  # fmt: skip


def _signed(package: Package, who: str | None, when: Inlines) -> Inlines:
    if not who:
        return when
    return (reference(package, who), Break(), *when) if when else (reference(package, who),)
