"""Questions about what a parameter is linked to: the attributes it acts on, the evidence it rests on."""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.conditions.parameters import is_critical
from ttpack.analysis.change_rules.sides import Raw, Sides, field_path
from ttpack.model.ids import overlay_parts

_INDEX: Final = re.compile(r"\[([0-9]+)\]")
_BELOW_HIGH: Final = frozenset({"VL", "L", "M", "M-H"})


@condition
def attribute_link_added(change: Change, sides: Sides) -> bool:
    """A critical parameter acts, by this change, on a quality attribute on which it did not act."""
    return bool(_links(change, sides)[1])


@condition
def attribute_link_removed(change: Change, sides: Sides) -> bool:
    """A critical parameter is no longer said to act on a quality attribute on which it did act."""
    return bool(_links(change, sides)[0])


@condition
def unlinked_attribute_below_high(change: Change, sides: Sides) -> bool:
    """Every attribute that lost its link has, on both sides where it exists, a criticality shown to be below high."""
    return all(
        raw.get("criticality") in _BELOW_HIGH
        for _, attribute in _links(change, sides)[0]
        for raw in sides.both(attribute) or ({},)
    )


def _links(change: Change, sides: Sides) -> tuple[set[tuple[str, str]], set[tuple[str, str]]]:
    """The links of critical parameters to attributes that the change removed, and those that it added."""
    before, after = sides.was(change.record), sides.now(change.record)
    if change.record_kind == "quality_attribute":
        touched = {(name, change.record) for name in _touched(change, before, after, "control_elements", sides)}
        lost, gained = _controls(before, sides), _controls(after, sides)
    else:
        touched = {(change.record, name) for name in _touched(change, before, after, "effects", sides)}
        lost, gained = _acts_on(before, sides), _acts_on(after, sides)
    counted = {
        (parameter, attribute)
        for parameter, attribute in touched
        if any(raw.get("kind") == "quality_attribute" for raw in sides.both(attribute))
        and any(raw.get("kind") == "process_parameter" for raw in sides.both(parameter))
        and is_critical(parameter, sides)
    }
    about = 0 if change.record_kind == "quality_attribute" else 1
    return (
        {link for link in counted if link[about] in lost - gained},
        {link for link in counted if link[about] in gained - lost},
    )


def _acts_on(raw: Raw, sides: Sides) -> set[str]:
    """The attributes that a parameter acts on, by their present ids; an effect of strength none is none."""
    found = set()
    for one in raw.get("effects") or ():
        if isinstance(one, str):
            found.add(sides.present_ids.get(one, one))
        elif isinstance(one, Mapping) and "none" not in (one.get("strength"), one.get("direction")):
            found.add(sides.present_ids.get(str(one.get("ref")), str(one.get("ref"))))
    return found


def _controls(raw: Raw, sides: Sides) -> set[str]:
    return {sides.present_ids.get(str(one), str(one)) for one in raw.get("control_elements") or ()}


def _touched(change: Change, before: Raw, after: Raw, name: str, sides: Sides) -> set[str]:
    """The records that the changed items of a list name, by their present ids."""
    index = _INDEX.search(change.field)
    if index is None or change.kind == "order_changed":
        items = [*(before.get(name) or ()), *(after.get(name) or ())]
    elif field_path(change) == name:
        items = [change.before, change.after]
    else:
        items = list((after.get(name) or ())[int(index[1]) :][:1])
    return {sides.present_ids.get(ref, ref) for ref in map(_reference, items) if ref}


def _reference(item: Any) -> str:
    ref = item.get("ref") if isinstance(item, Mapping) else item
    return ref if isinstance(ref, str) else ""


@condition
def cited_by_critical_parameter(change: Change, sides: Sides) -> bool:
    """A critical parameter, or a PAR, rests on the evidence before or after the change."""
    return any(_is_critical_or_proven(name, change.record, sides) for name in _citing(change.record, sides))


def _citing(record: str, sides: Sides) -> Iterable[str]:
    return sides.referrers(record, "process_parameter", "site_overlay")


def _is_critical_or_proven(name: str, evidence: str, sides: Sides) -> bool:
    base = overlay_parts(name)[0]
    return is_critical(base, sides) or any(_proven_cites(raw, evidence) for raw in sides.both(name))


def _proven_cites(raw: Raw, evidence: str) -> bool:
    inner = raw.get("override")
    for part in (raw, inner if isinstance(inner, Mapping) else {}):
        ranges = part.get("ranges")
        proven = ranges.get("proven_acceptable") if isinstance(ranges, Mapping) else None
        if isinstance(proven, Mapping) and evidence in (proven.get("evidence") or ()):
            return True
    return False
