"""The rule on comparability plans declared before the data (REG-03)."""

from collections.abc import Iterator

from ttpack.analysis.comparability import comparison, started
from ttpack.analysis.placeholders import gives_limit, written
from ttpack.model.execution import AcceptanceCriterion, ComparabilityPlan
from ttpack.model.facility import Site
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.rules.applicability import after_clinical_material
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule


@rule("REG-03", COMPLETENESS, basis="ICH Q5E", from_gate="G3", applies_when=after_clinical_material)
def comparability_plan_missing_or_late(package: Package, context: Context) -> Iterator[Outcome]:
    """A receiving site has no comparability plan, or one without criteria that were declared before the first batch.

    Every transfer changes the site, so each receiving site needs a plan once there is clinical material. Every
    attribute it compares has a criterion in numbers or words. It is declared before the first batch whose data are
    used: the runs that name the plan, and the engineering, clinical, GMP and PPQ runs of the site that name none.
    Why: criteria chosen after the data are seen always fit, and prove nothing.
    Resolve: write and approve the plan with its criteria, and give the day in `declared_on`, before the batch starts.
    """
    plans = package.in_force(ComparabilityPlan)
    if not plans:
        return  # DOC-06 asks for the first of them
    for site in package.receiving_sites:
        if not any(plan.receiving_site == site for plan in plans):
            place = (package.get(site, Site) or package.manifest).at()
            yield Problem(place, f"{package.label(site)} ({site}) has no comparability plan", site=site)
    for plan in plans:
        yield from _criteria(package, plan)
        yield from _declared(plan, package)


def _criteria(package: Package, plan: ComparabilityPlan) -> Iterator[Outcome]:
    site = plan.receiving_site
    if site is None:
        yield plan.at("receiving_site"), f"{plan.name} does not say for which receiving site it is"
    if not plan.criteria:
        yield Problem(plan.at("criteria"), f"{plan.name} has no criteria", site=site)
        return
    for index, one in enumerate(plan.criteria):
        if not _says_limit(one):
            message = f"{plan.name} names {package.label(one.about)}, but gives no limit, statistic or margin"
            yield Problem(plan.at(f"criteria[{index}]"), message, site=site)
    judged = {one.about for one in plan.criteria}
    for index, attribute in enumerate(plan.attributes):
        if attribute not in judged:
            message = f"{plan.name} compares {package.label(attribute)} without a criterion"
            yield Problem(plan.at(f"attributes[{index}]"), message, site=site)


def _says_limit(one: AcceptanceCriterion) -> bool:
    return gives_limit(one.range) or written(one.statistic) or one.margin is not None


def _declared(plan: ComparabilityPlan, package: Package) -> Iterator[Outcome]:
    site, found = plan.receiving_site, comparison(package, plan)
    if plan.status in ("draft", "in_review"):
        yield Problem(plan.at("status"), f"{plan.name} is still {plan.status.replace('_', ' ')}", site=site)
    if plan.declared_on is None:
        yield Problem(plan.at("declared_on"), f"{plan.name} does not say when it was declared", site=site)
        return
    for run in found.undated:
        yield NotComputable(run.at("started_on"), f"{run.name} has no date to compare with {plan.name}")
    first = found.first
    start = started(first) if first else None
    if first is not None and start is not None and plan.declared_on >= start:
        words = "started" if first.started_on else "is planned"
        late = f"{plan.name} was declared on {plan.declared_on}, not before its first batch"
        message = f"{late}: {first.name} {words} on {start}"
        yield Problem(plan.at("declared_on"), message, site=site)
