"""What a replication draws at random: a stream of its own for each named part of the model.

So a change of one part leaves the numbers of all others as they were (common random numbers), and a replication draws
the same on whatever machine and in whatever order replications are worked out.
"""

import hashlib
from typing import TYPE_CHECKING

from ttpack.analysis.sampling import Sampler

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

CHUNK = 64


class Draws:
    """The random numbers of one replication, from `SeedSequence(seed, (replication, name of the part))`."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._values: dict[tuple[str, Sampler], list[float]] = {}
        self._generators: dict[str, np.random.Generator] = {}
        self._uniform: dict[str, NDArray[np.float64]] = {}
        self._taken: dict[str, int] = {}

    def at(self, name: str, index: int, of: Sampler) -> float:
        """The value of a part that has one for each index, as the duration of a step for each batch."""
        if not of.varies:
            return of.quantile(0.5) if of.name != "fixed" else of.parameters[0] * of.factor + of.offset
        values = self._values.setdefault((name, of), [])
        while len(values) <= index:
            first = len(values)
            values.extend(of.from_uniform(self._stream(name, first + CHUNK)[first:]).tolist())
        return values[index]

    def next(self, name: str, of: Sampler) -> float:
        """The next value of a part that has one after the other, as the times between breakdowns."""
        index = self._taken.get(name, 0)
        self._taken[name] = index + 1
        return self.at(name, index, of)

    def _stream(self, name: str, length: int) -> "NDArray[np.float64]":
        """The first uniform numbers of a part."""
        import numpy as np

        if name not in self._generators:
            key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
            sequence = np.random.SeedSequence(self.seed, spawn_key=(self.replication, key >> 32, key & 0xFFFFFFFF))
            self._generators[name] = np.random.Generator(np.random.PCG64(sequence))
            self._uniform[name] = np.empty(0)
        have = self._uniform[name]
        if len(have) < length:
            have = self._uniform[name] = np.concatenate((have, self._generators[name].random(length - len(have))))
        return have[:length]
