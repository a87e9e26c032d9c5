"""Mixing time across scales: what constant power per volume predicts, and only for similar vessels."""

import re
from dataclasses import replace
from fractions import Fraction
from typing import Final

from ttpack.analysis.formulas import NotEvaluated
from ttpack.analysis.scale_up.figures import Figure, Figures, folded, named
from ttpack.analysis.scale_up.pairs import Pair, band, near, run, shown, source, uncertainty
from ttpack.analysis.scale_up.rows import ScaleRow, computed_side

_LOCAL: Final = re.compile(r"\b(max|maximum|greatest|local|peak)\b")
BY_VOLUME: Final = "constant_power_per_volume_mixing_time_by_volume"


def working_volume(found: Figures) -> Figure | None:
    """The working volume a site states."""
    return named(found, "working volume", kind="volume")


def aspect_ratio(found: Figures) -> Figure | None:
    """Height to diameter of the liquid or the vessel, as a site states it."""
    return named(found, "aspect ratio", "height to diameter")


def power_per_volume(found: Figures) -> Figure | None:
    """The average power per volume; not the local one."""
    figure = named(found, "average|mean", r"^(p v|power per volume)", kind="power_per_volume")
    return None if figure is None or _LOCAL.search(folded(figure.name)) else figure


def judge_mixing_time(two: Pair, row: ScaleRow, first: Figure, second: Figure) -> ScaleRow:
    """t1 (V2/V1)^(2/9), shown also where the vessels are not similar, then without a verdict."""
    found = uncertainty(BY_VOLUME)
    row = replace(row, rule="constant_power_per_volume", formula=BY_VOLUME, uncertainty=found, source=source(BY_VOLUME))
    volumes = working_volume(two.first), working_volume(two.second)
    aspects = aspect_ratio(two.first), aspect_ratio(two.second)
    try:
        predicted = run(BY_VOLUME, row.unit, two.package,
                        mixing_time=first, from_volume=volumes[0], to_volume=volumes[1])  # fmt: skip
    except NotEvaluated as error:
        return replace(row, reason=error.reason)
    row = replace(row, predicted=computed_side(predicted, row.unit, "constant power per volume, similar vessels",
                                               digits=2))  # fmt: skip
    if not all(aspects):
        missing = two.sending if aspects[0] is None else two.receiving
        return replace(row, reason=f"whether the vessels are similar is not known: {missing} states no aspect ratio")
    there = second.within(row.unit, two.package)
    try:
        run(BY_VOLUME, row.unit, two.package, mixing_time=first, from_volume=volumes[0], to_volume=volumes[1],
            from_aspect_ratio=aspects[0], to_aspect_ratio=aspects[1])  # fmt: skip
    except NotEvaluated as error:
        luck = ", so agreement would be luck" if there is not None and near(there, predicted, found) else ""
        return replace(row, reason=f"its precondition fails: {error.reason}{luck}{_corrected(two, row, first)}")
    if there is None:
        return replace(row, reason=f"{two.receiving} states no number")
    corrected = _for_stated_power(two, row, first)
    fits = near(there, predicted if corrected is None else corrected, found)
    kept = "; power per volume is taken as kept, as not both sites state it" if corrected is None else ""
    return replace(row, verdict="as_predicted" if fits else "differs",
                   reason=f"{'' if fits else 'not '}{band(found)}{_corrected(two, row, first)}{kept}")  # fmt: skip


def _corrected(two: Pair, row: ScaleRow, first: Figure) -> str:
    value = _for_stated_power(two, row, first)
    return "" if value is None else f" (corrected for the stated power per volume: {shown(value, row.unit)})"


def _for_stated_power(two: Pair, row: ScaleRow, first: Figure) -> Fraction | None:
    """What the same formula gives for the power per volume that both sites state; None where one does not."""
    powers = power_per_volume(two.first), power_per_volume(two.second)
    if powers[0] is None or powers[1] is None:
        return None
    try:
        return run(BY_VOLUME, row.unit, two.package, mixing_time=first, from_volume=working_volume(two.first),
                    to_volume=working_volume(two.second), from_power_per_volume=powers[0],
                    to_power_per_volume=powers[1])  # fmt: skip
    except NotEvaluated:
        return None
