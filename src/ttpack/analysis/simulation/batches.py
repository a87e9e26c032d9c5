"""A batch on its way through the plant, and a whole replication."""

from collections.abc import Generator
from typing import Any

from ttpack.analysis.simulation.draws import Draws
from ttpack.analysis.simulation.engine import LONGEST_RUN, Plant, Replication, StepRecord
from ttpack.analysis.simulation.model import CampaignModel, Step


def replicate(model: CampaignModel, seed: int, replication: int) -> Replication:
    """One replication. It stops where batches wait for each other for ever, and says so in `stuck`."""
    plant = Plant(model, Draws(seed, replication))
    at = 0.0
    for batch in range(model.batches):
        if model.takt is not None:
            at = batch * model.takt
        elif model.between is not None:
            at += plant.draws.at("start of a batch", batch, model.between)
        plant.environment.process(_batch(plant, batch, at))
    plant.environment.run(until=LONGEST_RUN)
    left = [batch for batch in range(model.batches) if batch not in plant.result.released]
    if left:
        plant.result.stuck = _why_stuck(plant, left)
    return plant.result


def _batch(plant: Plant, batch: int, at: float) -> Generator[Any]:
    yield plant.environment.timeout(at)
    model = plant.model
    kept: tuple[str, int, Step | None, StepRecord | None] | None = None
    for number, step in enumerate(model.steps):
        ready = plant.now
        request = plant.request(batch, step, step.units)
        yield request.event
        record = StepRecord(batch, number, ready, plant.now, 0.0, (), waits=tuple(sorted(request.waits)))
        record.items = tuple(request.got[name] for name in step.units)
        plant.result.steps.append(record)
        if kept is not None:
            _leave(plant, *kept)
            kept = None
        duration = plant.draws.at(f"duration {step.name}", batch, step.duration)
        record.repair = sum(_repairs(plant, name, request.got[name], duration) for name in step.units)
        _work(plant, step, duration + record.repair)
        yield plant.environment.timeout(duration + record.repair)
        record.end = plant.now
        for name in step.units:
            plant.result.busy[name] += duration + record.repair
        for name in step.units[1:]:
            _leave(plant, name, request.got[name], step, None)
        last = number == len(model.steps) - 1
        if step.units:
            kept = (step.units[0], request.got[step.units[0]], step, record)
        if kept is not None and step.vessel and not last:
            vessel = plant.request(batch, None, (step.vessel,))
            yield vessel.event
            _leave(plant, *kept)
            kept = (step.vessel, vessel.got[step.vessel], None, None)
        elif kept is not None and (last or not model.blocking):
            _leave(plant, *kept)
            kept = None
    plant.result.ended[batch] = plant.now
    if model.release is not None:
        yield plant.environment.timeout(plant.draws.at("release", batch, model.release))
    plant.result.released[batch] = plant.now


def _work(plant: Plant, step: Step, duration: float) -> None:
    """Operators work from the start of a step for their time, at most as long as it lasts."""
    for one in step.operators:
        hours = duration if one.hours is None else min(one.hours, duration)
        plant.result.busy[one.name] += hours * one.amount

        def go(name: str = one.name, count: int = int(one.amount)) -> None:
            plant.working[name] -= count

        plant.later(hours, go)


def _repairs(plant: Plant, name: str, item: int, duration: float) -> float:
    """Hours of repair that interrupt so many hours of work on an item: failures come after hours of use."""
    unit = plant.units[name]
    if unit.between is None or unit.repair is None:
        return 0.0
    part, found = f"{name} {item}", 0.0
    left = plant.to_failure.get((name, item))
    if left is None:
        left = plant.draws.next(f"breakdown {part}", unit.between)
    for _ in range(10_000):
        if left > duration:
            break
        duration -= left
        found += plant.draws.next(f"repair {part}", unit.repair)
        left = plant.draws.next(f"breakdown {part}", unit.between)
    plant.to_failure[name, item] = left - duration
    return found


def _leave(plant: Plant, name: str, item: int, step: Step | None, record: StepRecord | None) -> None:
    """A batch leaves a unit, which is cleaned and turned around, and free then."""
    if record is not None:
        record.left = plant.now
    if step is None or not (step.cleaning or step.turnaround):
        _free(plant, name, item)
        return
    plant.environment.process(_turnaround(plant, name, item, step))


def _turnaround(plant: Plant, name: str, item: int, step: Step) -> Generator[Any]:
    for resource, duration in step.cleaning if name == step.units[0] else ():
        request = plant.request(-1, None, (resource,))
        yield request.event
        hours = plant.draws.next(f"cleaning {step.name} {resource}", duration)
        yield plant.environment.timeout(hours)
        plant.result.busy[resource] += hours
        plant.result.busy[name] += hours
        _free(plant, resource, request.got[resource])
    yield plant.environment.timeout(step.turnaround)
    plant.result.busy[name] += step.turnaround
    _free(plant, name, item)


def _free(plant: Plant, name: str, item: int) -> None:
    plant.free[name].append(item)
    plant.free[name].sort()
    plant.serve()


def _why_stuck(plant: Plant, left: list[int]) -> str:
    """What the first batches that did not finish wait for."""
    waiting = [one for one in plant.queue if one.batch in left][:3]
    said = [
        f"batch {one.batch + 1} waits for {', '.join(sorted(one.waits)) or 'its turn'}"
        f"{f' to start {one.step.name}' if one.step else ''}"
        for one in waiting
    ]
    return f"{len(left)} of {plant.model.batches} batches never finish: {'; '.join(said) or 'they were never released'}"
