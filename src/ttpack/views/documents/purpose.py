"""The first chapter of a controlled document: what it is for, what it is about, what it shows."""

from collections.abc import Mapping
from typing import Final

from ttpack.analysis.controlled_documents.document_types import standard_type
from ttpack.analysis.controlled_documents.layout import Layout
from ttpack.model.documents import Document
from ttpack.model.package import Package
from ttpack.views.blocks import Block, Facts, Inlines, Page, Paragraph, Prose, Text
from ttpack.views.prose_references import resolve
from ttpack.views.words import counted, label, reference

PURPOSES: Final[Mapping[str, str]] = {
    "transfer plan": "It plans the transfer: the parties and sites, what is handed over, by which gates and on which "
    "criteria, who answers for what, and which risks and open questions stand.",
    "process description": "It describes the process as it is to be run: unit operations in order, their parameters, "
    "steps, materials, controls and holds, and what each hands to the next.",
    "control strategy": "It states how quality is assured: the quality attributes, the critical parameters that move "
    "them, the tests in process and at release, and where each attribute is controlled.",
    "facility fit": "It compares what the process asks with what the site can do, and lists what has to be closed.",
    "risk assessment": "It states the risks, how they were scored, what is done about each, and what is left.",
    "analytical transfer plan": "It states for each method which laboratory transfers it to which, by which approach, "
    "and on which acceptance criteria.",
    "engineering run report": "It reports what was run, what came out, what left its ranges, and what was learned.",
    "responsibility matrix": "It states for each activity who is accountable, responsible, consulted and informed.",
    "governance plan": "It states which bodies steer the transfer and what each may decide, who answers for what, how "
    "the parties communicate, and how questions and deviations escalate.",
    "change impact record": "It states a change, what it affects, what was proposed, and who decided what.",
    "ppq readiness report": "It states what has to stand before process performance qualification, and what is open.",
    "transfer report": "It reports how the transfer went: gates and their decisions, runs, methods, comparability, "
    "qualification, and what is still open.",
    "batch record": "It drafts the record of one batch for the site: what is done in which order, with which settings "
    "and limits, and what has to be written down by whom.",
    "monitoring plan": "It states which attributes are tested outside release, by which methods and how often.",
    "validation plan": "It states how the site validates process, cleaning, filters, holds and transport.",
    "technology transfer package": "It is the technology transfer package as one document.",
}


def purpose(package: Package, document: Document, laid: Layout) -> Page:
    """Purpose and scope; of its records only how many there are."""
    said = PURPOSES.get(standard_type(document.document_type or ""), "")
    blocks: list[Block] = [Paragraph((Text(said),))] if said else []
    if document.body:
        blocks.append(Prose(resolve(package, document.body)))
    rows: list[tuple[str, Inlines]] = []
    for name in ("unit_operation", "site", "about"):
        value = getattr(document, name)
        if value:
            rows.append((label(name), (reference(package, value),)))
    rows += [(one.section.title, (Text(counted(len(one.records), "record")),)) for one in laid.sections if one.records]
    text = (
        "Every value stands in a record of the package and is printed from it; the last chapter lists the records with "
        "their digests."
    )
    return Page("purpose-and-scope", "Purpose and scope", (*blocks, Facts(tuple(rows)), Paragraph((Text(text),))))
