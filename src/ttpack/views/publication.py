"""All pages of a package as one publication: the same pages for site, PDF and text."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from ttpack.analysis.editions.edition import INTERNAL_EDITION
from ttpack.model.documents import Document
from ttpack.model.facility import Site
from ttpack.model.package import Package
from ttpack.rules.answer import Check
from ttpack.views.blocks import Inlines, Page, Publication, Questions, Section, Text
from ttpack.views.documents.approvals import package_approvals
from ttpack.views.documents.pages import document_pages
from ttpack.views.findings import checks_page
from ttpack.views.history import revisions_page
from ttpack.views.home import home_page
from ttpack.views.joint_pages import joint_pages
from ttpack.views.process import process_page, quality_page
from ttpack.views.registers import glossary_page, register_pages
from ttpack.views.since import Since, told
from ttpack.views.site_answers import site_answers
from ttpack.views.sites import site_pages
from ttpack.views.studies import study_pages
from ttpack.views.unit_operation import unit_operation_page

if TYPE_CHECKING:
    from ttpack.analysis.history import Event
    from ttpack.analysis.readiness.history import ReadinessHistory
    from ttpack.analysis.run_evaluation.evaluation import RunEvaluation
    from ttpack.model.record import Record


def publication(  # noqa: PLR0913, PLR0917  what is known besides the package, all optional
    package: Package,
    check: Check,
    next_gate: Mapping[str, Check] | None = None,
    change: Page | None = None,
    since: Since | None = None,
    history: "Mapping[str, Sequence[Event]] | None" = None,
    readiness: "Mapping[str, ReadinessHistory] | None" = None,
    *,
    draft: bool = False,
    runs: "Mapping[str, RunEvaluation] | None" = None,
) -> Publication:
    """Every record of the package on exactly one page, with the checks and, where given, the last change.

    `since` marks the records that changed after a revision, `history` tells the life of each, `readiness` how
    the readiness of each receiving site grew, `runs` what the data of runs say. A revision is also a `draft` where
    errors stand against it that the check given does not show.
    """
    draft = draft or check.counts["errors"] > 0
    as_of = date.fromisoformat(check.as_of)
    sites = site_answers(package, check.gates, as_of)
    pages = [home_page(package, check, next_gate, change, sites, draft=draft), process_page(package)]
    pages += [unit_operation_page(package, unit, sites) for unit in package.unit_operations]
    pages += [quality_page(package), *site_pages(package, sites)]
    pages += joint_pages(package, check, as_of, next_gate, sites.receiving_fits, readiness)
    pages += [*study_pages(package, runs or {}), *document_pages(package)]
    glossary = glossary_page(package, shown := anchors(pages))
    pages += register_pages(package, shown)
    pages = told(pages, since, history or {})
    pages += [page for page in (change, revisions_page(package, history or {})) if page]
    pages += [page for page in (checks_page(package, check), glossary) if page]
    manifest = package.manifest
    document = whole_package_document(package)
    source: Record = document or manifest
    commit = check.commit[:12] if check.commit else check.revision
    revision = str(source.revision or "") or check.revision
    return Publication(
        title=manifest.title or f"Technology transfer package {manifest.id}",
        document_number=(document.number if document else None) or manifest.id,
        revision=f"{revision} ({commit})" if commit not in revision else revision,
        status="draft" if draft else source.status or "draft",  # with open errors, whatever its document says
        edition="internal",
        effective_date=source.effective_date.isoformat() if source.effective_date else "",
        product=manifest.product or manifest.id,
        pages=tuple(_named(pages)),
        cover_facts=tuple(_cover(package, check)),
        approvals=package_approvals(package, document, INTERNAL_EDITION, {}),
        generated_for="the teams of both parties",
        questions=Questions(manifest.questions.forge, manifest.questions.address) if manifest.questions else None,
    )


def anchors(pages: list[Page]) -> set[str]:
    """Ids of the records that pages hold."""
    found = {page.anchor for page in pages if page.anchor}
    stack = [block for page in pages for block in page.blocks]
    while stack:
        block = stack.pop()
        if isinstance(block, Section):
            found.add(block.anchor)
            stack.extend(block.blocks)
    return found - {""}


def _named(pages: list[Page]) -> list[Page]:
    """Pages whose addresses are unique, whatever ids a package uses."""
    taken: dict[str, int] = {}
    found = []
    for page in pages:
        count = taken.get(page.slug, 0)
        taken[page.slug] = count + 1
        found.append(
            page
            if not count
            else Page(
                f"{page.slug}-{count + 1}",
                page.title,
                page.blocks,
                page.section,
                page.summary,
                page.anchor,
            )
        )
    return found


def whole_package_document(package: Package) -> Document | None:
    """The controlled document that stands for the whole package."""
    wanted = ("transfer package", "technology transfer package", "whole package")
    return next((item for item in package.in_force(Document) if (item.document_type or "").casefold() in wanted), None)


def _cover(package: Package, check: Check) -> list[tuple[str, Inlines]]:
    sites = [site for site in package.of(Site) if site.site_role == "sending"]
    receiving = ", ".join(map(package.label, package.receiving_sites))
    counts = check.counts
    found: list[tuple[str, Inlines]] = []
    if sites:
        found.append(("From", (Text(", ".join(site.name for site in sites)),)))
    if receiving:
        found.append(("To", (Text(receiving),)))
    found += [
        ("As of", (Text(check.as_of),)),
        (
            "Checks",
            (
                Text(
                    f"{counts['errors']} errors, {counts['warnings']} warnings, {counts['waived']} waived, "
                    f"{counts['not_computable']} not computable"
                ),
            ),
        ),
    ]
    return found
