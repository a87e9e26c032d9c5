"""The pages on automation and validation answer in words first, with what is open before what is settled."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from tests.rules.test_cases import build

from ttpack.views.automation import automation_page
from ttpack.views.blocks import Block, Bullets, Callout, Page, Paragraph, Section, Table
from ttpack.views.validation import validation_page
from ttpack.views.words import plain

AS_OF = date(2026, 11, 1)
Given = Mapping[str, Any]


def automation(given: Given) -> Page:
    page = automation_page(build(given), AS_OF)
    assert page is not None
    return page


def validation(given: Given) -> Page:
    page = validation_page(build(given), AS_OF)
    assert page is not None
    return page


def lines(blocks: tuple[Block, ...], title: str = "") -> Iterator[str]:
    """Every line of text of a section and of those inside it; of the whole page without a title."""
    for block in blocks:
        if isinstance(block, Section):
            yield from lines(block.blocks, "" if block.title == title else title)
        elif isinstance(block, Table) and not title:
            yield from (" | ".join(plain(cell) for cell in row.cells) for row in block.rows)  # type: ignore[arg-type]
        elif isinstance(block, Bullets) and not title:
            yield from map(plain, block.items)
        elif isinstance(block, Paragraph) and not title:
            yield plain(block.inlines)


def test_a_package_without_maps_has_no_automation_page() -> None:
    assert automation_page(build({"remove": ["AUT-BRX-PH", "AUT-BRX-TEMP", "AUT-PA-LOAD"]}), AS_OF) is None


def test_the_first_screen_counts_what_is_mapped_and_what_differs() -> None:
    page = automation({"set": {"AUT-BRX-PH": {"receiving.scaling": "0-10 V"}}, "remove": ["AUT-BRX-TEMP"]})
    assert isinstance(page.blocks[0], Callout)
    assert page.blocks[0].title == "1 difference between the signals of two sites, 1 without a disposition"
    assert isinstance(page.blocks[1], Bullets)
    said = plain(page.blocks[1].items[0])
    assert "2 of 3 critical parameters mapped; 1 difference, 1 open; 0 copied by hand" in said
    assert "Not mapped: Culture temperature" in said


def test_a_critical_parameter_without_a_map_is_no_success() -> None:
    verdict = automation({"remove": ["AUT-BRX-TEMP"]}).blocks[0]
    assert isinstance(verdict, Callout)
    assert verdict.kind == "warning"
    complete = automation({}).blocks[0]
    assert isinstance(complete, Callout)
    assert complete.kind == "success"


def test_an_open_difference_stands_before_a_settled_one_with_both_values() -> None:
    settled = [{"what": "sampling interval", "disposition": "compared on a common minute"}]
    page = automation({
        "set": {
            "AUT-BRX-PH": {"receiving.sampling_interval.value": 5, "differences": settled},
            "AUT-BRX-TEMP": {"receiving.alarm.high": 35.6},
        }
    })  # fmt: skip
    first, second = lines(page.blocks, "Where the signals differ")
    assert "alarm limits" in first
    assert "34.3 to 35.7" in first
    assert "34.3 to 35.6" in first
    assert "open not listed" in first
    assert "10 s" in second
    assert "5 s" in second
    assert "compared on a common minute" in second


def test_an_agreement_that_expired_is_open_again() -> None:
    old = [{"what": "alarm", "disposition": "accepted", "approval": {"expires": "2026-06-30"}}]
    page = automation({"set": {"AUT-BRX-TEMP": {"receiving.alarm.high": 35.6, "differences": old}}})
    assert "expired on 2026-06-30: accepted" in "\n".join(lines(page.blocks, "Where the signals differ"))


def test_what_is_copied_by_hand_is_said_in_words() -> None:
    page = automation({"set": {"AUT-BRX-PH": {"receiving.manual_transcription": True}}})
    assert "Culture pH WC-CPP: copied by hand at Receiving site" in list(lines(page.blocks, "Copied by hand"))


def test_the_tag_map_shows_both_signals_and_who_sees_the_trend() -> None:
    page = automation({"set": {"AUT-BRX-PH": {"receiving.alarm": None}}})
    row = next(line for line in lines(page.blocks, "Tag map: Sending site to Receiving site") if "AIC-301" in line)
    for part in ("AIC-101.PV", "4-20 mA = 2-12 [pH]", "alarm limits: not stated", "B-HIST", "DCS-B", "24 h", "60 min"):
        assert part in row


def test_the_first_screen_counts_prerequisites_and_states_strategy_and_plan() -> None:
    page = validation({"set": {"MBR-B-PA": {"status": "draft"}}, "remove": ["NAP-KIND-UTILITY"]})
    assert isinstance(page.blocks[0], Callout)
    assert page.blocks[0].kind == "warning"
    assert isinstance(page.blocks[1], Bullets)
    said = plain(page.blocks[1].items[0])
    assert "4 of 9 prerequisites met, 1 open, 1 not computable" in said
    assert "validation strategy none; qualification plan none" in said


def test_what_is_open_names_its_record_and_why() -> None:
    page = validation({"set": {"MBR-B-PA": {"status": "draft"}}})
    text = list(lines(page.blocks, "Before qualification starts"))
    assert "Batch records approved | open 1 of 2" in text
    assert "Batch record of Protein A chromatography: its status is draft" in text


def test_criteria_stand_beside_each_other_and_missing_ones_are_said() -> None:
    page = validation({
        "add": [
            {"kind": "ppq_plan", "id": "PPQ-A", "site": "SITE-A", "acceptance": [
                {"about": "CQA-AGG", "range": {"high": 4}, "unit": "%"}]},
            {"kind": "ppq_plan", "id": "PPQ-B", "site": "SITE-B", "acceptance": [
                {"about": "CQA-AGG", "range": {"high": 3}, "unit": "%"},
                {"about": "PRM-PA-FLOW", "range": {"low": 250}}]},
        ]
    })  # fmt: skip
    text = list(lines(page.blocks, "Qualification plan and criteria"))
    assert "Aggregate | ≤ 4 % | ≤ 3 %" in text
    assert "Host cell protein | no limits | no limits" in text
    assert "Load flow velocity | no limits | ≥ 250" in text


def test_methods_stand_by_laboratory_and_systems_by_site() -> None:
    page = validation({"set": {"MTX-HCP-B": {"status": "in_progress"}, "EQC-B-CH501": {"system": "Skid 5"}}})
    methods = list(lines(page.blocks, "Methods at each laboratory"))
    assert "Receiving site: 3 of 4 methods transferred and approved" in methods
    assert "Host cell protein ELISA validated | in progress, comparative Transfer of MTH-HCP" in methods
    assert any("not listed by it: Skid 5" in line for line in lines(page.blocks, "Computerised systems"))


def test_cleaning_says_how_far_it_is_shown() -> None:
    given = {
        "kind": "cleaning", "id": "CLN-B", "title": "Vessels", "site": "SITE-B", "equipment": ["EQC-B-BR301"],
        "validation": "verification", "verification": "rinse water", "dirty_hold": {"value": 24, "unit": "h"},
    }  # fmt: skip
    text = list(lines(validation({"add": [given]}).blocks, "Cleaning of equipment"))
    row = next(line for line in text if line.startswith("Vessels Receiving site | yes"))
    assert row.endswith("| open no validation protocol | open cleaning is not validated | 24 h | not stated | none")
    assert any("Chromatography skid and column CH-501" in line for line in text)
