"""Evidence, know-how, history, assumptions, questions and terms (ICH Q10 1.6.1)."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.process import ParameterRef, SiteRef, UnitOperationRef
from ttpack.model.quantity import EvidenceRef, PositiveCount, Range
from ttpack.model.record import AnyRef, ControlledRecord, Fact, GateId, Record, RecordId, Reference, Status, fact

StepRef = Annotated[RecordId, Reference(("step",))]
Level = Literal["high", "medium", "low"]


class StudiedRange(Fact):
    """The range of one parameter that a study examined."""

    parameter: ParameterRef = fact("Parameter.", default=...)
    range: Range = fact("Range examined.", significance="moderate", default=...)
    unit: str | None = fact("Unit where it differs from the parameter's.")


class Evidence(ControlledRecord):
    """A study, characterisation run, batch or body of prior knowledge that values rest on."""

    kind: Literal["evidence"] = fact("Full name of the kind.", default=...)
    evidence_type: Literal[
        "design_of_experiments", "univariate_study", "modular_claim", "prior_knowledge", "batch_history",
        "scale_down_study",
        "viral_clearance_study", "hold_study", "lifetime_study", "validation_report", "model", "expert_opinion",
        "vendor_data",
    ] | None = fact("Type of evidence.", example="design_of_experiments")  # fmt: skip
    document: str | None = fact(
        "Document number and version.", example="A-Mab v2.1, Table 3.14", significance="moderate"
    )
    performed_at: SiteRef | str | None = fact("Where it was done.")
    performed_on: date | None = fact("When it was done.")
    outcome: Literal["complete", "failed", "stopped", "planned"] | None = fact("How it ended.")
    summary: str | None = fact("What it found.")
    studied: tuple[StudiedRange, ...] = fact("Ranges examined.", significance="moderate", default=())
    scale_down_model: Annotated[RecordId, Reference(("scale_characterisation",))] | None = fact(
        "Scale-down model it was run on."
    )
    qualified: bool | None = fact("Whether the study's model is qualified.")
    in_inventory: bool | None = fact("Listed in the sending unit's inventory of studies and batches.")
    excluded_reason: str | None = fact("Why no record cites it.")
    batches: PositiveCount | None = fact("Number of batches or runs.")
    strength: Level | None = fact("Strength of the evidence.")
    relates_to: tuple[AnyRef, ...] = fact("What it is about.", default=())


class KnowHow(ControlledRecord):
    """What somebody who ran the process knows."""

    kind: Literal["know_how"] = fact("Full name of the kind.", default=...)
    know_how_kind: Literal[
        "look_for", "do_not", "trick", "failure_story", "operator_observation", "vendor_note", "record_does_not_say"
    ] | None = fact("Kind of know-how.", example="look_for")  # fmt: skip
    statement: str | None = fact("What is known.")
    none_known: bool = fact("True when the prompt was asked and the answer was that none is known.", default=False)
    why: str | None = fact("Why.")
    consequence: str | None = fact("What happens otherwise.")
    consequence_level: Level | None = fact("How grave it is.", significance="moderate")
    scope: tuple[Annotated[RecordId, Reference(("unit_operation", "step", "process_parameter", "material"))], ...] = (
        fact("What it is about.", default=())
    )
    told_by: AnyRef | str | None = fact("Person or role who told it.")
    run: str | None = fact("Run or batch it comes from.")
    interview: str | None = fact("Interview it was recorded in.")
    strength: Level | None = fact("Strength of the evidence.")
    acknowledged_by: AnyRef | str | None = fact("Who acknowledged it at the receiving unit.")
    acknowledged_on: date | None = fact("When.")
    adopted_in: tuple[AnyRef, ...] = fact("Step, training, test or alarm that adopts it.", default=())
    declined_reason: str | None = fact("Why the receiving unit declines it.")


class HistoricalDeviation(Record):
    """A deviation of the past at the sending site."""

    kind: Literal["historical_deviation"] = fact("Full name of the kind.", default=...)
    status: Literal["open", "closed"] | Status | None = fact("Status.", significance="moderate")
    site: SiteRef | None = fact("Site.")
    occurred_on: date | None = fact("When.")
    batch: str | None = fact("Batch.")
    step: Annotated[RecordId, Reference(("step", "unit_operation"))] | None = fact("Step.")
    parameters: tuple[ParameterRef, ...] = fact("Parameters.", default=())
    classification: Literal["event", "minor", "major", "critical"] | None = fact("Class.", significance="moderate")
    root_cause: str | None = fact("Root cause.")
    corrective_action: str | None = fact("Corrective and preventive action.")
    impact: str | None = fact("Impact.")
    disposition: Literal["designed_out", "control_added", "trained", "accepted"] | None = fact(
        "Disposition for the receiving unit.", significance="moderate"
    )
    disposition_note: str | None = fact("How.")


class Position(Fact):
    """What one party holds."""

    party: AnyRef = fact("Organisation.", default=...)
    statement: str = fact("What it holds.", default=...)
    on: date | None = fact("When it said so.")
    agrees: bool | None = fact("Whether it shares the assumption.")


class Assumption(Record):
    """Something taken as true that nobody has shown yet."""

    kind: Literal["assumption"] = fact("Full name of the kind.", default=...)
    status: Literal["open", "confirmed", "refuted", "accepted_risk", "withdrawn"] | Status | None = fact(
        "Status.", example="open", significance="moderate"
    )
    statement: str | None = fact("What is assumed.", significance="moderate")
    none_stated: bool = fact("True when a party was asked for assumptions on the topic and had none.", default=False)
    topic: (
        Literal["process_readiness", "documentation_quality", "equipment_suitability", "manufacturing_roles", "other"]
        | None
    ) = fact("Topic.")
    stated_by: AnyRef | None = fact("Organisation or person who stated it.")
    stated_on: date | None = fact("When.")
    affected: tuple[AnyRef, ...] = fact("Records that rest on it.", default=())
    impact: Level | None = fact("Impact if it is wrong.", significance="moderate")
    confidence: Level | None = fact("Confidence.")
    verification: str | None = fact("How to verify it.")
    sending_owner: AnyRef | None = fact("Owner at the sending unit.")
    receiving_owner: AnyRef | None = fact("Owner at the receiving unit.")
    due_gate: GateId | None = fact("Gate by which it is settled.", example="G4", significance="moderate")
    site: SiteRef | None = fact("Receiving site it is about.")
    positions: tuple[Position, ...] = fact("What each party holds.", default=())
    outcome: str | None = fact("Outcome.", significance="moderate")
    outcome_evidence: tuple[AnyRef, ...] = fact("Evidence of the outcome.", default=())
    decided_on: date | None = fact("When it was settled.")
    approvers: tuple[AnyRef | str, ...] = fact("Both QAs, for an accepted risk.", default=())
    expires: date | None = fact("When an accepted risk has to be looked at again.")
    consequences: tuple[AnyRef, ...] = fact("Changes or deviations that followed a refutation.", default=())


class OpenItem(Record):
    """A question with an owner."""

    kind: Literal["open_item"] = fact("Full name of the kind.", default=...)
    status: Literal["open", "answered", "closed"] | Status | None = fact("Status.", significance="minor")
    question: str | None = fact("The question.")
    raised_by: AnyRef | str | None = fact("Who raised it.")
    raised_on: date | None = fact("When.")
    due: date | None = fact("Answer due.")
    due_gate: GateId | None = fact("Gate by which it is answered.")
    answer: str | None = fact("The answer.")
    relates_to: tuple[AnyRef, ...] = fact("What it is about.", default=())
    escalated_to: AnyRef | str | None = fact("To whom it is escalated.")
    escalated_on: date | None = fact("When it was escalated.")
    disputed: bool | None = fact("Whether the parties disagree about it.")
    site: SiteRef | None = fact("Site.")


class ReadBack(ControlledRecord):
    """The receiving unit's own words on how something will be done, and the sending unit's answer."""

    kind: Literal["read_back"] = fact("Full name of the kind.", default=...)
    about: Annotated[RecordId, Reference(("step", "process_parameter"))] | None = fact("Step or parameter.")
    site: SiteRef | None = fact("Receiving site.")
    statement: str | None = fact("The receiving unit's statement.")
    stated_by: AnyRef | str | None = fact("Who stated it.")
    stated_on: date | None = fact("When.")
    answer: Literal["agree", "disagree"] | None = fact("The sending unit's answer.", significance="moderate")
    answered_by: AnyRef | str | None = fact("Who answered.")
    answered_on: date | None = fact("When.")
    open_item: Annotated[RecordId, Reference(("open_item",))] | None = fact("Open item of a disagreement.")


class SiteSynonym(Fact):
    """What a site calls it."""

    site: SiteRef = fact("Site.", default=...)
    term: str = fact("The site's word.", default=...)


class Term(ControlledRecord):
    """A term of the glossary."""

    kind: Literal["term"] = fact("Full name of the kind.", default=...)
    term: str | None = fact("Term or abbreviation.", example="PAR")
    definition: str | None = fact("Definition.", example="proven acceptable range")
    site_synonyms: tuple[SiteSynonym, ...] = fact("What each site calls it.", default=())


class Training(Record):
    """Training in a step or skill."""

    kind: Literal["training"] = fact("Full name of the kind.", default=...)
    status: Status | None = fact("Status.", significance="editorial")
    step: StepRef | None = fact("Step.")
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    skill: str | None = fact("Skill.")
    content: str | None = fact("Content.")
    site: SiteRef | None = fact("Site.")
    trainer: AnyRef | str | None = fact("Trainer.")
    trainer_qualified: bool | None = fact("Whether the trainer is qualified.")
    evaluation: str | None = fact("How it is evaluated.")
    qualified_operators: tuple[AnyRef | str, ...] = fact("Qualified operators.", audience="internal", default=())
    operators_per_shift: PositiveCount | None = fact("Qualified operators on each shift.")
    required_per_shift: PositiveCount | None = fact("Operators needed on each shift.")
    evidence: tuple[EvidenceRef, ...] = fact("Training evidence.", default=())
