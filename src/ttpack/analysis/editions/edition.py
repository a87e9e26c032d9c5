"""The editions of a package: a name, and the labels of the records that it holds."""

from dataclasses import dataclass

from ttpack.analysis.readers import INTERNAL, PARTNER, PUBLIC
from ttpack.errors import UsageError
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
    """Every edition that the package can have: internal, one for each partner, regulator, public, and its own."""
    manifest = package.manifest
    found = [INTERNAL_EDITION]
    for organisation in manifest.receiving_organisations:
        labels = frozenset({PARTNER, PUBLIC, f"party:{organisation}"})
        found.append(Edition(f"partner-{organisation}", package.label(organisation), labels, organisation))
    found.append(Edition(REGULATOR, "regulators", frozenset({REGULATOR, PUBLIC})))
    found.append(Edition(PUBLIC, "everyone", frozenset({PUBLIC})))
    for name, one in sorted(manifest.editions.items()):
        labels = frozenset(one.audience) | {PUBLIC}
        documents = frozenset(one.documents) or None
        found.append(Edition(name, one.title or name, labels, one.organisation, documents))
    return tuple({one.name: one for one in reversed(found)}.values())[::-1]


def edition_named(package: Package, name: str) -> tuple[Edition, ...]:
    """The editions of that name; `partner` is that of every partner. Raises UsageError, listing what there is."""
    known = editions(package)
    found = tuple(one for one in known if one.name == name or (name == PARTNER and one.name.startswith("partner-")))
    if not found:
        raise UsageError(f"no edition {name!r}: there are {', '.join(one.name for one in known)}")
    return found
