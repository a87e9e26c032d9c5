"""One replication of a campaign: batches go through their steps and compete for what these need (simpy's clock).

The rule of acquisition is part of the model. All at once: a step starts when everything it needs is there at one
moment and holds nothing while it waits; requests are looked at in the order of their times, and one that can start may
overtake one that cannot. One by one: units, operators, utilities and materials are seized in this order, each first
come, first served, and held while waiting for the next.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from ttpack.analysis.simulation.draws import Draws
from ttpack.analysis.simulation.model import HOURS_PER_DAY, CampaignModel, Operators, Stock, Step, Tank, Unit, Window

if TYPE_CHECKING:
    import simpy

TINY: Final = 1e-9
"""Hours, and shares of an amount, that are rounding."""
LONGEST_RUN: Final = 10_000_000.0
"""Hours after which a replication is given up."""


@dataclass(slots=True)
class StepRecord:
    """What happened to a step of a batch: hours; `item` is which of the units it ran on, `left` when the unit was freed."""

    batch: int
    step: int
    ready: float
    start: float
    end: float
    items: tuple[int, ...]
    repair: float = 0.0
    left: float | None = None
    waits: tuple[str, ...] = ()


@dataclass(slots=True)
class Replication:
    """What one replication gave. `released` are hours of release by batch; `stuck` says why it did not finish."""

    steps: list[StepRecord] = field(default_factory=list)
    released: dict[int, float] = field(default_factory=dict)
    ended: dict[int, float] = field(default_factory=dict)
    draws: list[tuple[float, str, float]] = field(default_factory=list)
    lowest: dict[str, float] = field(default_factory=dict)
    busy: dict[str, float] = field(default_factory=dict)
    orders: int = 0
    stuck: str = ""


@dataclass(slots=True)
class _Request:
    """A step that waits: what it still needs, in order, and what it holds already."""

    batch: int
    number: int
    step: Step | None
    units: tuple[str, ...]
    event: "simpy.Event"
    got: dict[str, int] = field(default_factory=dict)
    stage: int = 0
    waits: set[str] = field(default_factory=set)


class Plant:
    """The clock of a replication with everything that steps compete for. It owns the queue of requests."""

    def __init__(self, model: CampaignModel, draws: Draws) -> None:
        import simpy

        self.model = model
        self.draws = draws
        self.environment = simpy.Environment()
        self.result = Replication()
        self.units: dict[str, Unit] = {one.name: one for one in model.units}
        self.free: dict[str, list[int]] = {one.name: list(range(one.count)) for one in model.units}
        self.operators: dict[str, Operators] = {one.name: one for one in model.operators}
        self.working: dict[str, int] = dict.fromkeys(self.operators, 0)
        self.tanks: dict[str, Tank] = {one.name: one for one in model.tanks}
        self.level: dict[str, float] = {one.name: one.size for one in model.tanks}
        self.stocks: dict[str, Stock] = {one.name: one for one in model.stocks}
        self.stock: dict[str, float] = {one.name: one.amount for one in model.stocks}
        self.coming: dict[str, float] = dict.fromkeys(self.stocks, 0.0)
        self.measured = 0.0
        self.queue: list[_Request] = []
        self.waking = float("inf")
        self.to_failure: dict[tuple[str, int], float] = {}
        self.result.lowest = {**self.level, **self.stock}
        self.result.busy = dict.fromkeys((*self.units, *self.operators), 0.0)

    # --- time ---

    @property
    def now(self) -> float:
        """Hours since the start of the campaign."""
        return float(self.environment.now)

    def later(self, delay: float, action: Any) -> None:
        """Do something after a delay, and look at the queue then."""

        def wait() -> Generator[Any]:
            yield self.environment.timeout(max(delay, 0.0))
            action()
            self.serve()

        self.environment.process(wait())

    def may_start(self, window: Window | None, at: float) -> bool:
        """Whether a step may start at an hour, by the calendar and its window."""
        if any(start <= at < end for start, end in self.model.closed):
            return False
        return window is None or window.open_at(*self._clock(at))

    def _clock(self, at: float) -> tuple[float, int]:
        day, hour = divmod(at, HOURS_PER_DAY)
        return hour, (self.model.weekday + int(day)) % 7

    # --- requests ---

    def request(self, batch: int, step: Step | None, units: tuple[str, ...]) -> "_Request":
        """Ask for what a step needs, or (without a step) for units alone."""
        made = _Request(batch, len(self.result.steps), step, units, self.environment.event())
        self.queue.append(made)
        self.serve()
        return made

    def serve(self) -> None:
        """Start every request that can start now; then sleep until the next that time alone can bring."""
        self._refill()
        again = True
        while again:
            again = False
            behind: set[str] = set()
            for one in self.queue:
                if self._granted(one, behind):
                    self.queue.remove(one)
                    one.event.succeed()
                    again = True
                    break
        self._sleep()

    def _granted(self, one: _Request, behind: set[str]) -> bool:
        return self._all_at_once(one) if self.model.rule == "all_at_once" else self._one_by_one(one, behind)

    def _all_at_once(self, one: _Request) -> bool:
        lacking = [name for name in one.units if not self.free[name]]
        if lacking:
            one.waits.update(lacking)
            return False
        if one.step is not None:
            if not self.may_start(one.step.window, self.now):
                one.waits.add("start window")
                return False
            lacking = [*self._lacking_operators(one.step), *self._lacking_amounts(one.step)]
            if lacking:
                one.waits.update(lacking)
                return False
        for name in one.units:
            one.got[name] = self.free[name].pop(0)
        if one.step is not None:
            self._take(one.step)
        return True

    def _one_by_one(self, one: _Request, behind: set[str]) -> bool:
        for name in one.units:
            if name in one.got:
                continue
            if name in behind or not self.free[name]:
                behind.add(name)
                one.waits.add(name)
                return False
            one.got[name] = self.free[name].pop(0)
        step = one.step
        if step is None:
            return True
        if not self.may_start(step.window, self.now):
            one.waits.add("start window")
            return False
        stages = (
            (step.operators, self._lacking_operators, self._take_operators),
            (step.utilities, self._lacking_utilities, self._take_utilities),
            (step.materials, self._lacking_materials, self._take_materials),
        )
        while one.stage < len(stages):
            draws, lacking, take = stages[one.stage]
            names = {draw.name for draw in draws}
            short = sorted(names & behind) or lacking(step)
            if short:
                behind |= names
                one.waits.update(short)
                return False
            take(step)
            one.stage += 1
        return True

    # --- operators, utilities, materials ---

    def _lacking_operators(self, step: Step) -> list[str]:
        hour, weekday = self._clock(self.now)
        return [
            one.name
            for one in step.operators
            if self.operators[one.name].present(hour, weekday) - self.working[one.name] < one.amount
        ]

    def _lacking_utilities(self, step: Step) -> list[str]:
        return [one.name for one in step.utilities if self.level[one.name] < one.amount * (1 - TINY)]

    def _lacking_materials(self, step: Step) -> list[str]:
        return [one.name for one in step.materials if self.stock[one.name] < one.amount * (1 - TINY)]

    def _lacking_amounts(self, step: Step) -> list[str]:
        return self._lacking_utilities(step) + self._lacking_materials(step)

    def _take(self, step: Step) -> None:
        self._take_operators(step)
        self._take_utilities(step)
        self._take_materials(step)

    def _take_operators(self, step: Step) -> None:
        for one in step.operators:
            self.working[one.name] += int(one.amount)

    def _take_utilities(self, step: Step) -> None:
        for one in step.utilities:
            self.level[one.name] = max(0.0, self.level[one.name] - one.amount)
            self.result.lowest[one.name] = min(self.result.lowest[one.name], self.level[one.name])
            self.result.draws.append((self.now, one.name, one.amount))

    def _take_materials(self, step: Step) -> None:
        for one in step.materials:
            self.stock[one.name] = max(0.0, self.stock[one.name] - one.amount)
            self.result.lowest[one.name] = min(self.result.lowest[one.name], self.stock[one.name])
            self._order(self.stocks[one.name])

    def _order(self, one: Stock) -> None:
        if one.reorder_point is None or one.order is None or one.lead_time is None:
            return
        while self.stock[one.name] + self.coming[one.name] <= one.reorder_point:
            self.coming[one.name] += one.order
            self.result.orders += 1

            def arrive(name: str = one.name, amount: float = one.order) -> None:
                self.stock[name] += amount
                self.coming[name] -= amount

            self.later(self.draws.next(f"order {one.name}", one.lead_time), arrive)

    def _refill(self) -> None:
        passed = self.now - self.measured
        self.measured = self.now
        for name, tank in self.tanks.items():
            self.level[name] = min(tank.size, self.level[name] + tank.refill * passed)

    # --- waking up for what time alone brings: windows, shifts, tanks ---

    def _sleep(self) -> None:
        at = min((self._next(one) for one in self.queue), default=float("inf"))
        if at == float("inf") or (self.now < self.waking <= at):
            return
        self.waking = at
        self.later(at - self.now, self._awake)

    def _awake(self) -> None:
        self.waking = float("inf")

    def _next(self, one: _Request) -> float:
        """The hour at which the request may find something that no event brings."""
        step = one.step
        if step is None or any(not self.free[name] and name not in one.got for name in one.units):
            return float("inf")
        if not self.may_start(step.window, self.now):
            return self._opens(step.window)
        lacking = self._lacking_operators(step) if one.stage == 0 else []
        if lacking and any(self.operators[name].shifts for name in lacking):
            return self._shift_change()
        if lacking:
            return float("inf")
        waits = [
            (draw.amount - self.level[draw.name]) / self.tanks[draw.name].refill
            for draw in (step.utilities if one.stage <= 1 else ())
            if self.level[draw.name] < draw.amount * (1 - TINY) and self.tanks[draw.name].refill > 0
        ]
        return self.now + max(min(waits), TINY) if waits else float("inf")

    def _opens(self, window: Window | None) -> float:
        """The next hour at which a step with this window may start; looked for over two years of days."""
        marks = {0.0, *((window.start,) if window else ())}
        day = self.now // HOURS_PER_DAY
        for ahead in range(730):
            for mark in sorted(marks):
                at = (day + ahead) * HOURS_PER_DAY + mark
                if at > self.now and self.may_start(window, at):
                    return at
            ends = [end for _, end in self.model.closed if end > self.now and end // HOURS_PER_DAY == day + ahead]
            for end in sorted(ends):
                if self.may_start(window, end):
                    return end
        return float("inf")

    def _shift_change(self) -> float:
        hours = {
            edge % HOURS_PER_DAY
            for one in self.operators.values()
            for window, _ in one.shifts
            for edge in (window.start, window.end)
        } | {0.0}
        day = self.now // HOURS_PER_DAY
        return min(
            at for ahead in (0, 1) for hour in hours if (at := (day + ahead) * HOURS_PER_DAY + hour) > self.now + TINY
        )
