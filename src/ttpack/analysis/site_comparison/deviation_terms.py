"""Each site's own deviation terms, by the class of the package that they stand for."""

from collections.abc import Iterator
from typing import Final

from ttpack.analysis.site_comparison.statements import (
    NONE,
    Asked,
    Field,
    Statement,
    Subject,
    Value,
    code_value,
    collapsed,
)
from ttpack.model.facility import Site

CLASSES: Final = ("event", "minor", "major", "critical")
_TERMS: Final = Subject(("terms",), "Deviation terms")


def statements(asked: Asked) -> Iterator[Statement]:
    """The terms of each class, and the class of each term that several sites use."""
    sites = [site for name in asked.sites if (site := asked.package.get(name, Site)) is not None]
    used: dict[str, set[str]] = {}
    for site in sites:
        for term in site.deviation_terms:
            used.setdefault(collapsed(term).casefold(), set()).add(site.id)
    shared = sorted(term for term, users in used.items() if len(users) > 1)
    others = sorted({_class(each) for site in sites for each in site.deviation_terms.values()} - {*CLASSES})
    for site in sites:
        if site.deviation_terms:
            fields = (*_by_class(site, (*CLASSES, *others)), *_by_term(site, shared))
            yield Statement(_TERMS, (site.id,), site.id, site.name, fields)


def _class(text: str) -> str:
    return collapsed(text).casefold()


def _by_class(site: Site, classes: tuple[str, ...]) -> Iterator[Field]:
    for each in classes:
        terms = sorted(collapsed(term) for term, found in site.deviation_terms.items() if _class(found) == each)
        value = Value("; ".join(terms), ("terms", *(term.casefold() for term in terms))) if terms else _nothing()
        yield Field(f"deviation_terms.{each}", f"term for {each.replace('_', ' ')}", value, "deviation_terms")


def _nothing() -> Value:
    """A site with terms that has none for a class says so: nobody there can record one."""
    return Value(NONE, ("terms",))


def _by_term(site: Site, terms: list[str]) -> Iterator[Field]:
    """What a word means here that another site uses too; a site that does not use it has nothing to differ in."""
    meant = {collapsed(term).casefold(): found for term, found in site.deviation_terms.items()}
    for term in terms:
        value = code_value(meant[term]) if term in meant else None
        yield Field(f"deviation_terms[{term}]", f'meaning of "{term}"', value, "deviation_terms", whole=False)
