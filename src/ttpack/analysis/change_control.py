"""The whole answer to a change: what changed and its class, what it reaches, who decides (change-control.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ttpack.analysis.affected_documents import AffectedDocument, VoidApproval, affected_documents
from ttpack.analysis.approver_functions import RoleHolder, approver_codes, approver_roles
from ttpack.analysis.change_rules.classify import classify, whole_class
from ttpack.analysis.change_rules.rule import ChangeClass, ChangeRule, Classified
from ttpack.analysis.change_rules.sides import Sides
from ttpack.analysis.change_sites import controlled
from ttpack.analysis.evidence_needed import EvidenceNeeded, Unseen, evidence_needed, unseen
from ttpack.analysis.fit_change import fit_changes, fit_fails
from ttpack.analysis.impact import Impact
from ttpack.analysis.recorded_decisions import RecordedDecision, recorded_decisions
from ttpack.analysis.reopened_gates import ReopenedGate, reopened_gates
from ttpack.analysis.reporting import Reporting, most_restrictive, needs_regulatory_affairs, reporting
from ttpack.analysis.site_actions import SiteAction, site_actions
from ttpack.model.regulatory import RegulatoryProfile

PROPOSAL = "Proposal for qualified reviewers; nothing here is an approval."
_READ_AT_ONCE = frozenset({
    "package", "document", "approval", "gate", "change_procedure", "site", "role", "person", "organisation",
    "governance_body", "assumption", "regulatory_state", "regulatory_profile", "established_condition",
})  # fmt: skip


@dataclass(frozen=True)
class ChangeControl:
    """An impact with the class of each change and what follows from it. All of it is a proposal.

    `approvers` are function codes, `approver_roles` who holds each in the package: none where nobody does. `rules`
    are the change rules by id, so that a reader is told what each says. `decided` is what people decided: it stands on
    the page beside the proposal and is no part of the answer.
    """

    impact: Impact
    classified: tuple[Classified, ...]
    change_class: ChangeClass
    approvers: tuple[str, ...] = ()
    approver_roles: Mapping[str, tuple[RoleHolder, ...]] = field(default_factory=dict)
    documents: tuple[AffectedDocument, ...] = ()
    approvals: tuple[VoidApproval, ...] = ()
    gates: tuple[ReopenedGate, ...] = ()
    sites: tuple[SiteAction, ...] = ()
    reporting: tuple[Reporting, ...] = ()
    evidence: tuple[EvidenceNeeded, ...] = ()
    unseen: Unseen = field(default_factory=Unseen)
    rules: Mapping[str, ChangeRule] = field(default_factory=dict)
    decided: tuple[RecordedDecision, ...] = ()

    @property
    def needs_approval(self) -> bool:
        """Whether anything but editorial has changed, or a rule asks for more than an editorial change does."""
        return self.impact.needs_approval or self.change_class != "editorial"

    @property
    def _class(self) -> ChangeClass | None:
        """The class, unless it would say that nothing of meaning changed while something could not be read."""
        unknown = self.change_class == "editorial" and bool(self.impact.context.get("not_assessed"))
        return None if unknown else self.change_class

    def as_json(self) -> dict[str, Any]:
        """The answer as a JSON object, its keys in a fixed order."""
        impact = self.impact.as_json()
        return {
            **self.impact.context,
            "class": self._class,
            "changes": [one.as_json() for one in self.classified],
            "affected": impact["affected"],
            "not_followed_further": impact["not_followed_further"],
            "documents": _json(self.documents),
            "approvals": _json(self.approvals),
            "approvers": list(self.approvers),
            "approver_roles": {code: _json(self.approver_roles.get(code, ())) for code in self.approvers},
            "gates": _json(self.gates),
            "sites": _json(self.sites),
            "reporting": _json(self.reporting),
            "reporting_overall": most_restrictive(self.reporting) or None,
            "evidence": _json(self.evidence),
            "unseen": self.unseen.as_json(),
            "proposal": PROPOSAL,
        }


class _AsJson(Protocol):
    def as_json(self) -> dict[str, Any]: ...


def _json(items: Sequence[_AsJson]) -> list[dict[str, Any]]:
    return [one.as_json() for one in items]


def change_control(
    impact: Impact, sides: Sides, rules: Mapping[str, ChangeRule], profiles: Mapping[str, RegulatoryProfile]
) -> ChangeControl:
    """What follows from a change that was compared and traced; `profiles` are the shipped ones by name."""
    for state in (sides.before, sides.after):
        state.fetch(record for record, kind in state.index.kinds.items() if kind in _READ_AT_ONCE)
    fits = fit_changes(sides, [item.record for item in impact.affected])
    classified = classify(impact.changes, sides, rules, fit_fails(fits))
    change_class = whole_class(classified)
    documents, approvals = affected_documents(sides)
    sites = site_actions(classified, impact.affected, sides)
    reported = reporting(classified, sides, profiles)
    approvers = approver_codes(classified, change_class, reported=needs_regulatory_affairs(reported))
    changed = sorted({one.change.record for one in controlled(classified)})
    return ChangeControl(
        impact, classified, change_class, approvers, approver_roles(approvers, changed, sides),
        documents=documents,
        approvals=approvals,
        gates=reopened_gates(classified, documents, sides),
        sites=sites,
        reporting=reported,
        evidence=evidence_needed(classified, rules),
        unseen=unseen(
            sides, (*changed, *(item.record for item in impact.affected)),
            {site.change_procedure: site.procedure for site in sites if site.procedure},
            impact.context, impact.cut_off,
        ),
        rules=rules,
        decided=recorded_decisions(sides),
    )  # fmt: skip
