"""Statistics: tolerance factors, capability, charts, variance components, equivalence (stat_references.csv)."""

import math
from pathlib import Path

import scipy
from tests.references.result import ReferenceResult

from ttpack.analysis.statistics import capability_indices, control_charts, equivalence, summary, tolerance
from ttpack.analysis.statistics.variance_components import one_way, precision

NIST = Path(scipy.__file__).parent / "stats" / "tests" / "data"
"""The datasets of the National Institute of Standards and Technology come with scipy."""
ISO_5725 = "ISO 5725-2, from certified mean squares"
ISO = "ISO 16269-6:2014, Annex F"
# count, coverage, confidence, factor as printed: rounded up in the last digit
TWO_SIDED = (
    (2, 0.90, 0.90, 15.5124), (3, 0.95, 0.90, 6.8233), (15, 0.95, 0.90, 2.7196), (2, 0.90, 0.95, 31.0923),
    (35, 0.90, 0.95, 2.0943), (10, 0.95, 0.95, 3.3935), (90, 0.95, 0.95, 2.2519), (9, 0.99, 0.95, 4.6329),
    (35, 0.99, 0.95, 3.2762), (4, 0.90, 0.99, 9.4162),
)  # fmt: skip
CHART = (49.6, 47.6, 49.9, 51.3, 47.8, 51.2, 52.6, 52.4, 53.6, 52.1)
# confidence and coverage 0.95; the table rounds up or to the nearest
ONE_SIDED = ((3, 7.656), (5, 4.203), (10, 2.911), (15, 2.566), (20, 2.396), (30, 2.220), (50, 2.065))
COSTS = (310, 288, 297, 298, 307, 303, 294, 297, 308, 306, 294, 299, 297, 299, 314, 295, 293, 306, 301, 304)
SLEEP = (
    (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0),
    (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4),
)
SIGNALS = {
    1: ([0.0, 3.01, 3.0], 1),
    2: ([0.5] * 9, 8),
    3: ([-1.0, -0.5, 0.0, 0.5, 1.0, 1.5], 5),
    4: ([0.5, -0.5] * 7, 13),
    5: ([2.1, 0.0, 2.2], 2),
    6: ([1.5, 1.2, 0.2, 1.3, 1.4], 4),
    7: ([0.9, -0.9, 0.1] * 5, 14),
    8: ([1.5, -1.5] * 4, 7),
}


def results() -> tuple[ReferenceResult, ...]:
    """Each reference with what is computed here."""
    return (*_tolerance(), *_capability(), *_charts(), *_nist(), *_other())


def _row(  # noqa: PLR0917  the columns of the table
    name: str,
    source: str,
    expected: float,
    obtained: float | None,
    within: float,
    status: str = "published",
    words: str = "",
) -> ReferenceResult:
    found = math.nan if obtained is None else obtained
    return ReferenceResult("Statistics", name, source, expected, found, within, status, "", words)


def _tolerance() -> tuple[ReferenceResult, ...]:
    rows = [
        _row(
            f"two-sided tolerance factor, n = {count}, coverage {coverage}, confidence {confidence}", ISO, factor,
            math.ceil(tolerance.two_sided_factor(count, coverage, confidence) * 1e4) / 1e4, 1e-9,
            words="rounded up to 4 decimals",
        )
        for count, coverage, confidence, factor in TWO_SIDED
    ]  # fmt: skip
    howe = tolerance.howe_factor(43, 0.90, 0.99)
    exact = tolerance.two_sided_factor(43, 0.90, 0.99)
    sided = [
        _row(f"one-sided tolerance factor, n = {count}, 0.95, 0.95", "Montgomery, Table XII", factor,
             tolerance.one_sided_factor(count, 0.95, 0.95), 5e-4)
        for count, factor in ONE_SIDED
    ]  # fmt: skip
    handbook = tolerance.one_sided_factor(43, 0.90, 0.99)
    return (
        *rows,
        *sided,
        _row("one-sided tolerance factor, n = 43, 0.90, 0.99", "NIST e-Handbook 7.2.6.3", 1.8740, handbook, 5e-5),
        _row("Howe's approximation, n = 43, 0.90, 0.99", "NIST e-Handbook 7.2.6.3", 2.2173159, howe, 1e-6),
        _row("exact factor for the same", "theory", 2.2228252, exact, 1e-6, status="computed"),
        _row("confidence of the range of 93 values to cover 0.95", "Wilks 1941", 0.95, _wilks(), 5e-4),
    )


def _wilks() -> float:
    # 93 values are the least whose range covers 95 % with 95 % confidence
    return tolerance.range_confidence(93, 0.95)


def _capability() -> tuple[ReferenceResult, ...]:
    found = capability_indices.capability(16, 2, 8, 20)
    low, high = capability_indices.two_sided_interval(1.0, 50)
    theory = "noncentral t (Chou, Owen, Borrego 1990)"
    example = capability_indices.two_sided_interval((62 - 38) / (6 * 1.75), 20)
    centred = capability_indices.capability(0.0, 1.0, -3.99, 3.99)
    rows = [
        ("Cp, limits 8 and 20, s = 2", "NIST e-Handbook 6.1.6", 1.0, found.two_sided, 1e-12, "published"),
        ("Cpm, target 14", "NIST e-Handbook 6.1.6", 0.7071, capability_indices.cpm(16, 2, 8, 20, 14), 5e-5, "computed"),
        ("lower end of the 95 % interval of Cp = 1, n = 50", "NIST e-Handbook 6.1.6", 0.80248, low, 1e-5, "computed"),
        ("upper end", "NIST e-Handbook 6.1.6", 1.19713, high, 1e-5, "computed"),
        (
            "lower end, limits 38 and 62, s = 1.75, n = 20",
            "Montgomery, Example 8.4",
            1.57,
            example[0],
            0.01,
            "published",
        ),
        ("upper end", "Montgomery, Example 8.4", 3.01, example[1], 0.01, "published"),
        (
            "95 % lower bound of 1.33, n = 5",
            theory,
            0.516259,
            capability_indices.lower_bound(1.33, 5),
            1e-5,
            "computed",
        ),
        (
            "95 % lower bound of 1.33, n = 30",
            theory,
            1.021557,
            capability_indices.lower_bound(1.33, 30),
            1e-5,
            "computed",
        ),
        ("share out of limits at Ppk = 1.33, centred", "2 Phi(-3.99)", 6.6073e-05, centred.out, 1e-8, "closed form"),
    ]
    return tuple(_row(*row) for row in rows)


def _charts() -> tuple[ReferenceResult, ...]:
    chart, costs = control_charts.individuals_chart(CHART), control_charts.individuals_chart(COSTS)
    rows = [
        _row("centre line of a chart of individuals", "NIST e-Handbook 6.3.2.2", 50.81, chart.centre, 1e-9),
        _row("its upper limit", "NIST e-Handbook 6.3.2.2", 55.8041, chart.high, 5e-5),
        _row("centre line, loan processing costs", "Montgomery, Example 6.5", 300.5, costs.centre, 1e-9),
        _row("its upper limit", "Montgomery, Example 6.5", 321.22, costs.high, 5e-3),
        _row("its lower limit", "Montgomery, Example 6.5", 279.78, costs.low, 5e-3),
        _row("upper limit of its moving ranges", "Montgomery, Example 6.5", 25.45, costs.range_limit, 5e-3),
    ]
    for rule, (scores, index) in SIGNALS.items():
        found = [one.index for one in control_charts.nelson_signals(scores, [rule])]
        name = f"Nelson rule {rule}: {control_charts.NELSON_RULES[rule]}, signals at"
        rows.append(_row(name, "Nelson 1984", float(index), float(found[0]) if len(found) == 1 else math.nan, 0.0,
                         status="derived", words="exact"))  # fmt: skip
    for count, value in ((2, 0.797885), (3, 0.886227), (5, 0.939986), (10, 0.972659)):
        rows.append(_row(f"c4, n = {count}", "Montgomery, appendix VI", value, control_charts.c4(count), 1e-6))
    limit = control_charts.hotelling_limit(20, 3, 0.01)
    rows.append(_row("limit of T-squared, first phase, m = 20, p = 3, alpha 0.01", "Tracy, Young, Mason 1992", 8.990075,
                     limit, 1e-5, status="computed"))  # fmt: skip
    return tuple(rows)


def _nist() -> tuple[ReferenceResult, ...]:
    strd = "NIST Statistical Reference Datasets"
    resistivity, small = one_way(_series("SiRstv")), one_way(_series("SmLs01"))
    weights = one_way(_series("AtmWtAg"))
    spread = precision(_series("SiRstv"))
    points = [tuple(map(float, row)) for row in _table(NIST / "nist_linregress" / "Norris.dat")]
    norris = summary.line([x for _, x in points], [y for y, _ in points])
    near, far = [1.2] + [1.1, 1.3] * 500, [10000000.2] + [10000000.1, 10000000.3] * 500
    few, middle = [10000001.0, 10000003.0, 10000002.0], [1000000.2] + [1000000.1, 1000000.3] * 500
    return (
        _row("NumAcc1: standard deviation", strd, 1.0, summary.standard_deviation(few), 1e-12),
        _row("NumAcc3: mean", strd, 1000000.2, summary.mean(middle), 1e-9),
        _row("NumAcc3: standard deviation", strd, 0.1, summary.standard_deviation(middle), 1e-9),
        _row("SiRstv: mean square between", strd, 0.0127865654, resistivity.between, 1e-9),
        _row("SiRstv: repeatability", ISO_5725, 0.1040760683, spread.repeatability, 1e-9,
             status="derived"),
        _row("SiRstv: intermediate precision", ISO_5725, 0.1059376018, spread.intermediate,
             1e-9, status="derived"),
        _row("SmLs01: F", strd, 21.0, small.f, 1e-9),
        *_small_series(),
        _row("AtmWtAg: F", strd, 15.9467335677930, weights.f, 1e-7),
        _row("Norris: slope", strd, 1.00211681802045, norris.slope, 1e-12),
        _row("Norris: intercept", strd, -0.262323073774029, norris.intercept, 1e-12),
        _row("NumAcc2: mean", strd, 1.2, summary.mean(near), 1e-12),
        _row("NumAcc2: standard deviation", strd, 0.1, summary.standard_deviation(near), 1e-12),
        _row("NumAcc4: mean", strd, 10000000.2, summary.mean(far), 1e-7),
        _row("NumAcc4: standard deviation", strd, 0.1, summary.standard_deviation(far), 1e-7),
    )  # fmt: skip


def _small_series() -> list[ReferenceResult]:
    """Simon and Lesage's series: 7 and 13 constant leading digits in 04 to 06 and 07 to 09.

    Numbers in double precision hold three to four more digits of the last three, which bounds what can be reached.
    """
    cases = [("02", 201.0, 1e-9, ""), ("03", 2001.0, 1e-8, ""), ("04", 21.0, 1e-7, ""), ("05", 201.0, 1e-6, ""),
             ("06", 2001.0, 1e-5, ""), ("07", 21.0, 2.1e-3, "0.01 %, input in double precision"),
             ("08", 201.0, 2.01e-2, "0.01 %, input in double precision"),
             ("09", 2001.0, 0.2001, "0.01 %, input in double precision")]  # fmt: skip
    source = "NIST Statistical Reference Datasets"
    return [
        _row(f"SmLs{name}: F", source, f, one_way(_series(f"SmLs{name}")).f, within, words=words)
        for name, f, within, words in cases
    ]


def _other() -> tuple[ReferenceResult, ...]:
    # millions of simulated comparisons each, standard error 0.00035 or less
    simulated = "2,000,000 simulated tests"
    cases = [(3, True, 0.15314), (6, True, 0.56320), (3, False, 0.11824), (6, False, 0.54592)]
    rows = [
        _row(f"power of two one-sided {'pooled' if pooled else 'Welch'} tests, {n} against {n}, margin 1.5 s, no "
             "difference", simulated, value, equivalence.equivalence_power(n, n, 1.0, -1.5, 1.5, pooled=pooled),
             0.0011, status="computed", words="3 standard errors")
        for n, pooled, value in cases
    ]  # fmt: skip
    welch = equivalence.equivalence(*SLEEP, -5, 5, 0.025)
    student = "Student 1908, as in the manual of R, t.test"
    return (
        *rows,
        *_published_power(),
        _row("degrees of freedom of Welch's test, sleep data", student, 17.776, welch.freedom, 5e-4),
        _row("lower end of its 95 % interval", student, -3.3654832, welch.low, 5e-8),
        _row("upper end", student, 0.2054832, welch.high, 5e-8),
    )


def _published_power() -> list[ReferenceResult]:
    """Power of bioequivalence studies, margins 0.80 and 1.25, true ratio 0.95 (a crossover has half the variance)."""
    parallel = equivalence.equivalence_power(52, 49, _log_spread(0.35), *_LOGS, pooled=True)
    found = [_row("power, parallel groups of 52 and 49, CV 0.35", "PowerTOST, read me", 0.8011186, parallel, 1e-6)]
    for count, variation, power in ((20, 0.20, 0.834680), (40, 0.30, 0.815845)):
        half, spread = count // 2, _log_spread(variation) / math.sqrt(2)
        ours = equivalence.equivalence_power(half, half, spread, *_LOGS, pooled=True)
        name = f"power, crossover of {count}, CV {variation:.2f}"
        found.append(_row(name, "Phillips 1990; PowerTOST", power, ours, 1e-6))
    return found


_LOGS = math.log(0.80), math.log(1.25), math.log(0.95)


def _log_spread(variation: float) -> float:
    """The standard deviation of logarithms, of a coefficient of variation."""
    return math.sqrt(math.log(1 + variation**2))


def _table(file: Path) -> list[list[str]]:
    """The data of a dataset, which begin on line 61."""
    rows = (line.split() for line in file.read_text(encoding="latin-1").splitlines()[60:])
    return [row for row in rows if len(row) == 2]


def _series(name: str) -> list[list[float]]:
    found: dict[str, list[float]] = {}
    for series, value in _table(NIST / "nist_anova" / f"{name}.dat"):
        found.setdefault(series, []).append(float(value))
    return list(found.values())
