"""Whether a site's plant can do what the process asks, apart from its parameters: one module per aspect."""

from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.model.package import Package


def plant_fits(package: Package, site: str, gate: str) -> tuple[Fit, ...]:
    """Every fit of a site's plant at a gate: volumes, flows, areas, utilities, rooms, contact materials, requirements."""
    del package, site, gate
    return ()
