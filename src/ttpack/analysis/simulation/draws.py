"""What a replication draws at random: a stream of its own for each named part of the model.

So a change of one part leaves the numbers of all others as they were (common random numbers), and a replication draws
the same on whatever machine and in whatever order replications are worked out. numpy does not promise the same streams
in its later versions: an answer names the version.
"""

import hashlib
from typing import TYPE_CHECKING

from ttpack.analysis.sampling import Sampler

if TYPE_CHECKING:
    import numpy as np

CHUNK = 64


class Draws:
    """The random numbers of one replication, from `SeedSequence(seed, (replication, digest of the part's name))`."""

    def __init__(self, seed: int, replication: int) -> None:
        self.seed = seed
        self.replication = replication
        self._generators: dict[str, np.random.Generator] = {}
        self._next: dict[str, list[float]] = {}

    def all(self, name: str, count: int, of: Sampler) -> list[float]:
        """The first values of a part that has one for each batch, as the duration of a step."""
        if not of.varies:
            return [of.mean] * count
        values: list[float] = of.from_uniform(self._stream(name).random(count)).tolist()
        return values

    def next(self, name: str, of: Sampler) -> float:
        """The next value of a part that has one after the other, as the times between breakdowns."""
        if not of.varies:
            return of.mean
        values = self._next.get(name)
        if not values:
            values = of.from_uniform(self._stream(name).random(CHUNK)).tolist()
            values.reverse()
            self._next[name] = values
        return values.pop()

    def _stream(self, name: str) -> "np.random.Generator":
        import numpy as np

        if name not in self._generators:
            key = int.from_bytes(hashlib.sha256(name.encode()).digest()[:8], "big")
            sequence = np.random.SeedSequence(self.seed, spawn_key=(self.replication, key >> 32, key & 0xFFFFFFFF))
            self._generators[name] = np.random.Generator(np.random.PCG64(sequence))
        return self._generators[name]
