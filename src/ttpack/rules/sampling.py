"""Rules on the sampling plan (SMP)."""

from collections.abc import Iterator

from ttpack.analysis.intervals import fraction_text, value_text
from ttpack.analysis.sample_volumes import Point, points
from ttpack.model.analytics import Sampling
from ttpack.model.execution import PpqPlan
from ttpack.model.package import Package
from ttpack.model.process import ProcessAttribute
from ttpack.model.quality import InProcessControl, QualityAttribute, Specification
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

NAME = "sampling"
Test = InProcessControl | Specification


@rule("SMP-01", COMPLETENESS, basis="Annex 15 s5; FDA 2011 PV", from_gate="G3")
def sampling_plan_incomplete(package: Package, context: Context) -> Iterator[Outcome]:
    """A test has no sampling line, a line lacks container, volume, storage or retain, or a point gives too little.

    Why: a sample that nobody planned is not taken, and one that takes more than the point holds takes the batch.
    Resolve: name the test in `tests` of a sampling line (or `sampling` as not applicable on the test), complete the
    line, and lower volumes or replicates until they fit what is available.
    """
    lines = package.in_force(Sampling)
    yield from _unsampled(package, lines)
    for line in lines:
        given = {
            "container": (line.container or "").strip(),
            "volume": line.volume,
            "storage": (line.storage or "").strip(),
            "retain": (line.retain or "").strip(),
        }
        missing = [name for name, value in given.items() if not value]
        if missing:
            place = line.at(missing[0] if len(missing) == 1 else "")
            yield place, f"{line.name} states no {', '.join(missing)}"
    for point in points(lines, package.own_units):
        yield from _too_much(package, point)


def _unsampled(package: Package, lines: tuple[Sampling, ...]) -> Iterator[Outcome]:
    answers = NotApplicableAnswers(package)
    sampled = {test for line in lines for test in line.tests}
    tests: tuple[Test, ...] = (*package.in_force(InProcessControl), *package.in_force(Specification))
    measured: set[str] = set()
    for test in tests:
        if test.id in sampled or test.method in sampled or _own_line(package, test):
            measured.update({test.attribute or "", getattr(test, "parameter", None) or ""})
        elif not answers.answers(NAME, test.id):
            message = f"no line of the sampling plan takes the sample for {test.name}"
            yield test.at(), message + answers.shortfall(NAME, test.id)
    for plan in package.in_force(PpqPlan):
        for index, criterion in enumerate(plan.acceptance):
            about = package.records.get(criterion.about)
            if about is None or about.kind == "process_parameter" or about.id in measured:
                continue
            if not _sampled_by_itself(about, lines, sampled):
                place = plan.at(f"acceptance[{index}].about")
                yield place, f"{plan.name} judges {about.name}, but no sampling line takes a sample for a test of it"


def _sampled_by_itself(about: object, lines: tuple[Sampling, ...], sampled: set[str]) -> bool:
    """Whether a line tests the attribute without a test record between: by its method, or at its unit operation."""
    if isinstance(about, QualityAttribute):
        return not sampled.isdisjoint(about.methods)
    # a process attribute names no method
    return isinstance(about, ProcessAttribute) and about.unit_operation in {line.unit_operation for line in lines} - {
        None
    }


def _own_line(package: Package, test: Test) -> bool:
    line = package.get(getattr(test, "sample", None), Sampling)
    return line is not None and line.in_force


def _too_much(package: Package, point: Point) -> Iterator[Outcome]:
    first = point.lines[0]
    where = first.point or first.name
    if point.limiting is None and point.drawn is not None:
        yield first.at("available_volume"), f"nothing says how much sample {where} can give"
    excess = point.excess(package.own_units)
    if excess:
        drawn, line = excess
        unit = line.available_volume.unit if line.available_volume else ""
        available = value_text(line.available_volume.value, unit) if line.available_volume else ""
        message = (
            f"the samples at {where} take {fraction_text(drawn, unit)} together, more than the {available} available"
        )
        yield line.at("available_volume"), message
