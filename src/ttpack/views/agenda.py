"""The agenda of a committee as a page: what is late, what blocks, what is disputed, what is to be decided."""

from collections import Counter

from ttpack.analysis.agenda.answer import Agenda, AgendaItem, AgendaSection
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.model.governance import GovernanceBody
from ttpack.model.graph import PROSE_LINK
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Break,
    Callout,
    Card,
    Cards,
    Chip,
    Code,
    Column,
    Facts,
    Inline,
    Inlines,
    Link,
    Page,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Tone,
)
from ttpack.views.record import plain_prose
from ttpack.views.words import counted, inlines_of_date, reference

CAP = 12
"""Lines of one head that a page shows; the answer as JSON has all."""
OWNERS = 8
LONGEST = 160
_TONES: dict[str, Tone] = {"high": "bad", "medium": "warning", "low": "info"}
_HEADS: dict[str, str] = {
    "overdue": "overdue", "blocked": "blocked", "disputed": "disputed", "decisions": "decisions",
    "conditions": "conditions", "due": "due soon", "exchanges": "not held",
}  # fmt: skip


def agenda_page(package: Package, agenda: Agenda) -> Page:
    """The agenda, the meeting first, then one table under each head that has lines."""
    blocks: list[Block] = [Facts(tuple(_meeting(package, agenda))), _cards(agenda)]
    if not agenda.counts["total"]:
        words = "Nothing is overdue, due, blocked, disputed or to be decided before the meeting after the next."
        blocks.append(Callout("success", "Nothing to talk about", (Paragraph((Text(words),)),)))
    blocks += [_section(package, agenda, section) for section in agenda.sections if section.items]
    if agenda.undated:
        are = "has" if agenda.undated == 1 else "have"
        words = f"{counted(agenda.undated, 'open item')} {are} neither a date nor a gate with a planned date."
        blocks.append(Paragraph((Text(words),)))
    summary = "What is overdue, due, blocked, disputed and to be decided."
    return Page("agenda", "Agenda", tuple(blocks), "Governance", summary)


def _meeting(package: Package, agenda: Agenda) -> list[tuple[str, Inlines]]:
    meeting = agenda.meeting
    body = package.get(meeting.body, GovernanceBody)
    found: list[tuple[str, Inlines]] = []
    if body:
        when = f"{meeting.day}" if meeting.day else "no date stated"
        late = f" (the date stated, {meeting.passed}, has passed)" if meeting.passed else ""
        found.append(("Meeting", (reference(package, body.id), Text(", "), Strong(when), Text(late))))
        if body.quorum:
            found.append(("Quorum", (Text(body.quorum),)))
    else:
        found.append(("Meeting", (Text("the package names no joint body"),)))
    why = "no cadence in days is stated, so 30 days" if meeting.assumed else "the meeting after that"
    found.append(("As of", (Text(f"{agenda.as_of}; looks ahead to {meeting.until} ({why})"),)))
    gates: list[Inline] = []
    for site, gate in agenda.next_gates.items():
        gates += [Text(", ")] if gates else []
        gates += [Strong(gate), Text(" at "), reference(package, site)]
    if agenda.site:
        found.append(("Site", (reference(package, agenda.site), Text(", and what concerns all sites"))))
    return [*found, ("Next gates", tuple(gates))] if gates else found


def _cards(agenda: Agenda) -> Cards:
    """How much there is under each head, and how late the latest of it is."""
    cards = []
    for section in agenda.sections:
        worst = max((item.days_overdue for item in section.items), default=0)
        high = sum(item.gravity == "high" for item in section.items)
        words = f"latest by {counted(worst, 'day')}" if worst else f"{high} grave" if high else ""
        tone: Tone = "good" if not section.items else "bad" if high else "warning"
        cards.append(Card(_HEADS[section.name].capitalize(), f"{len(section.items):,}", words, "", tone))
    return Cards(tuple(cards))


def _section(package: Package, agenda: Agenda, section: AgendaSection) -> Section:
    blocks: list[Block] = []
    if section.name == "blocked" and len(section.items) > 1:
        blocks.append(_by_owner(section))
    groups = _grouped(section)
    rows = tuple(_row(package, agenda, same[0], len(same)) for same in groups[:CAP])
    columns = (Column("Record"), Column("Why it is here"), Column("Owner"), Column("Due"), Column("Days late", "right"))
    blocks.append(Table(columns, rows, f"{section.title}: gravest first, then latest"))
    more = sum(map(len, groups[CAP:]))
    if more:
        words = Text(f"and {more:,} more: ")
        blocks.append(Paragraph((words, Code("ttpack agenda --format json"), Text(" lists all."))))
    return Section(f"{section.title} ({len(section.items):,})", tuple(blocks))


def _grouped(section: AgendaSection) -> list[list[AgendaItem]]:
    """Lines on one record by one rule together, where the first of them stands."""
    found: dict[tuple[str, str, str], list[AgendaItem]] = {}
    for index, item in enumerate(section.items):
        key = (item.record, item.code, item.why) if item.code and item.record else ("", "", str(index))
        found.setdefault(key, []).append(item)
    return list(found.values())


def _row(package: Package, agenda: Agenda, item: AgendaItem, alike: int) -> Row:
    record = package.records.get(item.record)
    name: Inlines = (Link(item.record, record.name, item.record),) if record else (Text(item.record or "a file"),)
    told: list[Inline] = []
    what = spoken(package, item.what)
    if record is None or what != record.name:
        more = f" (and {alike - 1} more like it)" if alike > 1 else ""
        told += [Text(f"{what}{more}"), Break()]
    told += [Chip(item.gravity, _TONES[item.gravity]), Text(f" {item.why}")]
    if item.code:
        told += [Text(" ("), Code(item.code), Text(")")]
    if item.also:
        told.append(Text(f"; also under {', '.join(_HEADS[head] for head in item.also)}"))
    if item.site and len(agenda.next_gates) > 1 and not item.code and package.label(item.site) not in item.why:
        told.append(Text(f"; {package.label(item.site)}"))
    late: Inlines = (Strong(str(item.days_overdue)),) if item.days_overdue else ()
    return Row((name, tuple(told), owner_cell(package, item), inlines_of_date(item.due), late))


def spoken(package: Package, text: str) -> str:
    """An author's words on one line, references as titles, long ones cut."""
    said = PROSE_LINK.sub(lambda match: package.label(match.group(1)), text)
    words = " ".join(plain_prose(package, said).split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip() + "…"


def owner_cell(package: Package, item: AgendaItem) -> Inlines:
    """The owner with the party, where the package says which."""
    owner = item.owner
    shown = reference(package, owner.id) if owner.known else Text(owner.label)
    return (shown, Break(), Text(PARTY_NAMES[owner.party])) if owner.party else (shown,)


def _by_owner(section: AgendaSection) -> Table:
    """Who has to close how much, at which party."""
    count = Counter((item.owner.label, item.owner.party or "") for item in section.items)
    late: Counter[tuple[str, str]] = Counter()
    for item in section.items:
        key = (item.owner.label, item.owner.party or "")
        late[key] = max(late[key], item.days_overdue)
    ranked = sorted(count, key=lambda key: (-count[key], key))
    rows = [
        Row(((Text(key[0]),), (Text(PARTY_NAMES.get(key[1], "")),), (Text(str(count[key])),), _days(late[key])))
        for key in ranked[:OWNERS]
    ]
    rest = ranked[OWNERS:]
    if rest:
        left = (Text(str(sum(count[key] for key in rest))),)
        rows.append(Row(((Text(f"{len(rest)} more owners"),), (), left, _days(max(late[key] for key in rest)))))
    columns = (Column("Owner"), Column("Party"), Column("Blockers", "right"), Column("Days late", "right"))
    return Table(columns, tuple(rows), "Who closes them")


def _days(count: int) -> Inlines:
    return (Text(str(count)),) if count else ()
