"""What the replications of one scenario, a campaign or a what-if of it, say together."""

from dataclasses import dataclass
from functools import cached_property

from ttpack.analysis.simulation.estimates import Estimate, Share, estimate, share
from ttpack.analysis.simulation.model import CampaignModel, DemandOfPeriod, Stock, Tank, Wait
from ttpack.analysis.simulation.outcome import Figures, released_by

HOURS_PER_YEAR = 8760.0
"""A year of 365 d."""


@dataclass(frozen=True, slots=True)
class Use:
    """How a resource is used, as shares of the time up to the end of the last step; `busy` without mere waiting."""

    name: str
    kind: str
    count: int | None
    busy: Estimate
    working: float
    cleaning: float
    repair: float
    occupied: float


@dataclass(frozen=True, slots=True)
class WatchedWait:
    """A wait with a limit: the share of batches beyond it, and of replications with any such batch."""

    wait: Wait
    mean_h: float
    longest: Estimate
    beyond: Estimate
    any_beyond: Share


@dataclass(frozen=True, slots=True)
class UtilityUse:
    """The greatest draw within an hour, the lowest level of the tank, and what is drawn in the campaign."""

    tank: Tank
    peak: Estimate
    lowest: Estimate | None
    drawn: Estimate

    @property
    def over(self) -> bool:
        """Whether the greatest draw of an hour is more than the site delivers in one, and no tank evens that out."""
        limit = self.tank.capacity
        return limit is not None and self.tank.size == float("inf") and self.peak.greatest > limit


@dataclass(frozen=True, slots=True)
class MaterialUse:
    """The lowest stock, and how many replications had a step wait for the material."""

    stock: Stock
    lowest: Estimate
    short: Share


@dataclass(frozen=True, slots=True)
class PeriodMet:
    """A period of the forecast: batches wanted and released up to its end, and how often they suffice."""

    period: DemandOfPeriod
    wanted: int
    released: Estimate
    met: Share
    limit: str


@dataclass(frozen=True, slots=True)
class WaitedFor:
    """Hours of waiting for one thing before a step, a batch; `step` is empty for transfers and cleaning."""

    step: str
    what: str
    hours: float


@dataclass(frozen=True)
class Scenario:
    """A model and the figures of its replications; `stuck` says how many did not finish and why the first did not."""

    model: CampaignModel
    figures: tuple[Figures, ...]

    @property
    def finished(self) -> tuple[Figures, ...]:
        """The replications that ended."""
        return tuple(one for one in self.figures if not one.stuck)

    @property
    def stuck(self) -> str:
        """Why replications did not finish; empty where all did."""
        reasons = [one.stuck for one in self.figures if one.stuck]
        return f"{len(reasons)} of {len(self.figures)} replications stop: {reasons[0]}" if reasons else ""

    def values(self, name: str) -> list[float | None]:
        """A figure of every replication, None of those that did not finish."""
        return [None if one.stuck else getattr(one, name) for one in self.figures]

    @cached_property
    def makespan(self) -> Estimate | None:
        """Hours from the start of the campaign to the release of its last batch."""
        return estimate(self.values("makespan"))

    @cached_property
    def cycle_time(self) -> Estimate | None:
        """Hours between the ends of batches, after the warm-up."""
        return estimate(self.values("cycle_time"))

    @cached_property
    def batches_per_year(self) -> Estimate | None:
        """Batches in a year of 365 d at this cycle time, replication by replication."""
        return estimate(self.years)

    @property
    def years(self) -> list[float | None]:
        """Batches in a year, replication by replication."""
        return [HOURS_PER_YEAR / one if one else None for one in self.values("cycle_time")]

    @cached_property
    def sojourn(self) -> Estimate | None:
        """Hours from the release of a batch to the end of its last step."""
        return estimate(self.values("sojourn"))

    @cached_property
    def breakdowns(self) -> Estimate | None:
        """Breakdowns in the campaign."""
        return estimate(self.values("breakdowns"))

    @cached_property
    def violations(self) -> list[float | None]:
        """Waits beyond their limits, in every replication."""
        return [None if one.stuck else float(sum(wait.beyond for wait in one.waits)) for one in self.figures]

    @cached_property
    def uses(self) -> tuple[Use, ...]:
        """Units, operators and utilities, the busiest first."""
        model, done = self.model, self.finished
        if not done:
            return ()
        names = [(one.name, "unit", one.count) for one in model.units]
        names += [(one.name, "operators", one.most) for one in model.operators]
        found = []
        for index, (name, kind, count) in enumerate(names):
            rows = [one.uses[index] for one in done]
            busy = estimate([row.busy for row in rows])
            if busy is not None:
                parts = ("working", "cleaning", "repair", "occupied")
                means = {part: _mean([getattr(row, part) for row in rows]) for part in parts}
                found.append(Use(name, kind, count, busy, **means))
        for index, tank in enumerate(model.tanks):
            if tank.refill > 0:
                shares = [one.drawn[index] / (tank.refill * one.last_end) for one in done if one.last_end > 0]
                busy = estimate(shares)
                if busy is not None:
                    found.append(Use(tank.name, "utility", None, busy, busy.mean, 0.0, 0.0, busy.mean))
        return tuple(sorted(found, key=lambda use: (-use.busy.mean, use.name)))

    @cached_property
    def waits(self) -> tuple[WatchedWait, ...]:
        """The waits watched, in the order of the steps."""
        done = self.finished
        found = []
        for index, wait in enumerate(self.model.waits):
            rows = [one.waits[index] for one in done]
            longest = estimate([row.longest_h for row in rows])
            beyond = estimate([row.beyond / row.count for row in rows])
            any_beyond = share(sum(row.beyond > 0 for row in rows), len(rows))
            if longest is not None and beyond is not None and any_beyond is not None:
                mean = _mean([row.sum_h / row.count for row in rows])
                found.append(WatchedWait(wait, mean, longest, beyond, any_beyond))
        return tuple(found)

    @cached_property
    def waits_of_steps(self) -> tuple[tuple[str, Estimate], ...]:
        """Mean wait before each step, in hours."""
        done = self.finished
        pairs = (
            (step.name, estimate([one.waits_of_steps[i] for one in done])) for i, step in enumerate(self.model.steps)
        )
        return tuple((name, found) for name, found in pairs if found is not None)

    @cached_property
    def waited_for(self) -> tuple[WaitedFor, ...]:
        """What is waited for, the longest first."""
        done = self.finished
        sums: dict[tuple[int, str], float] = {}
        for one in done:
            for step, what, hours in one.waited_for:
                sums[step, what] = sums.get((step, what), 0.0) + hours
        whole = len(done) * self.model.batches
        names = [step.name for step in self.model.steps]
        rows = [
            WaitedFor(names[step] if step >= 0 else "", what, hours / whole) for (step, what), hours in sums.items()
        ]
        return tuple(sorted(rows, key=lambda row: (-row.hours, row.step, row.what)))

    @cached_property
    def utilities(self) -> tuple[UtilityUse, ...]:
        """Each utility with its peak."""
        found = []
        for index, tank in enumerate(self.model.tanks):
            peak = estimate([one.peaks[index] for one in self.finished])
            drawn = estimate([one.drawn[index] for one in self.finished])
            lowest = estimate([dict(one.lowest).get(tank.name) for one in self.finished])
            if peak is not None and drawn is not None:
                found.append(UtilityUse(tank, peak, lowest, drawn))
        return tuple(found)

    @cached_property
    def materials(self) -> tuple[MaterialUse, ...]:
        """Each material with its lowest stock."""
        found = []
        for stock in self.model.stocks:
            lowest = estimate([dict(one.lowest).get(stock.name) for one in self.finished])
            short = share(sum(dict(one.short).get(stock.name, 0) > 0 for one in self.finished), len(self.finished))
            if lowest is not None and short is not None:
                found.append(MaterialUse(stock, lowest, short))
        return tuple(found)

    @cached_property
    def late(self) -> Share | None:
        """In how many replications the last batch is released after the planned end; None where none is planned."""
        end = self.model.planned_end
        return None if end is None else share(sum(one.makespan > end for one in self.finished), len(self.finished))

    @cached_property
    def demand(self) -> tuple[PeriodMet, ...]:
        """The periods of the forecast, wanted and released up to the end of each."""
        found, wanted = [], 0
        for period in self.model.demand:
            wanted += period.batches
            counts = [released_by(one.released, period.end_h) for one in self.finished]
            released = estimate([float(count) for count in counts])
            met = share(sum(count >= wanted for count in counts), len(counts))
            if released is not None and met is not None:
                found.append(PeriodMet(period, wanted, released, met, self._limit(wanted, period, met)))
        return tuple(found)

    def _limit(self, wanted: int, period: DemandOfPeriod, met: Share) -> str:
        """By what the batches of a period are limited, where they do not suffice in every replication."""
        if met.count == met.of:
            return ""
        model = self.model
        if model.batches < wanted:
            return f"only {model.batches} batches are planned"
        if model.takt is not None and (wanted - 1) * model.takt >= period.end_h:
            return "the takt releases them too late"
        least = sum(step.duration.mean + step.wait for step in model.steps)
        least += model.release.mean if model.release else 0.0
        if wanted and least >= period.end_h:
            return "one batch takes longer than that"
        first = self.uses[0] if self.uses else None
        loads = dict(model.loads)
        cycle = loads.get(first.name) if first else None
        if model.takt is not None and (cycle is None or cycle <= model.takt):
            return "the takt and the time of one batch"
        return first.name if first else ""


def _mean(values: list[float]) -> float:
    return sum(values) / len(values)
