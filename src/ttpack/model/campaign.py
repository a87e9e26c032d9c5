"""Campaigns of batches, and simulations of them and of the quality they give."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.process import AttributeRef, SiteRef, UnitOperationRef
from ttpack.model.quantity import InputQuantity, PositiveCount, Range
from ttpack.model.record import AnyRef, ControlledRecord, Fact, Number, RecordId, Reference, fact
from ttpack.model.variation import Variation

CLOCK_TIME = r"^([01][0-9]|2[0-3]):[0-5][0-9]$"
DAY_END = r"^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$"
WHAT_IF_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]


class DailyWindow(Fact):
    """The hours of a day between which something may start, in the site's time; over midnight where it ends earlier."""

    start: str = fact("From.", example="06:00", pattern=CLOCK_TIME, significance="moderate", default=...)
    end: str = fact("Until.", example="22:00", pattern=DAY_END, significance="moderate", default=...)
    days: tuple[Weekday, ...] = fact("Days; every day where none is named.", significance="moderate", default=())


class Shift(DailyWindow):
    """A shift: how many operators of a group are there in which hours."""

    count: PositiveCount = fact("Operators present.", significance="moderate", default=...)


class OperatorGroup(Fact):
    """Operators that steps draw on."""

    name: str = fact("Name.", example="Purification", default=...)
    count: PositiveCount | None = fact(
        "Operators present at any hour, where no shift is named.", significance="moderate"
    )
    shifts: tuple[Shift, ...] = fact("Shifts; those at the same hour add up.", significance="moderate", default=())


class CampaignUtility(Fact):
    """A utility that steps draw from: a tank that is filled up at a rate."""

    name: str = fact("Name.", example="WFI", default=...)
    utility: Annotated[RecordId, Reference(("utility",))] | None = fact(
        "Record of the utility, which has its capacity."
    )
    tank: InputQuantity | None = fact("What the tank holds; full at the start.", significance="moderate")
    refill: InputQuantity | None = fact(
        "Rate at which it is filled up.", example={"value": 900, "unit": "L/h"}, significance="moderate"
    )


class CampaignMaterial(Fact):
    """Stock of a material during a campaign, and how it is ordered."""

    name: str = fact("Name.", example="Protein A resin", default=...)
    material: Annotated[RecordId, Reference(("material",))] | None = fact("Material.")
    stock: InputQuantity | None = fact("Stock at the start.", significance="moderate")
    reorder_point: InputQuantity | None = fact(
        "Stock, orders on their way included, at which it is ordered.", significance="moderate"
    )
    order_quantity: InputQuantity | None = fact("Quantity of one order.", significance="moderate")
    lead_time: Variation | None = fact("Time from order to release for use.", significance="moderate")


class Breakdowns(Fact):
    """Breakdowns of each item of a resource: how much work lies between two of them, and how long repairs take."""

    time_between: Variation = fact("Time in use between breakdowns.", significance="moderate", default=...)
    repair: Variation = fact("Time of a repair, during which work stands still.", significance="moderate", default=...)


class Shutdown(Fact):
    """Days on which nothing starts."""

    start: date = fact("First day.", significance="moderate", default=...)
    end: date = fact("Last day.", significance="moderate", default=...)
    reason: str | None = fact("Why.", example="yearly maintenance")


class Campaign(ControlledRecord):
    """A campaign of batches at a site."""

    kind: Literal["campaign"] = fact("Full name of the kind.", default=...)
    site: SiteRef | None = fact("Site.")
    start: date | None = fact("Start.")
    end: date | None = fact("End.")
    batches: PositiveCount | None = fact("Batches planned.")
    takt: InputQuantity | None = fact("Time between batch starts.", quantity_kind="duration")
    time_to_read_results: InputQuantity | None = fact(
        "Time to read results before the next start.", quantity_kind="duration"
    )
    resources: tuple["CampaignResource", ...] = fact("Units, skids, vessels, operators.", default=())
    steps: tuple["CampaignStep", ...] = fact("Steps of one batch.", default=())
    acquisition_rule: Literal["all_at_once", "one_by_one"] | None = fact(
        "How a step seizes what it needs: all at once, none held while it waits; or one by one in the order resources, "
        "operators, utilities, materials, each held while it waits for the next.",
        significance="moderate",
    )
    transfer: Literal["blocking", "buffered"] | None = fact(
        "Where a batch waits that has no hold vessel: in its unit, freed when the next step starts (blocking), "
        "or in storage without limit (buffered).",
        significance="moderate",
    )
    batch_starts: Literal["takt", "at_once", "distributed"] | None = fact(
        "When batches are released: every takt, all at the start, or after random times.", significance="moderate"
    )
    time_between_starts: Variation | None = fact(
        "Times between releases of batches where they are distributed.", significance="moderate"
    )
    start_window: DailyWindow | None = fact("Hours in which a step may start.", significance="moderate")
    operators: tuple[OperatorGroup, ...] = fact("Operators.", default=())
    utilities: tuple[CampaignUtility, ...] = fact("Utilities with their tanks.", default=())
    materials: tuple[CampaignMaterial, ...] = fact("Materials with their stock.", default=())
    calendar: Annotated[RecordId, Reference(("calendar",))] | None = fact("Calendar: nothing starts on its holidays.")
    shutdowns: tuple[Shutdown, ...] = fact("Days on which nothing starts.", default=())
    release_time: Variation | None = fact(
        "Time from the end of the last step to release by QC.", significance="moderate"
    )
    demand: Annotated[RecordId, Reference(("demand_forecast",))] | None = fact(
        "Forecast that the campaign has to meet."
    )
    warm_up_batches: PositiveCount | None = fact("First batches that steady figures leave out.")
    seed: int | None = fact("Seed of simulations.", significance="moderate")
    replications: PositiveCount | None = fact("Replications of simulations.", significance="moderate")
    what_ifs: tuple["WhatIf", ...] = fact("Changes to compare, each against the campaign as it is.", default=())
    sweep: tuple["SweepAxis", ...] = fact("What a sweep varies.", default=())


class CampaignResource(Fact):
    """A resource of a campaign."""

    name: str = fact("Name.", default=...)
    count: PositiveCount | None = fact("How many.", significance="moderate")
    equipment: AnyRef | None = fact("Equipment.")
    breakdowns: Breakdowns | None = fact("Breakdowns.", significance="moderate")


class OperatorNeed(Fact):
    """Operators that a step needs."""

    group: str = fact("Group, as the campaign names it.", default=...)
    count: PositiveCount = fact("How many.", significance="moderate", default=...)
    time: InputQuantity | None = fact(
        "How long from the start of the step; all of it where not said.",
        quantity_kind="duration",
        significance="moderate",
    )


class UtilityDraw(Fact):
    """What a step draws from a utility when it starts."""

    utility: str = fact("Utility, as the campaign names it.", default=...)
    amount: InputQuantity = fact("How much.", significance="moderate", default=...)


class MaterialDraw(Fact):
    """What a step uses of a material when it starts."""

    material: str = fact("Material, as the campaign names it.", default=...)
    amount: InputQuantity = fact("How much.", significance="moderate", default=...)


class StepCleaning(Fact):
    """Cleaning after a step that keeps a shared resource, as a CIP skid, besides the units cleaned."""

    resource: str = fact("Resource that cleans, as the campaign names it.", default=...)
    duration: Variation = fact("How long.", significance="moderate", default=...)


class CampaignStep(Fact):
    """A step of a campaign model."""

    name: str = fact("Name.", default=...)
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    duration: Range | None = fact("Duration.", significance="moderate")
    duration_unit: str | None = fact("Unit.", example="h")
    distribution: str | None = fact("Distribution.", example="triangular")
    resources: tuple[str, ...] = fact("Resources used.", default=())
    turnaround: InputQuantity | None = fact("Turnaround and cleaning.", quantity_kind="duration")
    duration_model: Variation | None = fact(
        "How the duration varies; without it `duration` and `distribution` say so.", significance="moderate"
    )
    cleaning: tuple[StepCleaning, ...] = fact("Cleaning by a shared resource, before the turnaround.", default=())
    operators: tuple[OperatorNeed, ...] = fact("Operators needed.", default=())
    utilities: tuple[UtilityDraw, ...] = fact("Draws from utilities.", default=())
    materials: tuple[MaterialDraw, ...] = fact("Uses of materials.", default=())
    start_window: DailyWindow | None = fact("Hours in which it may start, where others than the campaign's.")
    hold_vessel: str | None = fact("Resource in which the batch waits after it.", significance="moderate")
    longest_wait: InputQuantity | None = fact(
        "Longest wait after it, where no record of the hold states one.",
        quantity_kind="duration",
        significance="moderate",
    )
    hold: Annotated[RecordId, Reference(("hold_time",))] | None = fact("Hold after it.")
    scheduled_wait: InputQuantity | None = fact("Scheduled wait in that hold.", quantity_kind="duration")
    worst_case_delay: InputQuantity | None = fact(
        "What the wait may grow by in the worst case.", quantity_kind="duration"
    )


class WhatIf(Fact):
    """A change of a campaign to compare with it as it is: parts with its names replace the fields they give."""

    name: str = fact("Short name.", example="second-protein-a-column", pattern=WHAT_IF_NAME, default=...)
    title: str | None = fact("What changes, in words.", example="A second Protein A column")
    resources: tuple[CampaignResource, ...] = fact("Resources changed or added, by name.", default=())
    steps: tuple[CampaignStep, ...] = fact("Steps changed, by name.", default=())
    operators: tuple[OperatorGroup, ...] = fact("Operators changed or added, by name.", default=())
    utilities: tuple[CampaignUtility, ...] = fact("Utilities changed or added, by name.", default=())
    materials: tuple[CampaignMaterial, ...] = fact("Materials changed or added, by name.", default=())
    takt: InputQuantity | None = fact("Another time between batch starts.", quantity_kind="duration")
    batches: PositiveCount | None = fact("Another number of batches.")
    start_window: DailyWindow | None = fact("Other hours in which a step may start.")
    acquisition_rule: Literal["all_at_once", "one_by_one"] | None = fact("Another rule of seizing resources.")


class SweepAxis(Fact):
    """One thing that a sweep varies; a sweep simulates every combination of the values of its axes."""

    what: Literal["resource_count", "operators_present", "turnaround", "tank", "refill", "takt", "batches"] = fact(
        "What varies.", default=...
    )
    name: str | None = fact("Of which part, as the campaign names it.", example="Protein A skid CH-511")
    values: tuple[Number, ...] = fact("Values.", example=[1, 2], default=...)
    unit: str | None = fact("Unit of the values.", example="h")


class SimulatedHold(Fact):
    """How long an intermediate waits in a simulated campaign."""

    hold: Annotated[RecordId, Reference(("hold_time",))] = fact("Hold.", default=...)
    longest_wait: InputQuantity = fact("Longest wait.", quantity_kind="duration", default=...)


class Utilisation(Fact):
    """How much of the time a resource is used in a simulated campaign."""

    resource: str = fact("Resource, as the campaign names it.", default=...)
    share: Number = fact("Share of the time, from 0 to 1.", default=...)


class Prediction(Fact):
    """The predicted quality of an attribute at a site, by a declared transfer function."""

    attribute: AttributeRef = fact("Attribute.", default=...)
    design_space: Annotated[RecordId, Reference(("design_space",))] | None = fact("Model that predicts it.")
    kind_of_answer: Literal["probability", "mean_only", "outside_validity"] = fact("What is answered.", default=...)
    probability: Number | None = fact("Probability that the criterion is met inside the site's normal ranges.")
    mean: Number | None = fact("Predicted mean.")


class ScheduledStep(Fact):
    """A step in a cyclic schedule."""

    step: str = fact("Step, as the campaign names it.", default=...)
    start: Number = fact("Start after the first step of its batch, in the unit of the schedule.", default=...)


class CyclicSchedule(Fact):
    """A schedule that repeats: each batch starts one cycle time after the one before and keeps the same offsets."""

    cycle_time: Number = fact("Time between batch starts.", default=...)
    unit: str = fact("Unit of all times here.", example="h", default=...)
    steps: tuple[ScheduledStep, ...] = fact("Starts of the steps of one batch.", default=())
    proven_best: bool | None = fact("Whether no shorter cycle time exists.")


class Simulation(ControlledRecord):
    """A simulation with its model, inputs and results."""

    kind: Literal["simulation"] = fact("Full name of the kind.", default=...)
    model: str | None = fact("Model.")
    model_version: str | None = fact("Version.")
    inputs: tuple[AnyRef, ...] = fact("Inputs.", default=())
    seed: int | None = fact("Seed.")
    replications: PositiveCount | None = fact("Replications.")
    tool_version: str | None = fact("Version of the tool.")
    outputs: dict[str, str | Number] = fact("Outputs.", default={})
    validity: str | None = fact("Validity range.")
    site: SiteRef | None = fact("Site.")
    input_digest: str | None = fact(
        "SHA-256 over the sorted pairs of id and record digest of its inputs, as `ttpack explain SIM-01` says.",
        audience="internal",
    )
    campaign: Annotated[RecordId, Reference(("campaign",))] | None = fact("Campaign simulated.")
    cycle_time: InputQuantity | None = fact("Simulated time between batch starts.", quantity_kind="duration")
    batches_per_year: Number | None = fact("Simulated capacity in a year of 365 d.", significance="moderate")
    hold_waits: tuple["SimulatedHold", ...] = fact("Longest waits.", default=())
    utilisation: tuple["Utilisation", ...] = fact("Use of resources.", default=())
    predictions: tuple["Prediction", ...] = fact("Predicted quality.", default=())
    bottleneck: AnyRef | str | None = fact("Bottleneck.")
    next_bottleneck: AnyRef | str | None = fact("Next bottleneck.")
    schedule: CyclicSchedule | None = fact("Best schedule found.")
    samples: PositiveCount | None = fact("Samples of a prediction of quality.")
    result_digest: str | None = fact(
        "SHA-256 over the figures that the tool computed, as `ttpack explain SIM-04` says.",
        audience="internal",
        pattern=r"^[0-9a-f]{64}$",
    )
