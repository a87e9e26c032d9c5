"""Parameters whose limits are under a change that nobody has decided on yet: what both QAs agreed is not on those."""

from collections.abc import Iterator, Mapping
from typing import Final

from ttpack.model.ids import overlay_parts
from ttpack.model.package import Package
from ttpack.model.regulatory import ChangeRecord

_DECIDED: Final = frozenset({"approved", "implemented", "closed", "rejected"})
_LIMITS: Final = ("ranges", "override", "setpoint", "target", "unit", "classification", "scale")
"""Fields that decide where a value lies and which rows are about it."""


def pending_limits(package: Package) -> Mapping[str, str]:
    """By parameter the undecided change records that change its limits, in words."""
    found: dict[str, list[str]] = {}
    for record in package.in_force(ChangeRecord):
        if record.state not in _DECIDED:
            for parameter in dict.fromkeys(_changed(record)):
                found.setdefault(parameter, []).append(record.id)
    return {name: f"its limits are changed by {', '.join(ids)}, not yet decided" for name, ids in found.items()}


def _changed(record: ChangeRecord) -> Iterator[str]:
    if record.proposal is None:
        yield from (overlay_parts(str(one))[0] for one in record.entities)
        return
    for change in record.proposal.changes:
        if not change.field or change.field.startswith(_LIMITS):
            yield overlay_parts(change.record)[0]
