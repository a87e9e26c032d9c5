"""Samples of a transfer model, chunk by chunk, as sums that are added in order."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ttpack.analysis.capability.transfer import Columns, Over, ResponseAt, TransferModel

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Sums:
    """What a chunk adds: for each response the count, sum, sum of squares, sum of variances, met, probability, ends."""

    count: int
    outside: int
    beyond: tuple[int, ...]
    parts: tuple[tuple[float, ...], ...]


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk to be sampled: its number, which with the seed says what it draws, and how many samples."""

    model: TransferModel
    over: Over
    seed: int
    chunk: int
    count: int


def raw_values(model: TransferModel, over: Over, uniform: "Floats") -> "Floats":
    """Raw values of all factors (columns) for points of the unit cube with as many columns."""
    import numpy as np

    found = np.empty_like(uniform)
    for place, one in enumerate(model.factors):
        ends = one.range(over)
        if over == "normal_operating" and one.variation is not None:
            found[:, place] = one.variation.from_uniform(uniform[:, place])
        elif ends is not None:
            found[:, place] = ends[0] + (ends[1] - ends[0]) * uniform[:, place]
        else:
            found[:, place] = one.setpoint if one.setpoint is not None else math.nan
    return found


def sampled(task: Chunk) -> Sums:
    """The sums of one chunk."""
    import numpy as np

    model = task.model
    sequence = np.random.SeedSequence(task.seed, spawn_key=(task.chunk,))
    uniform = np.random.Generator(np.random.PCG64(sequence)).random((task.count, len(model.factors)))
    raw = raw_values(model, task.over, uniform)
    outside = np.zeros(task.count, dtype=bool)
    beyond = []
    for place, one in enumerate(model.factors):
        slack = 1e-9 * one.half_range
        outside |= (raw[:, place] < one.valid[0] - slack) | (raw[:, place] > one.valid[1] + slack)
        ends = one.range(task.over)
        declared = ends is not None and one.variation is not None and task.over == "normal_operating"
        column = raw[:, place]
        beyond.append(int(((column < ends[0]) | (column > ends[1])).sum()) if declared and ends else 0)
    columns = Columns(raw, model.factors)
    parts = tuple(_part(one, raw, model, columns) for one in model.responses)
    return Sums(task.count, int(outside.sum()), tuple(beyond), parts)


def _part(one: ResponseAt, raw: "Floats", model: TransferModel, columns: Columns) -> tuple[float, ...]:
    """What a chunk adds to a response."""
    import numpy as np
    from scipy import special

    values = one.values(raw, model.factors, columns)
    kept = np.isfinite(values)
    values = values[kept]
    if not len(values):
        return (0.0, 0.0, 0.0, 0.0, 0.0, 0.0, math.inf, -math.inf)
    spare = np.zeros(1)
    if one.meaning == "score":
        met = values >= (one.threshold if one.threshold is not None else math.inf)
        chance = special.expit(values)
    else:
        low, high = (-math.inf if one.low is None else one.low), (math.inf if one.high is None else one.high)
        met = (values >= low) & (values <= high)
        chance = met
        if one.quantified:
            spare = one.variances(raw, model.factors, columns)[kept]
            root = np.sqrt(spare)
            chance = special.ndtr((high - values) / root) - special.ndtr((low - values) / root)
    return (
        float(len(values)), float(values.sum()), float(values @ values), float(spare.sum()), float(met.sum()),
        float(chance.sum()), float(values.min()), float(values.max()),
    )  # fmt: skip


def added(chunks: Sequence[Sums]) -> Sums:
    """The sums of all chunks, added exactly and in their order."""
    parts = []
    for each in zip(*(one.parts for one in chunks), strict=True):
        columns = list(zip(*each, strict=True))
        parts.append((*(math.fsum(column) for column in columns[:6]), min(columns[6]), max(columns[7])))
    beyond = tuple(sum(column) for column in zip(*(one.beyond for one in chunks), strict=True))
    return Sums(sum(one.count for one in chunks), sum(one.outside for one in chunks), beyond, tuple(parts))
