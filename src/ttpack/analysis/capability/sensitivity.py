"""Sobol' indices: how much of the variance of a model each of its factors explains.

Saltelli's design on scrambled Sobol' points with both mixed matrices (Saltelli, Comput. Phys. Commun. 145 (2002) 280);
both indices by Jansen's estimators (Comput. Phys. Commun. 117 (1999) 35), averaged over the two.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

EXPONENT = 13
"""8,192 base points."""


@dataclass(frozen=True, slots=True)
class SobolIndices:
    """First-order and total index of each factor, in their order; zero where nothing varies. `lost` counts NaN."""

    first: tuple[float, ...]
    total: tuple[float, ...]
    variance: float
    lost: int = 0


def sobol_indices(
    function: Callable[["Floats"], "Floats"], dimensions: int, seed: int = 1, exponent: int = EXPONENT
) -> SobolIndices:
    """Indices of a function of points of the unit cube (rows) from 2**exponent * 2 (dimensions + 1) values.

    A base point at which any of its values is no number is left out and counted.
    Raises ValueError for no dimensions.
    """
    import numpy as np
    from scipy.stats import qmc

    if dimensions < 1:
        message = "a model without factors has no indices"
        raise ValueError(message)
    generator: Any = np.random.default_rng(seed)
    points = qmc.Sobol(2 * dimensions, scramble=True, rng=generator).random_base2(exponent)
    base, other = points[:, :dimensions], points[:, dimensions:]
    rows = [function(base), function(other)]
    for one, another in ((base, other), (other, base)):
        for index in range(dimensions):
            mixed = one.copy()
            mixed[:, index] = another[:, index]
            rows.append(function(mixed))
    values = np.array(rows)
    kept = np.isfinite(values).all(axis=0)
    values = values[:, kept]
    lost = int((~kept).sum())
    if values.shape[1] < 2:  # noqa: PLR2004  no variance of one value
        return SobolIndices((0.0,) * dimensions, (0.0,) * dimensions, 0.0, lost)
    centred = values - values[:2].mean()
    variance = float(np.var(np.concatenate((centred[0], centred[1]))))
    if variance <= 1e-24 * max(1.0, float(np.abs(values[:2]).max()) ** 2):
        return SobolIndices((0.0,) * dimensions, (0.0,) * dimensions, 0.0, lost)
    with_base, with_other = centred[2 : 2 + dimensions], centred[2 + dimensions :]
    pairs = list(zip(with_base, with_other, strict=True))
    first = tuple(1 - _halves(centred[1] - one, centred[0] - two) / variance for one, two in pairs)
    total = tuple(_halves(centred[0] - one, centred[1] - two) / variance for one, two in pairs)
    return SobolIndices(first, total, variance, lost)


def _halves(one: "Floats", two: "Floats") -> float:
    """Half the mean square of two sets of differences."""
    return (float((one**2).mean()) + float((two**2).mean())) / 4
