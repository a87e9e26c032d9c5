"""Control charts of a run: values in the order of time, sigma from moving ranges, and the rules that were chosen."""

from dataclasses import dataclass
from typing import Final

from ttpack.analysis.comparability import started
from ttpack.analysis.intervals import in_unit
from ttpack.analysis.run_evaluation.evaluation import BatchValue
from ttpack.analysis.statistics.control_charts import IndividualsChart, individuals_chart
from ttpack.model.execution import ControlChart, Run
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import ProcessAttribute
from ttpack.model.quality import QualityAttribute

LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class RunChart:
    """A chart with the names of its points, in `unit`; `chart` is None where `why` says so."""

    about: str
    title: str
    unit: str | None
    names: tuple[str, ...]
    rules: tuple[int, ...]
    chart: IndividualsChart | None
    why: str = ""


def run_charts(package: Package, run: Run, batches: tuple[BatchValue, ...] = ()) -> tuple[RunChart, ...]:
    """The charts that a run asks for: of the batches in its data, else of the results of all runs of its site."""
    return tuple(_chart(package, run, one, batches) for one in run.charts)


def _chart(package: Package, run: Run, one: ControlChart, batches: tuple[BatchValue, ...]) -> RunChart:
    unit = _unit(package, one.about)
    rules = tuple(sorted(set(one.nelson_rules))) or (1,)
    points = [(each.batch, each.value) for each in batches if each.about == one.about]
    if points:
        unit = next((each.unit for each in batches if each.about == one.about), unit)
    else:
        points = _of_runs(package, run, one.about, unit)
    names, values = tuple(name for name, _ in points), [value for _, value in points]
    head = (one.about, package.label(one.about), unit, names, rules)
    if len(values) < LEAST:
        return RunChart(*head, None, f"{len(values)} values: a chart needs {LEAST}")
    return RunChart(*head, individuals_chart(values, rules))


def _of_runs(package: Package, run: Run, about: str, unit: str | None) -> list[tuple[str, float]]:
    runs = [one for one in package.in_force(Run) if one.site == run.site and started(one) is not None]
    runs.sort(key=lambda one: (str(started(one)), one.id))
    found = []
    for one in runs:
        for result in (*one.results, *one.as_run):
            if about not in (result.attribute, result.parameter) or result.value is None:
                continue
            value = in_unit(result.value, result.unit or unit, unit, package.own_units)
            if value is not None:
                found.append((one.name, float(value)))
    return found


def _unit(package: Package, about: str) -> str | None:
    for kind in (QualityAttribute, ProcessAttribute, ProcessParameter):
        found = package.get(about, kind)
        if found is not None:
            return getattr(found, "unit", None)
    return None
