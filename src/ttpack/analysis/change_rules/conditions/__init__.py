"""Conditions that a row of the table may name, by family; each is one question about one change."""

from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.sides import Sides

Condition = Callable[[Change, Sides], bool]
_CONDITIONS: dict[str, Condition] = {}
_MODULES: tuple[str, ...] = (
    "parameters",
    "setpoints",
    "history",
    "links",
    "process",
    "wording",
    "viral",
    "cell_banks",
    "scale",
    "sites",
    "equipment",
    "records",
    "rooms",
    "materials",
    "specifications",
    "methods",
    "controls",
    "validation",
    "knowledge",
    "assurance",
    "deviations",
    "parties",
)


def condition(function: Condition) -> Condition:
    """Register a condition under the name of its function. Raises ValueError for a name that is taken."""
    name = function.__name__
    if name in _CONDITIONS:
        raise ValueError(f"condition {name} is defined twice")
    _CONDITIONS[name] = function
    return function


@cache
def all_conditions() -> Mapping[str, Condition]:
    """Every condition by name."""
    for module in _MODULES:
        import_module(f"{__name__}.{module}")
    return _CONDITIONS
