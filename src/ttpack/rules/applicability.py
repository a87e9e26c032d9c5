"""When a rule or a requirement applies: stage, modality, class of unit operation, market state (format.md).

Each predicate answers None where it applies, else the reason why not; an answer of check lists the reasons. What the
package does not say never makes a rule not applicable.
"""

from collections.abc import Callable

from ttpack.model.package import Package
from ttpack.model.regulatory import EstablishedCondition, RegulatoryState

Applicability = Callable[[Package], str | None]

EARLY_STAGES = frozenset({"preclinical", "phase_1", "phase_2", "early_clinical"})
"""Stages at which process performance qualification is not yet planned."""

NOT_CELL_DERIVED = frozenset({"small molecule", "small_molecule", "plasmid"})
"""Modalities that are not made in animal cells, so that no virus of the cells has to be cleared."""

NO_CELLS = frozenset({"small molecule", "small_molecule"})
"""Modalities that no cell makes."""


def from_late_stage(package: Package) -> str | None:
    """Applies from phase 3 on."""
    stage = package.manifest.stage
    return f"the stage is {_words(stage)}" if stage in EARLY_STAGES else None


def for_cell_derived_products(package: Package) -> str | None:
    """Applies to products of animal or human cells (ICH Q5A)."""
    modality = package.manifest.modality
    return f"the modality is {_words(modality)}" if modality in NOT_CELL_DERIVED else None


def after_clinical_material(package: Package) -> str | None:
    """Applies once there is clinical material to compare with (ICH Q5E)."""
    return "the stage is preclinical" if package.manifest.stage == "preclinical" else None


def with_chromatography(package: Package) -> str | None:
    """Applies where a unit operation is a chromatography, or does not say what it is."""
    classes = [unit.operation_class or "" for unit in package.unit_operations]
    if not classes or any(not name or name == "other" or name.endswith("_chromatography") for name in classes):
        return None
    return "no unit operation is a chromatography"


CULTURES = frozenset({"inoculum_expansion", "seed_bioreactor", "production_bioreactor"})


def with_cell_culture(package: Package) -> str | None:
    """Applies where cells are grown: a unit operation of culture or upstream, and no modality without cells."""
    modality = package.manifest.modality
    if modality in NO_CELLS:
        return f"the modality is {_words(modality)}"
    units = package.unit_operations
    if not units or any(unit.operation_class in CULTURES or unit.stage == "upstream" for unit in units):
        return None
    if any(unit.operation_class in (None, "other") and unit.stage is None for unit in units):
        return None
    return "no unit operation is a cell culture"


def when_registered(package: Package) -> str | None:
    """Applies once the product is filed or approved in a market, or something is said to be registered."""
    states = package.in_force(RegulatoryState)
    if any(state.state in ("filed", "approved") for state in states) or package.in_force(EstablishedCondition):
        return None
    return "the product is registered in no market"


def when_filed(package: Package) -> str | None:
    """Applies once the product is filed or approved in a market."""
    if any(state.state not in (None, "none") for state in package.in_force(RegulatoryState)):
        return None
    return "the product is filed in no market"


def _words(name: str | None) -> str:
    return (name or "not stated").replace("_", " ")
