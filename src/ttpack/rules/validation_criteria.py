"""Acceptance criteria of process performance qualification agree across sites (VAL-03)."""

from collections.abc import Iterator

from ttpack.analysis.site_comparison.acceptance_criteria import PPQ
from ttpack.analysis.site_comparison.compare import PRESENT, compare_sites
from ttpack.analysis.site_comparison.outcome import UNSETTLED, Difference
from ttpack.analysis.site_comparison.statements import NOT_STATED
from ttpack.model.execution import PpqPlan
from ttpack.model.findings import Place, Problem
from ttpack.model.package import Package
from ttpack.rules.applicability import from_late_stage
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule


@rule(
    "VAL-03", COMPLETENESS, from_gate="G5", basis="Niazi: divergent acceptance criteria", requires=("QTY-01", "QTY-03")
)
def qualification_criteria_differ_between_sites(package: Package, context: Context) -> Iterator[Outcome]:
    """Acceptance criteria of process performance qualification for one attribute differ between sites without approval.

    A criterion without limits is VAL-02's from the stage that it applies at.
    Why: batches that qualify the process at one site would not have qualified it at the other.
    Resolve: make the criteria agree, or record why they differ with the approval of both QAs and an expiry, in the
    plan's difference_approval or under differences of the site.
    """
    sites = sorted({plan.site for plan in package.in_force(PpqPlan) if plan.site})
    compared = compare_sites(package, sites, context.as_of, families=("acceptance_criteria",))
    late = from_late_stage(package) is None
    for found in compared.differences:
        if found.subject.key[0] == PPQ and found.field != PRESENT:
            yield from _differing(found, missing_is_told=late and found.field == "ppq.range")


def _differing(found: Difference, *, missing_is_told: bool) -> Iterator[Outcome]:
    """One finding for each site whose criterion differs from the reference's without an agreement that counts."""
    values = found.values
    for site, agreed in sorted(found.by_site.items()):
        at = found.places[site]
        texts = f"{found.label}: {values[site]} at {site}, {values[found.reference]} at {found.reference}"
        if agreed.disposition not in UNSETTLED:
            continue
        if missing_is_told and NOT_STATED in (values[site], values[found.reference]):
            continue
        worded = {site, found.reference} - found.measured
        if found.field == "ppq.range" and any(values[one] != NOT_STATED for one in worded):
            yield NotComputable(Place(at.record, at.field), f"{texts}: words cannot be compared")
            continue
        other = found.places[found.reference].record
        reason = agreed.reason or "nobody has approved the difference"
        remark = f" ({found.remark})" if found.remark else ""
        yield Problem(Place(at.record, at.field), f"{texts} ({other}){remark}; {reason}", site=site)
