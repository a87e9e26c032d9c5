"""What each field of a campaign does, on campaigns small enough to be worked out by hand; times are in hours."""

from decimal import Decimal
from typing import Any

import pytest
from tests.analysis.simulation.campaigns import CAMPAIGN, changed, fixed, plain, study_of

from ttpack.analysis.simulation.answer import bottlenecks, digest, to_do, to_json
from ttpack.analysis.simulation.scenario import Scenario
from ttpack.analysis.simulation.study import CampaignStudy

DAY = {"start": "06:00", "end": "22:00"}


def result(study: CampaignStudy) -> Scenario:
    assert study.base is not None, study.impossible
    assert not study.base.stuck
    return study.base


def makespan(campaign: dict[str, Any]) -> float:
    found = result(study_of(campaign, ())).makespan
    assert found is not None
    return found.mean


def test_a_batch_stays_in_its_unit_until_the_next_step_starts() -> None:
    steps = [fixed("a", 2, "A"), fixed("b", 10, "B")]
    blocking = plain(steps, 3, {"A": 1, "B": 1})
    assert makespan(blocking) == 2 + 3 * 10
    starts = [span.start for span in study_of(blocking, ()).spans if span.resource == "A" and span.kind == "work"]
    assert starts == [0, 2, 12]
    buffered = study_of(blocking | {"transfer": "buffered"}, ())
    assert [span.start for span in buffered.spans if span.resource == "A" and span.kind == "work"] == [0, 2, 4]


def test_turnaround_and_shared_cleaning_keep_a_unit() -> None:
    step = fixed("a", 5, "A", turnaround={"value": 3, "unit": "h"})
    assert makespan(plain([step], 2, {"A": 1})) == 5 + 3 + 5
    clean = {"resource": "CIP", "duration": {"distribution": "fixed", "mean": 4, "unit": "h"}}
    cleaned = plain([step | {"cleaning": [clean]}], 4, {"A": 2, "CIP": 1})
    # two units end together and are cleaned one after the other: 5 + 4 + 3 and 5 + 8 + 3
    starts = sorted(span.start for span in study_of(cleaned, ()).spans if span.resource == "A" and span.kind == "work")
    assert starts == [0, 0, 12, 16]


def test_a_hold_vessel_frees_the_unit_and_a_shared_skid_needs_one() -> None:
    steps = [fixed("catch", 4, "skid"), fixed("polish", 4, "skid")]
    refused = study_of(plain(steps, 2, {"skid": 1}), ())
    assert refused.base is None
    assert "without a hold vessel" in refused.impossible[0]
    steps[0]["hold_vessel"] = "tank"
    assert makespan(plain(steps, 2, {"skid": 1, "tank": 2})) == 16


def test_steps_start_in_their_window_only_and_may_end_outside() -> None:
    late = fixed("a", 20, "A")
    assert makespan(plain([late], 2, {"A": 1}, start_window=DAY)) == 6 + 20 + 4 + 20
    over_midnight = fixed("a", 20, "A", start_window={"start": "22:00", "end": "02:00"})
    assert makespan(plain([over_midnight], 2, {"A": 1}, start_window=DAY)) == 0 + 22 + 20
    monday = plain([fixed("a", 1, "A")], 1, {"A": 1}, start="2027-03-06", start_window=DAY | {"days": ["mon"]})
    assert makespan(monday) == 48 + 6 + 1


def test_nothing_starts_on_holidays_and_in_shutdowns() -> None:
    campaign = plain([fixed("a", 30, "A")], 2, {"A": 1}, start="2027-03-01", calendar="CAL-X")
    found = result(study_of(campaign)).makespan
    assert found is not None
    assert found.mean == 48 + 30  # the first ends on the holiday, 2027-03-02
    shut = campaign | {"shutdowns": [{"start": "2027-03-03", "end": "2027-03-05"}]}
    found = result(study_of(shut)).makespan
    assert found is not None
    assert found.mean == 5 * 24 + 30


def test_operators_of_shifts_are_there_in_their_hours() -> None:
    need = [{"group": "people", "count": 2}]
    steps = [fixed("a", 3, "A", operators=need)]
    shifts = [{"start": "08:00", "end": "16:00", "count": 2}]
    campaign = plain(steps, 4, {"A": 4}, operators=[{"name": "people", "shifts": shifts}])
    assert makespan(campaign) == 24 + 8 + 3  # three of them start at 8, 11 and 14 h, the last on the next day
    brief = [fixed("a", 3, "A", operators=[need[0] | {"time": {"value": 1, "unit": "h"}}])]
    assert makespan(plain(brief, 4, {"A": 4}, operators=[{"name": "people", "count": 2}])) == 6
    nobody = study_of(plain(steps, 1, {"A": 1}, operators=[{"name": "people", "count": 1}]), ())
    assert nobody.impossible == ("a needs 2 of people, of whom at most 1 are present",)


def test_a_tank_is_waited_for_and_its_peak_is_told() -> None:
    draw = [{"utility": "WFI", "amount": {"value": Decimal("0.6"), "unit": "m3"}}]
    tank = {"name": "WFI", "tank": {"value": 1000, "unit": "L"}, "refill": {"value": 50, "unit": "L/h"}}
    campaign = plain([fixed("a", 1, "A", utilities=draw)], 3, {"A": 3}, utilities=[tank])
    # 1000 - 600 = 400 are left: 200 more take 4 h, and then 600 take 12 h
    assert makespan(campaign) == pytest.approx(16 + 1)
    row = result(study_of(campaign, ())).utilities[0]
    assert (row.peak.greatest, row.drawn.mean) == (600, 1800)
    unlimited = plain(
        [fixed("a", 1, "A", utilities=draw)], 3, {"A": 3}, utilities=[{"name": "WFI", "utility": "UTL-X"}]
    )
    study = study_of(unlimited)
    assert any("are drawn in an hour" in words for words in to_do(study))
    assert any("its draws are not limited" in words for words in study.gaps)
    small = tank | {"tank": {"value": 500, "unit": "L"}}
    assert study_of(campaign | {"utilities": [small]}, ()).base is None


def test_materials_are_ordered_and_lacking_ones_stop_the_campaign() -> None:
    use = [{"material": "resin", "amount": {"value": 1, "unit": "L"}}]
    stock = {"name": "resin", "stock": {"value": 2, "unit": "L"}}
    campaign = plain([fixed("a", 5, "A", materials=use)], 4, {"A": 1}, materials=[stock])
    stopped = study_of(campaign, ())
    assert stopped.base is not None
    assert "batch 3 waits for resin to start a" in stopped.base.stuck
    assert any("never finish" in words for words in to_do(stopped))
    order = {
        "reorder_point": {"value": 1, "unit": "L"}, "order_quantity": {"value": 2000, "unit": "mL"},
        "lead_time": {"distribution": "fixed", "mean": 12, "unit": "h"},
    }  # fmt: skip
    ordered = campaign | {"materials": [stock | order]}
    # the second batch takes the stock to 0 at hour 5; ordered at hour 0, it comes at hour 12
    assert makespan(ordered) == 12 + 5 + 5
    assert result(study_of(ordered, ())).materials[0].short.count == 1


def test_repairs_lengthen_the_work_they_interrupt() -> None:
    broken = {
        "time_between": {"distribution": "fixed", "mean": 8, "unit": "h"},
        "repair": {"distribution": "fixed", "mean": 3, "unit": "h"},
    }
    campaign = plain([fixed("a", 5, "A")], 4, {"A": 1}, resources=[{"name": "A", "count": 1, "breakdowns": broken}])
    found = result(study_of(campaign, ()))
    assert (found.makespan.mean if found.makespan else None) == 20 + 2 * 3  # after 8 h and 16 h of work
    assert (found.breakdowns.mean if found.breakdowns else None) == 2


def test_scheduled_waits_are_waited_and_holds_are_judged_together() -> None:
    wait = {"scheduled_wait": {"value": 4, "unit": "h"}, "hold": "HLD-X"}
    steps = [fixed("a", 1, "A", **wait), fixed("b", 1, "B", **wait), fixed("c", 1, "C")]
    study = study_of(plain(steps, 1, {"A": 1, "B": 1, "C": 1}))
    row = result(study).waits[0]
    assert (row.wait.hold, row.wait.limit, row.longest.mean, row.any_beyond.count) == ("HLD-X", 6, 8, 1)
    assert to_do(study)[0].startswith("Hold: 100 % of the batches wait longer than 6 h, up to 8 h")


def test_batches_start_by_the_takt_or_after_random_times() -> None:
    steps = [fixed("a", 1, "A")]
    paced = plain(steps, 5, {"A": 1}, batch_starts="takt", takt={"value": 2, "unit": "d"})
    assert makespan(paced) == 4 * 48 + 1
    between = {"distribution": "fixed", "mean": 3, "unit": "h"}
    assert makespan(plain(steps, 5, {"A": 1}, batch_starts="distributed", time_between_starts=between)) == 5 * 3 + 1
    fast = study_of(paced, ()).at_capacity
    assert fast is not None
    assert fast.cycle_time is not None
    assert fast.cycle_time.mean == 1


def test_parallel_units_do_not_make_the_time_between_batches_wrong() -> None:
    steps = [fixed("a", 40, "A"), fixed("b", 1, "B")]
    for batches in (13, 14, 15, 16):
        found = result(study_of(plain(steps, batches, {"A": 4, "B": 1}), ())).cycle_time
        assert found is not None
        assert found.mean == pytest.approx(10, rel=0.08), batches


def test_the_busiest_resource_is_the_bottleneck_and_waiting_in_it_does_not_count() -> None:
    steps = [fixed("a", 2, "A"), fixed("b", 10, "B"), fixed("c", 6, "C")]
    found = result(study_of(plain(steps, 10, {"A": 1, "B": 1, "C": 1}), ()))
    first, second = bottlenecks(found)
    assert first is not None
    assert second is not None
    assert (first.name, second.name) == ("B", "C")
    use = next(one for one in found.uses if one.name == "A")
    assert use.occupied > 0.8
    assert use.busy.mean < 0.3


def test_the_forecast_is_met_or_not_and_by_what() -> None:
    found = study_of(CAMPAIGN)
    rows = result(found).demand
    assert [(row.wanted, row.limit) for row in rows if row.met.share < 1][-1] == (11, "only 6 batches are planned")
    assert len(rows) == 2
    assert any("begins after the campaign ends" in words for words in found.gaps)
    slow = changed(batches=11, takt={"value": 20, "unit": "d"})
    assert result(study_of(slow)).demand[-1].limit == "the takt releases them too late"


def test_what_ifs_are_compared_with_the_same_random_numbers() -> None:
    study = study_of(CAMPAIGN)
    assert [one.name for one in study.what_ifs] == ["two-catchers", "faster", "one-by-one"]
    two, faster, _ = study.what_ifs
    assert two.makespan is not None
    assert faster.scenario is not None
    assert faster.scenario.model.batches == 8
    base, alone = result(study), two.scenario
    assert alone is not None
    for here, there in zip(base.figures, alone.figures, strict=True):
        assert here.uses[0].working * here.last_end == pytest.approx(there.uses[0].working * there.last_end)
    nothing = study_of(changed(what_ifs=[{"name": "same", "resources": [{"name": "C", "count": 1}]}])).what_ifs[0]
    assert nothing.makespan is not None
    assert (nothing.makespan.mean, nothing.makespan.half_width) == (0, 0)
    zero = study_of(changed(what_ifs=[{"name": "none", "resources": [{"name": "C", "count": 0}]}])).what_ifs[0]
    assert zero.impossible == ("there are 0 of resource C, which is used",)
    unknown = study_of(changed(what_ifs=[{"name": "other", "steps": [{"name": "brew"}]}]))
    assert "other: there is no step brew" in unknown.gaps


def test_a_campaign_with_every_field_gives_the_same_figures_each_time() -> None:
    first, second = study_of(CAMPAIGN), study_of(CAMPAIGN)
    assert digest(first) == digest(second)
    assert digest(study_of(CAMPAIGN, seed=8)) != digest(first)
    answer = to_json(first)
    assert answer["inputs"] == ["CAL-X", "CPN-X", "DMF-X", "HLD-X", "UTL-X"]
    assert [row["step"] for row in answer["result"]["waits_before_steps_h"]] == ["grow", "catch", "polish"]
    assert any("faster than the 0.09 m3/h" in words for words in answer["gaps"])
