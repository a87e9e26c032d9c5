"""What statistics say of a run besides its excursions: control charts, and the comparability plan it belongs to."""

from dataclasses import dataclass
from typing import Any

from ttpack.analysis.comparability_study import ComparabilityStudy, CriterionStudy
from ttpack.analysis.figures import figure
from ttpack.analysis.run_charts import RunChart
from ttpack.analysis.statistics.summary import Summary


@dataclass(frozen=True, slots=True)
class RunStudies:
    """Charts of a run and its plan judged; `declared` says whether git has the criteria before the data, and why."""

    charts: tuple[RunChart, ...] = ()
    comparability: ComparabilityStudy | None = None
    declared: tuple[bool | None, str] | None = None

    @property
    def to_do(self) -> bool:
        """Whether a chart signals, a criterion is missed, or the plan came after its data."""
        signals = any(one.chart is not None and (one.chart.signals or one.chart.wide_ranges) for one in self.charts)
        missed = self.comparability is not None and any(one.verdict == "missed" for one in self.comparability.criteria)
        return signals or missed or (self.declared is not None and self.declared[0] is False)

    def as_json(self) -> dict[str, Any]:
        """The studies as keys of the answer on the run."""
        found: dict[str, Any] = {"control_charts": [_chart(one) for one in self.charts]}
        if self.comparability is not None:
            found["comparability"] = {
                "plan": self.comparability.plan,
                "declared_before_data": self.declared[0] if self.declared else None,
                "declared": self.declared[1] if self.declared else None,
                "criteria": [_criterion(one) for one in self.comparability.criteria],
            }
        return found


def _chart(one: RunChart) -> dict[str, Any]:
    if one.chart is None:
        return {"about": one.about, "not_computable": one.why}
    chart = one.chart
    return {
        "about": one.about,
        "unit": one.unit,
        "points": [{"name": name, "value": figure(value)} for name, value in zip(one.names, chart.values, strict=True)],
        "centre": figure(chart.centre),
        "sigma_within": figure(chart.sigma),
        "low": figure(chart.low),
        "high": figure(chart.high),
        "moving_range_limit": figure(chart.range_limit),
        "nelson_rules": list(one.rules),
        "signals": [{"point": one.names[signal.index], "rule": signal.rule} for signal in chart.signals],
        "wide_moving_ranges": [one.names[index] for index in chart.wide_ranges],
    }


def _criterion(one: CriterionStudy) -> dict[str, Any]:
    return {
        "about": one.criterion.about,
        "method": one.method,
        "unit": one.unit,
        "verdict": one.verdict,
        "why": one.why,
        "low": figure(one.low),
        "high": figure(one.high),
        "statistic": figure(one.statistic),
        "new": _summary(one.new_summary),
        "reference": _summary(one.reference_summary),
        "power": figure(one.power),
        "power_from": one.power_from or None,
    }


def _summary(given: Summary | None) -> dict[str, Any] | None:
    if given is None:
        return None
    return {
        "lots": given.count,
        "mean": figure(given.mean),
        "standard_deviation": figure(given.standard_deviation),
        "least": figure(given.least),
        "greatest": figure(given.greatest),
    }
