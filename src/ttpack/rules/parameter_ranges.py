"""The ranges of a parameter against each other and against what was studied (PRM-03, 04, 05, 06, 08, 13)."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from ttpack.analysis.intervals import Interval, fraction_text, in_unit, interval, range_text, value_text
from ttpack.analysis.studied import Studied, studied_ranges
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter, SiteOverlay
from ttpack.model.quantity import RANGE_NAMES, Range, RangeKind, Ranges
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, INFORMATION, Context, NotComputable, Outcome, rule

COMPARABLE = ("QTY-01", "QTY-02", "QTY-03")
ORDER: tuple[tuple[RangeKind, RangeKind], ...] = (
    ("target", "normal_operating"),
    ("alert", "action"),
    ("action", "proven_acceptable"),
    ("design_space", "studied"),
    ("normal_operating", "design_space"),
    ("normal_operating", "filed"),
)
"""Pairs of which the first lies inside the second; NOR and PAR, PAR and studied have rules of their own."""


def outside(package: Package, inner: Range | None, outer: Range | None, unit: str | None) -> bool:
    """Whether an end of the inner range lies outside the outer one; False where they cannot be compared."""
    first, second = (interval(each, unit, package.own_units) for each in (inner, outer))
    return bool(first and second and first.ends_outside(second))


def named(kind: RangeKind, given: Range, unit: str | None) -> str:
    """A range with its name, as in `proven acceptable range 60 to 180 min`."""
    return f"{RANGE_NAMES[kind]} {range_text(given, unit)}"


@rule("PRM-03", CONSISTENCY, basis="definition", requires=COMPARABLE)
def setpoint_outside_its_range(package: Package, context: Context) -> Iterator[Outcome]:
    """The setpoint or target lies outside the normal operating range or the proven acceptable range.

    Why: a process run at its setpoint would be out of range from the start.
    Resolve: correct the setpoint or the range; where two sources disagree, decide which one is right.
    """
    for parameter in package.parameters:
        for field in ("setpoint", "target"):
            value = getattr(parameter, field)
            if value is None:
                continue
            number = in_unit(value, None, None)
            for kind in ("normal_operating", "proven_acceptable"):
                given = getattr(parameter.ranges, kind)
                found = interval(given, parameter.unit, package.own_units)
                if found and number is not None and not found.holds(number):
                    stated = value_text(value, parameter.unit)
                    yield parameter.at(field), f"{field} {stated} lies outside the {named(kind, given, parameter.unit)}"


@rule("PRM-04", CONSISTENCY, basis="definition", requires=COMPARABLE)
def normal_range_outside_proven_range(package: Package, context: Context) -> Iterator[Outcome]:
    """The normal operating range reaches outside the proven acceptable range.

    Why: an operator inside the normal range could leave the range shown to protect the quality attribute.
    Resolve: narrow the normal range, or widen the proven range and cite the study.
    """
    for parameter in package.parameters:
        normal, proven = parameter.ranges.normal_operating, parameter.ranges.proven_acceptable
        if normal and proven and outside(package, normal, proven, parameter.unit):
            unit = parameter.unit
            message = (
                f"{named('normal_operating', normal, unit)} lies outside the {named('proven_acceptable', proven, unit)}"
            )
            yield parameter.at("ranges.normal_operating"), message


@rule("PRM-05", COMPLETENESS, from_gate="G2", basis="ICH Q8; ICH Q9", requires=COMPARABLE)
def proven_range_too_near_failure(package: Package, context: Context) -> Iterator[Outcome]:
    """The proven acceptable range reaches the edge of failure, or comes nearer to it than the declared margin.

    Why: beyond the edge the process is known to fail, and no instrument or operator is exact.
    Resolve: narrow the proven range, or show by study that the edge lies further away.
    """
    for parameter in package.parameters:
        proven, edge = parameter.ranges.proven_acceptable, parameter.ranges.edge_of_failure
        inner, outer = (interval(each, parameter.unit, package.own_units) for each in (proven, edge))
        if not (proven and edge and inner and outer):
            continue
        words = f"{named('proven_acceptable', proven, parameter.unit)}"
        limits = f"{named('edge_of_failure', edge, parameter.unit)}"
        if inner.ends_outside(outer):
            yield parameter.at("ranges.proven_acceptable"), f"{words} reaches beyond the {limits}"
        elif parameter.safety_margin is not None:
            margin = in_unit(parameter.safety_margin, None, None)
            for end, distance in _distances(inner, outer):
                if margin is not None and distance < margin:
                    wanted = value_text(parameter.safety_margin, parameter.unit)
                    left = fraction_text(distance, parameter.unit)
                    message = f"{words} leaves {left} to the {limits} at its {end} end; the safety margin is {wanted}"
                    yield parameter.at(f"ranges.proven_acceptable.{end}"), message


def _distances(inner: Interval, outer: Interval) -> Iterator[tuple[str, Fraction]]:
    if inner.low is not None and outer.low is not None:
        yield "low", inner.low - outer.low
    if inner.high is not None and outer.high is not None:
        yield "high", outer.high - inner.high


@rule("PRM-06", CONSISTENCY, basis="ICH Q8; ICH Q11", requires=COMPARABLE)
def proven_range_beyond_what_was_studied(package: Package, context: Context) -> Iterator[Outcome]:
    """The proven acceptable range reaches beyond the range that the cited evidence studied.

    Why: what was not studied is extrapolated, not proven.
    Resolve: narrow the proven range, cite the study that covers it, or name the model that justifies it under
    modelling_reference, with a rationale.
    """
    for parameter in package.parameters:
        proven = parameter.ranges.proven_acceptable
        claimed = interval(proven, parameter.unit, package.own_units)
        if proven is None or claimed is None or (proven.modelling_reference and proven.rationale):
            continue
        studied = studied_ranges(package, parameter)
        if not studied.cited and not studied.ranges:
            continue
        if not studied.ranges:
            cited = ", ".join(studied.cited)
            yield NotComputable(
                parameter.at("ranges.proven_acceptable"), f"{cited} does not say which range was studied"
            )
        elif beyond := _beyond(claimed, studied):
            words = named("proven_acceptable", proven, parameter.unit)
            model = ""
            if proven.modelling_reference:
                model = f"; {str(proven.modelling_reference)[:80]} is named, but no rationale for relying on it"
            message = (
                f"{words} reaches beyond what was studied at its {' and '.join(beyond)} end: {studied.words}{model}"
            )
            yield parameter.at("ranges.proven_acceptable"), message


def _beyond(claimed: Interval, studied: Studied) -> list[str]:
    """The ends that lie outside every range studied."""
    ends = [set(claimed.ends_outside(each)) for each in studied.ranges]
    return [end for end in ("low", "high") if all(end in found for found in ends)]


@rule("PRM-08", INFORMATION, basis="ICH Q8; A-Mab Table 4.22", requires=COMPARABLE)
def ranges_out_of_order(package: Package, context: Context) -> Iterator[Outcome]:
    """Ranges of different kind do not nest, or a proven range is narrower than the studied one without a rationale.

    Why: two true ranges of one parameter contradict each other unless it is said what each of them is.
    Resolve: correct the range, or say in its rationale why it is narrower than what was studied.
    """
    for parameter in package.parameters:
        ranges, unit = parameter.ranges, parameter.unit
        for inner, outer in ORDER:
            first, second = getattr(ranges, inner), getattr(ranges, outer)
            if first and second and outside(package, first, second, unit):
                message = f"{named(inner, first, unit)} lies outside the {named(outer, second, unit)}"
                yield parameter.at(f"ranges.{inner}"), message
        proven = ranges.proven_acceptable
        if proven is None or proven.rationale or not proven.numeric:
            continue
        claimed, studied = (interval(each, unit, package.own_units) for each in (proven, ranges.studied))
        if not (claimed and studied and ranges.studied):
            continue
        if studied.ends_outside(claimed) and not claimed.ends_outside(studied):
            words = f"{named('proven_acceptable', proven, unit)} is narrower than the"
            message = f"{words} {named('studied', ranges.studied, unit)} without a rationale"
            yield parameter.at("ranges.proven_acceptable"), message


@rule("PRM-13", CONSISTENCY, basis="ISA-88 general and site recipe; ICH Q10", requires=COMPARABLE)
def overlay_outside_proven_range(package: Package, context: Context) -> Iterator[Outcome]:
    """A site overlay leaves the proven acceptable range, widens it, or lacks reason, change record or approver.

    What it leaves in force, the general setpoint or normal operating range, has to lie within what it replaces.

    Why: a site may differ within what was proven, when somebody decided it; it may not decide what is proven.
    Resolve: stay within the proven range; name reason, change_record and approver.
    """
    for overlay in package.in_force(SiteOverlay):
        base_id = overlay_parts(overlay.id)[0]
        base = package.records.get(base_id)
        if base is None:
            if base_id not in package.unreadable_ids:
                yield overlay.at("id"), f"there is no {base_id} that this record could overlay"
            continue
        for field, words in (("reason", "reason"), ("change_record", "change record"), ("approver", "approver")):
            if not getattr(overlay, field):
                yield overlay.at(field), f"the overlay of {base.name} names no {words}"
        if isinstance(base, ProcessParameter):
            yield from _overlaid(package, overlay, base)


@dataclass(frozen=True, slots=True)
class _InForce:
    """A range in force at a site, in the overlay's unit, and how it is said."""

    found: Interval
    words: str


def _overlaid(package: Package, overlay: SiteOverlay, base: ProcessParameter) -> Iterator[Outcome]:
    """What an overlay replaces, against the ranges in force at the site."""
    here = overlay.effective
    unit = here.unit or base.unit
    own = here.ranges or Ranges()
    general = _in_force(package, "proven_acceptable", base.ranges.proven_acceptable, base.unit, unit)
    proven = _in_force(package, "proven_acceptable", own.proven_acceptable, unit, unit)
    if proven and general and _wider(proven.found, general.found):
        message = f"{proven.words} is wider than the general {general.words}"
        yield overlay.at(overlay.field("ranges.proven_acceptable")), message
        proven = None
    limit = proven or general
    normal = _in_force(package, "normal_operating", own.normal_operating, unit, unit)
    inherited = _in_force(package, "normal_operating", base.ranges.normal_operating, base.unit, unit)
    if normal and limit and normal.found.ends_outside(limit.found):
        yield overlay.at(overlay.field("ranges.normal_operating")), f"{normal.words} lies outside the {limit.words}"
        if here.setpoint is None:
            return
    elif proven and inherited and not normal and _newly_outside(inherited.found, proven.found, general):
        message = f"the {proven.words} here leaves out part of the general {inherited.words}, which stays in force"
        yield overlay.at(overlay.field("ranges.proven_acceptable")), message
        return
    if here.setpoint is None:
        yield from _inherited_setpoint(package, overlay, base, (normal, proven))
        return
    number = in_unit(here.setpoint, None, None)
    checked = (limit, normal or inherited)
    missed = next((each for each in checked if each and number is not None and not each.found.holds(number)), None)
    if missed:
        stated = value_text(here.setpoint, unit)
        yield overlay.at(overlay.field("setpoint")), f"setpoint {stated} lies outside the {missed.words}"


def _newly_outside(normal: Interval, proven: Interval, general: _InForce | None) -> bool:
    """Whether a range leaves the one proven for the site, and not already the general one, which is PRM-04's."""
    return bool(normal.ends_outside(proven)) and not (general and normal.ends_outside(general.found))


def _inherited_setpoint(
    package: Package, overlay: SiteOverlay, base: ProcessParameter, replaced: tuple[_InForce | None, _InForce | None]
) -> Iterator[Outcome]:
    """A general setpoint, which the overlay leaves in force, outside a range that it replaces."""
    field = "setpoint" if base.setpoint is not None else "target"
    value = getattr(base, field)
    unit = overlay.effective.unit or base.unit
    number = None if value is None else in_unit(value, base.unit, unit, package.own_units)
    for kind, given in zip(("normal_operating", "proven_acceptable"), replaced, strict=True):
        if number is not None and given and not given.found.holds(number):
            stated = f"the general {field} {value_text(value, base.unit)}"
            yield overlay.at(overlay.field(f"ranges.{kind}")), f"{stated} stays in force, outside the {given.words}"
            return


def _in_force(
    package: Package, kind: RangeKind, given: Range | None, given_unit: str | None, unit: str | None
) -> _InForce | None:
    if given is None:
        return None
    stated = given.model_copy(update={"unit": given.unit or given_unit})
    found = interval(stated, unit, package.own_units)
    return _InForce(found, named(kind, stated, unit)) if found else None


def _wider(inner: Interval, outer: Interval) -> bool:
    """Whether an end lies outside, or an end that the general range has is left open."""
    opened = (inner.low is None and outer.low is not None) or (inner.high is None and outer.high is not None)
    return opened or bool(inner.ends_outside(outer))
