"""What the layout of a section is given: the records of the document, and what the document is about."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from ttpack.model.package import AnyRecord, Package
from ttpack.model.record import Record
from ttpack.views.blocks import Block


@dataclass(frozen=True, slots=True)
class Given:
    """A section to be laid out.

    `package` is the extract of the document: every record it shows in full, and of all others only the title.
    `records` are those of this section, in order. `day` is the effective date of the document, at which it judges what
    depends on a date; None where it states none. Only where the document is `complete` in its scope can anything be
    computed from what it does not show.
    """

    package: Package
    records: tuple[Record, ...]
    fields: tuple[str, ...] = ()
    site: str | None = None
    product: str = ""
    day: date | None = None
    complete: bool = False

    def of(self, kind: type[AnyRecord]) -> list[AnyRecord]:
        """The records of this section that are of one kind, in order."""
        return [record for record in self.records if isinstance(record, kind)]

    def others(self, *kinds: type[Record]) -> list[Record]:
        """The records of this section that are of none of these kinds, in order."""
        return [record for record in self.records if not isinstance(record, kinds)]


Layout = Callable[[Given], tuple[Block, ...]]
