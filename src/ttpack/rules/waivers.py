"""Rules on waivers, and when a waiver counts (format.md, "Records" and "Gates and severity")."""

from collections.abc import Iterator
from datetime import date

from ttpack.analysis.parties import missing_quality_approval
from ttpack.analysis.placeholders import written
from ttpack.model.documents import Waiver
from ttpack.model.findings import Problem
from ttpack.model.package import Package
from ttpack.rules.registry import CONSISTENCY, Context, Outcome, rule

NEVER_WAIVED = frozenset({"DOC-07", "CHG-02", "MBR-01", "QAG-01", "VAL-02", "DEV-03", "WVR-01"})
"""Rules whose findings nobody can waive; nor those of the family SRC, whose files were not even read."""


def waivable(code: str) -> bool:
    """Whether a finding of that rule may be waived at all."""
    return code not in NEVER_WAIVED and not code.startswith("SRC-")


def defects(package: Package, waiver: Waiver, as_of: date) -> Iterator[tuple[str, str, str]]:
    """Why a waiver does not count: field, reason, and what to do. Nothing for one that does."""
    if not waivable(waiver.rule):
        yield "rule", f"findings of {waiver.rule} cannot be waived", "remove the waiver and correct what it waived"
    if not written(waiver.reason):
        yield "reason", "the waiver gives no reason", "say why the finding may stand"
    missing = missing_quality_approval(package, map(str, waiver.approvers))
    if missing:
        yield "approvers", missing, "name the role or person of QA of the sending and of the receiving unit"
    if waiver.expires is None:
        yield "expires", "the waiver has no expiry date", "give the date on which it ends"
    elif waiver.expires < as_of:
        yield "expires", f"the waiver ended on {waiver.expires}", "correct what it waives, or have both QAs extend it"
    if waiver.status in ("draft", "in_review"):
        yield "status", f"the waiver is still {waiver.status.replace('_', ' ')}", "have both QAs decide on it"


def unused(waiver: Waiver) -> Problem:
    """The problem of a waiver that counts and covers nothing."""
    where = f"{waiver.record}, field {waiver.field}" if waiver.field else waiver.record
    return Problem(
        waiver.at("rule"),
        f"the waiver covers nothing: {waiver.rule} finds nothing in {where}",
        "remove the waiver, or correct its rule, record and field",
    )


@rule("WVR-01", CONSISTENCY, basis="guard against false comfort", waivable=False)
def waiver_incomplete_expired_or_useless(package: Package, context: Context) -> Iterator[Outcome]:
    """A waiver lacks its reason, the approval of both QAs or its expiry, has ended, or covers nothing.

    Why: a waiver that nobody decided on, or that outlives its cause, hides a finding behind a green check. Findings
    of DOC-07, CHG-02, MBR-01, QAG-01, VAL-02, DEV-03 and of the files themselves (SRC) can never be waived.
    Resolve: complete or extend the waiver with both QAs, or remove it and correct what it waived.
    """
    for waiver in package.in_force(Waiver):
        for field, message, fix in defects(package, waiver, context.as_of):
            yield waiver.at(field), message, fix
