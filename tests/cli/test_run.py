"""`ttpack run`: the example's engineering run, and files of data that are broken or meant to break it."""

from pathlib import Path
from typing import Any

import pytest
from frictionless import Resource
from tests.conftest import Result, Ttpack

RUN = "RUN-B-ENG-0"
DATA = Path("attachments/runs/eng-0-bioreactor.csv")


def answer(ttpack_here: Ttpack, where: Path, *arguments: str | Path) -> Any:
    result = ttpack_here("run", RUN, "--format", "json", *arguments, cwd=where)
    assert result.code in (0, 1), result.stderr
    return result.json


@pytest.fixture
def rows(demo: tuple[Path, Result]) -> list[str]:
    return (demo[0] / DATA).read_text(encoding="utf-8").splitlines()


def test_the_engineering_run_of_the_example(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    found = answer(ttpack_here, demo[0])
    assert (found["run"], found["site"], found["stage"]) == (RUN, "SITE-B", "engineering")
    assert (found["files"][0]["rows"], found["files"][0]["problems"]) == (812, [])
    assert found["files"][0]["columns_not_read"] == ["remark"]
    told = {one["parameter"]: one for one in found["excursions"]}
    assert {name: one["class"] for name, one in told.items()} == {
        "PRM-BRX-PH": "event", "PRM-BRX-DO": "minor", "PRM-BRX-TEMP": "major", "PRM-BRX-PCO2": "major",
    }  # fmt: skip
    warm = told["PRM-BRX-TEMP"]
    assert (warm["interval"], float(warm["worst"])) == ("outside_par", 36.2)
    assert (warm["last_inside_before"], warm["first_inside_after"]) == ("2026-09-19T13:30:00Z", "2026-09-19T17:30:00Z")
    assert float(warm["duration_h"]) == 4
    assert warm["recorded_excursion"] == 1
    assert told["PRM-BRX-DO"]["recorded_excursion"] is None
    # the same rules, asked by hand
    asked = ("classify", "PRM-BRX-PH", str(told["PRM-BRX-PH"]["worst"]), "--duration", "3.5h", "--stage", "engineering")
    by_hand = ttpack_here(*asked, "--site", "SITE-B", "--format", "json", cwd=demo[0]).json
    assert by_hand["row"] == told["PRM-BRX-PH"]["classification"]["row"]
    signals = {one["signal"]: one for one in found["signals"]}
    assert signals["AIC-301.PV"]["gap_count"] == 1
    assert "PRM-BRX-PH@SITE-B" in found["inputs"] or "PRM-BRX-PH" in found["inputs"]
    assert found["missing_critical_parameters"] == []


def test_it_reads_as_a_person_would_want_it(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    result = ttpack_here("run", RUN, cwd=demo[0])
    assert result.code == 1
    text = " ".join(result.stdout.split())
    for said in ("4 excursions", "QA decides", "not recorded", "36.2 °C", "812 lines of data", "remark"):
        assert said in text


def test_a_file_outside_is_read_as_the_record_describes_it(
    ttpack_here: Ttpack, demo: tuple[Path, Result], rows: list[str], tmp_path: Path
) -> None:
    file = tmp_path / "export.csv"
    broken = [rows[0], rows[1], "2026-09-07T08:15,7,1,35,50,,", "2026-09-07T08:20,NaN,35,50,,", rows[2]]
    file.write_text("\ufeff" + "\n".join(broken), encoding="utf-8")
    found = answer(ttpack_here, demo[0], "--data", file)
    told = {one["line"]: one["message"] for one in found["files"][0]["problems"]}
    assert set(told) == {3, 4}
    assert "decimal comma" in told[3]
    assert "'NaN' is no number" in told[4]
    assert found["signals"][0]["readings"] == 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "no header"),
        (b"PK\x03\x04" + bytes(range(256)) * 50, "column"),
        (b"time,AIC-301.PV,OIC-301.PV\n" + b"=cmd|' /C calc'!A0,7,50\n", "no time"),
        (b"time,AIC-301.PV,OIC-301.PV\n" + b"9" * 300_000, "longer than"),
        (b"time,AIC-301.PV\n2026-09-07T08:00,6.85\n", "no column 'OIC-301.PV'"),
    ],
    ids=["empty", "a zip file", "a formula", "one long line", "a column lacks"],
)
def test_what_is_no_run_data_is_said(
    ttpack_here: Ttpack, demo: tuple[Path, Result], tmp_path: Path, content: bytes, why: str
) -> None:
    file = tmp_path / "export.csv"
    file.write_bytes(content)
    result = ttpack_here("run", RUN, "--data", file, "--format", "json", cwd=demo[0])
    assert (result.code, result.stderr) == (1, "")
    assert any(why in one["message"] for one in result.json["files"][0]["problems"])


def test_wrong_usage_is_said(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    for arguments, why in (
        (("RUN-NONE",), "there is no run"),
        (("RUN-B-WATER",), "names no file"),
        ((RUN, "--data", "nowhere.csv"), "cannot read nowhere.csv"),
    ):
        result = ttpack_here("run", *arguments, cwd=demo[0])
        assert (result.code, why in result.stderr) == (2, True)


def test_the_schema_of_the_data_is_one_that_others_read(
    ttpack_here: Ttpack, demo: tuple[Path, Result], tmp_path: Path, rows: list[str]
) -> None:
    described = ttpack_here("run", RUN, "--schema", cwd=demo[0]).json
    (tmp_path / DATA).parent.mkdir(parents=True)
    (tmp_path / DATA).write_text("\n".join(rows) + "\n", encoding="utf-8")
    resource = described["resources"][0]
    assert {one["name"]: one["type"] for one in resource["schema"]["fields"]} == {
        "time": "datetime", "AIC-301.PV": "number", "TIC-301.PV": "number", "OIC-301.PV": "number",
        "AIT-111.PV": "number", "remark": "any",
    }  # fmt: skip
    report = Resource.from_descriptor(_plain(resource), basepath=str(tmp_path)).validate()
    assert report.valid, report.flatten(["rowNumber", "message"])[:3]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(one) for name, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value
