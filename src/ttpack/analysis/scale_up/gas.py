"""Gas and oxygen across scales: gas velocity, kLa, hold-up, carbon dioxide."""

from dataclasses import replace
from fractions import Fraction
from typing import Final

from ttpack.analysis.formulas import PI, NotEvaluated
from ttpack.analysis.formulas import power as to_power
from ttpack.analysis.scale_up.figures import Figure, Figures, named
from ttpack.analysis.scale_up.mixing import aspect_ratio, power_per_volume, working_volume
from ttpack.analysis.scale_up.pairs import Pair, band, near, run, shown, source, uncertainty
from ttpack.analysis.scale_up.rows import ScaleRow, computed_side

_RECONCILED: Final = Fraction(1, 10)
"""How far a stated gas velocity may lie from gas flow over cross section: diameters are computed from a volume."""
VELOCITY: Final = "superficial_gas_velocity"


def gas_flow_per_volume(found: Figures) -> Figure | None:
    """Gas flow per volume of liquid."""
    return named(found, kind="gas_flow_per_volume")


def vessel_diameter(two: Pair, found: Figures) -> Fraction | None:
    """In m: as stated, else that of a cylinder of the working volume and the aspect ratio."""
    stated = named(found, "vessel diameter|tank diameter")
    if stated is not None:
        return stated.within("m", two.package)
    volume, aspect = working_volume(found), aspect_ratio(found)
    liquid = volume.within("m3", two.package) if volume else None
    ratio = aspect.value if aspect else None
    if not liquid or not ratio or liquid < 0 or ratio < 0:
        return None
    return to_power(4 * liquid / (PI * ratio), Fraction(1, 3))


def gas_velocity(two: Pair, found: Figures, unit: str) -> Fraction:
    """From gas flow per volume and geometry. Raises NotEvaluated."""
    diameter = vessel_diameter(two, found)
    if diameter is None:
        raise NotEvaluated("not stated: vessel diameter, or working volume and aspect ratio")
    flow = run("gas_flow", "m3/s", two.package, gas_flow_per_volume=gas_flow_per_volume(found),
               volume=working_volume(found))  # fmt: skip
    return run(VELOCITY, unit, two.package, gas_flow=(flow, "m3/s"), vessel_diameter=(diameter, "m"))


def judge_gas_velocity(two: Pair, row: ScaleRow, first: Figure, second: Figure) -> ScaleRow:
    """A stated velocity counts only where gas flow and geometry give it; else its basis is asked for."""
    row = replace(row, rule="constant_superficial_gas_velocity", formula=VELOCITY, source=source(VELOCITY))
    computed = []
    for (site, side), figure in zip(two.both, (first, second), strict=True):
        try:
            value = gas_velocity(two, side, row.unit)
        except NotEvaluated as error:
            return replace(row, reason=f"{site}: cannot be checked against gas flow and geometry; {error.reason}")
        computed.append((site, figure.within(row.unit, two.package), value))
    row = replace(row, predicted=computed_side(computed[1][2], row.unit, "gas flow per volume and geometry", digits=2))
    if any(stated is None or abs(stated - value) > _RECONCILED * value for _, stated, value in computed):
        words = " and ".join(f"{shown(value, row.unit)} at {site}" for site, _, value in computed)
        reason = (
            f"not reconcilable: gas flow per volume and geometry give {words}. Ask for the basis: pressure and "
            "temperature of the gas flow, diameter, gas flow at that time"
        )
        return replace(row, reason=reason)
    here, there = computed[0][1], computed[1][1]
    if here is None or there is None:
        return replace(row, reason="no number at one site")
    kept = near(there, here, None)
    return replace(row, verdict="as_predicted" if kept else "differs",
                   reason="kept" if kept else "not kept; both agree with gas flow and geometry")  # fmt: skip


def judge_kla(two: Pair, row: ScaleRow, first: Figure, second: Figure) -> ScaleRow:
    """By the receiving vessel's own fit where it is stated, else by Van't Riet inside its range."""
    del first  # the receiving vessel is not predicted from the sending one: fits hold for one vessel
    side = two.second
    fit = {name: named(side, pattern) for name, pattern in (
        ("factor", r"^kla (factor|k)$"), ("power_exponent", r"^kla .*(power exponent|exponent of power|\ba)$"),
        ("gas_exponent", r"^kla .*(gas exponent|exponent of gas|\bb)$"),
    )}  # fmt: skip
    name = "kla_fitted" if all(fit.values()) else "kla_vant_riet"
    inputs = {**(fit if name == "kla_fitted" else {}), "power_per_volume": power_per_volume(side)}
    found = uncertainty(name)
    row = replace(row, rule="constant_kla", formula=name, uncertainty=found, source=source(name))
    try:
        value = run(name, row.unit, two.package, superficial_gas_velocity=named(side, kind=VELOCITY), **inputs)
    except NotEvaluated as error:
        own = "" if name == "kla_fitted" else f"; {two.receiving} states no fit of its own (K, a, b)"
        return replace(row, reason=f"{error.reason}{own}")
    row = replace(row, predicted=computed_side(value, row.unit, name))
    there = second.within(row.unit, two.package)
    if there is None:
        return replace(row, reason=f"{two.receiving} states no number")
    fits = near(there, value, found)
    return replace(row, verdict="as_predicted" if fits else "differs", reason=f"{'' if fits else 'not '}{band(found)}")


def judge_hold_up(two: Pair, row: ScaleRow, first: Figure, second: Figure) -> ScaleRow:
    """No formula predicts it; as a share of the liquid it can at least be compared."""
    shares = []
    for (site, side), figure in zip(two.both, (first, second), strict=True):
        try:
            share = run("gas_hold_up", "%", two.package, gas_volume=figure, liquid_volume=working_volume(side))
        except NotEvaluated:
            continue
        shares.append(f"{shown(share, '%')} at {site}")
    words = f": {', '.join(shares)} of gas and liquid" if shares else ""
    return replace(row, formula="gas_hold_up" if shares else "", reason=f"no formula predicts it{words}")


def judge_carbon_dioxide(two: Pair, row: ScaleRow, first: Figure, second: Figure) -> ScaleRow:
    """The balance of the gas gives a lower bound; it can refute a stated value, never explain one."""
    name = "carbon_dioxide_stripping_bound"
    row = replace(row, formula=name, source=source(name))
    bounds, stated = [], (first, second)
    for (site, side), figure in zip(two.both, stated, strict=True):
        try:
            bound = carbon_dioxide_bound(two, site, side, row.unit)
        except NotEvaluated as error:
            return replace(row, reason=f"no bound by gas balance: {site}: {error.reason}")
        value = figure.within(row.unit, two.package)
        if value is not None and value < bound:
            words = f"{site} {figure.text} lies below what the gas can carry off ({shown(bound, row.unit)})"
            return replace(row, verdict="differs", reason=words)
        bounds.append(f"{shown(bound, row.unit)} at {site}")
    reason = f"the lower bound by gas balance is {' and '.join(bounds)}: it cannot explain the stated values"
    return replace(row, reason=reason)


def carbon_dioxide_bound(two: Pair, site: str, found: Figures, unit: str) -> Fraction:
    """Least pCO2 above that of the inlet gas, in the unit. Raises NotEvaluated where an input is not stated."""
    evolution = named(found, "carbon dioxide evolution|co2 evolution|^cer$")
    given: Figure | tuple[Fraction, str] | None = evolution
    if evolution is None:
        uptake, quotient = named(found, kind="oxygen_uptake_rate"), named(found, "respiratory quotient|^rq$")
        if uptake is None or quotient is None:
            raise NotEvaluated("not stated: carbon dioxide evolution, or oxygen uptake rate and respiratory quotient")
        rate = uptake.within("mol/m3/s", two.package)
        if rate is None or quotient.value is None:
            raise NotEvaluated(f"{uptake.name} or {quotient.name} is no number")
        given = (rate * quotient.value, "mol/m3/s")
    return run("carbon_dioxide_stripping_bound", unit, two.package, carbon_dioxide_evolution=given,
               temperature=_temperature(two, site), gas_flow_per_volume=gas_flow_per_volume(found))  # fmt: skip


def _temperature(two: Pair, site: str) -> tuple[Fraction, str] | None:
    """The culture temperature at the site: the one temperature parameter of the unit operation."""
    from ttpack.analysis.scale_up.scaled_range import setpoint_at

    found = [
        each for each in two.package.parameters
        if each.unit_operation == two.unit.id and each.quantity_kind == "temperature"
    ]  # fmt: skip
    value = setpoint_at(two.package, found[0], site) if len(found) == 1 else None
    return None if value is None or not found[0].unit else (value, found[0].unit)
