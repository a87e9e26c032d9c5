"""What steps compete for while a campaign runs: units, operators, tanks, stocks, and the hours in which work may start.

All times are hours. A plant keeps the state; who is served in which order is the business of its queue
(`all_at_once`, `one_by_one`), and what a batch does that of `batches`.
"""

from bisect import bisect_right, insort
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from ttpack.analysis.simulation.draws import Draws
from ttpack.analysis.simulation.model import HOURS_PER_DAY, CampaignModel, Draw, Operators, Stock, Tank, Unit, Window

TINY: Final = 1e-9
"""Share of an amount that is rounding."""
INSTANT: Final = 1e-6
"""Hours: the shortest that a full tank is waited for, so that the clock moves on however late it is."""
NEVER: Final = float("inf")
IN_VAIN: Final = 5_000
"""Looks at windows, shifts and tanks without any unit being seized, after which only events are waited for."""
START_WINDOW: Final = "start window"
CALENDAR: Final = "calendar"

SpanKind = Literal["work", "repair", "waits", "cleaning"]


class Span(NamedTuple):
    """What an item of a resource (or, without an item, so many operators) did from when to when; `step` by number."""

    resource: str
    item: int
    start: float
    end: float
    kind: SpanKind
    batch: int
    step: int
    amount: int = 1


@dataclass(slots=True)
class Trace:
    """What happened in one replication: `arrived` by batch, `started` and `ended` by batch and step.

    `stuck` says why it did not end. `waited` are hours of waiting of all batches by step and by what they waited for;
    `short` counts how often a material was lacking.
    """

    arrived: list[float]
    started: list[list[float]]
    ended: list[list[float]]
    released: dict[int, float] = field(default_factory=dict)
    spans: list[Span] = field(default_factory=list)
    drawn: list[tuple[float, str, float]] = field(default_factory=list)
    lowest: dict[str, float] = field(default_factory=dict)
    waited: dict[tuple[int, str], float] = field(default_factory=dict)
    short: dict[str, int] = field(default_factory=dict)
    orders: dict[str, int] = field(default_factory=dict)
    breakdowns: dict[str, int] = field(default_factory=dict)
    stuck: str = ""


class Plant:
    """The clock of a replication with everything that steps compete for."""

    def __init__(self, model: CampaignModel, draws: Draws) -> None:
        import simpy

        self.model = model
        self.draws = draws
        self.clock: simpy.Environment = simpy.Environment()
        rows = [[NEVER] * len(model.steps) for _ in range(model.batches)]
        self.trace = Trace([0.0] * model.batches, rows, [list(row) for row in rows])
        most = 2 * model.steps_to_do  # more are never in use at once
        self.units: dict[str, Unit] = {one.name: one for one in model.units}
        self.free: dict[str, list[int]] = {one.name: list(range(min(one.count, most))) for one in model.units}
        self.operators: dict[str, Operators] = {one.name: one for one in model.operators}
        self.working: dict[str, int] = dict.fromkeys(self.operators, 0)
        self.tanks: dict[str, Tank] = {one.name: one for one in model.tanks}
        self.level: dict[str, float] = {one.name: one.size for one in model.tanks}
        self.stocks: dict[str, Stock] = {one.name: one for one in model.stocks}
        self.stock: dict[str, float] = {one.name: one.amount for one in model.stocks}
        self.coming: dict[str, float] = dict.fromkeys(self.stocks, 0.0)
        self.trace.lowest = {**self.level, **self.stock}
        self.to_failure: dict[tuple[str, int], float] = {}
        self.serve: Callable[[], None] = lambda: None
        self._measured = 0.0
        self._due = False
        self._waking = NEVER
        self._woken = 0

    # --- time ---

    @property
    def now(self) -> float:
        """Hours since the start of the campaign."""
        return float(self.clock.now)

    def later(self, delay: float, action: Callable[[], None]) -> None:
        """Do something after a delay, then look at who can be served."""

        def act(_: Any) -> None:
            action()
            self.changed()

        self.clock.timeout(delay).callbacks.append(act)

    def changed(self) -> None:
        """Look at who can be served, once all that happens at this moment has happened."""
        if not self._due:
            self._due = True
            self.clock.timeout(0).callbacks.append(self._serve)

    def _serve(self, _: Any) -> None:
        self._due = False
        self._refill()
        self.serve()

    def wake(self, at: float) -> None:
        """Look again at an hour at which time alone may bring what is waited for."""
        now = self.now
        if at == NEVER or now < self._waking <= at or self._woken >= IN_VAIN:
            return
        self._waking = at
        self._woken += 1
        self.clock.timeout(max(at - now, INSTANT)).callbacks.append(lambda _: self.changed())

    def shut(self, window: Window | None) -> str:
        """Why nothing may start now: the calendar or the window; empty where it may."""
        now = self.now
        if self._closed_until(now) is not None:
            return CALENDAR
        return "" if window is None or window.open_at(*self.hour(now)) else START_WINDOW

    def hour(self, at: float) -> tuple[float, int]:
        """The hour of the day and the weekday."""
        day, hour = divmod(at, HOURS_PER_DAY)
        return hour, (self.model.weekday + int(day)) % 7

    def _closed_until(self, at: float) -> float | None:
        """The end of the days without starts in which an hour lies; None where it lies in none."""
        spans = self.model.closed
        if not spans:
            return None
        place = bisect_right(spans, (at, NEVER)) - 1
        return spans[place][1] if place >= 0 and at < spans[place][1] else None

    def opens(self, window: Window | None) -> float:
        """The next hour at which a step with this window may start; infinite where there is none within 1,000 spans."""
        at = self.now
        for _ in range(1000):
            closed = self._closed_until(at)
            if closed is not None:
                at = closed
            elif window is None or window.open_at(*self.hour(at)):
                return at
            else:
                day, hour = divmod(at, HOURS_PER_DAY)
                at = day * HOURS_PER_DAY + (window.start if hour < window.start else HOURS_PER_DAY)
        return NEVER

    def shift_changes(self, names: tuple[str, ...]) -> float:
        """The next hour at which another number of these operators is present."""
        marks = {
            edge % HOURS_PER_DAY
            for name in names
            for window, _ in self.operators[name].shifts
            for edge in (window.start, window.end)
        }
        if not marks:
            return NEVER
        now = self.now
        day, hour = divmod(now, HOURS_PER_DAY)
        later = [mark for mark in marks if mark > hour + INSTANT]
        return day * HOURS_PER_DAY + (min(later) if later else HOURS_PER_DAY + min(marks))

    # --- units ---

    def seize(self, name: str) -> int:
        """The first free item of a unit, which is busy then."""
        self._woken = 0
        return self.free[name].pop(0)

    def leave(self, name: str, item: int) -> None:
        """An item is free again."""
        insort(self.free[name], item)
        self.changed()

    # --- operators ---

    def lacks_operators(self, draw: Draw) -> bool:
        """Whether fewer are present and idle than are needed."""
        group = self.operators[draw.name]
        present = group.count if not group.shifts else group.present(*self.hour(self.now))
        return present - self.working[draw.name] < draw.amount

    def take_operators(self, draw: Draw) -> None:
        """They work now, until `rest`."""
        self.working[draw.name] += int(draw.amount)

    def rest(self, draw: Draw) -> None:
        """Their work on a step is done."""
        self.working[draw.name] -= int(draw.amount)

    # --- utilities and materials ---

    def lacks_utility(self, draw: Draw) -> bool:
        """Whether the tank holds less than is drawn."""
        return self.level[draw.name] < draw.amount * (1 - TINY)

    def filled(self, draw: Draw) -> float:
        """The hour at which the tank holds what is drawn, if nobody else draws."""
        refill = self.tanks[draw.name].refill
        if refill <= 0:
            return NEVER
        return self.now + max((draw.amount - self.level[draw.name]) / refill, INSTANT)

    def take_utility(self, draw: Draw) -> None:
        """Draw from the tank."""
        name = draw.name
        self.level[name] = max(0.0, self.level[name] - draw.amount)
        self.trace.lowest[name] = min(self.trace.lowest[name], self.level[name])
        self.trace.drawn.append((self.now, name, draw.amount))

    def lacks_material(self, draw: Draw) -> bool:
        """Whether less is in stock than is used."""
        return self.stock[draw.name] < draw.amount * (1 - TINY)

    def take_material(self, draw: Draw) -> None:
        """Use of the stock, and order where it is down to its reorder point."""
        name, one = draw.name, self.stocks[draw.name]
        self.stock[name] = max(0.0, self.stock[name] - draw.amount)
        self.trace.lowest[name] = min(self.trace.lowest[name], self.stock[name])
        if one.reorder_point is None or one.order is None or one.lead_time is None:
            return
        have = self.stock[name] + self.coming[name]
        if have > one.reorder_point:
            return
        orders = int((one.reorder_point - have) // one.order) + 1
        self.trace.orders[name] = self.trace.orders.get(name, 0) + orders
        amount = orders * one.order
        self.coming[name] += amount

        def arrive() -> None:
            self.stock[name] += amount
            self.coming[name] -= amount

        self.later(self.draws.next(f"order {name}", one.lead_time), arrive)

    def _refill(self) -> None:
        passed = self.now - self._measured
        self._measured = self.now
        if passed > 0:
            for name, tank in self.tanks.items():
                self.level[name] = min(tank.size, self.level[name] + tank.refill * passed)
