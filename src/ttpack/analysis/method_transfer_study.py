"""A method transfer judged by its protocol (USP <1224>, <1010>; ISO 5725-2): means, precision, ratio of variances."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from ttpack.analysis.intervals import interval
from ttpack.analysis.statistics.equivalence import equivalence, variance_ratio
from ttpack.analysis.statistics.summary import Summary, mean, summary
from ttpack.analysis.statistics.variance_components import Precision, precision
from ttpack.model.analytics import MethodTransfer, TransferCriterion
from ttpack.model.package import Package
from ttpack.model.quantity import Range

CONFIDENCE: Final = 0.95
LEAST: Final = 3
PERCENT: Final = 100
Verdict = Literal["met", "missed", "not_judged"]
STATISTIC_WORDS: Final[dict[str, str]] = {
    "equivalence_of_means": "equivalence of means",
    "intermediate_precision": "intermediate precision of the receiving laboratory",
    "repeatability": "repeatability of the receiving laboratory",
    "variance_ratio": "ratio of variances, receiving over sending",
    "recovery": "recovery in the receiving laboratory",
}


@dataclass(frozen=True, slots=True)
class LaboratorySummary:
    """Results of a laboratory on a sample; `precision` where they are in at least two series with repeats."""

    laboratory: str
    sample: str
    values: Summary
    precision: Precision | None


@dataclass(frozen=True, slots=True)
class TransferJudgement:
    """A criterion on a sample: the figure with its interval or bound, in the unit of the results or percent."""

    criterion: TransferCriterion
    sample: str
    verdict: Verdict
    value: float | None
    low: float | None
    high: float | None
    why: str


@dataclass(frozen=True, slots=True)
class MethodTransferStudy:
    """A transfer judged; `gaps` say what is missing."""

    transfer: str
    title: str
    unit: str | None
    laboratories: tuple[LaboratorySummary, ...]
    judgements: tuple[TransferJudgement, ...]
    gaps: tuple[str, ...]
    inputs: tuple[str, ...]


def method_transfer_study(package: Package, transfer: MethodTransfer) -> MethodTransferStudy:
    """Every criterion of a transfer on every sample, by the results of both laboratories."""
    gaps: list[str] = []
    if not transfer.results:
        gaps.append("it records no results")
    if not transfer.criteria:
        gaps.append("it states no criteria that could be computed")
    for side, name in (("sending", transfer.from_laboratory), ("receiving", transfer.to_laboratory)):
        if name is None:
            gaps.append(f"it names no {side} laboratory")
        elif transfer.results and not any(one.laboratory == name for one in transfer.results):
            gaps.append(f"there is no result of {package.label(name)}")
    samples = list(dict.fromkeys(one.sample for one in transfer.results))
    series = {
        (laboratory, sample): _series(transfer, laboratory, sample)
        for laboratory in dict.fromkeys(one.laboratory for one in transfer.results)
        for sample in samples
    }
    laboratories = tuple(
        LaboratorySummary(laboratory, sample, summary(_flat(given)), _precision(given))
        for (laboratory, sample), given in series.items()
        if given
    )
    judgements = []
    for one in transfer.criteria:
        for sample in samples if one.sample is None else [one.sample]:
            new = series.get((transfer.to_laboratory or "", sample), [])
            there = series.get((transfer.from_laboratory or "", sample), [])
            judgements.append(_judged(package, transfer, one, sample, (new, there)))
    named = (transfer.id, transfer.method, transfer.from_laboratory, transfer.to_laboratory)
    inputs = {one for one in named if one is not None and one in package.records}
    return MethodTransferStudy(
        transfer.id, transfer.name, transfer.unit, laboratories, tuple(judgements), tuple(gaps), tuple(sorted(inputs))
    )  # fmt: skip


Sides = tuple[Sequence[Sequence[float]], Sequence[Sequence[float]]]


def _judged(
    package: Package, transfer: MethodTransfer, one: TransferCriterion, sample: str, given: Sides
) -> TransferJudgement:
    limits = _limits(package, transfer, one)
    if limits is None:
        return TransferJudgement(one, sample, "not_judged", None, None, None, "it states no limit in numbers")
    new, there = _flat(given[0]), _flat(given[1])
    confidence = float(one.confidence) if one.confidence is not None else CONFIDENCE
    if not 0 < confidence < 1:
        return TransferJudgement(one, sample, "not_judged", None, None, None, "a confidence lies between 0 and 1")
    two = one.statistic in ("equivalence_of_means", "variance_ratio")
    if len(new) < LEAST or (two and len(there) < LEAST):
        why = "fewer than three results" + (" of a laboratory" if two else "")
        return TransferJudgement(one, sample, "not_judged", None, None, None, why)
    try:
        value, low, high, words = _STATISTICS[one.statistic](one, limits, given, confidence)
    except (ValueError, ZeroDivisionError, OverflowError) as reason:
        return TransferJudgement(one, sample, "not_judged", None, None, None, str(reason))
    inside = (limits[0] is None or low >= limits[0]) and (limits[1] is None or high <= limits[1])
    return TransferJudgement(one, sample, "met" if inside else "missed", value, low, high, words)


Limits = tuple[float | None, float | None]
Figure = tuple[float, float, float, str]


def _means(one: TransferCriterion, limits: Limits, given: Sides, confidence: float) -> Figure:
    """The two one-sided interval of the difference of means; in percent of the sending mean where relative."""
    new, there = _flat(given[0]), _flat(given[1])
    wide = max(abs(end) for end in limits if end is not None) or 1.0
    found = equivalence(new, there, -wide * 1e6, wide * 1e6, 1 - confidence)
    scale = PERCENT / abs(mean(there)) if one.relative else 1.0
    ends = found.difference * scale, found.low * scale, found.high * scale
    unit = " % of the sending mean" if one.relative else ""
    return (*ends, f"{2 * confidence - 1:.0%} interval of the difference {ends[1]:.4g} to {ends[2]:.4g}{unit}")


def _intermediate(one: TransferCriterion, limits: Limits, given: Sides, confidence: float) -> Figure:
    del limits
    found = precision(given[0], confidence)
    return _deviation(one, found.intermediate, given[0], f"{found.count} results in {found.series} series")


def _repeatability(one: TransferCriterion, limits: Limits, given: Sides, confidence: float) -> Figure:
    del limits
    found = precision(given[0], confidence)
    return _deviation(one, found.repeatability, given[0], f"{found.count} results in {found.series} series")


def _deviation(one: TransferCriterion, value: float, series: Sequence[Sequence[float]], words: str) -> Figure:
    """A standard deviation, in percent of the mean where relative; the estimate itself is compared."""
    scaled = value * (PERCENT / abs(mean(_flat(series))) if one.relative else 1.0)
    unit = " % of the mean" if one.relative else ""
    return scaled, scaled, scaled, f"standard deviation {scaled:.4g}{unit}, {words}"


def _ratio(one: TransferCriterion, limits: Limits, given: Sides, confidence: float) -> Figure:
    del one
    found = variance_ratio(_flat(given[0]), _flat(given[1]), confidence)
    # A one-sided criterion compares the end of the interval on its side; the other end is not compared.
    low = found.low if limits[0] is not None else found.ratio
    high = found.high if limits[1] is not None else found.ratio
    return (
        found.ratio,
        low,
        high,
        f"{confidence:.0%} interval {found.low:.3g} to {found.high:.3g}, p = {found.p_value:.3g}",
    )


def _recovery(one: TransferCriterion, limits: Limits, given: Sides, confidence: float) -> Figure:
    del limits, confidence
    if one.nominal is None or one.nominal == 0:
        message = "recovery needs a nominal value"
        raise ValueError(message)
    value = PERCENT * mean(_flat(given[0])) / float(one.nominal)
    return value, value, value, f"mean recovery {value:.4g} % of {one.nominal}"


_STATISTICS: Final = {
    "equivalence_of_means": _means,
    "intermediate_precision": _intermediate,
    "repeatability": _repeatability,
    "variance_ratio": _ratio,
    "recovery": _recovery,
}


def _limits(package: Package, transfer: MethodTransfer, one: TransferCriterion) -> Limits | None:
    plain = one.relative or one.statistic in ("variance_ratio", "recovery")
    unit = None if plain else transfer.unit
    given = one.limit
    if given is None or not given.numeric:
        return None
    stated = Range(low=given.low, high=given.high) if plain else given
    found = interval(stated, unit, package.own_units)
    if found is None or found.empty:
        return None
    return (None if found.low is None else float(found.low)), (None if found.high is None else float(found.high))


def _series(transfer: MethodTransfer, laboratory: str, sample: str) -> list[list[float]]:
    """Results of a laboratory on a sample by series, in the order written."""
    found: dict[str, list[float]] = {}
    for one in transfer.results:
        if one.laboratory == laboratory and one.sample == sample and one.value.is_finite():
            found.setdefault(one.series or "", []).append(float(one.value))
    return list(found.values())


def _flat(series: Sequence[Sequence[float]]) -> list[float]:
    return [value for one in series for value in one]


def _precision(series: Sequence[Sequence[float]]) -> Precision | None:
    try:
        return precision(series)
    except ValueError:
        return None
