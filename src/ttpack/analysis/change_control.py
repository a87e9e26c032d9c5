"""The whole answer to a change: what changed and its class, what it reaches, who decides (change-control.md, step 7)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ttpack.analysis.change_rules.classify import classify, whole_class
from ttpack.analysis.change_rules.rule import ChangeClass, ChangeRule, Classified
from ttpack.analysis.change_rules.sides import Sides
from ttpack.analysis.impact import Impact

PROPOSAL = "Proposal for qualified reviewers; nothing here is an approval."


@dataclass(frozen=True)
class ChangeControl:
    """An impact with the class of each change and what follows from it. All of it is a proposal."""

    impact: Impact
    classified: tuple[Classified, ...]
    change_class: ChangeClass
    approvers: tuple[str, ...] = ()
    parts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def needs_approval(self) -> bool:
        """Whether anything but editorial has changed."""
        return self.impact.needs_approval

    def as_json(self) -> dict[str, Any]:
        """The answer as a JSON object, its keys in a fixed order."""
        impact = self.impact.as_json()
        changes = [one.as_json() for one in self.classified]
        return {
            **self.impact.context,
            "class": self.change_class,
            "changes": changes,
            "affected": impact["affected"],
            "not_followed_further": impact["not_followed_further"],
            **self.parts,
            "approvers": list(self.approvers),
            "proposal": PROPOSAL,
        }


def change_control(impact: Impact, sides: Sides, rules: Mapping[str, ChangeRule]) -> ChangeControl:
    """What follows from a change that was compared and traced."""
    classified = classify(impact.changes, sides, rules)
    approvers = sorted({code for one in classified for code in one.approvers})
    return ChangeControl(impact, classified, whole_class(classified), tuple(approvers))
