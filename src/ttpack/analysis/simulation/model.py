"""The model of a campaign as plain numbers: what the engine runs, and what a task carries to another process.

All times are hours from the start of the campaign. Numbers are floating-point: a simulation is an estimate.
"""

from dataclasses import dataclass
from datetime import date
from typing import Literal

from ttpack.analysis.sampling import Sampler

HOURS_PER_DAY = 24.0
HOURS_PER_WEEK = 168.0

Rule = Literal["all_at_once", "one_by_one"]


@dataclass(frozen=True, slots=True)
class Window:
    """Hours of a day, on some days of the week (0 is Monday), between which something may start."""

    start: float
    end: float
    days: frozenset[int]

    def open_at(self, hour: float, weekday: int) -> bool:
        """Whether an hour of a weekday lies inside; a window over midnight belongs to the day on which it starts."""
        if self.start < self.end:
            return self.start <= hour < self.end and weekday in self.days
        return (hour >= self.start and weekday in self.days) or (hour < self.end and (weekday - 1) % 7 in self.days)


@dataclass(frozen=True, slots=True)
class Unit:
    """A resource of a count of items; `between` and `repair` are those of its breakdowns."""

    name: str
    count: int
    between: Sampler | None = None
    repair: Sampler | None = None


@dataclass(frozen=True, slots=True)
class Operators:
    """A group of operators: how many are present at any hour, or in shifts."""

    name: str
    count: int
    shifts: tuple[tuple[Window, int], ...] = ()

    def present(self, hour: float, weekday: int) -> int:
        """How many are present."""
        if not self.shifts:
            return self.count
        return sum(count for window, count in self.shifts if window.open_at(hour, weekday))

    def hours(self, until: float, weekday: int) -> float:
        """Hours that they are present from hour 0, which lies on a weekday, up to an hour; whole weeks, then days."""
        if not self.shifts:
            return self.count * until
        weeks, rest = divmod(until, HOURS_PER_WEEK)
        return weeks * self._hours_within(HOURS_PER_WEEK, weekday) + self._hours_within(rest, weekday)

    def _hours_within(self, until: float, weekday: int) -> float:
        found, at = 0.0, 0.0
        marks = sorted({0.0, *(edge % 24 for window, _ in self.shifts for edge in (window.start, window.end))})
        while at < until:
            day, hour = divmod(at, HOURS_PER_DAY)
            end = day * HOURS_PER_DAY + min((mark for mark in marks if mark > hour), default=HOURS_PER_DAY)
            found += (min(end, until) - at) * self.present(hour, (weekday + int(day)) % 7)
            at = end
        return found

    @property
    def most(self) -> int:
        """The most that are present at any hour of the week."""
        if not self.shifts:
            return self.count
        hours = {0.0, *(window.start for window, _ in self.shifts), *(window.end % 24 for window, _ in self.shifts)}
        return max(self.present(hour, day) for day in range(7) for hour in hours)


@dataclass(frozen=True, slots=True)
class Tank:
    """A utility in its unit: what its tank holds and how much an hour fills it up.

    `size` is infinite where nothing limits its draws. `capacity` is what the site delivers in an hour, by `record`.
    """

    name: str
    unit: str
    size: float
    refill: float
    capacity: float | None = None
    record: str | None = None


@dataclass(frozen=True, slots=True)
class Stock:
    """A material in its unit: the stock at the start, and how it is ordered, if it is."""

    name: str
    unit: str
    amount: float
    reorder_point: float | None = None
    order: float | None = None
    lead_time: Sampler | None = None


@dataclass(frozen=True, slots=True)
class Draw:
    """So many of a group of operators for some hours (None is the whole step), or so much of a tank or stock."""

    name: str
    amount: float
    hours: float | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """A step of a batch, which stays in the first of its `units`; `wait` are the hours planned to wait after it."""

    name: str
    duration: Sampler
    units: tuple[str, ...]
    turnaround: float = 0.0
    cleaning: tuple[tuple[str, Sampler], ...] = ()
    operators: tuple[Draw, ...] = ()
    utilities: tuple[Draw, ...] = ()
    materials: tuple[Draw, ...] = ()
    window: Window | None = None
    vessel: str | None = None
    wait: float = 0.0


@dataclass(frozen=True, slots=True)
class Wait:
    """A wait whose length is watched: those of a batch after `steps` together, and the limit in hours, if known.

    `hold` is the record of the hold, where there is one.
    """

    name: str
    steps: tuple[int, ...]
    limit: float | None
    hold: str | None = None


@dataclass(frozen=True, slots=True)
class DemandOfPeriod:
    """Batches wanted in a period, whose end is in hours from the start of the campaign."""

    start: date
    end: date
    end_h: float
    batches: int


@dataclass(frozen=True, slots=True)
class CampaignModel:
    """A campaign as it is run. `closed` are spans of hours in which nothing starts; `weekday` is that of hour 0.

    `takt` is the time between releases of batches; `between` draws it; with neither all are released at hour 0.
    """

    campaign: str
    batches: int
    steps: tuple[Step, ...]
    units: tuple[Unit, ...]
    operators: tuple[Operators, ...] = ()
    tanks: tuple[Tank, ...] = ()
    stocks: tuple[Stock, ...] = ()
    rule: Rule = "all_at_once"
    blocking: bool = True
    takt: float | None = None
    between: Sampler | None = None
    closed: tuple[tuple[float, float], ...] = ()
    weekday: int = 0
    release: Sampler | None = None
    demand: tuple[DemandOfPeriod, ...] = ()
    waits: tuple[Wait, ...] = ()
    planned_end: float | None = None
    warm_up: int = 0

    @property
    def loads(self) -> tuple[tuple[str, float], ...]:
        """Mean hours that a batch keeps each unit busy, over its count: the greatest bounds the cycle time."""
        hours = dict.fromkeys((unit.name for unit in self.units), 0.0)
        for step in self.steps:
            cleaning = sum(duration.mean for _, duration in step.cleaning)
            for place, name in enumerate(step.units):
                hours[name] += step.duration.mean + step.turnaround + (0.0 if place else cleaning)
            for name, duration in step.cleaning:
                hours[name] += duration.mean
        return tuple((unit.name, hours[unit.name] / unit.count) for unit in self.units)

    @property
    def bunch(self) -> int:
        """How many batches end together in the long run: the count of the unit with the greatest load."""
        greatest = max((load for _, load in self.loads), default=0.0)
        return next((unit.count for unit, (_, load) in zip(self.units, self.loads, strict=True) if load == greatest), 1)

    def capacity_hours(self, until: float) -> tuple[tuple[str, float], ...]:
        """Hours for which the items of each resource are there up to an hour: units first, then operators."""
        units = tuple((unit.name, unit.count * until) for unit in self.units)
        return units + tuple((one.name, one.hours(until, self.weekday)) for one in self.operators)

    @property
    def steps_to_do(self) -> int:
        """Batches times steps: what one replication costs."""
        return self.batches * len(self.steps)
