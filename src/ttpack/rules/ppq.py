"""Rules on process performance qualification: its plan, its deviations and its conclusion (VAL)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from ttpack.analysis.placeholders import gives_limit, written
from ttpack.model.execution import PpqConclusion, PpqDeviation, PpqPlan, Run
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL
from ttpack.model.process import ProcessAttribute
from ttpack.model.quality import QualityAttribute
from ttpack.model.record import Record
from ttpack.model.status import STANDING
from ttpack.rules.applicability import from_late_stage
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, Context, Outcome, rule
from ttpack.rules.site_places import listed, site_name, site_place

_STARTED: Final = frozenset({"in_progress", "complete", "stopped"})


def plans_at(package: Package, site: str) -> list[PpqPlan]:
    """Plans of qualification in force of a site."""
    return [one for one in package.in_force(PpqPlan) if one.site == site]


def batches_of(package: Package, plan: PpqPlan) -> list[Run]:
    """The qualification batches of a plan, withdrawn records included: those that name it, or its site alone."""
    return [
        run
        for run in package.of(Run)
        if run.ppq_plan == plan.id or (run.ppq_plan is None and run.run_kind == "PPQ" and run.site == plan.site)
    ]


def started(run: Run, as_of: date) -> bool:
    """Whether a batch was started, however it ended and whatever became of its record."""
    return run.status in _STARTED or bool(run.started_on and run.started_on <= as_of)


@rule(
    "VAL-02", COMPLETENESS, from_gate="G5", applies_when=from_late_stage,
    basis="FDA process validation guidance 2011, stage 2",
)  # fmt: skip
def qualification_plan_not_complete(package: Package, context: Context) -> Iterator[Outcome]:
    """A receiving site has no PPQ plan, or it was not approved before execution, or lacks what batches are judged by.

    Asked for are the protocol and its approval, the number of batches and why, sampling, statistical criteria, and
    acceptance limits for every critical quality attribute, critical and key parameter and process attribute.
    Why: criteria that come after the results judge nothing.
    Resolve: complete the ppq_plan and approve it before the first batch; what is not used to judge is a
    `not_applicable` with `what: "<plan>: <record>"`, a reason and an approver.
    """
    answers = NotApplicableAnswers(package)
    for site in package.receiving_sites:
        plans = plans_at(package, site)
        if not plans and not answers.answers("ppq_plan"):
            message = f"{site_name(package, site)} has no plan of process performance qualification"
            yield Problem(site_place(package, site), message, site=site)
        for plan in plans:
            yield from _approval(package, plan, site, context.as_of)
            yield from _content(plan, site)
            yield from _criteria(package, plan, site, answers)


def _approval(package: Package, plan: PpqPlan, site: str, as_of: date) -> Iterator[Problem]:
    begun = [run.started_on for run in batches_of(package, plan) if run.started_on]
    first = min([*begun, *([plan.execution_started] if plan.execution_started else [])], default=None)
    approved = plan.approved_on
    if approved and first and approved > first:
        message = f"{plan.name} is approved on {approved}, after its first batch was started on {first}"
        yield Problem(plan.at("approved_on"), message, site=site, kind=CONSISTENCY)
    elif approved is None:
        after = f", though its first batch was started on {first}" if first and first <= as_of else ""
        yield Problem(plan.at("approved_on"), f"{plan.name} is not approved{after}", site=site)
    elif approved > as_of:
        yield Problem(plan.at("approved_on"), f"{plan.name} is approved only on {approved}", site=site)
    elif plan.status not in STANDING:
        state = (plan.status or "").replace("_", " ")
        message = f"{plan.name} states an approval of {approved}, but its status is {state}"
        yield Problem(plan.at("status"), message, site=site)


def _content(plan: PpqPlan, site: str) -> Iterator[Problem]:
    statistics = written(plan.statistics) or (
        bool(plan.acceptance) and all(written(one.statistic) for one in plan.acceptance)
    )
    missing = [
        (field, what)
        for field, what, given in (
            ("protocol", "protocol", written(plan.protocol)),
            ("batches", "number of batches", plan.batches),
            ("batch_rationale", "rationale of the number of batches", written(plan.batch_rationale)),
            ("sampling_intensity", "sampling intensity", written(plan.sampling_intensity)),
            ("statistics", "statistical criteria", statistics),
        )
        if not given
    ]
    if missing:
        field = missing[0][0] if len(missing) == 1 else ""
        yield Problem(plan.at(field), f"{plan.name} states no {', no '.join(what for _, what in missing)}", site=site)


def _criteria(package: Package, plan: PpqPlan, site: str, answers: NotApplicableAnswers) -> Iterator[Problem]:
    given = {one.about for one in plan.acceptance}
    for words, records in judged_by(package):
        absent = [
            one.id for one in records if one.id not in given and not answers.answers(one.id, plan.id)
        ]  # fmt: skip
        if absent:
            message = (
                f"{plan.name} has no acceptance limits for {len(absent)} of {len(records)} {words}: "
                f"{listed(package, absent)}"
            )
            yield Problem(plan.at("acceptance"), message, site=site)
    for index, one in enumerate(plan.acceptance):
        if not gives_limit(one.range):
            message = f"the acceptance criterion of {plan.name} for {package.label(one.about)} states no limits"
            yield Problem(plan.at(f"acceptance[{index}]"), message, site=site)


def judged_by(package: Package) -> tuple[tuple[str, tuple[Record, ...]], ...]:
    """What qualification is judged by, group by group: the words of the group and its records in force."""
    attributes = tuple(one for one in package.in_force(QualityAttribute) if one.critical is not False)
    critical = tuple(one for one in package.parameters if one.classification in CRITICAL)
    key = tuple(one for one in package.parameters if one.classification == "KPP")
    return (
        ("critical quality attributes", attributes),
        ("critical process parameters", critical),
        ("key process parameters", key),
        ("process attributes", package.in_force(ProcessAttribute)),
    )


@rule(
    "VAL-05", COMPLETENESS, from_gate="G6", applies_when=from_late_stage,
    basis="FDA process validation guidance 2011; data integrity",
)  # fmt: skip
def qualification_conclusion_leaves_out(package: Package, context: Context) -> Iterator[Outcome]:
    """A deviation in qualification is not linked to its protocol or not assessed, or the conclusion leaves a batch out.

    Every batch that was started counts, stopped ones and withdrawn records included.
    Why: a conclusion that leaves out the batch that failed is not a conclusion.
    Resolve: name every batch started under `conclusion.runs`, and each deviation under `conclusion.deviations` with the
    section of the protocol, its impact on the conclusion and who assessed it; each PPQ batch names its ppq_plan.
    """
    for plan in package.in_force(PpqPlan):
        runs = batches_of(package, plan)
        for run in runs:
            if run.ppq_plan is None and run.in_force:
                message = f"the batch {run.name} names no plan of qualification"
                yield Problem(run.at("ppq_plan"), message, site=plan.site)
        begun = [run for run in runs if started(run, context.as_of)]
        if plan.conclusion is not None:
            yield from _deviations(package, plan, begun)
        yield from _concluded(package, plan, begun)
    planned = {one.site for one in package.in_force(PpqPlan)}
    for run in package.in_force(Run):
        if run.run_kind == "PPQ" and run.ppq_plan is None and run.site not in planned and started(run, context.as_of):
            yield Problem(run.at("ppq_plan"), f"the batch {run.name} was started without a plan of qualification")


def _deviations(package: Package, plan: PpqPlan, begun: list[Run]) -> Iterator[Problem]:
    conclusion = plan.conclusion or PpqConclusion()  # without one, that is the finding
    assessed = {_plain(one.deviation) for one in conclusion.deviations}
    for run in begun:
        open_ones = [str(one) for one in run.deviations if _plain(str(one)) not in assessed]
        if open_ones:
            message = (
                f"{len(open_ones)} of {len(run.deviations)} deviations of {run.name} are not assessed under "
                f"{plan.name}: {listed(package, open_ones)}"
            )
            yield Problem(run.at("deviations"), message, site=plan.site)
    for index, one in enumerate(conclusion.deviations):
        missing = [what for what, given in _assessment(one) if not given]
        if missing:
            words = f"deviation {package.label(one.deviation)[:60]} of {plan.name} states no {', no '.join(missing)}"
            yield Problem(plan.at(f"conclusion.deviations[{index}]"), words, site=plan.site)


def _assessment(one: PpqDeviation) -> tuple[tuple[str, bool], ...]:
    return (
        ("section of the protocol", written(one.protocol_section)),
        ("impact on the conclusion", written(one.impact)),
        ("assessor", written(one.assessed_by)),
    )


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _concluded(package: Package, plan: PpqPlan, begun: list[Run]) -> Iterator[Problem]:
    if plan.conclusion is None:
        if begun:
            batches = "batch" if len(begun) == 1 else "batches"
            message = f"{plan.name} has no conclusion on the {len(begun)} {batches} started"
            yield Problem(plan.at("conclusion"), message, site=plan.site)
        return
    if not written(plan.conclusion.statement):
        yield Problem(plan.at("conclusion.statement"), f"{plan.name} draws no conclusion in words", site=plan.site)
    left_out = [run.id for run in begun if run.id not in plan.conclusion.runs]
    if left_out:
        message = (
            f"the conclusion of {plan.name} leaves out {len(left_out)} of {len(begun)} batches started: "
            f"{listed(package, left_out)}"
        )
        yield Problem(plan.at("conclusion.runs"), message, site=plan.site)
