"""What a requirement asks apart from parameters - a capability, closure, automation - as findings of EQP-03."""

from collections.abc import Iterator

from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.model.facility import EquipmentRequirement
from ttpack.model.package import Package
from ttpack.rules.plant_fit import checks, misfits
from ttpack.rules.registry import Context, Outcome


def requirement_misfits(package: Package, context: Context, resolve: str) -> Iterator[Outcome]:
    """Every capability, closure or automation asked for that a receiving site does not have, or may not have."""
    asked = (
        fit
        for fit in checks(context, ("requirement",))
        if package.get(fit.about, EquipmentRequirement) is not None and not _unmapped(fit)
    )
    yield from misfits(package, context, asked, resolve)


def _unmapped(fit: Fit) -> bool:
    """Whether nothing is mapped to it, or no range is stated of what is: EQP-02 says so."""
    return fit.verdict == "UNKNOWN" and fit.capability is None
