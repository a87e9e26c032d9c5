"""The verdict on one quantity: by its own formula, by a model of scale-up, by a limit, or by the rule that keeps it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from ttpack.analysis.intervals import Interval, interval, range_text
from ttpack.analysis.scale_up.figures import Figure, folded
from ttpack.analysis.scale_up.gas import judge_carbon_dioxide, judge_gas_velocity, judge_hold_up, judge_kla
from ttpack.analysis.scale_up.mixing import judge_mixing_time
from ttpack.analysis.scale_up.pairs import Pair, band, compared, contradiction, near, source, uncertainty
from ttpack.analysis.scale_up.production import judge_titer
from ttpack.analysis.scale_up.rows import ScaleRow, ScaleVerdict, Side
from ttpack.model.parameter import ProcessParameter
from ttpack.model.process import ProcessAttribute
from ttpack.model.quantity import RANGE_NAMES, Range
from ttpack.model.quantity_kinds import quantity_kind

KEPT: Final[Mapping[str, tuple[str, str]]] = {
    "power_per_volume": ("constant_power_per_volume", "power"),
    "gas_flow_per_volume": ("constant_gas_flow_per_volume", "gas_flow"),
    "tip_speed": ("constant_tip_speed", "tip_speed"),
    "linear_velocity": ("constant_linear_velocity", "linear_velocity"),
    "residence_time": ("constant_residence_time", "residence_time"),
    "bed_height": ("constant_bed_height", ""),
    "mass_loading": ("mass_per_resin_volume", "protein_load"),
    "filter_loading": ("volume_per_area", "filter_loading"),
    "membrane_loading": ("volume_per_area", "membrane_loading"),
    "flux": ("constant_flux", "flux"),
}
"""Quantities that a scale rule keeps, with the formula whose uncertainty they are known with."""
GIVEN: Final = frozenset({
    "volume", "diameter", "length", "height", "area", "count", "ratio", "agitation_rate", "gas_flow", "flow_rate",
    "vessel_diameter", "vessel_height", "liquid_height", "filter_area", "aspect_ratio", "impeller_count",
    "power_number", "baffles", "column_diameter", "impeller_diameter",
})  # fmt: skip
_AMBIGUOUS: Final = frozenset({
    "volume", "ratio", "count", "duration", "percent", "length", "temperature", "concentration_mass", "pressure",
    "viability", "agitation_rate", "cell_density",
})  # fmt: skip
"""Kinds that many quantities share: a limit is taken from a record only where a word of its title says the same."""
Model = Callable[[Pair, ScaleRow, Figure, Figure], ScaleRow]
MODELS: Final[Mapping[str, Model]] = {
    "mixing_time": judge_mixing_time,
    "kla": judge_kla,
    "superficial_gas_velocity": judge_gas_velocity,
    "gas_holdup": judge_hold_up,
    "dissolved_carbon_dioxide": judge_carbon_dioxide,
    "titer": judge_titer,
}


def judge(two: Pair, key: str, first: Figure | None, second: Figure | None) -> ScaleRow:
    """The row of a figure with its verdict and the reason."""
    row = compared(two, key, first, second)
    against, unknown = contradiction(two, first, second)
    if against:
        return replace(row, verdict="contradiction", reason=against)
    if row.reason or first is None or second is None:
        return replace(row, verdict="given") if _design_of_one(row) else row
    model = MODELS.get(row.quantity)
    if model is not None:
        row = model(two, row, first, second)
    elif row.quantity in KEPT:
        row = _kept(two, row, first, second)
    else:
        row = _plain(row, first, second, unknown)
    return _limited(two, row, first, second)


def _design_of_one(row: ScaleRow) -> bool:
    return row.quantity in GIVEN and row.reason.endswith("states none")


def _kept(two: Pair, row: ScaleRow, first: Figure, second: Figure) -> ScaleRow:
    """The quantity as it is when its rule keeps it: the sending number is the prediction."""
    rule, formula = KEPT[row.quantity]
    found = uncertainty(formula)
    here, there = first.value, second.within(row.unit, two.package)
    row = replace(row, rule=rule, formula=formula, uncertainty=found, source=source(formula))
    if here is None or there is None:
        same = first.text == second.text
        if same and not (first.ranged and second.ranged):
            return replace(row, reason=f"words at both sites, no number: {first.text}")
        words = "the same range at both sites" if same else f"{first.text} and {second.text}: ranges are not scaled"
        return replace(row, verdict="as_predicted" if same else "no_verdict", reason=words)
    row = replace(row, predicted=Side(first.text, here, row.unit))
    if near(there, here, found):
        return replace(row, verdict="as_predicted", reason=f"kept {band(found)}" if found else "kept")
    return replace(row, verdict="differs", reason=f"not kept {band(found)}" if found else "not kept")


def _plain(row: ScaleRow, first: Figure, second: Figure, unknown: str) -> ScaleRow:
    if row.quantity in GIVEN:
        return replace(row, verdict="given", reason="what the scale is: nothing predicts it")
    if first.value is None and second.value is None:
        note = first.note or second.note
        if first.text == second.text:
            return replace(row, verdict="given", reason="the same words at both sites")
        if note:
            return replace(row, reason=f"words, no number: {note}")
        return replace(row, verdict="differs", reason="not the same; formulas for similar equipment may not hold")
    if unknown:
        return replace(row, reason=unknown)
    if first.derivation and second.derivation:
        names = {each.derivation.derived.formula for each in (first, second) if each.derivation}
        return replace(row, verdict="as_predicted", reason="each site's value agrees with its own formula",
                       formula=", ".join(sorted(names)))  # fmt: skip
    return replace(row, verdict="compared", reason="no scale rule, formula or limit says what it should be")


@dataclass(frozen=True, slots=True)
class Limit:
    """Limits that the package states for a quantity: what they are called, where they stand."""

    range: Range
    unit: str | None
    name: str
    path: str


def _limited(two: Pair, row: ScaleRow, first: Figure, second: Figure) -> ScaleRow:
    """The row with the limits that the package states for the quantity; what a formula says stays, inside them."""
    limit = limit_of(two, row)
    found = against_limits(two, row, (first, second), limit) if limit else None
    if found is None:
        return row
    said = f"{row.reason[:1].upper()}{row.reason[1:]}" if row.verdict not in ("compared", "given") else ""
    if row.verdict in ("as_predicted", "differs"):
        inside = found.verdict == "within_limits" or _receiving_inside(found)
        verdict = row.verdict if inside else "outside_limits"
        extra = "" if found.verdict == "within_limits" else f". {found.reason[:1].upper()}{found.reason[1:]}"
        return replace(row, verdict=verdict, reason=f"{row.reason}{extra}")
    return replace(found, reason=f"{found.reason}. {said}" if said else found.reason)


def _receiving_inside(found: ScaleRow) -> bool:
    return found.reason.endswith("lies in it")


def limit_of(two: Pair, row: ScaleRow) -> Limit | None:
    """Limits of the one parameter or attribute of the unit operation that is this quantity."""
    for record in _alike(two, row):
        if isinstance(record, ProcessAttribute):
            if record.expected_range is not None and record.expected_range.numeric:
                words = f"the expected range of {record.name}"
                return Limit(record.expected_range, record.unit, words, f"{record.id}.expected_range")
            continue
        for name, given in record.ranges.items():
            if name in ("target", "normal_operating") and given.numeric:
                return Limit(
                    given, record.unit, f"the {RANGE_NAMES[name]} of {record.name}", f"{record.id}.ranges.{name}"
                )
    return None


def _alike(two: Pair, row: ScaleRow) -> list[ProcessParameter | ProcessAttribute]:
    records: list[ProcessParameter | ProcessAttribute] = [
        *(each for each in two.package.parameters if each.unit_operation == two.unit.id),
        *(each for each in two.package.in_force(ProcessAttribute) if each.unit_operation == two.unit.id),
    ]
    fitting = [each for each in records if _canonical(each.quantity_kind) == row.quantity]
    if row.quantity in _AMBIGUOUS or len(fitting) > 1:
        wanted = set(folded(row.label).split())
        fitting = [each for each in fitting if wanted <= set(folded(each.name).split())]
    return fitting


def _canonical(kind: str | None) -> str | None:
    found = quantity_kind(kind) if kind else None
    return found.name if found else kind


def against_limits(two: Pair, row: ScaleRow, figures: tuple[Figure, Figure], limit: Limit) -> ScaleRow | None:
    """The row with the verdict of both figures against limits; None where neither can be compared."""
    given = limit.range if limit.range.unit else limit.range.model_copy(update={"unit": limit.unit})
    allowed = interval(given, row.unit or limit.unit, two.package.own_units)
    if allowed is None or allowed.empty:
        return None
    words, outside, known = [], False, False
    for site, figure in zip((two.sending, two.receiving), figures, strict=True):
        lies = _lies(two, figure, allowed, row.unit)
        if lies is None:
            words.append(f"{site} {figure.text} cannot be compared")
            continue
        known, outside = True, outside or not lies
        words.append(f"{site} {figure.text} {'lies in it' if lies else 'lies outside'}")
    if not known:
        return None
    verdict: ScaleVerdict = "outside_limits" if outside else "no_verdict" if "cannot" in str(words) else "within_limits"
    reason = f"{limit.name} is {range_text(given, limit.unit)}: {', '.join(words)}"
    return replace(row, verdict=verdict, reason=reason, source=limit.path)


def _lies(two: Pair, figure: Figure, allowed: Interval, unit: str) -> bool | None:
    value = figure.within(unit, two.package)
    return None if value is None else allowed.holds(value)
