"""The life of a record as a page, and as a part of the record's own section."""

from collections.abc import Mapping, Sequence

from ttpack.analysis.history import Event
from ttpack.model.package import Package
from ttpack.views.blocks import Block, Callout, Code, Column, Inlines, Link, Page, Paragraph, Row, Section, Table, Text
from ttpack.views.change_tables import changes_table
from ttpack.views.words import counted

_SHORT = 12
_DAY = 10


def log_page(package: Package, record: str, events: Sequence[Event], *, complete: bool) -> Page:
    """Every change of a record, newest first. `complete` is False where the clone does not reach its beginning."""
    title = package.label(record)
    gone = () if record in package.records else (Text("; the record is no longer there"),)
    lead = Paragraph((Text(f"{record}: {counted(len(events), 'commit')} changed it"), *gone, Text(".")))
    blocks: list[Block] = [lead]
    if not complete:
        text = "This is a shallow clone: older changes are not here. Fetch all history (fetch-depth: 0)."
        blocks.append(Callout("warning", "History is cut off", (Paragraph((Text(text),)),)))
    blocks += [_event(event) for event in events]
    return Page("log", f"History of {title}", tuple(blocks), "Control")


def history_section(events: Sequence[Event], most: int) -> Section:
    """The newest changes of a record as a folded part of its section."""
    rows = tuple(Row((_when(event), (Text(event.author),), _what(event), _covered(event))) for event in events[:most])
    heads = ("When", "Who", "What", "Change record")
    table = Table(tuple(Column(head) for head in heads), rows, "")
    rest = len(events) - len(rows)
    note = f"{counted(rest, 'older change')} not shown; ttpack log tells them all."
    more = (Paragraph((Text(note),)),) if rest else ()
    return Section("History", (table, *more), folded=True)


def revisions_page(package: Package, events: Mapping[str, Sequence[Event]]) -> Page | None:
    """What came with each revision: its records and who changed them; None without history."""
    by_revision: dict[str, list[Event]] = {}
    for record in sorted(events):
        for event in events[record]:
            by_revision.setdefault(event.revision, []).append(event)
    order = sorted(by_revision, key=lambda name: max(event.when for event in by_revision[name]), reverse=True)
    blocks = tuple(_revision(package, name, by_revision[name]) for name in order)
    summary = "What changed with each revision, newest first."
    return Page("history", "History", blocks, "Control", summary) if blocks else None


_MOST_RECORDS = 100


def _revision(package: Package, name: str, events: Sequence[Event]) -> Section:
    """A revision: how many records it entered, and each that it changed."""
    newest: dict[str, Event] = {}
    for event in events:
        newest.setdefault(event.record, event)
    changed = [record for record, event in newest.items() if not _entered(event)]
    rows = tuple(
        Row(
            (
                (Link(record, package.label(record), record),),
                (Text(newest[record].when[:_DAY]),),
                (Text(newest[record].author),),
                _what(newest[record]),
            )
        )
        for record in changed[:_MOST_RECORDS]
    )
    heads = ("Record", "When", "Who", "What")
    lead = f"{counted(len(newest) - len(changed), 'record')} entered, {len(changed)} changed"
    lead += f" in {counted(len({event.commit for event in events}), 'commit')}."
    lead += f" The first {len(rows)} are listed." if len(changed) > len(rows) else ""
    table = (Table(tuple(map(Column, heads)), rows, ""),) if rows else ()
    title = f"Revision {name}" if name else "Since the last tagged revision"
    return Section(title, (Paragraph((Text(lead),)), *table))


def _entered(event: Event) -> bool:
    return any(change.kind == "record_added" for change in event.changes)


def _event(event: Event) -> Section:
    where = f" in {event.revision}" if event.revision else " after the last tagged revision"
    facts: Inlines = (Text(f"{event.when[:_DAY]} {event.author}, commit "), Code(event.commit[:_SHORT]), Text(where))
    covered = (Text("; change record "), *_covered(event)) if event.change_records else ()
    blocks: list[Block] = [Paragraph((*facts, *covered))]
    if event.unreadable:
        text = "The record could not be read on one side of this commit."
        blocks.append(Callout("warning", "Not comparable", (Paragraph((Text(text),)),)))
    else:
        blocks.append(changes_table(event.changes))
    return Section(event.subject or "(no subject)", tuple(blocks))


def _when(event: Event) -> Inlines:
    return (Text(event.when[:_DAY]), Text(f" ({event.revision})" if event.revision else ""))


def _what(event: Event) -> Inlines:
    meaning = sum(not change.editorial for change in event.changes)
    if _entered(event):
        words = "added"
    elif meaning:
        words = counted(meaning, "change")
    else:
        words = "editorial"
    return (Text(f"{event.subject} ({words})"),)


def _covered(event: Event) -> Inlines:
    found: Inlines = ()
    for name in event.change_records:
        found = (*found, *((Text(", "),) if found else ()), Link(name, name))
    return found
