"""Predicted quality at a site: samples over its ranges, the share out of specification, what drives it.

Samples come in chunks of 16,384, each from its own seed, and are reduced in order: the same figures on any executor.
Where a model records the uncertainty of its coefficients and its residual, the probability of meeting the criterion is
the mean over the samples of the normal probability at each; coefficients count as uncorrelated. Without it the mean is
all that is known, and no probability is given. A score is the logit of a probability. Outside the range for which a
model holds there is no verdict.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final, Literal

from ttpack.analysis.capability.samples import Chunk, Sums, added, raw_values
from ttpack.analysis.capability.samples import sampled as sampled_chunk
from ttpack.analysis.capability.sensitivity import SobolIndices, sobol_indices
from ttpack.analysis.capability.transfer import OVER_WORDS, FactorAt, Over, ResponseAt, TransferModel
from ttpack.analysis.executor import Executor, SerialExecutor

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CHUNK: Final = 16_384
LEAST_SHARE: Final = 0.0001
SAMPLES: Final = 100_000
MOST_SAMPLES: Final = 100_000_000
Answer = Literal["probability", "mean_only", "outside_validity", "not_computable"]


@dataclass(frozen=True, slots=True)
class ResponseStudy:
    """A response over the samples, in its own unit.

    `answer` says what is answered. `spread` is the standard deviation overall: of the predicted means alone where no
    uncertainty is recorded. `inside` is the share of samples whose mean (or score) meets the limits; `probability` that
    the criterion is met; `ppk` by the overall spread; `lost` samples had no number.
    """

    response: ResponseAt
    answer: Answer
    why: str
    mean: float | None
    spread: float | None
    least: float | None
    greatest: float | None
    inside: float | None
    probability: float | None
    ppk: float | None
    lost: int
    sobol: SobolIndices | None


@dataclass(frozen=True, slots=True)
class CapabilityStudy:
    """The whole answer over one kind of range. `outside` is the share of samples outside the validity of the model."""

    model: TransferModel
    over: Over
    samples: int
    seed: int
    sampled: tuple[str, ...]
    fixed: tuple[str, ...]
    outside: float
    beyond: tuple[tuple[str, float], ...]
    responses: tuple[ResponseStudy, ...]
    gaps: tuple[str, ...]
    remarks: tuple[str, ...]


def capability_study(
    model: TransferModel, over: Over = "normal_operating", samples: int = SAMPLES, seed: int = 1,
    executor: Executor | None = None,
) -> CapabilityStudy:  # fmt: skip
    """Sample a model over the ranges of its site. Samples are capped at a hundred million."""
    if executor is None:
        return _serial(model, over, samples, seed)
    return _study(model, over, samples, seed, executor)


@lru_cache(maxsize=64)
def _serial(model: TransferModel, over: Over, samples: int, seed: int) -> CapabilityStudy:
    return _study(model, over, samples, seed, SerialExecutor())


def _study(model: TransferModel, over: Over, samples: int, seed: int, executor: Executor) -> CapabilityStudy:
    samples = max(1, min(samples, MOST_SAMPLES))
    gaps, remarks = list(model.gaps), list(model.remarks)
    sampled = [one.name for one in model.factors if _varies(one, over)]
    fixed = [one.name for one in model.factors if not _varies(one, over)]
    for one in model.factors:
        if not _varies(one, over):
            place = f"{one.title} has no {OVER_WORDS[over]} with two ends at {model.site}"
            if one.setpoint is None:
                gaps.append(f"{place}, and no setpoint")
            else:
                remarks.append(f"{place}: it is kept at its setpoint")
        elif over == "normal_operating" and one.variation is None:
            remarks.append(f"how {one.title} varies is not declared: uniform over its normal operating range")
    if gaps and (not model.responses or any(_place(one, over) is None for one in model.factors)):
        return CapabilityStudy(
            model, over, 0, seed, tuple(sampled), tuple(fixed), 0.0, (), (), tuple(dict.fromkeys(gaps)), tuple(remarks)
        )
    tasks = [
        Chunk(model, over, seed, chunk, min(CHUNK, samples - chunk * CHUNK)) for chunk in range(-(-samples // CHUNK))
    ]
    total = added(list(executor.map(sampled_chunk, tasks)))
    outside = total.outside / samples
    indices = [place for place, one in enumerate(model.factors) if _varies(one, over)]
    studies = tuple(
        _response(model, over, one, total, place, (tuple(indices), seed)) for place, one in enumerate(model.responses)
    )
    beyond = tuple((one.name, count / samples) for one, count in zip(model.factors, total.beyond, strict=True) if count)
    return CapabilityStudy(
        model, over, samples, seed, tuple(sampled), tuple(fixed), outside, beyond, studies,
        tuple(dict.fromkeys(gaps)), tuple(dict.fromkeys(remarks)),
    )  # fmt: skip


def _varies(one: FactorAt, over: Over) -> bool:
    return one.range(over) is not None or (over == "normal_operating" and one.variation is not None)


def _place(one: FactorAt, over: Over) -> float | None:
    return one.setpoint if not _varies(one, over) else 0.0


def _response(  # noqa: PLR0913, PLR0917  all that a response is judged by
    model: TransferModel, over: Over, one: ResponseAt, total: Sums, place: int, drawn: tuple[tuple[int, ...], int]
) -> ResponseStudy:
    kept, summed, squares, spare, met, chance, least, greatest = total.parts[place]
    lost = total.count - int(kept)
    if kept == 0:
        return _without(one, "not_computable", "the model has no number at any sample", lost)
    if total.outside > 0:
        share = total.outside / total.count
        words = f"{share:.2%}" if share >= LEAST_SHARE else "less than 0.01 %"
        return _without(one, "outside_validity", f"{words} of the samples lie outside the range of the model", lost)
    mean = summed / kept
    spread = math.sqrt(max(squares / kept - mean * mean, 0.0) + spare / kept)
    sobol = _sobol(model, over, one, *drawn) if drawn[0] else None
    limited = one.low is not None or one.high is not None or one.threshold is not None
    inside = met / kept if limited else None
    figures = (mean, spread, least, greatest, inside)
    if one.meaning == "score":
        return ResponseStudy(one, "probability", "", *figures, chance / kept, None, lost, sobol)
    if not limited or not one.quantified:
        why = "the model records no uncertainty: no probability and no Ppk" if limited else "no criterion is stated"
        return ResponseStudy(one, "mean_only", why, *figures, None, None, lost, sobol)
    sides = [(mean - one.low) / 3] if one.low is not None else []
    sides += [(one.high - mean) / 3] if one.high is not None else []
    ppk = min(sides) / spread if spread else None
    return ResponseStudy(one, "probability", "", *figures, chance / kept, ppk, lost, sobol)


def _without(one: ResponseAt, answer: Answer, why: str, lost: int) -> ResponseStudy:
    """A response without a verdict."""
    return ResponseStudy(one, answer, why, None, None, None, None, None, None, None, lost, None)


def _sobol(model: TransferModel, over: Over, one: ResponseAt, places: tuple[int, ...], seed: int) -> SobolIndices:
    """Indices of the factors that vary; the others stay at their setpoints."""
    import numpy as np

    def values(points: "Floats") -> "Floats":
        uniform = np.full((len(points), len(model.factors)), 0.5)
        uniform[:, list(places)] = points
        return one.values(raw_values(model, over, uniform), model.factors)

    return sobol_indices(values, len(places), seed)
