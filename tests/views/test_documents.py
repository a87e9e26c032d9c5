"""What controlled documents say, and that their content digests cover it: nothing is printed that no digest holds."""

import json
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from ttpack.analysis.controlled_documents.document_types import standard_sections, standard_type, standard_types
from ttpack.analysis.controlled_documents.documents import controlled_documents
from ttpack.analysis.controlled_documents.shown import content_digest, document_layout
from ttpack.analysis.editions.edition import INTERNAL_EDITION
from ttpack.model.digest import document_digest
from ttpack.model.documents import Document
from ttpack.model.documents import Package as PackageRecord
from ttpack.model.json_text import dumps
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package
from ttpack.source.load import load
from ttpack.source.trees import FolderTree
from ttpack.views.blocks import Page, Section
from ttpack.views.documents.chapters import chapters
from ttpack.views.documents.contents import DocumentContent, document_publications
from ttpack.views.documents.pages import document_pages, with_files

MINIMAL = Path(__file__).parents[1] / "packages" / "minimal"
OWN = {"sections": [{
    "title": "Critical", "text": "Held at {{ PRM-BRX-TEMP.setpoint }}, then {{ PRM-PA-FLOW.setpoint }}.",
    "kinds": ["process_parameter"], "where": {"unit_operation": "UO-03-BRX", "classification": ["CPP", "WC-CPP"]},
    "view": "table", "fields": ["setpoint", "ranges.normal_operating"],
}]}  # fmt: skip


def _with(package: Package, *documents: dict[str, Any]) -> Package:
    raws = [{"kind": "document", "status": "draft", "revision": "A", **one} for one in documents]
    records = {raw["id"]: Document.model_validate(raw) for raw in raws}
    return replace(
        package,
        records=dict(sorted((dict(package.records) | records).items())),
        raw=dict(package.raw) | {raw["id"]: raw for raw in raws},
        locations=dict(package.locations) | {raw["id"]: Location("documents.yaml", 1) for raw in raws},
    )


def _types() -> list[dict[str, Any]]:
    return [
        {
            "id": f"DOC-T{place}",
            "number": f"T/{place}",
            "title": name,
            "document_type": name,
            "effective_date": "2026-09-01",
        }
        for place, name in enumerate(standard_types())
    ]


@pytest.fixture(scope="module")
def package() -> Package:
    loaded = load(FolderTree(str(MINIMAL), None)).package
    batch = {"id": "DOC-BATCH", "document_type": "Draft batch-record", "unit_operation": "UO-03-BRX", "site": "SITE-B"}
    return _with(loaded, *_types(), {"id": "DOC-OWN", "number": "CON", **OWN}, batch)


@pytest.fixture(scope="module")
def contents(package: Package) -> dict[str, DocumentContent]:
    return {one.record: one for one in document_publications(package, INTERNAL_EDITION)}


def _text(pages: tuple[Page, ...]) -> str:
    return repr(pages)


def test_every_standard_type_has_a_document_with_real_content(contents: dict[str, DocumentContent]) -> None:
    assert len(contents) == len(standard_types()) + 2
    assert all(one.publication.pages[0].title == "Purpose and scope" for one in contents.values())
    said = {name: _text(contents[f"DOC-T{place}"].publication.pages) for place, name in enumerate(standard_types())}
    assert "Parameters, most critical first" in said["process description"]
    assert "Unit operations in order" in said["process description"]
    assert "Attributes and where they are formed, cleared and controlled" in said["control strategy"]
    assert "Risks, highest score left first" in said["risk assessment"]
    assert "Computed from the records of this document alone" in said["facility fit"]


def test_types_go_by_other_names_in_any_spelling() -> None:
    assert standard_type("Technology_Transfer-Protocol") == "transfer plan"
    assert standard_type("Facility fit and gap report") == "facility fit"
    assert standard_type("letter") == ""
    assert standard_sections("RACI") == standard_sections("responsibility matrix") != ()


def test_a_batch_record_says_what_to_do_with_the_ranges_of_the_site_and_blanks(package: Package) -> None:
    record = package.records["DOC-BATCH"]
    assert isinstance(record, Document)
    shown = document_layout(package, "DOC-BATCH").shown
    assert {package.raw[one].get("unit_operation") for one in shown} <= {"UO-03-BRX", None}
    text = _text(chapters(package, record))
    assert "DRAFT batch record" in text
    for words in ("Batch number", "________", "Done by", "When anything deviates", "Normal operating range"):
        assert words in text


def test_a_team_lays_out_its_own_sections_and_quotes_values(contents: dict[str, DocumentContent]) -> None:
    one = contents["DOC-OWN"]
    text = _text(one.publication.pages)
    assert one.file_name == "document-con"
    assert "Held at 3" in text
    assert "{{" not in text
    data = json.loads(one.data)
    assert "PRM-BRX-TEMP" in {record["id"] for record in data["records"]}
    digests = {record["id"]: record["record_digest"] for record in data["records"]}
    assert document_digest(digests) != one.publication.digest
    assert data["document"]["own_words"]["sections"][0]["title"] == "Critical"


def test_a_type_of_the_package_is_the_same_as_sections_of_a_document(package: Package) -> None:
    manifest = package.manifest.id
    raw = {**package.raw[manifest], "document_types": {"House report": OWN["sections"]}}
    changed = replace(package, manifest=KINDS["package"].model_validate(raw), raw=dict(package.raw) | {manifest: raw})  # type: ignore[arg-type]
    changed = _with(changed, {"id": "DOC-HOUSE", "document_type": "house_report"})
    assert document_layout(changed, "DOC-HOUSE").shown == document_layout(changed, "DOC-OWN").shown != frozenset()


def _variants(value: Any) -> Iterator[Any]:
    """The value otherwise: one leaf of it changed, as far as it has any."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int | Decimal):
        yield value + 1
    elif isinstance(value, str):
        yield f"{value} otherwise"
    elif isinstance(value, list):
        for place, item in enumerate(value[:2]):
            for other in _variants(item):
                yield [*value[:place], other, *value[place + 1 :]]
    elif isinstance(value, dict):
        for key, item in value.items():
            for other in _variants(item):
                yield {**value, key: other}


def _mutants(package: Package) -> Iterator[tuple[str, str, Package]]:
    """The package with one field of one record changed, for each field that may be."""
    for record_id, raw in package.raw.items():
        if raw["kind"] == "document":
            continue
        for name, value in raw.items():
            for other in () if name in ("kind", "id", "schema_version") else _variants(value):
                changed = {**raw, name: other}
                try:
                    record = KINDS[raw["kind"]].model_validate(changed)
                except ValidationError:
                    continue
                records = {**package.records, record_id: record}
                manifest = record if isinstance(record, PackageRecord) else package.manifest
                yield (
                    record_id, name,
                    replace(package, manifest=manifest, records=records, raw={**package.raw, record_id: changed}),
                )  # fmt: skip


def test_what_a_document_says_changes_only_with_its_content_digest(package: Package) -> None:
    # few documents of few sections each, so that thousands of changed packages are made and told quickly
    wanted = {"DOC-OWN", "DOC-BATCH", *(f"DOC-T{place}" for place in (1, 2, 4, 10))}
    before = {one: (_text(chapters(package, _document(package, one))), content_digest(package, one)) for one in wanted}
    tried = seen = 0
    for place, (record_id, field, changed) in enumerate(_mutants(package)):
        if (
            (place % 5 and record_id != "PRM-PA-FLOW")
            or field == "title"
            or (record_id == package.manifest.id and field == "product")
        ):
            continue  # titles are the words of links, the product stands on every cover
        for one in sorted({*sorted(wanted)[place % 3 :: 3], "DOC-OWN"}):
            text = _text(chapters(changed, _document(changed, one)))
            differs = content_digest(changed, one) != before[one][1]
            assert text == before[one][0] or differs, f"{one} prints {field} of {record_id}, which its digest lacks"
            tried += 1
            seen += differs
    assert tried > 300
    assert seen > 20


def _document(package: Package, record: str) -> Document:
    found = package.get(record, Document)
    assert found
    return found


def test_the_site_lists_documents_and_leads_to_their_files(
    package: Package, contents: dict[str, DocumentContent]
) -> None:
    pages = document_pages(package)
    assert pages[0].slug == "documents"
    told = with_files(pages, tuple(contents.values()), "../documents")
    page = next(one for one in told if one.anchor == "DOC-OWN")
    text = _text((page,))
    assert "../documents/document-con.pdf" in text
    assert contents["DOC-OWN"].publication.digest in text
    assert any(isinstance(block, Section) and block.title == "What it shows" for block in page.blocks)
    assert "../documents" not in _text(with_files(pages, tuple(contents.values()), ""))


def test_hostile_and_broken_documents_are_laid_out_all_the_same(package: Package) -> None:
    broken = _with(
        package,
        {"id": "DOC-X1", "number": "../../etc/passwd", "shows": ["PRM-GONE", "DOC-X1"], "site": "UO-03-BRX"},
        {
            "id": "DOC-X2",
            "number": "../../etc/passwd",
            "sections": [{"title": "", "kinds": ["nothing"], "where": {"a.b": 1}}],
        },
        {"id": "DOC-X3", "number": "...", "about": "PRM-GONE", "document_type": "engineering run report"},
        {"id": "DOC-X4", "number": "index", "external": True},
    )
    found = document_publications(broken, INTERNAL_EDITION)
    names = [one.file_name for one in found]
    assert len(set(names)) == len(names)
    assert {"etc-passwd", "etc-passwd-2", "doc-x3"} <= set(names)
    assert "DOC-X4" not in {one.record for one in found}
    assert dumps([one.publication.digest for one in found])
    assert {one.record for one in controlled_documents(broken)} >= {"DOC-X1", "DOC-X2", "DOC-X3"}
