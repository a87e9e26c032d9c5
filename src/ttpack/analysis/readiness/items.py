"""What counts of the scores of one readiness item: the lower of two parties' scores, as far as evidence carries it.

What lowers a score is a shortfall at a field of the record: the answer shows it as the reason, RDY-01 as a finding.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ttpack.analysis.evidence_digest import EvidenceDigests
from ttpack.analysis.ownership import Party
from ttpack.analysis.parties import PARTY_NAMES
from ttpack.analysis.placeholders import written
from ttpack.analysis.readiness.assessors import Assessors, named
from ttpack.analysis.readiness.proof import Proof, proof_of
from ttpack.analysis.readiness.shortfall import PLAN, SCORES, Shortfall
from ttpack.model.execution import ReadinessItem, Score
from ttpack.model.package import Package

PARTIES: Final[tuple[Party, Party]] = ("sending", "receiving")
STOPPING_WEIGHT: Final = 9
STOPPING_SCORE: Final = 1
DISAGREEMENT: Final = 2


@dataclass(frozen=True, slots=True)
class PartyScore:
    """One party's score: as stated, and what counts of it (0 where it does not stand), with the owner at that party."""

    party: Party
    stated: int | None
    counted: int
    assessor: str
    on: date | None
    owner: str
    reasons: tuple[str, ...]

    def as_json(self) -> dict[str, Any]:
        """The score as a JSON object."""
        return {
            "stated": self.stated, "counted": self.counted, "assessor": self.assessor or None,
            "on": self.on.isoformat() if self.on else None, "owner": self.owner or None, "reasons": list(self.reasons),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class ScoredItem:
    """An item with both parties' scores. `counted` is the lower of what counts, None where it is not applicable.

    `not_applicable` is true only with a reason and the approval of quality assurance. `digest_now` is that of the
    evidence named, as the package has it.
    """

    record: ReadinessItem
    sending: PartyScore
    receiving: PartyScore
    not_applicable: bool
    digest_now: str | None
    shortfalls: tuple[Shortfall, ...]

    @property
    def counted(self) -> int | None:
        """The lower of the two counted scores."""
        return None if self.not_applicable else min(self.sending.counted, self.receiving.counted)

    @property
    def difference(self) -> int | None:
        """By how much the stated scores differ; None where one party has not scored."""
        if self.not_applicable or self.sending.stated is None or self.receiving.stated is None:
            return None
        return abs(self.sending.stated - self.receiving.stated)

    @property
    def disagrees(self) -> bool:
        """Whether the parties are two or more apart: they work on different assumptions."""
        return (self.difference or 0) >= DISAGREEMENT

    @property
    def unscored_by(self) -> tuple[Party, ...]:
        """The parties without a score."""
        found = (one for one in (self.sending, self.receiving) if one.stated is None)
        return () if self.not_applicable else tuple(one.party for one in found)

    @property
    def stops(self) -> bool:
        """Whether it stops the gate: of the greatest weight, or of none known, and a gap without a plan or less."""
        counted = self.counted
        return counted is not None and counted <= STOPPING_SCORE and self.record.weight in (None, STOPPING_WEIGHT)

    def as_json(self) -> dict[str, Any]:
        """The item as a JSON object."""
        record = self.record
        return {
            "record": record.id, "title": record.name, "category": record.category, "criterion": record.criterion,
            "weight": record.weight, "site": record.site, "due_gate": record.due_gate,
            "sending": self.sending.as_json(), "receiving": self.receiving.as_json(), "counted": self.counted,
            "difference": self.difference, "not_applicable": self.not_applicable,
            "evidence": list(record.evidence), "evidence_digest": record.evidence_digest,
            "evidence_digest_now": self.digest_now, "verified_by": record.verified_by,
            "shortfalls": [{"field": one.field, "message": one.message} for one in self.shortfalls],
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Stated:
    """A score as given: whether it stands as that party's own."""

    party: Party
    given: Score | None
    stands: bool
    reasons: tuple[Shortfall, ...]


def scored_item(
    package: Package, record: ReadinessItem, as_of: date, assessors: Assessors, digests: EvidenceDigests
) -> ScoredItem:
    """What counts of an item's scores on a date, and everything that is short of what it claims."""
    claimed = bool(record.not_applicable_reason or record.not_applicable_approver)
    unfounded = tuple(_unfounded(package, record, assessors)) if claimed else ()
    stated = _stated(package, record, as_of, assessors)
    highest = max((one.given.score for one in stated if one.given and one.stands), default=0)
    proof = proof_of(package, record, assessors, digests, 0 if claimed else highest)
    found: list[Shortfall] = [*unfounded, *_facts(package, record, claimed=claimed), *_owners(record, assessors)]
    if not claimed:
        found += [*(reason for one in stated for reason in one.reasons), *proof.shortfalls, *_undated(record, stated)]
    sending, receiving = (_party_score(record, one, proof, unfounded=bool(unfounded)) for one in stated)
    return ScoredItem(record, sending, receiving, claimed and not unfounded, proof.digest, tuple(found))


def _unfounded(package: Package, record: ReadinessItem, assessors: Assessors) -> Iterator[Shortfall]:
    """What the claim that an item is not applicable lacks: a reason, the approval of quality assurance."""
    claim, end = f"{record.name} is called not applicable", "it counts as not assessed"
    if not written(record.not_applicable_reason):
        yield Shortfall("not_applicable_reason", f"{claim} without a reason: {end}")
    approver = record.not_applicable_approver
    if not named(approver):
        yield Shortfall("not_applicable_approver", f"{claim} without approval by quality assurance: {end}")
    elif not assessors.is_quality(approver):
        words = f"{claim}, approved by {package.label(approver or '')}, who is not quality assurance: {end}"
        yield Shortfall("not_applicable_approver", words)


def _facts(package: Package, record: ReadinessItem, *, claimed: bool) -> Iterator[Shortfall]:
    if record.category is None:
        yield Shortfall("category", f"{record.name} names no category, and counts on its own in the minimum")
    if record.weight is None and not claimed:
        words = f"{record.name} has no weight, and counts with the weight that leaves its category lowest"
        yield Shortfall("weight", words)
    if record.site and record.site in package.records and record.site not in package.receiving_sites:
        words = f"{record.name} is about {package.label(record.site)}, which is no receiving site: it counts nowhere"
        yield Shortfall("site", words)


def _undated(record: ReadinessItem, stated: Iterable[_Stated]) -> Iterator[Shortfall]:
    """A plan without a date: the score of one says that there is both owner and date."""
    plans = any(one.given and one.stands and one.given.score == PLAN for one in stated)
    if plans and record.due_gate is None:
        words = f"is scored {PLAN} ({SCORES[PLAN]}), and names no gate by which it is due"
        yield Shortfall("due_gate", f"{record.name} {words}")


def _owners(record: ReadinessItem, assessors: Assessors) -> Iterator[Shortfall]:
    for party, owner in zip(PARTIES, (record.sending_owner, record.receiving_owner), strict=True):
        of = assessors.party(owner)
        if not owner:
            yield Shortfall(f"{party}_owner", f"{record.name} has no owner at the {PARTY_NAMES[party]}")
        elif of not in (None, party):
            words = f"the owner of {record.name} at the {PARTY_NAMES[party]} is {owner}, of the {PARTY_NAMES[str(of)]}"
            yield Shortfall(f"{party}_owner", words)


def _stated(package: Package, record: ReadinessItem, as_of: date, assessors: Assessors) -> tuple[_Stated, _Stated]:
    sending, receiving = (_own_score(package, record, party, as_of, assessors) for party in PARTIES)
    if sending.given is None or receiving.given is None or not (sending.stands and receiving.stands):
        return sending, receiving
    first, second = assessors.people(sending.given.assessor), assessors.people(receiving.given.assessor)
    if not first or first != second:
        return sending, receiving
    words = (
        f"{record.name} is scored for both parties by the same people ({receiving.given.assessor}): one of the scores "
        "is not its party's own, and counts as not assessed"
    )
    reason = Shortfall("receiving_score.assessor", words)
    return sending, _Stated("receiving", receiving.given, stands=False, reasons=(reason,))


def _own_score(package: Package, record: ReadinessItem, party: Party, as_of: date, assessors: Assessors) -> _Stated:
    """Whether a score stands as that of its own party, given by the date of the answer."""
    given = record.sending_score if party == "sending" else record.receiving_score
    words, field = PARTY_NAMES[party], f"{party}_score"
    of = assessors.party(given.assessor) if given else None
    stands = False
    if given is None:
        reason = Shortfall(field, f"the {words} has not scored {record.name}")
    elif given.on is not None and given.on > as_of:
        late = f"is dated {given.on}, after {as_of}: it does not count yet"
        reason = Shortfall(f"{field}.on", f"the score of the {words} for {record.name} {late}")
    elif of not in (None, party):
        who = f"{package.label(given.assessor or '')} of the {PARTY_NAMES[str(of)]}"
        other = f"is given by {who}: it is not the {words}'s own, and counts as not assessed"
        reason = Shortfall(f"{field}.assessor", f"the score of the {words} for {record.name} {other}")
    elif not named(given.assessor):
        reason = Shortfall(f"{field}.assessor", f"nobody is named who scored {record.name} for the {words}")
        stands = True
    else:
        return _Stated(party, given, stands=True, reasons=())
    return _Stated(party, given, stands, (reason,))


def _party_score(record: ReadinessItem, stated: _Stated, proof: Proof, *, unfounded: bool) -> PartyScore:
    """What counts of one party's score, and why where it is less than stated."""
    given, party = stated.given, stated.party
    owner = record.sending_owner if party == "sending" else record.receiving_owner
    if given is None:
        return PartyScore(party, None, 0, "", None, owner or "", ())
    assessor = " ".join((given.assessor or "").split())
    if unfounded:
        reasons: tuple[str, ...] = ("called not applicable without what that takes",)
    else:
        reasons = proof.reasons(given.score) if stated.stands else tuple(one.message for one in stated.reasons)
    counted = min(given.score, proof.most) if stated.stands and not unfounded else 0
    return PartyScore(party, given.score, counted, assessor, given.on, owner or "", reasons)


def scored_items(package: Package, as_of: date) -> list[ScoredItem]:
    """Every readiness item in force, scored, in the order of ids."""
    assessors, digests = Assessors(package), EvidenceDigests(package)
    return [scored_item(package, one, as_of, assessors, digests) for one in package.in_force(ReadinessItem)]
