"""When it drifts: the ruler, the agreed rows as tables, and a card for each unit operation that stands at the plant."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Final

from ttpack.analysis.deviations.answer import words as class_words
from ttpack.analysis.deviations.book import EVENT_WORDS, ParameterEntry, Row, Rulebook
from ttpack.analysis.deviations.classify import CALL, NO_DEVIATION
from ttpack.analysis.deviations.escalation_book import ESCALATED
from ttpack.analysis.deviations.limits import INTERVALS, Bounds, Limits
from ttpack.analysis.deviations.matching import row_covers_parameter
from ttpack.analysis.deviations.rulebook import rulebook
from ttpack.analysis.escalation import Called, EscalationPath, Escalations
from ttpack.model.json_text import dumps
from ttpack.model.package import Package
from ttpack.model.process import UnitOperation
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Callout,
    Cell,
    Column,
    Inline,
    Inlines,
    Instrument,
    Link,
    Page,
    Paragraph,
    Section,
    Strong,
    Table,
    Text,
)
from ttpack.views.blocks import Row as TableRow
from ttpack.views.classification import SPONSOR_WORDS
from ttpack.views.words import chip, reference, references

SECTION: Final = "When it drifts"
SLUG: Final = "when-it-drifts"
MOST_DATA: Final = 4_000_000
"""Characters of data that a page carries for the ruler; a larger package is asked by command."""
AGREED_AT: Final = "G2"
"""The gate by which both parties agree on the classification (model.md, "Required by gate")."""
GRAVEST_FIRST: Final = {"CPP": 0, "WC-CPP": 1, "KPP": 2}
SHORT: Final = {
    "inside_nor": "inside the normal range", "nor_to_par": "between normal and proven range",
    "outside_par": "outside the proven range", "beyond_edge_of_failure": "beyond the edge of failure",
}  # fmt: skip


def drift_pages(package: Package, as_of: date) -> list[Page]:
    """The page of the ruler and a card for each unit operation; none where nothing is agreed and no clock stated."""
    book = rulebook(package, as_of)
    if not book.rows:
        return []
    escalations = Escalations(package, as_of)
    pages = [_drift_page(package, book, escalations)]
    pages += [page for unit in package.unit_operations if (page := _card(package, unit, book, escalations))]
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
                (Text(_scope(row, book)),),
                chip(class_words(row.deviation_class)),
                _terms(row, book),
                _lines(row.actions),
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


def _scope(row: Row, book: Rulebook) -> str:
    stages = ", ".join(book.stages.get(one, one) for one in row.stages) or "every stage"
    site = f", only at {book.sites[row.site].label if row.site in book.sites else row.site}" if row.site else ""
    duration = row.duration_open or row.duration_words or "any duration"
    return f"{duration}; {stages}{site}"


def _terms(row: Row, book: Rulebook) -> Inlines:
    """What each site calls it, where the row counts: as the row says, else the site's own term for the class."""
    found: list[Inline] = []
    for site, entry in book.sites.items():
        term = _term(row, site, book) if row.site in (None, site) or entry.party == "sending" else ""
        if term:
            found += [*([Break()] if found else []), Strong(term), Text(f" at {entry.label}")]
    return tuple(found)


def _lines(items: Iterable[str]) -> Inlines:
    found: list[Inline] = []
    for one in items:
        found += [Break()] if found else []
        found.append(Text(one))
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
                _called(package, level.receiving),
                _called(package, level.sending),
                _called(package, level.fallback),
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


def _called(package: Package, one: Called | None) -> Inlines:
    if one is None:
        return (Text("nobody"),)
    people = [Link(person.id, person.label, person.id) for person in one.who.people]
    found: list[Inline] = [reference(package, one.who.id)]
    for person in people:
        found += [Text(": " if len(found) == 1 else ", "), person]
    return tuple(found) if people else (*found, Text(f": {one.who.why_nobody}"))


def _card(package: Package, unit: UnitOperation, book: Rulebook, escalations: Escalations) -> Page | None:
    """What stands at the plant: the limits of each parameter, what leaving them is called, what to do, whom to call."""
    held = [(name, entry) for name, entry in book.parameters.items() if entry.unit_operation == unit.id]
    own = dict(sorted(held, key=lambda one: (GRAVEST_FIRST.get(one[1].classification or "", 9), one[1].label)))
    if not own:
        return None
    blocks: list[Block] = [
        Section(book.sites[site].label, tuple(_card_of(package, own, site, book, escalations)))
        for site in _carded(package)
        if site in book.sites
    ]
    blocks.append(Paragraph((Text(_statement(book, _carded(package))),)))
    title = f"Card: {unit.name}"
    summary = f"{unit.id}, revision {book.revision_text}, as of {book.as_of}. Uncontrolled when printed."
    return Page(f"card-{unit.id.lower()}", title, tuple(blocks), SECTION, summary)


def _carded(package: Package) -> tuple[str, ...]:
    """The sites that cards are for: those past the gate at which the classification is agreed, else all."""
    gates = package.manifest.gates
    running = tuple(site for site in package.receiving_sites if gates.get(site, "G0") >= AGREED_AT)
    return running or package.receiving_sites or package.sending_sites


def _statement(book: Rulebook, sites: Sequence[str]) -> str:
    """What every card says of its agreement, as far as all rows bear it out."""
    against = sorted({why for row in book.rows for site in (*sites, "") if (why := row.against(site))})
    if against:
        return f"Classification not agreed by both QAs: {'; '.join(against)}. {CALL}"
    days = sorted({row.agreed_on for row in book.rows if row.agreed_on})
    when = days[0] if len(days) == 1 else f"{days[0]} to {days[-1]}"
    return f"Initial classification agreed by both QAs on {when}, revision {book.revision_text}. {CALL}"


def _card_of(
    package: Package, own: dict[str, ParameterEntry], site: str, book: Rulebook, escalations: Escalations
) -> Iterator[Block]:
    limits = {name: book.limits_of(name, site) for name in own}
    yield _limits_table(own, limits)
    rows = [row for row in book.rows if row.site in (None, site) and row.event is None and row.intervals]
    covering = [row for row in rows if any(_reaches(row, name, own[name], limits[name]) for name in own)]
    yield _drifting(covering, own, site, book)
    remarks = dict.fromkeys(one for given in limits.values() for one in given.remarks)
    if remarks:
        yield Bullets(tuple((Text(one),) for one in remarks))
    for deviation_class in ESCALATED:
        stages: dict[tuple[str, ...], list[str]] = {}
        paths: dict[tuple[str, ...], EscalationPath] = {}
        for stage in book.stages:
            path = escalations.path(deviation_class, stage, site)
            key = tuple(rule for rule, _ in path.rules)
            stages.setdefault(key, []).append(book.stages[stage])
            paths[key] = path
        for key, path in paths.items():
            where = f" ({', '.join(stages[key])})" if len(paths) > 1 else ""
            words = f"{class_words(deviation_class).capitalize()}{where}: "
            yield Paragraph((Strong(words), *_calls_in_line(package, path)))


def _reaches(row: Row, name: str, entry: ParameterEntry, limits: Limits) -> bool:
    return row_covers_parameter(row, name, entry.classification) and bool({*row.intervals} & {*limits.reachable})


def _limits_table(own: dict[str, ParameterEntry], limits: dict[str, Limits]) -> Table:
    rows = tuple(
        TableRow(
            (
                (Link(name, entry.label, name),),
                (Text(entry.classification or ""),),
                _bounds(limits[name].normal),
                _bounds(limits[name].proven),
                _bounds(limits[name].edge),
            )
        )
        for name, entry in own.items()
    )
    heads = ("Parameter", "Class", "Normal range", "Proven range", "Edge of failure")
    return Table(tuple(Column(head) for head in heads), rows, "Limits here")


def _bounds(given: Bounds | None) -> Cell:
    return (Text(given.words if given else "none stated"),)


def _drifting(rows: list[Row], own: dict[str, ParameterEntry], site: str, book: Rulebook) -> Table:
    order: dict[str, int] = {name: place for place, name in enumerate(INTERVALS)}
    listed = sorted(rows, key=lambda row: (order[row.intervals[0]], row.classes, row.duration_words, row.id))
    cells = tuple(
        TableRow(
            (
                (Text(" or ".join(SHORT[name] for name in row.intervals)),),
                (Text(_of(row, own)),),
                (Text(_scope(row, book)),),
                _called_there(row, site, book),
                _lines(row.actions),
                (Text(SPONSOR_WORDS.get(row.sponsor_role or "", "not said")),),
            )
        )
        for row in listed
    )
    heads = ("The value is", "Of", "For and in", "Call it", "Do this", "Who decides")
    return Table(tuple(Column(head) for head in heads), cells, "When it drifts")


def _called_there(row: Row, site: str, book: Rulebook) -> Inlines:
    term, words = _term(row, site, book), class_words(row.deviation_class)
    return (Strong(term), Text(f", {words}")) if term else (Text(words),)


def _term(row: Row, site: str, book: Rulebook) -> str:
    """What the site calls it: as the row says, else the site's own term for the class; empty for what is none."""
    mapped = sorted(term for term, found in book.sites[site].terms.items() if found == row.deviation_class)
    return row.site_terms.get(site) or next(iter(mapped), "" if row.deviation_class == NO_DEVIATION else "no term")


def _of(row: Row, own: dict[str, ParameterEntry]) -> str:
    if row.parameters:
        return ", ".join(own[name].label for name in row.parameters if name in own)
    held = {entry.classification for entry in own.values()}
    of = ", ".join(one for one in row.classes if one in held) or "every parameter"
    but = ", ".join(own[name].label for name in row.except_parameters if name in own)
    return f"{of}, but not {but}" if but else of


def _calls_in_line(package: Package, path: EscalationPath) -> Inlines:
    """The first level and the level that decides, in one line."""
    if not path.levels:
        return (Text("; ".join(path.open) or "no way up is stated"),)
    deciding = next((one for one in path.levels if one.decides), None)
    found: list[Inline] = []
    for level in dict.fromkeys(filter(None, (path.levels[0], deciding))):
        found += [Text("; " if found else ""), Text("decides: " if level.decides else "call ")]
        for place, one in enumerate(level.called):
            found += [Text(" and " if place else ""), *_called(package, one)]
        found.append(Text(f" within {level.clock.words}"))
    return tuple(found)
