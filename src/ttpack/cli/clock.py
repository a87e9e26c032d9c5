"""The clock and the environment: nothing else in ttpack reads either, so everything else is repeatable."""

import datetime
import os
import shutil
import time
from typing import TextIO


def now() -> datetime.datetime:
    """The present moment in UTC."""
    return datetime.datetime.now(datetime.UTC)


def today() -> datetime.date:
    """Today's date in UTC: the `as_of` of a working tree when the person names none."""
    return now().date()


def start_of_day(day: datetime.date) -> int:
    """Seconds from 1970 to the first moment of a day, in UTC."""
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp())


def stopwatch() -> float:
    """Seconds from an arbitrary start, for how long something takes; never part of an answer."""
    return time.monotonic()


def setting(name: str) -> str:
    """An environment variable, or an empty string where it is not set."""
    return os.environ.get(name, "")


def wants_traceback() -> bool:
    """Whether the person asked to see where a defect of ttpack lies."""
    return setting("TTPACK_TRACEBACK") not in ("", "0")


def color_wanted(stream: TextIO) -> bool:
    """Whether colour helps there: on a terminal that can show it, unless NO_COLOR (no-color.org) says no."""
    return not setting("NO_COLOR") and setting("TERM") != "dumb" and is_terminal(stream)


def terminal_width() -> int:
    """Columns of the person's terminal, between what a table needs and what an eye follows."""
    return min(max(shutil.get_terminal_size().columns, 60), 160)


def is_terminal(stream: TextIO) -> bool:
    """Whether a person watches the stream; a closed stream has no watcher."""
    try:
        return stream.isatty()
    except ValueError:
        return False
