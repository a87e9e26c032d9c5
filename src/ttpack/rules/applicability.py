"""When a rule or a requirement applies: stage, modality, class of unit operation, market state (format.md).

Each predicate answers None where it applies, else the reason why not; an answer of check lists the reasons. What the
package does not say never makes a rule not applicable.
"""

from collections.abc import Callable

from ttpack.model.package import Package
from ttpack.model.regulatory import RegulatoryState

Applicability = Callable[[Package], str | None]

EARLY_STAGES = frozenset({"preclinical", "phase_1", "phase_2", "early_clinical"})
"""Stages at which process performance qualification is not yet planned."""

NOT_CELL_DERIVED = frozenset({"small molecule", "small_molecule", "plasmid"})
"""Modalities that are not made in animal cells, so that no virus of the cells has to be cleared."""


def from_late_stage(package: Package) -> str | None:
    """Applies from phase 3 on."""
    stage = package.manifest.stage
    return f"the stage is {_words(stage)}" if stage in EARLY_STAGES else None


def for_cell_derived_products(package: Package) -> str | None:
    """Applies to products of animal or human cells (ICH Q5A)."""
    modality = package.manifest.modality
    return f"the modality is {_words(modality)}" if modality in NOT_CELL_DERIVED else None


def when_filed(package: Package) -> str | None:
    """Applies once the product is filed or approved in a market."""
    if any(state.state not in (None, "none") for state in package.in_force(RegulatoryState)):
        return None
    return "the product is filed in no market"


def _words(name: str | None) -> str:
    return (name or "not stated").replace("_", " ")
