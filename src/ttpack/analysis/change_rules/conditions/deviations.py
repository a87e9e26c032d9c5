"""Questions about the classification of deviations and the clocks of escalation: whether less is asked than before.

A rule of classification is a box: what it covers, and how grave that is. It is loosened if something that it covered
is after the change covered by no rule as grave, or if it now covers at a lower class what another rule held higher.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.conditions.records import OUT_OF_FORCE
from ttpack.analysis.change_rules.limits import Own, not_longer, range_limits
from ttpack.analysis.change_rules.sides import Raw, Sides, State, field_path

CLASSES = ("not_a_deviation", "event", "minor", "major", "critical")
SPONSOR = ("site_handles", "sponsor_informed", "sponsor_decides")
INTERVALS = ("inside_nor", "nor_to_par", "outside_par", "beyond_edge_of_failure")
CLOCK_STARTS = ("occurrence", "discovery", "qa_awareness")
CLOCK_HOURS = ("calendar", "working")
_LISTS = ("parameter_classes", "parameters", "stages")
_ONE = ("event", "site", "applies_to")


@condition
def deviation_loosened(change: Change, sides: Sides) -> bool:
    """A class boundary is lower than before, or is not shown to be no lower."""
    if change.record_kind == "site":
        return _term_lowered(change)
    if field_path(change).startswith("site_terms"):
        return _site_term_lowered(change, sides)
    was, now = (_in_force(raw) for raw in (sides.was(change.record), sides.now(change.record)))
    after = [raw for _, raw in sides.after.of_kind("deviation_rule") if raw.get("status") not in OUT_OF_FORCE]
    before = [
        raw
        for record, raw in sides.before.of_kind("deviation_rule")
        if record != change.record and raw.get("status") not in OUT_OF_FORCE
    ]
    own = sides.before.side.own_units, sides.after.side.own_units
    if was and not any(_covers(rule, was, (own[1], own[0])) and _as_grave(rule, was) for rule in after):
        return True
    return bool(now) and any(_overlap(now, other) and not _as_grave(now, other) for other in before)


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
    if name.startswith("local_troubleshooting"):
        return bool(was.get(_LOCAL)) and not not_longer(now.get(_LOCAL), was[_LOCAL], own)
    if name.startswith("levels"):
        return _levels_later(was, now, own)
    if name == "deviation_class":
        return was.get(name) is not None
    return not _wider(now, was, ("stages",), ("site",))


@condition
def fewer_notified(change: Change, sides: Sides) -> bool:
    """Fewer roles are notified than before; one in the place of another is none less."""
    was, now = (len(side.get("notify") or ()) for side in (sides.was(change.record), sides.now(change.record)))
    return now < was


_LOCAL = "local_troubleshooting"


def _in_force(raw: Raw) -> Raw:
    return {} if raw.get("status") in OUT_OF_FORCE else raw


def _as_grave(rule: Raw, other: Raw) -> bool:
    return (
        _rank(rule.get("deviation_class"), CLASSES) >= _rank(other.get("deviation_class"), CLASSES)
        and _rank(rule.get("sponsor_role"), SPONSOR) >= _rank(other.get("sponsor_role"), SPONSOR)
    )  # fmt: skip


def _covers(rule: Raw, other: Raw, own: tuple[Own, Own]) -> bool:
    """Whether one rule covers everything that the other does."""
    intervals = _interval(other) <= _interval(rule)
    return intervals and _wider(rule, other, _LISTS, _ONE) and _duration_covers(rule, other, own)


def _wider(rule: Raw, other: Raw, lists: Iterable[str], single: Iterable[str]) -> bool:
    """Whether a rule applies wherever the other does: an empty field asks nothing."""
    return all(
        not rule.get(name) or (bool(other.get(name)) and set(other[name]) <= set(rule[name])) for name in lists
    ) and all(rule.get(name) is None or rule.get(name) == other.get(name) for name in single)


def _overlap(rule: Raw, other: Raw) -> bool:
    lists = all(
        not rule.get(name) or not other.get(name) or set(rule[name]) & set(other[name])
        for name in ("parameter_classes", "parameters", "stages")
    )
    ones = all(None in (rule.get(name), other.get(name)) or rule[name] == other[name] for name in _ONE)
    return bool(lists and ones and _interval(rule) & _interval(other)) and rule.get("duration") == other.get("duration")


def _interval(rule: Raw) -> frozenset[str]:
    given = rule.get("interval")
    return frozenset({given} if given in INTERVALS else INTERVALS)


def _duration_covers(rule: Raw, other: Raw, own: tuple[Own, Own]) -> bool:
    if not rule.get("duration"):
        return True
    first = range_limits(rule.get("duration"), rule.get("duration_unit"), own[0])
    second = range_limits(other.get("duration"), other.get("duration_unit"), own[1])
    return first is not None and second is not None and second.within(first)


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
    return now.get("agreement_in_force") is False or any(
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
        for one in was.get("levels") or ()
    )


def _later(before: Any, after: Any, order: tuple[str, ...]) -> bool:
    """Whether a clock starts later than before; what is no longer said may start at any time."""
    return before is not None and before != after and (after is None or _rank(after, order) > _rank(before, order))


def _rank(value: Any, order: tuple[str, ...]) -> int:
    return order.index(value) if value in order else -1
