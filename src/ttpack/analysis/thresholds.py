"""Tolerances and thresholds as people write them: `5 %`, `0.05`, or a table in the package record."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from fractions import Fraction

from ttpack.model.package import Package
from ttpack.model.units import UnitError, exact


def share(given: object) -> Fraction | None:
    """`5 %` and `0.05` as 1/20. None for what is no share, or below zero."""
    text = str(given).strip()
    percent = text.endswith("%")
    try:
        value = exact(Decimal(text.rstrip("%").strip()))
    except (InvalidOperation, UnitError):
        return None
    return None if value < 0 else value / 100 if percent else value


def threshold(package: Package, code: str, name: str, default: Fraction) -> Fraction:
    """The package's own threshold (`thresholds: {PRM-12: {k: 1.5}}`, or the number alone), else the default."""
    given = package.manifest.thresholds.get(code)
    if isinstance(given, Mapping):
        given = given.get(name)
    found = share(given) if given is not None else None
    return default if found is None else found
