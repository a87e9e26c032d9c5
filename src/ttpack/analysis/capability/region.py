"""Whether a box of proven acceptable ranges lies inside the design space: its corners, a sample, and slices.

A box of ranges, each proven with the others at their centre, is not a design space (A-Mab, Fig. 3.8): so every corner
is looked at, and a fixed sample of the inside. A point is inside where every score meets its threshold and every mean
lies within its limits.
"""

import math
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from ttpack.analysis.capability.transfer import FactorAt, Over, ResponseAt, TransferModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SAMPLE_EXPONENT: Final = 12
GRID: Final = 61


@dataclass(frozen=True, slots=True)
class WorstPoint:
    """The point of a box that meets a response least: raw values by factor, the prediction, and by how much it misses.

    `margin` is the distance to the nearest limit or threshold in the unit of the response, below zero where it is
    missed. `share` is the part of corners and of the sample that misses.
    """

    response: ResponseAt
    point: tuple[tuple[str, float], ...]
    value: float
    margin: float
    corner: bool
    missed_corners: int
    missed_share: float


@dataclass(frozen=True, slots=True)
class BoxInRegion:
    """The answer on a box. `corners` and `inside_corners` count; `inside` is None where nothing could be judged."""

    over: Over
    corners: int
    inside_corners: int
    sampled: int
    inside_share: float
    inside: bool | None
    worst: tuple[WorstPoint, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Slice:
    """A plane of two factors, the others at their setpoints: axes in raw values, least margin of all at each point.

    `margins[row][column]` is over `up[row]` and `across[column]`, in units of the reach of each response (its score
    threshold, or half its range), so that zero is the edge of the region.
    """

    x: FactorAt
    y: FactorAt
    across: tuple[float, ...]
    up: tuple[float, ...]
    margins: tuple[tuple[float, ...], ...]
    lines: tuple[tuple[tuple[float, float], ...], ...]
    fixed: tuple[tuple[str, float], ...]


def box_in_region(model: TransferModel, over: Over = "proven_acceptable") -> BoxInRegion:
    """Every corner of the box of ranges and a fixed sample of its inside, against every response that has a limit."""
    import numpy as np
    from scipy.stats import qmc

    box = [
        one.range(over) or ((one.setpoint, one.setpoint) if one.setpoint is not None else None) for one in model.factors
    ]
    judged = [one for one in model.responses if _limited(one)]
    if not box or any(ends is None for ends in box) or not judged:
        lacking = [one.title for one, ends in zip(model.factors, box, strict=True) if ends is None]
        why = f"{', '.join(lacking)} has neither range nor setpoint" if lacking else "no response has a limit"
        return BoxInRegion(over, 0, 0, 0, 0.0, None, (), why)
    known = [ends for ends in box if ends is not None]
    beyond = [
        one.title
        for one, ends in zip(model.factors, known, strict=True)
        if ends[0] < one.valid[0] - 1e-9 * one.half_range or ends[1] > one.valid[1] + 1e-9 * one.half_range
    ]
    if beyond:
        why = f"the range of {', '.join(beyond)} reaches outside the range for which the model holds"
        return BoxInRegion(over, 0, 0, 0, 0.0, None, (), why)
    corners = np.array(list(product(*(sorted({low, high}) for low, high in known))))
    generator: Any = np.random.default_rng(1)
    unit = qmc.Sobol(len(known), scramble=True, rng=generator).random_base2(SAMPLE_EXPONENT)
    low, high = (np.array([ends[side] for ends in known]) for side in (0, 1))
    points = np.concatenate((corners, low + (high - low) * unit))
    inside = np.ones(len(points), dtype=bool)
    worst = []
    for one in judged:
        margins = _margins(model, one, points)
        inside &= margins >= 0
        worst.append(_worst(model, one, points, margins, len(corners)))
    worst.sort(key=lambda each: each.margin / _reach(each.response))
    count = len(corners)
    share = float(inside[count:].mean())
    return BoxInRegion(over, count, int(inside[:count].sum()), len(unit), share, bool(inside.all()), tuple(worst), "")


def slice_of(model: TransferModel, x: str, y: str) -> Slice | str:
    """The plane of two factors over the range for which the model holds, or why there is none."""
    import numpy as np

    by_name = {one.name: place for place, one in enumerate(model.factors)}
    for name in (x, y):
        if name not in by_name:
            return f"{name[:40]!r} is no factor; factors are {', '.join(by_name)}"
    if x == y:
        return "a slice needs two factors"
    judged = [one for one in model.responses if _limited(one)]
    fixed = [(one.name, one.setpoint) for one in model.factors if one.name not in (x, y)]
    lacking = [name for name, value in fixed if value is None]
    if lacking or not judged:
        return f"{', '.join(lacking)} has no setpoint" if lacking else "no response has a limit"
    one, other = model.factors[by_name[x]], model.factors[by_name[y]]
    across, up = np.linspace(*one.valid, GRID), np.linspace(*other.valid, GRID)
    points = np.empty((GRID * GRID, len(model.factors)))
    for place, factor in enumerate(model.factors):
        points[:, place] = factor.setpoint if factor.setpoint is not None else 0.0
    points[:, by_name[x]] = np.tile(across, GRID)
    points[:, by_name[y]] = np.repeat(up, GRID)
    margins = np.min([_margins(model, each, points) / _reach(each) for each in judged], axis=0).reshape(GRID, GRID)
    lines = _contour(across, up, margins)
    told = tuple((name, value) for name, value in fixed if value is not None)
    rows = tuple(tuple(row) for row in margins.tolist())
    return Slice(one, other, tuple(across.tolist()), tuple(up.tolist()), rows, lines, told)


def _contour(across: "Floats", up: "Floats", margins: "Floats") -> tuple[tuple[tuple[float, float], ...], ...]:
    """The lines along which the least margin is zero."""
    import contourpy
    import numpy as np

    found: Any = contourpy.contour_generator(across, up, np.nan_to_num(margins, nan=-1.0)).lines(0.0)
    return tuple(tuple((float(x), float(y)) for x, y in line) for line in found)


def _limited(one: ResponseAt) -> bool:
    return one.threshold is not None if one.meaning == "score" else one.low is not None or one.high is not None


def _margins(model: TransferModel, one: ResponseAt, points: "Floats") -> "Floats":
    """How far each point is inside; what has no number counts as outside."""
    import numpy as np

    values = one.values(points, model.factors)
    if one.meaning == "score":
        found = values - (one.threshold if one.threshold is not None else math.inf)
    else:
        low, high = (-math.inf if one.low is None else one.low), (math.inf if one.high is None else one.high)
        found = np.minimum(values - low, high - values)
    return np.where(np.isfinite(found), found, -math.inf)


def _reach(one: ResponseAt) -> float:
    if one.meaning == "score":
        return abs(one.threshold or 1.0) or 1.0
    if one.low is not None and one.high is not None:
        return (one.high - one.low) / 2 or 1.0
    return abs(one.low if one.low is not None else one.high or 1.0) or 1.0


def _worst(model: TransferModel, one: ResponseAt, points: "Floats", margins: "Floats", corners: int) -> WorstPoint:
    import numpy as np

    # Of equals the first: a corner before the sample.
    place = int(np.argmin(margins))
    value = float(one.values(points[place : place + 1], model.factors)[0])
    named = tuple((factor.name, float(points[place, at])) for at, factor in enumerate(model.factors))
    missed = margins < 0
    return WorstPoint(
        one, named, value, float(margins[place]), place < corners, int(missed[:corners].sum()),
        float(missed[corners:].mean()),
    )  # fmt: skip
