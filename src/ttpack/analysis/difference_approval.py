"""Whether a difference between sites was approved: by the quality units of both parties, with a reason, until when."""

from collections.abc import Iterable
from datetime import date

from ttpack.analysis.parties import missing_quality_approval
from ttpack.analysis.placeholders import written
from ttpack.model.package import Package
from ttpack.model.quality import DifferenceApproval

NOBODY = "nobody has approved the difference"


def lacking(
    package: Package, approvers: Iterable[str], reason: str | None, expires: date | None, reason_name: str = "rationale"
) -> str:
    """What an approval still lacks to count, in words; empty when it is whole (it may have ended)."""
    missing = missing_quality_approval(package, map(str, approvers))
    if missing:
        return missing
    if not written(reason):
        return f"its approval gives no {reason_name}"
    return "" if expires else "its approval has no expiry"


def not_approved(package: Package, approval: DifferenceApproval | None, as_of: date) -> str:
    """Why a difference does not count as approved at a date; empty when it does."""
    if approval is None:
        return NOBODY
    missing = lacking(package, approval.approvers, approval.rationale, approval.expires)
    if missing or approval.expires is None or approval.expires >= as_of:
        return missing
    return f"its approval ended on {approval.expires}"
