"""Questions about knowledge: what rests on it, and whether what is said to be settled was shown."""

from collections.abc import Mapping
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.sides import Raw, Sides, State, field_path
from ttpack.model.ids import is_record_id
from ttpack.model.parameter import CRITICAL

LEVELS = ("low", "medium", "high")
_CLASSES = ("GPP", "non-CPP", "KPP", "WC-CPP", "CPP")
_SETTLED = frozenset({"confirmed", "accepted_risk", "withdrawn", "superseded", "mitigated", "accepted", "closed"})
_CONTROLLED = "mitigated"
"""Settled for now: such a risk is still one until it is accepted or closed."""
_ACCEPTED = frozenset({"accepted_risk", "accepted"})
_PARTIES = frozenset({"sending", "receiving"})
_SUPPORT = ("outcome_evidence", "mitigations", "mitigations.refs", "approvers", "participants", "expires")
"""What a settled assumption or risk stands on."""
_NAMES = ("scope", "relates_to", "parameters", "studied", "items", "item")


@condition
def refuted(change: Change, sides: Sides) -> bool:
    """The assumption is refuted, and was not before."""
    return sides.now(change.record).get("status") == "refuted" != sides.was(change.record).get("status")


@condition
def impact_raised(change: Change, sides: Sides) -> bool:
    """The impact of being wrong is greater than was said, or is said for the first time and is not low."""
    del sides
    return _level(change.after) > _level(change.before) and change.after != "low"


@condition
def settled_without_evidence(change: Change, sides: Sides) -> bool:
    """An assumption or risk counts as settled, smaller or gone after the change, and no record shows why."""
    if not _settled_or_lowered(change, sides):
        return False
    now = sides.now(change.record)
    if not now or now.get("status") in ("withdrawn", "superseded"):
        return not _shown_by(now, sides)
    if now.get("status") in _ACCEPTED and field_path(change) in ("status", *_SUPPORT):
        return not _accepted_by_both(now, sides.after)
    if field_path(change).startswith(("initial", "proposes")):
        return True
    if field_path(change).startswith("residual"):
        return not _shown_by(now, sides) - _shown_by(sides.was(change.record), sides)
    return not _shown_by(now, sides)


@condition
def on_critical_parameter(change: Change, sides: Sides) -> bool:
    """The record is about a critical parameter or is cited by one on some side, or by one whose class nobody states."""
    named = {one for raw in sides.both(change.record) for name in _NAMES for one in _ids(raw.get(name))}
    near = {other for other, *_ in sides.index.neighbours.get(change.record, ())}
    return any(_critical(raw) for one in sorted(named | near) for raw in sides.both(sides.base(one)))


def _critical(raw: Raw) -> bool:
    return raw.get("kind") == "process_parameter" and raw.get("classification") in {None, *CRITICAL}


def _ids(value: Any) -> list[str]:
    given = value if isinstance(value, list) else [value]
    found = (one.get("parameter") if isinstance(one, Mapping) else one for one in given)
    return [one for one in found if isinstance(one, str) and is_record_id(one)]


def _settled_or_lowered(change: Change, sides: Sides) -> bool:
    name = field_path(change)
    if name in _SUPPORT:
        settled = sides.now(change.record).get("status") in _SETTLED
        return settled and (change.direction == "removed" or name == "expires")
    if name == "affected":
        return change.direction == "removed"
    if change.kind == "record_removed":
        return sides.was(change.record).get("status") not in _SETTLED - {_CONTROLLED}
    if name == "status":
        reopened = change.before == "refuted" and change.after != "refuted"
        settles = change.after in _SETTLED and change.before not in _SETTLED
        closes = change.before == _CONTROLLED and change.after in _SETTLED - {_CONTROLLED}
        return settles or closes or reopened
    if name == "impact":
        return change.before is not None and _level(change.after) < _level(change.before)
    if name == "proposes":
        return change.before is not None and _rank(change.after) < _rank(change.before)
    if name.rpartition(".")[2] == "level":
        return change.before is not None
    return change.direction in ("decreased", "removed", "")


def _shown_by(raw: Raw, sides: Sides) -> set[str]:
    """Records that show the outcome: named as its evidence, or what mitigates the risk, and there after the change."""
    given = [*(raw.get("outcome_evidence") or ())]
    for one in raw.get("mitigations") or ():
        given.extend(one.get("refs") or () if isinstance(one, Mapping) else ())
    return {str(one) for one in given if sides.after.index.kinds.get(str(one)) is not None}


def _accepted_by_both(now: Raw, state: State) -> bool:
    """Whether the quality units of both parties are named: as roles or persons, or two names written out."""
    given = [str(one) for one in now.get("approvers") or now.get("participants") or ()]
    parties = {_party(state.get(one), state) for one in given if is_record_id(one)} & _PARTIES
    names = {" ".join(one.split()).casefold() for one in given if not is_record_id(one)} - {""}
    return len(parties) + len(names) >= len(_PARTIES)


def _party(raw: Raw, state: State) -> str:
    if raw.get("function") != "QA":
        return ""
    return str(raw.get("party") or state.get(raw.get("organisation")).get("party") or "")


def _level(value: Any) -> int:
    return LEVELS.index(value) if value in LEVELS else -1


def _rank(value: Any) -> int:
    return _CLASSES.index(value) if value in _CLASSES else -1
