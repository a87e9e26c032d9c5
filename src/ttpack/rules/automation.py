"""Rules on automation: each critical parameter tag to tag in both systems (AUT), and kept at the receiving site."""

import re
from collections.abc import Collection, Iterator
from datetime import date

from ttpack.analysis.automation_maps import (
    SignalDelta,
    agreed,
    critical_parameters,
    maps_at,
    signal_differences,
)
from ttpack.analysis.intervals import Units, in_unit
from ttpack.analysis.parties import PARTY_NAMES, party_of, signatories
from ttpack.analysis.placeholders import gives_limit, written
from ttpack.model.facility import AutomationMap, SignalDefinition
from ttpack.model.findings import Problem
from ttpack.model.ids import is_record_id
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter
from ttpack.model.quantity import InputQuantity
from ttpack.rules.registry import COMPLETENESS, INFORMATION, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import site_name, site_place

_KEPT_FOR = re.compile(r"\b(?:year|month|week|day|life|lifetime|indefinite|permanent)", re.IGNORECASE)
_CHECKED = re.compile(r"manual|hand|transcri|typed|entry|entries|paper|second person", re.IGNORECASE)


@rule("AUT-01", COMPLETENESS, from_gate="G3", basis="EU GMP Annex 11; differences between automation systems")
def critical_parameter_not_mapped_tag_to_tag(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical parameter is not mapped tag to tag, or its signals differ and nobody has said what is done about it.

    Asked for at both sites are tag, engineering unit and scaling, at the sending site also sampling interval and alarm
    limits (those of the receiving site are EQP-07's); each difference is listed with a disposition that has not
    expired; and someone at each party sees the trend within a stated time. A value copied by hand has no sampling
    interval; at the receiving site it is EQP-07's. Units that differ without any conversion are PRM-14's.
    Why: the same number read with another scaling, or alarmed elsewhere, is a deviation that nobody sees.
    Resolve: complete the automation map, list each difference in `differences` with its disposition, and say under
    `trend_access` who at each party sees the trend within how many hours.
    """
    critical = critical_parameters(package)
    for site in package.receiving_sites:
        maps = maps_at(package, site)
        mapped = [one for one in critical if one.id in maps]
        judged = {parameter.id for parameter in mapped}
        for others in (found for name, found in sorted(maps.items()) if name not in judged):
            for one in others:
                yield from _listed_only(one, frozenset(), site)
        if critical and not mapped:
            message = f"none of the {len(critical)} critical parameters is mapped to the automation system of "
            yield Problem(site_place(package, site), f"{message}{site_name(package, site)}", site=site)
            continue
        for parameter in critical:
            if parameter.id not in maps:
                message = f"{parameter.name} is not mapped to the automation system of {site_name(package, site)}"
                yield Problem(parameter.at(), message, site=site)
            for one in maps.get(parameter.id, ()):
                yield from _unmapped(package, parameter, one, site)
                yield from _undisposed(package, one, site, context.as_of)
                yield from _trend(package, one, site)


def _unmapped(package: Package, parameter: ProcessParameter, one: AutomationMap, site: str) -> Iterator[Problem]:
    for side, signal, place in (
        ("sending", one.sending, one.sending_site or "the sending site"),
        ("receiving", one.receiving, one.receiving_site or site),
    ):
        name = package.label(place)
        if signal is None:
            yield Problem(one.at(side), f"{parameter.name} has no signal at {name}", site=site)
            continue
        missing = [
            (field, what)
            for field, what, given in (
                ("tag", "tag", written(signal.tag)),
                ("unit", "engineering unit", signal.unit),
                ("scaling", "scaling", written(signal.scaling)),
                *(_sampled(signal, package.own_units) if side == "sending" else ()),
            )
            if side == "sending" or field != "tag"
            if not given
        ]
        if missing:
            field = f"{side}.{missing[0][0]}" if len(missing) == 1 else side
            what = ", ".join(words for _, words in missing)
            yield Problem(one.at(field), f"the signal of {parameter.name} at {name} states no {what}", site=site)


def _sampled(signal: SignalDefinition, own: Units) -> Iterator[tuple[str, str, object]]:
    """Sampling interval and alarm limits, which a value that is copied by hand does not have."""
    if not signal.manual_transcription:
        yield "sampling_interval", "sampling interval", _duration(signal.sampling_interval, own)
        yield "alarm", "alarm limits", gives_limit(signal.alarm)


def _duration(given: InputQuantity | None, own: Units) -> bool:
    """Whether a time longer than nothing is stated; a unit nobody knows is left to the rules on units."""
    if given is None:
        return False
    return given.value > 0 and in_unit(given.value, given.unit, "s", own) is not None


def _undisposed(package: Package, one: AutomationMap, site: str, as_of: date) -> Iterator[Outcome]:
    declared = any(entry.disposition for entry in one.differences)
    found_at: set[int | None] = set()
    for delta in signal_differences(package, one):
        if delta.field == "unit" and not declared:
            continue
        if delta.field == "manual_transcription" and one.receiving and one.receiving.manual_transcription:
            continue
        found = agreed(package, one, delta, as_of)
        found_at.add(found.entry)
        if found.settled:
            continue
        if not delta.comparable:
            yield NotComputable(one.at(f"receiving.{delta.field}"), f"{_both(one, delta)}: the units do not convert")
            continue
        place = one.at("differences" if found.entry is None else f"differences[{found.entry}]")
        state = (
            f"what was agreed about it expired on {found.expired}" if found.expired
            else "it is listed without a disposition" if found.listed
            else "the difference is not listed"
        )  # fmt: skip
        yield Problem(place, f"{_both(one, delta)}: {state}", site=site)
    yield from _listed_only(one, found_at, site)


def _listed_only(one: AutomationMap, told: Collection[int | None], site: str) -> Iterator[Problem]:
    """Differences that the map lists without saying what is done about them, whatever they are about."""
    for index, entry in enumerate(one.differences):
        if index not in told and not (entry.disposition or "").strip():
            message = f"the difference {entry.what[:80]!r} is listed without a disposition"
            yield Problem(one.at(f"differences[{index}]"), message, site=site)


def _both(one: AutomationMap, delta: SignalDelta) -> str:
    here, there = one.sending_site or "the sending site", one.receiving_site or "the receiving site"
    return f"{delta.label} is {delta.sending} at {here}, {delta.receiving} at {there}"


def _trend(package: Package, one: AutomationMap, site: str) -> Iterator[Problem]:
    parties: set[str] = set()
    names = 0
    for index, access in enumerate(one.trend_access):
        if not _duration(access.within, package.own_units):
            message = f"{package.label(str(access.party))} sees the trend, but within how many hours is not stated"
            yield Problem(one.at(f"trend_access[{index}].within"), message, site=site)
        found = _parties(package, str(access.party))
        parties |= found
        names += not found
    absent = [words for party, words in PARTY_NAMES.items() if party not in parties]
    if len(absent) > names:
        who = " and ".join(f"the {words}" for words in absent)
        yield Problem(one.at("trend_access"), f"nobody at {who} is named who sees the trend", site=site)


def _parties(package: Package, who: str) -> set[str]:
    if not is_record_id(who):
        return set()
    party = party_of(package, who)
    return {party} if party else {one.party for one in signatories(package, who) if one.party}


@rule("EQP-07", COMPLETENESS, from_gate="G3", basis="EU GMP Annex 11; 21 CFR 11")
def critical_parameter_not_kept_at_the_site(package: Package, context: Context) -> Iterator[Outcome]:
    """A critical parameter has no tag, sampling rate, alarm or historian retention at a receiving site, or is typed in.

    A value copied by hand has no sampling rate and no alarm: it is flagged, as a remark where the map says how the
    entry is checked. A parameter without a map, or a map without the site's signal, is AUT-01's.
    Why: what no system records cannot be reviewed, trended or shown to an inspector; what a person copies is copied
    wrong now and then.
    Resolve: complete `receiving` of the automation map; connect the instrument, or say in `differences` how each
    manual entry is checked.
    """
    for site in package.receiving_sites:
        maps = maps_at(package, site)
        for parameter in critical_parameters(package):
            for one in maps.get(parameter.id, ()):
                if one.receiving:
                    yield from _not_kept(package, parameter, one, one.receiving, site)


def _not_kept(
    package: Package, parameter: ProcessParameter, one: AutomationMap, signal: SignalDefinition, site: str
) -> Iterator[Problem]:
    missing = [
        (field, what)
        for field, what, given in (
            ("tag", "tag", written(signal.tag)),
            *_sampled(signal, package.own_units),
            ("historian", "historian", written(signal.historian)),
            ("retention", "retention in the historian", _kept(signal, package.own_units)),
        )
        if not given and not (field == "retention" and not written(signal.historian))
    ]
    if missing:
        field = f"receiving.{missing[0][0]}" if len(missing) == 1 else "receiving"
        what = ", ".join(words for _, words in missing)
        yield Problem(one.at(field), f"{parameter.name} has no {what} at {site_name(package, site)}", site=site)
    if signal.manual_transcription:
        checked = [
            entry.disposition
            for entry in one.differences
            if written(entry.disposition) and _CHECKED.search(f"{entry.what} {entry.disposition}")
        ]
        how = f" ({checked[0]})" if checked else ", and nothing says how the entry is checked"
        message = f"{parameter.name} is copied by hand at {site_name(package, site)}{how}"
        yield Problem(
            one.at("receiving.manual_transcription"), message, site=site, kind=INFORMATION if checked else None
        )


def _kept(signal: SignalDefinition, own: Units) -> bool:
    return _duration(signal.retention, own) or bool(
        signal.retention is None and signal.historian and _KEPT_FOR.search(signal.historian[:200])
    )
