"""Questions about acceptance criteria and limits: of specifications, of in-process controls, of material attributes.

"Not loosened" has to be shown: in numbers, in base units, or in words that state a limit. Without that the criterion
counts as loosened.
"""

from collections.abc import Mapping
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.limits import Limits, range_limits, stated_limits
from ttpack.analysis.change_rules.sides import Raw, Sides, State, field_path

_PURPOSES: dict[str, tuple[tuple[str, ...], ...]] = {
    "specification": (("release_limit", "acceptance"), ("shelf_life_limit", "acceptance")),
    "in_process_control": (("limit",),),
    "step": (("criterion",),),
}
"""For each kind the limits that bind, each with the field that stands for it where it is not given."""
_APPLIES_TO = frozenset({"market", "site"})
_WHAT = frozenset({"attribute", "article", "intermediate", "after_unit_operation", "parameter", "point",
                   "unit_operation"})  # fmt: skip
LIMIT_TYPES = ("monitor", "alert", "action", "reject")
GATES = ("release", "forward_processing")
"""What waits for a result, from late to early."""


@condition
def material_specification(change: Change, sides: Sides) -> bool:
    """The specification is one of a raw material, before and after."""
    return all(raw.get("article") == "RM" for raw in sides.both(change.record))


@condition
def compendial_test(change: Change, sides: Sides) -> bool:
    """The test is said to be compendial on every side, by its specification or by the type of its method."""
    return all(_compendial(raw, sides) for raw in sides.both(change.record))


@condition
def limit_not_loosened(change: Change, sides: Sides) -> bool:
    """The criterion is shown to allow nothing that it did not allow before."""
    was, now = sides.was(change.record), sides.now(change.record)
    if was.get("kind") != now.get("kind"):
        return False
    if field_path(change).rpartition(".")[2] == "side" and None not in (change.before, change.after):
        return False  # a limit read from the other side allows what it did not
    if field_path(change).rpartition(".")[2] == "criterion" and not isinstance(change.before or change.after, Mapping):
        return _words_not_loosened(change, was, now, sides)
    return _numbers_not_loosened(was, now, sides)


@condition
def scope_narrowed(change: Change, sides: Sides) -> bool:
    """The test or control holds no longer for all it held for: an article, an attribute, a site, a market, a point."""
    name = field_path(change)
    if name in _APPLIES_TO:
        return change.after is not None
    if name in ("release", "stability"):
        return change.before is True and change.after is not True
    if name in _WHAT:
        return change.before is not None
    if name in ("limit_type", "gates"):
        order = LIMIT_TYPES if name == "limit_type" else GATES
        return _rank(change.after, order) < _rank(change.before, order)
    del sides
    return False


@condition
def scope_broadened(change: Change, sides: Sides) -> bool:
    """The test or control holds for more than before, or with more effect."""
    name = field_path(change)
    if name in _APPLIES_TO:
        return change.before is not None and change.after is None
    if name in ("limit_type", "gates"):
        return not scope_narrowed(change, sides)
    return name in _WHAT and change.before is None


def _compendial(raw: Raw, sides: Sides) -> bool:
    """Whether the specification says so and its method, where known, says nothing else; or the method alone."""
    methods = sides.both(raw.get("method"))
    if raw.get("compendial") is not None:
        by_method = all(method.get("method_type") == "compendial" or method.get("compendial_reference")
                        or method.get("method_type") is None for method in methods)  # fmt: skip
        return raw.get("compendial") is True and by_method
    return bool(methods) and all(method.get("method_type") == "compendial" for method in methods)


def _words_not_loosened(change: Change, was: Raw, now: Raw, sides: Sides) -> bool:
    before = stated_limits(change.before, sides.before.side.own_units)
    after = stated_limits(change.after, sides.after.side.own_units)
    numbers = _holder(was), _holder(now)
    shown = _numbers_not_loosened(was, now, sides)
    if before is not None and after is not None:
        return after.within(before)
    if change.before is None:
        # words beside numbers that stay bind no less than the numbers did
        return shown and (after is None or _all_within(after, numbers[0], was, sides.before))
    if change.after is None:
        return shown and before is not None and any(_limits_of(numbers[1], now, sides.after))
    return shown and _differ(numbers)


def _all_within(after: Limits, holder: Mapping[str, Any], was: Raw, state: State) -> bool:
    given = [one for one in _limits_of(holder, was, state) if one is not None]
    return all(after.within(one) for one in given)


def _differ(numbers: tuple[Mapping[str, Any], Mapping[str, Any]]) -> bool:
    """Whether numbers changed with the words, so that words nobody can read follow them."""
    names = {name for purposes in _PURPOSES.values() for purpose in purposes for name in purpose}
    return any(numbers[0].get(name) != numbers[1].get(name) for name in names if name != "criterion")


def _numbers_not_loosened(was: Raw, now: Raw, sides: Sides) -> bool:
    pairs = zip(
        _binding(_holder(was), was, sides.before), _binding(_holder(now), now, sides.after), strict=True
    )  # fmt: skip
    return all(_tighter(before, after) for before, after in pairs)


def _tighter(before: Limits | str | None, after: Limits | str | None) -> bool:
    if before is None:
        return True
    if isinstance(before, Limits) and isinstance(after, Limits):
        return after.within(before)
    return before == after


def _holder(raw: Raw) -> Mapping[str, Any]:
    if raw.get("kind") != "step":
        return raw
    decision = raw.get("decision")
    return decision if isinstance(decision, Mapping) else {}


def _purposes(raw: Raw) -> tuple[tuple[str, ...], ...]:
    return _PURPOSES.get(str(raw.get("kind")), ())


def _binding(holder: Mapping[str, Any], raw: Raw, state: State) -> list[Limits | str | None]:
    """Each limit that binds: its numbers, else the words that stand for it, else nothing."""
    found: list[Limits | str | None] = list(_limits_of(holder, raw, state))
    for index, names in enumerate(_purposes(raw)):
        if found[index] is None:
            found[index] = _words(holder, names, state)
    return found


def _words(holder: Mapping[str, Any], names: tuple[str, ...], state: State) -> Limits | str | None:
    inner = [given.get("criterion") for name in names if isinstance(given := holder.get(name), Mapping)]
    text = next((one for one in (*inner, holder.get("criterion")) if isinstance(one, str)), None)
    return stated_limits(text, state.side.own_units) or (" ".join(text.split()) if text else None)


def _limits_of(holder: Mapping[str, Any], raw: Raw, state: State) -> list[Limits | None]:
    found = []
    for names in _purposes(raw):
        given = (range_limits(holder.get(name), holder.get("unit"), state.side.own_units) for name in names)
        found.append(next((one for one in given if one is not None), None))
    return found


def _rank(value: Any, order: tuple[str, ...]) -> int:
    return order.index(value) if value in order else -1
