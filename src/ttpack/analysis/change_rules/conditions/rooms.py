"""Questions about rooms and utilities: their grade, and whether product is open to the air there."""

from collections.abc import Mapping

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.inherited import citing
from ttpack.analysis.change_rules.sides import Raw, Sides, field_path

GRADES = ("CNC", "D", "C", "B", "A")
"""From the least clean; A and B are aseptic."""
_CLEAN_ISO = ("ISO 7", "ISO 8", "ISO 9")
_ASEPTIC_STEPS = frozenset({"filling", "lyophilisation"})


@condition
def grade_kept_outside_aseptic(change: Change, sides: Sides) -> bool:
    """Shown on both sides: the area concerned is not aseptic, and no grade is lower than before."""
    if change.record_kind == "utility":
        return not any(_aseptic(sides, room) for room in _rooms_served(change.record, sides))
    if change.record_kind == "site_equipment":
        return _moved_between_equal_rooms(change, sides)
    if field_path(change).startswith("room_requirement"):
        was, now = (_required_grade(raw) for raw in (sides.was(change.record), sides.now(change.record)))
        return _rank(now) >= _rank(was) and not {was, now} & {"A", "B"}
    if change.record_kind == "step":
        return _rank(change.after) >= _rank(change.before) and not {change.before, change.after} & {"A", "B"}
    return not _aseptic(sides, change.record) and not _downgraded(sides.was(change.record), sides.now(change.record))


def _required_grade(raw: Raw) -> object:
    wanted = raw.get("room_requirement")
    return wanted.get("grade") if isinstance(wanted, Mapping) else None


def _downgraded(was: Raw, now: Raw) -> bool:
    return bool(was and now) and _rank(now.get("grade")) < _rank(was.get("grade"))


def _aseptic(sides: Sides, room: str) -> bool:
    """Whether a room is aseptic on some side, or nothing shows that it is not."""
    return any(not _shown_not_aseptic(raw, sides) for raw in sides.both(room))


def _shown_not_aseptic(raw: Raw, sides: Sides) -> bool:
    steps = (step for unit in raw.get("unit_operations") or () for step in sides.both(unit))
    if any(step.get("operation_class") in _ASEPTIC_STEPS or step.get("stage") == "fill" for step in steps):
        return False
    if raw.get("grade") is not None:
        return raw["grade"] in GRADES[:3]
    return str(raw.get("iso_class") or "").startswith(_CLEAN_ISO)


def _rooms_served(utility: str, sides: Sides) -> set[str]:
    items = citing(utility, sides, "utilities")
    return {str(raw["room"]) for item in items for raw in sides.both(item) if raw.get("room")}


def _moved_between_equal_rooms(change: Change, sides: Sides) -> bool:
    rooms = [str(one) for one in (change.before, change.after) if isinstance(one, str)]
    if any(_aseptic(sides, room) or not sides.both(room) for room in rooms):
        return False
    return len(rooms) < 2 or not _downgraded(sides.was(rooms[0]), sides.now(rooms[1]))  # noqa: PLR2004


def _rank(grade: object) -> int:
    return GRADES.index(str(grade)) if grade in GRADES else -1
