"""The rule on references: what records name must exist, be of the right kind, and be in force (DOC-04)."""

from collections.abc import Iterator
from difflib import get_close_matches
from functools import cached_property

from ttpack.analysis.field_paths import states, takes_text
from ttpack.analysis.parts import fields_holding, parts
from ttpack.model.documents import Document
from ttpack.model.findings import Place, Problem
from ttpack.model.graph import Link
from ttpack.model.ids import is_record_id, overlay_parts, prefix
from ttpack.model.kinds import PREFIXES
from ttpack.model.package import Package
from ttpack.model.quantity import Derived
from ttpack.model.record import Record, Source
from ttpack.rules.registry import CONSISTENCY, Context, Outcome, rule
from ttpack.rules.untyped_references import untyped_references

LOOKING_BACK = frozenset({
    "approval", "at_risk_decision", "change_record", "decision", "gate", "historical_deviation", "not_applicable",
    "open_item", "read_back", "run", "waiver",
})  # fmt: skip
"""Kinds that record what was: they may name what is no longer in force."""

_CUSTOMARY = frozenset(head for heads in PREFIXES.values() for head in heads)

MOST_SUGGESTIONS = 20
"""Similar ids are looked for this often: in a package full of broken references the search would take longest."""


@rule("DOC-04", CONSISTENCY, basis="traceability")
def reference_does_not_resolve(package: Package, context: Context) -> Iterator[Outcome]:
    """A reference names a record or field that does not exist, is of another kind, or is no longer in force.

    Cited external documents must be named with their version, and not be superseded; attachments must have the digest
    that the record gives.
    Why: a reference that leads nowhere is a fact the reader cannot check, and one that leads to a superseded document
    is a fact that has changed.
    Resolve: correct the id (a renamed record keeps its old id in `formerly`), or cite what is in force.
    """
    resolver = _Resolver(package)
    for link in resolver.doubtful(context.graph.links):
        yield from resolver.judge(link)
    for link in untyped_references(package):
        yield from resolver.judge(link)
    for record in package.records.values():
        if fields_holding(type(record), Derived):
            yield from _derivations(resolver, record)
        yield from _sources(resolver, record)
        if record.attachments:
            yield from _attachments(package, record)
        if isinstance(record, Document) and record.external and record.version is None and record.revision is None:
            yield record.at("version"), f"the external document {record.name} is cited without its version"


class _Resolver:
    """What the ids of a package stand for, looked up once."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.gone = {record.id for record in package.records.values() if not record.in_force}
        self.replaced = {
            document.id: document.superseded_by for document in package.of(Document) if document.superseded_by
        }
        self._suggested = 0

    def doubtful(self, links: list[Link]) -> list[Link]:
        """The references that are not plainly in order, as nearly all are; that is quick to see."""
        sound = {record_id: record.kind for record_id, record in self.package.records.items()}
        for record_id in self.gone | self.replaced.keys():
            sound.pop(record_id, None)
        return [
            link
            for link in links
            if link.prints or (kind := sound.get(link.target)) is None or (link.kinds and kind not in link.kinds)
        ]

    def judge(self, link: Link) -> Iterator[Outcome]:
        """The problem of one reference, if it has one."""
        record = self.package.records.get(link.target)
        place = Place(link.source, link.field)
        if record is None:
            if not (self._unreadable(link.target) or self._general_value(link) or self._words(link)):
                yield self._missing(place, link.target)
        elif link.kinds and record.kind not in link.kinds and not self._overlays(record, link.kinds):
            wanted = " or ".join(kind.replace("_", " ") for kind in link.kinds)
            yield place, f"{link.target} is a {record.kind.replace('_', ' ')}; a {wanted} is meant here"
        elif link.prints and not states(self.package, link.target, link.prints):
            yield place, f"the text prints {link.target}.{link.prints}, which {link.target} does not state"
        elif link.target in self.gone or link.target in self.replaced:
            yield from self._no_longer(place, record)

    def document(self, source: Source) -> Document | None:
        """The document that a source names by id, number or title, the cited version first where there are several."""
        named = self._documents.get(source.document, ())
        same = [document for document in named if source.version in (str(document.version), str(document.revision))]
        return next(iter((*same, *named)), None)

    @cached_property
    def _documents(self) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = {}
        for document in self.package.of(Document):
            for name in {document.id, document.number, document.title} - {None}:
                found.setdefault(str(name), []).append(document)
        return found

    def _no_longer(self, place: Place, record: Record) -> Iterator[Outcome]:
        source = self.package.records.get(place.record or "")
        if source is None or source.kind in LOOKING_BACK or not source.in_force or place.field == "supersedes":
            return
        if record.id in self.replaced:
            yield place, f"{record.id} is superseded by {self.replaced[record.id]}"
        else:
            yield place, f"{record.id} ({record.name}) is {record.status} and no longer in force"

    def _unreadable(self, target: str) -> bool:
        return target in self.package.unreadable_ids or overlay_parts(target)[0] in self.package.unreadable_ids

    def _words(self, link: Link) -> bool:
        """Whether the field takes words and this is a number such as SOP-017: no record has an id that begins so."""
        source = self.package.records.get(link.source)
        head = prefix(link.target)
        if source is None or link.prose or head in _CUSTOMARY or head in self._prefixes:
            return False
        return takes_text(type(source), link.field)

    @cached_property
    def _prefixes(self) -> frozenset[str]:
        return frozenset(prefix(record_id) for record_id in self.package.records)

    def _general_value(self, link: Link) -> bool:
        """Whether text prints the value at a site that has no overlay: the general value, which applies there."""
        base, site = overlay_parts(link.target)
        return bool(link.prints and site in self.package.records and states(self.package, base, link.prints))

    def _overlays(self, record: Record, kinds: tuple[str, ...]) -> bool:
        """Whether the record is a site overlay of a record of one of these kinds."""
        base = self.package.records.get(overlay_parts(record.id)[0])
        return record.kind == "site_overlay" and base is not None and base.kind in kinds

    def _missing(self, place: Place, target: str) -> Outcome:
        renamed = self._renamed.get(target)
        if renamed:
            return place, f"{target} does not exist; it was renamed to {renamed}", f"write {renamed}"
        similar: list[str] = []
        if self._suggested < MOST_SUGGESTIONS:
            self._suggested += 1
            near = [other for other in self.package.records if prefix(other) == prefix(target)]
            similar = get_close_matches(target, near, n=1, cutoff=0.75)
        fix = f"did you mean {similar[0]}? Else add the record or remove the reference" if similar else ""
        return Problem(place, f"{target} does not exist in the package", fix)

    @cached_property
    def _renamed(self) -> dict[str, str]:
        return {
            old: record.id
            for record in self.package.records.values()
            if record.formerly
            for old in ([record.formerly] if isinstance(record.formerly, str) else record.formerly)
        }


def _derivations(resolver: _Resolver, record: Record) -> Iterator[Outcome]:
    """Inputs of derived values: `PRM-X.setpoint` names a record and a field that it states."""
    for field, derived in parts(record, Derived):
        for name, given in derived.inputs.items():
            if not isinstance(given, str):
                continue
            target, _, path = given.strip().partition(".")
            place = record.at(f"{field}.inputs.{name}")
            if not is_record_id(target):
                yield place, f"the input {given[:60]!r} names no field of a record, such as PRM-BRX-PH.setpoint"
            elif target in resolver.package.records and path and not states(resolver.package, target, path):
                yield place, f"the input {given[:60]} is not stated: {target} has no {path[:40]}"
            elif target in resolver.package.records and not path:
                yield place, f"the input {target} names a record, but not which of its fields"
            else:
                yield from resolver.judge(Link(record.id, f"{field}.inputs.{name}", target))


def _sources(resolver: _Resolver, record: Record) -> Iterator[Outcome]:
    """Documents that values come from: by id where the package keeps them, else by the flag of the source."""
    if not record.in_force:
        return
    for field, source in parts(record, Source):
        place = f"{field}.document"
        if source.superseded:
            newer = f" version {source.version}" if source.version else ""
            yield record.at(place), f"the cited document {source.document[:80]}{newer} is superseded"
            continue
        document = resolver.document(source)
        if document is None and is_record_id(source.document):
            yield from resolver.judge(Link(record.id, place, source.document))
        elif document is not None:
            yield from resolver.judge(Link(record.id, place, document.id))
            held = document.revision if document.version is None else document.version
            if held is not None and source.version is not None and str(held) != source.version:
                message = f"version {source.version} of {source.document} is cited, the package holds version {held}"
                yield record.at(f"{field}.version"), message


def _attachments(package: Package, record: Record) -> Iterator[Outcome]:
    for index, attachment in enumerate(record.attachments):
        found = package.attachments.get(attachment.file)
        if attachment.digest and found and attachment.digest != found:
            message = f"{attachment.file} has the digest {found[:12]}..., not {attachment.digest[:12]}... as stated"
            yield record.at(f"attachments[{index}].digest"), message
