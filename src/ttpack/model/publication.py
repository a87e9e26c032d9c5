"""What a package says about its own publication: sections of documents, revisions, approvals asked for, editions."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from ttpack.model.record import AnyRef, Fact, Number, RecordId, Reference, fact

AUDIENCE_LABEL = r"^(internal|partner|regulator|public|party:[A-Z]{2,5}(-[A-Z0-9]+)+)$"
EDITION_NAME = r"^[a-z][a-z0-9]*(-[A-Za-z0-9]+)*$"
FORGE_ADDRESS = (
    r"^(https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?|mailto:[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+)$"
)
WEB_ADDRESS = r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)*/?$"

SectionView = Literal[
    "records", "table", "parameters", "control_matrix", "fit", "risk_matrix", "responsibilities", "process_flow",
    "batch_steps", "gate", "readiness", "changes", "runs", "run_report", "campaign", "capability", "method_transfer",
]  # fmt: skip


class DocumentSection(Fact):
    """A section of a controlled document: words of its own, and the records it shows."""

    title: str = fact("Heading.", example="Critical process parameters", default=...)
    text: str | None = fact("Text of the section; may link and quote records.")
    kinds: tuple[str, ...] = fact("Kinds of the records it shows.", example=["process_parameter"], default=())
    where: dict[str, Any] = fact(
        "Fields that the records must have, by dotted name: a value, or a list of which one must hold.",
        example={"unit_operation": "UO-03-BRX", "classification": ["CPP", "WC-CPP"]},
        default={},
    )
    records: tuple[AnyRef, ...] = fact("Records it shows, by id.", default=())
    fields: tuple[str, ...] = fact("Fields shown, in this order; all of them where none is named.", default=())
    view: SectionView | None = fact(
        "How the records are laid out: in full, as a table, or as one of the built-in views.", example="parameters"
    )


class DocumentRevision(Fact):
    """A line of the revision history of a controlled document."""

    revision: str | Number = fact("Revision.", example="B", default=...)
    on: date | None = fact("Date of the revision.")
    summary: str | None = fact("What changed.", example="PAR of culture pH widened")
    change_records: tuple[AnyRef, ...] = fact("Change records behind it.", default=())
    digest: str | None = fact("Content digest of that revision.", audience="internal", pattern=r"^[0-9a-f]{64}$")


class RequiredApproval(Fact):
    """An approval that a controlled document needs before it is approved."""

    function: str | None = fact("Function that approves.", example="QA")
    organisation: Annotated[RecordId, Reference(("organisation",))] | None = fact("Organisation it acts for.")
    role: Annotated[RecordId, Reference(("role",))] | None = fact("The role, where it is one alone.")
    meaning: Literal["author", "review", "approval", "acknowledgement"] = fact(
        "Meaning of the signature.", default="approval"
    )


class EditionDefinition(Fact):
    """An edition of the package's own: who reads it, by audience labels."""

    title: str | None = fact("Name as printed.", example="Edition for the contract laboratory")
    audience: tuple[Annotated[str, Field(pattern=AUDIENCE_LABEL)], ...] = fact(
        "Labels whose records it holds; records for everyone are in every edition.",
        example=["partner", "party:ORG-LAB"],
        significance="major",
        default=...,
    )
    organisation: Annotated[RecordId, Reference(("organisation",))] | None = fact("Organisation it is made for.")
    documents: tuple[AnyRef, ...] = fact(
        "Controlled documents it holds; all that it may read where none is named.", default=()
    )


class QuestionForge(Fact):
    """Where readers raise a question on a record."""

    forge: Literal["github", "gitlab", "mail"] = fact("What stands at the address.", example="github", default=...)
    address: str = fact(
        "Address of the repository, or mailto: and an address.",
        example="https://forge.example/team/amab-transfer",
        pattern=FORGE_ADDRESS,
        default=...,
    )
