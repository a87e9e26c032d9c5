"""People, parties, decisions, escalation and agreements (EU GMP Ch. 7, FDA quality agreements 2016)."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.documents import OrganisationRef
from ttpack.model.process import SiteRef
from ttpack.model.quantity import InputQuantity, PositiveCount
from ttpack.model.record import (
    AnyRef,
    ControlledRecord,
    Fact,
    Number,
    RecordId,
    Reference,
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
    calendar: Annotated[RecordId, Reference(("calendar",))] | None = fact(
        "Working calendar of the role, where it is not that of its site, such as a duty round the clock."
    )
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
    agreement_activity: Literal[
        "deviations", "out_of_specification", "corrective_action", "change_control", "release", "complaints", "recall",
        "data", "audits", "subcontracting", "retained_samples", "other",
    ] | None = fact("Activity of a quality agreement that it assigns (FDA quality agreements 2016).")  # fmt: skip
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


class Communication(ControlledRecord):
    """A recurring exchange."""

    kind: Literal["communication"] = fact("Full name of the kind.", default=...)
    exchange: str | None = fact("What is exchanged.", example="weekly team call")
    exchange_type: Literal["team_call", "steering_committee", "data_transfer", "batch_review", "other"] | None = fact(
        "Type of exchange."
    )
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
    decision_type: Literal["gate", "dispute", "setpoint", "schedule", "other"] | None = fact("Type of decision.")
    site: SiteRef | None = fact("Receiving site it is about.")
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
    actual_on: date | None = fact("When the actual was read.")
    weight: Number | None = fact("Weight.")
    shared: bool | None = fact("Whether both parties share it.")
    conflicts_with: tuple[Annotated[RecordId, Reference(("objective",))], ...] = fact(
        "Objectives it conflicts with.", default=()
    )
    agreed_priority: str | None = fact("Agreed priority.")
    conflict_note: str | None = fact("Note on the conflict.")
