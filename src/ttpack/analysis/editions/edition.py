"""The editions of a package: a name, and the labels of the records that it holds."""

from dataclasses import dataclass

from ttpack.analysis.readers import INTERNAL, PARTNER, PUBLIC
from ttpack.errors import UsageError
from ttpack.model.facility import Site
from ttpack.model.package import Package

REGULATOR = "regulator"


@dataclass(frozen=True, slots=True)
class Edition:
    """What one kind of reader may read.

    `labels` are the audience labels whose records it holds; the internal edition holds every record. `documents`
    limits it to some controlled documents; None is all that it may read.
    """

    name: str
    title: str
    labels: frozenset[str]
    organisation: str | None = None
    documents: frozenset[str] | None = None

    @property
    def internal(self) -> bool:
        """Whether it holds everything, fields for internal eyes included."""
        return INTERNAL in self.labels


INTERNAL_EDITION = Edition("internal", "the teams of both parties", frozenset({INTERNAL}))


def editions(package: Package) -> tuple[Edition, ...]:
    """Every edition that the package can have: internal, one for each partner, regulator, public, and its own.

    Partners are the receiving organisations that the package record names, else those that run the receiving sites;
    where nobody says who receives, there is one edition for all partners.
    """
    found = [INTERNAL_EDITION, *_partner_editions(package)]
    found.append(Edition(REGULATOR, "regulators", frozenset({REGULATOR, PUBLIC})))
    found.append(Edition(PUBLIC, "everyone", frozenset({PUBLIC})))
    taken = {one.name for one in found}
    for name, one in sorted(package.manifest.editions.items()):
        if name not in taken:
            labels = frozenset(one.audience) | {PUBLIC}
            documents = frozenset(one.documents) or None
            found.append(Edition(name, one.title or name, labels, one.organisation, documents))
    return tuple(found)


def edition_named(package: Package, name: str) -> tuple[Edition, ...]:
    """The editions of that name; `partner` is that of every partner. Raises UsageError, listing what there is."""
    found = tuple(one for one in editions(package) if one.name == name)
    if not found and name == PARTNER:
        found = _partner_editions(package)
    if not found:
        known = ", ".join(one.name for one in editions(package))
        raise UsageError(f"no edition {name!r}: there are {known}; {PARTNER} is that of every partner")
    return found


def _partner_editions(package: Package) -> tuple[Edition, ...]:
    manifest = package.manifest
    sites = (package.get(site, Site) for site in package.receiving_sites)
    running = sorted({site.organisation for site in sites if site is not None and site.organisation})
    organisations = tuple(dict.fromkeys(manifest.receiving_organisations)) or tuple(running)
    if not organisations:
        return (Edition(PARTNER, "the receiving party", frozenset({PARTNER, PUBLIC})),)
    return tuple(_partner_edition(package, organisation) for organisation in organisations)


def _partner_edition(package: Package, organisation: str) -> Edition:
    """The edition of one partner. It is called by its name only where it may read the record that tells it."""
    labels = frozenset({PARTNER, PUBLIC, f"party:{organisation}"})
    record = package.records.get(organisation)
    told = record is not None and not labels.isdisjoint(record.audience or ())
    return Edition(
        f"{PARTNER}-{organisation}", package.label(organisation) if told else organisation, labels, organisation
    )
