"""The tag map between the automation systems of the sites: differences first, then what each site reads."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ttpack.analysis.automation_maps import (
    LABELS,
    Agreed,
    SignalDelta,
    about,
    agreed,
    critical_parameters,
    maps_at,
    signal_differences,
    signal_unit,
)
from ttpack.model.facility import AutomationMap, SignalDefinition, SignalDifference
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, ProcessParameter
from ttpack.model.quantity import InputQuantity
from ttpack.views.blocks import (
    Block,
    Break,
    Bullets,
    Callout,
    CalloutKind,
    Chip,
    Column,
    Inline,
    Inlines,
    Link,
    Number,
    Page,
    Paragraph,
    Row,
    Section,
    Strong,
    Table,
    Text,
)
from ttpack.views.words import counted, number_text, range_inlines, reference, references, unit_words

SLUG = "automation"
MANY = 10


@dataclass(frozen=True, slots=True)
class _Found:
    """A difference between two signals of one map and what was agreed about it."""

    map: AutomationMap
    delta: SignalDelta
    agreed: Agreed


def automation_page(package: Package, as_of: date) -> Page | None:
    """What is read where, and where the systems differ; None for a package without automation maps.

    `as_of` decides which agreements have expired.
    """
    maps = package.in_force(AutomationMap)
    if not maps:
        return None
    found = sorted(_differences(package, maps, as_of), key=lambda one: (one.agreed.settled, one.map.id))
    blocks: list[Block] = [_verdict(package, found)]
    if package.receiving_sites:
        blocks.append(Bullets(tuple(_answer(package, site, found) for site in package.receiving_sites)))
    blocks += [Section("Where the signals differ", (_difference_table(package, found),))] if found else []
    blocks += [*_by_hand(package, maps), *_remarks(package, maps), *_tag_maps(package, maps)]
    summary = "Which tag each critical parameter has at each site, where the signals differ, and who sees the trend."
    return Page(SLUG, "Automation", tuple(blocks), "Sites", summary)


def _differences(package: Package, maps: tuple[AutomationMap, ...], as_of: date) -> Iterator[_Found]:
    for one in maps:
        for delta in signal_differences(package, one):
            yield _Found(one, delta, agreed(package, one, delta, as_of))


def _verdict(package: Package, found: list[_Found]) -> Callout:
    waiting = sum(not one.agreed.settled for one in found)
    if waiting:
        title = f"{counted(len(found), 'difference')} between the signals of two sites, {waiting} without a disposition"
        text = "A difference is listed in the automation map with what is done about it."
        return Callout("danger", title, (Paragraph((Text(text),)),))
    title = f"{counted(len(found), 'difference')} between the signals of two sites, each with a disposition"
    critical = critical_parameters(package)
    complete = all({one.id for one in critical} <= maps_at(package, site).keys() for site in package.receiving_sites)
    kind: CalloutKind = "success" if complete else "warning"
    return Callout(kind, title if found else "No difference between the signals that both sites state")


def _answer(package: Package, site: str, found: list[_Found]) -> Inlines:
    critical = critical_parameters(package)
    maps = maps_at(package, site)
    lacking = [one for one in critical if one.id not in maps]
    here = [each for each in found if each.map.receiving_site in (site, None)]
    waiting = sum(not each.agreed.settled for each in here)
    typed = {
        one.parameter for each in maps.values() for one in each if one.receiving and one.receiving.manual_transcription
    }
    words: list[Inline] = [
        Link(site, package.label(site), site),
        Text(": "),
        Strong(f"{len(critical) - len(lacking)} of {len(critical)} critical parameters mapped"),
        Text(f"; {counted(len(here), 'difference')}, {waiting} open; {len(typed)} copied by hand."),
    ]
    if lacking and len(lacking) < len(critical):
        words += [Text(" Not mapped: "), *references(package, [one.id for one in lacking]), Text(".")]
    return tuple(words)


def _difference_table(package: Package, found: list[_Found]) -> Table:
    rows = tuple(
        Row((
            _name(package, one.map),
            (Text(one.delta.label),),
            _at(package, one.map.sending_site, one.delta.sending),
            _at(package, one.map.receiving_site, one.delta.receiving),
            _agreement(one),
        ))
        for one in found
    )  # fmt: skip
    heads = ("Parameter", "What differs", "Sending site", "Receiving site", "What was agreed")
    return Table(tuple(map(Column, heads)), rows, "Differences, open ones first", filterable=len(rows) > MANY)


def _at(package: Package, site: str | None, text: str) -> Inlines:
    return (Text(text), *((Break(), Text(package.label(site))) if site else ()))


def _agreement(one: _Found) -> Inlines:
    if one.agreed.expired:
        return (Chip("expired", "bad"), Text(f" on {one.agreed.expired}: {one.agreed.disposition}"))
    if one.agreed.disposition:
        return (Text(one.agreed.disposition),)
    return (Chip("open", "bad"), Text(" listed without a disposition" if one.agreed.listed else " not listed"))


def _name(package: Package, one: AutomationMap) -> Inlines:
    if not one.parameter:
        return (Link(one.id, one.name, one.id),)
    parameter = package.get(one.parameter, ProcessParameter)
    tag = parameter.classification if parameter and parameter.classification in CRITICAL else None
    return (reference(package, one.parameter), *((Text(" "), Chip(tag, "critical")) if tag else ()))


def _by_hand(package: Package, maps: tuple[AutomationMap, ...]) -> Iterator[Section]:
    """In words which values a person copies, and at which site."""
    items = []
    for one in maps:
        sites = [
            package.label(site) if site else f"the {side} site"
            for side, site, signal in (
                ("sending", one.sending_site, one.sending),
                ("receiving", one.receiving_site, one.receiving),
            )
            if signal and signal.manual_transcription
        ]
        if sites:
            items.append((*_name(package, one), Text(f": copied by hand at {' and at '.join(sites)}")))
    if items:
        text = "What a person copies is copied wrong now and then: each entry needs a second pair of eyes, or a limit."
        yield Section("Copied by hand", (Paragraph((Text(text),)), Bullets(tuple(items))))


def _remarks(package: Package, maps: tuple[AutomationMap, ...]) -> Iterator[Section]:
    """What maps list beyond the differences that the two signals show."""
    items = [
        (*_name(package, one), Text(f": {entry.what}"), *_done(entry))
        for one in maps
        for entry in one.differences
        if not any(about(entry, delta) for delta in signal_differences(package, one))
    ]
    if items:
        yield Section("Further differences that the maps record", (Bullets(tuple(items)),))


def _done(entry: SignalDifference) -> Inlines:
    if entry.disposition:
        return (Text(f". {entry.disposition}"),)
    return (Text(" "), Chip("open", "bad"))


def _tag_maps(package: Package, maps: tuple[AutomationMap, ...]) -> Iterator[Section]:
    pairs = sorted({(one.sending_site or "", one.receiving_site or "") for one in maps})
    for sending, receiving in pairs:
        names = [package.label(site) if site else "a site not named" for site in (sending, receiving)]
        rows = tuple(
            Row((
                _name(package, one),
                _signal(package, one, one.sending),
                _signal(package, one, one.receiving),
                _trend(package, one),
            ))
            for one in maps
            if (one.sending_site or "", one.receiving_site or "") == (sending, receiving)
        )  # fmt: skip
        heads = ("Parameter", names[0], names[1], "Who sees the trend")
        caption = "Tag, unit, scaling, sampling interval, alarm limits, historian, system"
        table = Table(tuple(map(Column, heads)), rows, caption, filterable=len(rows) > MANY)
        yield Section(f"Tag map: {names[0]} to {names[1]}", (table,))


def _signal(package: Package, one: AutomationMap, signal: SignalDefinition | None) -> Inlines:
    if signal is None:
        return (Chip("no signal", "bad"),)
    unit = signal_unit(package, one, signal)
    by_hand = bool(signal.manual_transcription)
    none: Inlines = (Text("by hand" if by_hand else "not stated"),)
    lines: list[Inlines] = [(Strong(signal.tag or "no tag"),)]
    lines += [(Chip("copied by hand", "warning"),)] if by_hand else []
    for label, value in (
        (LABELS["unit"], (Text(unit_words(signal.unit)),) if signal.unit else (Text("not stated"),)),
        (LABELS["scaling"], (Text(signal.scaling),) if signal.scaling else (Text("not stated"),)),
        (LABELS["sampling_interval"], _quantity(signal.sampling_interval) or none),
        (LABELS["alarm"], range_inlines(signal.alarm, unit) or none),
        ("historian", (Text(signal.historian or "not stated"),)),
        ("kept for", _quantity(signal.retention)),
        ("system", (Text(signal.system),) if signal.system else ()),
    ):
        if value:
            lines.append((Text(f"{label}: "), *value))
    return tuple(item for index, line in enumerate(lines) for item in ((Break(), *line) if index else line))


def _trend(package: Package, one: AutomationMap) -> Inlines:
    found: list[Inline] = []
    for access in one.trend_access:
        found += [Break()] if found else []
        within = _quantity(access.within)
        found += references(package, (str(access.party),))
        found += [Text(" within "), *within] if within else [Text(", no time stated")]
    return tuple(found) or (Text("nobody is named"),)


def _quantity(given: InputQuantity | None) -> Inlines:
    return (Number(number_text(given.value), unit_words(given.unit)),) if given else ()
