"""Normal ranges that were changed after a run: what they were when it ran, and the change records that say so.

A change is known from the proposal or the corrections of a change record, from the change record that a site overlay
names, and from the baseline that the package is compared with, where that holds the run already.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any, Final

from pydantic import ValidationError

from ttpack.analysis.deviations.limits import Bounds, Limits, limits_at
from ttpack.analysis.intervals import interval, range_text
from ttpack.model.execution import Run
from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.parameter import ProcessParameter, SiteOverlay
from ttpack.model.quantity import Range
from ttpack.model.record import Record
from ttpack.model.regulatory import ChangeRecord

_NORMAL: Final = re.compile(r"(?:override\.)?ranges(?:\.normal_operating\b.*)?$")
_NORMAL_RANGE: Final = "ranges.normal_operating"


@dataclass(frozen=True, slots=True)
class NormalRangeChange:
    """A change of the normal range of a parameter, in the record of that id (the parameter, or its overlay).

    `change_record` is None where only the baseline shows it; `before` is None where nothing says what it was.
    """

    record: str
    change_record: ChangeRecord | None
    on: date | None
    before: Range | None


def dated(record: ChangeRecord) -> date | None:
    """When a change took effect: its effective date, else the day of its last decision, else when it was begun."""
    decisions = [one.decided_on for one in record.decisions if one.decided_on]
    return record.effective_date or max(decisions, default=None) or record.initiated_on


def ended(run: Run) -> date | None:
    """The day after which a change of ranges is later than the run."""
    return run.ended_on or run.last_result_on or run.started_on


class EarlierRanges:
    """Finds the changes of normal ranges after each run; everything is indexed once."""

    def __init__(self, package: Package, baseline: Package | None = None) -> None:
        self.package = package
        self.baseline = baseline
        self._limits: dict[tuple[str, str], Limits] = {}
        self._before: dict[tuple[str, str], Limits | None] = {}
        self._recorded: dict[str, frozenset[str]] = {}
        self._later: dict[tuple[str, str], tuple[NormalRangeChange, ...]] = {}

    def limits(self, parameter: ProcessParameter, site: str) -> Limits:
        """The ranges of today at a site, worked out once."""
        key = (parameter.id, site)
        if key not in self._limits:
            self._limits[key] = limits_at(self.package, parameter, site)
        return self._limits[key]

    def later_changes(self, run: Run, parameter: ProcessParameter) -> tuple[NormalRangeChange, ...]:
        """The changes of the normal range at the run's site after it ended, the earliest first."""
        key = (run.id, parameter.id)
        if key not in self._later:
            end = ended(run)
            known = [
                change
                for change in (self._known.get(self._holder(parameter, run.site), ()) if run.site else ())
                if end is not None and change.on is not None and change.on > end
            ]
            self._later[key] = tuple(known) or tuple(self._since_baseline(run, parameter))
        return self._later[key]

    def normal_at(self, run: Run, parameter: ProcessParameter) -> Bounds | None:
        """The normal range when the run ran, where it was changed since and is recorded; in the unit of the site."""
        later = self.later_changes(run, parameter)
        if not later or run.site is None:
            return None
        limits = self.limits(parameter, run.site)
        before = later[0].before
        if before is None:
            return self._baseline_normal(run, parameter) if len(later) == 1 else None
        found = interval(before, limits.unit, self.package.own_units)
        return Bounds(found, range_text(before, before.unit)) if found else None

    def unknown(self, run: Run, parameter: ProcessParameter) -> bool:
        """Whether the normal range was changed after the run, and nothing says what it was."""
        return bool(self.later_changes(run, parameter)) and self.normal_at(run, parameter) is None

    def cites(self, change: NormalRangeChange, run: Run) -> bool:
        """Whether the change record, or the record whose range was changed, names the run."""
        names = [change.record, *([change.change_record.id] if change.change_record else [])]
        word = re.compile(rf"(?<![A-Z0-9-]){re.escape(run.id)}(?![A-Z0-9-])")
        return any(word.search(str(self.package.raw.get(name, ""))) for name in names)

    def _holder(self, parameter: ProcessParameter, site: str) -> str:
        """The record that holds the normal range at a site: its overlay where that states one."""
        for overlay in self.package.overlays.get(parameter.id, ()):
            ranges = overlay.effective.ranges
            if overlay_parts(overlay.id)[1] == site and ranges and ranges.normal_operating:
                return overlay.id
        return parameter.id

    @cached_property
    def _known(self) -> dict[str, list[NormalRangeChange]]:
        """By record every change of its normal range that a change record in force tells, the earliest first."""
        found: dict[str, list[NormalRangeChange]] = {}
        for record in self.package.in_force(ChangeRecord):
            if record.state != "rejected":
                for name, change in self._told(record):
                    found.setdefault(name, []).append(change)
        told = {(name, one.change_record.id) for name, each in found.items() for one in each if one.change_record}
        for overlay in self.package.in_force(SiteOverlay):
            ranges, named = overlay.effective.ranges, self.package.get(overlay.change_record, ChangeRecord)
            if ranges and ranges.normal_operating and named and (overlay.id, named.id) not in told:
                change = NormalRangeChange(overlay.id, named, dated(named), None)
                found.setdefault(overlay.id, []).append(change)
        for changes in found.values():
            changes.sort(key=lambda one: (one.on or date.max, one.change_record.id if one.change_record else ""))
        return found

    def _told(self, record: ChangeRecord) -> Iterator[tuple[str, NormalRangeChange]]:
        said: set[str] = set()
        for one in record.proposal.changes if record.proposal else ():
            if one.field and _NORMAL.match(one.field) and one.record not in said:
                said.add(one.record)
                whole = one.field.endswith("normal_operating")
                before = _range(one.before, one.unit_before or self._unit(one.record)) if whole else None
                yield one.record, NormalRangeChange(one.record, record, dated(record), before)
        for correction in record.corrections:
            if _NORMAL_RANGE in correction.field and correction.record not in said:
                said.add(correction.record)
                yield correction.record, NormalRangeChange(correction.record, record, dated(record), None)

    def _unit(self, name: str) -> str | None:
        parameter = self.package.get(overlay_parts(name)[0], ProcessParameter)
        overlay = self.package.get(name, SiteOverlay)
        return (overlay.effective.unit if overlay else None) or (parameter.unit if parameter else None)

    def _since_baseline(self, run: Run, parameter: ProcessParameter) -> Iterator[NormalRangeChange]:
        before = self._baseline_normal(run, parameter)
        if before is None or self.baseline is None or run.site is None:
            return
        now = self.limits(parameter, run.site).normal
        if now is not None and now.ends == before.ends:
            return
        holder = self._holder(parameter, run.site)
        record = self._record_since_baseline(parameter, holder, run.site)
        yield NormalRangeChange(holder, record, dated(record) if record else None, None)

    def _record_since_baseline(self, parameter: ProcessParameter, holder: str, site: str) -> ChangeRecord | None:
        """The change record, new since the baseline, that names the parameter or its overlay."""
        before = self.baseline.records if self.baseline else {}
        names = {parameter.id, holder, f"{parameter.id}@{site}"}
        new = (
            one
            for one in self.package.in_force(ChangeRecord)
            if one.id not in before and one.state != "rejected" and names & {*one.entities, *one.removed_entities}
        )
        return next(new, None)

    def _baseline_normal(self, run: Run, parameter: ProcessParameter) -> Bounds | None:
        """The normal range of the baseline in today's unit, where the baseline holds what the run recorded."""
        if self.baseline is None or run.site is None:
            return None
        if run.id not in self._recorded:
            old_run = self.baseline.get(run.id, Run)
            self._recorded[run.id] = (
                frozenset(one.parameter or "" for one in old_run.as_run) if old_run else frozenset()
            )
        key = (parameter.id, run.site)
        if parameter.id not in self._recorded[run.id]:
            return None
        if key not in self._before:
            old = self.baseline.get(parameter.id, ProcessParameter)
            self._before[key] = limits_at(self.baseline, old, run.site) if old else None
        found = self._before[key]
        return found.normal if found and found.unit == self.limits(parameter, run.site).unit else None


def overridden_field(record: Record | None) -> str:
    """Where the normal range stands in a parameter or an overlay."""
    return record.field(_NORMAL_RANGE) if isinstance(record, SiteOverlay) else _NORMAL_RANGE


def _range(given: Any, unit: str | None) -> Range | None:
    """A range as a proposal holds it; None where it is none."""
    if not isinstance(given, dict):
        return None
    try:
        found = Range.model_validate(given)
    except (ValidationError, ValueError):
        return None
    return found.model_copy(update={"unit": found.unit or unit}) if found.numeric else None
