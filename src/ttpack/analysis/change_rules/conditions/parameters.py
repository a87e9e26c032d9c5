"""Questions about process parameters: their class, where a setpoint or range lies, which way it went."""

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.readings import (
    NORMAL,
    PROVEN,
    SETPOINT_FIELDS,
    TARGET,
    Given,
    inside,
    movement,
    readings,
)
from ttpack.analysis.change_rules.sides import Sides, field_path
from ttpack.model.parameter import CRITICAL
from ttpack.model.status import OUT_OF_FORCE

RANKS = {"GPP": 1, "non-CPP": 1, "KPP": 2, "WC-CPP": 3, "CPP": 4}
"""How much depends on a class: a lower number is less controlled."""
_WIDER = frozenset({"widened", "shifted", "added", "removed", "unknown"})


@condition
def critical_parameter(change: Change, sides: Sides) -> bool:
    """The parameter, or the one an overlay stands over, is a CPP or WC-CPP before or after, or of no known class."""
    return is_critical(sides.base(change.record), sides)


def is_critical(record: str, sides: Sides) -> bool:
    """Whether a parameter is critical on either side, or not shown to be something else."""
    classes = [raw.get("classification") for raw in sides.both(record)]
    return not classes or any(name in CRITICAL or name not in RANKS for name in classes)


@condition
def performance_parameter(change: Change, sides: Sides) -> bool:
    """The parameter is a KPP before or after the change, and critical on neither side."""
    classes = {raw.get("classification") for raw in sides.both(sides.base(change.record))}
    return "KPP" in classes and not critical_parameter(change, sides)


@condition
def classification_raised(change: Change, sides: Sides) -> bool:
    """The class became one on which more depends; from no class at all, only a critical one is shown to be that."""
    before, after = (raw.get("classification") for raw in (sides.was(change.record), sides.now(change.record)))
    if before not in RANKS:
        return after in CRITICAL
    return after in RANKS and RANKS[str(before)] < RANKS[str(after)]


@condition
def classification_lowered(change: Change, sides: Sides) -> bool:
    """The class became one on which less depends, or was taken away."""
    before, after = (raw.get("classification") for raw in (sides.was(change.record), sides.now(change.record)))
    return before in RANKS and RANKS.get(str(after), 0) < RANKS[str(before)]


@condition
def out_of_force(change: Change, sides: Sides) -> bool:
    """The record counted before the change and no longer does: superseded or withdrawn."""
    before, after = sides.was(change.record), sides.now(change.record)
    return before.get("status") not in OUT_OF_FORCE and after.get("status") in OUT_OF_FORCE


@condition
def into_force(change: Change, sides: Sides) -> bool:
    """The record was superseded or withdrawn before the change and counts again."""
    before, after = sides.was(change.record), sides.now(change.record)
    return before.get("status") in OUT_OF_FORCE and after.get("status") not in OUT_OF_FORCE


@condition
def was_parameter(change: Change, sides: Sides) -> bool:
    """The record was a process parameter before the change."""
    return sides.was(change.record).get("kind") == "process_parameter"


def moved_aims(change: Change, sides: Sides) -> list[tuple[Given | None, Given | None]]:
    """What was aimed at before and after, where the change moved it: set point or target, and the range aimed at.

    A change of the unit, or of a whole overlay, may move either; a change of one field only its own.
    """
    before, after = readings(change, sides)
    path = field_path(change)
    pairs = []
    if not path.startswith("ranges.target"):
        pairs.append((before.aim(), after.aim()))
    if path not in SETPOINT_FIELDS:
        pairs.append((before.range(TARGET), after.range(TARGET)))
    return [pair for pair in pairs if movement(*pair) not in ("none", "same")]


@condition
def setpoint_moved(change: Change, sides: Sides) -> bool:
    """What is aimed at is another value than before, units and overlays counted in."""
    return bool(moved_aims(change, sides))


@condition
def setpoint_inside_proven(change: Change, sides: Sides) -> bool:
    """What is aimed at now lies inside the PAR as it was before the change and as it is after."""
    before, after = readings(change, sides)
    return all(
        inside(aim, side.range(PROVEN)) is True for _, aim in moved_aims(change, sides) for side in (before, after)
    )


@condition
def normal_range_widened(change: Change, sides: Sides) -> bool:
    """An end of the NOR gives more room than before, or that cannot be excluded."""
    before, after = readings(change, sides)
    return movement(before.range(NORMAL), after.range(NORMAL)) in _WIDER


@condition
def normal_range_narrowed(change: Change, sides: Sides) -> bool:
    """The NOR lies inside what it was."""
    before, after = readings(change, sides)
    return movement(before.range(NORMAL), after.range(NORMAL)) == "tightened"


@condition
def normal_range_inside_proven(change: Change, sides: Sides) -> bool:
    """The NOR, if there still is one, lies inside the PAR as it was and as it is."""
    before, after = readings(change, sides)
    normal = after.range(NORMAL)
    return normal is None or all(inside(normal, side.range(PROVEN)) is True for side in (before, after))


@condition
def proven_range_widened(change: Change, sides: Sides) -> bool:
    """The PAR gives more room at an end and less at none, is new or gone, or cannot be compared."""
    before, after = readings(change, sides)
    return movement(before.range(PROVEN), after.range(PROVEN)) in _WIDER - {"shifted"}


@condition
def proven_range_narrowed(change: Change, sides: Sides) -> bool:
    """The PAR lies inside what it was."""
    before, after = readings(change, sides)
    return movement(before.range(PROVEN), after.range(PROVEN)) == "tightened"


@condition
def proven_range_shifted(change: Change, sides: Sides) -> bool:
    """The PAR gives more room at one end and less at the other, or has left what it was."""
    before, after = readings(change, sides)
    return movement(before.range(PROVEN), after.range(PROVEN)) == "shifted"


@condition
def value_inside_history(change: Change, sides: Sides) -> bool:
    """Every value or range that the change moved lies inside the historical range as it was and as it is."""
    sides_of = readings(change, sides)
    after = sides_of[1]
    moved = [aim for _, aim in moved_aims(change, sides)]
    moved.extend(after.range(name) for name in moved_ranges(change, sides))
    return all(inside(value, side.range("historical")) is True for value in moved for side in sides_of)


def moved_ranges(change: Change, sides: Sides) -> list[str]:
    """Which of NOR and PAR the change moved."""
    before, after = readings(change, sides)
    path = field_path(change)
    named = [name for name in (NORMAL, PROVEN) if path.startswith(f"ranges.{name}")]
    asked = named or ([] if path in SETPOINT_FIELDS or path.startswith("ranges.") else [NORMAL, PROVEN])
    return [name for name in asked if movement(before.range(name), after.range(name)) not in ("none", "same")]


@condition
def value_changed(change: Change, sides: Sides) -> bool:
    """A set point, target, NOR or PAR is another one than before."""
    return bool(moved_aims(change, sides) or moved_ranges(change, sides))
