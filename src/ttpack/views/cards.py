"""A card for each unit operation at the plant: limits, what leaving them is called, what to do, whom to call."""

from collections.abc import Iterator, Sequence
from typing import Final

from ttpack.analysis.deviations.answer import words as class_words
from ttpack.analysis.deviations.book import ParameterEntry, Row, Rulebook
from ttpack.analysis.deviations.classify import CALL
from ttpack.analysis.deviations.escalation_book import ESCALATED
from ttpack.analysis.deviations.limits import INTERVALS, Bounds, Limits
from ttpack.analysis.deviations.matching import row_covers_parameter
from ttpack.analysis.escalation import EscalationPath, Escalations
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import UnitOperation
from ttpack.model.quantity import Range
from ttpack.views.blocks import (
    Block,
    Bullets,
    Cell,
    Column,
    Inline,
    Inlines,
    Link,
    Page,
    Paragraph,
    Section,
    Strong,
    Table,
    Text,
)
from ttpack.views.blocks import Row as TableRow
from ttpack.views.classification import OWNED_WORDS, SPONSOR_WORDS
from ttpack.views.drift_words import SHORT, SLUG, called_or_nobody, in_lines, scope_words, term_words
from ttpack.views.words import reference

GRAVEST_FIRST: Final = {"CPP": 0, "WC-CPP": 1, "KPP": 2}
CARDS: Final = "Cards for the plant"
AGREED_AT: Final = "G2"
"""The gate by which both parties agree on the classification (model.md, "Required by gate")."""


def card_page(package: Package, unit: UnitOperation, book: Rulebook, escalations: Escalations) -> Page | None:
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
    blocks.append(Paragraph((Text(_statement(book, own, _carded(package))),)))
    title = f"Card: {unit.name}"
    summary = f"{unit.id}, revision {book.revision_text}, as of {book.as_of}. Uncontrolled when printed."
    return Page(f"card-{unit.id.lower()}", title, tuple(blocks), CARDS, summary)


def _carded(package: Package) -> tuple[str, ...]:
    """The sites that cards are for: those past the gate at which the classification is agreed, else all."""
    gates = package.manifest.gates
    running = tuple(site for site in package.receiving_sites if gates.get(site, "G0") >= AGREED_AT)
    return running or package.receiving_sites or package.sending_sites


def _statement(book: Rulebook, own: dict[str, ParameterEntry], sites: Sequence[str]) -> str:
    """What every card says of its agreement, as far as all rows bear it out."""
    pending = sorted({entry.pending for entry in own.values() if entry.pending})
    if pending:
        return f"Not agreed for every parameter here: {'; '.join(pending)}. {CALL}"
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
    yield _limits_table(package, own, limits)
    rows = [row for row in book.rows if row.site in (None, site) and row.event is None and row.intervals]
    covering = [row for row in rows if any(_reaches(row, name, own[name], limits[name]) for name in own)]
    yield _drifting(covering, own, site, book)
    yield from _remarks(own, limits)
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
    yield from _owners(package, covering)


def _remarks(own: dict[str, ParameterEntry], limits: dict[str, Limits]) -> Iterator[Block]:
    """How limits were read, and for which parameters; what else has rows, and who owns what."""
    about: dict[str, list[str]] = {}
    for name, entry in own.items():
        for one in (*limits[name].remarks, *([entry.pending] if entry.pending else [])):
            about.setdefault(one, []).append(entry.label)
    ruler = (
        Text("Events, repeats and several at once have rows of their own: "),
        Link(SLUG, "When it drifts"),
        Text("."),
    )
    yield Bullets((*((Text(f"{', '.join(labels)}: {one}"),) for one, labels in about.items()), ruler))


def _owners(package: Package, rows: list[Row]) -> Iterator[Block]:
    """Who owns what, where all rows agree on it; else where to look."""
    given = {tuple(sorted(row.owners.items())) for row in rows if row.owners}
    if len(given) == 1:
        [owners] = given
        said: list[Inline] = [Strong("Owners: ")]
        for place, (task, role) in enumerate(owners):
            said += [Text(f"{'; ' if place else ''}{OWNED_WORDS[task].lower()} "), reference(package, role)]
        yield Paragraph(tuple(said))
    elif given:
        yield Paragraph((Strong("Owners: "), Text("they differ by row; see "), Link(SLUG, "When it drifts"), Text(".")))


def _reaches(row: Row, name: str, entry: ParameterEntry, limits: Limits) -> bool:
    return row_covers_parameter(row, name, entry.classification) and bool({*row.intervals} & {*limits.reachable})


def _limits_table(package: Package, own: dict[str, ParameterEntry], limits: dict[str, Limits]) -> Table:
    general = {name: record.ranges for name in own if (record := package.get(name, ProcessParameter))}
    rows = tuple(
        TableRow(
            (
                (Link(name, entry.label, name),),
                (Text(entry.classification or ""),),
                _bounds(limits[name].normal, general[name].normal_operating),
                _bounds(limits[name].proven, general[name].proven_acceptable),
                _bounds(limits[name].edge, general[name].edge_of_failure),
            )
        )
        for name, entry in own.items()
    )
    heads = ("Parameter", "Class", "Normal range", "Proven range", "Edge of failure")
    return Table(tuple(Column(head) for head in heads), rows, "Limits here")


def _bounds(given: Bounds | None, general: Range | None) -> Cell:
    if given:
        return (Text(given.words),)
    return (Text("none that holds here" if general and general.numeric else "none stated"),)


def _drifting(rows: list[Row], own: dict[str, ParameterEntry], site: str, book: Rulebook) -> Table:
    order: dict[str, int] = {name: place for place, name in enumerate(INTERVALS)}
    listed = sorted(rows, key=lambda row: (order[row.intervals[0]], row.classes, row.duration_words, row.id))
    cells = tuple(
        TableRow(
            (
                (Text(" or ".join(SHORT[name] for name in row.intervals)),),
                (Text(_of(row, own)),),
                (Text(scope_words(row, book)),),
                _called_there(row, site, book),
                in_lines(row.actions),
                (Text(SPONSOR_WORDS.get(row.sponsor_role or "", "not said")),),
            )
        )
        for row in listed
    )
    heads = ("The value is", "Of", "For and in", "Call it", "Do this", "Who decides")
    return Table(tuple(Column(head) for head in heads), cells, "When it drifts")


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
    local = (Text(f"troubleshoot here for at most {path.local.words}; "),) if path.local else ()
    found: list[Inline] = []
    for level in dict.fromkeys(filter(None, (path.levels[0], deciding))):
        found += [Text("; " if found else ""), Text("decides: " if level.decides else "call ")]
        for place, one in enumerate(level.called):
            found += [Text(" and " if place else ""), *called_or_nobody(package, one)]
        found.append(Text(f" within {level.clock.words}"))
    return (*local, *found)


def _called_there(row: Row, site: str, book: Rulebook) -> Inlines:
    term, words = term_words(row, site, book), class_words(row.deviation_class)
    return (Strong(term), Text(f", {words}")) if term else (Text(words),)
