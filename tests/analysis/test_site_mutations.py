"""Narrowing, removing or mistyping one capability or status of the sample changes what depends on it, and no more.

Many records are changed at a time, each in one thing; what depends on it is told from the record alone.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from tests.samples.amab import package

from ttpack.analysis.facility_fit.site_fit import fit_matrix
from ttpack.analysis.facility_fit.verdict import WORST_FIRST, Fit
from ttpack.analysis.site_comparison.compare import compare_sites
from ttpack.model.kinds import KINDS
from ttpack.model.package import Location, Package
from ttpack.model.parameter import CRITICAL
from ttpack.rules.check import check
from ttpack.rules.registry import Context

Raw = dict[str, Any]
Rows = dict[tuple[str, str, str, str], list[Fit]]
SITES = ("SITE-A", "SITE-B", "SITE-C")
WHOLE = package("rev-A")
PASS, CONDITIONAL, FAIL, UNKNOWN = "PASS", "CONDITIONAL", "FAIL", "UNKNOWN"
PARTS = 2
"""Half of what could be changed is changed at a time; the rest has to stay as it is."""


def changed(raws: Mapping[str, Raw]) -> Package:
    """The sample with some records replaced."""
    plain = {name: {key: value for key, value in raw.items() if key[:2] != "x-"} for name, raw in raws.items()}
    models = {name: KINDS[raw["kind"]].model_validate(raw) for name, raw in plain.items()}
    return replace(WHOLE, records={**WHOLE.records, **models}, raw={**WHOLE.raw, **raws})


def rows(given: Package) -> Rows:
    """Every fit of every site, by what it is about."""
    found: Rows = defaultdict(list)
    for site, fit in fit_matrix(given, given.manifest.gates, SITES).items():
        for one in fit.fits:
            found[site, one.aspect, one.about, one.label].append(one)
    return found


@cache
def before() -> Rows:
    return rows(WHOLE)


def raw_of(name: str) -> Raw:
    return deepcopy(dict(WHOLE.raw[name]))


@cache
def of_kind(kind: str) -> tuple[Raw, ...]:
    return tuple(raw_of(name) for name, raw in WHOLE.raw.items() if raw["kind"] == kind and raw.get("site") in SITES)


def better(first: Fit, after: Fit) -> bool:
    """Whether a verdict has turned better. What failed may turn out to be not known, where its reason is gone."""
    order = WORST_FIRST.index
    return order(after.verdict) > order(first.verdict) and (first.verdict, after.verdict) != (FAIL, UNKNOWN)


def end(given: Raw) -> Raw:
    """A range narrowed to one of its ends, which holds no normal range."""
    value = given.get("high", given.get("low"))
    return {**given, "low": value, "high": value}


def turned(given: Raw) -> Raw:
    low, high = given.get("low", 0), given.get("high", given.get("low", 0))
    return {**given, "low": high + 1 if low == high else high, "high": low}


def below_zero(given: Raw) -> Raw:
    return {**given, "low": -1 - abs(given.get("low", 0)), "high": -1}


def in_unit(unit: str) -> Callable[[Raw], Raw]:
    return lambda given: {**given, "unit": unit}


def times(factor: Decimal) -> Callable[[Raw], Raw]:
    return lambda given: {**given, "value": given["value"] * factor}


def at(path: str, value: object) -> Callable[[Raw], Raw | None]:
    """Replace what stands at a path (None: remove it); no change where nothing stands there."""

    def change(raw: Raw) -> Raw | None:
        *parts, last = path.split(".")
        inner = raw
        for part in parts:
            inner = inner.get(part, {})
        if last not in inner:
            return None
        was = deepcopy(inner[last])
        new = value(was) if callable(value) else value
        if new is None:
            del inner[last]
        else:
            inner[last] = new
        return raw if inner.get(last) != was else None

    return change


# --- capabilities ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Held:
    """A capability of an item, and what its parameter asks at that site, as their records state it."""

    item: Raw
    index: int

    @property
    def capability(self) -> Raw:
        return dict(self.item["capabilities"][self.index])

    @property
    def parameters(self) -> list[str]:
        return list(self.capability.get("parameters", ()))

    @property
    def overlay(self) -> Raw:
        return dict(WHOLE.raw.get(f"{self.parameters[0]}@{self.item['site']}", {}))

    @property
    def parameter(self) -> Raw:
        return dict(WHOLE.raw[self.parameters[0]])

    @property
    def normal(self) -> Raw:
        own = self.overlay.get("ranges", {}).get("normal_operating")
        return dict(own or self.parameter.get("ranges", {}).get("normal_operating", {}))

    @property
    def qualified(self) -> bool:
        return "qualified_range" in self.capability

    @property
    def measured(self) -> bool:
        """Whether there are limits beyond the normal range that the instrument has to see."""
        raw = self.parameter
        proven = raw.get("ranges", {}).get("proven_acceptable", {})
        critical = raw.get("classification") in CRITICAL and bool({"low", "high"} & set(proven))
        return critical or any("alarm" in one.get("control", ()) for one in (raw, self.overlay))

    @property
    def band_elsewhere(self) -> bool:
        return "band" in self.parameter.get("control", {}) or "band" in self.overlay.get("control", {})

    @property
    def another(self) -> bool:
        """Whether another item of the site holds that quantity at that unit operation for whatever needs it."""
        kind, unit = self.capability.get("quantity_kind"), self.parameter.get("unit_operation")
        return any(
            not one.get("parameters") and one.get("quantity_kind") == kind
            for other in of_kind("site_equipment")
            if other["site"] == self.item["site"] and unit in other.get("unit_operations", ())
            for one in other.get("capabilities", ())
        )


Change = Callable[[Raw], Raw | None]
Expected = Callable[[Held], set[str]]


def always(*verdicts: str) -> Expected:
    return lambda held: set(verdicts)


def if_(condition: Callable[[Held], bool], then: str, other: str) -> Expected:
    return lambda held: {then if condition(held) else other}


def contradicts(held: Held) -> set[str]:
    return {UNKNOWN if held.qualified else FAIL}


def another_or_unknown(held: Held) -> set[str]:
    """What holds a quantity for whatever needs it stands in for what names its parameter, unless that goes as well."""
    return {UNKNOWN, PASS} if held.another else {UNKNOWN}


def short_of_band(held: Held, *, by: Decimal) -> Raw | None:
    """The qualified range ends where the normal range and the control band end, or short of it."""
    given, high = held.capability, held.normal.get("high")
    band = given.get("control_band", {})
    same = held.normal.get("unit", held.parameter.get("unit")) == given.get("unit")
    offset = band.get("unit") in (given.get("unit"), "K")
    if high is None or not (same and offset) or "qualified_range" not in given or held.overlay:
        return None
    high = Decimal(high) + Decimal(band["value"]) - by
    if high > given["qualified_range"].get("high", high):
        return None
    given["qualified_range"] = {**given["qualified_range"], "high": high}
    return given


def both_at_end(given: Raw) -> Raw | None:
    if "range" not in given:
        return None
    one = end(given["qualified_range"] if "qualified_range" in given else given["range"])
    return {**given, "range": one, **({"qualified_range": one} if "qualified_range" in given else {})}


def without(*fields: str) -> Callable[[Raw], Raw]:
    return lambda given: {name: value for name, value in given.items() if name not in fields}


CAPABILITY: dict[str, tuple[Change, Expected]] = {
    "design range narrowed to its end": (at("range", end), contradicts),
    "design range turned round": (at("range", turned), always(UNKNOWN)),
    "design range below zero": (at("range", below_zero), contradicts),
    # the qualified range says by itself what the item can hold
    "design range removed": (at("range", None), if_(lambda held: held.qualified, PASS, UNKNOWN)),
    "design range in no known unit": (at("range", in_unit("foo")), always(UNKNOWN)),
    "design range in another dimension": (at("range", in_unit("mol")), always(UNKNOWN)),
    "qualified range narrowed to its end": (at("qualified_range", end), always(CONDITIONAL)),
    "qualified range turned round": (at("qualified_range", turned), always(UNKNOWN)),
    "qualified range below zero": (at("qualified_range", below_zero), always(UNKNOWN)),
    "qualified range removed": (at("qualified_range", None), always(CONDITIONAL)),
    "qualified range in no known unit": (at("qualified_range", in_unit("foo")), always(UNKNOWN)),
    "qualified range in another dimension": (at("qualified_range", in_unit("mol")), always(UNKNOWN)),
    "both ranges narrowed to one end": (both_at_end, always(FAIL)),
    "both ranges removed": (without("range", "qualified_range"), always(UNKNOWN)),
    "measuring range narrowed to its end": (at("measuring_range", end), always(CONDITIONAL)),
    "measuring range turned round": (at("measuring_range", turned), always(UNKNOWN)),
    "measuring range removed": (at("measuring_range", None), if_(lambda held: held.measured, UNKNOWN, PASS)),
    "measuring range in another dimension": (at("measuring_range", in_unit("mol")), always(UNKNOWN)),
    "accuracy removed": (at("accuracy", None), always(UNKNOWN)),
    "accuracy in no known unit": (at("accuracy", in_unit("foo")), always(UNKNOWN)),
    "accuracy in another dimension": (at("accuracy", in_unit("mol")), always(UNKNOWN)),
    "accuracy far too poor": (
        at("accuracy", lambda given: {**given, "value": 10**9}),
        if_(lambda held: {"low", "high"} <= set(held.normal), CONDITIONAL, PASS)),
    # where the item says nothing, the band that the parameter asks for counts
    "control band removed": (at("control_band", None), if_(lambda held: held.band_elsewhere, PASS, UNKNOWN)),
    "control band in no known unit": (at("control_band", in_unit("foo")), always(UNKNOWN)),
    "control band in another dimension": (at("control_band", in_unit("mol")), always(UNKNOWN)),
    "control band far too wide": (at("control_band", lambda given: {**given, "value": 10**9}), always(CONDITIONAL)),
    "unit unknown": (at("unit", "foo"), always(UNKNOWN)),
    "unit of another dimension": (at("unit", "mol"), always(UNKNOWN)),
    "unit removed": (at("unit", None), always(UNKNOWN)),
    "parameter mistyped": (
        at("parameters", lambda given: [f"{given[0]}X"]), another_or_unknown),
    # it serves its quantity at its unit operation then
    "parameter removed": (at("parameters", None), always(PASS)),
    "quantity kind mistyped": (at("quantity_kind", lambda given: f"{given}x"), always(PASS)),
    "removed as a whole": (lambda given: {}, another_or_unknown),
}  # fmt: skip


@cache
def all_held() -> tuple[Held, ...]:
    items = of_kind("site_equipment")
    return tuple(Held(item, index) for item in items for index in range(len(item.get("capabilities", ()))))


def with_capabilities(
    name: str, several: list[Held], change: Callable[[Held], Raw | None]
) -> tuple[Package, list[Held]]:
    raws: dict[str, Raw] = {}
    done = []
    for held in reversed(several):  # from the last, so that one removed moves none of the others
        new = change(held)
        if new is None or new == held.capability:
            continue
        raw = raws.setdefault(held.item["id"], raw_of(held.item["id"]))
        raw["capabilities"][held.index : held.index + 1] = [new] if new else []
        done.append(held)
    assert done, f"{name}: nothing to change"
    return changed(raws), done


def check_capabilities(name: str, part: int, change: Callable[[Held], Raw | None], expected: Expected) -> None:
    several = [held for place, held in enumerate(all_held()) if place % PARTS == part]
    given, done = with_capabilities(name, several, change)
    of_parameter = {(held.item["site"], ref): held for held in done for ref in held.parameters}
    met = {(held.item["site"], ref) for held in done for ref in held.item.get("meets", ())}
    after = rows(given)
    assert after.keys() == before().keys(), name
    for key, (first, *rest) in before().items():
        site, aspect, about, _ = key
        held = of_parameter.get((site, about)) if aspect == "parameter" else None
        now, said = after[key][0], (name, key, first.verdict, after[key][0].verdict, after[key][0].reasons)
        if held is None and not (aspect in ("requirement", "gradient") and (site, about) in met):
            assert [first, *rest] == after[key], said
            continue
        assert not any(map(better, [first, *rest], after[key])), said
        if held and first.verdict == PASS:
            assert now.verdict in expected(held), said
            assert now.verdict == PASS or now.reasons, said


@pytest.mark.parametrize("part", range(PARTS))
@pytest.mark.parametrize("name", CAPABILITY)
def test_a_capability_decides_about_its_parameters_and_no_others(name: str, part: int) -> None:
    change, expected = CAPABILITY[name]
    check_capabilities(name, part, lambda held: change(held.capability), expected)


@pytest.mark.parametrize(("by", "verdict"), [("0", PASS), ("1e-9", CONDITIONAL)])
def test_the_qualified_range_has_to_hold_the_normal_range_with_its_band_to_the_last_digit(
    by: str, verdict: str
) -> None:
    for part in range(PARTS):
        check_capabilities(
            f"qualified range short by {by}", part,
            lambda held: short_of_band(held, by=Decimal(by)) if held.parameters else None, always(verdict),
        )  # fmt: skip


# --- equipment, utilities and rooms ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """A change of a record, what may change with it, and the verdict of what passed before, by aspect.

    What may change besides is no better than before. `gone` says that rows may go with the record.
    """

    change: Change
    verdicts: Mapping[str, str]
    besides: tuple[str, ...] = ()
    gone: bool = False
    either: str = ""
    """The aspect that may turn better as well."""


def kind(path: str, value: object, besides: str = "", *, gone: bool = False, either: str = "", **verdicts: str) -> Kind:
    return Kind(at(path, value), verdicts, (*besides.split(), either), gone, either)


def badly(path: str, **verdicts: str) -> dict[str, Kind]:
    """A quantity that nobody can read: without a number above zero, or in a unit that does not convert."""
    return {
        f"{path} below zero": Kind(at(path, times(Decimal(-1))), verdicts),
        f"{path} in no known unit": Kind(at(path, in_unit("foo")), verdicts),
        f"{path} in another dimension": Kind(at(path, in_unit("mol")), verdicts),
    }


SERVED = "volume headspace flow pressure gradient column_load filter_area room contact_material requirement utility"
COLUMN = {"flow": UNKNOWN, "column_load": UNKNOWN}
EQUIPMENT: dict[str, Kind] = {
    **{
        f"qualification {status}": kind("qualification", status, "requirement gradient", parameter=CONDITIONAL)
        for status in ("none", "IQ", "expired", None)
    },
    **{f"status {status}": kind("status", status, SERVED, gone=True, parameter=UNKNOWN)
       for status in ("withdrawn", "superseded")},
    "status draft": kind("status", "draft"),
    "site mistyped": kind("site", "SITE-Q", SERVED, gone=True, parameter=UNKNOWN),
    "calibration overdue": kind("calibration_due", "2026-01-01"),
    "room mistyped": kind("room", "FAC-QQ", room=UNKNOWN),
    "requirement mistyped": kind("meets", lambda given: [f"{one}X" for one in given],
                                 "requirement gradient contact_material", gone=True),
    "contact material not accepted": kind("contact_materials", ["aluminium"], contact_material=FAIL),
    "compatibility removed": kind("material_compatibility", None, contact_material=CONDITIONAL),
    "open": kind("closed", False, closure=FAIL),
    "closure removed": kind("closed", None, closure=UNKNOWN),
    "system mistyped": kind("system", "DCS-X", automation=CONDITIONAL),
    "packing mistyped": kind("packing", "MAT-QQ", "flow column_load", filter_area=UNKNOWN, pressure=UNKNOWN),
    "working volume narrowed": kind("working_volume", end, volume=FAIL),
    "working volume turned round": kind("working_volume", turned, volume=UNKNOWN),
    "working volume removed": kind("working_volume", None, volume=UNKNOWN),
    "working volume in no known unit": kind("working_volume_unit", "foo", volume=UNKNOWN),
    "working volume in another dimension": kind("working_volume_unit", "mol", volume=UNKNOWN),
    "working volume without unit": kind("working_volume_unit", None, volume=UNKNOWN),
    "nominal volume too small": kind("nominal_volume", times(Decimal("0.01")), headspace=FAIL),
    "nominal volume removed": kind("nominal_volume", None, headspace=UNKNOWN),
    **badly("nominal_volume", headspace=UNKNOWN),
    "headspace of more than all": kind("minimum_headspace", times(Decimal(100)), headspace=UNKNOWN),
    **badly("minimum_headspace", headspace=UNKNOWN),
    "gas hold-up too large": kind("gas_hold_up", times(Decimal(60)), headspace=FAIL),
    **badly("gas_hold_up", headspace=UNKNOWN),
    # a batch too small for its column loads a smaller one better
    "column too thin": kind("geometry.column_diameter", times(Decimal("0.01")), either="column_load", flow=FAIL),
    "column diameter removed": kind(
        "geometry.column_diameter", None, "flow pressure column_load requirement", gone=True),
    **badly("geometry.column_diameter", **COLUMN),
    "bed too low": kind("geometry.bed_height", times(Decimal("0.01")), "pressure", either="column_load", bed=FAIL),
    "bed height removed": kind("geometry.bed_height", None, "column_load pressure", bed=UNKNOWN),
    **badly("geometry.bed_height", column_load=UNKNOWN, bed=UNKNOWN, pressure=PASS),
    "filter too small": kind("geometry.filter_area", times(Decimal("0.01")), filter_area=FAIL),
    "filter area removed": kind("geometry.filter_area", None, "pressure", gone=True, filter_area=UNKNOWN),
    **badly("geometry.filter_area", filter_area=UNKNOWN),
    "pump too small": kind("maximum_flow", times(Decimal("0.01")), flow=f"{FAIL} {UNKNOWN}"),
    "greatest flow removed": kind("maximum_flow", None, flow=UNKNOWN),
    **badly("maximum_flow", flow=UNKNOWN),
    "pump too large": kind("minimum_flow", times(Decimal(100)), flow=f"{FAIL} {UNKNOWN}"),
    "least flow removed": kind("minimum_flow", None, flow=UNKNOWN),
    **badly("minimum_flow", flow=UNKNOWN),
    "pressure too low": kind("maximum_pressure", times(Decimal("0.001")), pressure=FAIL),
    "greatest pressure removed": kind("maximum_pressure", None, "pressure"),
    **badly("maximum_pressure", pressure=UNKNOWN),
    "utility mistyped": kind("utilities", lambda given: [f"{one}X" for one in given], "utility"),
    "demand ten thousand times": kind("utility_demands", lambda given: [
        {**one, "demand": times(Decimal(10000))(one["demand"])} for one in given], utility=FAIL),
    "demand in another dimension": kind("utility_demands", lambda given: [
        {**one, "demand": in_unit("mol")(one["demand"])} for one in given], utility=UNKNOWN),
}  # fmt: skip
UTILITY: dict[str, Kind] = {
    "not qualified": kind("qualified", False, utility=CONDITIONAL),
    "qualification removed": kind("qualified", None, utility=CONDITIONAL),
    "margin removed": kind("margin", None, utility=CONDITIONAL),
    "margin mistyped": kind("margin", "2O %", utility=CONDITIONAL),
    "capacity too small": kind("capacity", times(Decimal("0.001")), utility=FAIL),
    "capacity removed": kind("capacity", None, utility=UNKNOWN),
    **badly("capacity", utility=UNKNOWN),
    "peak too great": kind("peak_demand", times(Decimal(1000)), utility=FAIL),
    "peak removed": kind("peak_demand", None, "utility"),
    **badly("peak_demand", utility=UNKNOWN),
    "withdrawn": kind("status", "withdrawn", "utility", gone=True),
    "site mistyped": kind("site", "SITE-Q", "utility", gone=True),
}
ROOM: dict[str, Kind] = {
    "grade removed": kind("grade", None, room=UNKNOWN),
    "temperature far off": kind("temperature", lambda given: {"low": 90, "high": 95}, room=FAIL),
    "temperature turned round": kind("temperature", turned, room=UNKNOWN),
    "temperature removed": kind("temperature", None, room=UNKNOWN),
    "temperature without unit": kind("temperature_unit", None, room=UNKNOWN),
    "temperature in no known unit": kind("temperature_unit", "foo", room=UNKNOWN),
    "humidity far off": kind("relative_humidity", lambda given: {"low": 97, "high": 99}, room=FAIL),
    "humidity turned round": kind("relative_humidity", turned, room=UNKNOWN),
    "humidity removed": kind("relative_humidity", None, room=UNKNOWN),
    "withdrawn": kind("status", "withdrawn", room=UNKNOWN),
    "site mistyped": kind("site", "SITE-Q", room=UNKNOWN),
    "ISO class mistyped": kind("iso_class", "IS0 8", "room"),
    "level changed": kind(
        "monitoring",
        lambda given: [
            {**one, "action": {"high": 7 * one["action"]["high"]}} if "action" in one else one for one in given
        ],
    ),
}
KINDS_OF = {"site_equipment": EQUIPMENT, "utility": UTILITY, "room": ROOM}


def names_of(fit: Fit) -> set[str]:
    """What the verdicts of a kind call a row: its aspect, and closure, automation or bed where that is meant."""
    first = fit.label.partition(" ")[0].rstrip(",").casefold()
    return {fit.aspect} | (
        {first} if fit.aspect == "requirement" and first in ("closure", "automation", "bed") else set()
    )


@cache
def standing_in(room: str) -> tuple[Raw, ...]:
    return tuple(one for one in of_kind("site_equipment") if one.get("room") == room)


def depends(raw: Raw, fit: Fit) -> bool:
    """Whether a row is about what a record serves, as the record states it."""
    if fit.site != raw["site"]:
        return False
    if raw["kind"] == "utility":
        return fit.about == str(raw["id"])
    if raw["kind"] == "room":
        inside = standing_in(raw["id"])
        return any(fit.unit_operation in one.get("unit_operations", ()) for one in (raw, *inside))
    if fit.aspect == "parameter":
        return any(fit.about in one.get("parameters", ()) for one in raw.get("capabilities", ()))
    if fit.aspect == "utility":
        return fit.about in {*raw.get("utilities", ()), *drawn(raw)}
    return fit.unit_operation in raw.get("unit_operations", ()) or fit.about in raw.get("meets", ())


def drawn(raw: Raw) -> set[str]:
    return {one["utility"] for one in raw.get("utility_demands", ())}


def decides(raw: Raw, fit: Fit) -> bool:
    """Whether a row rests on what the record says, so that it has to change."""
    if fit.aspect == "parameter":
        index = next(i for i, one in enumerate(raw["capabilities"]) if fit.about in one.get("parameters", ()))
        return not Held(raw, index).another
    if fit.aspect == "utility":
        return raw["kind"] == "utility" or fit.about in drawn(raw)
    if fit.aspect == "room":
        of_class = WHOLE.raw[fit.unit_operation or ""].get("equipment_class")
        return any(
            one.get("equipment_class") == of_class and fit.unit_operation in one.get("unit_operations", ())
            for one in ((raw,) if raw["kind"] == "site_equipment" else standing_in(raw["id"]))
        )
    return str(raw["id"]) in fit.equipment


@pytest.mark.parametrize("part", range(2))
@pytest.mark.parametrize(("what", "name"), [(what, name) for what, kinds in KINDS_OF.items() for name in kinds])
def test_a_record_decides_about_what_it_serves_and_nothing_else(what: str, name: str, part: int) -> None:
    given = KINDS_OF[what][name]
    several = of_kind(what)[part::2]
    done = {raw["id"]: one for raw in several if (one := given.change(deepcopy(raw))) is not None}
    originals = [raw for raw in several if raw["id"] in done]
    after = rows(changed(done)) if done else before()
    for key in before().keys() | after.keys():
        old, new = before().get(key, []), after.get(key, [])
        fit, said = (old or new)[0], (name, key, [(one.verdict, one.reasons) for one in (*old, *new)])
        touched = [raw for raw in originals if depends(raw, fit)]
        if not touched or not names_of(fit) & {*given.verdicts, *given.besides}:
            assert old == new, said
            continue
        assert (old and new) or given.gone, said
        if len(old) != len(new):
            assert old or all(one.verdict != PASS for one in new), said
            continue
        assert fit.aspect == given.either or not any(map(better, old, new)), said
        wanted = next((given.verdicts[one] for one in sorted(names_of(fit)) if one in given.verdicts), None)
        if wanted and fit.verdict == PASS and any(decides(raw, fit) for raw in touched):
            assert new[0].verdict in wanted.split(), said


# --- what the rules and the comparison say --------------------------------------------------------------------------

AS_OF = date(2026, 10, 16)


@dataclass(frozen=True)
class Said:
    """A change of a record, the code of what is found then, and what the comparison with the sending site shows.

    `shows` is a field that differs; None where the comparison says nothing new.
    """

    change: Change
    code: str
    shows: str | None = None


def said(path: str, value: object, code: str, shows: str | None = None) -> Said:
    return Said(at(path, value), code, shows)


def typo(given: list[str]) -> list[str]:
    return [f"{given[0]}Q", *given[1:]]


def first(change: Callable[[Raw], Raw]) -> Callable[[list[Raw]], list[Raw]]:
    return lambda given: [change(given[0]), *given[1:]]


def capability(field: str, change: Callable[[Any], Any]) -> Callable[[list[Raw]], list[Raw]]:
    return first(lambda one: {**one, field: change(one[field])} if field in one else one)


def double(given: Raw) -> Raw:
    side = "high" if "high" in given else "low"
    return {**given, side: 2 * given[side]} if side in given else given


SAYS: dict[str, dict[str, Said]] = {
    "site_equipment": {
        "unit mistyped": said("capabilities", capability("unit", lambda unit: "foo"), "QTY-01"),
        "range turned round": said("capabilities", capability("qualified_range", turned), "QTY-03"),
        "parameter mistyped": said("capabilities", capability("parameters", typo), "DOC-04"),
        "requirement mistyped": said("meets", typo, "DOC-04"),
        "room mistyped": said("room", "FAC-QQ", "DOC-04"),
        "utility mistyped": said("utilities", typo, "DOC-04"),
        "site mistyped": said("site", "SITE-Q", "DOC-04"),
        "not qualified": said("qualification", "none", "EQP-03", "qualification"),
        "impact removed": said("direct_impact", None, "EQP-04"),
        "material not accepted": said("contact_materials", ["aluminium"], "EQP-08", "contact_materials"),
        "open": said("closed", False, "EQP-03"),
        "volume unit mistyped": said("working_volume_unit", "foo", "QTY-01", "working_volume"),
        "volume removed": said("working_volume", None, "EQP-05", "working_volume"),
        "system mistyped": said("system", "DCS-X", "VAL-07"),
    },
    "utility": {
        "not qualified": said("qualified", False, "VAL-04", "qualified"),
        "capacity removed": said("capacity", None, "FAC-02", "capacity"),
        "capacity unit mistyped": said("capacity", in_unit("foo"), "QTY-01", "capacity"),
        "limit changed": said("monitoring", first(lambda one: {**one, "action": double(one["action"])}), "CQA-05",
                              "action"),
        "withdrawn": said("status", "withdrawn", "DOC-04"),
    },
    "room": {
        "limit changed": said("monitoring", first(lambda one: {**one, "action": double(one["action"])}), "CQA-05",
                              "action"),
        "level removed": said("monitoring", first(lambda one: {**one, "alert": {}}), "ENV-01"),
        "strategy removed": said("contamination_control_strategy", None, "ENV-01"),
        "temperature turned round": said("temperature", turned, "QTY-03", "temperature"),
        "site mistyped": said("site", "SITE-Q", "DOC-04"),
    },
    "cleaning": {
        "not validated": said("validation", "none", "CLN-01", "validation"),
        "limit removed": said("limit", None, "CLN-01", "limit"),
        "dirty hold removed": said("dirty_hold", None, "CLN-02", "dirty_hold"),
        "equipment mistyped": said("equipment", typo, "DOC-04"),
        "unit mistyped": said("clean_hold", in_unit("foo"), "QTY-01", "clean_hold"),
    },
    "validation_strategy": {
        "batches removed": said("ppq_batches", None, "VAL-01", "ppq_batches"),
        "reason removed": said("ppq_rationale", None, "VAL-01", "ppq_rationale"),
        "not approved": said("status", "draft", "VAL-01"),
    },
    "ppq_plan": {
        "criterion changed": said("acceptance", first(lambda one: {**one, "range": double(one["range"])}), "VAL-03",
                                  "ppq.range"),
        "criterion turned round": said("acceptance", first(lambda one: {**one, "range": turned(one["range"])}),
                                       "QTY-03", "ppq.range"),
        "criterion removed": said("acceptance", first(without("range")), "VAL-02", "ppq.range"),
        "attribute mistyped": said("acceptance", first(lambda one: {**one, "about": "CQA-QQ"}), "DOC-04", "present"),
        "unit mistyped": said("acceptance", first(lambda one: {**one, "unit": "foo"}), "QTY-01", "ppq.range"),
    },
    "automation_map": {
        "tag removed": said("receiving.tag", None, "EQP-07"),
        "alarm removed": said("receiving.alarm", None, "EQP-07", "alarm"),
        "alarm changed": said("receiving.alarm", double, "AUT-01", "alarm"),
        "scaling changed": said("receiving.scaling", "4-20 mA = 0-1", "AUT-01", "scaling"),
        "trend removed": said("trend_access", None, "AUT-01"),
        "parameter mistyped": said("parameter", "PRM-QQ", "DOC-04"),
    },
    "supplier": {
        "disqualified": said("status", "disqualified", "MAT-02"),
        "status removed": said("status", None, "MAT-02"),
        "not for the site": said("qualified_for", ["SITE-A"], "MAT-02"),
    },
    "method_transfer": {
        "failed": said("status", "failed", "MTH-05"),
        "planned": said("status", "planned", "MTH-05"),
        "method mistyped": said("method", "MTH-QQ", "DOC-04"),
        "approvals removed": said("approvals", None, "MTH-05"),
    },
    "material": {
        "cycles removed": said("lifetime.maximum_cycles", None, "MAT-06"),
        "lifetime removed": said("lifetime", None, "MAT-06"),
    },
}  # fmt: skip
SITE_B = ("SITE-B", None)


def counted(given: Package) -> Counter[tuple[str, str | None, str, str]]:
    found = check(given, (), Context(as_of=AS_OF)).findings
    return Counter((one.code, one.record, one.field, one.message) for one in found)


def compared(given: Package) -> dict[tuple[str, str, str], Any]:
    found = compare_sites(given, ("SITE-A", "SITE-B"), AS_OF).differences
    return {
        (one.family, one.field, one.label): (one.values, {name: at.record for name, at in one.places.items()})
        for one in found
    }


@cache
def unchanged() -> tuple[Counter[tuple[str, str | None, str, str]], dict[tuple[str, str, str], Any]]:
    return counted(WHOLE), compared(WHOLE)


def of_receiving_site(kind_name: str) -> list[Raw]:
    found = (raw_of(name) for name, raw in WHOLE.raw.items() if raw["kind"] == kind_name)
    here = [one for one in found if one.get("site") in SITE_B]
    return [one for one in here if kind_name != "material" or one.get("material_class") == "resin"]


def ids_in(raw: Mapping[str, Any]) -> set[str]:
    return set(re.findall(r"[A-Z]{2,4}(?:-[A-Z0-9]+)+(?:@[A-Z-]+)?", str(raw)))


@cache
def named() -> dict[str, set[str]]:
    """What each record names."""
    return {name: ids_in(raw) | {name} for name, raw in WHOLE.raw.items()}


def rests_on(raw: Raw) -> set[str]:
    """What a record is about, what names it, and the steps done there: a finding may stand at any of them."""
    about = ids_in(raw) | {name for name, ids in named().items() if raw["id"] in ids}
    units = {name for name in about if name.startswith("UO-")}
    return about | {name for name, one in WHOLE.raw.items() if one["kind"] == "step" and one["unit_operation"] in units}


ROUNDS = 7


@pytest.mark.parametrize("turn", range(ROUNDS))
def test_the_rules_and_the_comparison_say_what_was_changed_where(turn: int) -> None:
    """In each round every second record is changed, each in another thing."""
    done: dict[str, tuple[Raw, str, Said]] = {}
    raws: dict[str, Raw] = {}
    for kind_name, changes in SAYS.items():
        for place, raw in enumerate(of_receiving_site(kind_name)):
            name = list(changes)[(place // 2 + turn) % len(changes)]
            one = changes[name].change(deepcopy(raw))
            if place % 2 == turn % 2 and one is not None and one != raw:
                done[raw["id"]], raws[raw["id"]] = (raw, name, changes[name]), one
    given = changed(raws)
    found, shown = counted(given), compared(given)
    # every change voids the approvals of documents that show the record, which is asked for elsewhere
    new, lost = (
        {one for one in side if one[0] != "DOC-02"} for side in (found - unchanged()[0], unchanged()[0] - found)
    )
    about = {name: rests_on(raw) for name, (raw, _, _) in done.items()}
    everywhere = set().union(*about.values()) | set(WHOLE.manifest.gates)
    assert [one for one in (*new, *lost) if one[1] not in everywhere | {None}] == []
    for name, (_, what, wanted) in done.items():
        here = {code for code, record, _, _ in new if record in about[name]}
        assert wanted.code in here or not expects(name, wanted, what), (name, what, wanted.code, here)
    moved = {key for key in shown.keys() | unchanged()[1].keys() if shown.get(key) != unchanged()[1].get(key)}
    where = {key: set().union(*(set(side[1].values()) for side in (shown.get(key), unchanged()[1].get(key)) if side))
             for key in moved}  # fmt: skip
    kinds = {raw["kind"] for raw, _, _ in done.values()}
    for key, records in where.items():
        # what one site lacks stands at the other site's record of that kind
        if key[1] == "present" and kinds & {WHOLE.raw[one]["kind"] for one in records}:
            continue
        assert set().union(*(named().get(one, set()) for one in records)) & (everywhere - set(SITES)), key
    for name, (raw, what, wanted) in done.items():
        # of several rooms of one grade the first stands for the limit of the site
        there = {key[1] for key, records in where.items() if raw["kind"] in {WHOLE.raw[one]["kind"] for one in records}}
        assert wanted.shows is None or wanted.shows in there, (name, what)


def expects(name: str, wanted: Said, what: str) -> bool:
    """Whether the rule asks it of that record: of the only supplier of a critical material, of a vessel in use."""
    if wanted.code == "MAT-02":
        return any(
            raw.get("gmp_critical") and raw.get("suppliers") == [name]
            for raw in WHOLE.raw.values() if raw["kind"] == "material"
        )  # fmt: skip
    if wanted.code == "FAC-02":  # an open item says who closes what is not known of it
        return not any(name in ids for one, ids in named().items() if WHOLE.raw[one]["kind"] == "open_item")
    if what == "volume removed":
        return any(
            name in fit.equipment for (_, aspect, *_), fits in before().items() for fit in fits if aspect == "volume"
        )
    return True


def numeric(kind_name: str, limit: str) -> list[Raw]:
    found = [raw_of(name) for name, raw in WHOLE.raw.items() if raw["kind"] == kind_name]
    # a limit of neither an attribute nor a parameter is compared with none
    about = [raw for raw in found if "site" not in raw and {"attribute", "parameter"} & raw.keys()]
    return [raw for raw in about if {"low", "high"} & set(raw.get(limit, ()))]


@pytest.mark.parametrize(("kind_name", "limit"), [("specification", "acceptance"), ("in_process_control", "limit")])
def test_one_end_of_one_limit_at_one_site_is_one_difference(kind_name: str, limit: str) -> None:
    """The line of every second attribute is the same at the other site; of the rest one end is another."""
    raws, moved = {}, set()
    for place, raw in enumerate(numeric(kind_name, limit)):
        here = {**raw, "id": f"{raw['id']}-B", "site": "SITE-B"}
        if place % 2:
            here[limit] = double(raw[limit])
            moved.add(here["id"])
        raws[here["id"]] = here
    given = changed(raws)
    shown, before_that = compared(given), unchanged()[1]
    new = {key: side for key, side in shown.items() if before_that.get(key) != side}
    assert {one[0] for one in new} == {"acceptance_criteria"}
    assert sorted(side[1]["SITE-B"] for side in new.values()) == sorted(moved)
    found = check(
        replace(given, locations={**WHOLE.locations, **dict.fromkeys(raws, Location("x.yaml", 1))}), (),
        Context(as_of=AS_OF),
    ).findings  # fmt: skip
    assert {one.record for one in found if one.code == "CQA-05"} >= moved
    assert not {one.record for one in found if one.code == "CQA-05"} & (raws.keys() - moved)
    assert rows(given) == before()
