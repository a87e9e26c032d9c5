"""The chapters of a controlled document: one for each section, laid out as the section asks."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from ttpack.analysis.controlled_documents.extract import extract
from ttpack.analysis.controlled_documents.layout import Laid
from ttpack.analysis.controlled_documents.shown import document_layout
from ttpack.model.documents import Document
from ttpack.model.package import Package
from ttpack.views.blocks import Block, Bullets, Page, Paragraph, Prose, Section, Text
from ttpack.views.documents.batch import batch_steps
from ttpack.views.documents.fit import fit
from ttpack.views.documents.given import Given, Layout
from ttpack.views.documents.governance import gates, readiness, responsibilities
from ttpack.views.documents.parameters import parameters
from ttpack.views.documents.process import process_flow
from ttpack.views.documents.purpose import purpose
from ttpack.views.documents.quality import control_matrix
from ttpack.views.documents.register import as_tables, in_full
from ttpack.views.documents.risks import risk_matrix
from ttpack.views.documents.runs import runs
from ttpack.views.figures import figures_in
from ttpack.views.prose_references import resolve
from ttpack.views.record import figures
from ttpack.views.since import Since
from ttpack.views.words import reference

VIEWS: Final[Mapping[str, Layout]] = {
    "records": in_full,
    "table": as_tables,
    "parameters": parameters,
    "control_matrix": control_matrix,
    "fit": fit,
    "risk_matrix": risk_matrix,
    "responsibilities": responsibilities,
    "process_flow": process_flow,
    "batch_steps": batch_steps,
    "gate": gates,
    "readiness": readiness,
    "changes": in_full,
    "runs": runs,
}
"""How the records of a section are laid out, by the name of the view; in full where it names none."""


def chapters(package: Package, document: Document, since: Since | None = None) -> tuple[Page, ...]:
    """What a document says, from the records that it shows and from no other; a section without any is left out.

    `since` marks what changed after the revision of which a reader knows the document.
    """
    laid = document_layout(package, document.id)
    own = extract(package, laid.records, with_status=laid.with_status)
    found = [purpose(own, document, laid)]
    product, day = package.manifest.product or "", document.effective_date
    for one in laid.sections:
        blocks = _blocks(Given(own, (), (), document.site, product, day, laid.complete), one)
        if blocks:
            number = len(found) + 1
            changed = _changed(own, one, since)
            found.append(Page(f"s{number}-{_slug(one.section.title)}", one.section.title, (*changed, *blocks)))
    return tuple(found)


def _blocks(given: Given, laid: Laid) -> tuple[Block, ...]:
    package, section = given.package, laid.section
    blocks: list[Block] = [Prose(resolve(package, section.text))] if section.text else []
    records = tuple(package.records[record] for record in laid.records)
    if records:
        view = VIEWS.get(section.view, as_tables if section.fields else in_full)
        blocks += view(replace(given, records=records, fields=section.fields))
        # Tables hold no pictures: those of their records follow them.
        standing = set(figures_in(blocks))
        blocks += [one for record in records for one in figures(package, record) if one not in standing]
    return tuple(blocks)


def _changed(package: Package, laid: Laid, since: Since | None) -> tuple[Block, ...]:
    records = [record for record in laid.records if since and record in since.records]
    if not since or not records:
        return ()
    items = tuple((reference(package, record), Text(f" ({record})")) for record in records)
    said = Paragraph((Text("Changed in meaning since that revision:"),))
    return (Section(f"Changed since {since.revision}", (said, Bullets(items)), changed=True),)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.casefold()).strip("-")[:60].strip("-") or "section"
