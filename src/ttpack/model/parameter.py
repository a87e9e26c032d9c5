"""Process parameters, site overlays and design spaces (ICH Q8(R2), ISA-88 general and site recipe)."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.process import AttributeRef, ParameterRef, QualityAttributeRef, SiteRef, UnitOperationRef
from ttpack.model.quantity import Derived, EvidenceRef, InputQuantity, Range, Ranges, Sign, Strength
from ttpack.model.record import AnyRef, ControlledRecord, Fact, Number, RecordId, Reference, fact
from ttpack.model.variation import Variation

Classification = Literal["CPP", "WC-CPP", "KPP", "non-CPP", "GPP"]
CRITICAL: frozenset[str] = frozenset({"CPP", "WC-CPP"})
"""Critical process parameters, the well-controlled ones of A-Mab included."""


class Effect(Fact):
    """How a parameter acts on an attribute."""

    ref: AttributeRef = fact("Attribute.", example="CQA-AGG", significance="moderate", default=...)
    direction: Sign | None = fact("Direction of the effect as the parameter rises.", example="increases")
    strength: Strength | None = fact("Strength of the effect over the range.", example="high", significance="moderate")
    effect: InputQuantity | None = fact("Size of the effect over the studied range.")
    evidence: tuple[EvidenceRef, ...] = fact("Evidence of the effect.", default=())
    rationale: str | None = fact("Why.")


class ScaleValue(Fact):
    """The value of a scale-dependent parameter at one site."""

    site: SiteRef = fact("Site.", example="SITE-B", default=...)
    value: Number | None = fact("Value there.", significance="moderate")
    unit: str | None = fact("Unit of the value where it differs from the parameter's.")
    derived: Derived | None = fact("Rule inputs that give the value.")
    adjustable: Range | None = fact("Limits within which the engineering run may adjust it.", significance="moderate")
    adjustment_decided_by: str | None = fact(
        "Who decides on the adjustment.", example="joint MSAT, QA of both informed"
    )


class Scale(Fact):
    """How a parameter depends on scale."""

    dependence: Literal["independent", "normalised", "dependent"] = fact(
        "independent, normalised (per volume, area or mass) or dependent.", significance="moderate", default=...
    )
    rule: str | None = fact(
        "Scale rule of the formula catalogue.", example="constant_power_per_volume", significance="moderate"
    )
    basis: str | None = fact("What it is normalised to, or why it depends.", example="resin volume")
    values: tuple[ScaleValue, ...] = fact("Value at each site.", default=())


class Control(Fact):
    """How a parameter is held."""

    method: str = fact(
        "How it is held.", example="cascade: CO2 sparge and base addition", significance="moderate", default=...
    )
    band: InputQuantity | None = fact("Width to each side within which the loop holds it.", significance="moderate")
    alarm: Range | None = fact("Alarm limits.", significance="moderate")


class Monitor(Fact):
    """How a parameter is measured."""

    method: str = fact("How it is measured.", example="in-line glass electrode", significance="moderate", default=...)
    frequency: str | None = fact("How often.", example="continuous, 10 s")
    in_line: bool | None = fact("Whether it is measured in line.")
    before: str | None = fact("The next irreversible step before which an off-line check is done.")
    measurement_of_record: bool | None = fact("Whether this is the measurement of record.")


class ClassificationOverride(Fact):
    """A classification that differs from the risk record's proposal."""

    rationale: str | None = fact("Why.", significance="moderate")
    approver: AnyRef | str | None = fact("Who approved it.", significance="moderate")


class ProcessParameter(ControlledRecord):
    """A process parameter with its ranges, its class, its effects and how it is held."""

    kind: Literal["process_parameter"] = fact("Full name of the kind.", default=...)
    unit_operation: UnitOperationRef | None = fact(
        "Unit operation it belongs to.", example="UO-03-BRX", significance="moderate"
    )
    steps: tuple[Annotated[RecordId, Reference(("step",))], ...] = fact("Steps that carry it out.", default=())
    quantity_kind: str | None = fact("Quantity kind.", example="ph", significance="moderate")
    unit: str | None = fact("UCUM code or listed alias, quoted.", example="[pH]", significance="moderate")
    classification: Classification | None = fact("Class of the parameter.", example="WC-CPP", significance="major")
    classification_override: ClassificationOverride | None = fact(
        "Why the class differs from the risk record's proposal."
    )
    setpoint: Number | None = fact("Setpoint, in the field's unit.", example=6.85, significance="major")
    setpoint_criterion: str | None = fact(
        "Named pass/fail criterion where there is no number.", example="pass", significance="major"
    )
    setpoint_source: str | None = fact(
        "Where the setpoint comes from, where it differs from the source.", significance="editorial"
    )
    target: Number | None = fact("Target, where there is no setpoint.", significance="major")
    ranges: Ranges = fact("Ranges by kind.", significance="moderate", default=Ranges())
    derived: Derived | None = fact("Formula that gives the setpoint.", significance="moderate")
    safety_margin: Number | None = fact(
        "Least distance from the PAR to the edge of failure, in the unit.", significance="moderate"
    )
    effects: tuple[Effect | AttributeRef, ...] = fact("Attributes it acts on.", significance="moderate", default=())
    no_interaction: bool | None = fact(
        "True where studies show no interaction with other parameters.", significance="moderate"
    )
    interactions: tuple[ParameterRef, ...] = fact("Parameters it interacts with.", default=())
    scale: Scale | None = fact("Scale dependence.", significance="moderate")
    control: Control | str | None = fact("How it is held.", significance="moderate")
    monitor: Monitor | str | None = fact("How it is measured.", significance="moderate")
    why: str | None = fact("Why the parameter and its ranges matter.")
    mechanism: str | None = fact("How it acts on the attribute.", significance="minor")
    consequence: str | None = fact("What is seen when it drifts, in which direction.", significance="minor")
    evidence: tuple[EvidenceRef, ...] = fact("Studies, DoE, prior knowledge.", significance="moderate", default=())
    risk: Annotated[RecordId, Reference(("risk",))] | tuple[Annotated[RecordId, Reference(("risk",))], ...] | None = (
        fact("Risk records that propose the class.")
    )
    equipment_requirements: tuple[Annotated[RecordId, Reference(("equipment_requirement",))], ...] = fact(
        "What it asks of equipment.", default=()
    )
    in_process_controls: tuple[Annotated[RecordId, Reference(("in_process_control",))], ...] = fact(
        "Tests that check it.", default=()
    )
    established_conditions: tuple[Annotated[RecordId, Reference(("established_condition",))], ...] = fact(
        "What is filed.", default=()
    )
    viral_safety: bool | None = fact("Whether virus clearance rests on it.", significance="major")
    resolution: Number | None = fact("Resolution of the instrument, in the unit.")
    capability: InputQuantity | None = fact("Capability index (Cpk) and its unit 1.")
    operating_range_of_adjustment: Range | None = fact("Range within which it may be adjusted on purpose.")
    expected_content: str | None = fact("Name of the expected-content entry it answers.", significance="editorial")


class Override(Fact):
    """What a site replaces."""

    setpoint: Number | None = fact("Setpoint at the site.", significance="major")
    ranges: Ranges | None = fact("Ranges at the site; each is replaced whole.", significance="moderate")
    control: Control | str | None = fact("Control at the site.", significance="moderate")
    unit: str | None = fact("Unit where it differs.", significance="moderate")


class SiteOverlay(ControlledRecord):
    """What differs at one site from the general parameter: setpoint, NOR, control, or a narrower PAR."""

    kind: Literal["site_overlay"] = fact("Full name of the kind.", default=...)
    site: SiteRef | None = fact("Site; by default the one in the id.")
    override: Override | None = fact("What is replaced (or write the fields at the top).")
    setpoint: Number | None = fact("Setpoint at the site.", significance="major")
    unit: str | None = fact("Unit where it differs.", significance="moderate")
    ranges: Ranges | None = fact("Ranges at the site; each is replaced whole.", significance="moderate")
    control: Control | str | None = fact("Control at the site.", significance="moderate")
    reason: str | None = fact("Why the site differs.", significance="moderate")
    change_record: Annotated[RecordId, Reference(("change_record",))] | None = fact("Change record.")
    approver: AnyRef | str | None = fact("Who approved it.", significance="moderate")
    expires: date | None = fact("When the difference ends.")

    @property
    def effective(self) -> Override:
        """What the site replaces, whichever way it is written; fields at the top win."""
        inner = self.override or Override()
        return Override(
            setpoint=self.setpoint if self.setpoint is not None else inner.setpoint,
            ranges=self.ranges or inner.ranges,
            control=self.control or inner.control,
            unit=self.unit or inner.unit,
        )

    def field(self, name: str) -> str:
        """Where `name` is written: at the top or under `override`."""
        top, _, _ = name.partition(".")
        return name if getattr(self, top) is not None else f"override.{name}"


class Factor(Fact):
    """A factor of a model with its coding: coded = (raw - centre) / half_range."""

    name: str = fact("Name in the terms.", example="pH", default=...)
    parameter: ParameterRef | None = fact("Parameter.", significance="major")
    unit: str | None = fact("Unit of centre and half range.")
    centre: Number = fact("Raw value coded 0.", significance="major", default=...)
    half_range: Number = fact("Raw distance coded 1.", significance="major", default=...)
    validity: Range | None = fact(
        "Raw values for which the model holds; else the studied range of the parameter, else coded -1 to 1.",
        significance="major",
    )
    variation: Variation | None = fact(
        "How the parameter varies in operation; uniform over the range asked about where not said.",
        significance="moderate",
    )


class Term(Fact):
    """One term of a response model: coefficient times the product of coded factors."""

    factors: tuple[str, ...] = fact(
        "Coded factors multiplied; empty for the intercept; twice for a square.", default=()
    )
    coefficient: Number = fact("Coefficient.", significance="major", default=...)
    p_value: str | None = fact("p value as printed.", example="<.0001")
    standard_error: Number | None = fact("Standard error of the coefficient.")
    ambiguous: str | None = fact("Why the assignment to this response is not certain.")


class Response(Fact):
    """A response of a design space: a mean or a reliability score, with its terms."""

    name: str = fact("Name of the response.", example="aFucosylation", default=...)
    attribute: QualityAttributeRef | None = fact("Quality attribute predicted.")
    unit: str | None = fact("Unit of the response.")
    meaning: Literal["mean", "score"] = fact("Whether terms give a mean or a reliability score.", default="mean")
    limit: Range | None = fact("Limit of the attribute in the design space.", significance="major")
    threshold: Number | None = fact("Least score that meets the reliability.", significance="major")
    terms: tuple[Term, ...] = fact("Terms.", significance="major", default=())
    equation: str | None = fact(
        "Instead of terms: an equation of the factors with numbers, + - * / **, parentheses, exp, log, log10, sqrt, "
        "abs, min and max; exponents are numbers.",
        example="6.59 - 0.62*T - 1.09*pH**2",
        significance="major",
    )
    equation_in: Literal["coded", "raw"] | None = fact(
        "Whether the equation takes coded or raw values of the factors; coded where not said.", significance="major"
    )
    residual_standard_deviation: Number | None = fact("Residual standard deviation, if the model records it.")
    computed_at_centre: Number | None = fact("Published value at the centre, all factors coded 0.")


class DesignSpace(ControlledRecord):
    """A multivariate model of attributes over parameters, and the region it assures (ICH Q8(R2) 2.4.5)."""

    kind: Literal["design_space"] = fact("Full name of the kind.", default=...)
    unit_operation: UnitOperationRef | None = fact("Unit operation.")
    model: Literal["RSM", "PLS", "mechanistic", "region_polygon"] | None = fact("Kind of model.", significance="major")
    model_version: str | None = fact("Version of the model.", significance="major")
    approved_region: bool | None = fact("Whether an authority approved it.", significance="major")
    factors: tuple[Factor, ...] = fact("Factors.", significance="major", default=())
    responses: tuple[Response, ...] = fact("Responses.", significance="major", default=())
    reliability_level: Number | None = fact("Probability that all limits are met.", example=0.99, significance="major")
    validity: str | None = fact("Where the model holds.", significance="moderate")
    evidence: tuple[EvidenceRef, ...] = fact("Studies behind the model.", significance="moderate", default=())
