"""Rules on quality attributes: assessed, tested, controlled, traced, and measured by methods that compare."""

from collections.abc import Iterable, Iterator

from ttpack.analysis.difference_approval import NOBODY, not_approved
from ttpack.analysis.placeholders import gives_limit, written
from ttpack.analysis.site_comparison.agreements import Agreements
from ttpack.analysis.site_comparison.outcome import UNSETTLED, Agreement
from ttpack.analysis.site_limits import SiteLimit, site_differences
from ttpack.model.analytics import BatchResult
from ttpack.model.execution import Run
from ttpack.model.findings import Problem
from ttpack.model.materials import Material
from ttpack.model.package import Package
from ttpack.model.parameter import Effect, ProcessParameter
from ttpack.model.quality import InProcessControl, QualityAttribute, QualityTarget, Specification
from ttpack.model.record import Record
from ttpack.model.scale import ScaleCharacterisation
from ttpack.rules.registry import COMPLETENESS, Context, NotComputable, Outcome, rule


def _critical(package: Package) -> Iterator[QualityAttribute]:
    """Attributes that are critical, or not yet assessed as not critical."""
    return (attribute for attribute in package.in_force(QualityAttribute) if attribute.critical is not False)


@rule("CQA-01", COMPLETENESS, from_gate="G1", basis="ICH Q8/Q9; A-Mab Table 2.28")
def incomplete_criticality_assessment(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical quality attribute lacks its score, the method of scoring, acceptable range, rationale or evidence.

    Why: an attribute whose criticality nobody can trace is argued about again with every deviation.
    Resolve: add what is missing; an attribute assessed as not critical says `critical: false`.
    """
    for attribute in _critical(package):
        assessments = attribute.assessments
        scored = attribute.criticality_score is not None or any(one.score is not None for one in assessments)
        for field, given, what in (
            ("criticality_score", scored, "criticality score"),
            (
                "criticality_method",
                written(attribute.criticality_method) or assessments,
                "method of its criticality score",
            ),
            ("acceptance_range", gives_limit(attribute.acceptance_range), "acceptable range"),
            (
                "rationale",
                any(map(written, (attribute.rationale, attribute.safety_rationale, attribute.efficacy_rationale))),
                "rationale of its impact on the patient",
            ),
            ("evidence", attribute.evidence, "evidence"),
        ):
            if not given:
                yield attribute.at(field), f"the critical quality attribute has no {what}"


@rule("CQA-02", COMPLETENESS, from_gate="G2", basis="ICH Q6B; A-Mab Tables 6.10, 6.14")
def attribute_tested_nowhere(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical quality attribute appears in no specification, in-process control or monitoring plan, nor is excluded.

    Why: an attribute that nobody measures can drift at the receiving site without anyone seeing it.
    Resolve: add the test or the monitoring plan, or say in testing_exclusion why no test is needed.
    """
    tested = {line.attribute for line in package.in_force(Specification)}
    tested |= {control.attribute for control in package.in_force(InProcessControl)}
    for attribute in _critical(package):
        if attribute.id not in tested and not any(
            map(written, (attribute.monitoring_plan, attribute.testing_exclusion))
        ):
            yield (
                attribute.at(),
                ("no specification, in-process control or monitoring plan covers the attribute, and nothing says why"),
            )


@rule("CQA-03", COMPLETENESS, from_gate="G2", basis="ICH Q8")
def attribute_moved_by_nothing(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical quality attribute is linked to no parameter or material attribute, nor declared not process-impacted.

    Why: without the link nobody knows which knob to turn, or which change to fear, when the attribute drifts.
    Resolve: name the attribute in the effects of the parameters that move it, or of the material in
    control_elements, or say in not_process_impacted why nothing does.
    """
    moved = {ref for parameter in package.parameters for ref in _moved_by(parameter)}
    for attribute in _critical(package):
        if (
            attribute.id in moved
            or written(attribute.not_process_impacted)
            or _material_or_parameter(package, attribute)
        ):
            continue
        yield attribute.at(), "no parameter or material attribute is linked to the attribute, and nothing says why"


def _moved_by(parameter: ProcessParameter) -> Iterator[str]:
    for effect in parameter.effects:
        if not isinstance(effect, Effect):
            yield effect
        elif effect.strength != "none" and effect.direction != "none":
            yield effect.ref


def _material_or_parameter(package: Package, attribute: QualityAttribute) -> bool:
    elements = (package.records.get(element) for element in attribute.control_elements)
    return any(isinstance(element, Material | ProcessParameter) and element.in_force for element in elements)


@rule("CQA-04", COMPLETENESS, from_gate="G1", basis="ICH Q8 2.1")
def quality_target_without_attribute(package: Package, context: Context) -> Iterator[Outcome]:
    """An element of the quality target product profile traces to no quality attribute and has no other disposition.

    Why: a promise to the patient that no attribute carries is kept by chance.
    Resolve: name its quality attributes, or say in disposition how it is met without one.
    """
    served = {target for attribute in package.in_force(QualityAttribute) for target in attribute.quality_targets}
    for target in package.in_force(QualityTarget):
        traced = any(_known_attribute(package, ref) for ref in target.quality_attributes)
        if not traced and target.id not in served and not written(target.disposition):
            yield target.at("quality_attributes"), "the target traces to no quality attribute and has no disposition"


def _known_attribute(package: Package, ref: str) -> bool:
    return package.get(ref, QualityAttribute) is not None or ref in package.unreadable_ids


@rule(
    "CQA-05", COMPLETENESS, from_gate="G4", basis="Niazi: divergent acceptance criteria",
    requires=("QTY-01", "QTY-03"),
)  # fmt: skip
def limits_differ_between_sites(package: Package, context: Context) -> Iterator[Outcome]:
    """Specification, in-process or environmental limits of one attribute differ between sites without approval.

    Why: one batch would be accepted at one site and rejected at another.
    Resolve: make the limits equal, or record the approval of both QAs with a rationale and an expiry.
    """
    agreements = Agreements(package, context.as_of)
    same: dict[tuple[str, str, str], list[tuple[SiteLimit, SiteLimit]]] = {}
    for general, local in site_differences(package):
        reason = _not_approved(package, local, context)
        # a sending site's own approval is about itself; of two receiving sites either may state what both agreed
        if general.site not in package.sending_sites and not _not_approved(package, general, context):
            reason = ""
        agreed = _agreed_by_site(agreements, general, local)
        if agreed.disposition not in UNSETTLED:
            continue
        reason = agreed.reason if reason == NOBODY and agreed.reason else reason
        other = f"at {general.site}" if general.site else "elsewhere"
        if reason and not (general.limit.range.numeric and local.limit.range.numeric):
            texts = f"{local.what} is {local.limit.text} at {local.site}, {general.limit.text} {other}"
            yield NotComputable(local.record.at(local.limit.field), f"{texts}: words cannot be compared")
        elif reason:
            said = f"{local.what} is {local.limit.text} at {local.site}, {general.limit.text} {other}"
            where = local.record.id if local.key.kind in {"specification", "in-process"} else local.key.kind
            same.setdefault((where, said, reason), []).append((general, local))
    for (_, said, reason), pairs in same.items():
        yield _differing(said, reason, pairs)


def _differing(said: str, reason: str, pairs: list[tuple[SiteLimit, SiteLimit]]) -> Problem:
    """One finding for a level that differs, at the first room of several that state it alike."""
    local = min((one for _, one in pairs), key=lambda one: one.record.id)
    theirs = sorted({general.record.id for general, _ in pairs})
    ours = sorted({one.record.id for _, one in pairs})
    also = f"; so in {', '.join(ours[1:])}" if len(ours) > 1 else ""
    return Problem(local.record.at(local.limit.field), f"{said} ({', '.join(theirs)}){also}; {reason}", site=local.site)


def _not_approved(package: Package, one: SiteLimit, context: Context) -> str:
    """Why a difference does not count as approved by this side's record; empty when it does."""
    return not_approved(package, one.approval, context.as_of)


def _agreed_by_site(agreements: Agreements, general: SiteLimit, local: SiteLimit) -> Agreement:
    """What the sites themselves list as agreed about the difference."""
    sites = (general.site,) if general.site else agreements.package.sending_sites
    texts = dict.fromkeys(sites[:1], general.limit.text) | {str(local.site): local.limit.text}
    names = {general.record.id, local.record.id, *filter(None, local.key.about)}
    return agreements.on("acceptance_criteria", names, local.key.level, texts)


@rule("CQA-06", COMPLETENESS, from_gate="G3", basis="ICH Q14; ICH Q2(R2)")
def result_without_method_or_bridge(package: Package, context: Context) -> Iterator[Outcome]:
    """A numeric attribute value does not name its method and version, or is compared across methods without a bridge.

    Why: two methods can differ by more than two sites do, and a trend across them is a trend of the methods.
    Resolve: name method and method_version of each value; describe the bridge where methods changed.
    """
    groups: dict[str, list[tuple[Record, str, BatchResult]]] = {}
    for record, group, results in _result_lists(package):
        for index, result in enumerate(results):
            if not _numeric(result) or package.get(result.attribute, QualityAttribute) is None:
                continue
            field = f"results[{index}]"
            missing = " and ".join(
                what for what, given in (("method", result.method), ("version of the method", result.method_version))
                if given is None
            )  # fmt: skip
            if missing:
                yield record.at(field), f"the value of {package.label(str(result.attribute))} names no {missing}"
            groups.setdefault(f"{group} {result.attribute}", []).append((record, field, result))
    for compared in groups.values():
        yield from _unbridged(compared)


def _result_lists(package: Package) -> Iterator[tuple[Record, str, tuple[BatchResult, ...]]]:
    """Results with what they are compared with: runs of one comparability plan, a model and its full scale."""
    for run in package.in_force(Run):
        yield run, run.comparability_plan or run.id, run.results
    scales = package.in_force(ScaleCharacterisation)
    models = {ref: scale.id for scale in scales if scale.qualification for ref in scale.qualification.against}
    for scale in scales:
        yield scale, models.get(scale.id, scale.id), scale.results


def _numeric(result: BatchResult) -> bool:
    return result.value is not None or (result.range is not None and result.range.numeric)


def _unbridged(compared: Iterable[tuple[Record, str, BatchResult]]) -> Iterator[Outcome]:
    first: BatchResult | None = None
    for record, field, result in compared:
        if result.method is None:
            continue
        if first is None:
            first = result
        elif result.method != first.method and not (result.bridge or first.bridge):
            yield (
                record.at(f"{field}.method"),
                (f"a value by {result.method} is compared with one by {first.method} without a bridge between them"),
            )
