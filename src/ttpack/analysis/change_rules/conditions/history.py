"""Whether a narrower PAR is shown to hold what was done and what each site does, and what led to it."""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from ttpack.analysis.change import Change
from ttpack.analysis.change_rules.conditions import condition
from ttpack.analysis.change_rules.readings import (
    NORMAL,
    PROVEN,
    Given,
    Reading,
    given_range,
    given_value,
    inside,
    reading,
    readings,
)
from ttpack.analysis.change_rules.sides import Raw, Sides, State
from ttpack.analysis.intervals import width_in_unit
from ttpack.model.ids import overlay_parts
from ttpack.model.status import OUT_OF_FORCE

_EVENT: Final = re.compile(
    r"\b(deviations?|excursions?|unexpected|out[- ]of[- ](?:specification|trend|range)|oos|oot|complaints?|"
    r"failures?|failed|contaminations?|recalls?|commitments?|committed|capa|corrective|investigations?)\b",
    re.IGNORECASE,
)


@condition
def narrowing_shown_harmless(change: Change, sides: Sides) -> bool:
    """All history and every site's capability are shown, on both sides, to lie in the narrower PAR.

    It must not answer an unexpected event or a commitment either.
    """
    proven = readings(change, sides)[1].range(PROVEN)
    return (
        proven is not None
        and not _answers_an_event(change, sides)
        and _history_inside(change, sides, proven)
        and all(_sites_inside(change, state, sides, proven) for state in (sides.before, sides.after))
    )


def _history_inside(change: Change, sides: Sides, proven: Given) -> bool:
    """Whether every historical range and every recorded value lies inside, and each side has at least one."""
    base, site = overlay_parts(change.record)
    for side, state in zip(readings(change, sides), (sides.before, sides.after), strict=True):
        found = side.range("historical")
        shown = [found] if found else []
        for name in sides.referrers(base, "run", "evidence"):
            shown.extend(_recorded(state.get(name), _id_in(base, state, sides), site, side))
        if not shown or not all(inside(one, proven) is True for one in shown):
            return False
    return True


def _id_in(record: str, state: State, sides: Sides) -> str:
    return (sides.former_ids if state is sides.before else sides.present_ids).get(record, record)


def _recorded(raw: Raw, parameter: str, site: str | None, side: Reading) -> Iterator[Given]:
    """What a run or a batch history says the parameter was; of a run elsewhere nothing where one site is asked about.

    A value without a number that could be read counts as one that no range holds.
    """
    if site and raw.get("site") not in (None, site):
        return
    if raw.get("kind") == "evidence" and raw.get("evidence_type") != "batch_history":
        return
    for name in ("as_run", "excursions", "studied"):
        for one in raw.get(name) or ():
            if isinstance(one, Mapping) and one.get("parameter") == parameter:
                unit = str(one.get("unit") or side.unit)
                yield (
                    given_value(one.get("value"), unit, side.own)
                    or given_range(one.get("range"), unit, side.own)
                    or Given(words="not read")
                )


def _sites_inside(change: Change, state: State, sides: Sides, proven: Given) -> bool:
    """Whether at every site of a revision the NOR, and the set point with its control band, lie inside."""
    base, site = overlay_parts(change.record)
    record = _id_in(base, state, sides)
    for at in [site] if site else _manufacturing_sites(record, state, sides):
        here = reading(state, record, f"{record}@{at}" if at else None)
        if inside(here.range(NORMAL), proven) is not True or not _band_inside(here, record, at, state, sides, proven):
            return False
    return True


def _manufacturing_sites(record: str, state: State, sides: Sides) -> list[str]:
    """The sending and receiving sites, and those with an overlay; "" where the package names none."""
    package = next((raw for _, raw in state.of_kind("package")), {})
    named = [*(package.get("sending_sites") or ()), *(package.get("receiving_sites") or ())]
    overlaid = [overlay_parts(name)[1] for name in sides.referrers(record, "site_overlay")]
    return sorted({str(one) for one in (*named, *overlaid) if one}) or [""]


def _band_inside(here: Reading, record: str, site: str, state: State, sides: Sides, proven: Given) -> bool:  # noqa: PLR0913, PLR0917
    """Whether the set point, held within the band that the site's equipment or the control loop keeps, lies inside.

    Where nothing states a band, the normal operating range is what the site is known to hold, and the set point counts.
    """
    bands = [band for band in _equipment_bands(record, site, state, sides) if band] or list(_loop_bands(here))
    aim = here.aim()
    middle = aim.within(aim.unit) if aim else None
    limits = proven.within(aim.unit) if aim else None
    if aim is None or middle is None or limits is None or middle.low is None or middle.high is None:
        return False
    if not (limits.holds(middle.low) and limits.holds(middle.high)):
        return False
    for band in bands:
        given = given_value(band, here.unit, here.own)
        width = (
            width_in_unit(Decimal(given.low), given.unit, aim.unit, here.own)
            if given and given.low is not None
            else None
        )
        if width is None or not (limits.holds(middle.low - width) and limits.holds(middle.high + width)):
            return False
    return True


def _equipment_bands(record: str, site: str, state: State, sides: Sides) -> Iterator[Any]:
    for name in sides.referrers(record, "site_equipment"):
        raw = state.get(name)
        if raw.get("status") in OUT_OF_FORCE or (site and raw.get("site") != site):
            continue
        for one in raw.get("capabilities") or ():
            if isinstance(one, Mapping) and record in (one.get("parameters") or ()):
                yield one.get("control_band") or {}


def _loop_bands(here: Reading) -> Iterator[Any]:
    inner = here.site.get("override")
    layers = (here.site, inner if isinstance(inner, Mapping) else {}, here.general)
    control = next((raw["control"] for raw in layers if raw.get("control")), None)
    if isinstance(control, Mapping) and control.get("band"):
        yield control["band"]


def _answers_an_event(change: Change, sides: Sides) -> bool:
    """Whether a record of the change says that something unexpected, or a commitment, led to it.

    That is a change record of the parameter that says so, a deviation of the past entered or edited with it, or an
    excursion that was recorded with it.
    """
    base = sides.base(change.record)
    for name in sides.referrers(base, "change_record"):
        for raw in sides.both(name):
            texts = (raw.get(key) for key in ("reason", "title", "description", "impact", "body"))
            if any(_EVENT.search(text) for text in texts if isinstance(text, str)):
                return True
    if any(name in sides.by_record for name in sides.referrers(base, "historical_deviation")):
        return True
    reason = " ".join(str(raw.get("reason") or "") for raw in sides.both(change.record))
    return bool(_EVENT.search(reason)) or any(
        one.kind == "record_added" or one.field.startswith("excursions")
        for name in sides.referrers(base, "run")
        for one in sides.by_record.get(name, ())
        if any(isinstance(each, Mapping) and each.get("parameter") == base
               for each in sides.now(name).get("excursions") or ())
    )  # fmt: skip
