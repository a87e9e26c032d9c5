"""Methods, their transfer, samples, standards and stability (ICH Q2(R2), Q14, USP <1224>)."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.process import AttributeRef, SiteRef, UnitOperationRef
from ttpack.model.quality import MethodRef
from ttpack.model.quantity import EvidenceRef, InputQuantity, PositiveCount, Range
from ttpack.model.record import AnyRef, ControlledRecord, Fact, Number, Record, RecordId, Reference, Status, fact


class AnalyticalMethod(Record):
    """An analytical method with its performance and where it is run."""

    kind: Literal["analytical_method"] = fact("Full name of the kind.", default=...)
    status: Literal["draft", "qualified", "validated", "compendial_verified"] | Status | None = fact(
        "Validation status.", example="validated", significance="moderate"
    )
    version: str | Number | None = fact("Version of the method.", example="3", significance="moderate")
    purposes: tuple[Literal["release", "in_process", "stability", "characterisation", "raw_material"], ...] = fact(
        "What it is used for.", significance="moderate", default=()
    )
    analytical_target_profile: str | None = fact("What it has to measure, how well.")
    method_type: Literal["physico_chemical", "biological", "immunochemical", "microbiological", "compendial"] | None = (
        fact("Type of method.", significance="moderate")
    )
    compendial_reference: str | None = fact("Compendial chapter.", example="USP <85>")
    attributes: tuple[AttributeRef, ...] = fact("Attributes it measures.", default=())
    unit: str | None = fact("Unit of the figures below.", example="%", significance="moderate")
    quantitative: bool | None = fact("False for identity, appearance and limit tests without a number.")
    range: Range | None = fact("Validated range.", significance="moderate")
    limit_of_quantitation: Number | None = fact("Limit of quantitation, in the unit.", significance="moderate")
    intermediate_precision: Number | None = fact("Standard deviation of intermediate precision, in the unit.")
    accuracy: str | None = fact("Accuracy.", example="98-102 % recovery")
    resolution: Number | None = fact("Smallest difference reported, in the unit.")
    robustness: str | None = fact("Robustness range or method operable design region.")
    owner_laboratory: SiteRef | str | None = fact("Laboratory that owns the method.")
    reference_standard: Annotated[RecordId, Reference(("reference_standard",))] | None = fact(
        "Reference standard used."
    )
    evidence: tuple[EvidenceRef, ...] = fact("Validation report.", default=())


class TransferResult(Fact):
    """A result measured in the transfer of a method."""

    laboratory: SiteRef = fact("Laboratory.", default=...)
    sample: str = fact("Sample.", example="DS lot 1", default=...)
    series: str | None = fact(
        "Series: what is done under the same conditions, as one analyst on one day.", example="day 1, analyst A"
    )
    value: Number = fact("Result.", significance="moderate", default=...)


class TransferCriterion(Fact):
    """A criterion of the transfer protocol that is computed from the results."""

    statistic: Literal[
        "equivalence_of_means", "intermediate_precision", "repeatability", "variance_ratio", "recovery"
    ] = fact("What is computed.", significance="moderate", default=...)
    sample: str | None = fact("Sample; each of them where not said.")
    limit: Range | None = fact(
        "Limits: of the difference of means, of the standard deviation, of the ratio of variances, or of recovery.",
        significance="moderate",
    )
    relative: bool | None = fact(
        "True where limits are in percent: of the sending laboratory's mean, or of the mean for a standard deviation.",
        significance="moderate",
    )
    confidence: Number | None = fact("Confidence level.", example=0.95, significance="moderate")
    nominal: Number | None = fact("Nominal value that recovery is relative to.", significance="moderate")


class MethodTransfer(Record):
    """The transfer of a method to a laboratory."""

    kind: Literal["method_transfer"] = fact("Full name of the kind.", default=...)
    status: Literal["planned", "in_progress", "complete", "failed"] | Status | None = fact(
        "Status of the transfer.", example="planned", significance="moderate"
    )
    method: MethodRef | None = fact("Method transferred.", significance="moderate")
    from_laboratory: SiteRef | None = fact("Laboratory that has it.")
    to_laboratory: SiteRef | None = fact("Laboratory that gets it.", significance="moderate")
    approach: Literal["comparative", "co_validation", "revalidation", "waiver"] | None = fact(
        "Approach.", significance="moderate"
    )
    justification: str | None = fact("Why a waiver is right.", significance="moderate")
    samples: str | None = fact("Samples tested.")
    acceptance: str | None = fact("Acceptance criteria.", significance="moderate")
    protocol: str | None = fact("Protocol number and version.")
    protocol_approved: date | None = fact("Date of the protocol's approval.")
    result: str | None = fact("Result.", significance="moderate")
    unit: str | None = fact("Unit of the results.", example="%", significance="moderate")
    criteria: tuple[TransferCriterion, ...] = fact(
        "Criteria that are computed from the results.", significance="moderate", default=()
    )
    results: tuple[TransferResult, ...] = fact("Results of both laboratories.", significance="moderate", default=())
    approvals: tuple[AnyRef | str, ...] = fact("QA of both units.", default=())
    releases_gmp_batches: bool | None = fact("Whether the test releases GMP batches.")


class ReferenceStandard(ControlledRecord):
    """A reference standard with its supply."""

    kind: Literal["reference_standard"] = fact("Full name of the kind.", default=...)
    lot: str | None = fact("Lot.", example="RS-MF1", significance="moderate")
    characterisation: str | None = fact("Characterisation.")
    assigned_value: InputQuantity | None = fact("Assigned value.", significance="moderate")
    expiry: date | None = fact("Expiry or re-test date.")
    supply: str | None = fact("Supply plan.")


class Sampling(ControlledRecord):
    """One line of the sampling plan."""

    kind: Literal["sampling"] = fact("Full name of the kind.", default=...)
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    point: str | None = fact("Sampling point.", significance="moderate")
    purpose: str | None = fact("Purpose.", example="bioburden before fill")
    tests: tuple[Annotated[RecordId, Reference(("in_process_control", "specification", "analytical_method"))], ...] = (
        fact("Tests that use the sample.", default=())
    )
    container: str | None = fact("Container.")
    volume: InputQuantity | None = fact("Volume of one sample.", quantity_kind="volume", significance="moderate")
    available_volume: InputQuantity | None = fact("Volume available at the point.", quantity_kind="volume")
    replicates: PositiveCount | None = fact("Replicates.", example=3, significance="moderate")
    storage: str | None = fact("Storage.")
    shipping: str | None = fact("Shipping.")
    retain: str | None = fact("Retain sample.")
    expected_content: str | None = fact("Name of the expected-content entry it answers.", significance="editorial")


class StabilityStudy(ControlledRecord):
    """A stability study."""

    kind: Literal["stability_study"] = fact("Full name of the kind.", default=...)
    article: Literal["DS", "DP", "intermediate"] | None = fact("What is studied.")
    site: SiteRef | None = fact("Site of the batches.")
    study_type: Literal["long_term", "accelerated", "stress", "in_use", "shipping"] | None = fact("Type of study.")
    conditions: str | None = fact("Conditions.", example="2-8 Cel", significance="moderate")
    pulls: str | None = fact("Pull points.", example="0, 3, 6, 9, 12, 18, 24 months", significance="moderate")
    tests: tuple[Annotated[RecordId, Reference(("specification", "analytical_method"))], ...] = fact(
        "Tests.", default=()
    )
    batches: tuple[str, ...] = fact("Batches.", default=())
    protocol: str | None = fact("Protocol.")
    protocol_approved_on: date | None = fact("When the protocol was approved.")
    qualified: bool | None = fact("Whether storage or shipping is qualified for the lane.", significance="moderate")
    lane: str | None = fact("Storage and shipping lane covered.")
    result: str | None = fact("Result.", significance="moderate")


class BatchResult(Fact):
    """A measured value of one batch or stage with its method."""

    attribute: AttributeRef | None = fact("Attribute.")
    parameter: Annotated[RecordId, Reference(("process_parameter",))] | None = fact("Parameter.")
    quantity: str | None = fact("What was measured, where no record names it.")
    value: Number | None = fact("Value.", significance="moderate")
    text: str | None = fact("Result in words.")
    unit: str | None = fact("Unit.", significance="moderate")
    range: Range | None = fact("Range over several batches.")
    standard_deviation: Number | None = fact("Standard deviation.")
    count: PositiveCount | None = fact("Number of values.")
    method: MethodRef | None = fact("Method.")
    method_version: str | Number | None = fact("Version of the method.")
    bridge: str | None = fact("Bridge to results of another method.")
