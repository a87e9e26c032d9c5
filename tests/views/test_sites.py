"""What the pages say of sites: fit, gaps and differences, for packages with no site, one, and very many."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import pytest
from tests.views.test_everything_shown import found, texts

from ttpack.analysis.facility_fit.site_fit import fit_matrix
from ttpack.analysis.facility_fit.verdict import WORST_FIRST
from ttpack.analysis.site_comparison.compare import compare_sites
from ttpack.model.documents import Package as PackageRecord
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package
from ttpack.rules.check import check
from ttpack.rules.registry import Context
from ttpack.source.load import load
from ttpack.source.resources import resource
from ttpack.source.trees import MemoryTree
from ttpack.views.blocks import (
    Callout,
    Card,
    Chip,
    Column,
    Link,
    Mark,
    Page,
    Picture,
    Publication,
    Row,
    Section,
    Table,
    Text,
)
from ttpack.views.publication import publication
from ttpack.views.site_answers import MOST_PAIRS
from ttpack.views.sites import MOST_ROWS, bounded
from ttpack.views.unit_operation_sites import MOST_SITES

TODAY = date(2026, 10, 1)


def amab() -> Package:
    root = resource("samples/amab/package")
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    return load(MemoryTree(files)).package


def made(records: Iterable[Mapping[str, Any]], **manifest: Any) -> Package:
    """A package of the records given."""
    read = {str(one["id"]): KINDS[one["kind"]].model_validate(one) for one in records}
    given = {"kind": "package", "id": "PKG-T", "schema_version": "1", "gates": {}} | manifest
    places = {key: Location("records/a.yaml", 1) for key in read}
    return Package(PackageRecord.model_validate(given), read, {key: {} for key in read}, places)


def published(package: Package) -> Publication:
    return publication(package, check(package, (), Context(TODAY, dict(package.manifest.gates))))


def page(pages: Publication, slug: str) -> Page:
    return next(one for one in pages.pages if one.slug == slug)


@pytest.fixture(scope="module")
def sample() -> Package:
    return amab()


@pytest.fixture(scope="module")
def pages(sample: Package) -> Publication:
    return published(sample)


def cell_text(cell: object) -> str:
    return "".join(texts(cell))


def test_the_first_page_of_the_section_counts_every_verdict_of_each_receiving_site(sample, pages):
    matrix = fit_matrix(sample, sample.manifest.gates)
    table = next(found(page(pages, "sites"), Table))
    assert [row.cells[0][0].record for row in table.rows] == list(sample.receiving_sites)
    for row, site in zip(table.rows, sample.receiving_sites, strict=True):
        counts = Counter(fit.verdict for fit in matrix[site].fits)
        shown = [one.label for one in found(row.cells[2], Chip)]
        numbers = [int(one.text) for one in found(row.cells[2], Text)]
        assert dict(zip(shown, numbers, strict=True)) == dict(counts)
        assert shown == sorted(shown, key=WORST_FIRST.index)
        assert [one.label for one in found(row.cells[3], Chip)] == shown[:1]


def test_open_differences_lead_to_the_page_that_lists_them(sample, pages):
    table = next(found(page(pages, "sites"), Table))
    for row, site in zip(table.rows, sample.receiving_sites, strict=True):
        compared = compare_sites(sample, ("SITE-A", site), TODAY)
        link = next(found(row.cells[5], Link))
        assert link.label == f"{len(compared.unsettled)} of {len(compared.differences)}"
        assert page(pages, link.record).title == f"SITE-A and {site} compared"


def test_every_page_that_the_first_one_names_is_there(pages):
    assert {one.slug for one in pages.pages} >= {
        link.record for link in found(page(pages, "sites"), Link) if link.record.islower()
    }


def test_a_parameter_says_at_every_receiving_site_what_is_asked_and_what_the_site_can(sample, pages):
    section = next(one for one in found(page(pages, "uo-03-brx"), Section) if one.anchor == "PRM-BRX-PH")
    table = next(one for one in found(section, Table) if one.caption.startswith("Fit at each site"))
    fits = {site: fit for site, one in fit_matrix(sample, sample.manifest.gates).items() for fit in one.parameters
            if fit.about == "PRM-BRX-PH"}  # fmt: skip
    for row in table.rows:
        fit = fits[row.cells[0][0].record]
        said = cell_text(row.cells)
        assert fit.verdict in said
        assert fit.required
        assert fit.required.text in said
        assert fit.capability
        assert fit.capability.text in said
    assert {row.cells[0][0].record for row in table.rows} == {"SITE-B", "SITE-C"}


SITE_A = {"kind": "site", "id": "SITE-A", "site_role": "sending"}
SITE_B = {"kind": "site", "id": "SITE-B", "site_role": "receiving"}
UNIT = {"kind": "unit_operation", "id": "UO-X", "title": "Culture"}
PARAMETER = {
    "kind": "process_parameter", "id": "PRM-T", "title": "Temperature", "unit_operation": "UO-X", "unit": "Cel",
    "quantity_kind": "temperature", "setpoint": 37, "classification": "CPP",
    "ranges": {"normal_operating": {"low": 36, "high": 38}, "proven_acceptable": {"low": 30, "high": 40}},
}  # fmt: skip


def equipment(site: str, **changed: Any) -> dict[str, Any]:
    capability = {
        "quantity_kind": "temperature", "unit": "Cel", "parameters": ["PRM-T"], "range": {"low": 5, "high": 60},
        "qualified_range": {"low": 20, "high": 45}, "measuring_range": {"low": 0, "high": 100},
        "accuracy": {"value": "0.2", "unit": "K"}, "control_band": {"value": "0.3", "unit": "K"},
    }  # fmt: skip
    given = {"kind": "site_equipment", "id": f"EQC-{site}", "site": site, "unit_operations": ["UO-X"]}
    return given | {"qualification": "OQ", "capabilities": [capability]} | changed


def bar(pages: Publication) -> str:
    return str(next(one.alt for one in found(page(pages, "uo-x"), Picture) if one.name == "range-bar"))


@pytest.mark.parametrize(
    ("status", "said"), [("OQ", "SITE-B holds 20 to 45"), ("expired", "SITE-B, by design holds 5 to 60"),
                         ("IQ", "SITE-B, by design holds 5 to 60")]
)  # fmt: skip
def test_a_bar_shows_the_range_that_the_verdict_counted(status, said):
    pages = published(made([SITE_A, SITE_B, UNIT, PARAMETER, equipment("SITE-B", qualification=status)]))
    assert said in bar(pages)


def test_a_package_without_sites_has_no_such_section():
    pages = published(made([UNIT, PARAMETER]))
    assert not [one for one in pages.pages if one.section == "Sites"]
    assert "Facility fit" not in {card.title for card in found(page(pages, "index"), Card)}
    assert "holds" not in bar(pages)


def test_a_site_that_says_nothing_is_unknown_everywhere_and_nothing_is_compared():
    pages = published(made([SITE_B, UNIT, PARAMETER], gates={"SITE-B": "G2"}))
    row = next(found(page(pages, "sites"), Table)).rows[0]
    assert {one.label for one in found(row.cells[2], Chip)} == {"UNKNOWN"}
    card = next(card for card in found(page(pages, "index"), Card) if card.title == "Facility fit")
    assert card.value.endswith("UNKNOWN")
    assert not [one for one in pages.pages if one.slug.startswith("compare-")]


def test_very_many_sites_give_a_bounded_number_of_pages_and_rows_and_say_what_is_left_out():
    sites = [f"SITE-R{number:02}" for number in range(40)]
    records: list[dict[str, Any]] = [
        SITE_A,
        *({"kind": "site", "id": site, "site_role": "receiving"} for site in sites),
        UNIT,
        PARAMETER,
    ]
    records += [equipment(site, qualification="none" if site == sites[-1] else "OQ") for site in ("SITE-A", *sites)]
    pages = published(made(records, gates=dict.fromkeys(sites, "G2")))
    assert sum(one.slug.startswith("compare-") for one in pages.pages) <= MOST_PAIRS
    unit = page(pages, "uo-x")
    table = next(one for one in found(unit, Table) if one.caption.startswith("Fit at each site"))
    assert len(table.rows) == MOST_SITES
    assert cell_text(table.rows[0].cells).startswith(sites[-1])
    assert "32 more verdicts" in "".join(texts(unit))
    assert "ttpack compare SITE-A SITE-R12" in "".join(texts(page(pages, "sites")))
    assert bar(pages).count("holds") == MOST_SITES


def test_every_sign_says_in_words_what_it_means(pages):
    signs = [mark for one in pages.pages if one.section == "Sites" for mark in found(one, Mark)]
    assert all(len(mark.meaning) > len(mark.symbol) for mark in signs)


def test_no_table_of_the_section_grows_without_end():
    rows = tuple(Row(((Text(str(number)),),)) for number in range(MOST_ROWS + 5))
    section = Section("All", (Callout("note", "here", (Table((Column("Number"),), rows),)),))
    shown = bounded((section,))
    assert len(next(found(shown, Table)).rows) == MOST_ROWS
    assert f"The first {MOST_ROWS} rows of {MOST_ROWS + 5}" in "".join(texts(shown))
    assert bounded(shown) == shown
