"""The simulation of a campaign and of its what-ifs: seeded replications on any executor, reduced in their order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from ttpack.analysis.executor import Executor, SerialExecutor
from ttpack.analysis.simulation.batches import replicate
from ttpack.analysis.simulation.estimates import Estimate, paired
from ttpack.analysis.simulation.model import CampaignModel
from ttpack.analysis.simulation.outcome import Figures, tasks, work_out
from ttpack.analysis.simulation.plant import Span
from ttpack.analysis.simulation.reading import Reading, read_campaign
from ttpack.analysis.simulation.scenario import Scenario
from ttpack.analysis.simulation.what_if import changed
from ttpack.model.campaign import Campaign, WhatIf
from ttpack.model.package import Package

DEFAULT_SEED: Final = 1
DEFAULT_REPLICATIONS: Final = 100
MOST_REPLICATIONS: Final = 10_000
MOST_WORK: Final = 20_000_000
"""Batches times steps times replications, over all scenarios of a study."""
MOST_WHAT_IFS: Final = 50
BATCHES_AT_CAPACITY: Final = 30
SPANS_SHOWN: Final = 3000


@dataclass(frozen=True)
class Compared:
    """A what-if beside the campaign as it is: paired differences, what-if minus base; `scenario` None: impossible.

    `batches_per_year` is the difference where nothing but the plant paces either.
    """

    name: str
    title: str
    impossible: tuple[str, ...]
    scenario: Scenario | None
    makespan: Estimate | None = None
    cycle_time: Estimate | None = None
    batches_per_year: Estimate | None = None
    violations: Estimate | None = None


@dataclass(frozen=True)
class CampaignStudy:
    """A campaign simulated. `base` is None where `impossible` says why.

    `at_capacity` has all batches released at the start, and at least 30 of them: how fast the plant is when nothing
    paces it. It is `base` where that is so already, and None where it does not end. `spans` are those of the first
    replication.
    """

    campaign: str
    seed: int
    replications: int
    base: Scenario | None
    at_capacity: Scenario | None
    what_ifs: tuple[Compared, ...]
    impossible: tuple[str, ...]
    gaps: tuple[str, ...]
    inputs: tuple[str, ...]
    spans: tuple[Span, ...] = ()


def simulate(  # noqa: PLR0913  each is an option of the command
    package: Package,
    campaign: Campaign,
    *,
    replications: int | None = None,
    seed: int | None = None,
    what_ifs: Sequence[WhatIf] | None = None,
    executor: Executor | None = None,
    advance: Callable[[int], None] | None = None,
) -> CampaignStudy:
    """Simulate a campaign and its what-ifs (all that it states, unless told which).

    Without numbers given, those of the campaign count, else 100 replications and seed 1. Replications are cut to what
    20 million steps allow, which a gap says. `advance` is called with the number of replications just done.
    """
    seed = _seed(seed if seed is not None else campaign.seed)
    reading = read_campaign(package, campaign)
    wanted = list(campaign.what_ifs if what_ifs is None else what_ifs)[:MOST_WHAT_IFS]
    readings = [(one, *_what_if(package, campaign, one)) for one in wanted]
    asked = min(replications or campaign.replications or DEFAULT_REPLICATIONS, MOST_REPLICATIONS)
    models = [reading.model, *(found.model for _, found, _ in readings)]
    models += [_at_capacity(model) for model in models if model is not None]
    count = _affordable(models, asked)
    gaps = [*reading.gaps, *_gaps_of_what_ifs(reading, readings)]
    if count < asked:
        gaps.append(f"of {asked:,} replications {count:,} are worked out, as more than {MOST_WORK:,} steps would be")
    run = _Runner(executor or SerialExecutor(), seed, count, advance)
    base, capacity = _both(run, reading.model)
    compared = tuple(_compared(run, (base, capacity), one, found) for one, found, _ in readings)
    inputs = set(reading.inputs).union(*(found.inputs for _, found, _ in readings))
    study = CampaignStudy(
        campaign.id, seed, count, base, capacity, compared, reading.impossible, tuple(gaps), tuple(sorted(inputs))
    )
    if reading.model is None:
        return study
    spans = replicate(reading.model, seed, 0).spans
    return replace(study, spans=tuple(sorted(spans, key=_place)[:SPANS_SHOWN]))


def _both(run: "_Runner", model: CampaignModel | None) -> tuple[Scenario | None, Scenario | None]:
    """A model as it is, and at capacity; None of what cannot run."""
    if model is None:
        return None, None
    base, fast = run(model), _at_capacity(model)
    capacity = base if fast is model else run(fast)
    return base, capacity if capacity.finished else None


def replications_to_do(campaign: Campaign, asked: int | None, what_ifs: int) -> int:
    """How many replications a study works out at most, for a progress bar: each scenario as it is and at capacity."""
    return min(asked or campaign.replications or DEFAULT_REPLICATIONS, MOST_REPLICATIONS) * 2 * (1 + what_ifs)


class _Runner:
    """Works out scenarios on one executor."""

    def __init__(self, executor: Executor, seed: int, count: int, advance: Callable[[int], None] | None) -> None:
        self.executor = executor
        self.seed = seed
        self.count = count
        self.advance = advance

    def __call__(self, model: CampaignModel) -> Scenario:
        if isinstance(self.executor, SerialExecutor) and self.advance is None:
            return _kept(model, self.seed, self.count)
        found: list[Figures] = []
        answers: Iterable[tuple[Figures, ...]] = self.executor.map(work_out, tasks(model, self.seed, self.count))
        for one in answers:
            found += one
            if self.advance is not None:
                self.advance(len(one))
        return Scenario(model, tuple(found))


@lru_cache(maxsize=32)
def _kept(model: CampaignModel, seed: int, count: int) -> Scenario:
    """A scenario worked out here and remembered: pages, documents and editions ask for the same one."""
    return Scenario(model, tuple(one for task in tasks(model, seed, count) for one in work_out(task)))


def _seed(given: int | None) -> int:
    """A seed that numpy takes and people can read: none below zero, none of more than 63 bits."""
    return DEFAULT_SEED if given is None else abs(given) % 2**63


def _affordable(models: Sequence[CampaignModel | None], asked: int) -> int:
    steps = sum(model.steps_to_do for model in models if model is not None)
    return max(1, min(asked, MOST_WORK // max(steps, 1)))


def _what_if(package: Package, campaign: Campaign, what_if: WhatIf) -> tuple[Reading, tuple[str, ...]]:
    made, gaps = changed(campaign, what_if)
    return read_campaign(package, made), gaps


def _gaps_of_what_ifs(base: Reading, readings: Sequence[tuple[WhatIf, Reading, tuple[str, ...]]]) -> list[str]:
    """What a what-if adds to the gaps of the campaign."""
    found: list[str] = []
    for one, reading, own in readings:
        found += own
        found += [f"{one.name}: {words}" for words in reading.gaps if words not in base.gaps]
    return found


def _compared(run: _Runner, before: tuple[Scenario | None, Scenario | None], one: WhatIf, reading: Reading) -> Compared:
    title = one.title or one.name
    if reading.model is None:
        return Compared(one.name, title, reading.impossible, None)
    (base, slow), (found, fast) = before, _both(run, reading.model)
    if base is None or found is None:
        return Compared(one.name, title, (), found)
    nothing: list[float | None] = [None] * len(found.figures)
    year = [nothing if side is None else side.years for side in (fast, slow)]
    return Compared(
        one.name,
        title,
        (),
        found,
        paired(found.values("makespan"), base.values("makespan")),
        paired(found.values("cycle_time"), base.values("cycle_time")),
        paired(*year),
        paired(found.violations, base.violations),
    )


def _at_capacity(model: CampaignModel) -> CampaignModel:
    """All batches at the start, and enough of them for a steady time between their ends; itself where that is so."""
    if model.takt is None and model.between is None and model.batches >= BATCHES_AT_CAPACITY:
        return model
    batches = model.batches if model.stocks else max(model.batches, BATCHES_AT_CAPACITY)
    most = max((unit.count for unit in model.units), default=1)
    warm_up = min(max(2 * most, model.warm_up), batches // 2)
    return replace(model, batches=batches, takt=None, between=None, warm_up=warm_up, demand=(), planned_end=None)


def _place(span: Span) -> tuple[float, str, int]:
    return span.start, span.resource, span.item
