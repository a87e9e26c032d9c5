"""Log reductions claimed by unit operations, added up with each mechanism counted once (ICH Q5A(R2))."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from ttpack.analysis.intervals import in_unit
from ttpack.model.package import Package
from ttpack.model.process import UnitOperation, ViralClearanceClaim
from ttpack.model.quantity import Range

UNIT = "{log10}"
_SEPARATORS = re.compile(r"[^a-z0-9]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim of a unit operation, and where it stands."""

    unit: UnitOperation
    index: int
    given: ViralClearanceClaim

    @property
    def field(self) -> str:
        """The field of the claim in its unit operation."""
        return f"viral_clearance[{self.index}]"

    @property
    def reduction(self) -> Fraction | None:
        """The least log reduction claimed; None where none is stated."""
        return lower_end(self.given.log_reduction)


@dataclass(frozen=True, slots=True)
class Total:
    """The claims for one virus added up."""

    virus: str
    claims: tuple[Claim, ...]
    counted_once: Fraction
    counted_all: Fraction
    repeated: tuple[str, ...]
    open_ended: bool


def claims(package: Package) -> tuple[Claim, ...]:
    """Every claim of the unit operations in force that was tested, in process order."""
    return tuple(
        Claim(unit, index, given)
        for unit in package.unit_operations
        for index, given in enumerate(unit.viral_clearance)
        if not given.not_tested
    )


def totals(found: Iterable[Claim]) -> dict[str, Total]:
    """The sum for each virus (by its folded name): of the claims of one mechanism the largest counts."""
    by_virus: dict[str, list[Claim]] = {}
    for claim in found:
        by_virus.setdefault(folded(claim.given.virus), []).append(claim)
    return {virus: _total(group) for virus, group in by_virus.items()}


def _total(group: list[Claim]) -> Total:
    largest: dict[str, Fraction] = {}
    names: dict[str, list[str]] = {}
    everything = Fraction(0)
    for claim in group:
        mechanism, reduction = folded(claim.given.mechanism), claim.reduction or Fraction(0)
        everything += reduction
        largest[mechanism] = max(reduction, largest.get(mechanism, Fraction(0)))
        names.setdefault(mechanism, []).append(claim.given.mechanism)
    return Total(
        virus=group[0].given.virus,
        claims=tuple(group),
        counted_once=sum(largest.values(), Fraction(0)),
        counted_all=everything,
        repeated=tuple(same[0] for same in names.values() if len(same) > 1),
        open_ended=any(claim.given.log_reduction and not claim.given.log_reduction.low_inclusive for claim in group),
    )


def lower_end(given: Range | None, unit: str | None = None) -> Fraction | None:
    """The lower end in log10; None where there is none, or it is in another unit."""
    if given is None or given.low is None:
        return None
    return in_unit(given.low, given.unit or unit, UNIT)


def folded(name: str) -> str:
    """A name without case and punctuation: `X-MuLV` is `xmulv`."""
    return _SEPARATORS.sub("", name.casefold())
