"""What is registered in each market, how far the package has drifted from it, and what was declared before the data."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from ttpack.analysis.comparability import PlannedComparison, comparison, started
from ttpack.analysis.filed_values import REGISTERED, FiledValue, filed_values
from ttpack.analysis.placeholders import written
from ttpack.model.execution import ComparabilityPlan
from ttpack.model.facility import Site
from ttpack.model.package import Package
from ttpack.model.regulatory import RegulatoryState, RegulatoryWatch, SiteApproval
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Chip,
    Column,
    Inline,
    Inlines,
    Link,
    Page,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Tone,
)
from ttpack.views.words import chip, counted, inlines_of_date, reference, references, words

MANY = 10
_TONES: Final[dict[str, Tone]] = {
    "equal": "good", "differs": "bad", "not computable": "warning", "not stated": "warning",
}  # fmt: skip
_STATES: Final[dict[str, Tone]] = {"none": "neutral", "filed": "info", "approved": "good"}


def filings_page(package: Package, as_of: date) -> Page | None:
    """Filings against the package, states of the sites, comparability and the watch; None where there is none of it."""
    rows = filed_values(package)
    states = package.in_force(RegulatoryState)
    plans = [comparison(package, plan) for plan in package.in_force(ComparabilityPlan)]
    watches = package.in_force(RegulatoryWatch)
    if not (rows or states or plans or watches):
        return None
    answers = [
        *_filed_answer(rows, states),
        *(_site_answer(package, states, site, as_of) for site in package.receiving_sites if states),
        *(_plan_answer(package, one) for one in plans),
        *_watch_answer(watches, as_of),
    ]
    blocks: list[Block] = [Bullets(tuple(answers))] if answers else []
    blocks += [_filed_table(package, rows)] if rows else []
    blocks += [_site_table(package, states)] if states else []
    blocks += [_plan_table(package, plans)] if plans else []
    blocks += [_watch_table(package, watches, as_of)] if watches else []
    summary = "What is registered in each market, and where the package or a site is ahead of it."
    return Page("filings", "Filings and comparability", tuple(blocks), "Sites", summary)


def _filed_answer(rows: Sequence[FiledValue], states: Sequence[RegulatoryState]) -> list[Inlines]:
    registered = sorted({state.market for state in states if state.market and state.state in REGISTERED})
    where = f"filed or approved in {' and '.join(registered)}" if registered else "filed or approved in no market yet"
    found: list[Inlines] = [(Text(f"The product is {where}."),)] if states else []
    if not rows:
        return found
    equal = sum(row.verdict == "equal" for row in rows)
    drifted = sum(row.drifted for row in rows)
    covered = sum(row.verdict == "differs" for row in rows) - drifted
    unknown = len(rows) - equal - drifted - covered
    parts = [f"{equal} of {counted(len(rows), 'filed value')} {'agrees' if equal == 1 else 'agree'} with the package"]
    parts += [f"{drifted} differ{'s' if drifted == 1 else ''} without an open change record"] if drifted else []
    parts += [f"{covered} differ{'s' if covered == 1 else ''} under an open change record"] if covered else []
    parts += [f"{unknown} could not be compared"] if unknown else []
    text = "; ".join(parts) + "."
    return [*found, ((Strong(text) if drifted else Text(text)),)]


def _site_answer(package: Package, states: Sequence[RegulatoryState], site: str, as_of: date) -> Inlines:
    effective, others = [], []
    for state in states:
        one = _approval(state, site)
        market = state.market or state.name
        if one is None:
            others.append(f"{market}: not stated")
        elif state.state == one.state == "approved" and (one.approved_on is None or one.approved_on <= as_of):
            effective.append(market)
        else:
            others.append(f"{market}: {one.state}")
    said = f"may supply {' and '.join(effective)}" if effective else "may supply no market yet"
    return reference(package, site), Text(f" {said}{' (' + '; '.join(others) + ')' if others else ''}.")


def _approval(state: RegulatoryState, site: str) -> SiteApproval | None:
    return next((one for one in state.sites if one.site == site), None)


def _plan_answer(package: Package, one: PlannedComparison) -> Inlines:
    plan = one.plan
    site = reference(package, plan.receiving_site) if plan.receiving_site else Text("no site in particular")
    head: Inlines = (Text("Comparability of "), site, Text(": "))
    start = started(one.first) if one.first else None
    if plan.declared_on is None:
        return *head, Strong("nobody says when the plan was declared.")
    if one.first is None or start is None:
        waiting = "no batch has a date yet" if one.runs else "no batch whose data it uses is recorded yet"
        return *head, Text(f"declared on {plan.declared_on}; {waiting}.")
    days = (start - plan.declared_on).days
    if days <= 0:
        return (
            *head,
            Strong(f"declared on {plan.declared_on}, not before the first batch on {start} ("),
            Link(one.first.id, one.first.name),
            Strong(")."),
        )
    first = Link(one.first.id, one.first.name)
    return (
        *head,
        Text(f"declared on {plan.declared_on}, {counted(days, 'day')} before the first batch ("),
        first,
        Text(")."),
    )


def _watch_answer(watches: Sequence[RegulatoryWatch], as_of: date) -> list[Inlines]:
    late = [one for one in watches if _in_effect(one, as_of) and not written(one.assessment)]
    if late:
        links: list[Inline] = [Strong("In effect and not assessed: ")]
        for place, one in enumerate(late):
            links += [Text(", ")] if place else []
            links.append(Link(one.id, one.name))
        return [tuple(links)]
    return []


def _in_effect(watch: RegulatoryWatch, as_of: date) -> bool:
    return watch.in_effect_from is not None and watch.in_effect_from <= as_of


def _filed_table(package: Package, rows: Sequence[FiledValue]) -> Section:
    order = {"differs": 0, "not computable": 1, "not stated": 2, "equal": 3}
    worst = sorted(rows, key=lambda row: (not row.drifted, order[row.verdict], row.element, row.market))
    columns = tuple(map(Column, ("Element", "Market", "Filed", "In the package", "Answer", "Registered as")))
    table = Table(
        columns, tuple(Row(_filed_cells(package, row)) for row in worst),
        "Filed values and what the package says now, differences first", filterable=len(rows) > MANY,
    )  # fmt: skip
    return Section("Filed values and the package", (table,))


def _filed_cells(package: Package, row: FiledValue) -> tuple[Inlines, ...]:
    condition = row.condition
    element = reference(package, row.element) if row.element else Text("not named")
    field: Inlines = (Break(), Text(words(row.field).replace(".", ", "))) if row.field else ()
    answer: list[Inline] = [Chip(row.verdict, "info" if row.change else _TONES[row.verdict])]
    if row.reason:
        answer += [Break(), Text(row.reason)]
    if row.verdict == "differs":
        answer.append(Break())
        answer += [Link(row.change.id, row.change.name)] if row.change else [Text("no open change record")]
    detail = {True: "registered detail", False: "no registered detail", None: "not stated"}[condition.registered_detail]
    said = ", ".join(
        filter(
            None, (detail, "established condition" if condition.is_established_condition else "", condition.category)
        )
    )
    return (
        (element, *field),
        (Link(condition.id, condition.market or "not named", condition.name),),
        (Text(row.filed or "not stated"),),
        (Text(row.package or ("" if row.verdict == "not computable" else row.filed)),),
        tuple(answer),
        (Text(said), *((Break(), Text(condition.dossier_section)) if condition.dossier_section else ())),
    )


def _site_table(package: Package, states: Sequence[RegulatoryState]) -> Section:
    named = {one.site for state in states for one in state.sites} - set(package.receiving_sites)
    sites = (*package.receiving_sites, *sorted(named))
    columns = (Column("Site"), *(Column(state.market or state.name, record=state.id) for state in states))
    rows = [Row(((Text("The product"),), *(chip(state.state or "not stated") for state in states)))]
    for site in sites:
        cells: list[Inlines] = []
        for state in states:
            one = _approval(state, site)
            since = (Text(" since "), *inlines_of_date(one.approved_on)) if one and one.approved_on else ()
            cells.append((*chip(one.state, _STATES[one.state]), *since) if one else (Text("not stated"),))
        role = package.get(site, Site)
        suffix = f" ({role.site_role})" if role and role.site_role else ""
        rows.append(Row(((reference(package, site), Text(suffix)), *cells)))
    return Section("Sites in each market", (Table(columns, tuple(rows), "State of the product and of each site"),))


def _plan_table(package: Package, plans: Sequence[PlannedComparison]) -> Section:
    rows = []
    for one in plans:
        plan = one.plan
        start = started(one.first) if one.first else None
        first = (
            (Link(one.first.id, one.first.name), Break(), *inlines_of_date(start)) if one.first else (Text("none yet"),)
        )
        missing = [name for name in plan.attributes if name not in {criterion.about for criterion in plan.criteria}]
        criteria: Inlines = (Text(counted(len(plan.criteria), "criterion").replace("criterions", "criteria")),)
        if missing:
            criteria = (*criteria, Text("; none for "), *references(package, missing))
        sites = references(package, [site for site in (plan.sending_site, plan.receiving_site) if site])
        cells = ((Link(plan.id, plan.name, plan.id),), sites, criteria, inlines_of_date(plan.declared_on), first)
        rows.append(Row(cells))
    columns = tuple(
        map(Column, ("Plan", "Sites compared", "Criteria", "Declared on", "First batch whose data it uses"))
    )
    return Section("Comparability", (Table(columns, tuple(rows), "Declared before the data, or not"),))


def _watch_table(package: Package, watches: Sequence[RegulatoryWatch], as_of: date) -> Section:
    rows = []
    for one in sorted(watches, key=lambda watch: (watch.in_effect_from or date.max, watch.id)):
        start = inlines_of_date(one.in_effect_from) or (Text("not stated"),)
        state = (Break(), Chip("in effect", "info")) if _in_effect(one, as_of) else ()
        assessment: Inlines = (
            (Text(one.assessment or ""),) if written(one.assessment) else (Chip("not assessed", "bad"),)
        )
        owner = references(package, [str(one.owner)]) if one.owner else (Text("nobody"),)
        rows.append(
            Row(((Link(one.id, one.name, one.id),), (Text(one.market or "any"),), (*start, *state), assessment, owner))
        )
    columns = tuple(map(Column, ("What changes", "Market", "In effect from", "Assessment", "Owner")))
    return Section("Regulatory changes watched", (Table(columns, tuple(rows), "What is coming, soonest first"),))
