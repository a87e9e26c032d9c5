"""Validation at each site beside the others: what has to stand before qualification, how it is judged, what follows."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from ttpack.analysis.ppq_prerequisites import Prerequisite, Shortfall
from ttpack.model.execution import AcceptanceCriterion, PpqPlan, ValidationStrategy
from ttpack.model.package import Package
from ttpack.model.status import APPROVED
from ttpack.rules.ppq import batches_of, judged_by, plans_at
from ttpack.rules.registry import Context
from ttpack.rules.validation import site_prerequisites, strategies_at
from ttpack.views.blocks import (
    Block,
    Bullets,
    Callout,
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
from ttpack.views.validation_records import record_sections
from ttpack.views.words import chip, counted, inlines_of_date, range_inlines, reference, words

SLUG = "site-validation"
MANY = 10
_TONES: dict[str, Tone] = {"met": "good", "open": "bad", "not_computable": "warning", "not_applicable": "neutral"}
Field = tuple[str, Callable[[ValidationStrategy], object]]


def validation_page(package: Package, as_of: date) -> Page | None:
    """Whether qualification may start at each receiving site, and how each validates; None without receiving sites."""
    if not package.receiving_sites:
        return None
    context = Context(as_of, package.manifest.gates, package=package)
    answers = {site: site_prerequisites(package, site, context) for site in package.receiving_sites}
    sites = (*package.sending_sites, *package.receiving_sites)
    blocks: list[Block] = [
        _verdict(package, answers),
        Bullets(tuple(_answer(package, site, found) for site, found in answers.items())),
        Section("Before qualification starts", tuple(_prerequisites(package, answers))),
        *_strategies(package, sites),
        *_plans(package, sites),
        *record_sections(package, sites, as_of),
    ]
    summary = "Whether qualification may start at each site, what batches are judged by, and what is still to be shown."
    return Page(SLUG, "Validation of each site", tuple(blocks), "Sites", summary)


def _verdict(package: Package, answers: dict[str, tuple[Prerequisite, ...]]) -> Callout:
    ready = [site for site, found in answers.items() if all(one.state in ("met", "not_applicable") for one in found)]
    if len(ready) == len(answers):
        return Callout("success", "Every prerequisite of process performance qualification is met at every site")
    if ready:
        names = ", ".join(map(package.label, ready))
        return Callout("warning", f"Every prerequisite of qualification is met at {names} only")
    return Callout("warning", "At no receiving site is every prerequisite of process performance qualification met")


def _answer(package: Package, site: str, found: Sequence[Prerequisite]) -> Inlines:
    states = [one.state for one in found]
    gate = package.manifest.gates.get(site)
    said = f"{states.count('met')} of {len(states)} prerequisites met, {states.count('open')} open, "
    parts: list[Inline] = [
        Link(site, package.label(site), site),
        Text(f" ({gate}): " if gate else ": "),
        Strong(f"{said}{states.count('not_computable')} not computable"),
    ]
    plans, strategies = plans_at(package, site), strategies_at(package, site)
    parts += [Text("; validation strategy "), *_state(strategies), Text("; qualification plan "), *_state(plans)]
    return (*parts, Text("."))


def _state(records: Sequence[PpqPlan | ValidationStrategy]) -> Inlines:
    if not records:
        return (Chip("none", "bad"),)
    return chip(records[0].status) or (Text("without a status"),)


def _prerequisites(package: Package, answers: dict[str, tuple[Prerequisite, ...]]) -> Iterator[Block]:
    sites = list(answers)
    rows = [
        Row(((Text(found[0].label),), *(_judged(one) for one in found)))
        for found in zip(*answers.values(), strict=True)
    ]
    heads = (Column("Prerequisite"), *(Column(package.label(site), record=site) for site in sites))
    yield Table(heads, tuple(rows), "Computed from records; what no record says is not computable")
    for site, found in answers.items():
        parts = tuple(_open_section(package, one) for one in found if one.open or one.unknown)
        if parts:
            yield Section(f"What is open at {package.label(site)}", parts, folded=True)


def _judged(one: Prerequisite) -> Inlines:
    state = Chip(words(one.state), _TONES[one.state])
    if one.state == "open":
        return (state, Text(f" {len(one.open)} of {one.looked_at}"))
    if one.state == "not_computable":
        return (state, Text(f" {one.reason}"))
    return (state, Text(f" {one.looked_at}")) if one.looked_at else (state,)


def _open_section(package: Package, one: Prerequisite) -> Section:
    def item(each: Shortfall) -> Inlines:
        return (reference(package, each.record), Text(f": {each.why}"))

    return Section(one.label, (Bullets(tuple(map(item, (*one.open, *one.unknown)))),))


def _strategies(package: Package, sites: Sequence[str]) -> Iterator[Section]:
    found = {site: strategies_at(package, site) for site in sites}
    if not any(found.values()):
        return
    fields: tuple[Field, ...] = (
        ("Status", lambda one: words(one.status or "not stated")),
        ("Approach", lambda one: words(one.approach or "")),
        ("Framework", lambda one: words(one.framework or "")),
        ("PPQ batches", lambda one: "" if one.ppq_batches is None else str(one.ppq_batches)),
        ("Why that many", lambda one: one.ppq_rationale),
        ("Cleaning", lambda one: one.cleaning),
        ("Filters", lambda one: one.filters),
        ("Holds", lambda one: one.holds),
        ("Transport", lambda one: one.transport),
        ("Continued verification", _continued),
    )
    rows = [Row(((Text(label),), *(tuple(_texts(found[site], value)) for site in sites))) for label, value in fields]
    rows.insert(0, Row(((Text("Record"),), *(tuple(_links(package, found[site])) for site in sites))))
    yield Section("Validation strategy", (_by_site(package, "Of each site", sites, rows),))


def _continued(one: ValidationStrategy) -> str:
    plan = one.continued_verification_plan
    if plan is None:
        return one.continued_verification or ""
    state = f"approved on {plan.approved_on}" if plan.approved_on else "not approved"
    said = [f"plan {plan.document or ''}".rstrip(), state, counted(len(plan.parameters), "parameter") + " followed"]
    said += [*plan.signal_rules, *([f"review {plan.review_frequency}"] if plan.review_frequency else [])]
    return "; ".join(said)


def _texts(records: Sequence[ValidationStrategy], value: Callable[[ValidationStrategy], object]) -> Iterator[Inline]:
    said = [str(value(one) or "not stated") for one in records]
    yield Text("; ".join(said) if said else "none")


def _links(package: Package, records: Sequence[ValidationStrategy | PpqPlan]) -> Iterator[Inline]:
    for index, one in enumerate(records):
        if index:
            yield Text(", ")
        yield reference(package, one.id)
    if not records:
        yield Chip("none", "bad")


def _by_site(package: Package, caption: str, sites: Sequence[str], rows: Sequence[Row], head: str = "What") -> Table:
    columns = (Column(head), *(Column(package.label(site), record=site) for site in sites))
    return Table(columns, tuple(rows), caption, filterable=len(rows) > MANY)


def _plans(package: Package, sites: Sequence[str]) -> Iterator[Section]:
    found = {site: plans_at(package, site) for site in sites}
    if not any(found.values()):
        return
    rows = [Row(((Text("Record"),), *(tuple(_links(package, found[site])) for site in sites)))]
    for label, value in (
        ("Status", _plan_state),
        ("Protocol", lambda plan: _said(plan.protocol)),
        ("Batches planned", lambda plan: _said(plan.batches)),
        ("Batches recorded", lambda plan: _said(len(batches_of(package, plan)))),
        ("Why that many", lambda plan: _said(plan.batch_rationale)),
        ("Sampling", lambda plan: _said(plan.sampling_intensity)),
        ("Statistics", lambda plan: _said(plan.statistics)),
        ("Go or no-go", lambda plan: _said(plan.go_no_go)),
        ("Deviations", lambda plan: _said(plan.deviations)),
        ("Conclusion", lambda plan: _said(plan.conclusion.statement if plan.conclusion else None)),
    ):
        rows.append(Row(((Text(label),), *(_first(found[site], value) for site in sites))))
    criteria = _criteria(package, sites, found)
    plans = _by_site(package, "Process performance qualification", sites, rows)
    yield Section("Qualification plan and criteria", (plans, criteria))


def _first(plans: Sequence[PpqPlan], value: Callable[[PpqPlan], Inlines]) -> Inlines:
    return value(plans[0]) if plans else ()


def _said(value: object) -> Inlines:
    return (Text("not stated" if value in (None, "") else str(value)),)


def _plan_state(plan: PpqPlan) -> Inlines:
    approved = inlines_of_date(plan.approved_on)
    state = chip(plan.status) or (Text("without a status"),)
    if approved:
        return (*state, Text(" approved on "), *approved)
    return (*state, Text("" if plan.status in APPROVED else " not approved"))


def _criteria(package: Package, sites: Sequence[str], found: dict[str, list[PpqPlan]]) -> Table:
    """A row for each attribute and parameter, a column for each site: what its batches are judged by."""
    stated = {
        site: {one.about: one for plan in plans for one in plan.acceptance} for site, plans in found.items()
    }  # fmt: skip
    groups = [(label, [one.id for one in records]) for label, records in judged_by(package)]
    known = {record for _, records in groups for record in records}
    others = sorted({about for each in stated.values() for about in each} - known)
    rows: list[Row] = []
    for label, records in (*groups, ("other criteria", others)):
        rows += [Row(((Text(label[:1].upper() + label[1:]),),), group=True)] if records else []
        rows += [
            Row(((reference(package, record),), *(_criterion(stated[site].get(record), found[site]) for site in sites)))
            for record in records
        ]
    return _by_site(package, "Acceptance criteria", sites, rows, "Judged by")


def _criterion(one: AcceptanceCriterion | None, plans: Sequence[PpqPlan]) -> Inlines:
    missing: Inlines = (Chip("no limits", "bad"),)
    if one is None:
        return missing if plans else ()
    limits = range_inlines(one.range, one.unit) or missing
    return (*limits, Text(f"; {one.statistic}")) if one.statistic else limits
