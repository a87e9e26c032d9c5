"""Questions about the process: its order, the technology of a unit operation, instructions, reprocessing, limits."""

import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.readings import given_range, given_value, inside, movement, number, readings
from ttpack.analysis.change_rules.sides import Raw, Sides, State

CULTURES: Final = frozenset({"inoculum_expansion", "seed_bioreactor", "production_bioreactor"})
_REPROCESSING: Final = re.compile(
    r"\bre-?(?:process|work|filt(?:er|r)|purif|chromatograph)\w*|\b(?:second|repeat(?:ed)?|additional|further)\s+"
    r"(?:\w+\s+)?(?:pass|filtration|cycle of the same|chromatography)\b",
    re.IGNORECASE,
)
_MEDIA: Final = frozenset({"resin", "filter"})
_TIMES: Final = frozenset({"duration", "time", "contact_time"})


@condition
def flow_changed(change: Change, sides: Sides) -> bool:
    """Material takes another way through the process: other unit operations, another order, a loop less.

    A loop back that is only added leaves the order as it was: it is reprocessing.
    """
    before, after = _flow(sides.was(change.record), sides), _flow(sides.now(change.record), sides)
    loops = {arrow for arrow in after[1] - before[1] if arrow[2]}
    return before != (after[0], after[1] - loops, after[2])


def _flow(process: Raw, sides: Sides) -> tuple[Any, ...]:
    """Unit operations in their order, arrows and starts, by present ids; without arrows the order gives them."""
    units = [_present(one, sides) for one in process.get("unit_operations") or ()]
    arrows = {
        (_present(one.get("source"), sides), _present(one.get("target"), sides), one.get("recycle") is True)
        for one in process.get("flow") or ()
        if isinstance(one, Mapping)
    }
    arrows = arrows or {(first, second, False) for first, second in pairwise(units)}
    starts = {_present(one, sides) for one in process.get("start_unit_operations") or units[:1]}
    return tuple(units), frozenset(arrows), frozenset(starts)


def _present(record: Any, sides: Sides) -> str:
    return sides.present_ids.get(str(record), str(record))


@condition
def step_overtakes(change: Change, sides: Sides) -> bool:
    """The step stands before, or at the place of, another step of its unit operation that it stood after, or so."""
    before, after = sides.was(change.record), sides.now(change.record)
    home = before.get("unit_operation") or after.get("unit_operation")
    old, new = number(before.get("order")), number(after.get("order"))
    if old is None or new is None or home is None:
        return True
    for name in sides.referrers(str(home), "step"):
        orders = number(sides.was(name).get("order")), number(sides.now(name).get("order"))
        if name == change.record or None in orders:
            continue
        if _sign(old, orders[0]) != _sign(new, orders[1]):
            return True
    return False


def _sign(first: Any, second: Any) -> int:
    return int(first > second) - int(first < second)


@condition
def separation_medium_replaced(change: Change, sides: Sides) -> bool:
    """A unit operation that worked with resin works with a filter or membrane now, or the other way round."""
    for unit in _unit_operations_of(change, sides):
        former, present = sides.former_ids.get(unit, unit), sides.present_ids.get(unit, unit)
        before, after = _media(former, sides.before, sides), _media(present, sides.after, sides)
        if before - after and after - before:
            return True
    return False


def _unit_operations_of(change: Change, sides: Sides) -> set[str]:
    """The unit operations that a material, bill of materials, step or unit operation is about."""
    found: set[str] = set()
    for raw in sides.both(change.record):
        found.update(str(one) for one in raw.get("unit_operations") or ())
        found.update(str(raw[key]) for key in ("unit_operation",) if raw.get(key))
        if raw.get("kind") == "unit_operation":
            found.add(change.record)
        if raw.get("kind") == "bill_of_materials":
            found.update(unit for line in _lines(raw) for unit in _used_by(line, sides))
        if raw.get("kind") == "material":
            for name in sides.referrers(change.record, "step", "bill_of_materials"):
                for other in sides.both(name):
                    found.update(str(other[key]) for key in ("unit_operation",) if other.get(key))
                    found.update(
                        unit for line in _lines(other) if line.get("material") == raw.get("id")
                        for unit in _used_by(line, sides)
                    )  # fmt: skip
    return found


def _lines(raw: Raw) -> Iterator[Raw]:
    yield from (line for line in raw.get("lines") or () if isinstance(line, Mapping))


def _used_by(line: Raw, sides: Sides) -> Iterator[str]:
    """The unit operations of a line, or of the steps it names."""
    for name in line.get("used_by") or ():
        for raw in sides.both(str(name)):
            unit = raw.get("unit_operation") if raw.get("kind") == "step" else name
            if unit:
                yield str(unit)


def _media(unit: str, state: State, sides: Sides) -> set[str]:
    """What of resin and filter a unit operation uses on one side, by all records that say so."""
    materials = {name for name in sides.referrers(unit, "material") if unit in _listed(state.get(name))}
    inputs = state.get(unit).get("inputs") or ()
    materials.update(str(one.get("material")) for one in inputs if isinstance(one, Mapping))
    steps = [name for name in sides.referrers(unit, "step") if state.get(name).get("unit_operation") == unit]
    for name in steps:
        materials.update(str(one) for one in state.get(name).get("materials") or ())
    for name in {one for holder in (unit, *steps) for one in sides.referrers(holder, "bill_of_materials")}:
        for line in _lines(state.get(name)):
            if {unit, *steps} & set(line.get("used_by") or ()):
                materials.add(str(line.get("material")))
    return {str(state.get(name).get("material_class")) for name in materials} & _MEDIA


def _listed(raw: Raw) -> tuple[str, ...]:
    return tuple(raw.get("unit_operations") or ())


@condition
def reprocessing_introduced(change: Change, sides: Sides) -> bool:
    """The record speaks of reprocessing or rework, or has a loop back, and did not before."""
    before, after = sides.was(change.record), sides.now(change.record)
    spoken = _reprocesses(after) and not _reprocesses(before)
    return spoken or bool(_loops(after, sides) - _loops(before, sides))


def _reprocesses(raw: Raw) -> bool:
    waiting: list[Any] = [raw]
    while waiting:
        item = waiting.pop()
        if isinstance(item, Mapping):
            waiting.extend(value for key, value in item.items() if key not in ("source", "id", "formerly"))
        elif isinstance(item, list):
            waiting.extend(item)
        elif isinstance(item, str) and _REPROCESSING.search(item):
            return True
    return False


def _loops(process: Raw, sides: Sides) -> set[tuple[str, str]]:
    return {
        (_present(one.get("source"), sides), _present(one.get("target"), sides))
        for one in process.get("flow") or ()
        if isinstance(one, Mapping) and one.get("recycle") is True
    }


@condition
def may_wait_no_longer(change: Change, sides: Sides) -> bool:
    """The intermediate went on to wait before the change and has to go on at once now."""
    before, after = sides.was(change.record), sides.now(change.record)
    return before.get("can_wait") is not False and after.get("can_wait") is False


@condition
def hold_of_step_shorter(change: Change, sides: Sides) -> bool:
    """The hold that the step names now has limits shown to be no longer than those of the one it named."""
    holds = [sides.both(str(one))[-1:] for one in (change.before, change.after)]
    if not all(holds):
        return False
    (old,), (new,) = holds
    names = [name for name in ("chemical_maximum", "microbial_maximum", "operated_limit") if old.get(name)]
    return bool(names) and all(_no_longer(old.get(name), new.get(name), sides) for name in names)


def _no_longer(old: Any, new: Any, sides: Sides) -> bool:
    limits = [given_value(one, "", state.side.own_units) for one, state in ((old, sides.before), (new, sides.after))]
    if limits[0] is None or limits[1] is None:
        return False
    within = [one.within(limits[0].unit) for one in limits if one is not None]
    highs = [one.high if one else None for one in within]
    return highs[0] is not None and highs[1] is not None and highs[1] <= highs[0]


@condition
def culture_operation(change: Change, sides: Sides) -> bool:
    """The unit operation of the record grows cells, before or after, or is not shown to be something else."""
    units = list(sides.both(sides.base(change.record)))
    if units and units[-1].get("kind") != "unit_operation":
        units = [home for raw in units for home in sides.both(str(raw.get("unit_operation") or ""))]
    return not units or any(grows_cells(raw) for raw in units)


def grows_cells(unit: Raw) -> bool:
    """Whether a unit operation is a culture, or says neither its class nor its stage."""
    known, stage = unit.get("operation_class"), unit.get("stage")
    return known in CULTURES or (known in (None, "other") and stage in (None, "upstream"))


@condition
def longest_culture_raised(change: Change, sides: Sides) -> bool:
    """A duration's upper limit, its PAR or where there is none its NOR, lies higher, or is gone."""
    before, after = readings(change, sides)
    kinds = {side.general.get("quantity_kind") for side in (before, after) if side.there}
    if not kinds & _TIMES:
        return False
    return any(
        _rises(before.range(name), after.range(name))
        for name in ("proven_acceptable", "normal_operating")
    )  # fmt: skip


def _rises(before: Any, after: Any) -> bool:
    """Whether the high end of a range went up, or cannot be compared; not where the range is new."""
    if before is None or movement(before, after) in ("same", "tightened"):
        return False
    old = before.within(before.unit)
    new = after.within(before.unit) if after is not None else None
    if old is None or new is None or new.high is None:
        return old is None or old.high is not None
    return old.high is not None and (
        new.high > old.high or (new.high == old.high and new.high_inclusive and not old.high_inclusive)
    )


@condition
def step_may_last_longer(change: Change, sides: Sides) -> bool:
    """The longest duration of the step is longer than before, or that cannot be excluded."""
    found = []
    for raw, state in ((sides.was(change.record), sides.before), (sides.now(change.record), sides.after)):
        own, duration = state.side.own_units, raw.get("duration")
        found.append(given_value(duration, "", own) or given_range(duration, "", own))
    before, after = found
    return before is not None and inside(after, before) is not True and _rises(before, after)
