"""When it drifts: the ruler, the agreed rows as tables, and a card for each unit operation that stands at the plant."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Final

from ttpack.analysis.deviations.answer import words as class_words
from ttpack.analysis.deviations.book import EVENT_WORDS, Row, Rulebook
from ttpack.analysis.deviations.escalation_book import ESCALATED
from ttpack.analysis.deviations.limits import INTERVALS
from ttpack.analysis.deviations.rulebook import rulebook
from ttpack.analysis.escalation import EscalationPath, Escalations
from ttpack.model.json_text import dumps
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Break,
    Callout,
    Column,
    Inline,
    Inlines,
    Instrument,
    Page,
    Paragraph,
    Section,
    Strong,
    Table,
    Text,
)
from ttpack.views.blocks import Row as TableRow
from ttpack.views.cards import card_page
from ttpack.views.classification import SPONSOR_WORDS
from ttpack.views.drift_words import SECTION, SHORT, SLUG, called_or_nobody, in_lines, scope_words, term_words
from ttpack.views.words import chip, reference, references

MOST_DATA: Final = 4_000_000
"""Characters of data that a page carries for the ruler; a larger package is asked by command."""


def drift_pages(package: Package, as_of: date) -> list[Page]:
    """The page of the ruler and a card for each unit operation; none where nothing is agreed and no clock stated."""
    book = rulebook(package, as_of)
    if not book.rows:
        return []
    escalations = Escalations(package, as_of)
    pages = [_drift_page(package, book, escalations)]
    pages += [page for unit in package.unit_operations if (page := card_page(package, unit, book, escalations))]
    return pages


def _drift_page(package: Package, book: Rulebook, escalations: Escalations) -> Page:
    data = dumps(book.as_json(), indent=None)
    shown = Paragraph((Text(
        "With scripts this page answers for one value or event. The tables below say the same."
        if len(data) <= MOST_DATA
        else "This package is too large to be asked in a page: use ttpack classify. The tables below say the same."
    ),))  # fmt: skip
    ruler: Block = Instrument("ruler", data, (shown,)) if len(data) <= MOST_DATA else shown
    parameters = [row for row in book.rows if row.event is None]
    events = [row for row in book.rows if row.event is not None]
    blocks: list[Block] = [ruler]
    if parameters:
        blocks.append(Section("A parameter out of its range", (_rows_table(package, parameters, book),)))
    if events:
        blocks.append(Section("Events, repeats and what comes together", (_rows_table(package, events, book),)))
    blocks.append(Section("Whom to call by when", tuple(_matrix(package, book, escalations))))
    summary = "Is it a deviation, of what class in whose terms, who owns it, and who is called by when."
    return Page(SLUG, "When it drifts", tuple(blocks), SECTION, summary)


def _rows_table(package: Package, rows: Iterable[Row], book: Rulebook) -> Table:
    heads = ("Row", "What", "Where and when", "Class", "Called", "Do this", "Who decides", "Notify")
    order: dict[str, int] = {name: place for place, name in enumerate(INTERVALS)}
    listed = sorted(
        rows, key=lambda row: (row.event or "", row.classes, row.parameters, order.get(row.intervals[0], 9) if
                               row.intervals else 9, row.id),
    )  # fmt: skip
    cells = tuple(
        TableRow(
            (
                (reference(package, row.id),),
                (Text(_what(row)),),
                (Text(scope_words(row, book)),),
                chip(class_words(row.deviation_class)),
                _terms(row, book),
                in_lines(row.actions),
                (Text(SPONSOR_WORDS.get(row.sponsor_role or "", "not said")),),
                references(package, row.notify),
            )
        )
        for row in listed
    )
    return Table(tuple(Column(head) for head in heads), cells, "Agreed rows", filterable=len(cells) > 10)  # noqa: PLR2004


def _what(row: Row) -> str:
    if row.event is not None:
        return EVENT_WORDS.get(row.event, row.event)
    of = ", ".join((*row.classes, *row.parameters)) or "any parameter"
    but = f" (not {', '.join(row.except_parameters)})" if row.except_parameters else ""
    where = " or ".join(SHORT[name] for name in row.intervals)
    return f"{of}{but} {'anywhere' if len(row.intervals) == len(INTERVALS) else where}"


def _terms(row: Row, book: Rulebook) -> Inlines:
    """What each site calls it, where the row counts: as the row says, else the site's own term for the class."""
    found: list[Inline] = []
    for site, entry in book.sites.items():
        term = term_words(row, site, book) if row.site in (None, site) or entry.party == "sending" else ""
        if term:
            found += [*([Break()] if found else []), Strong(term), Text(f" at {entry.label}")]
    return tuple(found)


def _matrix(package: Package, book: Rulebook, escalations: Escalations) -> Iterator[Block]:
    """The way up for each class; stages and sites that have the same way stand together."""
    for deviation_class in ESCALATED:
        ways: dict[tuple[str, ...], list[tuple[str, str]]] = {}
        paths: dict[tuple[str, ...], EscalationPath] = {}
        for site in book.sites:
            for stage in book.stages:
                path = escalations.path(deviation_class, stage, site)
                key = tuple(rule for rule, _ in path.rules) if path.rules else ("",)
                ways.setdefault(key, []).append((stage, site))
                paths.setdefault(key, path)
        for key, cells in ways.items():
            title = class_words(deviation_class).capitalize()
            whole = len(cells) == len(book.sites) * len(book.stages)
            said = title if whole else f"{title}: {_cells(cells, book)}"
            yield Section(said, tuple(way_up(package, paths[key])))


def _cells(cells: list[tuple[str, str]], book: Rulebook) -> str:
    stages = ", ".join(book.stages[one] for one in dict.fromkeys(stage for stage, _ in cells))
    return f"{stages} at {', '.join(dict.fromkeys(site for _, site in cells))}"


def way_up(package: Package, path: EscalationPath) -> Iterator[Block]:
    """The levels of one way up as a table, and what it does not say."""
    if path.local is not None:
        yield Paragraph((Text(f"Local troubleshooting: at most {path.local.words}, then level 1."),))
    rows = tuple(
        TableRow(
            (
                (Text(f"{level.level}{', decides' if level.decides else ''}"),),
                (Text(level.clock.words),),
                called_or_nobody(package, level.receiving),
                called_or_nobody(package, level.sending),
                called_or_nobody(package, level.fallback),
                (Text(level.channel or ""),),
            )
        )
        for level in path.levels
    )
    if rows:
        heads = ("Level", "Within", "Receiving unit", "Sending unit", "Where nobody answers", "How")
        yield Table(tuple(Column(head) for head in heads), rows, "Whom to call")
    said = [one for one in (path.ambiguous, *path.open) if one]
    if said:
        yield Callout("warning", "Not said", (Paragraph((Text("; ".join(said)),)),))
