"""Studies worked out anew for every publication: campaigns simulated, quality predicted, methods and runs judged."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Final

from ttpack.analysis.capability.region import box_in_region, slice_of
from ttpack.analysis.capability.study import capability_study
from ttpack.analysis.capability.transfer import transfer_model
from ttpack.analysis.method_transfer_study import method_transfer_study
from ttpack.analysis.run_evaluation.evaluation import RunEvaluation
from ttpack.analysis.simulation.study import simulate
from ttpack.model.analytics import MethodTransfer
from ttpack.model.campaign import Campaign
from ttpack.model.execution import Run
from ttpack.model.package import Package
from ttpack.model.parameter import DesignSpace
from ttpack.views.blocks import Block, Callout, Page, Paragraph, Section, Text
from ttpack.views.campaign_simulation import simulation_blocks
from ttpack.views.capability import capability_blocks, driving
from ttpack.views.method_transfer import method_transfer_blocks
from ttpack.views.run_report import run_blocks

GROUP: Final = "Simulation and runs"
REPLICATIONS: Final = 40
"""Replications of a campaign that declares none."""
SAMPLES: Final = 50_000
MOST_STEPS: Final = 200_000
"""Batches times steps that a publication works out for a campaign; the command has no such limit."""
MOST: Final = 50


def study_pages(package: Package, runs: Mapping[str, RunEvaluation]) -> list[Page]:
    """A page for each campaign, for quality predicted at each receiving site, for transfers and runs with data."""
    found = [_campaign(package, one) for one in package.in_force(Campaign)[:MOST] if one.steps]
    found += list(_quality(package))
    transfers = [one for one in package.in_force(MethodTransfer) if one.results][:MOST]
    if transfers:
        blocks = tuple(Section(one.name, method_transfer_blocks(package, method_transfer_study(package, one)))
                       for one in transfers)  # fmt: skip
        summary = "Whether the receiving laboratories measure as the sending ones do, by the criteria of each protocol."
        found.append(Page("method-transfers-judged", "Method transfers judged", blocks, GROUP, summary))
    for name, evaluation in sorted(runs.items()):
        run = package.get(name, Run)
        if run is not None:
            title = f"Data of {run.name}"
            found.append(Page(f"run-data-{name.casefold()}", title, run_blocks(package, run, evaluation), GROUP))
    return found


def campaign_blocks(package: Package, campaign: Campaign) -> tuple[Block, ...]:
    """A campaign simulated with the seed and replications that it declares."""
    steps = (campaign.batches or 1) * max(len(campaign.steps), 1) * 2 * (1 + len(campaign.what_ifs))
    if steps > MOST_STEPS:
        said = f"{campaign.name} is too large to be simulated for a publication; ttpack simulate {campaign.id} does it."
        return (Callout("warning", "Not simulated here", (Paragraph((Text(said),)),)),)
    count = max(1, min(campaign.replications or REPLICATIONS, MOST_STEPS // steps))
    return simulation_blocks(package, simulate(package, campaign, replications=count))


def quality_blocks(package: Package, space: DesignSpace, site: str) -> tuple[Block, ...]:
    """Quality predicted over the normal ranges of a site; empty where the design space predicts nothing there."""
    model = transfer_model(package, space, site)
    if not model.responses:
        return ()
    study = capability_study(model, samples=SAMPLES)
    axes = driving(study)
    plane = slice_of(model, *axes) if axes else None
    return capability_blocks(package, study, box_in_region(model), None if isinstance(plane, str) else plane)


def _campaign(package: Package, campaign: Campaign) -> Page:
    summary = "How the campaign runs under variation: bottlenecks, holds at risk, forecast, and what would change that."
    slug = f"simulation-{campaign.id.casefold()}"
    return Page(slug, f"Simulation of {campaign.name}", campaign_blocks(package, campaign), GROUP, summary)


def _quality(package: Package) -> Iterator[Page]:
    for space in package.in_force(DesignSpace)[:MOST]:
        for site in package.receiving_sites[:MOST]:
            blocks = quality_blocks(package, space, site)
            if blocks:
                slug = f"predicted-quality-{space.id.casefold()}-{site.casefold()}"
                title = f"Predicted quality at {package.label(site)}"
                yield Page(
                    slug, title, blocks, GROUP, f"By {space.name}, over the normal operating ranges of the site."
                )


def visible(runs: Mapping[str, RunEvaluation], whole: Package, package: Package) -> dict[str, RunEvaluation]:
    """The evaluations whose every record an edition holds as the whole package does, but for what it computes."""
    found = {}
    for name, one in runs.items():
        records = [whole.raw.get(record) for record in one.inputs], [package.raw.get(record) for record in one.inputs]
        if all(mine is not None and _same(theirs, mine) for theirs, mine in zip(*records, strict=True)):
            found[name] = replace(one, files=tuple(replace(file, unread=()) for file in one.files))
    return found


def _same(whole: object, mine: object) -> bool:
    """Whether all that is read of a record by an evaluation is there: ranges, units, data and their columns."""
    if not isinstance(whole, Mapping) or not isinstance(mine, Mapping):
        return False
    fields = ("ranges", "unit", "setpoint", "data", "attachments", "excursions", "site", "override", "scale")
    return all(whole.get(field) == mine.get(field) for field in fields)
