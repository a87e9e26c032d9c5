"""Evidence that the rules of a change ask for, grouped; and what the answer could not see."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ttpack.analysis.change_rules.rule import CLASS_RANK, ChangeRule, Classified
from ttpack.analysis.change_rules.sides import Sides
from ttpack.analysis.change_sites import controlled


@dataclass(frozen=True, slots=True)
class EvidenceNeeded:
    """What evidence is asked for, by which rules, for which changed records."""

    what: str
    rules: tuple[str, ...]
    records: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The evidence as a JSON object."""
        return {"what": self.what, "rules": list(self.rules), "records": list(self.records)}


@dataclass(frozen=True, slots=True)
class CitedDocument:
    """A document kept elsewhere that changed or reached records cite. `record` is empty where the package has none."""

    document: str
    record: str
    version: str
    cited_by: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The document as a JSON object."""
        return {
            "document": self.document, "record": self.record or None, "version": self.version,
            "cited_by": list(self.cited_by),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unseen:
    """What the answer could not look into. Procedures are those of sites, by the record that names them."""

    external_documents: tuple[CitedDocument, ...] = ()
    procedures: Mapping[str, str] = field(default_factory=dict)
    not_assessed: tuple[str, ...] = ()
    private_overlays: tuple[str, ...] = ()
    not_followed_further: int = 0

    def as_json(self) -> dict[str, Any]:
        """What was not seen as a JSON object."""
        return {
            "external_documents": [one.as_json() for one in self.external_documents],
            "procedures": [{"record": record, "procedure": text} for record, text in self.procedures.items()],
            "not_assessed": list(self.not_assessed),
            "private_overlays": list(self.private_overlays),
            "not_followed_further": self.not_followed_further,
        }


def evidence_needed(classified: Iterable[Classified], rules: Mapping[str, ChangeRule]) -> tuple[EvidenceNeeded, ...]:
    """Each piece of evidence once, that of the highest class first."""
    wanted: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for one in sorted(controlled(classified), key=lambda one: -CLASS_RANK[one.change_class]):
        for name in filter(None, (one.rule, *one.also)):
            for text in rules[name].evidence:
                names, records = wanted.setdefault(text, ({}, {}))
                names[name] = records[one.change.record] = None
    return tuple(
        EvidenceNeeded(text, tuple(sorted(names)), tuple(sorted(records))) for text, (names, records) in wanted.items()
    )


def unseen(
    sides: Sides, records: Iterable[str], procedures: Mapping[str, str], context: Mapping[str, Any], cut_off: int
) -> Unseen:
    """What stands outside the package for changed and reached records, and what of the package was not compared.

    `context` says which records were not assessed and which private overlays not compared.
    """
    cited: dict[str, set[str]] = {}
    records = {*records}
    for record in records:
        document = sides.index.sources.get(record)
        if document:
            cited.setdefault(document, set()).add(record)
    return Unseen(
        tuple(_external(sides, cited, records)),
        dict(sorted(procedures.items())),
        tuple(sorted(context.get("not_assessed") or ())),
        tuple(context.get("overlays_not_compared") or ()),
        cut_off,
    )


def _external(sides: Sides, cited: Mapping[str, set[str]], records: set[str]) -> Iterable[CitedDocument]:
    """Sources cited, each with the external document of the package that it names; external documents reached."""
    known = [(record, raw) for record, raw in sides.after.of_kind("document") if raw.get("external")]
    named: dict[str, tuple[str, str]] = {}
    for record, raw in known:
        for text in (raw.get("number"), raw.get("title"), record):
            if text:
                named[str(text)] = record, str(raw.get("version") or "")
    found = {text: CitedDocument(text, *named.get(text, ("", "")), tuple(sorted(by))) for text, by in cited.items()}
    seen = {one.record for one in found.values()}
    for record, raw in known:
        if record in records and record not in seen:
            text = str(raw.get("number") or raw.get("title") or record)
            found[text] = CitedDocument(text, record, str(raw.get("version") or ""), ())
    return [found[text] for text in sorted(found)]
