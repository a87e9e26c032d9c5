"""Whose each receiving site is: where several companies receive, nobody of one answers for the site of another."""

from collections.abc import Iterable, Mapping

from ttpack.analysis.parties import PARTY_NAMES, QUALITY, party_of
from ttpack.model.facility import Site
from ttpack.model.governance import Organisation, Person, Role
from ttpack.model.ids import is_record_id
from ttpack.model.package import Package


def receiving_organisations(package: Package) -> Mapping[str, str]:
    """The receiving sites of which the package says whose they are, with their organisation."""
    listed = {site: one.id for one in package.in_force(Organisation) for site in one.sites}
    found = {}
    for site in package.receiving_sites:
        record = package.get(site, Site)
        owner = (record.organisation if record else None) or listed.get(site)
        if owner and party_of(package, owner) == "receiving":
            found[site] = owner
    return found


def organisation_of_reference(package: Package, record_id: str | None) -> str | None:
    """The organisation that a role or a person belongs to; a role without one belongs to that of its holders."""
    record = package.records.get(record_id or "")
    if isinstance(record, Role) and record.organisation is None:
        held = {person.organisation for one in record.holders if (person := package.get(one, Person))}
        return next(iter(held)) if len(held) == 1 else None
    return record.organisation if isinstance(record, Role | Person) else None


def elsewhere(package: Package, record_id: str | None, sites: Iterable[str]) -> tuple[str, ...]:
    """Those of the sites that are of another receiving organisation than a role or a person."""
    organisations = receiving_organisations(package)
    own = organisation_of_reference(package, record_id)
    if own not in organisations.values():
        return ()
    return tuple(site for site in sites if organisations.get(site, own) != own)


def quality_not_of_site(package: Package, approvers: Iterable[str], sites: Iterable[str]) -> Mapping[str, str]:
    """For sites whose own QA is not among the approvers, why, where several companies receive.

    A name written out, and a role or person of whom nobody says whose they are, may be that QA.
    """
    organisations, given = receiving_organisations(package), tuple(approvers)
    if len(set(organisations.values())) < len(PARTY_NAMES) or not all(map(is_record_id, given)):
        return {}
    signed = {organisation_of_reference(package, one) for one in given if _is_quality(package, one)}
    if None in signed:
        return {}
    return {
        site: f"QA of {package.label(organisations[site])} has not approved"
        for site in sites
        if site in organisations and organisations[site] not in signed
    }


def _is_quality(package: Package, record_id: str) -> bool:
    record = package.records.get(record_id)
    if not isinstance(record, Role | Person):
        return False
    held = (one for one in package.in_force(Role) if record_id in one.holders)
    return QUALITY in {record.function, *(one.function for one in held)}
