"""Rules on the process, its unit operations and steps (PRO)."""

from collections.abc import Iterable, Iterator, Mapping

from ttpack.analysis.flow import Flow
from ttpack.analysis.placeholders import written
from ttpack.analysis.site_process import general_process, unlisted_differences
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import Process, Step, StepDecision, UnitOperation
from ttpack.model.quantity import Range
from ttpack.rules.process_flow import flow_of, stray_unit_operations
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

LONGEST_LIST = 12
"""Names that a message lists before it counts the rest."""


@rule("PRO-01", COMPLETENESS, basis="M4Q S.2.2", from_gate="G1")
def process_flow_broken(package: Package, context: Context) -> Iterator[Outcome]:
    """The unit operations do not form one connected flow without circles, from its start to one end product.

    Why: material whose way is not described cannot be made at another site; an undeclared loop is rework nobody
    approved.
    Resolve: complete `flow` (or `order` of the unit operations), name `start_unit_operations` and `end_product`, and
    mark recycle and rework arrows with `recycle: true`.
    """
    for process in package.in_force(Process):
        flow, problems = flow_of(package, process)
        yield from problems
        if not flow.nodes:
            yield process.at("unit_operations"), "the process has no unit operations"
        elif not problems:
            yield from _flow_problems(process, flow)
        if not process.end_product:
            yield process.at("end_product"), "the process does not say with which product it ends"
    yield from stray_unit_operations(package)


def _flow_problems(process: Process, flow: Flow) -> Iterator[Outcome]:
    field = "flow" if process.flow else "unit_operations"
    for circle in flow.circles:
        way = _listed((*circle, circle[0]), " > ")
        yield process.at(field), f"material runs in a circle that is not declared as recycle: {way}"
    if len(flow.parts) > 1:
        others = _listed(node for part in flow.parts[1:] for node in part)
        message = f"the flow falls into {len(flow.parts)} parts: nothing leads between {flow.parts[0][0]} and {others}"
        yield process.at(field), message
        return
    starts, declared = flow.starts, process.start_unit_operations
    if declared and set(declared) != set(starts) and starts:
        message = f"the process is said to start with {_listed(declared)}, but nothing flows into {_listed(starts)}"
        yield process.at("start_unit_operations"), message
    elif not declared and len(starts) > 1:
        several = _listed(starts)
        message = f"the flow starts at {len(starts)} places ({several}) and start_unit_operations does not name them"
        yield process.at(field), message
    if len(flow.ends) > 1:
        message = f"the flow ends at {len(flow.ends)} places ({_listed(flow.ends)}), not with one end product"
        yield process.at(field), message


@rule("PRO-02", COMPLETENESS, basis="ISA-88 process stage; M4Q S.2.2", from_gate="G1")
def unit_operation_incomplete(package: Package, context: Context) -> Iterator[Outcome]:
    """A unit operation lacks its purpose, inputs, outputs, scale, equipment class, step yield or cycle time.

    Why: without them the receiving site can neither map the step to its equipment nor plan a batch.
    Resolve: complete the unit operation; where a yield has no number (an inoculum step), give a criterion instead.
    """
    for unit in package.unit_operations:
        given = {
            "purpose": written(unit.purpose),
            "inputs": unit.inputs,
            "outputs": unit.outputs,
            "scale": written(unit.scale) or unit.scales,
            "equipment_class": written(unit.equipment_class),
            "step_yield": unit.step_yield and (unit.step_yield.numeric or unit.step_yield.criterion),
            "cycle_time": _stated(unit.cycle_time),
        }
        yield from _missing(unit, given, {"step_yield": "step yield range"})


@rule("PRO-03", COMPLETENESS, basis="21 CFR 211.101(d), 211.188; ICH Q7", from_gate="G3")
def step_incomplete(package: Package, context: Context) -> Iterator[Outcome]:
    """A step lacks its actor, instruction, duration or end criterion, or the way it is verified.

    Why: an operator who has to guess who acts, until when, and who checks, will guess differently at each site.
    Resolve: complete the step; `verification: none` is an answer, an absent one is not.
    """
    for step in package.in_force(Step):
        given = {
            "actor": written(step.actor),
            "instruction": step.instruction or step.body,
            "end_criterion": written(step.end_criterion) or _stated(step.duration),
            "verification": step.verification,
        }
        yield from _missing(
            step, given, {"end_criterion": "duration or end criterion", "verification": "way of verification"}
        )


@rule("PRO-04", COMPLETENESS, basis="Niazi: deviation thresholds", from_gate="G3")
def step_decision_without_criterion_or_action(package: Package, context: Context) -> Iterator[Outcome]:
    """An in-process decision has no numeric criterion, or does not say what to do when it is not met.

    Why: "collect the peak" without a number is decided by whoever stands at the skid; without an action the batch
    waits.
    Resolve: give `criterion` with its unit, or the parameter that holds it, and `out_of_criterion_action`.
    """
    for step in package.in_force(Step):
        decision = step.decision
        if decision is None:
            continue
        if not _has_number(package, decision):
            yield step.at("decision.criterion"), f"the decision on {decision.what} has no numeric criterion"
        if not written(decision.out_of_criterion_action):
            message = f"the decision on {decision.what} does not say what to do when its criterion is not met"
            yield step.at("decision.out_of_criterion_action"), message


@rule("PRO-05", COMPLETENESS, basis="ISA-88 recipe types", from_gate="G3")
def site_process_not_derived(package: Package, context: Context) -> Iterator[Outcome]:
    """A receiving site's process is missing, follows no named revision of the general process, or differs silently.

    Why: two sites that believe they run the same process drift apart where nobody lists the differences.
    Resolve: add a process with `level: site`, `site`, `derived_from` and `general_revision`, and list each
    difference with its reason under `differences`.
    """
    by_site = {process.site: process for process in package.in_force(Process) if process.site}
    for site in package.receiving_sites:
        process = by_site.get(site)
        if process is None:
            place = package.records[site].at() if site in package.records else package.manifest.at(f"gates.{site}")
            yield Problem(
                place, f"{package.label(site)} has no process of its own that follows the general process", site=site
            )
            continue
        for field, message in _derivation_problems(package, process):
            yield Problem(process.at(field), message, site=site)


def _derivation_problems(package: Package, process: Process) -> Iterator[tuple[str, str]]:
    if not process.derived_from:
        yield "derived_from", "the site process does not say which general process it follows"
    if process.general_revision is None:
        yield "general_revision", "the site process does not name the revision of the general process it follows"
    general = general_process(package, process)
    if general is not None:
        current = general.revision if general.revision is not None else general.general_revision
        if None not in (current, process.general_revision) and str(current) != str(process.general_revision):
            message = (
                f"the site process follows revision {process.general_revision} of {general.name}, "
                f"which is now at {current}"
            )
            yield "general_revision", message
        for difference in unlisted_differences(package, general, process):
            yield "differences", f"{difference}, and differences does not list it"
    for index, listed in enumerate(process.differences):
        if not written(listed.reason):
            yield f"differences[{index}].reason", f"the difference in {package.label(listed.record)} has no reason"


def _missing(record: UnitOperation | Step, given: Mapping[str, object], words: Mapping[str, str]) -> Iterator[Outcome]:
    """One problem that lists what a record lacks, at the field if it is only one."""
    missing = [name for name, value in given.items() if not value]
    if missing:
        names = ", ".join(words.get(name, name.replace("_", " ")) for name in missing)
        yield record.at(missing[0] if len(missing) == 1 else ""), f"{record.name} states no {names}"


def _stated(given: object) -> bool:
    return bool(given.numeric or given.criterion) if isinstance(given, Range) else given is not None


def _has_number(package: Package, decision: StepDecision) -> bool:
    if decision.criterion is not None and decision.criterion.numeric:
        return True
    parameter = package.get(decision.parameter, ProcessParameter)
    return parameter is not None and (
        parameter.setpoint is not None or any(given.numeric for _, given in parameter.ranges.items())
    )


def _listed(names: Iterable[str], between: str = ", ") -> str:
    every = list(names)
    rest = len(every) - LONGEST_LIST
    return between.join(every[:LONGEST_LIST]) + (f"{between}and {rest} more" if rest > 0 else "")
