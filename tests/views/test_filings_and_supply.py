"""The filings and supply pages answer in words first, and say what cannot be compared instead of leaving it out."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from tests.rules.test_cases import build

from ttpack.views.blocks import Bullets, Page, Section, Table
from ttpack.views.filings import filings_page
from ttpack.views.supply import supply_page
from ttpack.views.words import plain

AS_OF = date(2026, 11, 1)
CONDITION = {
    "kind": "established_condition", "id": "ECN-PH", "element": "PRM-BRX-PH", "market": "US",
    "element_field": "ranges.proven_acceptable", "filed_range": {"low": 6.6, "high": 7.0}, "unit": "[pH]",
}  # fmt: skip
STATE = {
    "kind": "regulatory_state", "id": "REG-US", "market": "US", "state": "approved",
    "sites": [{"site": "SITE-A", "state": "approved"}],
}  # fmt: skip


def filings(*add: dict[str, Any]) -> Page:
    page = filings_page(build({"add": add}), AS_OF)
    assert page is not None
    return page


def answers(page: Page) -> str:
    """The first screen."""
    first = page.blocks[0]
    assert isinstance(first, Bullets)
    return "\n".join(plain(item) for item in first.items)


def rows(page: Page, title: str) -> Iterator[str]:
    for section in page.blocks:
        if isinstance(section, Section) and section.title == title:
            for table in section.blocks:
                assert isinstance(table, Table)
                yield from (" | ".join(plain(cell) for cell in row.cells) for row in table.rows)  # type: ignore[arg-type]


def test_a_package_without_any_of_it_has_no_page() -> None:
    assert filings_page(build({}), AS_OF) is None
    assert supply_page(build({}), AS_OF) is None


def test_drift_from_the_filing_is_said_first_with_both_values() -> None:
    page = filings(CONDITION, STATE)
    assert "0 of 1 filed value agree with the package; 1 differs without an open change record." in answers(page)
    [row] = rows(page, "Filed values and the package")
    assert "6.6 to 7.0" in row
    assert "6.60 to 7.10" in row
    assert "no open change record" in row


def test_an_open_change_record_is_named_and_a_value_that_does_not_convert_is_said() -> None:
    change = {"kind": "change_record", "id": "CHG-9", "title": "Wider range", "state": "proposed"}
    page = filings(CONDITION | {"change_record": "CHG-9"}, change, CONDITION | {"id": "ECN-KG", "unit": "kg"}, STATE)
    assert "1 differs under an open change record; 1 could not be compared" in answers(page)
    first, second = rows(page, "Filed values and the package")
    assert "Wider range" in first
    assert "cannot be expressed" in second


def test_what_a_receiving_site_may_supply_and_what_no_market_says_of_it() -> None:
    assert "Receiving site may supply no market yet (US: not stated)" in answers(filings(STATE))
    named = STATE | {"sites": [{"site": "SITE-B", "state": "approved", "approved_on": date(2026, 11, 1)}]}
    assert "Receiving site may supply US." in answers(filings(named))
    later = STATE | {"sites": [{"site": "SITE-B", "state": "approved", "approved_on": date(2026, 11, 2)}]}
    assert "may supply no market yet" in answers(filings(later))


def test_when_the_plan_was_declared_against_its_first_batch() -> None:
    plan = {"kind": "comparability_plan", "id": "CMP-B", "receiving_site": "SITE-B", "declared_on": date(2026, 8, 25)}
    run = {"kind": "run", "id": "RUN-1", "title": "Batch 1", "run_kind": "PPQ", "site": "SITE-B"}
    assert "no batch whose data it uses is recorded yet" in answers(filings(plan))
    assert "no batch has a date yet" in answers(filings(plan, run))
    assert "7 days before the first batch (Batch 1)" in answers(filings(plan, run | {"started_on": date(2026, 9, 1)}))
    assert "not before the first batch on 2026-08-25" in answers(filings(plan, run | {"started_on": date(2026, 8, 25)}))


def test_a_regulatory_change_in_effect_and_not_assessed_is_on_the_first_screen() -> None:
    watch = {"kind": "regulatory_watch", "id": "RWT-1", "title": "New annex", "in_effect_from": AS_OF}
    assert "In effect and not assessed: New annex" in answers(filings(watch))
    assert "not assessed" in next(rows(filings(watch | {"in_effect_from": None}), "Regulatory changes watched"))


def test_supply_says_what_would_come_too_late_and_what_nobody_can_tell() -> None:
    material = {
        "kind": "material", "id": "MAT-RESIN", "title": "Resin", "gmp_critical": True, "material_class": "resin",
        "lifetime": {"maximum_cycles": 10, "inclusive": False, "cycles_per_batch": 5, "validated": True},
    }  # fmt: skip
    supply = {"site": "SITE-B", "need_date": date(2026, 11, 29), "lead_time": {"value": 5, "unit": "wk"}}
    other = {"kind": "material", "id": "MAT-SALT", "supply": [{"site": "SITE-B", "need_date": date(2026, 12, 1)}]}
    campaign = {"kind": "campaign", "id": "CPN-B", "site": "SITE-B", "batches": 2}
    page = supply_page(build({"add": [material | {"supply": [supply]}, other, campaign]}), AS_OF)
    assert page is not None
    assert "1 of 2 materials would come too late if ordered today; for 1 nobody can tell" in answers(page)
    assert "1 GMP-critical material with one source or a late delivery has no risk record" in answers(page)
    resin, salt = rows(page, "Receiving site")
    assert "4 weeks left, lead time 5 weeks" in resin
    assert "no risk record" in resin
    assert "no lead time is stated" in salt
    [cycles] = rows(page, "Lifetime of resins")
    assert cycles == "Resin | Receiving site | 10 (2 batches) | 9, validated | too many"
