"""The categories of readiness, what each weighs, and how ready a site should be at a gate (alignment.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final, NamedTuple

from ttpack.analysis.thresholds import share, threshold
from ttpack.model.package import Package
from ttpack.model.regulatory import ChangeRecord

CODE: Final = "RDY-01"
"""The rule whose thresholds a package may set."""
DIGITS: Final = Decimal("0.001")


class Category(NamedTuple):
    """A category: its letter and name as documents print them, and what it weighs where a package says nothing."""

    letter: str
    label: str
    weight: int


CATEGORIES: Final[Mapping[str, Category]] = {
    "process_knowledge": Category("A", "Process knowledge and know-how", 15),
    "materials": Category("B", "Materials and supply", 10),
    "equipment": Category("C", "Equipment and facility fit", 15),
    "automation": Category("D", "Automation and data", 8),
    "analytical": Category("E", "Analytical and method transfer", 12),
    "validation": Category("F", "Validation and qualification", 12),
    "quality_system": Category("G", "Quality system and governance", 10),
    "regulatory": Category("H", "Regulatory", 8),
    "people": Category("I", "People and training", 5),
    "hse": Category("J", "Health, safety and environment", 3),
    "schedule": Category("K", "Schedule and capacity", 2),
}
NO_CATEGORY: Final = "none"
"""Stands for the items that name no category."""

_AT_GATES: Final[Mapping[str, Fraction]] = {
    "G2": Fraction(50, 100), "G3": Fraction(60, 100), "G4": Fraction(75, 100), "G5": Fraction(90, 100),
    "G6": Fraction(95, 100),
}  # fmt: skip


@dataclass(frozen=True)
class CategoryWeights:
    """What each category weighs in the mean. `problem` says why the package's own weights do not count, if any."""

    weights: Mapping[str, Fraction]
    change_record: str = ""
    problem: str = ""
    field: str = ""


def category_weights(package: Package) -> CategoryWeights:
    """The weights of all categories: the package's own where a change record stands behind them.

    `thresholds: {RDY-01: {category_weights: {materials: 12}, category_weights_record: CHG-2026-007}}`; a category
    that is not named keeps its default. Weights that cannot be taken as they stand count for nothing, all of them.
    """
    default = {name: Fraction(one.weight) for name, one in CATEGORIES.items()}
    given = package.manifest.thresholds.get(CODE)
    own = given.get("category_weights") if isinstance(given, Mapping) else None
    if not isinstance(given, Mapping) or own is None:
        return CategoryWeights(default)
    place = f"thresholds.{CODE}.category_weights"
    problem = _unusable(own)
    if problem:
        return CategoryWeights(default, problem=problem, field=place)
    named = given.get("category_weights_record")
    record = package.get(named, ChangeRecord) if isinstance(named, str) else None
    if record is None or not record.in_force:
        problem = f"no change record stands behind them: category_weights_record is {named or 'not given'}"
        return CategoryWeights(default, problem=problem, field=f"{place}_record" if named else place)
    return CategoryWeights(default | {str(name): _weight(one) or Fraction(0) for name, one in own.items()}, record.id)


def _unusable(own: object) -> str:
    if not isinstance(own, Mapping) or not own:
        return "they are no table of categories"
    for name, given in own.items():
        if name not in CATEGORIES:
            return f"{str(name)[:60]!r} is no category; categories are {', '.join(CATEGORIES)}"
        if _weight(given) is None:
            return f"the weight of {name} is no number from 0 up: {str(given)[:60]!r}"
    if not any(_weight(own.get(name, one.weight)) for name, one in CATEGORIES.items()):
        return "they leave no category any weight"
    return ""


def _weight(given: object) -> Fraction | None:
    return None if isinstance(given, bool) or str(given).strip().endswith("%") else share(given)


def gate_threshold(package: Package, gate: str) -> Fraction | None:
    """How ready a site should be at a gate: it informs, and decides nothing. None for a gate that has no threshold.

    A package may set its own: `thresholds: {RDY-01: {G3: 0.7}}`.
    """
    default = _AT_GATES.get(gate)
    return threshold(package, CODE, gate, default) if default is not None else None


def shown(value: Fraction | None) -> Decimal | None:
    """A share with three digits, never rounded up: what is short of a threshold does not read as if it met it."""
    if value is None:
        return None
    return (Decimal(value.numerator * 1000 // value.denominator) * DIGITS).quantize(DIGITS)
