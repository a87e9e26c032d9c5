"""What a document prints of its own control: number, revision, status, owner, digest; the same words on every face."""

from ttpack.views.blocks import Approval, Chip, Code, Inlines, Publication, Text, Tone

NOTICE = "Uncontrolled when printed. Verify the current revision before use."
APPROVAL_HEADS = ("Role", "Name", "Party", "Meaning", "Date", "Reference")
NO_HISTORY = "No earlier revision is recorded."
_SHORT_DIGEST = 12
# What stands across each page, and what it tells the reader to do.
_MARKS: dict[str, tuple[str, Tone, str]] = {
    "draft": ("DRAFT", "warning", "Draft: not approved for use."),
    "superseded": ("SUPERSEDED", "bad", "Superseded: a later revision is in force. Do not use."),
    "withdrawn": ("WITHDRAWN", "bad", "Withdrawn: no revision is in force. Do not use."),
}


def effective(publication: Publication) -> str:
    """When it became effective, in words; "" when nothing is said."""
    date = publication.effective_date
    return f"effective {date}" if date[:1].isdigit() else date


def watermark(publication: Publication) -> str:
    """The word that stands across each page of a document not to be worked from, else ""."""
    return _MARKS.get(publication.status.strip().lower(), ("", "good", ""))[0]


def watermark_notice(publication: Publication) -> str:
    """What the watermark means, as a sentence; "" where there is none."""
    return _MARKS.get(publication.status.strip().lower(), ("", "good", ""))[2]


def status_tone(publication: Publication) -> Tone:
    """How the status is coloured."""
    return _MARKS.get(publication.status.strip().lower(), ("", "good", ""))[1]


def edition(publication: Publication) -> str:
    """For whom it is written, in words."""
    return f"{publication.edition} edition" + (f" for {publication.generated_for}" if publication.generated_for else "")


def control_facts(publication: Publication) -> tuple[tuple[str, Inlines], ...]:
    """The control data of the cover, in order; what nobody says is left out."""
    said: list[tuple[str, Inlines]] = [
        ("Document number", (Text(publication.document_number),)),
        ("Revision", (Text(publication.revision),)),
        ("Status", (Chip(publication.status, status_tone(publication)),)),
        ("Edition", (Text(edition(publication).replace(" edition", "", 1)),)),
    ]
    if publication.effective_date:
        said.append(("Effective date", (Text(publication.effective_date),)))
    if publication.owner:
        said.append(("Owner", (Text(publication.owner),)))
    if publication.digest:
        said.append(("Content digest", (Code(_short(publication.digest)), Text(" in short; whole below"))))
        said.append(("SHA-256 of content", (Code(publication.digest),)))
    if publication.address:
        said.append(("Published at", (Text(publication.address),)))
    return (*said, *publication.cover_facts)


def _short(digest: str) -> str:
    return digest.removeprefix("sha256:")[:_SHORT_DIGEST]


def approval_cells(approval: Approval) -> tuple[str, ...]:
    """What a line of the approvals says under each of `APPROVAL_HEADS`; a missing date says that it is pending."""
    said = (approval.role, approval.name, approval.organisation, approval.meaning)
    return (*(text or "–" for text in said), approval.date or "pending", approval.reference or "–")


def record_address(publication: Publication, slug: str, anchor: str) -> str:
    """Where a record of this revision and edition stands on the published site, or "" where no address is given."""
    if not publication.address:
        return ""
    page = publication.places.get(anchor, slug)
    return f"{publication.address.rstrip('/')}/{page}.html" + (f"#{anchor}" if anchor else "")
