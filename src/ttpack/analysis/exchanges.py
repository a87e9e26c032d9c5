"""When a recurring exchange of the parties was to be held again, and whether it was missed (COM-01)."""

from datetime import date, timedelta
from typing import Final

from ttpack.model.governance import Communication

MISSED_AFTER: Final = 2
"""An exchange is missed when it was held longer ago than this many times its cadence."""


def due_again(exchange: Communication) -> date | None:
    """The day it was to be held again; None where no day it was held on or no cadence in days is given."""
    if exchange.last_held is None or not exchange.cadence_days or exchange.cadence_days <= 0:
        return None
    try:
        return exchange.last_held + timedelta(days=exchange.cadence_days)
    except OverflowError:
        return None


def missed(exchange: Communication, as_of: date) -> bool:
    """Whether it was held longer ago than twice its cadence."""
    if exchange.last_held is None or not exchange.cadence_days or exchange.cadence_days <= 0:
        return False
    return (as_of - exchange.last_held).days > MISSED_AFTER * exchange.cadence_days
