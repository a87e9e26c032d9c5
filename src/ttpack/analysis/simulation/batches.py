"""A batch on its way through the plant, and a whole replication (on simpy's clock)."""

from collections.abc import Generator
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from ttpack.analysis.simulation.draws import Draws
from ttpack.analysis.simulation.model import CampaignModel, Step
from ttpack.analysis.simulation.plant import Plant, Span, Trace
from ttpack.analysis.simulation.queues import NO_STEP, Queue, Request, queue_of

if TYPE_CHECKING:
    import simpy

LONGEST_RUN: Final = 10_000_000.0
"""Hours after which a replication is given up."""
MOST_BREAKDOWNS: Final = 100_000
"""Breakdowns in a replication after which it is given up."""
NO_BATCH: Final = -1


def replicate(model: CampaignModel, seed: int, replication: int) -> Trace:
    """One replication. It stops where batches wait for each other for ever, and says so in `stuck`."""
    return _Run(model, seed, replication).trace()


class _Run:
    """One replication: its plant, its queue, and the durations of all steps of all batches."""

    def __init__(self, model: CampaignModel, seed: int, replication: int) -> None:
        self.model = model
        self.plant = Plant(model, Draws(seed, replication))
        self.queue: Queue = queue_of(self.plant)
        self.asked = 0
        self.broken = 0
        draws, count = self.plant.draws, model.batches
        self.durations = [draws.all(f"duration {step.name}", count, step.duration) for step in model.steps]
        self.releases = draws.all("release", count, model.release) if model.release else None

    def trace(self) -> Trace:
        """Run it to its end."""
        model, plant, at = self.model, self.plant, 0.0
        between = plant.draws.all("start of a batch", model.batches, model.between) if model.between else None
        for batch in range(model.batches):
            if between is not None:
                at += between[batch]
            elif model.takt is not None:
                at = batch * model.takt
            plant.trace.arrived[batch] = at
            plant.clock.process(self._batch(batch, at))
        plant.clock.run(until=LONGEST_RUN)
        left = model.batches - len(plant.trace.released)
        if left:
            plant.trace.stuck = self._why(left)
        return plant.trace

    def _batch(self, batch: int, at: float) -> Generator[Any]:
        """Steps one after the other. `kept` is where the batch is: a unit with the step it ran, or a hold vessel."""
        plant, model = self.plant, self.model
        clock, trace = plant.clock, plant.trace
        kept: tuple[str, int, int, float] | None = None
        yield clock.timeout(at)
        for number, step in enumerate(model.steps):
            request = self._ask(batch, number, step, step.units)
            yield request.granted
            trace.started[batch][number] = plant.now
            if kept is not None:
                self._leave(batch, *kept)
                kept = None
            hours = self._work(batch, number, step, request.items)
            yield clock.timeout(hours)
            trace.ended[batch][number] = plant.now
            for name, item in zip(step.units[1:], request.items[1:], strict=True):
                self._turn(name, item, number, cleaned=False)
            last = number == len(model.steps) - 1
            if step.units:
                kept = (step.units[0], request.items[0], number, plant.now)
            if step.vessel and not last:
                vessel = self._ask(batch, NO_STEP, None, (step.vessel,))
                yield vessel.granted
                if kept is not None:
                    self._leave(batch, *kept)
                kept = (step.vessel, vessel.items[0], NO_STEP, plant.now)
            elif kept is not None and (last or not model.blocking):
                self._leave(batch, *kept)
                kept = None
            if step.wait and not last:
                left = trace.ended[batch][number] + step.wait - plant.now
                yield clock.timeout(max(left, 0.0))
        if self.releases is not None:
            yield clock.timeout(self.releases[batch])
        trace.released[batch] = plant.now

    def _ask(self, batch: int, number: int, step: Step | None, units: tuple[str, ...]) -> Request:
        granted: simpy.Event = self.plant.clock.event()
        self.asked += 1
        request = Request(batch, number, step, units, granted, self.plant.now, self.asked)
        self.queue.add(request)
        return request

    def _work(self, batch: int, number: int, step: Step, items: list[int]) -> float:
        """Hours of a step that starts now, repairs included; operators work at most as long as it lasts."""
        plant, now = self.plant, self.plant.now
        planned = self.durations[number][batch]
        repairs = [self._repairs(name, item, planned) for name, item in zip(step.units, items, strict=True)]
        hours, ready = planned + sum(repairs), now + planned
        for name, item, repair in zip(step.units, items, repairs, strict=True):
            plant.trace.spans.append(Span(name, item, now, ready, "work", batch, number))
            if repair:
                plant.trace.spans.append(Span(name, item, ready, ready + repair, "repair", batch, number))
            if planned + repair < hours:  # another unit of the step is repaired
                plant.trace.spans.append(Span(name, item, ready + repair, now + hours, "waits", batch, number))
        for draw in step.operators:
            working = hours if draw.hours is None else min(draw.hours, hours)
            plant.trace.spans.append(Span(draw.name, -1, now, now + working, "work", batch, number, int(draw.amount)))
            plant.later(working, partial(plant.rest, draw))
        return hours

    def _repairs(self, name: str, item: int, working: float) -> float:
        """Hours of repair that interrupt so many hours of work on an item: failures come after hours in use."""
        plant, unit = self.plant, self.plant.units[name]
        if unit.between is None or unit.repair is None:
            return 0.0
        part, found = f"{name} {item}", 0.0
        left = plant.to_failure.get((name, item))
        if left is None:
            left = plant.draws.next(f"breakdown {part}", unit.between)
        while left <= working and self.broken < MOST_BREAKDOWNS:
            self.broken += 1
            plant.trace.breakdowns[name] = plant.trace.breakdowns.get(name, 0) + 1
            working -= left
            found += plant.draws.next(f"repair {part}", unit.repair)
            left = plant.draws.next(f"breakdown {part}", unit.between)
        plant.to_failure[name, item] = left - working
        return found

    def _leave(self, batch: int, name: str, item: int, number: int, since: float) -> None:
        """A batch leaves the unit or vessel in which it was."""
        now = self.plant.now
        if now > since:
            self.plant.trace.spans.append(Span(name, item, since, now, "waits", batch, number))
        self._turn(name, item, number, cleaned=True)

    def _turn(self, name: str, item: int, number: int, *, cleaned: bool) -> None:
        """A unit is cleaned and turned around after a step, and free then; a hold vessel is free at once."""
        plant = self.plant
        step = self.model.steps[number] if number != NO_STEP else None
        if step is not None and cleaned and step.cleaning:
            plant.clock.process(self._clean(name, item, step, number))
        elif step is not None and step.turnaround:
            now = plant.now
            plant.trace.spans.append(Span(name, item, now, now + step.turnaround, "cleaning", NO_BATCH, number))
            plant.later(step.turnaround, partial(plant.leave, name, item))
        else:
            plant.leave(name, item)

    def _clean(self, name: str, item: int, step: Step, number: int) -> Generator[Any]:
        """Cleaning by shared resources one after the other, then the turnaround."""
        plant = self.plant
        for resource, duration in step.cleaning:
            request = self._ask(NO_BATCH, NO_STEP, None, (resource,))
            yield request.granted
            now, hours = plant.now, plant.draws.next(f"cleaning {step.name} {resource}", duration)
            plant.trace.spans.append(Span(resource, request.items[0], now, now + hours, "cleaning", NO_BATCH, number))
            plant.trace.spans.append(Span(name, item, now, now + hours, "cleaning", NO_BATCH, number))
            yield plant.clock.timeout(hours)
            plant.leave(resource, request.items[0])
        self._turn(name, item, number, cleaned=False)

    def _why(self, left: int) -> str:
        """What the first batches that did not finish wait for."""
        if self.broken >= MOST_BREAKDOWNS:
            return f"units break down more than {MOST_BREAKDOWNS:,} times"
        waiting = [one for one in self.queue.waiting() if one[0].batch >= 0][:3]
        said = "; ".join(
            f"batch {one.batch + 1} waits for {lacks or 'its turn'}"
            + (f" to start {one.step.name}" if one.step else "")
            for one, lacks in waiting
        )
        of = f"{left} of {self.model.batches} batches"
        return f"{of} never finish: {said}" if said else f"{of} do not finish within {LONGEST_RUN:,.0f} h"
