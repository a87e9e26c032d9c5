"""What each party wants, what gives way to what, and the decisions taken, who lost by them included."""

from collections.abc import Iterable, Sequence
from datetime import date

from ttpack.analysis.disputes import is_taken
from ttpack.analysis.objectives import conflicts, has_actual, objective_party, shared_objectives
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.model.governance import Decision, Objective
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Break,
    Callout,
    Chip,
    Column,
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
)
from ttpack.views.record import inlines, plain_prose
from ttpack.views.words import chip, inlines_of_date, reference, references, words

TOPICS = ("speed", "yield", "cost", "capacity", "robustness", "quality", "compliance", None)
FILTER_FROM = 10


def objectives_page(package: Package, as_of: date) -> Page | None:
    """Objectives side by side, the shared outcome, conflicts with their priority, the log of decisions."""
    items, decisions = package.in_force(Objective), package.in_force(Decision)
    if not items and not decisions:
        return None
    blocks: list[Block] = []
    if items:
        blocks += [_shared(package, as_of), _side_by_side(package, items)]
        blocks += _conflicts(package)
    if decisions:
        blocks.append(Section("Decisions", (_log(package, decisions),)))
    return Page(
        "objectives", "Objectives and decisions", tuple(blocks), "Governance", "Who wants what, and who gave way."
    )


def _shared(package: Package, as_of: date) -> Callout:
    """The outcome that both parties measure, with where it stands."""
    shared = shared_objectives(package)
    if not shared:
        words = "Neither party has said which outcome both of them measure."
        return Callout("warning", "No shared outcome", (Paragraph((Text(words),)),))
    rows = tuple(
        Row((
            (Link(item.id, item.name, item.id),), inlines(package, item.metric or ""), _target(package, item),
            inlines(package, item.actual or "none yet"), inlines_of_date(item.actual_on),
        ))
        for item in shared
    )  # fmt: skip
    heads = ("Shared outcome", "Metric", "Target", "Actual", "Read on")
    table = Table(tuple(map(Column, heads)), rows, "Outcomes that both parties share")
    measured = any(has_actual(item, as_of) for item in shared)
    if measured:
        return Callout("success", "What both parties measure", (table,))
    return Callout("warning", "Shared, but without an actual as a number", (table,))


def _target(package: Package, item: Objective) -> Inlines:
    if item.target:
        return inlines(package, item.target)
    return inlines(package, item.target_value) if item.target_value else (Chip("no target", "bad"),)


def _side_by_side(package: Package, items: Sequence[Objective]) -> Section:
    """A row for each topic, a column for each party."""
    by_place: dict[tuple[str | None, str], list[Objective]] = {}
    for item in items:
        by_place.setdefault((item.topic, objective_party(package, item) or ""), []).append(item)
    parties = [(party, text.capitalize()) for party, text in PARTY_NAMES.items()]
    parties += [("", "Of neither")] if any(not party for _, party in by_place) else []
    given = {topic for topic, _ in by_place}
    rows = tuple(
        Row((
            (Strong((topic or "no topic").capitalize()),),
            *(_objectives(package, by_place.get((topic, party), ())) for party, _ in parties),
        ))
        for topic in TOPICS
        if topic in given
    )  # fmt: skip
    columns = (Column("Topic"), *(Column(text) for _, text in parties))
    return Section("What each party wants", (Table(columns, rows, "Objectives of both parties, side by side"),))


def _objectives(package: Package, items: Iterable[Objective]) -> Inlines:
    found: list[Inline] = []
    for item in items:
        found += [Break()] if found else []
        found += [Link(item.id, item.name, item.id), Break(), Text(plain_prose(package, item.metric or "no metric"))]
        found += [Text(": "), *_target(package, item)]
        found += [Text(" "), Chip("shared", "good")] if item.shared else []
    return tuple(found) or (Text("—"),)


def _conflicts(package: Package) -> list[Block]:
    pairs = conflicts(package)
    if not pairs:
        return []
    rows = []
    for one in pairs:
        notes = [
            text for record in (one.first, one.second)
            if (item := package.get(record, Objective)) and (text := item.conflict_note)
        ]  # fmt: skip
        agreed: list[Inline] = [] if one.priorities else [Chip("not agreed", "bad")]
        for text in one.priorities:
            agreed += [Break()] if agreed else []
            agreed.append(Text(plain_prose(package, text)))
        rows.append(
            Row((
                (reference(package, one.first),), (reference(package, one.second),), tuple(agreed),
                (Text(plain_prose(package, " ".join(notes))),),
            ))
        )  # fmt: skip
    heads = ("Objective", "Conflicts with", "Agreed priority", "Why they conflict")
    return [Section("Conflicts", (Table(tuple(map(Column, heads)), tuple(rows), "What gives way to what"),))]


def _log(package: Package, decisions: Sequence[Decision]) -> Table:
    """Newest first; what is being prepared stands before all."""
    ordered = sorted(decisions, key=lambda one: one.id)
    ordered.sort(key=lambda one: one.decided_on or date.max, reverse=True)
    rows = tuple(
        Row((
            (Link(one.id, one.name, one.id), *_kind(one)), _when(one), _outcome(package, one),
            _lost(package, one), inlines(package, one.why or ""), references(package, one.deciders),
            references(package, one.affected),
        ))
        for one in ordered
    )  # fmt: skip
    heads = ("Decision", "Decided", "Outcome", "Who gave way", "Why", "Decided by", "Affects")
    columns = tuple(map(Column, heads))
    return Table(columns, rows, "Decisions, newest first", filterable=len(decisions) > FILTER_FROM)


def _kind(one: Decision) -> Inlines:
    return (Break(), Text(words(one.decision_type))) if one.decision_type else ()


def _when(one: Decision) -> Inlines:
    if not is_taken(one):
        return chip(one.status, "warning")
    return inlines_of_date(one.decided_on) or (Chip("no date", "warning"),)


def _outcome(package: Package, one: Decision) -> Inlines:
    """The question, what was chosen, and what else there was to choose."""
    found: list[Inline] = []
    if one.question:
        found += [Text(plain_prose(package, one.question)), Break()]
    found.append(Strong(plain_prose(package, one.chosen)) if one.chosen else Chip("nothing chosen", "warning"))
    others = [option for option in one.options if option != one.chosen]
    if others:
        found.append(Text(f", not {plain_prose(package, '; '.join(others))}"))
    return tuple(found)


def _lost(package: Package, one: Decision) -> Inlines:
    """The objective that lost, that which won, and what was agreed for it."""
    if not (one.objective_favoured or one.objective_disfavoured):
        return ()
    found: list[Inline] = []
    for record_id, text in ((one.objective_disfavoured, " gave way"), (one.objective_favoured, " came first")):
        found += [Break()] if found else []
        if record_id is None:
            found.append(Chip(f"nobody says what{text}", "warning"))
            continue
        objective = package.get(record_id, Objective)
        party = PARTY_NAMES.get(objective_party(package, objective) or "", "") if objective else ""
        found += [reference(package, record_id), Text(f" ({party}){text}" if party else text)]
    if one.agreement:
        found += [Break(), Text(plain_prose(package, one.agreement))]
    return tuple(found)
