"""Pages on demand, capacity and investments, and on runs: what a reader is told first."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from tests.rules.test_cases import build

from ttpack.analysis.campaign_capacity import campaign_capacity
from ttpack.model.campaign import Campaign
from ttpack.model.package import Package
from ttpack.publish.terminal import page_text
from ttpack.views.blocks import Page
from ttpack.views.plans import plans_page
from ttpack.views.runs import runs_page

AS_OF = date(2026, 11, 1)


def days(value: str) -> dict[str, Any]:
    return {"value": Decimal(value), "unit": "d"}


def step(name: str, longest: str, resource: str, **more: Any) -> dict[str, Any]:
    given = {"name": name, "duration": {"low": Decimal(1), "high": Decimal(longest)}, "duration_unit": "h"}
    return given | {"resources": [resource], "turnaround": {"value": Decimal("0.5"), "unit": "d"}} | more


def campaign(**more: Any) -> dict[str, Any]:
    hold = {"hold": "HLD-PA-POOL", "scheduled_wait": days("1"), "worst_case_delay": days("0.5")}
    given = {
        "kind": "campaign", "id": "CPN-1", "title": "Campaign one", "site": "SITE-B", "takt": days("21"),
        "resources": [{"name": "Bioreactor", "count": 2}, {"name": "Column", "count": 1}],
        "steps": [step("Culture", "444", "Bioreactor"), step("Capture", "30", "Column", **hold)],
    }  # fmt: skip
    return given | more


def run(**more: Any) -> dict[str, Any]:
    return {
        "kind": "run",
        "id": "RUN-1",
        "title": "Engineering run 1",
        "run_kind": "engineering",
        "site": "SITE-B",
    } | more


def text(page: Page | None) -> str:
    assert page is not None
    return " ".join(page_text(page, 200).split())


def capacity_of(package: Package) -> Any:
    found = package.get("CPN-1", Campaign)
    assert found is not None
    return campaign_capacity(package, found)


def test_the_cycle_time_is_that_of_the_busiest_resource_by_hand() -> None:
    found = capacity_of(build({"add": [campaign()]}))
    # (444 h + 12 h) / 2 = 228 h = 9.5 d; 30 h + 12 h = 42 h = 1.75 d
    assert [(one.name, one.days) for one in found.resources] == [
        ("Bioreactor", Fraction(19, 2)), ("Column", Fraction(7, 4)),
    ]  # fmt: skip
    assert found.cycle_time == Fraction(19, 2)
    assert (found.bottleneck.name, found.next_bottleneck.name) == ("Bioreactor", "Column")


def test_a_missing_turnaround_leaves_a_lower_bound_and_no_cycle_time() -> None:
    steps = [step("Culture", "444", "Bioreactor"), step("Capture", "30", "Column", turnaround=None)]
    found = capacity_of(build({"add": [campaign(steps=steps)]}))
    assert (found.cycle_time, found.bottleneck, found.least) == (None, None, Fraction(19, 2))
    assert found.missing == ("step Capture states no turnaround",)


def test_no_page_where_nothing_is_planned_or_run() -> None:
    package = build({})
    assert plans_page(package, AS_OF) is None
    assert runs_page(package, AS_OF) is None


def test_the_page_says_what_is_short_what_is_due_and_what_limits() -> None:
    given = [
        campaign(),
        {"kind": "demand_forecast", "id": "DEM-1", "title": "Launch", "site": "SITE-B", "periods": [
            {"start": date(2027, 1, 1), "end": date(2027, 2, 11), "batches": 2},
            {"start": date(2028, 1, 1), "end": date(2028, 2, 11), "batches": 5},
        ]},
        {"kind": "investment", "id": "INV-1", "item": "third still", "site": "SITE-B", "need_date": date(2027, 1, 1),
         "lead_time": days("50"), "qualification_time": days("10"), "decision_by": date(2026, 11, 2)},
        {"kind": "investment", "id": "INV-2", "item": "late skid", "need_date": date(2026, 10, 31),
         "lead_time": days("0"), "qualification_time": days("2")},
    ]  # fmt: skip
    shown = text(plans_page(build({"add": given}), AS_OF))
    for said in (
        "1 of 2", "3 batches too few", "bottleneck: Bioreactor", "3 days overdue", "1 day left",
        "9.5 d", "Campaign one", "not simulated", "45.2 %", "Hold of the Protein A pool", "12 h left",
    ):  # fmt: skip
        assert said in shown, said


def test_runs_say_how_they_stand_and_whom_to_call() -> None:
    value = {"parameter": "PRM-BRX-PH", "value": Decimal("7.20")}
    contact = {"shift": "night", "sponsor_contact": "ROL-S-QA", "presence": "on_call", "decision_rights": "may hold"}
    excursion = {**value, "cause": "operator", "disposition": "kept", "deviation_class": "major"}
    given = [
        run(status="complete", started_on=date(2026, 8, 3), as_run=[value]),
        run(id="RUN-2", title="Engineering run 2", status="complete", as_run=[value], excursions=[excursion]),
        run(id="RUN-3", title="Engineering run 3", status="planned", planned_on=date(2026, 10, 1), contacts=[contact]),
    ]
    shown = text(runs_page(build({"add": given}), AS_OF))
    for said in (
        "blocked: outside the proven range", "late: planned for 2026-10-01", "2 critical parameters not recorded",
        "EXCURSIONS BY CLASS", "night Sponsor quality assurance nobody may hold on call",
    ):  # fmt: skip
        assert said in shown, said


def test_results_stand_beside_their_criterion() -> None:
    plan = {
        "kind": "comparability_plan", "id": "CMP-1", "title": "Comparability", "sending_site": "SITE-A",
        "receiving_site": "SITE-B", "receiving_lots": 3, "declared_on": date(2026, 6, 1), "criteria": [
            {"about": "CQA-AGG", "range": {"high": Decimal("2.0")}, "unit": "%"},
            {"about": "CQA-HCP", "margin": {"value": Decimal(5), "unit": "ng/mg"}},
        ],
    }  # fmt: skip
    results = [
        {"attribute": "CQA-AGG", "value": Decimal("2.5"), "unit": "%"}, {"attribute": "CQA-HCP", "value": Decimal(20)},
    ]  # fmt: skip
    given = [plan, run(status="complete", started_on=date(2026, 8, 3), results=results)]
    shown = text(runs_page(build({"add": given}), AS_OF))
    for said in ("1 lot of 3 planned", "at most 2.0 %", "2.5 %", "1 outside", "not judged", "two one-sided tests"):
        assert said in shown, said
