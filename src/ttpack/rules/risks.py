"""Rules on risks: who assessed what, whether scores follow their scale, whether mitigation is real."""

import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ttpack.analysis.equipment_fit import unmet_requirements
from ttpack.analysis.parties import PARTY_NAMES, functions_by_party
from ttpack.analysis.score_bands import band_of, partition_problems
from ttpack.model.knowledge import Assumption
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, ProcessParameter
from ttpack.model.quantity import digits
from ttpack.model.risk import Risk, RiskScale, RiskScore
from ttpack.model.units import decimal_text
from ttpack.rules.registry import COMPLETENESS, CONSISTENCY, Context, NotComputable, Outcome, rule

_TEAM = ("MSAT", "QA")
_CONTROL_TYPES = ("test", "control")
_REAL_CONTROLS = frozenset(
    {
        "in_process_control", "process_parameter", "specification", "document", "step", "batch_record", "cleaning",
        "sampling", "automation_map", "training", "analytical_method",
    }
)  # fmt: skip
_OPEN_ASSUMPTION = ("open", "accepted_risk", "draft", "in_review", None)


def _at_risk(package: Package) -> set[str]:
    """Every record that a risk in force is about."""
    return {item for risk in package.in_force(Risk) for item in (risk.item, *risk.items) if item}


@rule("RSK-01", COMPLETENESS, from_gate="G2", basis="ICH Q9(R1)")
def unassessed_risk(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical parameter, unmet equipment need or high assumption has no risk record, or a high risk no plan.

    Why: what nobody has assessed nobody mitigates, and a risk seen by one party only is half seen.
    Resolve: write the risk record with MSAT and QA of both parties; give a high residual risk its mitigation, owner
    and due gate.
    """
    assessed = _at_risk(package)
    for parameter in package.parameters:
        if (
            parameter.classification in CRITICAL
            and parameter.id not in assessed
            and not _names_risk(package, parameter)
        ):
            yield parameter.at("risk"), f"the {parameter.classification} has no risk record"
    for equipment, requirement, why in unmet_requirements(package):
        if not assessed & {equipment.id, requirement.id}:
            yield equipment.at("capabilities"), f"{why}, and no risk record is about it"
    for assumption in package.in_force(Assumption):
        if assumption.impact == "high" and assumption.status in _OPEN_ASSUMPTION and assumption.id not in assessed:
            yield assumption.at(), "the assumption of high impact has no risk record"
    for risk in package.in_force(Risk):
        yield from _without_team(package, risk)
        yield from _without_plan(package, risk)


def _names_risk(package: Package, parameter: ProcessParameter) -> bool:
    """Whether a parameter names a risk that counts; one that cannot be found is DOC-04's finding."""
    named = parameter.risk if isinstance(parameter.risk, tuple) else (parameter.risk,)
    records = [package.records.get(risk) for risk in named if risk]
    return any(record is None or record.in_force for record in records)


def _without_team(package: Package, risk: Risk) -> Iterator[Outcome]:
    present = functions_by_party(package, risk.participants)
    for party, words in PARTY_NAMES.items():
        absent = [function for function in _TEAM if function not in present[party]]
        if absent:
            yield risk.at("participants"), f"{' and '.join(absent)} of the {words} did not take part in the assessment"


def _without_plan(package: Package, risk: Risk) -> Iterator[Outcome]:
    field, residual = ("residual", risk.residual) if risk.residual else ("initial", risk.initial)
    scale = package.get(risk.scale, RiskScale)
    if residual is None or scale is None or scale.action_threshold is None:
        return
    score = _stated_or_computed(residual, _method(risk, scale))
    if score is None:
        yield NotComputable(risk.at(field), "severity, occurrence or detection is not given")
        return
    if score < Fraction(scale.action_threshold):
        return
    high = f"the residual score {_text(score)} reaches the threshold {digits(scale.action_threshold)} of {scale.id}"
    for field, given, what in (
        ("mitigations", risk.mitigations, "mitigation"),
        ("owner", risk.owner, "owner"),
        ("due_gate", risk.due_gate, "gate by which mitigation is due"),
    ):
        if not given:
            yield risk.at(field), f"{high}, and the risk has no {what}"


@rule("RSK-02", CONSISTENCY, basis="IEC 60812; ICH Q9(R1)")
def risk_score_not_as_declared(package: Package, context: Context) -> Iterator[Outcome]:
    """A risk score is not the product of its scores, is in another band, or rises after mitigation unexplained.

    Why: ranking and thresholds rest on the score; one that does not follow from its parts ranks the wrong risk first.
    Resolve: correct the scores or their product; explain a residual score above the initial one.
    """
    for risk in package.in_force(Risk):
        for field, given in (("initial", risk.initial), ("residual", risk.residual)):
            if given is not None:
                yield from _score_problems(package, risk, field, given)
        method = _method(risk, package.get(risk.scale, RiskScale))
        before = _stated_or_computed(risk.initial, method) if risk.initial else None
        after = _stated_or_computed(risk.residual, method) if risk.residual else None
        if before is not None and after is not None and after > before and not risk.residual_explanation:
            yield (
                risk.at("residual"),
                (
                    f"the residual score {_text(after)} is above the initial score {_text(before)} "
                    "without an explanation"
                ),
            )


def _score_problems(package: Package, risk: Risk, field: str, given: RiskScore) -> Iterator[Outcome]:
    scale = package.get(risk.scale, RiskScale)
    method = _method(risk, scale)
    if scale is not None:
        yield from _not_on_scale(risk, field, given, scale)
    parts = [given.severity, given.occurrence, given.detection]
    stated = [part for part in parts if part is not None]
    missing_part = len(stated) < (3 if method == "FMEA" else 2)
    if given.score is not None and missing_part and method in ("FMEA", "PHA", "RRF", None):
        yield NotComputable(risk.at(f"{field}.score"), "severity, occurrence or detection is not given")
    elif given.score is not None and method != "C&E" and Fraction(given.score) != (product := _product(stated)):
        sum_text = " x ".join(map(digits, stated))
        yield risk.at(f"{field}.score"), f"the score {digits(given.score)} is not {sum_text} = {_text(product)}"
    score = _stated_or_computed(given, method)
    if given.level and scale is not None and score is not None:
        band = band_of(scale, score)
        if band is not None and band.casefold() != given.level.casefold():
            yield risk.at(f"{field}.level"), f"the score {_text(score)} is {band} on {scale.id}, not {given.level}"


def _not_on_scale(risk: Risk, field: str, given: RiskScore, scale: RiskScale) -> Iterator[Outcome]:
    """Scores below the least or above the greatest that the scale declares for their dimension."""
    for dimension, score in (
        ("severity", given.severity), ("occurrence", given.occurrence), ("detection", given.detection)
    ):  # fmt: skip
        declared = [one.score for one in scale.scores if one.dimension == dimension]
        if score is not None and declared and not min(declared) <= score <= max(declared):
            reach = f"{digits(min(declared))} to {digits(max(declared))}"
            yield risk.at(f"{field}.{dimension}"), f"{dimension} {digits(score)} is not on {scale.id}, {reach}"


def _method(risk: Risk, scale: RiskScale | None) -> str | None:
    return risk.method or (scale.method if scale else None)


def _product(parts: list[Decimal]) -> Fraction:
    return math.prod((Fraction(part) for part in parts), start=Fraction(1))


def _stated_or_computed(given: RiskScore, method: str | None) -> Fraction | None:
    """The score as stated, else the product of its parts where all that the method multiplies are given."""
    if given.score is not None:
        return Fraction(given.score)
    parts = [part for part in (given.severity, given.occurrence, given.detection) if part is not None]
    return _product(parts) if len(parts) >= (3 if method == "FMEA" else 2) else None


def _text(score: Fraction) -> str:
    return decimal_text(score, 6)


@rule("RSK-03", COMPLETENESS, from_gate="G3", basis="ICH Q9")
def mitigation_without_real_control(package: Package, context: Context) -> Iterator[Outcome]:
    """A mitigation that is a test or a control points to no existing test, parameter, procedure or training.

    Why: a control that stands only in the risk table is in nobody's batch record.
    Resolve: name the in-process control, parameter, step, document or training that carries it out.
    """
    for risk in package.in_force(Risk):
        for index, mitigation in enumerate(risk.mitigations):
            if mitigation.mitigation_type not in _CONTROL_TYPES:
                continue
            if any(ref in package.unreadable_ids for ref in mitigation.refs):
                continue
            found = [package.records[ref] for ref in mitigation.refs if ref in package.records]
            if not any(record.kind in _REAL_CONTROLS and record.in_force for record in found):
                named = ", ".join(mitigation.refs) or "nothing"
                yield (
                    risk.at(f"mitigations[{index}]"),
                    (
                        f'the {mitigation.mitigation_type} "{mitigation.action[:80]}" points to {named}, '
                        "which is no test, parameter, procedure or training in force"
                    ),
                )


@rule("RSK-04", CONSISTENCY, basis="A-Mab Table 6.2; consistency")
def score_bands_with_gap_or_overlap(package: Package, context: Context) -> Iterator[Outcome]:
    """The bands of a risk scale leave scores in no band, or put scores in two.

    Why: a risk whose score falls between two bands is nobody's to act on; one in two bands is argued about.
    Resolve: move the ends so that every possible score lies in exactly one band.
    """
    for scale in package.in_force(RiskScale):
        for field, message in partition_problems(scale):
            yield scale.at(field), message


@rule("RSK-05", COMPLETENESS, from_gate="G2", basis="ICH Q9(R1)")
def severity_reduced_by_control(package: Package, context: Context) -> Iterator[Outcome]:
    """The severity of a risk is lower after mitigation, though no mitigation changes the harm itself.

    Why: detection and prevention change how often harm is done or seen, not how grave it is; a lowered severity
    hides the risk from every threshold.
    Resolve: keep the severity, or name the change of design that reduces the harm, or explain it.
    """
    for risk in package.in_force(Risk):
        if risk.initial is None or risk.residual is None or risk.residual_explanation:
            continue
        before, after = risk.initial.severity, risk.residual.severity
        redesigned = any(mitigation.mitigation_type == "design" for mitigation in risk.mitigations)
        if before is not None and after is not None and after < before and not redesigned:
            yield (
                risk.at("residual.severity"),
                (
                    f"the severity falls from {digits(before)} to {digits(after)} by mitigation that acts only on "
                    "occurrence or detection"
                ),
            )
