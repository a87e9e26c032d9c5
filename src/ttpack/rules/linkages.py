"""Rules on what one unit operation hands to the next, and on control of attributes across steps (LNK)."""

from collections.abc import Iterator

from ttpack.analysis.control_strategy import Control, control_of_attributes
from ttpack.analysis.intervals import Interval, fraction_text, interval, range_text, unit_or_none, value_text
from ttpack.analysis.linkages import looser, same_attribute
from ttpack.analysis.mass_balance import balance
from ttpack.model.findings import Place
from ttpack.model.package import Package
from ttpack.model.process import LinkedAttribute, MassBalance, StepLinkage, UnitOperation
from ttpack.model.quality import QualityAttribute
from ttpack.model.scale import ScaleCharacterisation
from ttpack.model.units import decimal_text
from ttpack.rules import viral_clearance
from ttpack.rules.not_applicable import NotApplicableAnswers
from ttpack.rules.process_flow import following
from ttpack.rules.registry import COMPLETENESS, INFORMATION, Context, NotComputable, Outcome, rule

__all__ = ["viral_clearance"]  # imported for the rule it registers


@rule("LNK-01", COMPLETENESS, basis="A-Mab T4.2b-4.33 linkages", from_gate="G2")
def output_not_accepted_by_next_step(package: Package, context: Context) -> Iterator[Outcome]:
    """A unit operation hands over what the next one does not accept, or nothing says what it hands over.

    Why: a pool inside its own limits that the next step was never shown to accept fails one step too late.
    Resolve: narrow the output, or widen the input with evidence; give each arrow of the flow a step linkage, or a
    `not_applicable` with `what: "<unit operation>: linkage to <next>"`, reason and approver.
    """
    for linkage in package.in_force(StepLinkage):
        for index, handed in enumerate(linkage.attributes):
            yield from _not_accepted(package, linkage, handed, f"attributes[{index}]")
    yield from _missing_linkages(package)


def _not_accepted(package: Package, linkage: StepLinkage, handed: LinkedAttribute, field: str) -> Iterator[Outcome]:
    if handed.input is None or not handed.input.numeric:
        if handed.output is not None and handed.output.numeric:
            reason = f"the output of {handed.quantity} has no stated input that would have to accept it"
            yield NotComputable(linkage.at(f"{field}.input"), reason)
        return
    if handed.output is None or not handed.output.numeric:
        yield NotComputable(
            linkage.at(f"{field}.output"), f"the input of {handed.quantity} has no stated output to compare"
        )
        return
    unit = handed.unit or handed.input.unit
    output, accepted = (interval(given, unit, package.own_units) for given in (handed.output, handed.input))
    if output is None or accepted is None:
        units = [given.unit or unit or "" for given in (handed.output, handed.input)]
        if all(unit_or_none(each, package.own_units) for each in units):
            message = (
                f"output and input of {handed.quantity} cannot be compared: "
                f"one is in {units[0]}, the other in {units[1]}"
            )
            yield linkage.at(f"{field}.output"), message
    elif output.empty or accepted.empty:
        return
    elif output.ends_outside(accepted) or _left_open(output, accepted):
        giver, taker = (package.label(end or "") for end in (linkage.from_unit_operation, linkage.to_unit_operation))
        message = (
            f"{giver or 'the earlier step'} hands over {handed.quantity} of {range_text(handed.output, unit)}, but "
            f"{taker or 'the next step'} accepts {range_text(handed.input, unit)}"
        )
        yield linkage.at(f"{field}.output"), message


def _left_open(output: Interval, accepted: Interval) -> bool:
    """Whether the output has no end where the input has one; nothing lies below zero."""
    if output.high is None and accepted.high is not None:
        return True
    return output.low is None and accepted.low is not None and accepted.low > 0


def _missing_linkages(package: Package) -> Iterator[Outcome]:
    answers = NotApplicableAnswers(package)
    linked = {(link.from_unit_operation, link.to_unit_operation) for link in package.in_force(StepLinkage)}
    for source, target in following(package):
        name = f"linkage to {target}"
        if (source, target) not in linked and not answers.answers(name, source):
            message = f"nothing says what {package.label(source)} hands to {package.label(target)}"
            yield Place(source), message + answers.shortfall(name, source)


@rule("LNK-02", INFORMATION, basis="ICH Q11")
def attribute_limit_loosens_downstream(package: Package, context: Context) -> Iterator[Outcome]:
    """The limit of a quality attribute is looser after a step than before it, and the step does not form the attribute.

    Why: a limit that loosens downstream either was too tight upstream or hides that the later step makes the
    attribute worse.
    Resolve: tighten the later limit, or say that the step forms the attribute (`forms` of the unit operation).
    """
    quality = {attribute.id for attribute in package.in_force(QualityAttribute)}
    handing: dict[str, list[StepLinkage]] = {}
    for linkage in package.in_force(StepLinkage):
        handing.setdefault(linkage.from_unit_operation or "", []).append(linkage)
    for before in package.in_force(StepLinkage):
        for after in handing.get(before.to_unit_operation or "", ()):
            for index, later in enumerate(after.attributes):
                earlier = next((each for each in before.attributes if same_attribute(each, later, quality)), None)
                if earlier and not _formed(package, before, earlier) and looser(earlier, later, package.own_units):
                    yield after.at(f"attributes[{index}].output"), _loosened(package, before, earlier, later)


def _formed(package: Package, before: StepLinkage, handed: LinkedAttribute) -> bool:
    unit = package.get(before.to_unit_operation, UnitOperation)
    attribute = package.get(handed.attribute, QualityAttribute)
    return (
        handed.formed_here
        or (unit is not None and handed.attribute in unit.forms)
        or (attribute is not None and before.to_unit_operation in attribute.formed_by)
    )


def _loosened(package: Package, before: StepLinkage, earlier: LinkedAttribute, later: LinkedAttribute) -> str:
    limits = [range_text(each.output, each.unit) if each.output else "" for each in (earlier, later)]
    step = package.label(before.to_unit_operation or "")
    return f"{later.quantity} is {limits[0]} before {step} and {limits[1]} after it, and {step} is not said to form it"


@rule("LNK-03", COMPLETENESS, basis="ICH Q10/Q11 control strategy; A-Mab Fig 6.6", from_gate="G2")
def quality_attribute_without_control(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical quality attribute has no step that forms, clears or controls it, or no element that controls it.

    Why: an attribute that is critical and that nothing controls is left to chance.
    Resolve: say in `formed_by`, `cleared_by` or `controlled_by` where it is decided, and name a parameter, an
    in-process control, a specification or a procedure in `control_elements`.
    """
    control = control_of_attributes(package)
    for attribute in package.in_force(QualityAttribute):
        if attribute.critical is False:
            continue
        found = control.get(attribute.id, Control())
        if not found.steps:
            yield attribute.at(), f"no unit operation is said to form, clear or control {attribute.name}"
        if not found.elements:
            message = (
                f"{attribute.name} has no control element: no parameter, in-process control, specification or procedure"
            )
            yield attribute.at("control_elements"), message


@rule("LNK-04", COMPLETENESS, basis="A-Mab T4.14, T4.25; consistency", from_gate="G2")
def mass_balance_does_not_close(package: Package, context: Context) -> Iterator[Outcome]:
    """Volume x concentration x yield does not give the stated concentration of the pool, within the tolerance.

    Why: numbers that do not agree with each other were measured on different batches, or one of them is wrong; the
    receiving site sizes its next step by them.
    Resolve: find out which number is wrong and correct it with its source, or state a tolerance with its reason.
    """
    records: tuple[UnitOperation | StepLinkage | ScaleCharacterisation, ...] = (
        *package.unit_operations,
        *package.in_force(StepLinkage),
        *package.in_force(ScaleCharacterisation),
    )
    for record in records:
        given = record.mass_balance
        if given is None:
            continue
        result = balance(given, package.own_units)
        if isinstance(result, str):
            yield NotComputable(record.at("mass_balance"), f"the mass balance cannot be computed: {result}")
        elif not result.agrees:
            off, allowed = (decimal_text(share * 100, 3) for share in (result.deviation, result.tolerance))
            stated = value_text(given.pool_concentration.value, given.pool_concentration.unit)
            computed = fraction_text(result.computed, given.pool_concentration.unit)
            message = (
                f"{_calculation(given)} gives {computed}, but the pool is stated to have "
                f"{stated} ({off} % off, tolerance {allowed} %)"
            )
            yield record.at("mass_balance.pool_concentration"), message


def _calculation(given: MassBalance) -> str:
    feed, concentration, yielded, pool = (
        value_text(each.value, each.unit)
        for each in (given.feed_volume, given.feed_concentration, given.step_yield, given.pool_volume)
    )
    return f"{feed} x {concentration} x {yielded} in {pool}"
