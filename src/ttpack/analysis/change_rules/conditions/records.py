"""Questions about whole records and plain fields: what comes, what goes, what was stated before."""

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.sides import Sides, field_path
from ttpack.model.status import OUT_OF_FORCE


@condition
def comes(change: Change, sides: Sides) -> bool:
    """The record is new, or comes back into force."""
    if change.kind == "record_added":
        return sides.now(change.record).get("status") not in OUT_OF_FORCE
    return _status(change) and change.before in OUT_OF_FORCE and change.after not in OUT_OF_FORCE


@condition
def goes(change: Change, sides: Sides) -> bool:
    """The record is removed, superseded or withdrawn, and was in force."""
    if change.kind == "record_removed":
        return sides.was(change.record).get("status") not in OUT_OF_FORCE
    return _status(change) and change.before not in OUT_OF_FORCE and change.after in OUT_OF_FORCE


@condition
def comes_or_goes(change: Change, sides: Sides) -> bool:
    """The record as a whole is there no longer, or was not there before."""
    return comes(change, sides) or goes(change, sides)


@condition
def takes_effect(change: Change, sides: Sides) -> bool:
    """The record was in preparation or out of force, and counts now."""
    del sides
    idle = OUT_OF_FORCE | {"draft", "in_review"}
    return _status(change) and change.before in idle and change.after not in idle


@condition
def was_stated(change: Change, sides: Sides) -> bool:
    """The field said something else before; it is not given for the first time."""
    del sides
    return change.before is not None and change.direction != "added"


@condition
def becomes_true(change: Change, sides: Sides) -> bool:
    """What was false or not said is true."""
    del sides
    return change.before is not True and change.after is True


def _status(change: Change) -> bool:
    return field_path(change) == "status"
