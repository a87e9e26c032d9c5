"""Time outside ranges, whatever the chunks in which readings come."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttpack.analysis.run_evaluation.signals import Edges, End, Signal
from ttpack.analysis.run_evaluation.watch import Watch

PH = Signal(
    "PH", "[pH]", "PRM-BRX-PH",
    normal=Edges(End(6.75, inclusive=True), End(6.95, inclusive=True)),
    proven=Edges(End(6.6, inclusive=True), End(7.1, inclusive=False)),
    edge=Edges(End(6.4, inclusive=True), None),
)  # fmt: skip


def watched(values: list[float], cuts: list[int], step: float = 60.0) -> Watch:
    watch = Watch(PH, longest_gap=90.0)
    seconds = np.arange(len(values), dtype=np.float64) * step
    for start, end in zip([0, *cuts], [*cuts, len(values)], strict=True):
        watch.take(seconds[start:end], np.array(values[start:end], dtype=np.float64))
    watch.finish()
    return watch


def test_an_excursion_counts_from_the_last_reading_inside_to_the_next() -> None:
    watch = watched([6.85, 6.75, 6.70, 6.55, 6.74, 6.95, 6.85], [])
    (span,) = watch.spans
    assert (span.before, span.first, span.last, span.after) == (60.0, 120.0, 240.0, 300.0)
    # outside the normal range for 4 minutes; the reading outside the proven one lies between two that are inside
    assert span.at == {1: 240.0, 2: 120.0, 3: 0.0}
    assert (span.level, span.readings, span.worst[2]) == (2, 3, 6.55)


def test_an_end_belongs_to_its_range_unless_it_says_otherwise() -> None:
    assert watched([6.75, 6.95], []).span_count == 0
    assert watched([6.85, 7.1, 6.85], []).spans[0].level == 2
    assert watched([6.85, 7.09, 6.85], []).spans[0].level == 1
    assert watched([6.85, 6.39, 6.85], []).spans[0].level == 3


def test_without_a_reading_inside_before_or_after_the_duration_is_open() -> None:
    first, last = watched([6.7, 6.85, 6.85, 6.7], []).spans
    assert (first.before, first.after) == (None, 60.0)
    assert (last.before, last.after) == (120.0, None)


def test_a_gap_is_told_with_its_ends() -> None:
    watch = Watch(PH, longest_gap=90.0)
    watch.take(np.array([0.0, 60.0]), np.array([6.85, 6.85]))
    watch.take(np.array([300.0]), np.array([6.85]))
    assert watch.gaps == [(60.0, 300.0)]


@given(
    st.lists(st.sampled_from([6.3, 6.55, 6.7, 6.85, 6.95, 7.0, 7.1, 7.5]), min_size=1, max_size=40),
    st.lists(st.integers(0, 40), max_size=6),
)
def test_chunks_change_nothing(values: list[float], cuts: list[int]) -> None:
    """'Works chunk by chunk'."""
    whole = watched(values, [])
    parts = watched(values, sorted(min(cut, len(values)) for cut in cuts))
    assert parts.spans == whole.spans
    assert parts.outside == pytest.approx(whole.outside)
    assert (parts.count, parts.least, parts.greatest) == (whole.count, whole.least, whole.greatest)
