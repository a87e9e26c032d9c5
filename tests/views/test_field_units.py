"""A number is printed with its own unit or with none, never with one that stands nearby."""

from decimal import Decimal
from typing import Any

import pytest

from ttpack.model.kinds import KINDS
from ttpack.model.package import Package
from ttpack.publish.terminal import page_text
from ttpack.views.blocks import Page
from ttpack.views.record import record_section

MANIFEST = KINDS["package"].model_validate({"kind": "package", "id": "PKG-T", "schema_version": "1"})


def shown(**fields: Any) -> str:
    record = KINDS[fields["kind"]].model_validate(fields)
    package = Package(MANIFEST, {record.id: record}, {record.id: fields}, {})  # type: ignore[arg-type]
    text = page_text(Page("index", "T", (record_section(package, record),)), 200)
    return " ".join(text.split())


@pytest.mark.parametrize(
    ("fields", "wanted", "unwanted"),
    [
        (
            {"kind": "in_process_control", "unit": "g/L", "limit": {"high": Decimal(8)},
             "turnaround": {"high": Decimal(1)}, "turnaround_unit": "h"},
            ["≤ 8 g/L", "≤ 1 h"],
            ["1 g/L"],
        ),
        (
            {"kind": "hold_time", "temperature": {"low": Decimal(2), "high": Decimal(8)}, "temperature_unit": "Cel"},
            ["2 to 8 °C"],
            [],
        ),
        (
            {"kind": "quality_attribute", "unit": "%", "criticality_score": Decimal(60),
             "acceptance_range": {"high": Decimal(5)},
             "assessments": [{"method": "Tool 1", "impact": Decimal(12), "score": Decimal(61)}]},
            ["≤ 5 %", "60", "12", "61"],
            ["60 %", "12 %", "61 %"],
        ),
        (
            {"kind": "process_parameter", "unit": "Cel", "setpoint": Decimal("37.0"),
             "capability": {"value": Decimal("1.4"), "unit": "1"},
             "scale": {"dependence": "dependent", "values": [{"site": "SITE-B", "value": Decimal(36)}]}},
            ["37.0 °C", "1.4", "36 °C"],
            ["1.4 °C"],
        ),
        (
            {"kind": "unit_operation", "step_yield": {"low": Decimal(90), "unit": "%"}},
            ["≥ 90 %"],
            [],
        ),
    ],
)  # fmt: skip
def test_each_number_has_its_own_unit(fields: dict[str, Any], wanted: list[str], unwanted: list[str]) -> None:
    text = shown(id="ABC-TEST", **fields)
    for words in wanted:
        assert words in text
    for words in unwanted:
        assert words not in text
