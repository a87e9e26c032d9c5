"""How deviations are classified and escalated, as both parties agreed (EU GMP Ch. 1 and 7, ICH Q10 3.2.2)."""

from datetime import date
from typing import Literal

from ttpack.model.governance import DeviationClass, RoleRef
from ttpack.model.process import ParameterRef, SiteRef
from ttpack.model.quantity import InputQuantity, PositiveCount, Range
from ttpack.model.record import AnyRef, ControlledRecord, Fact, fact

ClockStart = Literal["occurrence", "discovery", "qa_awareness"]
ClockHours = Literal["calendar", "working"]


class EscalationLevel(Fact):
    """One level of escalation."""

    level: PositiveCount = fact("Level.", default=...)
    sending_role: RoleRef | None = fact("Role at the sending unit.", significance="moderate")
    receiving_role: RoleRef | None = fact("Role at the receiving unit.", significance="moderate")
    within: InputQuantity | None = fact("Within.", quantity_kind="duration", significance="major")
    fallback: RoleRef | None = fact("Fallback.")
    channel: str | None = fact("Channel.", example="telephone")
    decides: bool | None = fact("Whether this level decides.")
    clock_start: ClockStart | None = fact(
        "When the clock of this level starts, where it is not that of the rule.", significance="major"
    )
    clock_hours: ClockHours | None = fact(
        "Calendar or working hours of this level, where they are not those of the rule.", significance="major"
    )


class EscalationRule(ControlledRecord):
    """Who is called, at which party, within which clock."""

    kind: Literal["escalation_rule"] = fact("Full name of the kind.", default=...)
    deviation_class: DeviationClass | None = fact("Class.", significance="major")
    stages: tuple[str, ...] = fact("Lifecycle stages it covers; empty for all.", default=())
    site: SiteRef | None = fact("Site.")
    clock_start: ClockStart | None = fact("When the clock starts.", significance="major")
    clock_hours: ClockHours | None = fact("Calendar or working hours.", significance="major")
    local_troubleshooting: InputQuantity | None = fact("Time limit of local troubleshooting.", quantity_kind="duration")
    local_clock_start: ClockStart | None = fact(
        "When the clock of local troubleshooting starts, where it is not that of the rule.", significance="major"
    )
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
    except_parameters: tuple[ParameterRef, ...] = fact(
        "Parameters of these classes that other rows cover.", significance="major", default=()
    )
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
    owners: Owners | None = fact("Owners at the unit where it happened.")
    sending_owners: Owners | None = fact("Owners at the sending unit, of its own part.")
    agreed_on: date | None = fact("When both QAs agreed on it.")
    agreed_by: tuple[AnyRef | str, ...] = fact("QA of both parties.", default=())
