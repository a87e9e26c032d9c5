"""Risks and the scales they are scored on (ICH Q9(R1), IEC 60812)."""

from typing import Annotated, Literal

from ttpack.model.process import SiteRef, UnitOperationRef
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


class ScaleScore(Fact):
    """One score of a dimension and what it means."""

    dimension: Literal["severity", "occurrence", "detection"] = fact("Dimension.", default=...)
    score: Number = fact("Score.", significance="moderate", default=...)
    meaning: str = fact("What it means.", default=...)


class ScoreBand(Fact):
    """A band of scores."""

    low: Number | None = fact("Lowest score of the band; absent for no lower end.", significance="moderate")
    high: Number | None = fact("Highest score of the band; absent for no upper end.", significance="moderate")
    low_inclusive: bool = fact("Whether the lower end belongs to the band.", default=True)
    high_inclusive: bool = fact("Whether the upper end belongs to the band.", default=True)
    level: str = fact("Name of the band.", example="Medium", significance="moderate", default=...)
    capability_score: Number | None = fact("Score the band is given in a capability assessment.")


class ClassificationRule(Fact):
    """How a score proposes a class: severity at or above, or a product above, a threshold."""

    level: str = fact("Class or level proposed.", example="CPP", default=...)
    severity_at_least: Number | None = fact("Severity at or above this proposes the level.", significance="major")
    score_above: Number | None = fact("Score above this proposes the level.", significance="major")
    score_at_most: Number | None = fact("Score at or below this is needed for the level.", significance="major")
    severity_below: Number | None = fact("Severity below this is needed for the level.", significance="major")
    statement: str | None = fact("The rule as its source prints it.", significance="editorial")


class RiskScale(ControlledRecord):
    """A scale: the scores of each dimension, bands of the product, and how classes follow."""

    kind: Literal["risk_scale"] = fact("Full name of the kind.", default=...)
    method: Literal["FMEA", "PHA", "RRF", "C&E"] | None = fact("Method.", example="FMEA")
    scores: tuple[ScaleScore, ...] = fact("Scores and meanings.", default=())
    bands: tuple[ScoreBand, ...] = fact("Bands of the product.", significance="moderate", default=())
    band_resolution: Number = fact("Step between neighbouring scores; 1 for whole numbers.", default=1)
    minimum: Number | None = fact("Least score possible.")
    maximum: Number | None = fact("Greatest score possible.")
    classification: tuple[ClassificationRule, ...] = fact("How classes follow.", significance="major", default=())
    action_threshold: Number | None = fact("Residual score from which mitigation is needed.", significance="major")


class RiskScore(Fact):
    """Severity, occurrence, detection and their product."""

    severity: Number | None = fact("Severity.", significance="moderate")
    occurrence: Number | None = fact("Occurrence.", significance="moderate")
    detection: Number | None = fact("Detection.", significance="moderate")
    score: Number | None = fact("Risk priority number as stated.", significance="moderate")
    level: str | None = fact("Band as stated.", example="Medium")


class Mitigation(Fact):
    """What is done about a risk."""

    action: str = fact("What is done.", default=...)
    mitigation_type: Literal["test", "control", "procedure", "training", "design", "study"] | None = fact("Type.")
    refs: tuple[AnyRef, ...] = fact("Test, parameter, procedure or training that does it.", default=())
    owner: AnyRef | str | None = fact("Who does it.")


class Risk(Record):
    """A risk with its initial and residual score."""

    kind: Literal["risk"] = fact("Full name of the kind.", default=...)
    status: Literal["open", "mitigated", "accepted", "closed"] | Status | None = fact(
        "Status.", significance="moderate"
    )
    method: Literal["FMEA", "PHA", "RRF", "C&E"] | None = fact("Method.", example="FMEA")
    item: AnyRef | None = fact("What is at risk.", example="PRM-BRX-PH")
    items: tuple[AnyRef, ...] = fact("Further records at risk.", default=())
    mode: str | None = fact("Failure mode.")
    cause: str | None = fact("Cause.")
    effect: str | None = fact("Effect.")
    scale: Annotated[RecordId, Reference(("risk_scale",))] | None = fact("Scale of the scores.")
    initial: RiskScore | None = fact("Score before mitigation.", significance="moderate")
    residual: RiskScore | None = fact("Score after mitigation.", significance="moderate")
    residual_explanation: str | None = fact("Why the residual score is above the initial, or severity changed.")
    proposes: Literal["CPP", "WC-CPP", "KPP", "non-CPP", "GPP"] | None = fact(
        "Class the assessment proposes.", significance="moderate"
    )
    mitigations: tuple[Mitigation, ...] = fact("Mitigations.", default=())
    due_gate: GateId | None = fact("Gate by which mitigation is in place.")
    participants: tuple[AnyRef, ...] = fact("Who assessed it: MSAT and QA of both parties at least.", default=())
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    site: SiteRef | None = fact("Site.")
