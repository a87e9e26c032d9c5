"""Rules on evidence (EVI)."""

from collections.abc import Iterator

from ttpack.model.documents import Approval, NotApplicable, Waiver
from ttpack.model.knowledge import Evidence
from ttpack.model.package import Package
from ttpack.rules.registry import COMPLETENESS, Context, Outcome, rule

NO_CITATION = (Waiver, NotApplicable, Approval)
"""Kinds that speak about a record without resting anything on it."""


@rule("EVI-01", COMPLETENESS, basis="Niazi: not all R&D data appear; ICH Q10 1.6.1", from_gate="G1")
def evidence_neither_cited_nor_excluded(package: Package, context: Context) -> Iterator[Outcome]:
    """A study, characterisation run or batch is cited by no record and not excluded with a reason.

    Failed and stopped studies count like all others; `in_inventory: false` marks what is not the sending unit's own.
    Why: results that contradict the chosen range tend to be the ones that nobody cites, and they are what the
    receiving unit needs most.
    Resolve: cite the evidence where it counts, or give `excluded_reason`.
    """
    for evidence in package.in_force(Evidence):
        if evidence.in_inventory is False or (evidence.excluded_reason or "").strip():
            continue
        if not _cited(package, context, evidence.id):
            outcome = f" (it {evidence.outcome})" if evidence.outcome == "failed" else ""
            outcome = " (it was stopped)" if evidence.outcome == "stopped" else outcome
            yield evidence.at(), f"{evidence.name}{outcome} is cited by no record and not excluded with a reason"


def _cited(package: Package, context: Context, record_id: str) -> bool:
    for link in context.graph.incoming.get(record_id, ()):
        source = package.records.get(link.source)
        if source is not None and source.id != record_id and source.in_force and not isinstance(source, NO_CITATION):
            return True
    return False
