"""The evaluation of a run as JSON."""

from datetime import UTC, datetime
from typing import Any

from ttpack.analysis.deviations.answer import answer_json
from ttpack.analysis.figures import figure
from ttpack.analysis.run_evaluation.evaluation import FileEvaluation, RunEvaluation, SignalEvaluation
from ttpack.analysis.run_evaluation.excursions import RunExcursion
from ttpack.analysis.run_evaluation.signals import LEVELS

HOUR = 3600


def run_answer(given: RunEvaluation) -> dict[str, Any]:
    """The whole evaluation; times are UTC where the file has dates, hours from the start where it has none."""
    dated = {one.file: one.dated for one in given.files}
    return {
        "run": given.run,
        "site": given.site,
        "stage": given.stage,
        "inputs": list(given.inputs),
        "gaps": list(given.gaps),
        "files": [_file(one) for one in given.files],
        "signals": [_signal(one, dated=dated[one.file]) for one in given.signals],
        "excursions": [_excursion(one, dated=dated[one.file]) for one in given.excursions],
        "excursion_count": given.excursion_count,
        "batches": [
            {"batch": one.batch, "about": one.about, "value": figure(one.value), "unit": one.unit}
            for one in given.batches
        ],
        "missing_critical_parameters": list(given.missing),
    }


def moment(seconds: float | None, *, dated: bool) -> str | None:
    """A time in words: a date with time in UTC, or hours from the start."""
    if seconds is None:
        return None
    if not dated:
        return f"{figure(seconds / HOUR, 6)} h"
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _file(one: FileEvaluation) -> dict[str, Any]:
    return {
        "file": one.file,
        "rows": one.rows,
        "problems": [{"line": line, "column": column, "message": message} for line, column, message in one.problems],
        "problem_count": one.problem_count,
        "columns_not_read": list(one.unread),
    }


def _signal(one: SignalEvaluation, *, dated: bool) -> dict[str, Any]:
    total = one.hours * HOUR
    return {
        "file": one.file,
        "signal": one.signal.name,
        "parameter": one.signal.parameter,
        "attribute": one.signal.attribute,
        "unit": one.signal.unit,
        "readings": one.count,
        "mean": figure(one.mean),
        "least": figure(one.least),
        "greatest": figure(one.greatest),
        "start": moment(one.start, dated=dated),
        "hours": figure(one.hours),
        "hours_outside_normal": figure(one.outside[0] / HOUR),
        "hours_outside_proven": figure(one.outside[1] / HOUR),
        "hours_beyond_edge": figure(one.outside[2] / HOUR),
        "share_inside_normal": figure(1 - one.outside[0] / total) if total and not one.signal.gap else None,
        "gaps": [{"from": moment(a, dated=dated), "to": moment(b, dated=dated)} for a, b in one.gaps],
        "gap_count": one.gap_count,
        "excursions": one.excursions,
        "not_computable": one.signal.gap or None,
    }


def _excursion(one: RunExcursion, *, dated: bool) -> dict[str, Any]:
    span = one.span
    return {
        "file": one.file,
        "parameter": one.parameter,
        "signal": one.signal.name,
        "interval": one.level,
        "worst": figure(one.worst),
        "unit": one.signal.unit,
        "last_inside_before": moment(span.before, dated=dated),
        "first_outside": moment(span.first, dated=dated),
        "last_outside": moment(span.last, dated=dated),
        "first_inside_after": moment(span.after, dated=dated),
        "readings_outside": span.readings,
        "duration_h": None if one.counted is None else figure(one.counted / HOUR),
        "hours_at_or_beyond": {LEVELS[level]: figure(span.at[level] / HOUR) for level in sorted(span.at)},
        "with": list(one.together),
        "repeat": one.repeat,
        "class": one.deviation_class,
        "classification": answer_json(one.answer) if one.answer else None,
        "recorded_excursion": one.recorded,
    }
