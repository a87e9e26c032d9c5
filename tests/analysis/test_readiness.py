"""Readiness by hand: what counts of two scores, the least category, hard stops, history (alignment.md, "Readiness")."""

from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ttpack.analysis.evidence_digest import evidence_digest
from ttpack.analysis.readiness.categories import CATEGORIES, shown
from ttpack.analysis.readiness.history import history_of, points_of
from ttpack.analysis.readiness.readiness import Readiness, readiness
from ttpack.analysis.readiness.scores import share_of
from ttpack.model.json_text import dumps
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package
from ttpack.rules.check import check
from ttpack.rules.registry import Context
from ttpack.views.readiness import readiness_pages
from ttpack.views.readiness_chart import draw_history

Raw = dict[str, Any]
TODAY = date(2026, 11, 1)
PEOPLE: tuple[Raw, ...] = (
    {"kind": "organisation", "id": "ORG-S", "party": "sending"},
    {"kind": "organisation", "id": "ORG-C", "party": "receiving"},
    {"kind": "role", "id": "ROL-S", "organisation": "ORG-S", "function": "MSAT", "holders": ["PER-S"]},
    {"kind": "role", "id": "ROL-C", "organisation": "ORG-C", "function": "MSAT", "holders": ["PER-C"]},
    {"kind": "role", "id": "ROL-C-QA", "organisation": "ORG-C", "function": "QA"},
    {"kind": "person", "id": "PER-S", "organisation": "ORG-S", "function": "MSAT"},
    {"kind": "person", "id": "PER-C", "organisation": "ORG-C", "function": "MSAT"},
    {"kind": "evidence", "id": "EVI-1", "summary": "what was found"},
)


def package(*records: Raw, **manifest: Any) -> Package:
    every = [{"kind": "site", "id": "SITE-B"}, *PEOPLE, *records]
    models = {raw["id"]: KINDS[raw["kind"]].model_validate(raw) for raw in sorted(every, key=lambda raw: raw["id"])}
    head = {"kind": "package", "id": "PKG-X", "schema_version": "1", "gates": {"SITE-B": "G2"}, **manifest}
    return Package(
        KINDS["package"].model_validate(head),  # type: ignore[arg-type]
        models, {raw["id"]: deepcopy(raw) for raw in every}, {name: Location("x.yaml", 1) for name in models},
    )  # fmt: skip


DIGEST = evidence_digest(package(), ["EVI-1"])


def item(name: str, sending: int | None, receiving: int | None, **fields: Any) -> Raw:
    raw = {
        "kind": "readiness_item", "id": f"RDY-{name}", "title": name, "category": "materials", "weight": 5,
        "site": "SITE-B", "sending_owner": "ROL-S", "receiving_owner": "ROL-C", **fields,
    }  # fmt: skip
    if sending is not None:
        raw.setdefault("sending_score", {"score": sending, "assessor": "PER-S", "on": "2026-09-01"})
    if receiving is not None:
        raw.setdefault("receiving_score", {"score": receiving, "assessor": "PER-C", "on": "2026-09-01"})
    return raw


def answer(*records: Raw, gate: str = "G3", as_of: date = TODAY, **manifest: Any) -> Readiness:
    return readiness(package(*records, **manifest), "SITE-B", gate, as_of)


def of(found: Readiness, category: str) -> Fraction | None:
    return next(one.score for one in found.categories if one.category == category)


PROOF = {"evidence": ["EVI-1"], "evidence_digest": DIGEST, "verified_by": "PER-C"}


def full(but: str = "") -> list[Raw]:
    """Every category closed and verified, but one."""
    return [
        item(name.upper().replace("_", "-"), 4, 4, category=name, **PROOF) for name in CATEGORIES if name != but
    ]  # fmt: skip


def test_a_known_answer_by_hand() -> None:
    found = answer(
        *full("materials"),
        item("A", 4, 3, weight=9, **PROOF),
        item("B", 2, 2, weight=5),
        item("C", 3, 1, weight=3, **PROOF),
        item("D", 2, 0, weight=1),
    )
    # (9*3 + 5*2 + 3*1 + 1*0) / (4*18) = 40/72; the ten others are 1; materials weigh 10 of 100
    assert of(found, "materials") == found.minimum == Fraction(5, 9)
    assert found.mean == (90 + 10 * Fraction(5, 9)) / 100
    assert [one.category for one in found.weakest] == ["materials"]
    assert [one.record.id for one in found.disagreements] == ["RDY-C", "RDY-D"]
    assert (found.reaches_threshold, found.hard_stops, found.to_do) == (False, (), True)
    given = found.as_json()
    assert (given["minimum"], given["mean"], given["threshold"]) == (
        Decimal("0.555"),
        Decimal("0.955"),
        Decimal("0.600"),
    )
    material = next(one for one in given["categories"] if one["category"] == "materials")
    # what each says by itself: (36+10+9+2)/72 and (27+10+3+0)/72
    assert (material["sending"], material["receiving"]) == (shown(Fraction(57, 72)), shown(Fraction(40, 72)))


def test_all_closed_and_verified_is_ready_and_nothing_is_to_do() -> None:
    found = answer(*full())
    assert (found.minimum, found.mean, found.to_do) == (Fraction(1), Fraction(1), False)


def test_the_emptiest_package_is_never_the_greenest() -> None:
    nothing = answer()
    assert (nothing.minimum, nothing.mean, nothing.to_do) == (Fraction(0), Fraction(0), True)
    assert len(nothing.without_item) == len(CATEGORIES)
    assert answer(*full("hse")).minimum == 0
    assert [one.remark for one in answer(*full("hse")).categories if one.category == "hse"] == ["no item: not assessed"]


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({}, 2),
        ({"evidence": ["EVI-1"]}, 2),
        ({"evidence": ["EVI-1"], "evidence_digest": "0" * 64}, 2),
        ({"evidence": ["EVI-9"], "evidence_digest": DIGEST}, 2),
        ({"evidence": ["RDY-A"], "evidence_digest": DIGEST}, 2),
        ({"evidence": ["EVI-1"], "evidence_digest": DIGEST}, 3),
        ({"evidence": ["EVI-1", "EVI-1"], "evidence_digest": f" {(DIGEST or '').upper()} "}, 3),
        ({**PROOF, "verified_by": "PER-S"}, 3),
        ({**PROOF, "verified_by": "ROL-C-QA"}, 3),
        ({**PROOF, "receiving_owner": None}, 3),
        ({**PROOF, "verified_by": "ROL-C"}, 4),
        (PROOF, 4),
    ],
)
def test_a_four_counts_what_its_proof_carries_and_says_why(fields: Raw, counts: int) -> None:
    (found,) = answer(item("A", 4, 4, **fields)).items
    assert (found.counted, found.sending.stated, found.receiving.stated) == (counts, 4, 4)
    assert bool(found.sending.reasons) == bool(found.receiving.reasons) == (counts < 4)


def test_what_changed_after_it_was_scored_no_longer_carries_the_score() -> None:
    raw = item("A", 3, 3, **PROOF)
    before = package(raw)
    changed = {**before.raw, "EVI-1": {**before.raw["EVI-1"], "summary": "found otherwise"}}
    approved = {**before.raw, "EVI-1": {**before.raw["EVI-1"], "status": "approved"}}
    for raws, counts in ((before.raw, 3), (approved, 3), (changed, 2)):
        now = Package(before.manifest, before.records, raws, before.locations)
        assert readiness(now, "SITE-B", "G3", TODAY).items[0].counted == counts


@pytest.mark.parametrize(
    ("fields", "counts"),
    [
        ({"sending_score": {"score": 2, "assessor": "PER-C"}}, 0),
        (
            {
                "sending_score": {"score": 2, "assessor": "J. Doe"},
                "receiving_score": {"score": 2, "assessor": "j.  doe"},
            },
            0,
        ),
        ({"sending_score": {"score": 2, "assessor": "ROL-S"}}, 2),
        ({"receiving_score": {"score": 2, "assessor": "PER-C", "on": "2026-11-02"}}, 0),
        ({"receiving_score": {"score": 2, "assessor": "PER-C", "on": "2026-11-01"}}, 2),
        ({"not_applicable_reason": "no such thing"}, 0),
        ({"not_applicable_approver": "ROL-C-QA"}, 0),
        ({"not_applicable_reason": "TBD", "not_applicable_approver": "ROL-C-QA"}, 0),
        ({"not_applicable_reason": "no such thing", "not_applicable_approver": "ROL-C"}, 0),
        ({"not_applicable_reason": "no such thing", "not_applicable_approver": "ROL-C-QA"}, None),
    ],
)
def test_a_score_that_is_not_the_partys_own_or_not_yet_given_does_not_count(fields: Raw, counts: int | None) -> None:
    (found,) = answer(item("A", 2, 2, **fields)).items
    assert found.counted == counts


def test_a_category_that_is_not_applicable_leaves_the_minimum_alone() -> None:
    away = {"not_applicable_reason": "no such thing", "not_applicable_approver": "ROL-C-QA"}
    found = answer(*full("hse"), item("HSE", None, None, category="hse", **away))
    assert (found.minimum, of(found, "hse"), found.to_do) == (Fraction(1), None, False)
    every = answer(*(item(name.upper(), None, None, category=name, **away) for name in ("hse", "people")))
    assert every.minimum == 0


@given(st.lists(st.tuples(st.sampled_from([1, 3, 5, 9, None]), st.integers(0, 4)), min_size=1, max_size=6))
def test_an_unknown_weight_never_raises_a_category(items: list[tuple[int | None, int]]) -> None:
    least = share_of([weight for weight, _ in items], [score for _, score in items])

    def every(left: list[tuple[int | None, int]], total: int, most: int) -> Iterator[Fraction]:
        if not left:
            yield Fraction(total, most)
            return
        (weight, score), *rest = left
        for taken in (1, 3, 5, 9) if weight is None else (weight,):
            yield from every(rest, total + taken * score, most + 4 * taken)

    assert least == min(every(items, 0, 0))


def test_no_weight_at_all_is_computed_and_may_stop_the_gate() -> None:
    found = answer(item("A", 2, 2, weight=None), item("B", 1, 1, weight=None))
    assert of(found, "materials") == Fraction(9 * 1 + 1 * 2, 4 * 10)
    assert [one.record for one in found.hard_stops] == ["RDY-B"]


def test_items_of_another_site_do_not_count_and_those_of_none_count_everywhere() -> None:
    found = answer(item("A", 2, 2, site="SITE-Z"), item("B", 1, 1, site=None), item("C", 2, 2, category=None))
    assert [one.record.id for one in found.items] == ["RDY-B", "RDY-C"]
    assert found.categories[-1].label == "Items without a category"


@pytest.mark.parametrize(
    ("record", "stops"),
    [
        (item("A", 4, 1, weight=9), True),
        (item("A", 2, 2, weight=9), False),
        (item("A", None, 2, weight=9), True),
        ({"kind": "assumption", "id": "ASM-1", "impact": "high", "status": "open", "due_gate": "G3"}, True),
        ({"kind": "assumption", "id": "ASM-1", "impact": "high", "status": "open"}, False),
        ({"kind": "assumption", "id": "ASM-1", "impact": "high", "status": "accepted_risk", "due_gate": "G3",
          "expires": "2026-01-01"}, True),
        ({"kind": "assumption", "id": "ASM-1", "impact": "high", "status": "open", "due_gate": "G4"}, False),
        ({"kind": "assumption", "id": "ASM-1", "impact": "high", "status": "confirmed", "due_gate": "G3"}, False),
        ({"kind": "assumption", "id": "ASM-1", "impact": "medium", "status": "open", "due_gate": "G3"}, False),
        ({"kind": "assumption", "id": "ASM-1", "impact": "high", "status": "open", "due_gate": "G3", "site": "SITE-Z"},
         False),
        ({"kind": "historical_deviation", "id": "DVH-1", "classification": "critical", "status": "open",
          "site": "SITE-A"}, True),
        ({"kind": "historical_deviation", "id": "DVH-1", "classification": "critical", "status": "open",
          "site": "SITE-LAB"}, True),
        ({"kind": "historical_deviation", "id": "DVH-1", "classification": "critical", "status": "open",
          "site": "SITE-Z"}, False),
        ({"kind": "historical_deviation", "id": "DVH-1", "classification": "critical", "status": "closed",
          "site": "SITE-A"}, False),
        ({"kind": "historical_deviation", "id": "DVH-1", "classification": "major", "status": "open",
          "site": "SITE-A"}, False),
    ],
)  # fmt: skip
def test_hard_stops(record: Raw, stops: bool) -> None:
    found = answer(record, gate="G3", sending_sites=["SITE-A"], receiving_sites=["SITE-B", "SITE-Z"])
    assert bool(found.hard_stops) == stops


@pytest.mark.parametrize(
    ("fields", "gate"),
    [
        ({"sending_owner": "ROL-S-QA"}, "G5"),
        ({"sending_owner": "ROL-S-QA", "due_gate": "G7"}, "G5"),
        ({"sending_owner": "ROL-S-QA", "due_gate": "G2"}, "G2"),
        ({}, "G4"),
        ({"due_gate": "G5"}, "G4"),
    ],
)
def test_an_assumption_stops_readiness_at_the_gate_that_the_rule_closes(fields: Raw, gate: str) -> None:
    record = {"kind": "assumption", "id": "ASM-1", "impact": "high", "status": "open", **fields}
    stopped = [one for one in ("G1", "G2", "G3", "G4", "G5", "G6") if answer(record, gate=one).hard_stops]
    assert stopped[0] == gate
    (found,) = answer(record, gate=gate).hard_stops
    assert (found.rule, found.owner) == ("ASM-02", fields.get("sending_owner", ""))


def test_weights_of_categories_need_a_change_record() -> None:
    own = {"RDY-01": {"category_weights": {"materials": 100, "hse": 0}}}
    records = [*full("materials"), item("A", 2, 2)]
    assert answer(*records, thresholds=own).mean == Fraction(95, 100)
    own["RDY-01"]["category_weights_record"] = "CHG-1"  # type: ignore[assignment]
    change = {"kind": "change_record", "id": "CHG-1", "status": "approved"}
    # 15+15+8+12+12+10+8+5+0+2 = 87 of 187 at 1, 100 at 1/2
    assert answer(*records, change, thresholds=own).mean == Fraction(137, 187)
    odds: list[Any] = [{"materials": -1}, {"materials": "much"}, {"wealth": 3}, [], {"materials": True}]
    for odd in odds:
        assert answer(*records, change, thresholds={"RDY-01": {"category_weights": odd}}).weights.problem


def test_a_rise_within_two_weeks_of_a_gate_is_named_however_small_its_steps() -> None:
    gate = {"kind": "gate", "id": "GTE-1", "gate": "G2", "site": "SITE-B", "decided_on": "2026-08-25"}

    def at(day: int, score: int) -> Any:
        scores = {
            field: {"score": score, "assessor": who, "on": f"2026-08-{day:02}"}
            for field, who in (("sending_score", "PER-S"), ("receiving_score", "PER-C"))
        }
        items = [item(str(number), None, None, category=name, **scores) for number, name in enumerate(CATEGORIES)]
        when = date(2026, 8, day)
        return points_of(package(gate, *items), ["SITE-B"], when, "", f"{day:040}")["SITE-B"]

    def jumps(*points: Any) -> list[tuple[str, Decimal | None, Decimal | None]]:
        found = history_of(package(gate), "SITE-B", points)
        return [(one.figure, shown(one.before), shown(one.after)) for one in found.jumps]

    assert jumps(at(1, 1), at(20, 2)) == [
        ("minimum", Decimal("0.250"), Decimal("0.500")),
        ("mean", Decimal("0.250"), Decimal("0.500")),
    ]
    assert jumps(at(1, 1), at(5, 2)) == []
    assert jumps(at(1, 1), at(26, 2)) == []
    assert jumps(at(1, 0), at(12, 1), at(20, 2))[0][1:] == (Decimal("0.000"), Decimal("0.500"))
    picture = draw_history(history_of(package(gate), "SITE-B", [at(1, 1), at(20, 2)]))
    assert picture
    assert "2026-08-20: minimum 0.500, mean 0.500. Gates: G2 decided 2026-08-25" in picture.alt


def test_five_thousand_items_with_odd_facts_are_judged_and_written() -> None:
    kinds = [*CATEGORIES, None]
    odd = [
        item(
            f"N{index}", index % 5, None if index % 3 else (index + 2) % 5, category=kinds[index % len(kinds)],
            weight=[1, 3, 5, 9, None][index % 5], evidence=["EVI-1", "EVI-9"][: index % 3],
            site=["SITE-B", None][index % 2], due_gate=[None, "G5"][index % 2],
        )
        for index in range(5000)
    ]  # fmt: skip
    given = package(*odd)
    found = readiness(given, "SITE-B", "G3", TODAY)
    assert len(found.items) == 5000
    assert '"minimum"' in dumps(found.as_json())
    (page,) = readiness_pages(given, TODAY)
    assert page.summary.startswith("Minimum 0.")
    answered = check(given, (), Context(TODAY))
    assert len({(one.record, one.field) for one in answered.findings if one.code == "RDY-01"}) > 5000
