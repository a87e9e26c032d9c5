"""People, parties, decisions, escalation and agreements (EU GMP Ch. 7, FDA quality agreements 2016)."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.documents import OrganisationRef
from ttpack.model.process import ParameterRef, SiteRef, UnitOperationRef
from ttpack.model.quantity import InputQuantity, PositiveCount, Range
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

RoleRef = Annotated[RecordId, Reference(("role", "person"))]
PersonRef = Annotated[RecordId, Reference(("person",))]
Party = Literal["sending", "receiving"]
Function = Literal["MFG", "MSAT", "PD", "QA", "QC", "RA", "ENG", "SC", "VAL", "HSE", "PM", "JSC"]
DeviationClass = Literal["not_a_deviation", "event", "minor", "major", "critical"]


class Organisation(ControlledRecord):
    """A party to the transfer."""

    kind: Literal["organisation"] = fact("Full name of the kind.", default=...)
    party: Party | None = fact("Sending or receiving unit.")
    legal_name: str | None = fact("Legal name.")
    country: str | None = fact("Country.")
    sites: tuple[SiteRef, ...] = fact("Sites.", default=())


class Person(ControlledRecord):
    """A person."""

    kind: Literal["person"] = fact("Full name of the kind.", default=...)
    organisation: OrganisationRef | None = fact("Organisation.")
    function: Function | None = fact("Function.", example="QA")
    email: str | None = fact("Address.", audience="internal")
    phone: str | None = fact("Telephone.", audience="internal")
    joined: date | None = fact("Date of joining the team.")
    left: date | None = fact("Date of leaving the team.")
    deputy: PersonRef | None = fact("Deputy.")
    contractor: bool | None = fact("Whether a contractor.")
    time_zone: str | None = fact("IANA time zone.")


class Role(ControlledRecord):
    """A role of one party, held by people."""

    kind: Literal["role"] = fact("Full name of the kind.", default=...)
    organisation: OrganisationRef | None = fact("Organisation.")
    party: Party | None = fact("Sending or receiving unit.")
    function: Function | None = fact("Function.", example="QA")
    holders: tuple[PersonRef, ...] = fact("People who hold it.", default=())
    deputies: tuple[PersonRef, ...] = fact("Deputies.", default=())
    contact: str | None = fact("Contact.", audience="internal")
    forge_team: str | None = fact(
        "Who reviews for this role on the forge: a team, an account, or an address (`ttpack codeowners`).",
        example="@organisation/sponsor-qa",
        audience="internal",
        pattern=r"^(@[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9][A-Za-z0-9_.-]*)*"
        r"|[A-Za-z0-9][A-Za-z0-9._%+-]*@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+)$",
    )


class Calendar(ControlledRecord):
    """Working days, hours and holidays."""

    kind: Literal["calendar"] = fact("Full name of the kind.", default=...)
    time_zone: str | None = fact("IANA time zone.", example="Europe/Copenhagen")
    working_days: tuple[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], ...] = fact(
        "Working days.", default=()
    )
    day_start: str | None = fact("Start of the working day.", example="08:00", pattern=r"^[0-2][0-9]:[0-5][0-9]$")
    day_end: str | None = fact("End of the working day.", example="16:30", pattern=r"^[0-2][0-9]:[0-5][0-9]$")
    holidays: tuple[date, ...] = fact("Holidays.", default=())
    around_the_clock: bool | None = fact("Whether it never stops.")


class NotificationTime(Fact):
    """A notification time of an agreement."""

    what: str = fact("What is notified.", example="critical deviation", default=...)
    deviation_class: DeviationClass | None = fact("Class.")
    within: InputQuantity | None = fact("Within.", quantity_kind="duration", significance="major")
    clock_start: Literal["occurrence", "discovery", "qa_awareness"] | None = fact("When the clock starts.")


class QualityAgreement(ControlledRecord):
    """A quality agreement between two parties."""

    kind: Literal["quality_agreement"] = fact("Full name of the kind.", default=...)
    parties: tuple[OrganisationRef, ...] = fact("Parties.", significance="major", default=())
    number: str | None = fact("Number.")
    version: str | Number | None = fact("Version.", significance="major")
    signed_on: date | None = fact("Date of signature.")
    agreement_in_force: bool | None = fact("Whether it is in force.", significance="major")
    responsibilities: tuple[Annotated[RecordId, Reference(("responsibility",))], ...] = fact(
        "Responsibilities.", default=()
    )
    notification_times: tuple[NotificationTime, ...] = fact("Notification times.", significance="major", default=())
    right_to_audit: str | None = fact("Right to audit.")


class Responsibility(ControlledRecord):
    """Who is responsible, accountable, consulted and informed for one activity."""

    kind: Literal["responsibility"] = fact("Full name of the kind.", default=...)
    activity: str | None = fact("Activity or decision.", example="batch release", significance="moderate")
    responsible: tuple[AnyRef, ...] = fact("Responsible roles.", significance="moderate", default=())
    accountable: tuple[AnyRef, ...] | AnyRef | None = fact("The one accountable role.", significance="moderate")
    consulted: tuple[AnyRef, ...] = fact("Consulted roles.", default=())
    informed: tuple[AnyRef, ...] = fact("Informed roles.", default=())
    gmp_impact: bool | None = fact("Whether it has GMP impact.")
    deliverable: AnyRef | str | None = fact("Deliverable.")


class Member(Fact):
    """A member of a body."""

    role: RoleRef = fact("Role or person.", default=...)
    function: Function | None = fact("Function.")
    party: Party | None = fact("Party.")
    chair: bool | None = fact("Whether chair.")
    voting: bool | None = fact("Whether voting.")


class GovernanceBody(ControlledRecord):
    """A team or committee with decision rights."""

    kind: Literal["governance_body"] = fact("Full name of the kind.", default=...)
    body_type: Literal["joint_team", "steering_committee", "working_group"] | None = fact("Type of body.")
    members: tuple[Member, ...] = fact("Members.", default=())
    cadence: str | None = fact("How often it meets.", example="every two weeks")
    cadence_days: PositiveCount | None = fact("Days between meetings.")
    quorum: str | None = fact("Quorum.", significance="moderate")
    decision_rights: str | None = fact("Decision rights.", significance="major")
    minutes: str | None = fact("Where minutes are kept.")
    next_meeting: date | None = fact("Next meeting.")


class EscalationLevel(Fact):
    """One level of escalation."""

    level: PositiveCount = fact("Level.", default=...)
    sending_role: RoleRef | None = fact("Role at the sending unit.", significance="moderate")
    receiving_role: RoleRef | None = fact("Role at the receiving unit.", significance="moderate")
    within: InputQuantity | None = fact("Within.", quantity_kind="duration", significance="major")
    fallback: RoleRef | None = fact("Fallback.")
    channel: str | None = fact("Channel.", example="telephone")
    decides: bool | None = fact("Whether this level decides.")


class EscalationRule(ControlledRecord):
    """Who is called, at which party, within which clock."""

    kind: Literal["escalation_rule"] = fact("Full name of the kind.", default=...)
    deviation_class: DeviationClass | None = fact("Class.", significance="major")
    stages: tuple[str, ...] = fact("Lifecycle stages it covers; empty for all.", default=())
    site: SiteRef | None = fact("Site.")
    clock_start: Literal["occurrence", "discovery", "qa_awareness"] | None = fact(
        "When the clock starts.", significance="major"
    )
    clock_hours: Literal["calendar", "working"] | None = fact("Calendar or working hours.", significance="major")
    local_troubleshooting: InputQuantity | None = fact("Time limit of local troubleshooting.", quantity_kind="duration")
    levels: tuple[EscalationLevel, ...] = fact("Levels.", default=())


class Owners(Fact):
    """Who owns what of a deviation."""

    investigation: RoleRef | None = fact("Investigation.")
    reporting: RoleRef | None = fact("Reporting.")
    corrective_action: RoleRef | None = fact("Corrective action.")
    root_cause_approval: RoleRef | None = fact("Approval of the root cause.")


class DeviationRule(ControlledRecord):
    """One row of the agreed classification of deviations."""

    kind: Literal["deviation_rule"] = fact("Full name of the kind.", default=...)
    applies_to: Literal["parameter", "event"] | None = fact("A parameter excursion, or an event without a parameter.")
    parameter_classes: tuple[str, ...] = fact("Parameter classes covered.", example=["CPP", "WC-CPP"], default=())
    parameters: tuple[ParameterRef, ...] = fact("Parameters covered, where not a whole class.", default=())
    interval: Literal["inside_nor", "nor_to_par", "outside_par", "beyond_edge_of_failure", "any"] | None = fact(
        "Interval of the value.", significance="major"
    )
    event: Literal[
        "procedure_not_followed", "documentation", "equipment_or_utility_failure", "material_or_sample",
        "environmental_monitoring", "contamination", "computerised_system_or_data", "out_of_specification",
        "out_of_trend", "repeat", "simultaneous", "unknown_duration",
    ] | None = fact("Event without a parameter.", significance="major")  # fmt: skip
    duration: Range | None = fact("Duration covered.", significance="major")
    duration_unit: str | None = fact("Unit of the duration.", example="min")
    stages: tuple[str, ...] = fact("Lifecycle stages covered; empty for all.", default=())
    site: SiteRef | None = fact("Site.")
    deviation_class: DeviationClass | None = fact("Class.", significance="major")
    sponsor_role: Literal["site_handles", "sponsor_informed", "sponsor_decides"] | None = fact(
        "Sponsor's role.", significance="major"
    )
    site_terms: dict[str, str] = fact("The term of each site.", example={"SITE-B": "Level 2"}, default={})
    actions: tuple[str, ...] = fact("Actions.", default=())
    notify: tuple[AnyRef, ...] = fact("Whom to notify.", default=())
    owners: Owners | None = fact("Owners.")
    agreed_on: date | None = fact("When both QAs agreed on it.")


class Communication(ControlledRecord):
    """A recurring exchange."""

    kind: Literal["communication"] = fact("Full name of the kind.", default=...)
    exchange: str | None = fact("What is exchanged.", example="weekly team call")
    cadence: str | None = fact("How often.", example="weekly")
    cadence_days: PositiveCount | None = fact("Days between exchanges.")
    channel: str | None = fact("Channel.")
    participants: tuple[AnyRef, ...] = fact("Who takes part.", default=())
    record_location: str | None = fact("Where it is recorded.")
    last_held: date | None = fact("Last held.")


class Decision(ControlledRecord):
    """A decision with its options and reasons."""

    kind: Literal["decision"] = fact("Full name of the kind.", default=...)
    question: str | None = fact("What was decided.")
    options: tuple[str, ...] = fact("Options.", default=())
    chosen: str | None = fact("Chosen option.", significance="moderate")
    why: str | None = fact("Why.")
    deciders: tuple[AnyRef, ...] = fact("Who decided.", default=())
    decided_on: date | None = fact("When.")
    affected: tuple[AnyRef, ...] = fact("Records affected.", default=())
    objective_favoured: AnyRef | None = fact("Objective favoured.")
    objective_disfavoured: AnyRef | None = fact("Objective that lost.")
    agreement: str | None = fact("Agreement that settled it.")


class Objective(ControlledRecord):
    """What a party wants from the transfer."""

    kind: Literal["objective"] = fact("Full name of the kind.", default=...)
    party: OrganisationRef | Party | None = fact("Party.")
    topic: Literal["speed", "yield", "cost", "capacity", "robustness", "quality", "compliance"] | None = fact("Topic.")
    metric: str | None = fact("Metric.")
    target: str | None = fact("Target.")
    target_value: InputQuantity | None = fact("Target as a number.")
    actual: str | None = fact("Actual.")
    weight: Number | None = fact("Weight.")
    shared: bool | None = fact("Whether both parties share it.")
    conflicts_with: tuple[Annotated[RecordId, Reference(("objective",))], ...] = fact(
        "Objectives it conflicts with.", default=()
    )
    agreed_priority: str | None = fact("Agreed priority.")
    conflict_note: str | None = fact("Note on the conflict.")


class Gate(ControlledRecord):
    """A gate of one receiving site: criteria, evidence, and what people decided."""

    kind: Literal["gate"] = fact("Full name of the kind.", default=...)
    gate: GateId | None = fact("Gate.", example="G3", significance="major")
    site: SiteRef | None = fact("Receiving site.", significance="major")
    criteria: tuple[str, ...] = fact("Criteria.", significance="moderate", default=())
    evidence: tuple[AnyRef, ...] = fact("Evidence.", default=())
    decision: Literal["undecided", "pass", "conditional", "fail"] | None = fact("Decision.", significance="major")
    deciders: tuple[AnyRef, ...] = fact("Who decided.", default=())
    decided_on: date | None = fact("When.")
    planned_on: date | None = fact("Planned date.")
    conditions: tuple["GateCondition", ...] = fact("Conditions of a conditional pass.", default=())
    depends_on: tuple[Annotated[RecordId, Reference(("gate",))], ...] = fact("Gates that come before.", default=())


class GateCondition(Fact):
    """A condition of a conditional pass."""

    condition: str = fact("Condition.", default=...)
    owner: AnyRef | str | None = fact("Owner.")
    due_gate: GateId | None = fact("Gate by which it is met.")
    due: date | None = fact("Date by which it is met.")
    met: bool | None = fact("Whether it is met.")


class AtRiskDecision(Record):
    """Work begun before what it rests on is finished, on purpose."""

    kind: Literal["at_risk_decision"] = fact("Full name of the kind.", default=...)
    status: Status | None = fact("Status.", significance="editorial")
    activity: str | None = fact("What is started early.")
    overlaps: tuple[AnyRef, ...] = fact("What it overlaps.", default=())
    risk_statement: str | None = fact("What may be lost.")
    approvers: tuple[AnyRef | str, ...] = fact("Both QAs.", default=())
    decided_on: date | None = fact("When.")
    site: SiteRef | None = fact("Site.")
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    expires: date | None = fact("Until when.")
