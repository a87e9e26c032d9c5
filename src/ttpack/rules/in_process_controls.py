"""Rules on in-process controls (IPC)."""

from collections.abc import Iterator
from fractions import Fraction

from ttpack.analysis.holds import SECOND, hold_limit
from ttpack.analysis.intervals import interval, range_text
from ttpack.model.package import Package
from ttpack.model.process import HoldTime
from ttpack.model.quality import InProcessControl
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule


@rule("IPC-01", COMPLETENESS, basis="21 CFR 211.110; ICH Q7", from_gate="G3")
def in_process_control_incomplete(package: Package, context: Context) -> Iterator[Outcome]:
    """A test lacks its point, sample, method, type of limit or what waits for it, or comes after the hold has ended.

    Why: a result that gates forward processing and arrives after the hold has ended decides about a batch that is
    already lost.
    Resolve: complete the test (`gates: release` where only release waits for it; `sample` or `hold` may be answered as
    not applicable), and give a faster test or a longer, proven hold where the turnaround exceeds it.
    """
    answers = NotApplicableAnswers(package)
    for test in package.in_force(InProcessControl):
        given = {
            "point": (test.point or "").strip(),
            "sample": test.sample or answers.answers("sample", test.id),
            "method": test.method,
            "limit_type": test.limit_type,
            "gates": test.gates,
        }
        missing = [name for name, value in given.items() if not value]
        if missing:
            words = {
                "point": "sampling point",
                "limit_type": "type of limit",
                "gates": "step that waits for its result",
            }
            names = ", ".join(words.get(name, name) for name in missing)
            yield test.at(missing[0] if len(missing) == 1 else ""), f"{test.name} states no {names}"
        if test.gates == "forward_processing":
            yield from _turnaround(package, test, answers)


def _turnaround(package: Package, test: InProcessControl, answers: NotApplicableAnswers) -> Iterator[Outcome]:
    if test.turnaround is None or test.turnaround.high is None:
        message = f"{test.name} gates forward processing, but its longest turnaround time is not stated"
        yield test.at("turnaround"), message
        return
    hold = package.get(test.hold, HoldTime)
    if test.hold is None and not answers.answers("hold", test.id):
        message = f"{test.name} gates forward processing, but no hold says how long the batch can wait for it"
        yield test.at("hold"), message
    limit = hold_limit(hold, package.own_units) if hold else None
    unit = test.turnaround.unit or test.turnaround_unit
    longest = _seconds(package, test, unit)
    if hold and limit and longest is not None and longest > limit.seconds:
        message = (
            f"the result of {test.name} takes {range_text(test.turnaround, unit)}, "
            f"but {hold.name} ends after {limit.text}"
        )
        yield test.at("turnaround"), message


def _seconds(package: Package, test: InProcessControl, unit: str | None) -> Fraction | None:
    if test.turnaround is None or unit is None:
        return None
    given = test.turnaround.model_copy(update={"unit": unit})
    found = interval(given, SECOND.code, package.own_units)
    return found.high if found else None
