"""What a person signs: a canonical JSON record that binds every field of the approval."""

from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any, Final

from ttpack.model.documents import Approval
from ttpack.model.json_text import dumps

FORMAT: Final = "ttpack-approval-1"
"""Names the fields that are signed and their order; another set of fields gets another name."""
SIGNED_FIELDS: Final = (
    "document", "document_revision", "digest", "edition", "printed_name", "person", "role", "meaning",
)  # fmt: skip
"""Fields of an approval that are signed as they stand, besides its id, the time and the package."""


def signed_content(approval: Approval, raw: Mapping[str, Any], package: str) -> bytes:
    """The bytes that are signed: one line of JSON in UTF-8 with sorted keys, without spaces.

    Whatever the record lacks is null there, so that nothing can be added later. The time is in UTC.
    """
    moment = signing_moment(approval, raw)
    content = {name: _text(getattr(approval, name)) for name in SIGNED_FIELDS} | {
        "format": FORMAT,
        "package": package,
        "approval": approval.id,
        "approved_on": moment.isoformat().replace("+00:00", "Z") if moment else None,
    }
    return dumps(content, indent=None, sort_keys=True).encode()


def signing_moment(approval: Approval, raw: Mapping[str, Any]) -> datetime | None:
    """When it was signed, in UTC; None without a time of day or without a zone.

    Midnight reads as a plain date in the record, so what its author wrote decides.
    """
    given = approval.approved_on
    if not isinstance(given, datetime):
        written = str(raw.get("approved_on", ""))
        if given is None or "T" not in written:
            return None
        try:
            given = datetime.fromisoformat(written)
        except ValueError:
            given = datetime.combine(given, time())
    try:
        return given.astimezone(UTC) if given.tzinfo else None
    except OverflowError:
        return None


def _text(value: object) -> str | None:
    return None if value is None else str(value)
