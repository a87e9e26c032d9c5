"""Which records stand in which section of a controlled document."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ttpack.analysis.controlled_documents.document_types import plain_name, standard_sections
from ttpack.analysis.controlled_documents.scope import in_scope
from ttpack.analysis.controlled_documents.sections import Raw, Section
from ttpack.model.graph import prose_references, strings
from ttpack.model.ids import overlay_parts
from ttpack.model.status import OUT_OF_FORCE


class Records(Protocol):
    """The records of a revision as written, wherever they are kept."""

    def of_kind(self, *kinds: str) -> Sequence[tuple[str, Raw]]:
        """All records of some kinds with their ids, in the order of ids."""

    def get(self, record: str | None) -> Raw:
        """A record; an empty mapping where there is none."""

    def quoted_by(self, records: Iterable[str]) -> frozenset[str]:
        """The records whose values the texts of these records print."""


@dataclass(frozen=True, slots=True)
class Laid:
    """A section with the ids of the records it shows, each record in one section only."""

    section: Section
    records: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The sections of a document in order; `quoted` are records of which the document prints values or names alone.

    A record that is superseded or withdrawn is shown by no document.
    """

    sections: tuple[Laid, ...]
    quoted: frozenset[str]
    complete: bool = False
    """Whether the type selected all that there is, so that what is not shown is not there within the scope."""

    @property
    def shown(self) -> frozenset[str]:
        """The records that stand in a section."""
        return frozenset(record for laid in self.sections for record in laid.records)

    @property
    def with_status(self) -> bool:
        """Whether it reports the status of its records, which their own digests leave out."""
        return any(laid.section.view in STATUS_VIEWS for laid in self.sections if laid.records)

    @property
    def records(self) -> frozenset[str]:
        """Every record that the document shows or quotes."""
        return self.shown | self.quoted


FURTHER = "Further records"
STATUS_VIEWS = frozenset({"fit", "readiness", "runs"})
"""Layouts that say where records are in their life."""
STATE_FIELDS = ("status", "approvals")
"""What such a layout says of a record besides what its digest covers."""


def layout(document: Raw, body: str, records: Records) -> Layout:
    """The layout of a document.

    What it names itself (`shows`, sections of its own) wins: the sections of its type then only sort that. Where it
    names nothing, the sections of its type select, within the unit operation, site and record it is about.
    """
    own = own_sections(document)
    chosen = _chosen(document, type_sections(document, records))
    shows = _ids(document.get("shows"))
    automatic = not shows and not own
    named = [one for one in shows if _counts(records.get(one))]
    linked = _linked(document, body)
    taken: set[str] = set()
    laid = []
    for section in chosen:
        found: Iterable[str]
        if automatic or section in own:
            found = _selected(section, document if automatic else {}, records)
        else:
            found = [one for one in named if _takes(section, one, records)]
        new = [one for one in dict.fromkeys(found) if one not in taken]
        taken |= set(new)
        laid.append(Laid(section, tuple(new)))
    left = tuple(one for one in dict.fromkeys(named) if one not in taken)
    if left:
        laid.append(Laid(Section(FURTHER, view="records"), left))
        taken |= set(left)
    quoted = {one for one in linked if _counts(records.get(one))} | records.quoted_by(taken)
    return Layout(tuple(laid), frozenset(quoted - taken), automatic)


def own_sections(document: Raw) -> tuple[Section, ...]:
    """The sections that a document gives in full."""
    given = document.get("sections") or ()
    return tuple(Section.of(one) for one in given if isinstance(one, Mapping)) if isinstance(given, list) else ()


def type_sections(document: Raw, records: Records) -> tuple[Section, ...]:
    """The sections of the document's type: the package's own by that name, else the standard ones."""
    name = str(document.get("document_type") or "")
    for _, manifest in records.of_kind("package"):
        own = manifest.get("document_types")
        for known, given in own.items() if isinstance(own, Mapping) else ():
            if plain_name(str(known)) == plain_name(name) and isinstance(given, list):
                return tuple(Section.of(one) for one in given if isinstance(one, Mapping))
    return standard_sections(name)


def section_titles(document: Raw) -> tuple[str, ...]:
    """The sections of its type that a document names by their titles."""
    given = document.get("sections") or ()
    return tuple(one for one in given if isinstance(one, str)) if isinstance(given, list) else ()


def _chosen(document: Raw, of_type: Sequence[Section]) -> list[Section]:
    """The document's sections in its own order; those of its type where it names none that the type has."""
    by_title = {plain_name(one.title): one for one in of_type}
    given = document.get("sections") or ()
    found: list[Section] = []
    for one in given if isinstance(given, list) else ():
        section = Section.of(one) if isinstance(one, Mapping) else by_title.get(plain_name(str(one)))
        if section is not None:
            found.append(section)
    return found or list(of_type)


def _ids(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list | tuple) else []


def _counts(raw: Raw) -> bool:
    return bool(raw) and str(raw.get("status")) not in OUT_OF_FORCE


def _takes(section: Section, record: str, records: Records) -> bool:
    return record in section.records or section.takes(records.get(record), _base(record, records))


def _base(record: str, records: Records) -> Raw:
    base, site = overlay_parts(record)
    return records.get(base if site else record)


def _selected(section: Section, scope: Raw, records: Records) -> Iterator[str]:
    """What a section selects: by id, and what is in force of its kinds, with its fields, within the scope."""
    yield from (one for one in section.records if _counts(records.get(one)))
    about = scope.get("about")
    alone = isinstance(about, str) and records.get(about).get("kind") in section.kinds
    for record, raw in records.of_kind(*section.kinds) if section.kinds else ():
        if not _counts(raw) or (alone and record != about):
            continue
        if section.takes(raw, _base(record, records)) and in_scope(record, raw, scope, records.get):
            yield record


def _linked(document: Raw, body: str) -> frozenset[str]:
    texts = (*strings(document), ("body", body))
    return frozenset(target for _, text in texts for target, _ in prose_references(text))
