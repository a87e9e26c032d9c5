"""Who is served when things are free: the rule of acquisition, which is part of the model.

All at once: a step starts when everything it needs is there at one moment, and holds nothing while it waits. Requests
are looked at in the order of their times; one that can start may overtake one that cannot.

One by one: units, operators, utilities and materials are seized in this order, each first come, first served by the
time of asking for it, and held while the step waits for the next. The window is waited for once the units are there,
before operators are seized: a step that then waits for operators, water or materials may start after the window closes.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from ttpack.analysis.simulation.model import Draw, Step, Window
from ttpack.analysis.simulation.plant import NEVER, START_WINDOW, Plant

if TYPE_CHECKING:
    import simpy

NO_STEP: Final = -1


@dataclass(slots=True)
class Request:
    """What a step of a batch, a transfer into a vessel, or a cleaning waits for; `items` are the units it got."""

    batch: int
    number: int
    step: Step | None
    units: tuple[str, ...]
    granted: "simpy.Event"
    asked: float
    order: int
    items: list[int] = field(default_factory=list)
    needs: tuple["_Need", ...] = ()
    stage: int = 0


class Queue(Protocol):
    """Takes requests, and serves them as things are free."""

    def add(self, request: Request) -> None:
        """A request comes in; it is served when the plant next looks."""
        ...

    def waiting(self) -> list[tuple[Request, str]]:
        """The requests that wait, in the order of their times, and what each waits for."""
        ...


def queue_of(plant: Plant) -> Queue:
    """The queue by the rule of the plant's model."""
    return AllAtOnce(plant) if plant.model.rule == "all_at_once" else OneByOne(plant)


# --- all at once ---


@dataclass(slots=True)
class _Line:
    """Requests with the same needs, in the order of their times: where the first cannot start, no other can."""

    number: int
    step: Step | None
    units: tuple[str, ...]
    requests: deque[Request] = field(default_factory=deque)
    lacks: str | None = None
    timed: bool = False
    since: float = 0.0


class AllAtOnce:
    """Everything at one moment, nothing held while waiting."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.lines: dict[tuple[int, tuple[str, ...]], _Line] = {}
        plant.serve = self.serve

    def add(self, request: Request) -> None:
        """A request joins the line of those that need the same."""
        key = (request.number, request.units)
        line = self.lines.get(key)
        if line is None:
            line = self.lines[key] = _Line(request.number, request.step, request.units)
        self._account(line)
        line.requests.append(request)
        self.plant.changed()

    def serve(self) -> None:
        """Start all that can start, in the order of their times."""
        open_lines = [line for line in self.lines.values() if line.requests]
        while open_lines:
            line = min(open_lines, key=lambda one: one.requests[0].order)
            lacks = self._lacks(line)
            self._account(line)
            line.lacks = lacks
            if lacks is not None:
                open_lines.remove(line)
                continue
            request = line.requests.popleft()
            request.items = [self.plant.seize(name) for name in line.units]
            if line.step is not None:
                self._take(line.step)
            request.granted.succeed()
            if not line.requests:
                open_lines.remove(line)
        timed = (self._wakes(line) for line in self.lines.values() if line.requests and line.timed)
        at = min(timed, default=NEVER)
        self.plant.wake(at)

    def waiting(self) -> list[tuple[Request, str]]:
        """The requests that wait, in the order of their times, and what each waits for."""
        found = [(request, line.lacks or "") for line in self.lines.values() for request in line.requests]
        return sorted(found, key=lambda one: one[0].order)

    def _account(self, line: _Line) -> None:
        now = self.plant.now
        if line.lacks is not None and line.requests and now > line.since:
            key = (line.number, line.lacks)
            waited = self.plant.trace.waited
            waited[key] = waited.get(key, 0.0) + (now - line.since) * len(line.requests)
        line.since = now

    def _lacks(self, line: _Line) -> str | None:
        """The first thing that the line lacks; None for nothing."""
        plant, step = self.plant, line.step
        line.timed = False
        for name in line.units:
            if not plant.free[name]:
                return name
        line.timed = step is not None
        if step is None:
            return None
        if shut := plant.shut(step.window):
            return shut
        for draw in step.operators:
            if plant.lacks_operators(draw):
                return draw.name
        for draw in step.utilities:
            if plant.lacks_utility(draw):
                return draw.name
        for draw in step.materials:
            if plant.lacks_material(draw):
                plant.trace.short[draw.name] = plant.trace.short.get(draw.name, 0) + (line.lacks != draw.name)
                return draw.name
        return None

    def _take(self, step: Step) -> None:
        for draw in step.operators:
            self.plant.take_operators(draw)
        for draw in step.utilities:
            self.plant.take_utility(draw)
        for draw in step.materials:
            self.plant.take_material(draw)

    def _wakes(self, line: _Line) -> float:
        """The hour at which time alone may bring what the line lacks."""
        plant, step = self.plant, line.step
        if step is None:
            return NEVER
        if plant.shut(step.window):
            return plant.opens(step.window)
        lacking = tuple(draw.name for draw in step.operators if plant.lacks_operators(draw))
        if lacking:
            return plant.shift_changes(lacking)
        return max((plant.filled(draw) for draw in step.utilities if plant.lacks_utility(draw)), default=NEVER)


# --- one by one ---


class _Need(NamedTuple):
    """One thing a request seizes: what its line is called, whether it is lacking, and how it is taken."""

    name: str
    lacks: Callable[[], bool]
    take: Callable[[Request], None]
    wakes: Callable[[], float]
    kind: str


class OneByOne:
    """One thing after the other, each held while waiting for the next."""

    def __init__(self, plant: Plant) -> None:
        self.plant = plant
        self.lines: dict[tuple[str, str], deque[tuple[Request, float]]] = {}
        self._needs: dict[tuple[int, tuple[str, ...]], tuple[_Need, ...]] = {}
        plant.serve = self.serve

    def add(self, request: Request) -> None:
        """A request joins the line of the first thing it needs."""
        key = (request.number, request.units)
        if key not in self._needs:
            self._needs[key] = self._of(request)
        request.needs = self._needs[key]
        self._join(request)
        self.plant.changed()

    def serve(self) -> None:
        """Give what is there to the first of each line, and let it go on to its next need."""
        again = True
        while again:
            again = False
            for line in list(self.lines.values()):
                while line and not (need := line[0][0].needs[line[0][0].stage]).lacks():
                    request, since = line.popleft()
                    self._waited(request, need, since)
                    need.take(request)
                    request.stage += 1
                    again = True
                    if request.stage < len(request.needs):
                        self._join(request)
                    else:
                        request.granted.succeed()
        heads = (line[0][0] for line in self.lines.values() if line)
        self.plant.wake(min((one.needs[one.stage].wakes() for one in heads), default=NEVER))

    def waiting(self) -> list[tuple[Request, str]]:
        """The requests that wait, in the order of their times, and what each waits for."""
        found = [(one, one.needs[one.stage].name) for line in self.lines.values() for one, _ in line]
        return sorted(found, key=lambda one: one[0].order)

    def _join(self, request: Request) -> None:
        need = request.needs[request.stage]
        line = self.lines.setdefault((need.kind, need.name), deque())
        if need.kind == "material" and (line or need.lacks()):
            self.plant.trace.short[need.name] = self.plant.trace.short.get(need.name, 0) + 1
        line.append((request, self.plant.now))

    def _waited(self, request: Request, need: _Need, since: float) -> None:
        hours = self.plant.now - since
        if hours > 0:
            key, waited = (request.number, need.name), self.plant.trace.waited
            waited[key] = waited.get(key, 0.0) + hours

    def _of(self, request: Request) -> tuple[_Need, ...]:
        plant, step = self.plant, request.step
        units = tuple(self._unit(name) for name in request.units)
        if step is None:
            return units
        start = self._start(step.window)
        operators = (
            _Need(draw.name, partial(plant.lacks_operators, draw), _take(plant.take_operators, draw),
                  partial(plant.shift_changes, (draw.name,)), "operators")
            for draw in step.operators
        )  # fmt: skip
        utilities = (
            _Need(draw.name, partial(plant.lacks_utility, draw), _take(plant.take_utility, draw),
                  partial(plant.filled, draw), "utility")
            for draw in step.utilities
        )  # fmt: skip
        materials = (
            _Need(draw.name, partial(plant.lacks_material, draw), _take(plant.take_material, draw), _never, "material")
            for draw in step.materials
        )
        return (*units, start, *operators, *utilities, *materials)

    def _unit(self, name: str) -> _Need:
        plant = self.plant
        return _Need(
            name,
            lambda: not plant.free[name],
            lambda request: request.items.append(plant.seize(name)),
            _never,
            "unit",
        )

    def _start(self, window: Window | None) -> _Need:
        plant = self.plant
        return _Need(
            START_WINDOW,
            lambda: bool(plant.shut(window)),
            lambda _: None,
            lambda: plant.opens(window),
            f"start {window}",
        )


def _take(take: Callable[[Draw], None], draw: Draw) -> Callable[[Request], None]:
    return lambda _: take(draw)


def _never() -> float:
    return NEVER
