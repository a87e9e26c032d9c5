"""One signal watched through a run: where it left its ranges, for how long, where there was no reading.

Works chunk by chunk, with memory that does not grow with the data. How long an excursion lasted is counted from the
last reading inside to the next one inside, since nobody knows when in between it began and ended.
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ttpack.analysis.run_evaluation.signals import Edges, Signal

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Levels = NDArray[np.int8]

MOST_EXCURSIONS: Final = 500
MOST_GAPS: Final = 100
OUTSIDE_NORMAL: Final = 1
OUTSIDE_PROVEN: Final = 2
BEYOND_EDGE: Final = 3


@dataclass(slots=True)
class Span:
    """Time outside the normal range, in seconds; `before` and `after` are the readings inside around it, where known.

    `level` is the gravest: 1 outside the normal range, 2 outside the proven one, 3 beyond the edge of failure. `at` is
    how long it was at each level or beyond, `worst` the value furthest from the middle at each level.
    """

    first: float
    last: float
    before: float | None
    after: float | None = None
    level: int = 0
    readings: int = 0
    at: dict[int, float] = field(default_factory=dict)
    worst: dict[int, float] = field(default_factory=dict)

    @property
    def counted(self) -> float:
        """Seconds outside the normal range, from the last reading inside to the next."""
        return self.at.get(OUTSIDE_NORMAL, 0.0)


@dataclass(slots=True)
class Watch:
    """What is known of a signal so far. `longest_gap` is in seconds."""

    signal: Signal
    longest_gap: float | None = None
    count: int = 0
    total: float = 0.0
    least: float = float("inf")
    greatest: float = float("-inf")
    first: float | None = None
    last: float | None = None
    outside: dict[int, float] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    span_count: int = 0
    gaps: list[tuple[float, float]] = field(default_factory=list)
    gap_count: int = 0
    _value: float = 0.0
    _level: int = 0
    _open: Span | None = None

    def take(self, seconds: "Floats", values: "Floats") -> None:
        """The next readings, in the order of time."""
        import numpy as np

        if not len(values):
            return
        self.count += len(values)
        self.total += float(values.sum())
        self.least, self.greatest = min(self.least, float(values.min())), max(self.greatest, float(values.max()))
        if self.last is not None:
            seconds = np.concatenate(([self.last], seconds))
            values = np.concatenate(([self._value], values))
        fresh = 0 if self.last is None else 1
        if self.first is None:
            self.first = float(seconds[0])
        self._gaps(seconds)
        if not self.signal.gap and self.signal.parameter is not None:
            levels = self.levels(values)
            self._spans(seconds, values, levels, fresh)
            self._level = int(levels[-1])
        self.last, self._value = float(seconds[-1]), float(values[-1])

    def finish(self) -> None:
        """No more readings come: what is open stays without an end."""
        if self._open is not None:
            self._keep(self._open)
            self._open = None

    @property
    def mean(self) -> float | None:
        """The mean of the readings."""
        return self.total / self.count if self.count else None

    @property
    def hours(self) -> float:
        """Hours from the first reading to the last."""
        return 0.0 if self.first is None or self.last is None else (self.last - self.first) / 3600

    def levels(self, values: "Floats") -> "Levels":
        """Where each value lies: 0 inside the normal range to 3 beyond the edge of failure."""
        import numpy as np

        one = self.signal
        found = np.zeros(len(values), dtype=np.int8)
        if one.normal is not None:
            found[~_inside(values, one.normal)] = OUTSIDE_NORMAL if one.proven is not None else OUTSIDE_PROVEN
        else:
            found[:] = OUTSIDE_NORMAL
        if one.proven is not None:
            found[~_inside(values, one.proven)] = OUTSIDE_PROVEN
        if one.edge is not None:
            found[~_inside(values, one.edge)] = BEYOND_EDGE
        return found

    def _gaps(self, seconds: "Floats") -> None:
        import numpy as np

        if self.longest_gap is None:
            return
        for place in map(int, np.flatnonzero(np.diff(seconds) > self.longest_gap)):
            self.gap_count += 1
            if len(self.gaps) < MOST_GAPS:
                self.gaps.append((float(seconds[place]), float(seconds[place + 1])))

    def _spans(self, seconds: "Floats", values: "Floats", levels: "Levels", fresh: int) -> None:
        """Add what is outside: `fresh` is the index of the first reading that is new."""
        import numpy as np

        steps = np.diff(seconds)
        either = np.maximum(levels[:-1], levels[1:])
        for level in (1, 2, 3):
            self.outside[level] = self.outside.get(level, 0.0) + float(steps[either >= level].sum())
        out = levels > 0
        if not out.any():
            return
        changes = np.flatnonzero(np.diff(out.astype(np.int8))) + 1
        starts = [0, *changes.tolist()]
        ends = [*changes.tolist(), len(out)]
        for start, end in zip(starts, ends, strict=True):
            if out[start]:
                self._one(seconds, values, levels, (start, end, fresh))

    def _one(self, seconds: "Floats", values: "Floats", levels: "Levels", where: tuple[int, int, int]) -> None:
        """One stretch of readings outside, from `start` to before `end`."""
        import numpy as np

        start, end, fresh = where
        span = self._open
        if span is None:
            before = float(seconds[start - 1]) if start else None
            span = Span(float(seconds[start]), float(seconds[start]), before)
        new = slice(max(start, fresh), end)
        span.readings += max(0, end - new.start)
        span.last = float(seconds[end - 1])
        for level in map(int, np.unique(levels[new])):
            self._worst(span, level, values[new][levels[new] == level])
        # Times between readings of which one is at a level count for it; the first lies before the first reading.
        first = max(start - 1, 0)
        steps = np.diff(seconds[first : end + 1])
        both = (
            np.maximum(levels[first:end], levels[first + 1 : end + 1])
            if end < len(levels)
            else np.maximum(levels[first : end - 1], levels[first + 1 : end])
        )
        for level in (1, 2, 3):
            span.at[level] = span.at.get(level, 0.0) + float(steps[: len(both)][both >= level].sum())
        if end < len(levels):
            span.after = float(seconds[end])
            self._keep(span)
            self._open = None
        else:
            self._open = span

    def _worst(self, span: Span, level: int, values: "Floats") -> None:
        span.level = max(span.level, level)
        middle = _middle(self.signal)
        far = [float(values.min()), float(values.max()), *([span.worst[level]] if level in span.worst else [])]
        span.worst[level] = max(far, key=lambda value: abs(value - middle))

    def _keep(self, span: Span) -> None:
        self.span_count += 1
        if len(self.spans) < MOST_EXCURSIONS:
            self.spans.append(span)


def _inside(values: "Floats", edges: Edges) -> "NDArray[np.bool_]":
    import numpy as np

    found = np.ones(len(values), dtype=bool)
    if edges.low is not None:
        found &= values >= edges.low.value if edges.low.inclusive else values > edges.low.value
    if edges.high is not None:
        found &= values <= edges.high.value if edges.high.inclusive else values < edges.high.value
    return found


def _middle(one: Signal) -> float:
    """What values are far from: the middle of the normal range, else of the proven one, else its only end."""
    for edges in (one.normal, one.proven, one.edge):
        if edges is not None:
            ends = [end.value for end in (edges.low, edges.high) if end is not None]
            if ends:
                return sum(ends) / len(ends)
    return 0.0
