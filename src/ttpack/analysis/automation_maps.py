"""A parameter in the automation systems of two sites: how the signals differ, and what was agreed about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from ttpack.analysis.intervals import Units, in_unit, interval, range_text, unit_or_none, value_text
from ttpack.analysis.placeholders import written
from ttpack.model.facility import AutomationMap, SignalDefinition, SignalDifference, Site
from ttpack.model.package import Package
from ttpack.model.parameter import CRITICAL, ProcessParameter

_WORDS: Final = {
    "unit": ("unit", "convert", "conversion"),
    "scaling": ("scal", "span", "4-20"),
    "sampling_interval": ("sampling", "interval", "scan", "polling", "sample rate", "acquisition"),
    "alarm": ("alarm", "limit"),
    "manual_transcription": ("manual", "by hand", "transcri", "typed", "entry", "entries", "paper", "logbook"),
}
"""Words by which people name a difference, by the field that differs."""

LABELS: Final = {
    "unit": "engineering unit",
    "scaling": "scaling",
    "sampling_interval": "sampling interval",
    "alarm": "alarm limits",
    "manual_transcription": "manual transcription",
}
"""What is compared between the two signals, by field. Tags, systems and historians are each site's own."""


@dataclass(frozen=True, slots=True)
class SignalDelta:
    """One field in which the two signals differ, in words; `comparable` is False where units do not convert."""

    field: str
    sending: str
    receiving: str
    comparable: bool = True

    @property
    def label(self) -> str:
        """The field in words."""
        return LABELS[self.field]


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed about a difference: `listed` somewhere, `disposition` in words, and whether it has expired.

    `entry` is its place in the map's own list; None where the site's list of differences holds it, or nothing does.
    """

    listed: bool
    disposition: str = ""
    expired: date | None = None
    entry: int | None = None

    @property
    def settled(self) -> bool:
        """Whether the difference needs nothing more."""
        return bool(self.disposition) and self.expired is None


def critical_parameters(package: Package) -> tuple[ProcessParameter, ...]:
    """The critical process parameters in force."""
    return tuple(one for one in package.parameters if one.classification in CRITICAL)


def maps_at(package: Package, site: str) -> dict[str, list[AutomationMap]]:
    """Maps in force by parameter, as far as they lead to that receiving site or name none."""
    found: dict[str, list[AutomationMap]] = {}
    for one in package.in_force(AutomationMap):
        if one.parameter and one.receiving_site in (site, None):
            found.setdefault(one.parameter, []).append(one)
    return found


def signal_unit(package: Package, one: AutomationMap, signal: SignalDefinition | None) -> str | None:
    """The unit of a signal, else that of its parameter."""
    parameter = package.get(one.parameter, ProcessParameter)
    return (signal.unit if signal else None) or (parameter.unit if parameter else None)


def signal_differences(package: Package, one: AutomationMap) -> tuple[SignalDelta, ...]:
    """Every field that both signals state and in which they differ, units converted exactly."""
    if one.sending is None or one.receiving is None:
        return ()
    return tuple(_differences(package, one, one.sending, one.receiving))


def _differences(
    package: Package, one: AutomationMap, first: SignalDefinition, second: SignalDefinition
) -> Iterator[SignalDelta]:
    own = package.own_units
    if first.unit and second.unit and not same_unit(first.unit, second.unit, own):
        yield SignalDelta("unit", first.unit[:40], second.unit[:40])
    here, there = first.scaling or "", second.scaling or ""
    if written(here) and written(there) and here.split() != there.split():
        yield SignalDelta("scaling", here[:80], there[:80])
    one_interval, other_interval = first.sampling_interval, second.sampling_interval
    if one_interval and other_interval:
        converted = in_unit(one_interval.value, one_interval.unit, "s", own)
        other = in_unit(other_interval.value, other_interval.unit, "s", own)
        alike = one_interval == other_interval
        if not alike and (converted is None or other is None or converted != other):
            first_text, second_text = (value_text(each.value, each.unit) for each in (one_interval, other_interval))
            known = None not in (converted, other)
            yield SignalDelta("sampling_interval", first_text, second_text, comparable=known)
    yield from _alarms(package, one, first, second)
    stated = (first.manual_transcription, second.manual_transcription)
    if None not in stated and stated[0] != stated[1]:
        yield SignalDelta("manual_transcription", _by_hand(first), _by_hand(second))


def _alarms(
    package: Package, one: AutomationMap, first: SignalDefinition, second: SignalDefinition
) -> Iterator[SignalDelta]:
    if first.alarm is None or second.alarm is None:
        return
    unit, other_unit = signal_unit(package, one, first), signal_unit(package, one, second)
    texts = range_text(first.alarm, unit), range_text(second.alarm, other_unit)
    if not (first.alarm.numeric and second.alarm.numeric):
        if texts[0].split() != texts[1].split():
            yield SignalDelta("alarm", *texts)
        return
    own = package.own_units
    given = second.alarm.model_copy(update={"unit": second.alarm.unit or other_unit})
    wanted = first.alarm.unit or unit
    here, there = interval(first.alarm, wanted, own), interval(given, wanted, own)
    if here is None or there is None:
        yield SignalDelta("alarm", *texts, comparable=False)
    elif here != there:
        yield SignalDelta("alarm", *texts)


def _by_hand(signal: SignalDefinition) -> str:
    return "copied by hand" if signal.manual_transcription else "read by the system"


def same_unit(first: str, second: str, own: Units) -> bool:
    """Whether two texts name one unit."""
    one, other = unit_or_none(first, own), unit_or_none(second, own)
    return first == second or bool(one and other and one.code == other.code)


def agreed(package: Package, one: AutomationMap, delta: SignalDelta, as_of: date) -> Agreed:
    """What was agreed about a difference: in the map, else among the differences of either site."""
    in_map = _in_map(one, delta, as_of)
    if in_map.settled:
        return in_map
    in_site = _in_site(package, one, delta, as_of)
    return in_site if in_site.settled or not in_map.listed else in_map


def _in_map(one: AutomationMap, delta: SignalDelta, as_of: date) -> Agreed:
    found = Agreed(listed=False)
    for index, entry in enumerate(one.differences):
        if about(entry, delta):
            expires = entry.approval.expires if entry.approval else None
            disposition = (entry.disposition or "").strip() if written(entry.disposition) else ""
            found = Agreed(
                listed=True,
                disposition=disposition,
                expired=expires if expires and expires < as_of else None,
                entry=index,
            )
            if found.settled:
                return found
    return found


def about(entry: SignalDifference, delta: SignalDelta) -> bool:
    """Whether an entry of the map speaks of that difference: it names the field, or both units."""
    said = entry.what.casefold()
    if any(word in said for word in _WORDS[delta.field]):
        return True
    return delta.field == "unit" and all(text.casefold() in said for text in (delta.sending, delta.receiving))


def _in_site(package: Package, one: AutomationMap, delta: SignalDelta, as_of: date) -> Agreed:
    found = Agreed(listed=False)
    for here, there in ((one.receiving_site, one.sending_site), (one.sending_site, one.receiving_site)):
        site = package.get(here, Site)
        for entry in site.differences if site else ():
            about_it = (
                entry.other_site == there
                and entry.family in (None, "automation")
                and (entry.family or entry.record)
                and entry.record in (None, one.id, one.parameter)
                and (entry.field is None or entry.field.rpartition(".")[2] == delta.field)
            )
            if not about_it:
                continue
            disposition = entry.reason if written(entry.reason) else ""
            expired = entry.expires if entry.expires and entry.expires < as_of else None
            found = Agreed(listed=True, disposition=(disposition or "") if entry.disposition else "", expired=expired)
            if found.settled:
                return found
    return found
