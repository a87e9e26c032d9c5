"""The package record, controlled documents, approvals, waivers, not-applicable answers, own units."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from ttpack.model.process import SiteRef, UnitOperationRef
from ttpack.model.publication import (
    EDITION_NAME,
    WEB_ADDRESS,
    DocumentRevision,
    DocumentSection,
    EditionDefinition,
    QuestionForge,
    RequiredApproval,
)
from ttpack.model.record import (
    AnyRef,
    ControlledRecord,
    GateId,
    Number,
    Record,
    RecordId,
    Reference,
    Status,
    fact,
)

OrganisationRef = Annotated[RecordId, Reference(("organisation",))]


class Package(Record):
    """The package record, `ttpack.yaml` (format.md, "Files")."""

    kind: Literal["package"] = fact("Full name of the kind.", default=...)
    status: Status | None = fact("Status of the package.", significance="editorial")
    schema_version: str | Number = fact("Version of the format.", example="1", default=...)
    gates: dict[RecordId, GateId] = fact(
        "The last gate passed, per receiving site.", example={"SITE-B": "G2"}, significance="moderate", default={}
    )
    records: tuple[str, ...] = fact("Folders of records.", audience="internal", default=("records",))
    overlays: tuple[str, ...] = fact("Private overlay packages, merged by id at load.", audience="internal", default=())
    product: str | None = fact("Product.", example="A-Mab")
    modality: Literal[
        "mAb", "recombinant", "vaccine", "ADC", "cell", "gene", "plasmid", "small molecule", "small_molecule", "other"
    ] | None = fact("Modality.", example="mAb", significance="major")  # fmt: skip
    product_code: str | None = fact("International non-proprietary name or code.")
    sending_organisation: OrganisationRef | None = fact("Sending organisation.", significance="major")
    receiving_organisations: tuple[OrganisationRef, ...] = fact(
        "Receiving organisations.", significance="major", default=()
    )
    sending_sites: tuple[SiteRef, ...] = fact("Sending sites.", default=())
    receiving_sites: tuple[SiteRef, ...] = fact("Receiving sites.", default=())
    stage: Literal[
        "preclinical", "phase_1", "phase_2", "phase_3", "ppq", "commercial", "early_clinical", "late_clinical"
    ] | None = fact("Stage of development.", example="phase_3", significance="major")  # fmt: skip
    confidentiality_profile: str | None = fact("Confidentiality profile.")
    regulatory_profiles: tuple[str, ...] = fact("Regulatory profiles.", example=["us-601-12-specified"], default=())
    doi: str | None = fact("DOI.")
    licence: str | None = fact("Licence.")
    required_by_gate: dict[GateId, tuple[str, ...]] | None = fact(
        "Kinds required by gate, where they differ from the default.", significance="major"
    )
    required_by_gate_record: AnyRef | None = fact("Change record behind a different list.")
    thresholds: dict[str, Any] = fact("Thresholds of rules, by rule code.", significance="major", default={})
    expected_content: str | None = fact("Version of the expected-content lists.", significance="major")
    editions: dict[Annotated[str, Field(pattern=EDITION_NAME)], EditionDefinition] = fact(
        "Editions of the package's own, by name.",
        example={"laboratory": {"audience": ["partner", "party:ORG-LAB"]}},
        significance="major",
        audience="internal",
        default={},
    )
    document_types: dict[str, tuple[DocumentSection, ...]] = fact(
        "Document types of the package's own: the sections of each, by name.", significance="moderate", default={}
    )
    allowed_signers: str | None = fact(
        "File with the keys that may sign, in OpenSSH's format; `allowed_signers` beside this file where not named.",
        example="approvals/allowed_signers",
        significance="major",
    )
    questions: QuestionForge | None = fact("Where readers raise a question on a record.", significance="editorial")
    site_address: str | None = fact(
        "Address under which the releases are published, printed in the PDF.",
        example="https://transfer.example/amab",
        significance="editorial",
        pattern=WEB_ADDRESS,
    )


class Document(ControlledRecord):
    """A controlled document: a view of records, or an external document that is cited."""

    kind: Literal["document"] = fact("Full name of the kind.", default=...)
    number: str | None = fact("Document number.", example="TTP-001")
    document_type: str | None = fact("Type.", example="process description")
    external: bool | None = fact("True for a cited document that is kept elsewhere.")
    version: str | Number | None = fact("Version of an external document.")
    sections: tuple[str | DocumentSection, ...] = fact(
        "Sections: titles of those of its type, or sections of its own.", default=()
    )
    shows: tuple[AnyRef, ...] = fact("Records it shows.", default=())
    digest: str | None = fact("Digest of its content.", significance="editorial", audience="internal")
    distribution: tuple[AnyRef | str, ...] = fact("Distribution.", default=())
    retention: str | None = fact("Retention.")
    superseded_by: str | None = fact("Version that supersedes it.")
    author: AnyRef | str | None = fact("Person who wrote it, who does not approve it.", example="PER-S-MSAT")
    unit_operation: UnitOperationRef | None = fact("Unit operation it is about, where it is of one only.")
    site: SiteRef | None = fact("Receiving site it is about, where it is of one only.")
    about: AnyRef | None = fact("Run, gate, plan or change record that it reports on.", example="RUN-ENG-01")
    revisions: tuple[DocumentRevision, ...] = fact(
        "Revision history, newest last.", significance="editorial", default=()
    )
    required_approvals: tuple[RequiredApproval, ...] = fact(
        "Approvals it needs; those of both quality units where none is named.", significance="moderate", default=()
    )


class Approval(Record):
    """An approval of one document digest in one edition, by reference or signed."""

    kind: Literal["approval"] = fact("Full name of the kind.", default=...)
    status: Status | None = fact("Status.", significance="editorial")
    document: AnyRef | None = fact("Document approved.")
    document_revision: str | Number | None = fact("Its revision.")
    digest: str | None = fact("Digest approved.")
    edition: str | None = fact("Edition approved.")
    system: str | None = fact("Validated system that holds the approval.")
    document_id: str | None = fact("Id in that system.")
    version: str | Number | None = fact("Version in that system.")
    approved_on: date | datetime | None = fact("Date and time with zone.")
    printed_name: str | None = fact("Printed name.")
    person: AnyRef | None = fact("Person.")
    role: AnyRef | str | None = fact("Role held.")
    meaning: Literal["author", "review", "approval", "acknowledgement"] | None = fact("Meaning of the signature.")
    entered_by: AnyRef | str | None = fact("Who entered it.")
    verified_by: AnyRef | str | None = fact("Who verified it.")
    signature: str | None = fact("Signature.")


class Waiver(Record):
    """A finding that both QAs accept for a time."""

    kind: Literal["waiver"] = fact("Full name of the kind.", default=...)
    status: Status | None = fact("Status.", significance="editorial")
    rule: Annotated[str, Field(pattern=r"^[A-Z]{2,5}-[0-9]{2}$")] = fact("Rule waived.", example="LNK-04", default=...)
    record: RecordId = fact("Record whose finding is waived.", example="SCL-VI-COMM", default=...)
    field: str | None = fact("Field, where only one is meant.", example="mass_balance")
    reason: str | None = fact("Why.", significance="major")
    approvers: tuple[AnyRef | str, ...] = fact("Both QAs.", significance="major", default=())
    expires: date | None = fact("When it ends.", significance="major")


class NotApplicable(Record):
    """The answer to a required record that a package rightly lacks."""

    kind: Literal["not_applicable"] = fact("Full name of the kind.", default=...)
    status: Status | None = fact("Status.", significance="editorial")
    what: str = fact(
        "What is not applicable: a kind, or `<record id>: <name of the expected content>`.",
        example="UO-09-SVRF: hold after filtration",
        default=...,
    )
    record: AnyRef | None = fact("Record it is about.")
    reason: str | None = fact("Why.", significance="major")
    approver: AnyRef | str | None = fact("Who approved it.", significance="major")


class UnitDefinition(Record):
    """A unit of the package's own."""

    kind: Literal["unit_definition"] = fact("Full name of the kind.", default=...)
    status: Status | None = fact("Status.", significance="editorial")
    code: str = fact("Code.", example="{vial}", default=...)
    aliases: tuple[str, ...] = fact("Aliases.", default=())
    dimension: str | None = fact("A dimension of its own, by name.", example="vials")
    base_unit: str | None = fact("Unit it is a multiple of.", example="L")
    factor: Number | None = fact("How many base units one is.", example=20, significance="major")
    definition: str | None = fact("What it is.")
