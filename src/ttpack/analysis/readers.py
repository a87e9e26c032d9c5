"""Who may read several records at once (format.md, "Audience")."""

from collections.abc import Iterable, Sequence

PARTNER, PUBLIC, INTERNAL = "partner", "public", "internal"


def readers_of_all(audiences: Iterable[Sequence[str] | None]) -> tuple[str, ...]:
    """The audience that may read every one of the records; internal where there is no such, or one is unlabelled."""
    left: frozenset[str] = frozenset({PUBLIC})
    for audience in audiences:
        left = _both(left, frozenset(audience or ()) - {INTERNAL})
    return tuple(sorted(left)) or (INTERNAL,)


def may_read(audience: Sequence[str] | None, other: Sequence[str] | None) -> bool:
    """Whether all readers of a record with the first audience may read one with the second."""
    given = frozenset(audience or ()) - {INTERNAL}
    return _both(given, frozenset(other or ()) - {INTERNAL}) == given


def _both(one: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    if PUBLIC in one:
        return other
    if PUBLIC in other:
        return one
    parties = {
        label for first, second in ((one, other), (other, one)) if PARTNER in second
        for label in first if label.startswith("party:")
    }  # fmt: skip
    return (one & other) | parties
