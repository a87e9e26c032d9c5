"""At-risk decisions: overlapping work that both quality units have allowed, on purpose and for a time."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from ttpack.analysis.gates.overlaps import NotComparable, Overlap, Overlaps
from ttpack.analysis.parties import missing_quality_approval
from ttpack.model.gates import AtRiskDecision
from ttpack.model.ids import PLAIN_ID
from ttpack.model.package import Package

_IDS = re.compile(rf"(?<![A-Za-z0-9-]){PLAIN_ID}(?![A-Za-z0-9-])")
_MOST_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Defect:
    """Why a decision does not count: the field that says so, and the words."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True)
class AtRisk:
    """A decision to begin work early, and whether it is in force. `defect` is empty where it is."""

    decision: AtRiskDecision
    approvers: tuple[str, ...]
    defect: str
    covers: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The decision as a JSON object, its keys in a fixed order."""
        given = self.decision
        return {
            "record": given.id, "title": given.name, "activity": given.activity, "overlaps": list(given.overlaps),
            "risk_statement": given.risk_statement, "ahead_of": given.gate, "approvers": list(self.approvers),
            "decided_on": given.decided_on.isoformat() if given.decided_on else None,
            "expires": given.expires.isoformat() if given.expires else None,
            "in_force": not self.defect, "defect": self.defect or None, "covers": list(self.covers),
        }  # fmt: skip


class Declarations:
    """The at-risk decisions of a package by the records they name."""

    def __init__(self, package: Package, as_of: date) -> None:
        """Decisions that are superseded or withdrawn do not count."""
        self._package, self._as_of = package, as_of

    @cached_property
    def all(self) -> tuple[AtRiskDecision, ...]:
        """The decisions whose records are in force."""
        return self._package.in_force(AtRiskDecision)

    @cached_property
    def _by_name(self) -> Mapping[str, list[AtRiskDecision]]:
        found: dict[str, list[AtRiskDecision]] = {}
        for decision in self.all:
            for name in sorted(self._names(decision)):
                found.setdefault(name, []).append(decision)
        return found

    def _names(self, decision: AtRiskDecision) -> set[str]:
        text = (decision.activity or "")[:_MOST_TEXT]
        return {*decision.overlaps, *(found.group() for found in _IDS.finditer(text))}

    def own_defect(self, decision: AtRiskDecision) -> Defect | None:
        """Why a decision counts for nothing, whatever it is about."""
        if decision.status in ("draft", "in_review"):
            return Defect("status", f"it is still {decision.status.replace('_', ' ')}")
        missing = missing_quality_approval(self._package, map(str, decision.approvers))
        if missing:
            return Defect("approvers", missing)
        if decision.decided_on is None:
            return Defect("decided_on", "nothing says when it was decided")
        if decision.decided_on > self._as_of:
            return Defect("decided_on", f"its date, {decision.decided_on}, is still ahead")
        if decision.expires is None:
            return Defect("expires", "nothing says when it ends")
        return None

    def naming(self, overlap: Overlap) -> list[AtRiskDecision]:
        """The decisions that name an overlap: its work and all that it runs over, or the campaign of both."""
        wanted = {overlap.activity, *overlap.over}
        found = {decision.id: decision for decision in self._by_name.get(overlap.activity, ())}
        named = {one.id: one for one in found.values() if wanted <= self._names(one)}
        for instead in overlap.instead:
            named |= {decision.id: decision for decision in self._by_name.get(instead, ())}
        return [named[key] for key in sorted(named)]

    def defect(self, decision: AtRiskDecision, overlap: Overlap) -> Defect | None:
        """Why a decision that names an overlap does not allow it; None where it does."""
        own = self.own_defect(decision)
        if own:
            return own
        if decision.site and decision.site != overlap.site:
            return Defect("site", f"it is about {self._package.label(decision.site)}")
        if overlap.gate and decision.gate and decision.gate != overlap.gate:
            return Defect("gate", f"it runs ahead of {decision.gate}, not of {overlap.gate}")
        begun = overlap.start <= self._as_of
        if begun and decision.decided_on and decision.decided_on > overlap.start:
            return Defect("decided_on", f"it was decided on {decision.decided_on}, after the start on {overlap.start}")
        lasts = max(overlap.start, self._as_of) if overlap.until is None else overlap.start
        if decision.expires and decision.expires < lasts:
            return Defect("expires", f"it ended on {decision.expires}")
        return None

    def of(self, overlap: Overlap) -> tuple[AtRiskDecision | None, Defect | None]:
        """The decision that allows an overlap; else the first that names it and why it does not; else nothing."""
        first: tuple[AtRiskDecision | None, Defect | None] = (None, None)
        for decision in self.naming(overlap):
            defect = self.defect(decision, overlap)
            if defect is None:
                return decision, None
            if first[0] is None:
                first = (decision, defect)
        return first


def at_risk(
    package: Package, site: str, as_of: date
) -> tuple[tuple[AtRisk, ...], tuple[Overlap, ...], tuple[NotComparable, ...]]:
    """The decisions of a site with what they cover, the overlaps that none allows, and what cannot be compared."""
    declarations, overlaps = Declarations(package, as_of), Overlaps(package, as_of)
    covered: dict[str, list[str]] = {}
    undeclared: list[Overlap] = []
    unknown: list[NotComparable] = []
    for one in overlaps.at(site):
        if isinstance(one, NotComparable):
            unknown.append(one)
            continue
        decision, defect = declarations.of(one)
        if decision and defect is None:
            covered.setdefault(decision.id, []).append(one.message)
        else:
            undeclared.append(one)
    here = (one for one in declarations.all if _concerns(package, one, site))
    stated = tuple(_stated(package, one, declarations, covered, as_of) for one in here)
    return stated, tuple(undeclared), tuple(unknown)


def _concerns(package: Package, decision: AtRiskDecision, site: str) -> bool:
    """Whether a decision is about a site: it says so, or names work there, or says nothing of sites."""
    if decision.site:
        return decision.site == site
    sites = set(_sites(package, decision.overlaps))
    return not sites or site in sites


def _sites(package: Package, records: Iterable[str]) -> Iterator[str]:
    for name in records:
        found = getattr(package.records.get(name), "site", None)
        if isinstance(found, str):
            yield found


def _stated(
    package: Package,
    decision: AtRiskDecision,
    declarations: Declarations,
    covered: Mapping[str, list[str]],
    as_of: date,
) -> AtRisk:
    defect = declarations.own_defect(decision)
    said = defect.reason if defect else ""
    if not said and decision.expires and decision.expires < as_of:
        said = f"it ended on {decision.expires}"
    approvers = tuple(package.label(str(one)) for one in decision.approvers)
    return AtRisk(decision, approvers, said, tuple(covered.get(decision.id, ())))
