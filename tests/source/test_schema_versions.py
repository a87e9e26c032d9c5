"""A package of an earlier schema version is read, checked and compared as one of this version.

There is only version 1 yet: the step below stands where the first real one will, in the product's own table.
"""

import json
from typing import Any

import pytest
from tests.conftest import Repository

from ttpack.cli.main import main
from ttpack.source.schema_versions import STEPS, lifted, steps_from

BEFORE = """\
kind: process_parameter
id: PRM-BRX-PH
unit: "[pH]"
set_point: 6.85
nor: {low: 6.75, high: 6.95}
"""
AFTER = """\
kind: process_parameter
id: PRM-BRX-PH
unit: "[pH]"
setpoint: 6.850
ranges:
  normal_operating: {low: 6.75, high: 7.00}
"""


def from_version_0(data: dict[str, Any]) -> dict[str, Any]:
    """The setpoint in one word; the NOR among the ranges."""
    names = {"set_point": "setpoint"}
    kept = {names.get(name, name): value for name, value in data.items() if name != "nor"}
    return {**kept, "ranges": {"normal_operating": data["nor"]}} if "nor" in data else kept


@pytest.fixture
def _version_0_is_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(STEPS, 0, from_version_0)


def package(version: str, parameter: str, file: str = "a.yaml") -> dict[str, str | bytes | None]:
    manifest = f"kind: package\nid: PKG-T\nschema_version: '{version}'\n"
    return {"ttpack.yaml": manifest, f"records/{file}": parameter}


def answer(capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    main([*arguments, "--format", "json"])
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("_version_0_is_known")
def test_versions_are_lifted_before_they_are_compared(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit(package("0", BEFORE), tag="old")
    repository.commit(package("1", AFTER), tag="new")
    for command in ("diff", "impact"):
        found = answer(capsys, command, str(repository.path), "--from", "old", "--to", "new")
        assert found["not_assessed"] == []
        assert [(one["record"], one["field"], one["direction"]) for one in found["changes"]] == [
            ("PRM-BRX-PH", "ranges.normal_operating", "widened"), ("PRM-BRX-PH", "setpoint", "precision only"),
        ]  # fmt: skip


@pytest.mark.usefixtures("_version_0_is_known")
def test_a_lifted_package_is_checked_where_its_author_wrote(
    repository: Repository, capsys: pytest.CaptureFixture[str]
) -> None:
    repository.commit(package("0.3", BEFORE.replace("6.85", "high")))
    found = answer(capsys, "check", str(repository.path))["findings"]
    assert [(one["code"], one["field"], one["path"]) for one in found if one["code"] == "SRC-13"] == [
        ("SRC-13", "setpoint", "records/a.yaml")
    ]
    # cached as written: the next look lifts again
    assert answer(capsys, "check", str(repository.path))["findings"] == found


def test_a_version_that_nobody_knows_is_refused(repository: Repository, capsys: pytest.CaptureFixture[str]) -> None:
    for version in ("0", "2", "-1", "x", "9" * 50, ""):
        repository.write(package(version, AFTER))
        codes = [one["code"] for one in answer(capsys, "check", str(repository.path))["findings"]]
        assert "SRC-19" in codes, version


def test_this_version_needs_no_step() -> None:
    data = {"kind": "term", "id": "GLO-A"}
    assert steps_from("1") == steps_from(1) == steps_from("1.4") == ()
    assert lifted(data, ()) is data
