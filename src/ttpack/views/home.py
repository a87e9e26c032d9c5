"""The home page as a transfer cockpit: from where to where, what blocks the next gate, what changed."""

from collections.abc import Mapping
from dataclasses import replace

from ttpack.analysis.facility_fit.answer import worst_first
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.model.documents import Document
from ttpack.model.findings import Finding
from ttpack.model.gates import Gate
from ttpack.model.knowledge import Assumption, OpenItem
from ttpack.model.package import Package
from ttpack.model.record import GATES
from ttpack.rules.answer import Check
from ttpack.views.blocks import (
    Block,
    Callout,
    CalloutKind,
    Card,
    Cards,
    Column,
    Facts,
    Inline,
    Inlines,
    Link,
    Page,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
    Tone,
)
from ttpack.views.process import flow
from ttpack.views.site_answers import SiteAnswers
from ttpack.views.words import CLASS_TONES, chip, counted, inlines_of_date, reference, references

TOP_BLOCKERS = 5
TOP_CHANGES = 5
_DECISIONS: dict[str, Tone] = {"pass": "good", "conditional": "warning", "fail": "bad"}


def home_page(
    package: Package,
    check: Check,
    next_gate: Mapping[str, Check] | None = None,
    change: Page | None = None,
    sites: SiteAnswers | None = None,
) -> Page:
    """The cockpit. `next_gate` is the answer each receiving site would get at its next gate, `change` the impact."""
    edition = "internal"
    manifest = package.manifest
    blocks: list[Block] = [Facts(tuple(_facts(package, check, edition)))]
    for site, answer in (next_gate or {}).items():
        blocks.append(_next_gate(package, site, answer))
    if change:
        blocks.append(_last_change(change))
    blocks.append(_cards(package, check, sites))
    if package.unit_operations:
        blocks.append(flow(package))
    gates = package.of(Gate)
    if gates:
        blocks.append(_timeline(package, gates))
    assumptions = [item for item in package.of(Assumption) if item.status == "open" and item.impact == "high"]
    if assumptions:
        blocks.append(_assumptions(package, assumptions))
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


def _facts(package: Package, check: Check, edition: str) -> list[tuple[str, Inlines]]:
    manifest = package.manifest
    sending = package.sending_sites
    receiving = package.receiving_sites
    way: list[Inline] = [*references(package, sending)]
    if receiving:
        way += [Text(" → " if way else "to "), *references(package, receiving)]
    commit = check.commit[:12] if check.commit else "working tree"
    revision = commit if commit in check.revision else f"{check.revision} ({commit})"
    gates: list[Inline] = []
    for site in receiving:
        gates += [Text(", ")] if gates else []
        gates += [Strong(check.gates.get(site, "none")), Text(f" at {package.label(site)}")]
    found: list[tuple[str, Inlines]] = [("Product", (Text(manifest.product or manifest.name),))]
    if way:
        found.append(("Transfer", tuple(way)))
    # a revision with open errors is a draft, whatever its record says
    status = "draft" if check.counts["errors"] else manifest.status
    state = chip(status) or (Text("no status"),)
    found.append(("Revision", (Text(f"{revision} "), *state, Text(f" {edition} edition, as of {check.as_of}"))))
    return [*found, ("Gates passed", tuple(gates))] if gates else found


def following(gate: str) -> str | None:
    """The gate after this one; None after the last."""
    index = GATES.index(gate) + 1 if gate in GATES else 0
    return GATES[index] if index < len(GATES) else None


def _next_gate(package: Package, site: str, answer: Check) -> Callout:
    errors = [item for item in answer.findings if item.severity == "error" and item.site in ("", site)]
    gate = answer.gates.get(site, "")
    opened = answer.counts["not_computable"]
    if not errors:
        text = (
            "No error stands against it by the rules of this version; the decision is people's. "
            f"{opened} answers were not computable."
        )
        return Callout("note", f"{gate} at {package.label(site)}: ready for decision", (Paragraph((Text(text),)),))
    text = (
        f"{counted(len(errors), 'error')} would stand at {gate}; {opened} answers not computable. The first to clear:"
    )
    kind: CalloutKind = "warning"
    return Callout(
        kind,
        f"{gate} at {package.label(site)}: blocked",
        (
            Paragraph((Text(text),)),
            blockers(package, errors[:TOP_BLOCKERS]),
        ),
    )


def blockers(package: Package, errors: list[Finding]) -> Table:
    """Findings that block, with owner and record."""
    rows = tuple(
        Row(
            (
                (Link(item.record, package.label(item.record), item.record),) if item.record else (Text(item.path),),
                (Text(item.message),),
                (Text(item.owner or "no owner named"),),
                (Strong(item.code),),
            )
        )
        for item in errors
    )
    return Table((Column("Record"), Column("What blocks"), Column("Owner"), Column("Rule")), rows, "What blocks")


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


def _timeline(package: Package, gates: tuple[Gate, ...]) -> Section:
    ordered = sorted(gates, key=lambda item: (item.site or "", item.gate or "", item.id))
    rows = tuple(
        Row(
            (
                (Link(item.id, item.gate or item.name, item.name),),
                (reference(package, item.site),) if item.site else (),
                chip(item.decision, _DECISIONS.get(item.decision or "", "neutral")),
                inlines_of_date(item.planned_on),
                inlines_of_date(item.decided_on),
            )
        )
        for item in ordered
    )
    heads = ("Gate", "Site", "Decision", "Planned", "Decided")
    return Section("Gates", (Table(tuple(Column(head) for head in heads), rows, "Gates by site"),))


def _assumptions(package: Package, assumptions: list[Assumption]) -> Section:
    ordered = sorted(assumptions, key=lambda item: (item.due_gate or "G9", item.id))
    rows = tuple(
        Row(
            (
                (Link(item.id, item.name, item.id),),
                (Text(item.due_gate or "no gate"),),
                references(package, [owner for owner in (item.sending_owner, item.receiving_owner) if owner]),
                inlines_of_date(item.stated_on),
            )
        )
        for item in ordered
    )
    heads = ("Assumption", "Due at", "Owners", "Stated")
    return Section(
        "Open assumptions of high impact",
        (Table(tuple(Column(head) for head in heads), rows, "What nobody has shown yet"),),
    )


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
