"""Words that the page of the ruler and the cards share."""

from collections.abc import Iterable
from typing import Final

from ttpack.analysis.deviations.book import Row, Rulebook
from ttpack.analysis.deviations.classify import NO_DEVIATION
from ttpack.analysis.escalation import Called
from ttpack.model.package import Package
from ttpack.views.blocks import Break, Inline, Inlines, Text
from ttpack.views.classification import called_words

SECTION: Final = "When it drifts"
SLUG: Final = "when-it-drifts"
SHORT: Final = {
    "inside_nor": "inside the normal range", "nor_to_par": "between normal and proven range",
    "outside_par": "outside the proven range", "beyond_edge_of_failure": "beyond the edge of failure",
}  # fmt: skip


def scope_words(row: Row, book: Rulebook) -> str:
    """For how long, in which stages and where a row holds."""
    stages = ", ".join(book.stages.get(one, one) for one in row.stages) or "every stage"
    site = f", only at {book.sites[row.site].label if row.site in book.sites else row.site}" if row.site else ""
    duration = row.duration_open or row.duration_words or "any duration"
    return f"{duration}; {stages}{site}"


def in_lines(items: Iterable[str]) -> Inlines:
    """Each item on a line of its own."""
    found: list[Inline] = []
    for one in items:
        found += [Break()] if found else []
        found.append(Text(one))
    return tuple(found)


def called_or_nobody(package: Package, one: Called | None) -> Inlines:
    """Who is called, with how they are reached."""
    return (Text("nobody"),) if one is None else called_words(package, one)


def term_words(row: Row, site: str, book: Rulebook) -> str:
    """What the site calls it: as the row says, else the site's own term for the class; empty for what is none."""
    mapped = sorted(term for term, found in book.sites[site].terms.items() if found == row.deviation_class)
    return row.site_terms.get(site) or next(iter(mapped), "" if row.deviation_class == NO_DEVIATION else "no term")
