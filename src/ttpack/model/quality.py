"""Quality targets, attributes and specifications (ICH Q8, Q6B)."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.process import ParameterRef, QualityAttributeRef, SiteRef, UnitOperationRef
from ttpack.model.quantity import EvidenceRef, Range
from ttpack.model.record import AnyRef, ControlledRecord, Fact, Number, RecordId, Reference, fact

MethodRef = Annotated[RecordId, Reference(("analytical_method",))]
QualityTargetRef = Annotated[RecordId, Reference(("quality_target",))]
CriticalityLevel = Literal["VL", "L", "M", "M-H", "H", "VH"]


class QualityTarget(ControlledRecord):
    """One element of the quality target product profile (ICH Q8 2.1)."""

    kind: Literal["quality_target"] = fact("Full name of the kind.", default=...)
    attribute: str | None = fact("Attribute of the product.", example="Shelf life")
    target: str | None = fact("Target as stated.", example="NLT 2 years at 2-8 degC", significance="major")
    target_range: Range | None = fact("Target as numbers.", significance="major")
    unit: str | None = fact("Unit of the target range.", significance="moderate")
    rationale: str | None = fact("Why.")
    quality_attributes: tuple[QualityAttributeRef, ...] = fact("Attributes that trace to it.", default=())
    disposition: str | None = fact(
        "Why no quality attribute traces to it.", example="formulation design, no attribute of its own"
    )


class CriticalityAssessment(Fact):
    """One scoring of an attribute's criticality."""

    method: str = fact("Scoring method.", example="Tool 1: impact x uncertainty", default=...)
    impact: Number | None = fact("Impact score.", significance="moderate")
    uncertainty: Number | None = fact("Uncertainty score.")
    severity: Number | None = fact("Severity score.", significance="moderate")
    likelihood: Number | None = fact("Likelihood score.")
    score: Number | None = fact("Resulting score.", significance="moderate")
    level: CriticalityLevel | None = fact("Resulting level.", example="H", significance="moderate")


class QualityAttribute(ControlledRecord):
    """A quality attribute of the product, critical or assessed as not critical (ICH Q8(R2), Q11)."""

    kind: Literal["quality_attribute"] = fact("Full name of the kind.", default=...)
    attribute_class: str | None = fact("Class of attribute.", example="product variant")
    critical: bool | None = fact("Whether it is a critical quality attribute.", significance="major")
    criticality: CriticalityLevel | None = fact("Level of criticality.", example="H", significance="major")
    criticality_score: Number | None = fact("Score behind the level.", significance="moderate")
    criticality_method: str | None = fact("Method of the score.")
    assessments: tuple[CriticalityAssessment, ...] = fact("Every scoring made.", default=())
    quantity_kind: str | None = fact("Quantity kind.", example="percent")
    unit: str | None = fact("Unit of the ranges.", example="%", significance="moderate")
    acceptance_range: Range | None = fact("Range acceptable to the patient.", significance="major")
    clinical_range: Range | None = fact("Range met in clinical material.")
    range_assured: Range | None = fact("Range assured by the design space.", significance="moderate")
    range_assured_note: str | None = fact("What is said instead of a number.", significance="editorial")
    methods: tuple[MethodRef, ...] = fact("Methods that measure it.", default=())
    safety_rationale: str | None = fact("Impact on safety.")
    efficacy_rationale: str | None = fact("Impact on efficacy.")
    rationale: str | None = fact("Impact on the patient, in words.")
    evidence: tuple[EvidenceRef, ...] = fact("Evidence.", default=())
    quality_targets: tuple[QualityTargetRef, ...] = fact("Targets it serves.", default=())
    formed_by: tuple[UnitOperationRef, ...] = fact("Unit operations that form it.", default=())
    cleared_by: tuple[UnitOperationRef, ...] = fact("Unit operations that clear it.", default=())
    controlled_by: tuple[UnitOperationRef, ...] = fact("Unit operations that control it.", default=())
    control_elements: tuple[AnyRef, ...] = fact(
        "Parameters, tests, specifications or procedures that control it.", default=()
    )
    not_process_impacted: str | None = fact("Why no parameter moves it.")
    testing_exclusion: str | None = fact("Why it is tested nowhere.")
    monitoring_plan: str | None = fact("Characterisation or monitoring plan that covers it.")
    cumulative_clearance: tuple["CumulativeClearance", ...] = fact(
        "Total virus clearance of the process, for each model virus.", significance="major", default=()
    )


class CumulativeClearance(Fact):
    """The total log reduction of one model virus: what is claimed, and what is required (ICH Q5A)."""

    virus: str = fact("Model virus.", example="XMuLV", default=...)
    claimed: Range | None = fact("Sum of the claims, each mechanism counted once.", significance="major")
    target: Range | None = fact("Least total required.", significance="major")
    unit: str | None = fact("Unit of both.", example="{log10}")
    basis: str | None = fact("Why that much is required.", example="virus particles per dose")


class Specification(ControlledRecord):
    """One line of a specification."""

    kind: Literal["specification"] = fact("Full name of the kind.", default=...)
    article: Literal["DS", "DP", "intermediate", "RM"] | None = fact(
        "What is tested.", example="DS", significance="major"
    )
    intermediate: str | None = fact("Which intermediate.")
    after_unit_operation: UnitOperationRef | None = fact("Unit operation the article comes from.")
    attribute: QualityAttributeRef | None = fact("Attribute tested.", significance="major")
    test: str | None = fact("Name of the test.", example="HPSEC")
    method: MethodRef | None = fact("Method of the test.", significance="major")
    criterion: str | None = fact("Acceptance criterion as stated.", example="NMT 3 %", significance="major")
    acceptance: Range | None = fact("Acceptance criterion as numbers.", significance="major")
    unit: str | None = fact("Unit of the numbers.", example="%", significance="major")
    release: bool | None = fact("Tested at release.", significance="major")
    stability: bool | None = fact("Tested on stability.", significance="major")
    alert: Range | None = fact("Alert limits.", significance="moderate")
    action: Range | None = fact("Action limits.", significance="moderate")
    release_limit: Range | None = fact("Release limit where it is tighter than shelf life.", significance="major")
    shelf_life_limit: Range | None = fact("Shelf-life limit where it differs from release.", significance="major")
    removed_between: tuple[UnitOperationRef, ...] = fact("Unit operations downstream that remove it.", default=())
    market: str | None = fact("Market it applies to.", example="US")
    site: SiteRef | None = fact("Site it applies to, where sites differ.")
    compendial: bool | None = fact("Whether the test is compendial.")
    rationale: str | None = fact("Why the criterion is as it is.")
    difference_approval: "DifferenceApproval | None" = fact("Approval of a difference between sites.")


class DifferenceApproval(Fact):
    """Why two sites may differ, until when, and who said so."""

    rationale: str | None = fact("Why.", significance="moderate")
    approvers: tuple[AnyRef | str, ...] = fact("Both QAs.", default=())
    expires: date | None = fact("Until when.")


class InProcessControl(ControlledRecord):
    """A test during the process with its limit and what follows (21 CFR 211.110)."""

    kind: Literal["in_process_control"] = fact("Full name of the kind.", default=...)
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    point: str | None = fact("Sampling point.", example="purified drug substance", significance="moderate")
    attribute: Annotated[RecordId, Reference(("quality_attribute", "process_attribute"))] | None = fact(
        "Attribute tested."
    )
    parameter: ParameterRef | None = fact("Parameter checked.")
    sample: Annotated[RecordId, Reference(("sampling",))] | None = fact("Sampling line.")
    limit_type: Literal["action", "alert", "reject", "monitor"] | None = fact("Type of limit.", significance="moderate")
    limit: Range | None = fact("Limit as numbers.", significance="moderate")
    unit: str | None = fact("Unit of the limit.", significance="moderate")
    criterion: str | None = fact("Criterion as stated.", example="NMT 5 CFU/mL", significance="moderate")
    test: str | None = fact("Name of the test.", example="USP <61>")
    method: MethodRef | None = fact("Method.", significance="moderate")
    frequency: str | None = fact("How often.", example="each batch")
    gates: Literal["forward_processing", "release"] | None = fact("What waits for the result.")
    turnaround: Range | None = fact("Turnaround time.", quantity_kind="duration")
    turnaround_unit: str | None = fact("Unit of the turnaround time.", example="h")
    hold: Annotated[RecordId, Reference(("hold_time",))] | None = fact("Hold within which the result has to arrive.")
    action: str | None = fact("What follows when the limit is not met.")
    site: SiteRef | None = fact("Site whose limit it is.", example="SITE-B", significance="moderate")
    difference_approval: DifferenceApproval | None = fact("Approval of a difference between sites.")
    expected_content: str | None = fact("Name of the expected-content entry it answers.", significance="editorial")
