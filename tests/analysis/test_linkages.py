"""Limits before and after a step: which later limit is looser, and which lines are of the same attribute."""

from typing import Any

import pytest

from ttpack.analysis.linkages import looser, same_attribute
from ttpack.model.process import LinkedAttribute


def line(quantity: str = "aggregate", **fields: Any) -> LinkedAttribute:
    return LinkedAttribute.model_validate({"quantity": quantity, "unit": "%", **fields})


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"high": 3}, {"high": 3}, False),
        ({"high": 3}, {"high": "3.1"}, True),
        ({"high": 3}, {"high": 2}, False),
        ({"high": 3}, {"low": 1}, True),
        ({"low": 95}, {"low": 95}, False),
        ({"low": 95}, {"low": 94}, True),
        ({"low": 95}, {"high": 99}, False),
        ({"low": 20, "high": 40}, {"low": 15, "high": 40}, True),
        ({"low": 20, "high": 40}, {"high": 40}, True),
        ({"low": 20, "high": 40}, {"low": 1, "high": 10}, False),
        ({"low": 20, "high": 40}, {"low": 25, "high": 35}, False),
        ({"high": 3}, {"low": 5, "high": 2}, False),
        ({"low": 5, "high": 2}, {"high": 9}, False),
        ({"high": 3}, {"high": 40000, "unit": "[ppm]"}, True),
        ({"high": 3}, {"high": 20000, "unit": "[ppm]"}, False),
        ({"high": 3}, {"high": 20, "unit": "mS/cm"}, False),
        ({"criterion": "clear"}, {"high": 3}, False),
    ],
)
def test_which_limit_is_looser(before: dict[str, Any], after: dict[str, Any], *, expected: bool) -> None:
    assert looser(line(output=before), line(output=after)) is expected


def test_the_units_of_the_lines_count() -> None:
    earlier = LinkedAttribute.model_validate({"quantity": "HCP", "unit": "ng/mg", "output": {"high": 12}})
    later = LinkedAttribute.model_validate({"quantity": "HCP", "unit": "[ppm]", "output": {"high": 12}})
    assert not looser(earlier, later)
    assert not looser(line(), line(output={"high": 3}))


@pytest.mark.parametrize(
    ("earlier", "later", "expected"),
    [
        ({"attribute": "CQA-AGG"}, {"attribute": "CQA-AGG"}, True),
        ({"attribute": "CQA-AGG"}, {"attribute": "CQA-HCP"}, False),
        ({"attribute": "CQA-AGG"}, {}, False),
        ({"attribute": "KPA-TITER"}, {"attribute": "KPA-TITER"}, False),
        ({"quantity": "A  b", "quantity_kind": "ppm"}, {"quantity": "a B", "quantity_kind": "purity"}, True),
        ({"quantity": "DNA", "quantity_kind": "ppm"}, {"quantity": "HCP", "quantity_kind": "ppm"}, False),
        ({"quantity_kind": "ph"}, {"quantity_kind": "ph"}, False),
        ({"quantity_kind": "purity"}, {"quantity_kind": "ph"}, False),
    ],
)  # fmt: skip
def test_which_lines_are_of_the_same_attribute(
    earlier: dict[str, Any], later: dict[str, Any], *, expected: bool
) -> None:
    assert same_attribute(line(**earlier), line(**later), {"CQA-AGG", "CQA-HCP"}) is expected
