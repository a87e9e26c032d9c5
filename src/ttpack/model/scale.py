"""Engineering and performance data by scale, scale-down models, lifetimes (kind scale_characterisation)."""

from typing import Annotated, Literal

from ttpack.model.analytics import BatchResult
from ttpack.model.process import AttributeRef, MassBalance, SiteRef, UnitOperationRef
from ttpack.model.quantity import Derived, EvidenceRef, PositiveCount, Quantity, Range
from ttpack.model.record import AnyRef, ControlledRecord, Fact, Number, RecordId, Reference, fact


class CharacterisedQuantity(Fact):
    """One figure of a scale: a number, a range or words, with its unit and how it follows from others."""

    quantity: str = fact(
        "What it is, in the formula catalogue's or the source's words.", example="mixing_time", default=...
    )
    quantity_kind: str | None = fact("Quantity kind.", example="duration")
    value: Number | None = fact("Value.", example=81, significance="moderate")
    range: Range | None = fact("Range of values.", significance="moderate")
    text: str | None = fact("Words where there is no number.", example="2 drilled pipes", significance="minor")
    unit: str | None = fact("Unit.", example="s", significance="moderate")
    standard_deviation: Number | None = fact("Standard deviation.")
    approximate: bool | None = fact("True where the source prints about.", significance="editorial")
    derived: Derived | None = fact("Formula that gives the value.", significance="moderate")
    source_note: str | None = fact("Remark on the printed value.", significance="editorial")


class ScaleDownQualification(Fact):
    """The qualification of a scale-down model against at-scale data."""

    qualified: bool | None = fact("Whether the model is qualified.", significance="major")
    against: tuple[AnyRef, ...] = fact("At-scale records compared.", default=())
    offsets: tuple["Offset", ...] = fact("Offset of each attribute.", default=())
    evidence: tuple[EvidenceRef, ...] = fact("Qualification report.", default=())


class Offset(Fact):
    """Difference of an attribute between the model and full scale."""

    attribute: AttributeRef = fact("Attribute.", default=...)
    value: Number | None = fact("Offset, model minus full scale.", significance="moderate")
    unit: str | None = fact("Unit.")
    statement: str | None = fact("Offset in words.")


class ScaleCharacterisation(ControlledRecord):
    """Figures of a vessel, column, mixer or batch series at one scale, with what they were computed from."""

    kind: Literal["scale_characterisation"] = fact("Full name of the kind.", default=...)
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    site: SiteRef | None = fact("Site, where the scale belongs to one.")
    subject: Literal["engineering", "performance", "scale_down_model", "lifetime", "mixing", "column"] | None = fact(
        "What is characterised.", example="engineering"
    )
    scale: str | None = fact("Scale in words.", example="15,000 L")
    size: Quantity | None = fact("Scale as a quantity.")
    stage: str | None = fact("Stage of development.", example="Phase 3")
    process_version: str | None = fact("Version of the process.", example="Process 2")
    batches: PositiveCount | None = fact("Number of batches or runs.")
    scale_factor: Number | None = fact("Scale-up factor.")
    use: str | None = fact("What the batches were for.", example="pivotal clinical")
    quantities: tuple[CharacterisedQuantity, ...] = fact("Figures.", significance="moderate", default=())
    results: tuple[BatchResult, ...] = fact("Attribute results.", default=())
    mass_balance: MassBalance | None = fact("Mass balance into the step at this scale.")
    is_scale_down_model: bool | None = fact("Whether this is a scale-down model.")
    qualification: ScaleDownQualification | None = fact("Its qualification.", significance="moderate")
    equipment: Annotated[RecordId, Reference(("site_equipment",))] | None = fact("Equipment characterised.")
    evidence: tuple[EvidenceRef, ...] = fact("Evidence.", default=())
