"""Who closes what does not fit, and by which gate: as agreed in a record, else as proposed from who owns what."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from ttpack.analysis.facility_fit.verdict import Gap
from ttpack.model.facility import EquipmentRequirement, SiteEquipment
from ttpack.model.knowledge import Assumption, OpenItem
from ttpack.model.package import Package
from ttpack.model.record import GATES, Record
from ttpack.model.risk import Risk

LEAST_DUE_GATE: Final = "G3"
"""The gate at which facility fit is due (EQP-03)."""
SETTLED: Final = frozenset({"answered", "closed", "confirmed", "refuted"})
"""What is settled agrees on nothing that is still to be done."""


class Gaps:
    """The open records of a package that agree on an owner and a due gate, by what they name."""

    def __init__(self, package: Package) -> None:
        self._package = package
        self._proposals: dict[tuple[str, str], Gap] = {}

    @property
    def any_agreed(self) -> bool:
        """Whether anything is agreed at all."""
        return bool(self._agreed)

    def agreed_for(self, about: Iterable[str], site: str) -> Gap | None:
        """What is agreed about something at a site: `about` are the records that do not fit, most exact first."""
        for record in about:
            for where, gap in self._agreed.get(record, ()):
                if where == site:
                    return gap
        return None

    def proposed(self, owner: str, gate: str) -> Gap:
        """Who would close a gap that nobody has agreed to close, and by when."""
        known = self._proposals.get((owner, gate))
        if known is None:
            due_gate = max(LEAST_DUE_GATE, next_gate(gate))
            known = self._proposals[owner, gate] = Gap(owner, due_gate, None)
        return known

    @cached_property
    def _agreed(self) -> Mapping[str, list[tuple[str, Gap]]]:
        found: dict[str, list[tuple[str, Gap]]] = {}
        for record, owner, due_gate, site, about in self._open():
            if not owner or not due_gate or record.status in SETTLED:
                continue
            gap = Gap(str(owner), due_gate, record.id)
            for one, where in self._covered(record, site, about):
                found.setdefault(one, []).append((where, gap))
        return found

    def _covered(self, record: Record, site: str | None, about: tuple[str, ...]) -> Iterator[tuple[str, str]]:
        """What a record agrees on, and where.

        Of a record that names an item of equipment and a parameter only that parameter on that item's site is meant.
        What names neither a site nor equipment is about the process in general, and so is the risk of a parameter.
        """
        items = [item for one in dict.fromkeys(about) if (item := self._package.get(one, SiteEquipment))]
        asked = [one for one in dict.fromkeys(about) if self._package.get(one, EquipmentRequirement)]
        if isinstance(record, Risk) and not items and not asked:
            return
        hardware = {*(item.id for item in items), *asked}
        exact = [one for one in dict.fromkeys(about) if one not in hardware]
        for where in dict.fromkeys([site] if site else [item.site for item in items]):
            for one in exact or sorted(hardware) if where else ():
                yield one, str(where)

    def _open(self) -> Iterator[tuple[Record, str | None, str | None, str | None, tuple[str, ...]]]:
        package = self._package
        for item in package.in_force(OpenItem):
            yield item, item.owner, item.due_gate, item.site, item.relates_to
        for risk in package.in_force(Risk):
            yield risk, risk.owner, risk.due_gate, risk.site, tuple(filter(None, (risk.item, *risk.items)))
        for one in package.in_force(Assumption):
            yield one, one.receiving_owner or one.owner, one.due_gate, one.site, one.affected


def next_gate(gate: str) -> str:
    """The gate after the last one passed; the last has none after it."""
    after = [one for one in GATES if one > gate]
    return after[0] if after else GATES[-1]


def agreed(gap: Gap | None, gate: str) -> bool:
    """Whether somebody has agreed to close a gap, by a gate that the site has not passed yet."""
    return gap is not None and gap.record is not None and bool(gap.owner) and gap.due_gate > gate
