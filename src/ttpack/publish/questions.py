"""Links by which a reader raises a question on a record: an issue or letter begun for them, which they send."""

from urllib.parse import quote, urlencode

from ttpack.publish.control import record_address
from ttpack.publish.prose import safe_address
from ttpack.publish.records import Target
from ttpack.views.blocks import Publication

_LONGEST_TITLE = 120
_ASKED = "What is asked, and why it matters:\n\n\nAnswer needed by:\n"


def question_address(publication: Publication, record: str, title: str, place: Target) -> str:
    """Where a question on a record of this publication is raised; "" where the package does not say.

    `title` is the record's, `place` where it stands. The question begins with both, the revision and the edition, so
    that whoever answers knows what was read.
    """
    where = publication.questions
    if where is None or not safe_address(where.address):
        return ""
    one_line = " ".join(title.split())
    shown = one_line if len(one_line) <= _LONGEST_TITLE else f"{one_line[:_LONGEST_TITLE]}..."
    subject = f"Question on {record}" + (f": {shown}" if shown and shown != record else "")
    page = record_address(publication, place.slug, place.anchor) or place.address()
    told = {
        "Record": record + (f", {shown}" if shown and shown != record else ""),
        "Read in": f"{publication.document_number}, revision {publication.revision}, {publication.edition} edition",
        "Page": page,
    }
    body = "".join(f"{name}: {value}\n" for name, value in told.items()) + f"\n{_ASKED}"
    address = where.address.rstrip("/")
    match where.forge:
        case "github":
            return f"{address}/issues/new?{_encoded(title=subject, body=body)}"
        case "gitlab":
            return f"{address}/-/issues/new?{_encoded(**{'issue[title]': subject, 'issue[description]': body})}"
        case _:
            # A letter's lines end as RFC 6068 has them.
            return f"{address}?{_encoded(subject=subject, body=body.replace(chr(10), chr(13) + chr(10)))}"


def _encoded(**fields: str) -> str:
    return urlencode(fields, quote_via=quote, safe="", errors="replace")
