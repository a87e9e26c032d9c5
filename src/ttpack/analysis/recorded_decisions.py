"""Decisions that stand in the change records of a change, as its page shows them beside the proposal."""

from collections.abc import Mapping
from dataclasses import dataclass

from ttpack.analysis.change_rules.sides import Sides


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """What a reviewer decided, as a change record states it; not `current` where it was given on another proposal."""

    function: str
    reviewer: str
    decision: str
    decided_on: str = ""
    comment: str = ""
    record: str = ""
    current: bool = True


def recorded_decisions(sides: Sides) -> tuple[RecordedDecision, ...]:
    """Decisions of the change records that came or changed with this change, in the order of records."""
    records = {change.record for change in sides.changes if change.record_kind == "change_record"}
    found = []
    for record in sorted(records):
        raw = sides.now(record)
        proposal = raw.get("proposal")
        digest = proposal.get("digest") if isinstance(proposal, Mapping) else None
        for one in raw.get("decisions") or ():
            reviewer = str(one.get("reviewer") or "")
            found.append(
                RecordedDecision(
                    str(one.get("function") or ""), str(sides.after.get(reviewer).get("title") or reviewer),
                    str(one.get("decision") or ""), str(one.get("decided_on") or ""), str(one.get("comment") or ""),
                    record, digest is None or one.get("proposal_digest") == digest,
                )
            )  # fmt: skip
    return tuple(found)
