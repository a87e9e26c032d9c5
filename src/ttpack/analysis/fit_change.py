"""Facility fit before and after a change: what the process asks of an item of equipment, and what the item can do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ttpack.analysis.change_rules.sides import Raw, Sides, State
from ttpack.analysis.equipment_fit import same_capability
from ttpack.analysis.intervals import Units, interval, range_text
from ttpack.model.facility import EquipmentCapability
from ttpack.model.quantity import Range

_RANGES = ("proven_acceptable", "normal_operating")
_FIT_KINDS = frozenset({"process_parameter", "site_overlay", "equipment_requirement", "site_equipment"})


@dataclass(frozen=True, slots=True)
class Fit:
    """What is asked for and what the item is qualified (else designed) for, in words, and whether one holds the other.

    `basis` is `qualified` or `designed`; `holds` is None where the two cannot be compared.
    """

    asked: str
    offered: str
    basis: str
    holds: bool | None

    def as_json(self) -> dict[str, Any]:
        """The fit on one side as a JSON object."""
        return {"asked": self.asked, "offered": self.offered, "basis": self.basis, "holds": self.holds}


@dataclass(frozen=True, slots=True)
class FitChange:
    """The fit of one item for one range before and after; None on a side where nothing was asked or offered."""

    site: str
    equipment: str
    record: str
    what: str
    before: Fit | None
    after: Fit | None

    def as_json(self) -> dict[str, Any]:
        """Both sides as a JSON object."""
        return {
            "equipment": self.equipment, "record": self.record, "what": self.what,
            "before": self.before.as_json() if self.before else None,
            "after": self.after.as_json() if self.after else None,
        }  # fmt: skip


_Key = tuple[str, str, str, str]


def fit_changes(sides: Sides, reached: Iterable[str]) -> list[FitChange]:
    """Every fit that the change may have moved, with both numbers of both sides, by site and item.

    Only items that changed, or that the change reached, and ranges that changed on one of the two are compared.
    """
    kinds = sides.index.kinds
    changed = {record for record in sides.by_record if kinds.get(record) in _FIT_KINDS}
    items = sorted(
        {record for record in (*reached, *changed) if kinds.get(record) == "site_equipment"} if changed else ()
    )
    found: list[dict[_Key, Fit]] = [dict(_fits(state, items, changed)) for state in (sides.before, sides.after)]
    before, after = found
    return [
        FitChange(*key, before.get(key), after.get(key))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    ]


def fit_fails(fits: Iterable[FitChange]) -> dict[str, str]:
    """By record on either side of a fit, what held before the change and does not hold after it, in words."""
    found: dict[str, str] = {}
    for fit in fits:
        if fit.before and fit.after and fit.before.holds and fit.after.holds is False:
            words = f"{fit.equipment} is good for {fit.after.offered}, {fit.record} asks for {fit.after.asked}"
            for record in (fit.record, fit.equipment):
                found.setdefault(record, f"facility fit fails: {words}")
    return found


def _fits(state: State, items: list[str], changed: set[str]) -> Iterator[tuple[_Key, Fit]]:
    state.fetch({one for item in items for one in _asking(state, item)})
    for item in items:
        raw = state.get(item)
        place = str(raw.get("site") or ""), item
        for (record, what), fit in (*_of_parameters(state, raw), *_of_requirements(state, raw)):
            if item in changed or record in changed:
                yield (*place, record, what), fit


def _of_parameters(state: State, raw: Raw) -> Iterator[tuple[tuple[str, str], Fit]]:
    for offered in _capabilities(raw):
        for record in offered.parameters:
            for name, asked in _parameter_ranges(state.get(record)):
                if fit := _fit(asked, offered, state.side.own_units):
                    yield (record, name), fit


def _of_requirements(state: State, raw: Raw) -> Iterator[tuple[tuple[str, str], Fit]]:
    capabilities = _capabilities(raw)
    for record in _meets(raw):
        for asked in _capabilities(state.get(record)):
            wanted = _in_unit(asked.range, asked.unit)
            offers = (one for one in capabilities if same_capability(asked, one))
            fit = next(filter(None, (_fit(wanted, one, state.side.own_units) for one in offers)), None)
            if fit:
                yield (record, asked.function or asked.quantity_kind or "capability"), fit


def _asking(state: State, item: str) -> Iterator[str]:
    raw = state.get(item)
    yield from _meets(raw)
    for offered in _capabilities(raw):
        yield from offered.parameters


def _capabilities(raw: Raw) -> list[EquipmentCapability]:
    return [EquipmentCapability.model_validate(one) for one in raw.get("capabilities") or ()]


def _meets(raw: Raw) -> tuple[str, ...]:
    return tuple(raw.get("meets") or ())


def _parameter_ranges(raw: Raw) -> Iterator[tuple[str, Range | None]]:
    given = raw.get("ranges") or {}
    for name in _RANGES:
        if given.get(name):
            yield f"{name.replace('_', ' ')} range", _in_unit(Range.model_validate(given[name]), raw.get("unit"))


def _in_unit(given: Range | None, unit: str | None) -> Range | None:
    """A range that says its unit itself."""
    return given.model_copy(update={"unit": given.unit or unit}) if given is not None else None


def _fit(asked: Range | None, offered: EquipmentCapability, own: Units) -> Fit | None:
    """What is asked against what is qualified, else designed; None where either gives no numbers."""
    can = _in_unit(offered.qualified_range or offered.range, offered.unit)
    if asked is None or can is None or not asked.numeric or not can.numeric:
        return None
    inner, outer = interval(asked, can.unit, own), interval(can, can.unit, own)
    holds = None if inner is None or outer is None else not inner.ends_outside(outer)
    basis = "qualified" if offered.qualified_range else "designed"
    return Fit(range_text(asked, asked.unit), range_text(can, can.unit), basis, holds)
