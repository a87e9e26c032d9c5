"""Where methods are used: the limits they are tested against, and the laboratories that run them."""

from collections.abc import Iterator
from datetime import date

from ttpack.analysis.criteria import Limit, stated_limit
from ttpack.model.analytics import AnalyticalMethod, MethodTransfer
from ttpack.model.execution import Run
from ttpack.model.facility import Site
from ttpack.model.gates import Gate
from ttpack.model.package import Package
from ttpack.model.quality import InProcessControl, Specification

_SPECIFICATION_FIELDS = ("acceptance", "release_limit", "shelf_life_limit", "alert", "action")


def limits_by_method(package: Package) -> dict[str, list[Limit]]:
    """The limits of specifications and in-process controls in force, by the method that tests them."""
    found: dict[str, list[Limit]] = {}
    for line in package.in_force(Specification):
        for field in _SPECIFICATION_FIELDS if line.method else ():
            words = line.criterion if field == "acceptance" else None
            limit = stated_limit(line.id, field, getattr(line, field), line.unit, words)
            if limit and line.method:
                found.setdefault(line.method, []).append(limit)
    for control in package.in_force(InProcessControl):
        limit = stated_limit(control.id, "limit", control.limit, control.unit, control.criterion)
        if limit and control.method:
            found.setdefault(control.method, []).append(limit)
    return found


def methods_at_sites(package: Package) -> Iterator[tuple[AnalyticalMethod, str]]:
    """Each release or in-process method with each receiving site that has to be able to run it."""
    used = {line.method for line in package.in_force(Specification) if line.release}
    used |= {control.method for control in package.in_force(InProcessControl)}
    for method in package.in_force(AnalyticalMethod):
        if method.id in used or {"release", "in_process"} & set(method.purposes):
            for site in package.receiving_sites:
                yield method, site


def laboratories_of(package: Package, site: str) -> set[str]:
    """The site itself and the testing sites of its organisation."""
    record = package.get(site, Site)
    same = {
        other.id
        for other in package.of(Site)
        if record and record.organisation and other.organisation == record.organisation and other.site_role == "testing"
    }
    return {site} | same


def site_served(package: Package, laboratory: str | None) -> str | None:
    """The receiving site that a laboratory tests for: itself, else the first whose laboratories it is one of."""
    if laboratory is None or laboratory in package.receiving_sites:
        return laboratory
    return next((site for site in package.receiving_sites if laboratory in laboratories_of(package, site)), None)


def transfers_by_method(package: Package) -> dict[str, list[MethodTransfer]]:
    """Transfers in force, by method."""
    found: dict[str, list[MethodTransfer]] = {}
    for transfer in package.in_force(MethodTransfer):
        if transfer.method:
            found.setdefault(transfer.method, []).append(transfer)
    return found


def last_planned_ppq(package: Package) -> date | None:
    """The last date on which a process performance qualification batch is planned to be made, or was."""
    dates = [
        day
        for run in package.in_force(Run)
        if run.run_kind == "PPQ"
        for day in (run.planned_on, run.started_on, run.ended_on)
    ]
    dates += [gate.planned_on for gate in package.in_force(Gate) if gate.gate == "G6"]
    return max((day for day in dates if day is not None), default=None)
