"""Questions about what keeps the package honest: thresholds, waivers, required content, gates, scales, attachments."""

from collections.abc import Iterator, Mapping
from typing import Any

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.sides import Raw, Sides, field_path
from ttpack.analysis.gate_requirements import required_kinds
from ttpack.analysis.thresholds import share
from ttpack.model.record import GATES

_DECIDED = frozenset({"pass", "conditional", "fail"})


@condition
def gate_decided_before(change: Change, sides: Sides) -> bool:
    """A decision on the gate had been taken before the change."""
    return sides.was(change.record).get("decision") in _DECIDED


@condition
def gate_condition_open(change: Change, sides: Sides) -> bool:
    """A condition of the gate is less met than it was, put off, dropped before it was met, or past its gate."""
    name = field_path(change)
    if change.record_kind == "package":
        site = name.partition(".")[2]
        return any(
            raw.get("site") == site and _overdue(raw, _passed(change.after))
            for _, raw in sides.after.of_kind("gate")
        )  # fmt: skip
    if name == "conditions.met":
        return change.before is True
    if name in ("conditions.due", "conditions.due_gate"):
        return change.before is not None and (change.after is None or str(change.after) > str(change.before))
    dropped = change.before if isinstance(change.before, list) else [change.before]
    if change.direction == "removed":
        return any(isinstance(one, Mapping) and one.get("met") is not True for one in dropped)
    now = sides.now(change.record)
    return _overdue(now, _gate_of(now.get("site"), sides))


@condition
def gate_moved_back(change: Change, sides: Sides) -> bool:
    """A site has passed fewer gates than before."""
    del sides
    return _passed(change.after) < _passed(change.before)


@condition
def required_content_loosened(change: Change, sides: Sides) -> bool:
    """A kind of record is required later than before, or not any more; or an older list of expected content counts."""
    if field_path(change) == "expected_content":
        before, after = share(change.before or 1), share(change.after or 1)
        return before is None or after is None or after < before
    was, now = (_first_gates(side) for side in (sides.was(change.record), sides.now(change.record)))
    return any(now.get(kind, len(GATES)) > gate for kind, gate in was.items())


@condition
def threshold_loosened(change: Change, sides: Sides) -> bool:
    """A threshold or a tolerance is not shown to ask for more: only a smaller tolerance or a first one does."""
    del sides
    if field_path(change).startswith("thresholds"):
        return True
    return change.before is None or not _smaller(change.after, change.before)


@condition
def later_or_gone(change: Change, sides: Sides) -> bool:
    """A date is later than before, or there is none any more."""
    del sides
    return change.before is not None and (change.after is None or str(change.after) > str(change.before))


@condition
def decreased_or_gone(change: Change, sides: Sides) -> bool:
    """A number is smaller than before, gone, or cannot be compared."""
    del sides
    return change.before is not None and change.direction not in ("increased", "added")


@condition
def increased_or_gone(change: Change, sides: Sides) -> bool:
    """A number is greater than before, gone, or cannot be compared."""
    del sides
    return change.before is not None and change.direction not in ("decreased", "added")


@condition
def same_attachment_version(change: Change, sides: Sides) -> bool:
    """The content of a file, or the digest it is given, changed while its version stayed."""
    if change.kind == "attachment_changed":
        file = str(change.before).rpartition(" ")[0]
        known = (state.index.attachments.get((record, file), ("", ""))[0] for state, record in _names(change, sides))
        return len(set(known)) == 1
    was, now = (_attached(side) for side in (sides.was(change.record), sides.now(change.record)))
    return any(
        file in now and given.get("version") == now[file].get("version") and given.get("digest") is not None
        and given.get("digest") != now[file].get("digest")
        for file, given in was.items()
    )  # fmt: skip


@condition
def has_derived_site_process(change: Change, sides: Sides) -> bool:
    """A site process follows this process before and after the change: it was derived from what is revised now."""
    return any(raw.get("derived_from") in _known_as(change, sides) for _, raw in sides.before.of_kind("process"))


def _known_as(change: Change, sides: Sides) -> tuple[str, str]:
    return change.record, sides.former_ids.get(change.record, change.record)


def _names(change: Change, sides: Sides) -> Iterator[tuple[Any, str]]:
    yield sides.before, sides.former_ids.get(change.record, change.record)
    yield sides.after, change.record


def _attached(raw: Raw) -> dict[str, Mapping[str, Any]]:
    return {str(one.get("file")): one for one in raw.get("attachments") or () if isinstance(one, Mapping)}


def _passed(gate: Any) -> int:
    return GATES.index(gate) if gate in GATES else -1


def _gate_of(site: Any, sides: Sides) -> int:
    """The last gate that a site has passed after the change."""
    given = [raw.get("gates") for _, raw in sides.after.of_kind("package")]
    return max((_passed(one.get(site)) for one in given if isinstance(one, Mapping)), default=-1)


def _overdue(gate: Raw, passed: int) -> bool:
    """Whether a condition that is not met was due by a gate that is passed."""
    return any(
        isinstance(one, Mapping) and one.get("met") is not True and 0 <= _passed(one.get("due_gate")) <= passed
        for one in gate.get("conditions") or ()
    )


def _first_gates(package: Raw) -> dict[str, int]:
    """By kind the first gate that asks for it."""
    found: dict[str, int] = {}
    given = package.get("required_by_gate")
    for gate, kinds in required_kinds(given if isinstance(given, Mapping) else None).items():
        for kind in kinds:
            found.setdefault(kind, _passed(gate))
    return found


def _smaller(after: Any, before: Any) -> bool:
    first, second = share(before), None if after is None else share(after)
    return second is not None and first is not None and second <= first
