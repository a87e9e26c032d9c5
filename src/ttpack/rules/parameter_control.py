"""How a parameter is held, measured and carried out (PRM-11, 18)."""

import re
from collections.abc import Iterator

from ttpack.analysis.instructions import unreferenced_quantities
from ttpack.analysis.intervals import interval, range_text
from ttpack.model.execution import BatchRecord
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, Control, Monitor, ProcessParameter
from ttpack.model.process import Step
from ttpack.model.quality import InProcessControl
from ttpack.model.quantity import RANGE_NAMES, Range
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

NOTHING = re.compile(r"\s*(?:[-–?.]*|tb[acd]|to be \w+|n/?a|none|unknown)\s*", re.IGNORECASE)

FREQUENCY = re.compile(r"\b(?:every|each|per|once|twice|continuous(?:ly)?|hourly|daily|weekly|times)\b", re.IGNORECASE)
"""Words by which a text says how often something is measured."""


def _said(text: str | None) -> bool:
    return bool(text) and not NOTHING.fullmatch((text or "")[:80])


@rule(
    "PRM-11",
    COMPLETENESS,
    from_gate="G3",
    basis="ICH Q10 control strategy; Annex 15",
    requires=("QTY-01", "QTY-02", "QTY-03"),
)
def critical_parameter_without_control(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical parameter lacks a control, a monitor, a limit that warns in time, or a check before it is too late.

    In line, the warning is an alarm or action limit inside the proven range; off line, a check with its frequency
    before the next irreversible step.

    Why: a range that nobody holds, measures or is warned of protects nothing.
    Resolve: state control, monitor with frequency, and control.alarm or ranges.action; for an off-line check name under
    monitor.before the step it precedes.
    """
    for parameter in package.parameters:
        if parameter.classification not in CRITICAL:
            continue
        what = f"{parameter.classification} {parameter.name}"
        control, monitor = parameter.control, parameter.monitor
        if not _said(control.method if isinstance(control, Control) else control):
            yield parameter.at("control"), f"{what} does not say how it is held"
        if not _said(monitor.method if isinstance(monitor, Monitor) else monitor):
            yield parameter.at("monitor"), f"{what} does not say how it is measured"
        elif not _says_how_often(monitor):
            yield parameter.at("monitor.frequency"), f"{what} does not say how often it is measured"
        yield from _warned(package, parameter, what)


def _says_how_often(monitor: Monitor | str | None) -> bool:
    """Whether a frequency is stated; a monitor in words may say it among them."""
    return _said(monitor.frequency) if isinstance(monitor, Monitor) else bool(FREQUENCY.search(monitor or ""))


def _warned(package: Package, parameter: ProcessParameter, what: str) -> Iterator[Outcome]:
    monitor = parameter.monitor if isinstance(parameter.monitor, Monitor) else None
    limits = list(_limits(parameter))
    if monitor and monitor.in_line:
        if not limits:
            yield parameter.at("control.alarm"), f"{what} is measured in line and has no alarm or action limit"
    elif monitor and _said(monitor.method) and not _said(monitor.before) and not _gating(package, parameter):
        yield (
            parameter.at("monitor.before"),
            f"{what} is checked off line, and not said to be before the next irreversible step",
        )
    proven = parameter.ranges.proven_acceptable
    outer = interval(proven, parameter.unit, package.own_units)
    for path, words, limit in limits:
        inner = interval(limit, parameter.unit, package.own_units)
        if proven and outer and inner and inner.ends_outside(outer):
            stated, allowed = range_text(limit, parameter.unit), range_text(proven, parameter.unit)
            yield parameter.at(path), f"{words} {stated} lie outside the proven acceptable range {allowed}"


def _limits(parameter: ProcessParameter) -> Iterator[tuple[str, str, Range]]:
    if isinstance(parameter.control, Control) and parameter.control.alarm and parameter.control.alarm.numeric:
        yield "control.alarm", "alarm limits", parameter.control.alarm
    for kind in ("alert", "action"):
        given = getattr(parameter.ranges, kind)
        if given and given.numeric:
            yield f"ranges.{kind}", RANGE_NAMES[kind], given


def _gating(package: Package, parameter: ProcessParameter) -> bool:
    """Whether a test of the parameter holds up the next step."""
    tests = (package.get(ref, InProcessControl) for ref in parameter.in_process_controls)
    return any(test is not None and test.gates == "forward_processing" for test in tests)


@rule("PRM-18", COMPLETENESS, from_gate="G3", basis="21 CFR 211.100, 211.188; ICH Q7")
def parameter_that_nobody_carries_out(package: Package, context: Context) -> Iterator[Outcome]:
    """No step in a batch record carries a parameter out, or a step gives a quantity that is no parameter's.

    Why: what is in no batch record is not done; what is only in a step's words escapes every check of ranges.
    Resolve: name the parameter in a step and the step in a batch record; make a literal quantity a parameter.
    """
    carried: dict[str, list[str]] = {}
    for step in package.in_force(Step):
        decided = (step.decision.parameter,) if step.decision and step.decision.parameter else ()
        for ref in (*step.parameters, *decided):
            carried.setdefault(ref, []).append(step.id)
    recorded = {ref for record in package.in_force(BatchRecord) for ref in record.steps}
    for parameter in package.parameters:
        named = [ref for ref in parameter.steps if ref in package.unreadable_ids or package.get(ref, Step)]
        steps = {*carried.get(parameter.id, ()), *named}
        if not steps:
            yield parameter.at("steps"), f"no step carries out {parameter.name}"
        elif not steps & recorded and not steps & package.unreadable_ids:
            yield (
                parameter.at("steps"),
                f"no batch record contains {', '.join(sorted(steps)[:3])}, which carries out {parameter.name}",
            )
    for step in package.in_force(Step):
        for field, literal in unreferenced_quantities(package, step):
            yield step.at(field), f"'{literal}' is given as a literal and refers to no parameter"
