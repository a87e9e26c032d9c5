"""A simulated campaign: first what has to be done, then what limits it, then waits, supplies, demand and what-ifs."""

from collections.abc import Iterable, Sequence
from typing import Final

from ttpack.analysis.intervals import symbol
from ttpack.analysis.simulation.answer import bottlenecks, demand_words, to_do
from ttpack.analysis.simulation.estimates import Estimate, Share
from ttpack.analysis.simulation.scenario import Scenario
from ttpack.analysis.simulation.study import CampaignStudy, Compared
from ttpack.model.campaign import Campaign
from ttpack.model.package import Package
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Callout,
    Card,
    Cards,
    Chip,
    Column,
    Inlines,
    Link,
    Number,
    Page,
    Paragraph,
    Row,
    Section,
    Table,
    Text,
)
from ttpack.views.gantt import draw_gantt, draw_use

HOURS_PER_DAY: Final = 24.0
MOST_SHOWN: Final = 20
_DASH: Final = (Text("\N{EN DASH}"),)


def simulation_page(package: Package, campaign: Campaign, study: CampaignStudy, slug: str = "") -> Page:
    """The whole answer as a page."""
    found = slug or f"simulation-{campaign.id}".lower()
    summary = "How the campaign runs under variation: bottlenecks, holds at risk, forecast, and what would change that."
    return Page(found, f"Simulation of {campaign.name}", simulation_blocks(package, study), "Sites", summary)


def simulation_blocks(package: Package, study: CampaignStudy) -> tuple[Block, ...]:
    """The answer as blocks, for a page and for the section of a document."""
    blocks: list[Block] = [_verdict(study)]
    if study.base is not None and study.base.finished:
        blocks += [_cards(study), *_limits(study)]
        for section in (_holds(study.base), _supplies(study.base), _demand(study.base)):
            if section is not None:
                blocks.append(section)
    if study.what_ifs:
        blocks.append(_what_ifs(study.what_ifs))
    if study.base is not None and (gantt := draw_gantt(study.spans, study.base.model.batches)) is not None:
        words = "The first replication: one of many ways in which the campaign may go."
        blocks.append(Section("One run of the campaign", (Paragraph((Text(words),)), gantt)))
    blocks.append(_basis(package, study))
    return tuple(blocks)


def _verdict(study: CampaignStudy) -> Callout:
    found = to_do(study)
    if study.base is None:
        items = tuple((Text(words),) for words in study.impossible[:MOST_SHOWN])
        return Callout("danger", "This campaign cannot run as it is stated", (Bullets(items),))
    if not found:
        text = "No limit that the campaign states is missed in any way that was simulated."
        return Callout("success", "The campaign keeps what it states", (Paragraph((Text(text),)),))
    items = tuple((Text(f"{words[:1].upper()}{words[1:]}."),) for words in found[:MOST_SHOWN])
    if len(found) > MOST_SHOWN:
        items += ((Text(f"And {len(found) - MOST_SHOWN} more."),),)
    title = "1 thing to settle" if len(found) == 1 else f"{len(found)} things to settle"
    return Callout("warning", title, (Bullets(items),))


def _cards(study: CampaignStudy) -> Cards:
    base = study.base
    if base is None:
        return Cards(())
    first, second = bottlenecks(base)
    cards = [
        Card("Campaign", duration(base.makespan), f"to the release of the last of {base.model.batches} batches"),
        Card("Time between batches", duration(base.cycle_time), _paced(base)),
    ]
    fast = study.at_capacity
    if fast is not None and fast.cycle_time is not None:
        words = f"one every {duration(fast.cycle_time)} when nothing but the plant paces it"
        cards.append(Card("Batches a year", number(fast.batches_per_year), words))
    if first is not None:
        cards.append(Card("Bottleneck", first.name, f"busy {percent(first.busy.mean)} of the time"))
    if second is not None:
        cards.append(Card("Next bottleneck", second.name, f"busy {percent(second.busy.mean)} of the time"))
    return Cards(tuple(cards))


def _paced(base: Scenario) -> str:
    if base.cycle_time is None:
        return "too few batches after the warm-up to say"
    if base.model.takt is not None:
        return f"the takt is {base.model.takt / HOURS_PER_DAY:.4g} d"
    return "after the warm-up"


def _limits(study: CampaignStudy) -> Iterable[Block]:
    base = study.base
    if base is None:
        return
    rows = [
        Row((
            (Text(use.name),), _cell(_plain(use.count)), _percent_of(use.busy), (Number(percent(use.working)),),
            (Number(percent(use.cleaning)),), (Number(percent(use.repair)),), (Number(percent(use.occupied)),),
        ))
        for use in base.uses[:MOST_SHOWN]
    ]  # fmt: skip
    heads = (
        Column("Resource"), Column("Count", "right"), Column("Busy", "right"), Column("Works", "right"),
        Column("Cleaned", "right"), Column("Repaired", "right"), Column("Occupied", "right"),
    )  # fmt: skip
    words = (
        "Shares of the time up to the end of the last step. Busy is what a batch costs; occupied includes batches that "
        "wait in it. Of a utility: what is drawn of what is filled up."
    )
    blocks: list[Block] = [Paragraph((Text(words),))]
    picture = draw_use(base.uses)
    blocks += [picture] if picture is not None else []
    blocks.append(Table(heads, tuple(rows), "Use of resources"))
    yield Section("What limits it", tuple(blocks))
    waited = [row for row in base.waited_for if row.hours >= 0.005][:MOST_SHOWN]  # noqa: PLR2004  what prints as 0
    if waited:
        body = tuple(
            Row(((Text(row.step or "a transfer or cleaning"),), (Text(row.what),), (Number(amount(row.hours)),)))
            for row in waited
        )
        columns = (Column("Before the step"), Column("Waits for"), Column("A batch waits", "right", "h"))
        yield Section("What is waited for", (Table(columns, body, "Waiting by what is lacking, longest first"),))


def _holds(base: Scenario) -> Section | None:
    if not base.waits:
        return None
    rows = []
    for one in base.waits:
        wait = one.wait
        name = Link(wait.hold, wait.name, wait.hold) if wait.hold else Text(wait.name)
        judged = wait.limit is not None
        tone = Chip("at risk", "bad") if one.any_beyond.count else Chip("kept", "good")
        rows.append(Row((
            (name, Break(), tone if judged else Chip("no limit", "key")),
            (Number(amount(wait.limit)),) if wait.limit is not None else _DASH,
            (Number(amount(one.mean_h)),), (Number(amount(one.longest.greatest)),),
            _percent_of(one.beyond) if judged else _DASH, _of(one.any_beyond) if judged else _DASH,
        )))  # fmt: skip
    heads = (
        Column("Wait"), Column("Limit", "right", "h"), Column("Mean", "right", "h"), Column("Longest", "right", "h"),
        Column("Batches beyond", "right"), Column("Campaigns with any", "right"),
    )  # fmt: skip
    return Section("Hold times at risk", (Table(heads, tuple(rows), "Waits against their limits"),))


def _supplies(base: Scenario) -> Section | None:
    blocks: list[Block] = []
    if base.utilities:
        heads = (
            Column("Utility"), Column("Most in an hour", "right"), Column("Site delivers an hour", "right"),
            Column("Lowest level", "right"), Column("Drawn", "right"),
        )  # fmt: skip
        rows = [
            Row((
                (Link(one.tank.record, one.tank.name, one.tank.record) if one.tank.record else Text(one.tank.name),),
                (_amount(one.peak.greatest, one.tank.unit),),
                (_amount(one.tank.capacity, one.tank.unit),) if one.tank.capacity is not None else _DASH,
                (_amount(one.lowest.least, one.tank.unit),) if one.lowest is not None else _DASH,
                (_amount(one.drawn.mean, one.tank.unit),),
            ))
            for one in base.utilities
        ]  # fmt: skip
        blocks.append(Table(heads, tuple(rows), "Utilities"))
    if base.materials:
        columns = (
            Column("Material"),
            Column("At the start", "right"),
            Column("Lowest", "right"),
            Column("Lacking", "right"),
        )
        body = [
            Row((
                (Text(one.stock.name),), (_amount(one.stock.amount, one.stock.unit),),
                (_amount(one.lowest.least, one.stock.unit),), _of(one.short),
            ))
            for one in base.materials
        ]  # fmt: skip
        blocks.append(Table(columns, tuple(body), "Materials; lacking: campaigns in which a step waited for it"))
    return Section("Utilities and materials", tuple(blocks)) if blocks else None


def _demand(base: Scenario) -> Section | None:
    if not base.demand:
        return None
    heads = (
        Column("By the end of"), Column("Wanted", "right"), Column("Released", "right"), Column("Enough in", "right"),
        Column("Limited by"),
    )  # fmt: skip
    rows = [
        Row((
            (
                Text(one.period.end.isoformat()),
                Break(),
                Chip("missed", "bad") if demand_words(one) else Chip("met", "good"),
            ),
            (Number(str(one.wanted)),), (Number(f"{one.released.mean:.4g}"),), _of(one.met),
            (Text(one.limit),) if one.limit else _DASH,
        ))
        for one in base.demand
    ]  # fmt: skip
    return Section("Forecast", (Table(heads, tuple(rows), "Batches wanted and released, summed up from the start"),))


def _what_ifs(compared: Sequence[Compared]) -> Section:
    heads = (
        Column("What if"), Column("Campaign", "right", "d"), Column("Between batches", "right", "d"),
        Column("Most batches a year", "right"), Column("Hold limits broken", "right"), Column("Bottleneck then"),
    )  # fmt: skip
    rows = []
    for one in compared:
        if one.scenario is None:
            why: Inlines = (Text(f"cannot run: {'; '.join(one.impossible[:3])}"),)
            rows.append(Row(((Text(one.title),), _DASH, _DASH, _DASH, _DASH, why)))
            continue
        first, _ = bottlenecks(one.scenario)
        then: Inlines = (Text(one.scenario.stuck),) if one.scenario.stuck else (Text(first.name if first else ""),)
        rows.append(Row((
            (Text(one.title),), _difference(one.makespan, HOURS_PER_DAY), _difference(one.cycle_time, HOURS_PER_DAY),
            _difference(one.batches_per_year), _difference(one.violations), then,
        )))  # fmt: skip
    words = (
        "Differences to the campaign as it is, with their 95 % confidence intervals, under the same random numbers. "
        "Most batches a year: where nothing but the plant paces them."
    )
    return Section("What if", (Paragraph((Text(words),)), Table(heads, tuple(rows), "Changes compared")))


def _basis(package: Package, study: CampaignStudy) -> Section:
    rule = {"all_at_once": "all at once, none held while it waits", "one_by_one": "one by one, each held"}
    facts = [f"{study.replications} replications, seed {study.seed}"]
    if study.base is not None:
        model = study.base.model
        facts.append(f"a step seizes what it needs {rule[model.rule]}")
        facts.append("a batch waits in its unit" if model.blocking else "a batch waits in storage without limit")
        facts.append(f"the first {model.warm_up} batches are left out of the time between batches")
    text = f"{'; '.join(facts)}. Intervals are 95 % confidence intervals of means over replications."
    blocks: list[Block] = [Paragraph((Text(text),))]
    if study.gaps:
        items = tuple((Text(words),) for words in study.gaps[:MOST_SHOWN])
        more = len(study.gaps) - MOST_SHOWN
        blocks.append(
            Callout(
                "note", "How the records were read", (Bullets(items + ((Text(f"and {more} more"),),) * (more > 0)),)
            )
        )
    links: list[Text | Link] = []
    for record in study.inputs:
        links += [Text(", ") if links else Text("Rests on "), Link(record, record, package.label(record))]
    blocks.append(Paragraph(tuple(links)))
    return Section("What it rests on", tuple(blocks))


def duration(given: Estimate | None) -> str:
    """A mean duration in days (hours below two), with half its interval."""
    if given is None:
        return "\N{EN DASH}"
    unit, size = ("h", 1.0) if given.mean < 2 * HOURS_PER_DAY else ("d", HOURS_PER_DAY)
    return f"{number(given, size)} {unit}"


def number(given: Estimate | None, size: float = 1.0) -> str:
    """A mean with half its interval; digits by the interval."""
    if given is None:
        return "\N{EN DASH}"
    mean, half = given.mean / size, (given.half_width or 0.0) / size
    places = 1 if half >= 0.1 or not half else 2  # noqa: PLR2004  digits beyond the interval say nothing
    return f"{mean:,.{places}f}" + (f" ± {half:,.{places}f}" if round(half, places) else "")


def amount(value: float) -> str:
    """Three to four digits, whole from a thousand on."""
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"  # noqa: PLR2004


def _amount(value: float, unit: str) -> Number:
    return Number(amount(value), "" if unit == "1" else symbol(unit))


def percent(share: float) -> str:
    """A share in percent, one decimal below ten."""
    return f"{100 * share:.1f} %" if 0 < abs(share) < 0.1 else f"{100 * share:.0f} %"  # noqa: PLR2004


def _percent_of(given: Estimate) -> Inlines:
    return (Number(percent(given.mean)),)


def _of(given: Share) -> Inlines:
    return (Number(f"{given.count} of {given.of}"),)


def _difference(given: Estimate | None, size: float = 1.0) -> Inlines:
    if given is None:
        return _DASH
    mean, half = given.mean / size, (given.half_width or 0.0) / size
    interval = f" ± {half:.2g}" if half > 1e-9 else ""  # noqa: PLR2004  rounding
    return (Number(f"{mean:+.3g}{interval}" if abs(mean) > 1e-9 else "none"),)  # noqa: PLR2004


def _plain(count: int | None) -> str:
    return "" if count is None else str(count)


def _cell(text: str) -> Inlines:
    return (Number(text),) if text else _DASH
