"""The digest of a recorded simulation, worked out anew."""

from dataclasses import dataclass
from typing import Final

from ttpack.model.campaign import Campaign, Simulation
from ttpack.model.package import Package
from ttpack.model.parameter import DesignSpace

MOST_STEPS: Final = 400_000
"""Batches times steps times replications that are worked out for a rule."""
MOST_SAMPLES: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Recomputed:
    """The digest of the figures, or why there is none."""

    digest: str | None
    why: str = ""


def recomputed_digest(package: Package, one: Simulation) -> Recomputed:
    """What the tool computes now for a recorded simulation of a campaign, else of quality at a site."""
    campaign = package.get(one.campaign, Campaign)
    if campaign is not None:
        return _campaign(package, one, campaign)
    spaces = [space for name in one.inputs if (space := package.get(name, DesignSpace)) is not None]
    if len(spaces) == 1 and one.site is not None and one.samples:
        return _quality(package, one, spaces[0])
    return Recomputed(None, "it names neither a campaign nor one design space, a site and samples")


def _campaign(package: Package, one: Simulation, campaign: Campaign) -> Recomputed:
    from ttpack.analysis.simulation.answer import digest
    from ttpack.analysis.simulation.study import simulate

    steps = (campaign.batches or 1) * max(len(campaign.steps), 1) * 2 * (1 + len(campaign.what_ifs))
    if steps * (one.replications or 1) > MOST_STEPS:
        return Recomputed(None, "it is too large to be worked out here")
    return Recomputed(digest(simulate(package, campaign, replications=one.replications, seed=one.seed)))


def _quality(package: Package, one: Simulation, space: DesignSpace) -> Recomputed:
    from ttpack.analysis.capability.answer import capability_answer
    from ttpack.analysis.capability.region import box_in_region
    from ttpack.analysis.capability.study import capability_study
    from ttpack.analysis.capability.transfer import transfer_model

    if (one.samples or 0) > MOST_SAMPLES:
        return Recomputed(None, "it has too many samples to be worked out here")
    model = transfer_model(package, space, one.site or "")
    study = capability_study(model, samples=one.samples or 1, seed=abs(one.seed or 0))
    return Recomputed(str(capability_answer(study, box_in_region(model))["digest"]))
