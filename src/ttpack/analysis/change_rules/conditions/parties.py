"""Questions about who answers for what: the company that is accountable, the readers of a record."""

from collections.abc import Iterable, Iterator
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.inherited import citing
from ttpack.analysis.change_rules.sides import Raw, Sides, State

EVERYBODY = "public"
ALL_PARTIES = "partner"
NOBODY_ELSE = "internal"


@condition
def accountable_company_changes(change: Change, sides: Sides) -> bool:
    """The companies of the accountable roles are not shown to be the same before and after."""
    was, now = sides.was(change.record), sides.now(change.record)
    if change.record_kind == "responsibility":
        return _moved(_companies(was, sides.before), _companies(now, sides.after))
    accountable = [one for one in citing(change.record, sides, "accountable")
                   if sides.index.kinds.get(one) == "responsibility"]  # fmt: skip
    return bool(accountable) and _moved({_company(was, sides.before)}, {_company(now, sides.after)})


@condition
def activity_taken_over(change: Change, sides: Sides) -> bool:
    """Accountability for the same activity lay elsewhere before, in another record."""
    now = sides.now(change.record)
    others = [
        _companies(raw, sides.before)
        for record, raw in sides.before.of_kind("responsibility")
        if record != change.record and _activity(raw) and _activity(raw) == _activity(now)
    ]
    return any(_moved(one, _companies(now, sides.after)) for one in others)


@condition
def audience_widened(change: Change, sides: Sides) -> bool:
    """Somebody may read after the change who might not before. A record without labels is internal."""
    before = frozenset(_labels(sides.was(change.record).get("audience")))
    after = frozenset(_labels(sides.now(change.record).get("audience")))
    opened = NOBODY_ELSE in before and bool(after) and NOBODY_ELSE not in after
    return opened or not all(_reads(label, before) for label in after)


@condition
def leaves_private_overlay(change: Change, sides: Sides) -> bool:
    """The record's file lay in a private overlay package before, and lies in the shared one now."""
    overlays = _overlays(sides.before) | _overlays(sides.after)
    return _below(str(change.before), overlays) and not _below(str(change.after), overlays)


def _labels(given: Any) -> tuple[str, ...]:
    return tuple(str(one) for one in given) if isinstance(given, list) and given else (NOBODY_ELSE,)


def _reads(label: str, labels: Iterable[str]) -> bool:
    """Whether readers of a label are among those of some labels."""
    known = frozenset(labels)
    if label == NOBODY_ELSE or EVERYBODY in known or label in known:
        return True
    return label.startswith("party:") and ALL_PARTIES in known


def _overlays(state: State) -> frozenset[str]:
    return frozenset(str(one).rstrip("/") for _, raw in state.of_kind("package") for one in raw.get("overlays") or ())


def _below(path: str, folders: frozenset[str]) -> bool:
    """Whether a file lies in an overlay: beside the package, or where its record says."""
    return path.startswith("../") or any(path == folder or path.startswith(f"{folder}/") for folder in folders)


def _activity(raw: Raw) -> str:
    return " ".join(str(raw.get("activity") or "").casefold().split())


def _companies(raw: Raw, state: State) -> set[str]:
    given = raw.get("accountable")
    named = given if isinstance(given, list) else [given] if given else []
    return {_company(state.get(str(one)), state, str(one)) for one in named}


def _company(raw: Raw, state: State, name: str = "") -> str:
    """The organisation of a role or person; of a role that names none, that of its party; empty if nobody says."""
    if raw.get("kind") == "organisation":
        return name
    if raw.get("organisation"):
        return str(raw["organisation"])
    return ", ".join(sorted(_of_party(raw.get("party"), state)))


def _of_party(party: Any, state: State) -> Iterator[str]:
    for record, raw in state.of_kind("organisation") if party else ():
        if raw.get("party") == party:
            yield record


def _moved(before: set[str], after: set[str]) -> bool:
    return "" in before | after or before != after
