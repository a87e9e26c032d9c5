"""The Sites section: what fits at each receiving site, who closes what does not, and where the sites differ."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from ttpack.analysis.facility_fit.answer import worst_first
from ttpack.analysis.facility_fit.verdict import WORST_FIRST, Fit
from ttpack.model.facility import Cleaning, Room, Site, SiteEquipment, Utility
from ttpack.model.package import Package
from ttpack.views.automation import automation_page
from ttpack.views.blocks import (
    Block,
    Break,
    Callout,
    Column,
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
)
from ttpack.views.filings import filings_page
from ttpack.views.fit import fit_page
from ttpack.views.scale import scale_page
from ttpack.views.site_answers import Pair, SiteAnswers
from ttpack.views.site_comparison import site_comparison_page
from ttpack.views.supply import supply_page
from ttpack.views.validation import validation_page
from ttpack.views.words import chip, counted, reference

SECTION = "Sites"
NAMED_OWNERS = 2
MANY = 10
MOST_ROWS = 600


def site_pages(package: Package, answers: SiteAnswers) -> list[Page]:
    """The overview and every page of the section that has something to say; none for a package without sites."""
    pages = [fit_page(package, answers.receiving_fits, map_first=True)] if answers.receiving else []
    pages += [
        replace(site_comparison_page(package, comparison, slug("compare", pair)), section=SECTION)
        for pair, comparison in answers.comparisons.items()
        if comparison.differences or any(comparison.equal.values())
    ]
    pages += [
        replace(scale_page(package, answer, slug("scale", pair)), section=SECTION)
        for pair, answer in answers.scales.items()
        if answer.rows
    ]
    about = (automation_page, validation_page, supply_page, filings_page)
    pages += [replace(page, section=SECTION) for make in about if (page := make(package, answers.as_of))]
    pages = [replace(page, blocks=bounded(page.blocks)) for page in pages]
    return [overview_page(package, answers, pages), *pages] if pages or answers.receiving else []


def bounded(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Blocks in which no table has more than `MOST_ROWS` rows; what is left out is said under the table."""
    found: list[Block] = []
    for block in blocks:
        if isinstance(block, Section | Callout):
            found.append(replace(block, blocks=bounded(block.blocks)))
        elif isinstance(block, Table) and len(block.rows) > MOST_ROWS:
            text = f"The first {MOST_ROWS} rows of {len(block.rows)}; the command with --format json lists all."
            found += [replace(block, rows=block.rows[:MOST_ROWS]), Paragraph((Text(text),))]
        else:
            found.append(block)
    return tuple(found)


def slug(what: str, pair: Pair) -> str:
    """The address of a page about a sending and a receiving site."""
    return re.sub(r"[^a-z0-9]+", "-", f"{what} {pair[0]} {pair[1]}".lower()).strip("-")


def overview_page(package: Package, answers: SiteAnswers, pages: Sequence[Page]) -> Page:
    """One row a receiving site, and where to read on; `pages` are those of the section that there are."""
    blocks: list[Block] = [_receiving_table(package, answers)] if answers.receiving else []
    if pages:
        blocks.append(Section("Read on", (_read_on(package, pages),)))
    if answers.left_out:
        blocks.append(Paragraph((Text(_left_out(package, answers)),)))
    return Page(
        "sites", "Sites", tuple(blocks), SECTION,
        "Whether each receiving site can run the process, who closes what is missing, and where the sites differ.",
    )  # fmt: skip


def _read_on(package: Package, pages: Sequence[Page]) -> Table:
    named = [(page.slug, page.title, page.summary) for page in pages]
    if any(package.of(kind) for kind in (Site, SiteEquipment, Room, Utility, Cleaning)):
        named.append(
            ("equipment", "Sites and equipment", "Equipment, rooms, utilities and cleaning, record by record.")
        )
    rows = tuple(Row(((Link(at, title),), (Text(summary),))) for at, title, summary in named)
    return Table((Column("Page"), Column("What it answers")), rows, "Pages about the sites")


def _left_out(package: Package, answers: SiteAnswers) -> str:
    sending, receiving = answers.left_out[0]
    return (
        f"{counted(len(answers.comparisons), 'pair')} of sites compared on pages of their own; "
        f"{len(answers.left_out)} more, such as {package.label(sending)} and {package.label(receiving)}, by the "
        f"command: ttpack compare {sending} {receiving}"
    )


def _receiving_table(package: Package, answers: SiteAnswers) -> Table:
    compared = bool(answers.comparisons or answers.left_out)
    heads = ["Receiving site", "Gate", "Verdicts", "Worst", "Open gaps", "Open differences"]
    rows = []
    for site in answers.receiving:
        fit = answers.fits[site]
        cells = (
            (reference(package, site), *((Break(), Text(site)) if package.label(site) != site else ())),
            (Text(fit.gate),),
            _counted(fit.fits),
            _worst(package, fit.fits),
            _gaps(package, fit.fits),
            _differences(answers, site),
        )
        rows.append(Row(cells if compared else cells[:-1]))
    columns = tuple(Column(head) for head in heads)
    return Table(
        columns if compared else columns[:-1], tuple(rows), "Fit of each receiving site", filterable=len(rows) > MANY
    )


def _counted(fits: Sequence[Fit]) -> Inlines:
    """How many fits have each verdict, the worst verdict first; verdicts that nothing has are left out."""
    counts = Counter(fit.verdict for fit in fits)
    found: list[Inline] = []
    for verdict in WORST_FIRST:
        if counts[verdict]:
            found += [*([Break()] if found else []), *chip(verdict), Text(f" {counts[verdict]}")]
    return tuple(found) or (Text("nothing to judge"),)


def _worst(package: Package, fits: Sequence[Fit]) -> Inlines:
    found = next(iter(worst_first(fits)), None)
    if found is None or found.verdict == "PASS":
        return (Text("everything asked fits"),) if found else ()
    why = f": {found.reasons[0]}" if found.reasons else ""
    where = reference(package, found.about) if found.aspect == "parameter" else Text(found.label)
    return (*chip(found.verdict), Text(" "), where, Text(why))


def _gaps(package: Package, fits: Sequence[Fit]) -> Inlines:
    """How many gaps, whose they are, and how many of them nobody has agreed to yet."""
    gaps = [fit.gap for fit in fits if fit.gap is not None]
    if not gaps:
        return (Text("none"),)
    owners = Counter(gap.owner for gap in gaps)
    proposed = sum(gap.record is None for gap in gaps)
    said = "none agreed yet" if proposed == len(gaps) else f"{proposed} not agreed" if proposed else "all agreed"
    found: list[Inline] = [Strong(str(len(gaps))), Text(f", {said}")]
    for owner, count in sorted(owners.items(), key=lambda each: (-each[1], each[0]))[:NAMED_OWNERS]:
        found += [Break(), reference(package, owner) if owner else Text("no owner"), Text(f" {count}")]
    if len(owners) > NAMED_OWNERS:
        found += [Break(), Text(counted(len(owners) - NAMED_OWNERS, "more owner"))]
    return tuple(found)


def _differences(answers: SiteAnswers, site: str) -> Inlines:
    """How many differences from each sending site are open, with the page that lists them."""
    found: list[Inline] = []
    for pair, comparison in answers.comparisons.items():
        if pair[1] == site:
            found += [Break()] if found else []
            said = f"{len(comparison.unsettled)} of {len(comparison.differences)}"
            found += [Link(slug("compare", pair), said), Text(f" from {pair[0]}")]
    return tuple(found) or (Text("not compared here"),)
