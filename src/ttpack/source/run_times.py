"""Times of run data as seconds: elapsed, or dates in a zone; what is no time, repeats, or goes back is a problem."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

SHORTEST: Final = 16
"""2026-11-30T14:05: what is shorter is a date without its time."""
DASHES: Final = 2
HOUR: Final = 3600
_DIGITS: Final = frozenset("0123456789")


class RunTimes:
    """Reads the times of one file, chunk by chunk.

    `seconds_of_unit` is the length of the unit of elapsed times, None for dates. Dates that do not say their offset are
    taken in the zone, or as UTC where none is known; durations are right either way but across a change of the clock.
    """

    def __init__(
        self, seconds_of_unit: float | None, zone: str | None, problem: Callable[[int, str, str], None]
    ) -> None:
        self.seconds_of_unit = seconds_of_unit
        self.problem = problem
        self.zone = ZoneInfo(zone) if zone else None
        self.last: float | None = None

    def seconds(self, cells: Sequence[str], numbers: Sequence[int], column: str) -> "tuple[Floats, Flags]":
        """Seconds of each cell, since 1970 or since the start, and which of them are times."""
        import numpy as np

        values: Floats
        if self.seconds_of_unit is not None:
            try:
                values = np.array(list(map(float, cells))) * self.seconds_of_unit
            except ValueError:
                values = np.array([_number(cell) for cell in cells]) * self.seconds_of_unit
        else:
            plain = self._plain_dates(cells)
            values = np.array([self._date(cell) for cell in cells]) if plain is None else plain
        good = np.isfinite(values)
        for index in map(int, np.flatnonzero(~good)):
            cell = cells[index].strip()
            said = f"{cell[:40]!r} is no time" if cell else "the time is missing"
            self.problem(numbers[index], column, said)
        return values, good

    def rising(self, seconds: "Floats", kept: "Flags", numbers: Sequence[int], column: str) -> "Flags":
        """Which of the kept times lie after the one before; the others are problems."""
        import numpy as np

        places = np.flatnonzero(kept)
        good = np.ones(len(seconds), dtype=bool)
        if not len(places):
            return good
        inside = seconds[places]
        start = self.last if self.last is not None else -np.inf
        # What counts is the latest time so far: after one that goes back, the next may still lie before it.
        latest = np.maximum.accumulate(np.concatenate(([start], inside)))[:-1]
        for place in map(int, np.flatnonzero(inside <= latest)):
            index = int(places[place])
            same = inside[place] == latest[place]
            said = "repeats that of a line before" if same else "lies before that of the line before"
            hint = "" if same else " (a change of the clock? give times with their offset)"
            self.problem(numbers[index], column, f"the time {said}{hint}")
            good[index] = False
        self.last = float(max(start, inside.max()))
        return good

    def _plain_dates(self, cells: Sequence[str]) -> "Floats | None":
        """Dates that all look alike and state no offset but Z; None where they have to be read one by one."""
        import numpy as np

        joined = "".join(cells)
        utc = joined.count("Z")
        if utc not in {0, len(cells)} or "+" in joined or joined.count("-") != DASHES * len(cells):
            return None
        # numpy would take "today" and "now" for times, and a date alone for its midnight.
        if min(map(len, cells)) < SHORTEST or not {cell[:1] for cell in cells} <= _DIGITS:
            return None
        stripped = [cell.removesuffix("Z") for cell in cells] if utc else list(cells)
        try:
            found = np.array(stripped, dtype="datetime64[us]").astype(np.int64) / 1e6
        except ValueError:
            return None
        return found if utc or self.zone is None else self._from_zone(found)

    def _from_zone(self, naive: "Floats") -> "Floats":
        """Seconds since 1970 of times in the zone; the offset is looked up once an hour."""
        import numpy as np

        hours, where = np.unique(naive // HOUR, return_inverse=True)
        offsets = [self._offset(datetime.fromtimestamp(hour * HOUR, UTC)) for hour in hours.tolist()]
        shifted: Floats = naive - np.array(offsets)[where]
        return shifted

    def _offset(self, moment: datetime) -> float:
        local = moment.replace(tzinfo=self.zone).utcoffset()
        return local.total_seconds() if local else 0.0

    def _date(self, cell: str) -> float:
        text = cell.strip()
        try:
            found = datetime.fromisoformat(text) if len(text) >= SHORTEST else None
            if found is None:
                return float("nan")
            return found.replace(tzinfo=found.tzinfo or self.zone or UTC).timestamp()
        except (ValueError, OverflowError):
            return float("nan")


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return float("nan")
