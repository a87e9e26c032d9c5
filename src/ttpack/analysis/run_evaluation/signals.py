"""Which column of a file of run data is which parameter, in which unit, and the limits in that unit."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Final

from ttpack.analysis.deviations.limits import Bounds, Limits, limits_at
from ttpack.analysis.intervals import in_unit
from ttpack.model.execution import Run, RunData
from ttpack.model.facility import AutomationMap
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import ProcessAttribute
from ttpack.model.quality import QualityAttribute
from ttpack.model.quantity import InputQuantity

LEVELS: Final = ("inside_nor", "nor_to_par", "outside_par", "beyond_edge_of_failure")


@dataclass(frozen=True, slots=True)
class End:
    """An end of a range in the unit of the data, and whether it belongs to the range."""

    value: float
    inclusive: bool


@dataclass(frozen=True, slots=True)
class Edges:
    """The ends of a range in the unit of the data; a missing one is not compared."""

    low: End | None
    high: End | None


@dataclass(frozen=True, slots=True)
class Signal:
    """A signal of a file: what it records, in which unit, and where its limits lie in it.

    `parameter` or `attribute` is the record; `limits` are in their own unit, `normal`, `proven` and `edge` in that of
    the data. `gap` says why its values cannot be placed.
    """

    name: str
    unit: str | None
    parameter: str | None = None
    attribute: str | None = None
    limits: Limits | None = None
    normal: Edges | None = None
    proven: Edges | None = None
    edge: Edges | None = None
    gap: str = ""


@dataclass(frozen=True, slots=True)
class Described:
    """What a name of a column stands for, before its unit is known; `interval` is between two of its readings."""

    parameter: str | None
    attribute: str | None
    unit: str | None
    interval: InputQuantity | None = None


def described(package: Package, run: Run, data: RunData) -> Mapping[str, Described]:
    """What each name means: as the record of the run describes it, by the receiving tag, by the id of a record."""
    found: dict[str, Described] = {one.id: Described(one.id, None, one.unit) for one in package.parameters}
    found |= {one.id: Described(None, one.id, one.unit) for one in package.in_force(QualityAttribute)}
    found |= {one.id: Described(None, one.id, one.unit) for one in package.in_force(ProcessAttribute)}
    for one in package.in_force(AutomationMap):
        tag = one.receiving.tag if one.receiving else None
        if tag and one.parameter and one.receiving and run.site in (None, one.receiving_site):
            found[tag] = Described(one.parameter, None, one.receiving.unit, one.receiving.sampling_interval)
    for column in data.columns:
        found[column.name] = Described(column.parameter, column.attribute, column.unit)
    return found


def signal(package: Package, run: Run, name: str, what: Described, file_unit: str = "") -> Signal:
    """A signal with its limits at the site of the run; `file_unit` is the unit that the file states itself."""
    parameter = package.get(what.parameter, ProcessParameter)
    if parameter is None:
        quality = package.get(what.attribute, QualityAttribute) or package.get(what.attribute, ProcessAttribute)
        if quality is None:
            named = what.parameter or what.attribute
            return Signal(
                name, what.unit, gap=f"{named} is no parameter or attribute" if named else "nothing says what it is"
            )
        return Signal(name, file_unit or what.unit or quality.unit, attribute=quality.id)
    unit = file_unit or what.unit or parameter.unit
    if run.site is None:
        return Signal(name, unit, parameter.id, gap="the run states no site, so no ranges hold")
    limits = limits_at(package, parameter, run.site)
    if limits.open:
        return Signal(name, unit, parameter.id, limits=limits, gap=limits.open)
    if unit != limits.unit and in_unit(Decimal(1), unit, limits.unit, package.own_units) is None:
        gap = f"its unit {unit or 'none'} does not convert to {limits.unit or 'none'}, that of {parameter.name}"
        return Signal(name, unit, parameter.id, limits=limits, gap=gap)
    normal, proven, edge = (
        _edges(package, one, limits.unit, unit) for one in (limits.normal, limits.proven, limits.edge)
    )
    return Signal(name, unit, parameter.id, None, limits, normal, proven, edge)


def in_limits_unit(package: Package, one: Signal, value: float) -> Fraction | None:
    """A value of the data in the unit of the limits, from its shortest decimal digits."""
    if one.limits is None:
        return None
    return in_unit(Decimal(repr(value)), one.unit, one.limits.unit, package.own_units)


def _edges(package: Package, given: Bounds | None, unit: str | None, wanted: str | None) -> Edges | None:
    if given is None:
        return None
    ends = given.ends
    return Edges(
        _end(package, ends.low, unit, wanted, inclusive=ends.low_inclusive),
        _end(package, ends.high, unit, wanted, inclusive=ends.high_inclusive),
    )


def _end(
    package: Package, end: Fraction | None, unit: str | None, wanted: str | None, *, inclusive: bool
) -> End | None:
    """An end in another unit, as the nearest binary number: what reads the same digits is equal to it."""
    if end is None:
        return None
    if unit == wanted:
        return End(float(end), inclusive)
    zero, one = (in_unit(Decimal(number), unit, wanted, package.own_units) for number in (0, 1))
    assert zero is not None and one is not None  # noqa: S101, PT018  the unit converts, as was asked before
    return End(float(zero + (one - zero) * end), inclusive)
