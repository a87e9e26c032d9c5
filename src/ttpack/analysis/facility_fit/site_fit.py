"""The whole fit of a site: every process parameter, and every other demand of the process on its plant."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from ttpack.analysis.facility_fit.parameters import ParameterFits
from ttpack.analysis.facility_fit.plant import plant_fits
from ttpack.analysis.facility_fit.site_plant import PlantIndex
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.model.package import Package


@dataclass(frozen=True, slots=True)
class SiteFit:
    """What is asked of one site against what it can do, as if it stood at `gate` (the last gate it passed).

    `parameters` has one fit for each process parameter in force, in the order of their ids; `checks` are the demands
    on volumes, flows, utilities, rooms and materials.
    """

    site: str
    gate: str
    parameters: tuple[Fit, ...]
    checks: tuple[Fit, ...]

    @property
    def fits(self) -> tuple[Fit, ...]:
        """Parameters first, then the other demands."""
        return (*self.parameters, *self.checks)


def site_fit(package: Package, site: str, gate: str) -> SiteFit:
    """The fit of one site; a site without data gets a verdict UNKNOWN for each parameter."""
    return _site_fit(ParameterFits(package), PlantIndex(package), site, gate)


def fit_matrix(package: Package, gates: Mapping[str, str], sites: Iterable[str] = ()) -> Mapping[str, SiteFit]:
    """The fit of every receiving site and of any other asked for, by site: at the gate given for it, else at its own.

    What equal requirements and equal capabilities come to is worked out once for all sites.
    """
    return fits_at(package, gates, (*package.receiving_sites, *gates, *sites))


def fits_at(package: Package, gates: Mapping[str, str], sites: Iterable[str]) -> Mapping[str, SiteFit]:
    """The fit of the sites asked for, each once, in that order; gates as for `fit_matrix`."""
    parameters, index = ParameterFits(package), PlantIndex(package)
    return {site: _site_fit(parameters, index, site, gate_of(package, gates, site)) for site in dict.fromkeys(sites)}


def gate_of(package: Package, gates: Mapping[str, str], site: str) -> str:
    """The gate a site is asked at: the one given, else the last it passed, else G0."""
    return gates.get(site) or package.manifest.gates.get(site) or "G0"


def _site_fit(parameters: ParameterFits, index: PlantIndex, site: str, gate: str) -> SiteFit:
    return SiteFit(site, gate, parameters.at(site, gate), plant_fits(parameters.package, site, gate, index))
