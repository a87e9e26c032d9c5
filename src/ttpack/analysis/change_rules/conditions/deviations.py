"""Questions about the classification of deviations and the clocks of escalation: whether less is asked than before.

The classification is loosened if a piece that a row covered is after the change covered by no row as grave, if a row
now covers at a lower class what another one held higher, or if more than before is said to be no deviation.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.deviation_boxes import CLASSES, Row, held, overlap, row
from ttpack.analysis.change_rules.limits import Own, not_longer
from ttpack.analysis.change_rules.sides import Raw, Sides, State, field_path
from ttpack.model.status import OUT_OF_FORCE

CLOCK_STARTS = ("occurrence", "discovery", "qa_awareness")
CLOCK_HOURS = ("calendar", "working")


@condition
def deviation_loosened(change: Change, sides: Sides) -> bool:
    """A class boundary is lower than before, or is not shown to be no lower."""
    if change.record_kind == "site":
        return _term_lowered(change)
    if field_path(change).startswith("site_terms"):
        return _site_term_lowered(change, sides)
    return bool(sides.once("deviation_loosened", change.record, lambda: _row_loosened(change.record, sides)))


def _row_loosened(record: str, sides: Sides) -> bool:
    was, now = (
        row(raw, state.side.own_units) if raw and raw.get("status") not in OUT_OF_FORCE else None
        for raw, state in ((sides.was(record), sides.before), (sides.now(record), sides.after))
    )
    after = list(_rows(sides, "after").values())
    if was and not was.no_deviation and not held(was, after):
        return True
    if now is None:
        return False
    called_none = was.intervals if was and was.no_deviation else frozenset()
    if now.no_deviation and not now.intervals <= {"inside_nor", *called_none}:
        return True
    before = _rows(sides, "before")
    former = sides.former_ids.get(record, record)
    return any(overlap(now, one) and not now.as_grave_as(one) for name, one in before.items() if name != former)


def _rows(sides: Sides, side: Literal["before", "after"]) -> dict[str, Row]:
    """The rows of the classification in force, by record."""
    state: State = getattr(sides, side)
    found: dict[str, Row] = sides.once("deviation_rows", side, lambda: dict(_in_force_rows(state)))
    return found


def _in_force_rows(state: State) -> Iterator[tuple[str, Row]]:
    for record, raw in state.of_kind("deviation_rule"):
        if raw.get("status") not in OUT_OF_FORCE:
            yield record, row(raw, state.side.own_units)


@condition
def escalation_loosened(change: Change, sides: Sides) -> bool:
    """A clock is longer, starts later or is gone, or is not shown to be none of these."""
    was, now = (_in_force(raw) for raw in (sides.was(change.record), sides.now(change.record)))
    if not was:
        return False
    if not now:
        return True
    own = sides.before.side.own_units, sides.after.side.own_units
    name = field_path(change)
    if change.record_kind == "quality_agreement":
        return _notified_later(was, now, own)
    if name in ("clock_start", "clock_hours"):
        return _later(was.get(name), now.get(name), CLOCK_STARTS if name == "clock_start" else CLOCK_HOURS)
    if name == "local_clock_start":
        return _later(_start_of(was, was, name), _start_of(now, now, name), CLOCK_STARTS)
    if name.startswith("local_troubleshooting"):
        return bool(was.get(_LOCAL)) and not not_longer(now.get(_LOCAL), was[_LOCAL], own)
    if name.startswith("levels"):
        return _levels_later(was, now, own)
    if name == "deviation_class":
        return was.get(name) is not None
    return not _wider(now, was)


@condition
def fewer_notified(change: Change, sides: Sides) -> bool:
    """Fewer roles are notified than before; one in the place of another is none less."""
    was, now = (len(side.get("notify") or ()) for side in (sides.was(change.record), sides.now(change.record)))
    return now < was


_LOCAL = "local_troubleshooting"


def _in_force(raw: Raw) -> Raw:
    return {} if raw.get("status") in OUT_OF_FORCE else raw


def _wider(rule: Raw, other: Raw) -> bool:
    """Whether a rule applies wherever the other does: no stage and no site stand for all."""
    stages = not rule.get("stages") or (bool(other.get("stages")) and set(other["stages"]) <= set(rule["stages"]))
    return stages and rule.get("site") in (None, other.get("site"))


def _term_lowered(change: Change) -> bool:
    """A site's own term stands for a lower class of the package than before, or for none."""
    if isinstance(change.before, Mapping) or isinstance(change.after, Mapping):
        return change.after is None
    return change.before is not None and _rank(change.after, CLASSES) < _rank(change.before, CLASSES)


def _site_term_lowered(change: Change, sides: Sides) -> bool:
    """The term that a site gives a class stands at that site for a lower class than the former term did."""
    if change.before is None:
        return False
    site = field_path(change).partition(".")[2]
    before = _term_class(sides.before, site, change.before)
    after = _term_class(sides.after, site, change.after)
    return before < 0 or after < before


def _term_class(state: State, site: str, term: Any) -> int:
    terms = state.get(site).get("deviation_terms")
    return _rank(terms.get(term) if isinstance(terms, Mapping) and isinstance(term, str) else None, CLASSES)


def _notified_later(was: Raw, now: Raw, own: tuple[Own, Own]) -> bool:
    after = {_notice(one): one for one in now.get("notification_times") or ()}
    lapsed = was.get("agreement_in_force") is True and now.get("agreement_in_force") is not True
    return lapsed or any(
        _notice(one) not in after
        or (one.get("within") and not not_longer(after[_notice(one)].get("within"), one["within"], own))
        or _later(one.get("clock_start"), after[_notice(one)].get("clock_start"), CLOCK_STARTS)
        for one in was.get("notification_times") or ()
    )


def _notice(given: Mapping[str, Any]) -> tuple[str, str]:
    return " ".join(str(given.get("what")).casefold().split()), str(given.get("deviation_class"))


def _levels_later(was: Raw, now: Raw, own: tuple[Own, Own]) -> bool:
    after = {one.get("level"): one for one in now.get("levels") or ()}
    return any(
        one.get("level") not in after
        or (one.get("within") and not not_longer(after[one["level"]].get("within"), one["within"], own))
        or _clock_later((one, was), (after[one["level"]], now))
        for one in was.get("levels") or ()
    )


def _clock_later(before: tuple[Mapping[str, Any], Raw], after: tuple[Mapping[str, Any], Raw]) -> bool:
    """Whether the clock of a level starts later, or counts fewer hours; what a level does not say its rule says."""
    return any(
        _later(_start_of(*before, name), _start_of(*after, name), order)
        for name, order in (("clock_start", CLOCK_STARTS), ("clock_hours", CLOCK_HOURS))
    )


def _start_of(given: Mapping[str, Any], rule: Raw, name: str) -> Any:
    """What a part of a rule says of its clock, else what the rule says."""
    return given.get(name) or rule.get(name.removeprefix("local_"))


def _later(before: Any, after: Any, order: tuple[str, ...]) -> bool:
    """Whether a clock starts later than before; what is no longer said may start at any time."""
    return before is not None and before != after and (after is None or _rank(after, order) > _rank(before, order))


def _rank(value: Any, order: tuple[str, ...]) -> int:
    return order.index(value) if value in order else -1
