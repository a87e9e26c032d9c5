"""`ttpack classify` on the A-Mab demo, as somebody at the bioreactor asks."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Result, Ttpack

WHERE = ("--stage", "ppq", "--site", "SITE-B")


def answer(ttpack_here: Ttpack, demo: tuple[Path, Result], *arguments: str) -> Any:
    return json.loads(ttpack_here("classify", *arguments, "--format", "json", cwd=demo[0]).stdout)


def test_the_class_in_both_parties_terms_with_owners_and_calls(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    found = answer(
        ttpack_here, demo, "PRM-BRX-PH", "7.2", "--duration", "30min", *WHERE, "--discovered", "2026-11-27T08:00-05:00"
    )
    assert (found["class"], found["interval"], found["unit"]) in {
        ("minor", "nor_to_par", "[pH]"), ("major", "outside_par", "[pH]"),
    }  # fmt: skip
    assert found["row"].startswith("DCR-CRIT-")
    assert {name: one["class"] for name, one in found["terms"].items()} == dict.fromkeys(
        ("SITE-A", "SITE-B"), found["class"]
    )
    owned = {"investigation", "reporting", "corrective_action", "root_cause_approval"}
    assert set(found["owners"]) == set(found["sending_owners"]) == owned
    assert found["notify"]
    assert {one["party"] for one in found["escalation"]} == {"sending", "receiving"}
    assert all(one["due"] or one["due_not_computable"] for one in found["escalation"])
    assert found["statement"].endswith("QA decides. Two parameters, a repeat, or doubt: call.")
    assert any("without a unit" in one for one in found["remarks"])


def test_a_value_in_another_unit_is_the_same_value(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    celsius = answer(ttpack_here, demo, "PRM-BRX-TEMP", "35 Cel", "--duration", "1h", *WHERE)
    fahrenheit = answer(ttpack_here, demo, "PRM-BRX-TEMP", "95 [degF]", "--duration", "60 min", *WHERE)
    assert celsius["class"] == "not_a_deviation"
    assert {key: one for key, one in celsius.items() if key != "value_given"} == {
        key: one for key, one in fahrenheit.items() if key != "value_given"
    }


def test_what_is_no_deviation_exits_with_nothing_to_do(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    fine = ttpack_here("classify", "PRM-BRX-PH", "6.85", "--duration", "5min", *WHERE, cwd=demo[0])
    assert (fine.code, "Not a deviation" in fine.stdout) == (0, True)
    cold = ttpack_here("classify", "PRM-BRX-TEMP", "-5", "--duration", "5min", *WHERE, cwd=demo[0])
    assert (cold.code, "-5 °C" in cold.stdout) == (1, True)
    event = ttpack_here("classify", "--event", "Contamination", "--stage", "clinical", cwd=demo[0])
    assert (event.code, "Critical" in event.stdout) == (1, True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("PRM-BRX-P", "7", *WHERE), "PRM-BRX-PH"),
        (("out-of-specification", *WHERE), "--event out_of_specification"),
        (("PRM-BRX-PH", "7", "--stage", "pp", "--site", "SITE-B"), "engineering, gmp, ppq, commercial"),
        (("PRM-BRX-PH", "7", "--stage", "ppq", "--site", "SITE-X"), "SITE-A, SITE-B, SITE-C"),
        (("PRM-BRX-PH", "NaN", *WHERE), "a number"),
        (("PRM-BRX-PH", "7,2", *WHERE), "a number"),
        (("PRM-BRX-PH", "7 mL", *WHERE), "does not convert"),
        (("PRM-BRX-PH", "7", *WHERE, "--duration", "-5min"), "not negative"),
        (("PRM-BRX-PH", "7", *WHERE, "--duration", "5"), "30min"),
        (("--event", "fire", *WHERE), "contamination"),
        (("--event", "contamination", *WHERE, "--occurred", "2026-01-01T10:00"), "time zone"),
        (("PRM-BRX-PH", *WHERE), "say the value"),
        (WHERE, "say what happened"),
    ],
)
def test_what_is_wrong_is_said_with_what_is_wanted(
    ttpack_here: Ttpack, demo: tuple[Path, Result], arguments: tuple[str, ...], said: str
) -> None:
    done = ttpack_here("classify", *arguments, cwd=demo[0])
    assert (done.code, said in done.stderr) == (2, True), done.stderr
