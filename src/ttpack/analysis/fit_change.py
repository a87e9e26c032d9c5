"""Facility fit before and after a change: what the process asks of an item of equipment, and what the item can do."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Literal

from ttpack.analysis.change_rules.sides import Raw, Sides, State
from ttpack.analysis.equipment_fit import same_capability
from ttpack.analysis.facility_fit.parameters import ParameterFits
from ttpack.analysis.facility_fit.verdict import Fit as SiteFit
from ttpack.analysis.facility_fit.verdict import Verdict
from ttpack.analysis.fit_sides import package_of, parameters_at_sites
from ttpack.analysis.intervals import Units, interval, range_text
from ttpack.model.facility import EquipmentCapability
from ttpack.model.quantity import Range

WHAT = "facility fit"
"""What the fit of a parameter is called; that of a requirement is called after its function."""
_FIT_KINDS = frozenset({"process_parameter", "site_overlay", "equipment_requirement", "site_equipment"})


@dataclass(frozen=True, slots=True)
class Fit:
    """What is asked for and what the item is qualified (else designed) for, in words, and whether one holds the other.

    `basis` is `qualified` or `designed`; `holds` is None where the two cannot be compared. `verdict` is that of the
    facility fit of a parameter at a site, "" for a requirement that an item is mapped to; `why` says what it misses.
    """

    asked: str
    offered: str
    basis: str
    holds: bool | None
    verdict: Verdict | Literal[""] = ""
    why: str = ""

    def as_json(self) -> dict[str, Any]:
        """The fit on one side as a JSON object."""
        return {
            "asked": self.asked, "offered": self.offered, "basis": self.basis, "holds": self.holds,
            "verdict": self.verdict or None, "why": self.why or None,
        }  # fmt: skip


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
    pairs = parameters_at_sites(sides, changed, items)
    before, after = (
        dict(_fits(state, items, changed)) | _of_parameters(state, pairs) for state in (sides.before, sides.after)
    )
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
            words += f" ({fit.after.why})" if fit.after.why else ""
            for record in (fit.record, fit.equipment):
                found.setdefault(record, f"facility fit fails: {words}")
    return found


def _fits(state: State, items: list[str], changed: set[str]) -> Iterator[tuple[_Key, Fit]]:
    state.fetch({one for item in items for one in _asking(state, item)})
    for item in items:
        raw = state.get(item)
        place = str(raw.get("site") or ""), item
        for (record, what), fit in _of_requirements(state, raw):
            if item in changed or record in changed:
                yield (*place, record, what), fit


def _of_parameters(state: State, pairs: Iterable[tuple[str, str]]) -> dict[_Key, Fit]:
    """The facility fit of some parameters at some sites on one side, at the gate the site stands at there."""
    wanted = sorted({*pairs})
    package = package_of(state, {parameter for parameter, _ in wanted}) if wanted else None
    if package is None:
        return {}
    found: dict[_Key, Fit] = {}
    for site in sorted({site for _, site in wanted}):
        here = [one for one in package.parameters if (one.id, site) in wanted]
        for fit in ParameterFits(package, here).at(site, package.manifest.gates.get(site) or "G0"):
            if fit.required is not None and fit.equipment:
                key = (site, fit.equipment[0], fit.about, WHAT)
                found[key] = _said(fit)
    return found


def _said(fit: SiteFit) -> Fit:
    """A verdict with both sides in a few words: holds on a condition too, as far as ranges say."""
    able = fit.capability.text.split("; ")[0] if fit.capability else "nothing"
    basis, _, offered = able.partition(" ")
    asked = (fit.required.text if fit.required else "").rpartition("; ")[2].removeprefix("normal ")
    proven = fit.required.numbers if fit.required else {}
    ends = [str(proven[name]) for name in ("proven_low", "proven_high") if proven.get(name) is not None]
    asked += f", proven {' to '.join(ends)}" if ends else ""
    holds = {"PASS": True, "CONDITIONAL": True, "FAIL": False}.get(fit.verdict)
    basis = {"design": "designed"}.get(basis, basis)
    return Fit(asked, offered, basis, holds, fit.verdict, "; ".join(fit.reasons))


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
    yield from _meets(state.get(item))


def _capabilities(raw: Raw) -> list[EquipmentCapability]:
    return [EquipmentCapability.model_validate(one) for one in raw.get("capabilities") or ()]


def _meets(raw: Raw) -> tuple[str, ...]:
    return tuple(raw.get("meets") or ())


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
