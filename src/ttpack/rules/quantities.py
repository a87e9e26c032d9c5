"""Quantities and ranges anywhere in a package (QTY-01 to QTY-04)."""

from collections.abc import Container, Iterator
from decimal import Decimal

from ttpack.analysis.intervals import given_ends, interval, range_text, unit_or_none, value_text, width_in_unit
from ttpack.analysis.stated import Stated
from ttpack.model.documents import UnitDefinition
from ttpack.model.facility import EquipmentRequirement, SiteEquipment
from ttpack.model.findings import Place
from ttpack.model.package import Package
from ttpack.model.parameter import Control
from ttpack.model.quantity import Range, digits
from ttpack.model.quantity_kinds import plausibility_problem, quantity_kind, unit_problem
from ttpack.model.units import UnitError, describe_dimension, parse_unit
from ttpack.rules import quantity_references  # noqa: F401  registers QTY-05 and QTY-06
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, Context, Outcome, rule

SHARES = frozenset({"1", "%", "[ppth]", "[ppm]"})
"""Units of an accuracy that is stated as a share of the reading."""


def has_numbers(stated: Stated) -> bool:
    """Whether a number needs the unit."""
    return bool(stated.values or stated.widths) or any(each.numeric for _, each in stated.ranges)


@rule("QTY-01", CONSISTENCY, basis='ICH Q8; M4Q tables; ALCOA+ "accurate"')
def number_without_known_unit(package: Package, context: Context) -> Iterator[Outcome]:
    """A number has no unit, or one that is neither a UCUM code nor a listed alias nor the package's own.

    Why: a number without a unit is read differently at each site.
    Resolve: give the unit as a quoted UCUM code, or define the package's own unit with a unit_definition record; only a
    dimensionless quantity may stand without one.
    """
    unusable = dict(reversed(package.own_unit_problems))
    for definition in package.in_force(UnitDefinition) if unusable else ():
        if definition.code in unusable:
            yield definition.at("code"), f"this unit cannot be used: {unusable[definition.code]}"
    own = package.own_units
    problems: dict[str, str | None] = {}
    seen = set()
    for stated in context.stated:
        if stated.elsewhere:
            continue
        unit = stated.unit or ""
        if unit not in problems:
            problems[unit] = _unit_problem(unit, own) if unit else None
        problem = problems[unit]
        if not unit and has_numbers(stated) and not _may_be_bare(stated.kind):
            problem = f"{_first_number(stated)} has no unit"
        key = (stated.record, stated.unit_path or stated.path)
        if problem and key not in seen:
            seen.add(key)
            yield package.records[key[0]].at(key[1]), problem


def _unit_problem(unit: str, own: object) -> str | None:
    try:
        parse_unit(unit, own)  # type: ignore[arg-type]
    except UnitError as error:
        return str(error)
    return None


def _may_be_bare(kind: str | None) -> bool:
    known = quantity_kind(kind) if kind else None
    return known is not None and any(not dimension and known.unit == "1" for dimension in known.dimensions)


def _first_number(stated: Stated) -> str:
    for _, number in (*stated.values, *stated.widths):
        return digits(number)
    return range_text(next(each for _, each in stated.ranges if each.numeric), None)


@rule("QTY-02", CONSISTENCY, basis='A-Mab Table 3.14 prints pH "(% sat)"', requires=("QTY-01",))
def unit_of_another_dimension(package: Package, context: Context) -> Iterator[Outcome]:
    """A unit measures something else than the quantity kind that is declared.

    Why: a value whose unit does not fit cannot be converted, compared or set on equipment.
    Resolve: correct the unit or the quantity kind; a range in another unit of the same dimension may name its own.
    """
    own = package.own_units
    problems: dict[tuple[str, str], str | None] = {}
    seen = set()
    for stated in context.stated:
        kind, unit = stated.kind, stated.unit or ""
        if kind is None or stated.elsewhere or not (unit or has_numbers(stated)):
            continue
        if quantity_kind(kind) is None:
            # where the kind is another record's, that record has the finding
            key = (stated.record, stated.kind_path)
            problem = unit_problem(kind, "1") if stated.kind_path else None
        else:
            key = (stated.record, stated.unit_path or stated.path)
            if (kind, unit) not in problems:
                known = unit_or_none(unit, own) is not None
                problems[kind, unit] = unit_problem(kind, unit, own) if known else None
            problem = problems[kind, unit]
        if problem and key not in seen:
            seen.add(key)
            yield package.records[key[0]].at(key[1]), problem
    yield from _widths_of_another_dimension(package, {record for record, _ in seen})


def _widths_of_another_dimension(package: Package, found: Container[str]) -> Iterator[Outcome]:
    """Control bands and accuracies that are no widths on the scale they are for. A share of the reading is one."""
    for parameter in package.parameters:
        band = parameter.control.band if isinstance(parameter.control, Control) else None
        if band and parameter.unit and parameter.id not in found:
            yield from _no_width(package, parameter.at("control.band.unit"), band.unit, parameter.unit)
    items: list[SiteEquipment | EquipmentRequirement] = [*package.in_force(SiteEquipment)]
    items += package.in_force(EquipmentRequirement)
    for item in items:
        if item.id in found:
            continue
        for index, capability in enumerate(item.capabilities):
            for field in ("accuracy", "control_band"):
                given = getattr(capability, field)
                if given and capability.unit:
                    place = item.at(f"capabilities[{index}].{field}.unit")
                    yield from _no_width(package, place, given.unit, capability.unit)


def _no_width(package: Package, place: Place, given: str, scale: str) -> Iterator[Outcome]:
    own = package.own_units
    unit, known = unit_or_none(given, own), unit_or_none(scale, own)
    share = unit is not None and unit.code in SHARES
    if unit and known and not share and width_in_unit(Decimal(1), given, scale, own) is None:
        yield place, f"{given} is {describe_dimension(unit)}, and no width on a scale of {known.code}"


@rule("QTY-03", CONSISTENCY, basis="consistency")
def range_that_holds_nothing(package: Package, context: Context) -> Iterator[Outcome]:
    """A range has its ends the wrong way round, excludes every value, contradicts its side, or has no end at all.

    Why: nobody can work within such a range, and every comparison with it is meaningless.
    Resolve: correct the ends; a one-sided range gives only low (NLT) or only high (NMT), without the other.
    """
    for stated in context.stated:
        for path, given in stated.ranges:
            problem = _range_problem(given, stated.unit)
            if problem:
                yield package.records[stated.record].at(path), problem


def _range_problem(given: Range, unit: str | None) -> str | None:
    low, high = given.low, given.high
    if low is not None and high is not None:
        if low > high:
            return f"low {value_text(low, given.unit or unit)} lies above high {value_text(high, given.unit or unit)}"
        if low == high and not (given.low_inclusive and given.high_inclusive):
            return f"a range from {digits(low)} to {digits(high)} that excludes an end holds no value"
        return f"a range with both ends cannot be {given.side}" if given.side else None
    if low is None and high is None:
        return None if given.criterion else "the range states neither a low nor a high end, nor a criterion"
    if given.side and given.side != ("NLT" if high is None else "NMT"):
        return f"{given.side} contradicts {range_text(given, unit)}"
    if low is None and not given.low_inclusive:
        return "it is said whether the low end belongs to the range, but there is no low end"
    if high is None and not given.high_inclusive:
        return "it is said whether the high end belongs to the range, but there is no high end"
    return None


@rule("QTY-04", COMPLETENESS, from_gate="G1", basis="magnitude sanity check", requires=("QTY-01", "QTY-02"))
def implausible_value(package: Package, context: Context) -> Iterator[Outcome]:
    """A value lies outside what its kind of quantity can physically be.

    Why: a slipped decimal or a wrong unit is cheaper to find here than in the plant.
    Resolve: correct the value or its unit; choose another quantity kind if it is of another kind.
    """
    windows: dict[tuple[str, str | None], tuple[float, float] | None] = {}
    for stated in context.stated:
        if stated.kind is None:
            continue
        for path, number in _numbers(stated):
            key = (stated.kind, stated.unit)
            if key not in windows:
                windows[key] = _safe_window(stated.kind, stated.unit or "1", package)
            safe = windows[key]
            if safe is None or not safe[0] < float(number) < safe[1]:
                problem = plausibility_problem(stated.kind, number, stated.unit or "1", package.own_units)
                if problem:
                    yield package.records[stated.record].at(path), problem


def _numbers(stated: Stated) -> Iterator[tuple[str, Decimal]]:
    yield from stated.values
    for path, given in stated.ranges:
        for end in ("low", "high"):
            number = getattr(given, end)
            if number is not None:
                yield f"{path}.{end}", number


def _safe_window(kind: str, unit: str, package: Package) -> tuple[float, float] | None:
    """Ends well inside the plausible window in that unit: only what lies outside them is looked at exactly."""
    known, parsed = quantity_kind(kind), unit_or_none(unit, package.own_units)
    for window in known.windows if known and parsed else ():
        wanted = unit_or_none(window.unit)
        if parsed and wanted and wanted.dimension == parsed.dimension:
            ends = interval(Range(low=window.low, high=window.high, unit=window.unit), unit, package.own_units)
            low, high = (float(end) for _, end in given_ends(ends)) if ends else (0.0, 0.0)
            margin = 1e-9 * max(abs(low), abs(high))
            return low + margin, high - margin
    return None
