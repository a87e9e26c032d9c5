"""What a process parameter has to say of itself: evidence, ranges, class, mechanism (PRM-01, 02, 07, 15, 16)."""

import re
from collections.abc import Iterator

from ttpack.analysis.classification import linked_risks, proposals, risks_by_item
from ttpack.analysis.effect_size import largest_effect, why_not_judged
from ttpack.analysis.placeholders import says_something
from ttpack.model.findings import Problem
from ttpack.model.knowledge import Evidence
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, ClassificationOverride, Effect, ProcessParameter
from ttpack.model.quality import QualityAttribute
from ttpack.model.quantity import Range
from ttpack.model.risk import Risk
from ttpack.rules import (  # noqa: F401  they register PRM-03 to 06, 08 to 14, 17, 18
    design_spaces,
    parameter_control,
    parameter_ranges,
    parameter_scale,
)
from ttpack.rules.registry import COMPLETENESS, INFORMATION, Context, NotComputable, Outcome, rule

EARLY_CLINICAL = ("preclinical", "phase_1", "early_clinical")
DIRECTED = ("increases", "decreases", "nonlinear", "interaction")
DIRECTION_WORDS = re.compile(
    r"\b(?:ris|rais|rose|fall|fell|increas|decreas|reduc|elevat|high|low|drop|more|less|above|below|grow|shrink|wors|"
    r"up(?:ward)?s?\b|down(?:ward)?s?\b|faster|slower|fewer|loss|los[et]|impair|exce(?:ss|ed)|either (?:way|side|dir)|"
    r"long|short|too )",
    re.IGNORECASE,
)


def effect_refs(parameter: ProcessParameter) -> list[str]:
    """The attributes that a parameter acts on; an effect that was looked for and not found does not count."""
    refs = []
    for effect in parameter.effects:
        if not isinstance(effect, Effect):
            refs.append(effect)
        elif effect.direction != "none" and effect.strength != "none":
            refs.append(effect.ref)
    return refs


def cited_evidence(parameter: ProcessParameter) -> list[str]:
    """Every evidence record that a parameter cites, for itself, a range or an effect."""
    found = dict.fromkeys(parameter.evidence)
    for _, given in parameter.ranges.items():  # noqa: PERF102  not a dict
        found |= dict.fromkeys(given.evidence)
    for effect in parameter.effects:
        found |= dict.fromkeys(effect.evidence if isinstance(effect, Effect) else ())
    return list(found)


@rule("PRM-01", COMPLETENESS, from_gate="G2", basis="ICH Q8(R2); ICH Q11; A-Mab Table 3.19")
def critical_parameter_without_evidence(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical parameter is linked to no quality attribute, or to no evidence with a document.

    Why: a parameter is critical because of its effect on a quality attribute, and somebody has to have shown it.
    Resolve: name the quality attributes under effects, and the study, design of experiments or prior knowledge with
    its document under evidence.
    """
    for parameter in package.parameters:
        if parameter.classification not in CRITICAL:
            continue
        named = [package.records.get(ref) for ref in effect_refs(parameter)]
        if not any(record is None or isinstance(record, QualityAttribute) for record in named):
            yield parameter.at("effects"), f"{parameter.classification} {parameter.name} acts on no quality attribute"
        evidence = [package.records.get(ref) for ref in cited_evidence(parameter)]
        if not evidence:
            yield parameter.at("evidence"), f"{parameter.classification} {parameter.name} cites no evidence"
        elif not any(record is None or _documented(record) for record in evidence):
            names = ", ".join(record.id for record in evidence if record)
            yield parameter.at("evidence"), f"{names} names no document"


def _documented(record: object) -> bool:
    return isinstance(record, Evidence) and bool(says_something(record.document) or record.source or record.attachments)


@rule("PRM-02", COMPLETENESS, from_gate="G2", basis="ICH Q8; A-Mab Table 4.34")
def parameter_without_setpoint_or_range(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical parameter lacks a setpoint or target or a range, or a key parameter a setpoint or operating range.

    Why: the receiving site can neither set nor judge a parameter whose range is `supplier specific` or to be decided.
    Resolve: state numbers, or one named pass or fail criterion. In early clinical stages the proven acceptable range
    may wait.
    """
    early = package.manifest.stage in EARLY_CLINICAL
    for parameter in package.parameters:
        critical = parameter.classification in CRITICAL
        if not critical and parameter.classification != "KPP":
            continue
        what = f"{parameter.classification} {parameter.name}"
        if not _aims_at_something(parameter):
            said = _quoted(parameter.setpoint_criterion)
            yield parameter.at("setpoint"), f"{what} has neither a setpoint nor a target{said}"
        wanted = [("normal_operating", parameter.ranges.normal_operating, "normal operating range")]
        if critical and not early:
            wanted.append(("proven_acceptable", parameter.ranges.proven_acceptable, "proven acceptable range"))
        for field, given, words in wanted:
            if not _limits_something(given):
                said = _quoted(given.criterion if given else None)
                yield parameter.at(f"ranges.{field}"), f"{what} has no {words}{said}"


def _aims_at_something(parameter: ProcessParameter) -> bool:
    numeric = parameter.setpoint is not None or parameter.target is not None
    return numeric or says_something(parameter.setpoint_criterion) or _limits_something(parameter.ranges.target)


def _limits_something(given: Range | None) -> bool:
    return given is not None and (given.numeric or says_something(given.criterion))


def _quoted(text: str | None) -> str:
    return f": '{text[:80]}' counts as missing" if text else ""


@rule("PRM-07", COMPLETENESS, from_gate="G2", basis="ICH Q9(R1); A-Mab Table 5.25")
def class_that_does_not_follow_from_risk(package: Package, context: Context) -> Iterator[Outcome]:
    """A parameter has no class, or one that differs from its risk record's proposal without rationale and approver.

    Why: the class decides what is controlled, filed and deviated; it follows from the assessment, or somebody answers
    for the difference.
    Resolve: set the class that the risk record proposes, or give classification_override with rationale and approver.
    """
    by_item = risks_by_item(package)
    for parameter in package.parameters:
        if parameter.classification is None:
            yield parameter.at("classification"), f"{parameter.name} has no class (CPP, WC-CPP, KPP, non-CPP or GPP)"
            continue
        override = parameter.classification_override or ClassificationOverride()
        lacking = [name for name in ("rationale", "approver") if not says_something(getattr(override, name))]
        found = proposals(package, parameter, by_item)
        differing = next((each for each in found if not each.agrees(parameter.classification)), None)
        if differing and lacking:
            message = f"class {parameter.classification} differs from {differing.level}, which {differing.why}"
            yield parameter.at("classification"), f"{message}; no {' and no '.join(lacking)} is given"
        yield from _scored_anew(context, parameter, linked_risks(package, parameter, by_item))


def _scored_anew(context: Context, parameter: ProcessParameter, risks: list[Risk]) -> Iterator[Outcome]:
    """A severity that changed together with the class."""
    before = context.baseline.get(parameter.id, ProcessParameter) if context.baseline else None
    if before is None or context.baseline is None or before.classification == parameter.classification:
        return
    for risk in risks:
        earlier = context.baseline.get(risk.id, Risk)
        for field in ("initial", "residual"):
            now, then = getattr(risk, field), getattr(earlier, field, None)
            if now and then and now.severity != then.severity:
                message = (
                    f"severity changes from {then.severity} to {now.severity} in the change set in which "
                    f"{parameter.id} goes from {before.classification} to {parameter.classification}"
                )
                yield Problem(risk.at(f"{field}.severity"), message, kind=INFORMATION)


@rule("PRM-15", COMPLETENESS, from_gate="G1", basis="ICH Q10 knowledge management")
def parameter_without_mechanism(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical or key parameter does not say how it acts, or what is seen when it drifts and in which direction.

    Why: what is known only to those who ran the process is lost in the transfer.
    Resolve: state mechanism and consequence, the consequence with its direction, and cite evidence or know-how.
    """
    for parameter in package.parameters:
        critical = parameter.classification in CRITICAL
        if not critical and parameter.classification != "KPP":
            continue
        what = f"{parameter.classification} {parameter.name}"
        if not says_something(parameter.mechanism):
            yield parameter.at("mechanism"), f"{what} does not say how it acts on its attributes"
        if not says_something(parameter.consequence):
            yield parameter.at("consequence"), f"{what} does not say what is seen when it drifts"
        elif not _directed(parameter):
            yield parameter.at("consequence"), f"{what} does not say in which direction its drift shows"
        # a critical parameter without any evidence is PRM-01's finding
        if not critical and not cited_evidence(parameter) and not parameter.know_how:
            yield parameter.at("evidence"), f"mechanism and consequence of {what} rest on no evidence and no know-how"


def _directed(parameter: ProcessParameter) -> bool:
    directions = [effect.direction for effect in parameter.effects if isinstance(effect, Effect)]
    return any(each in DIRECTED for each in directions) or bool(DIRECTION_WORDS.search(parameter.consequence or ""))


@rule("PRM-16", COMPLETENESS, from_gate="G2", basis="ICH Q8", requires=("QTY-01", "QTY-02"))
def uncritical_parameter_with_high_effect(package: Package, context: Context) -> Iterator[Outcome]:
    """A parameter classed as not critical has a high effect on a critical quality attribute.

    Why: what moves a critical quality attribute strongly is critical, however well it is usually held.
    Resolve: classify it as CPP or WC-CPP, or correct the effect. The threshold of an effect given as a number is a
    share of the attribute's acceptance range: 10 %, or `thresholds: {PRM-16: ...}` of the package.
    """
    for parameter in package.parameters:
        if parameter.classification not in ("non-CPP", "GPP"):
            continue
        for index, effect in enumerate(parameter.effects):
            attribute = package.get(effect.ref, QualityAttribute) if isinstance(effect, Effect) else None
            if attribute is None or not isinstance(effect, Effect) or not _matters(attribute):
                continue
            place = parameter.at(f"effects[{index}]")
            words = largest_effect(package, effect, attribute)
            if words:
                yield place, f"{parameter.classification} {parameter.name} has {words} on {attribute.name}"
            elif reason := why_not_judged(package, effect, attribute):
                yield NotComputable(place, reason)


def _matters(attribute: QualityAttribute) -> bool:
    return attribute.in_force and attribute.critical is not False and attribute.criticality not in ("VL", "L")
