"""What every record of a transfer package has: identity, status, audience, provenance (format.md, model.md)."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from ttpack.model.findings import Place
from ttpack.model.ids import RECORD_ID
from ttpack.model.status import OUT_OF_FORCE

Significance = Literal["editorial", "minor", "moderate", "major"]
Status = Literal["draft", "in_review", "approved", "effective", "superseded", "withdrawn"]
Basis = Literal["measured", "modelled", "prior_knowledge", "vendor", "expert", "inherited", "assumed"]
GateId = Literal["G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7"]
GATES: tuple[GateId, ...] = ("G0", "G1", "G2", "G3", "G4", "G5", "G6", "G7")

Number = Annotated[Decimal, WithJsonSchema({"type": "number"})]
"""An exact decimal that keeps the digits its author wrote; a YAML number, never a string."""

RecordId = Annotated[str, Field(pattern=RECORD_ID)]


@dataclass(frozen=True, slots=True)
class Reference:
    """Marks a field that names other records; `kinds` empty means any kind."""

    kinds: tuple[str, ...] = ()


AnyRef = Annotated[RecordId, Reference()]


def fact(  # noqa: PLR0913  one keyword for each kind of metadata, all optional
    description: str,
    *,
    example: object = None,
    significance: Significance = "minor",
    audience: Literal["record", "internal"] = "record",
    quantity_kind: str | None = None,
    default: Any = None,
    **constraints: Any,
) -> Any:
    """A field of a record with the metadata that diff, editions, forms and documentation are generic over.

    `significance` is the class of a change of this field when no change rule names it. `audience` "internal" keeps
    the field out of every edition but the internal one; "record" follows the record. `default` is
    `REQUIRED` for the few fields without which a record makes no sense.
    """
    extra: dict[str, Any] = {"x-significance": significance, "x-audience": audience}
    if quantity_kind:
        extra["x-quantity-kind"] = quantity_kind
    return Field(
        default,
        description=description,
        examples=None if example is None else [example],
        json_schema_extra=extra,
        **constraints,
    )


REQUIRED: Any = ...
"""Default of the few fields without which a record makes no sense."""


class Fact(BaseModel):
    """A frozen part of a record; unknown fields are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True, use_attribute_docstrings=False)


class Source(Fact):
    """Where a value comes from: a document and the place in it."""

    document: str = fact("Title or number of the document.", example="A-Mab v2.1", default=REQUIRED)
    version: str | None = fact("Version or date of the document.", example="2009-10-30")
    location: str | None = fact("Table, page or section.", example="Table 3.14, p. 77")
    superseded: bool | None = fact("True when a newer version of the cited document is in force.")
    note: str | None = fact("What a reader of the source has to know.", significance="editorial")


class Attachment(Fact):
    """A file of the package that a record names."""

    file: str = fact("Path below the package root.", example="attachments/flow.svg", default=REQUIRED)
    version: str | None = fact("Version of the file's content.", example="1.0")
    digest: str | None = fact("SHA-256 of the content, in hex.", pattern=r"^[0-9a-f]{64}$")
    alternative_text: str | None = fact("What a picture shows, in words.", example="Flow diagram of capture")


class Record(Fact):
    """A record of a transfer package: the fields that all kinds share."""

    kind: str = fact("Full name of the kind.", default=REQUIRED)
    id: RecordId = fact("Stable id, never reused.", example="PRM-BRX-PH", default=REQUIRED)
    title: str | None = fact("Name in the field's words.", example="Culture pH", significance="editorial")
    description: str | None = fact("What this is, in a sentence or two.", significance="editorial")
    audience: (
        tuple[
            Annotated[str, Field(pattern=r"^(internal|partner|regulator|public|party:[A-Z]{2,5}(-[A-Z0-9]+)+)$")], ...
        ]
        | None
    ) = fact(
        "Who may read it: internal, partner (all parties), party:<ORG-ID>, regulator, public. Unlabelled is internal.",
        example=["partner"],
        significance="moderate",
    )
    status: str | None = fact("Where the record is in its life.", example="approved", significance="editorial")
    owner: AnyRef | str | None = fact("Person or role that owns the record.", example="ROL-S-MSAT")
    revision: str | Number | None = fact("Revision of a controlled record.", example="A", significance="editorial")
    effective_date: date | None = fact("Date from which it applies.", significance="editorial")
    supersedes: tuple[str, ...] | str | None = fact("What it replaces.", significance="editorial")
    formerly: tuple[RecordId, ...] | RecordId | None = fact(
        "Earlier ids of this record.", example=["PRM-BRX-ACIDITY"], significance="editorial"
    )
    source: Source | None = fact("Document the values come from.")
    basis: Basis | None = fact("How the values are known.", example="measured", significance="moderate")
    assumption: Annotated[RecordId, Reference(("assumption",))] | None = fact(
        "The assumption a value of basis `assumed` rests on."
    )
    illustrative: bool | None = fact("True for invented example data.", significance="editorial")
    attachments: tuple[Attachment, ...] = fact("Files that belong to the record.", default=())
    know_how: tuple[Annotated[RecordId, Reference(("know_how",))], ...] = fact("Know-how that explains it.", default=())
    note: str | None = fact("Remark for readers.", significance="editorial")
    body: str | None = Field(None, exclude=True, description="Text of a Markdown record; never written as a field.")

    def at(self, field: str = "") -> Place:
        """The place of a field of this record, as rules name it."""
        return Place(self.id, field)

    @property
    def name(self) -> str:
        """Title where there is one, else the id."""
        return self.title or self.id

    @property
    def in_force(self) -> bool:
        """Whether the record counts: not superseded and not withdrawn."""
        return self.status not in OUT_OF_FORCE


class ControlledRecord(Record):
    """A record whose status is that of document control."""

    status: Status | None = fact(
        "draft, in_review, approved, effective, superseded or withdrawn.", example="approved", significance="editorial"
    )
