"""Rules on runs: engineering runs completed and reported, and what they recorded outside the ranges (RUN)."""

from collections.abc import Iterator
from datetime import date

from ttpack.analysis.parties import missing_quality_approval
from ttpack.analysis.runs.coverage import COMPLETE, RunCoverage, coverage, engineering_runs
from ttpack.model.documents import Document
from ttpack.model.execution import Run
from ttpack.model.findings import Problem
from ttpack.model.gates import AtRiskDecision
from ttpack.model.package import Package
from ttpack.model.status import APPROVED
from ttpack.rules import bottlenecks, excursions, run_data, run_results
from ttpack.rules.registry import COMPLETENESS, INFORMATION, Context, Outcome, rule
from ttpack.rules.site_places import listed, site_name, site_place

__all__ = ["bottlenecks", "excursions", "run_data", "run_results"]

GATE = "G4"


@rule("RUN-01", COMPLETENESS, from_gate=GATE, basis="engineering runs; FDA process validation guidance 2011")
def engineering_run_not_complete(package: Package, context: Context) -> Iterator[Outcome]:
    """A receiving site has no engineering run, one not completed or not reported, or critical parameters unrecorded.

    Every planned engineering run is completed; a run that was stopped is made up for by one completed after it. Every
    critical parameter is recorded by at least one completed run, and a remark says what a single run lacks; a run of
    one unit operation is asked for the parameters of that unit operation. Each run has an approved report, or an
    interim summary approved by both QAs: an `at_risk_decision` in force that names the run in `overlaps`.
    Why: what the engineering run did not show, the first GMP batch finds out.
    Resolve: complete the run, record what it lacks in `as_run`, give `report` and `report_approved`.
    """
    if not package.in_force(Run):
        return  # DOC-06 asks for the first of them
    at_risk: dict[str, list[AtRiskDecision]] = {}
    for decision in package.in_force(AtRiskDecision):
        for name in dict.fromkeys(decision.overlaps):
            at_risk.setdefault(name, []).append(decision)
    for site in package.receiving_sites:
        runs = engineering_runs(package, site)
        if not runs:
            message = f"{site_name(package, site)} has no engineering run, not even a planned one"
            yield Problem(site_place(package, site), message, site=site)
        completed = [one for one in runs if one.status == COMPLETE]
        for run in runs:
            yield from _state(package, run, completed, context.as_of)
            if run.status in (COMPLETE, "stopped"):
                yield from _report(package, run, at_risk.get(run.id, []), context.as_of)
        yield from _coverage(package, coverage(package, runs))


def _state(package: Package, run: Run, completed: list[Run], as_of: date) -> Iterator[Outcome]:
    where = site_name(package, run.site or "")
    if run.status == "stopped":
        begun = run.started_on or run.planned_on
        later = (
            one
            for one in completed
            if one.unit_operation in (None, run.unit_operation)
            and (begun is None or (one.started_on or one.ended_on or date.max) >= begun)
        )
        if not any(later):
            yield run.at("status"), f"{run.name} at {where} was stopped, and none has been completed in its place"
    elif run.status != COMPLETE:
        state = (run.status or "of no stated status").replace("_", " ")
        planned = f"; it was planned for {run.planned_on}" if run.planned_on and run.planned_on < as_of else ""
        planned = planned or (f"; it is planned for {run.planned_on}" if run.planned_on else "")
        yield run.at("status"), f"{run.name} at {where} is {state}, not complete{planned}"


def _report(package: Package, run: Run, decisions: list[AtRiskDecision], as_of: date) -> Iterator[Outcome]:
    defects = [_defect(package, run, one, as_of) for one in decisions]
    if "" in defects:
        return
    instead = f"; {decisions[0].name} does not stand in for it: {defects[0]}" if decisions else ""
    if not run.report:
        yield run.at("report"), f"{run.name} has no report{instead}"
    elif run.report_approved is None:
        document = package.get(run.report, Document)
        if document is None or document.status not in APPROVED:
            yield run.at("report_approved"), f"the report of {run.name} is not approved{instead}"
    elif run.report_approved > as_of:
        message = f"the report of {run.name} is approved only on {run.report_approved}{instead}"
        yield run.at("report_approved"), message


def _defect(package: Package, run: Run, one: AtRiskDecision, as_of: date) -> str:
    """Why a decision at risk does not stand in for the report, or nothing."""
    if one.site not in (None, run.site):
        return f"it is of {package.label(one.site)}"
    if one.gate not in (None, GATE):
        return f"it runs ahead of gate {one.gate}"
    if one.decided_on is None or one.decided_on > as_of:
        return "it is not decided yet" if one.decided_on else "it does not say when it was decided"
    if one.expires and one.expires < as_of:
        return f"it expired on {one.expires}"
    return missing_quality_approval(package, one.approvers)


def _coverage(package: Package, found: tuple[RunCoverage, ...]) -> Iterator[Outcome]:
    """One problem for what no run recorded, at the last of the runs that should have; a remark for the others."""
    last: dict[str, Run] = {name: one.run for one in found for name in one.nowhere}
    for one in found:
        if not one.lacks:
            continue
        run = one.run
        nowhere = [name for name in one.nowhere if last[name] is run]
        elsewhere = [name for name in one.lacks if name not in nowhere]
        count = f"{one.asked - len(one.lacks)} of {one.asked} critical parameters"
        if nowhere:
            also = f"; recorded or asked of another run: {listed(package, elsewhere)}" if elsewhere else ""
            message = f"{run.name} recorded {count}, and no run {listed(package, nowhere)}{also}"
            yield run.at("as_run"), message
        else:
            message = f"{run.name} recorded {count}; it lacks {listed(package, elsewhere)}"
            yield Problem(run.at("as_run"), message, kind=INFORMATION)
