"""What a pull request is told, through the real commands on real commits."""

import shutil

import pytest
from tests.conftest import ROOT, Repository, Ttpack

PH = "records/parameters/PRM-BRX-PH.yaml"
TEMPERATURE = "records/parameters/PRM-BRX-TEMP.yaml"


@pytest.fixture
def diverged(repository: Repository) -> Repository:
    """A package whose main branch moved on while `topic` changed something else; `topic` is checked out."""
    shutil.copytree(ROOT / "tests/packages/minimal", repository.path, dirs_exist_ok=True)
    repository.commit({}, tag="base")
    repository.git("checkout", "--quiet", "-b", "topic")
    repository.commit({PH: edited(repository, PH, "high: 7.10", "high: 7.30")})
    repository.git("checkout", "--quiet", "main")
    repository.commit({TEMPERATURE: edited(repository, TEMPERATURE, "setpoint: 35.0", "setpoint: 35.5")})
    repository.git("checkout", "--quiet", "topic")
    return repository


def edited(repository: Repository, file: str, old: str, new: str) -> str:
    text = (repository.path / file).read_text()
    assert old in text
    return text.replace(old, new)


@pytest.mark.parametrize("command", ["impact", "diff"])
def test_since_compares_with_where_the_change_branched_off(ttpack: Ttpack, diverged: Repository, command: str) -> None:
    base, topic = (diverged.git("rev-parse", name).strip() for name in ("base", "topic"))
    answer = ttpack(command, "--since", "main", "--to", "topic", "--format", "json", cwd=diverged.path).json
    assert (answer["from"]["commit"], answer["to"]["commit"]) == (base, topic)
    assert {item["record"] for item in answer["changes"]} == {"PRM-BRX-PH"}
    exact = ttpack(command, "--from", "main", "--to", "topic", "--format", "json", cwd=diverged.path).json
    assert {item["record"] for item in exact["changes"]} == {"PRM-BRX-PH", "PRM-BRX-TEMP"}
    text = ttpack(command, "--since", "main", "--to", "topic", cwd=diverged.path).stdout
    assert base[:12] in text
    assert topic[:12] in text
    assert ttpack(command, "--since", "main", "--from", "main", cwd=diverged.path).code == 2
