"""Comparability and charts of a run in a real repository: what is judged, what is only shown, what came first."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT, Repository, Ttpack

REFERENCE = (1.31, 1.36, 1.28, 1.33, 1.40, 1.35)
NEW = (1.34, 1.38, 1.30, 1.37, 1.33, 1.41)
PLAN = """
kind: comparability_plan
id: CMP-B
title: Comparability
audience: [partner]
status: effective
owner: ROL-S-QA
sending_site: SITE-A
receiving_site: SITE-B
sending_lots: 6
receiving_lots: 6
declared_on: 2026-01-01
criteria:
  - about: CQA-AGG
    unit: "%"
    statistical_method: equivalence
    margin: {value: 0.2, unit: "%"}
    assumed_standard_deviation: 0.08
  - {about: CQA-AGG, unit: "%", statistical_method: tolerance_interval, coverage: 0.95, confidence: 0.95}
  - {about: CQA-AGG, unit: "%", statistical_method: quality_range, multiple: 3}
  - {about: CQA-AGG, unit: "%", statistical_method: capability, range: {high: 2.0}, least_capability: 1.0}
  - {about: CQA-AGG, unit: "%", statistical_method: each_lot, range: {high: 1.40}}
"""


def run(name: str, site: str, day: int, value: float, more: str = "") -> str:
    return f"""
kind: run
id: RUN-{name}
title: Lot {name}
audience: [partner]
status: complete
owner: ROL-C-QA
run_kind: engineering
site: {site}
started_on: 2026-02-{day:02}
comparability_plan: CMP-B
results:
  - {{attribute: CQA-AGG, value: {value}, unit: "%", method: MTH-SEC, method_version: "1"}}
{more}"""


CHART = """charts:
  - {about: CQA-AGG, nelson_rules: [1, 2]}
data:
  - file: attachments/lots.csv
    data_kind: batch
    batch_column: lot
    columns: [{name: AGG, attribute: CQA-AGG, unit: "%"}]
attachments:
  - {file: attachments/lots.csv}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    path = tmp_path / "package"
    shutil.copytree(ROOT / "tests" / "packages" / "minimal", path)
    made = Repository(path)
    made.git("init", "--quiet", "--initial-branch", "main")
    made.commit({})
    return made


def lots(new: tuple[float, ...]) -> dict[str, str | bytes | None]:
    files: dict[str, str | bytes | None] = {}
    table = "lot,AGG\n"
    for place, value in enumerate(REFERENCE):
        files[f"records/RUN-A-{place}.yaml"] = run(f"A-{place}", "SITE-A", place + 1, value)
    for place, value in enumerate(new):
        more = CHART if place == 0 else ""
        files[f"records/RUN-B-{place}.yaml"] = run(f"B-{place}", "SITE-B", place + 10, value, more)
        table += f"B-{place},{value}\n"
    return files | {"attachments/lots.csv": table}


def judged(ttpack_here: Ttpack, repository: Repository) -> Any:
    result = ttpack_here("run", "RUN-B-0", "--format", "json", cwd=repository.path)
    assert result.code in (0, 1), result.stderr
    return result.json


def test_each_criterion_is_judged_by_the_method_that_it_declared(ttpack_here: Ttpack, repository: Repository) -> None:
    repository.commit({"records/CMP-B.yaml": PLAN})
    repository.commit(lots(NEW))
    found = judged(ttpack_here, repository)
    told = found["comparability"]
    assert told["declared_before_data"] is True, told["declared"]
    by_method = {one["method"]: one for one in told["criteria"]}
    assert {name: one["verdict"] for name, one in by_method.items()} == {
        "equivalence": "met", "tolerance_interval": "met", "quality_range": "met", "capability": "met",
        "each_lot": "missed",
    }  # fmt: skip
    # k of ISO 16269-6 for n = 6, coverage 0.95, confidence 0.95
    assert float(by_method["tolerance_interval"]["statistic"]) == pytest.approx(4.4222, abs=1e-4)
    assert "Lot B-5 outside" in by_method["each_lot"]["why"]
    assert 0.9 < float(by_method["equivalence"]["power"]) < 1
    assert "assumed in planning" in by_method["equivalence"]["power_from"]
    (chart,) = found["control_charts"]
    assert [one["name"] for one in chart["points"]] == [f"B-{place}" for place in range(6)]
    assert float(chart["centre"]) == pytest.approx(1.355)


def test_few_lots_describe_and_two_are_only_shown(ttpack_here: Ttpack, repository: Repository) -> None:
    repository.commit({"records/CMP-B.yaml": PLAN})
    repository.commit(lots(NEW[:4]))
    verdicts = {one["method"]: one["verdict"] for one in judged(ttpack_here, repository)["comparability"]["criteria"]}
    assert (verdicts["equivalence"], verdicts["capability"]) == ("descriptive", "descriptive")
    for place in (2, 3):
        repository.write({f"records/RUN-B-{place}.yaml": None})
    repository.commit({})
    verdicts = {one["method"]: one["verdict"] for one in judged(ttpack_here, repository)["comparability"]["criteria"]}
    assert verdicts["equivalence"] == "plotted"


def test_what_cannot_be_computed_is_said_and_never_met(ttpack_here: Ttpack, repository: Repository) -> None:
    plan = (
        PLAN
        + """  - about: CQA-AGG
    unit: "%"
    statistic: "90 % confidence interval of the ratio of means"
    range: {low: 0.8, high: 1.5}
"""
    )
    plan = plan.replace("assumed_standard_deviation: 0.08", "confidence: 7")
    repository.commit({"records/CMP-B.yaml": plan})
    repository.commit(lots(NEW))
    found = judged(ttpack_here, repository)["comparability"]["criteria"]
    assert (found[0]["verdict"], found[0]["power"]) == ("not_judged", None)
    assert "between 0.5 and 1" in found[0]["why"]
    assert (found[-1]["method"], found[-1]["verdict"]) == (None, "not_judged")
    repository.commit(lots((*NEW[:5], 1e99)) | {"records/CMP-B.yaml": PLAN})
    found = judged(ttpack_here, repository)["comparability"]["criteria"]
    assert found[0]["verdict"] == "not_judged"
    assert "cannot be computed" in found[0]["why"]


def test_a_plan_of_the_same_commit_or_changed_afterwards_is_too_late(
    ttpack_here: Ttpack, repository: Repository
) -> None:
    repository.commit({"records/CMP-B.yaml": PLAN} | lots(NEW))
    found = judged(ttpack_here, repository)["comparability"]
    assert found["declared_before_data"] is False
    assert "in the same commit" in found["declared"]
    repository.commit({"records/CMP-B.yaml": PLAN.replace("0.2, unit", "0.3, unit")})
    assert "not before" in judged(ttpack_here, repository)["comparability"]["declared"]
    result = ttpack_here("run", "RUN-B-0", cwd=repository.path)
    assert result.code == 1
    assert "Declared too late" in result.stdout


def test_a_change_of_a_title_does_not_make_it_late(ttpack_here: Ttpack, repository: Repository) -> None:
    repository.commit({"records/CMP-B.yaml": PLAN})
    repository.commit(lots(NEW))
    repository.commit({"records/CMP-B.yaml": PLAN.replace("title: Comparability", "title: Comparability of lots")})
    assert judged(ttpack_here, repository)["comparability"]["declared_before_data"] is True


def test_a_method_transfer_of_the_example_is_judged(ttpack_here: Ttpack, demo: Any) -> None:
    found = ttpack_here("method-transfer", "MTX-HPSEC-B", "--format", "json", cwd=demo[0]).json
    assert {one["statistic"]: one["verdict"] for one in found["criteria"]} == {
        "equivalence_of_means": "met", "intermediate_precision": "met", "variance_ratio": "met",
    }  # fmt: skip
    assert {one["results"] for one in found["laboratories"]} == {18}
    result = ttpack_here("method-transfer", "MTX-HPSEC-B", cwd=demo[0])
    assert (result.code, "Every criterion of the protocol is met" in result.stdout) == (0, True)
    assert "there is no method transfer" in ttpack_here("method-transfer", "MTX-NONE", cwd=demo[0]).stderr
