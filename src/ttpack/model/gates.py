"""Gates of a receiving site, what people decided at them, and work begun ahead of them on purpose."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.process import SiteRef, UnitOperationRef
from ttpack.model.quantity import InputQuantity
from ttpack.model.record import AnyRef, ControlledRecord, Fact, GateId, Record, RecordId, Reference, Status, fact


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
    decision_record: Annotated[RecordId, Reference(("decision",))] | None = fact("Record of the decision.")
    least_time_after: InputQuantity | None = fact(
        "Least time from the gates it depends on to this one, however much is done in parallel.",
        quantity_kind="duration",
    )
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
    gate: GateId | None = fact("Gate that it runs ahead of.")
