"""What one replication says in figures: small enough to be sent from one process to another."""

from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

from ttpack.analysis.simulation.batches import replicate
from ttpack.analysis.simulation.model import CampaignModel
from ttpack.analysis.simulation.plant import Span, Trace

BEYOND: Final = 1e-6
"""Hours by which a wait may exceed its limit through rounding."""
CHUNK: Final = 8
"""Replications in one task; fixed, so that tasks are the same on any number of workers."""


@dataclass(frozen=True, slots=True)
class WaitFigures:
    """Waits of one kind in one replication: how many, how many beyond the limit, the sum and the longest, in hours."""

    count: int
    beyond: int
    sum_h: float
    longest_h: float


@dataclass(frozen=True, slots=True)
class UseFigures:
    """Shares (0 to 1) of the time up to the last step's end in which the items of a resource worked and so on."""

    working: float
    cleaning: float
    repair: float
    occupied: float

    @property
    def busy(self) -> float:
        """Share of the time in which it works, is repaired or cleaned: what a batch costs, waiting in it apart."""
        return self.working + self.cleaning + self.repair


@dataclass(frozen=True, slots=True)
class Figures:
    """One replication in figures; times in hours. `stuck` says why there are none.

    `sojourn` is the mean time from the release of a batch to the end of its last step, without the warm-up; `queued`
    the mean of the waits within it, of which `waits_of_steps` are those before each step.
    """

    stuck: str = ""
    makespan: float = 0.0
    last_end: float = 0.0
    cycle_time: float | None = None
    sojourn: float = 0.0
    waits_of_steps: tuple[float, ...] = ()
    waits: tuple[WaitFigures, ...] = ()
    uses: tuple[UseFigures, ...] = ()
    waited_for: tuple[tuple[int, str, float], ...] = ()
    peaks: tuple[float, ...] = ()
    drawn: tuple[float, ...] = ()
    lowest: tuple[tuple[str, float], ...] = ()
    short: tuple[tuple[str, int], ...] = ()
    breakdowns: int = 0
    released: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplicationTask:
    """Replications to work out together."""

    model: CampaignModel
    seed: int
    first: int
    count: int


def tasks(model: CampaignModel, seed: int, replications: int) -> list[ReplicationTask]:
    """The replications of a study, cut into tasks of fixed size."""
    return [
        ReplicationTask(model, seed, first, min(CHUNK, replications - first)) for first in range(0, replications, CHUNK)
    ]


def work_out(task: ReplicationTask) -> tuple[Figures, ...]:
    """The figures of the replications of a task, in their order."""
    replications = range(task.first, task.first + task.count)
    return tuple(figures(task.model, replicate(task.model, task.seed, one)) for one in replications)


def figures(model: CampaignModel, trace: Trace) -> Figures:
    """A replication in figures."""
    if trace.stuck:
        return Figures(trace.stuck)
    released = tuple(sorted(trace.released.values()))
    ends = sorted(row[-1] for row in trace.ended)
    after = range(model.warm_up, model.batches) or range(model.batches)
    return Figures(
        makespan=released[-1],
        last_end=ends[-1],
        cycle_time=cycle_time(model, ends),
        sojourn=sum(trace.ended[batch][-1] - trace.arrived[batch] for batch in after) / len(after),
        waits_of_steps=tuple(_before(trace, step, after) for step in range(len(model.steps))),
        waits=tuple(_watched(trace, wait.steps, wait.limit) for wait in model.waits),
        uses=_uses(model, trace.spans, ends[-1]),
        waited_for=tuple((step, name, hours) for (step, name), hours in sorted(trace.waited.items())),
        peaks=tuple(_peak(trace, tank.name) for tank in model.tanks),
        drawn=tuple(sum(amount for _, name, amount in trace.drawn if name == tank.name) for tank in model.tanks),
        lowest=tuple(sorted(trace.lowest.items())),
        short=tuple(sorted(trace.short.items())),
        breakdowns=sum(trace.breakdowns.values()),
        released=released,
    )


def cycle_time(model: CampaignModel, ends: list[float]) -> float | None:
    """Mean time between the ends of batches after the warm-up, over whole multiples of the bottleneck's count.

    Parallel units release batches in bunches of as many as there are: any other number of batches would begin or end
    inside a bunch. None where fewer than two whole multiples are left.
    """
    several = model.bunch
    left = len(ends) - 1 - model.warm_up
    whole = left // several * several
    if whole < 1 or model.warm_up + whole >= len(ends):
        return None
    return (ends[model.warm_up + whole] - ends[model.warm_up]) / whole


def _before(trace: Trace, step: int, batches: range) -> float:
    """Mean wait before a step, from its batch's readiness to its start."""
    ready = [row[step - 1] for row in trace.ended] if step else trace.arrived
    return sum(trace.started[batch][step] - ready[batch] for batch in batches) / len(batches)


def _watched(trace: Trace, steps: tuple[int, ...], limit: float | None) -> WaitFigures:
    lengths = [
        sum(started[step + 1] - ended[step] for step in steps)
        for started, ended in zip(trace.started, trace.ended, strict=True)
    ]
    beyond = 0 if limit is None else sum(one > limit + BEYOND for one in lengths)
    return WaitFigures(len(lengths), beyond, sum(lengths), max(lengths))


def _uses(model: CampaignModel, spans: list[Span], until: float) -> tuple[UseFigures, ...]:
    sums = {one.name: dict.fromkeys(("work", "cleaning", "repair", "waits"), 0.0) for one in model.units}
    sums |= {one.name: dict.fromkeys(("work", "cleaning", "repair", "waits"), 0.0) for one in model.operators}
    for name, _, start, end, kind, _, _, amount in spans:
        if start < until:
            sums[name][kind] += (min(end, until) - start) * amount
    found = []
    for name, hours in model.capacity_hours(until):
        own, whole = sums[name], hours or float("inf")
        found.append(
            UseFigures(own["work"] / whole, own["cleaning"] / whole, own["repair"] / whole, sum(own.values()) / whole)
        )
    return tuple(found)


def _peak(trace: Trace, tank: str) -> float:
    """The most that is drawn within any one hour."""
    draws = [(at, amount) for at, name, amount in trace.drawn if name == tank]
    most = within = 0.0
    first = 0
    for at, amount in draws:
        within += amount
        while draws[first][0] <= at - 1:
            within -= draws[first][1]
            first += 1
        most = max(most, within)
    return most


def released_by(released: tuple[float, ...], hour: float) -> int:
    """How many batches are released by an hour."""
    return bisect_right(released, hour)
