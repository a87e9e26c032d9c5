"""Queues with exponential times, whose means exact theory gives, simulated as campaigns without anything else."""

from math import sqrt
from statistics import mean, stdev

from tests.references.result import ReferenceResult

from ttpack.analysis.sampling import Sampler
from ttpack.analysis.simulation.model import CampaignModel, Step, Unit
from ttpack.analysis.simulation.outcome import tasks, work_out

BATCHES, WARM_UP, REPLICATIONS = 2500, 300, 12
ERLANG = "Erlang 1917; Gross, Harris, Fundamentals of Queueing Theory"


def results() -> tuple[ReferenceResult, ...]:
    """Mean waits and sojourns, within three standard errors of the replications."""
    return (
        *_queue("M/M/1, load 0.8", 0.8, ((1.0, 1),), 4.0, 5.0, ERLANG),
        *_queue("M/M/3, load 0.8", 2.4, ((1.0, 3),), 1.078651685, 2.078651685, ERLANG),
        *_queue("two M/M/1 in tandem", 0.7, ((1.0, 1), (0.9, 1)), None, 8.333333333, "Jackson 1957"),
    )


def _queue(  # noqa: PLR0917  the description of a queue
    name: str, rate: float, servers: tuple[tuple[float, int], ...], wait: float | None, sojourn: float, source: str
) -> list[ReferenceResult]:
    steps = tuple(
        Step(f"service {place}", Sampler("exponential", (1 / speed,)), (f"server {place}",))
        for place, (speed, _) in enumerate(servers)
    )
    units = tuple(Unit(f"server {place}", count) for place, (_, count) in enumerate(servers))
    model = CampaignModel(
        "CPN-Q", BATCHES, steps, units, blocking=False, between=Sampler("exponential", (1 / rate,)), warm_up=WARM_UP
    )
    found = [one for task in tasks(model, 20260914, REPLICATIONS) for one in work_out(task)]
    rows = [_row(f"{name}: mean sojourn", source, sojourn, [one.sojourn for one in found])]
    if wait is not None:
        rows.append(_row(f"{name}: mean wait", source, wait, [one.waits_of_steps[0] for one in found]))
    return rows


def _row(name: str, source: str, expected: float, values: list[float]) -> ReferenceResult:
    within = 3 * stdev(values) / sqrt(len(values))
    return ReferenceResult(
        "Queues", name, source, expected, mean(values), within, "closed form", "", f"{within:.2g}, 3 standard errors"
    )
