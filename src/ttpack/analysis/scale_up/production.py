"""Titer from the integral of viable cells and specific productivity."""

from dataclasses import replace

from ttpack.analysis.formulas import NotEvaluated
from ttpack.analysis.scale_up.figures import Figure, named
from ttpack.analysis.scale_up.pairs import Pair, band, near, run, source, uncertainty
from ttpack.analysis.scale_up.rows import ScaleRow, change_text, computed_side


def judge_titer(two: Pair, row: ScaleRow, first: Figure, second: Figure) -> ScaleRow:
    """The receiving titer from the receiving site's own culture, and what of the change each factor brings."""
    found = uncertainty("titer")
    row = replace(row, formula="titer", uncertainty=found, source=source("titer"))
    cells = tuple(named(side, kind="integral_viable_cell_concentration") for _, side in two.both)
    rates = tuple(named(side, kind="specific_productivity") for _, side in two.both)
    values = []
    for index, (site, _) in enumerate(two.both):
        try:
            values.append(run("titer", row.unit, two.package, integral_viable_cells=cells[index],
                              specific_productivity=rates[index]))  # fmt: skip
        except NotEvaluated as error:
            return replace(row, reason=f"{site}: {error.reason}")
    row = replace(row, predicted=computed_side(values[1], row.unit, "integral of viable cells times productivity"))
    stated = first.value, second.within(row.unit, two.package)
    for (site, _), value, computed in zip(two.both, stated, values, strict=True):
        if value is None:
            return replace(row, reason=f"{site} states no number")
        if not near(value, computed, found):
            return replace(row, verdict="differs", reason=f"{site} is not {band(found)} of what its culture gives")
    return replace(row, verdict="as_predicted", reason=_shares(two, cells, rates))


def _shares(
    two: Pair, cells: tuple[Figure | None, ...], rates: tuple[Figure | None, ...]
) -> str:  # fmt: skip
    parts = []
    for label, (first, second) in (("integral of viable cells", cells), ("specific productivity", rates)):
        there = second.within(first.unit or "", two.package) if first and second else None
        if first and first.value and there is not None:
            parts.append(f"{label} {change_text(there / first.value - 1)}")
    return f"both titers follow from their cultures: {', '.join(parts)}"
