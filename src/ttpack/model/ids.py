"""Stable, readable identifiers of records (format.md, "Records")."""

import re

PLAIN_ID = r"[A-Z]{2,5}(-[A-Z0-9]+)+"
"""Pattern of a record id, such as `PRM-BRX-PH`, written without lookaround for every schema validator."""

RECORD_ID = rf"^{PLAIN_ID}(@{PLAIN_ID})?$"
"""Pattern of any record id; a site overlay is `PRM-BRX-PH@SITE-B`."""

LONGEST_ID = 100
"""Most characters of an id: it names pages, files and places in publications."""

_RECORD_ID = re.compile(RECORD_ID)


def is_record_id(text: str) -> bool:
    """Whether `text` is a well-formed record id, overlay ids included."""
    return len(text) <= LONGEST_ID and _RECORD_ID.fullmatch(text) is not None


def overlay_parts(record_id: str) -> tuple[str, str | None]:
    """The overlaid record's id and the site's id, or the id itself and None."""
    base, _, site = record_id.partition("@")
    return base, site or None


def prefix(record_id: str) -> str:
    """The kind's prefix, such as `PRM` of `PRM-BRX-PH`."""
    return record_id.partition("-")[0]


NOT_HERE = "NOT-IN-THIS-EDITION"
"""Stands in an edition for every id that its readers may not read; the same for all, so that it tells nothing."""

NOT_HERE_WORDS = "not in this edition"
"""What readers see in place of `NOT_HERE`."""
