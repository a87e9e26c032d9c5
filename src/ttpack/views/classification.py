"""One classified deviation as a reader sees it: class first, both parties' terms, what to do, whom to call by when."""

from collections.abc import Iterator, Mapping
from typing import Final

from ttpack.analysis.deviations.answer import Answer, value_words
from ttpack.analysis.deviations.answer import words as class_words
from ttpack.analysis.deviations.book import EVENT_WORDS, OWNED
from ttpack.analysis.deviations.classify import NO_DEVIATION
from ttpack.analysis.deviations.clocks import Call, Due
from ttpack.analysis.deviations.excursion_time import seconds_words
from ttpack.analysis.deviations.limits import INTERVAL_WORDS
from ttpack.analysis.escalation import Called
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Bullets,
    Callout,
    CalloutKind,
    Column,
    Facts,
    Inline,
    Inlines,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
)
from ttpack.views.words import reference, references

SPONSOR_WORDS: Final[Mapping[str, str]] = {
    "site_handles": "the site handles it",
    "sponsor_informed": "the site handles it and informs the sponsor",
    "sponsor_decides": "the sponsor decides",
}
OWNED_WORDS: Final[Mapping[str, str]] = {
    "investigation": "Investigation",
    "reporting": "Reporting",
    "corrective_action": "Corrective action",
    "root_cause_approval": "Approval of the root cause",
}
CALLOUTS: Final[Mapping[str, CalloutKind]] = {"not_a_deviation": "success", "event": "note", "minor": "warning"}


def classification_page(package: Package, given: Answer, slug: str = "classification") -> Page:
    """The answer: class, terms, what to do, who decides, who owns what, whom to call by when, and why."""
    found = given.found
    title = "No class" if found.deviation_class is None else class_words(found.deviation_class).capitalize()
    kind: CalloutKind = CALLOUTS.get(found.deviation_class or "", "danger")
    head = Callout(kind, title, (Paragraph((Text(_happened(given)),)),))
    blocks: list[Block] = [head, Facts(tuple(_facts(package, given))), Paragraph((Text(found.statement),))]
    if found.actions:
        blocks.append(Section("Do this", (Bullets(tuple((Text(one),) for one in found.actions)),)))
    if given.calls:
        blocks.append(Section("Call", (_calls(package, given.calls),)))
    if found.owners or found.sending_owners:
        blocks.append(Section("Owners", (_owners(package, given),)))
    blocks.append(Section("Why", tuple(_why(package, given))))
    return Page(slug, "Initial classification", tuple(blocks), "When it drifts", title)


def _happened(given: Answer) -> str:
    """What was asked, in one line."""
    asked, book = given.found.question, given.rulebook
    parts = []
    if asked.parameter is not None:
        parts.append(f"{book.parameters[asked.parameter].label} {value_words(given)}".rstrip())
    if asked.event is not None:
        parts.append(EVENT_WORDS[asked.event])
    if given.found.interval is not None:
        parts.append(INTERVAL_WORDS[given.found.interval])
    if asked.duration is not None:
        parts.append(f"for {seconds_words(asked.duration)}")
    elif asked.value is not None:
        parts.append("for a time not known")
    parts.append(f"in stage {book.stages[asked.stage]} at {book.sites[asked.site].label} ({asked.site})")
    return ", ".join(parts)


def _facts(package: Package, given: Answer) -> Iterator[tuple[str, Inlines]]:
    found = given.found
    for one in found.terms:
        if one.term is not None:
            means = f", {class_words(one.deviation_class)}" if one.deviation_class else ""
            yield f"Called at {package.label(one.site)}", (Text(f"{one.term}{means}"),)
    yield "Who decides", (Text(SPONSOR_WORDS.get(found.sponsor_role or "", "no row says")),)
    if found.notify:
        yield "Notify", references(package, found.notify)
    local = given.troubleshooting
    if local is not None and found.deviation_class != NO_DEVIATION:
        until = f", until {due_words(local.due)}" if local.due.utc else ""
        yield "Local troubleshooting", (Text(f"at most {local.clock.words}{until}, then escalate"),)


def _calls(package: Package, given: tuple[Call, ...]) -> Table:
    heads = (Column("Level"), Column("At"), Column("Whom"), Column("Within"), Column("By"), Column("How"))
    rows = []
    for one in given:
        fallback = (Text("; else "), reference(package, one.fallback.who.id)) if one.fallback else ()
        rows.append(
            Row((
                (Text(f"{one.level}, decides" if one.decides else str(one.level)),),
                (Text(PARTY_NAMES[one.party]),),
                (*called_words(package, one.called), *fallback),
                (Text(one.clock.words),),
                (Text(due_words(one.due)),),
                (Text(one.channel or ""),),
            ))
        )  # fmt: skip
    return Table(heads, tuple(rows))


def called_words(package: Package, one: Called) -> Inlines:
    """A role with who holds it today and how they are reached, else why nobody does."""
    who = one.who
    found: list[Inline] = [reference(package, who.id)]
    for person in who.people:
        way = person.phone or person.email
        found += [Text(": " if len(found) == 1 else ", "), reference(package, person.id)]
        found += [Text(f" {way}")] if way else []
    if who.why_nobody:
        found.append(Text(f": {who.why_nobody}"))
    if who.contact and not any(person.phone or person.email for person in who.people):
        found.append(Text(f", {who.contact}"))
    return tuple(found)


def due_words(given: Due) -> str:
    """By when, in the time of whoever is called and in UTC; else why there is no date."""
    return given.open if given.utc is None else " = ".join(filter(None, (given.local, given.utc)))


def _owners(package: Package, given: Answer) -> Table:
    found = given.found
    heads = (Column("What"), Column("Where it happened"), Column("Sending unit"))
    rows = tuple(
        Row((
            (Text(OWNED_WORDS[name]),),
            references(package, [found.owners[name]] if name in found.owners else []),
            references(package, [found.sending_owners[name]] if name in found.sending_owners else []),
        ))
        for name in OWNED
    )  # fmt: skip
    return Table(heads, rows)


def _why(package: Package, given: Answer) -> Iterator[Block]:
    """The rows that cover it, the limits, and what was read conservatively or not at all."""
    found = given.found
    if found.rows:
        heads = (Column("Row"), Column("Class"), Column("Because"))
        rows = tuple(
            Row((
                (reference(package, one.row.id),),
                (Text(class_words(one.row.deviation_class)),),
                (Text(one.because),),
            ))
            for one in found.rows
        )  # fmt: skip
        yield Table(heads, rows, "Rows that cover it; the first decides")
    limits = found.limits
    if limits is not None:
        named = (("Normal operating range", limits.normal), ("Proven acceptable range", limits.proven))
        facts = [*named, ("Edge of failure", limits.edge)]
        yield Facts(tuple((name, (Text(bounds.words),)) for name, bounds in facts if bounds))
    if given.open:
        yield Callout("warning", "Not computable", (Bullets(tuple((Text(one),) for one in given.open)),))
    if given.remarks:
        yield Bullets(tuple((Text(one),) for one in given.remarks))
