"""Questions that let a set point move at less cost: inside an approved design space, or a registered range alone."""

from collections.abc import Mapping

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.conditions.parameters import moved_aims
from ttpack.analysis.change_rules.operating_point import allows
from ttpack.analysis.change_rules.readings import (
    PROVEN,
    SETPOINT_FIELDS,
    Given,
    given_range,
    inside,
    reading,
    readings,
)
from ttpack.analysis.change_rules.sides import Raw, Sides, State, field_path
from ttpack.model.ids import overlay_parts
from ttpack.model.status import STANDING

_PROVEN_FIELDS = frozenset({"ranges.proven_acceptable", "proven_acceptable", "ranges"})


@condition
def setpoint_free_to_move(change: Change, sides: Sides) -> bool:
    """The move stays inside an approved design space, or inside a PAR registered for moving this parameter alone.

    Both revisions have to show it, and the PAR, where there is one, has to hold the value on both.
    """
    moved = moved_aims(change, sides)
    known = all(before is not None and after is not None for before, after in moved)
    return known and _inside_proven_if_any(change, sides) and (
        _inside_approved_space(change, sides) or _inside_registered_range(change, sides)
    )  # fmt: skip


def _inside_proven_if_any(change: Change, sides: Sides) -> bool:
    ranges = [side.range(PROVEN) for side in readings(change, sides)]
    aims = [aim for _, aim in moved_aims(change, sides)]
    return all(proven is None or inside(aim, proven) is True for proven in ranges for aim in aims)


def _inside_approved_space(change: Change, sides: Sides) -> bool:
    """Whether a design space approved on both sides holds the operating point before and after, at every site."""
    base = sides.base(change.record)
    for name in sides.referrers(base, "design_space"):
        before, after = sides.was(name), sides.now(name)
        if _approved(before) and _approved(after) and all(
            allows(before, sides.before, at) and allows(after, sides.after, at) and allows(before, sides.after, at)
            for at in _sites(change, after, sides)
        ):  # fmt: skip
            return True
    return False


def _approved(space: Raw) -> bool:
    return space.get("approved_region") is True and space.get("status") in STANDING


def _sites(change: Change, space: Raw, sides: Sides) -> list[str]:
    """The sites at which the point is judged, "" for the general one.

    Of an overlay it is its own site, of a general parameter every one that has an overlay over a factor.
    """
    site = overlay_parts(change.record)[1]
    if site:
        return [site]
    factors = {str(one.get("parameter")) for one in space.get("factors") or () if isinstance(one, Mapping)}
    overlays = {name for factor in factors for name in sides.referrers(factor, "site_overlay")}
    return ["", *sorted({str(overlay_parts(name)[1]) for name in overlays})]


def _inside_registered_range(change: Change, sides: Sides) -> bool:
    """Whether the PAR is a registered detail in every market that approved the product, and nothing else moves.

    A PAR is shown for one parameter at a time: the others of the unit operation stay, and none is known to interact.
    """
    base = sides.base(change.record)
    if interacts(base, sides) or _others_move(base, sides):
        return False
    former, present = sides.former_ids.get(base, base), sides.present_ids.get(base, base)
    aims = [aim for _, aim in moved_aims(change, sides)]
    before, after = readings(change, sides)
    return (
        all(inside(aim, side.range(PROVEN)) is True for aim in aims for side in (before, after))
        and _registered(former, sides.before, aims, sides)
        and _registered(present, sides.after, aims, sides)
    )


def _registered(parameter: str, state: State, aims: list[Given | None], sides: Sides) -> bool:
    approved = {raw.get("market") for _, raw in state.of_kind("regulatory_state") if raw.get("state") == "approved"}
    found = set()
    general = reading(state, parameter)
    for name in sides.referrers(parameter, "established_condition"):
        raw = state.get(name)
        if raw.get("element") != parameter or raw.get("element_field") not in _PROVEN_FIELDS:
            continue
        filed = given_range(raw.get("filed_range"), str(raw.get("unit") or general.unit), state.side.own_units)
        holds = filed is None or all(inside(aim, filed) is True for aim in aims)
        if raw.get("registered_detail") is True and holds and raw.get("status") in STANDING:
            found.add(raw.get("market"))
    return bool(approved) and None not in approved and approved <= found


def interacts(parameter: str, sides: Sides) -> bool:
    """Whether any record of either side says that the parameter interacts with another."""
    for state, name in (
        (sides.before, sides.former_ids.get(parameter, parameter)),
        (sides.after, sides.present_ids.get(parameter, parameter)),
    ):
        raw = state.get(name)
        effects = [one for one in raw.get("effects") or () if isinstance(one, Mapping)]
        if raw.get("interactions") or raw.get("no_interaction") is False:
            return True
        if any(one.get("direction") == "interaction" for one in effects):
            return True
        others = sides.referrers(parameter, "process_parameter", "design_space")
        if any(name in (state.get(other).get("interactions") or ()) for other in others):
            return True
        if any(_multiplied(name, state.get(other)) for other in others):
            return True
    return False


def _multiplied(parameter: str, space: Raw) -> bool:
    """Whether a term of a model multiplies the parameter with another factor."""
    factors = [one for one in space.get("factors") or () if isinstance(one, Mapping)]
    own = {one.get("name") for one in factors if one.get("parameter") == parameter}
    responses = [one for one in space.get("responses") or () if isinstance(one, Mapping)]
    terms = [term for one in responses for term in one.get("terms") or () if isinstance(term, Mapping)]
    return any(
        own & set(term.get("factors") or ()) and set(term.get("factors") or ()) - own and term.get("coefficient") != 0
        for term in terms
    )


def _others_move(parameter: str, sides: Sides) -> bool:
    """Whether another parameter of the unit operation is aimed elsewhere by the same change, comes or goes."""
    moving: dict[str, set[str]] = sides.memo.setdefault("parameters aimed elsewhere by unit operation", {})
    if not moving:
        moving[""] = set()
        for record, changes in sides.by_record.items():
            if any(one.record_kind in ("process_parameter", "site_overlay") and _aim_field(one) for one in changes):
                base = sides.base(record)
                for raw in sides.both(base):
                    moving.setdefault(str(raw.get("unit_operation")), set()).add(sides.present_ids.get(base, base))
    own = {parameter, sides.present_ids.get(parameter, parameter)}
    return any(moving.get(str(raw.get("unit_operation")), set()) - own for raw in sides.both(parameter))


def _aim_field(change: Change) -> bool:
    path = field_path(change)
    return path in ("", "unit", "override", *SETPOINT_FIELDS) or path.startswith(("ranges.target", "scale.values"))
