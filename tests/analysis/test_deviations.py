"""The agreed classification: total where no cell is missing, gravest first, and quick for a great many cells."""

from datetime import date
from fractions import Fraction
from itertools import pairwise
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.rules.test_cases import build

from ttpack.analysis.deviations.answer import answer, answer_json
from ttpack.analysis.deviations.book import CLASSES, Rulebook
from ttpack.analysis.deviations.cells import coverage
from ttpack.analysis.deviations.classify import Question, classify, rank
from ttpack.analysis.deviations.limits import INTERVALS
from ttpack.analysis.deviations.rulebook import rulebook

AS_OF = date(2026, 10, 16)
DEVIATIONS = CLASSES[1:]


def book(*rows: dict[str, Any], **patch: Any) -> Rulebook:
    added = [{"kind": "deviation_rule", "sponsor_role": "sponsor_informed", **row} for row in rows]
    return rulebook(build({"add": added, **patch}), AS_OF)


def ask(rules: Rulebook, value: str, **said: Any) -> Any:
    asked = {"site": "SITE-B", "stage": "ppq", "parameter": "PRM-BRX-PH", "duration": Fraction(600), **said}
    return answer(rules, Question(value=Fraction(value), **asked))


def row(name: str, deviation_class: str = "major", **fields: Any) -> dict[str, Any]:
    return {"id": name, "interval": "any", "deviation_class": deviation_class, **fields}


SPLITS = st.lists(st.sampled_from([0, 1, 30, 60, 600]), max_size=2, unique=True).map(sorted)


@st.composite
def agreed_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    """Rows that cut durations and stages for each interval, some left out, some covering what others do."""
    found = []
    for place, interval in enumerate(INTERVALS):
        ends = [None, *draw(SPLITS), None]
        for part, (low, high) in enumerate(pairwise(ends)):
            duration = {key: end for key, end in (("low", low), ("high", high)) if end is not None}
            for stages in draw(st.sampled_from([([],), (["ppq"], ["engineering", "gmp", "commercial"])])):
                name = f"DCR-R{place}-{part}-{stages[0].upper() if stages else 'ALL'}"
                cut = {"duration": duration | {"high_inclusive": False}, "duration_unit": "min"} if duration else {}
                found.append(row(name, draw(st.sampled_from(CLASSES)), interval=interval, stages=stages, **cut))
    return found if draw(st.booleans()) else found[: draw(st.integers(1, len(found)))]


@settings(max_examples=40, deadline=None)
@given(
    rows=agreed_rows(), value=st.fractions(4, 10), minutes=st.fractions(0, 1000), stage=st.sampled_from(["ppq", "gmp"])
)
def test_every_value_duration_and_stage_has_exactly_one_class(
    rows: list[dict[str, Any]], value: Fraction, minutes: Fraction, stage: str
) -> None:
    """Classification is total and unambiguous: each reachable cell maps to exactly one class (DEV-01)."""
    rules = book(*rows)
    proof = coverage(rules)
    found = classify(rules, Question("SITE-B", stage, "PRM-BRX-PH", value, duration=minutes * 60))
    assert all(rank(found.deviation_class, CLASSES) >= rank(one.row.deviation_class, CLASSES) for one in found.rows)
    assume(not proof.missing and not proof.doubled)
    assert len(found.rows) == 1
    assert found.deviation_class in CLASSES


@settings(max_examples=40, deadline=None)
@given(rows=agreed_rows(), value=st.fractions(4, 10), minutes=st.fractions(0, 1000))
def test_a_cell_without_a_class_is_one_that_the_proof_names(
    rows: list[dict[str, Any]], value: Fraction, minutes: Fraction
) -> None:
    rules = book(*rows)
    found = classify(rules, Question("SITE-B", "ppq", "PRM-BRX-PH", value, duration=minutes * 60))
    named = [
        one
        for one in coverage(rules).missing
        if one.interval == found.interval and "ppq" in one.stages and one.duration.holds(minutes * 60)
    ]
    assert bool(named) == (not found.rows)


def test_a_value_on_a_limit_belongs_to_its_range_unless_the_range_says_otherwise() -> None:
    rules = book(row("DCR-ALL"))
    assert ask(rules, "6.95").found.interval == "inside_nor"
    assert ask(rules, "6.950000001").found.interval == "nor_to_par"
    open_end = book(row("DCR-ALL"), set={"PRM-BRX-PH": {"ranges.normal_operating.high_inclusive": False}})
    assert ask(open_end, "6.95").found.interval == "nor_to_par"


def test_a_duration_on_a_limit_belongs_to_the_row_that_says_so() -> None:
    cut = {"duration_unit": "min"}
    rules = book(
        row("DCR-SHORT", "minor", duration={"high": 30}, **cut),
        row("DCR-LONG", "major", duration={"low": 30, "low_inclusive": False}, **cut),
    )
    assert ask(rules, "7.05", duration=Fraction(1800)).found.deviation_class == "minor"
    assert ask(rules, "7.05", duration=Fraction(1801)).found.deviation_class == "major"


def test_an_unknown_duration_is_as_grave_as_the_longest_and_as_its_own_row() -> None:
    cut = {"duration_unit": "min"}
    rules = book(
        row("DCR-SHORT", "minor", duration={"high": 30}, **cut),
        row("DCR-LONG", "major", duration={"low": 30, "low_inclusive": False}, **cut),
        row("DCR-UNKNOWN", "critical", event="unknown_duration"),
    )
    found = ask(rules, "7.05", duration=None).found
    assert [one.row.id for one in found.rows] == ["DCR-UNKNOWN", "DCR-LONG", "DCR-SHORT"]
    assert not any("cover the same cell" in one for one in found.open)
    assert any("last in-range reading" in one for one in found.remarks)


def test_two_rows_on_one_cell_are_named_and_the_graver_counts() -> None:
    rules = book(row("DCR-A", "minor"), row("DCR-B", "critical", sponsor_role="sponsor_decides"))
    found = ask(rules, "7.05").found
    assert (found.deviation_class, found.sponsor_role, found.row.id) == ("critical", "sponsor_decides", "DCR-B")
    assert any("DCR-A, DCR-B cover the same cell" in one for one in found.open)


def test_a_missing_cell_has_no_class_and_says_to_call() -> None:
    given_answer = ask(book(row("DCR-OUT", interval="outside_par")), "6.97")
    found = answer_json(given_answer)
    assert (found["class"], found["row"]) == (None, None)
    assert any("QA decides; call" in one for one in found["not_computable"])
    assert not given_answer.settled
    assert found["statement"].startswith("Classification not agreed by both QAs")


def test_a_repeat_counts_only_where_something_is_out_of_range() -> None:
    rows = (
        row("DCR-IN", "not_a_deviation", interval="inside_nor"),
        row("DCR-OUT", "minor", interval="nor_to_par"),
        row("DCR-REPEAT", "major", event="repeat"),
    )
    assert ask(book(*rows), "6.85", repeat=True).found.deviation_class == "not_a_deviation"
    assert ask(book(*rows), "6.97", repeat=True).found.deviation_class == "major"


def test_the_stricter_of_row_and_site_term_decides_and_both_are_recorded() -> None:
    terms = {"SITE-B": {"deviation_terms": {"Level 1": "major"}}}
    found = answer_json(ask(book(row("DCR-ALL", "minor", site_terms={"SITE-B": "level 1"}), set=terms), "6.97"))
    assert (found["class"], found["row_class"]) == ("major", "minor")
    assert found["terms"]["SITE-B"] == {"party": "receiving", "term": "level 1", "class": "major"}
    assert any("stricter" in one for one in found["remarks"])


def test_terms_that_differ_only_in_case_or_spaces_count_as_the_gravest_of_them() -> None:
    terms = {"Level 1": "critical", "level  1": "minor", "LEVEL 1": "event", "Größere": "major"}
    rules = book(
        row("DCR-ALL", "minor", interval="nor_to_par", site_terms={"SITE-B": "level 1"}),
        row("DCR-OUT", "minor", interval="outside_par", site_terms={"SITE-B": "GRÖSSERE"}),
        set={"SITE-B": {"deviation_terms": terms}},
    )
    assert ask(rules, "6.97").found.deviation_class == "critical"
    assert rules.stands_for("SITE-B", "GRÖSSERE") == "major"
    # a browser folds case otherwise, and is told the class of each spelling
    assert rules.as_json()["sites"]["SITE-B"]["stands"] == {
        "GRÖSSERE": "major", "Größere": "major", "LEVEL 1": "critical", "Level 1": "critical", "level 1": "critical",
    }  # fmt: skip


def test_both_quality_units_have_agreed_or_the_answer_says_that_they_have_not() -> None:
    agreed: dict[str, Any] = {"agreed_on": "2026-08-20", "agreed_by": ["ROL-S-QA", "ROL-C-QA"]}
    said = ask(book(row("DCR-ALL", **agreed)), "6.97").found.statement
    assert said.startswith("Initial classification agreed by both QAs on 2026-08-20, revision")
    later = ask(book(row("DCR-ALL", **agreed | {"agreed_on": "2026-12-01"})), "6.97").found.statement
    assert later.startswith("Classification not agreed by both QAs: it is agreed from 2026-12-01 on")
    one = ask(book(row("DCR-ALL", **agreed | {"agreed_by": ["ROL-S-QA"]})), "6.97").found.statement
    assert "QA of the receiving unit has not approved" in one
    draft = ask(book(row("DCR-ALL", status="in_review", **agreed)), "6.97").found.statement
    assert draft.startswith("Classification not agreed by both QAs: it is still in review")


def test_qa_of_one_company_does_not_agree_for_the_site_of_another() -> None:
    agreed = row("DCR-ALL", agreed_on="2026-08-20", agreed_by=["ROL-S-QA", "ROL-C-QA"])
    other = [
        {"kind": "organisation", "id": "ORG-OTHER", "title": "Other company", "party": "receiving"},
        {"kind": "site", "id": "SITE-Z", "title": "Its plant", "organisation": "ORG-OTHER", "site_role": "receiving"},
        {"kind": "deviation_rule", "sponsor_role": "sponsor_informed", **agreed},
    ]
    sites = {"PKG-MIN": {"gates": {"SITE-B": "G3", "SITE-Z": "G0"}}}
    rules = rulebook(build({"add": other, "set": sites}), AS_OF)
    assert "agreed by both QAs on 2026-08-20" in ask(rules, "6.97").found.statement
    there = ask(rules, "6.97", site="SITE-Z").found.statement
    assert there.startswith("Classification not agreed by both QAs: QA of Other company has not approved.")


def test_limits_follow_the_overlay_and_the_scale_of_the_site() -> None:
    overlay = {
        "kind": "site_overlay", "id": "PRM-BRX-PH@SITE-B", "reason": "loop",
        "ranges": {"normal_operating": {"low": 6.8, "high": 6.9}, "proven_acceptable": {"low": 6.5, "high": 7.0}},
    }  # fmt: skip
    rules = rulebook(build({"add": [overlay]}), AS_OF)
    here = rules.limits_of("PRM-BRX-PH", "SITE-B")
    assert [here.interval_of(Fraction(one)) for one in ("6.9", "6.91", "7.01")] == [
        "inside_nor", "nor_to_par", "outside_par",
    ]  # fmt: skip
    general = rules.limits_of("PRM-BRX-PH", "SITE-A")
    assert general.proven is not None
    assert here.proven is not None
    assert here.proven.ends.low == general.proven.ends.low, "a site does not widen what was proven"
    slower = rules.limits_of("PRM-BRX-AGIT", "SITE-B")
    assert slower.proven is not None
    assert slower.proven.ends.low == Fraction(40) * 42 / 60


def test_a_thousand_parameters_at_many_sites_are_few_groups() -> None:
    pattern = build({}).raw["PRM-BRX-PH"]
    many = [dict(pattern, id=f"PRM-MANY-{number}") for number in range(1000)]
    sites = [{"kind": "site", "id": f"SITE-N{number}", "site_role": "receiving"} for number in range(100)]
    rules = rulebook(
        build({
            "add": [*many, *sites, {"kind": "deviation_rule", **row("DCR-OUT", interval="outside_par")}],
            "gates": {one["id"]: "G2" for one in sites},
        }),
        AS_OF,
    )  # fmt: skip
    found = coverage(rules)
    assert {one.interval for one in found.missing} == {"inside_nor", "nor_to_par", "beyond_edge_of_failure"}
    assert [one.site for one in found.missing] == [None, None, None]
