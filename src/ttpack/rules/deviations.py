"""Rules on the agreed classification of deviations: total and unambiguous, in the terms of every site."""

from collections.abc import Iterator, Mapping
from typing import Final

from ttpack.analysis.deviations.book import CLASSES, EVENT_WORDS, Row
from ttpack.analysis.deviations.cells import (
    Coverage,
    Doubled,
    Missing,
    coverage,
    event_coverage,
    excursion_coverage,
)
from ttpack.analysis.deviations.classify import NO_DEVIATION, rank
from ttpack.analysis.deviations.excursion_time import duration_words
from ttpack.analysis.deviations.limits import INTERVAL_WORDS, NOT_STATED
from ttpack.analysis.deviations.matching import row_covers_parameter
from ttpack.analysis.placeholders import written
from ttpack.model.deviation import DeviationRule
from ttpack.model.facility import Site
from ttpack.model.findings import Place, Problem
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, Monitor, ProcessParameter
from ttpack.rules import deviation_owners
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import listed_words, site_name, site_place

__all__ = ["deviation_owners"]  # imported for the rule it registers

GRAVER: Final = ("repeat", "simultaneous", "unknown_duration")
"""Events that make an excursion of a parameter graver: DEV-06's."""
EVENTS: Final = tuple(one for one in EVENT_WORDS if one not in GRAVER)
"""Events without a parameter: DEV-05's."""
TERMED: Final = CLASSES[1:]
"""Classes that a site needs a term for."""
LEAST: Final = "major"
OUTSIDE: Final = ("outside_par", "beyond_edge_of_failure")


@rule(
    "DEV-01", COMPLETENESS, from_gate="G3", basis="Niazi: deviation thresholds",
    requires=("QTY-01", "QTY-02", "QTY-03"),
)  # fmt: skip
def deviation_not_classified_once(package: Package, context: Context) -> Iterator[Outcome]:
    """An excursion that can happen has no row of the classification, or two; or a row lacks class or sponsor's part.

    Every parameter class at every site is taken with each interval that its recorded ranges create there, every
    duration and every lifecycle stage; what no row tells apart is one finding.

    Why: what nobody classified is argued about at night, with the batch waiting; two rows are two answers.
    Resolve: add the row, or narrow one of two by except_parameters, duration, stages or site; give each row
    deviation_class and sponsor_role.
    """
    rules = package.in_force(DeviationRule)
    if not rules:
        return
    book = context.rulebook
    for one, row in zip(rules, book.rows, strict=True):
        yield from _incomplete(one, row)
    events = {one.event for one in book.rows if one.event in EVENT_WORDS}
    found = coverage(book)
    for missing in found.missing:
        yield _missing(package, context, missing)
    proofs = [excursion_coverage(book, one) if one in GRAVER else event_coverage(book, one) for one in sorted(events)]
    for doubled in (*found.doubled, *(one for proof in proofs for one in proof.doubled)):
        yield _doubled(package, context, doubled)
    yield from _unplaced(package, context)


def _incomplete(one: DeviationRule, row: Row) -> Iterator[Outcome]:
    if row.deviation_class is None:
        yield Problem(one.at("deviation_class"), f"{one.name} gives no class", site=one.site)
    if row.sponsor_role is None:
        yield Problem(one.at("sponsor_role"), f"{one.name} does not say what the sponsor's part is", site=one.site)
    if row.event is None and not row.intervals:
        yield Problem(one.at("interval"), f"{one.name} names no interval, so that it covers nothing", site=one.site)
    if row.duration_open:
        yield Problem(one.at("duration"), f"{one.name} cannot be compared: {row.duration_open}", site=one.site)
    elif row.duration and row.duration.empty:
        yield Problem(one.at("duration"), f"{one.name} covers no duration: its range is empty", site=one.site)


def _missing(package: Package, context: Context, given: Missing) -> Problem:
    stages = _stages(context, given.stages)
    classes = [f"{name} (such as {package.label(example)})" for name, example in given.examples.items()]
    where = f"at {site_name(package, given.site)}" if given.site else "at any site"
    lasting = f", lasting {duration_words(given.duration)}" if _limited(given) else ""
    interval = INTERVAL_WORDS.get(given.interval, given.interval)
    message = f"no row classifies a value {interval}{lasting}, {stages} {where}, of {listed_words(classes)}"
    return Problem(_place(package, given.site), message, site=given.site)


def _limited(given: Missing) -> bool:
    return given.duration.low != 0 or given.duration.high is not None or not given.duration.low_inclusive


def _place(package: Package, site: str | None) -> Place:
    return site_place(package, site) if site else package.manifest.at()


def _stages(context: Context, given: tuple[str, ...]) -> str:
    every = context.rulebook.stages
    return "in any stage" if len(given) == len(every) else f"in stage {listed_words([every[one] for one in given])}"


def _doubled(package: Package, context: Context, given: Doubled) -> Problem:
    record = package.records[given.second]
    more = f" and {given.others} more" if given.others else ""
    both = f"{record.name} and {package.label(given.first)} ({given.first}){more}"
    about = EVENT_WORDS[given.event] if given.event else f"a value {INTERVAL_WORDS[given.interval]}"
    example = f" of {package.label(given.example)}" if given.example else ""
    when = f"lasting {duration_words(given.duration)}, in stage {context.rulebook.stages[given.stage]}"
    message = f"{both} both classify {about}{example}, {when}, at {site_name(package, given.site)}"
    site = record.site if isinstance(record, DeviationRule) else None
    return Problem(record.at(), message, site=site)


def _unplaced(package: Package, context: Context) -> Iterator[Outcome]:
    """Parameters with ranges that cannot be read at a site: nobody can tell which cells there are."""
    book = context.rulebook
    for name, entry in book.parameters.items():
        for site in book.sites if entry.at else [""]:
            found = book.limits[entry.at.get(site, entry.limits)]
            if found.open and found.open != NOT_STATED:
                where = f" at {site_name(package, site)}" if site else ""
                yield NotComputable(Place(name, "ranges"), f"{entry.label}{where}: {found.open}")


@rule("DEV-02", COMPLETENESS, from_gate="G2", basis="Niazi: sponsors and CDMOs disagree")
def deviation_terms_not_mapped(package: Package, context: Context) -> Iterator[Outcome]:
    """A site's own term for deviations stands for no one class of the package, or a class has no term at a site.

    Why: a site that calls it "Level 2" and a sponsor that reads "minor" have agreed on nothing.
    Resolve: map each term of the site's procedure to one class in deviation_terms, and use these terms in the rows.
    """
    del context
    rules = package.in_force(DeviationRule)
    if not rules:
        return
    for name in dict.fromkeys((*package.sending_sites, *package.receiving_sites)):
        site = package.get(name, Site)
        if site is None or not site.in_force:
            continue
        here = site.id if site.id in package.receiving_sites else None
        if not site.deviation_terms:
            yield Problem(site.at("deviation_terms"), f"{site_name(package, name)} maps no term to a class", site=here)
            continue
        yield from _terms(package, site, here)
        yield from _terms_of_rows(package, site, here, rules)


def _terms(package: Package, site: Site, here: str | None) -> Iterator[Outcome]:
    label = site_name(package, site.id)
    meant: dict[str, str] = {}
    for term, found in sorted(site.deviation_terms.items()):
        place = site.at(f"deviation_terms.{term}")
        former = meant.setdefault(_plain(term), found)
        if found not in TERMED:
            yield Problem(place, f'"{term}" of {label} stands for {found[:60]!r}, which is no class', site=here)
        elif former != found:
            yield Problem(place, f'"{term}" of {label} stands for {former} and for {found}', site=here)
    missing = [one for one in TERMED if one not in site.deviation_terms.values()]
    for one in missing:
        yield Problem(site.at("deviation_terms"), f"{label} has no term for the class {one}", site=here)


def _terms_of_rows(
    package: Package, site: Site, here: str | None, rules: tuple[DeviationRule, ...]
) -> Iterator[Outcome]:
    """Terms that rows use and the site does not map, unless the class has no term there at all, which is said."""
    known = {_plain(term) for term in site.deviation_terms}
    mapped = set(site.deviation_terms.values())
    for one in rules:
        term = one.site_terms.get(site.id)
        if term is None or one.deviation_class in (None, NO_DEVIATION) or _plain(term) in known:
            continue
        if one.deviation_class in mapped:
            label = site_name(package, site.id)
            message = f'{one.name} calls it "{term[:60]}" at {label}, which maps that term to no class'
            yield Problem(one.at(f"site_terms.{site.id}"), message, site=here)


def _plain(term: str) -> str:
    return " ".join(term.split()).casefold()


@rule("DEV-03", CONSISTENCY, basis="practice; A-Mab T5.22 severity", waivable=False)
def critical_excursion_classed_below_major(package: Package, context: Context) -> Iterator[Outcome]:
    """A row classes a critical parameter outside its proven range below major.

    Why: outside the proven range nobody has shown that the quality attribute holds.
    Resolve: class it major or critical, or except the parameters that are not critical in a row of their own.
    """
    rules = package.in_force(DeviationRule)
    if not rules:
        return
    critical = [one for one in package.parameters if one.classification in CRITICAL]
    for one, row in zip(rules, context.rulebook.rows, strict=True):
        outside = [name for name in OUTSIDE if name in row.intervals]
        if row.event is not None or not outside or row.deviation_class is None:
            continue
        if rank(row.deviation_class, CLASSES) >= CLASSES.index(LEAST):
            continue
        example = next((each for each in critical if row_covers_parameter(row, each.id, each.classification)), None)
        if example is not None or (not row.parameters and CRITICAL & set(row.classes)):
            about = f"such as {example.name}" if example else f"of class {min(CRITICAL & set(row.classes))}"
            said = row.deviation_class.replace("_", " ")
            message = f"{one.name} classes a critical parameter ({about}) {INTERVAL_WORDS[outside[0]]} as {said}"
            yield Problem(one.at("deviation_class"), message, site=one.site)


@rule("DEV-05", COMPLETENESS, from_gate="G3", basis="Niazi: deviation thresholds; EU GMP 1.4; ICH Q7 2.16")
def event_without_parameter_not_classified(package: Package, context: Context) -> Iterator[Outcome]:
    """An event without a parameter has no row: procedure, documentation, equipment, material, environment, data, OOS.

    Why: most deviations are no number; without a row for them the classification ends where the trouble begins.
    Resolve: add a deviation rule with applies_to: event for it, in every stage and at every site.
    """
    if not package.in_force(DeviationRule):
        return
    for event in EVENTS:
        yield from _uncovered(package, context, event, event_coverage(context.rulebook, event))


@rule("DEV-06", COMPLETENESS, from_gate="G3", basis="ICH Q10")
def excursion_not_measured_or_combined(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical parameter names no measurement of record; or repeat, simultaneous or unknown duration lack a row.

    A deviation of unknown length is taken to have lasted since the last in-range reading.

    Why: two instruments and no rule between them are two stories; what happens twice is no longer the same.
    Resolve: say monitor.measurement_of_record, and add rows with event: repeat, simultaneous and unknown_duration.
    """
    for parameter in package.parameters:
        if parameter.classification in CRITICAL:
            yield from _not_of_record(parameter)
    if package.in_force(DeviationRule):
        for event in GRAVER:
            yield from _uncovered(package, context, event, excursion_coverage(context.rulebook, event))


def _not_of_record(parameter: ProcessParameter) -> Iterator[Outcome]:
    """A monitor that is not said to be the measurement of record; PRM-11 asks for the monitor itself."""
    monitor = parameter.monitor
    if monitor is None or not written(monitor.method if isinstance(monitor, Monitor) else monitor):
        return
    if not isinstance(monitor, Monitor) or not monitor.measurement_of_record:
        message = f"{parameter.classification} {parameter.name} does not say which measurement is the one of record"
        yield parameter.at("monitor.measurement_of_record"), message


def _uncovered(package: Package, context: Context, event: str, found: Coverage) -> Iterator[Outcome]:
    """One finding for each event and site: where nothing at all covers it, and where part is left open."""
    by_site: dict[str | None, list[Missing]] = {}
    for one in found.missing:
        by_site.setdefault(one.site, []).append(one)
    for site, missing in by_site.items():
        stages = dict.fromkeys(stage for one in missing for stage in one.stages)
        ordered = tuple(one for one in context.rulebook.stages if one in stages)
        where = f"at {site_name(package, site)}" if site else "at any site"
        names: Mapping[str, str] = {name: each for one in missing for name, each in one.examples.items() if each}
        classes = f", of {listed_words([f'{name} (such as {package.label(names[name])})' for name in sorted(names)])}"
        lasting = f", lasting {duration_words(missing[0].duration)}" if _limited(missing[0]) else ""
        about = f"{EVENT_WORDS[event]}{lasting}, {_stages(context, ordered)} {where}{classes if names else ''}"
        yield Problem(_place(package, site), f"no row of the classification covers {about}", site=site)
