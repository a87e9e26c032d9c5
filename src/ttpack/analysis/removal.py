"""Where along the process an attribute is removed, so that a limit may be wider before that step than after it."""

from ttpack.model.package import Package
from ttpack.model.process import UnitOperation
from ttpack.model.quality import QualityAttribute, Specification

ORDER = {"intermediate": 0, "DS": 1, "DP": 2}
"""Articles from upstream to downstream; raw materials stand outside."""


def removal_orders(package: Package, attribute: str) -> tuple[int | None, ...]:
    """The places in the process of the unit operations that clear an attribute; None for one without a place."""
    record = package.get(attribute, QualityAttribute)
    named = set(record.cleared_by) if record else set()
    return tuple(unit.order for unit in package.unit_operations if unit.id in named or attribute in unit.clears)


def removed_between(package: Package, upstream: Specification, downstream: Specification | None) -> bool | None:
    """Whether a step removes the attribute of `upstream` before `downstream` (None: before drug substance).

    None where the package does not say where the intermediate is taken, or where a clearing step stands.
    """
    if upstream.removed_between:
        return True
    start = _order(package, upstream)
    if upstream.attribute is None or (upstream.article != "intermediate" and start is None):
        return False
    orders = removal_orders(package, upstream.attribute)
    if not orders:
        return False
    if start is None or None in orders:
        return None
    end = _order(package, downstream) if downstream is not None and downstream.article == "intermediate" else None
    return any(order is not None and order > start and (end is None or order <= end) for order in orders)


def upstream_first(package: Package, line: Specification) -> tuple[int, int]:
    """Where a line stands: article, then for intermediates the place of the unit operation they come from."""
    return ORDER.get(line.article or "", -1), _order(package, line) or 0


def _order(package: Package, line: Specification) -> int | None:
    unit = package.get(line.after_unit_operation, UnitOperation)
    return unit.order if unit else None
