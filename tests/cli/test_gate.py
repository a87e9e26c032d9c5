"""`ttpack gate` on the A-Mab demo, as a steering committee asks it."""

import json
from pathlib import Path
from typing import Any

from tests.conftest import Result, Ttpack


def test_the_answer_names_what_blocks_and_who_closes_it(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    done = ttpack_here("gate", "G5", "--format", "json", cwd=demo[0])
    found: Any = json.loads(done.stdout)
    assert (found["gate"], found["site"], found["verdict"], done.code) == ("G5", "SITE-B", "blocked", 1)
    assert found["blockers"]
    assert all(one["owner"] and one["party"] and one["rule"] and one["due"] for one in found["blockers"])
    assert all(one["site"] in ("", "SITE-B") for one in found["blockers"])
    assert [step["gate"] for step in found["next"]] == ["G3", "G4", "G5"]
    assert sum(step["blockers"] for step in found["next"]) == len(found["blockers"])
    assert found["decision"]["decision"] == "undecided"
    assert found["critical_path"][-1]["record"] == "GTE-G5-B"
    kinds = {one["kind"] for one in found["timeline"]}
    assert {"gate", "campaign"} <= kinds
    assert {"conditions", "at_risk", "waived", "not_computable", "forecast"} <= set(found)


def test_the_next_gate_is_the_default_and_the_verdict_the_first_line(
    ttpack_here: Ttpack, demo: tuple[Path, Result]
) -> None:
    done = ttpack_here("gate", cwd=demo[0])
    assert done.stdout.startswith("G3 at CDMO site, 15,000 L: blocked by ")
    assert "Critical path: " in done.stdout


def test_a_wrong_gate_or_site_lists_what_there_is(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    wrong_gate = ttpack_here("gate", "G9", cwd=demo[0])
    assert (wrong_gate.code, "gates are G0, G1" in wrong_gate.stderr) == (2, True)
    wrong_site = ttpack_here("gate", "G3", "--site", "SITE-A", cwd=demo[0])
    assert (wrong_site.code, "receiving sites are SITE-B, SITE-C" in wrong_site.stderr) == (2, True)
    not_a_gate = ttpack_here("gate", "SITE-B", cwd=demo[0])
    assert (not_a_gate.code, "--site SITE-B" in not_a_gate.stderr) == (2, True)
