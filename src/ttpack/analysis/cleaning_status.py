"""How far the cleaning of an asset is shown: verified, under an approved protocol, validated (EU GMP Annex 15, 10)."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from ttpack.analysis.placeholders import written
from ttpack.model.facility import Cleaning, Geometry, SiteEquipment
from ttpack.model.package import Package

_GIVEN: Final = frozenset({"verification", "protocol_approved", "validated", "continued_verification"})
_CONTACT_SIZES: Final = frozenset(Geometry.model_fields)


def product_contact(item: SiteEquipment) -> bool | None:
    """Whether the product touches an item: it states a contact material, a volume or a geometry. None: not said."""
    if item.contact_materials or written(item.materials_of_construction):
        return True
    if item.working_volume or item.nominal_volume or item.packing or item.geometry:
        return True
    return False if item.direct_impact is False else None


def cleaned_at(package: Package, site: str) -> tuple[SiteEquipment, ...]:
    """Items in force at a site that are used more than once and that the product touches, or may touch."""
    return tuple(
        item
        for item in package.in_force(SiteEquipment)
        if item.site == site and not item.single_use and product_contact(item) is not False
    )


def cleaning_at(package: Package, site: str) -> tuple[Cleaning, ...]:
    """Cleaning records in force of a site."""
    return tuple(one for one in package.in_force(Cleaning) if one.site == site)


def uncovered(package: Package, site: str) -> tuple[SiteEquipment, ...]:
    """Items that the product may touch and that no cleaning record of the site names."""
    named = {item for one in cleaning_at(package, site) for item in one.equipment}
    return tuple(item for item in cleaned_at(package, site) if item.id not in named)


def unverified(one: Cleaning) -> tuple[str, str] | None:
    """What is missing by G4, verification after each batch, as field and words. None where nothing is."""
    if one.validation not in _GIVEN:
        return "validation", "cleaning is neither verified after each batch nor validated"
    if one.validation in ("verification", "protocol_approved") and not written(one.verification):
        return "verification", "nothing says how cleaning is verified after each batch"
    return None


def without_protocol(one: Cleaning, as_of: date) -> Iterator[tuple[str, str]]:
    """What is missing by G5, an approved validation protocol with runs assigned, as field and words."""
    if not written(one.protocol):
        yield "protocol", "no validation protocol"
        return
    if one.protocol_approved_on is None:
        yield "protocol_approved_on", f"the protocol {one.protocol} is not approved"
    elif one.protocol_approved_on > as_of:
        yield "protocol_approved_on", f"the protocol {one.protocol} is approved only on {one.protocol_approved_on}"
    if not one.runs:
        yield "runs", f"no runs are assigned to the protocol {one.protocol}"


def not_validated(one: Cleaning) -> tuple[str, str] | None:
    """What is missing by G6, validation or a justified continued verification. None where nothing is."""
    if one.validation == "validated":
        return None
    if one.validation == "continued_verification":
        if written(one.continued_verification):
            return None
        return "continued_verification", "continued verification stands in for validation without a justification"
    return "validation", "cleaning is not validated"
