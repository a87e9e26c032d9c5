"""A run evaluated: every signal of its data against the ranges of its site, every excursion by the agreed rules."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, Protocol

from ttpack.analysis.deviations.stages import stage_key
from ttpack.analysis.durations import in_days
from ttpack.analysis.run_evaluation.excursions import RunExcursion, Watched
from ttpack.analysis.run_evaluation.excursions import excursions as judged_excursions
from ttpack.analysis.run_evaluation.signals import Described, Signal, described, signal
from ttpack.analysis.run_evaluation.trend import Trend
from ttpack.analysis.run_evaluation.watch import Watch
from ttpack.analysis.runs.coverage import recorded_parameters
from ttpack.model.execution import Run, RunData
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

MOST_BATCHES: Final = 10_000
SECONDS_PER_DAY: Final = 86400
STAGE_OF_KIND: Final = {"GMP": "gmp", "PPQ": "ppq", "clinical": "gmp"}


class DataProblem(Protocol):
    """What is wrong with a line of a file."""

    @property
    def line(self) -> int: ...  # noqa: D102  a column of the answer
    @property
    def column(self) -> str: ...  # noqa: D102
    @property
    def message(self) -> str: ...  # noqa: D102


class Readings(Protocol):
    """Readings of a signal in the order of the file, as the reader gives them."""

    @property
    def signal(self) -> str: ...  # noqa: D102
    @property
    def unit(self) -> str: ...  # noqa: D102
    @property
    def seconds(self) -> "Floats": ...  # noqa: D102
    @property
    def values(self) -> "Floats": ...  # noqa: D102
    @property
    def batches(self) -> tuple[str, ...]: ...  # noqa: D102


class DataFile(Protocol):
    """A file that is read once, chunk by chunk, and says afterwards what was wrong with it."""

    rows: int
    problem_count: int
    unread: set[str]

    @property
    def problems(self) -> Sequence[DataProblem]: ...  # noqa: D102
    def chunks(self) -> Iterable[tuple[Readings, ...]]: ...  # noqa: D102


@dataclass(frozen=True, slots=True)
class FileEvaluation:
    """What a file held: lines of data, problems by line (the first hundred), columns that nothing describes.

    `dated` says whether its times are dates; else they are hours from the start.
    """

    file: str
    rows: int
    problems: tuple[tuple[int, str, str], ...]
    problem_count: int
    unread: tuple[str, ...]
    dated: bool


@dataclass(frozen=True, slots=True)
class SignalEvaluation:
    """A signal over the run: `outside` are seconds outside the normal range, the proven one, beyond the edge."""

    file: str
    signal: Signal
    count: int
    mean: float | None
    least: float | None
    greatest: float | None
    start: float | None
    hours: float
    outside: tuple[float, float, float]
    gaps: tuple[tuple[float, float], ...]
    gap_count: int
    excursions: int
    trend: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class BatchValue:
    """A value of a batch in a file of batches, in the unit of the file."""

    batch: str
    about: str
    unit: str | None
    value: float


@dataclass(frozen=True, slots=True)
class RunEvaluation:
    """The whole answer. `missing` are critical parameters that neither data nor record have.

    `gaps` say what could not be judged, and why; `inputs` are the records that it rests on.
    """

    run: str
    site: str | None
    stage: str
    files: tuple[FileEvaluation, ...]
    signals: tuple[SignalEvaluation, ...]
    excursions: tuple[RunExcursion, ...]
    excursion_count: int
    batches: tuple[BatchValue, ...]
    missing: tuple[str, ...]
    gaps: tuple[str, ...]
    inputs: tuple[str, ...]


def evaluate(
    package: Package, run: Run, files: Sequence[tuple[RunData, DataFile]], as_of: date, unread: Sequence[str] = ()
) -> RunEvaluation:
    """Read the files of a run once and judge what they say. `unread` says which files could not be opened, and why."""
    gaps, batches = list(unread), list[BatchValue]()
    found, read = list[Watched](), list[FileEvaluation]()
    for data, file in files:
        names = described(package, run, data)
        watched = _read(package, run, data, file, names, batches)
        dated = data.time_unit is None and data.data_kind != "batch"
        found += [Watched(data.file, dated, watch, trend) for watch, trend in watched]
        problems = tuple((one.line, one.column, one.message) for one in file.problems)
        told = tuple(sorted(file.unread))
        read.append(FileEvaluation(data.file, file.rows, problems, file.problem_count, told, dated))
    found.sort(key=lambda one: (one.file, one.watch.signal.name, one.watch.signal.unit or ""))
    gaps += [f"{one.watch.signal.name}: {one.watch.signal.gap}" for one in found if one.watch.signal.gap]
    stage = stage_key(STAGE_OF_KIND.get(run.run_kind or "", "engineering"))
    judged, count = judged_excursions(package, run, stage, found, as_of, gaps)
    seen = {one.watch.signal.parameter for one in found if one.watch.count} | {one.about for one in batches}
    missing = _missing(package, run, frozenset(name for name in seen if name))
    inputs = {run.id, *(name for name in seen if name)}
    if run.site:
        inputs |= {run.site, *(f"{name}@{run.site}" for name in inputs if f"{name}@{run.site}" in package.records)}
    return RunEvaluation(
        run.id, run.site, stage, tuple(read), tuple(map(_signal, found)), judged, count, tuple(batches), missing,
        tuple(dict.fromkeys(gaps)), tuple(sorted(inputs)),
    )  # fmt: skip


def _read(  # noqa: PLR0913, PLR0917  all that a file is read with
    package: Package,
    run: Run,
    data: RunData,
    file: DataFile,
    names: Mapping[str, Described],
    batches: list[BatchValue],
) -> list[tuple[Watch, Trend]]:
    watched: dict[tuple[str, str], tuple[Watch, Trend]] = {}
    for chunk in file.chunks():
        for one in chunk:
            if one.signal not in names:
                continue
            key = (one.signal, one.unit)
            if key not in watched:
                made = signal(package, run, one.signal, names[one.signal], one.unit)
                watched[key] = Watch(made, _longest_gap(package, data, names[one.signal])), Trend()
            watch, trend = watched[key]
            if data.data_kind == "batch":
                about = watch.signal.parameter or watch.signal.attribute or one.signal
                pairs = zip(one.batches, one.values.tolist(), strict=True)
                batches += [BatchValue(name, about, watch.signal.unit, value) for name, value in pairs]
                del batches[MOST_BATCHES:]
                continue
            watch.take(one.seconds, one.values)
            trend.take(one.seconds, one.values)
    for watch, _ in watched.values():
        watch.finish()
    return [] if data.data_kind == "batch" else list(watched.values())


def _longest_gap(package: Package, data: RunData, what: Described) -> float | None:
    """Seconds without a reading that are no gap: as the file says, at least twice the signal's own interval."""
    stated, own = (in_days(given, package.own_units) for given in (data.longest_gap, what.interval))
    if stated is None or stated <= 0:
        return None
    return float(max(stated, 2 * own if own is not None else stated) * SECONDS_PER_DAY)


def _signal(one: Watched) -> SignalEvaluation:
    watch = one.watch
    outside = tuple(watch.outside.get(level, 0.0) for level in (1, 2, 3))
    return SignalEvaluation(
        one.file, watch.signal, watch.count, watch.mean, watch.least if watch.count else None,
        watch.greatest if watch.count else None, watch.first, watch.hours, (outside[0], outside[1], outside[2]),
        tuple(watch.gaps), watch.gap_count, watch.span_count, one.trend.points,
    )  # fmt: skip


def _missing(package: Package, run: Run, seen: frozenset[str]) -> tuple[str, ...]:
    """Critical parameters in the scope of the run that neither its data nor its record have."""
    have = seen | recorded_parameters(run)
    return tuple(
        one.id
        for one in package.parameters
        if one.classification in CRITICAL
        and one.id not in have
        and (run.unit_operation is None or run.unit_operation == one.unit_operation)
    )
