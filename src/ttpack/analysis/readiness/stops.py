"""Hard stops: what no good score can outweigh (alignment.md, "Readiness")."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, Literal

from ttpack.analysis.assumptions import blocking_gate, closed_gate
from ttpack.analysis.facility_fit.verdict import Fit
from ttpack.analysis.gates.state import concerns
from ttpack.analysis.readiness.items import ScoredItem
from ttpack.analysis.readiness.shortfall import SCORES
from ttpack.model.knowledge import Assumption, HistoricalDeviation
from ttpack.model.package import Package

StopKind = Literal["item", "facility_fit", "assumption", "deviation"]
RULES: Final[dict[StopKind, str]] = {
    "item": "RDY-01", "facility_fit": "EQP-03", "assumption": "ASM-02", "deviation": "DEVH-01",
}  # fmt: skip
"""The rule that finds what a stop rests on."""


@dataclass(frozen=True, slots=True)
class HardStop:
    """One thing that stops the gate, with its record, who owns it as the record says, and the rule that finds it."""

    kind: StopKind
    record: str
    field: str
    message: str
    owner: str
    rule: str

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
            yield HardStop(
                "item", item.record.id, "", item_words(item), item.record.receiving_owner or "", RULES["item"]
            )


def stops_of_fits(fits: Iterable[Fit]) -> Iterator[HardStop]:
    """Whatever the site cannot do."""
    for fit in fits:
        if fit.verdict == "FAIL":
            words = f"{fit.label} does not fit: {'; '.join(fit.reasons)}"
            yield HardStop(
                "facility_fit", fit.about, "", words, fit.gap.owner if fit.gap else "", RULES["facility_fit"]
            )


def stops_of_records(package: Package, site: str, gate: str, as_of: date) -> Iterator[HardStop]:
    """Open assumptions of high impact that close that gate, and open critical deviations at no other receiving site.

    Which gate an assumption closes is what ASM-02 says; a risk accepted until a date that is past (ASM-04) is open
    again by the gate at which the assumption was due.
    """
    for assumption in package.in_force(Assumption):
        closes, lapsed = closed_gate(assumption), is_lapsed(assumption, as_of)
        closes = blocking_gate(assumption) if lapsed else closes
        if concerns(package, assumption.site, site) and closes is not None and closes <= gate:
            rule = "ASM-04" if lapsed else RULES["assumption"]
            words, owner = _assumption_words(assumption, lapsed=lapsed), _first_owner(assumption)
            yield HardStop("assumption", assumption.id, "expires" if lapsed else "status", words, owner, rule)
    for deviation in package.in_force(HistoricalDeviation):
        grave = deviation.classification == "critical" and deviation.status != "closed"
        if grave and concerns(package, deviation.site, site):
            words = f"the critical deviation {deviation.name} is open, and gate G5 cannot open with it"
            yield HardStop("deviation", deviation.id, "status", words, deviation.owner or "", RULES["deviation"])


def item_words(item: ScoredItem) -> str:
    """Why an item stops the gate."""
    counted = item.counted or 0
    weight = f"weighs {item.record.weight}" if item.record.weight else "has no weight, and may weigh 9,"
    return f"{item.record.name} {weight} and counts {counted} ({SCORES[counted]})"


def is_lapsed(assumption: Assumption, as_of: date) -> bool:
    """Whether an assumption of high impact is a risk that was accepted until a date that is past."""
    accepted = assumption.status == "accepted_risk" and not assumption.none_stated and assumption.impact == "high"
    return accepted and assumption.expires is not None and assumption.expires < as_of


def _first_owner(assumption: Assumption) -> str:
    return assumption.owner or assumption.receiving_owner or assumption.sending_owner or ""


def _assumption_words(assumption: Assumption, *, lapsed: bool) -> str:
    due = f"due at {assumption.due_gate}" if assumption.due_gate else "with no gate by which it is settled"
    state = f"was accepted as a risk only until {assumption.expires}" if lapsed else "is open"
    return f"the assumption {assumption.name}, of high impact and {due}, {state}"
