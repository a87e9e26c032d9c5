"""The known answers of change control: the A-Mab case study's changes, through the real command on real commits."""

import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import Repository, Result, Ttpack

PH = "records/parameters/production-bioreactor/PRM-BRX-PH.yaml"
PA, AEX = "records/unit-operations/UO-05-PA.yaml", "records/unit-operations/UO-08-AEX.yaml"
RESIN_A, AEX_RESIN = "records/materials/MAT-PA-RESIN-A.yaml", "records/materials/MAT-AEX-RESIN.yaml"
BOM, SPACE = "records/materials/BOM-B.yaml", "records/design-space/DSP-BRX.yaml"
Edits = Mapping[str, tuple[tuple[str, str], ...]]


@pytest.fixture
def ttpack(ttpack_here: Ttpack) -> Ttpack:
    """The command in this process: these stories run it many times."""
    return ttpack_here


@pytest.fixture(scope="module")
def amab(demo: tuple[Path, Result], tmp_path_factory: pytest.TempPathFactory) -> Repository:
    folder = tmp_path_factory.mktemp("known") / "amab"
    shutil.copytree(demo[0], folder)
    repository = Repository(folder)
    repository.git("tag", "start")
    return repository


def edited(repository: Repository, edits: Edits, start: str = "start") -> str:
    """A commit upon `start` in which each file's texts are replaced."""
    repository.git("checkout", "--quiet", "--force", start)
    files: dict[str, str] = {}
    for name, pairs in edits.items():
        text = (repository.path / name).read_text()
        for old, new in pairs:
            assert old in text, f"{name} has no {old!r}"
            text = text.replace(old, new)
        files[name] = text
    return repository.commit(files)


def impact(ttpack: Ttpack, repository: Repository, before: str, after: str) -> Any:
    done = ttpack("impact", "--from", before, "--to", after, "--format", "json", cwd=repository.path)
    assert done.stderr == ""
    assert done.json["not_assessed"] == []
    assert done.code == (0 if done.json["class"] == "editorial" else 1)
    return done.json


def rules(answer: Any) -> set[tuple[str, str, str, str]]:
    return {(one["record"], one["field"], one["rule"], one["rule_class"]) for one in answer["changes"]}


def asked(answer: Any) -> dict[str, str]:
    """The affected records for which something has to be done or looked at, with their action."""
    return {one["record"]: one["action"] for one in answer["affected"] if one["action"] != "inform"}


def evidence(answer: Any) -> str:
    return "; ".join(one["what"] for one in answer["evidence"])


LINE_A = '  - {material: MAT-PA-RESIN-A, quantity: {value: 402, unit: "L"}, used_by: [UO-05-PA]}\n'
LINE_AEX = '  - {material: MAT-AEX-RESIN, quantity: {value: 509, unit: "L"}, used_by: [UO-08-AEX]}\n'
STEP = "records/steps/protein-a/STP-PA-LOAD.yaml"
RESIN: dict[str, tuple[Edits, Edits]] = {
    "the material record": (
        {}, {RESIN_A: (("suppliers: [SUP-KOLONNE]", "suppliers: [SUP-YAMATO]"), ("for bioprocess", "resin B"))},
    ),
    "the bill of materials": ({BOM: ((LINE_A.replace("RESIN-A", "RESIN-B"), ""),)},
                              {BOM: (("MAT-PA-RESIN-A", "MAT-PA-RESIN-B"),)}),
    "the step": ({STEP: (("room_grade:", "materials: [MAT-PA-RESIN-A]\nroom_grade:"),)},
                 {STEP: (("MAT-PA-RESIN-A", "MAT-PA-RESIN-B"),)}),
    "the unit operation": ({PA: (("inputs: [clarified bulk,", "inputs: [{name: resin, material: MAT-PA-RESIN-A},"),)},
                           {PA: (("MAT-PA-RESIN-A", "MAT-PA-RESIN-B"),)}),
}  # fmt: skip
"""How somebody writes that resin B takes the place of resin A: the package before, and the change."""


@pytest.mark.parametrize("way", RESIN)
def test_protein_a_resin_a_to_resin_b(ttpack: Ttpack, amab: Repository, way: str) -> None:
    before, change = RESIN[way]
    start = edited(amab, before)
    answer = impact(ttpack, amab, start, edited(amab, change, start))
    assert {(rule, name) for _, _, rule, name in rules(answer)} == {("CH-61a", "moderate")}
    reached = asked(answer) | {one["record"]: "changed" for one in answer["changes"]}
    # lifetime, the leached Protein A method, stability of drug substance, and the resin with its extractables
    assert {"PRM-PA-LIFEA", "EVI-PA-LIFETIME", "CQA-LPA", "MTH-LPA", "STB-DS-LONG", "MAT-PA-RESIN-A"} <= reached.keys()
    assert "E&L" in evidence(answer)
    # what only shares the unit operation is left alone
    assert not {"PRM-PA-TEMP", "MAT-PA-NAOH", "MAT-AEX-RESIN", "STB-DP-LONG"} & reached.keys()


def test_more_cycles_of_a_resin(ttpack: Ttpack, amab: Repository) -> None:
    change: Edits = {AEX_RESIN: (("maximum_cycles: 100", "maximum_cycles: 150"),)}
    answer = impact(ttpack, amab, "start", edited(amab, change))
    assert rules(answer) == {("MAT-AEX-RESIN", "lifetime.maximum_cycles", "CH-65", "moderate")}


MEMBRANE: dict[str, tuple[Edits, str]] = {
    "the unit operation": (
        {AEX: (("technology: resin column", "technology: membrane adsorber"),
               ("equipment_class: chromatography column and skid", "equipment_class: membrane holder and skid"))},
        "UO-08-AEX",
    ),
    "the material": ({AEX_RESIN: (("material_class: resin", "material_class: filter"),)}, "MAT-AEX-RESIN"),
}  # fmt: skip


@pytest.mark.parametrize("way", MEMBRANE)
def test_an_anion_exchange_resin_to_a_membrane(ttpack: Ttpack, amab: Repository, way: str) -> None:
    change, record = MEMBRANE[way]
    answer = impact(ttpack, amab, "start", edited(amab, change))
    assert answer["class"] == "major"
    assert {(name, rule, found) for name, _, rule, found in rules(answer)} == {(record, "CH-31", "major")}
    # the study of virus clearance again
    assert "LRV" in evidence(answer)
    assert asked(answer)["EVI-AEX-VIRAL"] == "assess"
    assert {"CQA-VIRAL", "STB-DS-LONG"} <= asked(answer).keys()
    if record == "UO-08-AEX":
        assert any("CH-32" in one["also"] for one in answer["changes"])
        # cleaning and its limits at both sites
        assert {"CLN-A-COLUMN", "CLN-B-COLUMN"} <= asked(answer).keys()


def test_a_culture_ph_moves_inside_the_design_space(ttpack: Ttpack, amab: Repository) -> None:
    move: Edits = {PH: (("setpoint: 6.85", "setpoint: 6.95"),)}
    answer = impact(ttpack, amab, "start", edited(amab, move))
    assert rules(answer) == {("PRM-BRX-PH", "setpoint", "CH-11", "moderate")}
    approved = edited(amab, {SPACE: (("approved_region: false", "approved_region: true"),)})
    answer = impact(ttpack, amab, approved, edited(amab, move, approved))
    assert rules(answer) == {("PRM-BRX-PH", "setpoint", "CH-10", "minor")}
    assert answer["class"] == "minor"
    # approving the space in the same change does not help
    both = impact(ttpack, amab, "start", edited(amab, move, approved))
    assert ("PRM-BRX-PH", "setpoint", "CH-11", "moderate") in rules(both)


def test_the_upper_end_of_the_proven_ph_range(ttpack: Ttpack, amab: Repository) -> None:
    end = "proven_acceptable: {low: 6.6, high: "
    narrow = edited(amab, {PH: ((f"{end}7.3", f"{end}7.1"),)})
    wide = edited(amab, {PH: ((f"{end}7.1", f"{end}7.3"),)}, narrow)
    answer = impact(ttpack, amab, narrow, wide)
    assert rules(answer) == {("PRM-BRX-PH", "ranges.proven_acceptable", "CH-15", "major")}
    assert answer["class"] == "major"
    found = ttpack("check", "--format", "json", cwd=amab.path).json["findings"]
    errors = {(one["code"], one["record"]) for one in found if one["severity"] == "error"}
    assert ("PRM-06", "PRM-BRX-PH") in errors


def test_what_leaves_the_meaning_as_it_was(ttpack: Ttpack, amab: Repository) -> None:
    temperature = "records/parameters/inoculum-expansion/PRM-INOC-TEMP.yaml"
    rewritten: Edits = {
        temperature: (
            ('unit: "Cel"', 'unit: "[degF]"'),
            ("setpoint: 37", "setpoint: 98.6"),
            ("36.5, high: 37.5", "97.7, high: 99.5"),
            ("36.0, high: 38.0", "96.8, high: 100.4"),
            ("edge_of_failure: {high: 39", "edge_of_failure: {high: 102.2"),
        ),
        "records/parameters/n1-seed-bioreactor/PRM-N1-DO.yaml": (("value: 0.90", "value: 0.9"),),
    }
    study = "records/evidence/EVI-INOC-PRIOR.yaml"
    start = edited(amab, {study: (("{parameter: PRM-INOC-TEMP,", "{parameter: PRM-INOC-TEMP, unit: Cel,"),)})
    amab.git("checkout", "--quiet", edited(amab, rewritten, start))
    files: dict[str, str | None] = {}
    ordered = "records/parameters/virus-filtration/PRM-VF-PRESSURE.yaml"
    lines = (amab.path / ordered).read_text().splitlines(keepends=True)
    files[ordered] = "".join(sorted(lines, key=lambda line: line.startswith(("title:", "status:"))))
    moved = "records/parameters/ultrafiltration-diafiltration/PRM-UFDF-DV.yaml"
    files |= {moved: None, "records/elsewhere/dv.yaml": (amab.path / moved).read_text()}
    for path in sorted((amab.path / "records").rglob("*")):
        name = path.relative_to(amab.path).as_posix()
        if path.is_file() and name not in files and "PRM-HRV-FLOW" in (text := path.read_text()):
            text = re.sub("^id: PRM-HRV-RATE$", "id: PRM-HRV-RATE\nformerly: PRM-HRV-FLOW",
                          text.replace("PRM-HRV-FLOW", "PRM-HRV-RATE"), flags=re.MULTILINE)  # fmt: skip
            files[name] = text
    answer = impact(ttpack, amab, start, amab.commit(files))
    assert answer["class"] == "editorial"
    assert {rule for *_, rule, _ in rules(answer)} == {"CH-01"}
    directions = {(one["record"], one["direction"]) for one in answer["changes"]}
    assert {
        ("PRM-INOC-TEMP", "same value"), ("PRM-N1-DO", "precision only"),
        ("PRM-UFDF-DV", "moved"), ("PRM-HRV-RATE", "renamed"),
    } <= directions  # fmt: skip
    assert "PRM-VF-PRESSURE" not in {record for record, _ in directions}
    assert answer["affected"] == []
