"""Hard stops: what no good score can outweigh (alignment.md, "Readiness")."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.analysis.readiness.items import ScoredItem
from ttpack.analysis.readiness.shortfall import SCORES
from ttpack.model.knowledge import Assumption, HistoricalDeviation
from ttpack.model.package import Package

StopKind = Literal["item", "facility_fit", "assumption", "deviation"]
RULES: Final[dict[StopKind, str]] = {
    "item": "RDY-01", "facility_fit": "EQP-03", "assumption": "ASM-02", "deviation": "DEVH-01",
}  # fmt: skip
"""The rule that finds what a stop rests on."""
_SETTLED_ASSUMPTION: Final = frozenset({"confirmed", "refuted", "accepted_risk"})


@dataclass(frozen=True, slots=True)
class HardStop:
    """One thing that stops the gate, with the record it is about and who owns it as the record says."""

    kind: StopKind
    record: str
    field: str
    message: str
    owner: str

    @property
    def rule(self) -> str:
        """The rule whose finding this is."""
        return RULES[self.kind]

    def as_json(self) -> dict[str, Any]:
        """The stop as a JSON object."""
        return {
            "kind": self.kind, "record": self.record, "field": self.field, "message": self.message,
            "owner": self.owner or None, "rule": self.rule,
        }  # fmt: skip


def stops_of_items(items: Iterable[ScoredItem]) -> Iterator[HardStop]:
    """Items of the greatest weight that count a gap without a plan, or less."""
    for item in items:
        if item.stops:
            yield HardStop("item", item.record.id, "", item_words(item), item.record.receiving_owner or "")


def stops_of_fits(fits: Iterable[Fit]) -> Iterator[HardStop]:
    """Whatever the site cannot do."""
    for fit in fits:
        if fit.verdict == "FAIL":
            words = f"{fit.label} does not fit: {'; '.join(fit.reasons)}"
            yield HardStop("facility_fit", fit.about, "", words, fit.gap.owner if fit.gap else "")


def stops_of_records(package: Package, site: str, gate: str, as_of: date) -> Iterator[HardStop]:
    """Open assumptions of high impact due by that gate, and open critical deviations here or at a sending site."""
    for assumption in package.in_force(Assumption):
        if assumption.site in (None, site) and is_open_high(assumption, as_of) and _due(assumption, gate):
            yield HardStop("assumption", assumption.id, "status", _assumption_words(assumption), assumption.owner or "")
    sites = {None, site, *package.sending_sites}
    for deviation in package.in_force(HistoricalDeviation):
        if deviation.site in sites and deviation.classification == "critical" and deviation.status != "closed":
            words = f"the critical deviation {deviation.name} is open"
            yield HardStop("deviation", deviation.id, "status", words, deviation.owner or "")


def item_words(item: ScoredItem) -> str:
    """Why an item stops the gate."""
    counted = item.counted or 0
    weight = f"weighs {item.record.weight}" if item.record.weight else "has no weight, and may weigh 9,"
    return f"{item.record.name} {weight} and counts {counted} ({SCORES[counted]})"


def is_open_high(assumption: Assumption, as_of: date) -> bool:
    """Whether an assumption of high impact is not settled; a risk accepted until a date that is past is open again."""
    if assumption.impact != "high" or assumption.none_stated:
        return False
    if assumption.status == "accepted_risk":
        return assumption.expires is not None and assumption.expires < as_of
    return assumption.status not in _SETTLED_ASSUMPTION


def _due(assumption: Assumption, gate: str) -> bool:
    """Whether it is to be settled by that gate; one that names no gate may be."""
    return assumption.due_gate is None or assumption.due_gate <= gate


def _assumption_words(assumption: Assumption) -> str:
    due = f"due at {assumption.due_gate}" if assumption.due_gate else "with no gate by which it is settled"
    return f"the assumption {assumption.name}, of high impact and {due}, is open"
