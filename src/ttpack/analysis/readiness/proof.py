"""How high a score can count: what the evidence of an item is, whether it is as it was when judged, who verified it."""

from collections.abc import Iterator
from dataclasses import dataclass

from ttpack.analysis.evidence_digest import EvidenceDigests
from ttpack.analysis.readiness.assessors import Assessors
from ttpack.analysis.readiness.shortfall import CLOSED, LEAST_DUE, PLAN, RECEIVED, Shortfall
from ttpack.model.execution import ReadinessItem
from ttpack.model.package import Package
from ttpack.model.record import Record

_NOT_DONE = frozenset({"planned", "failed", "stopped"})


@dataclass(frozen=True, slots=True)
class Proof:
    """What holds a score up. `digest` is that of the evidence as it is now, None where that cannot be told.

    `evidence` says why no score counts above a plan (2), `verification` why none counts above evidence received (3).
    """

    digest: str | None
    evidence: tuple[str, ...] = ()
    verification: tuple[str, ...] = ()
    shortfalls: tuple[Shortfall, ...] = ()

    @property
    def most(self) -> int:
        """The most that any score of the item can count."""
        return PLAN if self.evidence else RECEIVED if self.verification else CLOSED

    def reasons(self, score: int) -> tuple[str, ...]:
        """Why that score does not count in full; nothing where it does."""
        return (*(self.evidence if score > PLAN else ()), *(self.verification if score > RECEIVED else ()))


def proof_of(
    package: Package, record: ReadinessItem, assessors: Assessors, digests: EvidenceDigests, highest: int
) -> Proof:
    """The proof of an item whose highest standing score is `highest`; below 3 nothing has to be proved."""
    digest = digests.of(record.evidence) if record.evidence else None
    if highest < RECEIVED:
        return Proof(digest)
    due = max(LEAST_DUE, record.due_gate or LEAST_DUE)
    lacking = list(_evidence(package, record, digest, highest))
    unverified = list(_verification(package, record, assessors)) if highest >= CLOSED else []
    found = tuple(Shortfall(field, f"{record.name} {words}", due) for field, words in (*lacking, *unverified) if field)
    return Proof(digest, tuple(words for _, words in lacking), tuple(words for _, words in unverified), found)


def _evidence(package: Package, record: ReadinessItem, digest: str | None, highest: int) -> Iterator[tuple[str, str]]:
    """Why the evidence carries no score of 3 or 4, with the field; no field where another rule speaks of it."""
    ids = [one for one in record.evidence if one != record.id]
    if not ids:
        yield "evidence", f"is scored {highest} without evidence: it counts as a plan (2)"
        return
    absent = [one for one in ids if one not in package.records]
    if absent:
        yield "", f"names evidence that is not in the package: {', '.join(absent)}"
        return
    for index, name in enumerate(record.evidence):
        state = _not_received(package.records[name]) if name != record.id else ""
        if state:
            field = "" if state in ("superseded", "withdrawn") else f"evidence[{index}]"
            yield field, f"is scored {highest} on {package.label(name)}, which is {state}: it counts as a plan (2)"
            return
    if not record.evidence_digest:
        yield "evidence_digest", f"is scored {highest} without the digest of its evidence, which is {digest} now"
    elif record.evidence_digest.strip().lower() != digest:
        words = "its evidence has changed since it was scored: the digest of the evidence as it is now is"
        yield "evidence_digest", f"is scored {highest}, but {words} {digest}"


def _not_received(evidence: Record) -> str:
    """Why a record is no evidence that has been received; nothing where it is."""
    if not evidence.in_force:
        return str(evidence.status)
    states = (getattr(evidence, "outcome", None), evidence.status)
    return next((str(one) for one in states if isinstance(one, str) and one in _NOT_DONE), "")


def _verification(package: Package, record: ReadinessItem, assessors: Assessors) -> Iterator[tuple[str, str]]:
    """Why a score of 4 is not verified, with the field; no field where the item has no owner, which is said there."""
    if not record.receiving_owner:
        yield "", "is scored 4, and nobody of the receiving unit owns it who could verify it"
    elif not record.verified_by:
        yield "verified_by", "is scored 4 without verification by the receiving unit: it counts as received (3)"
    elif record.verified_by not in package.records:
        yield "", f"is verified by {record.verified_by}, which is not in the package"
    elif not assessors.verifies_for(record.verified_by, record.receiving_owner):
        who, owner = package.label(record.verified_by), package.label(record.receiving_owner)
        words = f"is scored 4, but {who} is not of the function of its owner at the receiving unit, {owner}"
        yield "verified_by", f"{words}: it counts as received (3)"
