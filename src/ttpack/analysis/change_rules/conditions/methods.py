"""Questions about analytical methods: what kind the ones concerned are, and whether one stays what it was."""

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.sides import Sides
from ttpack.model.ids import is_record_id

TRANSFER_STATES = ("planned", "in_progress", "complete")
_WHAT_A_METHOD_IS = (
    "method_type", "analytical_target_profile", "compendial_reference", "quantitative", "robustness", "purposes",
    "range", "limit_of_quantitation", "unit", "attributes",
)  # fmt: skip


@condition
def physico_chemical_methods(change: Change, sides: Sides) -> bool:
    """Every method concerned is said to be physico-chemical on both sides: not biological, and not unknown."""
    if change.record_kind == "analytical_method":
        named = [change.record]
    else:
        stated = (change.before, change.after, *(raw.get("method") for raw in sides.both(change.record)))
        given = (one for value in stated for one in (value if isinstance(value, list) else [value]))
        named = [one for one in given if isinstance(one, str) and is_record_id(one)]
    raws = [raw for one in named for raw in sides.both(one) if raw.get("kind") == "analytical_method"]
    return bool(raws) and all(raw.get("method_type") == "physico_chemical" for raw in raws)


@condition
def within_robustness(change: Change, sides: Sides) -> bool:
    """The method states a robustness range on both sides, the same, and is otherwise what it was."""
    was, now = sides.was(change.record), sides.now(change.record)
    return bool(was.get("robustness")) and all(was.get(name) == now.get(name) for name in _WHAT_A_METHOD_IS)


@condition
def method_not_named(change: Change, sides: Sides) -> bool:
    """On some side the name of the test alone says which method is used."""
    return any(not raw.get("method") for raw in sides.both(change.record))


@condition
def transfer_regressed(change: Change, sides: Sides) -> bool:
    """A method transfer is less far than it was: planned, in progress, complete; failed is behind all."""
    del sides
    return change.before is not None and _rank(change.after) < _rank(change.before)


@condition
def becomes_waiver(change: Change, sides: Sides) -> bool:
    """A method transfer that was none before is done by waiver."""
    return sides.now(change.record).get("approach") == "waiver" and sides.was(change.record).get("approach") != "waiver"


def _rank(state: object) -> int:
    return TRANSFER_STATES.index(str(state)) if state in TRANSFER_STATES else -1
