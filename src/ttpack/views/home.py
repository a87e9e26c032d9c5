"""The home page as a transfer cockpit: from where to where, what blocks the next gate, what changed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from fractions import Fraction

from ttpack.analysis.facility_fit.answer import worst_first
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.analysis.gates.answer import GateAnswer
from ttpack.analysis.readiness.categories import shown
from ttpack.analysis.readiness.readiness import readiness_at
from ttpack.model.documents import Document
from ttpack.model.execution import ReadinessItem
from ttpack.model.governance import GovernanceBody
from ttpack.model.knowledge import Assumption, OpenItem
from ttpack.model.package import Package
from ttpack.rules.answer import Check
from ttpack.views.blocks import (
    Block,
    Callout,
    Card,
    Cards,
    Chip,
    Column,
    Facts,
    Inline,
    Inlines,
    Link,
    Number,
    Page,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
)
from ttpack.views.gate_parts import answer_at, slug_of, verdict_callout
from ttpack.views.gate_timeline import draw_timeline
from ttpack.views.process import flow
from ttpack.views.site_answers import SiteAnswers
from ttpack.views.words import CLASS_TONES, chip, counted, inlines_of_date, reference, references

TOP_CHANGES = 5
MOST_SITES = 3
MOST_ASSUMPTIONS = 50


def home_page(  # noqa: PLR0913  what is known besides the package, all optional
    package: Package,
    check: Check,
    next_gate: Mapping[str, Check] | None = None,
    change: Page | None = None,
    sites: SiteAnswers | None = None,
    *,
    draft: bool = False,
) -> Page:
    """The cockpit. `next_gate` is the answer each receiving site would get at its next gate, `change` the impact.

    A revision is also a `draft` where errors stand against it that this package does not show.
    """
    manifest = package.manifest
    blocks: list[Block] = [Facts(tuple(_facts(package, check, draft=draft)))]
    day = date.fromisoformat(check.as_of)
    answers = {site: answer_at(package, ahead, site) for site, ahead in (next_gate or {}).items()}
    blocks += [verdict_callout(package, answer, slug_of(site)) for site, answer in answers.items()]
    if change:
        blocks.append(_last_change(change))
    blocks.append(_cards(package, check, sites))
    if package.unit_operations:
        blocks.append(flow(package))
    blocks += filter(None, (_readiness(package, next_gate or {}, day),))
    blocks += _timelines(answers)
    blocks += filter(None, (_meetings(package, day),))
    assumptions = [item for item in package.of(Assumption) if item.status == "open" and item.impact == "high"]
    if assumptions:
        blocks.append(_assumptions(package, assumptions, day))
    documents = [item for item in package.of(Document) if not item.external]
    if documents:
        blocks.append(_documents(documents))
    return Page("index", manifest.title or manifest.id, tuple(blocks), "", "The state of the transfer in one screen.")


def _last_change(change: Page) -> Callout:
    """What changed since the last revision, in a few rows; the page of the change has the rest."""
    summary = next(block for block in change.blocks if isinstance(block, Callout))
    tables = [
        block for section in change.blocks if isinstance(section, Section) and section.title == "What changed"
        for block in section.blocks if isinstance(block, Table)
    ]  # fmt: skip
    shown = tuple(replace(table, rows=table.rows[:TOP_CHANGES], filterable=False) for table in tables)
    return Callout("note", f"What changed: {summary.title}", (*shown, *summary.blocks))


def _facts(package: Package, check: Check, *, draft: bool) -> list[tuple[str, Inlines]]:
    manifest = package.manifest
    sending = package.sending_sites
    receiving = package.receiving_sites
    way: list[Inline] = [*references(package, sending)]
    if receiving:
        way += [Text(" → " if way else "to "), *references(package, receiving)]
    commit = (check.commit or "")[:12]
    revision = f"{check.revision} ({commit})" if commit not in check.revision else check.revision
    gates: list[Inline] = []
    for site in receiving:
        gates += [Text(", ")] if gates else []
        gates += [Strong(check.gates.get(site, "none")), Text(f" at {package.label(site)}")]
    found: list[tuple[str, Inlines]] = [("Product", (Text(manifest.product or manifest.name),))]
    if way:
        found.append(("Transfer", tuple(way)))
    # a revision with open errors is a draft, whatever its record says
    status = "draft" if draft or check.counts["errors"] else manifest.status
    state = chip(status) or (Text("no status"),)
    found.append(("Revision", (Text(f"{revision} "), *state, Text(f" as of {check.as_of}"))))
    return [*found, ("Gates passed", tuple(gates))] if gates else found


def _site_cards(package: Package, sites: SiteAnswers | None) -> tuple[Card, ...]:
    """The worst fit and the open differences of the receiving sites, in words; nothing where there is no such site."""
    if sites is None or not sites.receiving:
        return ()
    worst = next(iter(worst_first(fit for site in sites.receiving for fit in sites.fits[site].fits)), None)
    found = [_fit_card(package, sites, worst)] if worst else []
    if sites.comparisons:
        left = sum(len(comparison.unsettled) for comparison in sites.comparisons.values())
        every = sum(len(comparison.differences) for comparison in sites.comparisons.values())
        words = f"of {counted(every, 'difference')} from the sending site nobody has agreed on"
        found.append(Card("Open site differences", str(left), words, "sites", "warning" if left else "good"))
    return tuple(found)


def _fit_card(package: Package, sites: SiteAnswers, worst: Fit) -> Card:
    tone = CLASS_TONES[worst.verdict]
    if worst.verdict == "PASS":
        return Card("Facility fit", "PASS", "everything asked fits at every receiving site", "sites", tone)
    alike = sum(fit.verdict == worst.verdict for site in sites.receiving for fit in sites.fits[site].fits)
    words = f"worst: {worst.label} at {package.label(worst.site)}"
    return Card("Facility fit", f"{alike} {worst.verdict}", words, "sites", tone)


def _cards(package: Package, check: Check, sites: SiteAnswers | None) -> Cards:
    counts = check.counts
    open_items = sum(item.status == "open" for item in package.of(OpenItem))
    return Cards(
        (
            Card(
                "Errors",
                str(counts["errors"]),
                "contradictions, and gaps at gates passed",
                "checks",
                "bad" if counts["errors"] else "good",
            ),
            Card(
                "Warnings",
                str(counts["warnings"]),
                "due at a later gate",
                "checks",
                "warning" if counts["warnings"] else "good",
            ),
            Card("Waivers", str(counts["waivers"]), f"{counts['waived']} findings rest on them", "checks", "info"),
            Card("Not computable", str(counts["not_computable"]), "no verdict was possible", "checks", "neutral"),
            Card("Records", str(counts["records"]), f"checked by {counts['rules_run']} rules", "checks", "neutral"),
            Card(
                "Open questions",
                str(open_items),
                "with an owner and a date",
                "assumptions",
                "info" if open_items else "good",
            ),
            *_site_cards(package, sites),
        )
    )


def _timelines(answers: Mapping[str, GateAnswer]) -> Iterator[Block]:
    """What happens when at each site, drawn; its page has the dates as a table."""
    for site, answer in list(answers.items())[:MOST_SITES]:
        picture = draw_timeline(answer.timeline, answer.as_of)
        if picture:
            more = Paragraph((Link(slug_of(site), f"Gates of {answer.site_label}"), Text(": every date, and why.")))
            yield Section(f"Timeline of {answer.site_label}", (picture, more))


def _readiness(package: Package, next_gate: Mapping[str, Check], as_of: date) -> Section | None:
    """How ready each site is for its next gate: every category, the minimum beside the mean."""
    if not package.in_force(ReadinessItem):
        return None
    sites = list(next_gate)[:MOST_SITES]
    found = readiness_at(package, {site: next_gate[site].gates[site] for site in sites}, as_of)
    heads = tuple(Column(f"{found[site].gate} at {package.label(site)}", "decimal") for site in sites)
    named: dict[str, dict[str, Fraction | None]] = {}
    for site in sites:
        for one in found[site].categories:
            named.setdefault(one.label, {})[site] = one.score
    rows = [_scores(label, [scores.get(site) for site in sites]) for label, scores in named.items()]
    rows.append(_scores("Minimum", [found[site].minimum for site in sites]))
    rows.append(_scores("Weighted mean", [found[site].mean for site in sites]))
    title = "; ".join(
        f"{package.label(site)} minimum {_share(found[site].minimum)} beside mean {_share(found[site].mean)}"
        for site in sites
    )
    words = (Text(f"{title}. The least ready category counts: a mean alone hides a missing laboratory."),)
    table = Table((Column("Category"), *heads), tuple(rows), "Readiness for the next gate, 0 to 1")
    return Section("Readiness", (Paragraph(words), table))


def _scores(label: str, scores: Sequence[Fraction | None]) -> Row:
    return Row(((Text(label),), *((Number(_share(score)),) for score in scores)))


def _share(score: Fraction | None) -> str:
    value = shown(score)
    return "not assessed" if value is None else str(value)


def _meetings(package: Package, as_of: date) -> Section | None:
    """When the bodies meet next; a date that has gone by says that nobody has set a new one."""
    bodies = sorted((one.next_meeting, one.id, one) for one in package.in_force(GovernanceBody) if one.next_meeting)
    rows = tuple(
        Row((
            (reference(package, body.id),),
            (Text(str(day)), *((Text(" "), Chip("gone by", "warning")) if day < as_of else ())),
            (Text(body.cadence or ""),),
        ))
        for day, _, body in bodies
    )  # fmt: skip
    heads = (Column("Body"), Column("Next meeting"), Column("How often"))
    return Section("Next meetings", (Table(heads, rows, "Who meets when"),)) if rows else None


def _assumptions(package: Package, assumptions: list[Assumption], as_of: date) -> Section:
    """Oldest first; one that nobody dated comes before all, as its age is not known."""
    ordered = sorted(assumptions, key=lambda item: (item.stated_on or date.min, item.due_gate or "G9", item.id))
    rows = tuple(
        Row((
            (Link(item.id, item.name, item.id),),
            (Text(f"{(as_of - item.stated_on).days} d"),) if item.stated_on else (Text("not dated"),),
            (Text(item.due_gate or "no gate"),),
            references(package, [owner for owner in (item.sending_owner, item.receiving_owner) if owner]),
        ))
        for item in ordered[:MOST_ASSUMPTIONS]
    )  # fmt: skip
    heads = (Column("Assumption"), Column("Open for", "right"), Column("Due at"), Column("Owners"))
    left = len(ordered) - len(rows)
    caption = f"What nobody has shown yet, oldest first{f'; {left} more' if left else ''}"
    return Section("Open assumptions of high impact", (Table(heads, rows, caption),))


def _documents(documents: list[Document]) -> Section:
    rows = tuple(
        Row(
            (
                (Text(item.number or item.id),),
                (Link(item.id, item.name),),
                (Text(str(item.revision or "")),),
                chip(item.status),
                inlines_of_date(item.effective_date),
            )
        )
        for item in documents
    )
    heads = ("Number", "Title", "Revision", "Status", "Effective")
    return Section("Documents", (Table(tuple(Column(head) for head in heads), rows, "Controlled documents"),))
