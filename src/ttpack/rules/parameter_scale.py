"""Parameters across scales and sites (PRM-09, 10, 12, 14)."""

from collections.abc import Iterator
from fractions import Fraction

from ttpack.analysis.derived import Derivation, derivations, mismatch, recompute
from ttpack.analysis.facility_fit.parameters import least_ratio
from ttpack.analysis.formulas import NotEvaluated
from ttpack.analysis.intervals import fraction_text, unit_or_none
from ttpack.analysis.scale_rules import SCALE_RULES, scale_rule
from ttpack.analysis.scale_up.parameters import not_kept
from ttpack.model.facility import AutomationMap
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, ProcessParameter, ScaleValue
from ttpack.rules.registry import COMPLETENESS, INFORMATION, Context, NotComputable, Outcome, rule

COMFORTABLE_RATIO = Fraction(2)


@rule("PRM-09", COMPLETENESS, from_gate="G2", basis="ICH Q11; A-Mab section 3.9")
def scale_dependence_not_stated(package: Package, context: Context) -> Iterator[Outcome]:
    """A parameter does not say how it depends on scale, or a dependent one names no scale rule of the catalogue.

    Why: the receiving site cannot know which numbers carry over to its vessels and which have to be worked out.
    Resolve: state scale.dependence; for a dependent parameter name scale.rule, such as constant_power_per_volume,
    constant_tip_speed, constant_residence_time, or custom with its basis in words.
    """
    for parameter in package.parameters:
        scale = parameter.scale
        if scale is None:
            yield parameter.at("scale"), f"{parameter.name} does not say whether it depends on scale"
        elif scale.rule is None:
            if scale.dependence == "dependent":
                yield parameter.at("scale.rule"), f"{parameter.name} depends on scale and names no scale rule"
        elif scale_rule(scale.rule) is None:
            message = f"{scale.rule[:64]!r} is no scale rule of the catalogue"
            yield parameter.at("scale.rule"), message, f"use one of {', '.join(sorted(SCALE_RULES))}"
        elif scale_rule(scale.rule) == "custom" and not scale.basis:
            yield parameter.at("scale.basis"), f"the custom scale rule of {parameter.name} is not described"


@rule("PRM-10", COMPLETENESS, from_gate="G3", basis="A-Mab section 3.9.4", requires=("QTY-01", "QTY-02", "PRM-09"))
def value_at_receiving_scale_missing(package: Package, context: Context) -> Iterator[Outcome]:
    """A scale-dependent parameter has no value at a receiving site that follows from its scale rule.

    It names the inputs of the rule, agrees with what the rule gives, keeps what the rule keeps, and says what the
    engineering run may adjust, within which limits, and who decides.

    Why: the engineering run starts from this value; without limits and a decider it is tuned until it fits.
    Resolve: give scale.values for the site with value, derived, adjustable and adjustment_decided_by.
    """
    given = {each.node: each for each in derivations(package, context.stated) if each.path.startswith("scale.values[")}
    for parameter in package.parameters:
        if parameter.scale is None or parameter.scale.dependence != "dependent":
            continue
        stated = {value.site: (index, value) for index, value in enumerate(parameter.scale.values)}
        for site in package.receiving_sites:
            if site not in stated:
                message = f"{parameter.name} depends on scale and has no value for {package.label(site)}"
                yield Problem(parameter.at("scale.values"), message, site=site)
                continue
            index, value = stated[site]
            path = f"scale.values[{index}]"
            yield from _scaled(parameter, path, value, site)
            derivation = given.get(f"{parameter.id}.{path}.value")
            if derivation:
                yield from _recomputed(package, parameter, derivation, site)
            elif value.value is not None and (words := not_kept(package, parameter, site)):
                yield Problem(parameter.at(f"{path}.value"), words, site=site)


def _scaled(parameter: ProcessParameter, path: str, value: ScaleValue, site: str) -> Iterator[Outcome]:
    if value.value is None:
        yield Problem(parameter.at(path), f"{parameter.name} states no value at {site}", site=site)
    elif value.derived is None and scale_rule(parameter.scale.rule or "" if parameter.scale else "") != "custom":
        message = f"the value of {parameter.name} at {site} names no inputs of its scale rule"
        yield Problem(parameter.at(f"{path}.derived"), message, site=site)
    if value.adjustable is None or not value.adjustable.numeric:
        message = f"it is not said within which limits the engineering run at {site} may adjust {parameter.name}"
        yield Problem(parameter.at(f"{path}.adjustable"), message, site=site)
    if not value.adjustment_decided_by:
        message = f"it is not said who decides on adjusting {parameter.name} at {site}"
        yield Problem(parameter.at(f"{path}.adjustment_decided_by"), message, site=site)


def _recomputed(package: Package, parameter: ProcessParameter, given: Derivation, site: str) -> Iterator[Outcome]:
    try:
        computed = recompute(package, given)
    except NotEvaluated as error:
        place = parameter.at(f"{given.owner}.{error.about}" if error.about else given.owner)
        yield NotComputable(place, error.reason) if error.outside else Problem(place, error.reason, site=site)
        return
    if given.value is not None and not computed.agrees:
        yield Problem(parameter.at(given.path), mismatch(given, computed), site=site)
    elif words := not_kept(package, parameter, site):
        yield Problem(parameter.at(given.path), words, site=site)


@rule(
    "PRM-12", COMPLETENESS, from_gate="G3", basis="measurement capability; PMC10873650",
    requires=("QTY-01", "QTY-02", "QTY-03"),
)  # fmt: skip
def normal_range_narrower_than_measurement(package: Package, context: Context) -> Iterator[Outcome]:
    """Half of the normal operating range is less than the sensor accuracy and control band of the receiving site.

    Why: a range that the instrument and the loop cannot tell from its neighbourhood gives deviations, or hides them.
    Resolve: widen the range within what is proven, or use a better sensor or loop. The ratio is 1.0 unless the package
    sets `thresholds: {PRM-12: {k: ...}}`; between it and 2.0 the finding is a remark.
    """
    least = least_ratio(package)
    for site in package.receiving_sites:
        for parameter, required, found in context.parameter_fits.uncertain_at(site):
            if required.half_width is None:
                continue
            place = parameter.at("ranges.normal_operating")
            if found.value is None:
                if parameter.classification in CRITICAL:
                    yield NotComputable(place, f"{found.words} at {site}")
                continue
            ratio = required.half_width / found.value if found.value else None
            if ratio is None or ratio >= max(least, COMFORTABLE_RATIO):
                continue
            half = fraction_text(required.half_width, required.unit)
            band = fraction_text(found.value, required.unit)
            kind = None if ratio < least else INFORMATION
            limit = least if ratio < least else COMFORTABLE_RATIO
            message = (
                f"half of the normal operating range of {parameter.name} is {half}, less than {float(limit):g} times "
                f"the accuracy and control band of {band} ({found.words})"
            )
            yield Problem(place, message, site=site, kind=kind)


@rule("PRM-14", COMPLETENESS, from_gate="G2", basis="equipment variability", requires=("QTY-01", "QTY-02"))
def units_differ_between_sites(package: Package, context: Context) -> Iterator[Outcome]:
    """Two sites read a parameter in different units, and no conversion is declared.

    Why: psi read as bar, or rpm as g-force on another rotor, sets the equipment wrong without any alarm.
    Resolve: declare under differences what is converted and how; g-force against rpm needs the rotor radius.
    """
    for signals in package.in_force(AutomationMap):
        parameter = package.get(signals.parameter, ProcessParameter)
        first, second = (each.unit if each else None for each in (signals.sending, signals.receiving))
        if first and second and not _same_unit(package, first, second):
            declared = _declared(signals)
            message = f"{signals.sending_site} reads {first[:40]}, {signals.receiving_site} {second[:40]}"
            if not declared:
                yield signals.at("receiving.unit"), f"{message}, and no conversion is declared"
            elif _rotation(package, first, second) and "radius" not in declared.casefold():
                yield signals.at("differences"), f"{message}; the conversion does not name the rotor radius"
            continue
        for field, unit in (("sending", first), ("receiving", second)):
            if parameter and _apart(package, unit, parameter.unit) and not _declared(signals):
                words = f"the signal is in {(unit or '')[:40]}, {parameter.name} in {parameter.unit}"
                yield signals.at(f"{field}.unit"), f"{words}, and no conversion is declared"
    yield from _scale_values(package)


def _scale_values(package: Package) -> Iterator[Outcome]:
    for parameter in package.parameters:
        for index, value in enumerate(parameter.scale.values if parameter.scale else ()):
            if value.derived is None and _apart(package, value.unit, parameter.unit):
                words = f"{value.site} states {(value.unit or '')[:40]}, the parameter is in {parameter.unit}"
                yield parameter.at(f"scale.values[{index}].unit"), f"{words}, and no conversion is declared"
    for base_id, overlays in sorted(package.overlays.items()):
        base = package.get(base_id, ProcessParameter)
        for overlay in overlays if base else ():
            unit = overlay.effective.unit
            if base and _apart(package, unit, base.unit):
                message = f"the overlay is in {(unit or '')[:40]}, {base.name} in {base.unit}, which do not convert"
                yield overlay.at(overlay.field("unit")), message


def _same_unit(package: Package, first: str, second: str) -> bool:
    one, other = unit_or_none(first, package.own_units), unit_or_none(second, package.own_units)
    return first == second or bool(one and other and one.code == other.code)


def _apart(package: Package, first: str | None, second: str | None) -> bool:
    """Whether two units measure different things; missing and unknown units are QTY-01's."""
    one, other = (unit_or_none(each, package.own_units) if each else None for each in (first, second))
    return one is not None and other is not None and one.dimension != other.dimension


def _rotation(package: Package, first: str, second: str) -> bool:
    codes = {unit.code for unit in (unit_or_none(each, package.own_units) for each in (first, second)) if unit}
    return "{rpm}" in codes and "[g]" in codes


def _declared(signals: AutomationMap) -> str:
    """What is said about differences between the two systems."""
    return "; ".join(f"{each.what}: {each.disposition}" for each in signals.differences if each.disposition)
