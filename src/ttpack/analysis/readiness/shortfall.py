"""What a readiness item lacks of what it claims, and what its scores mean (alignment.md, "Readiness")."""

from dataclasses import dataclass
from typing import Final

PLAN: Final = 2
RECEIVED: Final = 3
CLOSED: Final = 4
SCORES: Final = ("not assessed", "gap, no plan", "plan with owner and date", "evidence received", "closed and verified")
"""What each score means, from 0."""
LEAST_DUE: Final = "G2"
"""From this gate on every item is scored by both parties (RDY-01)."""


@dataclass(frozen=True, slots=True)
class Shortfall:
    """What is wrong with an item, at a field of its record; `from_gate` is the gate from which it is due."""

    field: str
    message: str
    from_gate: str = LEAST_DUE
