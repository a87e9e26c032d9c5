"""Runs of a document: what was run, what came out, which values left their ranges, what was concluded."""

from dataclasses import replace

from ttpack.model.execution import Run
from ttpack.views.blocks import Block, Column, Prose, Row, Section, Strong, Table, Text
from ttpack.views.documents.given import Given
from ttpack.views.documents.register import as_tables
from ttpack.views.prose_references import resolve
from ttpack.views.record import record_section
from ttpack.views.words import inlines_of_date, reference, words


def runs(given: Given) -> tuple[Block, ...]:
    """All runs in the order of their dates, then each: conclusions first, recorded values and excursions below."""
    found = sorted(given.of(Run), key=lambda one: (str(one.started_on or one.planned_on or ""), one.id))
    others = given.others(Run)
    rest = as_tables(replace(given, records=tuple(others))) if others else ()
    if not found:
        return rest
    overview = (_overview(given, found),) if len(found) > 1 else ()
    return (*overview, *(_run(given, one) for one in found), *rest)


def _overview(given: Given, found: list[Run]) -> Table:
    rows = tuple(
        Row(
            (
                (Strong(one.name),),
                (Text(words(one.run_kind or "")),),
                (reference(given.package, one.site),) if one.site else (),
                inlines_of_date(one.started_on or one.planned_on),
                (Text(str(len(one.as_run))),),
                (Text(str(len(one.excursions))),),
                (reference(given.package, one.report),) if one.report else (),
            )
        )
        for one in found
    )
    heads = ("Run", "Kind", "Site", "Started or planned", "Values recorded", "Excursions", "Report")
    return Table(tuple(map(Column, heads)), rows, "Runs in the order of their dates")


def _run(given: Given, one: Run) -> Section:
    section = record_section(given.package, one, skip=frozenset({"conclusions"}))
    if not one.conclusions:
        return section
    concluded = Section("Conclusions", (Prose(resolve(given.package, one.conclusions)),))
    return replace(section, blocks=(concluded, *section.blocks))
