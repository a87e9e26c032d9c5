"""What-ifs of a campaign: the campaign as it would be."""

from collections.abc import Iterable
from typing import Any, TypeVar

from ttpack.model.campaign import Campaign, WhatIf
from ttpack.model.record import Fact

Part = TypeVar("Part", bound=Fact)
_PARTS = ("resources", "operators", "utilities", "materials")
_FIELDS = ("takt", "batches", "start_window", "acquisition_rule")


def changed(campaign: Campaign, what_if: WhatIf) -> tuple[Campaign, tuple[str, ...]]:
    """The campaign with a what-if, and what of it could not be applied, in words.

    A part with the name of one of the campaign's replaces the fields it gives (empty ones are not given); one with
    another name is added, but for steps, whose place among the others would not be known.
    """
    update: dict[str, Any] = {name: _joined(getattr(campaign, name), getattr(what_if, name)) for name in _PARTS}
    update |= {name: given for name in _FIELDS if (given := getattr(what_if, name)) is not None}
    names = {step.name for step in campaign.steps}
    known = [step for step in what_if.steps if step.name in names]
    update["steps"] = _joined(campaign.steps, known)
    gaps = tuple(f"{what_if.name}: there is no step {one.name}" for one in what_if.steps if one.name not in names)
    if what_if.takt is not None and campaign.batch_starts in ("at_once", "distributed"):
        gaps += (f"{what_if.name}: its takt has no effect, as batches do not start by the takt",)
    return campaign.model_copy(update=update), gaps


def _joined(own: tuple[Part, ...], given: Iterable[Part]) -> tuple[Part, ...]:
    parts: dict[str, Part] = {}
    for one in own:
        parts.setdefault(_name(one), one)
    for one in given:
        before = parts.get(_name(one))
        fields = {name: value for name, value in one if value not in (None, ())}
        parts[_name(one)] = one if before is None else before.model_copy(update=fields)
    return tuple(parts.values())


def _name(part: Fact) -> str:
    return str(getattr(part, "name", ""))
