"""What the statuses of records say: which are approved, which no longer count."""

from typing import Final

APPROVED: Final = frozenset({"approved", "effective"})
OUT_OF_FORCE: Final = frozenset({"superseded", "withdrawn"})
STANDING: Final = frozenset({None, *APPROVED})
"""Of a record that states an approval by an authority: without a status of its own, what it cites says so."""
