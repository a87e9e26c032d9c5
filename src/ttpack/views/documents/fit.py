"""Facility fit of a document: what its records ask of a site against what its records say the site can do."""

from dataclasses import replace
from typing import TYPE_CHECKING

from ttpack.analysis.facility_fit.site_fit import fits_at
from ttpack.model.facility import SiteEquipment
from ttpack.model.parameter import ProcessParameter, SiteOverlay
from ttpack.views.blocks import Block, Column, Paragraph, Row, Section, Table, Text
from ttpack.views.documents.given import Given
from ttpack.views.documents.register import as_tables
from ttpack.views.fit import LEGEND, gap_list, heat_map
from ttpack.views.words import reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ttpack.model.record import Record

_PLANT_CHECKS = 200
_COUNTED = (ProcessParameter, SiteOverlay)


def fit(given: Given) -> tuple[Block, ...]:
    """The fit of each site, computed from the records of this document alone."""
    package = given.package
    others: Sequence[Record] = given.others(*_COUNTED)
    rest = as_tables(replace(given, records=tuple(others))) if others else ()
    sites = _sites(given)
    if not sites:
        return rest
    matrix = fits_at(package, dict.fromkeys(sites, "G7"), sites)
    blocks: list[Block] = []
    said = "Computed from the records of this document alone, as for a site in routine production."
    blocks.append(Paragraph((Text(said),)))
    if any(one.parameters for one in matrix.values()):
        heated = replace(heat_map(package, matrix), filterable=False)
        blocks.append(Section("Parameters by site", (heated, Paragraph((Text(LEGEND),)))))
    checks = [one for found in matrix.values() for one in found.checks][:_PLANT_CHECKS]
    if checks:
        rows = tuple(
            Row(
                (
                    (Text(one.label),),
                    (reference(package, one.site),),
                    (Text(one.verdict),),
                    (Text("; ".join(one.reasons)),),
                )
            )
            for one in checks
        )
        heads = ("Demand", "Site", "Verdict", "Why")
        blocks.append(Section("Other demands", (Table(tuple(map(Column, heads)), rows, "Demands on the plant"),)))
    return (*blocks, *gap_list(package, matrix), *rest)


def _sites(given: Given) -> tuple[str, ...]:
    if given.site:
        return (given.site,)
    named = given.package.receiving_sites
    return named or tuple(sorted({one.site for one in given.package.of(SiteEquipment) if one.site}))
