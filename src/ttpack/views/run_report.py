"""What the data of a run say, as its reader sees it: verdict first, excursions with whom to call, then the signals."""

from typing import Final

from ttpack.analysis.deviations.answer import words as class_words
from ttpack.analysis.deviations.excursion_time import seconds_words
from ttpack.analysis.deviations.limits import INTERVAL_WORDS
from ttpack.analysis.figures import figure
from ttpack.analysis.intervals import with_unit
from ttpack.analysis.run_evaluation.answer import moment
from ttpack.analysis.run_evaluation.evaluation import FileEvaluation, RunEvaluation, SignalEvaluation
from ttpack.analysis.run_evaluation.excursions import RunExcursion
from ttpack.analysis.run_studies import RunStudies
from ttpack.model.execution import Run
from ttpack.model.package import Package
from ttpack.model.quantity import digits
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
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
    Table,
    Text,
    Tone,
)
from ttpack.views.classification import SPONSOR_WORDS
from ttpack.views.comparability import comparability_section
from ttpack.views.control_chart import chart_sections
from ttpack.views.trend import draw_trend
from ttpack.views.words import counted, reference, references, unit_words, words

MOST_TOLD: Final = 50
MINUTE: Final = 60
TONES: Final[dict[str | None, Tone]] = {
    "not_a_deviation": "good", "event": "info", "minor": "warning", "major": "bad", "critical": "critical",
}  # fmt: skip


def run_page(package: Package, run: Run, given: RunEvaluation, more: RunStudies | None = None) -> Page:
    """The evaluation of a run as a page of its own."""
    blocks = (*run_blocks(package, run, given), *(study_blocks(package, more) if more else ()))
    return Page(f"run-{run.id.casefold()}", f"Data of {run.name}", blocks, "Runs")


def study_blocks(package: Package, more: RunStudies) -> tuple[Block, ...]:
    """Control charts and comparability."""
    found = list(chart_sections(more.charts))
    if more.comparability is not None:
        found.append(comparability_section(package, more.comparability, more.declared))
    return tuple(found)


def run_blocks(package: Package, run: Run, given: RunEvaluation) -> tuple[Block, ...]:
    """Verdict, excursions, what is missing, lines that cannot be read, the signals with their trends."""
    blocks: list[Block] = [_verdict(run, given)]
    if given.excursions:
        blocks.append(_excursions(package, run, given))
    if given.missing:
        told = references(package, given.missing[:MOST_TOLD])
        more = len(given.missing) - MOST_TOLD
        rest: Inlines = (Text(f" and {more} more"),) if more > 0 else ()
        blocks.append(Section("Critical parameters without a record", (Paragraph((*told, *rest)),)))
    blocks += [_problems(one) for one in given.files if one.problem_count]
    if given.gaps:
        blocks.append(Section("Not judged", (Bullets(tuple((Text(one),) for one in given.gaps[:MOST_TOLD])),)))
    if given.signals:
        blocks.append(_signals(package, given))
    blocks += _trends(package, given)
    return tuple(blocks)


def _verdict(run: Run, given: RunEvaluation) -> Callout:
    """The run in one line: how many excursions of which class, and what else has to be done."""
    problems = sum(one.problem_count for one in given.files)
    rows = sum(one.rows for one in given.files)
    counts: dict[str | None, int] = {}
    for one in given.excursions:
        counts[one.deviation_class] = counts.get(one.deviation_class, 0) + 1
    said = [f"{count} {class_words(name)}" for name, count in sorted(counts.items(), key=lambda pair: str(pair[0]))]
    by_class = f" ({', '.join(said)})" if said else ""
    parts = [f"{counted(given.excursion_count, 'excursion')}{by_class}"]
    parts.append(f"{counted(len(given.missing), 'critical parameter')} not recorded")
    parts.append(f"{counted(problems, 'problem')} in {counted(rows, 'line')} of data")
    unanswered = sum(one.recorded is None for one in given.excursions)
    if unanswered:
        parts.append(f"{counted(unanswered, 'excursion')} not in the record of the run")
    grave = {"major", "critical", None} & counts.keys() or problems
    quiet = not (given.excursion_count or given.missing or problems or given.gaps)
    title = f"{run.name}: inside its normal ranges" if quiet else f"{run.name}: to do"
    note = "Initial classification by the agreed rules. QA decides."
    body = (Paragraph((Text("; ".join(parts)),)), Paragraph((Text(note),)))
    return Callout("success" if quiet else "danger" if grave else "warning", title, body)


def _excursions(package: Package, run: Run, given: RunEvaluation) -> Section:
    heads = ("Parameter", "Class", "When", "Worst value", "Duration", "Decides and is called", "Record of the run")
    dated = {one.file: one.dated for one in given.files}
    rows = [Row(_excursion(package, run, one, dated=dated[one.file])) for one in given.excursions]
    caption = (
        "Times are UTC. A duration counts from the last reading inside the normal range to the next one inside; where "
        "one of them is missing, rows of every duration count"
    )
    return Section("Excursions", (Table(tuple(map(Column, heads)), tuple(rows), caption, len(rows) > 10),))  # noqa: PLR2004


def _excursion(package: Package, run: Run, one: RunExcursion, *, dated: bool) -> tuple[Inlines, ...]:
    span = one.span
    first, last = (_when(at, dated=dated) for at in (span.first, span.last))
    when: list[Inline] = [Text(first), Break(), Text(f"to {last}")]
    value = with_unit(_number(one.worst), one.signal.unit)
    lasted = "not known" if one.counted is None else _minutes(one.counted)
    flags = [*(["repeated"] if one.repeat else []), *([f"with {', '.join(one.together)}"] if one.together else [])]
    name: list[Inline] = [reference(package, one.parameter)]
    if flags:
        name += [Break(), Text("; ".join(flags))]
    record: Inlines = (Chip("not recorded", "bad"),)
    if one.recorded is not None:
        stated = run.excursions[one.recorded]
        told = stated.disposition or "no disposition yet"
        record = (Text(f"{words(stated.cause) if stated.cause else 'no cause yet'}: {told}"),)
    return (
        tuple(name),
        (Chip(class_words(one.deviation_class), TONES.get(one.deviation_class, "bad")), Break(), Text(_row(one))),
        tuple(when),
        (Text(value), Break(), Text(_where(one))),
        (Text(lasted),),
        _called(one),
        record,
    )


def _where(one: RunExcursion) -> str:
    """Where the value lies; without a proven range what is outside the normal one counts as outside both."""
    limits = one.signal.limits
    if one.level == "outside_par" and limits is not None and limits.proven is None:
        return "outside the normal operating range; no proven range holds here, so it counts as outside both"
    return INTERVAL_WORDS[one.level]


def _row(one: RunExcursion) -> str:
    row = one.answer.found.row if one.answer else None
    return f"by {row.id}" if row else "by no row"


def _called(one: RunExcursion) -> Inlines:
    if one.answer is None:
        return (Text("QA decides; call"),)
    found: list[Inline] = [Text(SPONSOR_WORDS.get(one.answer.found.sponsor_role or "", "QA decides; call"))]
    first = min((call.level for call in one.answer.calls), default=0)
    for call in (each for each in one.answer.calls if each.level == first):
        found += [Break(), Link(call.called.who.id, call.called.who.label), Text(f" {call.clock.words}")]
    higher = len({call.level for call in one.answer.calls}) - 1
    if higher > 0:
        found += [Break(), Text(f"then {counted(higher, 'level')} above")]
    return tuple(found)


def _problems(one: FileEvaluation) -> Section:
    rows = tuple(Row(((Text(str(line)),), (Text(column),), (Text(message),))) for line, column, message in one.problems)
    more = one.problem_count - len(rows)
    caption = (
        f"{counted(one.problem_count, 'problem')} in {one.file}{f', of which {more} are not listed' if more else ''}"
    )
    columns = (Column("Line", "right"), Column("Column"), Column("What is wrong"))
    return Section(f"Lines of {one.file} that cannot be used", (Table(columns, rows, caption, len(rows) > 10),))  # noqa: PLR2004


def _signals(package: Package, given: RunEvaluation) -> Section:
    heads = ("Signal", "Readings", "Mean", "Least", "Greatest", "Unit", "Outside normal", "Outside proven", "Gaps")
    columns = tuple(Column(head, "left" if head in {"Signal", "Unit"} else "right") for head in heads)
    rows = tuple(Row(_signal(package, one)) for one in given.signals)
    caption = "Each signal over the run, in the unit of the data; times outside count from the last reading inside"
    unread = sorted({name for one in given.files for name in one.unread})
    note: tuple[Block, ...] = ()
    if unread:
        note = (Paragraph((Text(f"Columns that nothing describes, not read: {', '.join(unread[:20])}"),)),)
    return Section("Signals", (Table(columns, rows, caption, len(rows) > 10), *note))  # noqa: PLR2004


def _signal(package: Package, one: SignalEvaluation) -> tuple[Inlines, ...]:
    about = one.signal.parameter or one.signal.attribute
    name: list[Inline] = [reference(package, about)] if about else [Text(one.signal.name)]
    if about and one.signal.name != about:
        name += [Break(), Text(one.signal.name)]
    numbers = (one.mean, one.least, one.greatest)
    outside = ["not judged"] * 2 if one.signal.gap else [_minutes(seconds) for seconds in one.outside[:2]]
    return (
        tuple(name),
        (Text(str(one.count)),),
        *((Text("" if number is None else _number(number)),) for number in numbers),
        (Text(unit_words(one.signal.unit) if one.signal.unit else ""),),
        *((Text(text),) for text in outside),
        (Text(str(one.gap_count)),),
    )


def _trends(package: Package, given: RunEvaluation) -> list[Block]:
    found: list[Block] = []
    for one in given.signals:
        name = package.label(one.signal.parameter or one.signal.attribute or one.signal.name)
        mine = tuple(each for each in given.excursions if each.file == one.file and each.signal == one.signal)
        picture = draw_trend(name, one, mine)
        if picture is not None:
            unit = f", {unit_words(one.signal.unit)}" if one.signal.unit else ""
            found.append(Section(f"{name}{unit}", (picture,)))
    return [Section("Trends", tuple(found))] if found else []


def _when(seconds: float, *, dated: bool) -> str:
    """A time to the minute."""
    found = moment(seconds, dated=dated) or ""
    return found[:16].replace("T", " ") if dated else found


def _number(value: float) -> str:
    found = figure(value, 5)
    return "" if found is None else digits(found)


def _minutes(seconds: float) -> str:
    """A time to the minute, or in seconds below one."""
    from fractions import Fraction

    if seconds < MINUTE:
        return f"{seconds:.0f} s" if seconds else "0 s"
    return seconds_words(Fraction(round(seconds / MINUTE) * MINUTE))
