"""Runs, campaigns, simulations, batch records, readiness, validation and comparability."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from ttpack.model.analytics import BatchResult
from ttpack.model.process import AttributeRef, ParameterRef, SiteRef, UnitOperationRef
from ttpack.model.quality import DifferenceApproval
from ttpack.model.quantity import EvidenceRef, InputQuantity, PositiveCount, Range
from ttpack.model.record import (
    AnyRef,
    ControlledRecord,
    Fact,
    GateId,
    Number,
    Record,
    RecordId,
    Reference,
    Status,
    fact,
)


class Excursion(Fact):
    """A recorded value outside a range."""

    parameter: ParameterRef = fact("Parameter.", default=...)
    value: Number | None = fact("Value.")
    unit: str | None = fact("Unit.")
    duration: InputQuantity | None = fact("How long.", quantity_kind="duration")
    cause: Literal["equipment", "operator", "process", "range_not_representative"] | None = fact("Cause.")
    disposition: str | None = fact("Disposition.", significance="moderate")
    deviation_class: Literal["not_a_deviation", "event", "minor", "major", "critical"] | None = fact("Class.")


class ShiftContact(Fact):
    """Who is reachable on a shift."""

    shift: str = fact("Shift and time zone.", default=...)
    sponsor_contact: AnyRef | None = fact("Sponsor contact.")
    presence: Literal["in_plant", "on_call"] | None = fact("In plant or on call.")
    decision_rights: str | None = fact("Decision rights.")
    receiving_contact: AnyRef | None = fact("Counterpart at the receiving unit.")


class DataColumn(Fact):
    """A column of a file of run data, or one signal of a long file."""

    name: str = fact("Name in the header, or in the column of signals.", example="BR301.PH.PV", default=...)
    parameter: ParameterRef | None = fact("Parameter it records.")
    attribute: AttributeRef | None = fact("Attribute it records.")
    unit: str | None = fact("Unit of the numbers; else the parameter's.", example="[pH]", significance="moderate")


class RunData(Fact):
    """How a file of run data is read. The file is among the attachments of the run.

    A wide file has a column for each signal; a long one has columns of time, signal, value and, where it has one, unit.
    Columns that are not described are matched with the receiving tags of the automation maps, then with parameter ids.
    """

    file: str = fact("Path of the attachment.", example="attachments/runs/eng-1.csv", default=...)
    data_kind: Literal["time_series", "batch"] | None = fact(
        "A reading at each time, or a line for each batch.", significance="moderate"
    )
    layout: Literal["wide", "long"] | None = fact("Layout; wide where not said.", significance="moderate")
    time_column: str | None = fact("Column of times.", example="time")
    time_unit: str | None = fact(
        "Unit of elapsed times from the start of the run; without it times are dates with time.", example="h"
    )
    time_zone: str | None = fact("IANA time zone of times that do not say theirs.", example="America/New_York")
    batch_column: str | None = fact("Column of batch numbers.", example="batch")
    signal_column: str | None = fact("Column of signals in a long file.", example="tag")
    value_column: str | None = fact("Column of values in a long file.", example="value")
    unit_column: str | None = fact("Column of units in a long file.", example="unit")
    delimiter: Literal[",", ";", "tab"] | None = fact("What separates fields; a comma where not said.")
    decimal_mark: Literal[".", ","] | None = fact("Decimal mark; a point where not said.", significance="moderate")
    longest_gap: InputQuantity | None = fact(
        "Longest time without a reading that is no gap.", quantity_kind="duration", significance="moderate"
    )
    columns: tuple[DataColumn, ...] = fact("Signals.", significance="moderate", default=())


class ControlChart(Fact):
    """A control chart of individuals and moving ranges, and the rules that it is read by."""

    about: Annotated[RecordId, Reference(("quality_attribute", "process_attribute", "process_parameter"))] = fact(
        "What it follows.", default=...
    )
    nelson_rules: tuple[Annotated[int, Field(ge=1, le=8)], ...] = fact(
        "Nelson rules, 1 to 8; rule 1 alone where none is named.", significance="moderate", default=()
    )
    rationale: str | None = fact("Why these rules.")


class Run(Record):
    """A run: water, engineering, demonstration, GMP or PPQ."""

    kind: Literal["run"] = fact("Full name of the kind.", default=...)
    status: Literal["planned", "in_progress", "complete", "stopped"] | Status | None = fact(
        "Status.", significance="moderate"
    )
    run_kind: Literal["water", "engineering", "demonstration", "GMP", "PPQ", "development", "clinical"] | None = fact(
        "Kind of run."
    )
    site: SiteRef | None = fact("Site.")
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    scale: str | None = fact("Scale.", example="15,000 L")
    condition: str | None = fact("Condition tested.", example="worst case")
    started_on: date | None = fact("Start.")
    ended_on: date | None = fact("End.")
    planned_on: date | None = fact("Planned date.")
    results_due_on: date | None = fact("Planned date of the last result.")
    last_result_on: date | None = fact("When the last result was there.")
    batch: str | None = fact("Batch number.")
    process_version: str | None = fact("Version of the process.")
    as_run: tuple[BatchResult, ...] = fact("Recorded parameter values.", significance="moderate", default=())
    results: tuple[BatchResult, ...] = fact("Attribute results.", significance="moderate", default=())
    excursions: tuple[Excursion, ...] = fact("Excursions.", default=())
    deviations: tuple[AnyRef | str, ...] = fact("Deviations.", default=())
    conclusions: str | None = fact("Conclusions.")
    report: AnyRef | str | None = fact("Report.")
    report_approved: date | None = fact("When the report was approved.")
    contacts: tuple[ShiftContact, ...] = fact("Contacts per shift.", default=())
    ranges_in_force: AnyRef | None = fact("Change record of the ranges in force.")
    comparability_plan: Annotated[RecordId, Reference(("comparability_plan",))] | None = fact("Comparability plan.")
    ppq_plan: Annotated[RecordId, Reference(("ppq_plan",))] | None = fact("PPQ plan the batch belongs to.")
    data: tuple[RunData, ...] = fact("Files of data, and how they are read.", significance="moderate", default=())
    charts: tuple[ControlChart, ...] = fact("Control charts.", significance="moderate", default=())


class BatchRecord(ControlledRecord):
    """A batch record or recipe of a site."""

    kind: Literal["batch_record"] = fact("Full name of the kind.", default=...)
    version: str | Number | None = fact("Version.")
    site: SiteRef | None = fact("Site.")
    level: Literal["general", "site", "master", "control"] | None = fact("ISA-88 level.")
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    steps: tuple[Annotated[RecordId, Reference(("step",))], ...] = fact(
        "Steps mapped.", significance="moderate", default=()
    )
    parameters_printed: tuple[ParameterRef, ...] = fact("Parameters printed.", default=())


class Score(Fact):
    """One party's score of a readiness item."""

    score: PositiveCount = fact("0 not assessed, 1 gap, 2 plan, 3 evidence received, 4 closed.", le=4, default=...)
    assessor: AnyRef | str | None = fact("Who scored.")
    on: date | None = fact("When.")


class ReadinessItem(Record):
    """A readiness criterion, scored by both parties."""

    kind: Literal["readiness_item"] = fact("Full name of the kind.", default=...)
    status: Status | None = fact("Status.", significance="editorial")
    category: Literal[
        "process_knowledge", "materials", "equipment", "automation", "analytical", "validation",
        "quality_system", "regulatory", "people", "hse", "schedule",
    ] | None = fact("Category (alignment.md A-K).")  # fmt: skip
    criterion: str | None = fact("Criterion.")
    weight: Literal[1, 3, 5, 9] | None = fact("Weight.", significance="moderate")
    site: SiteRef | None = fact("Receiving site.")
    sending_score: Score | None = fact("The sending unit's score.", significance="moderate")
    receiving_score: Score | None = fact("The receiving unit's score.", significance="moderate")
    sending_owner: AnyRef | None = fact("Owner at the sending unit.")
    receiving_owner: AnyRef | None = fact("Owner at the receiving unit.")
    evidence: tuple[AnyRef, ...] = fact("Evidence.", default=())
    evidence_digest: str | None = fact("Digest of the evidence.")
    verified_by: AnyRef | None = fact("Who verified it at the receiving unit.")
    not_applicable_reason: str | None = fact("Why not applicable.")
    not_applicable_approver: AnyRef | str | None = fact("QA who approved that.")
    due_gate: GateId | None = fact("Gate.")


class ContinuedVerificationPlan(Fact):
    """The plan of continued process verification (FDA process validation guidance 2011, stage 3)."""

    document: AnyRef | str | None = fact("Plan.", example="CPV-B-001 v1")
    parameters: tuple[AnyRef, ...] = fact("Parameters and attributes followed.", significance="moderate", default=())
    signal_rules: tuple[str, ...] = fact("Rules by which a signal is raised.", significance="moderate", default=())
    review_frequency: str | None = fact("How often it is reviewed.", significance="moderate")
    approved_on: date | None = fact("When it was approved.", significance="moderate")


class ValidationStrategy(ControlledRecord):
    """How a site validates the process."""

    kind: Literal["validation_strategy"] = fact("Full name of the kind.", default=...)
    site: SiteRef | None = fact("Site.")
    approach: Literal["traditional", "continuous", "hybrid"] | None = fact("Approach.", significance="moderate")
    framework: Literal["quality_by_design", "life_cycle", "risk_based", "legacy"] | None = fact(
        "Framework.", significance="moderate"
    )
    ppq_batches: PositiveCount | None = fact("Number of PPQ batches.", significance="major")
    ppq_rationale: str | None = fact("Why that many.", significance="moderate")
    cleaning: str | None = fact("Cleaning validation.")
    filters: str | None = fact("Filter validation.")
    holds: str | None = fact("Hold validation.")
    transport: str | None = fact("Transport validation.")
    continued_verification: str | None = fact("Continued process verification.")
    continued_verification_plan: ContinuedVerificationPlan | None = fact("The plan of continued verification.")
    difference_approval: DifferenceApproval | None = fact("Approval of a difference from other sites.")


class AcceptanceCriterion(Fact):
    """An acceptance criterion for one attribute or parameter."""

    about: Annotated[RecordId, Reference(("quality_attribute", "process_attribute", "process_parameter"))] = fact(
        "What.", default=...
    )
    range: Range | None = fact("Limits.", significance="moderate")
    unit: str | None = fact("Unit.")
    statistic: str | None = fact("Statistical criterion.", significance="moderate")
    margin: InputQuantity | None = fact("Equivalence margin.", significance="moderate")
    statistical_method: (
        Literal["each_lot", "equivalence", "tolerance_interval", "quality_range", "capability"] | None
    ) = fact(
        "How it is judged: each lot inside the range; equivalence of means by two one-sided tests; new lots inside a "
        "tolerance interval, or mean plus and minus a multiple of s, of the reference lots; Ppk by its lower bound.",
        significance="moderate",
    )
    scale: Literal["difference", "ratio"] | None = fact(
        "Whether means are compared by difference or by ratio; a difference where not said.", significance="moderate"
    )
    confidence: Number | None = fact("Confidence level.", example=0.95, significance="moderate")
    coverage: Number | None = fact("Share covered by a tolerance interval.", example=0.99, significance="moderate")
    multiple: Number | None = fact("Multiple of s in a quality range.", example=3, significance="moderate")
    least_capability: Number | None = fact("Least lower bound of Ppk.", example=1.0, significance="moderate")
    assumed_standard_deviation: Number | None = fact(
        "Standard deviation assumed in planning, from which the power is stated before the run.",
        significance="moderate",
    )
    assumed_difference: Number | None = fact("Difference of means assumed in planning.", significance="moderate")


class PpqDeviation(Fact):
    """A deviation in process performance qualification and what it means for the conclusion."""

    deviation: str = fact("Number or words.", default=...)
    run: Annotated[RecordId, Reference(("run",))] | None = fact("Batch in which it happened.")
    protocol_section: str | None = fact("Section of the protocol it is against.")
    impact: str | None = fact("Impact on the conclusion.", significance="moderate")
    assessed_by: AnyRef | str | None = fact("Who assessed it.")


class PpqConclusion(Fact):
    """The conclusion of process performance qualification, and the batches it rests on."""

    statement: str | None = fact("Conclusion.", significance="major")
    runs: tuple[Annotated[RecordId, Reference(("run",))], ...] = fact(
        "Every batch started, stopped ones included.", significance="major", default=()
    )
    deviations: tuple[PpqDeviation, ...] = fact("Deviations assessed.", significance="moderate", default=())
    concluded_on: date | None = fact("When.")


class PpqPlan(ControlledRecord):
    """A plan of process performance qualification."""

    kind: Literal["ppq_plan"] = fact("Full name of the kind.", default=...)
    site: SiteRef | None = fact("Site.")
    protocol: str | None = fact("Protocol.")
    approved_on: date | None = fact("Approved on.")
    execution_started: date | None = fact("Execution started on.")
    batches: PositiveCount | None = fact("Batches.", significance="major")
    batch_rationale: str | None = fact("Why that many.")
    sampling_intensity: str | None = fact("Sampling.", significance="moderate")
    acceptance: tuple[AcceptanceCriterion, ...] = fact("Acceptance criteria.", significance="moderate", default=())
    statistics: str | None = fact("Statistics.")
    go_no_go: str | None = fact("Go or no-go.")
    deviations: str | None = fact("How deviations are handled.")
    conclusion: PpqConclusion | None = fact("Conclusion.", significance="major")
    difference_approval: DifferenceApproval | None = fact("Approval of a difference from other sites.")


class ComparabilityPlan(ControlledRecord):
    """Criteria of comparability, declared before the data (ICH Q5E)."""

    kind: Literal["comparability_plan"] = fact("Full name of the kind.", default=...)
    sending_site: SiteRef | None = fact("Site of the reference lots.")
    receiving_site: SiteRef | None = fact("Site of the new lots.")
    criteria: tuple[AcceptanceCriterion, ...] = fact("Criteria.", significance="moderate", default=())
    sending_lots: PositiveCount | None = fact("Lots of the sending side.")
    receiving_lots: PositiveCount | None = fact("Lots of the receiving side.")
    declared_on: date | None = fact("Declared on.")
    declared_commit: str | None = fact("Commit that declared it.", audience="internal", pattern=r"^[0-9a-f]{7,64}$")
    attributes: tuple[AttributeRef, ...] = fact("Attributes compared.", default=())
    evidence: tuple[EvidenceRef, ...] = fact("Reference data.", default=())
