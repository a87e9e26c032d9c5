"""Filings, changes, supply plans and safety (ICH Q12, 21 CFR 601.12)."""

from datetime import date
from typing import Annotated, Literal

from ttpack.model.change_proposal import DIGEST, Proposal
from ttpack.model.process import SiteRef
from ttpack.model.quantity import InputQuantity, PositiveCount, Range
from ttpack.model.record import AnyRef, ControlledRecord, Fact, Number, Record, RecordId, Reference, Status, fact

RA_DECIDES = "RA decides"
"""The category of a row that gives none: it may turn out to be any of its vocabulary."""


class EstablishedCondition(ControlledRecord):
    """What is registered of an element in one market."""

    kind: Literal["established_condition"] = fact("Full name of the kind.", default=...)
    element: AnyRef | None = fact("Parameter, specification, method or site.")
    element_field: str | None = fact("Field of the element.", example="ranges.proven_acceptable")
    market: str | None = fact("Market.", example="US")
    registered_detail: bool | None = fact("Whether it is a registered detail.", significance="major")
    is_established_condition: bool | None = fact("Whether it is an established condition.", significance="major")
    category: Literal["PA", "NM", "NL", "NR"] | None = fact("Reporting category (ICH Q12).", significance="major")
    filed_value: Number | str | None = fact("Filed value.", significance="major")
    filed_range: Range | None = fact("Filed range.", significance="major")
    unit: str | None = fact("Unit.")
    dossier_section: str | None = fact("Section of the dossier.", example="3.2.S.2.2")
    protocol: str | None = fact("Approved comparability protocol.")
    protocol_submission: str | None = fact(
        "Submission in which the authority approved the protocol.",
        example="BLA 125999/0041",
        significance="major",
    )
    protocol_approved_on: date | None = fact("When the authority approved the protocol.", significance="major")
    protocol_category: str | None = fact(
        "Category that the protocol fixes: PA, NM, NL, NR, or a code of the market's regulatory profile.",
        example="NM",
        significance="major",
    )
    protocol_rules: tuple[str, ...] = fact(
        "Change rules that the protocol is about; without them every change of the element and its field.",
        example=["CH-31"],
        significance="major",
        default=(),
    )
    lifecycle_document: str | None = fact("Approved product lifecycle management document, by submission and date.")
    lifecycle_submission: str | None = fact(
        "Submission in which the authority approved the lifecycle document or dossier commitment.",
        example="BLA 125999/0000",
        significance="major",
    )
    lifecycle_approved_on: date | None = fact("When the authority approved it.", significance="major")
    change_record: Annotated[RecordId, Reference(("change_record",))] | None = fact(
        "Open change record of a difference."
    )


class SiteApproval(Fact):
    """The approval state of a site in a market."""

    site: SiteRef = fact("Site.", default=...)
    state: Literal["none", "filed", "approved"] = fact("State.", significance="major", default=...)
    approved_on: date | None = fact("When.")


class RegulatoryState(ControlledRecord):
    """The state of the product in one market."""

    kind: Literal["regulatory_state"] = fact("Full name of the kind.", default=...)
    market: str | None = fact("Market.", example="US")
    product: str | None = fact("Product.")
    state: Literal["none", "IND/IMPD", "filed", "approved"] | None = fact("State.", significance="major")
    sites: tuple[SiteApproval, ...] = fact("State of each site.", significance="major", default=())
    submission: str | None = fact("Submission.")
    approved_on: date | None = fact("Approval date.")
    profile: str | None = fact("Regulatory profile.", example="us-601-12-specified")


class ReportingCategory(Fact):
    """One way of reporting a change to an authority."""

    code: str = fact("Short name.", example="CBE-30", significance="major", default=...)
    long_name: str | None = fact("Name in full.", example="Changes being effected in 30 days")
    meaning: str | None = fact("What it asks of the holder of the approval.")
    ich_q12: Literal["PA", "NM", "NL", "NR"] | None = fact(
        "Its category in ICH Q12; without one it counts as prior approval.", significance="major"
    )
    source: str | None = fact("Where it is laid down.", example="21 CFR 601.12(c)")


class ReportingRow(Fact):
    """What a profile proposes for changes under one change rule."""

    rule: str = fact("Change rule.", example="CH-15", default=...)
    category: str = fact("The most restrictive category that the row allows.", significance="major", default=...)
    least: str | None = fact("The least restrictive one, where the row gives several.", significance="major")
    wording: str | None = fact("The proposal in words.", example="AR or CBE-30: RA decides")
    as_worst_change: bool | None = fact(
        "True where the most restrictive category of the other changes counts.", significance="major"
    )
    applies: bool | None = fact("False where the row does not concern products of this profile.")
    legacy_codes: tuple[str, ...] = fact("Item codes of guidelines that are no longer in force.", default=())
    source: str | None = fact("Clause or guidance.", example="21 CFR 601.12(b)")
    note: str | None = fact("Remark.", significance="editorial")


class RegulatoryProfile(ControlledRecord):
    """Which reporting category to propose for a change, in one market and version of its rules."""

    kind: Literal["regulatory_profile"] = fact("Full name of the kind.", default=...)
    profile: str | None = fact("Name by which packages choose it.", example="us-601-12-specified", significance="major")
    version: str | Number | None = fact("Version of the profile.", example="1", significance="major")
    markets: tuple[str, ...] = fact("Markets it is written for; none means any.", example=["US"], default=())
    authority: str | None = fact("Authority.", example="FDA")
    effective_from: date | None = fact("From when the rules behind it apply.", significance="moderate")
    vocabulary: tuple[ReportingCategory, ...] = fact(
        "Categories, from the most to the least restrictive.", significance="major", default=()
    )
    guidance: tuple[str, ...] = fact("Which guidance applies, and to what.", default=())
    rows: tuple[ReportingRow, ...] = fact("A row for each change rule.", significance="major", default=())


class RegulatoryWatch(ControlledRecord):
    """A regulatory change that is coming."""

    kind: Literal["regulatory_watch"] = fact("Full name of the kind.", default=...)
    change: str | None = fact("What changes.")
    market: str | None = fact("Market.")
    in_effect_from: date | None = fact("Effective date.")
    affected: tuple[AnyRef, ...] = fact("Records affected.", default=())
    assessment: str | None = fact("Assessment.")


class ClassTerm(Fact):
    """A site's own class of change."""

    term: str = fact("The site's term.", default=...)
    package_class: Literal["editorial", "minor", "moderate", "major"] = fact("Class of the package.", default=...)
    threshold: str | None = fact("Threshold.")
    required_functions: tuple[str, ...] = fact("Functions required.", default=())
    sponsor_notice: InputQuantity | None = fact("Notice to the sponsor.", quantity_kind="duration")
    sponsor_approval: bool | None = fact("Whether the sponsor approves.")


class ChangeProcedure(ControlledRecord):
    """A site's own change control."""

    kind: Literal["change_procedure"] = fact("Full name of the kind.", default=...)
    site: SiteRef | None = fact("Site.")
    procedure: str | None = fact("Procedure number.")
    class_terms: tuple[ClassTerm, ...] = fact("Class terms.", significance="moderate", default=())
    protocol_items: tuple[str, ...] = fact("Items that a change protocol has to answer.", default=())


class ReviewerDecision(Fact):
    """What a reviewer decided on a proposal."""

    function: str = fact("Function.", example="S-QA", default=...)
    reviewer: AnyRef | str | None = fact("Who.")
    decision: Literal["agree", "disagree", "approve", "reject"] | None = fact("Decision.")
    decided_on: date | None = fact("When.")
    comment: str | None = fact("Comment.")
    proposal_digest: str | None = fact(
        "Digest of the proposal that was decided on, where the record holds one.", pattern=DIGEST
    )


class Implementation(Fact):
    """How far a change is implemented at a site."""

    site: SiteRef = fact("Site.", default=...)
    status: Literal["not_started", "in_progress", "implemented", "not_affected"] | None = fact("Status.")
    first_batch: str | None = fact("Batch of first use.")
    first_use: date | None = fact("Date of first use.")
    documents_retired: tuple[str, ...] = fact("Documents retired; `none` where there are none.", default=())


class ChangeFacet(Fact):
    """One facet of a change and how each example type of change stands to it (A-Mab Table 7.1)."""

    facet: str = fact("Facet.", default=...)
    by_type: dict[str, str] = fact("Value per type of change.", significance="moderate", default=...)


class ChangeRecord(ControlledRecord):
    """A change: what, why, its impact and what people decided.

    `to_digest` and `proposal` are computed; everything else people write, and a refresh leaves it as it is.
    """

    kind: Literal["change_record"] = fact("Full name of the kind.", default=...)
    reason: str | None = fact("Why.")
    from_revision: str | None = fact("Base revision.")
    to_digest: str | None = fact("Digest of the target.", audience="internal")
    entities: tuple[AnyRef, ...] = fact("Records changed.", default=())
    removed_entities: tuple[RecordId, ...] = fact("Ids of records that the change removed.", default=())
    impact: str | None = fact("Impact.")
    change_class: Literal["editorial", "minor", "moderate", "major"] | None = fact("Class.", significance="moderate")
    categories: dict[str, str] = fact("Proposed category per market.", default={})
    decisions: tuple[ReviewerDecision, ...] = fact("Decisions.", default=())
    implementation: tuple[Implementation, ...] = fact("Implementation per site.", default=())
    initiated_by: AnyRef | str | None = fact("Author.")
    initiated_on: date | None = fact("When.")
    state: Literal["proposed", "approved", "rejected", "implemented", "closed"] | None = fact(
        "State.", significance="moderate"
    )
    facets: tuple[ChangeFacet, ...] = fact("Facets assessed.", default=())
    corrections: tuple["Correction", ...] = fact("Corrections of values as printed or as transcribed.", default=())
    proposal: Proposal | None = fact("What `ttpack impact --record` computed; rewritten as a whole.")


class Correction(Fact):
    """A value corrected, with its reason."""

    record: RecordId = fact("Record corrected.", default=...)
    field: str = fact("Field.", default=...)
    was: str = fact("As it was.", default=...)
    now: str = fact("As it is.", default=...)
    reason: str = fact("Why.", default=...)


class HseItem(ControlledRecord):
    """Health, safety and environment of a material or step."""

    kind: Literal["hse_item"] = fact("Full name of the kind.", default=...)
    about: tuple[Annotated[RecordId, Reference(("material", "step", "cell_bank", "unit_operation"))], ...] = fact(
        "What.", default=()
    )
    hazard: str | None = fact("Hazard.")
    safety_data_sheet: str | None = fact("Safety data sheet.")
    exposure_limit: str | None = fact("Occupational exposure limit or band.")
    biosafety_level: str | None = fact("Biosafety level.", example="BSL-1")
    protective_equipment: str | None = fact("Personal protective equipment.")
    spill: str | None = fact("Spill procedure.")
    waste: str | None = fact("Waste route.")
    site: SiteRef | None = fact("Site.")


class DemandForecast(ControlledRecord):
    """A forecast of demand."""

    kind: Literal["demand_forecast"] = fact("Full name of the kind.", default=...)
    product: str | None = fact("Product.")
    periods: tuple["DemandPeriod", ...] = fact("Periods.", default=())
    site: SiteRef | None = fact("Site.")
    forecast_basis: str | None = fact("Basis.")


class DemandPeriod(Fact):
    """Demand of one period."""

    start: date = fact("Start.", default=...)
    end: date = fact("End.", default=...)
    batches: PositiveCount = fact("Batches.", significance="moderate", default=...)


class Investment(Record):
    """An investment with its decision-by date."""

    kind: Literal["investment"] = fact("Full name of the kind.", default=...)
    status: Status | None = fact("Status.", significance="editorial")
    item: str | None = fact("Item.")
    site: SiteRef | None = fact("Site.")
    need_date: date | None = fact("Needed by.")
    lead_time: InputQuantity | None = fact("Lead time.", quantity_kind="duration")
    qualification_time: InputQuantity | None = fact("Time to qualify.", quantity_kind="duration")
    decision_by: date | None = fact("Decision by: need date less lead time and qualification time.")
    decision: Literal["undecided", "approved", "rejected"] | None = fact("Decision.", significance="moderate")
    decided_on: date | None = fact("When.")
    equipment: AnyRef | None = fact("Equipment.")
