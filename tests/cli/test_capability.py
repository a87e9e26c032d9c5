"""`ttpack capability` on the A-Mab example, and on models that are meant to break it."""

from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Result, Ttpack


def answer(ttpack_here: Ttpack, where: Path, *arguments: str) -> Any:
    result = ttpack_here("capability", *arguments, "--format", "json", cwd=where)
    assert result.code in (0, 1), result.stderr
    return result.json


def test_the_design_space_of_the_example(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    asked = ("--rev", "rev-A", "--samples", "20000", "--slice", "pH,T")
    found = answer(ttpack_here, demo[0], *asked)
    told = {one["name"]: one for one in found["responses"]}
    assert {one["answer"] for one in told.values() if one["meaning"] == "score"} == {"probability"}
    assert all(one["probability"] is None for one in told.values() if one["meaning"] == "mean")
    assert found["box"]["inside_design_space"] is False
    assert found["box"]["corners_inside"] < found["box"]["corners"]
    assert (found["slice"]["x"], found["slice"]["y"]) == ("pH", "T")
    assert "DSP-BRX" in found["inputs"]
    assert found == answer(ttpack_here, demo[0], *asked)


def test_a_range_widened_beyond_the_model_has_no_verdict(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    found = answer(ttpack_here, demo[0], "--samples", "20000")
    assert found["box"]["inside_design_space"] is None
    assert "Culture pH reaches outside the range for which the model holds" in found["box"]["why"]


def test_processes_give_the_same_digest(ttpack: Ttpack, demo: tuple[Path, Result]) -> None:
    asked = ("capability", "--samples", "40000", "--format", "json")
    serial, processes = ttpack(*asked, cwd=demo[0]), ttpack(*asked, "--workers", "2", cwd=demo[0])
    assert serial.json["digest"] == processes.json["digest"]


def test_it_reads_as_a_person_would_want_it(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    result = ttpack_here("capability", "--rev", "rev-A", "--samples", "20000", cwd=demo[0])
    assert result.code == 1
    text = " ".join(result.stdout.split())
    for said in (
        "is not inside the design space",
        "no probability and no Ppk",
        "Sobol' indices",
        "aFuc<13",
        "AMBIGUOUS",
    ):
        assert said.casefold() in text.casefold()


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("DSP-NONE",), "there is no design space"),
        (("--site", "SITE-NONE"), "there is no site"),
        (("--slice", "pH"), "two factors"),
        (("--slice", "pH,nothing"), "'nothing' is no factor"),
        (("--dask", "tcp://127.0.0.1:1", "--workers", "2"), "leave --workers"),
    ],
    ids=["space", "site", "one factor", "no factor", "two executors"],
)
def test_wrong_usage_is_said(
    ttpack_here: Ttpack, demo: tuple[Path, Result], arguments: tuple[str, ...], why: str
) -> None:
    result = ttpack_here("capability", *arguments, cwd=demo[0])
    assert (result.code, why in result.stderr) == (2, True)
