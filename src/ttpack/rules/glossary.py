"""The rule on abbreviations and terms (DOC-05)."""

from collections.abc import Iterator

from ttpack.analysis.abbreviations import NO_ABBREVIATIONS, abbreviations, capitals, prose
from ttpack.model.knowledge import Term
from ttpack.model.package import Package
from ttpack.rules.registry import INFORMATION, Context, Outcome, rule


@rule("DOC-05", INFORMATION, basis="Niazi: different interpretation")
def term_not_in_glossary(package: Package, context: Context) -> Iterator[Outcome]:
    """An abbreviation in prose is defined by no term, or a site's word stands for two terms of the package.

    Each abbreviation is reported once, at its first use.
    Why: what one party abbreviates the other expands, and not always to the same words.
    Resolve: add a `term` record with its definition, write the words out, or give each term its own site synonym.
    """
    known = {word for term in package.in_force(Term) if term.definition for word in _names(term)} | NO_ABBREVIATIONS
    for record in package.records.values():
        if not record.in_force or isinstance(record, Term):
            continue
        for field, text in prose(package.raw.get(record.id, {}), record.body):
            for word in abbreviations(text, known):
                if word not in known:
                    known.add(word)
                    yield record.at(field), f"{word} is used here, and no term of the glossary defines it"
    yield from _ambiguous_synonyms(package)


def _names(term: Term) -> Iterator[str]:
    for text in (term.term, term.title, *(synonym.term for synonym in term.site_synonyms)):
        yield from capitals(text or "")


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
