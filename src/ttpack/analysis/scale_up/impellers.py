"""Tip speed, Reynolds number and power per volume, computed from speed and impeller where both are stated."""

from collections.abc import Iterator
from dataclasses import replace

from ttpack.analysis.formulas import NotEvaluated
from ttpack.analysis.scale_up.columns import computed, computed_row
from ttpack.analysis.scale_up.figures import Figure, Figures, named
from ttpack.analysis.scale_up.mixing import power_per_volume, working_volume
from ttpack.analysis.scale_up.pairs import Pair, near, run, source, uncertainty
from ttpack.analysis.scale_up.rows import ScaleRow, Side, computed_side


def impeller_rows(two: Pair) -> Iterator[ScaleRow]:
    """A row for each of them that at least one site's figures give."""
    speeds = [named(side, kind="agitation_rate") for _, side in two.both]
    diameters = [named(side, "impeller diameter") for _, side in two.both]
    if not any(speeds) or not any(diameters):
        return
    tips = [
        computed("tip_speed", "m/s", two, speed=speed, diameter=diameter)
        for speed, diameter in zip(speeds, diameters, strict=True)
    ]
    yield _told(computed_row(two, "tip_speed", "Tip speed", "m/s", tips))
    viscosities = [named(side, "kinematic viscosity") for _, side in two.both]
    if any(viscosities):
        numbers = [
            computed("reynolds_number", "1", two, speed=speed, diameter=diameter, kinematic_viscosity=viscosity)
            for speed, diameter, viscosity in zip(speeds, diameters, viscosities, strict=True)
        ]
        yield _told(computed_row(two, "reynolds_number", "Impeller Reynolds number", "1", numbers))
    powers = [_power(two, side) for _, side in two.both]
    if any(isinstance(each, Side) for each in powers):
        yield _checked(two, powers)


def _told(row: ScaleRow) -> ScaleRow:
    """A row that is told, not judged: speed is chosen by another rule, and this follows from it."""
    row = replace(row, rule=f"constant_{row.quantity}", formula=row.quantity, source=source(row.quantity))
    if row.verdict == "differs":
        return replace(row, verdict="compared", reason="follows from speed and diameter, unless its own rule is used")
    return row


def _power(two: Pair, found: Figures) -> Side | str:
    """Ungassed power per volume of all impellers. The density is an input like any other: none is assumed."""
    parts: dict[str, Figure | None] = {
        "power_number": named(found, "power number"), "density": named(found, "density", kind="density"),
        "speed": named(found, kind="agitation_rate"), "diameter": named(found, "impeller diameter"),
        "impellers": named(found, "number of impellers|impeller count"),
    }  # fmt: skip
    try:
        power = run("power", "W", two.package, **parts)
        value = run("power_per_volume", "W/m3", two.package, power=(power, "W"), volume=working_volume(found))
    except NotEvaluated as error:
        return error.reason
    paths = tuple(each.path for each in parts.values() if each)
    return computed_side(value, "W/m3", "power of all impellers over the working volume", paths)


def _checked(two: Pair, sides: list[Side | str]) -> ScaleRow:
    """Computed power per volume against the stated one, at each site."""
    row = computed_row(two, "power_per_volume", "P/V from impellers, ungassed", "W/m3", sides)
    found = uncertainty("power")
    row = replace(row, rule="constant_power_per_volume", formula="power", uncertainty=found, source=source("power"))
    off = []
    for (site, figures), side in zip(two.both, sides, strict=True):
        stated = power_per_volume(figures)
        value = stated.within("W/m3", two.package) if stated else None
        if (
            isinstance(side, Side)
            and side.value
            and stated
            and value is not None
            and not near(value, side.value, found)
        ):
            off.append(f"{site} states {stated.text}, its impellers give {side.text}")
    if off:
        return replace(row, verdict="no_verdict", reason=f"not reconcilable: {'; '.join(off)}")
    if row.sending and row.receiving and row.sending.value is not None and row.receiving.value is not None:
        kept = near(row.receiving.value, row.sending.value, found)
        return replace(row, verdict="as_predicted" if kept else "differs",
                       reason="agrees with what the sites state" if kept else "not kept")  # fmt: skip
    return row
