"""Where a change travels, where it stops, and what is asked for there."""

import itertools
from typing import Any

import pytest

from ttpack.analysis.change import Change
from ttpack.analysis.impact import Affected, impact
from ttpack.analysis.index import Index
from ttpack.source.load import load
from ttpack.source.resources import resource
from ttpack.source.trees import MemoryTree

MANIFEST = "kind: package\nid: PKG-T\nschema_version: 1\ngates: {SITE-B: G2}\n"
RECORDS = """\
- {kind: site, id: SITE-A}
- {kind: site, id: SITE-B}
- {kind: quality_attribute, id: CQA-AGG}
- {kind: specification, id: SPC-AGG, attribute: CQA-AGG, method: MTH-SEC}
- {kind: analytical_method, id: MTH-SEC}
- {kind: method_transfer, id: MTX-SEC, method: MTH-SEC}
- kind: process_parameter
  id: PRM-PH
  classification: CPP
  unit: '[pH]'
  setpoint: 6.85
  ranges: {proven_acceptable: {low: 6.6, high: 7.1, evidence: [EVI-DOE]}}
  effects: [CQA-AGG]
  interactions: [PRM-CO2]
- {kind: process_parameter, id: PRM-CO2, classification: KPP}
- {kind: evidence, id: EVI-DOE}
- {kind: site_overlay, id: PRM-PH@SITE-B, setpoint: 6.9}
- {kind: step, id: STP-CULT, parameters: [PRM-PH], instruction: 'Hold {{ PRM-PH.setpoint }}.'}
- {kind: step, id: STP-CO2, parameters: [PRM-CO2]}
- {kind: batch_record, id: MBR-A, site: SITE-A, steps: [STP-CULT]}
- {kind: batch_record, id: MBR-B, site: SITE-B, steps: [STP-CULT]}
- {kind: training, id: TRN-CULT, step: STP-CULT}
- {kind: know_how, id: KNW-PH, statement: 'The range is {{ PRM-PH.ranges.proven_acceptable }}.'}
- {kind: risk, id: RSK-PH, item: PRM-PH}
- {kind: deviation_rule, id: DCR-CPP, parameter_classes: [CPP], deviation_class: major}
- {kind: deviation_rule, id: DCR-KPP, parameter_classes: [KPP], deviation_class: minor}
- {kind: escalation_rule, id: ESC-MAJOR, deviation_class: major}
- {kind: escalation_rule, id: ESC-MINOR, deviation_class: minor}
- {kind: established_condition, id: ECN-PH, element: PRM-PH, market: US}
- {kind: regulatory_state, id: REG-US, market: US}
- {kind: regulatory_state, id: REG-EU, market: EU}
- {kind: validation_strategy, id: VST-B, site: SITE-B}
- {kind: document, id: DOC-CS, shows: [CQA-AGG]}
- {kind: document, id: DOC-PD, shows: [PRM-PH]}
"""


@pytest.fixture(scope="module")
def index() -> Index:
    loaded = load(MemoryTree({"ttpack.yaml": MANIFEST.encode(), "records/all.yaml": RECORDS.encode()}))
    assert [problem.message for problem in loaded.problems] == []
    return Index.of(loaded.package)


def change(index: Index, record: str, field: str = "setpoint", **more: Any) -> Change:
    return Change(record, index.kinds[record], field, "value_changed", 1, 2, **{"significance": "major", **more})


def reached(index: Index, record: str, field: str = "setpoint") -> dict[str, Affected]:
    return {item.record: item for item in impact([change(index, record, field)], index).affected}


def test_a_value_travels_as_change_control_says(index: Index) -> None:
    found = reached(index, "PRM-PH")
    assert found["MTX-SEC"].path == ("PRM-PH", "CQA-AGG", "SPC-AGG", "MTH-SEC", "MTX-SEC")
    assert found["TRN-CULT"].path == ("PRM-PH", "STP-CULT", "TRN-CULT")
    assert found["ESC-MAJOR"].path == ("PRM-PH", "DCR-CPP", "ESC-MAJOR")
    assert found["REG-US"].path == ("PRM-PH", "ECN-PH", "REG-US")
    actions = {key: item.action for key, item in found.items()}
    assert {key for key, action in actions.items() if action == "revise"} == {
        "STP-CULT", "MBR-A", "MBR-B", "PRM-PH@SITE-B", "DOC-PD",
    }  # fmt: skip
    assert actions["VST-B"] == "inform"
    assert actions["RSK-PH"] == actions["CQA-AGG"] == actions["PRM-CO2"] == "assess"
    assert not {"STP-CO2", "DCR-KPP", "ESC-MINOR", "REG-EU", "SITE-A"} & found.keys()


def test_nothing_behind_what_is_to_be_assessed_must_be_revised(index: Index) -> None:
    assert reached(index, "PRM-PH")["DOC-CS"].action == "assess"
    assert reached(index, "CQA-AGG", "acceptance_range")["DOC-CS"].action == "revise"


def test_a_text_is_revised_where_it_prints_what_changed(index: Index) -> None:
    assert reached(index, "PRM-PH")["KNW-PH"].action == "inform"
    assert reached(index, "PRM-PH", "ranges.proven_acceptable")["KNW-PH"].action == "revise"
    assert reached(index, "PRM-PH", "")["KNW-PH"].action == "revise"


def test_a_change_at_one_site_stays_there(index: Index) -> None:
    found = reached(index, "PRM-PH@SITE-B")
    assert found["MBR-B"].action == "revise"
    assert found["PRM-PH"].action == "inform"
    assert "MBR-A" not in found


def test_evidence_concerns_what_rests_on_it(index: Index) -> None:
    for found in (reached(index, "EVI-DOE", "outcome"), reached(index, "PRM-PH", "ranges.proven_acceptable.evidence")):
        assert {"RSK-PH", "ECN-PH", "REG-US"} <= found.keys()
        assert not {"STP-CULT", "MBR-A", "TRN-CULT"} & found.keys()


def test_words_and_owners_concern_who_reads_them(index: Index) -> None:
    for field in ("why", "owner", "x-erp-code"):
        found = reached(index, "PRM-PH", field)
        assert "DOC-PD" in found
        assert not {"CQA-AGG", "RSK-PH", "ECN-PH"} & found.keys()
    assert "CQA-AGG" in {
        item.record for item in impact([change(index, "PRM-PH", "why"), change(index, "PRM-PH")], index).affected
    }


def test_editorial_changes_reach_nothing(index: Index) -> None:
    assert impact([change(index, "PRM-PH", significance="editorial")], index).affected == ()


def test_more_changes_reach_more_and_never_ask_for_less(index: Index) -> None:
    for first, second in itertools.permutations(index.kinds, 2):
        alone = reached(index, first)
        both = impact([change(index, first), change(index, second)], index)
        together = {item.record: item for item in both.affected}
        assert alone.keys() <= {*together, second}
        for item in both.affected:
            assert item.record not in {first, second}
            assert len(item.via) == len(item.path) - 1
            assert len(set(item.path)) == len(item.path)


def test_the_index_survives_being_written(index: Index) -> None:
    assert Index.from_json(index.as_json()) == index


def test_an_early_ph_does_not_reach_everything() -> None:
    root = resource("samples/amab/package")
    files = {path.relative_to(root).as_posix(): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    index = Index.of(load(MemoryTree(files)).package)
    found = reached(index, "PRM-N1-PH")
    assert len(found) < 40
    assert not {record for record in found if record.startswith(("CQA-", "SPC-", "PRM-"))}
    assert {item.path[1] for item in found.values() if item.record_kind == "batch_record"}
