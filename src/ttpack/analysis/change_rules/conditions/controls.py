"""Questions about in-process controls and samples: what an IPC controls, and whether less is sampled."""

import re
from collections.abc import Iterator

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.inherited import citing
from ttpack.analysis.change_rules.sides import Raw, Sides, State, field_path
from ttpack.model.ids import is_record_id
from ttpack.model.parameter import CRITICAL

_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")


@condition
def controls_no_cqa(change: Change, sides: Sides) -> bool:
    """Both sides show that the control is of no critical quality attribute: what it is about is named, and is none."""
    return all(_of_no_cqa(one, sides) for one in _controls(change))


@condition
def names_in_process_control(change: Change, sides: Sides) -> bool:
    """What is added or removed is a reference to an in-process control."""
    return any(sides.index.kinds.get(one) == "in_process_control" for one in _controls(change))


@condition
def sampling_reduced(change: Change, sides: Sides) -> bool:
    """Fewer, smaller or rarer samples, or words about them that do not show that it is no less than before."""
    del sides
    if change.before is None or change.direction in ("added", "increased"):
        return False
    if isinstance(change.before, str) and isinstance(change.after, str):
        return not _words_no_less(field_path(change), change.before, change.after)
    return True


def _controls(change: Change) -> list[str]:
    """The controls that a change is about: the changed record, or those that another record names or named."""
    if change.record_kind in ("in_process_control", "step") and not field_path(change).startswith("in_process"):
        return [change.record]
    named = change.before if change.before is not None else change.after
    given = named if isinstance(named, list) else [named]
    return [str(one) for one in given if is_record_id(str(one))]


def _of_no_cqa(control: str, sides: Sides) -> bool:
    raws = [(raw, state) for raw, state in _sides_of(control, sides) if raw]
    if any(sides.index.kinds.get(one) == "quality_attribute" for one in citing(control, sides, "control_elements")):
        return False
    return bool(raws) and all(_shown_uncritical(raw, state) for raw, state in raws)


def _sides_of(control: str, sides: Sides) -> Iterator[tuple[Raw, State]]:
    yield sides.was(control), sides.before
    yield sides.now(control), sides.after


def _shown_uncritical(raw: Raw, state: State) -> bool:
    decision = raw.get("decision") if raw.get("kind") == "step" else None
    holder = decision if isinstance(decision, dict) else raw
    attribute, parameter = state.get(holder.get("attribute")), state.get(holder.get("parameter"))
    if raw.get("kind") == "step" and decision is None:
        return True
    if not attribute and not parameter:
        return False
    if holder.get("attribute") and not _uncritical_attribute(attribute):
        return False
    return not holder.get("parameter") or _uncritical_parameter(parameter)


def _uncritical_attribute(raw: Raw) -> bool:
    return raw.get("kind") == "process_attribute" or raw.get("critical") is False


def _uncritical_parameter(raw: Raw) -> bool:
    return raw.get("classification") is not None and raw.get("classification") not in CRITICAL


def _words_no_less(name: str, before: str, after: str) -> bool:
    if name == "pulls":
        return set(_NUMBER.findall(before)) <= set(_NUMBER.findall(after))
    return after.strip().casefold().startswith("continuous")
