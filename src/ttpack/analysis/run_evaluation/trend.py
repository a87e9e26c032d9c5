"""The trend of a signal in a fixed number of buckets of time: least and greatest value of each, for a picture."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

BUCKETS: Final = 480
FIRST_WIDTH: Final = 1.0


@dataclass(slots=True)
class Trend:
    """Buckets of `width` seconds from `start`; those without a reading have a least value above the greatest."""

    start: float | None = None
    width: float = FIRST_WIDTH
    least: list[float] = field(default_factory=lambda: [float("inf")] * BUCKETS)
    greatest: list[float] = field(default_factory=lambda: [float("-inf")] * BUCKETS)

    def take(self, seconds: "Floats", values: "Floats") -> None:
        """The next readings; buckets double where the time outgrows them."""
        import numpy as np

        if not len(values):
            return
        if self.start is None:
            self.start = float(seconds[0])
        while (float(seconds[-1]) - self.start) / self.width >= BUCKETS:
            self._double()
        places = ((seconds - self.start) // self.width).astype(np.intp)
        inside = (places >= 0) & (places < BUCKETS)
        least, greatest = np.array(self.least), np.array(self.greatest)
        np.minimum.at(least, places[inside], values[inside])
        np.maximum.at(greatest, places[inside], values[inside])
        self.least, self.greatest = least.tolist(), greatest.tolist()

    @property
    def points(self) -> tuple[tuple[float, float, float], ...]:
        """Seconds from the start to the middle of each bucket with readings, its least and greatest value."""
        pairs = enumerate(zip(self.least, self.greatest, strict=True))
        return tuple(((at + 0.5) * self.width, low, high) for at, (low, high) in pairs if low <= high)

    def _double(self) -> None:
        half = BUCKETS // 2
        self.least = [min(self.least[2 * at : 2 * at + 2]) for at in range(half)] + [float("inf")] * half
        self.greatest = [max(self.greatest[2 * at : 2 * at + 2]) for at in range(half)] + [float("-inf")] * half
        self.width *= 2
