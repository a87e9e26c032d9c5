"""Demand against capacity, investments by their decision dates, and what limits each campaign."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Final

from ttpack.analysis.campaign_capacity import CampaignCapacity, batch_time, campaign_capacity
from ttpack.analysis.campaign_holds import HoldWait, hold_waits
from ttpack.analysis.demand import Capacities, PeriodCapacity
from ttpack.analysis.durations import days_text, in_days
from ttpack.analysis.investments import DecisionBy, decided, decision_by
from ttpack.model.campaign import Campaign, Simulation
from ttpack.model.package import Package
from ttpack.model.regulatory import DemandForecast, Investment
from ttpack.model.units import decimal_text
from ttpack.views.blocks import (
    Block,
    Break,
    Card,
    Cards,
    Chip,
    Column,
    Inline,
    Inlines,
    Link,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
    Tone,
)
from ttpack.views.words import counted, inlines_of_date, reference

CAP: Final = 300
"""Rows of a table; the registers have every record."""
FILTER_FROM: Final = 10
SOON_DAYS: Final = 90
DIGITS: Final = 4
NOT_STATED: Final[Inlines] = (Text("not stated"),)
Period = tuple[DemandForecast, PeriodCapacity]


def plans_page(package: Package, as_of: date) -> Page | None:
    """What is forecast, what can be made, and what has to be decided by when; None where nothing is planned."""
    capacities = Capacities(package)
    periods = [(one, each) for one in package.in_force(DemandForecast) for each in capacities.of(one)]
    investments = [(one, decision_by(package, one)) for one in package.in_force(Investment)]
    investments.sort(key=lambda each: (decided(each[0], as_of), each[1].counts or date.max, each[0].id))
    campaigns = [(one, campaign_capacity(package, one)) for one in package.in_force(Campaign)]
    if not periods and not investments and not campaigns:
        return None
    blocks: list[Block] = [_cards(package, periods, investments, campaigns, as_of)]
    blocks += _demand(package, periods)
    blocks += _investments(package, investments, as_of)
    blocks += _campaigns(package, campaigns)
    summary = "Whether the site can make what is asked for, what limits it, and what has to be decided by when."
    return Page("plans", "Demand, capacity and investments", tuple(blocks), "Governance", summary)


def _cards(
    package: Package,
    periods: Sequence[Period],
    investments: Sequence[tuple[Investment, DecisionBy]],
    campaigns: Sequence[tuple[Campaign, CampaignCapacity]],
    as_of: date,
) -> Cards:
    cards = []
    if periods:
        short = [found for _, found in periods if found.shortfall]
        unknown = sum(found.capacity is None for _, found in periods)
        batches = counted(sum(found.shortfall for found in short), "batch").replace("batchs", "batches")
        text = f"{batches} too few" if short else "demand is within capacity"
        text += f"; {unknown} not known" if unknown else ""
        tone: Tone = "bad" if short else "warning" if unknown else "good"
        cards.append(Card("Periods short of capacity", f"{len(short)} of {len(periods)}", text, tone=tone))
    waiting = [(one, by) for one, by in investments if not decided(one, as_of)]
    if investments:
        cards.append(_next_decision(waiting, as_of))
    for campaign, capacity in campaigns[:3]:
        cards.append(_cycle_card(package, campaign, capacity))
    return Cards(tuple(cards))


def _next_decision(waiting: Sequence[tuple[Investment, DecisionBy]], as_of: date) -> Card:
    dated = [(by.counts, one) for one, by in waiting if by.counts]
    if not dated:
        text = f"{len(waiting)} without a date" if waiting else "every investment is decided"
        return Card("Next investment to decide", "none dated" if waiting else "none", text)
    day, first = min(dated, key=lambda each: (each[0], each[1].id))
    left, tone = _left(day, as_of)
    return Card("Next investment to decide", left, f"{first.item or first.name}, by {day}", first.id, tone)


def _cycle_card(package: Package, campaign: Campaign, capacity: CampaignCapacity) -> Card:
    title = f"Cycle time, {package.label(campaign.site or campaign.id)}"
    takt = f"takt {days_text(capacity.takt)}" if capacity.takt else "no takt stated"
    cycle, first = capacity.cycle_time, capacity.bottleneck
    if cycle is None or first is None:
        return Card(title, "not known", f"{takt}; {capacity.missing[0]}"[:160], campaign.id, "warning")
    tone: Tone = "bad" if capacity.too_slow else "good" if capacity.takt else "warning"
    return Card(title, days_text(cycle), f"{takt}; bottleneck {first.name}", campaign.id, tone)


def _left(day: date, as_of: date) -> tuple[str, Tone]:
    days = (day - as_of).days
    if days < 0:
        return f"{counted(-days, 'day')} overdue", "bad"
    return f"{counted(days, 'day')} left", "warning" if days <= SOON_DAYS else "neutral"


def _demand(package: Package, periods: Sequence[Period]) -> list[Block]:
    if not periods:
        return []
    heads = ("Period", "Answer", "Batches asked", "Batches possible", "By")
    columns = tuple(Column(head, "right" if head.startswith("Batches") else "left") for head in heads)
    rows: list[Row] = []
    last = None
    for forecast, found in periods[:CAP]:
        if forecast is not last:
            where: Inlines = (Text(" at "), reference(package, forecast.site)) if forecast.site else ()
            rows.append(Row(((Link(forecast.id, forecast.name, forecast.id), *where),), group=True))
            last = forecast
        cells = (
            (Link(forecast.id, f"{found.period.start} to {found.period.end}", forecast.id),),
            _answer(found),
            (Text(str(found.period.batches)),),
            (Text(decimal_text(found.capacity, DIGITS) if found.capacity is not None else "not known"),),
            _source(package, found),
        )
        rows.append(Row(cells))
    caption = "Simulated capacity of a year by the days of the period, else the takt of the campaign"
    return [Section("Demand against capacity", (_table(columns, rows, caption), *_more(periods, "materials")))]


def _answer(found: PeriodCapacity) -> Inlines:
    if found.capacity is None:
        return Chip("not known", "warning"), Break(), Text(found.reason)
    if not found.shortfall:
        return (Chip("within", "good"),)
    limit = found.rate.bottleneck if found.rate else None
    more: Inlines = (Break(), Text(f"bottleneck: {limit}")) if limit else ()
    return Chip(f"{found.shortfall} too few", "bad"), *more


def _source(package: Package, found: PeriodCapacity) -> Inlines:
    if found.rate is None:
        return ()
    words = "simulated: " if found.rate.source == "simulation" else "takt: "
    return Text(words), reference(package, found.rate.record)


def _investments(package: Package, investments: Sequence[tuple[Investment, DecisionBy]], as_of: date) -> list[Block]:
    if not investments:
        return []
    columns = tuple(map(Column, ("Investment", "Decide by", "Left", "Decision", "Needed by", "Owner", "Site")))
    rows = [Row(_investment(package, one, by, as_of)) for one, by in investments[:CAP]]
    caption = f"As of {as_of}; need date less lead time and qualification time, the most urgent first"
    return [Section("Investments", (_table(columns, rows, caption), *_more(investments, "materials")))]


def _investment(package: Package, one: Investment, by: DecisionBy, as_of: date) -> tuple[Inlines, ...]:
    done, day = decided(one, as_of), by.counts
    left: Inlines = ()
    if not done:
        left = (Chip(*_left(day, as_of)),) if day else (Chip("no date", "warning"),)
    said: list[Inline] = list(inlines_of_date(day) or NOT_STATED)
    if by.computed and by.stated and by.computed != by.stated:
        said += [Break(), Text(f"stated: {by.stated}")]
    if by.missing:
        said += [Break(), Text(f"no {', no '.join(name.replace('_', ' ') for name in by.missing)}")]
    tone: Tone = "good" if one.decision == "approved" else "neutral" if done else "warning"
    decision: list[Inline] = [Chip(one.decision or "undecided", tone)]
    if one.decided_on:
        decision += [Break(), *inlines_of_date(one.decided_on)]
    return (
        (Link(one.id, one.item or one.name, one.id),),
        tuple(said),
        left,
        tuple(decision),
        inlines_of_date(one.need_date) or NOT_STATED,
        (reference(package, str(one.owner)),) if one.owner else NOT_STATED,
        (reference(package, one.site),) if one.site else NOT_STATED,
    )


def _campaigns(package: Package, campaigns: Sequence[tuple[Campaign, CampaignCapacity]]) -> list[Block]:
    if not campaigns:
        return []
    heads = ("Campaign", "Cycle time", "Takt", "Bottleneck", "Next", "Simulated", "One batch takes", "Batches", "Site")
    columns = tuple(map(Column, heads))
    simulated: dict[str, list[Simulation]] = {}
    for one in package.in_force(Simulation):
        simulated.setdefault(one.campaign or "", []).append(one)
    rows = [Row(_campaign(package, one, found, simulated.get(one.id, []))) for one, found in campaigns[:CAP]]
    caption = "The cycle time is what the busiest resource keeps for each batch: sum(duration + turnaround) / count"
    blocks: list[Block] = [Section("Campaigns", (_table(columns, rows, caption), *_more(campaigns, "scales")))]
    for campaign, capacity in campaigns[:FILTER_FROM]:
        parts = [*_resources(package, capacity), *_holds(package, campaign)]
        blocks += [Section(campaign.name, tuple(parts))] if parts else []
    return blocks


def _campaign(
    package: Package, campaign: Campaign, capacity: CampaignCapacity, simulations: Sequence[Simulation]
) -> tuple[Inlines, ...]:
    cycle, total = capacity.cycle_time, batch_time(package, campaign)
    tone: Tone = "bad" if capacity.too_slow else "good"
    words: Inlines = (Chip(days_text(cycle), tone if capacity.takt else "neutral"),) if cycle is not None else ()
    if cycle is None:
        words = (Chip("not known", "warning"), Break(), Text(capacity.missing[0]))
    ran: list[Inline] = []
    for one in simulations:
        days = in_days(one.cycle_time, package.own_units)
        ran += [Break()] if ran else []
        ran += [Link(one.id, days_text(days) if days is not None else one.name, one.id)]
    names = [each.name if each else "" for each in (capacity.bottleneck, capacity.next_bottleneck)]
    return (
        (Link(campaign.id, campaign.name, campaign.id),),
        words,
        (Text(days_text(capacity.takt)),) if capacity.takt else NOT_STATED,
        (Text(names[0]),),
        (Text(names[1]),),
        tuple(ran) or (Chip("not simulated", "warning"),),
        (Text(days_text(total)),) if total is not None else (Text("not known"),),
        (Text(str(campaign.batches)),) if campaign.batches is not None else NOT_STATED,
        (reference(package, campaign.site),) if campaign.site else NOT_STATED,
    )


def _resources(package: Package, capacity: CampaignCapacity) -> list[Block]:
    if not capacity.resources:
        return []
    numbers = ("Count", "Kept for each batch", "Of the takt")
    columns = (Column("Resource"), Column("Equipment"), *(Column(head, "right") for head in numbers))
    rows = []
    for one in capacity.resources[:CAP]:
        kept = "not known" if one.days is None else days_text(one.days)
        kept = f"at least {kept}" if one.missing and one.days is not None else kept
        share = _percent(one.days / capacity.takt) if one.days is not None and capacity.takt else ""
        cells = (
            (Text(one.name),),
            (reference(package, one.equipment),) if one.equipment else (),
            (Text("not stated" if one.count is None else str(one.count)),),
            (Text(kept),),
            (Text(share),),
        )
        rows.append(Row(cells))
    return [_table(columns, rows, "Resources, the busiest first")]


def _holds(package: Package, campaign: Campaign) -> list[Block]:
    waits = hold_waits(package, campaign)
    if not waits:
        return []
    numbers = ("Scheduled", "Worst case", "Limit")
    columns = (Column("Hold"), *(Column(head, "right") for head in numbers), Column("Answer"))
    rows = [
        Row((
            (Link(one.hold.id, one.hold.name, one.hold.id),),
            (Text(days_text(one.scheduled)),),
            (Text(days_text(one.worst)),),
            (Text(one.limit.text if one.limit else "not stated"),),
            _wait(one),
        ))
        for one in waits[:CAP]
    ]  # fmt: skip
    return [_table(columns, rows, "Waits of one batch against the shortest limit of each hold")]


def _wait(one: HoldWait) -> Inlines:
    if one.too_long:
        return (Chip("too long" if one.hold.can_wait else "cannot wait", "bad"),)
    if one.missing or one.limit_days is None:
        return (Chip("not known", "warning"),)
    return Chip("within", "good"), Text(f" {days_text(one.limit_days - one.worst)} left")


def _percent(share: Fraction) -> str:
    return f"{decimal_text(share * 100, 3)} %"


def _table(columns: tuple[Column, ...], rows: list[Row], caption: str) -> Table:
    return Table(columns, tuple(rows), caption, filterable=len(rows) > FILTER_FROM)


def _more(found: Sequence[object], register: str) -> list[Block]:
    if len(found) <= CAP:
        return []
    return [Paragraph((Text(f"and {len(found) - CAP:,} more in "), Link(register, "the register"), Text(".")))]
