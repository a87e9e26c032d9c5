"""Rules on assumptions that are settled: what a refutation changed, and who accepted a risk (ASM-03, ASM-04)."""

from collections.abc import Iterator

from ttpack.analysis.assumptions import Revisions, latest_day
from ttpack.analysis.parties import missing_quality_approval
from ttpack.model.findings import Problem
from ttpack.model.knowledge import Assumption, HistoricalDeviation
from ttpack.model.package import Package
from ttpack.model.regulatory import ChangeRecord
from ttpack.rules.registry import CONSISTENCY, Context, NotComputable, Outcome, rule
from ttpack.rules.site_places import listed


@rule("ASM-03", CONSISTENCY, basis="closed loop: Niazi, different operational assumptions")
def refuted_assumption_without_consequence(package: Package, context: Context) -> Iterator[Outcome]:
    """A refuted assumption has no change or deviation that followed, or what rests on it was not revised since.

    `consequences` names at least one change record or deviation. Each record in `affected` is named by a change record
    (among its entities or corrections, and not rejected) of which something is dated on or after `decided_on`; a record
    that is no longer in force needs none. Whether the change touched what rested on the assumption, people judge.
    Why: a refuted assumption that changed nothing is still believed by every record that was written on it.
    Resolve: name the change record or deviation, revise what rests on it under that change, and date the refutation.
    """
    refuted = [item for item in package.in_force(Assumption) if item.status == "refuted"]
    revisions = Revisions(package) if refuted else None
    for item in refuted:
        if not any(
            isinstance(package.records.get(one), ChangeRecord | HistoricalDeviation) for one in item.consequences
        ):
            named = f"; {listed(package, item.consequences)} is neither" if item.consequences else ""
            words = f"the assumption {item.name} is refuted, and no change or deviation followed from it{named}"
            if all(one in package.records for one in item.consequences):
                yield Problem(item.at("consequences"), words, site=item.site)
        if item.decided_on is None:
            words = f"the assumption {item.name} is refuted, and nobody says since when"
            yield Problem(item.at("decided_on"), words, site=item.site)
        elif revisions is not None and item.consequences:
            yield from _not_revised(package, item, revisions)


def _not_revised(package: Package, item: Assumption, revisions: Revisions) -> Iterator[Outcome]:
    """Records that no change has named since; one finding, since one change may name them all."""
    since = item.decided_on
    stale: list[str] = []
    undated: list[str] = []
    for record_id in dict.fromkeys(item.affected):
        record = package.records.get(record_id)
        if record is None or not record.in_force or since is None:
            continue
        days = [latest_day(change) for change in revisions.of([record_id])]
        if any(day is not None and day >= since for day in days):
            continue
        (undated if None in days else stale).append(record_id)
    if stale:
        words = f"the assumption {item.name} was refuted on {since}, and no change record since then revises"
        yield Problem(item.at("affected"), f"{words} {listed(package, stale)}", site=item.site)
    if undated:
        reason = (
            f"the change that revises {listed(package, undated)} has no date, so nobody can tell whether it is later"
        )
        yield NotComputable(item.at("affected"), f"{reason} than {since}")


@rule("ASM-04", CONSISTENCY, basis="ICH Q10 3.2; quality agreement")
def risk_accepted_without_quality_or_expiry(package: Package, context: Context) -> Iterator[Outcome]:
    """An assumption is accepted as a risk without QA of both parties, without an expiry, or beyond its expiry.

    `approvers` are roles or persons of function QA of either party; names written out count as far as they can.
    Why: a risk accepted by one party is a risk of the other, and one accepted without end is a fact nobody verified.
    Resolve: let QA of both parties approve, with a date by which it is looked at again; after it, verify or renew.
    """
    for item in package.in_force(Assumption):
        if item.status != "accepted_risk" or item.none_stated:
            continue
        missing = missing_quality_approval(package, item.approvers)
        if missing:
            words = f"the assumption {item.name} is accepted as a risk, but {missing}"
            yield Problem(item.at("approvers"), words, site=item.site)
        if item.expires is None:
            words = f"the assumption {item.name} is accepted as a risk without an end"
            yield Problem(item.at("expires"), words, site=item.site)
        elif item.expires < context.as_of:
            words = f"the assumption {item.name} was accepted as a risk until {item.expires}, which is past"
            yield Problem(item.at("expires"), words, site=item.site)
