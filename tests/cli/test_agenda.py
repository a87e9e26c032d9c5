"""`ttpack agenda` on the A-Mab demo, as a steering committee asks before its meeting."""

import json
from pathlib import Path

import pytest
from tests.conftest import Result, Ttpack

HEADS = {"overdue", "due", "blocked", "disputed", "decisions", "conditions", "exchanges"}


def test_the_answer_is_complete_and_names_its_meeting(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    done = ttpack_here("agenda", "--site", "SITE-B", "--as-of", "2026-10-16", "--format", "json", cwd=demo[0])
    found = json.loads(done.stdout)
    assert (done.code, found["as_of"], found["body"]) == (1, "2026-10-16", "GOV-JSC")
    assert found["as_of"] < found["next_meeting"] < found["looks_ahead_to"]
    assert {section["name"] for section in found["sections"]} == HEADS
    every = [item for section in found["sections"] for item in section["items"]]
    assert {section["name"]: len(section["items"]) for section in found["sections"]}.items() <= found["counts"].items()
    assert found["counts"]["total"] == len(every) > 0
    assert all(item["what"] and item["owner"] and item["why"] for item in every)
    assert {item["site"] for item in every} <= {"SITE-B", None}
    blocked = next(section["items"] for section in found["sections"] if section["name"] == "blocked")
    assert blocked
    assert all("G3" in item["why"] and item["code"] for item in blocked)


def test_as_text_for_another_body(ttpack_here: Ttpack, demo: tuple[Path, Result]) -> None:
    asked = ("agenda", "--body", "GOV-JOINT", "--site", "SITE-B", "--as-of", "2026-10-16")
    text = ttpack_here(*asked, cwd=demo[0]).stdout
    assert "Meeting     Joint transfer team, 2026-" in text
    assert "As of       2026-10-16; looks ahead to 2026-" in text
    assert "Who closes them" in text


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--site", "SITE-X"), "there is no receiving site 'SITE-X'; receiving sites are SITE-B, SITE-C"),
        (("--site", "SITE-A"), "there is no receiving site 'SITE-A'; receiving sites are SITE-B, SITE-C"),
        (("--body", "ROL-S-QA"), "there is no body 'ROL-S-QA'; bodies are GOV-JOINT, GOV-JSC"),
        (("--as-of", "tomorrow"), "'tomorrow' is no date; write it as 2026-11-30"),
    ],
)
def test_wrong_usage_names_what_there_is(
    ttpack_here: Ttpack, demo: tuple[Path, Result], option: tuple[str, str], message: str
) -> None:
    done = ttpack_here("agenda", *option, cwd=demo[0])
    assert done.code == 2
    assert message in done.stderr
