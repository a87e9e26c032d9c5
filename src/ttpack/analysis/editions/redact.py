"""The package as the readers of an edition may know it: made by allow-list, before any page exists."""

from ttpack.analysis.editions.edition import Edition
from ttpack.model.package import Package


def redacted(package: Package, edition: Edition) -> Package:
    """The package with only what the edition's readers may read; the package itself for the internal edition."""
    if edition.internal:
        return package
    message = f"edition {edition.name} cannot be made yet"
    raise NotImplementedError(message)
