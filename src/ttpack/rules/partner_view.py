"""The rule on what the partners' editions cannot redact, and on who is to read what (DOC-07)."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from ttpack.analysis.editions.edition import INTERNAL_EDITION, REGULATOR
from ttpack.analysis.readers import INTERNAL, PARTNER, PUBLIC, may_read
from ttpack.model.documents import Document
from ttpack.model.fields import audience, models_in
from ttpack.model.findings import Place, Problem
from ttpack.model.governance import Organisation, Person
from ttpack.model.graph import strings
from ttpack.model.ids import is_record_id
from ttpack.model.kinds import KINDS
from ttpack.model.package import Package
from ttpack.model.publication import EditionDefinition
from ttpack.model.record import Record
from ttpack.rules.registry import CONSISTENCY, Context, Outcome, rule

if TYPE_CHECKING:
    from pydantic import BaseModel

WORDS_OF_A_TITLE = 5
"""So many words in a row are hardly chance: shorter titles are often what everybody calls the thing."""
SHORTEST_VALUE = 6
"""Shorter values of internal fields are found by chance."""
LONGEST_RUN = 24
"""Of longer runs the first so many words are looked up: texts are hostile, and a look-up costs what it reads."""
FEW_MARKS = 32
"""Up to so many different words are looked for faster in the whole text than among its words."""

_TAKEN = frozenset({INTERNAL_EDITION.name, PARTNER, REGULATOR, PUBLIC})
_WORD = re.compile(r"\w+")
_DIGEST = re.compile("[0-9a-f]{7,64}")
_PARTS = re.compile(r"[,;\n]")
Labels = tuple[str, ...] | None


@rule("DOC-07", CONSISTENCY, basis="IP protection; 21 CFR 11.10(d)", waivable=False)
def confidential_to_others(package: Package, context: Context) -> Iterator[Outcome]:
    """A record says in its words what its readers may not read, or names readers for whom no edition is made.

    An edition leaves out records, internal fields and every id of what it leaves out. What it cannot recognise are
    words: the name of a person or an organisation, an address or a telephone number, the title of another record. An
    audience names organisations of the package; an edition of the package's own has a name of its own, readers, and
    documents that they may read; a document is told where its readers will not see all that it shows.
    Why: what one party keeps to itself would stand in the other party's edition, and a release cannot be called back.
    Resolve: say it in words of its own or by the record's id, or label one of the two records for other readers.
    """
    yield from _words(package)
    yield from _labels(package)
    for name, edition in sorted(package.manifest.editions.items()):
        for message in _edition_problems(package, name, edition):
            yield package.manifest.at(f"editions.{name}"), message
    for document in package.of(Document):
        yield from _shown(package, document)


@dataclass(frozen=True, slots=True)
class _Secret:
    """Words that stand in a record, or in an internal field of it (whose readers are nobody outside)."""

    record: Record
    what: str
    words: str
    audience: Labels
    certain: bool

    def open_to(self, record: Record) -> bool:
        """Whether all readers of a record may read the words where they stand."""
        return (record.id == self.record.id and self.what == "title") or may_read(record.audience, self.audience)


def _words(package: Package) -> Iterator[Outcome]:
    """Words of what may not be read, in what may."""
    readers = {record.audience for record in package.records.values()}
    closed = {one for one in readers if not all(may_read(other, one) for other in readers)}
    secrets: dict[str, list[_Secret]] = {}
    for record in package.records.values():
        for one in _secrets_of(record, package):
            secrets.setdefault(one.words, []).append(one)
    # what everybody may read who may read anything is no secret
    secrets = {
        words: found
        for words, found in secrets.items()
        if all(one.audience is None or one.audience in closed for one in found)
    }
    if not secrets:
        return
    known = _Phrases(secrets)
    for record in package.records.values():
        if not frozenset(record.audience or ()) - {INTERNAL}:
            continue
        if not known.in_text("\n".join(_texts(package, record))):
            continue
        told = set()
        for field, text in (*strings(package.raw.get(record.id, {})), ("body", record.body or "")):
            if field.startswith("x-") or not _in_words(text):
                continue
            for words in known.in_text(text):
                secret = _closed(record, secrets[words])
                if secret and (field, secret.record.id) not in told and audience(record.kind, field) != INTERNAL:
                    told.add((field, secret.record.id))
                    yield _told(record, field, secret)


def _secrets_of(record: Record, package: Package) -> Iterator[_Secret]:
    names = [("title", record.title)]
    if isinstance(record, Organisation):
        names.append(("legal_name", record.legal_name))
    certain = isinstance(record, Person | Organisation)
    for what, given in names:
        words = _WORD.findall((given or "").casefold())
        enough = len(words) > 1 or isinstance(record, Organisation) if certain else len(words) >= WORDS_OF_A_TITLE
        if enough and len("".join(words)) >= SHORTEST_VALUE:
            yield _Secret(record, what, " ".join(words), record.audience, certain)
    if not _has_internal_fields(record.kind):
        return
    for field, text in strings(package.raw.get(record.id, {})):
        hidden = not field.startswith("x-") and audience(record.kind, field) == INTERNAL
        if not hidden or is_record_id(text) or _DIGEST.fullmatch(text):
            continue
        for part in _PARTS.split(text):
            words = _WORD.findall(part.casefold())
            told = len(words) > 2 or "@" in part or any(word[0].isdigit() for word in words)  # noqa: PLR2004
            if told and len(part.strip()) >= SHORTEST_VALUE:
                yield _Secret(record, field, " ".join(words), None, certain=True)


@cache
def _has_internal_fields(kind: str) -> bool:
    """Whether a record of the kind, or a part of it, may have an internal field."""
    models: list[type[BaseModel]] = [KINDS[kind]]
    for model in models:
        if not model.__pydantic_fields_complete__:
            model.model_rebuild()
        for info in model.model_fields.values():
            extra = info.json_schema_extra
            if isinstance(extra, dict) and extra.get("x-audience") == INTERNAL:
                return True
            models += [inner for inner in models_in(info.annotation) if inner not in models]
    return False


def _texts(package: Package, record: Record) -> list[str]:
    """The texts of a record of more than one word, without their places, which is quick."""
    found = [record.body] if record.body else []
    stack: list[Any] = [package.raw.get(record.id, {})]
    for value in stack:
        for one in value.values() if value.__class__ is dict else value:
            if one.__class__ is str:
                if " " in one or "@" in one:
                    found.append(one)
            elif one.__class__ is dict or one.__class__ is list:
                stack.append(one)
    return found


def _in_words(text: str) -> bool:
    """Whether a text is more than an id, a number or a choice."""
    return " " in text or "@" in text


class _Phrases:
    """Runs of words, found in texts at a cost that grows neither with their number nor with how alike they begin."""

    def __init__(self, phrases: Iterable[str]) -> None:
        self.short: set[str] = set()
        self.long: dict[str, list[str]] = {}
        lengths: dict[str, set[int]] = {}
        marks = set()
        for phrase in phrases:
            words = phrase.split()
            if not words:
                continue
            marks.add(max(words, key=len))
            lengths.setdefault(words[0], set()).add(min(len(words), LONGEST_RUN))
            if len(words) < LONGEST_RUN:
                self.short.add(phrase)
            else:
                self.long.setdefault(" ".join(words[:LONGEST_RUN]), []).append(phrase)
        self.lengths = {word: tuple(sorted(found)) for word, found in lengths.items()}
        self.marks = tuple(sorted(marks)) if len(marks) <= FEW_MARKS else ()

    def in_text(self, text: str) -> list[str]:
        """Each run that stands in the text, word for word in any case, the longest ones last."""
        folded = text.casefold()
        if self.marks and not any(mark in folded for mark in self.marks):
            return []
        words = _WORD.findall(folded)
        if self.lengths.keys().isdisjoint(words):
            return []
        found: dict[str, None] = {}
        begun: dict[str, None] = {}
        for place, word in enumerate(words):
            for length in self.lengths.get(word, ()):
                run = " ".join(words[place : place + length])
                if run in self.short:
                    found[run] = None
                elif run in self.long:
                    begun[run] = None
        spaced = f" {' '.join(words)} " if begun else ""
        return [*found, *(one for run in begun for one in self.long[run] if f" {one} " in spaced)]


def _closed(record: Record, secrets: Sequence[_Secret]) -> _Secret | None:
    """The one whose words it is, unless the readers may read them anywhere."""
    return None if any(one.open_to(record) for one in secrets) else secrets[0]


def _told(record: Record, field: str, secret: _Secret) -> Problem:
    readers = ", ".join(record.audience or ())
    held = f"whose {secret.what.replace('_', ' ')} it gives"
    message = f"its readers ({readers}) may not read {secret.record.id}, {held}"
    if secret.audience is None and secret.what not in {"title", "legal_name"}:
        message = f"its readers ({readers}) may not read {secret.what} of {secret.record.id}, which it gives"
    return Problem(record.at(field), message, kind=None if secret.certain else "information")


def _labels(package: Package) -> Iterator[tuple[Place, str]]:
    """Labels of parties that are no organisation of the package: nobody gets an edition with them."""
    named = {organisation.id for organisation in package.of(Organisation)} | package.unreadable_ids
    for record in package.records.values():
        for index, label in enumerate(record.audience or ()):
            party = label.removeprefix("party:")
            if party != label and party not in named:
                yield record.at(f"audience[{index}]"), f"{party} is no organisation of this package, so nobody reads it"


def _edition_problems(package: Package, name: str, edition: EditionDefinition) -> Iterator[str]:
    if name in _TAKEN or name.startswith(f"{PARTNER}-"):
        yield f"the edition {name} is there already: another name is needed"
        return
    labels = frozenset(edition.audience)
    if INTERNAL in labels:
        yield f"the edition {name} is for {INTERNAL} readers, so it would hold everything"
        return
    own = labels - {PUBLIC}
    if own and not any(own & frozenset(record.audience or ()) for record in package.records.values()):
        yield f"no record is labelled for the readers of the edition {name}"
    for document in edition.documents:
        record = package.records.get(document)
        if record is not None and not (labels | {PUBLIC}) & (frozenset(record.audience or ()) - {INTERNAL}):
            yield f"readers of the edition {name} may not read {document}, which it names"


def _shown(package: Package, document: Document) -> Iterator[Problem]:
    """Records that a document names and its readers will not see in it."""
    named = [(f"shows[{index}]", one) for index, one in enumerate(document.shows)]
    named += [
        (f"sections[{place}].records[{index}]", one)
        for place, section in enumerate(document.sections) if not isinstance(section, str)
        for index, one in enumerate(section.records)
    ]  # fmt: skip
    for field, one in named:
        record = package.records.get(one)
        if record is not None and not may_read(document.audience, record.audience):
            readers = ", ".join(document.audience or ())
            yield Problem(
                document.at(field),
                f"not all its readers ({readers}) may read {one}, which it shows",
                kind="information",
            )
