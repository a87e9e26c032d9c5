"""Ranges at another scale, and buffers of a batch, on the small package."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ttpack.analysis.scale_up import buffers, scaled
from ttpack.cli.opening import open_package, open_tree
from ttpack.model.materials import BillOfMaterials, Material
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter

MINIMAL = Path(__file__).parents[1] / "packages" / "minimal"


@pytest.fixture(scope="module")
def package() -> Package:
    return open_package(open_tree(str(MINIMAL))).package


def stirring(package: Package, **scale: Any) -> ProcessParameter:
    """The agitation of the small package (60 rpm sent, 42 rpm received) with its scale changed."""
    parameter = package.records["PRM-BRX-AGIT"]
    assert isinstance(parameter, ProcessParameter)
    assert parameter.scale is not None
    return parameter.model_copy(update={"scale": parameter.scale.model_copy(update=scale)})


def test_a_proportional_rule_scales_the_normal_range_exactly(package: Package) -> None:
    """55 to 65 rpm around 60 becomes 38.5 to 45.5 around 42."""
    found = scaled(package, stirring(package), "SITE-B").range
    assert found is not None
    assert (found.low, found.high) == (Decimal("38.5"), Decimal("45.5"))


@pytest.mark.parametrize(
    ("scale", "site", "reason"),
    [
        ({"rule": "custom"}, "SITE-B", "does not say how the range scales"),
        ({"rule": None}, "SITE-B", "does not say how the range scales"),
        ({"rule": "no such rule"}, "SITE-B", "does not say how the range scales"),
        ({}, "SITE-NOWHERE", "no value is stated"),
        ({"values": ()}, "SITE-B", "no value is stated"),
    ],
)
def test_a_range_that_no_rule_gives_is_not_guessed(
    package: Package, scale: dict[str, Any], site: str, reason: str
) -> None:
    found = scaled(package, stirring(package, **scale), site)
    assert (found.range, reason in found.reason) == (None, True), found.reason


@pytest.mark.parametrize("value", ["0", "-42"])
def test_values_without_a_positive_ratio_scale_nothing(package: Package, value: str) -> None:
    parameter = stirring(package)
    assert parameter.scale is not None
    values = tuple(each.model_copy(update={"value": Decimal(value)}) for each in parameter.scale.values
                   if each.site == "SITE-B")  # fmt: skip
    assert scaled(package, stirring(package, values=values), "SITE-B").range is None


@pytest.mark.parametrize(("billed", "verdict"), [(12000, "within_limits"), (9000, "outside_limits")])
def test_buffer_demand_against_the_bill(package: Package, billed: int, verdict: str) -> None:
    """5 CV of a column of 200 cm and 20 cm bed (628 L), 3 cycles and 10 % overage are 10,367 L."""
    resin = Material.model_validate({
        "kind": "material", "id": "MAT-RESIN", "title": "Resin", "material_class": "resin",
        "unit_operations": ["UO-05-PA"], "lifetime": {"maximum_cycles": 100, "cycles_per_batch": 3},
    })  # fmt: skip
    buffer = Material.model_validate({
        "kind": "material", "id": "MAT-WASH", "title": "Wash", "material_class": "buffer",
    })  # fmt: skip
    line = {"material": "MAT-WASH", "quantity": {"value": billed, "unit": "L"}, "used_by": ["UO-05-PA"]}
    bill = BillOfMaterials.model_validate({
        "kind": "bill_of_materials", "id": "BOM-TEST", "title": "Bill", "site": "SITE-B", "lines": [line],
    })  # fmt: skip
    known = {each.id: each for each in (resin, buffer, bill)}
    (found,) = buffers(replace(package, records={**package.records, **known}), "SITE-B")
    assert found.verdict == verdict, found.reason
    assert "10370 L with 10 % overage" in found.reason
