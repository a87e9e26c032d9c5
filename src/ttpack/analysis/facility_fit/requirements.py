"""Equipment requirements without parameters: capabilities, closure and automation."""

from collections.abc import Iterator

from ttpack.analysis.equipment_fit import same_capability
from ttpack.analysis.facility_fit.capability import ON_PAPER, QUALIFIED
from ttpack.analysis.facility_fit.chromatography import CHROMATOGRAPHY
from ttpack.analysis.facility_fit.contact_materials import carries_liquid
from ttpack.analysis.facility_fit.site_plant import Row, SitePlant
from ttpack.analysis.facility_fit.verdict import WORST_FIRST, Aspect, Fit, FitSide, Verdict
from ttpack.analysis.intervals import Interval, Units, interval, range_text, value_text, width_in_unit
from ttpack.model.facility import EquipmentCapability, EquipmentRequirement, SiteEquipment
from ttpack.model.process import UnitOperation
from ttpack.model.quantity import Range

_METHOD_KINDS = frozenset({"absorbance", "conductivity", "ph", "flow_rate"})
"""What a chromatography method asks of its skid besides the gradient."""
Judged = tuple[Verdict, tuple[str, ...], FitSide | None, tuple[str, ...]]


def requirement_fits(plant: SitePlant) -> Iterator[Fit]:
    """Every capability asked without a parameter, then closure and automation, of every requirement."""
    for unit in plant.unit_operations:
        requirements = plant.requirements(unit)
        for asked in requirements:
            mapped = tuple(one for one in plant.equipment if asked.id in one.meets)
            for capability in asked.capabilities:
                if not capability.parameters:
                    yield _capability(plant, unit, asked, capability, mapped)
            if asked.closed:
                yield _closure(plant, unit, asked, mapped)
            yield from _automation(plant, unit, asked, mapped)
        if unit.operation_class in CHROMATOGRAPHY and not any(_of_method(one) for one in requirements):
            row = Row(plant.site, unit.id, "gradient", f"Gradient and detectors of {unit.name}", unit.id)
            reason = "no requirement says what the method asks of gradient, absorbance or conductivity"
            yield row.fit("UNKNOWN", (reason,))


def _of_method(asked: EquipmentRequirement) -> bool:
    return any(
        one.quantity_kind in _METHOD_KINDS or "gradient" in (one.function or "").casefold()
        for one in asked.capabilities
    )


def _words(asked: EquipmentCapability) -> str:
    return asked.function or (asked.quantity_kind or "a capability").replace("_", " ")


def _capability(
    plant: SitePlant, unit: UnitOperation, asked: EquipmentRequirement, wanted: EquipmentCapability,
    mapped: tuple[SiteEquipment, ...],
) -> Fit:  # fmt: skip
    aspect: Aspect = "gradient" if unit.operation_class in CHROMATOGRAPHY else "requirement"
    label = f"{_words(wanted)}, {asked.name}"
    required = _side(wanted.range, wanted.unit) if wanted.range else FitSide(_words(wanted))
    by_item = [
        [_judged(plant, item, wanted, offered) for offered in item.capabilities if same_capability(wanted, offered)]
        for item in mapped
    ]
    # an item may say twice what it can do; of several items any may be the one that is used
    found = [max(judged, key=_badness) for judged in by_item if judged]
    if not found:
        row = Row(plant.site, asked.id, aspect, label, unit.id, tuple(one.id for one in mapped))
        return row.fit("UNKNOWN", (_unmapped(plant, mapped, _words(wanted)),), required)
    known = [one for one in found if one[0] != "UNKNOWN"]
    verdict, reasons, capability, items = min(known or found, key=_badness)
    return Row(plant.site, asked.id, aspect, label, unit.id, items).fit(verdict, reasons, required, capability)


def _badness(judged: Judged) -> int:
    return WORST_FIRST.index(judged[0])


def _unmapped(plant: SitePlant, mapped: tuple[SiteEquipment, ...], what: str) -> str:
    if not mapped:
        return f"no equipment of {plant.site} is mapped to it"
    return f"{', '.join(one.name for one in mapped[:3])} states no such capability: {what}"


def _side(given: Range, unit: str | None) -> FitSide:
    return FitSide(range_text(given, unit), {"low": given.low, "high": given.high, "unit": given.unit or unit})


def _judged(plant: SitePlant, item: SiteEquipment, wanted: EquipmentCapability, offered: EquipmentCapability) -> Judged:
    """One offer against the demand: inside what was qualified, inside the design only, outside, or not comparable."""
    own, unit, items = plant.own, wanted.unit, (item.id,)
    qualified = offered.qualified_range if item.qualification in QUALIFIED else None
    shown = qualified or offered.range
    capability = _side(shown, offered.unit) if shown else None
    if wanted.range is None or not wanted.range.numeric:
        return _in_words(plant, wanted, offered, item)
    unit = wanted.range.unit or unit
    needed = interval(wanted.range, unit, own)
    ranges = [_interval(one, offered.unit, unit, own) for one in (qualified, offered.range)]
    if needed is None or needed.empty or ranges == [None, None] or _unusable(wanted.range, offered, unit, own):
        return "UNKNOWN", (_uncomparable(wanted, offered, item),), capability, items
    inside = [one is not None and not _reaches_outside(needed, one) for one in ranges]
    outermost = ranges[1] or ranges[0]
    verdict: Verdict = "PASS" if inside[0] else "CONDITIONAL" if inside[1] else "FAIL"
    reasons = []
    if verdict == "FAIL" and outermost:
        reasons.append(f"{range_text(wanted.range, unit)} is asked for, {item.name} does not reach it")
    elif verdict == "CONDITIONAL":
        reasons.append(f"{item.name} reaches it by design; it was not qualified for it")
    if verdict != "FAIL" and plant.gate >= "G4" and offered.basis in ON_PAPER:
        return "UNKNOWN", (_paper(item, offered),), capability, items
    inaccurate = _inaccurate(wanted, offered, item, unit, own)
    if inaccurate:
        reasons.append(inaccurate)
        verdict = "CONDITIONAL" if verdict == "PASS" else verdict
    return verdict, tuple(reasons), capability, items


def _unusable(wanted: Range, offered: EquipmentCapability, unit: str | None, own: Units) -> bool:
    """Whether a range of the offer is empty or does not convert, or the qualified one contradicts the design.

    So is one that is open at the only end that is asked for.
    """
    stated = [one for one in (offered.qualified_range, offered.range) if one is not None and one.numeric]
    found = [_interval(one, offered.unit, unit, own) for one in stated]
    known = [one for one in found if one is not None and not one.empty]
    if any((wanted.low is None or one.low is None) and (wanted.high is None or one.high is None) for one in known):
        return True
    return len(known) < len(stated) or (len(known) > 1 and bool(known[0].ends_outside(known[1])))


def _in_words(
    plant: SitePlant, wanted: EquipmentCapability, offered: EquipmentCapability, item: SiteEquipment
) -> Judged:
    """A demand without numbers: met by a capability of that name, or by the same criterion, of a qualified item."""
    stated = (offered.qualified_range if item.qualification in QUALIFIED else None) or offered.range
    capability = _side(stated, offered.unit) if stated else FitSide(_words(offered))
    criterion = wanted.range.criterion if wanted.range else None
    same = stated.criterion if stated else None
    if criterion and (same or "").casefold().split() != criterion.casefold().split():
        words = f"{criterion[:80]!r} and {(same or 'nothing')[:80]!r} are compared by a person"
        return "UNKNOWN", (words,), capability, (item.id,)
    if plant.gate >= "G4" and offered.basis in ON_PAPER:
        return "UNKNOWN", (_paper(item, offered),), capability, (item.id,)
    if item.qualification not in QUALIFIED:
        return "CONDITIONAL", (f"{item.name} states it; it was not qualified for it",), capability, (item.id,)
    return "PASS", (), capability, (item.id,)


def _paper(item: SiteEquipment, offered: EquipmentCapability) -> str:
    return f"the capability of {item.name} rests on a {offered.basis} figure"


def _interval(given: Range | None, unit: str | None, wanted: str | None, own: Units) -> Interval | None:
    if given is None or not given.numeric or (unit or given.unit) is None or wanted is None:
        return None
    return interval(given.model_copy(update={"unit": given.unit or unit}), wanted, own)


def _reaches_outside(needed: Interval, given: Interval) -> bool:
    """Whether an end asked for lies outside, or beyond an end that only the equipment has."""
    if needed.ends_outside(given):
        return True
    return (needed.low is None and given.low is not None and given.low > 0 and needed.high is None) or (
        needed.high is None and given.high is not None and needed.low is None
    )


def _uncomparable(wanted: EquipmentCapability, offered: EquipmentCapability, item: SiteEquipment) -> str:
    given = offered.qualified_range or offered.range
    stated = range_text(given, offered.unit) if given else "no range"
    asked = range_text(wanted.range, wanted.unit) if wanted.range else "nothing"
    both = (
        f", designed for {range_text(offered.range, offered.unit)},"
        if offered.qualified_range and offered.range
        else ""
    )
    return f"{asked} cannot be compared with {stated}{both} of {item.name}"


def _inaccurate(
    wanted: EquipmentCapability, offered: EquipmentCapability, item: SiteEquipment, unit: str | None, own: Units
) -> str:
    if wanted.accuracy is None:
        return ""
    asked = value_text(wanted.accuracy.value, wanted.accuracy.unit)
    if offered.accuracy is None:
        return f"an accuracy of {asked} is asked for, {item.name} states none"
    needed, given = (width_in_unit(one.value, one.unit, unit, own) for one in (wanted.accuracy, offered.accuracy))
    if needed is None or given is None or abs(given) > abs(needed):
        has = value_text(offered.accuracy.value, offered.accuracy.unit)
        return f"an accuracy of {asked} is asked for, {item.name} has {has}"
    return ""


def _closure(
    plant: SitePlant, unit: UnitOperation, asked: EquipmentRequirement, mapped: tuple[SiteEquipment, ...]
) -> Fit:
    """Closed equipment is asked for: what says that it is open fails, what says nothing is not known."""
    items = tuple(one for one in mapped if carries_liquid(one)) or mapped
    row = Row(plant.site, asked.id, "requirement", f"Closure, {asked.name}", unit.id, tuple(one.id for one in items))
    required = FitSide("closed")
    if not items:
        return row.fit("UNKNOWN", (f"no equipment of {plant.site} is mapped to it",), required)
    words = {True: "closed", False: "open", None: "not stated"}
    capability = FitSide(", ".join(f"{one.name}: {words[one.closed]}" for one in items))
    open_ = tuple(f"{one.name} is open" for one in items if one.closed is False)
    silent = tuple(f"nothing says whether {one.name} is closed" for one in items if one.closed is None)
    return row.fit("FAIL" if open_ else "UNKNOWN" if silent else "PASS", (*open_, *silent), required, capability)


def _automation(
    plant: SitePlant, unit: UnitOperation, asked: EquipmentRequirement, mapped: tuple[SiteEquipment, ...]
) -> Iterator[Fit]:
    """What is asked of automation in words: the system that the equipment runs on, and whether it is validated."""
    if not asked.automation or not asked.automation.strip():
        return
    systems = {one.name: one for one in (plant.record.computerised_systems if plant.record else ())}
    row = Row(
        plant.site, asked.id, "requirement", f"Automation, {asked.name}", unit.id, tuple(one.id for one in mapped)
    )
    required = FitSide(" ".join(asked.automation.split()))
    named = sorted({one.system for one in mapped if one.system})
    capability = FitSide(", ".join(named) or "no control system stated") if mapped else None
    if not named:
        said = f"no equipment of {plant.site} is mapped to it" if not mapped else "no control system of it is stated"
        yield row.fit("UNKNOWN", (said,), required, capability)
        return
    doubtful = [name for name in named if name not in systems or systems[name].validation_status != "validated"]
    reasons = tuple(f"{name} is not shown as validated at {plant.site}" for name in doubtful)
    yield row.fit("CONDITIONAL" if doubtful else "PASS", reasons, required, capability)
