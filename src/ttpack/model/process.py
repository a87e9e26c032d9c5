"""The process: unit operations, steps, what each hands to the next, and what may wait (ISA-88, M4Q S.2.2)."""

from typing import Annotated, Literal

from ttpack.model.quantity import Derived, EvidenceRef, Quantity, Range
from ttpack.model.record import AnyRef, ControlledRecord, Fact, Number, RecordId, Reference, fact

UnitOperationRef = Annotated[RecordId, Reference(("unit_operation",))]
ParameterRef = Annotated[RecordId, Reference(("process_parameter",))]
AttributeRef = Annotated[RecordId, Reference(("quality_attribute", "process_attribute"))]
QualityAttributeRef = Annotated[RecordId, Reference(("quality_attribute",))]
SiteRef = Annotated[RecordId, Reference(("site",))]
MaterialRef = Annotated[RecordId, Reference(("material",))]
EquipmentRef = Annotated[RecordId, Reference(("site_equipment", "equipment_requirement"))]

OperationClass = Literal[
    "inoculum_expansion", "seed_bioreactor", "production_bioreactor", "harvest", "protein_a_chromatography",
    "low_ph_viral_inactivation", "cation_exchange_chromatography", "anion_exchange_chromatography",
    "virus_filtration", "ultrafiltration_diafiltration", "formulation", "freezing", "thawing", "filling",
    "lyophilisation", "visual_inspection", "packaging", "centrifugation", "depth_filtration",
    "hydrophobic_interaction_chromatography", "mixed_mode_chromatography", "other",
]  # fmt: skip


class FlowEdge(Fact):
    """One arrow of the flow graph."""

    source: UnitOperationRef = fact("Unit operation that hands over.", significance="major", default=...)
    target: UnitOperationRef = fact("Unit operation that receives.", significance="major", default=...)
    recycle: bool = fact("Declared recycle or rework loop.", significance="major", default=False)


class Process(ControlledRecord):
    """The general process of a product: its unit operations and how material flows between them."""

    kind: Literal["process"] = fact("Full name of the kind.", default=...)
    product: str | None = fact("Product made.", example="A-Mab drug substance")
    process_type: Literal["batch", "fed-batch", "perfusion", "continuous"] | None = fact(
        "Mode of the process (continuous: ICH Q13).", example="fed-batch", significance="major"
    )
    level: Literal["general", "site"] | None = fact("ISA-88 recipe level.", example="general")
    general_revision: str | Number | None = fact("Named revision of the general process this one follows.", example="A")
    derived_from: Annotated[RecordId, Reference(("process",))] | None = fact("General process of a site process.")
    site: SiteRef | None = fact("Site of a site process.")
    differences: tuple["ProcessDifference", ...] = fact("Differences from the general process.", default=())
    scale_basis: str | None = fact("What quantities per batch refer to.", example="per 15,000 L production bioreactor")
    batch_definition: str | None = fact("What one batch is.", significance="moderate")
    unit_operations: tuple[UnitOperationRef, ...] = fact(
        "Unit operations of the process.", significance="major", default=()
    )
    flow: tuple[FlowEdge, ...] = fact(
        "Flow graph; without it the order of the unit operations is the flow.", default=()
    )
    start_unit_operations: tuple[UnitOperationRef, ...] = fact("Where the flow starts.", default=())
    end_product: str | None = fact("What the flow ends with.", example="A-Mab drug substance")
    overall_yield: Range | None = fact("Overall yield range.", quantity_kind="percent", significance="moderate")


class ProcessDifference(Fact):
    """A difference between a site process and the general process it follows."""

    record: AnyRef = fact("What differs.", default=...)
    difference: str = fact("How it differs.", significance="moderate", default=...)
    reason: str | None = fact("Why.", significance="moderate")


class MaterialFlow(Fact):
    """A stream into or out of a unit operation."""

    name: str = fact("Name of the stream.", example="clarified bulk", default=...)
    material: MaterialRef | None = fact("Material record of the stream.")
    amount: Quantity | None = fact("Amount per batch.")


class SiteScale(Fact):
    """The scale of a unit operation at a site."""

    site: SiteRef = fact("Site.", example="SITE-B", default=...)
    scale: str | None = fact("Scale in words.", example="15,000 L")
    size: Quantity | None = fact("Scale as a quantity.", significance="major")
    equipment: tuple[EquipmentRef, ...] = fact("Equipment used at the site.", default=())


class VolumeChange(Fact):
    """What fills or empties a vessel in one phase of a unit operation, in the order given.

    The amount is a range in a unit of volume, or a share of the working volume at the site; or it is that of a
    parameter over its normal operating range.
    """

    phase: str = fact("Phase.", example="day 4, nutrient feed", default=...)
    change: Literal[
        "initial_fill", "inoculum", "feed", "base", "acid", "antifoam", "buffer", "sample", "evaporation",
        "transfer_out", "other",
    ] | None = fact("What it is.", example="feed", significance="moderate")  # fmt: skip
    amount: Range | None = fact("Least and greatest amount over the phase.", significance="moderate")
    unit: str | None = fact("Unit of the amount; `%{wv}` is a share of the working volume.", example="L")
    parameter: ParameterRef | None = fact("Parameter that holds the amount.", significance="moderate")
    removes: bool | None = fact("Whether it takes volume out; samples, evaporation and transfers do.")
    site: SiteRef | None = fact("Site, where it is of one only.")


class RoomRequirement(Fact):
    """What a unit operation or step asks of its room (EU GMP Annex 1 and 2)."""

    grade: Literal["A", "B", "C", "D", "CNC"] | None = fact("Least grade.", significance="moderate")
    iso_class: str | None = fact("Least ISO class.", example="ISO 8", significance="moderate")
    temperature: Range | None = fact("Temperature range.", significance="moderate")
    temperature_unit: str | None = fact("Unit of the temperature.", example="Cel")
    relative_humidity: Range | None = fact("Relative humidity, in %.", significance="moderate")
    closed: bool | None = fact("Whether the processing is closed.", significance="moderate")


class UnitOperation(ControlledRecord):
    """A unit operation: one step of the process with one purpose (ISA-88 process stage)."""

    kind: Literal["unit_operation"] = fact("Full name of the kind.", default=...)
    process: Annotated[RecordId, Reference(("process",))] | None = fact("Process it belongs to.")
    order: int | None = fact("Place in the process.", example=3, significance="major")
    purpose: str | None = fact("What it is for.", example="Express A-Mab in a fed-batch culture.")
    operation_class: OperationClass | None = fact(
        "Class whose expected content applies.", example="production_bioreactor", significance="moderate"
    )
    stage: Literal[
        "upstream", "harvest", "capture", "viral_inactivation", "polish", "viral_filtration",
        "ultrafiltration_diafiltration", "fill", "formulation", "pack",
    ] | None = fact("Stage of the process.", example="upstream")  # fmt: skip
    mode: (
        Literal["batch", "fed-batch", "perfusion", "continuous", "bind_and_elute", "flow_through", "hold", "filtration"]
        | None
    ) = fact("How it is run.", example="fed-batch", significance="major")
    inputs: tuple[MaterialFlow | str, ...] = fact("Streams in.", significance="moderate", default=())
    outputs: tuple[MaterialFlow | str, ...] = fact("Streams out.", significance="moderate", default=())
    equipment_class: str | None = fact(
        "Class of equipment.", example="stirred tank bioreactor", significance="moderate"
    )
    scale: str | None = fact("Scale in words.", example="5,000 L and 15,000 L working volume")
    scales: tuple[SiteScale, ...] = fact("Scale at each site.", default=())
    cycle_time: Quantity | Range | None = fact("Time from start to ready again.", quantity_kind="duration")
    step_yield: Range | None = fact("Yield range of the step.", quantity_kind="percent", significance="moderate")
    forms: tuple[AttributeRef, ...] = fact("Attributes formed here.", default=())
    clears: tuple[AttributeRef, ...] = fact("Attributes cleared here.", default=())
    controls: tuple[AttributeRef, ...] = fact("Attributes controlled here.", default=())
    viral_clearance: tuple["ViralClearanceClaim", ...] = fact("Claims of virus clearance.", default=())
    technology: str | None = fact("Technology, such as resin column or membrane.", significance="major")
    process_analytical_technology: str | None = fact("Process analytical technology used.")
    cleaning: Annotated[RecordId, Reference(("cleaning",))] | None = fact("Cleaning record.")
    mass_balance: "MassBalance | None" = fact("Mass balance into this step.")
    volume_changes: tuple[VolumeChange, ...] = fact("How the volume in its vessel changes, in order.", default=())
    room_requirement: RoomRequirement | None = fact("What it asks of its room, where its steps say nothing else.")


class MassBalance(Fact):
    """Volume times concentration times yield against what the next step is stated to receive (LNK-04)."""

    feed_volume: Quantity = fact("Volume fed.", default=...)
    feed_concentration: Quantity = fact("Concentration fed.", default=...)
    step_yield: Quantity = fact("Yield between the feed and the pool.", default=...)
    pool_volume: Quantity = fact("Volume of the pool.", default=...)
    pool_concentration: Quantity = fact("Stated concentration of the pool.", significance="moderate", default=...)
    tolerance: str | Number | None = fact("Relative to the stated concentration; 10 % when absent.", example="10 %")


class ViralClearanceClaim(Fact):
    """Log reduction that a unit operation claims for a model virus (ICH Q5A)."""

    virus: str = fact("Model virus.", example="XMuLV", default=...)
    mechanism: str = fact("Mechanism, counted once.", example="low pH inactivation", default=...)
    log_reduction: Range | None = fact("Claimed log reduction; a one-sided range for a bound.", significance="major")
    not_tested: bool = fact("True where the virus was not tested.", default=False)
    parameters: tuple[ParameterRef, ...] = fact("Parameters whose range the claim rests on.", default=())
    evidence: tuple[EvidenceRef, ...] = fact("Clearance study.", default=())


class Step(ControlledRecord):
    """A step of a unit operation as an operator or a system carries it out (21 CFR 211.101, 211.188)."""

    kind: Literal["step"] = fact("Full name of the kind.", default=...)
    unit_operation: UnitOperationRef | None = fact("Unit operation it belongs to.")
    order: int | None = fact("Place in the unit operation.", example=4, significance="moderate")
    actor: str | None = fact("Role that acts.", example="bioreactor operator")
    instruction: str | None = fact("What is done.", significance="moderate")
    duration: Quantity | Range | None = fact("How long it takes.", quantity_kind="duration")
    end_criterion: str | None = fact("When it is over.", significance="moderate")
    verification: Literal["none", "second_person", "witness", "automatic"] | None = fact(
        "How it is verified.", significance="moderate"
    )
    decision: "StepDecision | None" = fact("In-process decision taken here.", significance="moderate")
    hold: Annotated[RecordId, Reference(("hold_time",))] | None = fact("Hold that applies.")
    parameters: tuple[ParameterRef, ...] = fact("Parameters carried out here.", default=())
    materials: tuple[MaterialRef, ...] = fact("Materials consumed.", default=())
    equipment: tuple[EquipmentRef, ...] = fact("Equipment used.", default=())
    in_process_controls: tuple[Annotated[RecordId, Reference(("in_process_control",))], ...] = fact(
        "Tests here.", default=()
    )
    manual_skill: bool | None = fact("Whether it needs a trained hand.")
    hazards: str | None = fact("Hazards.")
    room_grade: str | None = fact("Required room grade.", example="C")
    room_requirement: RoomRequirement | None = fact("What it asks of its room.")
    closed: bool | None = fact("Whether the step is closed.", significance="moderate")


class StepDecision(Fact):
    """A decision such as pool start, harvest or top-up."""

    what: str = fact("What is decided.", example="start of pool collection", default=...)
    parameter: ParameterRef | None = fact("Parameter that holds the criterion.")
    criterion: Range | None = fact("Numeric criterion.", significance="moderate")
    unit: str | None = fact("Unit of the criterion.")
    out_of_criterion_action: str | None = fact("What to do when it is not met.", significance="moderate")


class LinkedAttribute(Fact):
    """One attribute handed over: what leaves, and what the next step accepts."""

    attribute: AttributeRef | None = fact("Attribute record.")
    quantity: str = fact("What is handed over, in words.", example="protein concentration", default=...)
    quantity_kind: str | None = fact("Quantity kind.", example="concentration_mass")
    unit: str | None = fact("Unit of both ranges.", example="g/L", significance="moderate")
    output: Range | None = fact("Range the earlier step hands over.", significance="moderate")
    input: Range | None = fact("Range the later step accepts.", significance="moderate")
    formed_here: bool = fact("True where the later step forms the attribute, so a limit may loosen.", default=False)
    output_as_printed: str | None = fact("The output as its source prints it.", significance="editorial")
    input_as_printed: str | None = fact("The input as its source prints it.", significance="editorial")


class StepLinkage(ControlledRecord):
    """What one unit operation hands to the next."""

    kind: Literal["step_linkage"] = fact("Full name of the kind.", default=...)
    from_unit_operation: UnitOperationRef | None = fact("Unit operation that hands over.", significance="major")
    to_unit_operation: UnitOperationRef | None = fact("Unit operation that receives.", significance="major")
    attributes: tuple[LinkedAttribute, ...] = fact("Attributes handed over.", default=())
    mass_balance: MassBalance | None = fact("Mass balance across the linkage.")


class ProcessAttribute(ControlledRecord):
    """A process performance attribute: titer, viability, yield, turbidity."""

    kind: Literal["process_attribute"] = fact("Full name of the kind.", default=...)
    unit_operation: UnitOperationRef | None = fact("Unit operation where it is seen.")
    quantity_kind: str | None = fact("Quantity kind.", example="titer")
    unit: str | None = fact("Unit.", example="g/L", significance="moderate")
    expected_range: Range | None = fact("Range expected.", significance="moderate")
    use: str | None = fact("What it is used for.", example="decides when to pass the culture on")
    parameters: tuple[ParameterRef, ...] = fact("Parameters that move it.", default=())
    expected_content: str | None = fact("Name of the expected-content entry it answers.", significance="editorial")


class HoldTime(ControlledRecord):
    """How long an intermediate may wait, and under which conditions (ICH Q5C, Annex 15)."""

    kind: Literal["hold_time"] = fact("Full name of the kind.", default=...)
    unit_operation: UnitOperationRef | None = fact("Unit operation after which it waits.")
    intermediate: str | None = fact("What waits.", example="neutralised low-pH pool")
    can_wait: bool = fact("False for an intermediate that goes on at once.", default=True)
    temperature: Range | None = fact("Temperature range.", quantity_kind="temperature", significance="moderate")
    temperature_unit: str | None = fact("Unit of the temperature range.", example="Cel")
    container: str | None = fact("Container.", example="stainless steel vessel", significance="moderate")
    concentration: Range | None = fact("Concentration range.", significance="moderate")
    concentration_unit: str | None = fact("Unit of the concentration range.", example="g/L")
    chemical_maximum: Quantity | None = fact(
        "Longest hold shown chemically.", quantity_kind="duration", significance="moderate"
    )
    microbial_maximum: Quantity | None = fact(
        "Longest hold shown microbially.", quantity_kind="duration", significance="moderate"
    )
    operated_limit: Quantity | None = fact("Limit operated.", quantity_kind="duration", significance="moderate")
    interim_limit_basis: str | None = fact("Basis of an interim limit.", example="scale-down, bioburden controlled")
    validated_at_scale: bool | None = fact("Whether it is validated at scale.", significance="moderate")
    limits: str | None = fact("Attribute limits met at the end of the hold.")
    evidence: tuple[EvidenceRef, ...] = fact("Hold studies.", significance="moderate", default=())
    derived: Derived | None = fact("Formula behind the operated limit.")
    expected_content: str | None = fact("Name of the expected-content entry it answers.", significance="editorial")
    measurements: tuple["HoldMeasurement", ...] = fact("What was measured over the hold.", default=())


class HoldMeasurement(Fact):
    """Measured values at one time of a hold study."""

    time: Quantity = fact("Time into the hold.", quantity_kind="duration", default=...)
    attribute: str = fact("What was measured.", example="aggregate", default=...)
    value: Quantity = fact("Value, with its standard deviation where given.", default=...)
