"""The rule on recorded results of simulations against what the tool computes now (SIM-04)."""

from collections.abc import Iterator

from ttpack.analysis.recomputed import recomputed_digest
from ttpack.model.campaign import Simulation
from ttpack.model.package import Package
from ttpack.rules.registry import CONSISTENCY, Context, NotComputable, Outcome, rule


def where_digested(package: Package) -> str | None:
    """Applies where a simulation records the digest of its result."""
    given = any(one.result_digest for one in package.in_force(Simulation))
    return None if given else "no simulation records the digest of its result"


@rule(
    "SIM-04", CONSISTENCY, applies_when=where_digested, requires=("SIM-01",),
    basis="process simulation; data integrity",
)  # fmt: skip
def recorded_result_differs(package: Package, context: Context) -> Iterator[Outcome]:
    """A simulation records another result than the one computed now from its campaign or design space and its seed.

    `result_digest` is the `digest` of the answer of `ttpack simulate CPN-ID --replications N --seed N --format json`,
    or of `ttpack capability DSP-ID --site SITE --samples N --seed N --format json`: SHA-256 over its figures at ten
    significant digits. It is worked out anew when a package is built or released; a check alone lists it as not
    computable.
    Why: a figure that nobody can obtain again is no evidence, whoever changed it or the model behind it.
    Resolve: run the command, compare the figures, and record the new ones with their digest.
    """
    for one in package.in_force(Simulation):
        if one.result_digest is None:
            continue
        place = one.at("result_digest")
        if not context.recompute:
            yield NotComputable(place, f"{one.name} is worked out anew when the package is built, not by a check")
            continue
        found = recomputed_digest(package, one)
        if found.digest is None:
            yield NotComputable(place, f"{one.name} cannot be worked out anew: {found.why}")
        elif found.digest != one.result_digest:
            yield place, f"{one.name} records another result than is computed now; its digest would be {found.digest}"
