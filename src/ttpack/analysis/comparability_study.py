"""A comparability plan judged by its statistics (ICH Q5E): each criterion by the method that it declared.

Below three new lots values are only shown; below six the figures describe, with the power that so few lots have;
three against three lots pass equivalence about 15 % of the time even where nothing differs (margin of 1.5 standard
deviations). Power is stated from what was assumed in planning, before the run; from the spread of the reference lots
only where nothing was assumed, and then it says so.
"""

from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Final, Literal

from ttpack.analysis.intervals import Interval, in_unit, interval, range_text, value_text, width_in_unit
from ttpack.analysis.runs.comparability_results import Result, Sides, computed_statistic, sides
from ttpack.analysis.statistics.capability_indices import lower_bound
from ttpack.analysis.statistics.equivalence import Equivalence, equivalence, equivalence_power, ratio_equivalence
from ttpack.analysis.statistics.summary import Summary, summary
from ttpack.analysis.statistics.tolerance import tolerance_interval
from ttpack.model.execution import AcceptanceCriterion, ComparabilityPlan
from ttpack.model.package import Package
from ttpack.model.process import ProcessAttribute
from ttpack.model.quality import QualityAttribute

PLOT_ONLY: Final = 3
DESCRIPTIVE: Final = 6
CONFIDENCE: Final = 0.95
COVERAGE: Final = 0.99
MULTIPLE: Final = 3.0
LARGEST: Final = 1e100
Method = Literal["each_lot", "equivalence", "tolerance_interval", "quality_range", "capability"]
METHOD_WORDS: Final[dict[str, str]] = {
    "each_lot": "each lot inside the range",
    "equivalence": "equivalence of means, two one-sided t tests",
    "tolerance_interval": "each new lot inside the tolerance interval of the reference lots",
    "quality_range": "each new lot inside mean -+ k s of the reference lots",
    "capability": "lower bound of Ppk of the new lots",
}


@dataclass(frozen=True, slots=True)
class CriterionStudy:
    """A criterion judged. Values are in `unit`, new lots and reference lots in the order of their runs.

    `verdict` is met, missed, descriptive (too few lots to judge), plotted (fewer than three) or not_judged, and `why`
    says why. `low` and `high` are the limits that new lots (or, for equivalence, the interval of the difference) are
    compared with. `power` is that of equivalence with the lots planned, from what `power_from` says.
    """

    criterion: AcceptanceCriterion
    name: str
    unit: str | None
    method: Method | None
    new: tuple[tuple[str, float], ...]
    reference: tuple[tuple[str, float], ...]
    new_summary: Summary | None
    reference_summary: Summary | None
    verdict: Literal["met", "missed", "descriptive", "plotted", "not_judged"]
    why: str
    low: float | None = None
    high: float | None = None
    statistic: float | None = None
    comparison: Equivalence | None = None
    power: float | None = None
    power_from: str = ""


@dataclass(frozen=True, slots=True)
class ComparabilityStudy:
    """A plan judged. `inputs` are the records that it rests on."""

    plan: str
    title: str
    criteria: tuple[CriterionStudy, ...]
    sending_lots: int | None
    receiving_lots: int | None
    inputs: tuple[str, ...]


def comparability_study(package: Package, plan: ComparabilityPlan) -> ComparabilityStudy:
    """Every criterion of a plan by the results of its lots."""
    found = sides(package, plan)
    criteria = tuple(_criterion(package, plan, found, one) for one in plan.criteria)
    runs = {run.id for run in (*found.receiving, *found.sending)}
    inputs = {plan.id, *runs, *(one.about for one in plan.criteria)} & set(package.records)
    return ComparabilityStudy(
        plan.id, plan.name, criteria, plan.sending_lots, plan.receiving_lots, tuple(sorted(inputs))
    )


def declared_method(criterion: AcceptanceCriterion) -> Method | None:
    """How a criterion is judged: as it declares, else by its margin or its range; None where it gives neither."""
    if criterion.statistical_method is not None:
        return criterion.statistical_method
    if criterion.range is not None and criterion.range.numeric:
        # A statistic over the lots that is named in words alone is not a limit for each of them.
        return None if computed_statistic(criterion) else "each_lot"
    return "equivalence" if criterion.margin is not None else None


Head = tuple[
    AcceptanceCriterion, str, str | None, Method | None, tuple[tuple[str, float], ...], tuple[tuple[str, float], ...],
    Summary | None, Summary | None,
]  # fmt: skip


def _criterion(package: Package, plan: ComparabilityPlan, found: Sides, one: AcceptanceCriterion) -> CriterionStudy:
    unit = one.unit or _unit_of(package, one.about)
    there, here = found.of(one.about)[1], found.of(one.about)[0]
    new, unread = _values(package, here, unit)
    reference, unread_there = _values(package, there, unit)
    method = declared_method(one)
    head = (
        one, package.label(one.about), unit, method, new, reference,
        _summary(new),
        _summary(reference),
    )  # fmt: skip
    power, words = _power(package, plan, one, unit, head[7])
    return replace(_judged(package, plan, head, unread + unread_there), power=power, power_from=words)


def _summary(values: tuple[tuple[str, float], ...]) -> Summary | None:
    """What describes them; None for none, and for numbers whose squares no float holds."""
    try:
        return summary([value for _, value in values])
    except (ValueError, OverflowError):
        return None


def _judged(package: Package, plan: ComparabilityPlan, head: Head, unread: int) -> CriterionStudy:
    unit, method = head[2], head[3]
    if unread:
        return CriterionStudy(*head, "not_judged", f"{unread} results are no number in {unit or 'a unit'}")
    if method is None:
        return CriterionStudy(
            *head, "not_judged", "it names no statistical_method, and states no limit of each lot or margin in numbers"
        )
    if not head[4]:
        return CriterionStudy(*head, "not_judged", "there is no result yet")
    if _confidence(head[0]) is None:
        return CriterionStudy(*head, "not_judged", "a confidence lies between 0.5 and 1")
    try:
        return _JUDGES[method](package, plan, head)
    except (ValueError, ArithmeticError) as reason:
        return CriterionStudy(*head, "not_judged", f"its figures cannot be computed: {reason}")


def _each_lot(package: Package, plan: ComparabilityPlan, head: Head) -> CriterionStudy:
    del plan
    limits = interval(head[0].range, head[2], package.own_units)
    if limits is None:
        return CriterionStudy(*head, "not_judged", "its range is in no unit of the results")
    words = range_text(head[0].range, head[2]) if head[0].range else ""
    return _against(head, limits, f"each lot inside {words}")


def _against(head: Head, limits: Interval, words: str) -> CriterionStudy:
    low, high = (None if end is None else float(end) for end in (limits.low, limits.high))
    out = [
        name for name, value in head[4]
        if (low is not None and (value < low or (value == low and not limits.low_inclusive)))
        or (high is not None and (value > high or (value == high and not limits.high_inclusive)))
    ]  # fmt: skip
    why = f"{', '.join(out[:5])} outside: {words}" if out else words
    return CriterionStudy(*head, "missed" if out else "met", why, low, high)


def _from_reference(head: Head, factor: float, words: str) -> CriterionStudy:
    there = head[7]
    assert there is not None and there.standard_deviation is not None  # noqa: S101, PT018  asked before
    low, high = there.mean - factor * there.standard_deviation, there.mean + factor * there.standard_deviation
    out = [name for name, value in head[4] if not low <= value <= high]
    why = f"{', '.join(out[:5])} outside: {words}" if out else words
    few = there.count < DESCRIPTIVE
    if few:
        why = f"{why}; {there.count} reference lots describe, they do not prove"
    verdict: Literal["met", "missed", "descriptive"] = "descriptive" if few else "missed" if out else "met"
    return CriterionStudy(*head, verdict, why, low, high, factor)


def _tolerance(package: Package, plan: ComparabilityPlan, head: Head) -> CriterionStudy:
    del package, plan
    there = head[7]
    if there is None or there.count < PLOT_ONLY or there.standard_deviation is None:
        return CriterionStudy(*head, "plotted", "fewer than three reference lots: values are only shown")
    coverage, confidence = _share(head[0].coverage, COVERAGE), _share(head[0].confidence, CONFIDENCE)
    if coverage is None or confidence is None:
        return CriterionStudy(*head, "not_judged", "coverage and confidence lie between 0 and 1")
    found = tolerance_interval(there.mean, there.standard_deviation, there.count, coverage, confidence)
    words = f"{coverage:.1%} of the population with {confidence:.0%} confidence, k = {found.factor:.4g}"
    return _from_reference(head, found.factor, words)


def _quality_range(package: Package, plan: ComparabilityPlan, head: Head) -> CriterionStudy:
    del package, plan
    there = head[7]
    if there is None or there.count < PLOT_ONLY or there.standard_deviation is None:
        return CriterionStudy(*head, "plotted", "fewer than three reference lots: values are only shown")
    factor = float(head[0].multiple) if head[0].multiple is not None else MULTIPLE
    return _from_reference(head, factor, f"mean -+ {factor:g} s of the reference lots")


def _equivalence(package: Package, plan: ComparabilityPlan, head: Head) -> CriterionStudy:
    del plan
    one, unit, new, there = head[0], head[2], head[4], head[5]
    margins = _margins(package, one, unit)
    if margins is None:
        return CriterionStudy(*head, "not_judged", "it states no margin in the unit of the results")
    if len(new) < PLOT_ONLY or len(there) < PLOT_ONLY:
        return CriterionStudy(*head, "plotted", "fewer than three lots on a side: values are only shown")
    alpha = 1 - (_confidence(one) or CONFIDENCE)
    values = [value for _, value in new], [value for _, value in there]
    try:
        compare = ratio_equivalence if one.scale == "ratio" else equivalence
        found = compare(*values, *margins, alpha)
    except ValueError as reason:
        return CriterionStudy(*head, "not_judged", str(reason))
    what = "ratio" if one.scale == "ratio" else "difference"
    words = (
        f"{what} of means {found.difference:.4g}, {1 - 2 * alpha:.0%} interval {found.low:.4g} to {found.high:.4g}, "
        f"margins {margins[0]:.4g} to {margins[1]:.4g}"
    )
    if min(len(new), len(there)) < DESCRIPTIVE:
        why = f"{words}; fewer than six lots on a side describe, they do not prove"
        return CriterionStudy(*head, "descriptive", why, *margins, found.p_value, found)
    verdict: Literal["met", "missed"] = "met" if found.equivalent else "missed"
    return CriterionStudy(*head, verdict, words, *margins, found.p_value, found)


def _capability(package: Package, plan: ComparabilityPlan, head: Head) -> CriterionStudy:
    del plan
    limits, here = interval(head[0].range, head[2], package.own_units), head[6]
    if limits is None or here is None:
        return CriterionStudy(*head, "not_judged", "its range is in no unit of the results")
    low, high = (None if end is None else float(end) for end in (limits.low, limits.high))
    if here.count < PLOT_ONLY or not here.standard_deviation:
        return CriterionStudy(*head, "plotted", "fewer than three lots, or lots that do not vary", low, high)
    spread = 3 * here.standard_deviation
    index = min([*([(here.mean - low) / spread] if low is not None else []),
                 *([(high - here.mean) / spread] if high is not None else [])])  # fmt: skip
    confidence = _confidence(head[0]) or CONFIDENCE
    bound = lower_bound(index, here.count, confidence)
    least = float(head[0].least_capability) if head[0].least_capability is not None else 1.0
    words = f"Ppk {index:.3g}, lower {confidence:.0%} bound {bound:.3g}, at least {least:g} wanted"
    few = here.count < DESCRIPTIVE
    verdict: Literal["met", "missed", "descriptive"] = "descriptive" if few else "met" if bound >= least else "missed"
    return CriterionStudy(*head, verdict, words, low, high, bound)


_JUDGES: Final = {
    "each_lot": _each_lot,
    "equivalence": _equivalence,
    "tolerance_interval": _tolerance,
    "quality_range": _quality_range,
    "capability": _capability,
}


def _power(
    package: Package, plan: ComparabilityPlan, one: AcceptanceCriterion, unit: str | None, there: Summary | None
) -> tuple[float | None, str]:
    """The power of equivalence with the lots planned, from what was assumed."""
    margins = _margins(package, one, unit)
    lots = plan.receiving_lots or 0, plan.sending_lots or (there.count if there else 0)
    if declared_method(one) != "equivalence" or margins is None or one.scale == "ratio" or min(lots) < 2:  # noqa: PLR2004
        return None, ""
    assumed = one.assumed_standard_deviation
    spread = float(assumed) if assumed is not None else there.standard_deviation if there else None
    if not spread or not 0 < spread < LARGEST:
        return None, ""
    difference = float(one.assumed_difference or 0)
    confidence = _confidence(one)
    if confidence is None:
        return None, ""
    alpha = 1 - confidence
    source = "assumed in planning" if assumed is not None else "of the reference lots: not stated before the data"
    power = equivalence_power(*lots, spread, *margins, difference, alpha)
    words = f"standard deviation {spread:.4g} {source}, difference {difference:g}, {lots[0]} against {lots[1]} lots"
    return power, words


def _margins(package: Package, one: AcceptanceCriterion, unit: str | None) -> tuple[float, float] | None:
    """Margins of the difference (or ratio), from the margin to both sides, or from the range."""
    if one.margin is not None:
        if one.scale == "ratio":
            ratio = float(one.margin.value)
            return (1 / ratio, ratio) if ratio > 1 else None
        width = width_in_unit(one.margin.value, one.margin.unit, unit, package.own_units)
        return None if width is None or width <= 0 else (-float(width), float(width))
    found = interval(one.range, None if one.scale == "ratio" else unit, package.own_units)
    if found is None or found.low is None or found.high is None or found.empty:
        return None
    return float(found.low), float(found.high)


def _confidence(one: AcceptanceCriterion) -> float | None:
    """The confidence level; None for one at which an interval has no width or none at all."""
    found = _share(one.confidence, CONFIDENCE)
    return found if found is not None and found > 0.5 else None  # noqa: PLR2004


def _share(given: Decimal | None, default: float) -> float | None:
    value = default if given is None else float(given)
    return value if 0 < value < 1 else None


def _values(
    package: Package, results: tuple[Result, ...], unit: str | None
) -> tuple[tuple[tuple[str, float], ...], int]:
    """The results as numbers in a unit, with the names of their runs, and how many are none."""
    found, unread = [], 0
    for one in results:
        value = one.result.value
        number = None if value is None else in_unit(value, one.result.unit or unit, unit, package.own_units)
        if number is None:
            unread += 1
        else:
            found.append((one.run.name, float(number)))
    return tuple(found), unread


def _unit_of(package: Package, about: str) -> str | None:
    found = package.get(about, QualityAttribute) or package.get(about, ProcessAttribute)
    return found.unit if found else None


def value_words(given: CriterionStudy, value: float) -> str:
    """A value of a criterion in words."""
    return value_text(Decimal(f"{value:.5g}"), given.unit)
