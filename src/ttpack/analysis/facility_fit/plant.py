"""Whether a site's plant can do what the process asks, apart from its parameters: one module per aspect."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from ttpack.analysis.facility_fit.chromatography import chromatography_fits
from ttpack.analysis.facility_fit.contact_materials import contact_material_fits
from ttpack.analysis.facility_fit.filtration import filtration_fits
from ttpack.analysis.facility_fit.requirements import requirement_fits
from ttpack.analysis.facility_fit.rooms import room_fits
from ttpack.analysis.facility_fit.site_plant import PlantIndex, SitePlant
from ttpack.analysis.facility_fit.utilities import utility_fits
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.analysis.facility_fit.volumes import volume_fits
from ttpack.model.package import Package

_ASPECTS: tuple[Callable[[SitePlant], Iterator[Fit]], ...] = (
    volume_fits, chromatography_fits, filtration_fits, utility_fits, room_fits, contact_material_fits, requirement_fits,
)  # fmt: skip


def plant_fits(package: Package, site: str, gate: str, index: PlantIndex | None = None) -> tuple[Fit, ...]:
    """Every fit of a site's plant at a gate: volumes, flows, areas, utilities, rooms, contact materials, requirements.

    The order is that of the aspects, then of the process. An `index` of the package saves reading it for each site.
    """
    plant = SitePlant(index or PlantIndex(package), site, gate)
    return tuple(_with_gap(plant, fit) for aspect in _ASPECTS for fit in aspect(plant))


def _with_gap(plant: SitePlant, fit: Fit) -> Fit:
    """Who closes what does not fit: as agreed, else the owner of the equipment, else of the record asked about."""
    if fit.verdict == "PASS":
        return fit
    gaps, records = plant.index.gaps, plant.package.records
    owners = (records[ref].owner for ref in (*fit.equipment, fit.about) if ref in records)
    owner = next((str(one) for one in owners if one), "")
    return replace(fit, gap=gaps.closing((fit.about, *fit.equipment), plant.site, owner, plant.gate))
