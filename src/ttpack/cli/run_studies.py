"""The statistics of a run, with what git tells of its plan."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ttpack.analysis.run_evaluation.evaluation import RunEvaluation
    from ttpack.analysis.run_studies import RunStudies
    from ttpack.cli.opening import AnyTree
    from ttpack.model.execution import ComparabilityPlan, Run
    from ttpack.model.package import Package


def committed(tree: "AnyTree", path: str) -> "AnyTree":
    """The tree itself where it is a revision; else the last commit of the package, where there is one."""
    from ttpack.cli.opening import open_tree
    from ttpack.errors import TtpackError

    if tree.repository is None or tree.revision.commit is not None:
        return tree
    try:
        return open_tree(path, "HEAD")
    except TtpackError:
        return tree


def studies_of(tree: "AnyTree", package: "Package", run: "Run", found: "RunEvaluation") -> "RunStudies":
    """Its control charts, and its comparability plan judged."""
    from ttpack.analysis.comparability_study import comparability_study
    from ttpack.analysis.run_charts import run_charts
    from ttpack.analysis.run_studies import RunStudies
    from ttpack.analysis.runs.comparability_results import sides
    from ttpack.cli.declared_before import declared_before

    charts = run_charts(package, run, found.batches)
    plan = _plan(package, run)
    if plan is None:
        return RunStudies(charts)
    with_data = [one for one in sides(package, plan).receiving if one.results or one.data]
    declared = declared_before(tree, package, plan, with_data or [run])
    return RunStudies(charts, comparability_study(package, plan), declared)


def _plan(package: "Package", run: "Run") -> "ComparabilityPlan | None":
    """The plan that the run names; else the only one of its site."""
    from ttpack.model.execution import ComparabilityPlan

    if run.comparability_plan is not None:
        return package.get(run.comparability_plan, ComparabilityPlan)
    of_site = [one for one in package.in_force(ComparabilityPlan) if one.receiving_site == run.site and run.site]
    return of_site[0] if len(of_site) == 1 and run.results else None
