"""Sites, equipment, rooms, utilities, cleaning and automation (ISA-88, Annex 1, 11 and 15)."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.process import ParameterRef, SiteRef, UnitOperationRef
from ttpack.model.quality import DifferenceApproval
from ttpack.model.quantity import EvidenceRef, InputQuantity, PositiveCount, Quantity, Range
from ttpack.model.record import AnyRef, ControlledRecord, Fact, Number, Record, RecordId, Reference, Status, fact

SiteEquipmentRef = Annotated[RecordId, Reference(("site_equipment",))]
EquipmentRequirementRef = Annotated[RecordId, Reference(("equipment_requirement",))]


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
    materials_of_construction: str | None = fact("Product-contact material.", significance="moderate")
    qualification: Literal["none", "IQ", "OQ", "PQ", "expired"] | None = fact(
        "Qualification status.", significance="moderate"
    )
    calibration_due: date | None = fact("Calibration due.")
    direct_impact: bool | None = fact("Whether it has direct impact on quality.")
    geometry: Geometry | None = fact("Geometry.", significance="moderate")
    maximum_flow: InputQuantity | None = fact("Greatest flow.", significance="moderate")
    maximum_pressure: InputQuantity | None = fact("Greatest pressure.", significance="moderate")
    dedicated: bool | None = fact("Dedicated to one product.")
    room: Annotated[RecordId, Reference(("room",))] | None = fact("Room.")
    utilities: tuple[Annotated[RecordId, Reference(("utility",))], ...] = fact("Utilities used.", default=())
    single_use: bool | None = fact("Single use.")


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
    worst_case: str | None = fact("Worst-case assessment.")
    limit: InputQuantity | None = fact("Health-based limit.", significance="moderate")
    method: Annotated[RecordId, Reference(("analytical_method",))] | None = fact("Method of the residue.")
    dirty_hold: InputQuantity | None = fact("Dirty hold time.", quantity_kind="duration", significance="moderate")
    clean_hold: InputQuantity | None = fact("Clean hold time.", quantity_kind="duration", significance="moderate")
    validation: Literal["none", "verification", "protocol_approved", "validated", "continued_verification"] | None = (
        fact("Status of validation.", significance="moderate")
    )
    hold_study: str | None = fact("Study that covers the hold times.")


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
