"""Whether a record belongs to the unit operation and the site that a controlled document is about."""

from collections.abc import Callable
from typing import Any, Final

from ttpack.analysis.controlled_documents.sections import Raw, values_at
from ttpack.model.ids import overlay_parts

_UNITS: Final = (
    "unit_operation",
    "unit_operations",
    "from_unit_operation",
    "to_unit_operation",
    "after_unit_operation",
)
_OF_ONE_UNIT: Final = frozenset({
    "process_parameter", "step", "in_process_control", "hold_time", "sampling", "process_attribute", "material",
    "step_linkage", "design_space",
})  # fmt: skip
"""Kinds that belong to a unit operation: one that names none belongs to no document of one."""


def in_scope(record: str, raw: Raw, scope: Raw, get: Callable[[str | None], Raw]) -> bool:
    """Whether the record is of the document's unit operation and site; a document without them is about all.

    What names no unit operation belongs to each, except what is always of one; what names no site belongs to each.
    """
    return _of_unit(record, raw, scope.get("unit_operation"), get) and _of_site(record, raw, scope.get("site"), get)


def _of_unit(record: str, raw: Raw, unit: Any, get: Callable[[str | None], Raw]) -> bool:
    if not unit:
        return True
    if raw.get("kind") == "unit_operation":
        return bool(record == unit)
    base, site = overlay_parts(record)
    if site:
        raw = get(base)
    named = {one for name in _UNITS for one in _as_list(raw.get(name))}
    item = raw.get("item")
    if not named and isinstance(item, str):
        named = set(_as_list(get(item).get("unit_operation")))
    users = [one for given in values_at(raw, "lines.used_by") for one in _as_list(given) if isinstance(one, str)]
    named |= {unit_of for one in users for unit_of in (one, get(one).get("unit_operation"))}
    return unit in named if named else raw.get("kind") not in _OF_ONE_UNIT


def _of_site(record: str, raw: Raw, site: Any, get: Callable[[str | None], Raw]) -> bool:
    if not site:
        return True
    if raw.get("kind") == "site":
        # a site's methods run in the laboratories of its organisation
        organisation = raw.get("organisation")
        laboratory = raw.get("site_role") == "testing" and organisation == get(site).get("organisation")
        return bool(record == site or (laboratory and organisation))
    own = raw.get("site") or overlay_parts(record)[1]
    return own is None or bool(own == site)


def _as_list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list | tuple) else [] if value is None else [value]
