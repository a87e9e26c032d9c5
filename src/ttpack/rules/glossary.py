"""The rule on abbreviations and terms (DOC-05)."""

from collections.abc import Iterator

from ttpack.analysis.abbreviations import abbreviations, capitals, prose
from ttpack.model.knowledge import Term
from ttpack.model.package import Package
from ttpack.rules.registry import INFORMATION, Context, Outcome, rule

Use = tuple[str, str, int]
"""The record and field of first use, and in how many records."""


@rule("DOC-05", INFORMATION, basis="Niazi: different interpretation")
def term_not_in_glossary(package: Package, context: Context) -> Iterator[Outcome]:
    """An abbreviation in prose is defined by no term, or a site's word stands for two terms of the package.

    Each abbreviation is reported once, at its first use.
    Why: what one party abbreviates the other expands, and not always to the same words.
    Resolve: add a `term` record with its definition, write the words out, or give each term its own site synonym.
    """
    defined = {word for term in package.in_force(Term) if term.definition for word in _names(term)}
    for word, (record_id, field, count) in _uses(package).items():
        if word not in defined:
            others = f" and {count - 1} more records" if count > 2 else " and one more record" if count > 1 else ""  # noqa: PLR2004
            place = package.records[record_id].at(field)
            yield place, f"{word} is used in {record_id}{others}, and no term of the glossary defines it"
    yield from _ambiguous_synonyms(package)


def _names(term: Term) -> Iterator[str]:
    for text in (term.term, term.title, *(synonym.term for synonym in term.site_synonyms)):
        yield from capitals(text or "")


def _uses(package: Package) -> dict[str, Use]:
    """Each abbreviation with its first use, in the order of records and fields."""
    found: dict[str, Use] = {}
    for record in package.records.values():
        if not record.in_force or isinstance(record, Term):
            continue
        seen: set[str] = set()
        for field, text in prose(package.raw.get(record.id, {}), record.body):
            for word in abbreviations(text):
                if word not in seen:
                    seen.add(word)
                    first_record, first_field, count = found.get(word, (record.id, field, 0))
                    found[word] = (first_record, first_field, count + 1)
    return found


def _ambiguous_synonyms(package: Package) -> Iterator[Outcome]:
    first: dict[tuple[str, str], Term] = {}
    for term in package.in_force(Term):
        for index, synonym in enumerate(term.site_synonyms):
            other = first.setdefault((synonym.site, synonym.term.casefold().strip()), term)
            if other is not term:
                place = term.at(f"site_synonyms[{index}].term")
                message = (
                    f"{package.label(synonym.site)} says {synonym.term[:60]!r} for both {other.name} and {term.name}"
                )
                yield place, message
