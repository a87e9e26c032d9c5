"""What ttpack proposes in a change record: the impact as it was computed, apart from what people write and decide."""

from typing import Any, Literal

from ttpack.model.record import Fact, RecordId, fact

ProposedClass = Literal["editorial", "minor", "moderate", "major"]
DIGEST = r"^[0-9a-f]{64}$"


class ProposedChange(Fact):
    """One change of a field: what it was, what it is, and the rule that gives its class."""

    record: RecordId = fact("Record changed.", default=...)
    field: str | None = fact("Field; none where the record as a whole was added or removed.")
    change: str = fact("Kind of change.", example="range_changed", default=...)
    direction: str | None = fact("Direction.", example="widened")
    before: Any = fact("What it was, long texts cut.")
    after: Any = fact("What it is, long texts cut.")
    unit_before: str | None = fact("Its unit before.")
    unit_after: str | None = fact("Its unit after.")
    magnitude: str | None = fact("How large the change is, in words.")
    rule: str | None = fact("Change rule that gives the class.", example="CH-15")
    rule_class: ProposedClass = fact("Class of that rule.", default=...)
    change_class: ProposedClass = fact("Class after modifiers.", default=...)
    modifiers: tuple[str, ...] = fact("What raised the class.", default=())
    also: tuple[str, ...] = fact("Further rules that match.", default=())
    after_digest: str = fact(
        "SHA-256 of what it is, in full: tells whether it was changed once more.", pattern=DIGEST, default=...
    )


class Proposal(Fact):
    """The impact of a change as `ttpack impact --record` computed it; rewritten as a whole, never edited by hand.

    Records are named as plain text, so that a proposal is no reference to what it speaks of.
    """

    digest: str = fact("SHA-256 of the proposal; a decision names it.", pattern=DIGEST, default=...)
    ttpack: str | None = fact("Version of ttpack that computed it.", significance="editorial")
    change_rules: str | None = fact("Digest of the change rules and profiles it used.", significance="editorial")
    change_class: ProposedClass = fact("Class of the whole change.", default=...)
    changes: tuple[ProposedChange, ...] = fact("What changed in meaning.", default=())
    editorial: int | None = fact("How many changes are editorial.", significance="editorial")
    affected: dict[str, int] = fact("How many records are to be revised, assessed, informed.", default={})
    revise: tuple[str, ...] = fact("Records that must be revised.", default=())
    not_assessed: tuple[str, ...] = fact("Records that could not be read on one side.", default=())
    approvers: tuple[str, ...] = fact("Functions that have to decide.", example=["S-QA", "C-QA"], default=())
    parts: dict[str, Any] = fact(
        "Documents, approvals that are void, gates, sites, reporting, evidence, and what was not seen.", default={}
    )
