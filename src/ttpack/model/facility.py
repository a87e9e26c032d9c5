"""Sites, equipment, rooms, utilities, cleaning and automation (ISA-88, Annex 1, 11 and 15)."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.process import ParameterRef, SiteRef, UnitOperationRef
from ttpack.model.quality import DifferenceApproval
from ttpack.model.quantity import EvidenceRef, InputQuantity, PositiveCount, Quantity, Range
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

SiteEquipmentRef = Annotated[RecordId, Reference(("site_equipment",))]
EquipmentRequirementRef = Annotated[RecordId, Reference(("equipment_requirement",))]


SiteDifferenceFamily = Literal[
    "parameters", "equipment", "geometry", "automation", "rooms", "utilities", "cleaning", "validation_strategy",
    "acceptance_criteria", "deviation_terms", "change_procedure",
]  # fmt: skip


class SiteDifference(Fact):
    """A difference between this site and another one, and what was agreed about it.

    It covers one field of one record, all fields of a record, or a whole family, as far as it names them. Where
    `values` are given it covers the difference only as long as both sites still say that.
    """

    other_site: SiteRef = fact("The site that this one differs from.", example="SITE-A", default=...)
    family: SiteDifferenceFamily | None = fact("Family of the difference.", example="geometry")
    record: AnyRef | None = fact("Record it is about, as `ttpack compare` names it.", example="UO-03-BRX")
    field: str | None = fact("Field of the record.", example="geometry.aspect_ratio")
    values: dict[str, str] = fact(
        "What each site says, as agreed, by site.",
        example={"SITE-A": "1.4", "SITE-B": "3.0"},
        significance="moderate",
        default={},
    )
    disposition: Literal["justified", "harmonise"] | None = fact(
        "justified (both stay as they are) or harmonise (one of them will change).", significance="moderate"
    )
    reason: str | None = fact("Why the sites may differ, or what will be changed.", significance="moderate")
    approvers: tuple[AnyRef | str, ...] = fact("QA of both parties.", significance="moderate", default=())
    expires: date | None = fact("Until when it holds.", significance="moderate")
    due_gate: GateId | None = fact("Gate by which it is harmonised.")


class SegregationStrategy(Fact):
    """How products are kept apart at a site, and how it changes from one to the next (EU GMP Ch. 3 and 5)."""

    statement: str | None = fact("Segregation and containment.", significance="moderate")
    changeover: str | None = fact("Changeover between products.", significance="moderate")
    product_classes: tuple[str, ...] = fact(
        "Classes of product it was assessed for.", example=["mAb"], significance="moderate", default=()
    )
    document: str | None = fact("Document.", example="SEG-B-001 v2")
    approved_by: AnyRef | str | None = fact("Who approved it.", significance="moderate")
    approved_on: date | None = fact("When.", significance="moderate")


class ComputerisedSystem(Fact):
    """A computerised system of a site (EU GMP Annex 11, GAMP 5, FDA computer software assurance)."""

    name: str = fact("Name and version, as automation maps call it.", example="DCS-B 2024", default=...)
    intended_use: str | None = fact("Intended use.")
    gmp_records: bool | None = fact("Whether it makes, changes or keeps GMP records.", significance="moderate")
    risk_class: str | None = fact("Risk class.", example="GAMP category 4, high", significance="moderate")
    validation_status: Literal["none", "in_progress", "validated", "retired"] | None = fact(
        "Status of validation.", significance="moderate"
    )
    evidence: AnyRef | str | None = fact("Evidence of validation or assurance.", significance="moderate")


class Site(ControlledRecord):
    """A manufacturing or testing site."""

    kind: Literal["site"] = fact("Full name of the kind.", default=...)
    organisation: Annotated[RecordId, Reference(("organisation",))] | None = fact("Organisation that runs it.")
    site_role: Literal["sending", "receiving", "planned", "testing"] | None = fact(
        "Role in the transfer.", significance="major"
    )
    activities: tuple[str, ...] = fact("What is done there.", example=["drug substance manufacture"], default=())
    address: str | None = fact("Address.", audience="internal")
    country: str | None = fact("Country.")
    time_zone: str | None = fact("IANA time zone.", example="Europe/Copenhagen")
    scale: InputQuantity | None = fact("Production scale.", significance="major")
    calendar: Annotated[RecordId, Reference(("calendar",))] | None = fact("Working calendar.")
    deviation_terms: dict[str, str] = fact(
        "The site's own deviation terms, each mapped to a class of the package.",
        example={"Level 2": "major"},
        default={},
    )
    quality_system: str | None = fact("Quality system the site works under.")
    segregation: SegregationStrategy | None = fact("Segregation and changeover between products.")
    contamination_control_strategy: str | None = fact("The site's contamination control strategy.")
    computerised_systems: tuple[ComputerisedSystem, ...] = fact("Computerised systems.", default=())
    differences: tuple[SiteDifference, ...] = fact("Differences from other sites, and what was agreed.", default=())


class EquipmentCapability(Fact):
    """What is asked for, or what an item can do, for one quantity."""

    function: str | None = fact("Function.", example="temperature control")
    quantity_kind: str | None = fact("Quantity kind.", example="temperature")
    parameters: tuple[ParameterRef, ...] = fact("Parameters it serves.", default=())
    unit: str | None = fact("Unit of all ranges here.", example="Cel", significance="moderate")
    range: Range | None = fact("Range required, or the design range.", significance="moderate")
    qualified_range: Range | None = fact("Range shown in operational qualification.", significance="moderate")
    measuring_range: Range | None = fact("Measuring range.", significance="moderate")
    accuracy: InputQuantity | None = fact("Sensor accuracy, to each side.", significance="moderate")
    control_band: InputQuantity | None = fact("Control band, to each side.", significance="moderate")
    basis: Literal["nameplate", "vendor", "commissioning", "IQ", "OQ", "PQ"] | None = fact(
        "What the capability rests on."
    )
    evidence: tuple[EvidenceRef, ...] = fact("Evidence.", default=())


class EquipmentRequirement(ControlledRecord):
    """What the process asks of equipment, without make or model (ISA-88)."""

    kind: Literal["equipment_requirement"] = fact("Full name of the kind.", default=...)
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    function: str | None = fact("Function.", example="agitate and heat a culture")
    capabilities: tuple[EquipmentCapability, ...] = fact("Capabilities asked for.", default=())
    materials_of_construction: str | None = fact("Product-contact material.")
    contact_materials: tuple[str, ...] = fact(
        "Product-contact materials accepted, a name each.",
        example=["stainless steel 316L"],
        significance="moderate",
        default=(),
    )
    minimum_headspace: InputQuantity | None = fact(
        "Least headspace over the liquid: a volume, or a share of the nominal volume.", significance="moderate"
    )
    closed: bool | None = fact("Whether it has to be closed.")
    automation: str | None = fact("Automation asked for.")


class Geometry(Fact):
    """Geometry of a vessel, column or filter."""

    vessel_diameter: InputQuantity | None = fact("Inner diameter.", quantity_kind="length")
    vessel_height: InputQuantity | None = fact("Height.", quantity_kind="length")
    liquid_height: InputQuantity | None = fact("Liquid height at working volume.", quantity_kind="length")
    aspect_ratio: Number | None = fact("Height to diameter.")
    impeller_diameter: InputQuantity | None = fact("Impeller diameter.", quantity_kind="length")
    impeller_type: str | None = fact("Impeller type.", example="A320")
    impeller_count: PositiveCount | None = fact("Number of impellers.")
    power_number: Number | None = fact("Power number of one impeller.")
    baffles: PositiveCount | None = fact("Number of baffles.")
    sparger: str | None = fact("Sparger.")
    column_diameter: InputQuantity | None = fact("Column diameter.", quantity_kind="length")
    bed_height: InputQuantity | None = fact("Bed height.", quantity_kind="length")
    filter_area: InputQuantity | None = fact("Filter area.", quantity_kind="area")


class UtilityDemand(Fact):
    """What an item draws from a utility, and while doing what."""

    utility: Annotated[RecordId, Reference(("utility",))] = fact("Utility.", default=...)
    demand: InputQuantity = fact("Greatest demand.", significance="moderate", default=...)
    during: tuple[str, ...] = fact(
        "What runs meanwhile; items that share a name draw at the same time, an item without one always draws.",
        example=["fill of the bioreactor"],
        significance="moderate",
        default=(),
    )


class SiteEquipment(ControlledRecord):
    """An item of equipment at a site."""

    kind: Literal["site_equipment"] = fact("Full name of the kind.", default=...)
    site: SiteRef | None = fact("Site.", significance="major")
    tag: str | None = fact("Equipment tag.", example="BR-301")
    equipment_class: str | None = fact("Class.", example="stirred tank bioreactor", significance="major")
    operating_principle: str | None = fact("Operating principle.", significance="major")
    unit_operations: tuple[UnitOperationRef, ...] = fact("Unit operations it serves.", default=())
    meets: tuple[EquipmentRequirementRef, ...] = fact("Requirements it is mapped to.", default=())
    capabilities: tuple[EquipmentCapability, ...] = fact("Capabilities.", significance="moderate", default=())
    working_volume: Range | None = fact("Least and most working volume.", significance="moderate")
    working_volume_unit: str | None = fact("Unit of the working volume.", example="L")
    nominal_volume: InputQuantity | None = fact("Volume up to the rim.", significance="moderate")
    minimum_headspace: InputQuantity | None = fact(
        "Least headspace over the liquid: a volume, or a share of the nominal volume.", significance="moderate"
    )
    gas_hold_up: InputQuantity | None = fact(
        "Volume that gas takes in the liquid: a volume, or a share of the liquid.", significance="moderate"
    )
    materials_of_construction: str | None = fact("Product-contact material.", significance="moderate")
    contact_materials: tuple[str, ...] = fact(
        "Product-contact materials, a name each.",
        example=["stainless steel 316L"],
        significance="moderate",
        default=(),
    )
    material_compatibility: AnyRef | str | None = fact(
        "Evidence that the contact materials suit product and cleaning agents.", significance="moderate"
    )
    cleanability: AnyRef | str | None = fact("Evidence that it can be cleaned.", significance="moderate")
    qualification: Literal["none", "IQ", "OQ", "PQ", "expired"] | None = fact(
        "Qualification status.", significance="moderate"
    )
    calibration_due: date | None = fact("Calibration due.")
    direct_impact: bool | None = fact("Whether it has direct impact on quality.")
    geometry: Geometry | None = fact("Geometry.", significance="moderate")
    minimum_flow: InputQuantity | None = fact("Least flow.", significance="moderate")
    maximum_flow: InputQuantity | None = fact("Greatest flow.", significance="moderate")
    maximum_pressure: InputQuantity | None = fact("Greatest pressure.", significance="moderate")
    dedicated: bool | None = fact("Dedicated to one product.")
    room: Annotated[RecordId, Reference(("room",))] | None = fact("Room.")
    utilities: tuple[Annotated[RecordId, Reference(("utility",))], ...] = fact("Utilities used.", default=())
    utility_demands: tuple[UtilityDemand, ...] = fact("What it draws from utilities.", default=())
    packing: Annotated[RecordId, Reference(("material",))] | None = fact(
        "Resin, membrane or filter in it.", significance="moderate"
    )
    system: str | None = fact("Control system it runs on.", example="DCS-B 2024")
    single_use: bool | None = fact("Single use.")
    closed: bool | None = fact("Whether it is closed in use.", significance="moderate")


class Room(ControlledRecord):
    """A room."""

    kind: Literal["room"] = fact("Full name of the kind.", default=...)
    site: SiteRef | None = fact("Site.")
    room_number: str | None = fact("Room number.")
    grade: Literal["A", "B", "C", "D", "CNC"] | None = fact("Grade.", significance="major")
    iso_class: str | None = fact("ISO class.", example="ISO 8")
    temperature: Range | None = fact("Temperature range.", significance="moderate")
    temperature_unit: str | None = fact("Unit of the temperature.", example="Cel")
    relative_humidity: Range | None = fact("Relative humidity, in %.")
    pressure_difference: Quantity | None = fact("Pressure against the neighbour room.")
    closed_processing: bool | None = fact("Whether only closed processing is done here.")
    segregation: str | None = fact("Segregation and changeover strategy.", significance="moderate")
    unit_operations: tuple[UnitOperationRef, ...] = fact("Unit operations here.", default=())
    monitoring: tuple["MonitoringLimit", ...] = fact("Environmental monitoring.", default=())
    contamination_control_strategy: str | None = fact("Contamination control strategy it traces to.")


class MonitoringLimit(Fact):
    """A limit of environmental or utility monitoring."""

    quantity: str = fact("What is monitored.", example="viable airborne count", default=...)
    unit: str | None = fact("Unit.")
    alert: Range | None = fact("Alert level.", significance="moderate")
    action: Range | None = fact("Action level.", significance="moderate")
    frequency: str | None = fact("Frequency.")
    difference_approval: DifferenceApproval | None = fact("Approval of a difference between sites.")


class Utility(ControlledRecord):
    """A utility."""

    kind: Literal["utility"] = fact("Full name of the kind.", default=...)
    site: SiteRef | None = fact("Site.")
    utility_type: str | None = fact("Type.", example="water for injection")
    capacity: InputQuantity | None = fact("Capacity.", significance="moderate")
    peak_demand: InputQuantity | None = fact("Simultaneous peak demand of this process.", significance="moderate")
    margin: str | Number | None = fact("Stated margin.", example="10 %")
    quality: str | None = fact("Quality attribute.")
    monitoring: tuple[MonitoringLimit, ...] = fact("Monitoring.", default=())
    qualified: bool | None = fact("Whether it is qualified.")


class Cleaning(ControlledRecord):
    """The cleaning of an asset or group."""

    kind: Literal["cleaning"] = fact("Full name of the kind.", default=...)
    site: SiteRef | None = fact("Site.")
    equipment: tuple[SiteEquipmentRef, ...] = fact("Equipment cleaned.", default=())
    strategy: Literal["dedicated", "campaign", "validated"] | None = fact("Strategy.", significance="moderate")
    procedure: str | None = fact("Procedure.")
    agent: str | None = fact("Cleaning agent.", significance="moderate")
    cycle: str | None = fact("Cycle.", significance="moderate")
    protocol: str | None = fact("Validation protocol.")
    protocol_approved_on: date | None = fact("When the protocol was approved.", significance="moderate")
    runs: tuple[AnyRef | str, ...] = fact("Runs assigned to the protocol.", default=())
    verification: str | None = fact("How each batch is verified until it is validated.", significance="moderate")
    continued_verification: str | None = fact(
        "Why continued verification stands in for validation.", significance="moderate"
    )
    worst_case: str | None = fact("Worst-case assessment.")
    limit: InputQuantity | None = fact("Health-based limit.", significance="moderate")
    method: Annotated[RecordId, Reference(("analytical_method",))] | None = fact("Method of the residue.")
    dirty_hold: InputQuantity | None = fact("Dirty hold time.", quantity_kind="duration", significance="moderate")
    clean_hold: InputQuantity | None = fact("Clean hold time.", quantity_kind="duration", significance="moderate")
    validation: Literal["none", "verification", "protocol_approved", "validated", "continued_verification"] | None = (
        fact("Status of validation.", significance="moderate")
    )
    hold_study: str | None = fact("Study that covers the hold times.")
    hold_study_complete: bool | None = fact("Whether that study is complete.", significance="moderate")


class SignalDefinition(Fact):
    """How one system sees a signal."""

    tag: str | None = fact("Tag.", example="AIC-301.PV")
    unit: str | None = fact("Engineering unit.", significance="moderate")
    scaling: str | None = fact("Scaling.", example="4-20 mA = 0-14 [pH]", significance="moderate")
    sampling_interval: InputQuantity | None = fact(
        "Sampling interval.", quantity_kind="duration", significance="moderate"
    )
    alarm: Range | None = fact("Alarm limits.", significance="moderate")
    historian: str | None = fact("Historian and retention.")
    retention: InputQuantity | None = fact("How long values are kept.", quantity_kind="duration")
    manual_transcription: bool | None = fact("Whether values are copied by hand.")
    system: str | None = fact("Control system.")


class AutomationMap(Record):
    """One parameter in both automation systems."""

    kind: Literal["automation_map"] = fact("Full name of the kind.", default=...)
    status: Status | None = fact("Status.", significance="editorial")
    parameter: ParameterRef | None = fact("Parameter.")
    sending_site: SiteRef | None = fact("Sending site.")
    receiving_site: SiteRef | None = fact("Receiving site.")
    sending: SignalDefinition | None = fact("Signal at the sending site.", significance="moderate")
    receiving: SignalDefinition | None = fact("Signal at the receiving site.", significance="moderate")
    differences: tuple["SignalDifference", ...] = fact("Differences and what is done about them.", default=())
    trend_access: tuple["TrendAccess", ...] = fact("Who sees the trend, how soon.", default=())


class SignalDifference(Fact):
    """A difference between two systems."""

    what: str = fact("What differs.", default=...)
    disposition: str | None = fact("What is done about it.", significance="moderate")
    approval: DifferenceApproval | None = fact("Approval.")


class TrendAccess(Fact):
    """Who sees a trend within how many hours."""

    party: AnyRef | str = fact("Party or role.", default=...)
    within: InputQuantity | None = fact("Within.", quantity_kind="duration")
