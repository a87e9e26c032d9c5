"""Runs of the receiving sites: how each stands, what left its ranges, whom to call on which shift, comparability."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from ttpack.analysis.comparability import started
from ttpack.analysis.intervals import range_text
from ttpack.analysis.runs.comparability_results import Judged, Sides, computed_statistic, judged, sides
from ttpack.analysis.runs.coverage import ENGINEERING, coverage
from ttpack.analysis.runs.earlier_ranges import EarlierRanges
from ttpack.analysis.runs.excursions import Recorded, RunReader, lacking, outside
from ttpack.model.execution import AcceptanceCriterion, ComparabilityPlan, Run
from ttpack.model.package import Package
from ttpack.views.blocks import Block, Break, Chip, Column, Inline, Inlines, Link, Page, Row, Section, Table, Text, Tone
from ttpack.views.words import counted, inlines_of_date, reference, words

CAP: Final = 300
FILTER_FROM: Final = 10
CLASSES: Final = ("critical", "major", "minor", "event", "not_a_deviation", None)
BLOCKING: Final = frozenset({"outside_par", "beyond_edge_of_failure"})
NOT_STATED: Final[Inlines] = (Text("not stated"),)


@dataclass(frozen=True, slots=True)
class RunState:
    """A run with what it recorded, and the verdict that heads its row."""

    run: Run
    recorded: tuple[Recorded, ...]
    lacks: int | None
    verdict: str
    tone: Tone

    @property
    def outside(self) -> tuple[Recorded, ...]:
        """What lies outside the normal range."""
        return tuple(one for one in self.recorded if outside(one))


def runs_page(package: Package, as_of: date) -> Page | None:
    """Every run of the receiving sites; None where there is none."""
    receiving = frozenset(package.receiving_sites)
    runs = [one for one in package.in_force(Run) if one.site in receiving]
    if not runs:
        return None
    runs.sort(key=lambda one: (started(one) or date.max, one.id))
    states = _states(package, runs, as_of)
    blocks: list[Block] = [_table_of_runs(package, states)]
    blocks += _excursions(states)
    blocks += _contacts(package, [one for one in runs if one.status not in ("complete", "stopped")])
    blocks += _comparability(package)
    summary = "How each run of the receiving sites stands, what left its ranges, and whom to call on which shift."
    return Page("runs", "Runs", tuple(blocks), "Knowledge", summary)


def _states(package: Package, runs: Sequence[Run], as_of: date) -> list[RunState]:
    reader = RunReader(package, EarlierRanges(package))
    lacks: dict[str, int] = {}
    for site in package.receiving_sites:
        of_site = [one for one in runs if one.site == site and one.run_kind == ENGINEERING]
        lacks |= {one.run.id: len(one.lacks) for one in coverage(package, of_site)}
    found = []
    for run in runs:
        recorded = reader.recorded(run)
        verdict, tone = _verdict(run, recorded, lacks.get(run.id), as_of)
        found.append(RunState(run, recorded, lacks.get(run.id), verdict, tone))
    return found


def _verdict(run: Run, recorded: Sequence[Recorded], lacks: int | None, as_of: date) -> tuple[str, Tone]:
    left = [one for one in recorded if outside(one)]
    open_ones = [one for one in left if one.excursion is None or lacking(run.excursions[one.excursion])]
    if any(one.where in BLOCKING for one in open_ones):
        return "blocked: outside the proven range, not dispositioned", "bad"
    if open_ones or any(lacking(one) for one in run.excursions):
        return "excursions to disposition", "warning"
    if run.status not in ("complete", "stopped"):
        late = run.planned_on is not None and run.planned_on < as_of and run.started_on is None
        return (f"late: planned for {run.planned_on}", "bad") if late else (words(run.status or "no status"), "info")
    if run.status == "stopped":
        return "stopped", "warning"
    if lacks:
        return f"complete, {counted(lacks, 'critical parameter')} not recorded", "warning"
    approved = run.report_approved is not None and run.report_approved <= as_of
    return ("complete and reported", "good") if approved else ("complete, report not approved", "warning")


def _table_of_runs(package: Package, states: Sequence[RunState]) -> Table:
    heads = ("Run", "Standing", "When", "Recorded", "Outside normal range", "Report", "Kind", "Site")
    rows = [Row(_cells(package, one)) for one in states[:CAP]]
    caption = "Runs of the receiving sites, in the order of their dates"
    return Table(tuple(map(Column, heads)), tuple(rows), caption, filterable=len(rows) > FILTER_FROM)


def _cells(package: Package, state: RunState) -> tuple[Inlines, ...]:
    run = state.run
    day = started(run)
    when: Inlines = NOT_STATED if day is None else (*inlines_of_date(day), Text("" if run.started_on else " planned"))
    recorded = counted(len(state.recorded), "value") if state.recorded else "nothing yet"
    unknown = sum(one.where is None for one in state.recorded)
    left: list[Inline] = [Text(str(len(state.outside)) if state.recorded else "")]
    if unknown:
        left += [Break(), Text(f"{unknown} not known")]
    report: Inlines = (reference(package, str(run.report)),) if run.report else NOT_STATED
    if run.report and run.report_approved:
        report = (*report, Break(), *inlines_of_date(run.report_approved))
    elif run.results_due_on and not run.report:
        report = (Text(f"results due {run.results_due_on}"),)
    return (
        (Link(run.id, run.name, run.id),),
        (Chip(state.verdict, state.tone),),
        when,
        (Text(recorded),),
        tuple(left),
        report,
        (Text(words(run.run_kind or "not stated")),),
        (reference(package, run.site or ""),),
    )


def _excursions(states: Sequence[RunState]) -> list[Block]:
    counts = {one.run.id: Counter(each.deviation_class for each in one.run.excursions) for one in states}
    shown = [one for one in states if one.run.excursions]
    if not shown:
        return []
    heads = [words(name) if name else "no class yet" for name in CLASSES]
    columns = (Column("Run"), *(Column(head.capitalize(), "right") for head in heads))
    rows = [
        Row((
            (Link(one.run.id, one.run.name, one.run.id),),
            *((Text(str(counts[one.run.id][name] or "")),) for name in CLASSES),
        ))
        for one in shown[:CAP]
    ]  # fmt: skip
    return [Section("Excursions by class", (Table(columns, tuple(rows), "How many excursions of each class"),))]


def _contacts(package: Package, runs: Sequence[Run]) -> list[Block]:
    rows = [
        Row((
            (Link(run.id, run.name, run.id),),
            (Text(one.shift),),
            (*_person(package, one.sponsor_contact), *((Break(), Text(words(one.presence))) if one.presence else ())),
            _person(package, one.receiving_contact),
            (Text(one.decision_rights),) if one.decision_rights else NOT_STATED,
        ))
        for run in runs
        for one in run.contacts
    ]  # fmt: skip
    if not rows:
        return []
    columns = tuple(map(Column, ("Run", "Shift", "Sponsor", "Counterpart", "Decides")))
    table = Table(columns, tuple(rows[:CAP]), "Whom to call on each shift of the runs ahead", len(rows) > FILTER_FROM)
    return [Section("Contacts of each shift", (table,))]


def _person(package: Package, name: str | None) -> Inlines:
    return (reference(package, name),) if name else (Chip("nobody", "bad"),)


def _comparability(package: Package) -> list[Block]:
    blocks: list[Block] = []
    for plan in package.in_force(ComparabilityPlan):
        found = sides(package, plan)
        if plan.criteria and any(run.results for run in found.receiving):
            blocks.append(_plan(package, plan, found))
    return blocks


def _plan(package: Package, plan: ComparabilityPlan, found: Sides) -> Section:
    rows = [Row(_criterion(package, one, found)) for one in plan.criteria[:CAP]]
    columns = tuple(map(Column, ("Attribute", "Criterion", "Results", "Answer")))
    lots = sum(bool(run.results) for run in found.receiving)
    planned = f" of {plan.receiving_lots} planned" if plan.receiving_lots else ""
    caption = f"{counted(lots, 'lot')}{planned}; single values against the range, no statistics"
    return Section(plan.name, (Table(columns, tuple(rows), caption),))


def _criterion(package: Package, criterion: AcceptanceCriterion, found: Sides) -> tuple[Inlines, ...]:
    results = judged(package, criterion, found.of(criterion.about)[0])
    limits = results[0].limits if results else range_text(criterion.range, criterion.unit) if criterion.range else ""
    values: list[Inline] = []
    for one in results[:FILTER_FROM]:
        values += [Break()] if values else []
        values += [Link(one.result.run.id, one.result.run.name, one.result.run.id), Text(f": {one.words}")]
    return (
        (reference(package, criterion.about),),
        (Text(limits or criterion.statistic or "not stated"),),
        tuple(values),
        _met(criterion, results),
    )


def _met(criterion: AcceptanceCriterion, results: Sequence[Judged]) -> Inlines:
    if not results:
        return (Chip("no result yet", "warning"),)
    if reason := computed_statistic(criterion):
        return Chip("not judged", "neutral"), Break(), Text(reason)
    missed = sum(one.met is False for one in results)
    if missed:
        return (Chip(f"{missed} outside", "bad"),)
    unknown = sum(one.met is None for one in results)
    return (Chip(f"{unknown} not known", "warning"),) if unknown else (Chip("inside", "good"),)
