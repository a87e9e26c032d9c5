"""Questions about equipment: like the item it replaces, of similar design, of another principle, still wide enough."""

from collections.abc import Iterator, Mapping
from typing import Any, Final, Literal

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.readings import PROVEN, Given, given_range, given_value, inside, reading
from ttpack.analysis.change_rules.sides import Raw, Sides, State
from ttpack.model.ids import is_record_id
from ttpack.model.status import OUT_OF_FORCE

Likeness = Literal["like", "similar", "different"]
_LIKENESSES: Final[tuple[Likeness, ...]] = ("like", "similar", "different")
_RANGES: Final = ("range", "qualified_range", "measuring_range")
_WIDTHS: Final = ("accuracy", "control_band")


@condition
def equipment_like_for_like(change: Change, sides: Sides) -> bool:
    """The item is of the class, principle, material and ranges of the one it stands for."""
    return _likeness(change, sides) == "like"


@condition
def equipment_similar(change: Change, sides: Sides) -> bool:
    """The item is of the class and principle of the one it stands for, with other or unknown material or ranges."""
    return _likeness(change, sides) == "similar"


@condition
def equipment_different(change: Change, sides: Sides) -> bool:
    """The item is of another class or principle than the one it stands for, or one of the two is not known."""
    return _likeness(change, sides) == "different"


def _likeness(change: Change, sides: Sides) -> Likeness | None:
    """How like the item is to the one it stands for; None where the change is about no item."""
    if change.record_kind == "site_equipment" and change.kind not in ("record_added", "record_removed"):
        return _compared(sides.was(change.record), sides.now(change.record), sides)
    if change.kind == "record_removed":
        return _closest([_compared(sides.was(change.record), one, sides) for one in _successors(change.record, sides)])
    item = change.record if change.record_kind == "site_equipment" else _reference(change.after)
    raw = sides.now(item)
    if raw.get("kind") != "site_equipment":
        return None
    # the first item ever recorded for a task replaces none; its design is not known to be that of anything
    return _closest([_compared(other, raw, sides) for other in _former_items(item, raw, sides)]) or "similar"


def _closest(found: list[Likeness]) -> Likeness | None:
    return next((likeness for likeness in _LIKENESSES if likeness in found), None)


def _successors(item: str, sides: Sides) -> list[Raw]:
    """The items that came with the change to the site and for a task of one that went."""
    raw = sides.was(item)
    tasks = (*(raw.get("unit_operations") or ()), *(raw.get("meets") or ()))
    names = {name for task in tasks for name in sides.referrers(str(task), "site_equipment")} - {item}
    new = [sides.now(name) for name in sorted(names) if not sides.was(name)]
    return [one for one in new if one.get("site") == raw.get("site")]


def _reference(item: Any) -> str:
    return item if isinstance(item, str) and is_record_id(item) else ""


def _former_items(item: str, raw: Raw, sides: Sides) -> list[Raw]:
    """The items of the former revision that served the same task: at the same site, else anywhere."""
    tasks = [*(raw.get("unit_operations") or ()), *(raw.get("meets") or ())]
    users = sides.referrers(item, "step", "unit_operation")
    tasks.extend(str(user.get("unit_operation") or name) for name in users for user in sides.both(name)[-1:])
    names = {name for task in tasks for name in sides.referrers(str(task), "site_equipment")} - {item}
    former = [one for name in sorted(names) if (one := sides.was(name)).get("kind") == "site_equipment"]
    here = [one for one in former if one.get("site") == raw.get("site")]
    return here or former


def _compared(before: Raw, after: Raw, sides: Sides) -> Likeness:
    """How like two items are; the same words of both, or for the item itself the same absence, count as equal."""
    itself = before.get("id") == after.get("id") or sides.former_ids.get(str(after.get("id"))) == before.get("id")
    for name in ("equipment_class", "operating_principle"):
        first, second = _folded(before.get(name)), _folded(after.get(name))
        if first != second or (first is None and not itself and name == "equipment_class"):
            return "different"
    materials = [_folded(raw.get("materials_of_construction")) for raw in (before, after)]
    if materials[0] != materials[1] or (materials[0] is None and not itself):
        return "similar"
    return "like" if _abilities(before, sides.before) == _abilities(after, sides.after) else "similar"


def _folded(text: Any) -> str | None:
    return " ".join(str(text).casefold().replace("-", " ").split()) if text else None


def _abilities(raw: Raw, state: State) -> Any:
    """What an item can do, by function and quantity, comparable across units; None where it says nothing."""
    own = state.side.own_units
    found = []
    for one in raw.get("capabilities") or ():
        if isinstance(one, Mapping):
            unit = str(one.get("unit") or "")
            ends = [_ends(given_range(one.get(name), unit, own)) for name in _RANGES]
            ends += [_ends(given_value(one.get(name), unit, own)) for name in _WIDTHS]
            found.append((str(one.get("quantity_kind")), str(one.get("function")), ends))
    volume = _ends(given_range(raw.get("working_volume"), str(raw.get("working_volume_unit") or ""), own))
    limits = [_ends(given_value(raw.get(name), "", own)) for name in ("maximum_flow", "maximum_pressure")]
    geometry = {str(key): str(value) for key, value in sorted((raw.get("geometry") or {}).items())}
    said = found or volume or any(limits)
    return (sorted(found, key=str), volume, limits, geometry) if said else object()


def _ends(given: Given | None) -> Any:
    """A range in the base unit of what it measures, where its unit is known, else as written."""
    if given is None:
        return None
    base = _BASE_UNITS.get(given.unit, given.unit)
    found = given.within(base)
    return (base, found) if found else (given.unit, given.low, given.high, given.words)


_BASE_UNITS: Final = {"[degF]": "Cel", "mL": "L", "m3": "L", "min": "h", "s": "h", "mm": "cm", "m": "cm", "kPa": "bar"}


@condition
def proven_range_left_uncovered(change: Change, sides: Sides) -> bool:
    """A parameter's PAR that the site's equipment held before the change is not held by any of it any more."""
    record = change.record
    if record in (known := sides.memo.setdefault("equipment that covers no more", {})):
        return bool(known[record])
    lost = any(
        _covered(name, record, sides.before, sides, former=True) is True
        and _covered(name, record, sides.after, sides, former=False) is not True
        for name in _served(record, sides)
    )
    known[record] = lost
    return lost


def _served(record: str, sides: Sides) -> set[str]:
    """The parameters that an item serves: by its capabilities, or by the requirements it is mapped to."""
    found: set[str] = set()
    for raw in sides.both(record):
        found.update(_named(raw))
        for requirement in raw.get("meets") or ():
            for asked in sides.both(str(requirement)):
                found.update(_named(asked))
    return found


def _named(raw: Raw) -> Iterator[str]:
    for one in raw.get("capabilities") or ():
        if isinstance(one, Mapping):
            yield from map(str, one.get("parameters") or ())


def _covered(parameter: str, record: str, state: State, sides: Sides, *, former: bool) -> bool | None:
    """Whether the site's equipment on one side holds the whole PAR of a parameter; None where nothing compares.

    The item itself counts; where it is gone, every other item of the site that serves the parameter.
    """
    ids = sides.former_ids if former else sides.present_ids
    name = ids.get(parameter, parameter)
    site = next((str(raw["site"]) for raw in sides.both(record) if raw.get("site")), "")
    proven = reading(state, name, f"{name}@{site}" if site else None).range(PROVEN)
    if proven is None:
        return None
    itself = ids.get(record, record)
    items = [itself] if state.get(itself) else sides.referrers(parameter, "site_equipment")
    answers = [
        answer
        for item in items
        if (raw := state.get(item)).get("status") not in OUT_OF_FORCE and str(raw.get("site") or "") == site
        for answer in _holds(raw, name, proven, state)
    ]
    return any(answers) if answers else None


def _holds(raw: Raw, parameter: str, proven: Given, state: State) -> Iterator[bool]:
    """For each capability that serves a parameter, whether it holds a PAR.

    Its qualified range, else its design range, is what it can do; its measuring range, if given, has to hold it too.
    """
    quantity = state.get(parameter).get("quantity_kind")
    for one in raw.get("capabilities") or ():
        if not isinstance(one, Mapping):
            continue
        named = one.get("parameters") or ()
        if parameter not in named and (named or not quantity or one.get("quantity_kind") != quantity):
            continue
        unit = str(one.get("unit") or "")
        own = state.side.own_units
        able = given_range(one.get("qualified_range") or one.get("range"), unit, own)
        answers = [inside(proven, able), inside(proven, given_range(one.get("measuring_range"), unit, own))]
        if answers != [None, None]:
            yield False not in answers
