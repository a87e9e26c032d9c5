"""Facility fit of a document: what its records ask of a site against what its records say the site can do."""

from dataclasses import replace

from ttpack.analysis.facility_fit.site_fit import fits_at
from ttpack.model.facility import SiteEquipment
from ttpack.views.blocks import Block, Chip, Column, Paragraph, Row, Section, Table, Text
from ttpack.views.documents.given import Given
from ttpack.views.fit import LEGEND, TONES, gap_list, heat_map
from ttpack.views.words import reference, words

_MOST_CHECKS = 200


def fit(given: Given) -> tuple[Block, ...]:
    """The fit of each site, computed from the records of this document alone, and the names of these.

    Where the document does not show all that there is, nothing is computed: what it leaves out is not missing.
    """
    package = given.package
    rests_on = Section("What the fit rests on", (_names(given),))
    sites = _sites(given) if given.complete else ()
    if not sites:
        return (rests_on,)
    matrix = fits_at(package, {}, sites)
    at = ", ".join(f"{package.label(site)} at gate {one.gate}" for site, one in matrix.items())
    blocks: list[Block] = [Paragraph((Text(f"Computed from the records of this document alone: {at}."),))]
    if any(one.parameters for one in matrix.values()):
        heated = replace(heat_map(package, matrix), filterable=False)
        blocks.append(Section("Parameters by site", (heated, Paragraph((Text(LEGEND),)))))
    checks = [one for found in matrix.values() for one in found.checks][:_MOST_CHECKS]
    if checks:
        rows = tuple(
            Row(
                (
                    (Text(one.label),),
                    (reference(package, one.site),),
                    (Chip(one.verdict, TONES[one.verdict]),),
                    (Text("; ".join(one.reasons)),),
                )
            )
            for one in checks
        )
        heads = ("Demand", "Site", "Verdict", "Why")
        blocks.append(Section("Other demands", (Table(tuple(map(Column, heads)), rows, "Demands on the plant"),)))
    return (*blocks, *gap_list(package, matrix), rests_on)


def _names(given: Given) -> Table:
    rows = tuple(
        Row(((Text(record.name),), (Text(record.id),), (Text(words(record.kind)),)), record.id)
        for record in given.records
    )
    return Table((Column("Record"), Column("Id"), Column("Kind")), rows, "Records that the fit rests on")


def _sites(given: Given) -> tuple[str, ...]:
    if given.site:
        return (given.site,)
    named = given.package.receiving_sites
    return named or tuple(sorted({one.site for one in given.package.of(SiteEquipment) if one.site}))
