"""Clocks of escalation and notification: how long, counted from when, in which hours, and which runs out first."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Final, Literal

from ttpack.analysis.intervals import NO_OWN_UNITS, Units, in_unit, value_text
from ttpack.model.quantity import InputQuantity

CLOCK_STARTS: Final = ("occurrence", "discovery", "qa_awareness")
"""When a clock may start, in the order in which these happen."""
START_WORDS: Final = {"occurrence": "occurrence", "discovery": "discovery", "qa_awareness": "awareness of QA"}
CALENDAR: Final = "calendar"
WORKING: Final = "working"

Order = Literal["not_later", "later", "unknown"]


@dataclass(frozen=True, slots=True)
class Clock:
    """A clock as a record states it; `start` and `hours` are None where nothing says.

    `seconds` is exact, and None where the record gives no duration; then `open` says why.
    """

    seconds: Fraction | None
    length: str
    start: str | None
    hours: str | None
    open: str = ""

    @property
    def complete(self) -> bool:
        """Whether length, start and hours are all known, so that it can be compared."""
        return self.seconds is not None and self.start is not None and self.hours is not None

    @property
    def whole_seconds(self) -> int | None:
        """The seconds without their fraction, so that nobody is called later than agreed."""
        return None if self.seconds is None else self.seconds.numerator // self.seconds.denominator

    @property
    def words(self) -> str:
        """The clock in words: `4 h from discovery`, `80 h of working time from discovery`."""
        said = self.length or "no time stated"
        if self.length and self.hours == WORKING:
            said += " of working time"
        return f"{said} from {START_WORDS.get(self.start, self.start)}" if self.start else said

    def as_json(self) -> dict[str, Any]:
        """The clock as JSON, in whole seconds."""
        return {
            "seconds": self.whole_seconds, "length": self.length, "words": self.words, "clock_start": self.start,
            "clock_hours": self.hours, "open": self.open,
        }  # fmt: skip


def clock(given: InputQuantity | None, start: str | None, hours: str | None, own: Units = NO_OWN_UNITS) -> Clock:
    """The clock that a record states."""
    if given is None:
        return Clock(None, "", start, hours, "no time is stated")
    length = value_text(given.value, given.unit)
    seconds = in_unit(given.value, given.unit, "s", own)
    return Clock(seconds, length, start, hours, "" if seconds is not None else f"{length} is no duration")


def order(first: Clock, second: Clock) -> Order:
    """Whether the first of two complete clocks runs out no later than the second, for whatever happens.

    Occurrence comes before discovery, and that before awareness of QA; working hours last no less than as many calendar
    hours. Where these leave it open the answer is `unknown`. Working hours of two calendars are compared by their
    number.
    """
    if first.seconds is None or second.seconds is None or not (first.complete and second.complete):
        return "unknown"
    starts = CLOCK_STARTS.index(str(first.start)) - CLOCK_STARTS.index(str(second.start))
    if first.seconds <= second.seconds and starts <= 0 and not (first.hours == WORKING and second.hours == CALENDAR):
        return "not_later"
    if first.seconds > second.seconds and starts >= 0 and not (first.hours == CALENDAR and second.hours == WORKING):
        return "later"
    return "unknown"
