"""Campaigns of batches, and simulations of them and of the quality they give."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.process import AttributeRef, SiteRef, UnitOperationRef
from ttpack.model.quantity import InputQuantity, PositiveCount, Range
from ttpack.model.record import AnyRef, ControlledRecord, Fact, Number, RecordId, Reference, fact


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
        "How resources are seized.", significance="moderate"
    )


class CampaignResource(Fact):
    """A resource of a campaign."""

    name: str = fact("Name.", default=...)
    count: PositiveCount | None = fact("How many.", significance="moderate")
    equipment: AnyRef | None = fact("Equipment.")


class CampaignStep(Fact):
    """A step of a campaign model."""

    name: str = fact("Name.", default=...)
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    duration: Range | None = fact("Duration.", significance="moderate")
    duration_unit: str | None = fact("Unit.", example="h")
    distribution: str | None = fact("Distribution.", example="triangular")
    resources: tuple[str, ...] = fact("Resources used.", default=())
    turnaround: InputQuantity | None = fact("Turnaround and cleaning.", quantity_kind="duration")
    hold: Annotated[RecordId, Reference(("hold_time",))] | None = fact("Hold after it.")
    scheduled_wait: InputQuantity | None = fact("Scheduled wait in that hold.", quantity_kind="duration")
    worst_case_delay: InputQuantity | None = fact(
        "What the wait may grow by in the worst case.", quantity_kind="duration"
    )


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
