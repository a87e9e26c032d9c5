"""Where a finding about a whole site stands, and several records in one sentence."""

from collections.abc import Sequence

from ttpack.model.facility import Site
from ttpack.model.findings import Place
from ttpack.model.package import Package

MOST_NAMED = 6


def site_place(package: Package, site: str, field: str = "") -> Place:
    """The site's record, or the package record where there is none."""
    found = package.get(site, Site)
    return found.at(field) if found else package.manifest.at()


def site_name(package: Package, site: str) -> str:
    """A site by title and id, the id alone where it has no title."""
    name = package.label(site)
    return name if name == site else f"{name} ({site})"


def listed(package: Package, records: Sequence[str]) -> str:
    """Records by title, the first few of a long list: `Culture pH, Titer and 4 more`."""
    more = len(records) - MOST_NAMED
    return listed_words([package.label(record) for record in records[:MOST_NAMED]]) + (
        f" and {more} more" if more > 0 else ""
    )


def listed_words(names: Sequence[str]) -> str:
    """The first few of a long list of names: `conductivity, UV absorbance and 4 more`."""
    more = len(names) - MOST_NAMED
    return ", ".join(names[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
