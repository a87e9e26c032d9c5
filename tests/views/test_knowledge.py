"""Pages on know-how, assumptions and read-backs: what a reader is told first, and that odd records break nothing."""

from datetime import date
from typing import Any

from tests.rules.test_cases import CASES, build

from ttpack.model.package import Package
from ttpack.publish.terminal import page_text
from ttpack.views.assumptions import assumptions_page, draw_ages, held
from ttpack.views.blocks import Page
from ttpack.views.know_how import know_how_page
from ttpack.views.read_backs import read_backs_page

AS_OF = date(2026, 11, 1)


def package_of(code: str, **more: Any) -> Package:
    """The package of the first, passing case of a rule, with further patches."""
    given = next(case.given for case in CASES if case.code == code)
    return build({"base": given["base"], **more})


def text(page: Page | None) -> str:
    assert page is not None
    return " ".join(page_text(page, 200).split())


def assumption(number: int, **more: Any) -> dict[str, Any]:
    given = {
        "kind": "assumption", "id": f"ASM-{number}", "title": f"Assumption {number}", "status": "open",
        "statement": "It holds.", "impact": "medium", "due_gate": "G4", "site": "SITE-B", "stated_on": "2026-10-02",
    }  # fmt: skip
    return given | more


def test_a_package_without_knowledge_has_no_such_pages() -> None:
    package = build({})
    assert know_how_page(package) is None
    assert assumptions_page(package, AS_OF) is None
    assert read_backs_page(package) is None


def test_coverage_says_what_is_open_and_what_waits_for_acknowledgement() -> None:
    complete = text(know_how_page(package_of("KNW-01")))
    assert "8 of 8" in complete
    assert "acknowledged by Eva Roth on 2026-04-22" in complete
    less = {"KNW-PA-LOOK": {"acknowledged_by": None}, "KNW-PA-NOT": {"status": "draft"}}
    found = text(know_how_page(package_of("KNW-01", set=less)))
    assert "7 of 8" in found
    assert "Protein A chromatography 1! ? 1 1" in found
    assert "Production bioreactor 1 1 0 1" in found
    assert "not acknowledged" in found


def test_parties_that_nobody_asked_are_not_said_to_agree() -> None:
    told = [
        {"party": "ORG-SPONSOR", "statement": "It holds."},
        {"party": "ORG-CDMO", "statement": "It is not shown."},
    ]
    found = text(assumptions_page(build({"add": [assumption(1, positions=told)]}), AS_OF))
    assert "of 1 nobody says whether the other party agrees" in found
    asked = [*told[:1], told[1] | {"agrees": False}]
    found = text(assumptions_page(build({"add": [assumption(1, positions=asked)]}), AS_OF))
    assert "nobody says whether" not in found


def test_grave_know_how_stands_before_newer() -> None:
    grave = {"KNW-PA-FAIL": {"consequence_level": "high"}, "KNW-PA-LOOK": {"acknowledged_on": "2026-09-01"}}
    found = text(know_how_page(package_of("KNW-01", set=grave)))
    table = found[found.index("The gravest first") :]
    assert table.index("Air once") < table.index("Turbid pool") < table.index("Foam on day 3")
    assert "neither adopted nor declined" in table


def test_past_deviations_without_disposition_come_first() -> None:
    other = {"kind": "historical_deviation", "id": "DVH-X", "title": "Air on the column", "status": "open"}
    found = text(know_how_page(package_of("KNW-02", add=[other])))
    assert found.index("Air on the column") < found.index("Probe drift")
    assert "not dispositioned" in found
    assert "no class" in found


def test_what_blocks_the_next_gate_stands_first_with_both_positions() -> None:
    positions = [
        {"party": "ORG-SPONSOR", "statement": "Not before it is shown.", "agrees": False},
        {"party": "ORG-CDMO", "statement": "It does."},
    ]
    later = assumption(1, impact="high", due_gate="G6")
    first = assumption(2, impact="high", due_gate="G4", positions=positions)
    settled = assumption(3, status="confirmed", outcome="Shown.", impact="high")
    package = build({"add": [later, first, settled, assumption(4, due_gate="G3")]})
    assert [one.item.id for one in held(package, AS_OF)] == ["ASM-2", "ASM-1", "ASM-4", "ASM-3"]
    found = text(assumptions_page(package, AS_OF))
    assert "does not share it Not before it is shown." in found
    assert "gate G5" in found, "one due at G6 blocks G5"
    assert found.index("It does.") < found.index("Settled Assumption")
    assert found.index("Shown.") > found.index("Settled Assumption")


def test_the_ageing_chart_says_in_words_what_it_draws() -> None:
    package = build({"add": [assumption(1, impact="high"), assumption(2, stated_on=None, title="A <b> & more")]})
    picture = draw_ages(held(package, AS_OF))
    assert "Assumption 1: 30 days, blocks gate G4" in picture.alt
    assert "A <b> & more: age not stated" in picture.alt
    assert "A &lt;b&gt; &amp; more" in picture.svg
    assert "<b>" not in picture.svg


def test_read_backs_show_disagreement_first_and_what_is_missing() -> None:
    item = {"kind": "open_item", "id": "OPN-PH", "title": "Which probe", "status": "open"}
    changed = {"RBK-PH": {"answer": "disagree", "open_item": "OPN-PH"}, "RBK-CULTURE": {"answer": None}}
    found = text(read_backs_page(package_of("INT-01", set=changed, add=[item])))
    assert found.index("Culture pH disagree") < found.index("Control the culture not answered")
    assert "Which probe" in found
    missing = text(read_backs_page(package_of("INT-01", remove=["RBK-PH"])))
    assert "1 of 2" in missing
    assert "Culture pH not read back" in missing


def test_a_site_that_has_read_back_nothing_is_one_line() -> None:
    more = {"PKG-MIN": {"receiving_sites": ["SITE-B", "SITE-C"]}, "RBK-CULTURE": {"site": "SITE-B"}}
    found = text(read_backs_page(package_of("INT-01", set=more)))
    assert "SITE-C has read back nothing yet: 2 steps and parameters wait." in found


def test_odd_records_break_no_page() -> None:
    odd = [
        {"kind": "know_how", "id": "KNW-X", "statement": "x" * 2000, "scope": ["MAT-NONE"], "told_by": "ROL-GONE"},
        {"kind": "historical_deviation", "id": "DVH-X"},
        {"kind": "read_back", "id": "RBK-X", "about": "PRM-GONE", "site": "SITE-GONE", "answer": "disagree"},
        assumption(
            1, stated_on="2031-01-01", due_gate=None, impact=None, positions=[{"party": "ORG-X", "statement": ""}]
        ),
        {"kind": "assumption", "id": "ASM-X"},
    ]
    package = build({"add": odd})
    assert "…" in text(know_how_page(package))
    assert "Assumption 1" in text(assumptions_page(package, AS_OF))
    assert "has read back nothing yet" in text(read_backs_page(package))
