"""The rule on results of comparability against criteria declared before the data (RUN-03)."""

from collections.abc import Iterator
from datetime import date

from ttpack.analysis.runs.comparability_results import Result, Sides, computed_statistic, judged, sides
from ttpack.model.execution import AcceptanceCriterion, ComparabilityPlan, Run
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import site_name


def where_compared(package: Package) -> str | None:
    """Applies where a comparability plan is in force."""
    return None if package.in_force(ComparabilityPlan) else "no comparability plan is recorded"


@rule(
    "RUN-03", COMPLETENESS, from_gate="G5", applies_when=where_compared, requires=("REG-03",), basis="ICH Q5E",
)  # fmt: skip
def comparability_not_shown(package: Package, context: Context) -> Iterator[Outcome]:
    """A lot misses a criterion of comparability or lacks its result, or both sides did not measure in the same way.

    Judged are the completed runs of the receiving site that the plan compares, as many as it plans. Single values are
    compared with the range of the criterion; a statistic over the lots, such as equivalence by two one-sided tests, is
    listed as not computable. Both sides name the same method and version, or the result states a `bridge`. The
    criteria were declared before the first result.
    Why: another method, or a limit chosen afterwards, can make any two processes look alike.
    Resolve: complete the results, bridge the methods, investigate what is outside; a criterion is never moved.
    """
    for plan in package.in_force(ComparabilityPlan):
        found = sides(package, plan)
        yield from _lots(package, plan, found)
        yield from _declared(plan, found)
        for index, criterion in enumerate(plan.criteria):
            yield from _criterion(package, found, index, criterion)


def _lots(package: Package, plan: ComparabilityPlan, found: Sides) -> Iterator[Outcome]:
    lots = [run for run in found.receiving if run.results]
    wanted = plan.receiving_lots or 1
    if len(lots) < wanted and plan.receiving_site is not None:
        of = "" if plan.receiving_lots else " (the plan does not say how many)"
        where = site_name(package, plan.receiving_site)
        message = f"{plan.name}: {len(lots)} of {wanted} lots of {where} are complete with results{of}"
        yield Problem(plan.at("receiving_lots"), message, site=plan.receiving_site)


def _declared(plan: ComparabilityPlan, found: Sides) -> Iterator[Outcome]:
    """REG-03 compares the declaration with the first start; this with what is known of results."""
    dates = [(day, run) for run in found.receiving if run.results and (day := _first_result(run)) is not None]
    if not dates:
        return
    day, run = min(dates, key=lambda one: (one[0], one[1].id))
    if plan.declared_on is None:
        message = f"{plan.name} does not say when its criteria were declared, and {run.name} has results of {day}"
        yield Problem(plan.at("declared_on"), message, site=plan.receiving_site)
    elif plan.declared_on >= day:
        message = f"{plan.name} was declared on {plan.declared_on}, not before the results of {run.name} ({day})"
        yield Problem(plan.at("declared_on"), message, site=plan.receiving_site)


def _first_result(run: Run) -> date | None:
    return run.started_on or run.ended_on or run.last_result_on


def _criterion(package: Package, found: Sides, index: int, criterion: AcceptanceCriterion) -> Iterator[Outcome]:
    plan, site = found.plan, found.plan.receiving_site
    receiving, sending = found.of(criterion.about)
    name = package.label(criterion.about)
    given = {one.run.id for one in receiving}
    absent = [run.id for run in found.receiving if run.results and run.id not in given]
    for run_id in absent:
        message = f"{package.label(run_id)} has no result of {name}, which {plan.name} compares"
        yield Problem(package.records[run_id].at("results"), message, site=site)
    if not receiving:
        return
    reason = computed_statistic(criterion)
    if reason:
        yield NotComputable(plan.at(f"criteria[{index}]"), f"{name}: {reason}")
    for one in () if reason else judged(package, criterion, receiving):
        run = one.result.run
        place = run.at(f"results[{one.result.index}]")
        if one.met is None:
            yield NotComputable(place, f"{name} of {run.name}, {one.words}, cannot be compared with {one.limits}")
        elif not one.met:
            message = f"{run.name}: {name} is {one.words}, outside the criterion of {plan.name}, {one.limits}"
            yield Problem(place, message, site=site)
    yield from _methods(package, found, name, receiving, sending)


def _methods(
    package: Package, found: Sides, name: str, receiving: tuple[Result, ...], sending: tuple[Result, ...]
) -> Iterator[Outcome]:
    there = {one.method for one in sending if one.method}
    if not sending:
        plan, where = found.plan, package.label(found.plan.sending_site or "the sending site")
        place = plan.at("sending_site")
        yield NotComputable(place, f"{name}: no run of {where} holds results whose method could be compared")
    for one in (*receiving, *sending):
        if one.method is None and not one.result.bridge:
            field, what = ("method_version", "version of the method") if one.result.method else ("method", "method")
            message = f"{one.run.name} does not state the {what} of its result of {name}"
            yield Problem(one.run.at(f"results[{one.index}].{field}"), message, site=found.plan.receiving_site)
    if not there:
        return
    for one in receiving:
        if one.method and one.method not in there and not one.result.bridge:
            other = " or ".join(f"{package.label(method)} version {version}" for method, version in sorted(there))
            method, version = one.method
            message = (
                f"{one.run.name} measured {name} by {package.label(method)} version {version}, the sending side by "
                f"{other}, and no bridge is stated"
            )
            yield Problem(one.run.at(f"results[{one.index}].bridge"), message, site=found.plan.receiving_site)
