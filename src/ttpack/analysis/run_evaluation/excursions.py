"""Excursions of a run, each classified by the agreed rules.

How long one lasted counts from the last reading inside to the next one inside; where one of them is not there, its
duration is not known, and rows of every duration count. Each level that it reached is classified with the time at that
level or beyond, and the gravest class counts. Nothing is said about product impact.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ttpack.analysis.deviations.answer import Answer, answer
from ttpack.analysis.deviations.book import CLASSES, Rulebook
from ttpack.analysis.deviations.classify import Question
from ttpack.analysis.deviations.rulebook import rulebook, sites_of
from ttpack.analysis.run_evaluation.signals import LEVELS, Signal, in_limits_unit
from ttpack.analysis.run_evaluation.trend import Trend
from ttpack.analysis.run_evaluation.watch import Span, Watch
from ttpack.model.execution import Run
from ttpack.model.package import Package

MOST_CLASSIFIED: Final = 100


@dataclass(frozen=True, slots=True)
class RunExcursion:
    """Time outside the normal range. `level` is the gravest interval reached, `worst` the value there in `unit`.

    `counted` is from the last reading inside to the next, in seconds, None where one is missing. `answer` classifies
    it, None where no rules hold. `recorded` is the index of the excursion that the record of the run has for it.
    """

    file: str
    signal: Signal
    parameter: str
    span: Span
    level: str
    worst: float
    counted: float | None
    together: tuple[str, ...]
    repeat: bool
    answer: Answer | None
    recorded: int | None

    @property
    def deviation_class(self) -> str | None:
        """The class by the agreed rules; None where they say none."""
        return self.answer.found.deviation_class if self.answer else None


@dataclass(slots=True)
class Watched:
    """A signal of a file, watched; `dated` says whether its times are dates."""

    file: str
    dated: bool
    watch: Watch
    trend: Trend


def excursions(  # noqa: PLR0913, PLR0917  all that they are judged by
    package: Package, run: Run, stage: str, found: Sequence[Watched], as_of: date, gaps: list[str]
) -> tuple[tuple[RunExcursion, ...], int]:
    """The gravest excursions in the order of time, and how many there were; what could not be judged joins `gaps`."""
    spans = sorted(
        ((one, span) for one in found for span in one.watch.spans),
        key=lambda pair: (-pair[1].level, pair[1].first, pair[0].watch.signal.parameter or ""),
    )
    count = sum(one.watch.span_count for one in found)
    if count > MOST_CLASSIFIED:
        gaps.append(f"there are {count} excursions; the {MOST_CLASSIFIED} gravest are classified one by one")
    book = None
    if spans and run.site in sites_of(package):
        names = {one.watch.signal.parameter for one in found if one.watch.signal.parameter}
        book = rulebook(package, as_of, frozenset(names), [run.site or ""])
    elif spans:
        gaps.append(f"{run.site or 'no site'} is no site of this transfer, so that no agreed rules classify excursions")
    judged = [_excursion(package, run, stage, book, (one, span), spans) for one, span in spans[:MOST_CLASSIFIED]]
    judged.sort(key=lambda one: (one.span.first, one.parameter))
    return tuple(judged), count


def _excursion(  # noqa: PLR0913, PLR0917  all that it is judged by
    package: Package,
    run: Run,
    stage: str,
    book: Rulebook | None,
    pair: tuple[Watched, Span],
    spans: Sequence[tuple[Watched, Span]],
) -> RunExcursion:
    one, span = pair
    watched = one.watch.signal
    parameter = watched.parameter or ""
    together = tuple(sorted({
        other.watch.signal.parameter or ""
        for other, its in spans
        if other.dated == one.dated and other.watch.signal.parameter != parameter and _overlap(span, its)
    } - {""}))  # fmt: skip
    repeat = any(
        other.watch.signal.parameter == parameter and its.first < span.first for other, its in spans if its is not span
    )
    known = span.before is not None and span.after is not None
    given = None
    if book is not None:
        answers = [
            answer(
                book, _question(package, run, stage, one, span, level, known=known, together=together, repeat=repeat)
            )
            for level in sorted(span.worst, reverse=True)
            if level > 0
        ]
        given = max(answers, key=_gravity, default=None)
    worst = span.worst[span.level]
    recorded = _recorded(package, run, watched, worst)
    level = LEVELS[span.level]
    counted = span.counted if known else None
    return RunExcursion(one.file, watched, parameter, span, level, worst, counted, together, repeat, given, recorded)


def _question(  # noqa: PLR0913, PLR0917  all that is known of it
    package: Package,
    run: Run,
    stage: str,
    one: Watched,
    span: Span,
    level: int,
    *,
    known: bool,
    together: tuple[str, ...],
    repeat: bool,
) -> Question:
    begun = span.before if span.before is not None else span.first
    return Question(
        site=run.site or "",
        stage=stage,
        parameter=one.watch.signal.parameter,
        value=in_limits_unit(package, one.watch.signal, span.worst[level]),
        duration=Fraction(Decimal(repr(span.at[level]))) if known else None,
        repeat=repeat,
        together=together,
        occurrence=datetime.fromtimestamp(begun, UTC) if one.dated else None,
    )


def _gravity(one: Answer) -> int:
    found = one.found.deviation_class
    # What no row classifies is for QA to decide: it may be the gravest.
    return CLASSES.index(found) if found in CLASSES else len(CLASSES)


def _overlap(first: Span, second: Span) -> bool:
    return first.first <= second.last and second.first <= first.last


def _recorded(package: Package, run: Run, one: Signal, worst: float) -> int | None:
    """The excursion of the record that is at least as far out on the same side; else one that states no value."""
    value = in_limits_unit(package, one, worst)
    unvalued = None
    for index, stated in enumerate(run.excursions):
        if stated.parameter != one.parameter:
            continue
        if stated.value is None:
            unvalued = index if unvalued is None else unvalued
            continue
        told = in_limits_unit(
            package, Signal(one.name, stated.unit or (one.limits.unit if one.limits else None), limits=one.limits),
            float(stated.value),
        )  # fmt: skip
        if value is not None and told is not None and _as_far(one, value, told):
            return index
    return unvalued


def _as_far(one: Signal, value: Fraction, told: Fraction) -> bool:
    middle = one.limits.normal or one.limits.proven if one.limits else None
    if value == told or middle is None:
        return value == told
    low, high = middle.ends.low, middle.ends.high
    above = high is not None and value >= high
    return told >= value if above else low is not None and told <= value
